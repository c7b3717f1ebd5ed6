//! What stands after a sensitive key and is no secret: nothing, a placeholder, what one says about a secret, and code.

use crate::sanitize::REDACTED;

/// How a value stands beside its key.
#[derive(Debug, Clone, Copy)]
pub(super) struct Manner<'t> {
    /// The name before the sign.
    pub(super) key: &'t str,
    /// It is not in quotes.
    pub(super) bare: bool,
    /// The sign is a colon.
    pub(super) colon: bool,
    /// Between sign and value is a blank, as in prose and code.
    pub(super) spaced: bool,
}

/// A value that quotes or tags mark off from everything else.
pub(super) const IN_QUOTES: Manner<'_> = Manner {
    key: "",
    bare: false,
    colon: false,
    spaced: false,
};

/// Whether this is no secret. `rest` is the text behind it.
pub(super) fn is_harmless(found: &str, manner: Manner<'_>, rest: &str) -> bool {
    if found.is_empty() || found == REDACTED || is_placeholder(found) {
        return true;
    }
    if !manner.bare {
        return false;
    }
    const NOTHING: [&str; 11] = [
        "yes",
        "no",
        "null",
        "none",
        "nil",
        "undefined",
        "true",
        "false",
        "{}",
        "[]",
        "()",
    ];
    const SAID: [&str; 44] = [
        "a",
        "already",
        "an",
        "and",
        "are",
        "at",
        "authentication",
        "authorization",
        "bad",
        "cannot",
        "contains",
        "denied",
        "does",
        "empty",
        "error",
        "expected",
        "expired",
        "failed",
        "failure",
        "found",
        "has",
        "incorrect",
        "invalid",
        "is",
        "length",
        "malformed",
        "mismatch",
        "missing",
        "must",
        "no",
        "not",
        "ok",
        "or",
        "out",
        "rejected",
        "required",
        "should",
        "success",
        "the",
        "too",
        "unexpected",
        "unknown",
        "was",
        "wrong",
    ];
    NOTHING.iter().any(|word| found.eq_ignore_ascii_case(word))
        || (manner.colon && manner.spaced && SAID.contains(&found))
        || is_code(found, manner, rest)
}

/// Whether this is an expression or a type of a programming language, which a program will only later make a secret of.
fn is_code(found: &str, manner: Manner<'_>, rest: &str) -> bool {
    const KEYWORDS: [&str; 14] = [
        "async", "await", "else", "for", "function", "if", "lambda", "new", "not", "raise",
        "return", "throw", "where", "yield",
    ];
    const TYPES: [&str; 26] = [
        "&'static",
        "&str",
        "Arc",
        "Box",
        "Bytes",
        "Cow",
        "Option",
        "Password",
        "Secret",
        "SecretString",
        "String",
        "Text",
        "Uuid",
        "Vec",
        "VARCHAR",
        "any",
        "bool",
        "boolean",
        "bytes",
        "int",
        "number",
        "object",
        "str",
        "string",
        "text",
        "varchar",
    ];
    const ROOTS: [&str; 17] = [
        "args.",
        "config.",
        "env.",
        "import.meta.env.",
        "local.",
        "module.",
        "opts.",
        "options.",
        "os.environ",
        "params.",
        "process.env.",
        "props.",
        "request.",
        "secrets.",
        "self.",
        "settings.",
        "var.",
    ];
    let path = found
        .find(|c: char| !(c.is_ascii_alphanumeric() || "_.:$".contains(c)))
        .map_or(found, |end| found.split_at(end).0);
    let is_name = path.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_' || c == '$');
    let dotted = path.contains('.') || path.contains("::");
    let after = found.get(path.len()..).unwrap_or_default();
    let last = path.rsplit(['.', ':']).next().unwrap_or_default();
    // `Some("x")` and `Secret("x")` are how `Debug` writes a value; functions are lower-case, or belong to something.
    let calls = after.starts_with(['(', '['])
        && is_name
        && last
            .starts_with(|c: char| c.is_ascii_lowercase() || (dotted && c.is_ascii_alphabetic()));
    if calls && (dotted || (manner.spaced && !manner.colon)) {
        return true;
    }
    if is_name && after.is_empty() && ROOTS.iter().any(|root| path.starts_with(root)) {
        return true;
    }
    if !manner.spaced {
        return false;
    }
    // PHP's `$_POST['password']`, and a secret that Ansible keeps.
    if path.starts_with("$_") && after.starts_with('[') || found.starts_with("!vault") {
        return true;
    }
    let goes_on = rest.starts_with(' ')
        && rest
            .trim_start()
            .starts_with(|c: char| c.is_ascii_alphabetic());
    let own_name = |name: &str| {
        let key = manner.key.rsplit(['.', ' ']).next().unwrap_or_default();
        name.eq_ignore_ascii_case(key)
    };
    (goes_on && KEYWORDS.contains(&found))
        || (manner.colon && TYPES.contains(&found))
        || (manner.colon && TYPES.contains(&path) && after.starts_with('('))
        || (after.is_empty() && own_name(last))
}

const LONGEST_PLACEHOLDER: usize = 256;

/// A place for a value in SQL, a template or a format string.
fn is_placeholder(found: &str) -> bool {
    // What is longer has not been left for a program to fill in, and may have any number of keys and values inside it.
    if found.len() > LONGEST_PLACEHOLDER && !found.starts_with('*') {
        return false;
    }
    let rest_is = |prefix: &str, wanted: fn(u8) -> bool| {
        found
            .strip_prefix(prefix)
            .is_some_and(|rest| !rest.is_empty() && rest.bytes().all(wanted))
    };
    let name = |byte: u8| byte.is_ascii_lowercase() || byte == b'_';
    // `Bearer $TOKEN`
    if let Some((scheme, rest)) = found.split_once(' ')
        && ["bearer", "basic", "token"]
            .iter()
            .any(|known| scheme.eq_ignore_ascii_case(known))
        && is_placeholder(rest)
    {
        return true;
    }
    let variable = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
    found == "?"
        || (found.len() > 3 && rest_is("$", variable))
        || (found.starts_with("$(") && found.ends_with(')'))
        || (found.starts_with('<')
            && found.ends_with('>')
            && found
                .bytes()
                .all(|byte| byte.is_ascii_alphabetic() || b"<>_- ".contains(&byte)))
        || found == "%s"
        || rest_is("$", |byte| byte.is_ascii_digit())
        || rest_is(":", name)
        || (found.starts_with("${") && found.ends_with('}') && !found.contains(' '))
        || (found.starts_with("{{") && found.ends_with("}}"))
        || found.bytes().all(|byte| byte == b'*')
}
