fn opaque() -> impl Future<Output = Result<impl Iterator<Item = u8>, E>> + Send {
    let call = {
        static __VIGIL_CALLSITE: ::vigil::__private::Callsite = ::vigil::__private::Callsite::__new(
                ::vigil::__private::Category::DATA,
                ::vigil::__private::ActionType::EXECUTE,
                "opaque",
                (
                    ::vigil::__private::core::module_path!(),
                    ::vigil::__private::core::file!(),
                    ::vigil::__private::core::line!(),
                ),
                ::vigil::__private::core::option::Option::None,
                &[],
            )
            .__future();
        ::vigil::__private::link!(__VIGIL_CALLSITE);
        ::vigil::__private::Call::enter(&__VIGIL_CALLSITE)
    };
    let future = ::vigil::__private::make_future::<
        Result<_, E>,
        _,
    >(move || { ready(Err(E)) });
    ::vigil::__private::returned::<
        Result<_, E>,
        _,
        _,
    >(
        future,
        call,
        move |ret: &Result<_, E>, active: &mut ::vigil::__private::Active| {
            use ::vigil::__private::outcome::*;
            (&&&::vigil::__private::Returned(ret)).conclude(active);
        },
    )
}
fn boxed() -> Pin<Box<dyn Future<Output = u8> + Send>> {
    let call = {
        static __VIGIL_CALLSITE: ::vigil::__private::Callsite = ::vigil::__private::Callsite::__new(
                ::vigil::__private::Category::DATA,
                ::vigil::__private::ActionType::EXECUTE,
                "boxed",
                (
                    ::vigil::__private::core::module_path!(),
                    ::vigil::__private::core::file!(),
                    ::vigil::__private::core::line!(),
                ),
                ::vigil::__private::core::option::Option::None,
                &[],
            )
            .__future();
        ::vigil::__private::link!(__VIGIL_CALLSITE);
        ::vigil::__private::Call::enter(&__VIGIL_CALLSITE)
    };
    let future = ::vigil::__private::call_once(move || -> Pin<
        Box<dyn Future<Output = u8> + Send>,
    > {
        if early {
            return Box::pin(ready(1));
        }
        Box::pin(async { 2 })
    });
    if call.is_recorded() {
        ::vigil::__private::std::boxed::Box::pin(
            ::vigil::__private::returned::<
                u8,
                _,
                _,
            >(
                future,
                call,
                move |ret: &u8, active: &mut ::vigil::__private::Active| {
                    use ::vigil::__private::outcome::*;
                    (&&&::vigil::__private::Returned(ret)).conclude(active);
                },
            ),
        )
    } else {
        future
    }
}
fn block(&self) -> Pin<Box<dyn Future<Output = u8> + Send>> {
    let call = {
        static __VIGIL_CALLSITE: ::vigil::__private::Callsite = ::vigil::__private::Callsite::__new(
                ::vigil::__private::Category::DATA,
                ::vigil::__private::ActionType::EXECUTE,
                "block",
                (
                    ::vigil::__private::core::module_path!(),
                    ::vigil::__private::core::file!(),
                    ::vigil::__private::core::line!(),
                ),
                ::vigil::__private::core::option::Option::None,
                &[],
            )
            .__future();
        ::vigil::__private::link!(__VIGIL_CALLSITE);
        ::vigil::__private::Call::begin(&__VIGIL_CALLSITE)
    };
    Box::pin(
        ::vigil::__private::returned::<
            u8,
            _,
            _,
        >(
            async move { 2 },
            call,
            move |ret: &u8, active: &mut ::vigil::__private::Active| {
                use ::vigil::__private::outcome::*;
                (&&&::vigil::__private::Returned(ret)).conclude(active);
            },
        ),
    )
}
