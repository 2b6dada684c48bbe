//! The depth-first walk over everything.

use crate::{
    Error, ErrorKind, Padding, Tag, Tlv,
    level::{Level, is_too_long, to_usize},
};
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
#[must_use]
pub fn walk(bytes: &[u8]) -> Walk<'_> {
    Walk::new(bytes)
}

/// A depth-first walk: yields each object, a template before what is in it.
///
/// It needs no heap and no recursion: `DEPTH` is how many templates may be open at once, at 8 bytes each. It yields the
/// first error and then nothing more; whoever reaches the end has seen every byte checked.
///
/// # Errors
/// Those of [`Tlvs`](crate::Tlvs) at any depth; [`ErrorKind::TooDeep`] at a template that would be one too many open;
/// [`ErrorKind::TooManyObjects`] at the first object over the budget.
///
/// # Examples
/// ```
/// use emv_tlv::{ErrorKind, Walk, tags};
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
pub struct Walk<'a, const DEPTH: usize = DEFAULT_DEPTH> {
    input: &'a [u8],
    /// What is left of the innermost open template; its depth is how many are open.
    level: Level<'a>,
    budget: u32,
    /// How many of the open templates enclose what was last yielded.
    shown: u8,
    /// Whether the input is, so that it is refused instead of read.
    too_long: bool,
    /// The open templates' tags, and where in the input the level around each ends.
    path: [Tag; DEPTH],
    ends: [u32; DEPTH],
}

impl<'a> Walk<'a> {
    /// A walk with the default limits, strict about padding.
    #[must_use]
    pub fn new(bytes: &'a [u8]) -> Self {
        Self::with_depth(bytes)
    }
}

impl<'a, const DEPTH: usize> Walk<'a, DEPTH> {
    /// A walk with a depth limit of its own: `Walk::<4>::with_depth(bytes)`.
    #[must_use]
    pub fn with_depth(bytes: &'a [u8]) -> Self {
        const { assert!(DEPTH < 256, "Tlv::depth counts to 255") }
        let too_long = is_too_long(bytes.len());
        Self {
            input: bytes,
            level: Level::new(if too_long { &[] } else { bytes }, Padding::Strict),
            budget: DEFAULT_BUDGET,
            shown: 0,
            too_long,
            path: [Tag(0); DEPTH],
            ends: [0; DEPTH],
        }
    }

    /// The same walk with another padding policy.
    #[must_use]
    pub fn padding(mut self, padding: Padding) -> Self {
        self.level.padding = padding;
        self
    }

    /// The same walk that yields at most so many objects; one more is an error.
    #[must_use]
    pub fn budget(mut self, objects: u32) -> Self {
        self.budget = objects;
        self
    }

    /// The tags of the templates around what was last yielded, outermost first.
    ///
    /// After an error, those around the place at fault.
    #[inline]
    #[must_use]
    pub fn path(&self) -> &[Tag] {
        self.path.get(..usize::from(self.shown)).unwrap_or_default()
    }

    /// Passes over what is in the template last yielded, unchecked: takes it for a primitive object.
    #[inline]
    pub fn skip_contents(&mut self) {
        if self.level.depth > self.shown {
            self.close();
        }
    }

    #[inline]
    fn step(&mut self) -> Result<Option<Tlv<'a>>, Error> {
        let object = loop {
            match self.level.next_object() {
                Ok(None) if self.level.depth > 0 => self.close(),
                object => break object,
            }
        };
        self.shown = self.level.depth;
        let Some(object) = object? else { return self.end() };
        let Some(budget) = self.budget.checked_sub(1) else {
            return Err(Error::new(ErrorKind::TooManyObjects, object.offset()));
        };
        self.budget = budget;
        if object.is_constructed() {
            self.enter(&object)?;
        }
        Ok(Some(object))
    }

    // Out of line, so that what most objects take fits into registers.
    #[inline(never)]
    fn enter(&mut self, template: &Tlv<'a>) -> Result<(), Error> {
        let open = usize::from(self.level.depth);
        let (Some(tag), Some(end)) = (self.path.get_mut(open), self.ends.get_mut(open)) else {
            return Err(Error::new(ErrorKind::TooDeep, template.offset()));
        };
        *tag = template.tag();
        *end = self.level.end();
        self.level.rest = template.value();
        self.level.offset = template.value_offset();
        self.level.depth = self.level.depth.saturating_add(1);
        Ok(())
    }

    /// Goes on behind the innermost open template.
    // Out of line, so that what most objects take fits into registers.
    #[inline(never)]
    fn close(&mut self) {
        let start = self.level.end();
        self.level.depth = self.level.depth.saturating_sub(1);
        let end = self.ends.get(usize::from(self.level.depth)).copied().unwrap_or_default();
        self.level.rest = self.input.get(to_usize(start)..to_usize(end)).unwrap_or_default();
        self.level.offset = start;
    }

    #[cold]
    fn end(&self) -> Result<Option<Tlv<'a>>, Error> {
        if self.too_long { Err(Error::new(ErrorKind::InputTooLong, 0)) } else { Ok(None) }
    }
}

impl<'a, const DEPTH: usize> Iterator for Walk<'a, DEPTH> {
    type Item = Result<Tlv<'a>, Error>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        let next = self.step();
        if next.is_err() {
            self.level.rest = &[];
            self.level.depth = 0;
            self.too_long = false;
        }
        next.transpose()
    }
}

impl<const DEPTH: usize> FusedIterator for Walk<'_, DEPTH> {}

impl<const DEPTH: usize> fmt::Debug for Walk<'_, DEPTH> {
    /// Shows where the walk is, never the bytes.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Walk")
            .field("path", &self.path())
            .field("offset", &self.level.offset)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use crate::tags;
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
        let bytes = nest(100_000).leak();
        let mut walk = Walk::<3>::with_depth(bytes);
        assert_eq!(walk.by_ref().take(3).filter(Result::is_ok).count(), 3);
        assert_eq!(walk.next().unwrap().unwrap_err(), Error::new(ErrorKind::TooDeep, 18));
        assert_eq!(walk.path().len(), 3);
        assert!(walk.next().is_none());
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
    fn lenient_padding_holds_inside_templates() {
        let bytes = &hex!("70 0A FFFFFF 9C0101 FF 9A00 FF 9C00");
        assert!(kinds(walk(bytes)).is_err());
        assert_eq!(kinds(walk(bytes).padding(Padding::Lenient)), Ok(4));
    }

    #[test]
    fn an_input_that_offsets_do_not_count_is_refused() {
        let mut walk = Walk { too_long: true, ..walk(&[]) };
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
