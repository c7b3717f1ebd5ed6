//! The numbers that the standard takes from the primes.

/// Section 5.3.3: the first 32 bits of the fractions of the square roots of the first eight primes.
pub(super) const INITIAL: [u32; 8] = [
    0x6a09_e667,
    0xbb67_ae85,
    0x3c6e_f372,
    0xa54f_f53a,
    0x510e_527f,
    0x9b05_688c,
    0x1f83_d9ab,
    0x5be0_cd19,
];

/// Section 4.2.2: those of the cube roots of the first 64 primes.
pub(super) const CONSTANTS: [u32; 64] = cube_roots();

/// Computed, so that nobody has to compare a table: the fraction of a cube root, as the largest root of 96 bits whose
/// cube is no more than the prime.
const fn cube_roots() -> [u32; 64] {
    let mut constants = [0; 64];
    let (mut number, mut found) = (2_u128, 0);
    while found < 64 {
        let mut divisor = 2;
        while divisor * divisor <= number && !number.is_multiple_of(divisor) {
            divisor += 1;
        }
        if divisor * divisor > number {
            // The root times 2^32 is below 2^35, and its cube below 2^105.
            let mut root = 0_u128;
            let mut bit = 1 << 35;
            while bit > 0 {
                let next = root | bit;
                if next * next * next <= number << 96 {
                    root = next;
                }
                bit >>= 1;
            }
            constants[found] = root as u32;
            found += 1;
        }
        number += 1;
    }
    constants
}
