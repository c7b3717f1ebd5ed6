mod others;
mod properties;
mod vectors;

use super::hash::Hash;

/// The definition of RFC 6962, section 2.1, word for word: slow, and plain to see.
fn root_by_definition(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => super::EMPTY_ROOT,
        [leaf] => *leaf,
        _ => {
            let mut k = 1;
            while k * 2 < leaves.len() {
                k *= 2;
            }
            let (left, right) = leaves.split_at(k);
            super::node_hash(&root_by_definition(left), &root_by_definition(right))
        }
    }
}

fn leaves(count: u64) -> Vec<Hash> {
    (0..count)
        .map(|index| super::leaf_hash(format!("line {index}").as_bytes()))
        .collect()
}
