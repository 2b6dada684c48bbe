//! One data object, borrowed.

use crate::{
    ErrorKind, Padding, Tag,
    level::{Level, Tlvs, to_usize},
    tag::{CONSTRUCTED, has_more, is_constructed},
};

/// A data object: tag, length, value, and where it stood.
///
/// `Display` and `Debug` show it masked; [`Exposed`](crate::Exposed) shows it whole.
///
/// Source: EMV 4.4 Book 3, Annex B.
#[derive(Clone, Copy)]
pub struct Tlv<'a> {
    encoded: &'a [u8],
    tag: Tag,
    offset: u32,
    depth: u8,
    /// How many bytes tag and length have.
    header: u8,
    /// The tag's first byte, which says whether this is a template.
    form: u8,
    padding: Padding,
}

impl<'a> Tlv<'a> {
    /// Takes the object with this header off the front of a level; none if it does not fit.
    #[inline(always)]
    pub(crate) fn take(level: &mut Level<'a>, header: Header) -> Option<Self> {
        let (encoded, rest) = level.rest.split_at_checked(header.total())?;
        let Header { tag, length, len, first } = header;
        let Level { offset, depth, padding, .. } = *level;
        level.rest = rest;
        level.offset = offset.wrapping_add(u32::from(len)).wrapping_add(length);
        Some(Self { encoded, tag, offset, depth, header: len, form: first, padding })
    }

    /// The tag.
    #[inline]
    #[must_use]
    pub const fn tag(&self) -> Tag {
        self.tag
    }

    /// The value; of a template, the objects in it as they are encoded.
    #[inline]
    #[must_use]
    pub fn value(&self) -> &'a [u8] {
        self.encoded.get(usize::from(self.header)..).unwrap_or_default()
    }

    /// The whole object as it is encoded: tag, length, value.
    #[inline]
    #[must_use]
    pub const fn encoded(&self) -> &'a [u8] {
        self.encoded
    }

    /// Where the object begins: bytes from the first that the caller gave.
    #[inline]
    #[must_use]
    pub const fn offset(&self) -> u32 {
        self.offset
    }

    /// Where the value begins, counted as [`offset`](Self::offset) is.
    #[inline]
    #[must_use]
    pub fn value_offset(&self) -> u32 {
        self.offset.wrapping_add(u32::from(self.header))
    }

    /// How many templates enclose the object; 255 stands for 255 and more.
    #[inline]
    #[must_use]
    pub const fn depth(&self) -> u8 {
        self.depth
    }

    /// Whether the object is a template, whose value is objects again.
    ///
    /// Its tag says so, unless it was [taken for primitive](Self::as_primitive).
    #[inline]
    #[must_use]
    pub const fn is_constructed(&self) -> bool {
        is_constructed(self.form)
    }

    /// The same object taken for primitive: a value without objects in it, whatever its tag says.
    ///
    /// For cards with constructed tags that hold something else; a walk does it by itself to the tags that it is
    /// [told](crate::Walk::primitive).
    ///
    /// # Examples
    /// ```
    /// use emv_tlv::parse;
    ///
    /// let bytes = [0xE1, 0x02, 0xFF, 0xFF];
    /// let object = parse(&bytes).next().ok_or("empty")??;
    /// assert!(object.children().any(|child| child.is_err()));
    /// let object = object.as_primitive();
    /// assert!(!object.is_constructed() && object.tag().is_constructed());
    /// assert_eq!((object.value(), object.children().count()), (&[0xFF, 0xFF][..], 0));
    /// # Ok::<(), Box<dyn core::error::Error>>(())
    /// ```
    #[inline]
    #[must_use]
    pub const fn as_primitive(self) -> Self {
        Self { form: self.form & !CONSTRUCTED, ..self }
    }

    /// The objects in a template, one level down; none in a primitive object.
    ///
    /// Offsets and depths go on from the template's own, and so does the padding policy.
    #[inline]
    #[must_use]
    pub fn children(&self) -> Tlvs<'a> {
        let value = if self.is_constructed() { self.value() } else { &[] };
        let depth = self.depth.saturating_add(1);
        Tlvs { level: Level::inside(value, self.value_offset(), depth, self.padding) }
    }
}

/// What stands before a value.
#[derive(Clone, Copy)]
pub(crate) struct Header {
    tag: Tag,
    /// How many bytes the value has.
    length: u32,
    /// How many tag and length have.
    len: u8,
    /// The tag's first byte.
    first: u8,
}

