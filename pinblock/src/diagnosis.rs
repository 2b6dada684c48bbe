use core::fmt;

use zeroize::Zeroizing;

use crate::{Format, Pan, Pin, format::Layout};

/// What is wrong with a clear block, for tools.
///
/// Positions count the block's nibbles from 1. In a block that is bound to a PAN they are those of the PIN field, after the
/// PAN was taken out.
///
/// # Security
/// Never let whoever submits blocks see one, or the time that it took to find it: it is the oracle that
/// [`Error::InvalidBlock`](crate::Error::InvalidBlock) is there to avoid. It holds no nibble of the block.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Diagnosis {
    /// The block is not as long as the format's clear blocks are: 8 bytes, format 4's PIN field 16.
    BlockLength,
    /// The format binds the block to a PAN, and none was given.
    PanMissing,
    /// The first nibble is not the one of this format.
    Control,
    /// The nibble that says how long the PIN is says what the format does not allow.
    LengthNibble,
    /// No delimiter F stands in the block.
    Delimiter,
    /// What stands before the fill or the delimiter is too short or too long for a PIN.
    PinLength,
    /// This nibble has to be a digit of the PIN and is a letter.
    Digit {
        /// From 1.
        position: u8,
    },
    /// This nibble is none that the format fills up with, or not the same as the rest.
    Fill {
        /// From 1.
        position: u8,
    },
}

impl Diagnosis {
    /// The finding's name in `snake_case`, which stays the same from version to version.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::BlockLength => "block_length",
            Self::PanMissing => "pan_missing",
            Self::Control => "control",
            Self::LengthNibble => "length_nibble",
            Self::Delimiter => "delimiter",
            Self::PinLength => "pin_length",
            Self::Digit { .. } => "digit",
            Self::Fill { .. } => "fill",
        }
    }
}

impl fmt::Display for Diagnosis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BlockLength => {
                f.write_str("the block is not as long as this format's clear blocks")
            }
            Self::PanMissing => f.write_str("this format needs a pan"),
            Self::Control => f.write_str("the first nibble belongs to another format"),
            Self::LengthNibble => f.write_str("the length nibble is outside of this format's"),
            Self::Delimiter => f.write_str("no nibble is the delimiter f"),
            Self::PinLength => f.write_str("what stands before the fill is not as long as a pin"),
            Self::Digit { position } => {
                write!(f, "nibble {position} is a letter where a pin digit belongs")
            }
            Self::Fill { position } => write!(f, "nibble {position} is no fill of this format"),
        }
    }
}

impl core::error::Error for Diagnosis {}

type Found = Result<Pin, Diagnosis>;

impl Format {
    /// Reads a clear block and says what is wrong with it: for tools, and for tools only.
    ///
    /// It gives a PIN for the blocks for which [`decode`](Format::decode) does, and for format 4's PIN field, the same PIN.
    ///
    /// # Errors
    /// The first finding from the left, lengths before what they measure.
    ///
    /// # Security
    /// **An oracle.** A host that answers differently for different findings tells PINs; and this function takes branches on
    /// each nibble. Test keys and test cards only.
    ///
    /// # Examples
    /// ```
    /// use pinblock::{Diagnosis, Format};
    ///
    /// let block = [0x24, 0x12, 0xA4, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF];
    /// let found = Format::Iso2.diagnose(&block, None);
    /// assert_eq!(found.err(), Some(Diagnosis::Digit { position: 5 }));
    /// ```
    /// Source: as the format's.
    pub fn diagnose(self, block: &[u8], pan: Option<&Pan>) -> Result<Pin, Diagnosis> {
        let layout = self.layout();
        let (block, rest) = block.split_first_chunk::<8>().ok_or(Diagnosis::BlockLength)?;
        let rest_length = if matches!(layout, Layout::Iso4) { 8 } else { 0 };
        if rest.len() != rest_length {
            return Err(Diagnosis::BlockLength);
        }
        let pan = || pan.ok_or(Diagnosis::PanMissing);
        let bound = match layout {
            Layout::Iso0 | Layout::Iso3 => pan()?.rightmost_12(),
            Layout::Visa4 => pan()?.leftmost_12(),
            _ => 0,
        };
        let field = Zeroizing::new(u64::from_be_bytes(*block) ^ bound);
        let nibbles = Nibbles::of(*field);
        match layout {
            Layout::Iso0 | Layout::Visa4 => nibbles.controlled(0, |nibble| nibble == 0xF),
            Layout::Iso1 => nibbles.controlled(1, |_| true),
            Layout::Iso2 => nibbles.controlled(2, |nibble| nibble == 0xF),
            Layout::Iso3 => nibbles.controlled(3, |nibble| nibble > 9),
            Layout::Iso4 => nibbles.controlled(4, |nibble| nibble == 0xA),
            Layout::Eci2 => nibbles.digits(0, 4),
            Layout::Eci3 => nibbles.counted(|_| true),
            Layout::Visa2 => nibbles.counted(|nibble| nibble < 10),
            Layout::Visa3 => nibbles.delimited(),
            Layout::Oem1 => nibbles.before_run(0),
            Layout::Ibm3621 => nibbles.before_run(4),
            Layout::Ibm4704Epp => nibbles.numbered(),
        }
    }
}

