//! Tags of one to four bytes, kept as they stand on the wire.

use crate::{Error, ErrorKind};
use core::{fmt, str::FromStr};

/// A tag: 1 to 4 bytes, kept as the big-endian number that they spell.
///
/// The bytes are kept, not BER's class and number, because EMV writes low numbers in the long form:
/// 9F02 and 82 are two tags.
///
/// # Examples
/// ```
/// use emv_tlv::Tag;
///
/// const OUTCOME: Tag = Tag::new(0xDF8129).unwrap();
/// assert_eq!(Tag::from_bytes(&[0xDF, 0x81, 0x29])?, OUTCOME);
/// assert_eq!(OUTCOME.to_string(), "DF8129");
/// # Ok::<(), emv_tlv::Error>(())
/// ```
/// Source: EMV 4.4 Book 3, Annex B.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tag(pub(crate) u32);

/// The class of a tag: the two highest bits of its first byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Class {
    /// 00.
    Universal,
    /// 01: of ISO/IEC 7816, such as 5A.
    Application,
    /// 10: of the template or specification that uses it, such as 82 and 9F02.
    ContextSpecific,
    /// 11: of an issuer, scheme or kernel, such as DF8129.
    Private,
}

impl Tag {
    /// The tag whose bytes spell this number: `0x9F02`, if it is a whole tag of 1 to 4 bytes.
    #[must_use]
    pub const fn new(raw: u32) -> Option<Self> {
        let [first, second, third, fourth] = raw.to_be_bytes();
        let whole = match (first, second, third) {
            (0, 0, 0) => fourth != 0 && !has_more(fourth),
            (0, 0, _) => has_more(third) && !goes_on(fourth),
            (0, _, _) => has_more(second) && goes_on(third) && !goes_on(fourth),
            _ => has_more(first) && goes_on(second) && goes_on(third) && !goes_on(fourth),
        };
        if whole { Some(Self(raw)) } else { None }
    }

    /// The tag that these bytes are.
    ///
    /// # Errors
    /// [`ErrorKind::TruncatedTag`] if there are too few bytes, [`ErrorKind::TagTooLong`] if a fifth is due,
    /// [`ErrorKind::ZeroTag`] for 00, [`ErrorKind::TrailingBytes`] if bytes are left over.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        let (tag, rest) = Self::split(bytes).map_err(|kind| Error::new(kind, 0))?;
        if tag.0 == 0 {
            return Err(Error::new(ErrorKind::ZeroTag, 0));
        }
        if !rest.is_empty() {
            return Err(Error::at(ErrorKind::TrailingBytes, tag.encoded_len()));
        }
        Ok(tag)
    }

    /// The tag at the front, and what follows. A 00 is for the caller to refuse: at most callers it cannot occur.
    #[inline]
    pub(crate) const fn split(bytes: &[u8]) -> Result<(Self, &[u8]), ErrorKind> {
        let Some((&first, mut rest)) = bytes.split_first() else {
            return Err(ErrorKind::TruncatedTag);
        };
        let mut tag = u32::from_be_bytes([0, 0, 0, first]);
        if !has_more(first) {
            return Ok((Self(tag), rest));
        }
        // A fifth byte would push the first out.
        while tag >> 24 == 0 {
            let Some((&byte, after)) = rest.split_first() else {
                return Err(ErrorKind::TruncatedTag);
            };
            tag = tag << 8 | u32::from_be_bytes([0, 0, 0, byte]);
            rest = after;
            if !goes_on(byte) {
                return Ok((Self(tag), rest));
            }
        }
        Err(ErrorKind::TagTooLong)
    }

    /// The number that the tag's bytes spell: `0x9F02`.
    #[inline]
    #[must_use]
    pub const fn raw(self) -> u32 {
        self.0
    }

    /// How many bytes the tag has: 1 to 4.
    #[inline]
    #[must_use]
    pub const fn encoded_len(self) -> usize {
        match self.0 {
            0..=0xFF => 1,
            0x100..=0xFFFF => 2,
            0x1_0000..=0xFF_FFFF => 3,
            _ => 4,
        }
    }

    /// The tag's first byte, which holds its class and form.
    #[inline]
    const fn first(self) -> u8 {
        // Shifts out the bytes that the tag does not have; its first is never 00.
        let [first, ..] = (self.0 << (self.0.leading_zeros() & 0x18)).to_be_bytes();
        first
    }

    /// Whether the tag is of a template, whose value is objects again.
    #[inline]
    #[must_use]
    pub const fn is_constructed(self) -> bool {
        is_constructed(self.first())
    }

    /// The tag's class.
    #[must_use]
    pub const fn class(self) -> Class {
        match self.first() >> 6 {
            0 => Class::Universal,
            1 => Class::Application,
            2 => Class::ContextSpecific,
            _ => Class::Private,
        }
    }
}

/// Whether a first byte announces more bytes.
#[inline]
pub(crate) const fn has_more(first: u8) -> bool {
    first & 0x1F == 0x1F
}

/// The bit of a first byte that says template.
pub(crate) const CONSTRUCTED: u8 = 0x20;

/// Whether a first byte is of a template's tag.
#[inline]
pub(crate) const fn is_constructed(first: u8) -> bool {
    first & CONSTRUCTED != 0
}

/// Whether a byte after the first announces another.
#[inline]
const fn goes_on(byte: u8) -> bool {
    byte & 0x80 != 0
}

