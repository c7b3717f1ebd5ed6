//! The question to the process that writes a trail, and its answer: two files beside the trail.

use std::fs;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use super::STEP;
use crate::disk::{create_directory, is_missing, replace_file};
use crate::engine::now;
use crate::retention::Applied;
use crate::trail::evidence::Places;
use crate::{Error, EventId};

/// How long to wait for the process that writes the trail.
const ANSWER: Duration = Duration::from_secs(60);

/// What is asked of the process that writes a trail.
#[derive(Serialize, Deserialize)]
pub(super) struct Request {
    id: String,
    pub(super) operator: String,
    pub(super) clock_is_right: bool,
}

/// And what it answers.
#[derive(Serialize, Deserialize)]
struct Answer {
    id: String,
    applied: Option<Applied>,
    error: Option<String>,
}

/// Asks the process that writes the trail.
pub(super) fn ask(dir: &Path, operator: String, clock_is_right: bool) -> Result<Applied, Error> {
    let places = Places::of_trail(dir);
    let (request, answer) = (request_file(&places), answer_file(&places));
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |error| {
            Error::io(
                "cannot ask the process that writes the trail by",
                &path,
                error,
            )
        }
    };
    let id = EventId::new(now().1).to_string();
    let asked = Request {
        id: id.clone(),
        operator,
        clock_is_right,
    };
    let directory = places.retention_dir();
    create_directory(&directory).map_err(failed(&directory))?;
    let text = serde_json::to_vec(&asked).map_err(|error| failed(&request)(error.into()))?;
    replace_file(&request, &text).map_err(failed(&request))?;
    let deadline = Instant::now() + ANSWER;
    loop {
        if let Ok(bytes) = fs::read(&answer)
            && let Ok(answered) = serde_json::from_slice::<Answer>(&bytes)
            && answered.id == id
        {
            let _ = fs::remove_file(&answer);
            return match (answered.applied, answered.error) {
                (Some(applied), _) => Ok(applied),
                (None, error) => Err(Error::trail(error.unwrap_or_default())),
            };
        }
        if Instant::now() >= deadline {
            // Nobody shall do it later, when nobody expects it any more.
            let _ = fs::remove_file(&request);
            return Err(Error::timeout(format!(
                "the process that writes the trail in {} has not answered within {} s; see what its on_error was told",
                dir.display(),
                ANSWER.as_secs()
            )));
        }
        thread::sleep(STEP);
    }
}

/// What somebody asks for. It is asked for once.
pub(super) fn take(places: &Places) -> Option<Request> {
    const LONGEST: u64 = 64 << 10;
    let path = &request_file(places);
    let metadata = fs::symlink_metadata(path).ok()?;
    let read = || {
        let bytes = (metadata.is_file() && metadata.len() <= LONGEST).then(|| fs::read(path))?;
        serde_json::from_slice(&bytes.ok()?).ok()
    };
    let request = read();
    match fs::remove_file(path) {
        Err(error) if !is_missing(&error) => None,
        _ => request,
    }
}

/// Puts it back, for the next look.
pub(super) fn put_back(places: &Places, request: &Request) {
    if let Ok(text) = serde_json::to_vec(request) {
        // Who asks is told that nobody has answered, if this fails.
        let _ = replace_file(&request_file(places), &text);
    }
}

/// Answers whoever has asked.
pub(super) fn answer(
    places: &Places,
    request: &Request,
    result: Result<Applied, Error>,
) -> Result<(), Error> {
    let answer = Answer {
        id: request.id.clone(),
        error: result.as_ref().err().map(ToString::to_string),
        applied: result.ok(),
    };
    let path = answer_file(places);
    let text = serde_json::to_vec(&answer).map_err(std::io::Error::from);
    text.and_then(|text| replace_file(&path, &text))
        .map_err(|error| Error::io("cannot answer by", &path, error))
}

fn request_file(places: &Places) -> PathBuf {
    places.retention_dir().join("request")
}

fn answer_file(places: &Places) -> PathBuf {
    places.retention_dir().join("answer")
}
