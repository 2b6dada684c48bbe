//! Data object lists: what one side asks of the other, by tag and length.

mod fit;
mod kind;
mod values;

use crate::{Error, ErrorKind, Tag, dictionary::lookup};
use core::{fmt, iter::FusedIterator, mem::take};

pub use self::{
    fit::{Fit, FittedEntry, Side},
    kind::DolKind,
    values::DolValues,
};

/// A data object list (PDOL, CDOL1, CDOL2, TDOL, DDOL, UDOL, log format): tags and lengths without values, checked.
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
/// A terminal's own list is checked, and its buffer measured, by the compiler:
/// ```
/// use emv_tlv::Dol;
///
/// const DDOL: Dol<'static> = match Dol::parse(&[0x9F, 0x37, 0x04]) {
///     Ok(list) => list,
///     Err(_) => panic!("no list"),
/// };
/// let mut buffer = [0; DDOL.data_len()];
/// # let _ = DDOL.fill(&mut buffer, |_| Some(&[1, 2, 3, 4]))?;
/// # Ok::<(), emv_tlv::Error>(())
/// ```
/// Source: EMV 4.4 Book 3, 5.4.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
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
    pub const fn parse(bytes: &'a [u8]) -> Result<Self, Error> {
        let mut rest = bytes;
        let mut data_len = 0usize;
        while !rest.is_empty() {
            match split_entry(rest) {
                Ok((_, length, after)) => {
                    data_len = data_len.saturating_add(length as usize);
                    rest = after;
                }
                Err(kind) => {
                    // A length can be missing only at the end.
                    let at_end = matches!(kind, ErrorKind::TruncatedLength);
                    let missing = if at_end { 0 } else { rest.len() };
                    return Err(Error::at(kind, bytes.len().saturating_sub(missing)));
                }
            }
        }
        Ok(Self { bytes, data_len })
    }

    /// The list as it is encoded.
    #[inline]
    #[must_use]
    pub const fn as_bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// The list's entries: each tag and the length of its data in bytes.
    #[inline]
    #[must_use]
    pub const fn entries(&self) -> DolEntries<'a> {
        DolEntries { rest: self.bytes }
    }

    /// Whether the list asks for an element: for a byte of it at least.
    #[must_use]
    pub fn asks_for(&self, tag: Tag) -> bool {
        self.entries().any(|(entry, length)| entry == tag && length > 0)
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
            let (fit, value) = fitted(tag, length, &mut value);
            fit.write(value.unwrap_or_default(), field);
        }
        Ok(data)
    }

    /// Says what [`fill`](Self::fill) does with the same values, entry by entry: what is cut, what is added, what is missing.
    ///
    /// # Examples
    /// ```
    /// use emv_tlv::{Dol, Fit, tags};
    ///
    /// let list = Dol::parse(&[0x9F, 0x02, 0x06, 0x9F, 0x37, 0x04])?;
    /// let mut entries = list.explain(|tag| match tag {
    ///     tags::AMOUNT_AUTHORISED => Some(&[0x12, 0x34]),
    ///     _ => None,
    /// });
    /// let amount = entries.next().map(|entry| entry.to_string());
    /// assert_eq!(amount.as_deref(), Some("9F02 6 bytes: 4 bytes 00 added on the left"));
    /// assert!(entries.any(|entry| entry.fit == Fit::Absent)); // no Unpredictable Number
    /// # Ok::<(), emv_tlv::Error>(())
    /// ```
    /// Source: EMV 4.4 Book 3, 5.4.
    pub fn explain<'v>(
        &self,
        mut value: impl FnMut(Tag) -> Option<&'v [u8]>,
    ) -> impl Iterator<Item = FittedEntry> {
        self.entries().map(move |(tag, length)| {
            let (fit, _) = fitted(tag, length, &mut value);
            FittedEntry { tag, length, known: lookup(tag).is_some(), fit }
        })
    }
}

/// An entry's value, and what it needs. No value is looked up for a template.
fn fitted<'v>(
    tag: Tag,
    length: u8,
    value: &mut impl FnMut(Tag) -> Option<&'v [u8]>,
) -> (Fit, Option<&'v [u8]>) {
    let value = if tag.is_constructed() { None } else { value(tag) };
    (Fit::of(tag, length, value), value)
}

impl fmt::Debug for Dol<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.entries()).finish()
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
const fn split_entry(bytes: &[u8]) -> Result<(Tag, u8, &[u8]), ErrorKind> {
    let (tag, rest) = match Tag::split(bytes) {
        Ok(split) => split,
        Err(kind) => return Err(kind),
    };
    if tag.raw() == 0 {
        return Err(ErrorKind::ZeroTag);
    }
    match rest.split_first() {
        Some((&length, rest)) => Ok((tag, length, rest)),
        None => Err(ErrorKind::TruncatedLength),
    }
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
        assert_eq!(format!("{list:?}"), "[(Tag(5A), 255), (Tag(9F02), 0)]");
        assert_eq!(list.as_bytes(), &bytes[..5]);
        assert!(list.asks_for(crate::tags::PAN) && !list.asks_for(crate::tags::AMOUNT_AUTHORISED));
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
