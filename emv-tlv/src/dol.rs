//! Data object lists: what one side asks of the other, by tag and length.

use crate::{
    Error, ErrorKind, Tag,
    dictionary::{Format, lookup},
};
use core::{fmt, iter::FusedIterator, mem::take};

/// A data object list (PDOL, CDOL1, CDOL2, TDOL, DDOL): tags and lengths without values, checked.
///
/// The length is one byte and counts 0 to 255: it has no long form, so 81 stands for 129.
///
/// # Examples
/// ```
/// use emv_tlv::{Dol, tags};
///
/// let list = Dol::parse(&[0x9F, 0x02, 0x06, 0x9F, 0x37, 0x04])?;
/// let mut buffer = [0; 32];
/// let data = list.fill(&mut buffer, |tag| match tag {
///     tags::AMOUNT_AUTHORISED => Some(&[0x12, 0x34]),
///     _ => None,
/// })?;
/// assert_eq!(data, [0, 0, 0, 0, 0x12, 0x34, 0, 0, 0, 0]);
/// # Ok::<(), emv_tlv::Error>(())
/// ```
/// Source: EMV 4.4 Book 3, 5.4.
#[derive(Clone, Copy)]
pub struct Dol<'a> {
    bytes: &'a [u8],
    data_len: usize,
}

impl<'a> Dol<'a> {
    /// Checks a list: every tag is whole and has its length.
    ///
    /// # Errors
    /// [`ErrorKind::TruncatedTag`], [`ErrorKind::TagTooLong`] and [`ErrorKind::ZeroTag`] at the tag;
    /// [`ErrorKind::TruncatedLength`] where a length is missing.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, Error> {
        let mut rest = bytes;
        let mut data_len = 0usize;
        while !rest.is_empty() {
            let (_, length, after) = split_entry(rest).map_err(|kind| {
                // A length can be missing only at the end.
                let missing = if kind == ErrorKind::TruncatedLength { 0 } else { rest.len() };
                Error::at(kind, bytes.len().saturating_sub(missing))
            })?;
            data_len = data_len.saturating_add(usize::from(length));
            rest = after;
        }
        Ok(Self { bytes, data_len })
    }

    /// The list's entries: each tag and the length of its data in bytes.
    #[inline]
    #[must_use]
    pub const fn entries(&self) -> DolEntries<'a> {
        DolEntries { rest: self.bytes }
    }

    /// The length of the data that the list asks for: the sum of the entries' lengths.
    #[inline]
    #[must_use]
    pub const fn data_len(&self) -> usize {
        self.data_len
    }

    /// Writes the data that the list asks for to the front of `out`, and returns it.
    ///
    /// `value` looks up an element. None, and any template, becomes zeros. A value that is too long loses
    /// bytes on the left if its format is numeric, on the right otherwise; one that is too short is filled with 00 on the
    /// left if numeric, with FF on the right if compressed numeric, with 00 on the right otherwise. A tag that
    /// the [`dictionary`](crate::dictionary) does not know counts as binary.
    ///
    /// # Errors
    /// [`ErrorKind::BufferTooSmall`] at the end of `out`, before anything is written, if it is shorter than
    /// [`data_len`](Self::data_len).
    ///
    /// Source: EMV 4.4 Book 3, 5.4.
    pub fn fill<'o, 'v>(
        &self,
        out: &'o mut [u8],
        mut value: impl FnMut(Tag) -> Option<&'v [u8]>,
    ) -> Result<&'o [u8], Error> {
        let room = out.len();
        let data = out
            .get_mut(..self.data_len)
            .ok_or_else(|| Error::at(ErrorKind::BufferTooSmall, room))?;
        let mut rest = &mut *data;
        for (tag, length) in self.entries() {
            // The parts add up to `data_len`, so each is there.
            let (field, after) =
                take(&mut rest).split_at_mut_checked(usize::from(length)).unwrap_or_default();
            rest = after;
            let value = if tag.is_constructed() { None } else { value(tag) };
            match value {
                Some(value) => fit(value, lookup(tag).map(|entry| entry.format), field),
                None => field.fill(0),
            }
        }
        Ok(data)
    }
}

impl fmt::Debug for Dol<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.entries()).finish()
    }
}

/// Cuts or fills a value to a field's length.
fn fit(value: &[u8], format: Option<Format>, field: &mut [u8]) {
    field.fill(if format == Some(Format::Cn) { 0xFF } else { 0x00 });
    if format == Some(Format::N) {
        field.iter_mut().rev().zip(value.iter().rev()).for_each(|(to, from)| *to = *from);
    } else {
        field.iter_mut().zip(value).for_each(|(to, from)| *to = *from);
    }
}

/// The iterator of [`Dol::entries`].
#[derive(Clone, Debug)]
pub struct DolEntries<'a> {
    rest: &'a [u8],
}

