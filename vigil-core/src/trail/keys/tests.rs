use std::fs;

use super::{FileSigner, Signer as _};

#[test]
fn a_key_is_read_back_and_is_the_owners_alone() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("signing.key");
    fs::write(dir.path().join("signing.key.new"), "left by a crash").unwrap();
    let made = FileSigner::create(&path, "shop.example/audit").unwrap();
    let read = FileSigner::open(&path).unwrap();
    assert_eq!(made.public_key(), read.public_key());
    assert_eq!(read.name(), "shop.example/audit");
    let signature = read.sign(b"text\n").unwrap();
    assert_eq!(signature, made.sign(b"text\n").unwrap());
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}

#[test]
fn two_keys_differ() {
    let dir = tempfile::tempdir().unwrap();
    let one = FileSigner::create(&dir.path().join("1"), "a").unwrap();
    let other = FileSigner::create(&dir.path().join("2"), "a").unwrap();
    assert_ne!(one.public_key(), other.public_key());
}

#[test]
fn the_library_that_reads_such_keys_reads_ours() {
    use signed_note::Signer as _;
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("signing.key");
    let ours = FileSigner::create(&path, "shop.example/audit").unwrap();
    let text = fs::read_to_string(&path).unwrap();
    let theirs = signed_note::StandardSigner::new(text.trim_end()).unwrap();
    assert_eq!(
        theirs.sign(b"text\n").unwrap(),
        ours.sign(b"text\n").unwrap()
    );
}

#[test]
fn a_file_with_anything_else_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("signing.key");
    FileSigner::create(&path, "shop").unwrap();
    let text = fs::read_to_string(&path).unwrap();
    let others = [
        String::new(),
        text.replace("PRIVATE", "PUBLIC"),
        text.replace("shop", "other"),
        text[..text.len() - 3].to_owned(),
        format!("{text}{text}"),
        "PRIVATE+KEY+".repeat(1_000),
    ];
    for other in others {
        fs::write(&path, &other).unwrap();
        let error = FileSigner::open(&path).unwrap_err().to_string();
        assert!(error.contains("not an Ed25519 signing key"), "{other}");
    }
}

#[test]
fn nothing_shows_the_secret() {
    let dir = tempfile::tempdir().unwrap();
    let signer = FileSigner::create(&dir.path().join("k"), "shop").unwrap();
    assert_eq!(format!("{signer:?}"), "FileSigner { name: \"shop\", .. }");
}