/// A block's nibbles, the first one first.
struct Nibbles(Zeroizing<[u8; 16]>);

impl Nibbles {
    fn of(mut number: u64) -> Self {
        let mut nibbles = Zeroizing::new([0; 16]);
        for nibble in nibbles.iter_mut().rev() {
            let [.., byte] = number.to_be_bytes();
            *nibble = byte & 0x0F;
            number >>= 4;
        }
        Self(nibbles)
    }

    /// Control, length, digits, fill.
    fn controlled(&self, control: u8, is_fill: impl Fn(u8) -> bool) -> Found {
        if self.at(0) != control {
            return Err(Diagnosis::Control);
        }
        let length = self.length(1, 12)?;
        let pin = self.digits(2, length)?;
        self.fill(length.saturating_add(2), 16, is_fill)?;
        Ok(pin)
    }

    /// Length, digits and zeros, 9 nibbles of fill.
    fn counted(&self, is_fill: impl Fn(u8) -> bool) -> Found {
        let length = self.length(0, 6)?;
        let pin = self.digits(1, length)?;
        self.fill(length.saturating_add(1), 7, |nibble| nibble == 0)?;
        self.fill(7, 16, is_fill)?;
        Ok(pin)
    }

    /// Digits, a delimiter, one nibble throughout.
    fn delimited(&self) -> Found {
        let length = self.0.iter().position(|nibble| *nibble == 0xF).ok_or(Diagnosis::Delimiter)?;
        let pin = self.before(0, length)?;
        self.fill(length.saturating_add(1), 16, |nibble| nibble == self.at(15))?;
        Ok(pin)
    }

    /// Whatever there is before the PIN, digits, one nibble throughout.
    fn before_run(&self, first: usize) -> Found {
        let run = self.0.iter().rev().take_while(|nibble| **nibble == self.at(15)).count();
        self.before(first, 16_usize.saturating_sub(run).saturating_sub(first))
    }

    /// Length, digits, one nibble throughout, sequence number.
    fn numbered(&self) -> Found {
        let length = self.length(0, 12)?;
        let pin = self.digits(1, length)?;
        self.fill(length.saturating_add(1), 14, |nibble| nibble == self.at(13))?;
        Ok(pin)
    }

    fn at(&self, place: usize) -> u8 {
        self.0.get(place).copied().unwrap_or_default()
    }

    fn length(&self, place: usize, most: u8) -> Result<usize, Diagnosis> {
        match self.at(place) {
            length if (4..=most).contains(&length) => Ok(length.into()),
            _ => Err(Diagnosis::LengthNibble),
        }
    }

    /// Digits whose number was found out.
    fn before(&self, first: usize, length: usize) -> Found {
        match length {
            Pin::MIN_LENGTH..=Pin::MAX_LENGTH => self.digits(first, length),
            _ => Err(Diagnosis::PinLength),
        }
    }

    fn digits(&self, first: usize, length: usize) -> Found {
        let end = first.saturating_add(length);
        self.each(first, end, |nibble| nibble < 10)
            .map_err(|position| Diagnosis::Digit { position })?;
        let digits = self.0.get(first..end).unwrap_or_default();
        Pin::from_digits(digits).map_err(|_| Diagnosis::PinLength)
    }

    fn fill(
        &self,
        first: usize,
        end: usize,
        is_fill: impl Fn(u8) -> bool,
    ) -> Result<(), Diagnosis> {
        self.each(first, end, is_fill).map_err(|position| Diagnosis::Fill { position })
    }

