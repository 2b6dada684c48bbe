//! The 8 bytes that all formats of ISO 9564-1 have in common: control nibble, length nibble, digits, fill.
//!
//! Written as a number, the control nibble topmost. Whatever depends on a digit, and on the length nibble of a block that may
//! turn out to be invalid, is a mask: no branch, no index, no shift by a secret amount.

use subtle::{Choice, ConstantTimeEq};

use crate::{Error, Pin};

/// The 14 nibbles of digits and fill.
pub(crate) const BODY: u64 = 0x00FF_FFFF_FFFF_FFFF;
/// The lowest bit of each nibble.
pub(crate) const LOW_BITS: u64 = 0x1111_1111_1111_1111;

/// What may stand after the digits.
#[derive(Clone, Copy)]
pub(crate) enum FillRule {
    /// Any nibble.
    Any,
    /// A to F.
    Letters,
    /// One nibble, given 16 times.
    Only(u64),
}

/// A PIN that was read from a block, and whether the block was sound.
pub(crate) struct Candidate {
    pin: Pin,
    valid: Choice,
}

impl Candidate {
    /// Takes digits as they stand in a PIN field, sound if no bit of `bad` is set.
    #[inline]
    pub(crate) fn new(packed: u64, length: u8, bad: u64) -> Self {
        Self { pin: Pin::from_packed(packed, length), valid: bad.ct_eq(&0) }
    }

    /// Lays one more condition on the block.
    pub(crate) fn require(self, condition: Choice) -> Self {
        Self { valid: self.valid & condition, pin: self.pin }
    }

    /// Gives the PIN if every condition held.
    #[inline]
    pub(crate) fn into_result(self) -> Result<Pin, Error> {
        if self.valid.into() { Ok(self.pin) } else { Err(Error::InvalidBlock) }
    }
}

/// Lays out a PIN; of `fill`, the nibbles which the digits leave free are taken.
#[inline]
pub(crate) fn assemble(control: u8, pin: &Pin, fill: u64) -> u64 {
    let head = u64::from((control << 4) | pin.length()) << 56;
    // A PIN's length is no secret, so its digits are shifted out at once.
    let after_digits = BODY.wrapping_shr(u32::from(pin.length()).wrapping_mul(4));
    head | pin.packed() | (fill & after_digits)
}

/// Reads a PIN, judging all nibbles whatever the first ones say.
#[inline]
pub(crate) fn disassemble(field: u64, control: u8, rule: FillRule) -> Candidate {
    let [head, ..] = field.to_be_bytes();
    let length = head & 0x0F;
    let filled = after_digits(length);
    let digits = BODY ^ filled;

    let bad_control = (head >> 4) ^ control;
    let bad_length = outside(length, 4, 12);
    let bad_digits = above_nine(field) & digits;
    let bad_fill = filled
        & match rule {
            FillRule::Any => 0,
            FillRule::Letters => above_nine(field) ^ LOW_BITS,
            FillRule::Only(fill) => field ^ fill,
        };
    let bad = u64::from(bad_control | bad_length) | bad_digits | bad_fill;
    Candidate::new(field & digits, length, bad)
}

/// Not zero if a length, 16 at most, is below the lowest or above the highest.
#[inline]
pub(crate) const fn outside(length: u8, lowest: u8, highest: u8) -> u8 {
    // Either difference has its sign bit set where it is negative.
    (length.wrapping_sub(lowest) | highest.wrapping_sub(length)) & 0x80
}

/// The nibbles of the body after so many digits, 15 at most.
///
/// Each byte holds two digits. The number of the digit in its high nibble, with 0x80 added, is compared in that byte by a
/// subtraction: 0x80 is left where the number is not below the length. So it is with the low nibbles.
#[inline]
pub(crate) const fn after_digits(length: u8) -> u64 {
    const HIGH_NIBBLES: u64 = 0x0F80_8284_8688_8A8C;
    const LOW_NIBBLES: u64 = 0x0F81_8385_8789_8B8D;
    const FLAGS: u64 = 0x8080_8080_8080_8080;
    let lengths = u64::from_ne_bytes([length; 8]);
    let high = HIGH_NIBBLES.wrapping_sub(lengths) & FLAGS;
    let low = (LOW_NIBBLES.wrapping_sub(lengths) & FLAGS) >> 4;
    // A flag, the topmost bit of its nibble, spreads to the bits below.
    let flags = high | low;
    flags | (flags >> 1) | (flags >> 2) | (flags >> 3)
}

/// The lowest bit of each nibble that is A to F: the highest bit is set, and one of the middle two.
#[inline]
pub(crate) const fn above_nine(nibbles: u64) -> u64 {
    (nibbles >> 3) & ((nibbles >> 2) | (nibbles >> 1)) & LOW_BITS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masks_what_follows_the_digits() {
        for length in 0..=15_u8 {
            let nibbles = 14_u32.saturating_sub(u32::from(length));
            assert_eq!(after_digits(length), (1_u64 << (4 * nibbles)) - 1, "{length}");
        }
    }

    #[test]
    fn finds_letters_nibble_by_nibble() {
        for nibble in 0..16_u64 {
            for position in 0..16 {
                let found = above_nine(nibble << (4 * position));
                assert_eq!(found, u64::from(nibble > 9) << (4 * position));
            }
        }
    }

    #[test]
    fn takes_lengths_of_4_to_12() {
        for length in 0..=15_u8 {
            let field = (u64::from(length) << 56) | (0xA_AAAA_AAAA_AAAA_u64 & after_digits(length));
            let sound = disassemble(field, 0, FillRule::Any).into_result().is_ok();
            assert_eq!(sound, (4..=12).contains(&length), "{length}");
        }
    }
}
