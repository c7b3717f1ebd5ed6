//! The keys within a list or a mapping whose names the user chooses: patterns, sinks and anchors.

use super::check;
use super::settings::{AnchorSection, PatternSection};
use super::text::{self, Expected};
use crate::sink::{SinkOptions, Start};

/// A key of one pattern.
pub(super) struct PatternKey {
    pub(super) name: &'static str,
    pub(super) required: bool,
    pub(super) takes: PatternTakes,
}

/// What may stand behind a key of a pattern, and where it goes.
pub(super) enum PatternTakes {
    Text(fn(&mut PatternSection, &str) -> Result<(), Expected>),
    /// A list of texts, or one text.
    Texts(
        fn(&str) -> Result<(), Expected>,
        fn(&mut PatternSection, Vec<String>),
    ),
}

/// A key of something that has a name of the user's: a sink, an anchor.
pub(super) struct NamedKey<T> {
    pub(super) name: &'static str,
    pub(super) set: fn(&mut T, &str) -> Result<(), Expected>,
}

type SinkKey = NamedKey<SinkOptions>;
type AnchorKey = NamedKey<AnchorSection>;

pub(super) const ANCHOR_KEYS: &[AnchorKey] = &[
    AnchorKey {
        name: "to",
        set: |anchor, text| {
            check::anchor_target(text)?;
            anchor.to = text.to_owned();
            Ok(())
        },
    },
    AnchorKey {
        name: "every",
        set: |anchor, text| {
            anchor.every = text::duration(text)?;
            check::anchor_interval(anchor.every)
        },
    },
    AnchorKey {
        name: "key",
        set: |anchor, text| {
            anchor.key = Some(text.to_owned());
            Ok(())
        },
    },
    AnchorKey {
        name: "ca",
        set: |anchor, text| {
            anchor.ca = Some(text.into());
            Ok(())
        },
    },
];

pub(super) const SINK_KEYS: &[SinkKey] = &[
    SinkKey {
        name: "start",
        set: |options, text| {
            options.start = Some(match text {
                "beginning" => Start::Beginning,
                "end" => Start::End,
                _ => return Err("beginning or end".into()),
            });
            Ok(())
        },
    },
    SinkKey {
        name: "cursor",
        set: |options, text| {
            options.cursor = Some(text::switch(text)?);
            Ok(())
        },
    },
    SinkKey {
        name: "batch_events",
        set: |options, text| {
            options.batch_events = Some(check::batch_events(text)?);
            Ok(())
        },
    },
    SinkKey {
        name: "batch_size",
        set: |options, text| {
            options.batch_bytes = Some(check::batch_size(text)?);
            Ok(())
        },
    },
    SinkKey {
        name: "first_retry",
        set: |options, text| {
            options.first_retry = Some(check::interval(text)?);
            Ok(())
        },
    },
    SinkKey {
        name: "longest_retry",
        set: |options, text| {
            options.longest_retry = Some(check::interval(text)?);
            Ok(())
        },
    },
    SinkKey {
        name: "deadline",
        set: |options, text| {
            options.deadline = Some(check::interval(text)?);
            Ok(())
        },
    },
];

pub(super) const PATTERN_KEYS: &[PatternKey] = &[
    PatternKey {
        name: "name",
        required: true,
        takes: PatternTakes::Text(|pattern, text| {
            check::word(text)?;
            pattern.name = text.to_owned();
            Ok(())
        }),
    },
    PatternKey {
        name: "regex",
        required: true,
        takes: PatternTakes::Text(|pattern, text| {
            check::regex(text)?;
            pattern.regex = text.to_owned();
            Ok(())
        }),
    },
    PatternKey {
        name: "keywords",
        required: false,
        takes: PatternTakes::Texts(check::word, |pattern, words| pattern.keywords = words),
    },
    PatternKey {
        name: "validator",
        required: false,
        takes: PatternTakes::Text(|pattern, text| {
            pattern.validator = Some(check::validator(text)?);
            Ok(())
        }),
    },
    PatternKey {
        name: "method",
        required: false,
        takes: PatternTakes::Text(|pattern, text| {
            pattern.method = check::method(text)?;
            Ok(())
        }),
    },
    PatternKey {
        name: "replacement",
        required: false,
        takes: PatternTakes::Text(|pattern, text| {
            pattern.replacement = Some(text.to_owned());
            Ok(())
        }),
    },
];
