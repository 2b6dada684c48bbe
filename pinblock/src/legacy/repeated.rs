//! One digit that is repeated to the end of a block, and the PIN that stands before it.

use subtle::ConstantTimeEq;

use crate::{
    Error, Pin,
    pin_field::{BODY, LOW_BITS, after_digits},
};

/// A nibble, 16 times.
#[inline]
pub(super) const fn spread(nibble: u8) -> u64 {
    u64::from_ne_bytes([nibble | (nibble << 4); 8])
}

/// The lowest bit of each nibble that is not 0.
#[inline]
pub(super) const fn not_zero(nibbles: u64) -> u64 {
    (nibbles | (nibbles >> 1) | (nibbles >> 2) | (nibbles >> 3)) & LOW_BITS
}

/// The nibbles before the run of equal ones with which a number ends.
#[inline]
pub(super) const fn before_run(nibbles: u64) -> u64 {
    let others = not_zero(nibbles ^ spread(last(nibbles)));
    let nearest = others & others.wrapping_neg();
    !nearest.wrapping_sub(1)
}

/// The last nibble.
#[inline]
pub(super) const fn last(nibbles: u64) -> u8 {
    let [.., byte] = nibbles.to_be_bytes();
    byte & 0x0F
}

/// How many nibbles a mask covers.
#[inline]
pub(super) const fn count(mask: u64) -> u8 {
    let [.., bits] = mask.count_ones().to_be_bytes();
    bits >> 2
}

/// Takes a nibble, 16 times, for a block where the PIN ends before the first of them.
///
/// A fill that is one of the PIN's digits is refused: whoever reads the block, from either end, would take the PIN for a
/// shorter one.
pub(super) fn given(pin: &Pin, fill: u8) -> Result<u64, Error> {
    let repeated = spread(fill & 0x0F);
    let digits = BODY ^ after_digits(pin.length());
    let same = (LOW_BITS ^ not_zero(pin.packed() ^ repeated)) & digits;
    if (u64::from(fill & 0xF0) | same).ct_eq(&0).into() {
        Ok(repeated)
    } else {
        Err(Error::FillValue)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_where_a_run_begins() {
        for fill in 0..16_u8 {
            for other in (0..16_u8).filter(|other| *other != fill) {
                for at in 0..16_u32 {
                    // The last nibble that differs is the one at this place, counted from the end.
                    let run = spread(fill) & ((1_u64 << (4 * at)) - 1);
                    let number = run | (u64::from(other) << (4 * at));
                    let number = if at == 0 { number | u64::from(fill) << 4 } else { number };
                    let begin = if at == 0 { 1 } else { at };
                    assert_eq!(before_run(number), !((1_u64 << (4 * begin)) - 1), "{number:016X}");
                }
            }
            assert_eq!(before_run(spread(fill)), 0);
        }
    }

    #[test]
    fn counts_nibbles() {
        assert_eq!([0, 0xF, 0xFF0, u64::MAX].map(count), [0, 1, 2, 16]);
    }

    #[test]
    fn refuses_a_digit_of_the_pin_wherever_it_stands() {
        let pin = Pin::from_ascii(b"123456780123").unwrap();
        for fill in 0..=u8::MAX {
            let expected = fill == 9 || (10..16).contains(&fill);
            assert_eq!(given(&pin, fill).is_ok(), expected, "{fill}");
        }
        // What stands behind the digits of a short PIN are not digits of it.
        assert_eq!(given(&Pin::from_ascii(b"1234").unwrap(), 0), Ok(0));
    }
}
