//! ISO 8583:1987, data elements 2 to 128, as text and packed.

use crate::{BitmapEncoding, Class, Encoding, Field, MtiEncoding, Pad, Prefix, Sensitivity, Spec};

use super::iso87_names::NAMES;

/// ISO 8583:1987 as text: digits and lengths in ASCII, bitmaps and binary fields in hexadecimal.
pub static ISO87_ASCII: Spec<'static> =
    Spec::new("iso87-ascii", MtiEncoding::Ascii, BitmapEncoding::Hex, &ASCII_FIELDS);

/// ISO 8583:1987 packed: digits and lengths in BCD, text in ASCII, bitmaps and binary fields as bytes.
///
/// Fixed-length digits have their odd nibble on the left, variable ones on the right; track 2 is packed with nibble
/// D as separator and any pad is read; the field lengths of 2, 32, 33, 35, 99 and 100 count digits.
pub static ISO87_BCD: Spec<'static> =
    Spec::new("iso87-bcd", MtiEncoding::Bcd, BitmapEncoding::Binary, &BCD_FIELDS);

/// The fields of [`ISO87_ASCII`], to build a dialect on.
pub const ASCII_FIELDS: [Option<Field>; 129] = fields(false);

/// The fields of [`ISO87_BCD`], to build a dialect on.
pub const BCD_FIELDS: [Option<Field>; 129] = fields(true);

/// A table with another definition of one data element, for a constant.
///
/// # Panics
/// Where the number is not 2 to 128: in a constant that is a compile error.
#[must_use]
#[allow(clippy::panic, reason = "a contradiction in a constant must fail the build")]
pub const fn with(
    mut fields: [Option<Field>; 129],
    number: u16,
    field: Field,
) -> [Option<Field>; 129] {
    match fields.split_at_mut_checked(number as usize) {
        Some((_, [entry, ..])) if number >= 2 => *entry = Some(field),
        _ => panic!("the table has data elements 2 to 128"),
    }
    fields
}

/// The data element's name, in words; `None` outside of 2 to 128.
#[must_use]
pub fn name(number: u16) -> Option<&'static str> {
    NAMES.get(usize::from(number).checked_sub(2)?).copied()
}

/// How long a data element is: always so long, or at most so long after two or three digits of length.
enum Size {
    Is(u16),
    UpTo2(u16),
    UpTo3(u16),
}

use Class::{An, Ans, B, N, Xn, Z};
use Sensitivity::{Cardholder, Key, Opaque, Pan, Pin, Public, Track};
use Size::{Is, UpTo2, UpTo3};

