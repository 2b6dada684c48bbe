//! The objects of one level.

use crate::{Error, ErrorKind, Padding, Tlv, tlv::Header};
use core::{fmt, iter::FusedIterator};

/// What is left to read of one level: the input, or the value of a template.
#[derive(Clone, Copy)]
pub(crate) struct Level<'a> {
    pub(crate) rest: &'a [u8],
    /// Where `rest` begins in the input; it cannot wrap, as a longer input is refused.
    pub(crate) offset: u32,
    pub(crate) depth: u8,
    pub(crate) padding: Padding,
    /// Whether the input is, so that it is refused instead of read.
    pub(crate) too_long: bool,
}

impl<'a> Level<'a> {
    #[inline]
    pub(crate) fn new(input: &'a [u8], padding: Padding) -> Self {
        let too_long = is_too_long(input.len());
        let rest = if too_long { &[] } else { input };
        Self { rest, offset: 0, depth: 0, padding, too_long }
    }

    /// The level in a template.
    #[inline]
    pub(crate) const fn inside(value: &'a [u8], offset: u32, depth: u8, padding: Padding) -> Self {
        Self { rest: value, offset, depth, padding, too_long: false }
    }

    /// The header of the next object, behind its padding and in any form; none at the level's end, and where there is no object.
    #[cold]
    pub(crate) fn next_header(&mut self) -> Option<Header> {
        while let Some(&first) = self.rest.first() {
            if matches!(first, 0x00 | 0xFF) && self.skip_padding() {
                continue;
            }
            return Header::decode(self.rest).ok();
        }
        None
    }

    /// The next object; none at the level's end, and where [`fault`](Self::fault) says why.
    #[inline]
    pub(crate) fn next_object(&mut self) -> Option<Tlv<'a>> {
        let header = match Header::decode_short(self.rest) {
            Some(header) => return Tlv::take(self, header),
            None => self.next_header()?,
        };
        Tlv::take(self, header)
    }

    /// Why no object can be read here; none if there is one, and at the level's end.
    #[inline]
    pub(crate) fn fault(&self) -> Option<Error> {
        if self.too_long {
            return Some(Error::new(ErrorKind::InputTooLong, 0));
        }
        let (kind, within) = match self.rest {
            [] => return None,
            rest => Header::decode(rest).err()?,
        };
        Some(Error::new(kind, self.offset.saturating_add(u32::from(within))))
    }

    /// Leaves nothing to be read.
    pub(crate) fn stop(&mut self) {
        self.rest = &[];
        self.too_long = false;
    }

    /// Skips the 00 or FF at the front if they are padding; says whether they were.
    fn skip_padding(&mut self) -> bool {
        let pad = match *self.rest {
            [0x00, ..] => 0x00,
            [0xFF, ..] if self.padding == Padding::Strict => return false,
            [0xFF, 0xFF, ..] => 0xFF,
            _ if Header::decode(self.rest).is_ok() => return false,
            _ => 0xFF,
        };
        while let Some((&first, after)) = self.rest.split_first()
            && first == pad
        {
            self.rest = after;
            self.offset = self.offset.wrapping_add(1);
        }
        true
    }
}

/// Whether an input has more bytes than offsets count.
#[inline]
pub(crate) fn is_too_long(len: usize) -> bool {
    u32::try_from(len).is_err()
}

#[inline]
pub(crate) fn to_usize(count: u32) -> usize {
    // Where usize is narrower, no slice is that long, and the next check says so.
    usize::try_from(count).unwrap_or(usize::MAX)
}

/// The objects of one level of `bytes`, strict about padding.
///
/// # Examples
/// ```
/// let field_55 = [0x9A, 0x03, 0x26, 0x11, 0x23, 0x9C, 0x01, 0x00];
/// for object in emv_tlv::parse(&field_55) {
///     let object = object?;
///     println!("{}: {} bytes", object.tag(), object.value().len());
/// }
/// # Ok::<(), emv_tlv::Error>(())
/// ```
/// Source: EMV 4.4 Book 3, Annex B.
#[inline]
#[must_use]
pub fn parse(bytes: &[u8]) -> Tlvs<'_> {
    parse_with(bytes, Padding::Strict)
}

/// The objects of one level of `bytes`, by a padding policy.
///
/// # Examples
/// ```
/// use emv_tlv::{Padding, parse_with};
///
/// let padded = [0x87, 0x01, 0x01, 0xFF, 0xFF];
/// assert_eq!(parse_with(&padded, Padding::Lenient).count(), 1);
/// ```
/// Source: EMV 4.4 Book 3, Annex B.
#[inline]
#[must_use]
pub fn parse_with(bytes: &[u8], padding: Padding) -> Tlvs<'_> {
    Tlvs { level: Level::new(bytes, padding) }
}

