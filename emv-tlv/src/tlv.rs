//! One data object, borrowed.

use crate::{
    Error, ErrorKind, Padding, Tag,
    level::{Level, Tlvs, to_usize},
    tag::{has_more, is_constructed},
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
    header: u8,
    padding: Padding,
}

impl<'a> Tlv<'a> {
    /// The object at the front of a level, how long it is, and what of the level follows it.
    #[inline]
    pub(crate) fn decode(level: &Level<'a>) -> Result<(Self, u32, &'a [u8]), Error> {
        let Level { rest, offset, depth, padding } = *level;
        let Header { tag, len: header, total } =
            Header::decode(rest).map_err(|(kind, at)| fault(kind, offset, at))?;
        match rest.split_at_checked(to_usize(total)) {
            Some((encoded, after)) => {
                Ok((Self { encoded, tag, offset, depth, header, padding }, total, after))
            }
            None => Err(fault(ErrorKind::TruncatedValue, offset, header)),
        }
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
    #[inline]
    #[must_use]
    pub const fn is_constructed(&self) -> bool {
        matches!(*self.encoded, [first, ..] if is_constructed(first))
    }

    /// The objects in a template, one level down; none in a primitive object.
    ///
    /// Offsets and depths go on from the template's own, and so does the padding policy.
    #[must_use]
    pub fn children(&self) -> Tlvs<'a> {
        let level = Level {
            rest: if self.is_constructed() { self.value() } else { &[] },
            offset: self.value_offset(),
            depth: self.depth.saturating_add(1),
            padding: self.padding,
        };
        Tlvs { level, too_long: false }
    }
}

#[cold]
fn fault(kind: ErrorKind, offset: u32, within: u8) -> Error {
    Error::new(kind, offset.saturating_add(u32::from(within)))
}

/// What stands before a value.
struct Header {
    tag: Tag,
    /// How many bytes tag and length have.
    len: u8,
    /// How many the whole object has, the value included.
    total: u32,
}

impl Header {
    /// The header at the front; or what is wrong with it, and where in it.
    #[inline]
    fn decode(bytes: &[u8]) -> Result<Self, (ErrorKind, u8)> {
        // Nearly every object has a tag of one or two bytes and a length of one.
        if let [first, second @ 0..0x80, ref after @ ..] = *bytes {
            if !has_more(first) {
                let total = u32::from(second).wrapping_add(2);
                return Ok(Self { tag: Tag(u32::from(first)), len: 2, total });
            }
            if let [length @ 0..0x80, ..] = *after {
                let tag = Tag(u32::from(first) << 8 | u32::from(second));
                return Ok(Self { tag, len: 3, total: u32::from(length).wrapping_add(3) });
            }
        }
        Self::decode_any(bytes)
    }

    #[cold]
    fn decode_any(bytes: &[u8]) -> Result<Self, (ErrorKind, u8)> {
        let (tag, after_tag) = Tag::split(bytes).map_err(|kind| (kind, 0))?;
        // Four bytes of tag and five of length at most.
        let read = |rest: &[u8]| u8::try_from(bytes.len().saturating_sub(rest.len())).unwrap_or(9);
        let length_at = read(after_tag);
        let (length, value) = split_length(after_tag).map_err(|kind| (kind, length_at))?;
        let len = read(value);
        let total = length.checked_add(u32::from(len)).ok_or((ErrorKind::TruncatedValue, len))?;
        Ok(Self { tag, len, total })
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
        for first in 0..=0xFF {
            for second in 0..=0xFF {
                for bytes in
                    [&[first, second][..], &[first, second, 0x05], &[first, second, 0x81, 3]]
                {
                    let parts = |header: Header| (header.tag, header.len, header.total);
                    let short = Header::decode(bytes).map(parts);
                    assert_eq!(short, Header::decode_any(bytes).map(parts), "{bytes:02X?}");
                }
            }
        }
    }
}
