//! The cases of the corpus, as the files hold them.

use std::fs;
use std::path::Path;

use serde::Deserialize;
use serde::de::DeserializeOwned;

/// Stands inside tokens in the files, so that nobody takes them for leaked ones.
const MARK: char = '‖';

/// A text with secrets in it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Positive {
    pub(super) id: String,
    pub(super) kind: String,
    pub(super) text: String,
    pub(super) secrets: Vec<String>,
    pub(super) keep: Vec<String>,
    pub(super) key: Option<String>,
    pub(super) profile: Option<String>,
    #[serde(rename = "why")]
    _why: String,
}

/// A text that has to stay as it is.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Harmless {
    pub(super) id: String,
    pub(super) kind: String,
    pub(super) text: String,
    pub(super) key: Option<String>,
    pub(super) profile: Option<String>,
    #[serde(rename = "why")]
    _why: String,
}

impl Positive {
    /// The part of a secret that stands in `out`: all of it, or a piece of half of it.
    pub(super) fn leak(&self, out: &str) -> Option<String> {
        self.secrets.iter().find_map(|secret| {
            let chars: Vec<char> = secret.chars().collect();
            let half = chars.len().div_ceil(2).max(6).min(chars.len());
            chars
                .windows(half)
                .map(|piece| piece.iter().collect::<String>())
                .find(|piece| out.contains(piece.as_str()))
        })
    }
}

/// Every case of the files in this folder.
pub(super) fn read<T: DeserializeOwned>(folder: &str) -> Vec<T> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("sanitizer")
        .join(folder);
    let mut files: Vec<_> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    let mut cases = Vec::new();
    for file in files {
        let text = fs::read_to_string(&file).unwrap().replace(MARK, "");
        for (number, line) in (1..).zip(text.lines()) {
            let case = serde_json::from_str(line)
                .unwrap_or_else(|error| panic!("{}:{number}: {error}", file.display()));
            cases.push(case);
        }
    }
    cases
}
