//! Values of `serde_json`: the key rule holds at every depth.

use serde_json::{Map, Number, Value};

use super::collections::members;
use crate::sanitize::{Sanitize, Writer};

impl Sanitize for Value {
    fn sanitize(&self, out: &mut Writer<'_>) {
        match self {
            Self::Null => out.null(),
            Self::Bool(value) => out.bool(*value),
            Self::Number(value) => value.sanitize(out),
            Self::String(value) => out.str(value),
            Self::Array(values) => values.sanitize(out),
            Self::Object(map) => map.sanitize(out),
        }
    }
}

impl Sanitize for Map<String, Value> {
    fn sanitize(&self, out: &mut Writer<'_>) {
        members(self.iter(), self.len(), out);
    }
}

impl Sanitize for Number {
    fn sanitize(&self, out: &mut Writer<'_>) {
        if let Some(value) = self.as_u64() {
            out.u64(value);
        } else if let Some(value) = self.as_i64() {
            out.i64(value);
        } else if let Some(value) = self.as_f64() {
            out.f64(value);
        } else {
            // With `arbitrary_precision`, which another crate may have asked for.
            out.display(self);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::sanitize::to_json;

    #[test]
    fn the_key_rule_holds_at_every_depth() {
        let value = json!({
            "user": {"name": "jane", "password": "hunter2", "roles": ["admin"]},
            "tries": [1, -2, 0.5, null, true],
            "headers": [["Authorization", "abc"], ["Accept", "*"]],
            "env": [{"name": "DB_PASSWORD", "value": "abc"}, {"name": "HOME", "value": "/"}],
        });
        assert_eq!(
            to_json(&value),
            concat!(
                r#"{"env":[{"name":"DB_PASSWORD","value":"***REDACTED***"},{"name":"HOME","value":"/"}],"#,
                r#""headers":[["Authorization","***REDACTED***"],["Accept","*"]],"#,
                r#""tries":[1,-2,0.5,null,true],"#,
                r#""user":{"name":"jane","password":"***REDACTED***","roles":["admin"]}}"#
            )
        );
    }

    #[test]
    fn what_is_no_secret_passes_a_sensitive_key() {
        let value =
            json!({"password": null, "token": true, "secret": "", "pin": 1234, "auth": "${AUTH}"});
        assert_eq!(
            to_json(&value),
            r#"{"auth":"${AUTH}","password":null,"pin":"***REDACTED***","secret":"","token":true}"#
        );
        let value = json!({"credentials": {"user": "jane", "key": "k"}, "tokens": ["a"]});
        assert_eq!(
            to_json(&value),
            r#"{"credentials":"***REDACTED***","tokens":"***REDACTED***"}"#
        );
    }

    #[test]
    fn what_is_too_deep_is_redacted() {
        let mut value = json!("canary");
        for _ in 0..100 {
            value = json!([value]);
        }
        let json = to_json(&value);
        assert!(!json.contains("canary"));
        assert!(json.contains("***REDACTED***"));
        assert!(serde_json::from_str::<serde_json::Value>(&json).is_ok());
    }
}
