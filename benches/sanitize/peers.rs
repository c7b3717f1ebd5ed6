//! What one would do by hand: regular expressions, ten of the usual kind or as many as Vigil has rules. In one `RegexSet`,
//! which only says whether there is something to hide; with those replaced that the set has found; or one after another by
//! `replace_all`.

use std::borrow::Cow;

use regex::bytes::{Regex, RegexBuilder, RegexSet, RegexSetBuilder};

/// What many programs look for.
const TEN: [&str; 10] = [
    r"[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}",
    r"\b[0-9]{3}-[0-9]{2}-[0-9]{4}\b",
    r"\b[0-9]{4}[ -]?[0-9]{4}[ -]?[0-9]{4}[ -]?[0-9]{1,7}\b",
    r"\b[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}\b",
    r"eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*",
    r"\bA[KS]IA[A-Z2-7]{16}\b",
    r"\bgh[pousr]_[A-Za-z0-9]{30,}",
    r#"(?i:\b(?:password|passwd|secret|token|api[_-]?key)\b["']?[ ]?[:=][ ]?[!-~]+)"#,
    r"\b(?:Bearer|Basic) [A-Za-z0-9._~+/=-]{6,}",
    r"-----BEGIN [A-Z ]*PRIVATE KEY-----",
];

/// What Vigil finds by code and not by a table, as far as an expression says it. Check digits, the words that have to stand
/// near, and what is a word of the language are left out: an expression cannot tell.
const BY_HAND: [&str; 18] = [
    // e-mail
    r"[A-Za-z0-9._%+'~!#$&*-]+(?:@|%40)[A-Za-z0-9.-]+\.[A-Za-z]{2,}",
    // payment cards: in one, in fours, 4-6-5
    r"\b[0-9]{12,19}\b",
    r"\b[0-9]{4}(?:[ -][0-9]{4}){2}[ -][0-9]{1,4}(?:[ -][0-9]{1,3})?\b",
    r"\b3[0-9]{3}[ -][0-9]{6}[ -][0-9]{4,5}\b",
    // SSN and ITIN
    r"\b[0-9]{3}[-. ][0-9]{2}[-. ][0-9]{4}\b",
    // telephone: international, North American, behind a word
    r"(?:\+|%2B)[1-9][0-9](?:[ ./()-]{0,2}[0-9]){6,13}\b",
    r"(?:\b1[ .-])?\(?\b[2-9][0-9]{2}\)?[ .-][2-9][0-9]{2}[ .-][0-9]{4}\b",
    r"(?i:phone|tel|mobile|cell|fax|whatsapp|msisdn)[^0-9\n]{1,24}[0-9](?:[ ./()-]{0,2}[0-9]){6,14}\b",
    // IBAN
    r"(?i:\b[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]){11,30}\b)",
    // MAC
    r"\b(?:[0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}\b",
    r"\b(?:[0-9A-Fa-f]{4}\.){2}[0-9A-Fa-f]{4}\b",
    // JWT
    r"\beyJ[A-Za-z0-9_-]{6,}\.[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]*)?",
    // PEM
    r"-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----",
    // URL with a password
    r"[A-Za-z][A-Za-z0-9+.-]*://[^\s/?#:@]*:[^\s@]+@",
    // Bearer and Basic
    r"(?i:\b(?:bearer|basic) +[A-Za-z0-9._~+/=-]{4,})",
    // flags, and what is told in words
    r"(?i:--[a-z0-9-]*(?:password|passwd|secret|token|key|pass|pin)) +[^\s-]\S*",
    r"(?i:\b(?:password|passwd|passphrase|secret|token|pin|cvv)) is +\S+",
    r"(?i:identified (?:with \S+ )?by) +'[^']+'",
];

/// One way of doing it by hand.
pub(crate) struct ByHand {
    set: RegexSet,
    each: Vec<Regex>,
}

impl ByHand {
    /// Ten expressions of the usual kind.
    pub(crate) fn usual() -> Self {
        Self::of(TEN.map(str::to_owned).into())
    }

    /// The rules that Vigil has.
    pub(crate) fn same_rules() -> Self {
        let tokens = vigil::sanitize::token_patterns().map(|(_, regex)| regex);
        let by_hand = BY_HAND.map(str::to_owned);
        let key = [vigil::sanitize::key_pattern()];
        Self::of(tokens.chain(by_hand).chain(key).collect())
    }

    fn of(patterns: Vec<String>) -> Self {
        const ROOM: usize = 1 << 28;
        let set = RegexSetBuilder::new(&patterns)
            .unicode(false)
            .size_limit(ROOM)
            .dfa_size_limit(ROOM)
            .build()
            .expect("the patterns are valid");
        let each = patterns.iter().map(|pattern| {
            RegexBuilder::new(pattern)
                .unicode(false)
                .build()
                .expect("the patterns are valid")
        });
        Self {
            set,
            each: each.collect(),
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.each.len()
    }

    /// Whether there is something to hide.
    pub(crate) fn finds(&self, text: &str) -> bool {
        self.set.is_match(text.as_bytes())
    }

    /// The text without it, by those expressions that the set has found.
    pub(crate) fn replaced_by_hits<'t>(&self, text: &'t str) -> Cow<'t, [u8]> {
        let mut clean = Cow::Borrowed(text.as_bytes());
        for hit in self.set.matches(text.as_bytes()) {
            if let Cow::Owned(changed) = self.each[hit].replace_all(&clean, &b"***"[..]) {
                clean = changed.into();
            }
        }
        clean
    }

    /// The text without it, by one expression after another.
    pub(crate) fn replaced<'t>(&self, text: &'t str) -> Cow<'t, [u8]> {
        let mut clean = Cow::Borrowed(text.as_bytes());
        for regex in &self.each {
            if let Cow::Owned(changed) = regex.replace_all(&clean, &b"***"[..]) {
                clean = changed.into();
            }
        }
        clean
    }
}
