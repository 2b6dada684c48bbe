//! The formats by what their blocks look like, without their other names.

use super::Format;

/// A layout of nibbles.
#[derive(Clone, Copy)]
pub(crate) enum Layout {
    Iso0,
    Iso1,
    Iso2,
    Iso3,
    Iso4,
    Eci2,
    Eci3,
    Visa2,
    Visa3,
    Visa4,
    Oem1,
    Ibm3621,
    Ibm4704Epp,
}

impl Format {
    /// What the format's blocks look like.
    #[inline]
    pub(crate) const fn layout(self) -> Layout {
        match self {
            Self::Iso0 | Self::Ansi | Self::Eci1 | Self::Visa1 => Layout::Iso0,
            Self::Iso1 | Self::Eci4 => Layout::Iso1,
            Self::Iso2 => Layout::Iso2,
            Self::Iso3 => Layout::Iso3,
            Self::Iso4 => Layout::Iso4,
            Self::Eci2 => Layout::Eci2,
            Self::Eci3 => Layout::Eci3,
            Self::Visa2 | Self::Docutel2 => Layout::Visa2,
            Self::Visa3 => Layout::Visa3,
            Self::Visa4 => Layout::Visa4,
            Self::Oem1 | Self::Diebold | Self::Ibm3624 => Layout::Oem1,
            Self::Ibm3621 => Layout::Ibm3621,
            Self::Ibm4704Epp => Layout::Ibm4704Epp,
        }
    }
}
