//! What an authority answers: a `TimeStampResp` (RFC 3161, section 2.4.2).

use der::Tag;

use super::Flaw;
use super::fields::Fields;
use super::status::{failures, status};
use super::token::Token;

/// The token that was granted.
pub(crate) fn granted(bytes: &[u8]) -> Result<Token<'_>, Flaw> {
    let mut response = Fields::only(bytes, Tag::Sequence)?;
    let mut info = response.within(Tag::Sequence)?;
    let number = info.take(Tag::Integer)?;
    let texts = info.optional(Tag::Sequence)?;
    let failed = info.optional(Tag::BitString)?;
    info.end()?;
    // Granted, and granted with modifications: what was modified is checked against the request.
    if !matches!(number, [0 | 1]) {
        let mut message = format!("it was not granted ({}", status(number));
        if let Some(failed) = failed {
            message.extend([", ", &failures(failed)]);
        }
        message.push(')');
        if let Some(text) = texts.map(text_of).transpose()? {
            message.extend([": ", &text]);
        }
        return Err(Flaw::form(message));
    }
    if response.is_end() {
        return Err(Flaw::form("it was granted, and there is no token"));
    }
    let token = Token::read(response.whole()?)?;
    response.end()?;
    Ok(token)
}

/// What it says in words, for a message.
fn text_of(texts: &[u8]) -> Result<String, Flaw> {
    let mut texts = Fields::of(texts)?;
    let mut all = Vec::new();
    while !texts.is_end() {
        let (_, text) = texts.any()?;
        all.push(super::certificate::printable(&String::from_utf8_lossy(
            text,
        )));
    }
    Ok(all.join(" "))
}
