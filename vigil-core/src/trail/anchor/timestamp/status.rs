//! The words for the numbers of an answer (RFC 3161, section 2.4.2).

/// `PKIStatus`.
pub(super) fn status(number: &[u8]) -> String {
    let word = match number {
        [0] => "granted",
        [1] => "granted with modifications",
        [2] => "rejection",
        [3] => "waiting",
        [4] => "revocation warning",
        [5] => "revocation notification",
        _ => return "a status that RFC 3161 does not know".to_owned(),
    };
    word.to_owned()
}

/// `PKIFailureInfo`: what the bits of a bit string say.
pub(super) fn failures(bits: &[u8]) -> String {
    const WORDS: [(usize, &str); 8] = [
        (0, "bad algorithm"),
        (2, "bad request"),
        (5, "bad data format"),
        (14, "time not available"),
        (15, "unaccepted policy"),
        (16, "unaccepted extension"),
        (17, "additional information not available"),
        (25, "system failure"),
    ];
    // The first byte tells how many bits of the last one do not count.
    let bytes = bits.get(1..).unwrap_or_default();
    let is_set = |bit: usize| {
        bytes
            .get(bit / 8)
            .is_some_and(|byte| byte & (0x80 >> (bit % 8)) != 0)
    };
    let words: Vec<&str> = WORDS
        .iter()
        .filter(|(bit, _)| is_set(*bit))
        .map(|(_, word)| *word)
        .collect();
    if words.is_empty() {
        "without a known reason".to_owned()
    } else {
        words.join(", ")
    }
}
