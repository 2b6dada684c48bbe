//! Fields made of parts.

use core::ops::Range;

use crate::charset::Page;
use crate::length::hex_value;
use crate::{BitmapEncoding, Class, Encoding, Field, Prefix, Sensitivity};

/// How the value of a field is made of parts.
///
/// The parts' definitions are a range of the spec's table of [`Subfield`]s, in ascending order of their numbers. A
/// field is made of parts where it says [`Field::composed`] with the index of its composite in the spec's table; a
/// part may be made of parts again, up to four numbers deep (`127.25.1.2`).
///
/// # Examples
/// Field 127 of a Postilion message, which has a bitmap of its own:
/// ```
/// use iso8583_wire::dialect::iso87;
/// use iso8583_wire::{
///     BitmapEncoding, Bitmaps, Class, Composite, Field, MessageRef, MtiEncoding, Prefix, Spec, Subfield, Tables,
/// };
///
/// static FIELDS: [Option<Field>; 129] = iso87::with(
///     iso87::ASCII_FIELDS,
///     127,
///     Field::variable(Class::B, Prefix::ascii(6), u16::MAX).composed(0),
/// );
/// static SUBFIELDS: [Subfield; 2] = [
///     Subfield::new(2, Field::variable(Class::Ans, Prefix::ascii(2), 32)),
///     Subfield::new(25, Field::variable(Class::Ans, Prefix::ascii(4), 8000)),
/// ];
/// static COMPOSITES: [Composite; 1] = [Composite::bitmapped(BitmapEncoding::Binary, 8, 0..2)];
/// static SPEC: Spec = Spec::with_tables(
///     "example",
///     MtiEncoding::Ascii,
///     BitmapEncoding::Binary,
///     Bitmaps::UpToTwo,
///     Tables::of(&FIELDS).with_parts(&SUBFIELDS, &COMPOSITES),
/// );
///
/// let wire = b"0620\x80\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x02000020\x40\0\0\0\0\0\0\010SWITCH_KEY";
/// let message = MessageRef::parse(&SPEC, wire)?;
/// assert!(message.require([127, 2])? == "SWITCH_KEY");
/// # Ok::<(), iso8583_wire::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Composite {
    layout: Layout,
    first: u16,
    end: u16,
    unknown: Option<Field>,
}

/// How the parts of a composite are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Layout {
    /// One after the other, each as long as its definition says; the value may end after any of them.
    Positional,
    /// After a bitmap, whose bit `n`, counted from 1, announces part `n`.
    #[non_exhaustive]
    Bitmapped {
        /// How the bitmap is written.
        encoding: BitmapEncoding,
        /// Bytes of bits, 1 to 32.
        bytes: u8,
        /// Bytes before the bitmap, kept as they are.
        header: u8,
    },
    /// Each after its tag and its length, in any order, repeated at will.
    #[non_exhaustive]
    Tagged {
        /// How tags are written.
        tag: Tag,
        /// How lengths are written; they count in the unit of the part.
        prefix: Prefix,
    },
    /// After a dataset bitmap: 16 bits and then 8 at a time, of which the first says that more follow and the very
    /// last that the parts are followed by BER-TLV. The other bits announce parts 1, 2 and so on; the BER-TLV is
    /// part 0, kept as it is. A bitmap has at most 32 bytes, as one of [`Bitmapped`](Self::Bitmapped).
    Dataset,
    /// BER-TLV, kept as it is; what reads card data reads it.
    BerTlv,
}

/// How the tags of a tagged composite are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tag {
    encoding: TagEncoding,
    size: u8,
}

/// The notation of a tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TagEncoding {
    /// ASCII characters, a decimal number where all of them are digits.
    Ascii,
    /// EBCDIC characters, a decimal number where all of them are digits.
    Ebcdic,
    /// Packed decimal digits.
    Bcd,
    /// A big-endian number.
    Binary,
}

/// The number of a tag that is no decimal number or is above 65,534.
pub(crate) const NO_NUMBER: u16 = u16::MAX;

