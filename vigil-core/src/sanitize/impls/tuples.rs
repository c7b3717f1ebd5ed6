//! Tuples: arrays of their elements, up to twelve.

use crate::sanitize::{Sanitize, Writer};

macro_rules! tuples {
    ($(($($name:ident . $index:tt),+))*) => {$(
        impl<$($name: Sanitize),+> Sanitize for ($($name,)+) {
            fn sanitize(&self, out: &mut Writer<'_>) {
                let mut array = out.array();
                $(array.element(&self.$index);)+
                array.end();
            }
        }
    )*};
}

tuples! {
    (A.0)
    (A.0, B.1)
    (A.0, B.1, C.2)
    (A.0, B.1, C.2, D.3)
    (A.0, B.1, C.2, D.3, E.4)
    (A.0, B.1, C.2, D.3, E.4, F.5)
    (A.0, B.1, C.2, D.3, E.4, F.5, G.6)
    (A.0, B.1, C.2, D.3, E.4, F.5, G.6, H.7)
    (A.0, B.1, C.2, D.3, E.4, F.5, G.6, H.7, I.8)
    (A.0, B.1, C.2, D.3, E.4, F.5, G.6, H.7, I.8, J.9)
    (A.0, B.1, C.2, D.3, E.4, F.5, G.6, H.7, I.8, J.9, K.10)
    (A.0, B.1, C.2, D.3, E.4, F.5, G.6, H.7, I.8, J.9, K.10, L.11)
}

#[cfg(test)]
mod tests {
    use crate::sanitize::to_json;

    #[test]
    fn tuples_are_arrays() {
        assert_eq!(to_json(&(1,)), "[1]");
        assert_eq!(
            to_json(&(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, "x")),
            r#"[1,2,3,4,5,6,7,8,9,10,11,"x"]"#
        );
    }

    #[test]
    fn a_list_of_pairs_is_a_map_to_the_key_rule() {
        let headers = vec![("accept", "*"), ("Authorization", "k"), ("password", "x")];
        assert_eq!(
            to_json(&headers),
            r#"[["accept","*"],["Authorization","***REDACTED***"],["password","***REDACTED***"]]"#
        );
    }
}
