//! What several fuzzing targets do with their input.

/// The text with some of its bytes changed: at the place of the first, to the second. What is no text after that is made
/// one.
#[must_use]
pub fn changed(text: &str, edits: &[(u16, u8)]) -> String {
    let mut bytes = text.as_bytes().to_vec();
    for (at, byte) in edits {
        let at = usize::from(*at);
        match bytes.len() {
            0 => bytes.push(*byte),
            // Beyond its end, a byte is taken out or put in: a change of length is one as well.
            length if at >= length && at % 2 == 0 => {
                bytes.remove(at % length);
            }
            length if at >= length => bytes.insert(at % length, *byte),
            _ => bytes[at] = *byte,
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
