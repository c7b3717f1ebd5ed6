//! Source code as text, for the catalogue.
//!
//! Not by `to_string`: where that puts blanks differs between compilers, and the fingerprint of a callsite is made of
//! this text.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

/// These tokens as a person would write them, near enough: `&'a mut HashMap<String, [u8; 4]>`.
pub(crate) fn written(tokens: TokenStream) -> String {
    let mut text = Text::default();
    text.push_all(tokens);
    text.out
}

#[derive(Default)]
struct Text {
    out: String,
    last: Last,
}

#[derive(Default, Clone, Copy, PartialEq, Eq)]
enum Last {
    #[default]
    Other,
    /// A word, which a word after it must not run into.
    Word,
    /// A word that a bracket stands apart from as well: `&mut [u8]`.
    Prefix,
}

/// Operators of two characters. Whether the characters are joined is not asked: it depends on what stands behind them.
const PAIRS: &[(char, char)] = &[
    ('-', '>'),
    ('=', '>'),
    ('=', '='),
    ('!', '='),
    ('<', '='),
    (':', ':'),
];

impl Text {
    fn push_all(&mut self, tokens: TokenStream) {
        let mut tokens = tokens.into_iter().peekable();
        let mut after_quote = false;
        while let Some(token) = tokens.next() {
            let is_lifetime = std::mem::take(&mut after_quote);
            match token {
                TokenTree::Ident(ident) => self.word(&ident.to_string(), is_lifetime),
                TokenTree::Literal(literal) => self.word(&literal.to_string(), false),
                TokenTree::Group(group) => self.group(&group),
                TokenTree::Punct(punct) => {
                    let first = punct.as_char();
                    let second = match tokens.peek() {
                        Some(TokenTree::Punct(second)) => Some(second.as_char()),
                        _ => None,
                    };
                    match second {
                        Some(second) if PAIRS.contains(&(first, second)) => {
                            tokens.next();
                            self.pair(first, second);
                        }
                        _ => self.punct(first),
                    }
                    // `for<'a> Fn(&'a u8)`
                    if first == '>' && matches!(tokens.peek(), Some(TokenTree::Ident(_))) {
                        self.out.push(' ');
                    }
                    after_quote = first == '\'';
                }
            }
        }
    }

    fn word(&mut self, word: &str, is_lifetime: bool) {
        if self.last != Last::Other {
            self.out.push(' ');
        }
        self.out.push_str(word);
        let prefix = is_lifetime || matches!(word, "mut" | "const" | "dyn" | "impl" | "as");
        self.last = if prefix { Last::Prefix } else { Last::Word };
    }

    fn group(&mut self, group: &Group) {
        let (open, close) = match group.delimiter() {
            Delimiter::Parenthesis => ("(", ")"),
            Delimiter::Bracket => ("[", "]"),
            Delimiter::Brace => ("{ ", " }"),
            // What `macro_rules!` puts around a `$ty:ty`.
            Delimiter::None => return self.push_all(group.stream()),
        };
        if self.last == Last::Prefix || (self.last == Last::Word && open == "{ ") {
            self.out.push(' ');
        }
        self.last = Last::Other;
        self.out.push_str(open);
        self.push_all(group.stream());
        self.out.push_str(close);
        self.last = Last::Word;
    }

    fn pair(&mut self, first: char, second: char) {
        let blank = if first == ':' { "" } else { " " };
        for part in [
            blank,
            first.encode_utf8(&mut [0; 4]),
            second.encode_utf8(&mut [0; 4]),
            blank,
        ] {
            self.out.push_str(part);
        }
        self.last = Last::Other;
    }

    fn punct(&mut self, punct: char) {
        match punct {
            ',' | ';' | ':' => self.out.extend([punct, ' ']),
            '+' | '=' => self.out.extend([' ', punct, ' ']),
            '\'' if self.last != Last::Other => self.out.push_str(" '"),
            _ => self.out.push(punct),
        }
        self.last = Last::Other;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use quote::quote;

    #[test]
    fn types_are_written_as_people_write_them() {
        for (tokens, wanted) in [
            (
                quote!(&'a mut HashMap<String, [u8; 4]>),
                "&'a mut HashMap<String, [u8; 4]>",
            ),
            (
                quote!(Option<Vec<Box<dyn Fn(u8) -> u8 + Send + 'static>>>),
                "Option<Vec<Box<dyn Fn(u8) -> u8 + Send + 'static>>>",
            ),
            (
                quote!(impl Into<std::string::String>),
                "impl Into<std::string::String>",
            ),
            (quote!(<T as Iterator>::Item), "<T as Iterator>::Item"),
            (
                quote!(impl Iterator<Item = &'static str>),
                "impl Iterator<Item = &'static str>",
            ),
            (quote!(*const (u8, T)), "*const (u8, T)"),
            (
                quote!(&mut dyn for<'a> Fn(&'a r#type)),
                "&mut dyn for<'a> Fn(&'a r#type)",
            ),
            (quote!(order.lines().len()), "order.lines().len()"),
            (quote!(&mut [&[u8]]), "&mut [&[u8]]"),
            (quote!(a + b.c(&d, 1)), "a + b.c(&d, 1)"),
        ] {
            assert_eq!(written(tokens), wanted);
        }
    }

    #[test]
    fn blanks_between_the_tokens_make_no_difference() {
        let tight: TokenStream = "&'a[Vec<u8>;4]".parse().unwrap();
        let loose: TokenStream = "& 'a [ Vec < u8 > ; 4 ]".parse().unwrap();
        assert_eq!(written(tight), "&'a [Vec<u8>; 4]");
        assert_eq!(written(loose), "&'a [Vec<u8>; 4]");
    }
}
