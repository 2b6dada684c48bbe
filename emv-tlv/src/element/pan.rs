//! The card number.

use super::{
    Element,
    digits::{Digits, pack_nibbles},
};
use crate::{
    Error, ErrorKind, Exposed, Tag,
    mask::{self, nibbles},
    tags,
};
use core::{
    fmt,
    hash::{Hash, Hasher},
};

const LONGEST: usize = 10;
const MOST_DIGITS: usize = 19;

/// Primary Account Number: 1 to 19 digits, packed with F behind them, or as text.
///
/// `Display` and `Debug` show the first six and last four of 15 digits and more, else how many there are; [`Exposed`] shows them
/// whole. Two are equal if their digits are, wherever they come from: tag 5A, a track, text.
///
/// # Examples
/// ```
/// use emv_tlv::{Exposed, element::Pan, parse};
///
/// let bytes = [0x5A, 0x08, 0x54, 0x13, 0x33, 0x00, 0x89, 0x01, 0x04, 0x34];
/// let pan: Pan = parse(&bytes).next().ok_or("empty")??.read()?;
/// assert!(pan.has_valid_check_digit());
/// assert_eq!(pan.to_string(), "541333******0434");
/// assert_eq!(pan, Pan::from_text("5413330089010434")?);
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
/// Source: EMV 4.4 Book 3, Annex A; ISO/IEC 7812-1 for the check digit.
#[derive(Clone, Copy)]
pub struct Pan<'a> {
    digits: Digits<'a>,
    /// How many F stand behind the digits in the value.
    fill: u8,
}

impl<'a> Pan<'a> {
    /// The number whose digits are this text.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidDigit`] at the first character that is no digit; [`ErrorKind::WrongLength`] at byte 0 if there are
    /// none, or more than 19.
    pub fn from_text(text: &'a str) -> Result<Self, Error> {
        Self::from_ascii(text.as_bytes())
    }

    pub(crate) fn from_ascii(text: &'a [u8]) -> Result<Self, Error> {
        let digits = Digits::from_ascii(text)?;
        if digits.is_empty() || digits.len() > MOST_DIGITS {
            return Err(Error::new(ErrorKind::WrongLength, 0));
        }
        Ok(Self::new(digits))
    }

    /// A number of so many digits as it may have.
    pub(crate) fn new(digits: Digits<'a>) -> Self {
        Self { digits, fill: u8::from(digits.len() % 2 == 1) }
    }

    /// The digits.
    #[must_use]
    pub const fn digits(&self) -> Digits<'a> {
        self.digits
    }

    /// Whether the last digit is the check digit of those before it.
    #[must_use]
    pub fn has_valid_check_digit(&self) -> bool {
        let sum = self.digits.iter().rev().enumerate().fold(0u8, |sum, (at, digit)| {
            sum.wrapping_add(match (at % 2, digit) {
                (0, _) => digit,
                (_, 0..=4) => digit.wrapping_mul(2),
                _ => digit.wrapping_mul(2).wrapping_sub(9),
            })
        });
        sum.is_multiple_of(10)
    }

    /// The length of the value: two digits a byte, and as many F as it was read with.
    #[must_use]
    pub fn encoded_len(&self) -> usize {
        self.digits.len().saturating_add(usize::from(self.fill)) >> 1
    }

    /// Writes the value into the front of a buffer.
    ///
    /// # Errors
    /// [`ErrorKind::BufferTooSmall`] at byte 0 if it does not fit.
    pub fn encode_into<'b>(&self, buffer: &'b mut [u8]) -> Result<&'b [u8], Error> {
        let value =
            buffer.get_mut(..self.encoded_len()).ok_or(Error::new(ErrorKind::BufferTooSmall, 0))?;
        pack_nibbles(self.digits.iter(), value);
        Ok(value)
    }
}

