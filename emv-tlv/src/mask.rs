//! What may be shown of a value: masked unless asked for.

use crate::{
    Tag, Tlv,
    dictionary::{Sensitivity, lookup},
};
use core::fmt;

/// The digits that a card number has.
const PAN_DIGITS: core::ops::RangeInclusive<usize> = 13..=19;

const EBCDIC_ZERO: u8 = 0xF0;

impl fmt::Display for Tlv<'_> {
    /// Shows the tag, then as much of the value as [`masked_value`](Self::masked_value) does, on one line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.tag(), self.masked_value())
    }
}

impl fmt::Debug for Tlv<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Tlv({self})")
    }
}

impl<'a> Tlv<'a> {
    /// The value alone, to be shown as its sensitivity allows.
    ///
    /// # Examples
    /// ```
    /// use emv_tlv::parse;
    ///
    /// let bytes = [0x5A, 0x08, 0x41, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11];
    /// let pan = parse(&bytes).next().ok_or("empty")??;
    /// assert_eq!(pan.masked_value().to_string(), "411111******1111");
    /// # Ok::<(), Box<dyn core::error::Error>>(())
    /// ```
    #[inline]
    #[must_use]
    pub fn masked_value(&self) -> MaskedValue<'a> {
        MaskedValue::new(self.tag(), self.value())
    }

    /// As [`MaskedValue::doubted`], and no more than the length where the object's own bytes, from its tag on, are a card number: in data
    /// that nobody has checked, one may read as an object.
    ///
    /// # Examples
    /// ```
    /// use emv_tlv::parse;
    ///
    /// let bytes = [0x50, 0x06, 0x11, 0x11, 0x11, 0x11, 0x11, 0x16];
    /// let label = parse(&bytes).next().ok_or("empty")??;
    /// assert_eq!(label.masked_value().to_string(), "111111111116");
    /// assert_eq!(label.doubted_value().to_string(), "(6 bytes)");
    /// # Ok::<(), Box<dyn core::error::Error>>(())
    /// ```
    #[must_use]
    pub fn doubted_value(&self) -> MaskedValue<'a> {
        let number = nibbles(self.encoded()).take_while(|&digit| digit <= 9);
        // Shorter ones are left to the value: a counter with a tag before it is soon some digits long.
        let trust = if matches!(self.tag().raw(), 0x40..=0x5F) && has_luhn_prefix(number) {
            Trust::Hidden
        } else {
            Trust::Doubted
        };
        MaskedValue { tag: self.tag(), value: self.value(), trust }
    }
}

/// A value that shows no more of itself than its sensitivity allows; from [`Tlv::masked_value`], or of a value that has a tag but
/// stands in no object, as in the data that answer a DOL.
#[derive(Clone, Copy)]
pub struct MaskedValue<'a> {
    tag: Tag,
    value: &'a [u8],
    trust: Trust,
}

/// Whether a value is what its tag says.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Trust {
    Believed,
    Doubted,
    /// It is known to be something else.
    Hidden,
}

impl<'a> MaskedValue<'a> {
    /// The value of the element with this tag.
    #[inline]
    #[must_use]
    pub const fn new(tag: Tag, value: &'a [u8]) -> Self {
        Self { tag, value, trust: Trust::Believed }
    }

    /// A value that need not be what its tag says, because it came from outside or was cut out by a list: a public one, too, shows
    /// only its length if it holds what could be a card number.
    #[inline]
    #[must_use]
    pub const fn doubted(tag: Tag, value: &'a [u8]) -> Self {
        Self { tag, value, trust: Trust::Doubted }
    }
}

