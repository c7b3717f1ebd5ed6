//! By what is digested and signed.

use der::asn1::ObjectIdentifier;
use ring::digest;
use rustls_pki_types::SignatureVerificationAlgorithm;
use webpki::ring as by;

use super::{Flaw, sha512};

pub(super) type Algorithm = &'static dyn SignatureVerificationAlgorithm;

const SHA_1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.14.3.2.26");
const SHA_256: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1");
const SHA_384: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.2");
const SHA_512: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.3");

const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
const RSA_SHA_256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.11");
const RSA_SHA_384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.12");
const RSA_SHA_512: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.13");
const ECDSA_SHA_256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.2");
const ECDSA_SHA_384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.3");
const ECDSA_SHA_512: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.4");

/// The digest that is signed.
pub(super) fn digest(by: ObjectIdentifier, bytes: &[u8]) -> Result<digest::Digest, Flaw> {
    let algorithm = match by {
        SHA_256 => &digest::SHA256,
        SHA_384 => &digest::SHA384,
        SHA_512 => &digest::SHA512,
        SHA_1 => {
            return Err(Flaw::untrusted(
                "it is signed by SHA-1, which is not believed",
            ));
        }
        _ => return Err(unknown(by)),
    };
    Ok(digest::digest(algorithm, bytes))
}

/// The digest by which a certificate is named. Whoever could make two of one SHA-1 would have to be its issuer.
pub(super) fn digest_of_certificate(by: ObjectIdentifier, bytes: &[u8]) -> Option<digest::Digest> {
    if by == SHA_1 {
        return Some(digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, bytes));
    }
    digest(by, bytes).ok()
}

/// By which a signature may be one: with ECDSA the key says which curve.
pub(super) fn signed_by(
    algorithm: ObjectIdentifier,
    digest: ObjectIdentifier,
) -> Result<&'static [Algorithm], Flaw> {
    // Where it names RSA alone, the digest of the content says the rest (RFC 3370, section 3.2).
    let algorithm = match (algorithm, digest) {
        (RSA, SHA_256) => RSA_SHA_256,
        (RSA, SHA_384) => RSA_SHA_384,
        (RSA, SHA_512) => RSA_SHA_512,
        (other, _) => other,
    };
    Ok(match algorithm {
        RSA_SHA_256 => &RSA_256,
        RSA_SHA_384 => &RSA_384,
        RSA_SHA_512 => &RSA_512,
        ECDSA_SHA_256 => &ECDSA_256,
        ECDSA_SHA_384 => &ECDSA_384,
        ECDSA_SHA_512 => &ECDSA_512,
        _ => return Err(unknown(algorithm)),
    })
}

static RSA_256: [Algorithm; 1] = [by::RSA_PKCS1_2048_8192_SHA256];
static RSA_384: [Algorithm; 1] = [by::RSA_PKCS1_2048_8192_SHA384];
static RSA_512: [Algorithm; 1] = [by::RSA_PKCS1_2048_8192_SHA512];
static ECDSA_256: [Algorithm; 2] = [by::ECDSA_P256_SHA256, by::ECDSA_P384_SHA256];
static ECDSA_384: [Algorithm; 2] = [by::ECDSA_P256_SHA384, by::ECDSA_P384_SHA384];
static ECDSA_512: [Algorithm; 2] = [sha512::P256, sha512::P384];

/// By which one certificate may be signed for by another.
pub(super) static OF_CERTIFICATES: &[Algorithm] = &[
    by::RSA_PKCS1_2048_8192_SHA256,
    by::RSA_PKCS1_2048_8192_SHA384,
    by::RSA_PKCS1_2048_8192_SHA512,
    by::RSA_PKCS1_2048_8192_SHA256_ABSENT_PARAMS,
    by::RSA_PKCS1_2048_8192_SHA384_ABSENT_PARAMS,
    by::RSA_PKCS1_2048_8192_SHA512_ABSENT_PARAMS,
    by::ECDSA_P256_SHA256,
    by::ECDSA_P256_SHA384,
    by::ECDSA_P384_SHA256,
    by::ECDSA_P384_SHA384,
    sha512::P256,
    sha512::P384,
];

fn unknown(algorithm: ObjectIdentifier) -> Flaw {
    Flaw::untrusted(format!(
        "it is signed by the algorithm {algorithm}, which this program does not know; `openssl ts -verify` may"
    ))
}
