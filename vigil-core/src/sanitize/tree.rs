//! JSON read back with its members in their order and its numbers as they were written.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::{Sanitize, Writer};

/// The members of an object, not looked into.
pub(super) struct Members<'t>(pub(super) Vec<(Cow<'t, str>, &'t RawValue)>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct All;
        impl<'de> Visitor<'de> for All {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some((Name(name), value)) = map.next_entry()? {
                    members.push((name, value));
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(All)
    }
}

/// A name, borrowed where it has no escapes.
#[derive(serde::Deserialize)]
struct Name<'t>(#[serde(borrow)] Cow<'t, str>);

/// A value.
pub(super) enum Tree<'t> {
    Object(Vec<(Cow<'t, str>, Tree<'t>)>),
    Array(Vec<Tree<'t>>),
    Text(Cow<'t, str>),
    /// `null`, a truth value or a number.
    Other(&'t str),
}

impl<'t> Tree<'t> {
    pub(super) fn deserialize(value: &'t RawValue) -> Result<Self, serde_json::Error> {
        let text = value.get();
        Ok(match text.as_bytes().first() {
            Some(b'{') => {
                let Members(members) = serde_json::from_str(text)?;
                let members = members.into_iter();
                Self::Object(
                    members
                        .map(|(name, value)| Ok((name, Self::deserialize(value)?)))
                        .collect::<Result<_, serde_json::Error>>()?,
                )
            }
            Some(b'[') => {
                let elements: Vec<&RawValue> = serde_json::from_str(text)?;
                let elements = elements.into_iter();
                Self::Array(elements.map(Self::deserialize).collect::<Result<_, _>>()?)
            }
            Some(b'"') => {
                let Name(text) = serde_json::from_str(text)?;
                Self::Text(text)
            }
            _ => Self::Other(text),
        })
    }
}

impl Sanitize for Tree<'_> {
    fn sanitize(&self, out: &mut Writer<'_>) {
        match self {
            Self::Object(members) => {
                let mut object = out.object();
                for (name, value) in members {
                    object.entry(name, value);
                }
                object.end();
            }
            Self::Array(elements) => {
                let mut array = out.array();
                for element in elements {
                    array.element(element);
                }
                array.end();
            }
            Self::Text(text) => out.str(text),
            Self::Other(text) => out.literal(text),
        }
    }
}
