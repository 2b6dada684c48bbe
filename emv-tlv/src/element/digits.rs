//! Digits that stay where they are, packed or as text.

use crate::{Error, ErrorKind, Exposed};
use core::{
    fmt,
    hash::{Hash, Hasher},
};

/// Digits within a value, borrowed, two a byte or as text.
///
/// `Display` and `Debug` show how many there are; [`Exposed`] shows the digits.
///
/// # Examples
/// ```
/// use emv_tlv::{Exposed, element::Digits};
///
/// let digits = Digits::from_text("0123")?;
/// assert!(digits.iter().eq([0, 1, 2, 3]));
/// assert_eq!((digits.to_string(), Exposed(&digits).to_string()), ("(4 digits)".into(), "0123".into()));
/// # Ok::<(), emv_tlv::Error>(())
/// ```
#[derive(Clone, Copy)]
pub struct Digits<'a> {
    bytes: &'a [u8],
    packed: bool,
    /// The first digit, and the one after the last: counted in halves of a byte where packed, else in bytes.
    start: u8,
    end: u8,
}

impl<'a> Digits<'a> {
    /// The digits of a text of at most 255.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidDigit`] at the first character that is no digit; [`ErrorKind::WrongLength`] at byte 0 if there are
    /// more than 255.
    pub fn from_text(text: &'a str) -> Result<Self, Error> {
        Self::from_ascii(text.as_bytes())
    }

    pub(crate) fn from_ascii(text: &'a [u8]) -> Result<Self, Error> {
        if let Some(at) = text.iter().position(|symbol| !symbol.is_ascii_digit()) {
            return Err(Error::at(ErrorKind::InvalidDigit, at));
        }
        let end = u8::try_from(text.len()).map_err(|_| Error::new(ErrorKind::WrongLength, 0))?;
        Ok(Self { bytes: text, packed: false, start: 0, end })
    }

    /// Some halves of bytes that were found to be digits.
    pub(crate) const fn packed(bytes: &'a [u8], start: u8, end: u8) -> Self {
        Self { bytes, packed: true, start, end }
    }

    /// How many digits there are.
    #[must_use]
    pub fn len(&self) -> usize {
        usize::from(self.end.saturating_sub(self.start))
    }

    /// Whether there is no digit.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The digits, 0 to 9 each, from the first on.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = u8> + Clone + use<'a> {
        let Self { bytes, packed, start, end } = *self;
        (start..end).map(move |at| digit(bytes, packed, at))
    }

    /// Writes the digits as text into the front of a buffer.
    ///
    /// # Errors
    /// [`ErrorKind::BufferTooSmall`] at byte 0 if they do not fit.
    ///
    /// # Security
    /// The text is what `Display` hides.
    pub fn text_into<'b>(&self, buffer: &'b mut [u8]) -> Result<&'b str, Error> {
        let too_small = Error::new(ErrorKind::BufferTooSmall, 0);
        let text = buffer.get_mut(..self.len()).ok_or(too_small)?;
        text.iter_mut().zip(self.iter()).for_each(|(to, digit)| *to = b'0' | digit);
        core::str::from_utf8(text).map_err(|_| too_small)
    }
}

fn digit(bytes: &[u8], packed: bool, at: u8) -> u8 {
    let byte = |at: u8| bytes.get(usize::from(at)).copied().unwrap_or_default();
    match (packed, at & 1) {
        (false, _) => byte(at) & 0x0F,
        (true, 0) => byte(at >> 1) >> 4,
        (true, _) => byte(at >> 1) & 0x0F,
    }
}

impl PartialEq for Digits<'_> {
    /// Compares the digits, however they are coded; not in constant time.
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl Eq for Digits<'_> {}

impl Hash for Digits<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.len().hash(state);
        self.iter().for_each(|digit| digit.hash(state));
    }
}

impl fmt::Display for Digits<'_> {
    /// Shows how many digits there are.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plural = if self.len() == 1 { "" } else { "s" };
        write!(f, "({} digit{plural})", self.len())
    }
}

impl fmt::Debug for Digits<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Digits({self})")
    }
}

impl fmt::Display for Exposed<'_, Digits<'_>> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|digit| write!(f, "{digit}"))
    }
}

/// Packs nibbles, as many as fill the bytes; F where there are no more.
pub(crate) fn pack_nibbles(mut nibbles: impl Iterator<Item = u8>, bytes: &mut [u8]) {
    for byte in bytes {
        let mut nibble = || nibbles.next().unwrap_or(0xF);
        *byte = nibble() << 4 | nibble();
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use std::{format, string::ToString};

    #[test]
    fn are_the_same_however_they_are_coded() {
        let packed = Digits::packed(&[0xD1, 0x23, 0x4F], 1, 5);
        let text = Digits::from_text("1234").unwrap();
        assert_eq!(packed, text);
        assert_ne!(packed, Digits::from_text("12345").unwrap());
        assert!(packed.iter().rev().eq([4, 3, 2, 1]));
        let mut buffer = [0; 5];
        assert_eq!(packed.text_into(&mut buffer), Ok("1234"));
        let error = packed.text_into(&mut buffer[..3]).unwrap_err();
        assert_eq!(error, Error::new(ErrorKind::BufferTooSmall, 0));
    }

    #[test]
    fn text_is_checked() {
        let digit = |at| Error::new(ErrorKind::InvalidDigit, at);
        assert_eq!(Digits::from_text("12:4"), Err(digit(2)));
        assert_eq!(Digits::from_text("é"), Err(digit(0)));
        assert!(Digits::from_text("").unwrap().is_empty());
        let longest = "7".repeat(256);
        assert_eq!(Digits::from_text(&longest[1..]).unwrap().len(), 255);
        assert_eq!(Digits::from_text(&longest), Err(Error::new(ErrorKind::WrongLength, 0)));
    }

    #[test]
    fn are_shown_only_where_asked() {
        let digits = Digits::packed(&[0x41, 0x2F], 0, 3);
        assert_eq!(digits.to_string(), "(3 digits)");
        assert_eq!(format!("{digits:?}"), "Digits((3 digits))");
        assert_eq!(Exposed(&digits).to_string(), "412");
        assert_eq!(Digits::packed(&[0x41], 0, 1).to_string(), "(1 digit)");
    }
}
