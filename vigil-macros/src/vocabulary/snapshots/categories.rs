#[doc(hidden)]
#[allow(dead_code, unreachable_pub)]
pub mod __vigil_categories {
    pub const OWN: &[::vigil::__private::Word] = &[
        ::vigil::__private::Word::__new("BILLING"),
        ::vigil::__private::Word::__new("PHI_ACCESS").__mandatory(),
    ];
    pub const DECLARED: &[&[::vigil::__private::Word]] = &[
        OWN,
        shared::__vigil_categories::OWN,
    ];
    #[track_caller]
    pub const fn lookup(
        word: &'static ::vigil::__private::core::primitive::str,
    ) -> ::vigil::__private::Category {
        ::vigil::__private::Category::__lookup(
            word,
            ::vigil::__private::core::option::Option::Some(DECLARED),
        )
    }
}
/// Money.
#[allow(dead_code)]
pub const BILLING: ::vigil::__private::Category = ::vigil::__private::Category::__declared(
    ::vigil::__private::Word::__new("BILLING"),
);
///The audit category `PHI_ACCESS`.
#[allow(dead_code)]
pub const PHI_ACCESS: ::vigil::__private::Category = ::vigil::__private::Category::__declared(
    ::vigil::__private::Word::__new("PHI_ACCESS").__mandatory(),
);
