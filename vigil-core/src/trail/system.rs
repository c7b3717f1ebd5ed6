//! What an event says of the process it comes from: read once, the same in every line.

/// The parts of `system` that do not change while the process runs.
#[derive(Debug, Clone)]
pub(crate) struct System {
    pub(crate) service: String,
    pub(crate) hostname: Option<String>,
    pub(crate) os: &'static str,
    pub(crate) rust_version: &'static str,
    pub(crate) process_id: u32,
}

impl System {
    /// Asks the operating system, once.
    pub(crate) fn of_this_process(service: &str) -> Self {
        Self {
            service: service.to_owned(),
            hostname: hostname().filter(|name| !name.is_empty()),
            os: os(),
            rust_version: env!("VIGIL_RUST_VERSION"),
            process_id: std::process::id(),
        }
    }
}

#[cfg(unix)]
fn hostname() -> Option<String> {
    Some(
        rustix::system::uname()
            .nodename()
            .to_string_lossy()
            .into_owned(),
    )
}

#[cfg(not(unix))]
fn hostname() -> Option<String> {
    std::env::var("COMPUTERNAME").ok()
}

/// The name people use, where there is one.
fn os() -> &'static str {
    match std::env::consts::OS {
        "linux" => "Linux",
        "macos" => "macOS",
        "windows" => "Windows",
        other => other,
    }
}
