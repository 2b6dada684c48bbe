//! The elements' names, in tables of their own so that firmware need not carry them.

use super::{Kernel, Tag, elements, kernel::position_in, overlays::overlays, position};

macro_rules! names {
    ($($raw:literal $constant:ident $format:ident $lengths:expr, $source:ident $sensitivity:ident $within:ident $document:ident $name:literal;)*) => {
        /// The names, in step with the entries.
        static NAMES: &[&str] = &[$($name),*];
    };
}

elements!(names);

macro_rules! names_in {
    ($($kernel:ident {
        $($raw:literal $format:ident $lengths:expr, $source:ident $sensitivity:ident $within:ident $document:ident $name:literal;)*
    })*) => {
        /// A kernel's names, in step with its entries.
        fn names_of(kernel: Kernel) -> &'static [&'static str] {
            match kernel {
                $(Kernel::$kernel => &[$($name),*],)*
            }
        }
    };
}

overlays!(names_in);

/// The name of the element with this tag: `Amount, Authorised (Numeric)`.
///
/// A tag of several meanings has their names with slashes between them. Needs the feature `names`.
///
/// # Examples
/// A tree for a log, masked:
/// ```
/// use emv_tlv::{dictionary::name, walk};
///
/// let record = [0x70, 0x0A, 0x5A, 0x08, 0x41, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11];
/// let mut log = Vec::new();
/// for object in walk(&record) {
///     let object = object?;
///     let indent = 2 * usize::from(object.depth());
///     log.push(format!("{:indent$}{object} {}", "", name(object.tag()).unwrap_or("?")));
/// }
/// assert_eq!(log, [
///     "70 (10 bytes) READ RECORD Response Message Template",
///     "  5A 411111******1111 Application Primary Account Number (PAN)",
/// ]);
/// # Ok::<(), emv_tlv::Error>(())
/// ```
#[must_use]
pub fn name(tag: Tag) -> Option<&'static str> {
    NAMES.get(position(tag)?).copied()
}

/// The name of the element with this tag as a kernel means it: its own, or else that of [`name`].
///
/// Needs the feature `names`.
///
/// # Examples
/// ```
/// use emv_tlv::{dictionary::{Kernel, name_in}, tags};
///
/// let tag = tags::FORM_FACTOR_INDICATOR; // 9F6E
/// assert_eq!(name_in(Kernel::C2, tag), Some("Third Party Data"));
/// assert_eq!(name_in(Kernel::C4, tag), Some("Enhanced Contactless Reader Capabilities"));
/// ```
#[must_use]
pub fn name_in(kernel: Kernel, tag: Tag) -> Option<&'static str> {
    let own = position_in(kernel, tag).and_then(|at| names_of(kernel).get(at));
    own.copied().or_else(|| name(tag))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{dictionary::ENTRIES, tags};

    fn is_name(name: &&str) -> bool {
        !name.is_empty() && name.trim() == *name && name.is_ascii()
    }

    #[test]
    fn every_entry_has_its_name() {
        assert_eq!(NAMES.len(), ENTRIES.len());
        assert!(NAMES.iter().all(is_name));
        for (tag, expect) in [
            (tags::ISSUER_IDENTIFICATION_NUMBER, "Issuer Identification Number (IIN)"),
            (tags::AMOUNT_AUTHORISED, "Amount, Authorised (Numeric)"),
            (tags::OUTCOME_PARAMETER_SET, "Outcome Parameter Set"),
            (tags::DISCRETIONARY_DATA, "Discretionary Data"),
            (tags::TAG_MAPPING_LIST, "Tag Mapping List"),
            (tags::LOG_DATA_TABLE, "Log Data Table"),
        ] {
            assert_eq!(name(tag), Some(expect));
        }
        assert_eq!(name(Tag(0xDF7F)), None);
    }

    #[test]
    fn every_entry_of_a_kernel_has_its_name() {
        for &kernel in Kernel::ALL {
            assert_eq!(names_of(kernel).len(), kernel.entries().len());
            assert!(names_of(kernel).iter().all(is_name));
            assert_eq!(name_in(kernel, tags::PAN), name(tags::PAN));
        }
        for (kernel, tag, expect) in [
            (
                Kernel::C2,
                tags::CARD_TRANSACTION_QUALIFIERS,
                "Mag-stripe Application Version Number (Card)",
            ),
            (Kernel::C3, tags::CARD_TRANSACTION_QUALIFIERS, "Card Transaction Qualifiers (CTQ)"),
            (Kernel::C6, tags::PROTECTED_DATA_ENVELOPE_2, "Card Processing Requirement"),
            (Kernel::C7, tags::VLP_AVAILABLE_FUNDS, "Electronic Cash Balance"),
            (Kernel::C8, tags::DATA_ENVELOPE_10, "Data Envelope 10"),
            (Kernel::MChip, tags::ACCUMULATOR_1_CONTROL, "Accumulator 1 Control (Contact)"),
        ] {
            assert_eq!(name_in(kernel, tag), Some(expect));
        }
    }
}
