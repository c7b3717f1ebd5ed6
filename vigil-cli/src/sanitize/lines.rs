//! Plain text, line by line; what belongs together over several lines is read together.

use std::io::{self, Write};

use vigil_core::sanitize::{Finding, Sanitized, Sanitizer};

use super::Arguments;
use crate::failure::Failure;
use crate::input::Lines;

/// Lines that are read together at most. The largest keys have 100.
const MOST_LINES: usize = 256;

/// Bytes that are read together at most, unless one line is longer.
const MOST_BYTES: usize = 64 << 10;

pub(super) fn run(
    mut lines: Lines,
    sanitizer: &Sanitizer,
    arguments: &Arguments,
    out: &mut impl Write,
) -> Result<(), Failure> {
    let mut block = Vec::new();
    let mut sanitized = Sanitized::default();
    while {
        block.clear();
        lines.append(&mut block)?
    } {
        let first = lines.number();
        let mut together = Together::begin(&block);
        while together.wants_more() && block.len() < MOST_BYTES {
            let start = block.len();
            if !lines.append(&mut block)? {
                break;
            }
            together.take(&block[start..]);
        }
        let replaced;
        let text = match std::str::from_utf8(&block) {
            Ok(text) => text,
            Err(_) if arguments.lossy => {
                replaced = String::from_utf8_lossy(&block);
                &replaced
            }
            Err(error) => {
                let good = block.get(..error.valid_up_to()).unwrap_or_default();
                let line = first + good.iter().filter(|byte| **byte == b'\n').count() as u64;
                let problem = "not UTF-8; --lossy takes such bytes for replacement characters";
                return Err(lines.bad_at(line, problem));
            }
        };
        let content = text.trim_end_matches(['\r', '\n']);
        sanitizer.sanitize(None, content, &mut sanitized);
        let end = text.get(content.len()..).unwrap_or_default();
        let result = if sanitized.is_redacted() {
            out.write_all(sanitized.text().as_bytes())
        } else {
            out.write_all(content.as_bytes())
        };
        result
            .and_then(|()| out.write_all(end.as_bytes()))
            .map_err(|error| Failure::writing(&error))?;
        if arguments.explain && sanitized.is_redacted() {
            explain(&sanitizer.explain(None, content), end, out)
                .map_err(|error| Failure::writing(&error))?;
        }
    }
    Ok(())
}

/// A line for each finding, set in under the text.
fn explain(findings: &[Finding], end: &str, out: &mut impl Write) -> io::Result<()> {
    if end.is_empty() {
        writeln!(out)?;
    }
    for Finding {
        range,
        rule,
        reason,
        ..
    } in findings
    {
        writeln!(out, "    {}..{} {rule}: {reason}", range.start, range.end)?;
    }
    Ok(())
}

/// Which lines belong together.
struct Together {
    lines: usize,
    state: State,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Complete,
    /// In a private key, up to its last line.
    InKey,
    /// In a file of PuTTY's, this many lines more, and the line that counts them may still come.
    InPutty(usize),
    /// A name at the end of a line has its value on the next.
    Named,
}

impl Together {
    fn begin(line: &[u8]) -> Self {
        let mut together = Self {
            lines: 0,
            state: State::Complete,
        };
        together.take(line);
        together
    }

    fn take(&mut self, line: &[u8]) {
        self.lines += 1;
        self.state = match self.state {
            State::InKey if contains(line, b"-----END ") => State::Complete,
            State::InKey => State::InKey,
            State::InPutty(left) => match count_of_lines(line) {
                // The line with the code of the file follows the lines of the key.
                Some(count) => State::InPutty(count + 1),
                None if left == 1 => State::Complete,
                None => State::InPutty(left - 1),
            },
            State::Complete | State::Named => Self::after(line),
        };
    }

    fn after(line: &[u8]) -> State {
        let line = line.trim_ascii();
        // Seen from the end, so that a whole key on one line is complete.
        if contains(line, b"-----BEGIN ")
            && contains(line, b"PRIVATE KEY")
            && !contains(line, b"-----END ")
        {
            return State::InKey;
        }
        if line.starts_with(b"PuTTY-User-Key-File-") {
            return State::InPutty(16);
        }
        let item = line.strip_prefix(b"- ").unwrap_or(line).trim_ascii_start();
        let named = line.ends_with(b":")
            || line.ends_with(b"=")
            || item.starts_with(b"name:")
            || item.starts_with(b"key:");
        let folded = [&b": |"[..], b": >", b": |-", b": >-"]
            .iter()
            .any(|mark| line.ends_with(mark));
        if named || folded {
            State::Named
        } else {
            State::Complete
        }
    }

    fn wants_more(&self) -> bool {
        self.state != State::Complete && self.lines < MOST_LINES
    }
}

/// `Private-Lines: 8`
fn count_of_lines(line: &[u8]) -> Option<usize> {
    let rest = line
        .strip_prefix(b"Private-Lines:")
        .or_else(|| line.strip_prefix(b"Public-Lines:"))?;
    let count: usize = std::str::from_utf8(rest.trim_ascii()).ok()?.parse().ok()?;
    (count < MOST_LINES).then_some(count)
}

fn contains(line: &[u8], part: &[u8]) -> bool {
    memchr::memmem::find(line, part).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_together(text: &str) -> usize {
        let mut lines = text.split_inclusive('\n').map(str::as_bytes);
        let mut together = Together::begin(lines.next().unwrap());
        while together.wants_more() {
            let Some(line) = lines.next() else { break };
            together.take(line);
        }
        together.lines
    }

    #[test]
    fn a_line_stands_alone_unless_it_begins_something() {
        assert_eq!(read_together("all is well\nmore\n"), 1);
        assert_eq!(
            read_together(
                "-----BEGIN RSA PRIVATE KEY-----\nabc\ndef\n-----END RSA PRIVATE KEY-----\nmore\n"
            ),
            4
        );
        assert_eq!(read_together("-----BEGIN CERTIFICATE-----\nabc\n"), 1);
        assert_eq!(
            read_together(
                "k: -----BEGIN PRIVATE KEY-----\\nabc\\n-----END PRIVATE KEY-----\nmore\n"
            ),
            1
        );
        assert_eq!(read_together("password:\n  horse\nmore\n"), 2);
        assert_eq!(
            read_together("- name: DB_PASSWORD\n  value: horse\nmore\n"),
            2
        );
        assert_eq!(
            read_together(
                "key: |\n  -----BEGIN PRIVATE KEY-----\n  abc\n  -----END PRIVATE KEY-----\nmore\n"
            ),
            4
        );
        let putty = "PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\nComment: c\nPublic-Lines: 1\nAAAA\nPrivate-Lines: 2\nabc\ndef\nPrivate-MAC: 00\nmore\n";
        assert_eq!(read_together(putty), 9);
    }

    #[test]
    fn what_never_ends_is_not_read_to_the_end() {
        let text = format!("-----BEGIN PRIVATE KEY-----\n{}", "abc\n".repeat(1000));
        assert_eq!(read_together(&text), MOST_LINES);
    }
}
