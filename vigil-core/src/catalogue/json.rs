//! The catalogue as JSON: writer and reader.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::protection::protection;
use super::{Catalogue, Entry};

/// The version of the format.
const VERSION: u32 = 1;

#[derive(Serialize)]
struct Written<'a> {
    version: u32,
    operations: &'a [Entry],
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Read {
    #[allow(dead_code, reason = "looked at before the rest is read")]
    version: u32,
    operations: Vec<Entry>,
}

#[derive(Deserialize)]
struct Version {
    version: u32,
}

impl Catalogue {
    /// The catalogue as JSON, indented so that a change of one argument is a change of few lines, and in an order that
    /// does not change by itself.
    ///
    /// # Examples
    ///
    /// ```
    /// use vigil::catalogue::Catalogue;
    ///
    /// let catalogue = vigil::catalogue();
    /// assert_eq!(Catalogue::parse(&catalogue.to_json()).unwrap(), catalogue);
    /// ```
    #[must_use]
    pub fn to_json(&self) -> String {
        let written = Written {
            version: VERSION,
            operations: &self.entries,
        };
        // Texts and numbers always become JSON.
        let mut json = serde_json::to_string_pretty(&written).unwrap_or_default();
        json.push('\n');
        json
    }

    /// Reads what [`Catalogue::to_json`] wrote.
    ///
    /// # Errors
    ///
    /// The text is no catalogue, or one of a version that this one does not know. The message says where.
    ///
    /// # Examples
    ///
    /// ```
    /// use vigil::catalogue::Catalogue;
    ///
    /// let error = Catalogue::parse(r#"{"version": 1, "operatoins": []}"#).unwrap_err();
    /// assert!(error.to_string().contains("unknown field `operatoins`"));
    /// ```
    pub fn parse(json: &str) -> Result<Self, ParseError> {
        let Version { version } = serde_json::from_str(json)?;
        if version != VERSION {
            return Err(ParseError(format!(
                "this is an audit catalogue of version {version}, and this vigil reads version {VERSION}; \
                 write it anew with the vigil that reads it"
            )));
        }
        let Read { operations, .. } = serde_json::from_str(json)?;
        for entry in &operations {
            for (label, argument) in entry.values() {
                if protection(argument).is_none() {
                    return Err(ParseError(format!(
                        "operation `{}`, {label}: unknown treatment `{}`",
                        entry.operation, argument.treatment
                    )));
                }
            }
        }
        Ok(Self {
            entries: operations,
        })
    }
}

/// The text is no catalogue.
///
/// # Examples
///
/// ```
/// let error = vigil::catalogue::Catalogue::parse("{").unwrap_err();
/// println!("{error}");
/// ```
#[derive(Debug)]
pub struct ParseError(String);

impl From<serde_json::Error> for ParseError {
    fn from(error: serde_json::Error) -> Self {
        Self(format!("not an audit catalogue: {error}"))
    }
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for ParseError {}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(json: &str) -> String {
        Catalogue::parse(json).unwrap_err().to_string()
    }

    #[test]
    fn what_is_no_catalogue_is_refused_with_the_place() {
        assert_eq!(
            error("{"),
            "not an audit catalogue: EOF while parsing an object at line 1 column 1"
        );
        assert_eq!(
            error(r#"{"operations": []}"#),
            "not an audit catalogue: missing field `version` at line 1 column 18"
        );
        assert!(
            error(r#"{"version": 2}"#).contains("of version 2, and this vigil reads version 1")
        );
        let entry = |class: &str, treatment: &str| {
            format!(
                r#"{{"version":1,"operations":[{{"operation":"o","category":"AUTH","type":"LOGIN","module":"m","file":"f","line":1,"schema":"s","arguments":[{{"name":"a","type":"u8","class":"{class}","treatment":"{treatment}"}}]}}]}}"#
            )
        };
        assert!(Catalogue::parse(&entry("public", "hash")).is_ok());
        assert!(
            error(&entry("topsecret", "hash"))
                .contains("unknown variant `topsecret`, expected one of `public`")
        );
        assert_eq!(
            error(&entry("public", "hush")),
            "operation `o`, argument `a`: unknown treatment `hush`"
        );
    }
}
