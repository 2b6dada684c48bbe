//! ISO 8583:2003, data elements 2 to 128, packed.

use crate::{Bitmap, BitmapEncoding, Class, Field, MtiEncoding, Sensitivity, Spec};

use super::form::{Form, Row, Size, many, one};
use super::iso03_names::NAMES;

/// ISO 8583:2003 packed: digits and lengths in BCD, text in ASCII, bitmaps and binary fields as bytes.
///
/// Odd nibbles as in [`ISO87_BCD`](super::ISO87_BCD). The composite elements (34, 43, 44, 49, 50, 51, 104 and the
/// like) are kept as bytes: lay them out with [`Composite::datasets`](crate::Composite::datasets) as your network does.
/// Built from public material; check it against your network's own specification.
pub static ISO03_BCD: Spec<'static> =
    Spec::new("iso03-bcd", MtiEncoding::Bcd, BitmapEncoding::Binary, &BCD_FIELDS).echoing(ECHOES);

/// The fields of [`ISO03_BCD`], to build a dialect on with [`iso87::with`](super::iso87::with).
pub const BCD_FIELDS: [Option<Field>; 129] = Form::BCD.fields(ROWS);

/// What an answer repeats of its request, where no network says otherwise.
pub const ECHOES: Bitmap = Bitmap::of(&[2, 3, 4, 7, 11, 12, 21, 24, 32, 33, 37, 41, 42, 93, 94]);

/// The data element's name, in words; `None` outside of 2 to 128.
#[must_use]
pub fn name(number: u16) -> Option<&'static str> {
    NAMES.get(usize::from(number).checked_sub(2)?).copied()
}

use Class::{An, Ans, B, N, Xn, Z};
use Sensitivity::{Cardholder, Key, Opaque, Pan, Pin, Public, Track};
use Size::{Is, UpTo2, UpTo3, UpTo4};

/// Class, length and sensitivity of each data element. An amount of 16 digits is its currency, its decimals, and 12 digits.
///
/// Source: ISO 8583-1:2003, table of data elements.
pub(super) const ROWS: &[Row] = &[
    one(2, N, UpTo2(19), Pan),
    one(3, An, Is(6), Public),
    many(4, 6, N, Is(16), Public),
    one(7, N, Is(10), Public),
    one(8, N, Is(12), Public),
    many(9, 10, N, Is(8), Public),
    one(11, N, Is(12), Public),
    one(12, N, Is(14), Public),
    one(13, N, Is(6), Public),
    one(14, N, Is(4), Cardholder),
    one(15, N, Is(8), Public),
    many(16, 17, N, Is(4), Public),
    one(18, B, UpTo3(140), Opaque),
    many(19, 20, N, Is(3), Public),
    one(21, Ans, Is(22), Public),
    one(22, B, Is(16), Public),
    many(23, 24, N, Is(3), Public),
    many(25, 26, N, Is(4), Public),
    one(27, B, Is(27), Public),
    one(28, N, Is(8), Public),
    one(29, N, Is(3), Public),
    one(30, N, Is(32), Public),
    one(31, N, Is(23), Public),
    many(32, 33, N, UpTo2(11), Public),
    one(34, B, UpTo4(9_999), Opaque),
    one(35, Z, UpTo2(37), Track),
    one(36, Z, UpTo3(104), Track),
    one(37, An, Is(12), Public),
    one(38, An, Is(6), Public),
    one(39, N, Is(4), Public),
    one(40, N, Is(3), Cardholder),
    one(41, Ans, Is(16), Public),
    one(42, Ans, UpTo2(35), Public),
    many(43, 44, B, UpTo4(9_999), Opaque),
    one(45, Ans, UpTo2(76), Track),
    one(46, Ans, UpTo3(216), Public),
    many(47, 48, Ans, UpTo3(999), Opaque),
    many(49, 51, B, UpTo4(9_999), Opaque),
    one(52, B, Is(8), Pin),
    one(53, B, UpTo2(48), Opaque),
    one(54, Ans, UpTo3(126), Cardholder),
    one(55, B, UpTo4(9_999), Opaque),
    one(56, N, UpTo2(41), Public),
    one(57, N, Is(3), Public),
    one(58, N, UpTo2(11), Public),
    many(59, 63, Ans, UpTo3(999), Opaque),
    one(64, B, Is(8), Key),
    // With two bitmaps, bit 65 announces none: the data element is an ordinary one.
    one(65, B, Is(8), Opaque),
    one(66, Ans, UpTo3(216), Public),
    one(67, N, Is(2), Public),
    one(68, An, Is(9), Public),
    one(69, Ans, Is(40), Public),
    one(70, N, Is(18), Public),
    many(71, 72, B, UpTo4(9_999), Opaque),
    one(73, N, Is(8), Public),
    one(74, N, Is(156), Public),
    one(75, N, Is(90), Public),
    many(76, 92, B, UpTo4(9_999), Opaque),
    many(93, 94, N, UpTo2(11), Public),
    one(95, Ans, UpTo2(99), Opaque),
    one(96, B, UpTo3(999), Key),
    one(97, Xn, Is(21), Public),
    one(98, Ans, Is(25), Public),
    one(99, An, UpTo2(11), Public),
    one(100, N, UpTo2(11), Public),
    one(101, Ans, UpTo2(99), Public),
    many(102, 103, Ans, UpTo2(28), Cardholder),
    many(104, 108, B, UpTo4(9_999), Opaque),
    many(109, 110, Ans, UpTo3(144), Public),
    many(111, 122, B, UpTo4(9_999), Opaque),
    one(123, Ans, UpTo3(999), Opaque),
    many(124, 127, B, UpTo4(9_999), Opaque),
    one(128, B, Is(8), Key),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_data_element_is_there_and_named() {
        for number in 0..=255 {
            let known = (2..=128).contains(&number);
            assert_eq!(ISO03_BCD.field(number).is_some(), known, "{number}");
            assert_eq!(name(number).is_some(), known, "{number}");
        }
    }
}