impl fmt::Display for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = [[0; 2]; 4];
        for (digits, byte) in text.iter_mut().zip(self.0.to_be_bytes()) {
            *digits = [digit(byte >> 4), digit(byte & 0x0F)];
        }
        let unused = 4usize.saturating_sub(self.encoded_len());
        let text = text.get(unused..).unwrap_or_default().as_flattened();
        f.pad(str::from_utf8(text).unwrap_or_default())
    }
}

/// A hexadecimal digit in upper case.
const fn digit(nibble: u8) -> u8 {
    match nibble {
        0..=9 => b'0'.wrapping_add(nibble),
        _ => b'A'.wrapping_sub(10).wrapping_add(nibble),
    }
}

impl fmt::Debug for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Tag({self})")
    }
}

impl FromStr for Tag {
    type Err = Error;

    /// Reads a tag in hexadecimal, in either case: `9F02`.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidText`] at the first character that is no digit, or at the end if a digit is
    /// missing; for bytes that are no tag the kinds of [`Tag::from_bytes`], at the start.
    fn from_str(text: &str) -> Result<Self, Error> {
        let mut raw = 0u32;
        for (at, digit) in text.chars().enumerate() {
            let digit = digit.to_digit(16).ok_or_else(|| Error::at(ErrorKind::InvalidText, at))?;
            if at >= 8 {
                return Err(Error::new(ErrorKind::TagTooLong, 0));
            }
            raw = raw << 4 | digit;
        }
        if !text.len().is_multiple_of(2) {
            return Err(Error::at(ErrorKind::InvalidText, text.len()));
        }
        let unused = 4usize.saturating_sub(text.len() / 2);
        Self::from_bytes(raw.to_be_bytes().get(unused..).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use std::{format, string::ToString};

    const TAG: Tag = crate::tags::AMOUNT_AUTHORISED;

    #[test]
    fn one_to_four_bytes() {
        for (bytes, raw) in [
            (&[0x5A][..], 0x5A),
            (&[0x9F, 0x02], 0x9F02),
            (&[0x9F, 0x00], 0x9F00),
            (&[0xFF, 0x0D], 0xFF0D),
            (&[0x9F, 0x81, 0x6E], 0x9F_816E),
            (&[0x9F, 0x80, 0x01], 0x9F_8001),
            (&[0xFF, 0xFF, 0xFF, 0x5A], 0xFFFF_FF5A),
        ] {
            let tag = Tag::from_bytes(bytes).unwrap();
            assert_eq!((tag.raw(), tag.encoded_len()), (raw, bytes.len()));
            assert_eq!(Tag::new(raw), Some(tag));
            assert_eq!(tag.to_string().parse(), Ok(tag));
            assert_eq!(tag.first(), bytes[0]);
        }
    }

    #[test]
    fn what_is_no_tag() {
        use ErrorKind::{TagTooLong, TrailingBytes, TruncatedTag, ZeroTag};
        for (bytes, kind, offset) in [
            (&[][..], TruncatedTag, 0),
            (&[0x9F], TruncatedTag, 0),
            (&[0x9F, 0x81], TruncatedTag, 0),
            (&[0x9F, 0x81, 0x82], TruncatedTag, 0),
            (&[0x9F, 0x81, 0x82, 0x83], TagTooLong, 0),
            (&[0x00], ZeroTag, 0),
            (&[0x5A, 0x00], TrailingBytes, 1),
            (&[0x9F, 0x02, 0x06], TrailingBytes, 2),
        ] {
            assert_eq!(Tag::from_bytes(bytes), Err(Error::new(kind, offset)), "{bytes:02X?}");
        }
        for raw in
            [0, 0x9F, 0x5A01, 0x9F81, 0x5A_0102, 0x9F_0203, 0x9F_8182, 0x9F81_8283, 0x5A00_0000]
        {
            assert_eq!(Tag::new(raw), None, "{raw:X}");
        }
    }

    #[test]
    fn text_that_is_no_tag() {
        use ErrorKind::{InvalidText, TagTooLong, TruncatedTag};
        for (text, kind, offset) in [
            ("", TruncatedTag, 0),
            ("9", InvalidText, 1),
            ("9G", InvalidText, 1),
            ("9F0", InvalidText, 3),
            ("9F", TruncatedTag, 0),
            ("+9", InvalidText, 0),
            ("9F81828384", TagTooLong, 0),
        ] {
            assert_eq!(text.parse::<Tag>(), Err(Error::new(kind, offset)), "{text}");
        }
        assert_eq!("bf0c".parse(), Ok(Tag(0xBF0C)));
    }

    #[test]
    fn is_shown_in_columns_as_text_is() {
        let shown = format!("{TAG:6}|{TAG:>6}|{TAG:-^6}|{TAG}");
        assert_eq!(shown, "9F02  |  9F02|-9F02-|9F02");
        assert_eq!(Tag(0x0A).to_string(), "0A");
        assert_eq!(format!("{:?}", Tag(0xDFAB_CD09)), "Tag(DFABCD09)");
    }

    #[test]
    fn class_and_form() {
        let of = |raw| Tag::new(raw).map(|tag| (tag.class(), tag.is_constructed()));
        assert_eq!(of(0x02), Some((Class::Universal, false)));
        assert_eq!(of(0x5A), Some((Class::Application, false)));
        assert_eq!(of(0x70), Some((Class::Application, true)));
        assert_eq!(of(0x9F02), Some((Class::ContextSpecific, false)));
        assert_eq!(of(0xBF0C), Some((Class::ContextSpecific, true)));
        assert_eq!(of(0xDF_8129), Some((Class::Private, false)));
        assert_eq!(of(0xFFFF_FF5A), Some((Class::Private, true)));
    }
}
