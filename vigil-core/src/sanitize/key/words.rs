//! How the words of a name are compared with those of the key rule and of configuration.

use super::Kind;
use super::table::{COUNTS, DESCRIBES, ENDINGS, PAIRS, TECHNICAL_ADDRESS, single};

/// Words and pairs that configuration adds, lower-case.
#[derive(Debug, Clone, Default)]
pub(crate) struct ExtraWords {
    /// Each entry is the words that must stand one after another.
    pub(crate) sensitive: Vec<Box<[Box<str>]>>,
    /// Each entry is the words of a whole name.
    pub(crate) exempt: Vec<Box<[Box<str>]>>,
    /// Whole names of what says something of a person, where the profile asks for more than the table holds.
    pub(crate) personal: Vec<Box<[Box<str>]>>,
}

/// The words before and after the one being judged.
struct Around<'w> {
    before_last: &'w str,
    before: &'w str,
    after: &'w str,
}

/// What the most sensitive word of a name says. Words run together (`dbpassword`) count only with `compounds`: where
/// the case of the letters has told the words already, they are none.
pub(super) fn judge<'a, W: Iterator<Item = &'a str> + Clone>(
    words: &mut W,
    extra: &ExtraWords,
    compounds: bool,
) -> Kind {
    if extra
        .exempt
        .iter()
        .any(|exempt| is_prefix(exempt, words.clone(), true))
    {
        return Kind::None;
    }
    let mut found = if extra
        .personal
        .iter()
        .any(|entry| is_prefix(entry, words.clone(), true))
    {
        Kind::Name
    } else {
        Kind::None
    };
    let (mut before_last, mut before) = ([0; LONGEST_WORD], [0; LONGEST_WORD]);
    let (mut before_last_len, mut before_len) = (0, 0);
    let mut lowered = [0; LONGEST_WORD];
    loop {
        let from_here = words.clone();
        let Some(word) = words.next() else { break };
        if extra
            .sensitive
            .iter()
            .any(|entry| is_prefix(entry, from_here.clone(), false))
        {
            return Kind::Secret;
        }
        let lower = lower(word, &mut lowered);
        let mut ahead = words.clone();
        let mut after = [0; LONGEST_WORD];
        let after = ahead
            .next()
            .map_or("", |word| self::lower(word, &mut after));
        let mut after_next = [0; LONGEST_WORD];
        let after_next = ahead
            .next()
            .map_or("", |word| self::lower(word, &mut after_next));
        let around = Around {
            before_last: text(&before_last, before_last_len),
            before: text(&before, before_len),
            after,
        };
        let kind = word_kind(lower, &around, after_next, compounds);
        if kind.class() > found.class() || (kind != Kind::None && found == Kind::None) {
            found = kind;
        }
        before_last = before;
        before_last_len = before_len;
        before_len = lower.len();
        before = lowered;
    }
    found
}

fn word_kind(word: &str, around: &Around<'_>, after_next: &str, compounds: bool) -> Kind {
    // A pair says more than its words: `email_address` is no postal address.
    let pair = pair(word, around.after);
    if pair != Kind::None {
        return if describes(after_next) {
            Kind::None
        } else {
            pair
        };
    }
    let kind = match single(word) {
        Kind::None => match stem(word).map_or(Kind::None, single) {
            Kind::None if compounds => run_together(word),
            kind => kind,
        },
        kind => kind,
    };
    if kind == Kind::None || is_exempt(word, kind, around) {
        return Kind::None;
    }
    kind
}

fn is_exempt(word: &str, kind: Kind, around: &Around<'_>) -> bool {
    if describes(around.after) {
        return true;
    }
    match kind {
        // An id of credentials names them; an id of a secret can be half of it (AppRole), an id of a session is it.
        Kind::Secret if around.after == "id" => {
            matches!(
                word,
                "credential" | "credentials" | "auth" | "authorization" | "password" | "token"
            )
        }
        // `has_password`
        Kind::Secret if matches!(around.before, "has" | "is" | "needs" | "requires" | "no") => true,
        // `pan_x` moves a picture.
        Kind::Card if word == "pan" => matches!(around.after, "x" | "y" | "zoom" | "tilt"),
        Kind::Secret if matches!(word, "token" | "tokens") => {
            COUNTS.contains(&around.before)
                || matches!(
                    around.before,
                    "next" | "previous" | "prev" | "page" | "continuation"
                )
                || around.before == "public"
                || (around.before == "key" && around.before_last == "public")
        }
        Kind::Address => {
            // The pair before this word has said what it is, or it is a machine's.
            TECHNICAL_ADDRESS.contains(&around.before)
                || matches!(around.before, "ip" | "email" | "mail")
        }
        Kind::Name => around.before == "file",
        _ => false,
    }
}

