//! How much a command asks for.

use core::fmt;

/// How many bytes a command expects in return at most: 1 to 65,536.
///
/// On the wire 256 is one byte 00, and 65,536 two of them: what is written as zero means as much as there is.
///
/// # Examples
/// ```
/// use emv_tlv::apdu::Le;
///
/// assert_eq!(Le::ALL.bytes(), 256);
/// assert_eq!(Le::new(8).map(Le::bytes), Some(8));
/// assert_eq!(Le::new(0), None);
/// ```
/// Source: ISO/IEC 7816-4.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Le {
    /// One less than is expected, so that each value is one that can be written.
    less_one: u16,
}

impl Le {
    /// As much as there is, in the short form: 256, written 00.
    pub const ALL: Self = Self { less_one: 0xFF };

    /// As much as there is, in the extended form: 65,536, written 0000.
    pub const ALL_EXTENDED: Self = Self { less_one: 0xFFFF };

    /// So many bytes; none for 0 and for more than 65,536.
    #[must_use]
    pub fn new(bytes: u32) -> Option<Self> {
        let less_one = u16::try_from(bytes.checked_sub(1)?).ok()?;
        Some(Self { less_one })
    }

    /// What the one byte of the short form stands for.
    #[must_use]
    pub const fn from_short(byte: u8) -> Self {
        // Wraps 00 to the largest, which is what it stands for.
        Self { less_one: u16::from_be_bytes([0, byte.wrapping_sub(1)]) }
    }

    /// What the two bytes of the extended form stand for.
    #[must_use]
    pub const fn from_extended(bytes: [u8; 2]) -> Self {
        Self { less_one: u16::from_be_bytes(bytes).wrapping_sub(1) }
    }

    /// How many bytes are expected.
    #[must_use]
    pub const fn bytes(self) -> u32 {
        let [high, low] = self.less_one.to_be_bytes();
        u32::from_be_bytes([0, 0, high, low]).wrapping_add(1)
    }

    /// Whether the short form can say it.
    pub(super) const fn is_short(self) -> bool {
        self.less_one <= 0xFF
    }

    /// The two bytes of the extended form, of which the second is the short form.
    pub(super) const fn to_extended(self) -> [u8; 2] {
        self.less_one.wrapping_add(1).to_be_bytes()
    }
}

impl fmt::Display for Le {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.bytes(), f)
    }
}

impl fmt::Debug for Le {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Le({self})")
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;

    #[test]
    fn zero_stands_for_the_most() {
        for (byte, bytes) in [(0, 256), (1, 1), (0xFF, 255)] {
            let le = Le::from_short(byte);
            assert_eq!((le.bytes(), le.to_extended()[1], le.is_short()), (bytes, byte, true));
            assert_eq!(Le::new(bytes), Some(le));
        }
        for (pair, bytes) in [([0, 0], 65_536), ([0, 1], 1), ([1, 0], 256), ([1, 1], 257)] {
            let le = Le::from_extended(pair);
            assert_eq!((le.bytes(), le.to_extended()), (bytes, pair));
            assert_eq!((Le::new(bytes), le.is_short()), (Some(le), bytes <= 256));
        }
        assert_eq!((Le::new(0), Le::new(65_537)), (None, None));
        assert_eq!(std::format!("{:?}", Le::ALL_EXTENDED), "Le(65536)");
    }
}
