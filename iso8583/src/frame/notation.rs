//! The notations of a length.

use super::FrameHeader;

/// How the length is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Notation {
    Binary2,
    Binary4,
    Ascii4,
    Bcd2,
    Vmlh,
}

impl Notation {
    /// Bytes of the length, and of what belongs to it.
    pub(super) const fn width(self) -> usize {
        match self {
            Self::Binary2 | Self::Bcd2 => 2,
            Self::Binary4 | Self::Ascii4 | Self::Vmlh => 4,
        }
    }

    /// The largest length that can be written.
    pub(super) const fn largest(self) -> u32 {
        match self {
            Self::Binary2 | Self::Vmlh => 0xFFFF,
            Self::Binary4 => u32::MAX,
            Self::Ascii4 | Self::Bcd2 => 9_999,
        }
    }

    /// The first byte that is no digit, where there should be digits.
    pub(super) fn wrong_digit(self, header: &[u8]) -> Option<usize> {
        match self {
            Self::Ascii4 => header.iter().position(|byte| !byte.is_ascii_digit()),
            Self::Bcd2 => header.iter().position(|byte| byte >> 4 > 9 || byte & 0x0F > 9),
            Self::Binary2 | Self::Binary4 | Self::Vmlh => None,
        }
    }

    /// The length in a whole header, and whether that is session control; `None` where a digit is none.
    #[inline]
    pub(super) fn read(self, header: &[u8]) -> Option<(u32, bool)> {
        match (self, header) {
            (Self::Binary2, &[a, b]) => Some((u32::from_be_bytes([0, 0, a, b]), false)),
            (Self::Binary4, &[a, b, c, d]) => Some((u32::from_be_bytes([a, b, c, d]), false)),
            (Self::Vmlh, &[a, b, _, format]) => {
                Some((u32::from_be_bytes([0, 0, a, b]), format >> 4 == 2))
            }
            (Self::Ascii4, &[a, b, c, d]) => {
                Some((decimal([a, b, c, d].map(|byte| byte.wrapping_sub(b'0')))?, false))
            }
            (Self::Bcd2, &[a, b]) => Some((decimal([a >> 4, a & 0x0F, b >> 4, b & 0x0F])?, false)),
            _ => None,
        }
    }

    /// The header with a length of at most [`largest`](Self::largest).
    pub(super) fn write(self, length: u32, control: bool) -> FrameHeader {
        let [a, b, c, d] = length.to_be_bytes();
        let digit = |of: u32| (of % 10).to_le_bytes()[0];
        let digits =
            [digit(length / 1_000), digit(length / 100), digit(length / 10), digit(length)];
        match self {
            Self::Binary2 => FrameHeader::two([c, d]),
            Self::Binary4 => FrameHeader::four([a, b, c, d]),
            Self::Ascii4 => FrameHeader::four(digits.map(|digit| digit | b'0')),
            Self::Bcd2 => {
                let [thousands, hundreds, tens, ones] = digits;
                FrameHeader::two([thousands << 4 | hundreds, tens << 4 | ones])
            }
            Self::Vmlh => FrameHeader::four([c, d, 0, if control { 0x20 } else { 0 }]),
        }
    }
}

/// Four digits as a number, if they are digits.
#[inline]
fn decimal(digits: [u8; 4]) -> Option<u32> {
    if digits.iter().any(|digit| *digit > 9) {
        return None;
    }
    // At most 9,999.
    let number = |sum: u32, digit: u8| sum.wrapping_mul(10).wrapping_add(u32::from(digit));
    Some(digits.into_iter().fold(0, number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_notation_reads_every_length_that_it_writes() {
        for notation in
            [Notation::Binary2, Notation::Binary4, Notation::Ascii4, Notation::Bcd2, Notation::Vmlh]
        {
            let far = notation.largest().saturating_sub(3)..=notation.largest();
            for length in (0..=9_999).step_by(if cfg!(miri) { 101 } else { 1 }).chain(far) {
                let header = notation.write(length, false);
                assert_eq!(header.len(), notation.width());
                assert_eq!(notation.wrong_digit(&header), None);
                assert_eq!(notation.read(&header), Some((length, false)), "{notation:?}");
            }
        }
        assert_eq!(Notation::Vmlh.read(&Notation::Vmlh.write(15, true)), Some((15, true)));
    }
}
