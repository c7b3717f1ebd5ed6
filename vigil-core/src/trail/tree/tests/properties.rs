//! Against the definition, on trees of every shape.

use proptest::prelude::*;

use super::super::{
    FromLeaves, Growing, Hash, Hashes as _, Peaks, check_consistency, check_inclusion, consistency,
    inclusion, leaf_hash, root_of,
};
use super::{leaves, root_by_definition};

#[test]
fn every_proof_of_every_small_tree_holds_and_for_no_other_place() {
    let leaves = leaves(34);
    let roots: Vec<Hash> = (0..=leaves.len())
        .map(|size| root_by_definition(&leaves[..size]))
        .collect();
    for size in 0..=leaves.len() as u64 {
        let root = &roots[size as usize];
        let mut source = leaves.as_slice();
        let Ok(computed) = root_of(size, &mut source);
        assert_eq!(computed, *root, "{size}");
        for index in 0..size {
            let Ok(proof) = inclusion(index, size, &mut source);
            let proof = proof.unwrap();
            for other in 0..size {
                let holds = check_inclusion(&proof, &leaves[index as usize], other, size, root);
                assert_eq!(holds, other == index, "{index} as {other} of {size}");
            }
        }
        for old in 0..=size {
            let Ok(proof) = consistency(old, size, &mut source);
            let proof = proof.unwrap();
            for other in 0..=size {
                let holds = check_consistency(&proof, old, &roots[other as usize], size, root);
                assert_eq!(holds, other == old, "{old} as {other} of {size}");
            }
        }
    }
}

#[test]
fn the_leaves_of_lines_are_theirs_in_their_order() {
    for (count, length) in [
        (0, 0),
        (1, 1),
        (1, 200_000),
        (2, 20),
        (3, 9_000),
        (401, 600),
    ] {
        let lines: Vec<String> = (0..count)
            .map(|number| format!("{number} {}", "x".repeat(length / (number + 1))))
            .collect();
        let block = lines
            .iter()
            .map(|line| format!("{line}\n"))
            .collect::<String>();
        let wanted = lines
            .iter()
            .map(|line| (line.as_bytes(), leaf_hash(line.as_bytes())));
        assert!(
            super::super::leaves(block.as_bytes()).eq(wanted),
            "{count} lines of {length}"
        );
    }
}

proptest! {
    #[test]
    fn peaks_go_on_from_anywhere(before in 0u64..600, after in 0u64..600) {
        let leaves = leaves(before + after);
        let mut peaks = Peaks::default();
        for leaf in &leaves[..before as usize] {
            peaks.push(*leaf);
        }
        let mut again = Peaks::new(peaks.size(), peaks.hashes().to_vec()).unwrap();
        prop_assert_eq!(&again, &peaks);
        // Many at once as one after the other.
        peaks.extend(&mut leaves[before as usize..].to_vec());
        for leaf in &leaves[before as usize..] {
            again.push(*leaf);
        }
        prop_assert_eq!(&again, &peaks);
        prop_assert_eq!(again.size(), before + after);
        // Waiting for others, and asked for the root on the way.
        let mut growing = Growing::default();
        for (number, leaf) in (0..).zip(&leaves) {
            growing.push(*leaf);
            if number == before || number == after / 2 {
                growing.root();
            }
        }
        prop_assert_eq!(growing.root(), peaks.root());
        prop_assert_eq!(again.root(), root_by_definition(&leaves));
    }

    #[test]
    fn subtrees_stand_for_their_leaves(size in 1u64..2_000, level in 0u32..8) {
        let leaves = leaves(size);
        let mut source = FromLeaves(|index| Ok::<Hash, ()>(leaves[index as usize]));
        let mut peaks = Peaks::default();
        for index in 0..size >> level {
            peaks.push_subtree(level, source.subtree(level, index).unwrap());
        }
        for leaf in &leaves[peaks.size() as usize..] {
            peaks.push(*leaf);
        }
        prop_assert_eq!(peaks.root(), root_by_definition(&leaves));
    }

    #[test]
    fn a_proof_with_any_bit_changed_is_none(
        (size, index) in (2u64..500).prop_flat_map(|size| (Just(size), 0..size)),
        place in any::<proptest::sample::Index>(),
        bit in 0u8..8,
    ) {
        let leaves = leaves(size);
        let root = root_by_definition(&leaves);
        let mut source = leaves.as_slice();
        let Ok(proof) = inclusion(index, size, &mut source);
        let proof = proof.unwrap();
        prop_assert!(check_inclusion(&proof, &leaves[index as usize], index, size, &root));
        let mut changed = proof.clone();
        let at = place.index(changed.len() * 32);
        changed[at / 32][at % 32] ^= 1 << bit;
        prop_assert!(!check_inclusion(&changed, &leaves[index as usize], index, size, &root));
        prop_assert!(!check_inclusion(&proof[1..], &leaves[index as usize], index, size, &root));

        let old_root = root_by_definition(&leaves[..index as usize]);
        let Ok(proof) = consistency(index, size, &mut source);
        let mut changed = proof.unwrap();
        prop_assert!(check_consistency(&changed, index, &old_root, size, &root));
        if !changed.is_empty() {
            let at = place.index(changed.len() * 32);
            changed[at / 32][at % 32] ^= 1 << bit;
            prop_assert!(!check_consistency(&changed, index, &old_root, size, &root));
            changed.push(root);
            prop_assert!(!check_consistency(&changed, index, &old_root, size, &root));
        }
    }

    #[test]
    fn no_input_makes_a_check_panic(
        proof in proptest::collection::vec(any::<Hash>(), 0..70),
        leaf: Hash,
        index: u64,
        size: u64,
    ) {
        prop_assert!(!check_inclusion(&proof, &leaf, index, size, &[0; 32]));
        prop_assert!(!check_consistency(&proof, index, &leaf, size, &[0; 32]));
    }
}