impl Tag {
    /// Tags of so many ASCII characters.
    #[must_use]
    pub const fn ascii(characters: u8) -> Self {
        Self { encoding: TagEncoding::Ascii, size: characters }
    }

    /// Tags of so many EBCDIC characters.
    #[must_use]
    pub const fn ebcdic(characters: u8) -> Self {
        Self { encoding: TagEncoding::Ebcdic, size: characters }
    }

    /// Tags of so many packed decimal digits, with a leading 0 where their number is odd.
    #[must_use]
    pub const fn bcd(digits: u8) -> Self {
        Self { encoding: TagEncoding::Bcd, size: digits }
    }

    /// Tags of so many bytes, such as the identifiers of datasets.
    #[must_use]
    pub const fn binary(bytes: u8) -> Self {
        Self { encoding: TagEncoding::Binary, size: bytes }
    }

    /// The notation.
    #[must_use]
    pub const fn encoding(&self) -> TagEncoding {
        self.encoding
    }

    /// Characters, digits or bytes, 1 to 4.
    #[must_use]
    pub const fn size(&self) -> u8 {
        self.size
    }

    /// Bytes on the wire.
    #[inline]
    #[must_use]
    pub const fn width(&self) -> u8 {
        match self.encoding {
            TagEncoding::Bcd => self.size.div_ceil(2),
            _ => self.size,
        }
    }

    /// The bytes of a tag by its label, as [`FieldRef::label`](crate::FieldRef::label) gives it: its characters or digits, or its
    /// bytes in hexadecimal where it is binary, or holds what is no character, or one more digit than it should. `None` where it is no
    /// such label.
    #[must_use]
    pub fn bytes<'b>(&self, label: &str, buffer: &'b mut [u8; 4]) -> Option<&'b [u8]> {
        let slot = buffer.get_mut(..self.width().into())?;
        let label = label.as_bytes();
        let size = usize::from(self.size);
        let is_text = matches!(self.encoding, TagEncoding::Ascii | TagEncoding::Ebcdic);
        if is_text && label.len() == size {
            for (byte, c) in slot.iter_mut().zip(label) {
                let is_ebcdic = matches!(self.encoding, TagEncoding::Ebcdic);
                *byte = if is_ebcdic { Page::Cp037.encode(*c) } else { *c };
            }
            return label.iter().all(u8::is_ascii_graphic).then_some(slot);
        }
        // In front of an odd number of packed digits is a nibble that their label has only if it is not 0.
        let is_odd = matches!(self.encoding, TagEncoding::Bcd) && size % 2 == 1;
        let is_short = is_odd && label.len() == size;
        let is_whole = label.len() == slot.len().saturating_mul(2);
        if !is_short && (!is_whole || is_odd && label.first() == Some(&b'0')) {
            return None;
        }
        let odd = is_short.then_some(Some(0));
        let mut nibbles = odd.into_iter().chain(label.iter().map(|digit| hex_value(*digit)));
        for byte in slot.iter_mut() {
            *byte = nibbles.next()?? << 4 | nibbles.next()??;
        }
        Some(slot)
    }

    /// The number that a tag is.
    pub(crate) fn number(&self, tag: &[u8]) -> u16 {
        let mut number = 0_u32;
        for &byte in tag {
            // At most four bytes: eight digits, or 32 bits.
            number = match self.encoding {
                TagEncoding::Ascii if byte.is_ascii_digit() => {
                    number.wrapping_mul(10).wrapping_add(u32::from(byte & 0x0F))
                }
                TagEncoding::Ebcdic if matches!(byte, 0xF0..=0xF9) => {
                    number.wrapping_mul(10).wrapping_add(u32::from(byte & 0x0F))
                }
                TagEncoding::Bcd if byte >> 4 <= 9 && byte & 0x0F <= 9 => number
                    .wrapping_mul(100)
                    .wrapping_add(u32::from(byte >> 4).wrapping_mul(10))
                    .wrapping_add(u32::from(byte & 0x0F)),
                TagEncoding::Binary => number << 8 | u32::from(byte),
                _ => return NO_NUMBER,
            };
        }
        u16::try_from(number).unwrap_or(NO_NUMBER)
    }

    /// The largest number that a tag says.
    pub(crate) const fn largest(&self) -> u16 {
        let base: u32 = if matches!(self.encoding, TagEncoding::Binary) { 256 } else { 10 };
        let largest = base.saturating_pow(self.size as u32).saturating_sub(1);
        #[allow(clippy::cast_possible_truncation, reason = "compared with it before")]
        if largest >= NO_NUMBER as u32 { NO_NUMBER.wrapping_sub(1) } else { largest as u16 }
    }

    /// Writes the tag of a number; `false` where it has too few characters for it.
    pub(crate) fn write(&self, number: u16, slot: &mut [u8]) -> bool {
        let mut rest = number;
        for byte in slot.iter_mut().rev() {
            let digit;
            (digit, rest) = match self.encoding {
                TagEncoding::Ascii => (0x30 | (rest % 10), rest / 10),
                TagEncoding::Ebcdic => (0xF0 | (rest % 10), rest / 10),
                TagEncoding::Bcd => ((rest / 10 % 10) << 4 | (rest % 10), rest / 100),
                TagEncoding::Binary => (rest & 0xFF, rest >> 8),
            };
            // Below 256.
            *byte = u8::try_from(digit).unwrap_or(0);
        }
        rest == 0 && number != NO_NUMBER
    }
}

