//! Answers of an authority, as `openssl ts` made one, and what can be done to them.

use proptest::prelude::*;

use super::fields::Fields;
use super::made_up::{CA, NAME, REPLY, STAMPED, TIME, accepted, read, request};
use super::request::Request;
use super::*;

#[test]
fn a_request_is_the_der_that_rfc_3161_has() {
    let der = request().der();
    let mut outer = Fields::of(&der).unwrap();
    let mut query = outer.within(der::Tag::Sequence).unwrap();
    outer.end().unwrap();
    assert_eq!(query.take(der::Tag::Integer).unwrap(), [1]);
    let mut imprint = query.within(der::Tag::Sequence).unwrap();
    let mut algorithm = imprint.within(der::Tag::Sequence).unwrap();
    let sha_256 = algorithm.oid().unwrap().to_string();
    assert_eq!(sha_256, "2.16.840.1.101.3.4.2.1");
    assert!(algorithm.take(der::Tag::Null).unwrap().is_empty());
    let hash = imprint.take(der::Tag::OctetString).unwrap();
    assert_eq!(hash[..4], [0x5b, 0x16, 0xab, 0xb0]);
    let nonce = query.take(der::Tag::Integer).unwrap();
    assert_eq!(nonce, [0x41, 2, 3, 4, 5, 6, 7, 8]);
    assert_eq!(query.take(der::Tag::Boolean).unwrap(), [0xff]);
    query.end().unwrap();
    // Whatever is drawn, it is a positive number of eight bytes, without leading zeros.
    for random in [0, u64::MAX, 1 << 63] {
        assert_eq!(Request::with(b"", random).nonce()[0] & 0xc0, 0x40);
    }
}

#[test]
fn an_answer_is_read_and_checked() {
    let (name, time) = accepted(REPLY).unwrap();
    assert_eq!((name.as_str(), time.as_str()), (NAME, TIME));
    let token = granted(REPLY).unwrap();
    assert_eq!(token.claims(), NAME);
    let error = token.fits(b"something else").unwrap_err();
    assert!(matches!(error, Flaw::Form(_)), "{error}");
    assert!(token.answers(&Request::with(STAMPED, 1)).is_err());
    let nobody = TimestampCa::default().check(&token).unwrap_err();
    assert!(matches!(nobody, Flaw::Untrusted(_)), "{nobody}");
}

#[test]
fn what_was_signed_cannot_be_changed() {
    let at = |what: &[u8]| {
        let found = REPLY.windows(what.len()).position(|window| window == what);
        found.unwrap()
    };
    // The year, which is then out of the validity of the certificate as well, and the signature.
    for place in [at(b"20261201052954"), REPLY.len() - 1] {
        let mut reply = REPLY.to_vec();
        reply[place] ^= 1;
        let flaw = accepted(&reply).unwrap_err();
        assert!(matches!(flaw, Flaw::Signature(_)), "{flaw}");
    }
}

#[test]
fn no_part_of_an_answer_is_taken_for_the_whole() {
    for length in 0..REPLY.len() {
        assert!(granted(&REPLY[..length]).is_err(), "{length}");
    }
    assert!(granted(&[REPLY, b"\0"].concat()).is_err());
}

#[test]
fn no_bit_of_an_answer_can_be_changed_to_another_stamp() {
    let mut reply = REPLY.to_vec();
    let mut refused = 0;
    for at in 0..reply.len() {
        for bit in 0..8 {
            reply[at] ^= 1 << bit;
            read(&reply);
            refused += usize::from(accepted(&reply).is_err());
            reply[at] ^= 1 << bit;
        }
    }
    // Versions and the list of digests beside the content are in no signature.
    assert!(refused > REPLY.len() * 8 * 98 / 100, "{refused}");
}

#[test]
fn times_have_fractions_or_not() {
    for (text, expected) in [
        ("20261123200157Z", Some("2026-11-23T20:01:57Z")),
        ("20261123200157.9Z", Some("2026-11-23T20:01:57.9Z")),
        (
            "20261123200157.000001Z",
            Some("2026-11-23T20:01:57.000001Z"),
        ),
        (
            "20261123200157.1234567899Z",
            Some("2026-11-23T20:01:57.123456789Z"),
        ),
        ("20261123200157", None),
        ("20261123200157+0100", None),
        ("202611232001Z", None),
        ("20261123200157.Z", None),
        ("20261123200157.-1Z", None),
        ("20261323200157Z", None),
        ("2026112320015é", None),
        ("", None),
    ] {
        let read = super::time::parse(text.as_bytes()).map(|time| time.to_string());
        assert_eq!(read.as_deref(), expected, "{text}");
    }
}

#[test]
fn numbers_are_told_in_words() {
    use super::status::{failures, status};
    assert_eq!(status(&[2]), "rejection");
    assert!(status(&[0, 2]).contains("does not know"));
    assert_eq!(failures(&[7, 0x80]), "bad algorithm");
    assert_eq!(failures(&[6, 0, 0, 0, 0x40]), "system failure");
    assert_eq!(failures(&[5, 0x20]), "bad request");
    assert_eq!(failures(&[]), "without a known reason");
}

#[test]
fn certificates_are_pem() {
    let two = format!("{CA}\nfor the audit\n{CA}");
    assert!(TimestampCa::from_pem(&two).is_ok());
    for (text, what) in [
        ("", "-----BEGIN CERTIFICATE-----"),
        (
            "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
            "certificate 1: ",
        ),
        ("-----BEGIN CERTIFICATE-----\nAAAA", "certificate 1: "),
    ] {
        let error = TimestampCa::from_pem(text).unwrap_err().to_string();
        assert!(error.contains(what), "{text:?}: {error}");
    }
    let error = TimestampCa::read("nowhere.pem").unwrap_err().to_string();
    assert!(error.contains("nowhere.pem"), "{error}");
}

proptest! {
    #[test]
    fn nothing_is_made_up_by_changes(edits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6)) {
        let mut reply = REPLY.to_vec();
        for (at, byte) in edits {
            let at = at.index(reply.len());
            reply[at] = byte;
        }
        read(&reply);
    }

    #[test]
    fn nothing_is_made_up_by_moving_bytes(from in any::<prop::sample::Index>(), to in any::<prop::sample::Index>(), length in 1_usize..80) {
        let mut reply = REPLY.to_vec();
        let (from, to) = (from.index(reply.len()), to.index(reply.len()));
        let part = reply[from..reply.len().min(from + length)].to_vec();
        reply.splice(to..to, part);
        read(&reply);
    }

    #[test]
    fn any_bytes_are_read_without_harm(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        prop_assert!(accepted(&bytes).is_err());
    }
}
