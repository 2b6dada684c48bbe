//! What the bits of a value mean, as data, and the words for them.

mod flags;

use core::fmt;

pub(crate) use flags::{flags, tag};

/// One bit of a value, as the EMV books count them: bytes from 1, bits from 8, the highest, to 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Bit {
    /// The byte: 1 is the first.
    pub byte: u8,
    /// The bit: 8 is the highest.
    pub bit: u8,
}

/// The bits of a value that are 1, from the highest of byte 1 on, reserved ones too.
#[derive(Clone, Debug)]
pub struct Bits<'a> {
    rest: &'a [u8],
    byte: u8,
    /// The bits of the byte before `rest` that were not yet yielded.
    left: u8,
}

impl<'a> Bits<'a> {
    /// The bits of any value; bytes after the 255th are left out.
    #[must_use]
    pub const fn new(value: &'a [u8]) -> Self {
        Self { rest: value, byte: 0, left: 0 }
    }
}

impl Iterator for Bits<'_> {
    type Item = Bit;

    fn next(&mut self) -> Option<Bit> {
        while self.left == 0 {
            let (&first, rest) = self.rest.split_first()?;
            self.byte = self.byte.checked_add(1)?;
            (self.left, self.rest) = (first, rest);
        }
        let above = self.left.leading_zeros();
        self.left &= !(0x80u8 >> above);
        let bit = 8u32.saturating_sub(above);
        Some(Bit { byte: self.byte, bit: u8::try_from(bit).unwrap_or(8) })
    }
}

impl core::iter::FusedIterator for Bits<'_> {}

/// What some bits of one byte mean.
pub(crate) struct Row {
    /// The byte, from 1.
    pub(crate) byte: u8,
    pub(crate) mask: u8,
    pub(crate) meaning: Meaning,
}

// Each element uses those that it needs.
pub(crate) enum Meaning {
    /// The bit, the only one of the mask, is 1.
    Flag(&'static str),
    /// The masked bits, moved down to the lowest, are this code.
    Code(u8, &'static str),
    /// The masked bits, moved down to the lowest, are one of these codes of what has this name.
    Codes(&'static str, &'static [(u8, &'static str)]),
    /// The masked bits, moved down to the lowest, are a number with this name.
    Number(&'static str),
}

impl Row {
    /// The meaning of one bit.
    pub(crate) const fn flag(byte: u8, bit: u8, text: &'static str) -> Self {
        Self { byte, mask: mask(bit), meaning: Meaning::Flag(text) }
    }

    /// The meaning of a code of several bits; a code that no row of the same mask names is reserved.
    pub(crate) const fn code(byte: u8, mask: u8, code: u8, text: &'static str) -> Self {
        Self { byte, mask, meaning: Meaning::Code(code, text) }
    }

    /// The meanings of all codes of several bits.
    pub(crate) const fn codes(
        byte: u8,
        mask: u8,
        name: &'static str,
        texts: &'static [(u8, &'static str)],
    ) -> Self {
        Self { byte, mask, meaning: Meaning::Codes(name, texts) }
    }

    /// A number of several bits, shown if it is not 0.
    pub(crate) const fn number(byte: u8, mask: u8, name: &'static str) -> Self {
        Self { byte, mask, meaning: Meaning::Number(name) }
    }
}

/// The masked bits of a byte, moved down to the lowest.
pub(crate) const fn part(byte: u8, mask: u8) -> u8 {
    match (byte & mask).checked_shr(mask.trailing_zeros()) {
        Some(part) => part,
        None => 0,
    }
}

/// A byte with other masked bits, given as they are when moved down; those that do not fit are left out.
pub(crate) const fn with_part(byte: u8, mask: u8, part: u8) -> u8 {
    let moved = match part.checked_shl(mask.trailing_zeros()) {
        Some(moved) => moved,
        None => 0,
    };
    byte & !mask | moved & mask
}

/// The mask of a bit that is counted from 8 down to 1; none for any other number.
pub(crate) const fn mask(bit: u8) -> u8 {
    match bit {
        1..=8 => 0x01u8.rotate_left(bit as u32).rotate_right(1),
        _ => 0,
    }
}

/// A value and what its bits mean, in words: what holds, one after the other; with `{:#}` one a line, with its place.
pub(crate) struct Explained<'a> {
    pub(crate) value: &'a [u8],
    pub(crate) rows: &'static [Row],
}

impl fmt::Display for Explained<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut items = Items::new(f);
        items.bytes(1, self.value, self.rows)?;
        items.finish()
    }
}

/// What an explanation is made of, one item after the other.
pub(crate) struct Items<'f, 'a> {
    f: &'f mut fmt::Formatter<'a>,
    any: bool,
}

impl<'f, 'a> Items<'f, 'a> {
    pub(crate) const fn new(f: &'f mut fmt::Formatter<'a>) -> Self {
        Self { f, any: false }
    }

