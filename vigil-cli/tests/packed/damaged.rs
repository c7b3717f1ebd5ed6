//! What the commands say of packed segments that somebody has damaged.

use std::fs;

use super::{Trail, key};

#[test]
fn damage_within_an_encrypted_segment_is_told_with_and_without_the_key() {
    let (trail, _) = Trail::sealed();
    let by = key("auditor");
    let name = trail.ending(".zst.age").remove(0);
    let path = format!("trail/{name}");
    let whole = trail.read(&name);
    let mut flipped = whole.clone();
    let middle = whole.len() / 2;
    flipped[middle] ^= 1;
    let damaged = [
        ("a byte", flipped),
        ("the end", whole[..whole.len() - 1].to_vec()),
        ("half", whole[..middle].to_vec()),
        ("the head", whole[..30].to_vec()),
        ("all", Vec::new()),
        ("another file", b"not an age file\n".to_vec()),
        ("something behind it", [whole.as_slice(), b"more"].concat()),
    ];
    for (what, bytes) in damaged {
        trail.write(&path, bytes);
        for by in ["--no-audit", &by] {
            let said = trail.fails(
                &format!("verify trail {by}"),
                1,
                &["ALTERED: ", &name, "stored damaged"],
            );
            assert!(said.contains("event 0"), "{what}: {said}");
        }
        let said = trail.fails(&format!("cat trail {by}"), 1, &[&name]);
        assert!(said.contains("cannot read"), "{what}: {said}");
        trail.fails(&format!("decrypt {path} -o plain {by}"), 1, &[&name]);
        assert_eq!(
            fs::read_dir(trail.path("plain")).unwrap().count(),
            0,
            "{what}"
        );
    }
    trail.write(&path, whole);
    trail.ok(&format!("verify trail {by}"));
    // Compressed, there is no other way to it than the lines.
    fs::remove_dir_all(trail.path("trail")).unwrap();
    let trail = Trail::new();
    trail.ok("seal trail");
    let name = trail.ending(".zst").remove(0);
    let whole = trail.read(&name);
    trail.write(format!("trail/{name}"), &whole[..whole.len() / 2]);
    trail.fails(
        "verify trail --no-audit",
        1,
        &["ALTERED: ", &name, "stored damaged"],
    );
    trail.fails("cat trail --no-audit", 1, &["cannot read", &name]);
    // Of a segment that is not there at all, nobody says that it was compressed badly.
    fs::remove_file(trail.path("trail").join(&name)).unwrap();
    trail.fails("verify trail --no-audit", 1, &["segment missing"]);
}
