//! Data that answer a list: values without tags.

use super::{Trace, UDOL};
use crate::{Dol, DolKind, MaskedValue, Tag, mask, tags};
use core::fmt;

/// The data of a command, and the list that says what they are.
///
/// `Display` and `Debug` show each value as its tag allows, or how many bytes the data are if no list explains them.
///
/// Source: EMV 4.4 Book 3, 5.4.
#[derive(Clone, Copy)]
pub struct DolData<'a> {
    list: Tag,
    dol: Option<Dol<'a>>,
    data: &'a [u8],
}

/// What a terminal signs of itself if the card says no DDOL: the unpredictable number, at least.
static DEFAULT_DDOL: &[u8] = &[0x9F, 0x37, 0x04];

impl<'a> DolData<'a> {
    /// The data by the first of these lists that was said and has their length.
    pub(super) fn new(trace: &Trace<'a>, lists: [Tag; 2], data: &'a [u8]) -> Self {
        let [first, _] = lists;
        for list in lists {
            let default = || match list {
                tags::DDOL => Dol::parse(DEFAULT_DDOL).ok(),
                UDOL => DolKind::Udol.choose(None, None).ok(),
                _ => None,
            };
            // Of a list of another length each value would be shown as what it is not.
            let dol = trace.list(list).or_else(default).filter(|dol| dol.data_len() == data.len());
            if dol.is_some() {
                return Self { list, dol, data };
            }
        }
        Self { list: first, dol: None, data }
    }

    /// The tag of the list by which the data are read: of PDOL, CDOL1, CDOL2, DDOL or UDOL.
    #[must_use]
    pub const fn list(&self) -> Tag {
        self.list
    }

    /// All of the data.
    #[must_use]
    pub const fn data(&self) -> &'a [u8] {
        self.data
    }

    /// Whether a list explains the data: it was said, or has a default, and asks for as many bytes as there are.
    #[must_use]
    pub const fn is_explained(&self) -> bool {
        self.dol.is_some()
    }

    /// Each value with its tag; none if no list explains the data.
    pub fn values(&self) -> impl Iterator<Item = (Tag, &'a [u8])> + use<'a> {
        let values = self.dol.and_then(|dol| dol.split(self.data).ok());
        values.into_iter().flatten()
    }
}

impl fmt::Display for DolData<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.is_explained() {
            return mask::length(self.data, f);
        }
        for (at, (tag, value)) in self.values().enumerate() {
            let comma = if at > 0 { ", " } else { "" };
            write!(f, "{comma}{tag} {}", MaskedValue::doubted(tag, value))?;
        }
        Ok(())
    }
}

impl fmt::Debug for DolData<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DolData({}: {self})", self.list)
    }
}
