//! The catalogue as a gate: a test that compares it with the one that is committed.

use std::path::Path;

use super::{Catalogue, diff};

/// Set, the test writes the file in place of comparing with it.
const UPDATE: &str = "UPDATE_CATALOGUE";

impl Catalogue {
    /// For a test: makes sure that what is audited is what the committed catalogue in `path` says.
    ///
    /// With `UPDATE_CATALOGUE=1` in the environment it writes the file instead; commit it with the change that made it
    /// necessary. That a line or a file has moved is no difference. A relative path begins at the package, where
    /// `cargo test` runs tests.
    ///
    /// # Panics
    ///
    /// If anything differs. The message says what, which of it is weaker than before, and how to update the file. Also
    /// if the file cannot be read, is no catalogue, or cannot be written.
    #[track_caller]
    pub fn assert_committed(&self, path: impl AsRef<Path>) {
        let path = path.as_ref();
        let shown = path.display();
        if std::env::var_os(UPDATE).is_some_and(|set| !set.is_empty()) {
            if let Err(error) = std::fs::write(path, self.to_json()) {
                panic!("cannot write the audit catalogue {shown}: {error}");
            }
            return;
        }
        let json = match std::fs::read_to_string(path) {
            Ok(json) => json,
            Err(error) => panic!(
                "cannot read the audit catalogue {shown}: {error}\n\
                 to make it, run this test with {UPDATE}=1 in the environment, and commit the file"
            ),
        };
        let committed = match Self::parse(&json) {
            Ok(committed) => committed,
            Err(error) => panic!("{shown}: {error}"),
        };
        let diff = diff(&committed, self);
        assert!(
            diff.is_empty(),
            "what is audited is not what {shown} says:\n{diff}\n\
             if this is meant, run this test with {UPDATE}=1 in the environment, and commit the file"
        );
    }
}
