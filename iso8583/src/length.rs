//! How long a value is, and how its length is written.

/// Whether a value always has one length, announces it, or leaves it to what it lies in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Length {
    /// So many units, always.
    Fixed(u16),
    /// At most so many units, without a prefix of its own: in a tagged composite its element says how many, as
    /// the last part of a positional one it takes what is left.
    UpTo(u16),
    /// At most `max` units, announced by a prefix.
    Variable {
        /// How the length is written.
        prefix: Prefix,
        /// The most units that the spec allows.
        max: u16,
    },
}

/// What a length counts: a fixed one, a maximum, and the number in a prefix alike.
///
/// | unit | of | counts |
/// |---|---|---|
/// | `Bytes` | any encoding | bytes on the wire; of hexadecimal text, bytes of the value |
/// | `Digits` | BCD, zoned decimal | digits; in BCD the sign letter of an x+n value counts as one, in zoned decimal it shares the last byte |
/// | `Characters` | text of one byte a character, zoned decimal too; hexadecimal text | characters on the wire |
///
/// What an [`Encoding`](crate::Encoding) counts unless told otherwise: text characters, BCD digits, all else bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Unit {
    /// Bytes.
    Bytes,
    /// Digits, packed or one a byte.
    Digits,
    /// Characters of one byte.
    Characters,
}

/// How a length is written before a value of variable length.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Prefix {
    encoding: PrefixEncoding,
    size: u8,
    counts_itself: bool,
}

/// The notation of a length prefix.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PrefixEncoding {
    /// ASCII decimal digits.
    Ascii,
    /// Decimal digits, two a byte, with a leading 0 where their number is odd.
    Bcd,
    /// EBCDIC decimal digits, F0 to F9.
    Ebcdic,
    /// A big-endian number.
    Binary,
    /// ASCII hexadecimal digits; either case is read, upper case is written.
    Hex,
    /// BER length octets: one below 80, else 81 and the like before the number.
    Ber,
}

/// Why a prefix gives no length.
pub(crate) enum PrefixFault {
    /// It takes so many bytes, and there are fewer.
    Short(usize),
    /// It is no number in its notation.
    NotANumber,
}

impl Prefix {
    /// A length in ASCII decimal digits, one a byte: `ascii(2)` is LLVAR.
    #[must_use]
    pub const fn ascii(digits: u8) -> Self {
        Self::new(PrefixEncoding::Ascii, digits)
    }

    /// A length in BCD digits, two a byte: `bcd(3)` takes two bytes.
    #[must_use]
    pub const fn bcd(digits: u8) -> Self {
        Self::new(PrefixEncoding::Bcd, digits)
    }

    /// A length in EBCDIC decimal digits, one a byte.
    #[must_use]
    pub const fn ebcdic(digits: u8) -> Self {
        Self::new(PrefixEncoding::Ebcdic, digits)
    }

    /// A length as a big-endian number of so many bytes.
    #[must_use]
    pub const fn binary(bytes: u8) -> Self {
        Self::new(PrefixEncoding::Binary, bytes)
    }

    /// A length in ASCII hexadecimal digits, one a byte.
    #[must_use]
    pub const fn hex(digits: u8) -> Self {
        Self::new(PrefixEncoding::Hex, digits)
    }

    /// A BER length of at most so many bytes: `ber(1)` reaches 127, `ber(2)` 255, `ber(3)` 65,535.
    ///
    /// A length that could be shorter is read; the shortest form is written.
    #[must_use]
    pub const fn ber(bytes: u8) -> Self {
        Self::new(PrefixEncoding::Ber, bytes)
    }

    const fn new(encoding: PrefixEncoding, size: u8) -> Self {
        Self { encoding, size, counts_itself: false }
    }

    /// The same prefix with its own bytes counted in the length that it says.
    #[must_use]
    pub const fn counting_itself(self) -> Self {
        Self { counts_itself: true, ..self }
    }

    /// The notation.
    #[inline]
    #[must_use]
    pub const fn encoding(&self) -> PrefixEncoding {
        self.encoding
    }

    /// Digits, or bytes of a binary or BER length, 1 to 6.
    #[inline]
    #[must_use]
    pub const fn size(&self) -> u8 {
        self.size
    }

    /// Whether the length counts the prefix as well.
    #[inline]
    #[must_use]
    pub const fn counts_itself(&self) -> bool {
        self.counts_itself
    }

    /// Bytes on the wire; of a BER length, the most.
    #[inline]
    #[must_use]
    pub const fn width(&self) -> u8 {
        match self.encoding {
            PrefixEncoding::Bcd => self.size.div_ceil(2),
            _ => self.size,
        }
    }

