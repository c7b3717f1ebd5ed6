//! Hashes in hexadecimal digits, small letters, as `sha256sum` prints them.

use serde::{Deserialize as _, Deserializer, Serializer};

use crate::trail::tree::Hash;

fn encode(hash: &Hash) -> String {
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn decode<E: serde::de::Error>(text: &str) -> Result<Hash, E> {
    let digit = |byte: u8| match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    };
    let mut hash = [0; 32];
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    if pairs.len() != hash.len() || !rest.is_empty() {
        return Err(E::custom("a hash has 64 hexadecimal digits"));
    }
    for (byte, [high, low]) in hash.iter_mut().zip(pairs) {
        *byte = digit(*high)
            .zip(digit(*low))
            .map(|(high, low)| high << 4 | low)
            .ok_or_else(|| E::custom("a hash has digits from 0 to 9 and from a to f"))?;
    }
    Ok(hash)
}

pub(super) fn serialize<S: Serializer>(hash: &Hash, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&encode(hash))
}

pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Hash, D::Error> {
    decode(&String::deserialize(deserializer)?)
}

pub(super) mod option {
    use super::{Deserializer, Hash, Serializer};

    pub(in crate::trail::evidence) fn serialize<S: Serializer>(
        hash: &Option<Hash>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        match hash {
            Some(hash) => super::serialize(hash, serializer),
            None => serializer.serialize_none(),
        }
    }

    pub(in crate::trail::evidence) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Hash>, D::Error> {
        super::deserialize(deserializer).map(Some)
    }
}

pub(super) mod list {
    use serde::Deserialize as _;

    use super::{Deserializer, Hash, Serializer};

    pub(in crate::trail::evidence) fn serialize<S: Serializer>(
        hashes: &[Hash],
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(hashes.iter().map(super::encode))
    }

    pub(in crate::trail::evidence) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Vec<Hash>, D::Error> {
        Vec::<String>::deserialize(deserializer)?
            .iter()
            .map(|text| super::decode(text))
            .collect()
    }
}
