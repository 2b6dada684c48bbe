//! One data element of a message that was read.

use core::fmt;
use core::iter::FusedIterator;

use crate::wire::{self, Extent, hex_digit};
use crate::{Class, Encoding, Error, ErrorKind, Field, PadSide, Path, mask};

/// One data element of a message: its definition is borrowed from the spec, its value from the message's bytes.
///
/// `Debug` and `Display` show what the field's [`Sensitivity`](crate::Sensitivity) allows; [`FieldRef::exposed`] shows
/// the value whatever it is.
#[derive(Clone, Copy)]
pub struct FieldRef<'s, 'a> {
    number: u8,
    field: &'s Field,
    wire: &'a [u8],
    extent: Extent,
}

impl<'s, 'a> FieldRef<'s, 'a> {
    /// Takes bytes that hold exactly this field, prefix and value, and were checked before.
    #[inline]
    pub(crate) fn new(number: u8, field: &'s Field, wire: &'a [u8]) -> Option<Self> {
        let extent = wire::measure(field, wire).ok()?;
        Some(Self { number, field, wire, extent })
    }

    /// The data element's number.
    #[inline]
    #[must_use]
    pub const fn number(&self) -> u8 {
        self.number
    }

    /// The data element's definition.
    #[inline]
    #[must_use]
    pub const fn definition(&self) -> &'s Field {
        self.field
    }

    /// The length in the field's unit: characters, digits or bytes.
    #[inline]
    #[must_use]
    pub const fn count(&self) -> usize {
        self.extent.count
    }

    /// The bytes on the wire, length prefix included.
    #[inline]
    #[must_use]
    pub const fn wire(&self) -> &'a [u8] {
        self.wire
    }

    /// The bytes of the value on the wire, without its length prefix, with its padding.
    #[inline]
    #[must_use]
    pub fn data(&self) -> &'a [u8] {
        self.wire.get(self.extent.prefix..).unwrap_or_default()
    }

    /// The value where it stands on the wire as text.
    #[inline]
    #[must_use]
    pub fn as_str(&self) -> Option<&'a str> {
        match self.field.encoding() {
            Encoding::Ascii => core::str::from_utf8(self.data()).ok(),
            _ => None,
        }
    }

    /// The value where it stands on the wire as bytes.
    #[inline]
    #[must_use]
    pub fn as_bytes(&self) -> Option<&'a [u8]> {
        match self.field.encoding() {
            Encoding::Binary => Some(self.data()),
            _ => None,
        }
    }

    /// The value's characters in any encoding; a binary value as upper-case hexadecimal digits.
    ///
    /// BCD digits come without their pad nibble, and the separator in track data as `=`.
    #[must_use]
    pub fn characters(&self) -> Characters<'a> {
        Characters::new(self.field, self.data(), self.extent.count)
    }

    /// The value of a numeric field; `None` for another class and above 2⁶⁴ - 1.
    #[must_use]
    pub fn to_u64(&self) -> Option<u64> {
        if !matches!(self.field.class(), Class::N) {
            return None;
        }
        self.characters().try_fold(0_u64, |value, digit| {
            value.checked_mul(10)?.checked_add(u64::from(digit.to_digit(10)?))
        })
    }

    /// Copies the value's characters into a buffer, in any encoding.
    ///
    /// # Errors
    /// [`ErrorKind::BufferTooSmall`]; the buffer is then as it was.
    pub fn copy_text<'b>(&self, buffer: &'b mut [u8]) -> Result<&'b str, Error> {
        let characters = self.characters();
        let slot = self.slot(characters.len(), buffer)?;
        for (to, from) in slot.iter_mut().zip(characters.bytes()) {
            *to = from;
        }
        // Every character is ASCII.
        Ok(core::str::from_utf8(slot).unwrap_or_default())
    }

    /// Copies a binary value into a buffer, in any encoding.
    ///
    /// # Errors
    /// [`ErrorKind::WrongValueType`] where the field is no binary one, [`ErrorKind::BufferTooSmall`]; the buffer is then as
    /// it was.
    pub fn copy_bytes<'b>(&self, buffer: &'b mut [u8]) -> Result<&'b [u8], Error> {
        if !self.field.is_binary() {
            return Err(Error::new(ErrorKind::WrongValueType, 0, Path::field(self.number)));
        }
        let slot = self.slot(self.extent.count, buffer)?;
        let mut nibbles = self.characters().bytes().filter_map(wire::hex_value);
        for to in slot.iter_mut() {
            let (high, low) = (nibbles.next().unwrap_or(0), nibbles.next().unwrap_or(0));
            *to = high << 4 | low;
        }
        Ok(slot)
    }

    fn slot<'b>(&self, needed: usize, buffer: &'b mut [u8]) -> Result<&'b mut [u8], Error> {
        let available = buffer.len();
        buffer.get_mut(..needed).ok_or_else(|| {
            let (needed, available) = (wire::bytes_u32(needed), wire::bytes_u32(available));
            let kind = ErrorKind::BufferTooSmall { needed, available };
            Error::new(kind, 0, Path::field(self.number))
        })
    }

    /// The value in the clear, for `Display`.
    ///
    /// # Security
    /// Shows card numbers, tracks and PIN blocks. Keep it out of logs.
    #[must_use]
    pub const fn exposed(&self) -> Exposed<'s, 'a> {
        Exposed(*self)
    }
}

