//! How long the events of a trail are kept: what the operator wants, and what a regulation asks for.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;
use std::time::Duration;

use super::age::{Age, EXPECTED};
use crate::Error;

/// What a regulation asks of the retention of audit logs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RetentionProfile {
    /// PCI DSS v4.0.1, requirement 10.5.1: audit log history for at least 12 months, with at least the most recent three
    /// months immediately available for analysis.
    Pci,
    /// HIPAA, 45 CFR 164.316(b)(2)(i): 6 years. The rule speaks of documentation of policies, procedures and required
    /// actions; to keep the logs themselves for as long is common practice, not its letter.
    Hipaa,
    /// OMB M-21-31, which FedRAMP's AU-11 refers to: 12 months of active and 18 months of cold storage.
    FedRamp,
    /// GDPR, article 5(1)(e): no longer than necessary. How long that is the operator says, by `age`; it is an upper
    /// limit, and nothing is kept for ever.
    Gdpr,
}

impl RetentionProfile {
    pub(crate) const NAMES: &str = "pci, hipaa, fedramp or gdpr";

    /// As it stands in the configuration.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pci => "pci",
            Self::Hipaa => "hipaa",
            Self::FedRamp => "fedramp",
            Self::Gdpr => "gdpr",
        }
    }

    /// The profile of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Pci, Self::Hipaa, Self::FedRamp, Self::Gdpr]
            .into_iter()
            .find(|profile| profile.as_str() == name)
    }

    /// How long everything has to be kept at least.
    #[must_use]
    pub const fn total(self) -> Option<Age> {
        match self {
            Self::Pci => Some(Age::months(12)),
            Self::Hipaa => Some(Age::months(72)),
            Self::FedRamp => Some(Age::months(30)),
            Self::Gdpr => None,
        }
    }

    /// How much of it, counted from now backwards, has to be at hand.
    #[must_use]
    pub const fn available(self) -> Option<Age> {
        match self {
            Self::Pci => Some(Age::months(3)),
            Self::FedRamp => Some(Age::months(12)),
            Self::Hipaa | Self::Gdpr => None,
        }
    }

    /// Where that is written.
    #[must_use]
    pub const fn source(self) -> &'static str {
        match self {
            Self::Pci => "PCI DSS v4.0.1, 10.5.1",
            Self::Hipaa => "45 CFR 164.316(b)(2)(i)",
            Self::FedRamp => "OMB M-21-31",
            Self::Gdpr => "GDPR, article 5(1)(e)",
        }
    }
}

impl fmt::Display for RetentionProfile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// How long events of a category are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Keep {
    /// So long.
    For(Age),
    /// As long as the regulation asks for.
    As(RetentionProfile),
    /// For ever.
    Forever,
}

impl fmt::Display for Keep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::For(age) => age.fmt(f),
            Self::As(profile) => profile.fmt(f),
            Self::Forever => f.write_str("for ever"),
        }
    }
}

/// How long the events of a trail are kept: `trail.retention` of the configuration. By default nothing is ever removed.
///
/// # Examples
///
/// ```
/// use vigil::trail::retention::{Age, Keep, Retention, RetentionProfile};
///
/// let retention = Retention::new()
///     .age(Age::days(90))
///     .category("PAYMENT", Keep::As(RetentionProfile::Pci));
/// assert_eq!(retention.to_string(), "age 90d; PAYMENT pci");
/// assert!(Retention::new().profile(RetentionProfile::Pci).age(Age::days(90)).check().is_err());
/// # Ok::<(), vigil::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Retention {
    pub(crate) profile: Option<RetentionProfile>,
    pub(crate) age: Option<Age>,
    pub(crate) max_size: Option<u64>,
    pub(crate) categories: BTreeMap<String, Keep>,
    /// How often the engine looks; `None`: it does not by itself.
    pub(crate) interval: Option<Duration>,
}

impl Default for Retention {
    fn default() -> Self {
        Self {
            profile: None,
            age: None,
            max_size: None,
            categories: BTreeMap::new(),
            interval: Some(Duration::from_secs(3600)),
        }
    }
}

impl Retention {
    /// Everything is kept for ever.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// That of a configuration, read as `init` does: from this file or, without one, from where `init` looks for it, and
    /// then from the environment.
    ///
    /// # Errors
    ///
    /// As [`init`](crate::init), for a fault in the configuration.
    pub fn configured(file: Option<&Path>) -> Result<Self, Error> {
        let source = file.map_or(crate::config::Source::Surroundings, |file| {
            crate::config::Source::File(file.to_owned())
        });
        let environment = crate::config::Environment::of_process_in(std::path::PathBuf::new());
        let config = source.read(&environment)?;
        config.validate()?;
        Ok(config.retention)
    }

    /// What a regulation asks for is kept, whatever else is said.
    #[must_use]
    pub fn profile(mut self, profile: RetentionProfile) -> Self {
        self.profile = Some(profile);
        self
    }

    /// What is older is removed.
    #[must_use]
    pub fn age(mut self, age: Age) -> Self {
        self.age = Some(age);
        self
    }