impl<'a> Element<'a> for Pan<'a> {
    const TAGS: &'static [Tag] = &[tags::PAN];

    /// Reads a number from its value.
    ///
    /// # Errors
    /// [`ErrorKind::WrongLength`] at byte 0 if there are not 1 to 10 bytes, or 20 digits; [`ErrorKind::InvalidDigit`] at the byte
    /// that is neither a digit nor a filler behind all digits.
    fn from_value(value: &'a [u8]) -> Result<Self, Error> {
        let wrong_length = Error::new(ErrorKind::WrongLength, 0);
        if value.is_empty() || value.len() > LONGEST {
            return Err(wrong_length);
        }
        let count = nibbles(value).take_while(|&nibble| nibble <= 9).count();
        let behind = nibbles(value).skip(count).position(|nibble| nibble != 0xF);
        let fault = if count == 0 { Some(0) } else { behind };
        if let Some(behind) = fault {
            return Err(Error::at(ErrorKind::InvalidDigit, count.saturating_add(behind) >> 1));
        }
        if count > MOST_DIGITS {
            return Err(wrong_length);
        }
        let fill = value.len().saturating_mul(2).saturating_sub(count);
        // At most 20 of each.
        let small = |count: usize| u8::try_from(count).map_err(|_| wrong_length);
        Ok(Self { digits: Digits::packed(value, 0, small(count)?), fill: small(fill)? })
    }
}

impl PartialEq for Pan<'_> {
    /// Compares the digits; not in constant time.
    fn eq(&self, other: &Self) -> bool {
        self.digits == other.digits
    }
}

impl Eq for Pan<'_> {}

impl Hash for Pan<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.digits.hash(state);
    }
}

impl fmt::Display for Pan<'_> {
    /// Shows the first six and last four of 15 digits and more; of fewer, how many there are.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match mask::pan_digits(self.digits.iter(), self.digits.len(), f) {
            Some(shown) => shown,
            None => fmt::Display::fmt(&self.digits, f),
        }
    }
}

impl fmt::Debug for Pan<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Pan({self})")
    }
}

impl fmt::Display for Exposed<'_, Pan<'_>> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&Exposed(&self.0.digits), f)
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use hex_literal::hex;
    use std::{format, string::ToString};

    #[test]
    fn what_is_read_is_written_with_its_fillers() {
        for value in [
            &hex!("4111111111111111")[..],
            &hex!("6224242300000069FFFF"),
            &hex!("374245455400126F"),
            &hex!("374245455400126FFFFF"),
            &hex!("1234567890123456789F"),
            &hex!("1F"),
        ] {
            let pan = Pan::from_value(value).unwrap();
            let mut buffer = [0; 10];
            assert_eq!(pan.encode_into(&mut buffer), Ok(value));
            let error = pan.encode_into(&mut []).unwrap_err();
            assert_eq!(error, Error::new(ErrorKind::BufferTooSmall, 0));
        }
        let text = Pan::from_text("374245455400126").unwrap();
        let mut buffer = [0; 8];
        assert_eq!(text.encode_into(&mut buffer), Ok(&hex!("374245455400126F")[..]));
    }

    #[test]
    fn what_is_no_number_is_refused_at_its_byte() {
        let (digit, length) = (ErrorKind::InvalidDigit, ErrorKind::WrongLength);
        for (value, kind, offset) in [
            (&hex!("")[..], length, 0),
            (&hex!("1111111111111111111F1F"), length, 0),
            (&hex!("11111111111111111111"), length, 0),
            (&hex!("FFFF"), digit, 0),
            (&hex!("4111D111"), digit, 2),
            (&hex!("4111FF1F"), digit, 3),
            (&hex!("411A"), digit, 1),
        ] {
            assert_eq!(Pan::from_value(value), Err(Error::new(kind, offset)), "{value:02X?}");
        }
        assert_eq!(Pan::from_text(""), Err(Error::new(length, 0)));
        assert_eq!(Pan::from_text("11111111111111111111"), Err(Error::new(length, 0)));
        assert_eq!(Pan::from_text("41 1"), Err(Error::new(digit, 2)));
    }

    #[test]
    fn check_digits() {
        for (text, expect) in [
            ("4111111111111111", true),
            ("5413330089010434", true),
            ("6224242300000069", true),
            ("378282246310005", true),
            ("4111111111111112", false),
            ("4111111111111121", false),
        ] {
            assert_eq!(Pan::from_text(text).unwrap().has_valid_check_digit(), expect, "{text}");
        }
    }

    #[test]
    fn is_masked_unless_exposed() {
        for (text, expect) in [
            ("4111111111111111", "411111******1111"),
            ("374245455400126", "374245*****0126"),
            ("30569309025904", "(14 digits)"),
        ] {
            let pan = Pan::from_text(text).unwrap();
            assert_eq!(pan.to_string(), expect);
            assert_eq!(format!("{pan:?}"), format!("Pan({expect})"));
            assert_eq!(Exposed(&pan).to_string(), text);
        }
    }
}
