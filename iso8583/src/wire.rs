//! One data element on the wire: measured, checked, written.

use crate::class::first_non_decimal_nibbles;
use crate::field::PrefixEncoding;
use crate::{Class, Encoding, ErrorKind, Field, Length, PadSide, Prefix};

/// Where a value lies in the bytes that begin with its length prefix.
#[derive(Clone, Copy)]
pub(crate) struct Extent {
    /// Bytes of the prefix.
    pub(crate) prefix: usize,
    /// Units of the value.
    pub(crate) count: usize,
    /// Bytes of prefix and value.
    pub(crate) total: usize,
}

/// A broken rule and where, from the field's first byte.
pub(crate) struct Fault {
    pub(crate) kind: ErrorKind,
    pub(crate) offset: usize,
}

/// A count as errors carry it; a message is far shorter than what does not fit.
pub(crate) fn bytes_u32(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// Reads the prefix and finds the value behind it; the value's content is not looked at.
#[inline]
pub(crate) fn measure(field: &Field, bytes: &[u8]) -> Result<Extent, Fault> {
    let (count, after) = read_count(field, bytes)?;
    let data = field.data_len(count);
    let prefix = field.prefix_width();
    if data > after.len() {
        return Err(truncated(data, after.len(), prefix));
    }
    Ok(Extent { prefix, count, total: prefix.saturating_add(data) })
}

/// Checks the field at the front, prefix and value, and gives what follows it.
#[inline]
pub(crate) fn skip_checked<'a>(field: &Field, bytes: &'a [u8]) -> Result<&'a [u8], Fault> {
    let (count, after_prefix) = read_count(field, bytes)?;
    let len = field.data_len(count);
    let Some((data, after)) = after_prefix.split_at_checked(len) else {
        return Err(truncated(len, after_prefix.len(), field.prefix_width()));
    };
    match check(field, data, count) {
        Ok(()) => Ok(after),
        Err(kind) => Err(Fault { kind, offset: field.prefix_width() }),
    }
}

/// How many units the value has, and what follows the prefix.
#[inline]
fn read_count<'a>(field: &Field, bytes: &'a [u8]) -> Result<(usize, &'a [u8]), Fault> {
    let (prefix, max) = match field.length() {
        Length::Fixed(count) => return Ok((usize::from(count), bytes)),
        Length::Variable { prefix, max } => (prefix, max),
    };
    let width = usize::from(prefix.width());
    let Some((digits, after)) = bytes.split_at_checked(width) else {
        return Err(truncated(width, bytes.len(), 0));
    };
    let Some(count) = read_prefix(prefix, digits) else {
        return Err(Fault { kind: ErrorKind::InvalidLength, offset: 0 });
    };
    let count = usize::try_from(count).unwrap_or(usize::MAX);
    if count > usize::from(max) {
        return Err(Fault { kind: ErrorKind::above_maximum(count, max), offset: 0 });
    }
    Ok((count, after))
}

#[cold]
fn truncated(needed: usize, available: usize, offset: usize) -> Fault {
    let kind = ErrorKind::Truncated { needed: bytes_u32(needed), available: bytes_u32(available) };
    Fault { kind, offset }
}

/// The number that the prefix says; `None` where it is no number.
#[inline]
fn read_prefix(prefix: Prefix, bytes: &[u8]) -> Option<u32> {
    let mut value = 0_u32;
    for &byte in bytes {
        // At most six digits: no overflow.
        value = match prefix.encoding {
            PrefixEncoding::Ascii if byte.is_ascii_digit() => {
                value.wrapping_mul(10).wrapping_add(u32::from(byte & 0x0F))
            }
            PrefixEncoding::Bcd if byte >> 4 <= 9 && byte & 0x0F <= 9 => value
                .wrapping_mul(100)
                .wrapping_add(u32::from(byte >> 4).wrapping_mul(10))
                .wrapping_add(u32::from(byte & 0x0F)),
            _ => return None,
        };
    }
    Some(value)
}

/// Checks a value of `count` units against its class and padding.
#[inline]
pub(crate) fn check(field: &Field, data: &[u8], count: usize) -> Result<(), ErrorKind> {
    let refused = match (field.encoding(), field.class()) {
        (Encoding::Binary, _) => None,
        (Encoding::Ascii, Class::Xn) => first_refused_signed(field, data),
        (Encoding::Ascii, class) => class.first_refused(data),
        (Encoding::Hex, _) => data.iter().position(|byte| !byte.is_ascii_hexdigit()),
        (Encoding::Bcd, Class::Xn) => match data.split_first() {
            Some((sign, digits)) if field.admits_sign(*sign) => {
                return check_packed(field, digits, count.saturating_sub(1), 1);
            }
            _ => Some(0),
        },
        (Encoding::Bcd, _) => return check_packed(field, data, count, 0),
    };
    match refused {
        None => Ok(()),
        Some(index) => Err(invalid_character(field, index)),
    }
}

