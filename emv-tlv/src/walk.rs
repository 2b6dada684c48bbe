//! The depth-first walk over everything.

use crate::{Error, Padding, Tag, Tlv, descent::Descent};
use core::{fmt, iter::FusedIterator};

/// How many templates may be open at once if the caller does not say.
pub const DEFAULT_DEPTH: usize = 16;

/// How many objects a walk yields at most if the caller does not say.
pub const DEFAULT_BUDGET: u32 = 65_535;

/// Walks `bytes` with the default limits, strict about padding.
///
/// # Examples
/// ```
/// let response = [0x77, 0x07, 0x82, 0x02, 0x19, 0x80, 0x9C, 0x01, 0x00];
/// for object in emv_tlv::walk(&response) {
///     let object = object?;
///     println!("{:1$}{object}", "", 2 * usize::from(object.depth()));
/// }
/// # Ok::<(), emv_tlv::Error>(())
/// ```
/// Source: EMV 4.4 Book 3, Annex B.
#[inline]
#[must_use]
pub fn walk(bytes: &[u8]) -> Walk<'_> {
    Walk::new(bytes)
}

/// A depth-first walk: yields each object, a template before what is in it.
///
/// It needs no heap and no recursion: `DEPTH` is how many templates may be open at once, at 8 bytes each, some 180 in all for the
/// default. It yields the first error and then nothing more; whoever reaches the end has seen every byte checked.
///
/// `P` is the list of tags that are [taken for primitive](Self::primitive); an empty one costs nothing.
///
/// `next` is always inlined, which is fast and takes half a KiB of code a loop on a Cortex-M4. Where that is dear, let the loops call one
/// function of your own that calls it.
///
/// # Errors
/// Those of [`Tlvs`](crate::Tlvs) at any depth; [`ErrorKind::TooDeep`](crate::ErrorKind::TooDeep) at a template that would be one too many open;
/// [`ErrorKind::TooManyObjects`](crate::ErrorKind::TooManyObjects) at the first object over the budget.
///
/// # Examples
/// ```
/// use emv_tlv::{Walk, tags};
///
/// let record = [0x70, 0x05, 0x9F, 0x36, 0x02, 0x00, 0x1C];
/// let mut walk = Walk::<4>::with_depth(&record).budget(100);
/// while let Some(object) = walk.next() {
///     if object?.tag() == tags::APPLICATION_TRANSACTION_COUNTER {
///         assert_eq!(walk.path(), [tags::READ_RECORD_TEMPLATE]);
///     }
/// }
/// # Ok::<(), emv_tlv::Error>(())
/// ```
/// Source: EMV 4.4 Book 3, Annex B.
#[derive(Clone)]
pub struct Walk<'a, const DEPTH: usize = DEFAULT_DEPTH, P = [Tag; 0]> {
    descent: Descent<'a, DEPTH>,
    /// The open templates' tags.
    path: [Tag; DEPTH],
    primitive: P,
}

impl<'a> Walk<'a> {
    /// A walk with the default limits, strict about padding.
    #[inline]
    #[must_use]
    pub fn new(bytes: &'a [u8]) -> Self {
        Self::with_depth(bytes)
    }
}

impl<'a, const DEPTH: usize> Walk<'a, DEPTH> {
    /// A walk with a depth limit of its own: `Walk::<4>::with_depth(bytes)`.
    #[inline]
    #[must_use]
    pub fn with_depth(bytes: &'a [u8]) -> Self {
        let mut walk =
            const { Self { descent: Descent::EMPTY, path: [Tag(0); DEPTH], primitive: [] } };
        walk.descent.start(bytes);
        walk
    }
}

impl<'a, const DEPTH: usize, P> Walk<'a, DEPTH, P> {
    /// The same walk with another padding policy.
    #[inline]
    #[must_use]
    pub fn padding(mut self, padding: Padding) -> Self {
        self.descent.level.padding = padding;
        self
    }

    /// The same walk that yields at most so many objects; one more is an error.
    #[inline]
    #[must_use]
    pub fn budget(mut self, objects: u32) -> Self {
        self.descent.budget = objects;
        self
    }

