//! Counting and printing.

use std::collections::BTreeMap;

/// What became of a case.
pub(super) enum Outcome {
    Right,
    /// As it should be, but something beside it is not; counted elsewhere.
    Damaged(String),
    Missed(String),
}

/// The outcomes by kind.
pub(super) struct Tally {
    what: &'static str,
    kinds: BTreeMap<String, (usize, usize)>,
    failures: Vec<String>,
}

impl Tally {
    pub(super) fn new(what: &'static str) -> Self {
        Self {
            what,
            kinds: BTreeMap::new(),
            failures: Vec::new(),
        }
    }

    pub(super) fn add(&mut self, id: &str, kind: &str, outcome: Outcome, text: &str, out: &str) {
        let (right, all) = self.kinds.entry(kind.to_owned()).or_default();
        *all += 1;
        let problem = match outcome {
            Outcome::Right => {
                *right += 1;
                return;
            }
            Outcome::Damaged(problem) => {
                *right += 1;
                problem
            }
            Outcome::Missed(problem) => problem,
        };
        self.failures
            .push(format!("{id}: {problem}\n    {text:?}\n    {out:?}"));
    }

    fn totals(&self) -> (usize, usize) {
        self.kinds
            .values()
            .fold((0, 0), |sum, (right, all)| (sum.0 + right, sum.1 + all))
    }

    /// The share of all cases that are right.
    pub(super) fn share(&self) -> f64 {
        let (right, all) = self.totals();
        right as f64 / all as f64
    }

    /// Prints the scores and each failure; gives back the share of each kind.
    pub(super) fn print(&self) -> Vec<(&str, f64)> {
        for failure in &self.failures {
            println!("{failure}");
        }
        let shares: Vec<_> = self
            .kinds
            .iter()
            .map(|(kind, (right, all))| (kind.as_str(), *right as f64 / *all as f64))
            .collect();
        for ((kind, share), (right, all)) in shares.iter().zip(self.kinds.values()) {
            println!("{kind:24} {right:4} of {all:4}  {:6.2} %", 100.0 * share);
        }
        let (right, all) = self.totals();
        println!(
            "{}: {right} of {all}, {:.2} %",
            self.what,
            100.0 * self.share()
        );
        shares
    }
}
