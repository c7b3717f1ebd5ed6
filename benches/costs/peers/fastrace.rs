//! `fastrace`: a root span a call, with what is known at the beginning and at the end as its properties. It has no
//! reporter that writes a file, so one is given to it.

use std::error::Error;
use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::Path;

use fastrace::Span;
use fastrace::collector::{Config, Reporter, SpanContext, SpanRecord};
use serde::Serialize;

use super::{Peer, Stop};
use crate::work::{ACTION, CATEGORY, HIDDEN, OPERATION, Returned, status, work};

pub(super) const PEER: Peer = Peer {
    name: "fastrace",
    call: execute_query,
    start,
    slow: false,
};

#[inline(never)]
fn execute_query(sql: &str, user_id: u64, password: &str) -> Returned {
    let span = Span::root(OPERATION, SpanContext::random()).with_properties(|| {
        [
            ("category", CATEGORY.into()),
            ("action", ACTION.into()),
            ("sql", sql.to_owned().into()),
            ("user_id", user_id.to_string().into()),
            ("password", std::borrow::Cow::from(HIDDEN)),
        ]
    });
    let result = work(sql, user_id, password);
    span.add_property(|| ("status", status(&result)));
    result
}

struct Lines(BufWriter<File>);

#[derive(Serialize)]
struct Line<'a> {
    trace_id: String,
    span_id: String,
    begin_time_unix_ns: u64,
    duration_ns: u64,
    name: &'a str,
    properties: &'a [(
        std::borrow::Cow<'static, str>,
        std::borrow::Cow<'static, str>,
    )],
}

impl Reporter for Lines {
    fn report(&mut self, spans: Vec<SpanRecord>) {
        for span in &spans {
            let line = Line {
                trace_id: span.trace_id.to_string(),
                span_id: span.span_id.to_string(),
                begin_time_unix_ns: span.begin_time_unix_ns,
                duration_ns: span.duration_ns,
                name: &span.name,
                properties: &span.properties,
            };
            if serde_json::to_writer(&mut self.0, &line).is_ok() {
                let _ = self.0.write_all(b"\n");
            }
        }
        let _ = self.0.flush();
    }
}

fn start(dir: &Path) -> Result<Stop, Box<dyn Error>> {
    let file = BufWriter::with_capacity(64 * 1024, File::create(dir.join("audit.log"))?);
    fastrace::set_reporter(Lines(file), Config::default());
    Ok(Box::new(fastrace::flush))
}
