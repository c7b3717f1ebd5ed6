//! The files of the documentation against the table of keys.

use super::*;

/// The example ships with the documentation; every key stands in it, and says its default.
#[test]
fn the_example_file_has_every_key_with_its_default() {
    let text = include_str!("../../../../vigil/docs/vigil.example.yaml");
    assert_eq!(read(text).unwrap(), Config::default());
    // A key without a default stands behind a "#" with no blank after it.
    let all: String = text
        .lines()
        .map(|line| match line.trim_start().strip_prefix('#') {
            Some(rest) if rest.starts_with(|c: char| c != ' ') => {
                let indent = &line[..line.len() - rest.len() - 1];
                format!("{indent}{rest}\n")
            }
            _ => format!("{line}\n"),
        })
        .collect();
    let variables = [("SHOP_PSEUDONYM_KEY", "0123456789abcdef")];
    read_with(&all, &variables).unwrap();
    let mut found = Vec::new();
    collect("", &yaml::parse(&all).unwrap(), &mut found);
    let expected: Vec<&str> = keys::KEYS.iter().map(|entry| entry.path).collect();
    assert_eq!(found, expected);

    let page = include_str!("../../../../vigil/docs/configuration.md");
    for entry in keys::KEYS {
        let path = entry.path;
        assert!(
            page.contains(&format!("`{path}`")),
            "configuration.md: {path}"
        );
        let variable = keys::variable(path);
        assert!(page.contains(&variable), "configuration.md: {variable}");
    }
}

fn collect(path: &str, node: &yaml::Node, found: &mut Vec<String>) {
    let yaml::Value::Map(members) = &node.value else {
        return found.push(path.to_owned());
    };
    if keys::find(path).is_some() {
        return found.push(path.to_owned());
    }
    for (key, node) in members {
        let path = if path.is_empty() {
            key.text.clone()
        } else {
            format!("{path}.{}", key.text)
        };
        collect(&path, node, found);
    }
}
