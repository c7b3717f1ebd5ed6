//! ECDSA with SHA-512, which `ring` does not have, and authorities use.

use p256::ecdsa::signature::hazmat::PrehashVerifier;
use ring::digest;
use rustls_pki_types::{
    AlgorithmIdentifier, InvalidSignature, SignatureVerificationAlgorithm, alg_id,
};

use super::algorithms::Algorithm;

pub(super) static P256: Algorithm = &WithSha512 {
    key: alg_id::ECDSA_P256,
    verify: |key, hash, signature| {
        let signature = p256::ecdsa::Signature::from_der(signature).ok()?;
        let key = p256::ecdsa::VerifyingKey::from_sec1_bytes(key).ok()?;
        key.verify_prehash(hash, &signature).ok()
    },
};

pub(super) static P384: Algorithm = &WithSha512 {
    key: alg_id::ECDSA_P384,
    verify: |key, hash, signature| {
        let signature = p384::ecdsa::Signature::from_der(signature).ok()?;
        let key = p384::ecdsa::VerifyingKey::from_sec1_bytes(key).ok()?;
        key.verify_prehash(hash, &signature).ok()
    },
};

#[derive(Debug)]
struct WithSha512 {
    key: AlgorithmIdentifier,
    verify: Verify,
}

/// Of key, hash and signature; `None` if it is none.
type Verify = fn(&[u8], &[u8], &[u8]) -> Option<()>;

impl SignatureVerificationAlgorithm for WithSha512 {
    fn verify_signature(
        &self,
        public_key: &[u8],
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), InvalidSignature> {
        let hash = digest::digest(&digest::SHA512, message);
        (self.verify)(public_key, hash.as_ref(), signature).ok_or(InvalidSignature)
    }

    fn public_key_alg_id(&self) -> AlgorithmIdentifier {
        self.key
    }

    fn signature_alg_id(&self) -> AlgorithmIdentifier {
        alg_id::ECDSA_SHA512
    }
}
