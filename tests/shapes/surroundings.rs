//! Names, macros and attributes that get in the way of generated code.

/// raw identifiers
mod raw_identifiers {
    use vigil::audited;

    #[audited(category = "DATA")]
    fn r#type(r#match: u8) -> u8 {
        r#match
    }

    pub(super) fn run() {
        assert_eq!(r#type(1), 1);
    }

    pub(super) const EVENTS: crate::Events = &[("type", "SUCCESS", r#"{"match":1}"#)];
}

/// arguments named like what macros write
mod names_of_macros {
    use vigil::audited;

    #[audited(category = "DATA")]
    fn names_of_macros(
        call: u8,
        ret: u8,
        error: u8,
        result: u8,
        caller: u8,
        span: u8,
        e: u8,
    ) -> u8 {
        call + ret + error + result + caller + span + e
    }

    pub(super) fn run() {
        assert_eq!(names_of_macros(1, 2, 3, 4, 5, 6, 7), 28);
    }

    pub(super) const EVENTS: crate::Events = &[(
        "names_of_macros",
        "SUCCESS",
        r#"{"call":1,"ret":2,"error":3,"result":4,"caller":5,"span":6,"e":7}"#,
    )];
}

/// arguments named like what macros write, `async`
mod names_of_macros_later {
    use crate::support::complete;
    use vigil::audited;

    #[audited(category = "DATA")]
    async fn names_of_macros_later(call: u8, ret: u8, error: u8, future: u8, guard: u8) -> u8 {
        std::future::ready(call + ret + error + future + guard).await
    }

    pub(super) fn run() {
        assert_eq!(complete(names_of_macros_later(1, 2, 3, 4, 5)), 15);
    }

    pub(super) const EVENTS: crate::Events = &[(
        "names_of_macros_later",
        "SUCCESS",
        r#"{"call":1,"ret":2,"error":3,"future":4,"guard":5}"#,
    )];
}

/// shadowed prelude
mod shadowed_prelude {
    #![allow(dead_code, non_snake_case, reason = "to be in the way is enough")]

    use vigil::audited;

    struct Option;
    struct Result;
    struct Box;
    struct String;
    trait Into {}
    trait Drop {}
    fn Some() {}
    fn None() {}
    fn Ok() {}
    fn Err() {}

    #[audited(category = "DATA")]
    fn shadowed_prelude(a: u8) -> u8 {
        a
    }

    pub(super) fn run() {
        assert_eq!(shadowed_prelude(1), 1);
    }

    pub(super) const EVENTS: crate::Events = &[("shadowed_prelude", "SUCCESS", r#"{"a":1}"#)];
}

/// shadowed `std`, `core` and primitive types
mod shadowed_std {
    #![allow(dead_code, non_camel_case_types, reason = "to be in the way is enough")]

    use vigil::audited;

    mod std {}
    mod core {}
    mod alloc {}
    struct bool;
    struct str;
    struct usize;

    #[audited(category = "DATA")]
    fn shadowed_std(a: u8) -> u8 {
        a
    }

    pub(super) fn run() {
        assert_eq!(shadowed_std(1), 1);
    }

    pub(super) const EVENTS: crate::Events = &[("shadowed_std", "SUCCESS", r#"{"a":1}"#)];
}

/// shadowed `std`, `async`
mod shadowed_std_later {
    #![allow(dead_code, reason = "to be in the way is enough")]

    use crate::support::complete;
    use vigil::audited;

    mod std {}
    mod core {}
    trait Future {}

    #[audited(category = "DATA")]
    async fn shadowed_std_later(a: u8) -> u8 {
        ::std::future::ready(a).await
    }

    pub(super) fn run() {
        assert_eq!(complete(shadowed_std_later(1)), 1);
    }

    pub(super) const EVENTS: crate::Events = &[("shadowed_std_later", "SUCCESS", r#"{"a":1}"#)];
}

/// `#[cfg]` on parameters
mod conditional {
    use vigil::audited;

    struct Absent;

    #[audited(category = "DATA")]
    fn conditional(
        #[cfg(target_os = "none")] absent: Absent,
        a: u8,
        #[cfg(not(target_os = "none"))] present: u8,
        #[cfg(target_os = "none")] absent_too: Absent,
        last: u8,
    ) -> u8 {
        a + present + last
    }

    pub(super) fn run() {
        let _ = Absent;
        assert_eq!(conditional(1, 2, 3), 6);
    }

    pub(super) const EVENTS: crate::Events =
        &[("conditional", "SUCCESS", r#"{"a":1,"present":2,"last":3}"#)];
}

/// made by `macro_rules!`
mod made_by_macro {
    use vigil::audited;

    macro_rules! made {
        ($vis:vis $name:ident, $arg:ident: $ty:ty, $body:block) => {
            #[audited(category = "DATA")]
            $vis fn $name($arg: $ty) -> $ty $body
        };
    }
    made!(pub(crate) made_by_macro, a: u8, { a });

    pub(super) fn run() {
        assert_eq!(made_by_macro(1), 1);
    }

    pub(super) const EVENTS: crate::Events = &[("made_by_macro", "SUCCESS", r#"{"a":1}"#)];
}

/// inner attribute
mod inner_attribute {
    use vigil::audited;

    #[audited(category = "DATA")]
    fn inner_attribute(a: u8) -> u8 {
        #![allow(unused_variables, reason = "the attribute is the shape")]
        let unused = 1;
        a
    }

    pub(super) fn run() {
        assert_eq!(inner_attribute(1), 1);
    }

    pub(super) const EVENTS: crate::Events = &[("inner_attribute", "SUCCESS", r#"{"a":1}"#)];
}

/// other attributes and documentation
mod other_attributes {
    use vigil::audited;

    /// Documented.
    #[inline]
    #[audited(category = "DATA")]
    #[must_use]
    #[cfg_attr(
        not(target_os = "none"),
        allow(clippy::identity_op, reason = "the attribute is the shape")
    )]
    pub(crate) fn other_attributes(a: u8) -> u8 {
        a + 0
    }

    pub(super) fn run() {
        assert_eq!(other_attributes(1), 1);
    }

    pub(super) const EVENTS: crate::Events = &[("other_attributes", "SUCCESS", r#"{"a":1}"#)];
}

/// `#[track_caller]`: the body sees its caller's line
mod track_caller {
    use std::panic::Location;
    use vigil::audited;

    #[audited(category = "DATA")]
    #[track_caller]
    fn track_caller(a: u8) -> u32 {
        if a > 200 {
            return 0;
        }
        Location::caller().line()
    }

    pub(super) fn run() {
        assert_eq!(track_caller(1), line!());
    }

    pub(super) const EVENTS: crate::Events = &[("track_caller", "SUCCESS", r#"{"a":1}"#)];
}

/// body with items, labels and macros
mod full_body {
    use vigil::audited;

    #[audited(category = "DATA")]
    fn full_body(a: u8) -> u8 {
        const STEP: u8 = 2;
        let mut sum = 0;
        'outer: loop {
            for n in 0..a {
                sum += STEP;
                if n == 1 {
                    break 'outer;
                }
            }
        }
        let text = format!("{sum}");
        match text.as_str() {
            "4" => sum,
            _ => 0,
        }
    }

    pub(super) fn run() {
        assert_eq!(full_body(3), 4);
    }

    pub(super) const EVENTS: crate::Events = &[("full_body", "SUCCESS", r#"{"a":3}"#)];
}

pub(crate) const ALL: &[crate::Shape] = shapes![
    raw_identifiers,
    names_of_macros,
    names_of_macros_later,
    shadowed_prelude,
    shadowed_std,
    shadowed_std_later,
    conditional,
    made_by_macro,
    inner_attribute,
    other_attributes,
    track_caller,
    full_body,
];
