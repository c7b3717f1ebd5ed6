//! Sequences, sets and maps. Long ones end at the limit of a value, and are not driven further.

use std::collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap, HashSet, LinkedList, VecDeque};

use crate::sanitize::{Sanitize, Writer};

impl<T: Sanitize> Sanitize for [T] {
    fn sanitize(&self, out: &mut Writer<'_>) {
        T::sanitize_slice(self, out);
    }
}

impl<T: Sanitize, const N: usize> Sanitize for [T; N] {
    fn sanitize(&self, out: &mut Writer<'_>) {
        T::sanitize_slice(self, out);
    }
}

impl<T: Sanitize> Sanitize for Vec<T> {
    fn sanitize(&self, out: &mut Writer<'_>) {
        T::sanitize_slice(self, out);
    }
}

impl<T: Sanitize> Sanitize for BinaryHeap<T> {
    fn sanitize(&self, out: &mut Writer<'_>) {
        T::sanitize_slice(self.as_slice(), out);
    }
}

/// Writes as many elements as there is room for.
fn elements<'a, T: Sanitize + 'a>(
    items: impl Iterator<Item = &'a T>,
    len: usize,
    out: &mut Writer<'_>,
) {
    if T::is_byte() {
        return out.bytes(len);
    }
    let mut array = out.array();
    for (written, item) in items.enumerate() {
        if array.is_full() {
            array.left_out(len.saturating_sub(written));
            break;
        }
        array.element(item);
    }
}

/// Writes as many members as there is room for.
pub(super) fn members<'a, K: Sanitize + 'a, V: Sanitize + 'a>(
    items: impl Iterator<Item = (&'a K, &'a V)>,
    len: usize,
    out: &mut Writer<'_>,
) {
    let mut object = out.object();
    for (written, (key, value)) in items.enumerate() {
        if object.is_full() {
            object.left_out(len.saturating_sub(written));
            break;
        }
        object.pair(key, value);
    }
}

macro_rules! sequences {
    ($($type:ident $(, $hasher:ident)?;)*) => {$(
        impl<T: Sanitize $(, $hasher)?> Sanitize for $type<T $(, $hasher)?> {
            fn sanitize(&self, out: &mut Writer<'_>) {
                elements(self.iter(), self.len(), out);
            }
        }
    )*};
}

sequences! { VecDeque; LinkedList; BTreeSet; HashSet, S; }

impl<K: Sanitize, V: Sanitize> Sanitize for BTreeMap<K, V> {
    fn sanitize(&self, out: &mut Writer<'_>) {
        members(self.iter(), self.len(), out);
    }
}

impl<K: Sanitize, V: Sanitize, S> Sanitize for HashMap<K, V, S> {
    fn sanitize(&self, out: &mut Writer<'_>) {
        members(self.iter(), self.len(), out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sanitize::to_json;

    #[test]
    fn sequences_and_sets_are_arrays() {
        assert_eq!(to_json(&[1, 2]), "[1,2]");
        assert_eq!(to_json(&[1, 2][..]), "[1,2]");
        assert_eq!(to_json(&Vec::<i32>::new()), "[]");
        assert_eq!(to_json(&VecDeque::from([1, 2])), "[1,2]");
        assert_eq!(to_json(&LinkedList::from([1, 2])), "[1,2]");
        assert_eq!(to_json(&BTreeSet::from([2, 1])), "[1,2]");
        assert_eq!(to_json(&HashSet::from([1])), "[1]");
        assert_eq!(to_json(&BinaryHeap::from([1])), "[1]");
    }

    #[test]
    fn bytes_are_counted_and_not_shown() {
        assert_eq!(to_json(b"secret"), r#""<6 bytes>""#);
        assert_eq!(to_json(&vec![0_u8; 1024]), r#""<1024 bytes>""#);
        assert_eq!(to_json(&VecDeque::from([1_u8, 2])), r#""<2 bytes>""#);
        assert_eq!(to_json(&Some(&b"ab"[..])), r#""<2 bytes>""#);
    }

    #[test]
    fn maps_are_objects_with_the_key_rule() {
        let map = BTreeMap::from([("password", "x"), ("plan", "free")]);
        assert_eq!(
            to_json(&map),
            r#"{"password":"***REDACTED***","plan":"free"}"#
        );
        let by_number = HashMap::from([(7_u8, 'x')]);
        assert_eq!(to_json(&by_number), r#"{"7":"x"}"#);
        let by_pair = BTreeMap::from([((1, "a"), ())]);
        assert_eq!(to_json(&by_pair), r#"{"[1,\"a\"]":null}"#);
        let by_mail = BTreeMap::from([("jane@example.com".to_owned(), 1)]);
        assert_eq!(to_json(&by_mail), r#"{"j***@***.***":1}"#);
    }

    #[test]
    fn a_long_sequence_ends_with_what_is_missing() {
        let many = vec![1_u64; 1_000_000];
        let json = to_json(&many);
        assert!(json.len() < 17 * 1024, "{}", json.len());
        let value: serde_json::Value = serde_json::from_str(&json).unwrap();
        let elements = value.as_array().unwrap();
        let missing = elements.last().unwrap()["$truncated"].as_u64().unwrap();
        assert_eq!(missing + elements.len() as u64 - 1, 1_000_000);

        let map: BTreeMap<u32, u32> = (0..100_000).map(|n| (n, n)).collect();
        let json = to_json(&map);
        let value: serde_json::Value = serde_json::from_str(&json).unwrap();
        let members = value.as_object().unwrap();
        let missing = members["$truncated"].as_u64().unwrap();
        assert_eq!(missing + members.len() as u64 - 1, 100_000);
    }
}