/// The first byte that an x+n value in ASCII may not hold: its sign, or what is no digit behind it.
fn first_refused_signed(field: &Field, data: &[u8]) -> Option<usize> {
    match data.split_first() {
        Some((sign, digits)) if field.admits_sign(*sign) => {
            field.class().first_refused(digits).map(|index| index.saturating_add(1))
        }
        _ => Some(0),
    }
}

#[cold]
fn invalid_character(field: &Field, index: usize) -> ErrorKind {
    let index = u16::try_from(index).unwrap_or(u16::MAX);
    ErrorKind::InvalidCharacter { class: field.class(), index }
}

/// Checks packed digits, which begin `before` bytes into the value.
#[inline]
fn check_packed(
    field: &Field,
    packed: &[u8],
    count: usize,
    before: usize,
) -> Result<(), ErrorKind> {
    let decimal = |nibble: u8| nibble <= 9 || (nibble == 0xD && matches!(field.class(), Class::Z));
    let mut inner = packed;
    let mut skipped = 0_usize;
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
        if !decimal(edge >> 4) {
            return Err(invalid_character(field, before.saturating_add(index)));
        }
        inner = rest;
        skipped = usize::from(matches!(field.pad().side, PadSide::Left));
    }
    let refused = if matches!(field.class(), Class::Z) {
        inner.iter().position(|byte| !decimal(byte >> 4) || !decimal(byte & 0x0F))
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

/// A value to be written.
#[derive(Clone, Copy)]
pub(crate) enum Value<'v> {
    /// Characters between zeros on the left and spaces on the right.
    Text { zeros: usize, text: &'v [u8], spaces: usize },
    /// Bytes of a binary field.
    Bytes(&'v [u8]),
}

impl<'v> Value<'v> {
    /// A text as it is given; short fixed-length text is filled with blanks on the right.
    pub(crate) fn text(field: &Field, text: &'v str) -> Self {
        let text = text.as_bytes();
        let spaces = match (field.length(), field.class()) {
            (Length::Fixed(length), Class::A | Class::An | Class::Ans | Class::Anp) => {
                usize::from(length).saturating_sub(text.len())
            }
            _ => 0,
        };
        Self::Text { zeros: 0, text, spaces }
    }

    /// Decimal digits, filled with zeros on the left where the length is fixed.
    pub(crate) fn number(field: &Field, digits: &'v [u8]) -> Self {
        let zeros = match field.length() {
            Length::Fixed(length) => usize::from(length).saturating_sub(digits.len()),
            Length::Variable { .. } => 0,
        };
        Self::Text { zeros, text: digits, spaces: 0 }
    }

    fn count(&self) -> usize {
        match self {
            // A slice's length and two u16: no overflow.
            Self::Text { zeros, text, spaces } => {
                zeros.wrapping_add(text.len()).wrapping_add(*spaces)
            }
            Self::Bytes(bytes) => bytes.len(),
        }
    }
}

/// Checks a value against its field and says how it lies on the wire.
#[inline]
pub(crate) fn plan(field: &Field, value: &Value<'_>) -> Result<Extent, ErrorKind> {
    if matches!(value, Value::Bytes(_)) != field.is_binary() {
        return Err(ErrorKind::WrongValueType);
    }
    let count = value.count();
    match field.length() {
        Length::Fixed(length) if count != usize::from(length) => {
            return Err(ErrorKind::WrongLength { length: bytes_u32(count), expected: length });
        }
        Length::Variable { max, .. } if count > usize::from(max) => {
            return Err(ErrorKind::above_maximum(count, max));
        }
        _ => {}
    }
    if let Value::Text { text, zeros, .. } = value {
        let refused = match (field.encoding(), field.class()) {
            (Encoding::Bcd, Class::Z) => {
                text.iter().position(|c| !matches!(c, b'0'..=b'9' | b'=' | b'D'))
            }
            // Zeros before the digits take the place of a sign.
            (_, Class::Xn) if *zeros > 0 => Some(0),
            (_, Class::Xn) => first_refused_signed(field, text),
            (_, class) => class.first_refused(text),
        };
        if let Some(index) = refused {
            return Err(invalid_character(field, index));
        }
    }
    let prefix = field.prefix_width();
    // No more than twice a u16 and a few bytes.
    Ok(Extent { prefix, count, total: prefix.wrapping_add(field.data_len(count)) })
}

/// Writes a planned value into a slot of exactly `extent.total` bytes.
#[inline]
pub(crate) fn write(field: &Field, value: &Value<'_>, extent: Extent, slot: &mut [u8]) {
    let Some((prefix_slot, data)) = slot.split_at_mut_checked(extent.prefix) else { return };
    if let Length::Variable { prefix, .. } = field.length() {
        write_prefix(prefix, extent.count, prefix_slot);
    }
    match (value, field.encoding(), field.class()) {
        (Value::Bytes(bytes), Encoding::Hex, _) => {
            let digits =
                bytes.iter().flat_map(|byte| [hex_digit(byte >> 4), hex_digit(byte & 0x0F)]);
            fill(data, digits);
        }
        (Value::Bytes(bytes), _, _) => {
            if let Some(data) = data.get_mut(..bytes.len()) {
                data.copy_from_slice(bytes);
            }
        }
        (Value::Text { zeros, text, spaces: _ }, Encoding::Bcd, class) => {
            let (data, text, count) = match (class, text.split_first(), data.split_first_mut()) {
                (Class::Xn, Some((sign, amount)), Some((first, rest))) => {
                    *first = *sign;
                    (rest, amount, extent.count.saturating_sub(1))
                }
                (_, _, _) => (data, *text, extent.count),
            };
            pack(field, *zeros, text, count, data);
        }
        (Value::Text { zeros, text, .. }, _, _) => {
            let Some((before, rest)) = data.split_at_mut_checked(*zeros) else { return };
            let Some((middle, after)) = rest.split_at_mut_checked(text.len()) else { return };
            middle.copy_from_slice(text);
            // Most values need neither, and filling nothing is a call as well.
            if !before.is_empty() {
                before.fill(b'0');
            }
            if !after.is_empty() {
                after.fill(b' ');
            }
        }
    }
}

fn fill(slot: &mut [u8], bytes: impl Iterator<Item = u8>) {
    for (to, from) in slot.iter_mut().zip(bytes) {
        *to = from;
    }
}

/// Packs digits two a byte; an odd number has its pad nibble where the field says.
fn pack(field: &Field, zeros: usize, text: &[u8], count: usize, slot: &mut [u8]) {
    let odd = count % 2 == 1;
    let pad = field.pad().written();
    let left = (odd && matches!(field.pad().side, PadSide::Left)).then_some(pad);
    let zeros = core::iter::repeat_n(0, zeros);
    let digits = text.iter().map(|c| if matches!(c, b'=' | b'D') { 0xD } else { c & 0x0F });
    let mut nibbles = left.into_iter().chain(zeros).chain(digits);
    for byte in slot {
        let high = nibbles.next().unwrap_or(pad);
        let low = nibbles.next().unwrap_or(pad);
        *byte = high << 4 | low;
    }
}

fn write_prefix(prefix: Prefix, count: usize, slot: &mut [u8]) {
    let mut rest = count;
    for byte in slot.iter_mut().rev() {
        match prefix.encoding {
            PrefixEncoding::Ascii => {
                *byte = b'0' | decimal_digit(rest);
                rest /= 10;
            }
            PrefixEncoding::Bcd => {
                *byte = decimal_digit(rest / 10) << 4 | decimal_digit(rest);
                rest /= 100;
            }
        }
    }
}

/// The last decimal digit of a number.
fn decimal_digit(number: usize) -> u8 {
    // Below ten.
    u8::try_from(number % 10).unwrap_or(0)
}

/// The upper-case hexadecimal digit of a nibble.
pub(crate) const fn hex_digit(nibble: u8) -> u8 {
    match nibble & 0x0F {
        digit @ 0..=9 => b'0' | digit,
        letter => letter.wrapping_add(b'A').wrapping_sub(10),
    }
}

/// The value of a hexadecimal digit of either case.
pub(crate) const fn hex_value(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit & 0x0F),
        b'A'..=b'F' | b'a'..=b'f' => Some((digit & 0x0F).wrapping_add(9)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    extern crate alloc;
    use alloc::vec;
    use alloc::vec::Vec;

    use super::*;
    use crate::Pad;

    fn written(field: &Field, value: Value<'_>) -> Result<Vec<u8>, ErrorKind> {
        let extent = plan(field, &value)?;
        let mut slot = vec![0xEE; extent.total];
        write(field, &value, extent, &mut slot);
        let read = measure(field, &slot).map_err(|fault| fault.kind)?;
        assert_eq!(
            (read.prefix, read.count, read.total),
            (extent.prefix, extent.count, extent.total)
        );
        check(field, &slot[read.prefix..], read.count)?;
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
        assert_eq!(written(&n3, Value::number(&n3, b"7")).unwrap(), [0x00, 0x07]);
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
        assert!(written(&fee, Value::number(&fee, b"100")).is_err());
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
        let value = Value::Bytes(&[0x0F, 0xA5, 0x00, 0xFF]);
        assert_eq!(written(&mac, value).unwrap(), [0x0F, 0xA5, 0x00, 0xFF]);
        assert_eq!(written(&mac.encoded(Encoding::Hex), value).unwrap(), b"0FA500FF");
        assert_eq!(text(&mac, "0FA5"), Err(ErrorKind::WrongValueType));
        let digits = Field::fixed(Class::N, 4);
        assert_eq!(written(&digits, value), Err(ErrorKind::WrongValueType));
    }

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
    }
}
