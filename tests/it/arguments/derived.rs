//! Types under `#[derive(Sanitize)]`.

use std::marker::PhantomData;

use vigil::Sanitize;
use vigil::sanitize::to_json;

#[derive(Sanitize)]
struct Marker;

#[derive(Sanitize)]
struct Braces {}

#[derive(Sanitize)]
enum Never {}

#[derive(Sanitize)]
struct Pair<'a, T: ?Sized + Sanitize, const N: usize>(&'a T, [u16; N], PhantomData<T>);

#[derive(Sanitize)]
struct Recursive {
    next: Option<Box<Self>>,
    list: Vec<Recursive>,
}

// To be skipped is not to be read.
#[expect(dead_code)]
#[derive(Sanitize)]
enum Variants {
    Unit,
    r#Raw {
        r#match: u8,
        #[audit(skip)]
        _left_out: u8,
    },
    NoTuple(),
    NoStruct {},
    SkippedNewtype(#[audit(skip)] u8),
    SkippedFirst(#[audit(skip)] u8, u8),
    #[audit(rename = "other")]
    Renamed(u8),
    Password(u8),
}

#[derive(Sanitize)]
#[audit(default = "redact")]
struct Closed {
    a: u8,
    #[audit(keep)]
    b: u8,
    #[audit(debug)]
    c: Option<u8>,
}

#[derive(Sanitize)]
#[audit(default = "keep", rename_all = "SCREAMING-KEBAB-CASE")]
struct Open {
    api_token: &'static str,
}

#[derive(Sanitize)]
#[audit(transparent)]
struct Transparent {
    #[audit(mask)]
    account: &'static str,
    #[audit(skip)]
    _cache: u8,
}

#[derive(Sanitize)]
struct Renamed {
    #[audit(rename = "harmless")]
    password: &'static str,
}

#[derive(Sanitize)]
#[audit(bound = "")]
struct Unbound<T> {
    #[audit(opaque)]
    inner: T,
}

#[deprecated]
#[derive(Sanitize)]
struct Old {
    #[deprecated]
    field: u8,
}

struct Card;

#[derive(Sanitize)]
struct Holder<T> {
    #[audit(redact = "a card")]
    card: T,
}

#[test]
fn each_form_is_written_as_documented() {
    assert_eq!(to_json(&Marker), r#""Marker""#);
    assert_eq!(to_json(&Braces {}), "{}");
    assert_eq!(to_json(&None::<Never>), "null");
    assert_eq!(to_json(&Pair("x", [1], PhantomData)), r#"["x",[1],null]"#);
    let inner = Recursive {
        next: None,
        list: vec![],
    };
    let outer = Recursive {
        next: Some(Box::new(inner)),
        list: vec![],
    };
    assert_eq!(
        to_json(&outer),
        r#"{"next":{"next":null,"list":[]},"list":[]}"#
    );
    assert_eq!(to_json(&Variants::Unit), r#""Unit""#);
    assert_eq!(
        to_json(&Variants::r#Raw {
            r#match: 1,
            _left_out: 2
        }),
        r#"{"Raw":{"match":1}}"#
    );
    assert_eq!(to_json(&Variants::NoTuple()), r#"{"NoTuple":[]}"#);
    assert_eq!(to_json(&Variants::NoStruct {}), r#"{"NoStruct":{}}"#);
    assert_eq!(
        to_json(&Variants::SkippedNewtype(1)),
        r#"{"SkippedNewtype":[]}"#
    );
    assert_eq!(
        to_json(&Variants::SkippedFirst(1, 2)),
        r#"{"SkippedFirst":[2]}"#
    );
    assert_eq!(to_json(&Variants::Renamed(1)), r#"{"other":1}"#);
}

#[test]
fn attributes_and_names_decide_on_what_is_shown() {
    assert_eq!(
        to_json(&Variants::Password(1)),
        r#"{"Password":"***REDACTED***"}"#
    );
    let closed = Closed {
        a: 1,
        b: 2,
        c: Some(3),
    };
    assert_eq!(
        to_json(&closed),
        r#"{"a":"***REDACTED***","b":2,"c":"Some(3)"}"#
    );
    assert_eq!(
        to_json(&Open { api_token: "shown" }),
        r#"{"API-TOKEN":"shown"}"#
    );
    let transparent = Transparent {
        account: "0123456789012345",
        _cache: 1,
    };
    assert_eq!(to_json(&transparent), r#""************2345""#);
    assert_eq!(
        to_json(&Renamed { password: "canary" }),
        r#"{"harmless":"***REDACTED***"}"#
    );
    assert_eq!(to_json(&Unbound { inner: Card }), r#"{"inner":"<Card>"}"#);
    assert_eq!(to_json(&Holder { card: Card }), r#"{"card":"a card"}"#);
    #[expect(deprecated)]
    let old = Old { field: 1 };
    assert_eq!(to_json(&old), r#"{"field":1}"#);
}