    /// The same walk that takes objects with these tags for [primitive](Tlv::as_primitive), whatever the tags say.
    ///
    /// For cards with constructed tags that hold no objects. Such an object is not opened, so that it counts towards no
    /// depth. The list replaces an earlier one; it may be borrowed or an array: what is looked through at each template.
    ///
    /// # Examples
    /// ```
    /// use emv_tlv::{Tag, walk};
    ///
    /// const NO_TEMPLATE: Tag = Tag::new(0xE1).unwrap();
    /// let bytes = [0x70, 0x07, 0xE1, 0x02, 0xFF, 0xFF, 0x9C, 0x01, 0x00];
    /// assert!(walk(&bytes).any(|object| object.is_err()));
    /// let mut walk = walk(&bytes).primitive([NO_TEMPLATE]);
    /// assert!(walk.nth(1).is_some_and(|object| object.is_ok_and(|object| !object.is_constructed())));
    /// assert!(walk.all(|object| object.is_ok()));
    /// ```
    #[inline]
    #[must_use]
    pub fn primitive<Q: AsRef<[Tag]>>(self, tags: Q) -> Walk<'a, DEPTH, Q> {
        Walk { descent: self.descent, path: self.path, primitive: tags }
    }

    /// The tags of the templates around what was last yielded, outermost first.
    ///
    /// After an error, those around the place at fault.
    #[inline]
    #[must_use]
    pub fn path(&self) -> &[Tag] {
        self.path.get(..self.descent.around()).unwrap_or_default()
    }

    /// Passes over what is in the template last yielded, unchecked: takes it for primitive, now that it was seen.
    ///
    /// A template too deep is refused before that; [`primitive`](Self::primitive) takes its tag for primitive in time.
    #[inline]
    pub fn skip_contents(&mut self) {
        self.descent.pass_over();
    }
}

impl<'a, const DEPTH: usize, P: AsRef<[Tag]>> Iterator for Walk<'a, DEPTH, P> {
    type Item = Result<Tlv<'a>, Error>;

    // In the caller's loop most of the state stays in registers: three fifths of the instructions of a call for each object.
    #[inline(always)]
    fn next(&mut self) -> Option<Self::Item> {
        let Some(object) = self.descent.read() else { return self.descent.end().map(Err) };
        if object.is_constructed() {
            if self.primitive.as_ref().contains(&object.tag()) {
                return Some(Ok(object.as_primitive()));
            }
            if !self.descent.open(&object) {
                return Some(Err(self.descent.refuse(&object)));
            }
            if let Some(innermost) = self.path.get_mut(usize::from(object.depth())) {
                *innermost = object.tag();
            }
        }
        Some(Ok(object))
    }
}

impl<const DEPTH: usize, P: AsRef<[Tag]>> FusedIterator for Walk<'_, DEPTH, P> {}

