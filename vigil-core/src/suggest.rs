//! "Did you mean": the nearest of a list of names, in `const fn`, so that the compiler's messages about
//! categories and the run-time messages about configuration keys come from one place.

/// Words longer than this are compared by their first bytes only; no name of ours comes near it.
const LONGEST: usize = 64;

/// The name in `known` nearest to `wrong`, if any is near enough to be what was meant.
///
/// Near enough is an edit distance (Levenshtein, ASCII case ignored) of at most a third of the word, plus one.
pub(crate) const fn closest<'a>(wrong: &str, known: &[&'a str]) -> Option<&'a str> {
    closest_within(wrong, known, None)
}

/// As [`closest`], but `best` stays the answer unless a name in `known` is nearer than it.
pub(crate) const fn closest_within<'a>(
    wrong: &str,
    known: &[&'a str],
    best: Option<&'a str>,
) -> Option<&'a str> {
    let mut best = best;
    let mut nearest = match best {
        Some(name) => distance(wrong, name),
        None => wrong.len() / 3 + 2,
    };
    let mut i = 0;
    while i < known.len() {
        let d = distance(wrong, known[i]);
        if d < nearest {
            nearest = d;
            best = Some(known[i]);
        }
        i += 1;
    }
    best
}

/// Levenshtein distance over bytes, with one rolling row.
const fn distance(a: &str, b: &str) -> usize {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let a_len = if a.len() > LONGEST { LONGEST } else { a.len() };
    let b_len = if b.len() > LONGEST { LONGEST } else { b.len() };
    let mut row = [0usize; LONGEST + 1];
    let mut j = 0;
    while j <= b_len {
        row[j] = j;
        j += 1;
    }
    let mut i = 0;
    while i < a_len {
        let mut diagonal = row[0];
        row[0] = i + 1;
        let mut j = 0;
        while j < b_len {
            let same = a[i].eq_ignore_ascii_case(&b[j]);
            let substituted = diagonal + if same { 0 } else { 1 };
            diagonal = row[j + 1];
            let mut least = substituted;
            if row[j] + 1 < least {
                least = row[j] + 1;
            }
            if diagonal + 1 < least {
                least = diagonal + 1;
            }
            row[j + 1] = least;
            j += 1;
        }
        i += 1;
    }
    row[b_len]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_found_and_a_far_one_is_not_offered() {
        let known = ["DATABASE", "SECURITY", "AUTH"];
        assert_eq!(closest("DATABSE", &known), Some("DATABASE"));
        assert_eq!(closest("database", &known), Some("DATABASE"));
        assert_eq!(closest("ATUH", &known), Some("AUTH"));
        assert_eq!(closest("PAYMENTS", &known), None);
    }

    #[test]
    fn distance_is_levenshtein() {
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("abc", ""), 3);
    }
}
