//! Certificates, made by `openssl`.

use std::fs;
use std::path::{Path, PathBuf};

use super::openssl;

/// What the certificate of a time-stamping authority has.
const FOR_STAMPS: &str = "basicConstraints = CA:FALSE\nkeyUsage = critical, digitalSignature\n\
                              extendedKeyUsage = critical, timeStamping\n";
const FOR_CERTIFICATES: &str = "basicConstraints = critical, CA:TRUE\nkeyUsage = critical, keyCertSign\n\
     subjectKeyIdentifier = hash\n";

/// A directory of certificates `NAME.pem`, with their keys and with those above them (`NAME.chain`).
#[derive(Debug, Clone)]
pub struct Certificates {
    dir: PathBuf,
}

impl Certificates {
    /// In this directory, which is created.
    #[must_use]
    pub fn new(dir: &Path) -> Self {
        fs::create_dir_all(dir).expect("a directory");
        let dir = dir.to_owned();
        let config = "[req]\ndistinguished_name = name\nprompt = no\nx509_extensions = root\n[name]\nCN = nobody\n[root]\n";
        fs::write(dir.join("req.cnf"), format!("{config}{FOR_CERTIFICATES}")).expect("a file");
        fs::write(dir.join("serial"), "01").expect("a file");
        Self { dir }
    }

    /// Where they are.
    #[must_use]
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// The file of one.
    #[must_use]
    pub fn pem(&self, name: &str) -> PathBuf {
        self.dir.join(format!("{name}.pem"))
    }

    /// One that has signed itself, and signs others.
    pub fn root(&self, name: &str) {
        let arguments = [
            "req", "-x509", "-days", "3650", "-config", "req.cnf", "-nodes",
        ];
        let of_this = self.of_this(name, "P-256");
        let out = format!("{name}.pem");
        let mut all: Vec<&str> = arguments.to_vec();
        all.extend(of_this.iter().map(String::as_str));
        all.extend(["-out", &out]);
        openssl(&self.dir, &all);
        fs::write(self.dir.join(format!("{name}.chain")), "").expect("a file");
    }

    /// One between a root and those of authorities.
    pub fn between(&self, name: &str, issuer: &str) {
        self.issue(name, issuer, "P-384", FOR_CERTIFICATES, &["-days", "3650"]);
    }

    /// One for time stamps. The key is a curve, `P-256`, or `rsa:` and a number of bits.
    pub fn stamper(&self, name: &str, issuer: &str, key: &str) {
        self.issue(name, issuer, key, FOR_STAMPS, &["-days", "3650"]);
    }

    /// One with these extensions, and for so long as these arguments say.
    pub fn issue(&self, name: &str, issuer: &str, key: &str, extensions: &str, validity: &[&str]) {
        let (request, out, file) = (
            format!("{name}.csr"),
            format!("{name}.pem"),
            format!("{name}.ext"),
        );
        fs::write(self.dir.join(&file), extensions).expect("a file");
        let of_this = self.of_this(name, key);
        let mut all = vec!["req", "-new", "-config", "req.cnf", "-nodes"];
        all.extend(of_this.iter().map(String::as_str));
        all.extend(["-out", &request]);
        openssl(&self.dir, &all);
        let (by, by_key) = (format!("{issuer}.pem"), format!("{issuer}.key"));
        let mut all = vec![
            "x509", "-req", "-in", &request, "-CA", &by, "-CAkey", &by_key,
        ];
        all.extend([
            "-CAcreateserial",
            "-sha256",
            "-extfile",
            &file,
            "-out",
            &out,
        ]);
        all.extend(validity);
        openssl(&self.dir, &all);
        // As the authority sends it: all but the root.
        let read = |name: String| fs::read_to_string(self.dir.join(name)).expect("a file");
        let own = match self.is_root(issuer) {
            true => String::new(),
            false => read(by) + &read(format!("{issuer}.chain")),
        };
        fs::write(self.dir.join(format!("{name}.chain")), own).expect("a file");
    }

    /// The validity that `openssl x509` cannot give: from one time to another, as `20200101000000Z`.
    pub fn for_the_time(&self, name: &str, issuer: &str, from: &str, to: &str) {
        self.stamper(name, issuer, "P-256");
        let config = "[ca]\ndefault_ca = own\n[own]\ndatabase = ./index\nnew_certs_dir = .\nserial = ./ca-serial\n\
                      default_md = sha256\npolicy = any\n[any]\ncommonName = supplied\n";
        let write = |name: &str, text: &str| fs::write(self.dir.join(name), text).expect("a file");
        write("ca.cnf", config);
        write("index", "");
        write("ca-serial", "0a");
        let names = [".pem", ".key", ".csr", ".ext"];
        let [by, by_key] = [".pem", ".key"].map(|ending| format!("{issuer}{ending}"));
        let [out, _, request, extensions] = names.map(|ending| format!("{name}{ending}"));
        let mut all = vec![
            "ca", "-config", "ca.cnf", "-batch", "-notext", "-in", &request,
        ];
        all.extend(["-cert", &by, "-keyfile", &by_key, "-extfile", &extensions]);
        all.extend(["-startdate", from, "-enddate", to, "-out", &out]);
        openssl(&self.dir, &all);
    }

    fn is_root(&self, name: &str) -> bool {
        !self.dir.join(format!("{name}.csr")).exists()
    }

    fn of_this(&self, name: &str, key: &str) -> Vec<String> {
        let mut arguments = vec![
            "-subj".to_owned(),
            format!("/CN={name}"),
            "-keyout".to_owned(),
        ];
        arguments.push(format!("{name}.key"));
        arguments.push("-newkey".to_owned());
        if key.starts_with("rsa:") {
            arguments.push(key.to_owned());
        } else {
            arguments.push("ec".to_owned());
            arguments.push("-pkeyopt".to_owned());
            arguments.push(format!("ec_paramgen_curve:{key}"));
        }
        arguments
    }
}
