//! DES bit by bit, as the standard tells it.
//!
//! Source: FIPS 46-3.

use crate::boxes::substitute;

const INITIAL: [u8; 64] = [
    58, 50, 42, 34, 26, 18, 10, 2, 60, 52, 44, 36, 28, 20, 12, 4, 62, 54, 46, 38, 30, 22, 14, 6,
    64, 56, 48, 40, 32, 24, 16, 8, 57, 49, 41, 33, 25, 17, 9, 1, 59, 51, 43, 35, 27, 19, 11, 3, 61,
    53, 45, 37, 29, 21, 13, 5, 63, 55, 47, 39, 31, 23, 15, 7,
];
const FINAL: [u8; 64] = [
    40, 8, 48, 16, 56, 24, 64, 32, 39, 7, 47, 15, 55, 23, 63, 31, 38, 6, 46, 14, 54, 22, 62, 30,
    37, 5, 45, 13, 53, 21, 61, 29, 36, 4, 44, 12, 52, 20, 60, 28, 35, 3, 43, 11, 51, 19, 59, 27,
    34, 2, 42, 10, 50, 18, 58, 26, 33, 1, 41, 9, 49, 17, 57, 25,
];
const CHOICE_1: [u8; 56] = [
    57, 49, 41, 33, 25, 17, 9, 1, 58, 50, 42, 34, 26, 18, 10, 2, 59, 51, 43, 35, 27, 19, 11, 3, 60,
    52, 44, 36, 63, 55, 47, 39, 31, 23, 15, 7, 62, 54, 46, 38, 30, 22, 14, 6, 61, 53, 45, 37, 29,
    21, 13, 5, 28, 20, 12, 4,
];
const CHOICE_2: [u8; 48] = [
    14, 17, 11, 24, 1, 5, 3, 28, 15, 6, 21, 10, 23, 19, 12, 4, 26, 8, 16, 7, 27, 20, 13, 2, 41, 52,
    31, 37, 47, 55, 30, 40, 51, 45, 33, 48, 44, 49, 39, 56, 34, 53, 46, 42, 50, 36, 29, 32,
];
const SHIFTS: [u8; 16] = [1, 1, 2, 2, 2, 2, 2, 2, 1, 2, 2, 2, 2, 2, 2, 1];

/// The subkeys of one DES key.
#[derive(Clone)]
pub(crate) struct Rounds([u64; 16]);

impl Rounds {
    pub(crate) fn new(key: u64) -> Self {
        const HALF: u64 = 0x0FFF_FFFF;
        let chosen = permute(key, 64, &CHOICE_1);
        let (mut left, mut right) = (chosen >> 28, chosen & HALF);
        Self(SHIFTS.map(|shift| {
            left = (left << shift | left >> (28 - shift)) & HALF;
            right = (right << shift | right >> (28 - shift)) & HALF;
            permute(left << 28 | right, 56, &CHOICE_2)
        }))
    }

    /// The sixteen rounds between the permutations.
    pub(crate) fn encrypt(&self, block: u64) -> u64 {
        run(block, self.0.iter())
    }

    pub(crate) fn decrypt(&self, block: u64) -> u64 {
        run(block, self.0.iter().rev())
    }
}

pub(crate) fn permute_first(block: u64) -> u64 {
    permute(block, 64, &INITIAL)
}

pub(crate) fn permute_last(block: u64) -> u64 {
    permute(block, 64, &FINAL)
}

fn run<'k>(block: u64, keys: impl Iterator<Item = &'k u64>) -> u64 {
    let (mut left, mut right) = (block >> 32, block & 0xFFFF_FFFF);
    for key in keys {
        (left, right) = (right, left ^ substitute(expand(right) ^ key));
    }
    right << 32 | left
}

/// Eight times four bits with the neighbours of each four.
fn expand(half: u64) -> u64 {
    // The last bit comes before the first one, and the first after the last.
    let ring = (half & 1) << 33 | half << 1 | half >> 31;
    (0..8).fold(0, |expanded, group| expanded << 6 | ring >> (28 - 4 * group) & 0x3F)
}

/// Takes the bits in the order of a table, which counts them from 1 on the left of `width` bits.
fn permute(bits: u64, width: u8, order: &[u8]) -> u64 {
    order.iter().fold(0, |taken, place| taken << 1 | bits >> (width - place) & 1)
}
