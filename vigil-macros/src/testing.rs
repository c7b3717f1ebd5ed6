//! For tests: token streams cut short everywhere, and expansions made readable.

use std::path::Path;

use proc_macro2::{Group, TokenStream, TokenTree};

/// `tokens` cut after each token, inside groups as well (which then are closed, as editors do).
pub(crate) fn every_prefix(tokens: TokenStream) -> Vec<TokenStream> {
    let mut prefixes = vec![TokenStream::new()];
    let mut so_far: Vec<TokenTree> = Vec::new();
    for token in tokens {
        if let TokenTree::Group(group) = &token {
            for content in every_prefix(group.stream()) {
                let cut = TokenTree::Group(Group::new(group.delimiter(), content));
                prefixes.push(so_far.iter().cloned().chain([cut]).collect());
            }
        }
        so_far.push(token);
        prefixes.push(so_far.iter().cloned().collect());
    }
    prefixes
}

/// Compares an expansion, formatted, with a file under `src`; with `UPDATE_SNAPSHOTS` set, writes it there.
pub(crate) fn snapshot(path: &str, items: TokenStream) {
    let file = syn::parse2(items.clone()).unwrap_or_else(|error| panic!("{error} in {items}"));
    let actual = prettyplease::unparse(&file);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(path);
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        std::fs::write(&path, &actual).expect("a writable source directory");
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(actual, expected, "see {}", path.display());
}
