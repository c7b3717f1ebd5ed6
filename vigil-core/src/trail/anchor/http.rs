//! Requests to servers that may do anything: hang, send no end, or something else than was asked for.

use std::io::Read as _;
use std::time::Duration;

use ureq::Agent;
use ureq::tls::{RootCerts, TlsConfig};

use super::AnchorError;
use crate::Error;

/// No answer that is of use is longer.
const LONGEST: u64 = 64 << 10;
/// So much of what a server says goes into a message.
const SHOWN: usize = 200;

/// Sends, and waits for a limited time.
#[derive(Debug)]
pub(super) struct Client {
    /// For the whole exchange.
    pub(super) timeout: Duration,
}

/// What came back.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) content_type: Option<String>,
    pub(super) body: Vec<u8>,
}

impl Client {
    /// For this address; it is not spoken to yet.
    pub(super) fn new(url: &str) -> Result<Self, Error> {
        let uri: Option<ureq::http::Uri> = url.parse().ok();
        let known = uri.is_some_and(|uri| {
            matches!(uri.scheme_str(), Some("http" | "https")) && uri.host().is_some()
        });
        if !known {
            return Err(Error::config(format!(
                "{url:?} is no address: write https://host/path"
            )));
        }
        Ok(Self {
            timeout: Duration::from_secs(10),
        })
    }

    pub(super) fn post(
        &self,
        url: &str,
        content_type: &str,
        body: &[u8],
    ) -> Result<Answer, AnchorError> {
        let failed = |error: &dyn std::fmt::Display| {
            AnchorError::new(format!("cannot reach {url}: {error}"))
        };
        // A new one each time: the connection would be closed by the other side in the meantime.
        let agent: Agent = Agent::config_builder()
            .timeout_global(Some(self.timeout))
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .user_agent(concat!("vigil/", env!("CARGO_PKG_VERSION")))
            .tls_config(TlsConfig::builder().root_certs(RootCerts::WebPki).build())
            .build()
            .into();
        let response = agent
            .post(url)
            .header("content-type", content_type)
            .send(body)
            .map_err(|error| failed(&error))?;
        let status = response.status().as_u16();
        let content_type = response.headers().get("content-type");
        let content_type = content_type
            .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
            .map(|text| line_of(&text));
        let mut body = Vec::new();
        response
            .into_body()
            .into_reader()
            .take(LONGEST + 1)
            .read_to_end(&mut body)
            .map_err(|error| failed(&error))?;
        if body.len() as u64 > LONGEST {
            return Err(failed(&"its answer does not end"));
        }
        Ok(Answer {
            status,
            content_type,
            body,
        })
    }
}

impl Answer {
    /// The decimal number that it is.
    pub(super) fn size(&self) -> Option<u64> {
        std::str::from_utf8(&self.body).ok()?.trim().parse().ok()
    }

    /// Whether it says to be of this type.
    pub(super) fn is(&self, content_type: &str) -> bool {
        let said = self.content_type.as_deref().unwrap_or_default();
        let said = said.split(';').next().unwrap_or_default();
        said.trim().eq_ignore_ascii_case(content_type)
    }

    /// What it says, for a message: `: …`, or nothing.
    pub(super) fn shown(&self) -> String {
        let line = line_of(&String::from_utf8_lossy(&self.body));
        match line.trim() {
            "" => String::new(),
            line => format!(": {line}"),
        }
    }
}

fn line_of(text: &str) -> String {
    let shown = text.chars().take(SHOWN);
    shown
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect()
}
