use proptest::prelude::*;

use super::{Checkpoint, Note, NoteError, Signature, VerifierKey, check_origin, sign};
use crate::trail::keys::{FileSigner, SignError, Signer};

/// The example of the specification (<https://c2sp.org/signed-note>), whose key is that of Go's documentation.
const NOTE: &str = "If you think cryptography is the answer to your problem,\n\
                    then you don't know what your problem is.\n\
                    \n\
                    \u{2014} PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";
const KEY: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";

fn signer(name: &str) -> (tempfile::TempDir, FileSigner, VerifierKey) {
    let dir = tempfile::tempdir().unwrap();
    let signer = FileSigner::create(&dir.path().join("key"), name).unwrap();
    let key = signer.verifier_key().unwrap();
    (dir, signer, key)
}

#[test]
fn the_example_of_the_specification_verifies() {
    let key = VerifierKey::parse(KEY).unwrap();
    assert_eq!(key.to_string(), KEY);
    let note = Note::parse(NOTE).unwrap();
    assert_eq!(note.verify(std::slice::from_ref(&key)).unwrap(), [&key]);
    let other = NOTE.replace("answer", "Answer");
    assert_eq!(
        Note::parse(&other).unwrap().verify(&[key]),
        Err(NoteError::WrongSignature("PeterNeumann".to_owned()))
    );
}

#[test]
fn a_checkpoint_is_read_back() {
    let checkpoint = Checkpoint {
        origin: "shop.example/audit".to_owned(),
        size: 1_041,
        root: [7; 32],
    };
    let text = checkpoint.text();
    assert_eq!(
        text,
        "shop.example/audit\n1041\nBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=\n"
    );
    assert_eq!(Checkpoint::parse(&text), Ok(checkpoint.clone()));
    let extended = format!("{text}extension\n");
    assert_eq!(Checkpoint::parse(&extended), Ok(checkpoint));
}

#[test]
fn what_is_no_checkpoint_is_refused() {
    const ROOT: &str = "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=";
    for text in [
        String::new(),
        "\n".to_owned(),
        format!("o\n1\n{ROOT}"),
        format!("\n1\n{ROOT}\n"),
        format!("o\n01\n{ROOT}\n"),
        format!("o\n+1\n{ROOT}\n"),
        format!("o\n-1\n{ROOT}\n"),
        format!("o\n18446744073709551616\n{ROOT}\n"),
        format!("o\n1\n{}\n", &ROOT[..40]),
        format!("o\n1\n{}\n", ROOT.replace("c=", "d=")),
        format!("o\n1\n{ROOT}\n\n"),
        format!("o\n1\n{ROOT}\n\nx\n"),
    ] {
        assert!(
            matches!(Checkpoint::parse(&text), Err(NoteError::Malformed(_))),
            "{text}"
        );
    }
}

#[test]
fn several_sign_one_note() {
    let (_dir, one, one_key) = signer("one");
    let (_dir, two, two_key) = signer("two");
    let (_dir, _, three_key) = signer("one");
    let note = sign("text\n", &[&one, &two]).unwrap();
    let note = Note::parse(&note).unwrap();
    assert_eq!(note.text, "text\n");
    assert_eq!(
        note.verify(std::slice::from_ref(&two_key)).unwrap(),
        [&two_key]
    );
    assert_eq!(
        note.verify(&[two_key.clone(), one_key.clone()]).unwrap(),
        [&one_key, &two_key]
    );
    // Of the same name, and another key.
    assert_eq!(note.verify(&[three_key]), Err(NoteError::Unsigned));
    assert_eq!(note.verify(&[]), Err(NoteError::Unsigned));
}

#[test]
fn a_wrong_signature_of_a_known_key_spoils_the_right_one() {
    let (_dir, one, one_key) = signer("one");
    let (_dir, two, two_key) = signer("two");
    let good = sign("text\n", &[&one]).unwrap();
    let other = sign("other text\n", &[&two]).unwrap();
    let line = other.lines().last().unwrap();
    let note = format!("{good}{line}\n");
    assert_eq!(
        Note::parse(&note).unwrap().verify(&[one_key, two_key]),
        Err(NoteError::WrongSignature("two".to_owned()))
    );
}

