//! Whatever the file or a variable holds, there is an answer.

use proptest::prelude::*;

use super::*;

/// Texts that are nearly a configuration, to get past the parser.
fn nearly() -> impl Strategy<Value = String> {
    let words = prop::sample::select(vec![
        "enabled",
        "trail",
        "rotation",
        "max_size",
        "sanitize",
        "patterns",
        "categories",
        "keys",
        "name",
        "regex",
        ":",
        ": ",
        "\n",
        "\n  ",
        "\n    ",
        "- ",
        "{",
        "}",
        "[",
        "]",
        ",",
        "\"",
        "'",
        "|",
        ">",
        "&a",
        "*a",
        "!!x",
        "?",
        "#",
        "---",
        "...",
        "${",
        "}",
        "$$",
        "${A}",
        "${A:-b}",
        "off",
        "1 MiB",
        "0.5",
        "\t",
        "%",
        "\u{feff}",
        "é",
        "~",
        "<<",
        "\r\n",
        "\0",
        "\\",
        "@",
        "`",
    ]);
    prop::collection::vec(words, 0..60).prop_map(|words| words.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn no_text_makes_the_parser_panic(text in prop_oneof![nearly(), any::<String>()]) {
        if let Err(error) = read(&text) {
            prop_assert!(error.to_string().lines().all(|line| line.starts_with("vigil.yaml:")), "{}", error);
        }
    }

    #[test]
    fn no_bytes_make_the_reader_of_files_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        if let Ok(text) = String::from_utf8(bytes) {
            let _ = read(&text);
        }
    }

    #[test]
    fn no_variable_makes_it_panic(name in "VIGIL_[A-Z_]{0,30}", value in any::<String>()) {
        let _ = read_with("", &[(&name, &value.replace('\0', ""))]);
    }
}
