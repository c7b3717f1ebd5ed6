//! Addresses of wallets: Bitcoin's in Base58Check and in Bech32 (BIP 173, BIP 350), Ethereum's by their shape.

use sha2::{Digest, Sha256};

use super::ends;
use crate::sanitize::detect::bytes::{looked_at, run};

/// The end of the address at `at`.
pub(super) fn find(bytes: &[u8], at: usize) -> Option<usize> {
    let len = run(bytes, at, 91, |byte| byte.is_ascii_alphanumeric());
    let found = bytes.get(at..at + len)?;
    let valid = match found {
        [b'0', b'x' | b'X', rest @ ..] => {
            rest.len() == 40 && rest.iter().all(u8::is_ascii_hexdigit)
        }
        [b'1' | b'3', ..] => (26..=35).contains(&len) && is_base58_check(found),
        _ => (14..=90).contains(&len) && is_bech32(found),
    };
    (valid && ends(bytes, at + len)).then_some(at + len)
}

/// 25 bytes of which the last four are the first of a doubled SHA-256 of the others.
fn is_base58_check(found: &[u8]) -> bool {
    const ALPHABET: &[u8; 58] = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
    let mut decoded = [0_u8; 25];
    looked_at(found.len() * decoded.len());
    for byte in found {
        let Some(digit) = ALPHABET.iter().position(|known| known == byte) else {
            return false;
        };
        let mut carry = digit as u32;
        for place in decoded.iter_mut().rev() {
            carry += u32::from(*place) * 58;
            *place = carry as u8;
            carry >>= 8;
        }
        if carry > 0 {
            return false;
        }
    }
    let (body, check) = decoded.split_at(21);
    Sha256::digest(Sha256::digest(body)).starts_with(check)
}

/// `bc1` or `tb1`, and a remainder of 1 (BIP 173) or that of BIP 350.
fn is_bech32(found: &[u8]) -> bool {
    const ALPHABET: &[u8; 32] = b"qpzry9x8gf2tvdw0s3jn54khce6mua7l";
    const GENERATOR: [u32; 5] = [
        0x3b6a_57b2,
        0x2650_8e6d,
        0x1ea1_19fa,
        0x3d42_33dd,
        0x2a14_62b3,
    ];
    let Some((human, rest)) = found.split_first_chunk::<3>() else {
        return false;
    };
    let human = human.map(|byte| byte.to_ascii_lowercase());
    if !matches!(&human, b"bc1" | b"tb1") {
        return false;
    }
    let step = |check: u32, value: u32| {
        let top = check >> 25;
        let shifted = (check & 0x01ff_ffff) << 5 ^ value;
        GENERATOR
            .iter()
            .enumerate()
            .fold(shifted, |check, (bit, generator)| {
                if top >> bit & 1 == 1 {
                    check ^ generator
                } else {
                    check
                }
            })
    };
    let [b, c, _] = human;
    let expanded = [b >> 5, c >> 5, 0, b & 31, c & 31];
    let mut check = expanded
        .iter()
        .fold(1, |check, value| step(check, u32::from(*value)));
    for byte in rest {
        let Some(value) = ALPHABET
            .iter()
            .position(|known| *known == byte.to_ascii_lowercase())
        else {
            return false;
        };
        check = step(check, value as u32);
    }
    looked_at(found.len());
    matches!(check, 1 | 0x2bc8_30a3)
}
