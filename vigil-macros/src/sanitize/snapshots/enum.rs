#[doc(hidden)]
const _: () = {
    #[automatically_derived]
    #[allow(deprecated, unused_variables)]
    impl ::vigil::__private::Sanitize for Plan {
        fn sanitize(&self, out: &mut ::vigil::__private::Writer<'_>) {
            static __VIGIL_KEYS: [::vigil::__private::Key; 4usize] = [
                ::vigil::__private::Key::new("Paid"),
                ::vigil::__private::Key::new("months"),
                ::vigil::__private::Key::new("code"),
                ::vigil::__private::Key::new("Custom"),
            ];
            match self {
                Self::Free {} => out.name("Free"),
                Self::Paid { 0: field_0 } => {
                    let mut object = out.object();
                    object
                        .field(
                            &__VIGIL_KEYS[0usize],
                            ::vigil::__private::Treatment::Keep,
                            ::vigil::__private::sanitizable(field_0),
                        );
                    object.end();
                }
                Self::Custom { months: field_0, code: field_1 } => {
                    let mut object = out.object();
                    object
                        .field(
                            &__VIGIL_KEYS[3usize],
                            ::vigil::__private::Treatment::Default,
                            &::vigil::__private::With(
                                &(field_0, field_1),
                                |&(field_0, field_1), out| {
                                    let mut out = out.object();
                                    out.field(
                                        &__VIGIL_KEYS[1usize],
                                        ::vigil::__private::Treatment::Default,
                                        ::vigil::__private::sanitizable(field_0),
                                    );
                                    out.field(
                                        &__VIGIL_KEYS[2usize],
                                        ::vigil::__private::Treatment::Default,
                                        ::vigil::__private::sanitizable(field_1),
                                    );
                                    out.end();
                                },
                            ),
                        );
                    object.end();
                }
            }
        }
    }
};