/// Compares the value's characters; not in constant time.
impl PartialEq<str> for FieldRef<'_, '_> {
    fn eq(&self, text: &str) -> bool {
        self.characters().eq(text.chars())
    }
}

/// Compares the value's characters; not in constant time.
impl PartialEq<&str> for FieldRef<'_, '_> {
    fn eq(&self, text: &&str) -> bool {
        *self == **text
    }
}

impl fmt::Display for FieldRef<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        mask::write(f, self)
    }
}

impl fmt::Debug for FieldRef<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FieldRef({}: {self})", self.number)
    }
}

/// A value whose `Display` hides nothing; see [`FieldRef::exposed`].
#[derive(Clone, Copy)]
pub struct Exposed<'s, 'a>(FieldRef<'s, 'a>);

impl fmt::Display for Exposed<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use fmt::Write;
        self.0.characters().try_for_each(|c| f.write_char(c))
    }
}

/// Shows no more than the field itself would.
impl fmt::Debug for Exposed<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

/// The characters of a value, whatever its encoding; see [`FieldRef::characters`].
#[derive(Clone)]
pub struct Characters<'a> {
    data: &'a [u8],
    reading: Reading,
    position: usize,
    end: usize,
}

#[derive(Clone, Copy)]
enum Reading {
    /// A character a byte.
    Bytes,
    /// A hexadecimal digit a byte, shown in upper case.
    HexDigits,
    /// A nibble a character, the first of them at this nibble; D is `=`.
    Digits(usize),
    /// A sign letter, then a nibble a character, the first of them at this nibble.
    SignedDigits(usize),
    /// Two hexadecimal digits a byte.
    Binary,
}

impl<'a> Characters<'a> {
    fn new(field: &Field, data: &'a [u8], count: usize) -> Self {
        let left = matches!(field.pad().side, PadSide::Left);
        let first_nibble = |digits: usize| usize::from(left && digits % 2 == 1);
        let (reading, end) = match (field.encoding(), field.class()) {
            (Encoding::Ascii, _) => (Reading::Bytes, count),
            (Encoding::Binary, _) => (Reading::Binary, count.saturating_mul(2)),
            (Encoding::Hex, _) => (Reading::HexDigits, count.saturating_mul(2)),
            (Encoding::Bcd, Class::Xn) => {
                // The sign letter fills the first two nibbles and is the first character.
                let first = first_nibble(count.saturating_sub(1)).saturating_add(1);
                (Reading::SignedDigits(first), count)
            }
            (Encoding::Bcd, _) => (Reading::Digits(first_nibble(count)), count),
        };
        Self { data, reading, position: 0, end }
    }

    fn bytes(self) -> impl Iterator<Item = u8> {
        // Every character is ASCII.
        self.map(|c| u8::try_from(c).unwrap_or(b'?'))
    }

    fn byte(&self, index: usize) -> u8 {
        self.data.get(index).copied().unwrap_or(b'?')
    }

    fn nibble(&self, index: usize) -> u8 {
        let byte = self.byte(index / 2);
        if index.is_multiple_of(2) { byte >> 4 } else { byte & 0x0F }
    }
}

impl Iterator for Characters<'_> {
    type Item = char;

    #[inline]
    fn next(&mut self) -> Option<char> {
        if self.position >= self.end {
            return None;
        }
        let position = self.position;
        self.position = position.saturating_add(1);
        let digit = |first: usize| match self.nibble(position.saturating_add(first)) {
            0xD => b'=',
            nibble => hex_digit(nibble),
        };
        Some(char::from(match self.reading {
            Reading::Bytes => self.byte(position),
            Reading::SignedDigits(_) if position == 0 => self.byte(0),
            Reading::Digits(first) | Reading::SignedDigits(first) => digit(first),
            Reading::HexDigits => self.byte(position).to_ascii_uppercase(),
            Reading::Binary => hex_digit(self.nibble(position)),
        }))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = self.end.saturating_sub(self.position);
        (left, Some(left))
    }
}