impl Header {
    /// The header at the front if it is of the usual form, a tag of 1 or 2 bytes and a length of one, and the value is there.
    ///
    /// None is no verdict: then [`decode`](Self::decode) says what there is, which this must agree with. A 00 is padding; an FF
    /// that begins such an object is not, whatever the policy.
    #[inline(always)]
    pub(crate) fn decode_short(bytes: &[u8]) -> Option<Self> {
        let [first @ 0x01..=0xFF, second @ 0..0x80, third, ..] = *bytes else { return None };
        let (tag, length, len) = match third {
            _ if !has_more(first) => (u32::from(first), second, 2),
            0..0x80 => (u32::from(first) << 8 | u32::from(second), third, 3),
            _ => return None,
        };
        let header = Self { tag: Tag(tag), length: u32::from(length), len, first };
        (header.total() <= bytes.len()).then_some(header)
    }

    /// The header at the front, if the value is there too; or what is wrong, and where.
    pub(crate) fn decode(bytes: &[u8]) -> Result<Self, (ErrorKind, u8)> {
        let (tag, after_tag) = Tag::split(bytes).map_err(|kind| (kind, 0))?;
        // Four bytes of tag and five of length at most.
        let read = |rest: &[u8]| u8::try_from(bytes.len().saturating_sub(rest.len())).unwrap_or(9);
        let length_at = read(after_tag);
        let (length, value) = split_length(after_tag).map_err(|kind| (kind, length_at))?;
        let len = read(value);
        if to_usize(length) > value.len() {
            return Err((ErrorKind::TruncatedValue, len));
        }
        Ok(Self { tag, length, len, first: bytes.first().copied().unwrap_or_default() })
    }

    /// How many bytes the whole object has.
    #[inline(always)]
    fn total(&self) -> usize {
        // Where usize is narrower, no slice is that long, and the next check says so.
        to_usize(self.length).saturating_add(usize::from(self.len))
    }
}

/// The length at the front, and what follows.
fn split_length(bytes: &[u8]) -> Result<(u32, &[u8]), ErrorKind> {
    let (&first, rest) = bytes.split_first().ok_or(ErrorKind::TruncatedLength)?;
    match first {
        0..0x80 => Ok((u32::from(first), rest)),
        0x80 => Err(ErrorKind::IndefiniteLength),
        0x81..=0x84 => {
            let (length, rest) = rest
                .split_at_checked(usize::from(first & 0x7F))
                .ok_or(ErrorKind::TruncatedLength)?;
            Ok((length.iter().fold(0, |length, &byte| length << 8 | u32::from(byte)), rest))
        }
        _ => Err(ErrorKind::LengthTooLong),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{parse, tags};
    use hex_literal::hex;

    #[test]
    fn knows_its_parts_and_its_place() {
        let bytes = hex!("00 9F02 00 BF0C 8104 5F34 01 07");
        let objects: [_; 2] = core::array::from_fn({
            let mut objects = parse(&bytes);
            move |_| objects.next().unwrap().unwrap()
        });
        assert_eq!((objects[0].value(), objects[0].encoded()), (&[][..], &bytes[1..4]));
        assert_eq!((objects[1].offset(), objects[1].value_offset()), (4, 8));
        let child = objects[1].children().next().unwrap().unwrap();
        assert_eq!((child.tag(), child.value()), (tags::PAN_SEQUENCE_NUMBER, &[7][..]));
        assert_eq!((child.offset(), child.depth()), (8, 1));
        assert!(child.children().next().is_none());
    }

    #[test]
    fn the_short_way_and_the_long_way_agree() {
        let parts = |header: Header| (header.tag, header.len, header.length, header.first);
        for first in (0x01..=0xFF).step_by(if cfg!(miri) { 15 } else { 1 }) {
            for second in [0x00, 0x05, 0x1F, 0x7F, 0x80, 0x81, 0xFF] {
                for third in [0x00, 0x05, 0x7F, 0x80, 0x81, 0xFF] {
                    let mut bytes = [0; 130];
                    [bytes[0], bytes[1], bytes[2], bytes[3]] = [first, second, third, 3];
                    for bytes in [&bytes[..], &bytes[..129], &bytes[..4], &bytes[..3]] {
                        let usual = second < 0x80 && (!has_more(first) || third < 0x80);
                        let long = Header::decode(bytes).ok().filter(|_| usual);
                        let short = Header::decode_short(bytes);
                        assert_eq!(
                            short.map(parts),
                            long.map(parts),
                            "{first:02X}{second:02X}{third:02X}"
                        );
                    }
                }
            }
        }
        for bytes in [&[0x9A][..], &[0x9A, 0x00], &[0x00; 9]] {
            assert!(Header::decode_short(bytes).is_none());
        }
    }
}