impl Iterator for DolEntries<'_> {
    type Item = (Tag, u8);

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        // `parse` has been over it: there is no error but the end.
        let (tag, length, rest) = split_entry(self.rest).ok()?;
        self.rest = rest;
        Some((tag, length))
    }
}

impl FusedIterator for DolEntries<'_> {}

/// The entry at the front, and what follows.
#[inline]
fn split_entry(bytes: &[u8]) -> Result<(Tag, u8, &[u8]), ErrorKind> {
    let (tag, rest) = Tag::split(bytes)?;
    if tag.raw() == 0 {
        return Err(ErrorKind::ZeroTag);
    }
    let (&length, rest) = rest.split_first().ok_or(ErrorKind::TruncatedLength)?;
    Ok((tag, length, rest))
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use hex_literal::hex;
    use std::{format, vec::Vec};

    #[test]
    fn tags_of_any_length_and_lengths_of_one_byte() {
        let bytes = hex!("5A FF 9F0200 DF8129 80 FFFFFF5A 01");
        let list = Dol::parse(&bytes).unwrap();
        let entries = list.entries().map(|(tag, length)| (tag.raw(), length));
        let expect = [(0x5A, 255), (0x9F02, 0), (0xDF_8129, 128), (0xFFFF_FF5A, 1)];
        assert_eq!(entries.collect::<Vec<_>>(), expect);
        assert_eq!(list.data_len(), 384);
        assert_eq!(Dol::parse(&[]).unwrap().data_len(), 0);
        let list = Dol::parse(&bytes[..5]).unwrap();
        assert_eq!(format!("{list:?}"), "{Tag(5A): 255, Tag(9F02): 0}");
    }

    #[test]
    fn what_is_no_list() {
        use ErrorKind::{TagTooLong, TruncatedLength, TruncatedTag, ZeroTag};
        for (bytes, kind, offset) in [
            (&hex!("5A")[..], TruncatedLength, 1),
            (&hex!("9F0206 9F37"), TruncatedLength, 5),
            (&hex!("9F0206 9F"), TruncatedTag, 3),
            (&hex!("9F0206 9F81"), TruncatedTag, 3),
            (&hex!("9F0206 9F8182838401"), TagTooLong, 3),
            (&hex!("9F0206 0001"), ZeroTag, 3),
        ] {
            assert_eq!(Dol::parse(bytes).unwrap_err(), Error::new(kind, offset), "{bytes:02X?}");
        }
    }

    #[test]
    fn each_format_is_cut_and_filled_in_its_own_way() {
        const THREE: &[u8] = &[1, 2, 3];
        for (tag, value, expect) in [
            // 9F02 is n, 5A is cn, 95 is b, 5F20 is ans, 5F2D is an, 5F55 is a.
            (hex!("9F02"), Some(THREE), [&hex!("0203")[..], &hex!("0000010203")]),
            (hex!("9F20"), Some(THREE), [&hex!("0102"), &hex!("010203FFFF")]),
            (hex!("9F10"), Some(THREE), [&hex!("0102"), &hex!("0102030000")]),
            (hex!("5F20"), Some(THREE), [&hex!("0102"), &hex!("0102030000")]),
            (hex!("5F2D"), Some(THREE), [&hex!("0102"), &hex!("0102030000")]),
            (hex!("5F55"), Some(THREE), [&hex!("0102"), &hex!("0102030000")]),
            // Unknown to the dictionary; constructed; not there.
            (hex!("DF7F"), Some(THREE), [&hex!("0102"), &hex!("0102030000")]),
            (hex!("BF0C"), Some(THREE), [&hex!("0000"), &hex!("0000000000")]),
            (hex!("9F20"), None, [&hex!("0000"), &hex!("0000000000")]),
            (hex!("9F02"), Some(&[]), [&hex!("0000"), &hex!("0000000000")]),
        ] {
            for (length, expect) in [2, 5].into_iter().zip(expect) {
                let bytes = [tag[0], tag[1], length];
                let mut out = [0x55; 8];
                let data = Dol::parse(&bytes).unwrap().fill(&mut out, |_| value).unwrap();
                assert_eq!(data, expect, "{tag:02X?}");
            }
        }
    }

    #[test]
    fn a_short_buffer_is_left_alone() {
        let list = Dol::parse(&hex!("9F0206 9F3704")).unwrap();
        let mut out = [0x55; 9];
        let error = list.fill(&mut out, |_| Some(&[1])).unwrap_err();
        assert_eq!((error, out), (Error::new(ErrorKind::BufferTooSmall, 9), [0x55; 9]));
        let mut out = [0x55; 11];
        assert_eq!(list.fill(&mut out, |_| Some(&[1])).unwrap(), hex!("00000000000101000000"));
        assert_eq!(out[10], 0x55);
    }
}