impl Composite {
    /// BER-TLV, kept as it is.
    pub const BER_TLV: Self = Self::new(Layout::BerTlv, 0..0);

    /// Parts one after the other.
    #[must_use]
    pub const fn positional(parts: Range<u16>) -> Self {
        Self::new(Layout::Positional, parts)
    }

    /// Parts after a bitmap of so many bytes of bits.
    #[must_use]
    pub const fn bitmapped(encoding: BitmapEncoding, bytes: u8, parts: Range<u16>) -> Self {
        Self::new(Layout::Bitmapped { encoding, bytes, header: 0 }, parts)
    }

    /// Parts after their tags and lengths. One whose tag is not among `parts` is kept, and read as text or, where
    /// tags are binary, as bytes, neither of which is shown; see [`Composite::with_unknown`].
    #[must_use]
    pub const fn tagged(tag: Tag, prefix: Prefix, parts: Range<u16>) -> Self {
        let unknown = match tag.encoding {
            TagEncoding::Ascii | TagEncoding::Bcd => {
                Field::up_to(Class::Any, u16::MAX).encoded(Encoding::Raw)
            }
            TagEncoding::Ebcdic => Field::up_to(Class::Any, u16::MAX).encoded(Encoding::Ebcdic037),
            TagEncoding::Binary => Field::up_to(Class::B, u16::MAX),
        };
        let unknown = Some(unknown.sensitive(Sensitivity::Opaque));
        Self { unknown, ..Self::new(Layout::Tagged { tag, prefix }, parts) }
    }

    /// Datasets: parts after an identifier of one byte and a length of two, in any order, repeated at will.
    ///
    /// A dataset may hold BER-TLV ([`Composite::BER_TLV`]) or parts after a dataset bitmap ([`Composite::dataset`]).
    ///
    /// Source: ISO 8583:2003, datasets; Visa's fields 104, 123 and 125 have the same form.
    #[must_use]
    pub const fn datasets(parts: Range<u16>) -> Self {
        Self::tagged(Tag::binary(1), Prefix::binary(2), parts)
    }

    /// Parts after a dataset bitmap.
    ///
    /// Source: ISO 8583:2003, dataset bit maps.
    #[must_use]
    pub const fn dataset(parts: Range<u16>) -> Self {
        Self::new(Layout::Dataset, parts)
    }

    const fn new(layout: Layout, parts: Range<u16>) -> Self {
        Self { layout, first: parts.start, end: parts.end, unknown: None }
    }

    /// The same composite with another range of parts.
    #[cfg(feature = "alloc")]
    pub(crate) const fn of_parts(self, parts: Range<u16>) -> Self {
        Self { first: parts.start, end: parts.end, ..self }
    }

