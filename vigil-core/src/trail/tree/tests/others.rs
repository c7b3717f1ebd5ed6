//! Against two implementations that are not ours, both ways: each checks the proofs of the other.

use ct_merkle::digest::Output;
use ct_merkle::mem_backed_tree::MemoryBackedTree;
use ct_merkle::{ConsistencyProof, InclusionProof, RootHash};
use sha2::Sha256;
use tlog_tiles::tlog;

use super::super::{
    Hash, check_consistency, check_inclusion, consistency, inclusion, leaf_hash, root_of,
};
use super::leaves;

const SIZES: [u64; 12] = [1, 2, 3, 7, 8, 9, 64, 255, 256, 257, 600, 1_024];

/// The hashes in the order in which a Go checksum database stores them.
struct Stored(Vec<tlog::Hash>);

impl tlog::HashReader for Stored {
    fn read_hashes(&self, indexes: &[u64]) -> Result<Vec<tlog::Hash>, tlog::Error> {
        Ok(indexes
            .iter()
            .map(|index| self.0[*index as usize])
            .collect())
    }
}

fn stored(leaves: &[Hash]) -> Stored {
    let mut stored = Stored(Vec::new());
    for (n, leaf) in leaves.iter().enumerate() {
        let more =
            tlog::stored_hashes_for_record_hash(n as u64, tlog::Hash(*leaf), &stored).unwrap();
        stored.0.extend(more);
    }
    stored
}

#[test]
fn tlog_tiles_computes_and_checks_the_same() {
    let leaves = leaves(*SIZES.last().unwrap());
    let stored = stored(&leaves);
    assert_eq!(tlog::record_hash(b"line 0").0, leaves[0]);
    for size in SIZES {
        let mut source = leaves.as_slice();
        let Ok(root) = root_of(size, &mut source);
        assert_eq!(tlog::tree_hash(size, &stored).unwrap().0, root);
        let theirs_root = tlog::Hash(root);
        for index in (0..size).step_by(1 + size as usize / 40) {
            let Ok(ours) = inclusion(index, size, &mut source);
            let ours: Vec<_> = ours.unwrap().into_iter().map(tlog::Hash).collect();
            let theirs = tlog::prove_record(size, index, &stored).unwrap();
            assert_eq!(ours, theirs, "{index} of {size}");
            let leaf = leaves[index as usize];
            tlog::check_record(&ours, size, theirs_root, index, tlog::Hash(leaf)).unwrap();
            let theirs: Vec<Hash> = theirs.into_iter().map(|hash| hash.0).collect();
            assert!(check_inclusion(&theirs, &leaf, index, size, &root));

            let old = index + 1;
            let Ok(old_root) = root_of(old, &mut source);
            let Ok(ours) = consistency(old, size, &mut source);
            let ours: Vec<_> = ours.unwrap().into_iter().map(tlog::Hash).collect();
            let theirs = tlog::prove_tree(size, old, &stored).unwrap();
            assert_eq!(ours, theirs, "{old} in {size}");
            tlog::check_tree(&ours, size, theirs_root, old, tlog::Hash(old_root)).unwrap();
            let theirs: Vec<Hash> = theirs.into_iter().map(|hash| hash.0).collect();
            assert!(check_consistency(&theirs, old, &old_root, size, &root));
        }
    }
}

#[test]
fn ct_merkle_computes_and_checks_the_same() {
    let lines: Vec<Vec<u8>> = (0..600).map(|n| format!("line {n}").into_bytes()).collect();
    let leaves: Vec<Hash> = lines.iter().map(|line| leaf_hash(line)).collect();
    let output = |hash: &Hash| Output::<Sha256>::from(*hash);
    for size in SIZES.into_iter().filter(|size| *size <= 600) {
        let mut tree = MemoryBackedTree::<Sha256, Vec<u8>>::new();
        for line in &lines[..size as usize] {
            tree.push(line.clone());
        }
        let mut source = leaves.as_slice();
        let Ok(root) = root_of(size, &mut source);
        let theirs_root = RootHash::<Sha256>::new(output(&root), size);
        assert_eq!(tree.root(), theirs_root);
        for index in (0..size).step_by(1 + size as usize / 20) {
            let Ok(ours) = inclusion(index, size, &mut source);
            let ours: Vec<_> = ours.unwrap().iter().map(output).collect();
            let proof = InclusionProof::<Sha256>::from_digests(&ours);
            assert_eq!(
                proof.as_bytes(),
                tree.prove_inclusion(index as usize).as_bytes()
            );
            theirs_root
                .verify_inclusion(&lines[index as usize], index, &proof)
                .unwrap();

            let old = index + 1;
            let Ok(old_root) = root_of(old, &mut source);
            let Ok(ours) = consistency(old, size, &mut source);
            let ours: Vec<_> = ours.unwrap().iter().map(output).collect();
            let proof = ConsistencyProof::<Sha256>::from_digests(&ours);
            theirs_root
                .verify_consistency(&RootHash::new(output(&old_root), old), &proof)
                .unwrap();
        }
    }
}
