//! What the bits of a value mean, as data, and the words for them.

use core::fmt;

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

    /// A number of several bits, shown if it is not 0.
    pub(crate) const fn number(byte: u8, mask: u8, name: &'static str) -> Self {
        Self { byte, mask, meaning: Meaning::Number(name) }
    }

    /// The row's part of a value, moved down; none if the value is shorter.
    fn of(&self, value: &[u8]) -> Option<u8> {
        let byte = value.get(usize::from(self.byte).checked_sub(1)?)?;
        (byte & self.mask).checked_shr(self.mask.trailing_zeros())
    }
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
        let mut any = false;
        for (byte, &bits) in (1u8..).zip(self.value) {
            let mut reserved = bits;
            for row in self.rows.iter().filter(|row| row.byte == byte) {
                let part = row.of(self.value).unwrap_or_default();
                let holds = match row.meaning {
                    Meaning::Flag(_) | Meaning::Number(_) => part != 0,
                    Meaning::Code(code, _) => part == code,
                };
                if holds {
                    self.start(f, &mut any, byte, row.mask)?;
                    match row.meaning {
                        Meaning::Flag(text) | Meaning::Code(_, text) => f.write_str(text)?,
                        Meaning::Number(name) => write!(f, "{name}: {part}")?,
                    }
                    reserved &= !row.mask;
                }
            }
            for Bit { bit, .. } in Bits::new(&[reserved]) {
                self.start(f, &mut any, byte, mask(bit))?;
                if f.alternate() {
                    f.write_str("reserved")?;
                } else {
                    write!(f, "byte {byte} bit {bit} (reserved)")?;
                }
            }
        }
        if any { Ok(()) } else { f.write_str("no bit set") }
    }
}

impl Explained<'_> {
    /// What stands before a meaning: a separator, or a new line and the place.
    fn start(&self, f: &mut fmt::Formatter<'_>, any: &mut bool, byte: u8, mask: u8) -> fmt::Result {
        let first = !core::mem::replace(any, true);
        if !f.alternate() {
            return if first { Ok(()) } else { f.write_str("; ") };
        }
        if !first {
            f.write_str("\n")?;
        }
        let highest = 8u32.saturating_sub(mask.leading_zeros());
        let lowest = mask.trailing_zeros().saturating_add(1);
        if highest == lowest {
            write!(f, "byte {byte} bit {highest}: ")
        } else {
            write!(f, "byte {byte} bits {highest}-{lowest}: ")
        }
    }
}

/// Makes an element of flags: a type of so many bytes, a constant for each flag, and the words for them.
macro_rules! flags {
    (
        $(#[$doc:meta])*
        pub struct $name:ident([u8; $size:literal]) of [$($tag:ident),+ $(,)?];
        $($byte:literal $bit:literal $flag:ident $text:literal;)+
    ) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
        pub struct $name([u8; $size]);

        impl $name {
            $(
                #[doc = concat!("Byte ", $byte, ", bit ", $bit, ": ", $text, ".")]
                pub const $flag: Self = Self({
                    let mut bytes = [0; $size];
                    bytes[$byte - 1] = $crate::element::layout::mask($bit);
                    bytes
                });
            )+

            const ROWS: &'static [$crate::element::layout::Row] =
                &[$($crate::element::layout::Row::flag($byte, $bit, $text)),+];

            #[doc = concat!("The element whose value is these ", $size, " bytes, reserved bits as they are.")]
            #[must_use]
            pub const fn new(value: [u8; $size]) -> Self {
                Self(value)
            }

            /// The value.
            #[must_use]
            pub const fn to_bytes(self) -> [u8; $size] {
                self.0
            }

            /// Whether every bit that is 1 in the other is 1 here.
            #[must_use]
            pub fn contains(self, other: Self) -> bool {
                self & other == other
            }

            /// Whether a bit is 1 in both.
            #[must_use]
            pub fn intersects(self, other: Self) -> bool {
                self & other != Self::default()
            }

            /// Whether no bit is 1.
            #[must_use]
            pub fn is_empty(self) -> bool {
                self == Self::default()
            }

            /// The bits that are 1, by their places.
            #[must_use]
            pub const fn bits(&self) -> $crate::element::Bits<'_> {
                $crate::element::Bits::new(&self.0)
            }
        }

        impl<'a> $crate::element::Element<'a> for $name {
            const TAGS: &'static [$crate::Tag] = &[$($crate::tags::$tag),+];

            fn from_value(value: &'a [u8]) -> Result<Self, $crate::Error> {
                match value.try_into() {
                    Ok(bytes) => Ok(Self(bytes)),
                    Err(_) => Err($crate::Error::new($crate::ErrorKind::WrongLength, 0)),
                }
            }
        }

        impl core::ops::BitOr for $name {
            type Output = Self;

            fn bitor(mut self, other: Self) -> Self {
                self |= other;
                self
            }
        }

        impl core::ops::BitOrAssign for $name {
            fn bitor_assign(&mut self, other: Self) {
                self.0.iter_mut().zip(other.0).for_each(|(to, from)| *to |= from);
            }
        }

        impl core::ops::BitAnd for $name {
            type Output = Self;

            fn bitand(mut self, other: Self) -> Self {
                self.0.iter_mut().zip(other.0).for_each(|(to, from)| *to &= from);
                self
            }
        }

        impl core::ops::Sub for $name {
            type Output = Self;

            /// What is left without the other's bits.
            fn sub(mut self, other: Self) -> Self {
                self.0.iter_mut().zip(other.0).for_each(|(to, from)| *to &= !from);
                self
            }
        }

        impl core::fmt::Display for $name {
            /// Says in words what holds; with `{:#}` one a line, each with its byte and bit.
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                let explained = $crate::element::layout::Explained { value: &self.0, rows: Self::ROWS };
                core::fmt::Display::fmt(&explained, f)
            }
        }

        impl core::fmt::Debug for $name {
            /// Shows the bytes; the words are for `Display` alone.
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.write_str(concat!(stringify!($name), "("))?;
                $crate::mask::hex(&self.0, f)?;
                f.write_str(")")
            }
        }
    };
}

pub(crate) use flags;

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
            (&[], "no bit set", "no bit set"),
        ] {
            assert_eq!(shown(value), [expect, lines], "{value:02X?}");
        }
    }
}
