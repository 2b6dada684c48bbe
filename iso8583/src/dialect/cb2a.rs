//! The style of the French Cartes Bancaires networks.

use super::iso87::{self, with};
use crate::{
    BitmapEncoding, Bitmaps, Class, Composite, Field, MtiEncoding, Prefix, Sensitivity, Spec,
    Tables, Tag,
};

/// French CB style: [`ISO87_BCD`](super::ISO87_BCD) with fields 55 and 59 made of elements with a tag of two bytes, on
/// the left filled with zeros, and a length of one: `[55, 0x0082]` and `[55, 0x9F26]` in the same field.
///
/// That is not BER-TLV, in which tag 82 has one byte. Built from public material; check it against your licensed copy.
pub static CB2A: Spec<'static> = Spec::with_tables(
    "cb2a",
    MtiEncoding::Bcd,
    BitmapEncoding::Binary,
    Bitmaps::UpToTwo,
    Tables::of(&FIELDS).with_parts(&[], &COMPOSITES),
)
.echoing(iso87::ECHOES);

static FIELDS: [Option<Field>; 129] = {
    let elements =
        Field::variable(Class::B, Prefix::bcd(3), 999).sensitive(Sensitivity::Opaque).composed(0);
    with(with(iso87::BCD_FIELDS, 55, elements), 59, elements)
};

static COMPOSITES: [Composite; 1] = [Composite::tagged(Tag::binary(2), Prefix::binary(1), 0..0)];
