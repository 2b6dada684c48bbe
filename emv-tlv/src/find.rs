//! Objects by the tags that lead to them.

use crate::{DEFAULT_DEPTH, Error, Padding, Tag, Tlv, descent::Descent};
use core::{fmt, iter::FusedIterator};

/// The first object that a path of tags leads to: `[6F, A5, BF0C]` is the BF0C in an A5 in a 6F.
///
/// Templates on the path are entered, all with the same tag if need be; what is in others is passed over unchecked, however deep
/// it is. For limits, padding or tags of one's own: `find_all(..).budget(100).next().transpose()`.
///
/// # Errors
/// Of what is read on the way, those of [`Matches`]; what follows the object is not read.
///
/// # Examples
/// ```
/// use emv_tlv::{find, tags};
///
/// let response = [0x77, 0x04, 0x82, 0x02, 0x19, 0x80];
/// let path = [tags::RESPONSE_TEMPLATE_FORMAT_2, tags::APPLICATION_INTERCHANGE_PROFILE];
/// let profile = find(&response, &path)?.ok_or("no profile")?;
/// assert_eq!(profile.value(), [0x19, 0x80]);
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
/// Source: EMV 4.4 Book 3, Annex B.
pub fn find<'a>(bytes: &'a [u8], path: &[Tag]) -> Result<Option<Tlv<'a>>, Error> {
    find_all(bytes, path).next().transpose()
}

/// Every object that a path of tags leads to, in order, within the default limits; see [`find`].
///
/// # Examples
/// ```
/// use emv_tlv::{find_all, tags};
///
/// let list = [0x70, 0x03, 0x87, 0x01, 0x01, 0x70, 0x03, 0x87, 0x01, 0x02];
/// let path = [tags::READ_RECORD_TEMPLATE, tags::APPLICATION_PRIORITY_INDICATOR];
/// assert_eq!(find_all(&list, &path).count(), 2);
/// ```
/// Source: EMV 4.4 Book 3, Annex B.
#[inline]
#[must_use]
pub fn find_all<'a, 'p>(bytes: &'a [u8], path: &'p [Tag]) -> Matches<'a, 'p> {
    Matches::with_depth(bytes, path)
}

/// The iterator of [`find_all`]: yields each match, or the first error and then nothing more.
///
/// `DEPTH` is how many templates of the path may be open at once, at 4 bytes each; `P` is the list of tags that are
/// [taken for primitive](Self::primitive).
///
/// # Errors
/// Those of [`Tlvs`](crate::Tlvs), and [`ErrorKind::TooManyObjects`](crate::ErrorKind::TooManyObjects) at the first object over
/// the budget, at each level that the path leads through; [`ErrorKind::TooDeep`](crate::ErrorKind::TooDeep) at a template on the
/// path that would be one too many open.
///
/// # Examples
/// ```
/// use emv_tlv::{Matches, tags};
///
/// let path = [tags::READ_RECORD_TEMPLATE, tags::TRANSACTION_TYPE];
/// let record = [0x70, 0x03, 0x9C, 0x01, 0x20];
/// let mut found = Matches::<1>::with_depth(&record, &path).budget(10);
/// let refund = found.next().ok_or("no type")??;
/// assert_eq!((refund.value(), found.path()), (&[0x20][..], &path[..1]));
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
/// Source: EMV 4.4 Book 3, Annex B.
#[derive(Clone)]
pub struct Matches<'a, 'p, const DEPTH: usize = DEFAULT_DEPTH, P = [Tag; 0]> {
    descent: Descent<'a, DEPTH>,
    path: &'p [Tag],
    primitive: P,
}

impl<'a, 'p, const DEPTH: usize> Matches<'a, 'p, DEPTH> {
    /// A search with a depth limit of its own: `Matches::<4>::with_depth(bytes, &path)`.
    #[inline]
    #[must_use]
    pub fn with_depth(bytes: &'a [u8], path: &'p [Tag]) -> Self {
        let mut matches = Self { descent: Descent::EMPTY, path, primitive: [] };
        matches.descent.start(bytes);
        matches
    }
}

