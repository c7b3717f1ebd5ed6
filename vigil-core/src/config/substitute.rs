//! `${VAR}` and `${VAR:-default}` in a value; `$$` is a dollar.
//!
//! Done on the texts of the parsed tree and never on the file, so that what a variable holds cannot become a key.

/// What stands in `text` with every variable replaced; `Err` says what is wrong and what to do, not what a variable
/// holds.
pub(super) fn substitute(
    text: &str,
    variable: &dyn Fn(&str) -> Result<Option<String>, String>,
) -> Result<String, String> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('$') {
        out.push_str(before);
        if let Some(after) = after.strip_prefix('$') {
            out.push('$');
            rest = after;
        } else if let Some(after) = after.strip_prefix('{') {
            let Some((inside, after)) = after.split_once('}') else {
                return Err("\"${\" without \"}\"; write $${ for the characters themselves".into());
            };
            out.push_str(&value_of(inside, variable)?);
            rest = after;
        } else {
            // A regular expression ends with one.
            out.push('$');
            rest = after;
        }
    }
    out.push_str(rest);
    Ok(out)
}

fn value_of(
    inside: &str,
    variable: &dyn Fn(&str) -> Result<Option<String>, String>,
) -> Result<String, String> {
    let (name, default) = match inside.split_once(":-") {
        Some((name, default)) => (name, Some(default)),
        None => (inside, None),
    };
    let first_is_digit = name.starts_with(|first: char| first.is_ascii_digit());
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    if name.is_empty() || first_is_digit || !name.chars().all(is_name) {
        return Err(format!(
            "\"${{{inside}}}\" names no environment variable; write $${{ for the characters themselves"
        ));
    }
    match (variable(name)?, default) {
        (Some(value), Some(default)) if value.is_empty() => Ok(default.to_owned()),
        (Some(value), _) => Ok(value),
        (None, Some(default)) => Ok(default.to_owned()),
        (None, None) => Err(format!(
            "environment variable {name} is not set; set it or give a default with ${{{name}:-value}}"
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_shop(text: &str) -> Result<String, String> {
        substitute(text, &|name| {
            Ok(match name {
                "SHOP" => Some("corner".to_owned()),
                "EMPTY" => Some(String::new()),
                "TRICK" => Some("${SHOP}".to_owned()),
                _ => None,
            })
        })
    }

    #[test]
    fn variables_defaults_and_dollars() {
        for (text, expected) in [
            ("plain", "plain"),
            ("${SHOP}", "corner"),
            ("a-${SHOP}-${SHOP}-b", "a-corner-corner-b"),
            ("${NONE:-x:-y}", "x:-y"),
            ("${NONE:-}", ""),
            ("${EMPTY:-full}", "full"),
            ("${EMPTY}", ""),
            ("$${SHOP}", "${SHOP}"),
            ("^[0-9]+$", "^[0-9]+$"),
            ("$5", "$5"),
            ("$$$$", "$$"),
            // What a variable holds is not looked at again.
            ("${TRICK}", "${SHOP}"),
        ] {
            assert_eq!(with_shop(text).as_deref(), Ok(expected), "{text}");
        }
    }

    #[test]
    fn what_cannot_be_replaced_says_what_to_do() {
        assert_eq!(
            with_shop("${SHOP_NAME}").unwrap_err(),
            "environment variable SHOP_NAME is not set; set it or give a default with ${SHOP_NAME:-value}"
        );
        assert!(with_shop("${SHOP").unwrap_err().contains("without \"}\""));
        assert!(
            with_shop("${1}")
                .unwrap_err()
                .contains("names no environment")
        );
        assert!(
            with_shop("${}")
                .unwrap_err()
                .contains("names no environment")
        );
    }
}
