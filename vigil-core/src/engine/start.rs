//! From configuration to a running engine.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError};
use std::thread;
use std::time::Instant;

use super::builder::Builder;
use super::checkup::{self, Subject};
use super::guard::{self, Guard, RUNNING};
use super::holds::HoldWatch;
use super::in_force::InForce;
use super::keeper::Keeper;
use super::keeper::file::FileWatch;
use super::monitor::Monitor;
use super::packing::PackWatch;
use super::reload::{self, Reading, Reloader};
use super::retention::Schedule;
use super::sealer::Sealer;
use super::stats::set_sinks;
use super::writer::{Writer, report};
use super::{Role, anchoring, packing, recovery, retention, set_clock, sinks, subjects};
use crate::clock::SystemClock;
use crate::config::{Environment, Source};
use crate::error::Error;
use crate::filter;
use crate::journal::{self, JOURNAL};
use crate::sink::{Forwarders, Progress};
use crate::trail::{System, Trail, about};

/// Starts the engine that the builder describes.
pub(super) fn start(builder: Builder) -> Result<Guard, Error> {
    // The lock is held to the end, so that of two threads one gets the engine and the other the error.
    let mut running = RUNNING.lock().unwrap_or_else(PoisonError::into_inner);
    if journal::is_child() {
        // The engine that runs is that of the process from which this one was forked.
        JOURNAL.begin_anew();
        *running = false;
    }
    if *running {
        return Err(Error::already_running(
            "an engine is running in this process; shut it down before starting another",
        ));
    }
    let Builder {
        source,
        settings,
        sinks,
        clock,
        on_error,
        signer,
        #[cfg(feature = "subject-keys")]
        wrapper,
        anchors,
        has_schedule,
    } = builder;
    // The program may change its working directory; the configuration stays where it is.
    let directory = std::env::current_dir().unwrap_or_default();
    let environment = Environment::of_process_in(directory.clone());
    let file = source.file(&environment)?;
    // Looked at before it is read, so that a change in between is noticed.
    let watched = file
        .as_ref()
        .map(|file| FileWatch::of(directory.join(file)));
    let reading = Reading {
        // A file that was read and is gone later is a mistake, and not the defaults.
        source: file.map_or(source, Source::File),
        directory,
        settings,
    };
    let config = reading.read()?;
    let anchors = anchoring::planned(anchors, &config)?;
    let (sinks, roster) = sinks::register(sinks, &config)?;
    let rules = reload::check(&config)?;
    #[cfg(feature = "subject-keys")]
    let subjects = subjects::open(&config, wrapper)?;
    #[cfg(not(feature = "subject-keys"))]
    let subjects = subjects::open(&config)?;

    if !config.enabled {
        filter::set_enabled(false);
        JOURNAL.discard();
        checkup::look_at(Subject::SwitchedOff);
        return Ok(Guard::new(None, config.trail.dir, on_error));
    }

    set_clock(clock.clone());
    let clock = clock.unwrap_or_else(|| Arc::new(SystemClock));
    let system = System::of_this_process(&config.service);
    let integrity = config.trail.integrity.clone();
    let origin = integrity.origin_for(
        system.hostname.as_deref(),
        &config.service,
        &config.trail.name,
    );
    let (mut trail, signing) =
        Trail::open_sealed(config.trail.clone(), clock, &origin, signer.as_ref())?;
    // Before the first event: what reads the trail goes by it.
    about::write(trail.dir(), config.sanitize.profile)?;
    let start = recovery::start(&mut trail, signing.as_ref(), &config, &system)?;
    let mut notes = trail.take_notes();
    notes.extend(start.notes);
    for note in &notes {
        report(&on_error, &Error::trail(note.clone()));
    }
    let progress = Arc::new(Progress::new(trail.next_seq()));
    let of_retention = Arc::clone(&progress);
    let of_sinks = Arc::clone(&on_error);
    let sinks = Arc::new(Forwarders::start(
        sinks,
        &config.trail,
        Arc::clone(&progress),
        Arc::new(move |error| report(&of_sinks, error)),
        |begins| if begins { Role::Sink } else { Role::Caller }.take(),
    )?);

    reload::install(&config, rules);
    subjects.install();
    filter::set_enabled(true);
    let dir = trail.dir().to_owned();
    let monitor = Arc::new(Monitor::new(notes));
    let mut is_signed = false;
    let sealer = match (signing, trail.grown()) {
        (Some(signing), Some(grown)) => {
            let started = Sealer::start(
                signing,
                &integrity,
                Arc::clone(&monitor),
                Arc::clone(&on_error),
            );
            let what = "cannot start the thread that signs";
            let sealer = started.map_err(|error| Error::io(what, &dir, error))?;
            // All that the start has written is synced.
            if let Ok(grown) = grown.recv() {
                sealer.offer(grown);
            }
            trail.hash_apart()?;
            is_signed = true;
            Some(sealer)
        }
        _ => None,
    };
    let sighup = config.reload.sighup;
    let shown_dir = config.trail.dir.clone();
    let in_force = Arc::new(InForce::new(config));
    let live = JOURNAL.open(start.journal, start.mark.position);
    let writer = Writer {
        live,
        trail,
        composer: start.composer,
        progress: Arc::clone(&progress),
        on_error: Arc::clone(&on_error),
        in_force: Arc::clone(&in_force),
        monitor: Arc::clone(&monitor),
        mark: start.mark,
        open_attempts: HashMap::new(),
        sealer,
    };
    let of_writer = Arc::clone(&monitor);
    let thread = thread::Builder::new()
        .name("vigil-writer".to_owned())
        .spawn(move || {
            let _ending = Ending(of_writer);
            writer.run()
        });
    let thread = match thread {
        Ok(thread) => thread,
        Err(error) => {
            JOURNAL.close();
            sinks.stop(Instant::now());
            let what = "cannot start the writer thread for";
            return Err(Error::io(what, &shown_dir, error));
        }
    };
    set_sinks(Arc::clone(&sinks));
    reload::arm(Reloader {
        reading,
        roster,
        in_force: Arc::clone(&in_force),
        on_error: Arc::clone(&on_error),
    });
    checkup::look_at(Subject::Running(Arc::new(checkup::Running {
        live,
        monitor: Arc::clone(&monitor),
        sinks: Arc::clone(&sinks),
        in_force: Arc::clone(&in_force),
        dir: dir.clone(),
    })));
    let subject = Arc::new(retention::Subject {
        dir: dir.clone(),
        in_force: Arc::clone(&in_force),
        monitor: Arc::clone(&monitor),
        progress: of_retention,
        sinks: Arc::clone(&sinks),
        on_error: Arc::clone(&on_error),
        at_work: Default::default(),
        busy: Default::default(),
        has_schedule,
        stepped: Default::default(),
    });
    retention::arm(Some(Arc::clone(&subject)));
    let packing = PackWatch::new(packing::Subject {
        dir: dir.clone(),
        in_force: Arc::clone(&in_force),
        monitor: Arc::clone(&monitor),
        sinks: Arc::clone(&sinks),
        on_error: Arc::clone(&on_error),
    });
    let (trail_dir, of_anchors) = (dir.clone(), Arc::clone(&monitor));
    let on_error_of_anchors = Arc::clone(&on_error);
    let keeper = Keeper {
        packing,
        holds: HoldWatch::new(&dir, Arc::clone(&monitor), Arc::clone(&on_error)),
        retention: Schedule::new(subject),
        subjects,
        dir,
        file: watched,
        sighup,
        in_force: Arc::clone(&in_force),
        monitor,
        sinks: Arc::clone(&sinks),
        progress,
        on_error: Arc::clone(&on_error),
    };
    *running = true;
    // Where nothing is signed there is nothing to hand over.
    let anchors = if is_signed { anchors } else { Vec::new() };
    let engine = guard::Engine {
        anchoring: anchoring::Anchoring::start(
            anchors,
            &trail_dir,
            &of_anchors,
            &on_error_of_anchors,
        ),
        process: std::process::id(),
        live,
        thread,
        keeper: keeper.start(),
        sinks,
        in_force,
    };
    Ok(Guard::new(Some(engine), shown_dir, on_error))
}

/// Says so when the writer's thread ends, however that comes about.
struct Ending(Arc<Monitor>);

impl Drop for Ending {
    fn drop(&mut self) {
        self.0.writer_ended();
    }
}
