//! How many bytes the detectors look at, counted in tests only.

use std::cell::Cell;

use crate::sanitize::config::SanitizeConfig;
use crate::sanitize::detect::Scanner;
use crate::sanitize::profile::Profile;
use crate::sanitize::rules::Rules;

thread_local! {
    static DONE: Cell<usize> = const { Cell::new(0) };
}

pub(super) fn add(bytes: usize) {
    DONE.set(DONE.get() + bytes);
}

/// What `f` makes the detectors look at.
pub(super) fn of(f: impl FnOnce()) -> usize {
    DONE.set(0);
    f();
    DONE.get()
}

/// Pieces that make detectors look again and again, and ends that make some of it come to nothing.
const PIECES: [&str; 66] = [
    " -p",
    "mysql -p ",
    "mysql -pa ",
    "\nAUTH ",
    "\nENV token a",
    "machine a password b\n",
    "\npassword a",
    "password=\n a",
    "password: |\n a\n",
    "password: |\n",
    "name=\"password\"\n\na",
    "a:b@tcp(",
    "a%5Bpassword%5D=",
    "password: a = `",
    "+1 212 ",
    "(212) ",
    "phone 06 ",
    "00:1b:",
    "is ",
    "password is ",
    "--password ",
    "password '",
    "curl -u a:",
    "%3D",
    "password%3D",
    "<a>",
    "<token>a",
    "name: token\n value:",
    "Private-Lines: 9\n",
    "secret 0123456789abcdef",
    "://",
    "a@",
    "password=",
    "token:",
    "eyJ-",
    "eyJ0-",
    "eyJhbGciOi.",
    "sk-ant-",
    "sk-ant-1",
    "glc_",
    "pat-",
    "basic-",
    "bearer ",
    "\"a\":",
    "-----BEGIN PRIVATE KEY-----",
    "-----BEGIN PRIVATE KEY-----Version:",
    "-----END PRIVATE KEY-----",
    "4539-",
    "4539 1488 ",
    "123-45-",
    "DE89",
    "DE89 ",
    "token={",
    "token={{",
    "token=${",
    "cookie:${",
    "cookie: ",
    "a.b@c.d",
    "a.1.",
    "%40",
    "://a:b/",
    "://a:b@",
    "password=sk-ant-1",
    "\\",
    "token='",
    "token=a,",
];

const ENDS: [&str; 5] = ["", "@a", "}}", ".a", "\""];

fn scan(text: &str, rules: &Rules) -> usize {
    of(|| {
        if let Some(mut scanner) = Scanner::of(text, rules) {
            while scanner.next().is_some() {}
        }
    })
}

/// Most bytes that are looked at for one of the text: neighbours are looked at again, by several detectors.
const MOST: usize = 160;

/// The rules that look for least and for most.
fn all_rules() -> [Rules; 2] {
    let gdpr = SanitizeConfig {
        profile: Profile::Gdpr,
        ..SanitizeConfig::default()
    };
    [Rules::built_in(), Rules::new(&gdpr).unwrap()]
}

#[test]
fn it_does_so_for_the_longest_texts_too() {
    for rules in all_rules() {
        for piece in PIECES {
            for end in ["", "@a"] {
                let text = |len: usize| piece.repeat(len / piece.len()) + end;
                let (short, long) = (text(10 << 10), text(100 << 10));
                let (few, many) = (scan(&short, &rules), scan(&long, &rules));
                assert!(many < MOST * long.len(), "{piece} {end}: {many}");
                assert!(many < 12 * few + 10_000, "{piece} {end}: {few}, {many}");
            }
        }
    }
}

#[test]
fn work_grows_as_the_text_does() {
    for rules in all_rules() {
        for piece in PIECES {
            for other in ["", " ", "a.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1", "@"] {
                for end in ENDS {
                    let text = |len: usize| {
                        let piece = format!("{piece}{other}");
                        piece.repeat(len / piece.len()) + end
                    };
                    let (short, long) = (text(1000), text(10_000));
                    let (few, many) = (scan(&short, &rules), scan(&long, &rules));
                    assert!(many < MOST * long.len(), "{piece} {other} {end}: {many}");
                    assert!(
                        many < 12 * few + 10_000,
                        "{piece} {other} {end}: {few}, {many}"
                    );
                }
            }
        }
    }
}
