fn sync() -> Result<u8, E> {
    let mut call = match ::vigil::__private::admitted({
        static __VIGIL_CALLSITE: ::vigil::__private::Callsite = ::vigil::__private::Callsite::__new(
                ::vigil::__private::Category::DATA,
                ::vigil::__private::ActionType::EXECUTE,
                "sync",
                (
                    ::vigil::__private::core::module_path!(),
                    ::vigil::__private::core::file!(),
                    ::vigil::__private::core::line!(),
                ),
                ::vigil::__private::core::option::Option::None,
                &[],
            )
            .__delivery(::vigil::__private::Delivery::Required);
        ::vigil::__private::link!(__VIGIL_CALLSITE);
        ::vigil::__private::Call::enter(&__VIGIL_CALLSITE)
    }) {
        ::vigil::__private::core::result::Result::Ok(call) => call,
        ::vigil::__private::core::result::Result::Err(error) => {
            return ::vigil::__private::refused(error);
        }
    };
    let ret = ::vigil::__private::call_once(move || -> Result<u8, E> { Ok(1) });
    if let ::vigil::__private::core::option::Option::Some(active) = call.active() {
        use ::vigil::__private::outcome::*;
        (&&&::vigil::__private::Returned(&ret)).conclude(active);
    }
    call.finish();
    ret
}
async fn later() -> Result<u8, E> {
    let call = match ::vigil::__private::admitted_later({
            static __VIGIL_CALLSITE: ::vigil::__private::Callsite = ::vigil::__private::Callsite::__new(
                    ::vigil::__private::Category::DATA,
                    ::vigil::__private::ActionType::EXECUTE,
                    "later",
                    (
                        ::vigil::__private::core::module_path!(),
                        ::vigil::__private::core::file!(),
                        ::vigil::__private::core::line!(),
                    ),
                    ::vigil::__private::core::option::Option::None,
                    &[],
                )
                .__future()
                .__delivery(::vigil::__private::Delivery::Required);
            ::vigil::__private::link!(__VIGIL_CALLSITE);
            ::vigil::__private::Call::begin(&__VIGIL_CALLSITE)
        })
        .await
    {
        ::vigil::__private::core::result::Result::Ok(call) => call,
        ::vigil::__private::core::result::Result::Err(error) => {
            return ::vigil::__private::refused(error);
        }
    };
    let (ret, mut call) = ::vigil::__private::Audited::new(
            async move {
                #[allow(unreachable_code)]
                if false {
                    let edge: Result<u8, E> = loop {};
                    return edge;
                }
                Ok(1)
            },
            call,
        )
        .await;
    if let ::vigil::__private::core::option::Option::Some(active) = call.active() {
        use ::vigil::__private::outcome::*;
        (&&&::vigil::__private::Returned(&ret)).conclude(active);
    }
    call.settle().await;
    ret
}
fn opaque() -> impl Future<Output = Result<u8, E>> {
    let admitted = ::vigil::__private::admitted_later({
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
            .__future()
            .__delivery(::vigil::__private::Delivery::Required);
        ::vigil::__private::link!(__VIGIL_CALLSITE);
        ::vigil::__private::Call::begin(&__VIGIL_CALLSITE)
    });
    async move {
        let call = match admitted.await {
            ::vigil::__private::core::result::Result::Ok(call) => call,
            ::vigil::__private::core::result::Result::Err(error) => {
                return ::vigil::__private::refused::<Result<u8, E>>(error);
            }
        };
        ::vigil::__private::returned_durably::<
            Result<u8, E>,
            _,
            _,
        >(
                async move {
                    ::vigil::__private::make_future::<
                        Result<u8, E>,
                        _,
                    >(move || { ready(Ok(1)) })
                        .await
                },
                call,
                move |ret: &Result<u8, E>, active: &mut ::vigil::__private::Active| {
                    use ::vigil::__private::outcome::*;
                    (&&&::vigil::__private::Returned(ret)).conclude(active);
                },
            )
            .await
    }
}
