#[doc(hidden)]
const _: () = {
    #[automatically_derived]
    #[allow(deprecated, unused_variables)]
    impl<T, U> ::vigil::__private::Sanitize for Login<T, U>
    where
        T: ::vigil::__private::Sanitize,
        U: ::vigil::__private::core::fmt::Debug,
    {
        fn sanitize(&self, out: &mut ::vigil::__private::Writer<'_>) {
            static __VIGIL_KEYS: [::vigil::__private::Key; 3usize] = [
                ::vigil::__private::Key::new("email"),
                ::vigil::__private::Key::new("raw"),
                ::vigil::__private::Key::renamed("attempts", "tries"),
            ];
            let mut out = out.object();
            out.field(
                &__VIGIL_KEYS[0usize],
                ::vigil::__private::Treatment::Default,
                ::vigil::__private::sanitizable(&self.email),
            );
            out.field(
                &__VIGIL_KEYS[1usize],
                ::vigil::__private::Treatment::Redact,
                &::vigil::__private::Opaque(&self.raw),
            );
            out.field(
                &__VIGIL_KEYS[2usize],
                ::vigil::__private::Treatment::Default,
                &::vigil::__private::Debugged(&self.tries),
            );
            out.end();
        }
    }
};
