//! Postilion's dialect.

use super::iso87::{self, with};
use crate::{
    BitmapEncoding, Bitmaps, Class, Composite, Field, MtiEncoding, Prefix, Sensitivity, Spec,
    Subfield, Tables,
};

/// Postilion: [`ISO87_ASCII`](super::ISO87_ASCII) with binary bitmaps, and
///
/// - fields 52 and 53 as bytes, 53 with 48 of them;
/// - field 127 after six digits of length, made of parts behind a bitmap of its own: the switch key is `[127, 2]`.
///
/// Parts 127.1 and 127.26 to 127.64 are not defined. Built from public material; check it against your licensed copy.
pub static POSTILION: Spec<'static> = Spec::with_tables(
    "postilion",
    MtiEncoding::Ascii,
    BitmapEncoding::Binary,
    Bitmaps::UpToTwo,
    Tables::of(&FIELDS).with_parts(&SUBFIELDS, &COMPOSITES),
)
.echoing(iso87::ECHOES);

static FIELDS: [Option<Field>; 129] = {
    let fields =
        with(iso87::ASCII_FIELDS, 52, Field::fixed(Class::B, 8).sensitive(Sensitivity::Pin));
    let fields = with(fields, 53, Field::fixed(Class::B, 48));
    with(fields, 127, Field::variable(Class::B, Prefix::ascii(6), u16::MAX).public().composed(0))
};

static COMPOSITES: [Composite; 1] = [Composite::bitmapped(BitmapEncoding::Binary, 8, 0..24)];

static SUBFIELDS: [Subfield; 24] = [
    // Switch key.
    up_to2(2, 32).public(),
    // Routing information.
    fixed(3, 48).public(),
    // POS data; some tables have it after two digits of length.
    fixed(4, 22).public(),
    // Service station data.
    fixed(5, 73).hidden(),
    // Authorization profile.
    fixed(6, 2).public(),
    // Check data.
    up_to2(7, 50).hidden(),
    // Retention data.
    up_to3(8, 128).hidden(),
    // Additional node data.
    up_to3(9, 255).hidden(),
    // CVV2.
    Part(10, Field::fixed(Class::N, 3).sensitive(Sensitivity::Pin)).hidden(),
    // Original key.
    up_to2(11, 32).public(),
    // Terminal owner.
    up_to2(12, 25).public(),
    // POS geographic data.
    fixed(13, 17).public(),
    // Sponsor bank.
    fixed(14, 8).public(),
    // Address verification data.
    up_to2(15, 29).hidden(),
    // Address verification result.
    fixed(16, 1).public(),
    // Cardholder information.
    up_to2(17, 50).hidden(),
    // Validation data.
    up_to2(18, 50).hidden(),
    // Bank details.
    fixed(19, 45).hidden(),
    // Originator or authorizer date settlement.
    Part(20, Field::fixed(Class::N, 8)).public(),
    // Record identification.
    up_to2(21, 12).public(),
    // Structured data.
    Part(22, Field::variable(Class::Any, Prefix::ascii(5), u16::MAX)).hidden(),
    // Payee name and address.
    fixed(23, 253).hidden(),
    // Payer account information.
    up_to2(24, 28).hidden(),
    // Chip data.
    Part(25, Field::variable(Class::Any, Prefix::ascii(4), 8_000)).hidden(),
];

/// A part that is not yet said to be public or not.
struct Part(u16, Field);

impl Part {
    const fn public(self) -> Subfield {
        Subfield::new(self.0, self.1.public())
    }

    const fn hidden(self) -> Subfield {
        Subfield::new(self.0, self.1)
    }
}

const fn fixed(number: u16, length: u16) -> Part {
    Part(number, Field::fixed(Class::Ans, length))
}

const fn up_to2(number: u16, max: u16) -> Part {
    Part(number, Field::variable(Class::Ans, Prefix::ascii(2), max))
}

const fn up_to3(number: u16, max: u16) -> Part {
    Part(number, Field::variable(Class::Ans, Prefix::ascii(3), max))
}
