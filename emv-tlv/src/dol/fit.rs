//! How a value comes to the length that a list asks for.

use crate::{
    Tag,
    dictionary::{Format, packed},
};
use core::fmt;

/// A side of a value: the left is its first byte's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Side {
    /// Where the first byte stands.
    Left,
    /// Where the last byte stands.
    Right,
}

/// What is done to a value so that it has the length that a list asks for.
///
/// `Display` says it in a few words.
///
/// Source: EMV 4.4 Book 3, 5.4.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Fit {
    /// Nothing: it has that length.
    Exact,
    /// Too long: bytes of it are left out, on the left if it is numeric, on the right otherwise.
    Cut {
        /// How many, at least 1.
        bytes: usize,
        /// On which side.
        side: Side,
    },
    /// Too short: bytes are added to it.
    Filled {
        /// How many, at least 1.
        bytes: u8,
        /// Which: FF if it is compressed numeric, 00 otherwise.
        with: u8,
        /// On which side: on the left if it is numeric, on the right otherwise.
        side: Side,
    },
    /// There is none, so it is zeros.
    Absent,
    /// The tag is of a template, which no list may ask for, so it is zeros.
    Template,
}

impl Fit {
    /// What a value needs; one of an element that the dictionary does not know counts as binary.
    pub(super) fn of(tag: Tag, length: u8, value: Option<&[u8]>) -> Self {
        if tag.is_constructed() {
            return Self::Template;
        }
        let Some(value) = value else { return Self::Absent };
        let asked = usize::from(length);
        if value.len() == asked {
            return Self::Exact;
        }
        let format = packed(tag);
        let side = if format == Some(Format::N) { Side::Left } else { Side::Right };
        match u8::try_from(value.len()) {
            Ok(there) if there < length => Self::Filled {
                bytes: length.wrapping_sub(there),
                with: if format == Some(Format::Cn) { 0xFF } else { 0x00 },
                side,
            },
            _ => Self::Cut { bytes: value.len().saturating_sub(asked), side },
        }
    }

    /// Writes a value for which this was found out to a field of the length asked for.
    pub(super) fn write(self, value: &[u8], field: &mut [u8]) {
        match self {
            Self::Absent | Self::Template => field.fill(0x00),
            Self::Exact | Self::Cut { side: Side::Right, .. } => copy(value, field),
            Self::Cut { bytes, side: Side::Left } => {
                copy(value.get(bytes..).unwrap_or_default(), field);
            }
            Self::Filled { bytes, with, side } => {
                let at = match side {
                    Side::Left => usize::from(bytes),
                    Side::Right => value.len(),
                };
                let (left, right) = field.split_at_mut_checked(at).unwrap_or_default();
                let (fill, data) = if side == Side::Left { (left, right) } else { (right, left) };
                fill.fill(with);
                copy(value, data);
            }
        }
    }
}

/// Copies as many bytes as both have.
fn copy(from: &[u8], to: &mut [u8]) {
    to.iter_mut().zip(from).for_each(|(to, from)| *to = *from);
}

impl fmt::Display for Fit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Exact => f.write_str("exact"),
            Self::Cut { bytes, side } => {
                write!(f, "{bytes} byte{} cut off on the {}", plural(bytes), side.name())
            }
            Self::Filled { bytes, with, side } => {
                let plural = plural(usize::from(bytes));
                write!(f, "{bytes} byte{plural} {with:02X} added on the {}", side.name())
            }
            Self::Absent => f.write_str("absent, all 00"),
            Self::Template => f.write_str("a template, all 00"),
        }
    }
}

impl Side {
    const fn name(self) -> &'static str {
        match self {
            Self::Left => "left",
            Self::Right => "right",
        }
    }
}

const fn plural(count: usize) -> &'static str {
    if count == 1 { "" } else { "s" }
}

/// An entry of a list and what was done to its value; from [`Dol::explain`](crate::Dol::explain).
///
/// `Display` says it on one line, and shows no byte of the value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct FittedEntry {
    /// The element's tag.
    pub tag: Tag,
    /// The length that the list asks for, in bytes.
    pub length: u8,
    /// Whether the [`dictionary`](crate::dictionary) knows the element; if not, its value counts as binary.
    pub known: bool,
    /// What was done to the value.
    pub fit: Fit,
}

impl fmt::Display for FittedEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { tag, length, known, fit } = *self;
        write!(f, "{tag} {length} byte{}: {fit}", plural(usize::from(length)))?;
        match fit {
            Fit::Cut { .. } | Fit::Filled { .. } if !known => {
                f.write_str(", unknown and so as binary")
            }
            Fit::Exact | Fit::Absent if !known => f.write_str(", unknown"),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use crate::Dol;
    use hex_literal::hex;
    use std::{string::ToString, vec::Vec};

    fn explained(list: &[u8], value: Option<&[u8]>) -> Vec<std::string::String> {
        let list = Dol::parse(list).unwrap();
        list.explain(|_| value).map(|entry| entry.to_string()).collect()
    }

    #[test]
    fn says_what_happened_on_one_line() {
        let list =
            hex!("9F0203 9F0202 9F0206 9F2001 9F2004 9F1001 9F1005 DF7F03 DF7F01 DF7F04 BF0C01");
        let expect = [
            "9F02 3 bytes: exact",
            "9F02 2 bytes: 1 byte cut off on the left",
            "9F02 6 bytes: 3 bytes 00 added on the left",
            "9F20 1 byte: 2 bytes cut off on the right",
            "9F20 4 bytes: 1 byte FF added on the right",
            "9F10 1 byte: 2 bytes cut off on the right",
            "9F10 5 bytes: 2 bytes 00 added on the right",
            "DF7F 3 bytes: exact, unknown",
            "DF7F 1 byte: 2 bytes cut off on the right, unknown and so as binary",
            "DF7F 4 bytes: 1 byte 00 added on the right, unknown and so as binary",
            "BF0C 1 byte: a template, all 00",
        ];
        assert_eq!(explained(&list, Some(&[1, 2, 3])), expect);
        let absent = ["9F02 6 bytes: absent, all 00", "DF7F 0 bytes: absent, all 00, unknown"];
        assert_eq!(explained(&hex!("9F0206 DF7F00"), None), absent);
    }

    #[test]
    fn a_value_may_be_empty_or_longer_than_any_entry() {
        let tag = crate::tags::AMOUNT_AUTHORISED;
        assert_eq!(Fit::of(tag, 0, Some(&[])), Fit::Exact);
        let filled = Fit::Filled { bytes: 255, with: 0, side: Side::Left };
        assert_eq!(Fit::of(tag, 255, Some(&[])), filled);
        for (len, length, bytes) in [(255, 0, 255), (256, 0, 256), (256, 255, 1), (700, 255, 445)] {
            let value = std::vec![7; len];
            assert_eq!(Fit::of(tag, length, Some(&value)), Fit::Cut { bytes, side: Side::Left });
        }
    }

    #[test]
    fn is_small() {
        assert!(size_of::<FittedEntry>() <= 24);
    }
}
