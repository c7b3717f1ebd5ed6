//! A crate without a prelude that knows Vigil by another name: whatever the macros write has to be found all the same.
#![no_implicit_prelude]
#![deny(warnings, clippy::pedantic)]

use ::ledger::testing::capture;

::ledger::categories! {
    crate = ::ledger;
    /// What belongs to the house.
    HOUSE,
}

::ledger::action_types! {
    crate = ::ledger;
    SETTLE,
}

#[derive(::ledger::Sanitize)]
#[audit(crate = ::ledger)]
struct Entry {
    cents: u64,
    password: &'static str,
}

#[::ledger::audited(category = "HOUSE", type = "SETTLE", crate = ::ledger, slow = "1s", result, event = ev)]
fn settle(entry: &Entry) -> ::std::result::Result<u64, ::std::fmt::Error> {
    ev.field("seen", &true);
    let _ = entry.password;
    if entry.cents == 0 {
        return ::std::result::Result::Err(::std::fmt::Error);
    }
    ::std::result::Result::Ok(entry.cents)
}

#[::ledger::audited(category = HOUSE, crate = ::ledger, ok_if = ::std::option::Option::is_some)]
async fn settle_later(cents: u64) -> ::std::option::Option<u64> {
    ::std::future::ready(cents.checked_sub(1)).await
}

#[::ledger::audited(category = "HOUSE", crate = ::ledger)]
fn settle_returned(cents: u64) -> impl ::std::future::Future<Output = u64> {
    ::std::future::ready(cents)
}

#[::ledger::audited(category = "HOUSE", crate = ::ledger, delivery = "required")]
fn settle_safely(cents: u64) -> ::std::result::Result<u64, ::ledger::Error> {
    ::std::result::Result::Ok(cents)
}

struct House;

#[::ledger::audited(category = "HOUSE", crate = ::ledger)]
impl House {
    pub(crate) fn open(floor: u8) -> u8 {
        floor
    }

    #[::ledger::not_audited(reason = "is told by `open`")]
    pub(crate) const fn close() {}
}

fn complete<F: ::std::future::Future>(future: F) -> F::Output {
    let mut future = ::std::pin::pin!(future);
    loop {
        let mut context = ::std::task::Context::from_waker(::std::task::Waker::noop());
        if let ::std::task::Poll::Ready(output) =
            ::std::future::Future::poll(future.as_mut(), &mut context)
        {
            return output;
        }
    }
}

#[test]
fn all_macros_work_by_another_name_and_without_a_prelude() {
    let entry = Entry {
        cents: 7,
        password: "hunter2",
    };
    let captured = capture(|| {
        ::std::assert!(settle(&entry).is_ok());
        ::std::assert!(complete(settle_later(0)).is_none());
        ::std::assert_eq!(complete(settle_returned(1)), 1);
        ::std::assert_eq!(House::open(3), 3);
        House::close();
        ::ledger::audit!(
            category = "HOUSE",
            operation = "told",
            crate = ::ledger,
            fields(cents = entry.cents)
        );
        let scope = ::ledger::scope!("around", category = "HOUSE", crate = ::ledger);
        scope.success();
        ::std::assert!(settle_safely(1).is_ok());
    });
    let mut told = ::std::vec::Vec::new();
    for event in captured.events() {
        let action = &event.action;
        told.push((action.operation.as_str(), action.result.status.as_str()));
    }
    ::std::assert_eq!(
        told,
        [
            ("settle", "SUCCESS"),
            ("settle_later", "FAILURE"),
            ("settle_returned", "SUCCESS"),
            ("House::open", "SUCCESS"),
            ("told", "SUCCESS"),
            ("around", "SUCCESS"),
            ("settle_safely", "ATTEMPT"),
            ("settle_safely", "SUCCESS"),
        ]
    );
}
