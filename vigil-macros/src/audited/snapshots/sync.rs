pub fn run(sql: &str, user: u64) -> Result<usize, Error> {
    let mut call = {
        static __VIGIL_CALLSITE: ::vigil::__private::Callsite = ::vigil::__private::Callsite::__new(
            ::vigil::__private::Category::DATABASE,
            ::vigil::__private::ActionType::QUERY,
            "run",
            (
                ::vigil::__private::core::module_path!(),
                ::vigil::__private::core::file!(),
                ::vigil::__private::core::line!(),
            ),
            ::vigil::__private::core::option::Option::Some(
                ::vigil::__private::core::time::Duration::new(0u64, 250000000u32),
            ),
            &[
                ::vigil::__private::Argument::parameter("sql", "&str"),
                ::vigil::__private::Argument::parameter("user", "u64")
                    .treated(::vigil::__private::Treatment::Hash),
            ],
        );
        ::vigil::__private::link!(__VIGIL_CALLSITE);
        let mut call = ::vigil::__private::Call::enter(&__VIGIL_CALLSITE);
        if let ::vigil::__private::core::option::Option::Some(active) = call.active() {
            active.param(0usize, ::vigil::__private::sanitizable(&sql));
            active.param(1usize, ::vigil::__private::sanitizable(&user));
        }
        call
    };
    let ret = ::vigil::__private::call_once(move || -> Result<usize, Error> {
        Ok(sql.len())
    });
    if let ::vigil::__private::core::option::Option::Some(active) = call.active() {
        use ::vigil::__private::outcome::*;
        (&&&::vigil::__private::Returned(&ret)).conclude(active);
    }
    call.finish();
    ret
}
