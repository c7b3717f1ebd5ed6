//! What `webpki` does not tell of a certificate: its name, and that it is for time stamps and nothing else.

use der::Tag;
use der::asn1::ObjectIdentifier;

use super::Flaw;
use super::fields::{Fields, context};

const COMMON_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.3");
const ORGANIZATION: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.10");
const KEY_USAGE: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.15");
const EXTENDED_KEY_USAGE: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.37");
const TIME_STAMPING: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.8");

/// The content of the identifier, as `webpki` wants it.
pub(super) const TIME_STAMPING_BYTES: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 3, 8];

/// No longer than anybody reads.
const LONGEST_NAME: usize = 100;

/// The subject of a certificate, by the name that people know it by.
pub(super) fn subject(certificate: &[u8]) -> Option<String> {
    let mut fields = behind_issuer(certificate).ok()?;
    fields.take(Tag::Sequence).ok()?;
    name_of(fields.take(Tag::Sequence).ok()?)
}

/// The common name, or else the organization.
pub(super) fn name_of(parts: &[u8]) -> Option<String> {
    let find = |wanted| {
        let mut parts = Fields::of(parts).ok()?;
        while !parts.is_end() {
            let mut part = parts.within(Tag::Set).ok()?.within(Tag::Sequence).ok()?;
            if part.oid_in_list().ok()? == Some(wanted) {
                let (tag, text) = part.any().ok()?;
                return Some(printable(&text_of(tag, text)));
            }
        }
        None
    };
    find(COMMON_NAME).or_else(|| find(ORGANIZATION))
}

fn text_of(tag: Tag, bytes: &[u8]) -> String {
    if tag == Tag::BmpString {
        let units = bytes
            .chunks_exact(2)
            .map(|pair| u16::from_be_bytes([pair[0], pair[1]]));
        return char::decode_utf16(units)
            .map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER))
            .collect();
    }
    String::from_utf8_lossy(bytes).into_owned()
}

/// Without what would do something to a terminal.
pub(super) fn printable(text: &str) -> String {
    let shown = text.chars().take(LONGEST_NAME);
    shown
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect()
}

/// RFC 3161, section 2.3: the key is for time stamps, for these alone, and who does not know that must not use it.
pub(super) fn check_purpose(certificate: &[u8]) -> Result<(), Flaw> {
    let mut purposes = None;
    let mut usage = None;
    for extension in extensions(certificate)? {
        match extension.oid {
            Some(EXTENDED_KEY_USAGE) => purposes = Some((extension.is_critical, extension.value)),
            Some(KEY_USAGE) => usage = Some(extension.value),
            _ => {}
        }
    }
    let not_for_this =
        |why| Flaw::untrusted(format!("its certificate is not one for time stamps: {why}"));
    let Some((is_critical, value)) = purposes else {
        return Err(not_for_this("it has no extended key usage"));
    };
    let mut purposes = Fields::only(value, Tag::Sequence)?;
    if purposes.oid()? != TIME_STAMPING || !purposes.is_end() {
        return Err(not_for_this(
            "its extended key usage is not timeStamping alone",
        ));
    }
    if !is_critical {
        return Err(not_for_this("its extended key usage is not critical"));
    }
    // As `openssl` has it: digital signature, non-repudiation, or both, where anything is said at all.
    if let Some(value) = usage {
        let bits = Fields::of(value)?.take(Tag::BitString)?;
        let (first, others) = match bits {
            [_, first, others @ ..] => (*first, others),
            _ => (0, &[][..]),
        };
        let only_signs = first & !0xc0 == 0 && others.iter().all(|byte| *byte == 0);
        if first & 0xc0 == 0 || !only_signs {
            return Err(not_for_this("its key usage is another than to sign"));
        }
    }
    Ok(())
}

struct Extension<'a> {
    oid: Option<ObjectIdentifier>,
    is_critical: bool,
    value: &'a [u8],
}

fn extensions(certificate: &[u8]) -> Result<Vec<Extension<'_>>, Flaw> {
    let mut fields = behind_issuer(certificate)?;
    // Validity, subject and key.
    for _ in 0..3 {
        fields.take(Tag::Sequence)?;
    }
    let Some(explicit) = fields.optional(context(3))? else {
        return Ok(Vec::new());
    };
    let mut list = Fields::only(explicit, Tag::Sequence)?;
    let mut all = Vec::new();
    while !list.is_end() {
        let mut extension = list.within(Tag::Sequence)?;
        all.push(Extension {
            oid: extension.oid_in_list()?,
            is_critical: extension.optional(Tag::Boolean)? == Some(&[0xff]),
            value: extension.take(Tag::OctetString)?,
        });
    }
    Ok(all)
}

/// The fields of a certificate from its validity on.
fn behind_issuer(certificate: &[u8]) -> Result<Fields<'_>, Flaw> {
    let mut fields = Fields::only(certificate, Tag::Sequence)?.within(Tag::Sequence)?;
    fields.optional(context(0))?;
    fields.take(Tag::Integer)?;
    // By what it is signed, and by whom.
    fields.take(Tag::Sequence)?;
    fields.take(Tag::Sequence)?;
    Ok(fields)
}
