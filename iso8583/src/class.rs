//! Which characters a value may hold.

use core::fmt;

use crate::words;

/// The class of a data element: which characters its value may hold.
///
/// | class | 1987 | 1993, 2003 | admits |
/// |---|---|---|---|
/// | `A` | a | a | letters of either case, and space |
/// | `N` | n | n | decimal digits |
/// | `An` | an | anp | letters of either case, decimal digits, and space |
/// | `AnStrict` | | an | letters of either case and decimal digits, no space |
/// | `As` | as | as | letters of either case and special characters, which are all printable ones but letters and digits; no digits |
/// | `Ns` | ns | ns | decimal digits and special characters; no letters |
/// | `Ans` | ans | ans | every printable character: of ASCII space to `~`, of ISO 8859-1 and EBCDIC A0 to FF as well, of raw text any byte from 80 |
/// | `Anp` | | anp | as `An` |
/// | `Any` | | | every character that the encoding has, control characters too; for specs that say nothing of classes |
/// | `B` | b, in bits | b, in bytes | any byte |
/// | `Z` | z | z | track 2 and 3 data: `0` to `9`, the separator `=` or `D`, `:` `;` `<` `>` `?`, and as last character the pad `F` |
/// | `Xn` | x+n | x+n | `C` (credit) or `D` (debit), then decimal digits; [`Field::with_other_signs`](crate::Field::with_other_signs) admits `0`, `+` and `-` too |
///
/// Space belongs to `A` and `An` because the 1987 edition fills fixed-length alphabetic values
/// with trailing blanks; the later ones call the blank a pad character, p, and say anp where it may stand.
///
/// The 1987 manuals count `b` in bits (b64 is 8 bytes), the later ones in bytes (b8): a table says
/// [`Field::bits`](crate::Field::bits) for the former and `Field::fixed(Class::B, 8)` for the latter.
///
/// Source: ISO 8583:1987, 1993 and 2003, attributes of data elements; ISO/IEC 7813 for track data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Class {
    /// Alphabetic.
    A,
    /// Numeric.
    N,
    /// Alphabetic and numeric, with blanks.
    An,
    /// Alphabetic and numeric, without blanks.
    AnStrict,
    /// Alphabetic and special.
    As,
    /// Numeric and special.
    Ns,
    /// Alphabetic, numeric and special.
    Ans,
    /// Alphabetic, numeric and pad.
    Anp,
    /// Whatever the encoding has.
    Any,
    /// Binary.
    B,
    /// Track 2 and 3.
    Z,
    /// A sign letter and an amount.
    Xn,
}

impl Class {
    /// The first byte of an ASCII text that the class does not admit, by position; `None` where all are admitted.
    ///
    /// For `Xn` these are the bytes after the sign.
    #[inline]
    pub(crate) fn first_refused(self, text: &[u8]) -> Option<usize> {
        if words::WIDE && self.admits_words(text) { None } else { self.search(text) }
    }

    /// Whether all of a text is admitted, looked at eight bytes at a time; `false` leaves it open.
    #[inline]
    fn admits_words(self, text: &[u8]) -> bool {
        match self {
            Self::B => true,
            Self::N | Self::Xn => words::every_word(text, words::all_digits),
            Self::Ans => words::every_word(text, words::all_printable),
            Self::Z => words::every_word(text, words::all_track),
            Self::A => words::all_words_of_letters(text),
            Self::An | Self::Anp => words::all_words_of_letters_or_digits(text),
            Self::AnStrict | Self::As | Self::Ns | Self::Any => false,
        }
    }

    #[cold]
    fn search(self, text: &[u8]) -> Option<usize> {
        let text = self.without_pad(text, b'F');
        text.iter().position(|byte| !byte.is_ascii() || !self.admits(*byte))
    }

    /// A track without the pad that may end it.
    #[inline]
    pub(crate) fn without_pad(self, text: &[u8], pad: u8) -> &[u8] {
        match text {
            [track @ .., last] if matches!(self, Self::Z) && *last == pad => track,
            _ => text,
        }
    }

    /// Whether an ISO 8859-1 character is admitted.
    pub(crate) const fn admits(self, character: u8) -> bool {
        let is_special = matches!(character, b' '..=b'~') && !character.is_ascii_alphanumeric();
        match self {
            Self::B | Self::Any => true,
            Self::N | Self::Xn => character.is_ascii_digit(),
            Self::As => character.is_ascii_alphabetic() || is_special,
            Self::Ns => character.is_ascii_digit() || is_special,
            Self::Ans => matches!(character, b' '..=b'~' | 0xA0..),
            Self::Z => matches!(character, b'0'..=b'?' | b'D'),
            Self::A => character.is_ascii_alphabetic() || character == b' ',
            Self::An | Self::Anp => character.is_ascii_alphanumeric() || character == b' ',
            Self::AnStrict => character.is_ascii_alphanumeric(),
        }
    }

    /// The class's name as manuals write it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::A => "a",
            Self::N => "n",
            Self::An | Self::AnStrict => "an",
            Self::As => "as",
            Self::Ns => "ns",
            Self::Ans => "ans",
            Self::Anp => "anp",
            Self::Any => "any",
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

#[cfg(test)]
mod tests {
    extern crate alloc;
    use alloc::vec::Vec;

    use super::*;

    /// The table in the documentation, written down a second time and slowly.
    fn admits(class: Class, byte: u8, is_last: bool) -> bool {
        let c = char::from(byte);
        match class {
            Class::A => c.is_ascii_alphabetic() || c == ' ',
            Class::N | Class::Xn => c.is_ascii_digit(),
            Class::An | Class::Anp => c.is_ascii_alphanumeric() || c == ' ',
            Class::AnStrict => c.is_ascii_alphanumeric(),
            Class::As => c.is_ascii_alphabetic() || c == ' ' || c.is_ascii_punctuation(),
            Class::Ns => c.is_ascii_digit() || c == ' ' || c.is_ascii_punctuation(),
            Class::Ans => (' '..='~').contains(&c),
            Class::Any => c.is_ascii(),
            Class::B => true,
            Class::Z => c.is_ascii_digit() || "=D:;<>?".contains(c) || (is_last && c == 'F'),
        }
    }

    #[test]
    fn every_byte_at_every_place() {
        use Class::{A, An, AnStrict, Anp, Ans, Any, As, B, N, Ns, Xn, Z};
        for class in [A, N, An, AnStrict, As, Ns, Ans, Anp, Any, B, Z, Xn] {
            let good = if matches!(class, A | As) { b'a' } else { b'7' };
            for length in (1..20_usize).step_by(if cfg!(miri) { 18 } else { 1 }) {
                for place in 0..length {
                    for byte in (0..=255).step_by(if cfg!(miri) { 85 } else { 1 }) {
                        let mut text: Vec<u8> = alloc::vec![good; length];
                        text[place] = byte;
                        let is_last = place + 1 == length;
                        let expected =
                            if admits(class, byte, is_last) { None } else { Some(place) };
                        assert_eq!(class.first_refused(&text), expected, "{class} {text:02X?}");
                    }
                }
            }
        }
    }
}
