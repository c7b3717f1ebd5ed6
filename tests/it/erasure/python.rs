//! A program that knows nothing but `docs/event-format.md` decrypts what Vigil has encrypted.

use std::process::Command;
use std::sync::Mutex;

use vigil::trail::subjects::{KeyWrapper, SecretKey, WrapError, Wrapped};
use vigil_tests::{builder, isolated, trail_files};

use super::{customer, places, register};
use crate::integrity::foreign::verifiers;

/// Does not wrap at all, and keeps the keys for the test.
pub(super) struct Open;

pub(super) static KEYS: Mutex<Vec<(String, [u8; 32])>> = Mutex::new(Vec::new());

impl KeyWrapper for Open {
    fn wrap(&self, kid: &str, key: &SecretKey) -> Result<Wrapped, WrapError> {
        KEYS.lock().unwrap().push((kid.to_owned(), *key.as_bytes()));
        Ok(Wrapped {
            kek: "none".to_owned(),
            bytes: key.as_bytes().to_vec(),
        })
    }

    fn unwrap(&self, _: &str, wrapped: &Wrapped) -> Result<SecretKey, WrapError> {
        Ok(SecretKey::new(wrapped.bytes.as_slice().try_into()?))
    }
}

const PROGRAM: &str = r#"
import base64, json, sys
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

def pointer(path):
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in path)

def decrypt(value, path, event_id, key):
    if isinstance(value, dict) and value.get("$enc") == 1:
        aad = "\0".join([event_id, pointer(path), value["kid"]]).encode()
        text = AESGCM(key).decrypt(base64.b64decode(value["n"]), base64.b64decode(value["c"]), aad)
        return json.loads(text)
    if isinstance(value, dict):
        return {name: decrypt(inner, path + [name], event_id, key) for name, inner in value.items()}
    if isinstance(value, list):
        return [decrypt(inner, path + [at], event_id, key) for at, inner in enumerate(value)]
    return value

key = bytes.fromhex(sys.argv[2])
for line in open(sys.argv[1]):
    event = json.loads(line)
    if event["action"]["operation"] == "register":
        clear = decrypt(event, [], event["event_id"], key)
        print(json.dumps(clear["action"]["parameters"], sort_keys=True))
"#;

isolated! {
    fn python_decrypts_by_the_description_alone(dir) {
        let Some(bin) = verifiers() else { return };
        let (trail, keys) = places(dir);
        let vigil = builder(&trail).subject_keys(&keys).key_wrapper(Open).init().unwrap();
        register("jane", &customer("jane"), 5_550_100);
        vigil.shutdown().unwrap();
        let [(_, key)] = KEYS.lock().unwrap()[..] else { panic!("one key") };
        let hex: String = key.iter().map(|byte| format!("{byte:02x}")).collect();
        let output = Command::new(bin.join("python")).args(["-c", PROGRAM]).arg(&trail_files(&trail)[0]).arg(hex).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        let parameters: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(parameters["phone"], 5_550_100);
        assert_eq!(parameters["customer"]["addresses"][1], "a \"b\"\n/~");
        assert_eq!(parameters["customer"]["email"], "jane-canary@example.com");
    }
}
