//! Objects by the tags that lead to them.

use crate::{Error, Padding, Tag, Tlv, Walk};
use core::iter::FusedIterator;

/// The first object that a path of tags leads to: `[6F, A5, BF0C]` is the BF0C in an A5 in a 6F.
///
/// Templates on the path are entered, all with the same tag if need be; what is in others is passed over unchecked. A
/// template deeper than [`DEFAULT_DEPTH`](crate::DEFAULT_DEPTH) is refused all the same, on the path or off it.
///
/// # Errors
/// Of what is read on the way, the kinds of [`Walk`]; what follows the object is not read.
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
pub fn find<'a>(bytes: &'a [u8], path: &[Tag]) -> Result<Option<Tlv<'a>>, Error> {
    find_all(bytes, path).next().transpose()
}

/// Every object that a path of tags leads to, in order; see [`find`].
///
/// # Examples
/// ```
/// use emv_tlv::{find_all, tags};
///
/// let list = [0x70, 0x03, 0x87, 0x01, 0x01, 0x70, 0x03, 0x87, 0x01, 0x02];
/// let path = [tags::READ_RECORD_TEMPLATE, tags::APPLICATION_PRIORITY_INDICATOR];
/// assert_eq!(find_all(&list, &path).count(), 2);
/// ```
#[must_use]
pub fn find_all<'a, 'p>(bytes: &'a [u8], path: &'p [Tag]) -> Matches<'a, 'p> {
    Matches::of(Walk::new(bytes), path)
}

/// The iterator of [`find_all`]: yields each match, or the first error and then nothing more.
#[derive(Clone, Debug)]
pub struct Matches<'a, 'p> {
    walk: Walk<'a>,
    path: &'p [Tag],
}

impl<'a, 'p> Matches<'a, 'p> {
    /// The search of a walk that has limits of its own.
    pub(crate) const fn of(walk: Walk<'a>, path: &'p [Tag]) -> Self {
        Self { walk, path }
    }

    /// The same search with another padding policy.
    #[must_use]
    pub fn padding(mut self, padding: Padding) -> Self {
        self.walk = self.walk.padding(padding);
        self
    }
}

impl<'a> Iterator for Matches<'a, '_> {
    type Item = Result<Tlv<'a>, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        while let Some(object) = self.walk.next() {
            let Ok(found) = object else { return Some(object) };
            // Only templates on the path were entered, so the tags before this one agree.
            let mut from_here = self.path.iter().skip(self.walk.path().len());
            let here = from_here.next() == Some(&found.tag());
            let last = from_here.next().is_none();
            if !here || last {
                self.walk.skip_contents();
            }
            if here && last {
                return Some(object);
            }
        }
        None
    }
}

impl FusedIterator for Matches<'_, '_> {}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use crate::{DEFAULT_DEPTH, ErrorKind, tags};
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

    #[test]
    fn a_template_too_deep_is_refused_off_the_path_too() {
        let nest = |inner: &[u8]| {
            (0..DEFAULT_DEPTH).fold(inner.to_vec(), |value, _| {
                [&[0xE0, u8::try_from(value.len()).unwrap()], value.as_slice()].concat()
            })
        };
        let mut path = [Tag(0xE0); DEFAULT_DEPTH + 1];
        path[DEFAULT_DEPTH] = tags::TRANSACTION_TYPE;
        assert!(find(&nest(&hex!("9A00 9C00")), &path).unwrap().is_some());
        let error = find(&nest(&hex!("E100 9C00")), &path).unwrap_err();
        assert_eq!((error.kind(), error.offset()), (ErrorKind::TooDeep, 32));
    }

    #[test]
    fn takes_a_padding_policy() {
        let bytes = hex!("70 06 FFFFFF 9C 01 01");
        let path = [tags::READ_RECORD_TEMPLATE, tags::TRANSACTION_TYPE];
        assert!(find(&bytes, &path).is_err());
        assert_eq!(find_all(&bytes, &path).padding(Padding::Lenient).count(), 1);
    }
}
