//! A copy of the trail that shows less: for a sink that other people read.
//!
//! What the trail does not hold cannot come back, so a copy is never looser than the trail, whatever its rules; and rules
//! that look looser are refused, because they would not do what their author thinks.

use std::borrow::Cow;

use serde_json::value::RawValue;

use super::Sanitize;
use super::config::{RuleError, SanitizeConfig};
use super::counts::Counts;
use super::rules::Rules;
use super::tree::{Members, Tree};
use super::writer::{Writer, json};

/// Makes lines of the trail stricter.
///
/// The copy is no longer the bytes that the trail is sealed by: it cannot be verified against a checkpoint.
///
/// # Examples
///
/// ```
/// use vigil_core::sanitize::{Profile, SanitizeConfig, Stricter};
///
/// let trail = SanitizeConfig::default();
/// let partner = SanitizeConfig { profile: Profile::Hipaa, ..SanitizeConfig::default() };
/// let stricter = Stricter::new(&trail, &partner)?;
/// let line = r#"{"seq":1,"actor":{"type":"user","ip":"203.0.113.7"},"redactions":{"email":1}}"#;
/// assert_eq!(
///     stricter.line(line)?,
///     r#"{"seq":1,"actor":{"type":"user","ip":"***REDACTED***"},"redactions":{"key":1,"email":1}}"#
/// );
///
/// // The other way round is refused.
/// assert!(Stricter::new(&partner, &trail).is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Stricter {
    rules: Rules,
}

impl Stricter {
    /// For a trail that is written by the rules of `trail`, by those and the ones of `copy` together.
    ///
    /// # Errors
    ///
    /// If `copy` is looser than `trail`: its profile shows what the other hides, or it exempts or allows names that
    /// the other does not. Also if a rule cannot be used.
    pub fn new(trail: &SanitizeConfig, copy: &SanitizeConfig) -> Result<Self, RuleError> {
        let (outer, inner) = (trail.profile, copy.profile);
        if !inner.is_at_least(outer) {
            return Err(RuleError::new(
                "profile",
                format!(
                    "the profile `{inner}` shows what `{outer}` hides, and a copy cannot be looser than the trail: choose `{outer}`, or a stricter one"
                ),
            ));
        }
        for (list, names, known) in [
            ("exempt", &copy.exempt, &trail.exempt),
            ("allow", &copy.allow, &trail.allow),
        ] {
            // Where the trail lets all names through, a list of names makes the copy stricter.
            let free = list == "allow" && outer != inner;
            if let Some(name) = names.iter().find(|name| !free && !known.contains(name)) {
                return Err(RuleError::new(
                    name,
                    format!(
                        "`{name}` in `{list}` would show what the trail hides, and a copy cannot be looser than the trail: remove it, or add it to the trail's list"
                    ),
                ));
            }
        }
        let mut config = copy.clone();
        config.keys.extend(trail.keys.iter().cloned());
        for pattern in &trail.patterns {
            if config.patterns.iter().all(|own| own.name != pattern.name) {
                config.patterns.push(pattern.clone());
            }
        }
        Ok(Self {
            rules: Rules::new(&config)?,
        })
    }

    /// The line of an event, made stricter. What says nothing of a person or a secret (ids, times, operation, outcome,
    /// place in the program) stays as it is.
    ///
    /// # Errors
    ///
    /// If it is no JSON object.
    pub fn line(&self, line: &str) -> Result<String, serde_json::Error> {
        let mut out = Vec::with_capacity(line.len());
        let mut counts = Counts::default();
        let mut redactions = Vec::new();
        let event: Members<'_> = serde_json::from_str(line)?;
        out.push(b'{');
        for (name, value) in &event.0 {
            if name == "redactions" {
                redactions = serde_json::from_str::<Members<'_>>(value.get())?.0;
                continue;
            }
            self.member(name, name, value, &mut out, &mut counts)?;
        }
        write_redactions(&redactions, &counts, &mut out);
        out.push(b'}');
        Ok(String::from_utf8(out).unwrap_or_default())
    }