impl<'a, 'p, const DEPTH: usize, P> Matches<'a, 'p, DEPTH, P> {
    /// The same search with another padding policy.
    #[inline]
    #[must_use]
    pub fn padding(mut self, padding: Padding) -> Self {
        self.descent.level.padding = padding;
        self
    }

    /// The same search that reads at most so many objects, matches or not; one more is an error.
    #[inline]
    #[must_use]
    pub fn budget(mut self, objects: u32) -> Self {
        self.descent.budget = objects;
        self
    }

    /// The same search that takes objects with these tags for [primitive](Tlv::as_primitive): they may be found, not entered.
    #[inline]
    #[must_use]
    pub fn primitive<Q: AsRef<[Tag]>>(self, tags: Q) -> Matches<'a, 'p, DEPTH, Q> {
        Matches { descent: self.descent, path: self.path, primitive: tags }
    }

    /// The tags of the templates around what was last yielded, or around the place at fault: a beginning of the path.
    #[must_use]
    pub fn path(&self) -> &'p [Tag] {
        self.path.get(..self.descent.around()).unwrap_or_default()
    }
}

impl<'a, const DEPTH: usize, P: AsRef<[Tag]>> Iterator for Matches<'a, '_, DEPTH, P> {
    type Item = Result<Tlv<'a>, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let Some(object) = self.descent.read() else { return self.descent.end().map(Err) };
            // Only templates on the path are open, so the tags around this one agree.
            let mut from_here = self.path.iter().skip(self.descent.around());
            if from_here.next() != Some(&object.tag()) {
                continue;
            }
            let told = self.primitive.as_ref().contains(&object.tag());
            if from_here.next().is_none() {
                return Some(Ok(if told { object.as_primitive() } else { object }));
            }
            if object.is_constructed() && !told && !self.descent.open(&object) {
                return Some(Err(self.descent.refuse(&object)));
            }
        }
    }
}

impl<const DEPTH: usize, P: AsRef<[Tag]>> FusedIterator for Matches<'_, '_, DEPTH, P> {}

impl<const DEPTH: usize, P> fmt::Debug for Matches<'_, '_, DEPTH, P> {
    /// Shows where the search is, never the bytes.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Matches")
            .field("path", &self.path())
            .field("offset", &self.descent.level.offset)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use crate::{ErrorKind, tags};
    use hex_literal::hex;
    use std::vec::Vec;

    const LABELS: [Tag; 3] =
        [tags::FCI_PROPRIETARY_TEMPLATE, tags::APPLICATION_TEMPLATE, tags::APPLICATION_LABEL];

    #[test]
    fn finds_first_and_all_in_templates_that_repeat() {
        let bytes =
            hex!("A5 10 61 02 4F00 50 01 30 61 03 50 01 31 61 00 88 00 A5 05 61 03 50 01 32");
        let first = find(&bytes, &LABELS).unwrap().unwrap();
        assert_eq!((first.value(), first.offset()), (&b"1"[..], 11));
        let all = find_all(&bytes, &LABELS).map(|found| found.unwrap().value()[0]);
        assert_eq!(all.collect::<Vec<_>>(), b"12");
        assert!(find(&bytes, &[]).unwrap().is_none());
        assert!(find(&bytes, &LABELS[1..]).unwrap().is_none());
        let template = find(&bytes, &LABELS[..1]).unwrap().unwrap();
        assert_eq!(template.children().count(), 5);
    }

    #[test]
    fn reads_only_what_is_on_the_way() {
        let bytes = hex!("E1 02 FFFF 9A 01 26 9C 80");
        assert!(find(&bytes, &[tags::TRANSACTION_DATE]).unwrap().is_some());
        let error = find(&bytes, &[tags::TRANSACTION_TYPE]).unwrap_err();
        assert_eq!((error.kind(), error.offset()), (ErrorKind::IndefiniteLength, 8));
        assert_eq!(find(&bytes, &[Tag(0xE1), Tag(0x9C)]).unwrap_err().offset(), 2);
    }

