//! YAML as far as a configuration needs it: a tree of mappings, sequences and texts, each with its line.
//!
//! Deliberately less than YAML. Anchors and tags are refused, so a small file cannot grow into a large tree or name a
//! type; every scalar is a text, so `off` and `007` are what the author wrote, and the key that takes the text decides
//! what it means.

use saphyr_parser::{Event, Parser, ScalarStyle, Span, StrInput};

/// A configuration is a page of text; whatever is bigger is another file.
pub(super) const LARGEST: usize = 256 * 1024;
/// Twice as deep as the deepest key.
const DEEPEST: usize = 12;

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Node {
    pub(super) line: usize,
    pub(super) value: Value,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    /// Nothing, `~` or `null`.
    Nothing,
    Text(String),
    List(Vec<Node>),
    /// In the order of the file.
    Map(Vec<(Key, Node)>),
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Key {
    pub(super) line: usize,
    pub(super) text: String,
}

/// What is wrong, and where.
#[derive(Debug, PartialEq)]
pub(super) struct Fault {
    pub(super) line: usize,
    pub(super) message: String,
}

fn fault<T>(line: usize, message: impl Into<String>) -> Result<T, Fault> {
    Err(Fault {
        line,
        message: message.into(),
    })
}

/// Reads one document; an empty file is [`Value::Nothing`].
pub(super) fn parse(text: &str) -> Result<Node, Fault> {
    if text.len() > LARGEST {
        return fault(
            1,
            "the file is larger than 256 KiB, which no configuration is",
        );
    }
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = Reader {
        parser: Parser::new_from_str(text),
    };
    let mut document = None;
    loop {
        let (event, span) = reader.next()?;
        let line = span.start.line();
        match event {
            Event::StreamEnd => break,
            Event::DocumentStart(_) => {
                if document.is_some() {
                    return fault(line, "a configuration is one document; remove the second");
                }
                let (event, span) = reader.next()?;
                document = Some(reader.node(event, span, 0)?);
            }
            _ => {}
        }
    }
    Ok(document.unwrap_or(Node {
        line: 1,
        value: Value::Nothing,
    }))
}

struct Reader<'t> {
    parser: Parser<'t, StrInput<'t>>,
}

impl<'t> Reader<'t> {
    fn next(&mut self) -> Result<(Event<'t>, Span), Fault> {
        match self.parser.next_event() {
            Some(Ok(event)) => Ok(event),
            Some(Err(error)) => {
                let column = error.marker().col() + 1;
                fault(
                    error.marker().line(),
                    format!("not YAML at column {column}: {}", error.info()),
                )
            }
            None => Ok((Event::StreamEnd, Span::default())),
        }
    }

    fn node(&mut self, event: Event<'t>, span: Span, depth: usize) -> Result<Node, Fault> {
        let line = span.start.line();
        if depth > DEEPEST {
            return fault(line, "nested deeper than any key");
        }
        refuse_extras(&event, line)?;
        let value = match event {
            Event::Scalar(text, style, ..) => {
                let plain = style == ScalarStyle::Plain;
                if plain && matches!(&*text, "" | "~" | "null" | "Null" | "NULL") {
                    Value::Nothing
                } else {
                    Value::Text(text.into_owned())
                }
            }
            Event::SequenceStart(..) => Value::List(self.list(depth)?),
            Event::MappingStart(..) => Value::Map(self.map(depth)?),
            // The parser balances its events; this is not reached.
            _ => return fault(line, "expected a value"),
        };
        Ok(Node { line, value })
    }

    fn list(&mut self, depth: usize) -> Result<Vec<Node>, Fault> {
        let mut items = Vec::new();
        loop {
            match self.next()? {
                (Event::SequenceEnd | Event::StreamEnd, _) => return Ok(items),
                (event, span) => items.push(self.node(event, span, depth + 1)?),
            }
        }
    }

    fn map(&mut self, depth: usize) -> Result<Vec<(Key, Node)>, Fault> {
        let mut members = Vec::new();
        loop {
            let (event, span) = self.next()?;
            let line = span.start.line();
            refuse_extras(&event, line)?;
            let text = match event {
                Event::MappingEnd | Event::StreamEnd => return Ok(members),
                Event::Scalar(text, ..) => text.into_owned(),
                _ => return fault(line, "a key is a plain word"),
            };
            let (event, span) = self.next()?;
            let mut node = self.node(event, span, depth + 1)?;
            if node.value == Value::Nothing {
                // The place of nothing is wherever the parser noticed it.
                node.line = line;
            }
            members.push((Key { line, text }, node));
        }
    }
}

fn refuse_extras(event: &Event<'_>, line: usize) -> Result<(), Fault> {
    let (anchor, tag) = match event {
        Event::Alias(_) => (1, false),
        Event::Scalar(_, _, anchor, tag) => (*anchor, tag.is_some()),
        Event::SequenceStart(anchor, tag) | Event::MappingStart(anchor, tag) => {
            (*anchor, tag.is_some())
        }
        _ => (0, false),
    };
    if anchor != 0 {
        return fault(
            line,
            "anchors (&) and aliases (*) are not supported; write the value out, or quote it if it is a text",
        );
    }
    if tag {
        return fault(
            line,
            "tags (!) are not supported; quote the value if it is a text",
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(text: &str) -> String {
        let Fault { line, message } = parse(text).unwrap_err();
        format!("{line}: {message}")
    }

    #[test]
    fn texts_stay_as_written_and_know_their_line() {
        let node = parse("a: off\nb:\n  - 007\n  - 'null'\nc: ~\nd:\n").unwrap();
        let Value::Map(members) = node.value else {
            panic!("{node:?}")
        };
        let text = |text: &str| Value::Text(text.to_owned());
        assert_eq!(members[0].1.value, text("off"));
        let Value::List(items) = &members[1].1.value else {
            panic!("{members:?}")
        };
        assert_eq!(
            (
                items[0].line,
                &items[0].value,
                items[1].line,
                &items[1].value
            ),
            (3, &text("007"), 4, &text("null"))
        );
        assert_eq!(
            (members[2].0.line, &members[2].1.value),
            (5, &Value::Nothing)
        );
        assert_eq!(
            (members[3].1.line, &members[3].1.value),
            (6, &Value::Nothing)
        );
    }

    #[test]
    fn what_a_configuration_does_not_need_is_refused_with_its_line() {
        assert!(message("a: &x 1\nb: 2").starts_with("1: anchors (&) and aliases"));
        assert!(message("a: 1\nb: !!str 2").starts_with("2: tags (!)"));
        assert!(message("a: 1\n---\nb: 2").starts_with("2: a configuration is one document"));
        assert!(message("a: 1\n? [b]\n: 2").starts_with("2: a key is a plain word"));
        assert_eq!(message(&"- ".repeat(40)), "1: nested deeper than any key");
        // Here the parser has its own limit.
        assert!(message(&"[".repeat(100_000)).starts_with("1: "));
        assert!(message(&" ".repeat(LARGEST + 1)).starts_with("1: the file is larger"));
        assert!(
            message("a: 1\nb: \"open").starts_with("2: not YAML at column"),
            "{}",
            message("a: 1\nb: \"open")
        );
        assert!(message("a: 1\n b: 2").contains("not YAML"));
    }

    #[test]
    fn nothing_is_nothing() {
        for text in ["", "# only a comment\n", "---\n", "\u{feff}"] {
            assert_eq!(parse(text).unwrap().value, Value::Nothing, "{text:?}");
        }
    }
}
