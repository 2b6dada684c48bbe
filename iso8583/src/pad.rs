//! The nibble that fills an odd number of packed digits.

/// The nibble that fills an odd number of BCD digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Pad {
    /// Where the nibble stands.
    pub side: PadSide,
    /// Which nibble it is.
    pub nibble: PadNibble,
}

/// The side of the pad nibble.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PadSide {
    /// Before the digits.
    Left,
    /// After the digits.
    Right,
}

/// The value of the pad nibble.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PadNibble {
    /// 0.
    Zero,
    /// F.
    F,
    /// Whatever comes in; 0 is written. For links whose ends do not agree.
    Any,
}

impl Pad {
    /// 0 before the digits.
    pub const LEFT_ZERO: Self = Self { side: PadSide::Left, nibble: PadNibble::Zero };
    /// 0 after the digits.
    pub const RIGHT_ZERO: Self = Self { side: PadSide::Right, nibble: PadNibble::Zero };
    /// F before the digits.
    pub const LEFT_F: Self = Self { side: PadSide::Left, nibble: PadNibble::F };
    /// F after the digits.
    pub const RIGHT_F: Self = Self { side: PadSide::Right, nibble: PadNibble::F };
    /// Anything before the digits; 0 is written.
    pub const LEFT_ANY: Self = Self { side: PadSide::Left, nibble: PadNibble::Any };
    /// Anything after the digits; 0 is written.
    pub const RIGHT_ANY: Self = Self { side: PadSide::Right, nibble: PadNibble::Any };

    /// Whether a nibble that came in is the one that the spec names.
    #[inline]
    pub(crate) const fn admits(self, nibble: u8) -> bool {
        match self.nibble {
            PadNibble::Zero => nibble == 0,
            PadNibble::F => nibble == 0xF,
            PadNibble::Any => true,
        }
    }

    /// The nibble to write.
    #[inline]
    pub(crate) const fn written(self) -> u8 {
        match self.nibble {
            PadNibble::Zero | PadNibble::Any => 0,
            PadNibble::F => 0xF,
        }
    }
}
