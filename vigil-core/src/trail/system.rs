//! What an event says of the process it comes from: read once, the same in every line.

use crate::event::push_literal;

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

impl System {
    /// Stands for a process of which nothing is known any more.
    pub(crate) fn unknown() -> Self {
        Self {
            service: "(unknown)".to_owned(),
            hostname: None,
            os: os(),
            rust_version: "(unknown)",
            process_id: 0,
        }
    }

    /// The beginning of `system` in a line: `,"system":{... "process_id":7`.
    pub(crate) fn text(&self) -> String {
        let mut text = ",\"system\":{\"service\":".to_owned();
        push_literal(&mut text, &self.service);
        text.push_str(",\"host\":{");
        if let Some(hostname) = &self.hostname {
            text.push_str("\"hostname\":");
            push_literal(&mut text, hostname);
            text.push(',');
        }
        text.push_str("\"os\":");
        push_literal(&mut text, self.os);
        text.push_str("},\"runtime\":{\"rust_version\":");
        push_literal(&mut text, self.rust_version);
        text.push_str(",\"process_id\":");
        text.push_str(&self.process_id.to_string());
        text
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
