use super::*;

fn argument(name: &str, class: Class, treatment: &str) -> Argument {
    Argument {
        name: name.to_owned(),
        ty: Some("&str".to_owned()),
        value: None,
        class,
        form: None,
        treatment: treatment.to_owned(),
    }
}

fn entry(module: &str, operation: &str, arguments: &[Argument]) -> Entry {
    Entry {
        operation: operation.to_owned(),
        category: "AUTH".to_owned(),
        kind: "LOGIN".to_owned(),
        mandatory: false,
        delivery: None,
        overflow: None,
        module: module.to_owned(),
        file: "src/auth.rs".to_owned(),
        line: 7,
        schema: format!("{arguments:?}"),
        arguments: arguments.to_vec(),
        result: None,
    }
}

fn catalogue(entries: &[Entry]) -> Catalogue {
    Catalogue {
        entries: entries.to_vec(),
    }
}

/// The text of the differences between one entry and another.
fn text(old: Entry, new: Entry) -> String {
    diff(&catalogue(&[old]), &catalogue(&[new])).to_string()
}

/// The differences of an argument that was `old` and is `new`.
fn of(old: Argument, new: Argument) -> Vec<(String, bool)> {
    let old = catalogue(&[entry("shop", "log_in", &[old])]);
    let new = catalogue(&[entry("shop", "log_in", &[new])]);
    let mut changed = diff(&old, &new).changed;
    let differences = changed
        .pop()
        .map_or(Vec::new(), |change| change.differences);
    let texts = differences.into_iter().map(|difference| {
        let what = difference.what.trim_start_matches("argument `a`: ");
        (what.to_owned(), difference.weaker)
    });
    texts.collect()
}

#[test]
fn what_moves_is_no_difference() {
    let old = entry(
        "shop",
        "log_in",
        &[argument("user", Class::Public, "default")],
    );
    let new = Entry {
        file: "src/users.rs".to_owned(),
        line: 99,
        ..old.clone()
    };
    assert_eq!(text(old, new), "");
}

#[test]
fn what_comes_and_goes_is_told() {
    let kept = entry("shop", "log_in", &[]);
    let old = catalogue(&[kept.clone(), entry("shop", "log_out", &[])]);
    let new = catalogue(&[
        kept,
        entry("shop", "reset", &[argument("code", Class::Secret, "keep")]),
    ]);
    let diff = diff(&old, &new);
    assert_eq!(
        diff.to_string(),
        "- shop::log_out (AUTH LOGIN, src/auth.rs:7)\n    weaker: it is audited no more\n\
         + shop::reset (AUTH LOGIN, src/auth.rs:7)\n    weaker: argument `code` is recorded now, raw (&str, secret, keep)\n"
    );
    assert_eq!(diff.weaker().len(), 2);
}

#[test]
fn a_loosened_treatment_is_weaker_and_a_tightened_one_is_not() {
    let a = |class, treatment| argument("a", class, treatment);
    let weaker = |what: &str| vec![(what.to_owned(), true)];
    assert_eq!(
        of(a(Class::Secret, "default"), a(Class::Secret, "keep")),
        weaker("treatment default became keep")
    );
    assert_eq!(
        of(a(Class::Public, "keep"), a(Class::Public, "default")),
        [("treatment keep became default".to_owned(), false)]
    );
    assert_eq!(
        of(
            a(Class::Public, "mask(keep_first = 0, keep_last = 4)"),
            a(Class::Public, "mask(keep_first = 2, keep_last = 4)")
        ),
        weaker(
            "treatment mask(keep_first = 0, keep_last = 4) became mask(keep_first = 2, keep_last = 4)"
        )
    );
    assert_eq!(
        of(a(Class::Personal, "default"), a(Class::Public, "default")),
        weaker("class personal became public")
    );
    let debug = Argument {
        form: Some("debug".to_owned()),
        ..a(Class::Public, "default")
    };
    assert_eq!(
        of(a(Class::Public, "default"), debug.clone()),
        weaker("treatment default became debug")
    );
    assert_eq!(
        of(debug, a(Class::Public, "default")),
        [("treatment debug became default".to_owned(), false)]
    );
}

