use core::{fmt, str::FromStr};

use subtle::{Choice, ConstantTimeEq, ConstantTimeGreater};
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::{Error, ExposedDigits};

mod random;

/// A PIN of 4 to 12 decimal digits, wiped when dropped.
///
/// # Security
/// Neither `Clone` nor `PartialEq`: compare with [`ConstantTimeEq`]. `Debug` and `Display` show no digit and no length. What
/// handles the digits takes no branch and no index on them; the length may show.
///
/// # Examples
/// ```
/// use pinblock::{Pin, subtle::ConstantTimeEq};
///
/// # fn main() -> Result<(), pinblock::Error> {
/// let pin = Pin::from_ascii(b"0042")?;
/// assert!(bool::from(pin.ct_eq(&Pin::from_digits(&[0, 0, 4, 2])?)));
/// assert_eq!(format!("{pin:?}"), "Pin");
/// assert_eq!(pin.expose_digits().as_str(), "0042");
/// # Ok(())
/// # }
/// ```
/// Source: ISO 9564-1.
pub struct Pin {
    /// The digits where a PIN field has them: nibble 2 from the top and on, then zeros.
    packed: u64,
    length: u8,
}

impl Pin {
    /// The fewest digits.
    pub const MIN_LENGTH: usize = 4;
    /// The most digits.
    pub const MAX_LENGTH: usize = 12;

    /// Reads a PIN from ASCII digits.
    ///
    /// # Errors
    /// [`Error::PinLength`] if these are not 4 to 12 bytes; [`Error::PinNotDecimal`] if a byte is not an ASCII digit.
    pub fn from_ascii(ascii: &[u8]) -> Result<Self, Error> {
        Self::from_values(ascii.len(), ascii.iter().map(|byte| byte.wrapping_sub(b'0')))
    }

    /// Takes a PIN's digits as values, one a byte.
    ///
    /// # Errors
    /// [`Error::PinLength`] if these are not 4 to 12 values; [`Error::PinNotDecimal`] if a value is above 9.
    pub fn from_digits(digits: &[u8]) -> Result<Self, Error> {
        Self::from_values(digits.len(), digits.iter().copied())
    }

    fn from_values(length: usize, values: impl Iterator<Item = u8>) -> Result<Self, Error> {
        let length = match (length, u8::try_from(length)) {
            (Self::MIN_LENGTH..=Self::MAX_LENGTH, Ok(length)) => length,
            _ => return Err(Error::PinLength),
        };
        let mut packed = 0_u64;
        let mut bad = Choice::from(0);
        for value in values.chain(core::iter::repeat(0)).take(14) {
            bad |= value.ct_gt(&9);
            packed = (packed << 4) | u64::from(value);
        }
        let pin = Self { packed, length };
        if bad.into() { Err(Error::PinNotDecimal) } else { Ok(pin) }
    }

    /// Takes the digits as they stand in a PIN field; the caller has zeroed what is not a digit.
    #[inline]
    pub(crate) const fn from_packed(packed: u64, length: u8) -> Self {
        Self { packed, length }
    }

    /// The digits as they stand in a PIN field, zeros elsewhere.
    #[inline]
    pub(crate) const fn packed(&self) -> u64 {
        self.packed
    }

    /// How many digits there are: 4 to 12.
    #[inline]
    #[must_use]
    pub const fn length(&self) -> u8 {
        self.length
    }

    /// Hands out the clear digits in a buffer that is wiped when dropped.
    #[must_use]
    pub fn expose_digits(&self) -> ExposedDigits {
        ExposedDigits::new(u128::from(self.packed) << 72, self.length)
    }
}

impl FromStr for Pin {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        Self::from_ascii(text.as_bytes())
    }
}

impl ConstantTimeEq for Pin {
    fn ct_eq(&self, other: &Self) -> Choice {
        self.packed.ct_eq(&other.packed) & self.length.ct_eq(&other.length)
    }
}

impl fmt::Debug for Pin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pin")
    }
}

impl fmt::Display for Pin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("****")
    }
}

impl Drop for Pin {
    fn drop(&mut self) {
        self.packed.zeroize();
        self.length.zeroize();
    }
}

impl ZeroizeOnDrop for Pin {}

#[cfg(test)]
mod tests {
    use super::*;
    extern crate std;
    use std::format;

    #[test]
    fn takes_4_to_12_digits() {
        for length in 0..20 {
            let result = Pin::from_ascii(&[b'7'; 20][..length]).map(|pin| pin.length());
            if (4..=12).contains(&length) {
                assert_eq!(result.map(usize::from), Ok(length));
            } else {
                assert_eq!(result, Err(Error::PinLength));
            }
        }
        assert_eq!(Pin::from_ascii(&[b'7'; 260]).map(|_| ()), Err(Error::PinLength));
    }

    #[test]
    fn takes_nothing_but_digits() {
        for byte in 0..=u8::MAX {
            let ascii = Pin::from_ascii(&[b'1', b'2', byte, b'4']).map(|_| ());
            assert_eq!(ascii.is_ok(), byte.is_ascii_digit());
            let value = Pin::from_digits(&[1, 2, byte, 4]).map(|_| ());
            assert_eq!(value.is_ok(), byte < 10);
            for result in [ascii, value] {
                assert!(matches!(result, Ok(()) | Err(Error::PinNotDecimal)));
            }
        }
    }

    #[test]
    fn leading_zeros_and_length_count() {
        let short = Pin::from_ascii(b"0000").unwrap();
        let long = Pin::from_ascii(b"00000").unwrap();
        assert!(!bool::from(short.ct_eq(&long)));
        assert!(bool::from(long.ct_eq(&"00000".parse().unwrap())));
    }

    #[test]
    fn shows_nothing() {
        let pin = Pin::from_ascii(b"123456789012").unwrap();
        assert_eq!(format!("{pin:?} {pin} {:?}", pin.expose_digits()), "Pin **** ExposedDigits");
    }
}
