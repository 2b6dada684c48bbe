//! ISO 8583:1993, data elements 2 to 128, as text, packed, and in EBCDIC.

use crate::{Bitmap, BitmapEncoding, Class, Field, MtiEncoding, Sensitivity, Spec};

use super::form::{Form, Row, Size, many, one};
use super::iso93_names::NAMES;

/// ISO 8583:1993 as text: digits and lengths in ASCII, bitmaps and binary fields of fixed length in hexadecimal, binary
/// fields of variable length (53, 55, 96) as bytes.
///
/// Built from public material; check it against your network's own specification.
pub static ISO93_ASCII: Spec<'static> =
    Spec::new("iso93-ascii", MtiEncoding::Ascii, BitmapEncoding::Hex, &ASCII_FIELDS)
        .echoing(ECHOES);

/// ISO 8583:1993 packed: digits and lengths in BCD, text in ASCII, bitmaps and binary fields as bytes.
///
/// Odd nibbles as in [`ISO87_BCD`](super::ISO87_BCD). Built from public material; check it against your network's own
/// specification.
pub static ISO93_BCD: Spec<'static> =
    Spec::new("iso93-bcd", MtiEncoding::Bcd, BitmapEncoding::Binary, &BCD_FIELDS).echoing(ECHOES);

/// ISO 8583:1993 in EBCDIC: digits, text and lengths in code page 037, bitmaps and binary fields as bytes.
///
/// Built from public material; check it against your network's own specification.
pub static ISO93_EBCDIC: Spec<'static> =
    Spec::new("iso93-ebcdic", MtiEncoding::Ebcdic, BitmapEncoding::Binary, &EBCDIC_FIELDS)
        .echoing(ECHOES);

/// The fields of [`ISO93_ASCII`], to build a dialect on with [`iso87::with`](super::iso87::with).
pub const ASCII_FIELDS: [Option<Field>; 129] = Form::Ascii.fields(ROWS);

/// The fields of [`ISO93_BCD`], to build a dialect on.
pub const BCD_FIELDS: [Option<Field>; 129] = Form::BCD.fields(ROWS);

/// The fields of [`ISO93_EBCDIC`], to build a dialect on.
pub const EBCDIC_FIELDS: [Option<Field>; 129] = Form::Ebcdic.fields(ROWS);

/// What an answer repeats of its request, where no network says otherwise.
pub const ECHOES: Bitmap = Bitmap::of(&[2, 3, 4, 7, 11, 12, 24, 32, 33, 37, 41, 42, 49, 93, 94]);

/// The data element's name, in words; `None` outside of 2 to 128.
#[must_use]
pub fn name(number: u16) -> Option<&'static str> {
    NAMES.get(usize::from(number).checked_sub(2)?).copied()
}

use Class::{An, Ans, B, N, Ns, Xn, Z};
use Sensitivity::{Cardholder, Key, Opaque, Pan, Pin, Public, Track};
use Size::{Is, UpTo2, UpTo3};

/// Class, length and sensitivity of each data element.
///
/// Source: ISO 8583:1993, table of data elements.
const ROWS: &[Row] = &[
    one(2, N, UpTo2(19), Pan),
    one(3, N, Is(6), Public),
    many(4, 6, N, Is(12), Public),
    one(7, N, Is(10), Public),
    many(8, 10, N, Is(8), Public),
    one(11, N, Is(6), Public),
    one(12, N, Is(12), Public),
    one(13, N, Is(4), Public),
    one(14, N, Is(4), Cardholder),
    one(15, N, Is(6), Public),
    many(16, 18, N, Is(4), Public),
    many(19, 21, N, Is(3), Public),
    one(22, An, Is(12), Public),
    many(23, 24, N, Is(3), Public),
    many(25, 26, N, Is(4), Public),
    one(27, N, Is(1), Public),
    one(28, N, Is(6), Public),
    one(29, N, Is(3), Public),
    one(30, N, Is(24), Public),
    one(31, Ans, UpTo2(99), Public),
    many(32, 33, N, UpTo2(11), Public),
    one(34, Ns, UpTo2(28), Pan),
    one(35, Z, UpTo2(37), Track),
    one(36, Z, UpTo3(104), Track),
    one(37, An, Is(12), Public),
    one(38, An, Is(6), Public),
    one(39, N, Is(3), Public),
    one(40, N, Is(3), Cardholder),
    one(41, Ans, Is(8), Public),
    one(42, Ans, Is(15), Public),
    one(43, Ans, UpTo2(99), Public),
    one(44, Ans, UpTo2(99), Opaque),
    one(45, Ans, UpTo2(76), Track),
    one(46, Ans, UpTo3(204), Public),
    many(47, 48, Ans, UpTo3(999), Opaque),
    many(49, 51, An, Is(3), Public),
    one(52, B, Is(8), Pin),
    one(53, B, UpTo2(48), Opaque),
    one(54, Ans, UpTo3(120), Cardholder),
    one(55, B, UpTo3(255), Opaque),
    one(56, N, UpTo2(35), Public),
    one(57, N, Is(3), Public),
    one(58, N, UpTo2(11), Public),
    many(59, 63, Ans, UpTo3(999), Opaque),
    one(64, B, Is(8), Key),
    // With two bitmaps, bit 65 announces none: the data element is an ordinary one.
    one(65, B, Is(8), Opaque),
    one(66, Ans, UpTo3(204), Public),
    one(67, N, Is(2), Public),
    many(68, 70, N, Is(3), Public),
    one(71, N, Is(8), Public),
    one(72, Ans, UpTo3(999), Opaque),
    one(73, N, Is(6), Public),
    many(74, 85, N, Is(10), Public),
    many(86, 89, N, Is(16), Public),
    one(90, N, Is(10), Public),
    many(91, 92, N, Is(3), Public),
    many(93, 94, N, UpTo2(11), Public),
    one(95, Ans, UpTo2(99), Opaque),
    one(96, B, UpTo3(999), Key),
    one(97, Xn, Is(17), Public),
    one(98, Ans, Is(25), Public),
    one(99, An, UpTo2(11), Public),
    one(100, N, UpTo2(11), Public),
    one(101, Ans, UpTo2(17), Public),
    many(102, 103, Ans, UpTo2(28), Cardholder),
    one(104, Ans, UpTo3(100), Opaque),
    many(105, 106, N, Is(16), Public),
    many(107, 108, N, Is(10), Public),
    many(109, 110, Ans, UpTo2(84), Public),
    many(111, 127, Ans, UpTo3(999), Opaque),
    one(128, B, Is(8), Key),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_data_element_is_there_and_named() {
        for number in 0..=255 {
            let known = (2..=128).contains(&number);
            assert_eq!(ISO93_ASCII.field(number).is_some(), known, "{number}");
            assert_eq!(name(number).is_some(), known, "{number}");
        }
    }
}
