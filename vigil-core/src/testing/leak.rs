//! The proof that a secret stays out of the trail: a canary in its place, and a search for it in every byte that comes
//! out.

use std::fmt::Write;
use std::future::Future;

use serde_json::Value;

use super::search::Needle;
use super::{Captured, capture, capture_async};
use crate::random;

/// Makes a canary: a text that stands in a test where a secret stands in life, and that turns up nowhere else.
///
/// It is made of letters that no value detector knows, so that it gets through wherever a secret without a form of its
/// own would: a password, a name, a note.
///
/// # Examples
///
/// ```
/// use vigil::testing::canary;
///
/// let password = canary();
/// let email = format!("{}@example.com", canary());
/// assert_ne!(password, canary());
/// # assert!(password.len() == 24 && email.len() > 24);
/// ```
#[must_use]
pub fn canary() -> String {
    const CONSONANTS: &[u8; 16] = b"bdfghjklmnprstvz";
    const VOWELS: &[u8; 4] = b"aeiu";
    let mut text = String::new();
    for _ in 0..2 {
        let mut bits = random::next();
        for _ in 0..6 {
            text.push(char::from(CONSONANTS[(bits % 16) as usize]));
            text.push(char::from(VOWELS[(bits / 16 % 4) as usize]));
            bits >>= 6;
        }
    }
    text
}

/// Runs `f` with your canaries in its arguments, fields and errors, and makes sure that none of them reaches the trail.
///
/// Put a canary wherever a secret may be: in each sensitive field, in free text, in the error that is returned, in the
/// message of a panic that `f` catches. Everything that Vigil would hand over is searched: the records of the journal, the lines as they are, and in
/// each line every text and key on its own, as it is, unescaped, percent-decoded, and for the canary in base64, in
/// hexadecimal and as a list of bytes; in upper and lower case, whatever stands between the letters. A piece of half a
/// canary counts, so that what is only cut is found, and what a mask shows (a third at the most) is not.
///
/// # Panics
///
/// If a canary is found; the message says which, where and how. If nothing was recorded, because then nothing is proved.
/// If a canary has less than eight letters and digits.
///
/// # Examples
///
/// ```
/// use vigil::testing::{assert_no_leak, canary};
/// use vigil::{Sanitize, audited};
///
/// #[derive(Sanitize)]
/// struct Registration {
///     email: String,
///     password: String,
///     #[audit(redact)]
///     story: String,
/// }
///
/// #[audited(category = "AUTH", type = "CREATE")]
/// fn register(form: &Registration) -> Result<(), String> {
///     Err(format!("{} is taken", form.email))
/// }
///
/// let form = Registration {
///     email: format!("{}@example.com", canary()),
///     password: canary(),
///     story: canary(),
/// };
/// let captured = assert_no_leak([&form.email, &form.password, &form.story], || register(&form));
/// captured.only("register").failed();
/// ```
///
/// Without the `#[audit(redact)]` it would say so:
///
/// ```should_panic
/// # use vigil::testing::{assert_no_leak, canary};
/// # #[vigil::audited(category = "AUTH")]
/// # fn register(story: &str) {}
/// let story = canary();
/// assert_no_leak([&story], || register(&story));
/// ```
#[track_caller]
pub fn assert_no_leak<C: AsRef<str>, R>(
    canaries: impl IntoIterator<Item = C>,
    f: impl FnOnce() -> R,
) -> Captured<R> {
    let captured = capture(f);
    captured.assert_no_leak(canaries);
    captured
}

/// As [`assert_no_leak`], for a future.
///
/// # Panics
///
/// As [`assert_no_leak`].
pub async fn assert_no_leak_async<C: AsRef<str>, F: Future>(
    canaries: impl IntoIterator<Item = C>,
    future: F,
) -> Captured<F::Output> {
    let captured = capture_async(future).await;
    captured.assert_no_leak(canaries);
    captured
}

/// The message if there is something to say.
pub(super) fn check<R, C: AsRef<str>>(
    captured: &Captured<R>,
    canaries: impl IntoIterator<Item = C>,
) -> Result<(), String> {
    let mut needles = Vec::new();
    for canary in canaries {
        needles.push(Needle::new(canary.as_ref())?);
    }
    if needles.is_empty() {
        return Err("there is no canary to look for, so nothing is proved".to_owned());
    }
    if captured.events().is_empty() {
        return Err(format!(
            "nothing is proved, because nothing was recorded; {}",
            captured.list()
        ));
    }
    let mut message = String::new();
    let lines = captured.lines().iter().zip(captured.records());
    for ((line, record), event) in lines.zip(captured.events()) {
        let mut texts = Vec::new();
        if let Ok(tree) = serde_json::from_str(line) {
            collect(&tree, String::new(), &mut texts);
        }
        for needle in &needles {
            let mut found = texts
                .iter()
                .filter_map(|(path, text)| Some((path.as_str(), text, needle.found_in(text)?)))
                .peekable();
            let operation = &event.action.operation;
            let canary = needle.canary();
            // What is spread over several texts, such as a list of bytes, stands in the line alone.
            if found.peek().is_none()
                && let Some(how) = needle.found_in(line)
            {
                // Writing into a string does not fail.
                let _ = write!(
                    message,
                    "\n`{canary}`, {how}, in `{operation}`:\n    {line}"
                );
            }
            // The line leaves out what has become too long; the journal has held it.
            if found.peek().is_none()
                && needle.found_in(line).is_none()
                && let Some(how) = needle.found_in(record)
            {
                let _ = write!(
                    message,
                    "\n`{canary}`, {how}, in the journal's record of `{operation}`"
                );
            }
            for (path, text, how) in found {
                let _ = write!(
                    message,
                    "\n`{canary}`, {how}, in `{operation}` at {path}:\n    {text}"
                );
            }
        }
    }
    if message.is_empty() {
        return Ok(());
    }
    Err(format!(
        "canaries have reached the trail:{message}\n\
         take each out by a treatment, such as `#[audit(redact)]` or `#[audit(skip)]`, where it comes from"
    ))
}

/// Every text and every key of a value, with its path.
fn collect(value: &Value, path: String, texts: &mut Vec<(String, String)>) {
    let below = |name: &str| {
        if path.is_empty() {
            name.to_owned()
        } else {
            format!("{path}.{name}")
        }
    };
    match value {
        Value::Object(members) => {
            for (key, value) in members {
                texts.push((format!("the key {}", below(key)), key.clone()));
                collect(value, below(key), texts);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                collect(item, below(&index.to_string()), texts);
            }
        }
        Value::String(text) => texts.push((path, text.clone())),
        Value::Number(number) => texts.push((path, number.to_string())),
        Value::Null | Value::Bool(_) => {}
    }
}