    fn member(
        &self,
        path: &str,
        name: &str,
        value: &RawValue,
        out: &mut Vec<u8>,
        counts: &mut Counts,
    ) -> Result<(), serde_json::Error> {
        next(out, name);
        match path {
            "actor" | "action" | "action.result" | "resource" | "error" | "context" => {
                let members: Members<'_> = serde_json::from_str(value.get())?;
                out.push(b'{');
                for (name, value) in &members.0 {
                    self.member(&format!("{path}.{name}"), name, value, out, counts)?;
                }
                out.push(b'}');
            }
            "actor.type"
            | "action.type"
            | "action.category"
            | "action.operation"
            | "action.result.status"
            | "resource.type"
            | "error.type"
            | "error.location"
            | "context.parent_id" => out.extend_from_slice(value.get().as_bytes()),
            "custom" => self.tree(None, value, out, counts)?,
            _ if path.contains('.') => {
                // Parameters and the like are maps of their own; their name says nothing of what is in them.
                let name = (!matches!(
                    path,
                    "action.parameters" | "action.result.value" | "action.changes"
                ))
                .then_some(name);
                self.tree(name, value, out, counts)?;
            }
            _ => out.extend_from_slice(value.get().as_bytes()),
        }
        Ok(())
    }

    fn tree(
        &self,
        name: Option<&str>,
        value: &RawValue,
        out: &mut Vec<u8>,
        counts: &mut Counts,
    ) -> Result<(), serde_json::Error> {
        let tree = Tree::deserialize(value)?;
        let mut writer = Writer::new(out, &self.rules, counts);
        match name {
            Some(name) => writer.named(name, &tree),
            None => tree.sanitize(&mut writer),
        }
        Ok(())
    }
}

/// Appends `"name":`, after a comma if something stands before it.
fn next(out: &mut Vec<u8>, name: &str) {
    if !out.ends_with(b"{") {
        out.push(b',');
    }
    json::quoted(out, name);
    out.push(b':');
}

