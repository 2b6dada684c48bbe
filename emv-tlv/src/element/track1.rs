//! The first track of the stripe, as the chip has it.

use super::{Element, digits::Digits, expiry::Expiry, pan::Pan, service_code::ServiceCode};
use crate::{Error, ErrorKind, Exposed, Tag, tags};
use core::{fmt, ops::RangeInclusive};

const LONGEST: usize = 76;
const FORMAT_CODE: u8 = b'B';
const SEPARATOR: u8 = b'^';
const PAN_DIGITS: RangeInclusive<usize> = 1..=19;
const NAME: RangeInclusive<usize> = 2..=26;
/// Expiration date and service code.
const FIXED: usize = 7;

/// Track 1 Data: up to 76 characters in structure B.
///
/// The format code `B`, PAN of up to 19 digits, `^`, name of 2 to 26 characters, `^`, expiration date YYMM, service code of
/// 3 digits, discretionary data; sentinels and check character are left out. `Display` and `Debug` show the PAN masked and
/// nothing else; [`Exposed`] shows the whole text.
///
/// # Examples
/// ```
/// use emv_tlv::{element::{Element, Track1}, Exposed};
///
/// let track = Track1::from_value(b"B4111111111111111^TEST/CARD^28122010000")?;
/// assert_eq!((track.name(), track.discretionary()), ("TEST/CARD", "0000"));
/// assert_eq!(track.to_string(), "411111******1111");
/// assert_eq!(Exposed(&track.expiry()).to_string(), "2812");
/// # Ok::<(), emv_tlv::Error>(())
/// ```
/// Source: EMV Contactless Book C-2, Annex A; ISO/IEC 7813.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Track1<'a> {
    value: &'a str,
    pan: Pan<'a>,
    name: &'a str,
    /// From the expiration date on.
    dated: &'a str,
}

impl<'a> Track1<'a> {
    /// The track's value.
    #[must_use]
    pub const fn as_bytes(&self) -> &'a [u8] {
        self.value.as_bytes()
    }

    /// The card number.
    #[must_use]
    pub const fn pan(&self) -> Pan<'a> {
        self.pan
    }

    /// The cardholder's name as the card has it: surname, `/`, first names.
    ///
    /// # Security
    /// It is the cardholder's, and `Display` hides it.
    #[must_use]
    pub const fn name(&self) -> &'a str {
        self.name
    }

    /// The expiration date.
    #[must_use]
    pub fn expiry(&self) -> Expiry {
        Expiry::from_digits(digits(self.dated))
    }

    /// The service code.
    #[must_use]
    pub fn service_code(&self) -> ServiceCode {
        ServiceCode::from_digits(digits(self.dated).skip(4))
    }

    /// The discretionary data: verification values and what else the issuer put there.
    ///
    /// # Security
    /// Nothing that may be kept after authorisation; `Display` hides it.
    #[must_use]
    pub fn discretionary(&self) -> &'a str {
        self.dated.get(FIXED..).unwrap_or_default()
    }
}

fn digits(text: &str) -> impl Iterator<Item = u8> {
    text.bytes().map(|digit| digit & 0x0F)
}

impl<'a> Element<'a> for Track1<'a> {
    const TAGS: &'static [Tag] = &[tags::TRACK_1_DATA];

    /// Reads a track from its value.
    ///
    /// # Errors
    /// [`ErrorKind::WrongLength`] at byte 0 if there are more than 76 bytes, or the value ends before the service code does;
    /// [`ErrorKind::InvalidValue`] at byte 0 if the format code is not `B`; [`ErrorKind::InvalidDigit`] at the byte that is no
    /// digit where one must be, or no printable ASCII, or at the first separator that comes too early or is not where the
    /// longest PAN or name ends.
    fn from_value(value: &'a [u8]) -> Result<Self, Error> {
        let wrong_length = Error::new(ErrorKind::WrongLength, 0);
        let wrong_digit = |at| Error::at(ErrorKind::InvalidDigit, at);
        if value.len() > LONGEST {
            return Err(wrong_length);
        }
        if let Some(at) = value.iter().position(|symbol| !matches!(symbol, b' '..=b'~')) {
            return Err(wrong_digit(at));
        }
        let text = core::str::from_utf8(value).map_err(|_| wrong_digit(0))?;
        match value.first() {
            Some(&FORMAT_CODE) => {}
            Some(_) => return Err(Error::new(ErrorKind::InvalidValue, 0)),
            None => return Err(wrong_length),
        }
        let name_at = field(text, 1, &PAN_DIGITS, |symbol| symbol.is_ascii_digit())?;
        let dated_at = field(text, name_at, &NAME, |_| true)?;
        let between =
            |start: usize, next: usize| text.get(start..next.saturating_sub(1)).ok_or(wrong_length);
        let dated = text.get(dated_at..).unwrap_or_default();
        let fixed = dated.bytes().take(FIXED);
        if let Some(at) = fixed.clone().position(|symbol| !symbol.is_ascii_digit()) {
            return Err(wrong_digit(dated_at.saturating_add(at)));
        }
        if fixed.count() < FIXED {
            return Err(wrong_length);
        }
        let pan = Digits::from_text(between(1, name_at)?)?;
        Ok(Self { value: text, pan: Pan::new(pan), name: between(name_at, dated_at)?, dated })
    }
}

