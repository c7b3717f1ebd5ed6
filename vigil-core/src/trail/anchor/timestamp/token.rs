//! A `TimeStampToken`: CMS `SignedData` (RFC 5652, section 5.1) over a `TSTInfo` (RFC 3161, section 2.4.2).

use der::Tag;
use der::asn1::ObjectIdentifier;
use jiff::Timestamp;
use sha2::{Digest as _, Sha256};

use super::Flaw;
use super::algorithms::digest_of_certificate;
use super::certificate::name_of;
use super::fields::{Fields, context};
use super::request::Request;
use super::time;

const SIGNED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.2");
const TST_INFO: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.1.4");
const SHA_256: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1");
const CONTENT_TYPE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.3");
const MESSAGE_DIGEST: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.4");
/// By SHA-1 (RFC 2634), and by the hash that it names (RFC 5816).
const SIGNING_CERTIFICATE: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.12");
const SIGNING_CERTIFICATE_V2: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.47");
const SHA_1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.14.3.2.26");

/// What was read. Nothing of it is believed yet.
#[derive(Debug)]
pub(crate) struct Token<'a> {
    imprint: Option<[u8; 32]>,
    nonce: Option<&'a [u8]>,
    /// Whom it says to be of, as far as it does.
    tsa: Option<String>,
    /// When it says to have been made.
    pub(crate) time: Timestamp,
    /// The `TSTInfo`, whose digest is signed.
    pub(super) content: &'a [u8],
    pub(super) certificates: Vec<&'a [u8]>,
    pub(super) signer: Signer<'a>,
}

/// A `SignerInfo`.
#[derive(Debug)]
pub(super) struct Signer<'a> {
    /// The issuer and the serial number of the certificate, if it is named by these.
    pub(super) issuer: Option<(&'a [u8], &'a [u8])>,
    /// By which the content is digested.
    pub(super) digest: ObjectIdentifier,
    /// What is signed: the attributes, as a `SET`.
    pub(super) signed: Vec<u8>,
    pub(super) message_digest: &'a [u8],
    /// The hashes of the certificate, and by what.
    pub(super) certificate: Vec<(ObjectIdentifier, &'a [u8])>,
    pub(super) algorithm: ObjectIdentifier,
    pub(super) signature: &'a [u8],
}

impl<'a> Token<'a> {
    pub(super) fn read(bytes: &'a [u8]) -> Result<Self, Flaw> {
        let mut outer = Fields::only(bytes, Tag::Sequence)?;
        if outer.oid()? != SIGNED_DATA {
            return Err(Flaw::form("its token is not signed data"));
        }
        let mut data = Fields::only(outer.take(context(0))?, Tag::Sequence)?;
        outer.end()?;
        data.take(Tag::Integer)?;
        data.take(Tag::Set)?;
        let mut encapsulated = data.within(Tag::Sequence)?;
        if encapsulated.oid()? != TST_INFO {
            return Err(Flaw::form("its token is signed data of something else"));
        }
        let mut explicit = encapsulated.within(context(0))?;
        let content = explicit.take(Tag::OctetString)?;
        let certificates = certificates(data.optional(context(0))?.unwrap_or_default())?;
        data.optional(context(1))?;
        let mut signers = data.within(Tag::Set)?;
        data.end()?;
        let signer = Signer::read(signers.take(Tag::Sequence)?)?;
        if !signers.is_end() {
            return Err(Flaw::form("its token has more than one signature"));
        }
        let mut info = Fields::only(content, Tag::Sequence)?;
        if info.take(Tag::Integer)? != [1] {
            return Err(Flaw::form("its token is of another version than 1"));
        }
        // The policy, which may be any.
        info.take(Tag::ObjectIdentifier)?;
        let mut imprint = info.within(Tag::Sequence)?;
        let algorithm = imprint.within(Tag::Sequence)?.oid()?;
        let hash = imprint.take(Tag::OctetString)?;
        info.take(Tag::Integer)?;
        let time = time::parse(info.take(Tag::GeneralizedTime)?)
            .ok_or_else(|| Flaw::form("its token has no time that is one"))?;
        info.optional(Tag::Sequence)?;
        info.optional(Tag::Boolean)?;
        let nonce = info.optional(Tag::Integer)?;
        let tsa = info.optional(context(0))?.and_then(name_in);
        info.optional(context(1))?;
        info.end()?;
        Ok(Self {
            imprint: hash.try_into().ok().filter(|_| algorithm == SHA_256),
            nonce,
            tsa,
            time,
            content,
            certificates,
            signer,
        })
    }

    /// That it is one of these bytes.
    pub(crate) fn fits(&self, data: &[u8]) -> Result<(), Flaw> {
        match self.imprint {
            None => Err(Flaw::form("its imprint is none by SHA-256")),
            Some(imprint) if imprint == *Sha256::digest(data) => Ok(()),
            Some(_) => Err(Flaw::form("its imprint is that of something else")),
        }
    }

    /// That it was made for this request, and is not an older one that was sent again.
    pub(super) fn answers(&self, request: &Request) -> Result<(), Flaw> {
        match self.nonce {
            Some(nonce) if nonce == request.nonce() => Ok(()),
            Some(_) => Err(Flaw::form("its nonce is not the one that was sent")),
            None => Err(Flaw::form("it does not repeat the nonce that was sent")),
        }
    }