impl fmt::Display for MaskedValue<'_> {
    /// Shows the value in hexadecimal, or what may be shown of it.
    ///
    /// A PAN shows its first six and last four digits; track data, what is about the cardholder or the account, PIN data and
    /// cryptograms only their length, and so do templates. An element that the dictionary does not know, whose contents
    /// it cannot know, or whose length is none that the dictionary allows, shows only its length if it holds what could be a
    /// card number: 13 to 19 digits, packed or as text in ASCII or EBCDIC, with a valid check digit.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { tag, value, trust } = *self;
        let sensitivity = match lookup(tag) {
            // What is too short or too long is not what the tag says.
            Some(entry) if entry.sensitivity == Sensitivity::Public => {
                let believed = trust == Trust::Believed && entry.lengths().contains(&value.len());
                if believed { Sensitivity::Public } else { Sensitivity::Opaque }
            }
            Some(entry) => entry.sensitivity,
            None => Sensitivity::Opaque,
        };
        match sensitivity {
            _ if tag.is_constructed() || value.is_empty() || trust == Trust::Hidden => {
                length(value, f)
            }
            Sensitivity::Public => hex(value, f),
            Sensitivity::Opaque if !holds_pan(value) => hex(value, f),
            Sensitivity::Pan => pan(value, f),
            _ => length(value, f),
        }
    }
}

impl fmt::Debug for MaskedValue<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MaskedValue({self})")
    }
}

/// Shows whole what is masked elsewhere: an object, or an element that holds card data.
///
/// # Security
/// What it shows may be a card number, track data or a cryptogram: no log may keep it.
///
/// # Examples
/// ```
/// use emv_tlv::{Exposed, parse};
///
/// let bytes = [0x5A, 0x08, 0x41, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11];
/// let pan = parse(&bytes).next().ok_or("empty")??;
/// assert_eq!(pan.to_string(), "5A 411111******1111");
/// assert_eq!(Exposed(&pan).to_string(), "5A 4111111111111111");
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Copy)]
pub struct Exposed<'t, T>(pub &'t T);

impl fmt::Display for Exposed<'_, Tlv<'_>> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ", self.0.tag())?;
        hex(self.0.value(), f)
    }
}

impl fmt::Display for Exposed<'_, MaskedValue<'_>> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        hex(self.0.value, f)
    }
}

impl<'t, T> fmt::Debug for Exposed<'t, T>
where
    Self: fmt::Display,
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Exposed({self})")
    }
}

pub(crate) fn hex(value: &[u8], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    value.iter().try_for_each(|byte| write!(f, "{byte:02X}"))
}

pub(crate) fn length(value: &[u8], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let plural = if value.len() == 1 { "" } else { "s" };
    write!(f, "({} byte{plural})", value.len())
}

/// A shorter number with ten digits shown could be guessed, one of its hidden digits being the check digit.
const SHOWN_PAN_DIGITS: core::ops::RangeInclusive<usize> = 15..=19;

/// A card number with all but its first six and last four digits starred; only its length if it is none, or too short.
fn pan(value: &[u8], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let count = nibbles(value).take_while(|&digit| digit <= 9).count();
    let padded = nibbles(value).skip(count).all(|nibble| nibble == 0xF);
    let shown = if padded { pan_digits(nibbles(value).take(count), count, f) } else { None };
    shown.unwrap_or_else(|| length(value, f))
}

/// So many digits of a card number, all but the first six and last four starred; none if too few or too many to show any.
pub(crate) fn pan_digits(
    digits: impl Iterator<Item = u8>,
    count: usize,
    f: &mut fmt::Formatter<'_>,
) -> Option<fmt::Result> {
    if !SHOWN_PAN_DIGITS.contains(&count) {
        return None;
    }
    let last_four = count.saturating_sub(4);
    Some(digits.enumerate().try_for_each(|(at, digit)| {
        if (6..last_four).contains(&at) { f.write_str("*") } else { write!(f, "{digit}") }
    }))
}

/// The halves of each byte, the high one first.
pub(crate) fn nibbles(value: &[u8]) -> impl Iterator<Item = u8> {
    value.iter().flat_map(|byte| [byte >> 4, byte & 0x0F])
}

/// Whether a value holds what could be a card number, packed or as text.
pub(crate) fn holds_pan(value: &[u8]) -> bool {
    let text = |zero: u8| value.iter().map(move |byte| byte.wrapping_sub(zero));
    has_luhn_run(nibbles(value)) || has_luhn_run(text(b'0')) || has_luhn_run(text(EBCDIC_ZERO))
}

