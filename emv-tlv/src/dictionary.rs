//! What is known of each data element, as constant data: format, length, source, sensitivity, templates, document.
//!
//! [`lookup`] gives one entry a tag, which is safe whoever uses it: where kernels and schemes give a tag different meanings, it has
//! the lengths of all of them and the sensitivity of the strictest. [`lookup_in`] gives what a tag means to one [`Kernel`].
//!
//! EMV's biometric elements use tags that have another meaning outside of their templates: of 81, 82 and 90 only that other
//! meaning is here, and DF50 to DF54 have all that they mean in BF4C, BF4D and BF4E.
//!
//! Source: EMV 4.4 Book 3, Annex A; EMV Contactless Books B and C-2 to C-8; ISO/IEC 7816-4 and 7816-6; for what is private to a
//! scheme, public descriptions of its cards and terminals.

mod document;
mod elements;
mod kernel;
#[cfg(feature = "names")]
mod names;
mod overlays;
mod templates;

use crate::Tag;
use core::ops::RangeInclusive;

use templates::Within;

pub(crate) use elements::elements;
#[cfg(feature = "names")]
pub use names::{name, name_in};
pub use {
    document::Document,
    kernel::{Kernel, lookup_in},
};

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
    /// A cryptogram, a signature, a key, or data that a cryptogram protects.
    Cryptogram,
}

#[cfg(test)]
impl Sensitivity {
    /// How little is shown: everything, what is no card number, ten digits of one, the length.
    const fn level(self) -> u8 {
        match self {
            Self::Public => 0,
            Self::Opaque => 1,
            Self::Pan => 2,
            Self::Track | Self::Cardholder | Self::Pin | Self::Cryptogram => 3,
        }
    }
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
    /// What kind of care its value needs; a template's, what may stand in it.
    pub sensitivity: Sensitivity,
    /// What defines it.
    pub document: Document,
    within: Within,
    min: u8,
    max: u16,
}

impl Entry {
    /// The lengths in bytes that the value may have; up to 65,535 stands for no stated limit.
    #[must_use]
    pub fn lengths(&self) -> RangeInclusive<usize> {
        usize::from(self.min)..=usize::from(self.max)
    }

    /// The templates in which the element stands, as objects; none if it stands alone, or if no public document says where.
    ///
    /// A format 1 response (80) holds values without their tags, so it is not among them; nor is 9F31, whose tag is coded as
    /// primitive though it holds BF4A and BF4B.
    ///
    /// # Examples
    /// ```
    /// use emv_tlv::{dictionary::lookup, tags};
    ///
    /// let label = lookup(tags::APPLICATION_LABEL).ok_or("unknown")?;
    /// assert_eq!(label.templates(), [tags::APPLICATION_TEMPLATE, tags::FCI_PROPRIETARY_TEMPLATE]);
    /// # Ok::<(), &str>(())
    /// ```
    #[must_use]
    pub const fn templates(&self) -> &'static [Tag] {
        self.within.tags()
    }
}

/// The upper bound where a document states none.
const ANY: u16 = u16::MAX;

macro_rules! entries {
    ($($raw:literal $constant:ident $format:ident $min:literal..=$max:expr, $source:ident $sensitivity:ident $within:ident $document:ident $name:literal;)*) => {
        /// Every entry, by rising tag.
        pub static ENTRIES: &[Entry] = &[$(Entry {
            tag: Tag($raw),
            format: Format::$format,
            source: Source::$source,
            sensitivity: Sensitivity::$sensitivity,
            document: Document::$document,
            within: Within::$within,
            min: $min,
            max: $max,
        },)*];
    };
}

elements!(entries);

macro_rules! packed {
    ($($raw:literal $constant:ident $format:ident $min:literal..=$max:expr, $source:ident $sensitivity:ident $within:ident $document:ident $name:literal;)*) => {
        /// Whether an element holds digits, two a byte, and filled on which side.
        ///
        /// A `match` of its own: who fills a list then links some sixty tags, and not the entries.
        pub(crate) const fn packed(tag: Tag) -> Option<Format> {
            match tag.raw() {
                $($raw => if_packed(Format::$format),)*
                _ => None,
            }
        }
    };
}

elements!(packed);

const fn if_packed(format: Format) -> Option<Format> {
    match format {
        Format::N | Format::Cn => Some(format),
        _ => None,
    }
}

