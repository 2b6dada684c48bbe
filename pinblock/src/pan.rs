use core::{
    fmt::{self, Write},
    str::FromStr,
};

use subtle::{Choice, ConditionallySelectable, ConstantTimeEq, ConstantTimeGreater};
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::{Error, ExposedDigits};

/// A primary account number of 2 to 19 decimal digits, check digit included, wiped when dropped.
///
/// Formats take from it what they need: give the whole number, never a part of it. The check digit is not verified unless
/// [`luhn_valid`](Pan::luhn_valid) is called.
///
/// # Security
/// `Debug` and `Display` show the first 6 and the last 4 of 15 digits and more, and no digit of fewer. The number of digits
/// shows.
///
/// # Examples
/// ```
/// use pinblock::Pan;
///
/// # fn main() -> Result<(), pinblock::Error> {
/// let pan = Pan::from_ascii(b"4111111111111111")?;
/// assert!(pan.luhn_valid());
/// assert_eq!(format!("{pan:?}"), "Pan(411111******1111)");
/// # Ok(())
/// # }
/// ```
/// Source: ISO/IEC 7812-1.
pub struct Pan {
    /// The digits as nibbles, the last one lowest, zeros before the first.
    packed: u128,
    length: u8,
}

impl Pan {
    /// The fewest digits: one and a check digit.
    pub const MIN_LENGTH: usize = 2;
    /// The most digits.
    pub const MAX_LENGTH: usize = 19;

    /// Reads a PAN from ASCII digits.
    ///
    /// # Errors
    /// [`Error::PanLength`] if these are not 2 to 19 bytes; [`Error::PanNotDecimal`] if a byte is not an ASCII digit.
    pub fn from_ascii(ascii: &[u8]) -> Result<Self, Error> {
        Self::from_values(ascii.len(), ascii.iter().map(|byte| byte.wrapping_sub(b'0')))
    }

    /// Reads a PAN from ASCII digits and verifies its check digit: for one that was keyed in.
    ///
    /// # Errors
    /// Those of [`from_ascii`](Pan::from_ascii), then [`Error::PanCheckDigit`] if the check digit is wrong.
    ///
    /// # Examples
    /// ```
    /// use pinblock::{Error, Pan};
    ///
    /// let swapped = Pan::from_ascii_checked(b"5413330089010443");
    /// assert_eq!(swapped.err(), Some(Error::PanCheckDigit));
    /// ```
    /// Source: ISO/IEC 7812-1, the Luhn formula.
    pub fn from_ascii_checked(ascii: &[u8]) -> Result<Self, Error> {
        let pan = Self::from_ascii(ascii)?;
        if pan.luhn_valid() { Ok(pan) } else { Err(Error::PanCheckDigit) }
    }

    /// Takes a PAN's digits as values, one a byte.
    ///
    /// # Errors
    /// [`Error::PanLength`] if these are not 2 to 19 values; [`Error::PanNotDecimal`] if a value is above 9.
    pub fn from_digits(digits: &[u8]) -> Result<Self, Error> {
        Self::from_values(digits.len(), digits.iter().copied())
    }

    fn from_values(length: usize, values: impl Iterator<Item = u8>) -> Result<Self, Error> {
        let length = match (length, u8::try_from(length)) {
            (Self::MIN_LENGTH..=Self::MAX_LENGTH, Ok(length)) => length,
            _ => return Err(Error::PanLength),
        };
        let mut packed = 0_u128;
        let mut bad = Choice::from(0);
        for value in values {
            bad |= value.ct_gt(&9);
            packed = (packed << 4) | u128::from(value);
        }
        let pan = Self { packed, length };
        if bad.into() { Err(Error::PanNotDecimal) } else { Ok(pan) }
    }

    /// How many digits there are: 2 to 19.
    #[inline]
    #[must_use]
    pub const fn length(&self) -> u8 {
        self.length
    }

