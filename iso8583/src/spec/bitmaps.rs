//! How many bitmaps a message has, and where.

/// How many bitmaps a message has, and where they stand.
///
/// | | fields | bit 1 | bit 65 |
/// |---|---|---|---|
/// | `One` | 1 to 64 | a data element, if the table has it | |
/// | `UpToTwo` | 2 to 128 | announces the second | a data element, if the table has it |
/// | `UpToThree` | 2 to 192 | announces the second | announces the third, which follows the second |
/// | `UpToThreeInField65` | 2 to 192 | announces the second | announces the third, which stands in field 65's place: after the fields up to 64 |
/// | `Two` | 2 to 128 | may be set or not: the second is always there; clear is written | a data element, if the table has it |
/// | `Three` | 2 to 192 | as for `Two` | may be set or not: the third is always there; clear is written |
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Bitmaps {
    /// One, always.
    One,
    /// One, and a second where bit 1 announces it.
    UpToTwo,
    /// One, a second where bit 1 announces it, and behind that a third where bit 65 announces it.
    UpToThree,
    /// One, a second where bit 1 announces it, and as field 65 a third where bit 65 announces it.
    UpToThreeInField65,
    /// Two, always.
    Two,
    /// Three, always.
    Three,
}

impl Bitmaps {
    /// How many are there in any message.
    #[inline]
    pub(crate) const fn least(self) -> u8 {
        match self {
            Self::Two => 2,
            Self::Three => 3,
            _ => 1,
        }
    }

    /// How many there are at most.
    #[inline]
    pub(crate) const fn most(self) -> u8 {
        match self {
            Self::One => 1,
            Self::UpToTwo | Self::Two => 2,
            Self::UpToThree | Self::UpToThreeInField65 | Self::Three => 3,
        }
    }

    /// The highest data element that they can announce.
    #[must_use]
    pub const fn highest(self) -> u8 {
        match self.most() {
            1 => 64,
            2 => 128,
            _ => 192,
        }
    }

    /// Whether the bit of this number stands for a bitmap and not for a data element.
    #[inline]
    #[must_use]
    pub const fn announces_with(self, bit: u8) -> bool {
        (bit == 1 && self.most() >= 2) || (bit == 65 && self.most() == 3)
    }
}
