use core::fmt;

use super::{
    ContentsFault,
    data::{Data, Wrong},
};
use crate::{Algorithm, Exportability, KeyUsage, ModeOfUse};

/// A key that may be derived from the one in the block: five characters of the optional block DA.
///
/// Source: ANSI X9.143:2021, 6.3.6.4, table 12.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Derivation {
    /// What it is for.
    pub usage: KeyUsage,
    /// The algorithm that it works with.
    pub algorithm: Algorithm,
    /// What may be done with it.
    pub mode: ModeOfUse,
    /// Where it may go.
    pub exportability: Exportability,
}

impl Derivation {
    /// The place of the first character that has no meaning, if there is one.
    fn read(code: [u8; 5]) -> Result<Self, usize> {
        let [u0, u1, algorithm, mode, exportability] = code;
        Ok(Self {
            usage: KeyUsage::from_code([u0, u1]).ok_or(0_usize)?,
            algorithm: Algorithm::from_code(algorithm).ok_or(2_usize)?,
            mode: ModeOfUse::from_code(mode).ok_or(3_usize)?,
            exportability: Exportability::from_code(exportability).ok_or(4_usize)?,
        })
    }

    const fn code(self) -> [u8; 5] {
        let [u0, u1] = self.usage.code();
        [u0, u1, self.algorithm.code(), self.mode.code(), self.exportability.code()]
    }
}

impl fmt::Display for Derivation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { usage, algorithm, mode, exportability } = self;
        let names = (usage.name(), algorithm.name(), mode.name(), exportability.name());
        write!(f, "{} ({}, {}, {})", names.0, names.1, names.2, names.3)
    }
}

/// Which keys may be derived from the one in the block: the optional block DA.
///
/// Version 01, then five characters for each.
///
/// Source: ANSI X9.143:2021, 6.3.6.4, table 12.
#[derive(Clone, Copy)]
pub struct DerivationsAllowed<'a> {
    text: &'a [u8],
    list: &'a [Derivation],
}

impl<'a> DerivationsAllowed<'a> {
    /// These keys; at least one is needed to write them.
    #[must_use]
    pub const fn new(list: &'a [Derivation]) -> Self {
        Self { text: &[], list }
    }

    /// The keys in order.
    pub fn iter(&self) -> impl Iterator<Item = Derivation> + use<'a> {
        let (codes, _) = self.text.as_chunks();
        let read = codes.iter().filter_map(|&code| Derivation::read(code).ok());
        read.chain(self.list.iter().copied())
    }

    pub(super) fn read(data: &'a [u8]) -> Result<Self, Wrong> {
        Self::check(data)?;
        let (_, text) = data.split_at_checked(2).unwrap_or_default();
        Ok(Self { text, list: &[] })
    }

    /// Whether the data are those of a list.
    pub(super) fn check(data: &[u8]) -> Result<(), Wrong> {
        let (version, text) = data.split_at_checked(2).ok_or(Wrong::length(data))?;
        if version != b"01" {
            return Err(Wrong::new(ContentsFault::Version, 0));
        }
        let (codes, rest) = text.as_chunks();
        if codes.is_empty() || !rest.is_empty() {
            return Err(Wrong::length(data));
        }
        let mut at = version.len();
        for &code in codes {
            Derivation::read(code)
                .map_err(|place| Wrong::new(ContentsFault::Value, at.saturating_add(place)))?;
            at = at.saturating_add(code.len());
        }
        Ok(())
    }

    pub(super) fn write(&self, data: &mut Data<'_>) {
        data.text(b"01");
        self.iter().for_each(|key| data.text(&key.code()));
    }
}

impl PartialEq for DerivationsAllowed<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl Eq for DerivationsAllowed<'_> {}

impl fmt::Debug for DerivationsAllowed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}