/// Whether 13 to 19 digits in a row, the first not 0, end in their own check digit.
fn has_luhn_run(symbols: impl Iterator<Item = u8>) -> bool {
    // The digits just read, newest first: the order in which the check counts.
    let mut digits = [0u8; *PAN_DIGITS.end()];
    let mut run = 0usize;
    for symbol in symbols {
        if symbol > 9 {
            run = 0;
            continue;
        }
        digits.rotate_right(1);
        let [newest, ..] = &mut digits;
        *newest = symbol;
        run = run.saturating_add(1);
        let mut sum = 0u8;
        for (count, &digit) in (1usize..=run).zip(&digits) {
            sum = sum.wrapping_add(if count % 2 == 1 { digit } else { doubled(digit) });
            if PAN_DIGITS.contains(&count) && digit != 0 && sum.is_multiple_of(10) {
                return true;
            }
        }
    }
    false
}

/// Whether the first 13 to 19 digits end in their own check digit.
fn has_luhn_prefix(digits: impl Iterator<Item = u8>) -> bool {
    // The sums for a number of odd and one of even length: the check counts from the end.
    let (mut odd, mut even) = (0u8, 0u8);
    for (count, digit) in (1usize..=*PAN_DIGITS.end()).zip(digits) {
        let (one, other) =
            if count % 2 == 1 { (digit, doubled(digit)) } else { (doubled(digit), digit) };
        odd = odd.wrapping_add(one);
        even = even.wrapping_add(other);
        let sum = if count % 2 == 1 { odd } else { even };
        if PAN_DIGITS.contains(&count) && sum.is_multiple_of(10) {
            return true;
        }
    }
    false
}

