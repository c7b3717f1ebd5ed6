//! Whose stamps are believed.

use std::fmt;
use std::path::Path;
use std::time::Duration;

use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{CertificateDer, TrustAnchor, UnixTime};
use webpki::{EndEntityCert, KeyUsage};

use super::Flaw;
use super::algorithms::{self, signed_by};
use super::certificate::{TIME_STAMPING_BYTES, check_purpose};
use super::token::Token;
use crate::Error;

/// The certificates by which time stamps are believed: of the authority that issues those of a time-stamping authority.
///
/// Each of them is trusted, a root or not. A stamp counts if its certificate leads to one of them over those that the stamp
/// brings with it, was valid at the time of the stamp, and is one for time stamps alone (RFC 3161, section 2.3). Known are
/// RSA (PKCS #1 v1.5, from 2048 bits on) and ECDSA over P-256 and P-384, with SHA-256, SHA-384 and SHA-512. Whether a
/// certificate was revoked is asked of nobody.
///
/// # Examples
///
/// ```no_run
/// use vigil::trail::{TimestampCa, VerifyOptions, verify};
///
/// let ca = TimestampCa::read("tsa-ca.pem")?;
/// let report = verify("logs/audit", &VerifyOptions::new().timestamp_ca(&ca))?;
/// println!("stamped at {:?}", report.anchored_at);
/// # Ok::<(), vigil::Error>(())
/// ```
#[derive(Clone, Default)]
pub struct TimestampCa {
    certificates: Vec<TrustAnchor<'static>>,
}

impl TimestampCa {
    /// Those in a file, in PEM.
    ///
    /// # Errors
    ///
    /// If it cannot be read, or holds no certificate or one that is none.
    pub fn read(path: impl AsRef<Path>) -> Result<Self, Error> {
        let path = path.as_ref();
        let bytes = std::fs::read(path).map_err(|error| {
            Error::config(format!(
                "cannot read the certificates in {}: {error}",
                path.display()
            ))
        })?;
        Self::parse(&bytes).map_err(|what| Error::config(format!("{}: {what}", path.display())))
    }

    /// Those in a text, in PEM.
    ///
    /// # Errors
    ///
    /// If it holds no certificate, or one that is none.
    ///
    /// # Examples
    ///
    /// ```
    /// use vigil::trail::TimestampCa;
    ///
    /// let error = TimestampCa::from_pem("no certificate").unwrap_err();
    /// assert!(error.to_string().contains("BEGIN CERTIFICATE"));
    /// ```
    pub fn from_pem(text: &str) -> Result<Self, Error> {
        Self::parse(text.as_bytes()).map_err(Error::config)
    }

    fn parse(pem: &[u8]) -> Result<Self, String> {
        let mut certificates = Vec::new();
        for (number, der) in CertificateDer::pem_slice_iter(pem).enumerate() {
            let broken = |error: &dyn fmt::Display| format!("certificate {}: {error}", number + 1);
            let der = der.map_err(|error| broken(&error))?;
            let trusted = webpki::anchor_from_trusted_cert(&der).map_err(|error| broken(&error))?;
            certificates.push(trusted.to_owned());
        }
        if certificates.is_empty() {
            return Err(
                "expected certificates in PEM, which begin with -----BEGIN CERTIFICATE-----"
                    .to_owned(),
            );
        }
        Ok(Self { certificates })
    }

    /// Trusts those as well.
    pub(crate) fn and(&mut self, others: &Self) {
        self.certificates.extend_from_slice(&others.certificates);
    }

    /// The name of the authority that has signed this, if it is to be believed.
    pub(crate) fn check(&self, token: &Token<'_>) -> Result<String, Flaw> {
        let signer = &token.signer;
        let der = signer.find(&token.certificates).ok_or_else(|| {
            Flaw::untrusted("the certificate that has signed it is not among those in it")
        })?;
        let whole = CertificateDer::from(der);
        let certificate = EndEntityCert::try_from(&whole)
            .map_err(|error| Flaw::untrusted(format!("its certificate cannot be read: {error}")))?;
        if let Some((issuer, serial)) = signer.issuer
            && (issuer, serial) != (certificate.issuer(), certificate.serial())
        {
            return Err(Flaw::signature(
                "it names another certificate than the one whose hash it has",
            ));
        }
        // First whether it is what was signed at all: a time that was changed is not to pass for one out of its validity.
        check_signature(&certificate, token)?;
        check_purpose(der)?;
        self.check_path(&certificate, token)?;
        Ok(token.claims())
    }

    /// That the certificate leads to one that is trusted, as of the time of the stamp.
    fn check_path(&self, certificate: &EndEntityCert<'_>, token: &Token<'_>) -> Result<(), Flaw> {
        let seconds = u64::try_from(token.time.as_second())
            .map_err(|_| Flaw::form("its time is before 1970"))?;
        let others: Vec<CertificateDer<'_>> = token
            .certificates
            .iter()
            .map(|der| CertificateDer::from(*der))
            .collect();
        // Of those in between it is not asked that they are for time stamps, only that they are not for something else.
        let usage = KeyUsage::required_if_present(TIME_STAMPING_BYTES);
        certificate
            .verify_for_usage(
                algorithms::OF_CERTIFICATES,
                &self.certificates,
                &others,
                UnixTime::since_unix_epoch(Duration::from_secs(seconds)),
                usage,
                None,
                None,
            )
            .map(drop)
            .map_err(|error| Flaw::untrusted(words(&error)))
    }
}

/// That the key of the certificate has signed the content.
fn check_signature(certificate: &EndEntityCert<'_>, token: &Token<'_>) -> Result<(), Flaw> {
    let signer = &token.signer;
    let digest = algorithms::digest(signer.digest, token.content)?;
    if digest.as_ref() != signer.message_digest {
        return Err(Flaw::signature("its content is not what was signed"));
    }
    for algorithm in signed_by(signer.algorithm, signer.digest)? {
        match certificate.verify_signature(*algorithm, &signer.signed, signer.signature) {
            Ok(()) => return Ok(()),
            // Of another curve.
            Err(webpki::Error::UnsupportedSignatureAlgorithmForPublicKeyContext(_)) => {}
            Err(_) => return Err(Flaw::signature("its signature is not one of what it says")),
        }
    }
    Err(Flaw::untrusted(
        "it is signed by a key of another kind than it says, or of one that this program does not know",
    ))
}

fn words(error: &webpki::Error) -> String {
    match error {
        webpki::Error::UnknownIssuer => {
            "its certificate does not lead to one that is trusted".to_owned()
        }
        webpki::Error::CertExpired { .. } => {
            "its certificate, or one above it, had expired at the time of the stamp".to_owned()
        }
        webpki::Error::CertNotValidYet { .. } => {
            "its certificate, or one above it, was not valid yet at the time of the stamp"
                .to_owned()
        }
        webpki::Error::CaUsedAsEndEntity => {
            "its certificate is not one for time stamps: it issues others".to_owned()
        }
        error => format!("its certificate is not to be believed: {error}"),
    }
}

impl fmt::Debug for TimestampCa {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TimestampCa")
            .field("certificates", &self.certificates.len())
            .finish()
    }
}
