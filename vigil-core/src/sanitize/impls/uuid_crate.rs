//! The types of the `uuid` crate.

use crate::sanitize::{Sanitize, Writer};

impl Sanitize for uuid::Uuid {
    fn sanitize(&self, out: &mut Writer<'_>) {
        out.plain(format_args!("{}", self.hyphenated()));
    }
}

impl Sanitize for uuid::NonNilUuid {
    fn sanitize(&self, out: &mut Writer<'_>) {
        self.get().sanitize(out);
    }
}

#[cfg(test)]
mod tests {
    use crate::sanitize::to_json;

    #[test]
    fn a_uuid_is_its_hyphenated_form() {
        let id = uuid::Uuid::from_u128(0x0199_0000_0000_7000_8000_0000_0000_0001);
        assert_eq!(to_json(&id), r#""01990000-0000-7000-8000-000000000001""#);
    }
}
