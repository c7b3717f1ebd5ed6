//! What an authority is asked.

use sha2::{Digest as _, Sha256};

/// A `TimeStampReq` (RFC 3161, section 2.4.1): version 1, SHA-256, a nonce, and the wish for the certificates.
#[derive(Debug, Clone)]
pub(super) struct Request {
    imprint: [u8; 32],
    nonce: [u8; 8],
}

/// All lengths are always the same, so nothing has to be counted.
const UP_TO_IMPRINT: [u8; 22] = [
    0x30, 0x43, // TimeStampReq ::= SEQUENCE, 67 bytes
    0x02, 0x01, 0x01, // version INTEGER 1
    0x30, 0x31, // messageImprint ::= SEQUENCE, 49 bytes
    0x30, 0x0d, // hashAlgorithm ::= SEQUENCE, 13 bytes
    0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, // id-sha256
    0x05, 0x00, // parameters NULL
];
const IMPRINT: [u8; 2] = [0x04, 0x20]; // hashedMessage OCTET STRING, 32 bytes
const NONCE: [u8; 2] = [0x02, 0x08]; // nonce INTEGER, 8 bytes
const CERT_REQ: [u8; 3] = [0x01, 0x01, 0xff]; // certReq TRUE

impl Request {
    pub(super) fn new(data: &[u8]) -> Result<Self, getrandom::Error> {
        Ok(Self::with(data, getrandom::u64()?))
    }

    pub(super) fn with(data: &[u8], random: u64) -> Self {
        let mut nonce = random.to_be_bytes();
        // A positive number of exactly eight bytes: DER has no leading zeros.
        nonce[0] = nonce[0] & 0x7f | 0x40;
        Self {
            imprint: Sha256::digest(data).into(),
            nonce,
        }
    }

    pub(super) fn nonce(&self) -> &[u8] {
        &self.nonce
    }

    pub(super) fn der(&self) -> Vec<u8> {
        [
            &UP_TO_IMPRINT[..],
            &IMPRINT,
            &self.imprint,
            &NONCE,
            &self.nonce,
            &CERT_REQ,
        ]
        .concat()
    }
}