/// Class, length and sensitivity of data element `number`; `b` counts bytes here, bits in the standard's table.
///
/// Source: ISO 8583:1987, table of data elements.
const fn format(number: u16) -> Option<(Class, Size, Sensitivity)> {
    Some(match number {
        2 => (N, UpTo2(19), Pan),
        3 => (N, Is(6), Public),
        4..=6 => (N, Is(12), Public),
        7 => (N, Is(10), Public),
        8..=10 => (N, Is(8), Public),
        11 | 12 => (N, Is(6), Public),
        13 => (N, Is(4), Public),
        14 => (N, Is(4), Cardholder),
        15..=18 => (N, Is(4), Public),
        19..=24 => (N, Is(3), Public),
        25 | 26 => (N, Is(2), Public),
        27 => (N, Is(1), Public),
        28..=31 => (Xn, Is(9), Public),
        32 | 33 => (N, UpTo2(11), Public),
        // The standard's class is ns: digits and special characters.
        34 => (Ans, UpTo2(28), Pan),
        35 => (Z, UpTo2(37), Track),
        // Track 3 by its name; networks put other text here, so its characters are not held to class z.
        36 => (Ans, UpTo3(104), Track),
        37 => (An, Is(12), Public),
        38 => (An, Is(6), Public),
        39 => (An, Is(2), Public),
        40 => (An, Is(3), Public),
        41 => (Ans, Is(8), Public),
        42 => (Ans, Is(15), Public),
        43 => (Ans, Is(40), Public),
        44 => (Ans, UpTo2(25), Opaque),
        45 => (Ans, UpTo2(76), Track),
        46..=48 => (Ans, UpTo3(999), Opaque),
        49..=51 => (An, Is(3), Public),
        52 => (B, Is(8), Pin),
        53 => (N, Is(16), Public),
        54 => (Ans, UpTo3(120), Cardholder),
        55..=63 => (Ans, UpTo3(999), Opaque),
        64 => (B, Is(8), Key),
        // With two bitmaps, bit 65 announces none: the data element is an ordinary one.
        65 => (B, Is(1), Public),
        66 => (N, Is(1), Public),
        67 => (N, Is(2), Public),
        68..=70 => (N, Is(3), Public),
        71 | 72 => (N, Is(4), Public),
        73 => (N, Is(6), Public),
        74..=81 => (N, Is(10), Public),
        82..=85 => (N, Is(12), Public),
        86..=89 => (N, Is(16), Public),
        90 => (N, Is(42), Public),
        91 => (An, Is(1), Public),
        92 => (An, Is(2), Public),
        93 => (An, Is(5), Public),
        94 => (An, Is(7), Public),
        95 => (An, Is(42), Public),
        96 => (B, Is(8), Key),
        97 => (Xn, Is(17), Public),
        98 => (Ans, Is(25), Public),
        99 | 100 => (N, UpTo2(11), Public),
        101 => (Ans, UpTo2(17), Public),
        102 | 103 => (Ans, UpTo2(28), Cardholder),
        104 => (Ans, UpTo3(100), Opaque),
        105..=127 => (Ans, UpTo3(999), Opaque),
        128 => (B, Is(8), Key),
        _ => return None,
    })
}

const fn fields(packed: bool) -> [Option<Field>; 129] {
    let mut table = [None; 129];
    let mut number = 2;
    while number <= 128 {
        if let Some((class, size, sensitivity)) = format(number) {
            let (two, three) = if packed {
                (Prefix::bcd(2), Prefix::bcd(3))
            } else {
                (Prefix::ascii(2), Prefix::ascii(3))
            };
            let (field, pad) = match size {
                Is(length) => (Field::fixed(class, length), Pad::LEFT_ZERO),
                UpTo2(max) => (Field::variable(class, two, max), Pad::RIGHT_ZERO),
                UpTo3(max) => (Field::variable(class, three, max), Pad::RIGHT_ZERO),
            };
            let field = field.sensitive(sensitivity);
            let field = match class {
                // Older senders leave the sign of a fee at 0.
                Xn => field.with_other_signs(),
                _ => field,
            };
            let field = match (packed, class) {
                (true, Z) => field.encoded(Encoding::Bcd).padded(Pad::RIGHT_ANY),
                (true, N | Xn) => field.encoded(Encoding::Bcd).padded(pad),
                (false, B) => field.encoded(Encoding::Hex),
                _ => field,
            };
            table = with(table, number, field);
        }
        number = number.saturating_add(1);
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Length;

    #[test]
    fn every_data_element_is_there_and_named() {
        for number in 0..=255 {
            let known = (2..=128).contains(&number);
            assert_eq!(ISO87_ASCII.field(number).is_some(), known, "{number}");
            assert_eq!(ISO87_BCD.field(number).is_some(), known, "{number}");
            assert_eq!(name(number).is_some(), known, "{number}");
        }
    }

    #[test]
    fn both_forms_agree_on_class_length_and_sensitivity() {
        for number in 2..=128 {
            let (text, packed) =
                (ISO87_ASCII.field(number).unwrap(), ISO87_BCD.field(number).unwrap());
            assert_eq!(text.class(), packed.class());
            assert_eq!(text.sensitivity(), packed.sensitivity());
            let units = |field: &Field| match field.length() {
                Length::Fixed(length) | Length::UpTo(length) => (None, length),
                Length::Variable { prefix, max } => (Some(prefix.size()), max),
            };
            assert_eq!(units(text), units(packed), "{number}");
        }
    }
}
