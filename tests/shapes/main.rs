//! Every shape that a function can have: each compiles under the strictest lints, is run, and is recorded as it should
//! be. Compiled once in each edition; prints how many there are.
//!
//! A shape is a module with its description in front: the functions, a `run` that calls them, and the events that must
//! come of it. `tests/compare` takes the same modules to compile them with the attributes of others.
#![deny(warnings, clippy::pedantic)]
#![allow(
    clippy::unused_async,
    clippy::unused_self,
    clippy::unnecessary_wraps,
    clippy::needless_pass_by_value,
    clippy::elidable_lifetime_names,
    clippy::trivially_copy_pass_by_ref,
    reason = "the shapes are what is under test, not their style"
)]

/// A shape by the names of its modules.
macro_rules! shapes {
    ($($name:ident),* $(,)?) => {
        &[$(crate::Shape { name: stringify!($name), run: $name::run, events: $name::EVENTS }),*]
    };
}

mod functions;
mod futures;
mod methods;
mod returns;
mod support;
mod surroundings;

use std::error::Error;
use std::fs;
use std::path::Path;

use serde_json::Value;

/// Operation, outcome and parameters of the events of a shape, in the order in which they end.
type Events = &'static [(&'static str, &'static str, &'static str)];

struct Shape {
    name: &'static str,
    run: fn(),
    events: Events,
}

fn main() -> Result<(), Box<dyn Error>> {
    let dir = tempfile::tempdir()?;
    let vigil = vigil::builder()
        .config_text("")
        .service("shapes")
        .trail(dir.path())
        .init()?;
    let shapes: Vec<&Shape> = [
        functions::ALL,
        returns::ALL,
        futures::ALL,
        methods::ALL,
        surroundings::ALL,
    ]
    .into_iter()
    .flatten()
    .collect();
    // Some shapes panic, as they should.
    std::panic::set_hook(Box::new(|_| {}));
    for shape in &shapes {
        (shape.run)();
    }
    vigil.shutdown()?;
    let events = events(dir.path())?;
    let wrong: Vec<String> = shapes
        .iter()
        .filter_map(|shape| check(shape, &events))
        .collect();
    let (right, all) = (shapes.len() - wrong.len(), shapes.len());
    println!(
        "{}: {right} of {all} shapes of functions compile without a warning, run, and are recorded",
        env!("CARGO_PKG_NAME")
    );
    if wrong.is_empty() {
        Ok(())
    } else {
        Err(wrong.join("\n").into())
    }
}

/// What is wrong with the events of a shape.
fn check(shape: &Shape, events: &[Value]) -> Option<String> {
    let module = format!("::{}", shape.name);
    let found: Vec<(&str, &str, &Value)> = events
        .iter()
        .filter(|event| {
            let stands_in = event["source"]["module"].as_str().unwrap_or_default();
            stands_in.ends_with(&module)
        })
        .map(|event| {
            let action = &event["action"];
            (
                action["operation"].as_str().unwrap_or_default(),
                action["result"]["status"].as_str().unwrap_or_default(),
                &action["parameters"],
            )
        })
        .collect();
    let expected: Vec<(&str, &str, Value)> = shape
        .events
        .iter()
        .map(|(operation, status, parameters)| {
            let parameters = serde_json::from_str(parameters).unwrap_or_default();
            (*operation, *status, parameters)
        })
        .collect();
    let same = found.len() == expected.len()
        && found.iter().zip(&expected).all(|(found, expected)| {
            found.0 == expected.0 && found.1 == expected.1 && *found.2 == expected.2
        });
    (!same).then(|| format!("{}: expected {expected:?}, found {found:?}", shape.name))
}

/// The events of the trail in `dir`, in the order of their numbers.
fn events(dir: &Path) -> Result<Vec<Value>, Box<dyn Error>> {
    let mut events = Vec::new();
    for entry in fs::read_dir(dir)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "log") {
            for line in fs::read_to_string(&path)?.lines() {
                events.push(serde_json::from_str::<Value>(line)?);
            }
        }
    }
    events.sort_by_key(|event| event["seq"].as_u64());
    Ok(events)
}
