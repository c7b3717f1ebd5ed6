//! Where in a line a value stands, as a JSON Pointer (RFC 6901), read off the JSON that stands before it.
//!
//! A writer does not keep its path: nearly all values never ask for it.

/// What is open around the place.
enum Frame {
    /// An object, and where the key in force stands, with its quotes.
    Object(Option<(usize, usize)>),
    /// An array, and the index of its element.
    Array(usize),
}

/// A walk over JSON as the trail holds it; the JSON may end before its last value.
pub(crate) struct Walk<'a> {
    json: &'a [u8],
    at: usize,
    frames: Vec<Frame>,
}

impl<'a> Walk<'a> {
    /// Over one value.
    pub(crate) fn of_value(json: &'a [u8]) -> Self {
        Self {
            json,
            at: 0,
            frames: Vec::new(),
        }
    }

    /// Over the members of an object, without its braces.
    pub(crate) fn of_members(json: &'a [u8]) -> Self {
        let mut walk = Self::of_value(json);
        walk.frames.push(Frame::Object(None));
        walk
    }

    /// Goes on to the next object that begins with these bytes, and stays before it.
    #[cfg(feature = "subject-keys")]
    pub(crate) fn find_object(&mut self, beginning: &[u8]) -> Option<usize> {
        while let Some(byte) = self.json.get(self.at) {
            if *byte == b'{' && self.json[self.at..].starts_with(beginning) {
                return Some(self.at);
            }
            self.step(*byte)?;
        }
        None
    }

    /// Goes to the end; false if that is inside a string.
    fn run_out(&mut self) -> bool {
        while let Some(byte) = self.json.get(self.at) {
            if self.step(*byte).is_none() {
                return false;
            }
        }
        true
    }

    /// Goes into the object that it stays before.
    #[cfg(feature = "subject-keys")]
    pub(crate) fn enter(&mut self) {
        let _ = self.step(b'{');
    }

    /// Goes on behind a value.
    #[cfg(feature = "subject-keys")]
    pub(crate) fn skip_to(&mut self, at: usize) {
        self.at = at;
    }

    fn step(&mut self, byte: u8) -> Option<()> {
        match byte {
            b'{' => self.frames.push(Frame::Object(None)),
            b'[' => self.frames.push(Frame::Array(0)),
            b'}' | b']' => {
                self.frames.pop();
            }
            b',' => match self.frames.last_mut() {
                Some(Frame::Object(key)) => *key = None,
                Some(Frame::Array(index)) => *index += 1,
                None => {}
            },
            b'"' => {
                let end = string_end(self.json, self.at)?;
                if let Some(Frame::Object(key @ None)) = self.frames.last_mut() {
                    *key = Some((self.at, end));
                }
                self.at = end;
                return Some(());
            }
            _ => {}
        }
        self.at += 1;
        Some(())
    }

    /// The place that has been reached, below `root`.
    pub(crate) fn pointer(&self, root: &str) -> String {
        let mut pointer = root.to_owned();
        for frame in &self.frames {
            match frame {
                Frame::Object(Some((start, end))) => {
                    let key = self.json.get(*start..*end).unwrap_or_default();
                    let key: String = serde_json::from_slice(key).unwrap_or_default();
                    pointer.push('/');
                    pointer.push_str(&key.replace('~', "~0").replace('/', "~1"));
                }
                Frame::Array(index) => pointer.push_str(&format!("/{index}")),
                Frame::Object(None) => {}
            }
        }
        pointer
    }
}

/// The place behind this JSON; `None` where that is inside a string.
pub(super) fn behind(mut walk: Walk<'_>, root: &str) -> Option<String> {
    walk.run_out().then(|| walk.pointer(root))
}

/// Behind the closing quote.
fn string_end(json: &[u8], start: usize) -> Option<usize> {
    let mut at = start + 1;
    loop {
        match json.get(at)? {
            b'"' => return Some(at + 1),
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_place_behind_json_is_told() {
        for (json, place) in [
            ("", "/p"),
            (r#""a":"#, "/p/a"),
            (r#""a":1,"b":{"c":[1,{"x":"y,]"},"#, "/p/b/c/2"),
            (r#""a":[[],[{"~/\"":"#, r#"/p/a/1/0/~0~1""#),
            (r#""a":{"b":[1]},"c":"#, "/p/c"),
        ] {
            let walk = Walk::of_members(json.as_bytes());
            assert_eq!(behind(walk, "/p").as_deref(), Some(place), "{json}");
        }
        assert_eq!(behind(Walk::of_value(b""), "/r").as_deref(), Some("/r"));
        assert_eq!(behind(Walk::of_value(b"[1,\"in a"), "/r"), None);
    }
}
