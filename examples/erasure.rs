//! A person asks to be forgotten, and the trail stays what was signed:
//! `cargo run -p vigil-examples --example erasure --features subject-keys`.

use std::fs;
use std::path::Path;

use vigil::trail::subjects::{Erasure, SubjectKeys, erase};
use vigil::trail::{TrailReader, VerifyOptions, verify};
use vigil::{Sanitize, audited};

#[derive(Sanitize)]
struct Patient {
    #[audit(encrypt)]
    name: String,
    #[audit(encrypt)]
    diagnosis: String,
    ward: u32,
}

// `subject` says whose data it is: each subject has a key of its own.
#[audited(category = "DATA", type = "UPDATE", subject = id)]
fn admit(id: &str, patient: &Patient) {
    let _ = patient;
}

/// The last call, as somebody reads it who has the keys.
fn show(trail: &Path, keys: &SubjectKeys) -> Result<(), Box<dyn std::error::Error>> {
    let mut reader = TrailReader::open(trail)?;
    while let Some(lines) = reader.next_lines()? {
        for line in lines.split(|byte| *byte == b'\n') {
            let event: serde_json::Value =
                serde_json::from_slice(&keys.reveal(line, None)?.line).unwrap_or_default();
            if event["action"]["operation"] == "admit" {
                println!("   {}", event["action"]["parameters"]["patient"]);
            }
        }
    }
    Ok(())
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let (trail, store) = (Path::new("logs/audit"), Path::new("keys"));
    let vigil = vigil::builder()
        .service("clinic")
        .trail(trail)
        .subject_keys(store)
        .init()?;
    let patient = |name: &str, diagnosis: &str| Patient {
        name: name.to_owned(),
        diagnosis: diagnosis.to_owned(),
        ward: 3,
    };
    admit("p-17", &patient("Jane Smith", "appendicitis"));
    admit("p-18", &patient("John Doe", "a broken leg"));
    vigil::flush()?;
    let keys = SubjectKeys::open(store)?;
    println!("1. with the keys");
    show(trail, &keys)?;

    let before = verify(trail, &VerifyOptions::new())?;
    let request = Erasure::new("GDPR Art. 17(1)(b)").request_id("R-118");
    let erased = erase(trail, store, "p-17", &request)?;
    println!(
        "2. erased: {} event, complete on {}",
        erased.events,
        &erased.complete[..10]
    );
    show(trail, &keys)?;

    vigil.shutdown()?;
    let after = verify(trail, &VerifyOptions::new())?;
    println!("3. {:?} before, {:?} after", before.verdict, after.verdict);
    if let Some(certificate) = &erased.certificate {
        fs::write("R-118.tlog-proof", certificate.to_string())?;
        println!("4. the certificate lies in R-118.tlog-proof");
    }
    Ok(())
}