#[test]
fn category_and_lost_arguments_are_weaker() {
    let old = entry(
        "shop",
        "log_in",
        &[argument("user", Class::Public, "default")],
    );
    let new = Entry {
        category: "DATA".to_owned(),
        kind: "READ".to_owned(),
        ..entry(
            "shop",
            "log_in",
            &[argument("name", Class::Personal, "default")],
        )
    };
    assert_eq!(
        text(old, new),
        "~ shop::log_in (DATA READ, src/auth.rs:7)\n    weaker: category AUTH became DATA\n    type LOGIN became READ\n    \
         weaker: argument `user` is recorded no more\n    argument `name` is recorded now (&str, personal, default)\n"
    );
}

#[test]
fn of_several_places_of_one_operation_the_right_ones_are_compared() {
    let a = entry("shop", "log_in", &[argument("a", Class::Public, "default")]);
    let b = entry("shop", "log_in", &[argument("b", Class::Public, "default")]);
    let moved = Entry {
        module: "shop::web".to_owned(),
        ..b.clone()
    };
    assert!(
        diff(
            &catalogue(&[a.clone(), b.clone()]),
            &catalogue(&[b.clone(), a.clone()])
        )
        .is_empty()
    );
    let diff = diff(&catalogue(&[a.clone(), b]), &catalogue(&[moved, a]));
    assert_eq!(
        diff.to_string(),
        "~ shop::web::log_in (AUTH LOGIN, src/auth.rs:7)\n    moved from shop to shop::web\n"
    );
}

#[test]
fn a_return_value_is_compared_like_an_argument() {
    let without = entry("shop", "log_in", &[]);
    let with = |form: Option<&str>| Entry {
        result: Some(Argument {
            form: form.map(str::to_owned),
            ..argument("result", Class::Public, "default")
        }),
        ..without.clone()
    };
    let head = "~ shop::log_in (AUTH LOGIN, src/auth.rs:7)\n    ";
    for (old, new, wanted) in [
        (
            without.clone(),
            with(None),
            "the return value is recorded now (&str, public, default)\n",
        ),
        (
            with(None),
            without.clone(),
            "weaker: the return value is recorded no more\n",
        ),
        (
            with(None),
            with(Some("debug")),
            "weaker: the return value: treatment default became debug\n",
        ),
    ] {
        assert_eq!(text(old, new), format!("{head}{wanted}"));
    }
}

#[test]
fn a_lowered_delivery_is_weaker() {
    use Delivery::{Durable, Journaled, Required};
    let with = |delivery, overflow, mandatory| Entry {
        delivery,
        overflow,
        mandatory,
        ..entry("shop", "log_in", &[])
    };
    let of = |old: Entry, new: Entry| {
        let text = text(old, new);
        let mut lines = text.lines().map(str::trim).map(str::to_owned);
        lines.next();
        lines.collect::<Vec<_>>()
    };
    let delivery = |old, new| of(with(old, None, false), with(new, None, false));
    assert_eq!(
        delivery(Some(Required), Some(Durable)),
        ["weaker: delivery required became durable"]
    );
    assert_eq!(
        delivery(Some(Durable), None),
        ["weaker: delivery durable became as configured"]
    );
    assert_eq!(
        delivery(None, Some(Durable)),
        ["delivery as configured became durable"]
    );
    assert_eq!(
        delivery(None, Some(Journaled)),
        ["delivery as configured became journaled"]
    );
    assert_eq!(
        of(
            with(None, Some(Overflow::Deny), true),
            with(None, Some(Overflow::Drop), false)
        ),
        [
            "weaker: the category is mandatory no more",
            "weaker: overflow deny became drop"
        ]
    );
    assert_eq!(
        of(
            with(None, None, false),
            with(None, Some(Overflow::Block), true)
        ),
        [
            "the category is mandatory now",
            "overflow as configured became block"
        ]
    );
}