    /// Whether the last digit is the check digit of those before it.
    ///
    /// Source: ISO/IEC 7812-1, the Luhn formula.
    #[must_use]
    pub fn luhn_valid(&self) -> bool {
        let mut last_digit = 0_u8; // of the sum
        let mut rest = self.packed;
        let mut every_other = Choice::from(0);
        for _ in 0..self.length {
            let [.., low] = rest.to_be_bytes();
            let digit = low & 0x0F;
            let doubled = digit << 1;
            // The digit sum of 10 to 18 is the number less 9.
            let doubled =
                u8::conditional_select(&doubled, &doubled.wrapping_sub(9), doubled.ct_gt(&9));
            let sum =
                last_digit.wrapping_add(u8::conditional_select(&digit, &doubled, every_other));
            last_digit = u8::conditional_select(&sum, &sum.wrapping_sub(10), sum.ct_gt(&9));
            every_other = !every_other;
            rest >>= 4;
        }
        last_digit == 0
    }

    /// Hands out the clear digits in a buffer that is wiped when dropped.
    #[must_use]
    pub fn expose_digits(&self) -> ExposedDigits {
        ExposedDigits::new(self.left_aligned(self.length), self.length)
    }

    /// The digits right-aligned in `width` nibbles, of which the topmost is the first of the result.
    #[inline]
    const fn left_aligned(&self, width: u8) -> u128 {
        self.packed << 4_u32.wrapping_mul(32_u8.wrapping_sub(width) as u32)
    }

    /// The rightmost 12 digits without the check digit, zero-filled on the left, as the low 12 nibbles.
    #[inline]
    pub(crate) const fn rightmost_12(&self) -> u64 {
        low_half(self.packed >> 4) & 0xFFFF_FFFF_FFFF
    }

    /// The leftmost 12 digits without the check digit, zero-filled on the left, as the low 12 nibbles.
    #[inline]
    pub(crate) const fn leftmost_12(&self) -> u64 {
        let beyond = (self.length as u32).saturating_sub(12);
        let without_check = if beyond == 0 { 1 } else { beyond };
        low_half(self.packed >> without_check.wrapping_mul(4)) & 0xFFFF_FFFF_FFFF
    }

    /// The rightmost 11 digits without the check digit, zero-filled on the left, as the low 11 nibbles.
    #[inline]
    pub(crate) const fn rightmost_11(&self) -> u64 {
        low_half(self.packed >> 4) & 0xFFF_FFFF_FFFF
    }

    /// The digits from `start` to before `end`, counted from 0 on the left, as the lowest nibbles, if these are 1 to 16.
    pub(crate) const fn run(&self, start: u8, end: u8) -> Option<u64> {
        let count = end.saturating_sub(start);
        if count == 0 || count > 16 || end > self.length {
            return None;
        }
        let after = self.length.wrapping_sub(end) as u32;
        let others = 64_u32.wrapping_sub((count as u32).wrapping_mul(4));
        Some(low_half(self.packed >> after.wrapping_mul(4)) & (u64::MAX >> others))
    }

    /// Format 4's PAN field: how many digits above 12, then the digits, at least 12 of them by zeros on the left, then zeros.
    #[inline]
    pub(crate) fn field(&self) -> u128 {
        let width = self.length.max(12);
        (u128::from(width.wrapping_sub(12)) << 124) | (self.left_aligned(width) >> 4)
    }
}

#[inline]
const fn low_half(number: u128) -> u64 {
    let [_, _, _, _, _, _, _, _, low @ ..] = number.to_be_bytes();
    u64::from_be_bytes(low)
}

impl FromStr for Pan {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        Self::from_ascii(text.as_bytes())
    }
}

impl ConstantTimeEq for Pan {
    fn ct_eq(&self, other: &Self) -> Choice {
        self.packed.to_be_bytes().ct_eq(&other.packed.to_be_bytes())
            & self.length.ct_eq(&other.length)
    }
}

impl fmt::Display for Pan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self.expose_digits();
        let (first, last) = if self.length < 15 { (0, 0) } else { (6, 4) };
        let masked = usize::from(self.length).saturating_sub(last);
        for (position, digit) in digits.as_str().chars().enumerate() {
            let shown = position < first || position >= masked;
            f.write_char(if shown { digit } else { '*' })?;
        }
        Ok(())
    }
}