/// What the check adds for every other digit.
const fn doubled(digit: u8) -> u8 {
    match digit {
        0..=4 => digit.wrapping_mul(2),
        _ => digit.wrapping_mul(2).wrapping_sub(9),
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use crate::{parse, tags};
    use hex_literal::hex;
    use std::{format, string::ToString};

    fn shown(bytes: &[u8]) -> std::string::String {
        parse(bytes).next().unwrap().unwrap().to_string()
    }

    #[test]
    fn each_sensitivity_shows_what_it_may() {
        for (bytes, expect) in [
            (&hex!("5A 08 4111111111111111")[..], "5A 411111******1111"),
            (&hex!("5A 0A 6224240000000000012F"), "5A 622424*********0012"),
            (&hex!("5A 0A 624240000000000012FF"), "5A 624240********0012"),
            (&hex!("5A 08 378282246310005F"), "5A 378282*****0005"),
            (&hex!("5A 07 30569309025904"), "5A (7 bytes)"),
            (&hex!("5A 06 411111111111"), "5A (6 bytes)"),
            (&hex!("5A 08 41111111111111D1"), "5A (8 bytes)"),
            (&hex!("5A 08 4111111111F11111"), "5A (8 bytes)"),
            (&hex!("57 01 41"), "57 (1 byte)"),
            (&hex!("56 02 4234"), "56 (2 bytes)"),
            (&hex!("9F6B 02 4111"), "9F6B (2 bytes)"),
            (&hex!("5F20 02 202F"), "5F20 (2 bytes)"),
            (&hex!("99 02 1234"), "99 (2 bytes)"),
            (&hex!("9F26 02 ABCD"), "9F26 (2 bytes)"),
            (&hex!("9F02 06 000000001234"), "9F02 000000001234"),
            (&hex!("9F02 00"), "9F02 (0 bytes)"),
            (&hex!("70 03 9C 01 01"), "70 (3 bytes)"),
            (&hex!("DF01 03 C0FFEE"), "DF01 C0FFEE"),
            (&hex!("DF01 08 4111111111111111"), "DF01 (8 bytes)"),
            (&hex!("DF01 08 4111111111111113"), "DF01 4111111111111113"),
            (&hex!("DF01 09 F4111111111111111F"), "DF01 (9 bytes)"),
            (&hex!("DF01 0B 9999 4111111111111111 25"), "DF01 (11 bytes)"),
            (&hex!("DF01 10 34313131313131313131313131313131"), "DF01 (16 bytes)"),
            (&hex!("DF01 10 F4F1F1F1F1F1F1F1F1F1F1F1F1F1F1F1"), "DF01 (16 bytes)"),
            (
                &hex!("DF01 10 F4F1F1F1F1F1F1F1F1F1F1F1F1F1F1F3"),
                "DF01 F4F1F1F1F1F1F1F1F1F1F1F1F1F1F1F3",
            ),
            (&hex!("9F46 02 1234"), "9F46 (2 bytes)"),
            (&hex!("9F5D 06 000000001234"), "9F5D (6 bytes)"),
            (&hex!("DF01 0A 00000000000000000000"), "DF01 00000000000000000000"),
        ] {
            assert_eq!(shown(bytes), expect);
        }
    }

    #[test]
    fn a_public_value_is_believed_only_as_long_as_it_may_be() {
        let card = hex!("4111111111111111");
        let shown = |tag, value| MaskedValue::new(tag, value).to_string();
        assert_eq!(shown(tags::AMOUNT_AUTHORISED, &card), "(8 bytes)");
        assert_eq!(shown(tags::AMOUNT_AUTHORISED, &card[..7]), "41111111111111");
        assert_eq!(shown(tags::DF_NAME, &card), "4111111111111111");
        let doubted = |value| MaskedValue::doubted(tags::DF_NAME, value).to_string();
        assert_eq!(doubted(&card), "(8 bytes)");
        assert_eq!(doubted(&hex!("A0000000041010")), "A0000000041010");
    }

    #[test]
    fn a_card_number_that_reads_as_an_object_is_hidden_in_doubt() {
        for (bytes, expect) in [
            (&hex!("5006111111111116")[..], "(6 bytes)"),
            (&hex!("5006111111111117"), "111111111117"),
            (&hex!("4706173900101001"), "(6 bytes)"),
            (&hex!("4008000000000000009F"), "(8 bytes)"),
            (&hex!("4008000000000000008F"), "000000000000008F"),
            // No card number begins so.
            (&hex!("8206111111111118"), "111111111118"),
            (&hex!("5004 56495341"), "56495341"),
        ] {
            let Some(Ok(object)) = parse(bytes).next() else { panic!("{bytes:02X?}") };
            assert_eq!(object.doubted_value().to_string(), expect, "{bytes:02X?}");
        }
    }

    #[test]
    fn debug_masks_too_and_exposed_does_not() {
        let bytes = hex!("57 11 4111111111111111D25122010000000000");
        let track = parse(&bytes).next().unwrap().unwrap();
        assert_eq!(format!("{track:?}"), "Tlv(57 (17 bytes))");
        assert_eq!(track.masked_value().to_string(), "(17 bytes)");
        assert_eq!(format!("{:?}", track.masked_value()), "MaskedValue((17 bytes))");
        let exposed = "57 4111111111111111D25122010000000000";
        assert_eq!(Exposed(&track).to_string(), exposed);
        assert_eq!(format!("{:?}", Exposed(&track)), format!("Exposed({exposed})"));
    }

    #[test]
    fn check_digits_of_every_length() {
        for length in PAN_DIGITS {
            // Nine zeros or more leave no shorter number inside.
            let mut digits = std::vec![0; length];
            digits[0] = 4;
            let doubled = length % 2 == 0;
            *digits.last_mut().unwrap() = if doubled { 2 } else { 6 };
            assert!(has_luhn_run(digits.iter().copied()), "{length}");
            assert!(has_luhn_prefix(digits.iter().copied()), "{length}");
            *digits.last_mut().unwrap() = 5;
            assert!(!has_luhn_run(digits.iter().copied()), "{length}");
            assert!(!has_luhn_prefix(digits.iter().copied()), "{length}");
            digits.insert(5, 0xD);
            assert!(!has_luhn_run(digits.iter().copied()), "{length}");
        }
        for digits in ["4111111111111111", "378282246310005", "5413330089604111"] {
            assert!(has_luhn_run(digits.bytes().map(|digit| digit - b'0')), "{digits}");
        }
    }
}