/// What is known of the element with this tag, whatever the kernel.
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
    extern crate std;
    use super::*;
    use crate::tags;

    #[test]
    fn every_entry_is_a_tag_once_and_in_order() {
        assert!(ENTRIES.len() >= 500, "{}", ENTRIES.len());
        assert!(ENTRIES.is_sorted_by(|a, b| a.tag < b.tag));
        for entry in ENTRIES {
            assert_eq!(Tag::new(entry.tag.raw()), Some(entry.tag));
            assert_eq!(lookup(entry.tag), Some(entry));
            assert!(u16::from(entry.min) <= entry.max, "{}", entry.tag);
        }
        assert_eq!(lookup(Tag(0xDF7F)), None);
        let counted = std::format!(" of {} elements,", ENTRIES.len());
        assert!(include_str!("../README.md").contains(&counted), "{counted}");
    }

    #[test]
    fn the_packed_elements_are_those_of_the_table() {
        for entry in ENTRIES {
            let expect = matches!(entry.format, Format::N | Format::Cn).then_some(entry.format);
            assert_eq!(packed(entry.tag), expect, "{}", entry.tag);
        }
        assert_eq!(packed(Tag(0xDF7F)), None);
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
    fn what_an_element_stands_in_is_a_template_no_less_strict() {
        let overlays = Kernel::ALL.iter().flat_map(|kernel| kernel.entries());
        for entry in ENTRIES.iter().chain(overlays) {
            for &template in entry.templates() {
                let around = lookup(template).unwrap();
                let what = (template, entry.tag);
                assert!(template.is_constructed() && template != entry.tag, "{what:?}");
                assert!(around.sensitivity.level() >= entry.sensitivity.level(), "{what:?}");
            }
        }
        for (raw, expect) in [
            (0x42, &[0x73, 0xBF0C][..]),
            (0x61, &[0x70, 0xBF0C]),
            (0x5A, &[0x70, 0x77]),
            (0x82, &[0x77]),
            (0x84, &[0x6F]),
            (0x86, &[0x71, 0x72]),
            (0x9F02, &[]),
            (0x9F38, &[0xA5]),
            (0xA1, &[0x7F60]),
            (0xBF0C, &[0xA5]),
            (0xDF54, &[0xBF4C, 0xBF4D]),
            (0xDF_8115, &[0xFF_8106]),
        ] {
            let templates = lookup(Tag(raw)).unwrap().templates();
            assert!(templates.iter().map(|tag| tag.raw()).eq(expect.iter().copied()), "{raw:X}");
        }
    }

    #[test]
    fn what_only_a_scheme_defines_is_not_public() {
        // Another scheme, or the maker of a terminal, uses the same private tags for anything.
        let private = ENTRIES.iter().filter(|entry| {
            entry.tag.class() == crate::Class::Private && entry.tag.encoded_len() <= 2
        });
        for entry in private {
            assert!(
                entry.sensitivity != Sensitivity::Public
                    || entry.tag == tags::POS_CARDHOLDER_INTERACTION_INFORMATION,
                "{}",
                entry.tag
            );
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
    fn each_document_says_what_is_here() {
        use Document::{
            Book3, BookB, C2, C3, C4, C8, Cpa, DPas, Iso7816Part4, Iso7816Part6, MChip, UnionPay,
            Visa,
        };
        use Format::{A, An, Ans, B, Cn, N, Var};
        use Source::{Card, Issuer, Terminal};
        for (raw, document, format, lengths, source) in [
            (0x5A, Book3, Cn, 0..=10, Card),
            (0x86, Book3, B, 0..=261, Issuer),
            (0x9F02, Book3, N, 6..=6, Terminal),
            (0x9F0C, Book3, N, 3..=4, Card),
            (0x9F24, Book3, An, 29..=29, Card),
            (0x9F30, Book3, B, 3..=3, Terminal),
            (0x5F55, Book3, A, 2..=2, Card),
            (0x5F20, Book3, Ans, 2..=26, Card),
            (0x96, BookB, B, 8..=8, Terminal),
            (0x9F2A, BookB, B, 1..=8, Card),
            (0xDF_8112, C2, B, 0..=65_535, Terminal),
            (0xDF_8129, C2, B, 8..=8, Terminal),
            (0xDF_8302, C2, B, 4..=4, Card),
            (0xDF4B, C2, B, 3..=3, Card),
            (0x9F69, C3, B, 0..=250, Card),
            (0x9F6D, C4, B, 1..=6, Terminal),
            (0x9F2C, C8, B, 7..=7, Card),
            (0x9F_8103, C8, B, 64..=132, Card),
            (0x9F_820D, C8, N, 6..=6, Terminal),
            (0xBF_8102, C8, Var, 0..=65_535, Terminal),
            (0xBF30, Cpa, Var, 0..=65_535, Card),
            (0xD0, DPas, B, 0..=65_535, Card),
            (0x62, Iso7816Part4, Var, 0..=252, Card),
            (0x5F42, Iso7816Part6, Ans, 0..=65_535, Card),
            (0xDF3F, MChip, B, 0..=65_535, Card),
            (0xDF79, UnionPay, N, 6..=6, Card),
            (0x9F7B, Visa, N, 6..=6, Terminal),
        ] {
            let entry = lookup(Tag(raw)).unwrap();
            let found = (entry.document, entry.format, entry.lengths(), entry.source);
            assert_eq!(found, (document, format, lengths, source), "{raw:X}");
        }
    }

    #[test]
    fn a_tag_of_several_meanings_has_the_lengths_of_all() {
        for (raw, expect) in [
            (0x9F50, 0..=6),
            (0x9F5D, 3..=6),
            (0x9F66, 2..=4),
            (0x9F6D, 1..=6),
            (0x9F6E, 4..=32),
            (0x9F79, 0..=192),
        ] {
            assert_eq!(lookup(Tag(raw)).unwrap().lengths(), expect, "{raw:X}");
        }
    }

    #[test]
    fn what_identifies_a_card_is_marked() {
        use Sensitivity::{Cardholder, Cryptogram, Pan, Pin, Track};
        for (expect, tags) in [
            (Pan, &[0x5A, 0x9F5E][..]),
            (Track, &[0x56, 0x57, 0x58, 0x5F21, 0x5F22, 0x5F23, 0x9F1F, 0x9F20, 0x9F6B]),
            (Track, &[0xDF_812A, 0xDF_812B]),
            // Templates that hold card numbers and tracks.
            (Track, &[0x70, 0x77, 0xBF_8101, 0xBF_8102, 0xBF_8103]),
            (Track, &[0xFF_8101, 0xFF_8104, 0xFF_8105, 0xFF_8106]),
            // The cardholder.
            (Cardholder, &[0x5B, 0x5F20, 0x5F2B, 0x5F2C, 0x5F2E, 0x5F35, 0x5F40, 0x5F42, 0x5F43]),
            (Cardholder, &[0x65, 0x66, 0x68, 0x6B, 0x6C, 0x6E, 0x7F2E, 0x9F0B, 0x9F5B, 0x9F7C]),
            (Cardholder, &[0xBF4C, 0xBF4D, 0xBF4E, 0xDF51]),
            // The account.
            (Cardholder, &[0x59, 0x5F24, 0x5F30, 0x5F53, 0x9F24]),
            // Keys and certificates that tell whose they are.
            (Cardholder, &[0x5F49, 0x5F4E, 0x7F21, 0x7F49, 0x7F4E, 0x9F2D, 0x9F46]),
            // Balances, and what was spent.
            (Cardholder, &[0x9F50, 0x9F5D, 0x9F5F, 0x9F79, 0xCE, 0xD1, 0xD4, 0xBF30, 0xBF42]),
            (Cardholder, &[0xDF13, 0xDF3B, 0xDF79, 0xDF_8104, 0xDF_8105, 0xDF_8116]),
            // Templates that hold an IBAN or a balance.
            (Cardholder, &[0x61, 0x6F, 0x73, 0xA5, 0xBF0C]),
            (Pin, &[0x5E, 0x6A, 0x99]),
            (Cryptogram, &[0x80, 0x91, 0x93, 0x9F10, 0x9F26, 0x9F4B, 0x9F60, 0x9F61]),
            // Commands to the card, which may change a PIN.
            (Cryptogram, &[0x52, 0x71, 0x72, 0x86]),
            (Cryptogram, &[0x67, 0x7C, 0x7D, 0x5F37, 0x5F38, 0x5F39, 0x5F3A, 0x5F3B, 0x5F48]),
            // Card verification codes, and what they are made from.
            (Cryptogram, &[0xDA, 0xDB, 0xDC, 0xDD, 0xDF38, 0xDF39]),
            (Cryptogram, &[0xDF50, 0xDF52, 0x9F7D, 0xDF61, 0xDF_8101, 0xDF_8102]),
            (Cryptogram, &[0x9F_8103, 0x9F_8105, 0x9F_8109]),
        ] {
            for &raw in tags {
                assert_eq!(lookup(Tag(raw)).unwrap().sensitivity, expect, "{raw:X}");
            }
        }
        // The contents are somebody else's.
        for raw in [
            0x53, 0x83, 0x9F05, 0x9F0A, 0x9F54, 0x9F6E, 0x9F70, 0x9F78, 0x9F7F, 0xBF60, 0xD2,
            0xDF60, 0xDF63, 0xDF_8107, 0xDF_8109, 0xDF_8111, 0xDF_8113, 0x9F_8106, 0x9F_8111,
            0x9F_811A, 0xBF_8104, 0xFF_8102, 0xFF_8103,
        ] {
            assert_eq!(lookup(Tag(raw)).unwrap().sensitivity, Sensitivity::Opaque, "{raw:X}");
        }
    }
}
