//! Why a command ends early, and with which exit code.

use std::io;
use std::process::ExitCode;

/// What went wrong.
#[derive(Debug)]
pub(crate) enum Failure {
    /// What the user gave cannot be used.
    Input(String),
    /// Reading or writing failed.
    Surroundings(String),
    /// Whoever read our output has enough of it, as `head` does; no failure at all.
    Enough,
}

impl Failure {
    pub(crate) fn input(message: impl Into<String>) -> Self {
        Self::Input(message.into())
    }

    /// Of what an argument names.
    pub(crate) fn of(self, argument: &str) -> Self {
        let named = |message| format!("{argument}: {message}");
        match self {
            Self::Input(message) => Self::Input(named(message)),
            Self::Surroundings(message) => Self::Surroundings(named(message)),
            Self::Enough => Self::Enough,
        }
    }

    /// For a command that judges: what could not be read leaves open what it should say, and is no judgement.
    pub(crate) fn undecided(self) -> Self {
        match self {
            Self::Surroundings(message) => Self::Input(message),
            other => other,
        }
    }

    /// While reading what is called `name`.
    pub(crate) fn reading(name: &str, error: &io::Error) -> Self {
        Self::Surroundings(format!("cannot read {name}: {error}"))
    }

    /// While writing to the standard output.
    pub(crate) fn writing(error: &io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            return Self::Enough;
        }
        Self::Surroundings(format!("cannot write to the standard output: {error}"))
    }

    pub(crate) fn message(&self) -> Option<&str> {
        match self {
            Self::Input(message) | Self::Surroundings(message) => Some(message),
            Self::Enough => None,
        }
    }

    pub(crate) fn code(&self) -> ExitCode {
        match self {
            Self::Enough => ExitCode::SUCCESS,
            Self::Surroundings(_) => ExitCode::from(1),
            Self::Input(_) => ExitCode::from(2),
        }
    }
}
