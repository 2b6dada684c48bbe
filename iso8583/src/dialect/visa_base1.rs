//! The style of Visa's BASE I.

use super::iso87::with;
use crate::header::Header;
use crate::{
    Bitmap, BitmapEncoding, Bitmaps, Class, Encoding, Field, MtiEncoding, Pad, Prefix, Sensitivity,
    Spec, Tables,
};

use Class::{Ans, B, N, Xn, Z};
use Sensitivity::{Cardholder, Key, Opaque, Pan, Pin, Public, Track};

/// VISA BASE I style: digits packed, text in EBCDIC, and before a value of variable length one binary byte, which counts
/// digits of packed values and bytes of all others.
///
/// An odd digit has its 0 on the left; in track 2 the separator is nibble D and any pad on the left is read. The point of
/// service entry mode (22) has four digits, currencies (49 to 51) three. Up to three bitmaps stand before the first
/// field. Fields 48, 55 to 58, 60, 62, 63, 104 to 120 and
/// 123 to 127, whose form depends on the message (text, packed digits, datasets), are kept as bytes. Messages come behind a header of 22 bytes ([`Base1`](crate::header::Base1)).
///
/// Built from public material; check it against your licensed copy.
pub static VISA_BASE1: Spec<'static> = Spec::with_tables(
    "visa-base1",
    MtiEncoding::Bcd,
    BitmapEncoding::Binary,
    Bitmaps::UpToThree,
    Tables::of(&FIELDS),
)
.echoing(ECHOES)
.behind(Header::Base1);

const ECHOES: Bitmap = Bitmap::of(&[2, 3, 4, 7, 11, 19, 25, 32, 33, 37, 41, 42, 49, 70]);

/// So many packed digits.
const fn digits(count: u16) -> Field {
    Field::fixed(N, count).encoded(Encoding::Bcd).public()
}

/// Up to so many packed digits behind a byte that counts them.
const fn digits_to(max: u16) -> Field {
    Field::variable(N, Prefix::binary(1), max).encoded(Encoding::Bcd).public()
}

const fn text(length: u16) -> Field {
    Field::fixed(Ans, length).encoded(Encoding::Ebcdic037).public()
}

const fn text_to(max: u16) -> Field {
    Field::variable(Ans, Prefix::binary(1), max).encoded(Encoding::Ebcdic037).sensitive(Opaque)
}

const fn amount(length: u16) -> Field {
    Field::fixed(Xn, length).encoded(Encoding::Ebcdic037).with_other_signs().public()
}

const fn bytes(length: u16, sensitivity: Sensitivity) -> Field {
    Field::fixed(B, length).sensitive(sensitivity)
}

const fn bytes_to(max: u16) -> Field {
    Field::variable(B, Prefix::binary(1), max).sensitive(Opaque)
}

/// Table of the data elements that the style has.
const fn field(number: u16) -> Option<Field> {
    Some(match number {
        2 => digits_to(19).sensitive(Pan),
        3 => digits(6),
        4..=6 => digits(12),
        7 => digits(10),
        8..=10 => digits(8),
        11 | 12 => digits(6),
        14 => digits(4).sensitive(Cardholder),
        13 | 15..=18 => digits(4),
        19..=21 => digits(3),
        22 => digits(4),
        23 | 24 => digits(3),
        25 | 26 => digits(2),
        27 => digits(1),
        28..=31 => amount(9),
        32 | 33 => digits_to(11),
        34 => digits_to(28).sensitive(Pan),
        35 => Field::variable(Z, Prefix::binary(1), 37)
            .encoded(Encoding::Bcd)
            .padded(Pad::LEFT_ANY)
            .sensitive(Track),
        36 => Field::variable(Z, Prefix::binary(1), 104)
            .encoded(Encoding::Bcd)
            .padded(Pad::LEFT_ANY)
            .sensitive(Track),
        37 => text(12),
        38 => text(6),
        39 => text(2),
        40 => text(3).sensitive(Cardholder),
        41 => text(8),
        42 => text(15),
        43 => text(40),
        44 => text_to(25),
        45 => text_to(76).sensitive(Track),
        46 | 47 => text_to(255),
        49..=51 => digits(3),
        52 => bytes(8, Pin),
        53 => digits(16),
        54 => text_to(120).sensitive(Cardholder),
        48 | 55..=58 | 60 | 62 | 63 => bytes_to(255),
        59 => text_to(14),
        61 => digits_to(36).sensitive(Cardholder),
        64 => bytes(8, Key),
        66 => digits(1),
        67 => digits(2),
        68..=70 => digits(3),
        71 | 72 => digits(4),
        73 => digits(6),
        74..=81 => digits(10),
        82..=85 => digits(12),
        86..=89 => digits(16),
        90 => digits(42),
        91 => text(1),
        92 => text(2),
        93 => text(5),
        94 => text(7),
        95 => text(42),
        96 => bytes(8, Key),
        97 => amount(17),
        98 => text(25),
        99 | 100 => digits_to(11),
        101 => text_to(17),
        102 | 103 => text_to(28).sensitive(Cardholder),
        104..=120 | 123..=127 => bytes_to(255),
        121 | 122 => text_to(255),
        128 => bytes(8, Key),
        // Chip data, each object in a field of its own.
        130 => bytes(3, Public),
        131 => bytes(5, Public),
        132 => bytes(4, Opaque),
        133 => text(8),
        134 | 142 => bytes_to(255),
        135 => bytes_to(15),
        136 => bytes(8, Opaque),
        137 | 138 => bytes(2, Public),
        139 => bytes(10, Opaque),
        140 => bytes_to(255),
        143 => bytes_to(20),
        144 => digits(2),
        145 | 148 => digits(3),
        146 => digits(6),
        147 | 149 => digits(12),
        152 => bytes(8, Pin),
        _ => return None,
    })
}

static FIELDS: [Option<Field>; 153] = {
    let mut fields = [None; 153];
    let mut number = 2;
    while number <= 152 {
        if let Some(field) = field(number) {
            fields = with(fields, number, field);
        }
        number = number.saturating_add(1);
    }
    fields
};
