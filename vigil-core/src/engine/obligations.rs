//! What the code demands of the configuration: a mandatory category is recorded whatever a file says, and a file cannot
//! ask of a call what its code is not made for. Either is an error when the configuration is loaded.

use std::collections::BTreeSet;

use crate::config::Config;
use crate::error::Error;
use crate::event::{Callsite, Delivery, Overflow};

/// So many places are named in a message.
const NAMED: usize = 5;

/// Compares the configuration with the callsites of the program.
pub(super) fn check(config: &Config, callsites: &[&'static Callsite]) -> Result<(), Error> {
    let mut problems = Vec::new();
    let mandatory: BTreeSet<&str> = callsites
        .iter()
        .filter(|callsite| callsite.category.is_mandatory())
        .map(|callsite| callsite.category.as_str())
        .collect();
    for category in &mandatory {
        problems.extend(weakened(config, callsites, category));
    }
    if !config.enabled && !mandatory.is_empty() {
        let names: Vec<&str> = mandatory.iter().copied().collect();
        problems.push(format!(
            "enabled: false would switch off {}, which the code declares as mandatory; leave it out",
            names.join(", ")
        ));
    }
    for (category, overflow) in &config.overflow.categories {
        if *overflow == Overflow::Deny {
            let unable = places(callsites, category, |callsite| !callsite.is_refusable());
            problems.extend(unable.map(|places| {
                format!(
                    "overflow.categories.{category}: deny needs calls that can be refused; write `overflow = \"deny\"` \
                     at {places}"
                )
            }));
        }
    }
    for (category, delivery) in &config.delivery.categories {
        if *delivery == Delivery::Durable {
            let unable = places(callsites, category, |callsite| {
                callsite.is_future
                    && callsite
                        .delivery
                        .is_none_or(|said| said < Delivery::Durable)
            });
            problems.extend(unable.map(|places| {
                format!(
                    "delivery.categories.{category}: futures wait for the disk only if their code says so; write \
                     `delivery = \"durable\"` at {places}"
                )
            }));
        }
    }
    if problems.is_empty() {
        Ok(())
    } else {
        Err(Error::config(problems.join("\n")))
    }
}

/// The keys that would keep events of a mandatory category out of the trail.
fn weakened(config: &Config, callsites: &[&'static Callsite], category: &str) -> Vec<String> {
    let mut keys = Vec::new();
    if config.categories.get(category) == Some(&false) {
        keys.push(format!("categories.{category}: false would switch off"));
    }
    if let Some(rate) = config.sampling.categories.get(category)
        && *rate < 1.0
    {
        keys.push(format!(
            "sampling.categories.{category}: {rate} would leave out calls of"
        ));
    }
    for (operation, rate) in &config.sampling.operations {
        let is_of_it = |callsite: &&&Callsite| {
            callsite.category.as_str() == category && callsite.operation == operation
        };
        if *rate < 1.0 && callsites.iter().any(|callsite| is_of_it(&callsite)) {
            keys.push(format!(
                "sampling.operations.{operation}: {rate} would leave out calls of"
            ));
        }
    }
    if config
        .dedup
        .categories
        .get(category)
        .is_some_and(Option::is_some)
    {
        keys.push(format!(
            "dedup.categories.{category}: a window would fold events of"
        ));
    }
    if config.overflow.categories.get(category) == Some(&Overflow::Drop) {
        keys.push(format!(
            "overflow.categories.{category}: drop would lose events of"
        ));
    }
    keys.into_iter()
        .map(|key| format!("{key} {category}, which the code declares as mandatory; leave it out"))
        .collect()
}

/// The callsites of a category that something is true of, in words; `None` if there are none.
fn places(
    callsites: &[&'static Callsite],
    category: &str,
    is_one: impl Fn(&Callsite) -> bool,
) -> Option<String> {
    let found: Vec<String> = callsites
        .iter()
        .filter(|callsite| callsite.category.as_str() == category && is_one(callsite))
        .map(|callsite| {
            format!(
                "{} ({}:{})",
                callsite.operation, callsite.file, callsite.line
            )
        })
        .collect();
    let more = found.len().saturating_sub(NAMED);
    let mut words = found[..found.len().min(NAMED)].join(", ");
    if more > 0 {
        words.push_str(&format!(" and {more} more"));
    }
    (!found.is_empty()).then_some(words)
}