    /// The first nibble for which something does not hold, from 1.
    fn each(&self, first: usize, end: usize, holds: impl Fn(u8) -> bool) -> Result<(), u8> {
        let nibbles = (1..).zip(self.0.iter()).take(end).skip(first);
        match nibbles.into_iter().find(|(_, nibble)| !holds(**nibble)) {
            Some((position, _)) => Err(position),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    extern crate std;
    use std::{format, string::String};

    fn found(format: Format, block: u64, pan: Option<&str>) -> Result<String, Diagnosis> {
        let pan = pan.map(|digits| digits.parse().unwrap());
        let found = format.diagnose(&block.to_be_bytes(), pan.as_ref());
        found.map(|pin| pin.expose_digits().as_str().into())
    }

    #[test]
    fn names_the_rule() {
        use Diagnosis::{Control, Delimiter, Digit, Fill, LengthNibble, PanMissing, PinLength};
        let pan = Some("4111111111111111");
        let rows = [
            (Format::Iso0, 0x0412_25EE_EEEE_EEEE, None, PanMissing),
            (Format::Visa4, 0x0412_25EE_EEEE_EEEE, None, PanMissing),
            (Format::Ansi, 0x1412_25EE_EEEE_EEEE, pan, Control),
            (Format::Iso0, 0x0312_25EE_EEEE_EEEE, pan, LengthNibble),
            (Format::Iso0, 0x0D12_25EE_EEEE_EEEE, pan, LengthNibble),
            (Format::Iso0, 0x0412_2AEE_EEEE_EEEE, pan, Digit { position: 6 }),
            (Format::Iso0, 0x0412_25EE_EEEE_EEEF, pan, Fill { position: 16 }),
            (Format::Iso3, 0x3412_2518_EEEE_EEEE, pan, Fill { position: 7 }),
            (Format::Iso1, 0x1412_3FEE_EEEE_EEEE, None, Digit { position: 6 }),
            (Format::Eci2, 0xF234_5678_90AB_CDEF, None, Digit { position: 1 }),
            (Format::Eci3, 0x7123_4560_0000_0000, None, LengthNibble),
            (Format::Eci3, 0x5123_4560_0000_0000, None, Fill { position: 7 }),
            (Format::Visa2, 0x5123_4509_999A_9999, None, Fill { position: 12 }),
            (Format::Visa3, 0x1234_5678_9012_3456, None, Delimiter),
            (Format::Visa3, 0x123F_0000_0000_0000, None, PinLength),
            (Format::Visa3, 0x12A4_F000_0000_0000, None, Digit { position: 3 }),
            (Format::Visa3, 0x1234_F000_1000_0000, None, Fill { position: 9 }),
            (Format::Diebold, 0x123F_FFFF_FFFF_FFFF, None, PinLength),
            (Format::Ibm3624, 0x1234_567F_8FFF_FFFF, None, Digit { position: 8 }),
            (Format::Ibm3621, 0x4444_123F_FFFF_FFFF, None, PinLength),
            (Format::Ibm3621, 0x4444_4444_4444_4444, None, PinLength),
            (Format::Ibm3621, 0xFFFF_1A34_5678_9012, None, Digit { position: 6 }),
            (Format::Ibm4704Epp, 0x4123_4FFF_FFEF_FF00, None, Fill { position: 11 }),
        ];
        for (format, block, pan, expected) in rows {
            assert_eq!(found(format, block, pan), Err(expected), "{format} {block:016X}");
        }
        assert_eq!(found(Format::Ibm3621, 0x0000_1234_5678_9012, None), Ok("12345678901".into()));
    }

    #[test]
    fn takes_blocks_of_the_right_length_only() {
        for format in Format::ALL {
            let length = format.block_size();
            for bytes in 0..20 {
                let found = format.diagnose(&[0; 20][..bytes], Some(&"42".parse().unwrap()));
                assert_eq!(found.err() == Some(Diagnosis::BlockLength), bytes != length);
            }
        }
        let mut field = [0x11; 16];
        field[..8].copy_from_slice(&[0x44, 0x12, 0x34, 0xAA, 0xAA, 0xAA, 0xAA, 0xAA]);
        assert_eq!(Format::Iso4.diagnose(&field, None).unwrap().length(), 4);
    }

    #[test]
    fn says_it_in_one_line() {
        let rows = [
            Diagnosis::BlockLength,
            Diagnosis::PanMissing,
            Diagnosis::Control,
            Diagnosis::LengthNibble,
            Diagnosis::Delimiter,
            Diagnosis::PinLength,
            Diagnosis::Digit { position: 5 },
            Diagnosis::Fill { position: 16 },
        ];
        for row in rows {
            let line = format!("{row}");
            assert!(line.is_ascii() && line == line.to_lowercase() && !line.contains('\n'));
            assert!(!row.as_str().is_empty());
        }
        assert_eq!(format!("{}", rows[7]), "nibble 16 is no fill of this format");
    }
}