impl fmt::Debug for Pan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Pan({self})")
    }
}

impl Drop for Pan {
    fn drop(&mut self) {
        self.packed.zeroize();
        self.length.zeroize();
    }
}

impl ZeroizeOnDrop for Pan {}

#[cfg(test)]
mod tests {
    use super::*;
    extern crate std;
    use std::format;

    fn pan(digits: &str) -> Pan {
        digits.parse().unwrap()
    }

    #[test]
    fn takes_2_to_19_digits() {
        for length in 0..25 {
            let result = Pan::from_ascii(&[b'4'; 25][..length]).map(|pan| pan.length());
            if (2..=19).contains(&length) {
                assert_eq!(result.map(usize::from), Ok(length));
            } else {
                assert_eq!(result, Err(Error::PanLength));
            }
        }
        assert_eq!(Pan::from_ascii(b"41111111 1111111").map(|_| ()), Err(Error::PanNotDecimal));
        assert_eq!(Pan::from_digits(&[4, 10]).map(|_| ()), Err(Error::PanNotDecimal));
    }

    #[test]
    fn takes_the_digits_before_the_check_digit() {
        let long = pan("6224240000000000123");
        assert_eq!(long.rightmost_12(), 0x0000_0000_0012);
        let pan = pan("4012345678909");
        assert_eq!(pan.rightmost_12(), 0x4012_3456_7890);
        assert_eq!(pan.rightmost_11(), 0x012_3456_7890);
        assert_eq!(Pan::from_ascii(b"42").unwrap().rightmost_12(), 4);
        let rows = [
            ("42", 4),
            ("123456789012", 0x0123_4567_8901),
            ("1234567890123", 0x1234_5678_9012),
            ("12345678901234", 0x1234_5678_9012),
            ("1234567890123456789", 0x1234_5678_9012),
        ];
        for (digits, leftmost) in rows {
            assert_eq!(self::pan(digits).leftmost_12(), leftmost, "{digits}");
        }
    }

    #[test]
    fn lays_out_the_pan_field() {
        let rows = [
            ("12", 0x0000_0000_0001_2000_0000_0000_0000_0000),
            ("12345678901", 0x0012_3456_7890_1000_0000_0000_0000_0000),
            ("123456789012", 0x0123_4567_8901_2000_0000_0000_0000_0000),
            ("1234567890123", 0x1123_4567_8901_2300_0000_0000_0000_0000),
            ("1234567890123456789", 0x7123_4567_8901_2345_6789_0000_0000_0000),
        ];
        for (digits, field) in rows {
            assert_eq!(pan(digits).field(), field, "{digits}");
        }
    }

    #[test]
    fn checks_by_luhn_only_when_asked() {
        for valid in ["4111111111111111", "79927398713", "6011000990139424", "00", "0000000000018"]
        {
            assert!(pan(valid).luhn_valid(), "{valid}");
            assert!(Pan::from_ascii_checked(valid.as_bytes()).is_ok());
        }
        for invalid in ["4111111111111112", "79927398710", "01", "1111111111111114"] {
            assert!(!pan(invalid).luhn_valid(), "{invalid}");
            let found = Pan::from_ascii_checked(invalid.as_bytes()).map(|_| ());
            assert_eq!(found, Err(Error::PanCheckDigit));
        }
    }

    #[test]
    fn shows_first_6_and_last_4_of_15_digits_and_more() {
        assert_eq!(format!("{:?}", pan("41111111111111")), "Pan(**************)");
        assert_eq!(pan("378282246310005").expose_digits().as_str(), "378282246310005");
        assert_eq!(format!("{}", pan("378282246310005")), "378282*****0005");
        assert_eq!(format!("{}", pan("6224240000000000123")), "622424*********0123");
    }

    #[test]
    fn compares_digits_and_length() {
        assert!(bool::from(pan("0042").ct_eq(&pan("0042"))));
        assert!(!bool::from(pan("0042").ct_eq(&pan("042"))));
        assert!(!bool::from(pan("0042").ct_eq(&pan("0043"))));
    }
}