    /// The same composite with so many bytes before its bitmap, which are kept as they are.
    ///
    /// Only a bitmapped composite has such a header; another one is refused by the spec.
    #[must_use]
    pub const fn with_header(self, bytes: u8) -> Self {
        if bytes == 0 {
            return self;
        }
        let layout = match self.layout {
            Layout::Bitmapped { encoding, bytes: bits, .. } => {
                Layout::Bitmapped { encoding, bytes: bits, header: bytes }
            }
            // No width: refused.
            _ => Layout::Bitmapped { encoding: BitmapEncoding::Binary, bytes: 0, header: bytes },
        };
        Self { layout, ..self }
    }

    /// The same composite with another definition of parts whose tag it does not know; `None` refuses them.
    #[must_use]
    pub const fn with_unknown(self, unknown: Option<Field>) -> Self {
        Self { unknown, ..self }
    }

    /// How the parts are told apart.
    #[inline]
    #[must_use]
    pub const fn layout(&self) -> Layout {
        self.layout
    }

    /// The range of its parts in the spec's table of subfields.
    #[inline]
    #[must_use]
    pub const fn parts(&self) -> Range<u16> {
        self.first..self.end
    }

    /// The definition of a part whose number is not in the table.
    #[inline]
    #[must_use]
    pub const fn unknown(&self) -> Option<&Field> {
        self.unknown.as_ref()
    }
}

/// The definition of one part of a composite.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Subfield {
    number: u16,
    field: Field,
}

impl Subfield {
    /// The part with this number: its place, its bit, or its tag.
    #[must_use]
    pub const fn new(number: u16, field: Field) -> Self {
        Self { number, field }
    }

    /// The part's number.
    #[inline]
    #[must_use]
    pub const fn number(&self) -> u16 {
        self.number
    }

    /// The part's definition.
    #[inline]
    #[must_use]
    pub const fn field(&self) -> &Field {
        &self.field
    }
}

/// What the BER-TLV after the parts of a dataset is.
pub(crate) static DATASET_TLV: Field =
    Field::up_to(Class::B, u16::MAX).sensitive(Sensitivity::Opaque);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_read_what_they_write() {
        for (tag, number, wire) in [
            (Tag::ascii(2), 42, &b"42"[..]),
            (Tag::ascii(4), 158, b"0158"),
            (Tag::ebcdic(2), 7, &[0xF0, 0xF7]),
            (Tag::bcd(3), 142, &[0x01, 0x42]),
            (Tag::binary(1), 0x57, &[0x57]),
            (Tag::binary(2), 0x9F26, &[0x9F, 0x26]),
        ] {
            let mut slot = [0; 4];
            let slot = &mut slot[..tag.width().into()];
            assert!(tag.write(number, slot));
            assert_eq!((&*slot, tag.number(wire)), (wire, number), "{tag:?}");
        }
        for (tag, label, wire) in [
            (Tag::ascii(2), "A1", Some(&b"A1"[..])),
            (Tag::ascii(2), "3420", Some(b"4 ")),
            (Tag::ebcdic(2), "ZB", Some(&[0xE9, 0xC2])),
            (Tag::bcd(3), "142", Some(&[0x01, 0x42])),
            (Tag::bcd(3), "9911", Some(&[0x99, 0x11])),
            (Tag::bcd(3), "0142", None),
            (Tag::bcd(3), "42", None),
            (Tag::bcd(2), "42", Some(&[0x42])),
            (Tag::binary(2), "0001", Some(&[0x00, 0x01])),
            (Tag::binary(2), "9F26", Some(&[0x9F, 0x26])),
            (Tag::ascii(2), "7", None),
            (Tag::ascii(2), "\u{E9}", None),
            (Tag::ascii(2), "4 ", None),
            (Tag::binary(1), "G1", None),
        ] {
            let mut buffer = [0; 4];
            assert_eq!(tag.bytes(label, &mut buffer), wire, "{tag:?} {label}");
        }
        assert_eq!(Tag::ascii(2).number(b"A1"), NO_NUMBER);
        assert_eq!(Tag::binary(4).number(&[0xDF, 0x81, 0x01, 0x01]), NO_NUMBER);
        assert!(!Tag::ascii(2).write(100, &mut [0; 2]));
    }
}
