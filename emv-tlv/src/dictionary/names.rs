//! The elements' names, in a table of their own so that firmware need not carry them.

use super::{Tag, elements, position};

macro_rules! names {
    ($($raw:literal $constant:ident $format:ident $lengths:expr, $source:ident $sensitivity:ident $name:literal;)*) => {
        /// The names, in step with the entries.
        static NAMES: &[&str] = &[$($name),*];
    };
}

elements!(names);

/// The name of the element with this tag: `Amount, Authorised (Numeric)`.
#[must_use]
pub fn name(tag: Tag) -> Option<&'static str> {
    NAMES.get(position(tag)?).copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{dictionary::ENTRIES, tags};

    #[test]
    fn every_entry_has_its_name() {
        assert_eq!(NAMES.len(), ENTRIES.len());
        assert!(NAMES.iter().all(|name| !name.is_empty() && name.trim() == *name));
        for (tag, expect) in [
            (tags::ISSUER_IDENTIFICATION_NUMBER, "Issuer Identification Number (IIN)"),
            (tags::AMOUNT_AUTHORISED, "Amount, Authorised (Numeric)"),
            (tags::OUTCOME_PARAMETER_SET, "Outcome Parameter Set"),
            (tags::DISCRETIONARY_DATA, "Discretionary Data"),
        ] {
            assert_eq!(name(tag), Some(expect));
        }
        assert_eq!(name(Tag(0xDF7F)), None);
    }
}
