//! An answer as `openssl ts` made it, and the promise that nobody makes another of it by changing bytes; for the tests and for
//! fuzzing.

use super::request::Request;
use super::{Flaw, TimestampCa, granted};

/// Over [`STAMPED`], for the nonce of [`request`].
pub(in crate::trail) const REPLY: &[u8] = include_bytes!("tests/reply.tsr");
pub(super) const CA: &str = include_str!("tests/ca.pem");
pub(super) const STAMPED: &[u8] = b"what is stamped\n";
pub(super) const TIME: &str = "2026-12-01T05:29:54.208Z";
pub(super) const NAME: &str = "Authority of the tests";

pub(super) fn request() -> Request {
    Request::with(STAMPED, 0x0102_0304_0506_0708)
}

/// The name and the time of an answer that is accepted.
pub(super) fn accepted(reply: &[u8]) -> Result<(String, String), Flaw> {
    let token = granted(reply)?;
    token.fits(STAMPED)?;
    token.answers(&request())?;
    let ca = TimestampCa::from_pem(CA).expect("a certificate");
    Ok((ca.check(&token)?, token.time.to_string()))
}

/// Reads an answer; one that is accepted says what [`REPLY`] says.
#[track_caller]
pub(in crate::trail) fn read(reply: &[u8]) {
    if let Ok(told) = accepted(reply) {
        assert_eq!(told, (NAME.to_owned(), TIME.to_owned()));
    }
}
