//! A time-stamping authority (RFC 3161) on loopback: `openssl ts -reply` behind HTTP, with certificates made for the test.

mod certificates;
mod http;
mod server;

use std::path::{Path, PathBuf};
use std::process::Command;

pub use certificates::Certificates;
pub use http::{body_of, send, send_endlessly};
pub use server::{Answering, Authority};

/// Whether there is an `openssl`. If not, says loudly that a test is skipped.
#[must_use]
pub fn openssl_is_there() -> bool {
    let is_there = Command::new("openssl").arg("version").output().is_ok();
    if !is_there {
        crate::skip("A TEST WITH OPENSSL", "there is none on the PATH");
    }
    is_there
}

/// Runs `openssl` in a directory, and gives back what it prints.
///
/// # Panics
///
/// If it fails.
pub fn openssl(dir: &Path, arguments: &[&str]) -> Vec<u8> {
    let output = Command::new("openssl")
        .args(arguments)
        .current_dir(dir)
        .output()
        .expect("openssl starts");
    assert!(
        output.status.success(),
        "openssl {arguments:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    output.stdout
}

/// How `openssl ts` makes stamps.
#[derive(Debug, Clone)]
pub struct Stamper {
    dir: PathBuf,
    /// Lines of the section beyond the usual ones.
    more: String,
    signer: String,
    digest: String,
}

impl Stamper {
    /// With the certificate of this name, and the digest.
    #[must_use]
    pub fn new(certificates: &Certificates, signer: &str, digest: &str) -> Self {
        Self {
            dir: certificates.dir().to_owned(),
            more: String::new(),
            signer: signer.to_owned(),
            digest: digest.to_owned(),
        }
    }

    /// Adds a line, which wins over an earlier one.
    #[must_use]
    pub fn with(mut self, line: &str) -> Self {
        self.more.push_str(line);
        self.more.push('\n');
        self
    }

    /// Answers a query.
    #[must_use]
    pub fn reply(&self, query: &[u8]) -> Vec<u8> {
        let Self {
            dir,
            more,
            signer,
            digest,
        } = self;
        let chain = std::fs::read(dir.join(format!("{signer}.chain"))).expect("a file");
        let certs = match &chain[..] {
            [] => String::new(),
            _ => format!("certs = ./{signer}.chain\n"),
        };
        let config = format!(
            "[tsa]\nserial = ./serial\ncrypto_device = builtin\nsigner_cert = ./{signer}.pem\nsigner_key = ./{signer}.key\n\
             {certs}signer_digest = {digest}\ndefault_policy = 1.2.3.4\ndigests = sha256\n\
             tsa_name = yes\ness_cert_id_alg = sha256\nclock_precision_digits = 3\n{more}"
        );
        let write = |name: &str, bytes: &[u8]| {
            std::fs::write(dir.join(name), bytes).expect("a file");
        };
        write("ts.cnf", config.as_bytes());
        write("query", query);
        openssl(
            dir,
            &[
                "ts",
                "-reply",
                "-config",
                "ts.cnf",
                "-section",
                "tsa",
                "-queryfile",
                "query",
                "-out",
                "reply",
            ],
        );
        std::fs::read(dir.join("reply")).expect("a reply")
    }
}
