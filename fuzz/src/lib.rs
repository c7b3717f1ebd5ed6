//! What several fuzzing targets do with their input.

/// The text with some of its bytes changed: at the place of the first, to the second. What is no text after that is made
/// one.
#[must_use]
pub fn changed(text: &str, edits: &[(u16, u8)]) -> String {
    String::from_utf8_lossy(&changed_bytes(text.as_bytes(), edits)).into_owned()
}

/// The same of what need not be text.
#[must_use]
pub fn changed_bytes(bytes: &[u8], edits: &[(u16, u8)]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
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
    bytes
}