impl ExactSizeIterator for Characters<'_> {}
impl FusedIterator for Characters<'_> {}

/// Shows how many characters are left, not which.
impl fmt::Debug for Characters<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Characters({} left)", self.len())
    }
}

#[cfg(test)]
mod tests {
    extern crate alloc;
    use alloc::format;
    use alloc::string::{String, ToString};

    use super::*;
    use crate::{Pad, Prefix, Sensitivity};

    fn read(field: &Field, wire: &[u8]) -> String {
        FieldRef::new(7, field, wire).unwrap().exposed().to_string()
    }

    #[test]
    fn characters_of_every_encoding() {
        let n = Field::fixed(Class::N, 3);
        assert_eq!(read(&n, b"071"), "071");
        let n = n.encoded(Encoding::Bcd);
        assert_eq!(read(&n, &[0x00, 0x71]), "071");
        assert_eq!(read(&n.padded(Pad::RIGHT_F), &[0x07, 0x1F]), "071");
        let track = Field::variable(Class::Z, Prefix::bcd(2), 37).encoded(Encoding::Bcd);
        assert_eq!(read(&track.padded(Pad::RIGHT_ZERO), &[0x05, 0x41, 0xD2, 0x80]), "41=28");
        assert_eq!(read(&track.padded(Pad::LEFT_ZERO), &[0x05, 0x04, 0x1D, 0x28]), "41=28");
        for (length, wire, value) in
            [(9, &[b'C', 0, 0, 1, 0x23][..], "C00000123"), (4, &[b'D', 0x01, 0x23], "D123")]
        {
            assert_eq!(read(&Field::fixed(Class::Xn, length).encoded(Encoding::Bcd), wire), value);
        }
        let b = Field::fixed(Class::B, 2);
        assert_eq!(read(&b, &[0x0F, 0xA5]), "0FA5");
        assert_eq!(read(&b.encoded(Encoding::Hex), b"0fa5"), "0FA5");
    }

    #[test]
    fn values_are_copied_or_refused_whole() {
        let field = Field::fixed(Class::B, 2).encoded(Encoding::Hex);
        let value = FieldRef::new(64, &field, b"0fa5").unwrap();
        let mut buffer = [0xEE; 4];
        assert_eq!(value.copy_bytes(&mut buffer).unwrap(), [0x0F, 0xA5]);
        assert_eq!(value.copy_text(&mut buffer).unwrap(), "0FA5");
        let mut short = [0xEE; 1];
        let kind = ErrorKind::BufferTooSmall { needed: 2, available: 1 };
        assert_eq!(value.copy_bytes(&mut short).unwrap_err().kind(), kind);
        assert_eq!(short, [0xEE]);
        let digits = Field::fixed(Class::N, 2);
        let value = FieldRef::new(3, &digits, b"42").unwrap();
        assert_eq!(value.copy_bytes(&mut buffer).unwrap_err().kind(), ErrorKind::WrongValueType);
        assert_eq!(value.to_u64(), Some(42));
        assert!(value == "42" && value != "4" && value != "420");
    }

    #[test]
    fn numbers_up_to_the_largest() {
        let field = Field::fixed(Class::N, 20);
        let number = |wire: &[u8]| FieldRef::new(90, &field, wire).unwrap().to_u64();
        assert_eq!(number(b"18446744073709551615"), Some(u64::MAX));
        assert_eq!(number(b"18446744073709551616"), None);
        let text = Field::fixed(Class::An, 2);
        assert_eq!(FieldRef::new(39, &text, b"00").unwrap().to_u64(), None);
    }

    #[test]
    fn debug_is_masked_even_when_exposed() {
        let field = Field::fixed(Class::N, 16).sensitive(Sensitivity::Pan);
        let pan = FieldRef::new(2, &field, b"4111111111111111").unwrap();
        assert_eq!(format!("{pan:?}"), "FieldRef(2: 411111******1111)");
        assert_eq!(format!("{:?}", pan.exposed()), "FieldRef(2: 411111******1111)");
        assert_eq!(format!("{:?}", pan.characters()), "Characters(16 left)");
    }
}
