impl<T> Store<T> {
    pub fn new(pool: Pool) -> Self {
        let mut call = {
            static __VIGIL_CALLSITE: ::vigil::__private::Callsite = ::vigil::__private::Callsite::__new(
                ::vigil::__private::Category::DATA,
                ::vigil::__private::ActionType::EXECUTE,
                "Store::new",
                (
                    ::vigil::__private::core::module_path!(),
                    ::vigil::__private::core::file!(),
                    ::vigil::__private::core::line!(),
                ),
                ::vigil::__private::core::option::Option::None,
                &[],
            );
            ::vigil::__private::link!(__VIGIL_CALLSITE);
            ::vigil::__private::Call::enter(&__VIGIL_CALLSITE)
        };
        let ret = ::vigil::__private::call_once(move || -> Self { Self });
        if let ::vigil::__private::core::option::Option::Some(active) = call.active() {
            use ::vigil::__private::outcome::*;
            (&&&::vigil::__private::Returned(&ret)).conclude(active);
        }
        call.finish();
        ret
    }
    pub(crate) fn get(&self, pool: &Pool, key: u8) {
        let mut call = {
            static __VIGIL_CALLSITE: ::vigil::__private::Callsite = ::vigil::__private::Callsite::__new(
                ::vigil::__private::Category::DATA,
                ::vigil::__private::ActionType::READ,
                "Store::get",
                (
                    ::vigil::__private::core::module_path!(),
                    ::vigil::__private::core::file!(),
                    ::vigil::__private::core::line!(),
                ),
                ::vigil::__private::core::option::Option::None,
                &[::vigil::__private::Argument::field("self.id", "self.id")],
            );
            ::vigil::__private::link!(__VIGIL_CALLSITE);
            let mut call = if key > 0 {
                ::vigil::__private::Call::enter(&__VIGIL_CALLSITE)
            } else {
                ::vigil::__private::Call::off()
            };
            if let ::vigil::__private::core::option::Option::Some(active) = call.active()
            {
                active.param(0usize, ::vigil::__private::sanitizable(&(self.id)));
            }
            call
        };
        let ret = ::vigil::__private::call_once(move || -> () {});
        if let ::vigil::__private::core::option::Option::Some(active) = call.active() {
            use ::vigil::__private::outcome::*;
            (&&&::vigil::__private::Returned(&ret)).conclude(active);
        }
        call.finish();
        ret
    }
    fn private(&self) {}
    #[not_audited(reason = "a constant")]
    pub const fn id() {}
}
