//! The rules in force: configuration made ready for use, and how a thread gets at it without a lock.

use std::cell::Cell;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, OnceLock, PoisonError, RwLock};
use std::time::{SystemTime, UNIX_EPOCH};

use super::config::{RuleError, SanitizeConfig};
use super::detect::custom::Custom;
use super::detect::optional::Detectors;
use super::generalize::{Around, SPARSE_ZIP3};
use super::key::ExtraWords;
use super::limits::Limits;
use super::profile::{IpPolicy, Profile};
use super::pseudonym::Pseudonym;
use super::vault::Substitute;

/// Configuration made ready for use.
pub(crate) struct Rules {
    /// Which rules these are; keys remember what rules of this number said of them.
    epoch: u32,
    profile: Profile,
    limits: Limits,
    words: ExtraWords,
    custom: Custom,
    detectors: Detectors,
    /// Nothing of the user's, no optional detector and no addresses of the network are looked for in texts.
    only_built_in: bool,
    /// `None` cannot happen with the keys that HMAC takes (all); then `hash` redacts.
    pseudonym: Option<Pseudonym>,
    /// What the strictest profile lets through, in small letters and digits.
    allow: Box<[Box<str>]>,
    tokenizer: Option<Substitute>,
    sparse_zip3: Box<[Box<str>]>,
}

/// 0 is the epoch of the built-in rules. Epochs have to fit beside a kind in a key's word, so they come round after
/// 2^27 configurations.
static NEXT_EPOCH: AtomicU32 = AtomicU32::new(1);
const EPOCHS: u32 = 1 << 27;

impl Rules {
    /// Makes a configuration ready.
    ///
    /// # Errors
    ///
    /// If a key has no letter, a pattern's regex is wrong, too large or matches the empty string, a pattern has the
    /// name of a built-in rule or of another pattern, a ZIP area has not three digits, or the pseudonym key is empty.
    pub(crate) fn new(config: &SanitizeConfig) -> Result<Self, RuleError> {
        let words = ExtraWords {
            sensitive: entries(&config.keys, "keys")?,
            exempt: entries(&config.exempt, "exempt")?,
            personal: config
                .profile
                .personal_names()
                .iter()
                .filter_map(|name| ExtraWords::entry(name))
                .collect(),
        };
        let pseudonym = match &config.pseudonym_key {
            Some(key) => Some(Pseudonym::new(key).ok_or_else(|| {
                RuleError::new(
                    "pseudonym_key",
                    "the pseudonym key is empty: give at least 32 random bytes, or leave it out",
                )
            })?),
            None => Pseudonym::of_process(),
        };
        let sparse_zip3 = match &config.sparse_zip3 {
            Some(areas) => areas
                .iter()
                .map(|area| zip_area(area))
                .collect::<Result<_, _>>()?,
            None => SPARSE_ZIP3.map(Box::from).into(),
        };
        let epoch = NEXT_EPOCH.fetch_add(1, Ordering::Relaxed) % EPOCHS;
        let custom = Custom::new(&config.patterns)?;
        let detectors = Detectors::new(&config.detectors, config.profile);
        Ok(Self {
            epoch: epoch.max(1),
            profile: config.profile,
            limits: config.limits.bounded(),
            only_built_in: custom.is_empty()
                && detectors.is_empty()
                && words.sensitive.is_empty()
                && config.profile.ip() == IpPolicy::Keep,
            words,
            custom,
            detectors,
            pseudonym,
            allow: config
                .allow
                .iter()
                .map(|name| plain(name).collect::<String>().into())
                .collect(),
            tokenizer: config.tokenizer.clone(),
            sparse_zip3,
        })
    }

    /// The rules without any configuration.
    pub(crate) fn built_in() -> Self {
        Self {
            epoch: 0,
            profile: Profile::Default,
            limits: Limits::default(),
            words: ExtraWords::default(),
            custom: Custom::default(),
            detectors: Detectors::default(),
            only_built_in: true,
            pseudonym: Pseudonym::of_process(),
            allow: Box::default(),
            tokenizer: None,
            sparse_zip3: SPARSE_ZIP3.map(Box::from).into(),
        }
    }

    /// Takes these limits as they are, without the bounds that a line of the trail sets.
    pub(super) fn lift_limits(&mut self, limits: Limits) {
        self.limits = limits;
    }

    pub(crate) fn epoch(&self) -> u32 {
        self.epoch
    }

    pub(crate) fn profile(&self) -> Profile {
        self.profile
    }

    pub(crate) fn limits(&self) -> &Limits {
        &self.limits
    }

    pub(crate) fn words(&self) -> &ExtraWords {
        &self.words
    }

    pub(crate) fn custom(&self) -> &Custom {
        &self.custom
    }

    /// Whether a value of this name may be seen under the strictest profile.
    pub(crate) fn allows(&self, name: &str) -> bool {
        self.allow
            .iter()
            .any(|allowed| !allowed.is_empty() && allowed.chars().eq(plain(name)))
    }