/// The counts of the trail and of this pass together.
fn write_redactions(before: &[(Cow<'_, str>, &RawValue)], counts: &Counts, out: &mut Vec<u8>) {
    let mut all: Vec<(&str, u64)> = counts
        .iter()
        .map(|(rule, count)| (rule, u64::from(count)))
        .collect();
    for (rule, count) in before {
        let count = count.get().parse().unwrap_or(0);
        match all.iter_mut().find(|(known, _)| known == rule) {
            Some((_, sum)) => *sum += count,
            None => all.push((rule, count)),
        }
    }
    if all.is_empty() {
        return;
    }
    next(out, "redactions");
    out.push(b'{');
    for (rule, count) in all {
        next(out, rule);
        json::integer(out, count);
    }
    out.push(b'}');
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sanitize::{Pattern, Profile};

    fn with_profile(profile: Profile) -> SanitizeConfig {
        SanitizeConfig {
            profile,
            ..SanitizeConfig::default()
        }
    }

    const LINE: &str = concat!(
        r#"{"event_id":"0199b1c2-0000-7000-8000-000000000001","timestamp":"2026-11-23T20:01:57.963017Z","version":"1.0.0","seq":7,"#,
        r#""actor":{"type":"user","id":"u-17","email":"j***@***.***","ip":"203.0.113.7"},"#,
        r#""action":{"type":"CREATE","category":"AUTH","operation":"register","parameters":{"z":1.50,"first_name":"Jane","a":[true,null]},"#,
        r#""result":{"status":"FAILURE"}},"error":{"type":"E","message":"no room for 203.0.113.9","location":"a.rs:1:2"},"#,
        r#""context":{"request_id":"r-1"},"system":{"service":"shop"},"custom":{"note":"badge B-1"}}"#,
    );

    #[test]
    fn what_is_no_data_stays_and_members_keep_their_order() {
        let same = Stricter::new(&SanitizeConfig::default(), &SanitizeConfig::default()).unwrap();
        assert_eq!(same.line(LINE).unwrap(), LINE);
    }

    #[test]
    fn a_stricter_profile_hides_more() {
        let hipaa =
            Stricter::new(&SanitizeConfig::default(), &with_profile(Profile::Hipaa)).unwrap();
        let line = hipaa.line(LINE).unwrap();
        for gone in ["203.0.113", "Jane"] {
            assert!(!line.contains(gone), "{line}");
        }
        for kept in [
            "0199b1c2-0000-7000",
            "2026-11-23T20:01:57.963017Z",
            r#""z":1.50,"#,
            "a.rs:1:2",
            r#""ip":"***REDACTED***""#,
        ] {
            assert!(line.contains(kept), "{kept} in {line}");
        }
        let mut config = with_profile(Profile::AllowList);
        config.allow = vec!["request_id".to_owned(), "z".to_owned()];
        let allowed = Stricter::new(&SanitizeConfig::default(), &config).unwrap();
        let line = allowed.line(LINE).unwrap();
        assert!(
            line.contains(r#""request_id":"r-1""#) && line.contains(r#""z":1.5"#),
            "{line}"
        );
        assert!(!line.contains("u-17") && !line.contains("badge"), "{line}");
    }

    #[test]
    fn rules_of_the_trail_hold_for_the_copy() {
        let mut trail = SanitizeConfig::default();
        trail.patterns.push(Pattern::new("badge", r"B-\d"));
        let stricter = Stricter::new(&trail, &SanitizeConfig::default()).unwrap();
        let line = stricter.line(LINE).unwrap();
        assert!(
            line.contains(r#"badge ***REDACTED***"#)
                && line.contains(r#""redactions":{"badge":1}"#),
            "{line}"
        );
    }

    #[test]
    fn looser_rules_are_refused() {
        let gdpr = with_profile(Profile::Gdpr);
        let error = Stricter::new(&gdpr, &SanitizeConfig::default()).unwrap_err();
        assert!(
            error
                .to_string()
                .contains("the profile `default` shows what `gdpr` hides"),
            "{error}"
        );
        let mut copy = gdpr.clone();
        copy.exempt.push("auth".to_owned());
        assert_eq!(Stricter::new(&gdpr, &copy).unwrap_err().rule(), "auth");
        assert!(Stricter::new(&copy, &copy).is_ok());
        let mut list = with_profile(Profile::AllowList);
        list.allow.push("id".to_owned());
        assert!(Stricter::new(&gdpr, &list).is_ok());
        assert!(Stricter::new(&with_profile(Profile::AllowList), &list).is_err());
    }

    use proptest::prelude::*;

    fn json() -> impl Strategy<Value = serde_json::Value> {
        let leaf = prop_oneof![
            Just(serde_json::Value::Null),
            any::<bool>().prop_map(Into::into),
            any::<i64>().prop_map(Into::into),
            "\\PC{0,20}".prop_map(Into::into),
            Just("jane@example.com from 203.0.113.7".into()),
        ];
        leaf.prop_recursive(4, 24, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Into::into),
                prop::collection::btree_map("[a-z_]{1,12}|first_name|password", inner, 0..4)
                    .prop_map(|map| serde_json::Value::Object(map.into_iter().collect())),
            ]
        })
    }

    proptest! {
        /// Whatever an event holds, its copy is a JSON object with the same skeleton, and a stricter copy of the copy
        /// is the copy.
        #[test]
        fn copies_are_whole_and_final(parameters in json(), custom in json(), profile in 0..5_usize) {
            let profile = Profile::NAMES[profile].parse().unwrap();
            let event = serde_json::json!({
                "seq": 3, "action": {"operation": "o", "parameters": {"p": parameters}}, "custom": {"c": custom},
            });
            let stricter = Stricter::new(&SanitizeConfig::default(), &with_profile(profile)).unwrap();
            let once = stricter.line(&event.to_string()).unwrap();
            let copy: serde_json::Value = serde_json::from_str(&once).unwrap();
            prop_assert_eq!(&copy["seq"], 3);
            prop_assert_eq!(&copy["action"]["operation"], "o");
            prop_assert!(!once.contains("jane@"));
            if profile == Profile::Hipaa {
                prop_assert!(!once.contains("203.0.113.7"));
            }
            if profile != Profile::Gdpr {
                // Under `gdpr` a pseudonym under a personal name would become one of its own.
                let twice: serde_json::Value = serde_json::from_str(&stricter.line(&once).unwrap()).unwrap();
                prop_assert_eq!(&twice["action"], &copy["action"]);
                prop_assert_eq!(&twice["custom"], &copy["custom"]);
            }
        }
    }
}