    /// The largest length of a value that the prefix can say; `None` where its size is none.
    pub(crate) const fn largest(&self) -> Option<u32> {
        if self.size == 0 || self.size > 6 {
            return None;
        }
        // At most 6: no overflow but of the binary forms, which saturate.
        let size = self.size as u32;
        let largest = match self.encoding {
            PrefixEncoding::Ascii | PrefixEncoding::Bcd | PrefixEncoding::Ebcdic => {
                10_u32.saturating_pow(size).saturating_sub(1)
            }
            PrefixEncoding::Binary => 256_u32.saturating_pow(size).saturating_sub(1),
            PrefixEncoding::Hex => 16_u32.saturating_pow(size).saturating_sub(1),
            PrefixEncoding::Ber if size == 1 => 127,
            PrefixEncoding::Ber => 256_u32.saturating_pow(size.saturating_sub(1)).saturating_sub(1),
        };
        Some(if self.counts_itself { largest.saturating_sub(self.width() as u32) } else { largest })
    }

    /// The number at the front of some bytes and the bytes that it takes; what it counts is not looked at.
    #[inline]
    pub(crate) fn read(&self, bytes: &[u8]) -> Result<(usize, usize), PrefixFault> {
        if matches!(self.encoding, PrefixEncoding::Ber) {
            return self.read_ber(bytes);
        }
        let width = usize::from(self.width());
        let Some(digits) = bytes.get(..width) else { return Err(PrefixFault::Short(width)) };
        let mut value = 0_u32;
        for &byte in digits {
            // Six decimal digits do not overflow; six bytes saturate, far above any length.
            value = match self.encoding {
                PrefixEncoding::Ascii if byte.is_ascii_digit() => {
                    value.wrapping_mul(10).wrapping_add(u32::from(byte & 0x0F))
                }
                PrefixEncoding::Ebcdic if matches!(byte, 0xF0..=0xF9) => {
                    value.wrapping_mul(10).wrapping_add(u32::from(byte & 0x0F))
                }
                PrefixEncoding::Bcd if byte >> 4 <= 9 && byte & 0x0F <= 9 => value
                    .wrapping_mul(100)
                    .wrapping_add(u32::from(byte >> 4).wrapping_mul(10))
                    .wrapping_add(u32::from(byte & 0x0F)),
                PrefixEncoding::Binary => value.saturating_mul(256).saturating_add(u32::from(byte)),
                PrefixEncoding::Hex => match hex_value(byte) {
                    Some(digit) => value.wrapping_mul(16).wrapping_add(u32::from(digit)),
                    None => return Err(PrefixFault::NotANumber),
                },
                _ => return Err(PrefixFault::NotANumber),
            };
        }
        Ok((usize::try_from(value).unwrap_or(usize::MAX), width))
    }

    fn read_ber(&self, bytes: &[u8]) -> Result<(usize, usize), PrefixFault> {
        let Some((&first, after)) = bytes.split_first() else { return Err(PrefixFault::Short(1)) };
        if first < 0x80 {
            return Ok((usize::from(first), 1));
        }
        let count = usize::from(first & 0x7F);
        let width = count.saturating_add(1);
        // 80 opens an indefinite length, which the field does not use.
        if count == 0 || width > usize::from(self.size) {
            return Err(PrefixFault::NotANumber);
        }
        let Some(octets) = after.get(..count) else { return Err(PrefixFault::Short(width)) };
        let value = octets.iter().fold(0_usize, |value, octet| {
            value.saturating_mul(256).saturating_add(usize::from(*octet))
        });
        Ok((value, width))
    }

    /// Bytes that the prefix of a value of so many units takes.
    #[inline]
    pub(crate) const fn written_width(&self, count: usize) -> usize {
        match self.encoding {
            PrefixEncoding::Ber if count < 0x80 => 1,
            PrefixEncoding::Ber if count <= 0xFF => 2,
            PrefixEncoding::Ber if count <= 0xFFFF => 3,
            PrefixEncoding::Ber => 4,
            _ => self.width() as usize,
        }
    }

    /// Writes a number as ASCII digits, as many as the slot has.
    #[inline]
    pub(crate) fn write_ascii(number: usize, slot: &mut [u8]) {
        let mut rest = number;
        for byte in slot.iter_mut().rev() {
            *byte = b'0' | low_byte(rest % 10);
            rest /= 10;
        }
    }

