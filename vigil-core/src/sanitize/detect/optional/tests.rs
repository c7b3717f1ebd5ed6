use super::*;

fn found(detector: Detector, text: &str) -> Option<&str> {
    let on = Detectors::new(&[detector], Profile::Default);
    find(text.as_bytes(), 0, on).map(|span| &text[span.range])
}

#[test]
fn names_and_detectors_are_the_same() {
    for detector in Detector::ALL {
        assert_eq!(detector.as_str().parse(), Ok(detector));
    }
    assert_eq!("passport".parse::<Detector>(), Err(()));
    assert!(Detectors::new(&[], Profile::Default).is_empty());
    assert!(Detectors::new(&[], Profile::Hipaa).has(Detector::Date));
}

#[test]
fn each_finds_what_its_specification_gives_as_an_example() {
    for (detector, text) in [
        // 49 CFR 565's own example, BIP 173's and BIP 350's test vectors, the genesis block's address.
        (Detector::Vin, "1M8GDM9AXKP042788"),
        (Detector::Imei, "490154203237518"),
        (Detector::Imei, "49-015420-323751-8"),
        (Detector::Mbi, "1EG4-TE5-MK73"),
        (Detector::Mbi, "1EG4TE5MK73"),
        (
            Detector::CryptoAddress,
            "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa",
        ),
        (
            Detector::CryptoAddress,
            "BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4",
        ),
        (
            Detector::CryptoAddress,
            "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0",
        ),
        (
            Detector::CryptoAddress,
            "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
        ),
        (Detector::Uuid, "f81d4fae-7dec-11d0-a765-00a0c91e6bf6"),
        (Detector::Date, "2026-11-23"),
        (Detector::Date, "2026-11-23T10:11:12.5Z"),
        (Detector::Date, "23.11.2026"),
        (Detector::Date, "11/23/2026"),
        (Detector::Date, "23 November 2026"),
        (Detector::Date, "05/Jan/2026"),
        (Detector::Date, "November 23rd, 2026"),
        (Detector::Entropy, "k3J9xQ2mZ7pLw8RtB5vN"),
    ] {
        assert_eq!(found(detector, text), Some(text));
        let wrong = text.replacen(['8', '1', 'f', 'Q', '9'], "0O", 2);
        assert!(
            wrong == text
                || detector == Detector::Entropy
                || found(detector, &wrong) != Some(wrong.as_str()),
            "{wrong}"
        );
    }
}

#[test]
fn a_year_stays_unless_it_may_show_an_age_of_ninety() {
    assert_eq!(year_of("2026-11-23"), Some("2026"));
    assert_eq!(year_of("23 Nov 1949"), None);
    assert_eq!(year_of("November 23"), None);
}
