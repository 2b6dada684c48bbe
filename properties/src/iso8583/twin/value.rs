//! The characters of a value, and whether it may hold them.

use iso8583_wire::{Class, Encoding, ErrorKind, Field, PadNibble, PadSide, Unit};

use super::pages::{CP037, CP500, CP1047};
use super::{Wrong, ebcdic, latin1};
use crate::choices::hex;

/// Stands for a character of a charset that is not known.
const UNKNOWN: char = '\u{FFFD}';

/// The characters of a value that are one a byte, and of a binary one its hexadecimal digits; whatever they are.
pub(super) fn decode(definition: &Field, data: &[u8]) -> String {
    match definition.encoding() {
        Encoding::Ascii | Encoding::Latin1 | Encoding::Hex | Encoding::ZonedAscii => latin1(data),
        Encoding::Ebcdic037 | Encoding::EbcdicHex | Encoding::ZonedEbcdic => ebcdic(CP037, data),
        Encoding::Ebcdic500 => ebcdic(CP500, data),
        Encoding::Ebcdic1047 => ebcdic(CP1047, data),
        Encoding::Raw => {
            let known = |c: char| if c.is_ascii() { c } else { UNKNOWN };
            latin1(data).chars().map(known).collect()
        }
        Encoding::Binary => hex(data),
        other => panic!("no twin of {other:?}"),
    }
}

/// The characters of a value, or what is wrong with it.
pub(super) fn read(definition: &Field, data: &[u8], count: usize) -> Result<String, Wrong> {
    match definition.encoding() {
        Encoding::Bcd => read_packed(definition, data, count),
        Encoding::ZonedAscii | Encoding::ZonedEbcdic => read_zoned(definition, data),
        Encoding::Hex | Encoding::EbcdicHex => {
            let digits = decode(definition, data);
            admit(definition, &digits)?;
            Ok(digits.to_ascii_uppercase())
        }
        Encoding::Binary => Ok(decode(definition, data)),
        _ => {
            let text = decode(definition, data);
            admit(definition, &text)?;
            Ok(text)
        }
    }
}

/// A digit a byte, the last one with the sign on it.
fn read_zoned(definition: &Field, data: &[u8]) -> Result<String, Wrong> {
    // EBCDIC has its signed digits where ASCII has the same characters: C0 is `{`, D1 is `J`.
    let mut text = decode(definition, data);
    let wrong = |place| Err(Wrong::Character(Class::Xn, vec![place]));
    let Some(last) = text.pop() else { return wrong(0) };
    if let Some(place) = text.chars().position(|c| !c.is_ascii_digit()) {
        return wrong(place);
    }
    for (sign, digits) in [("C", "0123456789"), ("C", "{ABCDEFGHI"), ("D", "}JKLMNOPQR")] {
        if let Some(digit) = digits.chars().position(|c| c == last) {
            return Ok(format!("{sign}{text}{digit}"));
        }
    }
    wrong(text.len())
}

/// Packed digits, behind their sign letter if they have one.
fn read_packed(definition: &Field, data: &[u8], count: usize) -> Result<String, Wrong> {
    let digits_in = |count| if definition.unit() == Unit::Bytes { count * 2 } else { count };
    if definition.class() != Class::Xn {
        return unpack(definition, data, digits_in(count), 0);
    }
    let (sign, packed) = data.split_at(data.len().min(1));
    let is_ebcdic = *definition == definition.with_ebcdic_sign();
    let sign = if is_ebcdic { ebcdic(CP037, sign) } else { latin1(sign) };
    if sign.is_empty() || !admits(definition, 0, 1, sign.chars().next().unwrap()) {
        return Err(Wrong::Character(Class::Xn, vec![0]));
    }
    // A sign alone is no amount.
    if packed.is_empty() {
        return Err(Wrong::Character(Class::Xn, vec![0]));
    }
    Ok(sign + &unpack(definition, packed, digits_in(count - 1), 1)?)
}

/// Packed digits without their pad nibble; they begin `before` bytes into the value.
fn unpack(definition: &Field, packed: &[u8], count: usize, before: usize) -> Result<String, Wrong> {
    let class = definition.class();
    let mut digits = hex(packed);
    let mut skipped = 0;
    if count % 2 == 1 {
        let pad = match definition.pad().side {
            PadSide::Left => {
                skipped = 1;
                digits.remove(0)
            }
            PadSide::Right => digits.pop().unwrap(),
        };
        match (definition.pad().nibble, pad) {
            (PadNibble::Zero, '0') | (PadNibble::F, 'F') | (PadNibble::Any, _) => {}
            _ => return Err(Wrong::Is(ErrorKind::InvalidPad)),
        }
    }
    let has_hex = *definition == definition.with_hex_nibbles();
    let is_digit = |position: usize, c: char| {
        let is_of_track = c == 'D' || (c == 'F' && position + 1 == digits.len());
        c.is_ascii_digit() || has_hex || (class == Class::Z && is_of_track)
    };
    let wrong: Vec<usize> = digits
        .chars()
        .enumerate()
        .filter(|&(position, c)| !is_digit(position, c))
        .map(|(position, _)| before + (position + skipped) / 2)
        .collect();
    if !wrong.is_empty() {
        return Err(Wrong::Character(class, wrong));
    }
    Ok(if class == Class::Z { digits.replace('D', "=") } else { digits })
}

/// Refuses the first character that is not of the field's class.
fn admit(definition: &Field, value: &str) -> Result<(), Wrong> {
    let class = definition.class();
    let count = value.chars().count();
    let refused =
        value.chars().enumerate().position(|(position, c)| !admits(definition, position, count, c));
    match refused {
        Some(first) => Err(Wrong::Character(class, vec![first])),
        // An amount has a sign and a digit at least.
        None if class == Class::Xn && count < 2 => Err(Wrong::Character(class, vec![0])),
        None => Ok(()),
    }
}

/// Whether a value of so many characters may have this one at this place.
fn admits(definition: &Field, position: usize, count: usize, c: char) -> bool {
    let other_signs = *definition == definition.with_other_signs();
    if definition.encoding() == Encoding::Ascii && !c.is_ascii() {
        return false;
    }
    let is_letter = c.is_ascii_alphabetic();
    let is_digit = c.is_ascii_digit();
    let is_special = (' '..='~').contains(&c) && !is_letter && !is_digit;
    match definition.class() {
        Class::A => is_letter || c == ' ',
        Class::N => is_digit,
        Class::An | Class::Anp => is_letter || is_digit || c == ' ',
        Class::AnStrict => is_letter || is_digit,
        Class::As => is_letter || is_special,
        Class::Ns => is_digit || is_special,
        Class::Ans => is_letter || is_digit || is_special || c >= '\u{A0}',
        Class::Any => true,
        Class::B => c.is_ascii_hexdigit(),
        Class::Z => is_digit || "=D:;<>?".contains(c) || (c == 'F' && position + 1 == count),
        Class::Xn if position == 0 => "CD".contains(c) || (other_signs && "0+-".contains(c)),
        Class::Xn => is_digit,
        other => panic!("no twin of {other:?}"),
    }
}
