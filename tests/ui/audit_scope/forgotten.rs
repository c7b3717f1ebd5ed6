use vigil::audit_scope;

#[audit_scope]
mod accounts {
    use vigil::{audited, audit_scope, not_audited};

    pub struct Account;

    pub fn forgotten() {}

    pub(crate) fn forgotten_too() {
        inside();
    }

    #[audited(category = "DATA")]
    pub fn audited() {}

    #[not_audited(reason = "shows how")]
    pub fn exempt() {}

    fn inside() {}

    impl Account {
        pub fn close(&self) {}
        fn private(&self) {}
    }

    #[audited(category = "DATA")]
    impl Account {
        pub fn open(&self) {}
    }

    impl Clone for Account {
        fn clone(&self) -> Self {
            Self
        }
    }

    #[audit_scope]
    impl Default for Account {
        fn default() -> Self {
            Self
        }
    }

    pub trait Purge {
        fn purge(&self);
        fn purge_all(&self) {}
    }

    mod deeper {
        pub fn buried() {}

        #[cfg(any())]
        pub fn not_compiled() {}

        #[cfg_attr(all(), vigil::audited(category = "DATA"))]
        pub fn under_a_condition_that_holds() {}

        #[cfg_attr(any(), vigil::audited(category = "DATA"))]
        pub fn under_a_condition_that_does_not() {}
    }

    #[not_audited(reason = "as a whole")]
    mod exempt_as_a_whole {
        pub fn anything() {}
    }
}

fn main() {
    accounts::forgotten();
}
