//! Witnesses: one that others wrote, and some of our own that behave badly.

use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use base64ct::{Base64, Encoding as _};
use ed25519_dalek::{Signer as _, SigningKey};
use sha2::{Digest as _, Sha256};
use vigil::trail::{
    Anchor as _, AnchorKind, Kind, SignedCheckpoint, Verdict, VerifyOptions, WitnessAnchor, anchor,
    verifier_keys, verify,
};
use vigil_tests::authority::{body_of, send, send_endlessly};
use vigil_tests::{builder, isolated};

use super::{copy_all, record, remove};
use crate::integrity::verifiers;

/// What the witness of the test does.
#[derive(Clone, Copy, PartialEq)]
enum Mood {
    Good,
    Hangs,
    Garbage,
    Endless,
    WrongSignature,
    Fails,
    /// It has cosigned so many events, as it says.
    Has(u64),
}

/// On loopback, as far as a test needs one.
pub(super) struct Witness {
    url: String,
    pub(super) key: String,
    mood: Arc<Mutex<Mood>>,
    /// The first lines of the requests.
    asked: Arc<Mutex<Vec<String>>>,
}

impl Witness {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let witness = Self::of(&listener);
        witness.serve(listener);
        witness
    }

    /// One that does not listen yet.
    pub(super) fn of(listener: &TcpListener) -> Self {
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (_, id, key) = keys();
        Self {
            url,
            key: format!(
                "witness.test+{:08x}+{}",
                u32::from_be_bytes(id),
                Base64::encode_string(&key)
            ),
            mood: Arc::new(Mutex::new(Mood::Good)),
            asked: Arc::default(),
        }
    }

    pub(super) fn serve(&self, listener: TcpListener) {
        let (mood, asked) = (Arc::clone(&self.mood), Arc::clone(&self.asked));
        let (signer, id, _) = keys();
        std::thread::spawn(move || {
            let mut held = Vec::new();
            for stream in listener.incoming() {
                let stream = stream.unwrap();
                let now = *mood.lock().unwrap();
                if let Some(stream) = answer(stream, now, &signer, id, &asked) {
                    held.push(stream);
                }
            }
        });
    }

    pub(super) fn anchor(&self) -> WitnessAnchor {
        let anchor = WitnessAnchor::new(&self.url, &self.key).unwrap();
        anchor.timeout(Duration::from_millis(700))
    }

    fn be(&self, mood: Mood) {
        *self.mood.lock().unwrap() = mood;
    }
}

/// The key, its id, and what the public key is in base 64 of.
fn keys() -> (SigningKey, [u8; 4], Vec<u8>) {
    let signer = SigningKey::from_bytes(&[7; 32]);
    let mut key = vec![0x04];
    key.extend(signer.verifying_key().as_bytes());
    let id = Sha256::digest([b"witness.test\n", &key[..]].concat());
    (signer, id[..4].try_into().unwrap(), key)
}

/// Gives the stream back if it is to be held open.
fn answer(
    stream: TcpStream,
    mood: Mood,
    signer: &SigningKey,
    id: [u8; 4],
    asked: &Mutex<Vec<String>>,
) -> Option<TcpStream> {
    let (_, body) = body_of(&stream)?;
    let body = String::from_utf8(body).unwrap();
    let old = body.lines().next().unwrap().to_owned();
    asked.lock().unwrap().push(old.clone());
    let note = body.split_once("\n\n").unwrap().1;
    let text = &note[..=note.rfind("\n\n").unwrap()];
    let time: u64 = 1_790_000_000;
    let signed = format!("cosignature/v1\ntime {time}\n{text}");
    let mut line = id.to_vec();
    line.extend(time.to_be_bytes());
    line.extend(signer.sign(signed.as_bytes()).to_bytes());
    if mood == Mood::WrongSignature {
        line[20] ^= 1;
    }
    let line = format!("\u{2014} witness.test {}\n", Base64::encode_string(&line));
    let (status, text) = match mood {
        Mood::Good | Mood::WrongSignature => (200, line),
        Mood::Garbage => (200, "<html>it works</html>".to_owned()),
        Mood::Fails => (500, "out of order".to_owned()),
        Mood::Has(size) if old == format!("old {size}") => (200, line),
        Mood::Has(size) => (409, format!("{size}\n")),
        Mood::Hangs => return Some(stream),
        Mood::Endless => {
            send_endlessly(stream, "text/plain");
            return None;
        }
    };
    send(stream, status, "text/plain", text.as_bytes());
    None
}

