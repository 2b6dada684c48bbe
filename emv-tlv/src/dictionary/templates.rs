//! The templates in which an element stands: few lists, shared by many entries.

use crate::Tag;

/// A list of templates, named by their tags.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Within {
    /// None that is known.
    Alone,
    T61,
    T61A5,
    T6F,
    T70,
    T70Bf0c,
    T70T77,
    T70T77Bf0c,
    T71T72,
    T73Bf0c,
    T77,
    T77Bf0c,
    T7F60,
    TA5,
    Bf0c,
    Bf4aBf4b,
    Bf4cBf4d,
    Bf4cBf4dBf4e,
    Bf8103,
    Ff8106,
}

impl Within {
    /// The templates' tags.
    pub(super) const fn tags(self) -> &'static [Tag] {
        match self {
            Self::Alone => &[],
            Self::T61 => &[Tag(0x61)],
            Self::T61A5 => &[Tag(0x61), Tag(0xA5)],
            Self::T6F => &[Tag(0x6F)],
            Self::T70 => &[Tag(0x70)],
            Self::T70Bf0c => &[Tag(0x70), Tag(0xBF0C)],
            Self::T70T77 => &[Tag(0x70), Tag(0x77)],
            Self::T70T77Bf0c => &[Tag(0x70), Tag(0x77), Tag(0xBF0C)],
            Self::T71T72 => &[Tag(0x71), Tag(0x72)],
            Self::T73Bf0c => &[Tag(0x73), Tag(0xBF0C)],
            Self::T77 => &[Tag(0x77)],
            Self::T77Bf0c => &[Tag(0x77), Tag(0xBF0C)],
            Self::T7F60 => &[Tag(0x7F60)],
            Self::TA5 => &[Tag(0xA5)],
            Self::Bf0c => &[Tag(0xBF0C)],
            Self::Bf4aBf4b => &[Tag(0xBF4A), Tag(0xBF4B)],
            Self::Bf4cBf4d => &[Tag(0xBF4C), Tag(0xBF4D)],
            Self::Bf4cBf4dBf4e => &[Tag(0xBF4C), Tag(0xBF4D), Tag(0xBF4E)],
            Self::Bf8103 => &[Tag(0xBF_8103)],
            Self::Ff8106 => &[Tag(0xFF_8106)],
        }
    }
}
