//! Each way gives what the crate `sha2` gives, and what the standard says.

use super::{How, one};
use crate::trail::tree::hash::Hash;

/// All that this processor knows.
fn ways() -> Vec<How> {
    [usize::MAX, 2, 1].map(How::best_for).to_vec()
}

fn hashes(how: How, prefix: u8, texts: &[&[u8]]) -> Vec<Hash> {
    let mut hashes = vec![[0; 32]; texts.len()];
    how.hash(prefix, texts, &mut hashes);
    hashes
}

#[test]
fn many_at_once_are_as_one_after_the_other() {
    let text: Vec<u8> = (0..1_500_u32).map(|byte| (byte * byte / 7) as u8).collect();
    for length in 0..700 {
        let lengths = [0, 55, 63, 64, 119, length, 699 - length];
        // Fewer than there are lanes, as many, and more.
        for count in [0, 1, 2, 5, 7, 16, 17, 40] {
            if count > 7 && length % 29 > 0 {
                continue;
            }
            let texts: Vec<&[u8]> = (0..count)
                .map(|number| &text[number..][..lengths[number % lengths.len()]])
                .collect();
            for prefix in [0, 1] {
                let wanted: Vec<Hash> = texts.iter().map(|text| one(prefix, text)).collect();
                for how in ways() {
                    assert_eq!(
                        hashes(how, prefix, &texts),
                        wanted,
                        "{how:?} {length} {count}"
                    );
                }
            }
        }
    }
}

/// FIPS 180-4's examples, the first byte of which stands as prefix.
#[test]
fn it_is_sha_256() {
    let hex = |hash: &Hash| hash.map(|byte| format!("{byte:02x}")).concat();
    let texts: [&[u8]; 2] = [
        b"bc",
        b"bcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
    ];
    for how in ways() {
        assert_eq!(
            hashes(how, b'a', &texts)
                .iter()
                .map(hex)
                .collect::<Vec<_>>(),
            [
                "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
                "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
            ]
        );
    }
}
