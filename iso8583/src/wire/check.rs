//! Whether a value holds what its class and its padding admit.

use crate::length::hex_value;
use crate::words::{self, first_non_decimal_nibbles};
use crate::{Class, Encoding, ErrorKind, Field, PadSide};

/// Checks a value of `count` units against its class and padding.
#[inline]
pub(crate) fn check(field: &Field, data: &[u8], count: usize) -> Result<(), ErrorKind> {
    let refused = match field.encoding() {
        Encoding::Binary => None,
        Encoding::Bcd => return check_packed(field, data, count),
        Encoding::Hex => first_non_hex(data),
        Encoding::EbcdicHex => {
            data.iter().position(|byte| hex_value(ebcdic_digit(*byte)).is_none())
        }
        Encoding::ZonedAscii | Encoding::ZonedEbcdic => first_not_zoned(field.encoding(), data),
        Encoding::Raw if matches!(field.class(), Class::Any) => None,
        Encoding::Raw => data.iter().position(|byte| byte.is_ascii() && !Class::Ans.admits(*byte)),
        _ if matches!(field.class(), Class::Xn) => return check_signed(field, data),
        _ => first_refused(field, data),
    };
    match refused {
        None => Ok(()),
        Some(index) => Err(invalid_character(field, index)),
    }
}

#[cold]
pub(super) fn invalid_character(field: &Field, index: usize) -> ErrorKind {
    let index = u16::try_from(index).unwrap_or(u16::MAX);
    ErrorKind::InvalidCharacter { class: field.class(), index }
}

/// The first character of a text that its class does not admit.
fn first_refused(field: &Field, text: &[u8]) -> Option<usize> {
    let class = field.class();
    match (field.encoding(), field.encoding().page()) {
        (_, Some(_)) if matches!(class, Class::Any) => None,
        (_, Some(page)) => {
            let text = class.without_pad(text, page.encode(b'F'));
            text.iter().position(|byte| !class.admits(page.decode(*byte)))
        }
        (Encoding::Latin1, _) => {
            let text = class.without_pad(text, b'F');
            text.iter().position(|byte| !class.admits(*byte))
        }
        _ => class.first_refused(text),
    }
}

/// Checks a text that begins with its sign; a sign alone is no amount.
fn check_signed(field: &Field, data: &[u8]) -> Result<(), ErrorKind> {
    let refused = match data.split_first() {
        Some((sign, digits)) if field.admits_sign(decoded(field, *sign)) && !digits.is_empty() => {
            first_refused(field, digits).map(|index| index.saturating_add(1))
        }
        _ => Some(0),
    };
    match refused {
        None => Ok(()),
        Some(index) => Err(invalid_character(field, index)),
    }
}

/// The character of a text's byte.
#[inline]
pub(super) fn decoded(field: &Field, byte: u8) -> u8 {
    match field.encoding().page() {
        Some(page) => page.decode(byte),
        None => byte,
    }
}

/// The upper-case ASCII form of an EBCDIC hexadecimal digit of either case, in any code page; else 0.
#[inline]
pub(crate) const fn ebcdic_digit(byte: u8) -> u8 {
    match byte {
        0xF0..=0xF9 => byte ^ 0xC0,
        0xC1..=0xC6 => byte ^ 0x80,
        0x81..=0x86 => byte ^ 0xC0,
        _ => 0,
    }
}

fn first_non_hex(data: &[u8]) -> Option<usize> {
    if words::WIDE && words::every_word(data, words::all_hex_digits) {
        return None;
    }
    data.iter().position(|byte| !byte.is_ascii_hexdigit())
}

/// The first byte that is no zoned digit; only the last one may carry a sign.
fn first_not_zoned(encoding: Encoding, data: &[u8]) -> Option<usize> {
    let Some((last, digits)) = data.split_last() else { return Some(0) };
    let zone = if matches!(encoding, Encoding::ZonedEbcdic) { 0xF0 } else { 0x30 };
    match digits.iter().position(|byte| byte & 0xF0 != zone || byte & 0x0F > 9) {
        Some(index) => Some(index),
        None => match zoned(encoding, *last) {
            Some(_) => None,
            None => Some(digits.len()),
        },
    }
}