    /// A template around a template, so many in all, around what is given.
    fn nest(depth: usize, inner: &[u8]) -> Vec<u8> {
        (0..depth).fold(inner.to_vec(), |value, _| {
            [&[0xE0, u8::try_from(value.len()).unwrap()], value.as_slice()].concat()
        })
    }

    #[test]
    fn only_templates_on_the_path_can_be_too_deep() {
        let mut path = [Tag(0xE0); DEFAULT_DEPTH + 1];
        path[DEFAULT_DEPTH] = tags::TRANSACTION_TYPE;
        let bytes = nest(DEFAULT_DEPTH, &hex!("E10299FF 9C00"));
        assert!(find(&bytes, &path).unwrap().is_some());
        assert!(find(&nest(30, &[]), &[tags::TRANSACTION_TYPE]).unwrap().is_none());
        let last = [&path[..DEFAULT_DEPTH], &[Tag(0xE0)]].concat();
        let bytes = nest(DEFAULT_DEPTH + 1, &hex!("9C00"));
        assert!(find(&bytes, &last).unwrap().is_some_and(|object| object.is_constructed()));
        let too_deep = [&last[..], &[tags::TRANSACTION_TYPE]].concat();
        let mut found = find_all(&bytes, &too_deep);
        let error = found.next().unwrap().unwrap_err();
        assert_eq!((error.kind(), error.offset()), (ErrorKind::TooDeep, 32));
        assert_eq!(found.path(), &path[..DEFAULT_DEPTH]);
        assert!(found.next().is_none());
        let mut found = Matches::<20>::with_depth(&bytes, &too_deep);
        assert_eq!(found.next().unwrap().unwrap().offset(), 34);
        let error = Matches::<0>::with_depth(&bytes, &path).next().unwrap().unwrap_err();
        assert_eq!((error.kind(), error.offset()), (ErrorKind::TooDeep, 0));
    }

    #[test]
    fn the_budget_counts_what_is_read() {
        let bytes = hex!("E1 02 9A00 E2 04 9A00 9C00 9A00");
        let path = [Tag(0xE2), tags::TRANSACTION_TYPE];
        assert!(find_all(&bytes, &path).budget(4).next().unwrap().is_ok());
        let mut found = find_all(&bytes, &path).budget(3);
        let error = found.next().unwrap().unwrap_err();
        assert_eq!((error.kind(), error.offset()), (ErrorKind::TooManyObjects, 8));
        assert_eq!(found.path(), [Tag(0xE2)]);
        assert_eq!(std::format!("{found:?}"), "Matches { path: [Tag(E2)], offset: 8, .. }");
    }

    #[test]
    fn what_is_told_to_be_primitive_is_found_and_not_entered() {
        let bytes = hex!("70 06 E1 02 FFFF 9C 00");
        let inside = [tags::READ_RECORD_TEMPLATE, Tag(0xE1), tags::TRANSACTION_DATE];
        let error = find(&bytes, &inside).unwrap_err();
        assert_eq!((error.kind(), error.offset()), (ErrorKind::TruncatedTag, 4));
        assert!(find_all(&bytes, &inside).primitive([Tag(0xE1)]).next().is_none());
        let found = find_all(&bytes, &inside[..2]).primitive([Tag(0xE1)]).next().unwrap().unwrap();
        assert_eq!((found.value(), found.is_constructed()), (&[0xFF, 0xFF][..], false));
        let deep = Matches::<1>::with_depth(&bytes, &inside).primitive([Tag(0xE1)]).next();
        assert!(deep.is_none());
    }

    #[test]
    fn takes_a_padding_policy() {
        let bytes = hex!("70 06 FFFFFF 9C 01 01");
        let path = [tags::READ_RECORD_TEMPLATE, tags::TRANSACTION_TYPE];
        assert!(find(&bytes, &path).is_err());
        assert_eq!(find_all(&bytes, &path).padding(Padding::Lenient).count(), 1);
    }
}
