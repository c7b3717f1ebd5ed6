//! Making JSON that is already written shorter, or other, without parsing it into values.

/// Replaces the biggest members of `members` (an object's, without the braces) by `{"$truncated":N}`, N being the bytes
/// that stood there, until no more than `max` bytes are left or nothing is left to gain.
pub(super) fn biggest_members(members: &mut Vec<u8>, max: usize) {
    while members.len() > max {
        let Some((start, end)) = values(members).max_by_key(|(start, end)| end - start) else {
            return;
        };
        let mark = format!("{{\"$truncated\":{}}}", end - start);
        if mark.len() >= end - start {
            return;
        }
        members.splice(start..end, mark.into_bytes());
    }
}

/// Renames the last member from `from` to `to` unless its value is a string.
pub(super) fn rename_unless_text(members: &mut Vec<u8>, from: &str, to: &str) {
    let Some((start, _)) = values(members).last() else {
        return;
    };
    let head = format!("\"{from}\":");
    if members[..start].ends_with(head.as_bytes()) && members.get(start) != Some(&b'"') {
        members.splice(start - head.len()..start, format!("\"{to}\":").into_bytes());
    }
}

/// Where the values of the members begin and end.
fn values(members: &[u8]) -> impl Iterator<Item = (usize, usize)> + '_ {
    let mut at = 0;
    std::iter::from_fn(move || {
        let key_end = string_end(members, at)?;
        let start = key_end + 1;
        let end = value_end(members, start);
        at = end + 1;
        (start < end).then_some((start, end))
    })
}

/// The index behind the string that begins at `at`.
fn string_end(json: &[u8], at: usize) -> Option<usize> {
    if json.get(at) != Some(&b'"') {
        return None;
    }
    let mut i = at + 1;
    loop {
        match json.get(i)? {
            b'"' => return Some(i + 1),
            b'\\' => i += 2,
            _ => i += 1,
        }
    }
}

/// The index of the comma behind the value that begins at `at`, or the end.
fn value_end(json: &[u8], at: usize) -> usize {
    let mut depth = 0_usize;
    let mut i = at;
    while let Some(byte) = json.get(i) {
        match byte {
            b'"' => {
                i = string_end(json, i).unwrap_or(json.len());
                continue;
            }
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.saturating_sub(1),
            b',' if depth == 0 => return i,
            _ => {}
        }
        i += 1;
    }
    json.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_biggest_go_first_and_only_as_many_as_must() {
        let long = "x".repeat(90);
        let mut members =
            format!(r#""a":"{long}","b,\"":{{"c":[1,"{long}{long}"]}},"d":1"#).into_bytes();
        biggest_members(&mut members, 200);
        assert_eq!(
            String::from_utf8(members).unwrap(),
            format!(r#""a":"{long}","b,\"":{{"$truncated":192}},"d":1"#)
        );
    }

    #[test]
    fn what_cannot_become_shorter_stays() {
        let mut members = br#""a":1,"b":2"#.to_vec();
        biggest_members(&mut members, 3);
        assert_eq!(members, br#""a":1,"b":2"#);
    }

    #[test]
    fn a_value_that_is_no_text_is_renamed() {
        let mut members = br#""type":"E","message":{"code":1}"#.to_vec();
        rename_unless_text(&mut members, "message", "details");
        assert_eq!(members, br#""type":"E","details":{"code":1}"#);
        let mut members = br#""type":"E","message":"no""#.to_vec();
        rename_unless_text(&mut members, "message", "details");
        assert_eq!(members, br#""type":"E","message":"no""#);
    }
}