/// The sign letter and the digit of a zoned decimal's last byte.
pub(crate) const fn zoned(encoding: Encoding, byte: u8) -> Option<(u8, u8)> {
    let digit = byte & 0x0F;
    if matches!(encoding, Encoding::ZonedEbcdic) {
        return match byte & 0xF0 {
            0xC0 | 0xF0 if digit <= 9 => Some((b'C', digit)),
            0xD0 if digit <= 9 => Some((b'D', digit)),
            _ => None,
        };
    }
    match byte {
        b'0'..=b'9' => Some((b'C', digit)),
        b'{' => Some((b'C', 0)),
        b'A'..=b'I' => Some((b'C', digit)),
        b'}' => Some((b'D', 0)),
        // 4A to 4F, then 50 to 52.
        b'J'..=b'R' => Some((b'D', byte.wrapping_sub(b'J').wrapping_add(1))),
        _ => None,
    }
}

/// The last byte of a zoned decimal with this digit.
pub(super) const fn overpunched(encoding: Encoding, is_debit: bool, digit: u8) -> u8 {
    match (encoding, is_debit, digit) {
        (Encoding::ZonedEbcdic, false, _) => 0xC0 | digit,
        (Encoding::ZonedEbcdic, true, _) => 0xD0 | digit,
        (_, false, 0) => b'{',
        (_, true, 0) => b'}',
        (_, false, _) => b'A'.wrapping_sub(1).wrapping_add(digit),
        (_, true, _) => b'J'.wrapping_sub(1).wrapping_add(digit),
    }
}

/// Checks packed digits and the sign letter before them, if they have one.
fn check_packed(field: &Field, data: &[u8], count: usize) -> Result<(), ErrorKind> {
    if !matches!(field.class(), Class::Xn) {
        return check_nibbles(field, data, field.packed_digits(count), 0);
    }
    match data.split_first() {
        Some((sign, digits))
            if field.admits_sign(sign_letter(field, *sign)) && !digits.is_empty() =>
        {
            check_nibbles(field, digits, field.packed_digits(count), 1)
        }
        _ => Err(invalid_character(field, 0)),
    }
}

/// The sign letter before packed digits, in ASCII.
pub(crate) const fn sign_letter(field: &Field, byte: u8) -> u8 {
    if !field.has_ebcdic_sign() {
        return byte;
    }
    match byte {
        0xC3 => b'C',
        0xC4 => b'D',
        0xF0 => b'0',
        0x4E => b'+',
        0x60 => b'-',
        _ => 0,
    }
}