    /// Whom it says to be of. Anybody can write that.
    pub(crate) fn claims(&self) -> String {
        let of_certificate = || {
            let der = self.signer.find(&self.certificates)?;
            super::certificate::subject(der)
        };
        of_certificate()
            .or_else(|| self.tsa.clone())
            .unwrap_or_else(|| "somebody who is not named".to_owned())
    }
}

impl<'a> Signer<'a> {
    /// The certificate among these whose hashes it has signed.
    pub(super) fn find(&self, certificates: &[&'a [u8]]) -> Option<&'a [u8]> {
        let is_it = |der: &[u8]| {
            self.certificate.iter().all(|(by, hash)| {
                digest_of_certificate(*by, der).is_some_and(|own| own.as_ref() == *hash)
            })
        };
        certificates.iter().copied().find(|der| is_it(der))
    }

    fn read(bytes: &'a [u8]) -> Result<Self, Flaw> {
        let mut info = Fields::of(bytes)?;
        info.take(Tag::Integer)?;
        let issuer = match info.optional(Tag::Sequence)? {
            Some(identifier) => {
                let mut identifier = Fields::of(identifier)?;
                Some((
                    identifier.take(Tag::Sequence)?,
                    identifier.take(Tag::Integer)?,
                ))
            }
            // By the identifier of its key: found by the hash of the certificate all the same.
            None => {
                info.any()?;
                None
            }
        };
        let digest = info.within(Tag::Sequence)?.oid()?;
        let mut signed = info.whole()?.to_vec();
        // RFC 5652, section 5.4: signed as a SET, whatever tag they have here.
        match signed.first_mut() {
            Some(tag) if *tag == context(0).octet() => *tag = Tag::Set.octet(),
            _ => return Err(Flaw::form("its token has no signed attributes")),
        }
        let algorithm = info.within(Tag::Sequence)?.oid()?;
        let signature = info.take(Tag::OctetString)?;
        info.optional(context(1))?;
        info.end()?;
        let attributes = attributes_of(bytes)?;
        let one = |wanted: ObjectIdentifier| -> Result<Option<&'a [u8]>, Flaw> {
            let mut found = attributes.iter().filter(|(oid, _)| *oid == wanted);
            let first = found.next().map(|(_, value)| *value);
            if found.next().is_some() {
                return Err(Flaw::form(format!(
                    "its token has the attribute {wanted} twice"
                )));
            }
            Ok(first)
        };
        let missing = |what| Flaw::form(format!("its token has no signed attribute for {what}"));
        let of_type = one(CONTENT_TYPE)?.ok_or_else(|| missing("its type"))?;
        if Fields::of(of_type)?.oid()? != TST_INFO {
            return Err(Flaw::form("its token is signed as something else"));
        }
        let message_digest = one(MESSAGE_DIGEST)?.ok_or_else(|| missing("its digest"))?;
        let mut certificate = Vec::new();
        if let Some(value) = one(SIGNING_CERTIFICATE)? {
            certificate.push(first_certificate(value, SHA_1)?);
        }
        if let Some(value) = one(SIGNING_CERTIFICATE_V2)? {
            certificate.push(first_certificate(value, SHA_256)?);
        }
        if certificate.is_empty() {
            return Err(missing("the certificate"));
        }
        Ok(Self {
            issuer,
            digest,
            signed,
            message_digest: Fields::of(message_digest)?.take(Tag::OctetString)?,
            certificate,
            algorithm,
            signature,
        })
    }
}

/// Each signed attribute that has one value, with that.
fn attributes_of(info: &[u8]) -> Result<Vec<(ObjectIdentifier, &[u8])>, Flaw> {
    let mut info = Fields::of(info)?;
    // Version, identifier and digest stand before them.
    for _ in 0..3 {
        info.any()?;
    }
    let mut attributes = info.within(context(0))?;
    let mut all = Vec::new();
    while !attributes.is_end() {
        let mut attribute = attributes.within(Tag::Sequence)?;
        let oid = attribute.oid_in_list()?;
        let mut values = attribute.within(Tag::Set)?;
        attribute.end()?;
        let value = values.whole()?;
        // Those that are looked at have one; others may have as many as they like.
        if let (Some(oid), true) = (oid, values.is_end()) {
            all.push((oid, value));
        }
    }
    Ok(all)
}

/// The first hash of a `SigningCertificate` or `SigningCertificateV2`: that of the certificate that signs.
fn first_certificate(
    value: &[u8],
    default: ObjectIdentifier,
) -> Result<(ObjectIdentifier, &[u8]), Flaw> {
    let mut signing = Fields::only(value, Tag::Sequence)?;
    let mut first = signing.within(Tag::Sequence)?.within(Tag::Sequence)?;
    let algorithm = match first.optional(Tag::Sequence)? {
        Some(algorithm) => Fields::of(algorithm)?.oid()?,
        None => default,
    };
    Ok((algorithm, first.take(Tag::OctetString)?))
}

/// Those of keys. Others, of attributes say, have other tags, and vouch for nothing here.
fn certificates(set: &[u8]) -> Result<Vec<&[u8]>, Flaw> {
    let mut set = Fields::of(set)?;
    let mut all = Vec::new();
    while !set.is_end() {
        let whole = set.whole()?;
        if whole.first() == Some(&Tag::Sequence.octet()) {
            all.push(whole);
        }
    }
    Ok(all)
}

/// The name in a `GeneralName`, if it is one of a directory.
fn name_in(name: &[u8]) -> Option<String> {
    let mut directory = Fields::of(name).ok()?.within(context(4)).ok()?;
    name_of(directory.take(Tag::Sequence).ok()?)
}
