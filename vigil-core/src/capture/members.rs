//! Members of a JSON object that are written one by one, each name once.

/// `"a":1,"b":2`, without the braces.
#[derive(Debug, Default)]
pub(super) struct Members {
    json: Vec<u8>,
    /// Where each of them begins.
    starts: Vec<usize>,
}

impl Members {
    pub(super) fn json(&self) -> &[u8] {
        &self.json
    }

    pub(super) fn clear(&mut self) {
        self.json.clear();
        self.starts.clear();
    }

    pub(super) fn capacity(&self) -> usize {
        self.json.capacity()
    }

    /// Adds `"name":value`, in place of an earlier one of that name.
    pub(super) fn put(&mut self, member: &[u8]) {
        let (name, value) = split(member);
        self.begin(name);
        self.json.extend_from_slice(value);
    }

    /// Adds what was and what is, each given as `"name":value`, as one member: `"name":{"old":...,"new":...}`.
    pub(super) fn put_change(&mut self, old: &[u8], new: &[u8]) {
        let (name, old) = split(old);
        let (_, new) = split(new);
        self.begin(name);
        self.json.extend_from_slice(b"{\"old\":");
        self.json.extend_from_slice(old);
        self.json.extend_from_slice(b",\"new\":");
        self.json.extend_from_slice(new);
        self.json.push(b'}');
    }

    /// Writes the name with its quotes and colon; the value follows.
    fn begin(&mut self, name: &[u8]) {
        let same = |start: &usize| {
            self.json
                .get(*start..)
                .is_some_and(|rest| rest.starts_with(name))
        };
        if let Some(at) = self.starts.iter().position(same) {
            self.remove(at);
        }
        if !self.json.is_empty() {
            self.json.push(b',');
        }
        self.starts.push(self.json.len());
        self.json.extend_from_slice(name);
    }

    fn remove(&mut self, at: usize) {
        let start = self.starts.remove(at);
        if let Some(next) = self.starts.get(at).copied() {
            self.json.drain(start..next);
            for later in &mut self.starts[at..] {
                *later -= next - start;
            }
        } else {
            // The last one, with the comma before it.
            self.json.truncate(start.saturating_sub(1));
        }
    }
}

/// The quoted name with its colon, and the value.
fn split(member: &[u8]) -> (&[u8], &[u8]) {
    let mut escaped = false;
    let quote = member.iter().skip(1).position(|byte| match byte {
        _ if escaped => {
            escaped = false;
            false
        }
        b'\\' => {
            escaped = true;
            false
        }
        byte => *byte == b'"',
    });
    // Behind the opening quote, the closing one and the colon.
    let name = quote.map_or(member.len(), |at| at + 3);
    member.split_at_checked(name).unwrap_or((member, b""))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(members: &Members) -> &str {
        std::str::from_utf8(members.json()).unwrap()
    }

    #[test]
    fn a_name_said_again_replaces_what_was_said() {
        let mut members = Members::default();
        for member in [
            r#""a":1"#,
            r#""b":[2,"a"]"#,
            r#""c\":":{"b":3}"#,
            r#""ab":4"#,
        ] {
            members.put(member.as_bytes());
        }
        assert_eq!(text(&members), r#""a":1,"b":[2,"a"],"c\":":{"b":3},"ab":4"#);
        members.put(br#""b":5"#);
        members.put(br#""b":6"#);
        members.put(br#""a":7"#);
        assert_eq!(text(&members), r#""c\":":{"b":3},"ab":4,"b":6,"a":7"#);
        members.clear();
        members.put(br#""a":1"#);
        members.put(br#""a":2"#);
        assert_eq!(text(&members), r#""a":2"#);
    }

    #[test]
    fn a_change_is_one_member() {
        let mut members = Members::default();
        members.put_change(br#""a\"b":"x,y""#, br#""a\"b":null"#);
        assert_eq!(text(&members), r#""a\"b":{"old":"x,y","new":null}"#);
    }
}