    pub(crate) fn tokenizer(&self) -> Option<&Substitute> {
        self.tokenizer.as_ref()
    }

    /// What has to be known to make a value coarser.
    pub(super) fn around(&self) -> Around<'_> {
        Around {
            year: this_year(),
            sparse_zip3: &self.sparse_zip3,
        }
    }

    /// Which optional detectors are on.
    pub(crate) fn detectors(&self) -> Detectors {
        self.detectors
    }

    /// Whether the detectors look only for what they look for without any configuration.
    #[inline]
    pub(crate) fn detects_only_built_in(&self) -> bool {
        self.only_built_in
    }

    pub(crate) fn pseudonym(&self) -> Option<&Pseudonym> {
        self.pseudonym.as_ref()
    }
}

impl std::fmt::Debug for Rules {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Rules")
            .field("epoch", &self.epoch)
            .field("profile", &self.profile)
            .finish_non_exhaustive()
    }
}

/// A name as it is compared whole: `Order-Id` and `order_id` are one, `line1` and `line2` are not.
fn plain(name: &str) -> impl Iterator<Item = char> {
    name.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
}

fn zip_area(area: &str) -> Result<Box<str>, RuleError> {
    if area.len() == 3 && area.bytes().all(|byte| byte.is_ascii_digit()) {
        return Ok(area.into());
    }
    Err(RuleError::new(
        "sparse_zip3",
        format!("`{area}` in `sparse_zip3` is no ZIP area: give three digits such as 036"),
    ))
}

/// By the mean length of a year, which is exact enough to tell ninety of them.
fn this_year() -> i64 {
    const SECONDS: u64 = 31_556_952;
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(1970, |since| {
        1970 + (since.as_secs() / SECONDS).cast_signed()
    })
}

fn entries(keys: &[String], list: &str) -> Result<Vec<Box<[Box<str>]>>, RuleError> {
    keys.iter()
        .map(|key| {
            ExtraWords::entry(key).ok_or_else(|| {
                RuleError::new(
                    key,
                    format!("`{key}` in `{list}` has no letter: give a word such as `badge`"),
                )
            })
        })
        .collect()
}

static INSTALLED: RwLock<Option<Arc<Rules>>> = RwLock::new(None);
/// The epoch of what is installed: what a thread compares its copy with.
static EPOCH: AtomicU32 = AtomicU32::new(0);

thread_local! {
    static COPY: Cell<Option<Arc<Rules>>> = const { Cell::new(None) };
}

/// Lets `f` see the rules in force, the built-in ones before any are installed.
///
/// The thread's own copy is taken out for the time of `f` and put back after it, which costs no shared count; a call
/// inside `f` finds it gone and takes another.
#[inline]
pub(crate) fn with_rules<R>(f: impl FnOnce(&Rules) -> R) -> R {
    let mut f = Some(f);
    let done = COPY.try_with(|copy| {
        let f = f.take()?;
        let rules = match copy.take() {
            Some(rules) if rules.epoch == EPOCH.load(Ordering::Acquire) => rules,
            _ => in_force(),
        };
        let result = f(&rules);
        copy.set(Some(rules));
        Some(result)
    });
    match (done, f) {
        (Ok(Some(result)), _) => result,
        // The thread is ending, and its copy gone.
        (_, Some(f)) => f(&in_force()),
        (_, None) => unreachable!("`f` is taken only where it gives a result"),
    }
}

/// Makes `rules` the ones in force, which they mostly are.
#[inline]
pub(crate) fn refresh(rules: &mut Arc<Rules>) {
    if rules.epoch != EPOCH.load(Ordering::Acquire) {
        *rules = in_force();
    }
}

/// The rules in force, the built-in ones before any are installed.
#[cold]
pub(crate) fn in_force() -> Arc<Rules> {
    static BUILT_IN: OnceLock<Arc<Rules>> = OnceLock::new();
    let installed = INSTALLED.read().unwrap_or_else(PoisonError::into_inner);
    match &*installed {
        Some(rules) => Arc::clone(rules),
        None => Arc::clone(BUILT_IN.get_or_init(|| Arc::new(Rules::built_in()))),
    }
}

/// Puts rules into force for all threads, from each one's next event on.
pub(crate) fn install_rules(rules: Rules) {
    let mut installed = INSTALLED.write().unwrap_or_else(PoisonError::into_inner);
    EPOCH.store(rules.epoch, Ordering::Release);
    *installed = Some(Arc::new(rules));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_entry_is_named() {
        let config = SanitizeConfig {
            keys: vec!["badge".to_owned(), "42".to_owned()],
            ..SanitizeConfig::default()
        };
        let error = Rules::new(&config).unwrap_err();
        assert_eq!(error.rule(), "42");
        assert_eq!(
            error.to_string(),
            "`42` in `keys` has no letter: give a word such as `badge`"
        );
    }

    #[test]
    fn rules_can_be_asked_for_while_they_are_in_use() {
        let epochs = with_rules(|outer| with_rules(|inner| (outer.epoch(), inner.epoch())));
        assert_eq!(epochs.0, epochs.1);
    }
}
