//! The test vectors that the implementations of RFC 6962 share: eight leaves of 0 to 16 bytes.

use super::super::{
    Hash, Peaks, check_consistency, check_inclusion, consistency, inclusion, leaf_hash,
};

const LEAVES: [&str; 8] = [
    "",
    "00",
    "10",
    "2021",
    "3031",
    "40414243",
    "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
];

/// The roots over the first 1, 2, … of them.
const ROOTS: [&str; 8] = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

fn unhex(text: &str) -> Vec<u8> {
    (0..text.len() / 2)
        .map(|at| u8::from_str_radix(&text[at * 2..at * 2 + 2], 16).unwrap())
        .collect()
}

fn hash(text: &str) -> Hash {
    unhex(text).try_into().unwrap()
}

fn leaves() -> Vec<Hash> {
    LEAVES.iter().map(|leaf| leaf_hash(&unhex(leaf))).collect()
}

#[test]
fn the_roots_are_those_of_the_vectors() {
    let mut peaks = Peaks::default();
    assert_eq!(
        peaks.root(),
        hash("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    );
    for (leaf, root) in leaves().into_iter().zip(ROOTS) {
        peaks.push(leaf);
        assert_eq!(peaks.root(), hash(root));
    }
}

#[test]
fn the_proofs_are_those_of_the_vectors() {
    let leaves = leaves();
    let mut source = leaves.as_slice();
    let Ok(path) = inclusion(5, 8, &mut source);
    let expected = [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ];
    assert_eq!(path.unwrap(), expected.map(hash));
    let Ok(path) = inclusion(2, 3, &mut source);
    assert_eq!(
        path.unwrap(),
        [hash(
            "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"
        )]
    );

    let Ok(proof) = consistency(6, 8, &mut source);
    let expected = [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ];
    assert_eq!(proof.unwrap(), expected.map(hash));
    let Ok(proof) = consistency(2, 5, &mut source);
    let expected = [
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ];
    assert_eq!(proof.unwrap(), expected.map(hash));
}

#[test]
fn what_there_is_no_proof_of_is_refused() {
    let leaves = leaves();
    let mut source = leaves.as_slice();
    assert_eq!(inclusion(8, 8, &mut source), Ok(None));
    assert_eq!(consistency(4, 3, &mut source), Ok(None));
    assert!(!check_inclusion(&[], &leaves[0], 0, 0, &leaves[0]));
    assert!(!check_inclusion(
        &[],
        &leaves[0],
        u64::MAX,
        u64::MAX,
        &leaves[0]
    ));
    assert!(!check_inclusion(
        &leaves,
        &leaves[0],
        0,
        u64::MAX,
        &leaves[0]
    ));
    assert!(!check_consistency(&[], 2, &leaves[0], 1, &leaves[0]));
    assert!(!check_consistency(&[], 1, &leaves[0], 2, &leaves[0]));
    assert!(!check_consistency(&[], 3, &leaves[0], 4, &leaves[0]));
    assert!(!check_consistency(
        &leaves,
        u64::MAX - 1,
        &leaves[0],
        u64::MAX,
        &leaves[0]
    ));
}
