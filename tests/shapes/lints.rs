//! Shapes that the compiler warns of; the attribute should leave the warnings as they are. Only for the comparison.

/// `unused_variables` of an argument that is not recorded
mod unused_argument {
    use vigil::audited;

    #[audited(category = "DATA", skip(a))]
    pub fn unused_argument(a: u8) {}
}

/// `dead_code` of a function
mod dead_function {
    use vigil::audited;

    #[audited(category = "DATA")]
    fn dead_function(_a: u8) {}
}

/// `unused_mut` in the body
mod unused_mut {
    use vigil::audited;

    #[audited(category = "DATA")]
    pub fn unused_mut(a: u8) -> u8 {
        let mut b = a;
        b
    }
}

/// `unreachable_code` in the body
mod unreachable {
    use vigil::audited;

    #[audited(category = "DATA")]
    pub fn unreachable(a: u8) -> u8 {
        return a;
        1
    }
}

/// `unused_must_use` of the caller
mod must_use {
    use vigil::audited;

    #[audited(category = "DATA")]
    #[must_use]
    fn must_use(a: u8) -> u8 {
        a
    }

    pub fn run() {
        must_use(1);
    }
}