/// The iterator of [`parse`]: yields each object, or the first error and then nothing more.
///
/// A template is yielded as it stands; what is in it is checked by [`Tlv::children`] or [`walk`](crate::walk).
///
/// # Errors
/// At the tag [`ErrorKind::TruncatedTag`] and [`ErrorKind::TagTooLong`]; at the length
/// [`ErrorKind::TruncatedLength`], [`ErrorKind::LengthTooLong`] and [`ErrorKind::IndefiniteLength`]; at the value
/// [`ErrorKind::TruncatedValue`]; at once [`ErrorKind::InputTooLong`].
#[derive(Clone)]
pub struct Tlvs<'a> {
    pub(crate) level: Level<'a>,
}

impl Tlvs<'_> {
    #[cold]
    fn end(&mut self) -> Option<Error> {
        let error = self.level.fault();
        self.level.stop();
        error
    }
}

impl<'a> Iterator for Tlvs<'a> {
    type Item = Result<Tlv<'a>, Error>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        match self.level.next_object() {
            Some(object) => Some(Ok(object)),
            None => self.end().map(Err),
        }
    }
}

impl FusedIterator for Tlvs<'_> {}

impl fmt::Debug for Tlvs<'_> {
    /// Shows how much is left, never the bytes.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tlvs").field("bytes_left", &self.level.rest.len()).finish()
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use hex_literal::hex;
    use std::vec::Vec;

    fn tags(bytes: &[u8], padding: Padding) -> Result<Vec<u32>, Error> {
        parse_with(bytes, padding).map(|object| object.map(|object| object.tag().raw())).collect()
    }

    #[test]
    fn zeros_pad_everywhere_under_both_policies() {
        for bytes in [&hex!("")[..], &hex!("00"), &hex!("000000")] {
            assert_eq!(tags(bytes, Padding::Strict), Ok(Vec::new()));
            assert_eq!(tags(bytes, Padding::Lenient), Ok(Vec::new()));
        }
        let bytes = hex!("00 9C0101 0000 9A00 00");
        assert_eq!(tags(&bytes, Padding::Strict), Ok([0x9C, 0x9A].into()));
        assert_eq!(tags(&bytes, Padding::Lenient), Ok([0x9C, 0x9A].into()));
    }

    #[test]
    fn lenient_tells_padding_from_private_tags() {
        for (bytes, expect) in [
            (&hex!("FF0D 03 9C0101 9A00")[..], &[0xFF0D, 0x9A][..]),
            (&hex!("FF 9C0101"), &[0x9C]),
            (&hex!("FFFF 0D00"), &[0x0D]),
            (&hex!("9C0101 FF"), &[0x9C]),
            (&hex!("9C0101 FFFFFFFF"), &[0x9C]),
            (&hex!("FF0000 FF 9C0101"), &[0xFF00, 0x9C]),
            (&hex!("FF8001 00 FF FF 9C00"), &[0xFF_8001, 0x9C]),
        ] {
            assert_eq!(tags(bytes, Padding::Lenient), Ok(expect.into()), "{bytes:02X?}");
        }
        // FF818283.. is too long for a tag, so the FF is skipped; what follows is an object cut short.
        let error = tags(&hex!("FF 81828384 00"), Padding::Lenient).unwrap_err();
        assert_eq!((error.kind(), error.offset()), (ErrorKind::TruncatedValue, 5));
    }

    #[test]
    fn nothing_follows_an_error() {
        let bytes = hex!("9C0101 9A80 9C0101");
        let mut objects = parse(&bytes);
        assert!(objects.next().unwrap().is_ok());
        assert_eq!(objects.next().unwrap().unwrap_err().offset(), 4);
        assert!(objects.next().is_none());
    }

    #[test]
    fn an_input_that_offsets_do_not_count_is_refused() {
        assert!(!is_too_long(u32::MAX as usize));
        #[cfg(target_pointer_width = "64")]
        assert!(is_too_long(1 << 32));
        let mut objects = parse(&[]);
        objects.level.too_long = true;
        let error = objects.next().unwrap().unwrap_err();
        assert_eq!(error, Error::new(ErrorKind::InputTooLong, 0));
        assert!(objects.next().is_none());
    }

    #[test]
    fn debug_shows_no_bytes() {
        let bytes = hex!("5A 08 4111111111111111");
        assert_eq!(std::format!("{:?}", parse(&bytes)), "Tlvs { bytes_left: 10 }");
    }
}
