//! The trail becomes one that proves itself: while it grows, each line is hashed into the tree and its sidecar
//! ([`growing`]), by a thread of its own ([`apart`]); at the start, what stands there is held against what was signed ([`examine`]), and what does not fit is
//! set aside whole ([`aside`]). Who signs, and when, is the engine's affair.

mod account;
mod apart;
mod aside;
mod categories;
mod examine;
mod growing;
mod leaves;
mod start;
#[cfg(test)]
mod tests;

pub(crate) use apart::Grown;
pub(super) use apart::Sealing;
pub(crate) use aside::Damage;
pub(super) use growing::create_directories;
pub(crate) use growing::{Closed, Tree};
pub(crate) use start::Signing;
pub(super) use start::look;

use std::time::Duration;

/// Whether and how the trail proves itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Integrity {
    pub(crate) enabled: bool,
    /// Which trail it is, in each checkpoint; `None`: after host, service and name of the trail.
    pub(crate) origin: Option<String>,
    /// A checkpoint is signed so long after the one before, if there are new events.
    pub(crate) checkpoint_interval: Duration,
    /// And as soon as there are so many.
    pub(crate) checkpoint_every: u64,
    /// Without events for so long, one is written that says so.
    pub(crate) heartbeat: Option<Duration>,
    pub(crate) on_damage: OnDamage,
}

/// What the start does with a trail that is not what was signed: shortened, altered, without its checkpoints.
///
/// Either way nothing is appended to it, and nothing of it is deleted.
///
/// # Examples
///
/// ```
/// # let dir = tempfile::tempdir().unwrap();
/// use vigil::OnDamage;
///
/// let vigil = vigil::builder().trail(dir.path()).on_damage(OnDamage::Refuse).init();
/// # drop(vigil);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnDamage {
    /// Moves it into `.vigil/aside-1` (or the next free number) and begins a new one, with an `audit_failure` that says
    /// so. The default: a byte changed on the disk must not keep the program from starting, or from being audited.
    SetAside,
    /// Does not start: `init` returns an error that says what is wrong.
    Refuse,
}

impl Default for Integrity {
    fn default() -> Self {
        Self {
            enabled: true,
            origin: None,
            checkpoint_interval: Duration::from_millis(100),
            checkpoint_every: 10_000,
            heartbeat: Some(Duration::from_secs(15 * 60)),
            on_damage: OnDamage::SetAside,
        }
    }
}
