//! The fingerprint of a callsite: which version of its description an event was recorded under.

use sha2::{Digest, Sha256};

use super::Callsite;
use super::argument::{Argument, InWords, Written};

/// How many hexadecimal digits a fingerprint has: 64 bits, enough that no two versions of a callsite meet.
pub(crate) const DIGITS: usize = 16;

/// What a fingerprint is over, as JSON: others can compute it from a catalogue.
///
/// File and line are left out, so that moving a function changes nothing. So is the class of a name: it depends on
/// the configuration, and the fingerprint is to say something of the program alone.
fn text(callsite: &Callsite) -> String {
    let describe = |argument: &Argument| {
        let (what, written) = match argument.written {
            Written::Type(ty) => ("type", ty),
            Written::Value(value) => ("value", value),
        };
        let treatment = InWords(argument.treatment).to_string();
        [argument.name, what, written, argument.form, &treatment].map(str::to_owned)
    };
    let arguments: Vec<_> = callsite.arguments.iter().map(describe).collect();
    let result: Vec<_> = callsite.result.iter().map(describe).collect();
    let mut text = serde_json::json!([
        "vigil schema 1",
        callsite.category.as_str(),
        callsite.action.as_str(),
        callsite.operation,
        arguments,
        result,
    ]);
    let delivery = (
        callsite.delivery,
        callsite.overflow,
        callsite.category.is_mandatory(),
    );
    if delivery != (None, None, false)
        && let Some(text) = text.as_array_mut()
    {
        text.push(serde_json::json!(delivery));
    }
    text.to_string()
}

impl Callsite {
    /// The first digits of the SHA-256 of category, action type, operation, arguments and delivery.
    pub(crate) fn schema(&self) -> String {
        let digest = Sha256::digest(text(self).as_bytes());
        let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        hex[..DIGITS].to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::{ActionType, Argument, Category, Delivery, Overflow, Word};
    use crate::sanitize::Treatment;

    static ARGUMENTS: [Argument; 2] = [
        Argument::parameter("form", "Registration"),
        Argument::field("plan", "form.plan").treated(Treatment::Hash),
    ];

    static SITE: Callsite = Callsite::__new(
        Category::AUTH,
        ActionType::CREATE,
        "register",
        ("shop::auth", "src/auth.rs", 12),
        None,
        &ARGUMENTS,
    );

    static MOVED: Callsite = Callsite::__new(
        Category::AUTH,
        ActionType::CREATE,
        "register",
        ("shop::users", "src/users.rs", 1),
        None,
        &ARGUMENTS,
    );

    #[test]
    fn the_fingerprint_is_over_this_text_and_stays_what_it_is() {
        assert_eq!(
            text(&SITE),
            r#"["vigil schema 1","AUTH","CREATE","register",[["form","type","Registration","","default"],["plan","value","form.plan","","hash"]],[]]"#
        );
        assert_eq!(SITE.schema(), "0fe1c18399b75a1f");
    }

    #[test]
    fn delivery_is_part_of_it() {
        static REQUIRED: Callsite = Callsite::__new(
            Category::__declared(Word::__new("PHI_ACCESS").__mandatory()),
            ActionType::READ,
            "read",
            ("shop::auth", "src/auth.rs", 12),
            None,
            &[],
        )
        .__delivery(Delivery::Required)
        .__overflow(Overflow::Deny);
        assert_eq!(
            text(&REQUIRED),
            r#"["vigil schema 1","PHI_ACCESS","READ","read",[],[],["required","deny",true]]"#
        );
    }

    #[test]
    fn where_it_stands_makes_no_difference() {
        assert_eq!(SITE.schema(), MOVED.schema());
    }
}
