//! What the layouts have in common.

use super::{
    cvr::{Cvr, Layout},
    facts::Facts,
};
use core::fmt;

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Fields<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) key_index: u8,
    pub(super) cryptogram_version: u8,
    pub(super) cvr: Cvr<'a>,
    pub(super) discretionary: Option<&'a [u8]>,
}

/// Bytes in the layout that VIS began: a length, then the scheme's data, key index, version and counted results first; the
/// issuer's data, counted, may follow.
pub(super) struct Counted<'a> {
    pub(super) fields: Fields<'a>,
    /// What the scheme has after the results.
    pub(super) more: &'a [u8],
}

impl<'a> Counted<'a> {
    /// Reads it if everything fits to the byte.
    pub(super) fn read(bytes: &'a [u8], results: Layout) -> Option<Self> {
        let (&length, rest) = bytes.split_first()?;
        let (own, issuer) = rest.split_at_checked(usize::from(length))?;
        let (&[key_index, cryptogram_version], own) = own.split_first_chunk()?;
        let results_len = usize::from(*own.first()?).saturating_add(1);
        let (cvr, more) = own.split_at_checked(results_len)?;
        let discretionary = match issuer.split_first() {
            None => None,
            Some((&length, data)) if usize::from(length) == data.len() => Some(data),
            Some(_) => return None,
        };
        let cvr = Cvr::new(cvr, results);
        let fields = Fields { bytes, key_index, cryptogram_version, cvr, discretionary };
        Some(Self { fields, more })
    }
}

impl Fields<'_> {
    /// The facts of [`Counted`] data.
    pub(super) fn show_counted(&self, facts: &mut Facts<'_, '_>) -> fmt::Result {
        facts.fact(2, 1, format_args!("key index {:02X}", self.key_index))?;
        facts.fact(3, 1, format_args!("CVN {:02X}", self.cryptogram_version))?;
        facts.results(self.cvr)
    }

    /// The issuer's data, which are the last, if there are any.
    pub(super) fn show_discretionary(&self, facts: &mut Facts<'_, '_>) -> fmt::Result {
        let Some(data) = self.discretionary else { return Ok(()) };
        let first = self.bytes.len().saturating_sub(data.len()).saturating_add(1);
        facts.hidden("discretionary data", first, data)
    }
}

/// Makes the view of a layout: its type, what it has in common with the others, and a `Debug` that hides.
macro_rules! view {
    ($(#[$doc:meta])* pub struct $name:ident { $($field:ident: $type:ty),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash)]
        pub struct $name<'a> {
            fields: $crate::element::iad::fields::Fields<'a>,
            $($field: $type,)*
        }

        impl<'a> $name<'a> {
            pub(super) const fn fields(&self) -> &$crate::element::iad::fields::Fields<'a> {
                &self.fields
            }

            /// The value, as it was read.
            #[must_use]
            pub const fn as_bytes(&self) -> &'a [u8] {
                self.fields.bytes
            }

            /// The index of the issuer's key from which the card's was derived.
            #[must_use]
            pub const fn key_index(&self) -> u8 {
                self.fields.key_index
            }

            /// The cryptogram's version: how it is made.
            #[must_use]
            pub const fn cryptogram_version(&self) -> u8 {
                self.fields.cryptogram_version
            }

            /// The Card Verification Results.
            #[must_use]
            pub const fn cvr(&self) -> $crate::element::iad::Cvr<'a> {
                self.fields.cvr
            }

            /// The issuer's discretionary data, without their length byte if there is one.
            #[must_use]
            pub const fn discretionary(&self) -> Option<&'a [u8]> {
                self.fields.discretionary
            }
        }

        impl core::fmt::Debug for $name<'_> {
            /// Shows the length.
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                write!(f, concat!(stringify!($name), "({} bytes)"), self.fields.bytes.len())
            }
        }
    };
}

pub(super) use view;