impl<const DEPTH: usize, P> fmt::Debug for Walk<'_, DEPTH, P> {
    /// Shows where the walk is, never the bytes.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Walk")
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
    use std::{format, vec::Vec};

    /// A nest of so many templates, the innermost empty.
    fn nest(depth: usize) -> Vec<u8> {
        let mut bytes = Vec::new();
        for inner in (0..depth).rev() {
            let length = u32::try_from(inner.saturating_mul(6)).unwrap();
            bytes.extend([0xE0, 0x84]);
            bytes.extend(length.to_be_bytes());
        }
        bytes
    }

    fn kinds(walk: impl Iterator<Item = Result<Tlv<'static>, Error>>) -> Result<usize, Error> {
        walk.map(|object| object.map(|_| 1)).sum()
    }

    #[test]
    fn lends_the_path_of_what_it_yields() {
        let bytes = hex!("6F 0C 84 01 AA A5 07 BF0C 04 87 02 0102 50 00");
        let mut walk = walk(&bytes);
        let mut seen = Vec::new();
        while let Some(object) = walk.next() {
            let object = object.unwrap();
            assert_eq!(walk.path().len(), usize::from(object.depth()));
            seen.push((object.tag().raw(), object.offset(), walk.path().to_vec()));
        }
        let raw = |path: &[u32]| path.iter().map(|&raw| Tag(raw)).collect::<Vec<_>>();
        assert_eq!(
            seen,
            [
                (0x6F, 0, raw(&[])),
                (0x84, 2, raw(&[0x6F])),
                (0xA5, 5, raw(&[0x6F])),
                (0xBF0C, 7, raw(&[0x6F, 0xA5])),
                (0x87, 10, raw(&[0x6F, 0xA5, 0xBF0C])),
                (0x50, 14, raw(&[])),
            ]
        );
        assert!(walk.next().is_none());
        assert_eq!(walk.path(), []);
    }

    #[test]
    fn a_nest_is_refused_at_the_limit() {
        let bytes = nest(16).leak();
        assert_eq!(kinds(walk(bytes)), Ok(16));
        let error = kinds(walk(nest(17).leak())).unwrap_err();
        assert_eq!(error, Error::new(ErrorKind::TooDeep, 16 * 6));
        assert_eq!(kinds(Walk::<1>::with_depth(nest(1).leak())), Ok(1));
        // Whatever is in it is not looked at.
        let bytes = nest(if cfg!(miri) { 500 } else { 100_000 }).leak();
        assert_eq!(walk(bytes).filter(Result::is_ok).count(), 16);
        assert_eq!(kinds(walk(bytes)).unwrap_err(), Error::new(ErrorKind::TooDeep, 16 * 6));
        let mut walk = Walk::<3>::with_depth(bytes);
        assert_eq!(walk.by_ref().take(3).filter(Result::is_ok).count(), 3);
        assert_eq!(walk.next().unwrap().unwrap_err(), Error::new(ErrorKind::TooDeep, 18));
        assert_eq!(walk.path().len(), 3);
        assert!(walk.next().is_none());
        assert!(walk.path().is_empty());
        let mut flat = Walk::<0>::with_depth(bytes);
        assert_eq!(flat.next().unwrap().unwrap_err(), Error::new(ErrorKind::TooDeep, 0));
    }

    #[test]
    fn the_budget_counts_objects() {
        let bytes = &hex!("70 04 9A00 9C00");
        assert_eq!(kinds(walk(bytes).budget(3)), Ok(3));
        let error = kinds(walk(bytes).budget(2)).unwrap_err();
        assert_eq!(error, Error::new(ErrorKind::TooManyObjects, 4));
    }

    #[test]
    fn an_error_leaves_the_path_and_ends_the_walk() {
        let bytes = hex!("70 05 E1 03 9C 02 01 9A 00");
        let mut walk = walk(&bytes);
        assert_eq!(walk.by_ref().take(2).filter(Result::is_ok).count(), 2);
        let error = walk.next().unwrap().unwrap_err();
        assert_eq!(error, Error::new(ErrorKind::TruncatedValue, 6));
        assert_eq!(walk.path(), [tags::READ_RECORD_TEMPLATE, Tag(0xE1)]);
        assert!(walk.next().is_none());
    }

    #[test]
    fn passes_over_what_is_no_template_after_all() {
        let bytes = hex!("70 06 E1 02 FFFF 9A 00 9C 00");
        let mut walk = walk(&bytes);
        let mut seen = Vec::new();
        while let Some(object) = walk.next() {
            let object = object.unwrap();
            seen.push((object.tag().raw(), object.offset(), object.depth()));
            if object.tag() == Tag(0xE1) {
                walk.skip_contents();
                walk.skip_contents();
                assert_eq!(walk.path().len(), 1);
            }
        }
        assert_eq!(seen, [(0x70, 0, 0), (0xE1, 2, 1), (0x9A, 6, 1), (0x9C, 8, 0)]);
    }

    #[test]
    fn what_is_told_to_be_primitive_is_not_opened() {
        const TOLD: [Tag; 2] = [Tag(0xE1), Tag(0xBF0C)];
        let bytes = hex!("70 0D E1 02 FFFF BF0C 02 9C80 E2 02 9A00 9C 00");
        let mut walk = Walk::<2>::with_depth(&bytes).primitive(&TOLD);
        let mut seen = Vec::new();
        while let Some(object) = walk.next() {
            let object = object.unwrap();
            assert_eq!(object.children().count() > 0, object.is_constructed());
            seen.push((
                object.tag().raw(),
                object.depth(),
                object.is_constructed(),
                walk.path().len(),
            ));
        }
        assert_eq!(
            seen,
            [
                (0x70, 0, true, 0),
                (0xE1, 1, false, 1),
                (0xBF0C, 1, false, 1),
                (0xE2, 1, true, 1),
                (0x9A, 2, false, 2),
                (0x9C, 0, false, 0),
            ]
        );
        // Where no more templates may be open, too.
        assert_eq!(
            kinds(Walk::<1>::with_depth(&hex!("70 04 E1 02 FFFF")).primitive([TOLD[0]])),
            Ok(2)
        );
        // Another list replaces the first; errors keep their place.
        let mut walk = walk.clone().primitive(Vec::new());
        assert!(walk.next().is_none());
        let mut walk = super::walk(&bytes).primitive(TOLD).primitive(&TOLD[..1]);
        let error = walk.find_map(Result::err).unwrap();
        assert_eq!((error.kind(), error.offset()), (ErrorKind::IndefiniteLength, 10));
        assert_eq!(walk.path(), [tags::READ_RECORD_TEMPLATE, TOLD[1]]);
    }

    #[test]
    fn lenient_padding_holds_inside_templates() {
        let bytes = &hex!("70 0A FFFFFF 9C0101 FF 9A00 FF 9C00");
        assert!(kinds(walk(bytes)).is_err());
        assert_eq!(kinds(walk(bytes).padding(Padding::Lenient)), Ok(4));
    }

    #[test]
    fn an_input_that_offsets_do_not_count_is_refused() {
        let mut walk = walk(&[]);
        walk.descent.level.too_long = true;
        let error = walk.next().unwrap().unwrap_err();
        assert_eq!(error, Error::new(ErrorKind::InputTooLong, 0));
        assert!(walk.next().is_none());
    }

    #[test]
    fn is_small_and_shows_no_bytes() {
        assert!(size_of::<Walk<'_>>() < 256, "{}", size_of::<Walk<'_>>());
        let bytes = hex!("70 0A 5A 08 4111111111111111");
        let mut walk = walk(&bytes);
        let _ = walk.nth(1);
        assert_eq!(format!("{walk:?}"), "Walk { path: [Tag(70)], offset: 12, .. }");
    }
}
