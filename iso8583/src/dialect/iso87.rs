//! ISO 8583:1987, data elements 2 to 128, as text, packed, and in EBCDIC.

use crate::{Bitmap, BitmapEncoding, Class, Field, MtiEncoding, Sensitivity, Spec};

use super::form::{Form, Row, Size, many, one};
use super::iso87_names::NAMES;

/// ISO 8583:1987 as text: digits and lengths in ASCII, bitmaps and binary fields in hexadecimal.
///
/// Built from public material; check it against your network's own specification.
pub static ISO87_ASCII: Spec<'static> =
    Spec::new("iso87-ascii", MtiEncoding::Ascii, BitmapEncoding::Hex, &ASCII_FIELDS)
        .echoing(ECHOES);

/// ISO 8583:1987 packed: digits and lengths in BCD, text in ASCII, bitmaps and binary fields as bytes.
///
/// Fixed-length digits have their odd nibble on the left, variable ones on the right; track 2 is packed with nibble
/// D as separator and any pad is read; the field lengths of 2, 32, 33, 35, 99 and 100 count digits.
///
/// Built from public material; check it against your network's own specification.
pub static ISO87_BCD: Spec<'static> =
    Spec::new("iso87-bcd", MtiEncoding::Bcd, BitmapEncoding::Binary, &BCD_FIELDS).echoing(ECHOES);

/// ISO 8583:1987 in EBCDIC: digits, text and lengths in code page 037, bitmaps and binary fields as bytes.
///
/// Built from public material; check it against your network's own specification.
pub static ISO87_EBCDIC: Spec<'static> =
    Spec::new("iso87-ebcdic", MtiEncoding::Ebcdic, BitmapEncoding::Binary, &EBCDIC_FIELDS)
        .echoing(ECHOES);

/// The fields of [`ISO87_ASCII`], to build a dialect on.
pub const ASCII_FIELDS: [Option<Field>; 129] = Form::Ascii.fields(ROWS);

/// The fields of [`ISO87_BCD`], to build a dialect on.
pub const BCD_FIELDS: [Option<Field>; 129] = Form::BCD.fields(ROWS);

/// The fields of [`ISO87_EBCDIC`], to build a dialect on.
pub const EBCDIC_FIELDS: [Option<Field>; 129] = Form::Ebcdic.fields(ROWS);

/// What an answer repeats of its request, where no network says otherwise.
///
/// Networks differ in little else so much: say your own with [`Spec::echoing`].
pub const ECHOES: Bitmap = Bitmap::of(&[2, 3, 4, 7, 11, 12, 13, 32, 33, 37, 41, 42, 49, 70]);

/// A table with another definition of one data element, for a constant.
///
/// # Panics
/// Where the table has no entry of this number from 2 on: in a constant that is a compile error.
#[must_use]
#[allow(clippy::panic, reason = "a contradiction in a constant must fail the build")]
pub const fn with<const N: usize>(
    mut fields: [Option<Field>; N],
    number: u16,
    field: Field,
) -> [Option<Field>; N] {
    match fields.split_at_mut_checked(number as usize) {
        Some((_, [entry, ..])) if number >= 2 => *entry = Some(field),
        _ => panic!("the table has no such data element"),
    }
    fields
}

/// The data element's name, in words; `None` outside of 2 to 128.
#[must_use]
pub fn name(number: u16) -> Option<&'static str> {
    NAMES.get(usize::from(number).checked_sub(2)?).copied()
}

use Class::{An, Ans, B, N, Xn, Z};
use Sensitivity::{Cardholder, Key, Opaque, Pan, Pin, Public, Track};
use Size::{Is, UpTo2, UpTo3};

/// Class, length and sensitivity of each data element; `B` counts bytes here, bits in the standard's table.
///
/// Source: ISO 8583:1987, table of data elements.
const ROWS: &[Row] = &[
    one(2, N, UpTo2(19), Pan),
    one(3, N, Is(6), Public),
    many(4, 6, N, Is(12), Public),
    one(7, N, Is(10), Public),
    many(8, 10, N, Is(8), Public),
    many(11, 12, N, Is(6), Public),
    one(13, N, Is(4), Public),
    one(14, N, Is(4), Cardholder),
    many(15, 18, N, Is(4), Public),
    many(19, 24, N, Is(3), Public),
    many(25, 26, N, Is(2), Public),
    one(27, N, Is(1), Public),
    many(28, 31, Xn, Is(9), Public),
    many(32, 33, N, UpTo2(11), Public),
    // The standard's class is ns: digits and special characters.
    one(34, Ans, UpTo2(28), Pan),
    one(35, Z, UpTo2(37), Track),
    // Track 3 by its name; networks put other text here, so its characters are not held to class z.
    one(36, Ans, UpTo3(104), Track),
    one(37, An, Is(12), Public),
    one(38, An, Is(6), Public),
    one(39, An, Is(2), Public),
    one(40, An, Is(3), Cardholder),
    one(41, Ans, Is(8), Public),
    one(42, Ans, Is(15), Public),
    one(43, Ans, Is(40), Public),
    one(44, Ans, UpTo2(25), Opaque),
    one(45, Ans, UpTo2(76), Track),
    many(46, 48, Ans, UpTo3(999), Opaque),
    many(49, 51, An, Is(3), Public),
    one(52, B, Is(8), Pin),
    one(53, N, Is(16), Public),
    one(54, Ans, UpTo3(120), Cardholder),
    many(55, 63, Ans, UpTo3(999), Opaque),
    one(64, B, Is(8), Key),
    // With two bitmaps, bit 65 announces none: the data element is an ordinary one.
    one(65, B, Is(1), Public),
    one(66, N, Is(1), Public),
    one(67, N, Is(2), Public),
    many(68, 70, N, Is(3), Public),
    many(71, 72, N, Is(4), Public),
    one(73, N, Is(6), Public),
    many(74, 81, N, Is(10), Public),
    many(82, 85, N, Is(12), Public),
    many(86, 89, N, Is(16), Public),
    one(90, N, Is(42), Public),
    one(91, An, Is(1), Public),
    one(92, An, Is(2), Public),
    one(93, An, Is(5), Public),
    one(94, An, Is(7), Public),
    one(95, An, Is(42), Public),
    one(96, B, Is(8), Key),
    one(97, Xn, Is(17), Public),
    one(98, Ans, Is(25), Public),
    many(99, 100, N, UpTo2(11), Public),
    one(101, Ans, UpTo2(17), Public),
    many(102, 103, Ans, UpTo2(28), Cardholder),
    one(104, Ans, UpTo3(100), Opaque),
    many(105, 127, Ans, UpTo3(999), Opaque),
    one(128, B, Is(8), Key),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_data_element_is_there_and_named() {
        for number in 0..=255 {
            let known = (2..=128).contains(&number);
            assert_eq!(ISO87_ASCII.field(number).is_some(), known, "{number}");
            assert_eq!(ISO87_BCD.field(number).is_some(), known, "{number}");
            assert_eq!(name(number).is_some(), known, "{number}");
        }
    }
}
