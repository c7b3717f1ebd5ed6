//! The compiler, on one file against dependencies that have been built before.

use std::collections::BTreeMap;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use serde_json::Value;

/// The dependencies that the code may name.
const WANTED: [&str; 7] = [
    "async_stream",
    "async_trait",
    "emit",
    "fastrace",
    "futures_core",
    "tracing",
    "vigil",
];

/// What the compiler said.
pub struct Compiled {
    pub succeeded: bool,
    pub warnings: usize,
}

/// A compiler that knows where the dependencies are.
pub struct Compiler {
    program: std::ffi::OsString,
    /// Name, file.
    externs: BTreeMap<String, PathBuf>,
    /// Name, version.
    versions: BTreeMap<String, String>,
    dir: PathBuf,
}

impl Compiler {
    /// Builds the dependencies of the package in `package` and finds them.
    pub fn new(package: &Path) -> Result<Self, Box<dyn Error>> {
        let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let output = Command::new(cargo)
            .args([
                "build",
                "--message-format=json",
                "--quiet",
                "--manifest-path",
            ])
            .arg(package.join("Cargo.toml"))
            .output()?;
        if !output.status.success() {
            return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
        }
        let mut externs = BTreeMap::new();
        let mut versions = BTreeMap::new();
        for line in String::from_utf8(output.stdout)?.lines() {
            let message: Value = serde_json::from_str(line)?;
            let Some(name) = message["target"]["name"].as_str() else {
                continue;
            };
            let library = message["filenames"]
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(Value::as_str)
                .find(|file| file.ends_with(".rlib") || file.ends_with(".so"));
            if let Some(library) = library {
                externs.insert(name.replace('-', "_"), PathBuf::from(library));
            }
            // `...#tracing@0.1.44`, or `path+file:///.../vigil#0.1.0`
            let id = message["package_id"].as_str().unwrap_or_default();
            if let Some((_, version)) = id.rsplit_once(['#', '@']) {
                versions.insert(name.to_owned(), version.to_owned());
            }
        }
        let dir = env::temp_dir().join(format!("vigil-compare-{}", std::process::id()));
        fs::create_dir_all(&dir)?;
        Ok(Self {
            program: env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()),
            externs,
            versions,
            dir,
        })
    }

    pub fn version(&self, name: &str) -> Option<&str> {
        self.versions.get(name).map(String::as_str)
    }

    /// Compiles `code` as a library, as far as the types go.
    pub fn compile(&self, code: &str, edition: &str) -> Result<Compiled, Box<dyn Error>> {
        let mut command = self.command(code, edition)?;
        let output = command
            .args(["--crate-type=lib", "--emit=metadata", "--error-format=json"])
            .output()?;
        let warnings = String::from_utf8_lossy(&output.stderr)
            .lines()
            .filter_map(|line| serde_json::from_str::<Value>(line).ok())
            .filter(|message| message["level"] == "warning" && !message["code"].is_null())
            .count();
        Ok(Compiled {
            succeeded: output.status.success(),
            warnings,
        })
    }

    /// Compiles `code` as a program, runs it, and gives back what it prints.
    pub fn run(&self, code: &str) -> Result<String, Box<dyn Error>> {
        let output = self.command(code, "2024")?.output()?;
        if !output.status.success() {
            return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
        }
        let output = Command::new(self.dir.join("compared")).output()?;
        Ok(String::from_utf8(output.stdout)?)
    }

    fn command(&self, code: &str, edition: &str) -> Result<Command, Box<dyn Error>> {
        let file = self.dir.join("compared.rs");
        fs::write(&file, code)?;
        let mut command = Command::new(&self.program);
        command
            .arg(&file)
            .arg(format!("--edition={edition}"))
            .arg("--out-dir")
            .arg(&self.dir);
        for name in WANTED {
            let library = self
                .externs
                .get(name)
                .ok_or_else(|| format!("{name} was not built"))?;
            command
                .arg("--extern")
                .arg(format!("{name}={}", library.display()));
            if let Some(beside) = library.parent() {
                command
                    .arg("-L")
                    .arg(format!("dependency={}", beside.display()));
            }
        }
        Ok(command)
    }
}

impl Drop for Compiler {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.dir);
    }
}
