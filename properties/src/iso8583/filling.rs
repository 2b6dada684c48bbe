//! Messages put together from choices, with values that their fields take.

use iso8583_wire::{
    Class, Encoding, Field, Layout, Length, Message, Mti, PrefixEncoding, Spec, Unit,
};

use super::roundtrip::takes_bytes;
use super::specs;
use super::table::largest;
use super::view::path_of;
use crate::choices::Choices;

/// Units of a value of variable length, at most.
const LONGEST: u16 = 24;

/// A message of a dialect that a number chooses, with values from choices: what tests begin with.
#[must_use]
pub fn filled(dialect: u8, choices: &[u8]) -> Vec<u8> {
    fill(specs::one_of(dialect), &mut Choices::new(choices))
}

/// A message of a dialect with values from choices: of each field, and of each part, a byte says whether it is there.
pub(super) fn fill(spec: &Spec<'_>, choices: &mut Choices<'_>) -> Vec<u8> {
    let mti: Mti = format!("{:04}", choices.u16() % 10_000).parse().unwrap();
    let mut message = Message::new(spec, mti);
    for (number, field) in (0..).zip(spec.tables().fields) {
        if let Some(field) = field
            && !choices.u8().is_multiple_of(4)
        {
            set(&mut message, &[number], field, choices);
        }
    }
    message.encode_to_vec().unwrap_or_default()
}

/// The same bytes with one of them changed, or with none.
pub(super) fn spoilt(wire: &[u8], choices: &mut Choices<'_>) -> Vec<u8> {
    let (place, byte) = (usize::from(choices.u16()), choices.u8());
    let mut spoilt = wire.to_vec();
    if let Some(length) = place.checked_rem(wire.len()) {
        spoilt[length] = byte;
    }
    spoilt
}

/// Sets a field or a part, or what it is made of; what is refused is left out.
fn set(message: &mut Message<'_>, path: &[u16], field: &Field, choices: &mut Choices<'_>) {
    let spec = message.spec();
    let composite = spec.composite(field).filter(|composite| composite.layout() != Layout::BerTlv);
    if let Some(composite) = composite {
        let parts = composite.parts();
        let parts = &spec.tables().subfields[parts.start.into()..parts.end.into()];
        for part in parts {
            // A part with a tag may be there twice.
            for _ in 0..choices.u8() % 3 {
                set(message, &[path, &[part.number()]].concat(), part.field(), choices);
            }
        }
        if let (Layout::Tagged { .. }, Some(unknown)) = (composite.layout(), composite.unknown())
            && choices.u8() % 4 == 3
            && path.len() < 4
        {
            let number = choices.u16();
            set_value(message, &[path, &[number]].concat(), unknown, choices);
        }
        return;
    }
    set_value(message, path, field, choices);
}

fn set_value(message: &mut Message<'_>, path: &[u16], field: &Field, choices: &mut Choices<'_>) {
    let value = fitting(field, choices);
    let (is_part, path) = (path.len() > 1, path_of(path));
    let bytes = || latin1(&value);
    let result = match (takes_bytes(field), is_part) {
        // A part without a tag cannot be there twice, and is then set.
        (true, true) => {
            message.push_bytes(path, &bytes()).or_else(|_| message.set_bytes(path, &bytes()))
        }
        (false, true) => {
            message.push_text(path, &value).or_else(|_| message.set_text(path, &value))
        }
        (true, false) => message.set_bytes(path, &bytes()),
        (false, false) => message.set_text(path, &value),
    };
    // A part may not be due, or make what holds it too long; a field takes what it is made for.
    assert!(is_part || result.is_ok(), "{result:?} of {field:?}");
}

/// A value that a field takes, of what takes bytes a character for each.
pub(super) fn fitting(field: &Field, choices: &mut Choices<'_>) -> String {
    let units = match field.length() {
        Length::Fixed(units) => units,
        Length::UpTo(max) => u16::from(choices.u8()) % (max.min(LONGEST) + 1),
        Length::Variable { prefix, max } => {
            // At times one that BER says in two bytes.
            let is_long = prefix.encoding() == PrefixEncoding::Ber && max >= 130;
            let most = if is_long { 130 } else { LONGEST };
            u16::from(choices.u8()) % (max.min(most).min(largest(prefix)) + 1)
        }
        other => panic!("no filling of {other:?}"),
    };
    // An amount has a sign and a digit at least.
    let is_zoned = matches!(field.encoding(), Encoding::ZonedAscii | Encoding::ZonedEbcdic);
    let least = match field.class() {
        Class::Xn if is_zoned => 1,
        Class::Xn => 2,
        _ => 0,
    };
    let units = units.max(least);
    value(field, usize::from(units), choices)
}

pub(super) fn latin1(text: &str) -> Vec<u8> {
    text.chars().map(|c| u8::try_from(c).unwrap()).collect()
}

/// A value of so many units, of what takes bytes a character for each.
fn value(field: &Field, units: usize, choices: &mut Choices<'_>) -> String {
    let is_signed = field.class() == Class::Xn;
    let (signs, count) = match (field.encoding(), field.unit()) {
        (Encoding::Bcd, Unit::Bytes) if is_signed => (1, units.saturating_sub(1) * 2),
        (Encoding::Bcd, Unit::Bytes) => (0, units * 2),
        (Encoding::ZonedAscii | Encoding::ZonedEbcdic, _) => (1, units),
        (Encoding::Hex | Encoding::EbcdicHex, Unit::Characters) => (0, units / 2),
        _ if is_signed => (1, units.saturating_sub(1)),
        _ => (0, units),
    };
    let wide = field.encoding() != Encoding::Ascii;
    let has_hex = *field == field.with_hex_nibbles() && field.encoding() == Encoding::Bcd;
    let alphabet = match field.class() {
        Class::N if has_hex => "0123456789ABCDEF",
        Class::N | Class::Xn => "0123456789",
        Class::Z => "0123456789=",
        Class::A => "ABCxyz ",
        Class::An | Class::Anp => "ABCxyz 0123456789",
        Class::AnStrict => "ABCxyz0123456789",
        Class::As => "ABCxyz !/:@[`{~",
        Class::Ns => "0123456789 !/:@[`{~",
        Class::Ans if wide => "ABCxyz 019!/:@[`{~\u{A0}\u{E9}\u{FF}",
        Class::Ans => "ABCxyz 019!/:@[`{~",
        Class::Any if wide => "Az09 \0\n\u{80}\u{85}\u{FF}",
        Class::Any => "Az09 \0\n\u{7F}",
        _ => "",
    };
    let letters: Vec<char> = alphabet.chars().collect();
    // As many choices as there are; a long value repeats its first ones.
    let seeds = choices.take(count.min(usize::from(LONGEST)));
    let seeds = if seeds.is_empty() { &[0] } else { seeds };
    let body = seeds.iter().cycle().take(count).map(|seed| match letters.len() {
        0 => char::from(*seed),
        length => letters[usize::from(*seed) % length],
    });
    let sign = if seeds[0] % 2 == 1 { "C" } else { "D" };
    let body: String = body.collect();
    if signs == 1 && units > 0 { format!("{sign}{body}") } else { body }
}