#[test]
fn a_signer_that_signs_wrongly_gets_nothing_out() {
    struct Broken(FileSigner);
    impl Signer for Broken {
        fn name(&self) -> &str {
            self.0.name()
        }
        fn public_key(&self) -> [u8; 32] {
            self.0.public_key()
        }
        fn sign(&self, message: &[u8]) -> Result<[u8; 64], SignError> {
            let mut signature = self.0.sign(message)?;
            signature[3] ^= 1;
            Ok(signature)
        }
    }
    let (_dir, signer, _) = signer("one");
    let error = sign("text\n", &[&Broken(signer)]).unwrap_err();
    assert!(error.to_string().contains("not one by its own public key"));
}

#[test]
fn what_is_no_note_is_refused() {
    let signature = NOTE.lines().last().unwrap();
    for note in [
        String::new(),
        "text\n".to_owned(),
        format!("text\n{signature}\n"),
        format!("text\n\n{signature}"),
        format!("text\n\n{signature}\n\n"),
        format!("text\n\n{}\n", signature.replace('\u{2014}', "-")),
        format!("text\n\n{}\n", signature.replace(' ', "  ")),
        format!("text\n\n{}\n", signature.replace("Peter", "Pe+ter")),
        format!("text\n\n{}\n", signature.replace('=', "")),
        format!("text\n\n{signature}\nmore\n"),
        format!("te\txt\n\n{signature}\n"),
        format!("text\r\n\r\n{signature}\n"),
        format!("text\n\n{}", format!("{signature}\n").repeat(101)),
        "\u{2014} x AAAAAA==\n".to_owned(),
        "text\n\n\u{2014} x AAAAAA==\n".to_owned(),
    ] {
        assert!(
            matches!(Note::parse(&note), Err(NoteError::Malformed(_))),
            "{note}"
        );
    }
    // Empty lines belong to the text.
    let note = format!("text\n\nmore\n\n{signature}\n");
    assert_eq!(Note::parse(&note).unwrap().text, "text\n\nmore\n");
}

#[test]
fn what_is_no_key_is_refused() {
    let of_weak = {
        let mut weak = [0; 32];
        weak[0] = 1;
        VerifierKey::new("weak", &weak)
    };
    assert!(of_weak.is_err());
    for key in [
        "",
        "PeterNeumann",
        "PeterNeumann+c74f20a3",
        "PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumann+C74F20A3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "Someone+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10T",
        "PeterNeumann+c74f20a3+Ahpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW\n",
    ] {
        assert!(VerifierKey::parse(key).is_err(), "{key}");
    }
}

#[test]
fn an_origin_is_also_the_name_of_a_key() {
    assert!(check_origin("shop.example/audit").is_ok());
    for origin in [
        "",
        "a b",
        "a\u{a0}b",
        "a+b",
        "a\nb",
        "a\u{7f}",
        &"a".repeat(256),
    ] {
        assert!(check_origin(origin).is_err(), "{origin:?}");
    }
}

proptest! {
    // Each makes a key, and has it safe on the disk.
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn another_library_reads_and_verifies_what_is_signed(
        text in "([a-zA-Z0-9 äß€]{0,40}\n){1,6}",
        name in "[a-z0-9./-]{1,30}",
    ) {
        let (_dir, signer, key) = signer(&name);
        let note = sign(&text, &[&signer]).unwrap();
        let theirs = signed_note::Note::from_bytes(note.as_bytes()).unwrap();
        let verifier = signed_note::StandardVerifier::new(&key.to_string()).unwrap();
        let known = signed_note::VerifierList::new(vec![Box::new(verifier)]);
        let (verified, unverified) = theirs.verify(&known).unwrap();
        prop_assert_eq!((verified.len(), unverified.len()), (1, 0));
        prop_assert_eq!(theirs.text(), text.as_bytes());
        let ours = Note::parse(&note).unwrap();
        prop_assert_eq!(ours.text, &text);
        let keys = [key];
        prop_assert_eq!(ours.verify(&keys).unwrap(), [&keys[0]]);
        let line = ours.signatures[0].to_string();
        prop_assert_eq!(Signature::parse(&line).unwrap(), ours.signatures[0].clone());
    }

}

proptest! {
    #[test]
    fn what_both_libraries_read_is_the_same(note in "[ -~—\n]{0,200}|(a\n){0,3}\n{0,2}(— a [A-Za-z0-9+/=]{4,12}\n){0,3}") {
        let ours = Note::parse(&note);
        let theirs = signed_note::Note::from_bytes(note.as_bytes());
        if let Ok(ours) = &ours {
            let theirs = theirs.unwrap();
            prop_assert_eq!(ours.text.as_bytes(), theirs.text());
        }
        let _ = Checkpoint::parse(&note);
        let _ = VerifierKey::parse(&note);
    }
}
