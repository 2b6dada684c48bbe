//! Tables of fields, put together from choices.

use iso8583_wire::{
    BitmapEncoding, Class, Encoding, Field, Length, MtiEncoding, Pad, PadNibble, PadSide, Prefix,
    Sensitivity,
};

use crate::choices::Choices;

const CLASSES: [Class; 8] =
    [Class::A, Class::N, Class::An, Class::Ans, Class::Anp, Class::B, Class::Z, Class::Xn];
/// The class's own as often as all others together.
const ENCODINGS: [Option<Encoding>; 8] = [
    None,
    None,
    None,
    None,
    Some(Encoding::Ascii),
    Some(Encoding::Bcd),
    Some(Encoding::Binary),
    Some(Encoding::Hex),
];
const SENSITIVITIES: [Sensitivity; 7] = [
    Sensitivity::Public,
    Sensitivity::Pan,
    Sensitivity::Track,
    Sensitivity::Pin,
    Sensitivity::Key,
    Sensitivity::Cardholder,
    Sensitivity::Opaque,
];

pub(super) fn encodings(choices: &mut Choices<'_>) -> (MtiEncoding, BitmapEncoding) {
    choices.one_of(&[
        (MtiEncoding::Ascii, BitmapEncoding::Binary),
        (MtiEncoding::Ascii, BitmapEncoding::Hex),
        (MtiEncoding::Bcd, BitmapEncoding::Binary),
        (MtiEncoding::Bcd, BitmapEncoding::Hex),
    ])
}

pub(super) fn fields(choices: &mut Choices<'_>) -> [Option<Field>; 129] {
    let mut fields = [None; 129];
    for _ in 0..choices.u8() % 32 {
        let number = usize::from(choices.u8()) % fields.len();
        fields[number] = Some(field(choices));
    }
    fields
}

/// Any definition, consistent or not.
fn field(choices: &mut Choices<'_>) -> Field {
    let class = choices.one_of(&CLASSES);
    let encoding = choices.one_of(&ENCODINGS);
    let padding = choices.u8();
    let sensitivity = choices.one_of(&SENSITIVITIES);
    let prefix = choices.u8();
    let length = choices.u16();
    let digits = prefix % 8;
    // Of one in four the maximum may be more than the prefix can say.
    let max = if prefix >= 0xC0 { length } else { length.min(largest(digits)) };
    let field = match prefix / 8 % 4 {
        0 | 1 => Field::fixed(class, length),
        2 => Field::variable(class, Prefix::ascii(digits), max),
        _ => Field::variable(class, Prefix::bcd(digits), max),
    };
    let field = encoding.map_or(field, |encoding| field.encoded(encoding)).sensitive(sensitivity);
    let nibbles = [PadNibble::Zero, PadNibble::F, PadNibble::Any];
    let field = field.padded(Pad {
        side: if padding.is_multiple_of(2) { PadSide::Left } else { PadSide::Right },
        nibble: nibbles[usize::from(padding / 2) % nibbles.len()],
    });
    let signs = padding >= if class == Class::Xn { 0x80 } else { 0xF0 };
    if signs { field.with_other_signs() } else { field }
}

/// The largest length that so many digits say.
fn largest(digits: u8) -> u16 {
    10_u32.pow(digits.into()).saturating_sub(1).try_into().unwrap_or(u16::MAX)
}

/// Whether a definition keeps the rules that `SpecRule` names.
pub(super) fn is_consistent(number: u8, field: &Field) -> bool {
    let encoded_alike = match field.class() {
        Class::B => matches!(field.encoding(), Encoding::Binary | Encoding::Hex),
        Class::N | Class::Z | Class::Xn => {
            matches!(field.encoding(), Encoding::Ascii | Encoding::Bcd)
        }
        _ => field.encoding() == Encoding::Ascii,
    };
    let (length_is_said, max) = match field.length() {
        Length::Fixed(length) => (true, length),
        Length::Variable { prefix, max } => {
            let has =
                |digits: &u8| [Prefix::ascii(*digits), Prefix::bcd(*digits)].contains(&prefix);
            ((1..=6).find(has).is_some_and(|digits| max <= largest(digits)), max)
        }
    };
    let signed = field.class() == Class::Xn;
    let sign_is_due = signed || *field != field.with_other_signs();
    let least = if signed { 2 } else { 1 };
    number >= 2 && encoded_alike && length_is_said && sign_is_due && max >= least
}