    /// Writes the length of a value of so many units into a slot of exactly `written_width` bytes.
    pub(crate) fn write(&self, count: usize, slot: &mut [u8]) {
        let width = slot.len();
        let mut rest = if self.counts_itself { count.saturating_add(width) } else { count };
        for (position, byte) in slot.iter_mut().enumerate().rev() {
            match self.encoding {
                PrefixEncoding::Ascii => {
                    *byte = b'0' | low_byte(rest % 10);
                    rest /= 10;
                }
                PrefixEncoding::Ebcdic => {
                    *byte = 0xF0 | low_byte(rest % 10);
                    rest /= 10;
                }
                PrefixEncoding::Bcd => {
                    *byte = low_byte(rest / 10 % 10) << 4 | low_byte(rest % 10);
                    rest /= 100;
                }
                PrefixEncoding::Hex => {
                    *byte = hex_digit(low_byte(rest & 0x0F));
                    rest >>= 4;
                }
                PrefixEncoding::Ber if position == 0 && width > 1 => {
                    *byte = 0x80 | low_byte(width.saturating_sub(1));
                }
                PrefixEncoding::Binary | PrefixEncoding::Ber => {
                    *byte = low_byte(rest & 0xFF);
                    rest >>= 8;
                }
            }
        }
    }
}

/// A number that is known to fit a byte.
fn low_byte(number: usize) -> u8 {
    u8::try_from(number).unwrap_or(0)
}

/// The upper-case hexadecimal digit of a nibble.
pub(crate) const fn hex_digit(nibble: u8) -> u8 {
    match nibble & 0x0F {
        digit @ 0..=9 => b'0' | digit,
        letter => letter.wrapping_add(b'A').wrapping_sub(10),
    }
}

/// The value of an ASCII hexadecimal digit of either case.
pub(crate) const fn hex_value(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit & 0x0F),
        b'A'..=b'F' | b'a'..=b'f' => Some((digit & 0x0F).wrapping_add(9)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(prefix: Prefix, bytes: &[u8]) -> Option<(usize, usize)> {
        prefix.read(bytes).ok()
    }

    #[test]
    fn widths_on_the_wire() {
        assert_eq!(
            (Prefix::ascii(3).width(), Prefix::bcd(3).width(), Prefix::binary(2).width()),
            (3, 2, 2)
        );
        assert_eq!(Prefix::ascii(2).largest(), Some(99));
        assert_eq!(Prefix::ascii(2).counting_itself().largest(), Some(97));
        assert_eq!((Prefix::binary(1).largest(), Prefix::hex(2).largest()), (Some(255), Some(255)));
        assert_eq!(
            [1, 2, 3].map(|size| Prefix::ber(size).largest()),
            [Some(127), Some(255), Some(65_535)]
        );
        assert_eq!((Prefix::ascii(0).largest(), Prefix::binary(7).largest()), (None, None));
    }

    #[test]
    fn each_notation_reads_what_it_writes() {
        for (prefix, count, wire) in [
            (Prefix::ascii(3), 42, &b"042"[..]),
            (Prefix::bcd(3), 142, &[0x01, 0x42]),
            (Prefix::ebcdic(2), 42, &[0xF4, 0xF2]),
            (Prefix::binary(2), 298, &[0x01, 0x2A]),
            (Prefix::hex(2), 42, b"2A"),
            (Prefix::ber(3), 42, &[0x2A]),
            (Prefix::ber(3), 200, &[0x81, 0xC8]),
            (Prefix::ber(3), 298, &[0x82, 0x01, 0x2A]),
        ] {
            let mut slot = [0xEE; 6];
            let slot = &mut slot[..prefix.written_width(count)];
            prefix.write(count, slot);
            assert_eq!(slot, wire, "{prefix:?}");
            assert_eq!(read(prefix, wire), Some((count, wire.len())), "{prefix:?}");
        }
        let mut slot = [0; 2];
        Prefix::ascii(2).counting_itself().write(10, &mut slot);
        assert_eq!(&slot, b"12");
    }

    #[test]
    fn what_is_no_number() {
        for (prefix, wire) in [
            (Prefix::ascii(2), &b"4:"[..]),
            (Prefix::bcd(2), &[0x4A]),
            (Prefix::ebcdic(1), b"4"),
            (Prefix::hex(1), b"g"),
            (Prefix::ber(3), &[0x80]),
            (Prefix::ber(2), &[0x82, 0, 1]),
        ] {
            assert!(matches!(prefix.read(wire), Err(PrefixFault::NotANumber)), "{prefix:?}");
        }
        assert!(matches!(Prefix::ber(3).read(&[0x82, 1]), Err(PrefixFault::Short(3))));
        assert!(matches!(Prefix::ascii(3).read(b"12"), Err(PrefixFault::Short(3))));
        assert_eq!(read(Prefix::hex(2), b"2a"), Some((42, 2)));
        assert_eq!(read(Prefix::ber(3), &[0x82, 0, 5]), Some((5, 3)));
        assert_eq!(read(Prefix::binary(6), &[0xFF; 6]), Some((0xFFFF_FFFF, 6)));
    }
}
