//! The Common Message Format of jPOS.

use super::form::{Form, Size};
use super::iso03;
use super::iso87::with;
use crate::{
    BitmapEncoding, Bitmaps, Class, Composite, Encoding, Field, MtiEncoding, Pad, Prefix,
    Sensitivity, Spec, Subfield, Tables,
};

/// jPOS CMF: ISO 8583:2003 packed, odd digits with a 0 on the right, and
///
/// - tracks 2 and 3 as text;
/// - field 21 of four parts, 30 of two amounts, one after the other;
/// - fields 43 (card acceptor) and 49 (verification data) made of parts behind a bitmap of eight bytes;
/// - codes of four bytes in 64 and 128.
///
/// Field 72 has four digits of length, as the format's document says. Field 113 and the datasets are kept as bytes. Built
/// from public material; check it against the document of the version that you speak.
pub static JPOS_CMF: Spec<'static> = Spec::with_tables(
    "jpos-cmf",
    MtiEncoding::Bcd,
    BitmapEncoding::Binary,
    Bitmaps::UpToTwo,
    Tables::of(&FIELDS).with_parts(&SUBFIELDS, &COMPOSITES),
)
.echoing(iso03::ECHOES);

const FORM: Form = Form::Packed(Pad::RIGHT_ZERO);

static FIELDS: [Option<Field>; 129] = {
    let mut fields = FORM.fields(iso03::ROWS);
    fields = with(fields, 18, FORM.field(Class::Ans, Size::UpTo3(140), Sensitivity::Opaque));
    fields = with(fields, 21, Field::fixed(Class::B, 19).public().composed(0));
    fields = with(fields, 30, Field::fixed(Class::B, 16).public().composed(1));
    fields = with(fields, 35, track(Prefix::bcd(2), 37));
    fields = with(fields, 36, track(Prefix::bcd(3), 104));
    fields =
        with(fields, 43, Field::variable(Class::B, Prefix::bcd(4), 9_999).public().composed(2));
    fields = with(fields, 49, Field::variable(Class::B, Prefix::bcd(4), 9_999).composed(3));
    fields = with(fields, 64, Field::fixed(Class::B, 4).sensitive(Sensitivity::Key));
    fields = with(fields, 74, Field::fixed(Class::N, 156).encoded(Encoding::Bcd).public());
    with(fields, 128, Field::fixed(Class::B, 4).sensitive(Sensitivity::Key))
};

/// Track data as text.
const fn track(prefix: Prefix, max: u16) -> Field {
    Field::variable(Class::Z, prefix, max).sensitive(Sensitivity::Track)
}

static COMPOSITES: [Composite; 4] = [
    Composite::positional(0..4),
    Composite::positional(4..6),
    Composite::bitmapped(BitmapEncoding::Binary, 8, 6..17),
    Composite::bitmapped(BitmapEncoding::Binary, 8, 17..23),
];

static SUBFIELDS: [Subfield; 23] = [
    // 21: support indicator, trace identifier, sequence number, authentication token.
    part(1, Class::An, Size::Is(1)),
    part(2, Class::An, Size::Is(15)),
    part(3, Class::N, Size::Is(2)),
    part(4, Class::N, Size::Is(4)),
    // 30: original amount, original reconciliation amount.
    part(1, Class::N, Size::Is(16)),
    part(2, Class::N, Size::Is(16)),
    // 43: name, street, city, state, postal code, country, phone, service phone, contact, URL, e-mail.
    part(2, Class::Ans, Size::UpTo2(50)),
    part(3, Class::Ans, Size::UpTo2(99)),
    part(4, Class::Ans, Size::UpTo2(50)),
    part(5, Class::Ans, Size::Is(3)),
    part(6, Class::Ans, Size::Is(10)),
    part(7, Class::Ans, Size::Is(3)),
    part(8, Class::Ans, Size::Is(16)),
    part(9, Class::Ans, Size::Is(16)),
    part(10, Class::Ans, Size::UpTo2(30)),
    part(11, Class::Ans, Size::UpTo3(255)),
    part(12, Class::Ans, Size::UpTo2(99)),
    // 49: identification type, card verification data, billing address compressed, postal code, street, result.
    part(1, Class::N, Size::Is(1)),
    part(2, Class::N, Size::Is(4)),
    part(3, Class::Ans, Size::Is(16)),
    part(4, Class::Ans, Size::Is(10)),
    part(5, Class::Ans, Size::Is(40)),
    part(6, Class::Ans, Size::Is(1)),
];

/// A part; the field that holds it may say that it is shown no further.
const fn part(number: u16, class: Class, size: Size) -> Subfield {
    Subfield::new(number, FORM.field(class, size, Sensitivity::Public))
}
