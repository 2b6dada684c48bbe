//! What a tag means to one kernel or application.

use super::{ANY, Document, Entry, Format, Sensitivity, Source, lookup, templates::Within};
use crate::Tag;

/// Whose meaning of a tag is asked for: a contactless kernel's, or that of an application that cards carry.
///
/// A kernel's entries are also those of its scheme's cards: [`C3`](Self::C3) has the tags of Visa's contact application,
/// [`C6`](Self::C6) those of D-PAS, [`C7`](Self::C7) UnionPay's with the parameters of its terminals. Mastercard's cards are
/// [`MChip`](Self::MChip), because kernel 2 gives some of their tags a meaning of its own.
///
/// Source: EMV Contactless Book B, for the kernels' numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Kernel {
    /// Kernel 2: Mastercard.
    C2,
    /// Kernel 3: Visa.
    C3,
    /// Kernel 4: American Express.
    C4,
    /// Kernel 5: JCB.
    C5,
    /// Kernel 6: Discover.
    C6,
    /// Kernel 7: UnionPay.
    C7,
    /// Kernel 8: of any scheme. Nobody else uses its tags, so it has no meanings of its own for those of others.
    C8,
    /// Interac's contactless kernel.
    Interac,
    /// Mastercard's M/Chip application.
    MChip,
    /// EMV's Common Payment Application.
    Cpa,
}

macro_rules! tables {
    ($($kernel:ident {
        $($raw:literal $format:ident $min:literal..=$max:expr, $source:ident $sensitivity:ident $within:ident $document:ident $name:literal;)*
    })*) => {
        impl Kernel {
            /// Every kernel and application.
            pub const ALL: &[Self] = &[$(Self::$kernel),*];

            /// The tags to which the kernel gives a meaning that others do not share, by rising tag.
            ///
            /// # Examples
            /// ```
            /// use emv_tlv::{dictionary::Kernel, tags};
            ///
            /// let own = Kernel::C4.entries();
            /// assert!(own.iter().any(|entry| entry.tag == tags::CONTACTLESS_READER_CAPABILITIES));
            /// ```
            #[must_use]
            pub const fn entries(self) -> &'static [Entry] {
                match self {
                    $(Self::$kernel => {
                        static ENTRIES: &[Entry] = &[$(Entry {
                            tag: Tag($raw),
                            format: Format::$format,
                            source: Source::$source,
                            sensitivity: Sensitivity::$sensitivity,
                            document: Document::$document,
                            within: Within::$within,
                            min: $min,
                            max: $max,
                        },)*];
                        ENTRIES
                    })*
                }
            }
        }
    };
}

super::overlays::overlays!(tables);

/// What is known of the element with this tag as a kernel means it: its own entry, or else that of [`lookup`].
///
/// # Examples
/// ```
/// use emv_tlv::{dictionary::{Kernel, lookup, lookup_in}, tags};
///
/// let tag = tags::TERMINAL_TRANSACTION_QUALIFIERS; // 9F66
/// let lengths = |kernel| lookup_in(kernel, tag).map(|entry| entry.lengths());
/// assert_eq!(lengths(Kernel::C3), Some(4..=4)); // the qualifiers
/// assert_eq!(lengths(Kernel::C2), Some(2..=2)); // a bitmap of track 2
/// assert_eq!(lookup(tag).map(|entry| entry.lengths()), Some(2..=4));
/// ```
#[must_use]
pub fn lookup_in(kernel: Kernel, tag: Tag) -> Option<&'static Entry> {
    let own = position_in(kernel, tag).and_then(|at| kernel.entries().get(at));
    own.or_else(|| lookup(tag))
}

