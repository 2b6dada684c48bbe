//! The characters of a value, whatever its encoding.

use core::fmt;
use core::iter::FusedIterator;

use crate::charset::Page;
use crate::length::hex_digit;
use crate::wire::{ebcdic_digit, sign_letter, zoned};
use crate::{Class, Encoding, Field, PadSide};

/// The characters of a value, whatever its encoding; see [`FieldRef::characters`](crate::FieldRef::characters).
#[derive(Clone)]
pub struct Characters<'a> {
    data: &'a [u8],
    reading: Reading,
    position: usize,
    end: usize,
}

#[derive(Clone, Copy)]
enum Reading {
    /// An ISO 8859-1 character a byte.
    Bytes,
    /// An EBCDIC character a byte.
    Ebcdic(Page),
    /// An ASCII character a byte; what is none is not known.
    Raw,
    /// A hexadecimal digit a byte, shown in upper case.
    HexDigits,
    /// An EBCDIC hexadecimal digit a byte, shown in upper case.
    EbcdicHexDigits,
    /// A nibble a character, the first of them at this nibble; D is `=` in a track.
    Digits { first: usize, is_track: bool },
    /// A sign letter, then a nibble a character, the first of them at this nibble.
    SignedDigits { first: usize, sign: u8 },
    /// A sign letter that the last byte holds, then a digit a byte.
    Zoned(Encoding),
    /// Two hexadecimal digits a byte.
    Binary,
}

impl<'a> Characters<'a> {
    pub(crate) fn new(field: &Field, data: &'a [u8], count: usize) -> Self {
        let left = matches!(field.pad().side, PadSide::Left);
        let digits = field.packed_digits(count);
        let first = usize::from(left && digits % 2 == 1);
        let (reading, end) = match field.encoding() {
            Encoding::Binary => (Reading::Binary, data.len().saturating_mul(2)),
            Encoding::Hex => (Reading::HexDigits, data.len()),
            Encoding::EbcdicHex => (Reading::EbcdicHexDigits, data.len()),
            Encoding::Raw => (Reading::Raw, data.len()),
            Encoding::Bcd if matches!(field.class(), Class::Xn) => {
                let sign = sign_letter(field, data.first().copied().unwrap_or(b'?'));
                // The sign letter fills the first two nibbles and is the first character.
                let first = first.saturating_add(1);
                (Reading::SignedDigits { first, sign }, digits.saturating_add(1))
            }
            Encoding::Bcd => {
                (Reading::Digits { first, is_track: matches!(field.class(), Class::Z) }, digits)
            }
            encoding @ (Encoding::ZonedAscii | Encoding::ZonedEbcdic) => {
                (Reading::Zoned(encoding), data.len().saturating_add(1))
            }
            encoding => match encoding.page() {
                Some(page) => (Reading::Ebcdic(page), data.len()),
                None => (Reading::Bytes, data.len()),
            },
        };
        Self { data, reading, position: 0, end }
    }

    fn byte(&self, index: usize) -> u8 {
        self.data.get(index).copied().unwrap_or(b'?')
    }

    fn nibble(&self, index: usize) -> u8 {
        let byte = self.byte(index / 2);
        if index.is_multiple_of(2) { byte >> 4 } else { byte & 0x0F }
    }

    fn zoned(&self, encoding: Encoding, position: usize) -> u8 {
        let last = self.data.last().and_then(|last| zoned(encoding, *last));
        match (position.checked_sub(1), last) {
            (None, last) => last.map_or(b'?', |(sign, _)| sign),
            (Some(index), Some((_, digit))) if index.saturating_add(1) == self.data.len() => {
                b'0' | digit
            }
            (Some(index), _) => b'0' | (self.byte(index) & 0x0F),
        }
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
        let digit = |first: usize| hex_digit(self.nibble(position.saturating_add(first)));
        Some(char::from(match self.reading {
            Reading::Bytes => self.byte(position),
            Reading::Ebcdic(page) => page.decode(self.byte(position)),
            Reading::Raw => match self.byte(position) {
                byte if byte.is_ascii() => byte,
                _ => return Some(char::REPLACEMENT_CHARACTER),
            },
            Reading::SignedDigits { sign, .. } if position == 0 => sign,
            Reading::SignedDigits { first, .. } => digit(first),
            Reading::Digits { first, is_track } => match digit(first) {
                b'D' if is_track => b'=',
                digit => digit,
            },
            Reading::HexDigits => self.byte(position).to_ascii_uppercase(),
            Reading::EbcdicHexDigits => ebcdic_digit(self.byte(position)),
            Reading::Zoned(encoding) => self.zoned(encoding, position),
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
