//! Against which checkpoints from elsewhere a trail is held, and what came of them.

use std::io::Write;
use std::path::Path;
use std::str::FromStr;
use std::time::Duration;

use vigil_core::trail::{AnchorKind, AnchorReport, SignedCheckpoint, VerifyOptions, VerifyReport};

use crate::failure::Failure;
use crate::trail::{bytes_of, text_of};

/// What `--anchored-within` demands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Within {
    Events(u64),
    Age(Duration),
}

impl FromStr for Within {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Ok(events) = text.parse() {
            return Ok(Self::Events(events));
        }
        let seconds = |unit: &str| -> Option<u64> {
            Some(match unit {
                "s" => 1,
                "m" => 60,
                "h" => 3_600,
                "d" => 86_400,
                _ => return None,
            })
        };
        text.find(|c: char| !c.is_ascii_digit())
            .map(|unit| text.split_at(unit))
            .and_then(|(number, unit)| {
                let number: u64 = number.parse().ok()?;
                Some(Self::Age(Duration::from_secs(
                    number.checked_mul(seconds(unit.trim())?)?,
                )))
            })
            .ok_or_else(|| {
                "expected a number of events such as 1000, or an age such as 90s, 10m, 24h, 7d"
                    .to_owned()
            })
    }
}

/// Takes a checkpoint that was kept, or all in a directory; with the time stamps beside them, if these are to be believed.
pub(super) fn keep<'p>(
    mut options: VerifyOptions<'p>,
    path: &Path,
    trail: &Path,
    stamps: bool,
) -> Result<VerifyOptions<'p>, Failure> {
    let stamp_of = |path: &Path| {
        let stamp = path.with_extension("tsr");
        (stamps && stamp.exists())
            .then(|| bytes_of(&stamp))
            .transpose()
    };
    if !path.is_dir() {
        let note = text_of(path)?;
        return Ok(match stamp_of(path)? {
            Some(stamp) => options.kept_stamped(note, stamp),
            None => options.kept(note),
        });
    }
    let shown = path.display().to_string();
    let unreadable = |error: &std::io::Error| Failure::reading(&shown, error);
    // Other trails may be copied there as well. One that has no checkpoint any more is held against all.
    let origin = SignedCheckpoint::newest(trail).map(|newest| newest.origin().to_owned());
    let mut found = 0;
    let mut taken = 0;
    for entry in std::fs::read_dir(path).map_err(|error| unreadable(&error))? {
        let path = entry.map_err(|error| unreadable(&error))?.path();
        if path.extension().is_none_or(|ending| ending != "checkpoint") {
            continue;
        }
        found += 1;
        let note = text_of(&path)?;
        if let (Ok(origin), Some(of)) = (&origin, note.lines().next())
            && origin != of
        {
            continue;
        }
        taken += 1;
        if let Some(stamp) = stamp_of(&path)? {
            options = options.kept_stamped(note, stamp);
            continue;
        }
        let time = path.metadata().and_then(|metadata| metadata.modified());
        options = match time {
            Ok(time) => options.kept_at(note, time),
            Err(_) => options.kept(note),
        };
    }
    if taken == 0 {
        let why = match found {
            0 => "holds no *.checkpoint",
            _ => "holds checkpoints of other trails only",
        };
        return Err(Failure::input(format!(
            "--kept {shown}: the directory {why}"
        )));
    }
    Ok(options)
}

pub(super) fn tell(report: &VerifyReport, out: &mut impl Write) -> std::io::Result<()> {
    match (report.anchored, &report.anchored_at) {
        (Some(size), Some(at)) => writeln!(out, "  anchored     {size} events, since {at}")?,
        (Some(size), None) => writeln!(
            out,
            "  anchored     {size} events, by a checkpoint that was given"
        )?,
        (None, _) => writeln!(out, "  anchored     by nothing that was given")?,
    }
    for anchor in &report.anchors {
        let AnchorReport {
            name,
            checkpoints,
            size,
            time,
            first_size,
            first_time,
            unchecked,
            kind,
            ..
        } = anchor;
        let whose = match kind {
            AnchorKind::Given => "given".to_owned(),
            AnchorKind::Witness => format!("witness {name}"),
            AnchorKind::Timestamp | AnchorKind::UncheckedTimestamp => {
                format!("time stamps of {name}")
            }
            _ => format!("receipts of {name}"),
        };
        write!(out, "    {whose}: ")?;
        match size {
            Some(size) => write!(out, "{size} events, {checkpoints} checkpoints agree")?,
            None => write!(out, "no checkpoint that agrees")?,
        }
        if let Some(time) = time {
            write!(out, ", the newest of {time}")?;
        }
        if let (Some(first), Some(time)) = (first_size, first_time)
            && Some(*first) != *size
        {
            write!(out, ", the first {first} events since {time}")?;
        }
        if let Some(why) = unchecked {
            write!(out, " (not checked, and count for nothing: {why})")?;
        }
        if *kind == AnchorKind::Receipt {
            write!(
                out,
                " (they lie beside the trail, and prove nothing by themselves)"
            )?;
        }
        writeln!(out)?;
    }
    Ok(())
}
