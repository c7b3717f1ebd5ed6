//! How whoever applies retention wants it applied.

/// How retention is to be applied.
///
/// # Examples
///
/// ```no_run
/// use vigil::trail::retention::{Age, ApplyOptions, Retention, apply};
///
/// let retention = Retention::new().age(Age::months(12));
/// let applied = apply("logs/audit", &retention, &ApplyOptions::new().operator("nightly job"))?;
/// println!("{} events have gone", applied.events);
/// # Ok::<(), vigil::Error>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct ApplyOptions {
    pub(super) operator: Option<String>,
    pub(super) clock_is_right: bool,
}

impl ApplyOptions {
    /// By the user that the process runs as.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Who has it done: it stands in the trail.
    #[must_use]
    pub fn operator(mut self, name: impl Into<String>) -> Self {
        self.operator = Some(name.into());
        self
    }

    /// Somebody has looked at the clock: what is due is removed, although time has made a leap.
    #[must_use]
    pub fn clock_is_right(mut self, is_right: bool) -> Self {
        self.clock_is_right = is_right;
        self
    }
}
