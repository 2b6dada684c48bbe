//! UnionPay's dialects: of point-of-sale terminals, and of the exchange system between institutions (CUPS).

use super::form::{Form, Row, Size, one};
use super::iso87::{self, with};
use crate::header::Header;
use crate::{
    Bitmap, BitmapEncoding, Bitmaps, Class, Encoding, Field, MtiEncoding, Pad, Prefix, Sensitivity,
    Spec, Tables,
};

use Class::{An, Ans, B, N};
use Sensitivity::{Cardholder, Key, Opaque, Pan, Pin, Public, Track};
use Size::{Is, UpTo2, UpTo3};

/// UnionPay POS: digits packed, text in ASCII or GBK, 64 fields.
///
/// An odd digit of a value of variable length and of field 22 has its 0 on the right, that of field 23 on the left.
/// Tracks are packed digits with nibbles A to F, since an enciphered track holds any: their separator reads as D.
/// The code in field 64 is the ASCII codes of eight hexadecimal digits. A 16-byte PIN block under SM4 needs a field 52 of
/// that size: derive the dialect. Messages come behind a TPDU and a header of six bytes
/// ([`UnionPay`](crate::header::UnionPay)).
///
/// Built from public material; check it against your acquirer's specification.
pub static UP_POS: Spec<'static> = Spec::with_tables(
    "up-pos",
    MtiEncoding::Bcd,
    BitmapEncoding::Binary,
    Bitmaps::One,
    Tables::of(&POS_FIELDS),
)
.echoing(Bitmap::of(&[2, 3, 4, 11, 23, 25, 41, 42, 49, 60]))
.behind(Header::UnionPay);

/// The fields of [`UP_POS`], to build an acquirer's dialect on with [`iso87::with`].
pub const POS_FIELDS: [Option<Field>; 65] = {
    let mut fields = Form::BCD.fields(POS);
    fields = with(fields, 22, digits(3).padded(Pad::RIGHT_ZERO));
    fields = with(fields, 35, track(Prefix::bcd(2), 37));
    fields = with(fields, 36, track(Prefix::bcd(3), 104));
    fields = with(fields, 43, gbk(40));
    fields = with(fields, 56, gbk_to(999));
    fields = with(fields, 57, gbk_to(999));
    fields = with(fields, 59, gbk_to(999));
    with(fields, 63, gbk_to(999))
};

const POS: &[Row] = &[
    one(2, N, UpTo2(19), Pan),
    one(3, N, Is(6), Public),
    one(4, N, Is(12), Public),
    one(11, N, Is(6), Public),
    one(12, N, Is(6), Public),
    one(13, N, Is(4), Public),
    one(14, N, Is(4), Cardholder),
    one(15, N, Is(4), Public),
    one(23, N, Is(3), Public),
    one(25, N, Is(2), Public),
    one(26, N, Is(2), Public),
    one(32, N, UpTo2(11), Public),
    one(37, An, Is(12), Public),
    one(38, An, Is(6), Public),
    one(39, An, Is(2), Public),
    one(41, Ans, Is(8), Public),
    one(42, Ans, Is(15), Public),
    one(44, Ans, UpTo2(25), Public),
    one(46, Ans, UpTo3(999), Opaque),
    // Of a batch upload, with card numbers.
    one(48, N, UpTo3(322), Opaque),
    one(49, An, Is(3), Public),
    one(52, B, Is(8), Pin),
    one(53, N, Is(16), Public),
    one(54, Ans, UpTo3(20), Cardholder),
    one(55, B, UpTo3(999), Opaque),
    one(58, B, UpTo3(100), Opaque),
    one(60, N, UpTo3(17), Public),
    one(61, N, UpTo3(29), Public),
    one(62, B, UpTo3(999), Opaque),
    one(64, B, Is(8), Key),
];

/// UnionPay CUPS: text and digits in ASCII or GBK, binary bitmaps, chip data and PIN blocks as bytes.
///
/// The code in field 128 is text of eight hexadecimal digits. Messages come behind a header of 46 bytes
/// ([`Cups`](crate::header::Cups)).
///
/// Built from public material; check it against your licensed copy.
pub static UP_CUPS: Spec<'static> =
    Spec::new("up-cups", MtiEncoding::Ascii, BitmapEncoding::Binary, &CUPS_FIELDS)
        .echoing(Bitmap::of(&[2, 3, 4, 7, 11, 12, 13, 18, 19, 25, 32, 33, 37, 41, 42, 49, 70, 90]))
        .behind(Header::Cups);

/// The fields of [`UP_CUPS`], to build a dialect on.
pub const CUPS_FIELDS: [Option<Field>; 129] = {
    let mut fields = iso87::ASCII_FIELDS;
    fields = with(fields, 43, gbk(40));
    fields = with(fields, 52, Field::fixed(B, 8).sensitive(Pin));
    fields = with(fields, 55, Field::variable(B, Prefix::ascii(3), 255).sensitive(Opaque));
    let mut number = 57;
    while number <= 63 {
        fields = with(fields, number, cups_gbk_to(999));
        number = number.saturating_add(1);
    }
    fields = with(fields, 48, cups_gbk_to(999));
    fields = with(fields, 64, Field::fixed(B, 8).sensitive(Key));
    fields = with(fields, 96, Field::fixed(B, 8).sensitive(Key));
    number = 104;
    while number <= 127 {
        fields = with(fields, number, cups_gbk_to(999));
        number = number.saturating_add(1);
    }
    // Not filled with blanks, as text of class ans is.
    with(fields, 128, Field::fixed(Class::Any, 8).encoded(Encoding::Raw).sensitive(Key))
};

const fn digits(count: u16) -> Field {
    Field::fixed(N, count).encoded(Encoding::Bcd).public()
}

/// Packed track data, enciphered or not.
const fn track(prefix: Prefix, max: u16) -> Field {
    Field::variable(N, prefix, max)
        .encoded(Encoding::Bcd)
        .with_hex_nibbles()
        .padded(Pad::RIGHT_ANY)
        .sensitive(Track)
}

/// So many bytes of text, Chinese in GBK.
const fn gbk(length: u16) -> Field {
    Field::fixed(Ans, length).encoded(Encoding::Raw).public()
}

/// Text of a terminal's free fields; some acquirers put bytes there.
const fn gbk_to(max: u16) -> Field {
    Field::variable(Class::Any, Prefix::bcd(3), max).encoded(Encoding::Raw).sensitive(Opaque)
}

const fn cups_gbk_to(max: u16) -> Field {
    Field::variable(Ans, Prefix::ascii(3), max).encoded(Encoding::Raw).sensitive(Opaque)
}
