//! What the commands have in common that work on a trail: which, by which keys, and files that they read.

use std::path::{Path, PathBuf};

use vigil_core::trail::Identities;

use crate::failure::Failure;

/// Which trail.
#[derive(Debug, clap::Args)]
pub(crate) struct Where {
    /// The directory of the trail, as trail.dir says
    #[arg(value_name = "TRAIL", default_value = "logs/audit")]
    pub(crate) dir: PathBuf,
}

/// Which trail, where other arguments come first.
#[derive(Debug, clap::Args)]
pub(crate) struct Of {
    /// The directory of the trail, as trail.dir says
    #[arg(long = "trail", value_name = "DIR", default_value = "logs/audit")]
    pub(crate) dir: PathBuf,
}

/// By what encrypted segments are read.
#[derive(Debug, clap::Args)]
pub(crate) struct Identity {
    /// Reads encrypted segments by the identity in this file, as age-keygen writes it. May be given several times
    #[arg(long = "identity", value_name = "FILE")]
    identity: Vec<PathBuf>,
}

impl Identity {
    pub(crate) fn read(&self) -> Result<Identities, Failure> {
        let mut identities = Identities::none();
        for path in &self.identity {
            identities = identities
                .and(path)
                .map_err(|error| failed(error).of("--identity"))?;
        }
        Ok(identities)
    }
}

/// The keys that are trusted.
#[derive(Debug, clap::Args)]
pub(crate) struct Keys {
    /// Trusts this verifier key, or those in this file, a line each, and no others. Get it from somewhere else than the
    /// trail, as from the output of the program at its start. May be given several times
    #[arg(long = "key", value_name = "KEY|FILE")]
    keys: Vec<String>,
}

impl Keys {
    pub(crate) fn read(&self) -> Result<Vec<String>, Failure> {
        let mut read = Vec::new();
        for key in &self.keys {
            // The name of a key has no +, and its base 64 follows two of them.
            if key.matches('+').count() >= 2 && !Path::new(key).exists() {
                read.push(key.clone());
                continue;
            }
            let text = text_of(Path::new(key))?;
            let lines = text.lines().filter(|line| !line.trim().is_empty());
            let before = read.len();
            read.extend(lines.map(str::to_owned));
            if read.len() == before {
                return Err(Failure::input(format!("{key} holds no verifier key")));
            }
        }
        Ok(read)
    }
}

/// The text of a file that the user names.
pub(crate) fn text_of(path: &Path) -> Result<String, Failure> {
    let bytes = bytes_of(path)?;
    String::from_utf8(bytes).map_err(|_| Failure::input(format!("{} is not text", path.display())))
}

/// The bytes of a file that the user names, or of the standard input for `-`.
pub(crate) fn bytes_of(path: &Path) -> Result<Vec<u8>, Failure> {
    if path == Path::new("-") {
        use std::io::Read as _;
        let mut bytes = Vec::new();
        std::io::stdin()
            .read_to_end(&mut bytes)
            .map_err(|error| Failure::reading("the standard input", &error))?;
        return Ok(bytes);
    }
    std::fs::read(path)
        .map_err(|error| Failure::input(format!("cannot open {}: {error}", path.display())))
}

/// What the library says cannot be done: 1 where the system refused it, 2 where what was asked for is at fault.
///
/// Not for the commands that judge, whose 1 is a judgement: see [`undecided`].
pub(crate) fn failed(error: vigil_core::Error) -> Failure {
    if error.is_io() {
        return Failure::Surroundings(error.to_string());
    }
    Failure::input(error.to_string())
}

/// What the library could not find out, for a command that judges.
pub(crate) fn undecided(error: vigil_core::Error) -> Failure {
    Failure::input(error.to_string())
}