/// Checks packed digits, which begin `before` bytes into the value.
#[inline]
fn check_nibbles(
    field: &Field,
    packed: &[u8],
    count: usize,
    before: usize,
) -> Result<(), ErrorKind> {
    let is_track = matches!(field.class(), Class::Z);
    let hex = field.has_hex_nibbles();
    let admits = |nibble: u8| nibble <= 9 || hex || (is_track && nibble == 0xD);
    let mut inner = packed;
    let mut skipped = 0_usize;
    // A track may end with the pad F among its digits.
    let ends = |nibble: u8| admits(nibble) || (is_track && nibble == 0xF);
    if count % 2 == 1 {
        let (edge, rest, index) = match field.pad().side {
            PadSide::Left => match packed.split_first() {
                Some((edge, rest)) => (edge.rotate_left(4), rest, 0),
                None => return Ok(()),
            },
            PadSide::Right => match packed.split_last() {
                Some((edge, rest)) => (*edge, rest, rest.len()),
                None => return Ok(()),
            },
        };
        // The digit now stands in the high nibble, the pad in the low one.
        if !field.pad().admits(edge & 0x0F) {
            return Err(ErrorKind::InvalidPad);
        }
        let is_last = count == 1 || matches!(field.pad().side, PadSide::Right);
        let digit = edge >> 4;
        if !(admits(digit) || (is_last && ends(digit))) {
            return Err(invalid_character(field, before.saturating_add(index)));
        }
        inner = rest;
        skipped = usize::from(matches!(field.pad().side, PadSide::Left));
    }
    let refused = if is_track || hex {
        let last_is_inner = count.is_multiple_of(2) || matches!(field.pad().side, PadSide::Left);
        let last = inner.len().wrapping_sub(1);
        inner.iter().enumerate().position(|(index, byte)| {
            let low = byte & 0x0F;
            let is_last = last_is_inner && index == last;
            !admits(byte >> 4) || !(admits(low) || (is_last && ends(low)))
        })
    } else {
        first_non_decimal_nibbles(inner)
    };
    match refused {
        None => Ok(()),
        Some(index) => {
            Err(invalid_character(field, before.saturating_add(skipped).saturating_add(index)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Pad;

    #[test]
    fn a_wrong_pad_or_nibble_is_found_at_its_byte() {
        let pan = Field::fixed(Class::N, 5).encoded(Encoding::Bcd).padded(Pad::RIGHT_ZERO);
        let kind = |index| Err(ErrorKind::InvalidCharacter { class: Class::N, index });
        assert_eq!(check(&pan, &[0x12, 0x34, 0x5F], 5), Err(ErrorKind::InvalidPad));
        assert_eq!(check(&pan, &[0x12, 0x3A, 0x50], 5), kind(1));
        assert_eq!(check(&pan, &[0x12, 0x34, 0xA0], 5), kind(2));
        let left = pan.padded(Pad::LEFT_ZERO);
        assert_eq!(check(&left, &[0x1A, 0x23, 0x45], 5), Err(ErrorKind::InvalidPad));
        assert_eq!(check(&left, &[0x0A, 0x23, 0x45], 5), kind(0));
        assert_eq!(check(&left, &[0x01, 0x23, 0x4C], 5), kind(2));
        assert_eq!(check(&pan.padded(Pad::RIGHT_ANY), &[0x12, 0x34, 0x5E], 5), Ok(()));
        assert_eq!(check(&pan.with_hex_nibbles(), &[0x1A, 0xFE, 0x50], 5), Ok(()));
    }

    #[test]
    fn a_track_keeps_its_separator_and_its_pad() {
        let track = Field::fixed(Class::Z, 6).encoded(Encoding::Bcd);
        assert_eq!(check(&track, &[0x41, 0xD2, 0x8F], 6), Ok(()));
        assert!(check(&track, &[0x41, 0xF2, 0x80], 6).is_err());
        assert!(check(&track, &[0x41, 0xD2, 0xF8], 6).is_err());
        let odd = Field::fixed(Class::Z, 5).encoded(Encoding::Bcd).padded(Pad::RIGHT_ZERO);
        assert_eq!(check(&odd, &[0x41, 0xD2, 0xF0], 5), Ok(()));
        assert!(check(&odd, &[0x41, 0xDF, 0x20], 5).is_err());
        let left = odd.padded(Pad::LEFT_ZERO);
        assert_eq!(check(&left, &[0x04, 0x1D, 0x2F], 5), Ok(()));
        assert!(check(&left, &[0x0F, 0x1D, 0x20], 5).is_err());
    }

    #[test]
    fn every_overpunched_digit() {
        for encoding in [Encoding::ZonedAscii, Encoding::ZonedEbcdic] {
            for digit in 0..10 {
                for (is_debit, sign) in [(false, b'C'), (true, b'D')] {
                    let byte = overpunched(encoding, is_debit, digit);
                    assert_eq!(zoned(encoding, byte), Some((sign, digit)), "{byte:02X}");
                }
            }
            let signed = (0..=255).filter(|byte| zoned(encoding, *byte).is_some()).count();
            assert_eq!(signed, 30, "{encoding:?}");
        }
        assert_eq!(
            [b'{', b'A', b'I', b'}', b'J', b'R']
                .map(|byte| zoned(Encoding::ZonedAscii, byte).unwrap()),
            [(b'C', 0), (b'C', 1), (b'C', 9), (b'D', 0), (b'D', 1), (b'D', 9)]
        );
    }

    #[test]
    fn ebcdic_hexadecimal_digits_in_every_page() {
        for byte in 0..=255 {
            let expected = crate::charset::Page::Cp037.decode(byte);
            let is_digit = expected.is_ascii_hexdigit();
            let upper = expected.to_ascii_uppercase();
            assert_eq!(ebcdic_digit(byte), if is_digit { upper } else { 0 }, "{byte:02X}");
        }
    }
}
