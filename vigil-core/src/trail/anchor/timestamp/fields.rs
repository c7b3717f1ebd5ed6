//! DER, field by field. `der` reads tags and lengths; the structures are walked by hand, because what is signed is bytes as
//! they came, and because the types of others refuse what authorities send: times with fractions of a second, and
//! certificates of attributes beside those of keys.

use der::asn1::{AnyRef, ObjectIdentifier};
use der::{Decode as _, Reader as _, SliceReader, Tag, TagNumber};

use super::Flaw;

/// Fields that follow each other.
#[derive(Debug, Clone)]
pub(super) struct Fields<'a>(SliceReader<'a>);

/// `[number]`, of several fields.
pub(super) const fn context(number: u8) -> Tag {
    Tag::ContextSpecific {
        constructed: true,
        number: TagNumber::new(number),
    }
}

impl<'a> Fields<'a> {
    pub(super) fn of(bytes: &'a [u8]) -> Result<Self, Flaw> {
        Ok(Self(SliceReader::new(bytes).map_err(malformed)?))
    }

    /// The fields of the only one here, which has this tag.
    pub(super) fn only(bytes: &'a [u8], tag: Tag) -> Result<Self, Flaw> {
        let mut fields = Self::of(bytes)?;
        let within = fields.within(tag)?;
        fields.end()?;
        Ok(within)
    }

    /// What the next one contains, which has this tag.
    pub(super) fn take(&mut self, tag: Tag) -> Result<&'a [u8], Flaw> {
        let (found, contents) = self.any()?;
        if found != tag {
            return Err(Flaw::form(format!(
                "malformed DER: expected {tag}, found {found}"
            )));
        }
        Ok(contents)
    }

    /// The fields of the next one.
    pub(super) fn within(&mut self, tag: Tag) -> Result<Self, Flaw> {
        Self::of(self.take(tag)?)
    }

    /// What the next one contains, if it has this tag.
    pub(super) fn optional(&mut self, tag: Tag) -> Result<Option<&'a [u8]>, Flaw> {
        if self.is_end() || self.0.peek_tag().map_err(malformed)? != tag {
            return Ok(None);
        }
        self.take(tag).map(Some)
    }

    pub(super) fn oid(&mut self) -> Result<ObjectIdentifier, Flaw> {
        ObjectIdentifier::from_bytes(self.take(Tag::ObjectIdentifier)?)
            .map_err(|error| Flaw::form(format!("malformed DER: {error}")))
    }

    /// One of a list in which others may stand that nobody here knows; `None` for such as `ObjectIdentifier` cannot hold.
    pub(super) fn oid_in_list(&mut self) -> Result<Option<ObjectIdentifier>, Flaw> {
        let bytes = self.take(Tag::ObjectIdentifier)?;
        Ok(ObjectIdentifier::from_bytes(bytes).ok())
    }

    /// Whichever is next, and what it contains.
    pub(super) fn any(&mut self) -> Result<(Tag, &'a [u8]), Flaw> {
        let any = AnyRef::decode(&mut self.0).map_err(malformed)?;
        Ok((der::Tagged::tag(&any), any.value()))
    }

    /// The next one as a whole, tag and length with it.
    pub(super) fn whole(&mut self) -> Result<&'a [u8], Flaw> {
        self.0.tlv_bytes().map_err(malformed)
    }

    pub(super) fn is_end(&self) -> bool {
        self.0.is_finished()
    }

    /// That nothing follows.
    pub(super) fn end(&self) -> Result<(), Flaw> {
        if self.is_end() {
            Ok(())
        } else {
            Err(Flaw::form("malformed DER: something follows its end"))
        }
    }
}

fn malformed(error: der::Error) -> Flaw {
    Flaw::form(format!("malformed DER: {error}"))
}