    /// What bytes mean by their rows, from the one of the element with this number on.
    pub(crate) fn bytes(&mut self, first: u8, value: &[u8], rows: &[Row]) -> fmt::Result {
        for (byte, &bits) in (first..).zip(value) {
            // The bits that no row has told of: a place is told of by the first row that can.
            let mut rest = 0xFF;
            for row in rows.iter().filter(|row| row.byte == byte) {
                let part = part(bits, row.mask);
                let (name, text) = match row.meaning {
                    _ if row.mask & !rest != 0 => continue,
                    Meaning::Flag(text) if part != 0 => (None, Some(text)),
                    Meaning::Code(code, text) if part == code => (None, Some(text)),
                    Meaning::Codes(name, texts) => match named(texts, part) {
                        Some(text) => (Some(name), Some(text)),
                        None => continue,
                    },
                    Meaning::Number(name) if part != 0 => (Some(name), None),
                    _ => continue,
                };
                rest &= !row.mask;
                self.place(byte, row.mask)?;
                match (name, text) {
                    (None, text) => self.f.write_str(text.unwrap_or_default())?,
                    (Some(name), Some(text)) => write!(self.f, "{name}: {text}")?,
                    (Some(name), None) => write!(self.f, "{name}: {part}")?,
                }
            }
            for Bit { bit, .. } in Bits::new(&[bits & rest]) {
                self.place(byte, mask(bit))?;
                if self.f.alternate() {
                    self.f.write_str("reserved")?;
                } else {
                    write!(self.f, "byte {byte} bit {bit} (reserved)")?;
                }
            }
        }
        Ok(())
    }

    /// What several bytes mean together.
    pub(crate) fn span(&mut self, first: u8, last: u8, text: fmt::Arguments<'_>) -> fmt::Result {
        self.separate()?;
        if self.f.alternate() && first == last {
            write!(self.f, "byte {first}: ")?;
        } else if self.f.alternate() {
            write!(self.f, "bytes {first}-{last}: ")?;
        }
        self.f.write_fmt(text)
    }

    pub(crate) fn finish(self) -> fmt::Result {
        if self.any { Ok(()) } else { self.f.write_str("no bit set") }
    }

    fn separate(&mut self) -> fmt::Result {
        let separator = if self.f.alternate() { "\n" } else { "; " };
        if core::mem::replace(&mut self.any, true) { self.f.write_str(separator) } else { Ok(()) }
    }