pub(super) fn position_in(kernel: Kernel, tag: Tag) -> Option<usize> {
    kernel.entries().binary_search_by_key(&tag, |entry| entry.tag).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tags;

    fn every_overlay() -> impl Iterator<Item = (Kernel, &'static Entry)> {
        Kernel::ALL
            .iter()
            .flat_map(|&kernel| kernel.entries().iter().map(move |entry| (kernel, entry)))
    }

    #[test]
    fn every_overlay_is_of_tags_in_order() {
        assert!(every_overlay().count() > 150);
        for &kernel in Kernel::ALL {
            assert!(kernel.entries().is_sorted_by(|a, b| a.tag < b.tag), "{kernel:?}");
        }
        for (kernel, entry) in every_overlay() {
            assert_eq!(Tag::new(entry.tag.raw()), Some(entry.tag));
            assert_eq!(lookup_in(kernel, entry.tag), Some(entry));
            assert!(u16::from(entry.min) <= entry.max, "{kernel:?} {}", entry.tag);
            assert!(!entry.tag.is_constructed(), "{kernel:?} {}", entry.tag);
        }
    }

    #[test]
    fn the_base_covers_what_kernels_say() {
        for (kernel, own) in every_overlay() {
            let base = lookup(own.tag).unwrap();
            let what = (kernel, own.tag);
            let (min, max) = base.lengths().into_inner();
            assert!(min <= *own.lengths().start() && *own.lengths().end() <= max, "{what:?}");
            assert!(base.sensitivity.level() >= own.sensitivity.level(), "{what:?}");
        }
    }

    #[test]
    fn numbers_are_short() {
        for (kernel, entry) in every_overlay() {
            let is_number = matches!(entry.format, Format::N | Format::Cn);
            assert!(!is_number || entry.max <= 11, "{kernel:?} {}", entry.tag);
        }
    }

    #[test]
    fn kernels_disagree() {
        use Kernel::{C2, C3, C4, C5, C6, C7, Cpa, Interac, MChip};
        use Sensitivity::{Cardholder, Cryptogram, Opaque, Pan, Public, Track};
        for (kernel, raw, format, lengths, sensitivity) in [
            (C2, 0x9F50, Format::N, 6..=6, Cardholder),
            (C5, 0x9F50, Format::B, 1..=1, Public),
            (C2, 0x9F53, Format::An, 1..=1, Public),
            (C5, 0x9F53, Format::B, 3..=3, Public),
            (C4, 0x9F5B, Format::Var, 0..=32, Cardholder),
            (C2, 0x9F5D, Format::B, 3..=3, Public),
            (C3, 0x9F5D, Format::N, 6..=6, Cardholder),
            (Interac, 0x9F5D, Format::N, 6..=6, Public),
            (C2, 0x9F5E, Format::N, 8..=11, Pan),
            (C2, 0x9F60, Format::B, 2..=2, Cryptogram),
            (C5, 0x9F60, Format::B, 1..=1, Public),
            (C7, 0x9F61, Format::Ans, 1..=40, Cardholder),
            (C2, 0x9F6B, Format::B, 0..=19, Track),
            (C7, 0x9F6B, Format::N, 6..=6, Public),
            (C2, 0x9F6D, Format::B, 2..=2, Public),
            (C4, 0x9F6D, Format::B, 1..=1, Public),
            (C2, 0x9F6E, Format::B, 5..=32, Opaque),
            (C3, 0x9F6E, Format::B, 4..=4, Public),
            (C6, 0x9F71, Format::B, 2..=2, Public),
            (C2, 0x9F79, Format::B, 0..=192, Opaque),
            (C2, 0x9F7C, Format::B, 20..=20, Opaque),
            (C7, 0x9F79, Format::N, 6..=6, Cardholder),
            (MChip, 0xDF11, Format::B, 0..=usize::from(ANY), Opaque),
            (C7, 0xDF11, Format::B, 5..=5, Opaque),
            (Cpa, 0xC3, Format::B, 0..=usize::from(ANY), Opaque),
        ] {
            let entry = lookup_in(kernel, Tag(raw)).unwrap();
            let found = (entry.format, entry.lengths(), entry.sensitivity);
            assert_eq!(found, (format, lengths, sensitivity), "{kernel:?} {raw:X}");
        }
    }

    #[test]
    fn what_a_kernel_shares_is_the_base() {
        for &kernel in Kernel::ALL {
            assert_eq!(lookup_in(kernel, tags::PAN), lookup(tags::PAN));
            assert_eq!(lookup_in(kernel, Tag(0xDF7F)), None);
        }
    }
}