/// Where the part after a field begins: behind the separator that ends it.
fn field(
    text: &str,
    start: usize,
    lengths: &RangeInclusive<usize>,
    allowed: impl Fn(u8) -> bool,
) -> Result<usize, Error> {
    let symbols = text.bytes().skip(start).zip(start..);
    for (len, (symbol, at)) in symbols.enumerate() {
        if symbol == SEPARATOR && lengths.contains(&len) {
            return Ok(at.saturating_add(1));
        }
        if symbol == SEPARATOR || len >= *lengths.end() || !allowed(symbol) {
            return Err(Error::at(ErrorKind::InvalidDigit, at));
        }
    }
    Err(Error::new(ErrorKind::WrongLength, 0))
}

impl fmt::Display for Track1<'_> {
    /// Shows the PAN masked, and nothing else.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.pan, f)
    }
}

impl fmt::Debug for Track1<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Track1({self})")
    }
}

impl fmt::Display for Exposed<'_, Track1<'_>> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.value)
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use std::{format, string::ToString};

    #[test]
    fn parts_are_where_they_are() {
        let text = "B5413330089010434^ /^491210112^345";
        let track = Track1::from_value(text.as_bytes()).unwrap();
        assert_eq!(Exposed(&track.pan()).to_string(), "5413330089010434");
        assert_eq!((track.name(), track.discretionary()), (" /", "12^345"));
        assert_eq!(Exposed(&track.expiry()).to_string(), "4912");
        assert_eq!(track.service_code().digits(), [1, 0, 1]);
        assert_eq!(track.as_bytes(), text.as_bytes());
        assert_eq!(Exposed(&track).to_string(), text);
        assert_eq!(format!("{track} {track:?}"), "541333******0434 Track1(541333******0434)");
        let least = Track1::from_value(b"B1^AB^4912101").unwrap();
        assert_eq!((least.discretionary(), least.to_string().as_str()), ("", "(1 digit)"));
    }

    #[test]
    fn what_is_no_track_is_refused_at_its_byte() {
        let (digit, length) = (ErrorKind::InvalidDigit, ErrorKind::WrongLength);
        for (text, kind, offset) in [
            ("", length, 0),
            ("B", length, 0),
            ("A1^AB^4912101", ErrorKind::InvalidValue, 0),
            ("B^AB^4912101", digit, 1),
            ("B12345678901234567890^AB^4912101", digit, 20),
            ("B12 45^AB^4912101", digit, 3),
            ("B12345", length, 0),
            ("B1^A^4912101", digit, 4),
            ("B1^ABCDEFGHIJKLMNOPQRSTUVWXYZ-^4912101", digit, 29),
            ("B1^AB", length, 0),
            ("B1^AB^491210", length, 0),
            ("B1^AB^49121^1", digit, 11),
            ("B1^A\u{e9}^4912101", digit, 4),
            ("B1^AB^4912101\n", digit, 13),
        ] {
            let read = Track1::from_value(text.as_bytes());
            assert_eq!(read, Err(Error::new(kind, offset)), "{text}");
        }
        let longest = format!("B1^AB^4912101{}", "0".repeat(63));
        assert!(Track1::from_value(longest.as_bytes()).is_ok());
        let longer = format!("{longest}0");
        assert_eq!(Track1::from_value(longer.as_bytes()), Err(Error::new(length, 0)));
    }
}