    /// What stands before a meaning: a separator, or a new line and the place.
    fn place(&mut self, byte: u8, mask: u8) -> fmt::Result {
        self.separate()?;
        if !self.f.alternate() {
            return Ok(());
        }
        let highest = 8u32.saturating_sub(mask.leading_zeros());
        let lowest = mask.trailing_zeros().saturating_add(1);
        if highest == lowest {
            write!(self.f, "byte {byte} bit {highest}: ")
        } else if part(mask, mask).wrapping_add(1) & part(mask, mask) == 0 {
            write!(self.f, "byte {byte} bits {highest}-{lowest}: ")
        } else {
            write!(self.f, "byte {byte} bits ")?;
            for Bit { bit, .. } in Bits::new(&[mask]) {
                let separator = if u32::from(bit) == highest { "" } else { ", " };
                write!(self.f, "{separator}{bit}")?;
            }
            self.f.write_str(": ")
        }
    }
}

fn named(texts: &[(u8, &'static str)], code: u8) -> Option<&'static str> {
    texts.iter().find(|(named, _)| *named == code).map(|&(_, text)| text)
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use std::{string::ToString, vec::Vec};

    static ROWS: &[Row] = &[
        Row::code(1, 0xC0, 0, "declined"),
        Row::code(1, 0xC0, 2, "online"),
        Row::flag(1, 4, "advice"),
        Row::number(2, 0xF0, "scripts"),
        Row::codes(3, 0xC8, "reader", &[(0x08, "stripe"), (0x19, "chip")]),
        Row::code(4, 0xFF, 0xFF, "hold: none"),
        Row::number(4, 0xFF, "hold"),
    ];

    fn shown(value: &[u8]) -> [std::string::String; 2] {
        let explained = Explained { value, rows: ROWS };
        [explained.to_string(), std::format!("{explained:#}")]
    }

    #[test]
    fn bits_are_counted_as_the_books_count_them() {
        let bits = Bits::new(&[0x81, 0x00, 0x40]).map(|Bit { byte, bit }| (byte, bit));
        assert_eq!(bits.collect::<Vec<_>>(), [(1, 8), (1, 1), (3, 7)]);
        assert_eq!(Bits::new(&[0xFF; 300]).count(), 255 * 8);
    }

    #[test]
    fn parts_are_moved_down_and_back() {
        assert_eq!((part(0xCB, 0xC8), part(0xE1, 0xE0), part(0x12, 0)), (0x19, 7, 0));
        assert_eq!((with_part(0x0F, 0xC0, 0x02), with_part(0xFF, 0x30, 0xFF)), (0x8F, 0xFF));
        assert_eq!(with_part(0xFF, 0xF0, 0x00), 0x0F);
    }

    #[test]
    fn flags_codes_numbers_and_what_is_reserved() {
        for (value, expect, lines) in [
            (
                &[0x88, 0x30][..],
                "online; advice; scripts: 3",
                "byte 1 bits 8-7: online\nbyte 1 bit 4: advice\nbyte 2 bits 8-5: scripts: 3",
            ),
            (
                &[0x41, 0x01],
                "byte 1 bit 7 (reserved); byte 1 bit 1 (reserved); byte 2 bit 1 (reserved)",
                "byte 1 bit 7: reserved\nbyte 1 bit 1: reserved\nbyte 2 bit 1: reserved",
            ),
            (&[0x00], "declined", "byte 1 bits 8-7: declined"),
            (
                &[0x00, 0x00, 0xCB, 0xFF],
                "declined; reader: chip; byte 3 bit 2 (reserved); byte 3 bit 1 (reserved); hold: none",
                "byte 1 bits 8-7: declined\nbyte 3 bits 8, 7, 4: reader: chip\nbyte 3 bit 2: reserved\n\
                 byte 3 bit 1: reserved\nbyte 4 bits 8-1: hold: none",
            ),
            (
                &[0x80, 0x00, 0x80, 0xFE],
                "online; byte 3 bit 8 (reserved); hold: 254",
                "byte 1 bits 8-7: online\nbyte 3 bit 8: reserved\nbyte 4 bits 8-1: hold: 254",
            ),
            (&[], "no bit set", "no bit set"),
        ] {
            assert_eq!(shown(value), [expect, lines], "{value:02X?}");
        }
    }
}
