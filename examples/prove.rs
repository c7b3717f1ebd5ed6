//! A trail that proves itself: checked, one event of it proved to somebody who sees no other, and a lie found out:
//! `cargo run --example prove`.
//!
//! The program `vigil` does the same from outside (`vigil verify`, `vigil prove`, `vigil check-proof`).

use std::fs;

use vigil::audit;
use vigil::trail::{VerifyOptions, check_proof, newest_checkpoint, prove, verifier_keys, verify};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let vigil = vigil::builder().service("bank").init()?;
    let mut transfers = Vec::new();
    for (to, cents) in [("A-1", 12_000), ("A-2", 990_000), ("A-3", 4_500)] {
        transfers.extend(audit!(
            category = "PAYMENT",
            operation = "transfer",
            type = "EXECUTE",
            fields(to = to, cents = cents),
            outcome = ok
        ));
    }
    let dir = vigil.trail_dir().to_owned();
    vigil.shutdown()?;

    // What an auditor has kept: the public key, got when the service was set up, and a checkpoint of today.
    let keys = verifier_keys(&dir)?;
    let kept = newest_checkpoint(&dir)?;
    let mut options = VerifyOptions::new().kept(&kept);
    for key in &keys {
        options = options.key(key)?;
    }
    let report = verify(&dir, &options)?;
    println!("1. {} events, {:?}", report.events, report.verdict);

    // The second transfer, for the court: the proof and the line, and nothing of the others.
    let proof = prove(&dir, transfers[1])?;
    let proved = check_proof(&proof.to_string(), &proof.event, &keys)?;
    println!(
        "2. event {} of {} in {}, signed",
        proved.index, proved.size, proved.origin
    );
    let line = String::from_utf8(proof.event.clone())?;
    let forged = line.replace("990000", "99000");
    let refused = check_proof(&proof.to_string(), forged.as_bytes(), &keys);
    println!("3. {}", refused.expect_err("it was another sum"));

    // And somebody with access to the machine, who would rather have sent less.
    let file = fs::read_dir(&dir)?
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .find(|path| path.extension().is_some_and(|extension| extension == "log"))
        .ok_or("no segment")?;
    let text = fs::read_to_string(&file)?.replace("990000", "99000");
    fs::write(&file, text)?;
    let report = verify(&dir, &options)?;
    println!("4. {:?}", report.verdict);
    for finding in &report.findings {
        println!("   {finding}");
    }
    Ok(())
}
