//! An audited future is little larger than the raw one: at most the fields that are captured, and 128 bytes.

use std::fmt;
use std::future::ready;

use vigil::audited;

const BUDGET: usize = 128;

type Outcome = Result<usize, fmt::Error>;

/// The same function raw, audited, and audited with its arguments kept once.
macro_rules! thrice {
    ($raw:ident, $audited:ident, $desugared:ident, ($($name:ident: $ty:ty),*)) => {
        async fn $raw($($name: $ty),*) -> Outcome {
            ready(()).await;
            $(std::hint::black_box(&$name);)*
            Ok(0)
        }

        #[audited(category = "DATA")]
        async fn $audited($($name: $ty),*) -> Outcome {
            ready(()).await;
            $(std::hint::black_box(&$name);)*
            Ok(0)
        }

        #[audited(category = "DATA", future = "desugar")]
        async fn $desugared($($name: $ty),*) -> Outcome {
            ready(()).await;
            $(std::hint::black_box(&$name);)*
            Ok(0)
        }
    };
}

thrice!(nothing, nothing_audited, nothing_desugared, ());
thrice!(number, number_audited, number_desugared, (k: u64));
thrice!(page, page_audited, page_desugared, (a: [u8; 1024], k: u64));
thrice!(texts, texts_audited, texts_desugared, (a: &str, b: String));

#[test]
fn an_audited_future_is_little_larger_than_the_raw_one() {
    let page = || [0; 1024];
    let cases = [
        (
            size_of_val(&nothing()),
            size_of_val(&nothing_audited()),
            size_of_val(&nothing_desugared()),
            0,
        ),
        (
            size_of_val(&number(1)),
            size_of_val(&number_audited(1)),
            size_of_val(&number_desugared(1)),
            size_of::<u64>(),
        ),
        (
            size_of_val(&self::page(page(), 1)),
            size_of_val(&page_audited(page(), 1)),
            size_of_val(&page_desugared(page(), 1)),
            size_of::<([u8; 1024], u64)>(),
        ),
        (
            size_of_val(&texts("", String::new())),
            size_of_val(&texts_audited("", String::new())),
            size_of_val(&texts_desugared("", String::new())),
            size_of::<(&str, String)>(),
        ),
    ];
    for (raw, audited, desugared, captured) in cases {
        assert!(
            audited <= raw + captured + BUDGET,
            "{audited} bytes, raw {raw}, of which {captured} are captured"
        );
        assert!(
            desugared <= raw + BUDGET,
            "{desugared} bytes desugared, raw {raw}"
        );
    }
}
