//! Which format may become which, and for which PAN.
//!
//! Source: ISO 9564-1; the restrictions of ANSI X9.8 as the documentation of IBM's CCA lists them for PIN translation.

use subtle::ConstantTimeEq;

use crate::{Error, Format, Pan};

/// What the rules tell apart in formats.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Class {
    /// Formats 0, 3 and 4: bound to a PAN.
    Bound,
    /// Format 1: bound to none.
    Unbound,
    /// Format 2: for a chip.
    Chip,
    /// What ISO 9564 has no more, whatever its bytes are.
    Legacy,
}

impl Class {
    const fn of(format: Format) -> Self {
        match format {
            _ if format.is_legacy() => Self::Legacy,
            Format::Iso1 => Self::Unbound,
            Format::Iso2 => Self::Chip,
            _ => Self::Bound,
        }
    }
}

/// What a caller has allowed by name.
#[derive(Clone, Copy)]
pub(super) struct Exceptions {
    pub(super) legacy_input: bool,
    pub(super) pan_change: bool,
}

impl Exceptions {
    pub(super) const NONE: Self = Self { legacy_input: false, pan_change: false };

    /// Whether a block of one format may become one of the other.
    pub(super) const fn allow_formats(self, from: Format, to: Format) -> Result<(), Error> {
        self.allow_classes(Class::of(from), Class::of(to))
    }

    const fn allow_classes(self, from: Class, to: Class) -> Result<(), Error> {
        match (from, to) {
            (Class::Chip, _) | (_, Class::Chip) => Err(Error::TranslationOfFormat2),
            (_, Class::Legacy) => Err(Error::TranslationToLegacy),
            (Class::Legacy, _) if !self.legacy_input => Err(Error::TranslationFromLegacy),
            (Class::Bound | Class::Legacy, Class::Unbound) => Err(Error::TranslationToFormat1),
            (Class::Unbound, Class::Unbound) | (_, Class::Bound) => Ok(()),
        }
    }

    /// Whether a PIN may go from one PAN to the other; a side that has none changes none.
    pub(super) fn allow_pans(self, from: Option<&Pan>, to: Option<&Pan>) -> Result<(), Error> {
        match (from, to) {
            (Some(from), Some(to)) if !self.pan_change && !is_same(from, to) => {
                Err(Error::TranslationPanChange)
            }
            _ => Ok(()),
        }
    }
}

/// Mostly both sides are lent one PAN, which need not be compared.
fn is_same(from: &Pan, to: &Pan) -> bool {
    core::ptr::eq(from, to) || from.ct_eq(to).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    const CLASSES: [Class; 4] = [Class::Bound, Class::Unbound, Class::Chip, Class::Legacy];

    /// From a class in a row to one in a column, in the order above: `y` yes, `x` under the exception for legacy input
    /// only, `1` never since it unbinds, `2` never since it is for chips, `l` never since nothing becomes legacy.
    const TABLE: [&str; 4] = [
        "y12l", // bound
        "yy2l", // unbound
        "2222", // chip
        "xx2l", // legacy
    ];

    #[test]
    fn classes_are_allowed_as_the_table_says() {
        for (legacy_input, pan_change) in
            [(false, false), (false, true), (true, false), (true, true)]
        {
            let exceptions = Exceptions { legacy_input, pan_change };
            for (from, row) in CLASSES.into_iter().zip(TABLE) {
                for (to, cell) in CLASSES.into_iter().zip(row.chars()) {
                    let expected = match cell {
                        'x' if !legacy_input => Err(Error::TranslationFromLegacy),
                        'x' if to == Class::Bound => Ok(()),
                        'x' | '1' => Err(Error::TranslationToFormat1),
                        '2' => Err(Error::TranslationOfFormat2),
                        'l' => Err(Error::TranslationToLegacy),
                        _ => Ok(()),
                    };
                    let found = exceptions.allow_classes(from, to);
                    assert_eq!(found, expected, "{from:?} to {to:?}");
                }
            }
        }
    }

    #[test]
    fn every_format_has_its_class() {
        for (format, class) in [
            (Format::Iso0, Class::Bound),
            (Format::Iso1, Class::Unbound),
            (Format::Iso2, Class::Chip),
            (Format::Iso3, Class::Bound),
            (Format::Iso4, Class::Bound),
        ] {
            assert_eq!(Class::of(format), class, "{format}");
            assert_eq!(format.needs_pan(), class == Class::Bound, "{format}");
        }
        // Those that have the bytes of format 0 or 1 as well.
        let legacy = [
            (Format::Ansi, true),
            (Format::Diebold, false),
            (Format::Docutel2, false),
            (Format::Eci1, true),
            (Format::Eci2, false),
            (Format::Eci3, false),
            (Format::Eci4, false),
            (Format::Ibm3621, false),
            (Format::Ibm3624, false),
            (Format::Ibm4704Epp, false),
            (Format::Oem1, false),
            (Format::Visa1, true),
            (Format::Visa2, false),
            (Format::Visa3, false),
            (Format::Visa4, true),
        ];
        for (format, needs_pan) in legacy {
            assert_eq!(Class::of(format), Class::Legacy, "{format}");
            assert_eq!(format.needs_pan(), needs_pan, "{format}");
        }
        // A new format needs its row.
        assert_eq!(legacy.len() + 5, Format::ALL.len());
    }

    #[test]
    fn a_pan_stays_itself_unless_a_change_is_allowed() {
        let pan = |digits: &str| digits.parse::<Pan>().unwrap();
        let (one, same) = (pan("4111111111111111"), pan("4111111111111111"));
        let changing = Exceptions { pan_change: true, legacy_input: false };
        // Digits that no block of 8 bytes is bound to, and the length, count as well.
        for other in ["4111111111111112", "5111111111111111", "04111111111111111"].map(pan) {
            let refused = Exceptions::NONE.allow_pans(Some(&one), Some(&other));
            assert_eq!(refused, Err(Error::TranslationPanChange));
            assert_eq!(changing.allow_pans(Some(&one), Some(&other)), Ok(()));
            assert_eq!(Exceptions::NONE.allow_pans(None, Some(&other)), Ok(()));
            assert_eq!(Exceptions::NONE.allow_pans(Some(&one), None), Ok(()));
        }
        assert_eq!(Exceptions::NONE.allow_pans(Some(&one), Some(&same)), Ok(()));
        assert_eq!(Exceptions::NONE.allow_pans(None, None), Ok(()));
    }
}
