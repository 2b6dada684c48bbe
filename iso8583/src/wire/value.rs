//! A value checked and written.

use super::bytes_u32;
use super::check::{invalid_character, overpunched};
use super::measure::{Extent, Framing, head_len};
use crate::copy::copy;
use crate::length::hex_digit;
use crate::words::{Run, WIDE};
use crate::{Class, Encoding, ErrorKind, Field, Length, PadSide, Unit};

/// A value to be written.
#[derive(Clone, Copy)]
pub(crate) enum Value<'v> {
    /// Characters between zeros on the left and spaces on the right.
    Text { zeros: usize, text: &'v str, spaces: usize },
    /// Bytes of a binary field, or text bytes in a charset of the network's own, with spaces on the right.
    Bytes { bytes: &'v [u8], spaces: usize },
}

impl<'v> Value<'v> {
    /// A text as it is given; short fixed-length text is filled with blanks on the right.
    #[inline]
    pub(crate) fn text(field: &Field, text: &'v str) -> Self {
        let spaces = match (field.length(), field.class()) {
            (
                Length::Fixed(length),
                Class::A | Class::An | Class::As | Class::Ns | Class::Ans | Class::Anp,
            ) if text.len() < usize::from(length) || !text.is_ascii() => {
                usize::from(length).saturating_sub(characters(text))
            }
            _ => 0,
        };
        Self::Text { zeros: 0, text, spaces }
    }

    /// Bytes as they are given; short fixed-length text is filled with blanks on the right.
    #[inline]
    pub(crate) fn bytes(field: &Field, bytes: &'v [u8]) -> Self {
        let spaces = match (field.length(), field.class()) {
            (Length::Fixed(length), Class::Ans) => usize::from(length).saturating_sub(bytes.len()),
            _ => 0,
        };
        Self::Bytes { bytes, spaces }
    }

    /// Bytes as they are given, and no more.
    pub(crate) const fn exactly(bytes: &'v [u8]) -> Self {
        Self::Bytes { bytes, spaces: 0 }
    }

    /// Decimal digits, filled with zeros on the left where the length is fixed.
    pub(crate) fn number(field: &Field, digits: &'v str) -> Self {
        let zeros = match field.length() {
            Length::Fixed(length) => {
                field.given_len(usize::from(length)).saturating_sub(digits.len())
            }
            _ => 0,
        };
        // An amount with a sign is no number: a zero in the sign's place is refused.
        let zeros = if matches!(field.class(), Class::Xn) { zeros.max(1) } else { zeros };
        Self::Text { zeros, text: digits, spaces: 0 }
    }

    /// Characters or bytes given.
    fn given(&self) -> usize {
        match self {
            Self::Text { zeros, text, spaces } => {
                zeros.saturating_add(characters(text)).saturating_add(*spaces)
            }
            Self::Bytes { bytes, spaces } => bytes.len().saturating_add(*spaces),
        }
    }
}

fn characters(text: &str) -> usize {
    if WIDE && text.is_ascii() {
        return text.len();
    }
    // A byte that continues a character is 80 to BF.
    text.bytes().filter(|byte| byte & 0xC0 != 0x80).count()
}

/// Checks a value against its field and says how it lies on the wire, behind a head as `framing` says.
#[inline]
pub(crate) fn plan(
    field: &Field,
    framing: Framing,
    value: &Value<'_>,
) -> Result<Extent, ErrorKind> {
    let takes_bytes = field.takes_bytes();
    match value {
        Value::Bytes { .. } if !takes_bytes => return Err(ErrorKind::WrongValueType),
        Value::Text { .. } if field.is_binary() => return Err(ErrorKind::WrongValueType),
        _ => {}
    }
    let count = count(field, value.given())?;
    match field.length() {
        Length::Fixed(length) if count != usize::from(length) => {
            return Err(ErrorKind::WrongLength { length: bytes_u32(count), expected: length });
        }
        Length::Variable { max, .. } | Length::UpTo(max) if count > usize::from(max) => {
            return Err(ErrorKind::above_maximum(count, max));
        }
        _ => {}
    }
    match value {
        Value::Text { zeros, text, .. } => check_given(field, *zeros, text)?,
        Value::Bytes { bytes, .. } if matches!(field.encoding(), Encoding::Raw) => {
            super::check(field, bytes, count)?;
        }
        Value::Bytes { .. } => {}
    }
    let head = head_len(field, framing, count)?;
    Ok(Extent { head, count, total: head.saturating_add(field.data_len(count)) })
}

/// How many units a value of so many characters or bytes has.
#[inline]
fn count(field: &Field, given: usize) -> Result<usize, ErrorKind> {
    Ok(match (field.encoding(), field.unit()) {
        (Encoding::Bcd, Unit::Bytes) => {
            let signs = usize::from(matches!(field.class(), Class::Xn) && given > 0);
            let digits = given.saturating_sub(signs);
            if digits % 2 == 1 {
                return Err(ErrorKind::OddLength);
            }
            (digits / 2).saturating_add(signs)
        }
        (Encoding::Hex | Encoding::EbcdicHex, Unit::Characters) => given.saturating_mul(2),
        (encoding, _) if encoding.is_zoned() => given.saturating_sub(1),
        _ => given,
    })
}

/// Checks the characters that a caller gave.
#[inline]
fn check_given(field: &Field, zeros: usize, text: &str) -> Result<(), ErrorKind> {
    let class = field.class();
    let bytes = text.as_bytes();
    // What a message's fields are checked for, in the same words.
    if WIDE
        && matches!(field.encoding(), Encoding::Ascii)
        && !matches!(class, Class::Xn | Class::Z | Class::Any)
    {
        let run = match field.plan().run {
            Run::Own => None,
            run => Some(run),
        };
        if run.is_some_and(|run| run.passes(bytes)) {
            return Ok(());
        }
    }
    let refused = match (field.encoding(), class) {
        // Zeros before the digits take the place of a sign.
        (_, Class::Xn) if zeros > 0 => Some(0),
        (_, Class::Xn) => match bytes.split_first() {
            Some((sign, digits)) if field.admits_sign(*sign) && !digits.is_empty() => {
                let refused = digits.iter().position(|c| !c.is_ascii_digit());
                refused.map(|at| at.saturating_add(1))
            }
            _ => Some(0),
        },
        (Encoding::Bcd, _) => {
            let hex = field.has_hex_nibbles();
            let is_track = matches!(class, Class::Z);
            let last = bytes.len().wrapping_sub(1);
            bytes.iter().enumerate().position(|(index, c)| match c {
                b'0'..=b'9' => false,
                b'=' => !is_track,
                b'D' if is_track => false,
                b'F' if is_track && index == last => false,
                b'A'..=b'F' => !hex,
                _ => true,
            })
        }
        (Encoding::Raw, _) if !text.is_ascii() => bytes.iter().position(|byte| !byte.is_ascii()),
        (encoding, _) if text.is_ascii() => {
            if matches!(class, Class::Any) && encoding.is_text() {
                None
            } else {
                class.first_refused(bytes)
            }
        }
        (encoding, _) => {
            let wide = !matches!(encoding, Encoding::Ascii);
            let admits =
                |c| u8::try_from(c).is_ok_and(|c| (c.is_ascii() || wide) && class.admits(c));
            text.chars().position(|c| !admits(c))
        }
    };
    match refused {
        None => Ok(()),
        Some(index) => Err(invalid_character(field, index)),
    }
}

/// Writes a planned value into a slot of exactly `extent.total` bytes, but for its tag.
#[inline]
pub(crate) fn write(
    field: &Field,
    framing: Framing,
    value: &Value<'_>,
    extent: Extent,
    slot: &mut [u8],
) {
    let Some((head, data)) = slot.split_at_mut_checked(extent.head) else { return };
    frame(field, framing, extent.count, head);
    match value {
        Value::Bytes { bytes, .. } => write_bytes(field.encoding(), bytes, data),
        Value::Text { zeros, text, spaces } => match field.encoding() {
            Encoding::Ascii | Encoding::Raw => {
                let Some((before, rest)) = data.split_at_mut_checked(*zeros) else { return };
                let Some((middle, after)) = rest.split_at_mut_checked(text.len()) else { return };
                copy(middle, text.as_bytes());
                // Most values need neither, and filling nothing is a call as well.
                if !before.is_empty() {
                    before.fill(b'0');
                }
                if !after.is_empty() {
                    after.fill(b' ');
                }
            }
            Encoding::Bcd => write_packed(field, *zeros, text.as_bytes(), extent.count, data),
            encoding if encoding.is_zoned() => {
                write_zoned(field.encoding(), text.as_bytes(), data);
            }
            encoding => {
                let byte = |c: char| {
                    let c = u8::try_from(c).unwrap_or(b'?');
                    encoding.page().map_or(c, |page| page.encode(c))
                };
                let characters = core::iter::repeat_n('0', *zeros)
                    .chain(text.chars())
                    .chain(core::iter::repeat_n(' ', *spaces));
                fill(data, characters.map(byte));
            }
        },
    }
}

/// Writes the length behind the tag, whose place is left as it is.
pub(crate) fn frame(field: &Field, framing: Framing, count: usize, head: &mut [u8]) {
    let (tag, prefix) = match (framing, field.length()) {
        (Framing::Tagged(tag, prefix), _) => (usize::from(tag.width()), prefix),
        (Framing::Own, Length::Variable { prefix, .. }) => (0, prefix),
        (Framing::Own, _) => return,
    };
    if let Some(slot) = head.get_mut(tag..) {
        prefix.write(count, slot);
    }
}

fn fill(slot: &mut [u8], bytes: impl Iterator<Item = u8>) {
    for (to, from) in slot.iter_mut().zip(bytes) {
        *to = from;
    }
}

fn write_bytes(encoding: Encoding, bytes: &[u8], data: &mut [u8]) {
    if !encoding.is_hex_text() {
        if let Some((data, after)) = data.split_at_mut_checked(bytes.len()) {
            copy(data, bytes);
            after.fill(b' ');
        }
        return;
    }
    let digits = bytes.iter().flat_map(|byte| [hex_digit(byte >> 4), hex_digit(byte & 0x0F)]);
    if matches!(encoding, Encoding::Hex) {
        fill(data, digits);
    } else {
        fill(data, digits.map(ebcdic_hex));
    }
}

/// The EBCDIC form of an upper-case hexadecimal digit.
pub(crate) const fn ebcdic_hex(digit: u8) -> u8 {
    if digit.is_ascii_digit() { digit ^ 0xC0 } else { digit ^ 0x80 }
}

/// Packs digits two a byte behind their sign letter, if they have one; an odd number has its pad nibble where the field
/// says.
fn write_packed(field: &Field, zeros: usize, text: &[u8], count: usize, data: &mut [u8]) {
    let count = field.packed_digits(count);
    if !matches!(field.class(), Class::Xn) {
        return pack(field, zeros, text, count, data);
    }
    let (Some((sign, amount)), Some((first, rest))) = (text.split_first(), data.split_first_mut())
    else {
        return;
    };
    *first = if field.has_ebcdic_sign() { ebcdic_sign(*sign) } else { *sign };
    pack(field, zeros, amount, count, rest);
}

/// The EBCDIC form of a sign letter.
fn ebcdic_sign(sign: u8) -> u8 {
    crate::charset::Page::Cp037.encode(sign)
}

fn pack(field: &Field, zeros: usize, text: &[u8], count: usize, slot: &mut [u8]) {
    let odd = count % 2 == 1;
    let pad = field.pad().written();
    let left = (odd && matches!(field.pad().side, PadSide::Left)).then_some(pad);
    let zeros = core::iter::repeat_n(0, zeros);
    let digits = text.iter().map(|c| match c {
        b'=' => 0xD,
        b'A'..=b'F' => (c & 0x0F).wrapping_add(9),
        _ => c & 0x0F,
    });
    let mut nibbles = left.into_iter().chain(zeros).chain(digits);
    for byte in slot {
        let high = nibbles.next().unwrap_or(pad);
        let low = nibbles.next().unwrap_or(pad);
        *byte = high << 4 | low;
    }
}

/// Writes a sign letter and digits as zoned decimal.
fn write_zoned(encoding: Encoding, text: &[u8], data: &mut [u8]) {
    let Some((sign, digits)) = text.split_first() else { return };
    let zone = if matches!(encoding, Encoding::ZonedEbcdic) { 0xF0 } else { 0x30 };
    fill(data, digits.iter().map(|digit| zone | (digit & 0x0F)));
    if let (Some(last), Some(digit)) = (data.last_mut(), digits.last()) {
        *last = overpunched(encoding, matches!(sign, b'D' | b'-'), digit & 0x0F);
    }
}

#[cfg(test)]
mod tests {
    extern crate alloc;
    use alloc::vec;
    use alloc::vec::Vec;

    use super::*;
    use crate::wire::{check, skip};
    use crate::{Pad, Prefix, Unit};

    fn written(field: &Field, value: Value<'_>) -> Result<Vec<u8>, ErrorKind> {
        let extent = plan(field, Framing::Own, &value)?;
        let mut slot = vec![0xEE; extent.total];
        write(field, Framing::Own, &value, extent, &mut slot);
        let read = skip(field, &slot).map_err(|fault| fault.kind)?;
        assert_eq!((read.head, read.count, read.total), (extent.head, extent.count, extent.total));
        check(field, &slot[read.head..], read.count)?;
        Ok(slot)
    }

    fn text(field: &Field, value: &str) -> Result<Vec<u8>, ErrorKind> {
        written(field, Value::text(field, value))
    }

    #[test]
    fn digits_and_their_padding() {
        let n3 = Field::fixed(Class::N, 3);
        assert_eq!(text(&n3, "071").unwrap(), b"071");
        let n3 = n3.encoded(Encoding::Bcd);
        assert_eq!(text(&n3, "071").unwrap(), [0x00, 0x71]);
        assert_eq!(text(&n3.padded(Pad::RIGHT_ZERO), "071").unwrap(), [0x07, 0x10]);
        assert_eq!(text(&n3.padded(Pad::RIGHT_F), "071").unwrap(), [0x07, 0x1F]);
        assert_eq!(text(&n3.padded(Pad::LEFT_F), "071").unwrap(), [0xF0, 0x71]);
        assert_eq!(written(&n3, Value::number(&n3, "7")).unwrap(), [0x00, 0x07]);
        assert_eq!(text(&n3, "71"), Err(ErrorKind::WrongLength { length: 2, expected: 3 }));
        assert_eq!(
            text(&n3, "7A1"),
            Err(ErrorKind::InvalidCharacter { class: Class::N, index: 1 })
        );
    }

    #[test]
    fn lengths_announced() {
        let pan = Field::variable(Class::N, Prefix::bcd(2), 19)
            .encoded(Encoding::Bcd)
            .padded(Pad::RIGHT_ZERO);
        assert_eq!(text(&pan, "12345").unwrap(), [0x05, 0x12, 0x34, 0x50]);
        assert_eq!(text(&pan, "").unwrap(), [0x00]);
        let long = Field::variable(Class::Ans, Prefix::bcd(3), 999);
        let value = "x".repeat(999);
        assert_eq!(text(&long, &value).unwrap()[..3], [0x09, 0x99, b'x']);
        let llvar = Field::variable(Class::Ans, Prefix::ascii(2), 25);
        assert_eq!(text(&llvar, "abc").unwrap(), b"03abc");
        let kind = ErrorKind::LengthAboveMaximum { length: 26, maximum: 25 };
        assert_eq!(text(&llvar, &"x".repeat(26)), Err(kind));
    }

    #[test]
    fn track_data_keeps_its_separator() {
        let track = Field::variable(Class::Z, Prefix::bcd(2), 37)
            .encoded(Encoding::Bcd)
            .padded(Pad::RIGHT_F);
        assert_eq!(text(&track, "4111=28").unwrap(), [0x07, 0x41, 0x11, 0xD2, 0x8F]);
        assert_eq!(text(&track, "4111D28").unwrap(), [0x07, 0x41, 0x11, 0xD2, 0x8F]);
        assert!(text(&track, "4111;28").is_err());
    }

    #[test]
    fn an_amount_counts_its_sign() {
        let fee = Field::fixed(Class::Xn, 9);
        assert_eq!(text(&fee, "C00000100").unwrap(), b"C00000100");
        let fee = fee.encoded(Encoding::Bcd);
        assert_eq!(text(&fee, "D00000100").unwrap(), [b'D', 0, 0, 1, 0]);
        assert!(text(&fee, "00000100").is_err() && text(&fee, "000000100").is_err());
        let lenient = fee.with_other_signs();
        assert_eq!(text(&lenient, "000000100").unwrap(), [b'0', 0, 0, 1, 0]);
        for (bad, index) in [("+0000010C", 8), ("*00000100", 0)] {
            let kind = ErrorKind::InvalidCharacter { class: Class::Xn, index };
            assert_eq!(text(&lenient.encoded(Encoding::Ascii), bad), Err(kind));
        }
        assert!(written(&fee, Value::number(&fee, "100")).is_err());
    }

    #[test]
    fn short_text_is_filled_with_blanks() {
        let name = Field::fixed(Class::Ans, 8);
        assert_eq!(text(&name, "TERM1").unwrap(), b"TERM1   ");
        assert!(text(&name, "TERMINAL1").is_err());
    }

    #[test]
    fn binary_as_bytes_or_as_hexadecimal() {
        let mac = Field::fixed(Class::B, 4);
        let value = Value::exactly(&[0x0F, 0xA5, 0x00, 0xFF]);
        assert_eq!(written(&mac, value).unwrap(), [0x0F, 0xA5, 0x00, 0xFF]);
        assert_eq!(written(&mac.encoded(Encoding::Hex), value).unwrap(), b"0FA500FF");
        assert_eq!(text(&mac, "0FA5"), Err(ErrorKind::WrongValueType));
        let digits = Field::fixed(Class::N, 4);
        assert_eq!(written(&digits, value), Err(ErrorKind::WrongValueType));
    }

    #[test]
    fn units_of_every_kind() {
        let digits = Field::variable(Class::N, Prefix::ascii(2), 8).encoded(Encoding::Bcd);
        let bytes = digits.counted_in(Unit::Bytes);
        assert_eq!(text(&digits, "1234").unwrap(), [b'0', b'4', 0x12, 0x34]);
        assert_eq!(text(&bytes, "1234").unwrap(), [b'0', b'2', 0x12, 0x34]);
        assert_eq!(text(&bytes, "123"), Err(ErrorKind::OddLength));
        let hex = Field::variable(Class::B, Prefix::ascii(2), 8).encoded(Encoding::Hex);
        assert_eq!(written(&hex, Value::exactly(&[0xAB])).unwrap(), b"01AB");
        let hex = hex.counted_in(Unit::Characters);
        assert_eq!(written(&hex, Value::exactly(&[0xAB])).unwrap(), b"02AB");
        let itself = Field::variable(Class::Ans, Prefix::ascii(2).counting_itself(), 8);
        assert_eq!(text(&itself, "abc").unwrap(), b"05abc");
        let fixed = Field::fixed(Class::N, 2).encoded(Encoding::Bcd).counted_in(Unit::Bytes);
        assert_eq!(written(&fixed, Value::number(&fixed, "7")).unwrap(), [0x00, 0x07]);
    }

    #[test]
    fn text_of_other_character_sets() {
        let name = Field::fixed(Class::Ans, 8).encoded(Encoding::Ebcdic500);
        assert_eq!(
            text(&name, "CAF\u{C9}!").unwrap(),
            [0xC3, 0xC1, 0xC6, 0x71, 0x4F, 0x40, 0x40, 0x40]
        );
        let latin = name.encoded(Encoding::Latin1);
        assert_eq!(text(&latin, "CAF\u{C9}!").unwrap(), b"CAF\xC9!   ");
        assert!(text(&latin.encoded(Encoding::Ascii), "CAF\u{C9}").is_err());
        assert!(text(&latin, "\u{20AC}").is_err() && text(&latin, "a\n").is_err());
        let amount = Field::fixed(Class::N, 4).encoded(Encoding::Ebcdic037);
        assert_eq!(
            written(&amount, Value::number(&amount, "42")).unwrap(),
            [0xF0, 0xF0, 0xF4, 0xF2]
        );
        let signed = Field::fixed(Class::Xn, 4).encoded(Encoding::Ebcdic037);
        assert_eq!(text(&signed, "D042").unwrap(), [0xC4, 0xF0, 0xF4, 0xF2]);
        let raw = Field::variable(Class::Ans, Prefix::binary(1), 40).encoded(Encoding::Raw);
        assert_eq!(
            written(&raw, Value::exactly(&[0xD6, 0xD0, b'A'])).unwrap(),
            [3, 0xD6, 0xD0, b'A']
        );
        let fixed = Field::fixed(Class::Ans, 4).encoded(Encoding::Raw);
        assert_eq!(written(&fixed, Value::bytes(&fixed, &[0xD6, 0xD0])).unwrap(), b"\xD6\xD0  ");
        assert!(written(&fixed, Value::exactly(&[0xD6, 0xD0])).is_err());
        assert_eq!(text(&raw, "A").unwrap(), [1, b'A']);
        assert!(text(&raw, "\u{4E2D}").is_err());
    }

    #[test]
    fn zoned_decimal() {
        let amount = Field::fixed(Class::Xn, 4).encoded(Encoding::ZonedEbcdic);
        assert_eq!(text(&amount, "C0123").unwrap(), [0xF0, 0xF1, 0xF2, 0xC3]);
        assert_eq!(text(&amount, "D0120").unwrap(), [0xF0, 0xF1, 0xF2, 0xD0]);
        assert_eq!(text(&amount.encoded(Encoding::ZonedAscii), "D0123").unwrap(), b"012L");
        assert!(text(&amount, "0123").is_err() && text(&amount, "C012").is_err());
    }

    #[test]
    fn signs_before_packed_digits() {
        let fee = Field::fixed(Class::Xn, 5).encoded(Encoding::Bcd).with_ebcdic_sign();
        assert_eq!(text(&fee, "D0042").unwrap(), [0xC4, 0x00, 0x42]);
        assert!(text(&fee, "-0042").is_err());
        assert_eq!(text(&fee.with_other_signs(), "-0042").unwrap(), [0x60, 0x00, 0x42]);
    }

    #[test]
    fn nibbles_above_nine() {
        let track = Field::variable(Class::Z, Prefix::bcd(2), 38).encoded(Encoding::Bcd);
        assert_eq!(text(&track, "41=28F").unwrap(), [0x06, 0x41, 0xD2, 0x8F]);
        assert!(text(&track, "41=2F8").is_err() && text(&track, "41=2A8").is_err());
        assert_eq!(text(&track.with_hex_nibbles(), "41=2A8").unwrap(), [0x06, 0x41, 0xD2, 0xA8]);
        let kept =
            Field::variable(Class::N, Prefix::bcd(2), 38).encoded(Encoding::Bcd).with_hex_nibbles();
        assert_eq!(text(&kept, "41D28F").unwrap(), [0x06, 0x41, 0xD2, 0x8F]);
        assert!(text(&kept, "41d2").is_err() && text(&kept, "41=2").is_err());
    }
}