    /// Where the files of the trail have more bytes, the oldest are removed before their time; never before that of a
    /// profile or of a category.
    #[must_use]
    pub fn max_size(mut self, bytes: u64) -> Self {
        self.max_size = Some(bytes);
        self
    }

    /// How long events of one category are kept.
    #[must_use]
    pub fn category(mut self, name: impl Into<String>, keep: Keep) -> Self {
        self.categories.insert(name.into(), keep);
        self
    }

    /// How often a running engine applies it; `None`: only when somebody asks for it.
    #[must_use]
    pub fn interval(mut self, interval: Option<Duration>) -> Self {
        self.interval = interval;
        self
    }

    /// Whether anything may ever be removed.
    #[must_use]
    pub fn removes(&self) -> bool {
        let by_category = self.categories.values().any(|keep| *keep != Keep::Forever);
        self.profile.is_some() || self.age.is_some() || self.max_size.is_some() || by_category
    }

    /// Whether it agrees with itself: no age is shorter than the profile demands.
    ///
    /// # Errors
    ///
    /// [`Error::is_config`], with the keys that do not.
    pub fn check(&self) -> Result<(), Error> {
        match &self.problems()[..] {
            [] => Ok(()),
            problems => Err(Error::config(problems.join("\n"))),
        }
    }

    /// What does not agree, each with its key.
    pub(crate) fn problems(&self) -> Vec<String> {
        let mut problems = Vec::new();
        match (self.age, self.profile) {
            (Some(age), _) => problems.extend(self.refusal("trail.retention.age", Keep::For(age))),
            (None, Some(RetentionProfile::Gdpr)) => problems.push(
                "trail.retention.age: expected a time, found off: the profile gdpr asks the operator to say how long \
                 personal data is needed"
                    .to_owned(),
            ),
            (None, _) => {}
        }
        for (name, keep) in &self.categories {
            let key = format!("trail.retention.categories.{name}");
            problems.extend(self.refusal(&key, *keep));
        }
        problems
    }

    /// Why nothing can be kept so, if so.
    fn refusal(&self, key: &str, keep: Keep) -> Option<String> {
        match keep {
            Keep::For(age) if !age.is_sensible() => {
                return Some(format!("{key}: expected {EXPECTED}, found {age}"));
            }
            Keep::As(RetentionProfile::Gdpr) => {
                return Some(format!(
                    "{key}: expected a time, found gdpr: that profile has none of its own"
                ));
            }
            _ => {}
        }
        let profile = self.profile?;
        let source = profile.source();
        let Some(total) = profile.total() else {
            return (keep == Keep::Forever).then(|| {
                format!(
                    "{key}: expected a time, found off: the profile {profile} ({source}) lets nothing be kept for ever"
                )
            });
        };
        let is_enough = match keep {
            Keep::For(age) => age.is_at_least(total),
            Keep::As(other) => other.total().is_none_or(|other| other.is_at_least(total)),
            Keep::Forever => true,
        };
        (!is_enough).then(|| {
            format!("{key}: expected at least {total}, as the profile {profile} demands ({source}), found {keep}")
        })
    }

    /// How long events of a category are kept; `None` for ever.
    pub(crate) fn keep(&self, category: &str) -> Option<Age> {
        match self.categories.get(category) {
            Some(Keep::For(age)) => Some(*age),
            Some(Keep::As(profile)) => profile.total(),
            Some(Keep::Forever) => None,
            None => self.keep_others(),
        }
    }

    /// As [`keep`](Self::keep), of categories that are not named.
    pub(crate) fn keep_others(&self) -> Option<Age> {
        self.age.or_else(|| self.profile?.total())
    }

    /// Also where there is no room, events of a category are kept for so long.
    pub(crate) fn floor(&self, category: &str) -> Floor {
        let demanded = self.profile.and_then(RetentionProfile::total);
        match self.categories.get(category) {
            Some(Keep::Forever) => Floor::Forever,
            Some(Keep::For(age)) => Floor::Until(*age),
            Some(Keep::As(profile)) => profile.total().map_or(Floor::None, Floor::Until),
            None => demanded.map_or(Floor::None, Floor::Until),
        }
    }

    /// All profiles that are spoken of.
    pub(crate) fn profiles(&self) -> Vec<RetentionProfile> {
        let mut profiles: Vec<_> = self.profile.into_iter().collect();
        for keep in self.categories.values() {
            if let Keep::As(profile) = keep
                && !profiles.contains(profile)
            {
                profiles.push(*profile);
            }
        }
        profiles
    }
}

/// What is kept in any case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Floor {
    None,
    Until(Age),
    Forever,
}

impl fmt::Display for Retention {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts = Vec::new();
        parts.extend(self.profile.map(|profile| format!("profile {profile}")));
        parts.extend(self.age.map(|age| format!("age {age}")));
        parts.extend(self.max_size.map(|size| format!("max_size {size} bytes")));
        let categories = self.categories.iter();
        parts.extend(categories.map(|(name, keep)| format!("{name} {keep}")));
        if parts.is_empty() {
            parts.push("everything for ever".to_owned());
        }
        f.write_str(&parts.join("; "))
    }
}
