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
        if self.admits_words(text) { None } else { self.search(text) }
    }

    /// Whether all of a text is admitted, looked at eight bytes at a time; `false` leaves it open for `Z`.
    #[inline]
    fn admits_words(self, text: &[u8]) -> bool {
        match self {
            Self::B => true,
            Self::N | Self::Xn => every_word(text, all_digits),
            Self::Ans => every_word(text, all_printable),
            Self::Z => every_word(text, all_track),
            Self::A => all_words_of_letters(text),
            Self::An | Self::Anp => all_words_of_letters_or_digits(text),
        }
    }

    #[cold]
    fn search(self, text: &[u8]) -> Option<usize> {
        text.iter().position(|byte| !self.admits(*byte))
    }

    const fn admits(self, byte: u8) -> bool {
        match self {
            Self::B => true,
            Self::N | Self::Xn => byte.is_ascii_digit(),
            Self::Ans => matches!(byte, b' '..=b'~'),
            Self::Z => matches!(byte, b'0'..=b'?' | b'D'),
            Self::A => byte.is_ascii_alphabetic() || byte == b' ',
            Self::An | Self::Anp => byte.is_ascii_alphanumeric() || byte == b' ',
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

/// Whether eight bytes are all `0` to `?`, which is all of a track but the separator `D`.
#[inline]
const fn all_track(word: u64) -> bool {
    word & every(0xF0) == every(0x30)
}

#[inline]
const fn all_letters(word: u64) -> bool {
    let case_folded = word | every(0x20);
    let passing = within(case_folded, b'a', b'z') | within(word, b' ', b' ');
    passing & !word & every(0x80) == every(0x80)
}

#[inline]
const fn all_letters_or_digits(word: u64) -> bool {
    let case_folded = word | every(0x20);
    let passing =
        within(case_folded, b'a', b'z') | within(word, b'0', b'9') | within(word, b' ', b' ');
    passing & !word & every(0x80) == every(0x80)
}

/// The high bit of each byte from `low` to `high`; a byte's own high bit is for the caller to look at.
#[inline]
const fn within(word: u64, low: u8, high: u8) -> u64 {
    let seven = word & every(0x7F);
    let reaches = seven.wrapping_add(every(0x80_u8.wrapping_sub(low)));
    let passes = seven.wrapping_add(every(0x7F_u8.wrapping_sub(high)));
    reaches & !passes
}

/// Whether all words of a text pass; bytes that do not fill a word are looked at together with others once more.
#[inline]
fn every_word(text: &[u8], passes: impl Fn(u64) -> bool) -> bool {
    match text.last_chunk::<8>() {
        Some(tail) => {
            let (words, _) = text.as_chunks::<8>();
            words.iter().all(|word| passes(u64::from_ne_bytes(*word)))
                && passes(u64::from_ne_bytes(*tail))
        }
        None => text.is_empty() || passes(short_word(text)),
    }
}

// Out of line: they take so many registers that the other classes would have to save them too.
#[inline(never)]
fn all_words_of_letters(text: &[u8]) -> bool {
    every_word(text, all_letters)
}

#[inline(never)]
fn all_words_of_letters_or_digits(text: &[u8]) -> bool {
    every_word(text, all_letters_or_digits)
}

/// One to seven bytes, each at least once.
#[inline]
fn short_word(text: &[u8]) -> u64 {
    match (text, text) {
        ([a, b, c, d, ..], [.., e, f, g, h]) => {
            u64::from_ne_bytes([*a, *b, *c, *d, *e, *f, *g, *h])
        }
        ([a, b, ..], [.., c, d]) => u64::from_ne_bytes([*a, *b, *c, *d, *a, *b, *c, *d]),
        ([a, ..], _) => every(*a),
        _ => 0,
    }
}

/// The first byte whose nibbles are not both decimal digits.
#[inline]
pub(crate) fn first_non_decimal_nibbles(packed: &[u8]) -> Option<usize> {
    if every_word(packed, all_decimal_nibbles) {
        return None;
    }
    packed.iter().position(|byte| byte & 0x0F > 9 || byte >> 4 > 9)
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
