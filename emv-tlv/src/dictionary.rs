//! What is known of each data element, as constant data: format, length, source, sensitivity.
//!
//! It has the [`tags`](crate::tags) that a terminal meets, not every one of any book. Contactless kernels give some tags
//! a meaning of their own: such an entry has both names and the lengths of both.
//!
//! Source: EMV 4.4 Book 3, Annex A; EMV Contactless Book B; EMV Contactless Books C-2, C-3 and C-5 for the tags of kernels,
//! which are 9F50 to 9F7E, DF81 and FF81; Visa's contactless specification for VLP Available Funds.

mod elements;
#[cfg(feature = "names")]
mod names;

use crate::Tag;
use core::ops::RangeInclusive;

pub(crate) use elements::elements;
#[cfg(feature = "names")]
pub use names::name;

/// How an element's value is coded.
///
/// Source: EMV 4.4 Book 3, 4.3.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Format {
    /// `a`: letters, one a byte.
    A,
    /// `an`: letters and digits, one a byte.
    An,
    /// `ans`: letters, digits and other characters, one a byte.
    Ans,
    /// `b`: binary.
    B,
    /// `cn`: digits, two a byte, filled on the right with F.
    Cn,
    /// `n`: digits, two a byte, filled on the left with 0.
    N,
    /// `var.`: a template, or as a document outside EMV says.
    Var,
}

/// Who an element comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Source {
    /// The card.
    Card,
    /// The terminal, its reader or kernel.
    Terminal,
    /// The issuer.
    Issuer,
}

/// What kind of care an element's value needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Sensitivity {
    /// None: it may be shown.
    Public,
    /// Its contents are somebody else's: it may be shown unless it holds what could be a card number.
    Opaque,
    /// A card number: no more than the first six and last four digits may be shown.
    Pan,
    /// Track data or a part of it, which may not be shown nor kept.
    Track,
    /// About the cardholder or the account: names, balances, and certificates from which anyone recovers the number.
    Cardholder,
    /// A PIN, enciphered or not.
    Pin,
    /// A cryptogram, a signature, or data that a cryptogram protects.
    Cryptogram,
}

/// What is known of an element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Entry {
    /// Its tag.
    pub tag: Tag,
    /// How its value is coded.
    pub format: Format,
    /// Who it comes from.
    pub source: Source,
    /// What kind of care its value needs.
    pub sensitivity: Sensitivity,
    min: u8,
    max: u16,
}

impl Entry {
    /// The lengths in bytes that the value may have; up to 65,535 stands for no stated limit.
    #[must_use]
    pub fn lengths(&self) -> RangeInclusive<usize> {
        usize::from(self.min)..=usize::from(self.max)
    }
}

/// The upper bound where a document states none.
const ANY: u16 = u16::MAX;

macro_rules! entries {
    ($($raw:literal $constant:ident $format:ident $min:literal..=$max:expr, $source:ident $sensitivity:ident $name:literal;)*) => {
        /// Every entry, by rising tag.
        pub static ENTRIES: &[Entry] = &[$(Entry {
            tag: Tag($raw),
            format: Format::$format,
            source: Source::$source,
            sensitivity: Sensitivity::$sensitivity,
            min: $min,
            max: $max,
        },)*];
    };
}

elements!(entries);

/// What is known of the element with this tag.
///
/// # Examples
/// ```
/// use emv_tlv::{dictionary::{Format, lookup}, tags};
///
/// let amount = lookup(tags::AMOUNT_AUTHORISED).ok_or("unknown")?;
/// assert_eq!((amount.format, amount.lengths()), (Format::N, 6..=6));
/// # Ok::<(), &str>(())
/// ```
#[must_use]
pub fn lookup(tag: Tag) -> Option<&'static Entry> {
    ENTRIES.get(position(tag)?)
}

fn position(tag: Tag) -> Option<usize> {
    ENTRIES.binary_search_by_key(&tag, |entry| entry.tag).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tags;

    #[test]
    fn every_entry_is_a_tag_once_and_in_order() {
        assert!(ENTRIES.len() > 180, "{}", ENTRIES.len());
        assert!(ENTRIES.is_sorted_by(|a, b| a.tag < b.tag));
        for entry in ENTRIES {
            assert_eq!(Tag::new(entry.tag.raw()), Some(entry.tag));
            assert_eq!(lookup(entry.tag), Some(entry));
            assert!(u16::from(entry.min) <= entry.max, "{}", entry.tag);
        }
        assert_eq!(lookup(Tag(0xDF7F)), None);
    }

    #[test]
    fn is_small() {
        assert_eq!(size_of::<Entry>(), 12);
    }

    #[test]
    fn templates_are_never_numbers() {
        for entry in ENTRIES.iter().filter(|entry| entry.tag.is_constructed()) {
            assert!(matches!(entry.format, Format::Var | Format::B), "{}", entry.tag);
        }
    }

    #[test]
    fn fixed_lengths_agree_with_their_format() {
        // Two digits a byte: no more than 19 digits, and the longest packed element is the track's discretionary data.
        for entry in ENTRIES.iter().filter(|entry| matches!(entry.format, Format::N | Format::Cn)) {
            assert!(
                entry.max <= 11 || entry.tag == tags::TRACK_2_DISCRETIONARY_DATA,
                "{}",
                entry.tag
            );
        }
    }

    #[test]
    fn a_tag_of_two_meanings_has_the_lengths_of_both() {
        for (raw, expect) in
            [(0x9F50, 1..=6), (0x9F5D, 3..=6), (0x9F66, 2..=4), (0x9F6E, 4..=32), (0x9F79, 0..=192)]
        {
            assert_eq!(lookup(Tag(raw)).unwrap().lengths(), expect, "{raw:X}");
        }
    }

    #[test]
    fn what_identifies_a_card_is_marked() {
        for (raw, expect) in [
            (0x5A, Sensitivity::Pan),
            (0x57, Sensitivity::Track),
            (0x56, Sensitivity::Track),
            (0x9F6B, Sensitivity::Track),
            (0x9F1F, Sensitivity::Track),
            (0x9F20, Sensitivity::Track),
            (0x5F20, Sensitivity::Cardholder),
            (0x9F0B, Sensitivity::Cardholder),
            (0x5F24, Sensitivity::Cardholder),
            (0x5F30, Sensitivity::Cardholder),
            (0x5F53, Sensitivity::Cardholder),
            (0x9F24, Sensitivity::Cardholder),
            (0x9F2D, Sensitivity::Cardholder),
            (0x9F46, Sensitivity::Cardholder),
            (0x9F50, Sensitivity::Cardholder),
            (0x9F5D, Sensitivity::Cardholder),
            (0x9F79, Sensitivity::Cardholder),
            (0xDF8104, Sensitivity::Cardholder),
            (0xDF8105, Sensitivity::Cardholder),
            (0x9F5E, Sensitivity::Pan),
            (0x99, Sensitivity::Pin),
            (0x9F26, Sensitivity::Cryptogram),
        ] {
            assert_eq!(lookup(Tag(raw)).unwrap().sensitivity, expect);
        }
    }
}
