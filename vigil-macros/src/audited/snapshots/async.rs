async fn charge() -> Result<u64, Error> {
    let call = {
        const __VIGIL_CATEGORY: my::vigil::__private::Category = {
            #[allow(unused_imports)]
            use my::vigil::__private::fallback::*;
            {
                #[allow(unused_imports)]
                use crate::*;
                __vigil_categories::lookup("BILLING")
            }
        };
        static __VIGIL_CALLSITE: my::vigil::__private::Callsite = my::vigil::__private::Callsite::__new(
                __VIGIL_CATEGORY,
                my::vigil::__private::ActionType::EXECUTE,
                "charge",
                (
                    my::vigil::__private::core::module_path!(),
                    my::vigil::__private::core::file!(),
                    my::vigil::__private::core::line!(),
                ),
                my::vigil::__private::core::option::Option::None,
                &[],
            )
            .__returning(
                my::vigil::__private::Argument::parameter("result", "Result<u64, Error>"),
            )
            .__future();
        my::vigil::__private::link!(__VIGIL_CALLSITE);
        my::vigil::__private::Call::begin(&__VIGIL_CALLSITE)
    };
    let (ret, mut call) = my::vigil::__private::Audited::new(
            async move {
                #[allow(unreachable_code)]
                if false {
                    let edge: Result<u64, Error> = loop {};
                    return edge;
                }
                Ok(1)
            },
            call,
        )
        .await;
    if let my::vigil::__private::core::option::Option::Some(active) = call.active() {
        {
            use my::vigil::__private::outcome::*;
            if let my::vigil::__private::core::option::Option::Some(value) = (&&my::vigil::__private::Returned(
                &ret,
            ))
                .value()
            {
                active
                    .result_value(
                        my::vigil::__private::Treatment::Default,
                        my::vigil::__private::sanitizable(value),
                    );
            }
        }
        if !my::vigil::__private::core::option::Option::is_some_and(
            my::vigil::__private::core::option::Option::Some(&ret),
            Result::is_ok,
        ) {
            use my::vigil::__private::outcome::*;
            (&&&my::vigil::__private::Returned(&ret)).conclude(active);
            active.fail();
        }
    }
    call.finish();
    ret
}