isolated! {
    fn a_cosignature_counts_and_nothing_else_that_a_witness_answers(dir) {
        let vigil = builder(dir).init().unwrap();
        record(0..300);
        vigil.flush().unwrap();
        let witness = Witness::start();
        let mut to = witness.anchor();
        let newest = SignedCheckpoint::newest(dir).unwrap();
        for (mood, what, refused) in [
            (Mood::Hangs, "timeout", false),
            (Mood::Garbage, "no cosignature", false),
            (Mood::Endless, "", false),
            (Mood::WrongSignature, "not one of this text", false),
            (Mood::Fails, "500: out of order", false),
            (Mood::Has(9_999), "rolled back", true),
        ] {
            witness.be(mood);
            let error = to.anchor(&newest).unwrap_err();
            assert!(error.to_string().contains(what) && error.is_refused() == refused, "{what}: {error}");
            assert!(anchor(dir, "w", &mut to).is_err());
        }
        // Nothing of that is a receipt.
        assert!(!dir.join(".vigil/anchors").exists());

        // It has seen some of the trail already.
        witness.be(Mood::Has(120));
        witness.asked.lock().unwrap().clear();
        anchor(dir, "w", &mut to).unwrap();
        assert_eq!(*witness.asked.lock().unwrap(), ["old 0", "old 120"]);
        witness.be(Mood::Good);
        vigil.shutdown().unwrap();
        anchor(dir, "w", &mut to).unwrap();

        let options = || VerifyOptions::new().anchored_within(0);
        let report = verify(dir, &options().witness(&witness.key).unwrap()).unwrap();
        assert_eq!(report.verdict, Verdict::Intact, "{report:#?}");
        assert_eq!(report.anchored_at.as_deref(), Some("2026-09-21T14:13:20Z"));
        let report = verify(dir, &options()).unwrap();
        assert_eq!(report.verdict, Verdict::NotAnchored, "nobody has said whom to believe");
        let trails = &verifier_keys(dir).unwrap()[0];
        assert!(VerifyOptions::new().witness(trails).is_err(), "it is the key of a trail");

        // Somebody has been at the receipt.
        let path = dir.join(".vigil/anchors/w/checkpoints");
        let text = std::fs::read_to_string(&path).unwrap();
        let at = text.rfind("witness.test ").unwrap() + 40;
        let other = if &text[at..=at] == "A" { "B" } else { "A" };
        std::fs::write(&path, format!("{}{other}{}", &text[..at], &text[at + 1..])).unwrap();
        let report = verify(dir, &options().witness(&witness.key).unwrap()).unwrap();
        assert!(report.findings.iter().any(|finding| finding.kind == Kind::SignatureWrong), "{report:#?}");
    }
}

/// The program of others, ended with the test.
struct Serving(Child);

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

isolated! {
    fn a_witness_that_others_wrote_cosigns_and_refuses_another_history(dir) {
        let Some(bin) = verifiers() else { return };
        let program = bin.join("aics-witness");
        let trail = dir.join("trail");
        let go_on = |numbers| {
            let vigil = builder(&trail).init().unwrap();
            record(numbers);
            vigil.shutdown().unwrap();
        };
        go_on(0..300);
        let older = dir.join("older");
        copy_all(&trail, &older);

        let listen = {
            let free = TcpListener::bind("127.0.0.1:0").unwrap();
            free.local_addr().unwrap().to_string()
        };
        let run = |arguments: &[&str]| {
            let output = Command::new(&program).args(arguments).current_dir(dir).output().unwrap();
            assert!(output.status.success(), "{arguments:?}: {output:?}");
            String::from_utf8(output.stdout).unwrap()
        };
        let said = run(&["init", "--name", "witness.example/w1", "--listen", &listen]);
        let key = said.split_whitespace().find(|word| word.starts_with("witness.example/w1+")).unwrap();
        let newest = SignedCheckpoint::newest(&trail).unwrap();
        let trails = &verifier_keys(&trail).unwrap()[0];
        run(&["add-log", "--origin", newest.origin(), "--vkey", trails]);
        let _serving = Serving(Command::new(&program).arg("serve").current_dir(dir).spawn().unwrap());
        let deadline = Instant::now() + Duration::from_secs(60);
        while TcpStream::connect(&listen).is_err() {
            assert!(Instant::now() < deadline, "the witness does not listen");
            std::thread::sleep(Duration::from_millis(50));
        }

        let url = format!("http://{listen}/");
        let mut to = WitnessAnchor::new(&url, key).unwrap();
        anchor(&trail, "w1", &mut to).unwrap();
        go_on(300..600);
        anchor(&trail, "w1", &mut to).unwrap();
        let by = || VerifyOptions::new().witness(key).unwrap().anchored_within(0).anchored_since(Duration::from_secs(3_600));
        let report = verify(&trail, &by()).unwrap();
        assert_eq!(report.verdict, Verdict::Intact, "{report:#?}");
        let witness = &report.anchors[0];
        assert_eq!((witness.name.as_str(), witness.kind, witness.checkpoints), ("witness.example/w1", AnchorKind::Witness, 2));

        // Rolled back, and then written anew from there on by who has the key.
        let receipts = dir.join("receipts");
        copy_all(&trail.join(".vigil/anchors"), &receipts);
        remove(&trail);
        std::fs::rename(&older, &trail).unwrap();
        let afresh = || anchor(&trail, "w1", &mut WitnessAnchor::new(&url, key).unwrap());
        let error = afresh().unwrap_err().to_string();
        assert!(error.contains("it was rolled back"), "{error}");
        go_on(1_000..1_400);
        let error = afresh().unwrap_err().to_string();
        assert!(error.contains("another history"), "{error}");
        // Its cosignature, wherever it was kept, convicts the trail.
        copy_all(&receipts, &trail.join(".vigil/anchors"));
        let report = verify(&trail, &by()).unwrap();
        assert_eq!(report.verdict, Verdict::Altered);
        assert!(report.findings.iter().any(|finding| finding.kind == Kind::HistoryRewritten), "{report:#?}");
    }
}