fn describes(word: &str) -> bool {
    DESCRIBES.contains(&word)
}

fn pair(word: &str, after: &str) -> Kind {
    if after.is_empty() {
        return Kind::None;
    }
    let stem_of_after = stem(after);
    let stem_of_word = stem(word);
    PAIRS
        .iter()
        .find(|(first, second, _)| {
            (*first == word || stem_of_word == Some(first))
                && (*second == after || stem_of_after == Some(second))
        })
        .map_or(Kind::None, |(_, _, kind)| *kind)
}

fn run_together(word: &str) -> Kind {
    // The shortest is `ccno`, then come those of six letters.
    if word.len() < 4 || (word.len() < 6 && !word.starts_with("cc")) {
        return Kind::None;
    }
    let stemmed = stem(word);
    let ends = |word: &str| ENDINGS.iter().any(|ending| word.ends_with(ending));
    // `maxtokens` counts them.
    let counts = |word: &str| {
        word.strip_suffix("token")
            .is_some_and(|rest| COUNTS.contains(&rest))
    };
    if counts(stemmed.unwrap_or(word)) {
        return Kind::None;
    }
    if ends(word) || stemmed.is_some_and(ends) {
        return Kind::Secret;
    }
    PAIRS
        .iter()
        .find(|(first, second, _)| {
            if first.as_bytes().first() != word.as_bytes().first() {
                return false;
            }
            let rest = word.strip_prefix(first);
            rest.is_some_and(|rest| !rest.is_empty() && rest == *second)
                || stemmed
                    .and_then(|word| word.strip_prefix(first))
                    .is_some_and(|rest| rest == *second)
        })
        // "oncard" and "ofbirth" are no words; "email" is one already.
        .map_or(Kind::None, |(_, _, kind)| *kind)
}

/// The word without its plural ending.
fn stem(word: &str) -> Option<&str> {
    match word.strip_suffix('s') {
        Some(stem) if stem.len() > 2 => Some(match stem.strip_suffix('e') {
            Some(shorter) if shorter.ends_with("ss") => shorter,
            _ => stem,
        }),
        _ => None,
    }
}

/// Longer words are judged by their ends.
const LONGEST_WORD: usize = 48;

/// The word in lower case.
fn lower<'b>(word: &str, buffer: &'b mut [u8; LONGEST_WORD]) -> &'b str {
    let mut start = word.len().saturating_sub(LONGEST_WORD);
    while !word.is_char_boundary(start) {
        start += 1;
    }
    let word = word.as_bytes().get(start..).unwrap_or_default();
    if let Some(room) = buffer.get_mut(..word.len()) {
        room.copy_from_slice(word);
        room.make_ascii_lowercase();
    }
    text(buffer, word.len())
}

fn text(buffer: &[u8; LONGEST_WORD], len: usize) -> &str {
    buffer
        .get(..len)
        .and_then(|bytes| std::str::from_utf8(bytes).ok())
        .unwrap_or("")
}

/// Whether the words begin with these (or are these, with `whole`), whatever their case.
fn is_prefix<'a>(
    entry: &[Box<str>],
    mut words: impl Iterator<Item = &'a str>,
    whole: bool,
) -> bool {
    entry
        .iter()
        .all(|wanted| words.next().is_some_and(|word| same(wanted, word)))
        && (!whole || words.next().is_none())
}

/// `wanted` is lower-case already; languages beyond English are why this is not ASCII only.
fn same(wanted: &str, word: &str) -> bool {
    wanted.chars().eq(word.chars().flat_map(char::to_lowercase))
}

impl ExtraWords {
    /// The words of a configured key; `None` if it has no letter.
    pub(crate) fn entry(key: &str) -> Option<Box<[Box<str>]>> {
        let words: Box<[Box<str>]> = super::split::Words::new(key)
            .map(|word| word.to_lowercase().into_boxed_str())
            .collect();
        (!words.is_empty()).then_some(words)
    }
}
