//! Which characters a value may hold.

use core::fmt;

/// The class of a data element: which characters its value may hold.
///
/// | class | admits |
/// |---|---|
/// | `A` | letters of either case, and space |
/// | `N` | decimal digits |
/// | `An` | letters of either case, decimal digits, and space |
/// | `Ans` | every printable ASCII character, space to `~` |
/// | `Anp` | as `An`: the 1993 edition's name for letters, digits and pad characters |
/// | `B` | any byte |
/// | `Z` | track 2 and 3 data: `0` to `9`, the separator `=` or `D`, and `:` `;` `<` `>` `?` |
/// | `Xn` | `C` (credit) or `D` (debit), then decimal digits; [`Field::with_other_signs`](crate::Field::with_other_signs) admits `0`, `+` and `-` too |
///
/// Space belongs to `A` and `An` because the 1987 edition fills fixed-length alphabetic values
/// with trailing blanks.
///
/// Source: ISO 8583:1987, attributes of data elements; ISO/IEC 7813 for track data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Class {
    /// Alphabetic.
    A,
    /// Numeric.
    N,
    /// Alphabetic and numeric.
    An,
    /// Alphabetic, numeric and special.
    Ans,
    /// Alphabetic, numeric and pad.
    Anp,
    /// Binary.
    B,
    /// Track 2 and 3.
    Z,
    /// A sign letter and an amount.
    Xn,
}

impl Class {
    /// The first byte that the class does not admit, by position; `None` where all are admitted.
    ///
    /// For `Xn` these are the bytes after the sign.
    #[inline]
    pub(crate) fn first_refused(self, text: &[u8]) -> Option<usize> {
        match self {
            Self::B => None,
            Self::N | Self::Xn => first_non_digit(text),
            Self::Ans => first_unprintable(text),
            Self::Z => first_outside(text, TRACK),
            Self::A => first_outside(text, LETTER | SPACE),
            Self::An | Self::Anp => first_outside(text, LETTER | DIGIT | SPACE),
        }
    }

    /// The class's name as manuals write it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::A => "a",
            Self::N => "n",
            Self::An => "an",
            Self::Ans => "ans",
            Self::Anp => "anp",
            Self::B => "b",
            Self::Z => "z",
            Self::Xn => "x+n",
        }
    }
}

impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

const DIGIT: u8 = 1;
const LETTER: u8 = 2;
const SPACE: u8 = 4;
const TRACK: u8 = 8;

/// The sets that each byte belongs to.
static SETS: [u8; 256] = sets();

#[allow(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    reason = "a table that the compiler builds: a mistake fails the build"
)]
const fn sets() -> [u8; 256] {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = match byte as u8 {
            b'0'..=b'9' => DIGIT | TRACK,
            b':'..=b'?' => TRACK,
            b'D' => LETTER | TRACK,
            b'A'..=b'Z' | b'a'..=b'z' => LETTER,
            b' ' => SPACE,
            _ => 0,
        };
        byte += 1;
    }
    table
}

#[inline]
fn first_outside(text: &[u8], set: u8) -> Option<usize> {
    text.iter().position(|&byte| SETS.get(usize::from(byte)).is_none_or(|sets| sets & set == 0))
}

const fn every(byte: u8) -> u64 {
    u64::from_ne_bytes([byte; 8])
}

/// Whether eight bytes are all `0` to `9`: the high nibble is 3, and stays 3 when 6 is added.
#[inline]
const fn all_digits(word: u64) -> bool {
    (word & every(0xF0)) | ((word.wrapping_add(every(0x06)) & every(0xF0)) >> 4) == every(0x33)
}

/// Whether eight bytes are all space to `~`: no high bit, none below space, none above `~`.
#[inline]
const fn all_printable(word: u64) -> bool {
    let above = word | word.wrapping_add(every(0x01));
    let below = !(word | every(0x80)).wrapping_sub(every(0x20));
    (above | below) & every(0x80) == 0
}

/// Checks eight bytes at a time, and the last eight once more where they do not fill a word.
#[inline]
fn first_failing(text: &[u8], word: fn(u64) -> bool, byte: fn(&u8) -> bool) -> Option<usize> {
    let (words, rest) = text.as_chunks::<8>();
    let all = words.iter().all(|chunk| word(u64::from_ne_bytes(*chunk)));
    let rest_passes = match text.last_chunk::<8>() {
        _ if rest.is_empty() => true,
        Some(tail) => word(u64::from_ne_bytes(*tail)),
        None => rest.iter().all(byte),
    };
    if all && rest_passes { None } else { text.iter().position(|b| !byte(b)) }
}

#[inline]
fn first_non_digit(text: &[u8]) -> Option<usize> {
    first_failing(text, all_digits, u8::is_ascii_digit)
}

#[inline]
fn first_unprintable(text: &[u8]) -> Option<usize> {
    first_failing(text, all_printable, |byte| matches!(byte, b' '..=b'~'))
}

/// The first byte whose nibbles are not both decimal digits.
#[inline]
pub(crate) fn first_non_decimal_nibbles(packed: &[u8]) -> Option<usize> {
    first_failing(packed, all_decimal_nibbles, |byte| byte & 0x0F <= 9 && byte >> 4 <= 9)
}

/// Whether sixteen nibbles are all 0 to 9: none reaches 16 when 6 is added.
#[inline]
const fn all_decimal_nibbles(word: u64) -> bool {
    let low = (word & every(0x0F)).wrapping_add(every(0x06));
    let high = ((word >> 4) & every(0x0F)).wrapping_add(every(0x06));
    (low | high) & every(0xF0) == 0
}

#[cfg(test)]
mod tests {
    extern crate alloc;
    use alloc::vec::Vec;

    use super::*;

    /// The table in the documentation, written down a second time and slowly.
    fn admits(class: Class, byte: u8) -> bool {
        let c = char::from(byte);
        match class {
            Class::A => c.is_ascii_alphabetic() || c == ' ',
            Class::N | Class::Xn => c.is_ascii_digit(),
            Class::An | Class::Anp => c.is_ascii_alphanumeric() || c == ' ',
            Class::Ans => (' '..='~').contains(&c),
            Class::B => true,
            Class::Z => c.is_ascii_digit() || "=D:;<>?".contains(c),
        }
    }

    #[test]
    fn every_byte_at_every_place() {
        for class in
            [Class::A, Class::N, Class::An, Class::Ans, Class::Anp, Class::B, Class::Z, Class::Xn]
        {
            let good = if matches!(class, Class::A) { b'a' } else { b'7' };
            for length in 1..20_usize {
                for place in 0..length {
                    for byte in 0..=255 {
                        let mut text: Vec<u8> = alloc::vec![good; length];
                        text[place] = byte;
                        let expected = if admits(class, byte) { None } else { Some(place) };
                        assert_eq!(class.first_refused(&text), expected, "{class} {text:02X?}");
                    }
                }
            }
        }
    }

    #[test]
    fn every_packed_byte_at_every_place() {
        for length in 1..20_usize {
            for place in 0..length {
                for byte in 0..=255_u8 {
                    let mut packed = alloc::vec![0x99; length];
                    packed[place] = byte;
                    let decimal = byte >> 4 < 10 && byte % 16 < 10;
                    let expected = if decimal { None } else { Some(place) };
                    assert_eq!(first_non_decimal_nibbles(&packed), expected, "{packed:02X?}");
                }
            }
        }
    }
}
