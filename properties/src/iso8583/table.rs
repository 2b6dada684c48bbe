//! Specs put together from choices, consistent or not.

use iso8583_wire::{
    BitmapEncoding, Bitmaps, Class, Composite, Encoding, Field, MtiEncoding, Pad, Prefix,
    Sensitivity, Subfield, Tables, Tag, Unit,
};

use crate::choices::Choices;

const CLASSES: [Class; 12] = [
    Class::A,
    Class::N,
    Class::An,
    Class::Ans,
    Class::Anp,
    Class::B,
    Class::Z,
    Class::Xn,
    Class::AnStrict,
    Class::As,
    Class::Ns,
    Class::Any,
];
const TEXT: [Encoding; 5] = [
    Encoding::Ascii,
    Encoding::Latin1,
    Encoding::Ebcdic037,
    Encoding::Ebcdic500,
    Encoding::Ebcdic1047,
];
const ENCODINGS: [Encoding; 12] = [
    Encoding::Ascii,
    Encoding::Latin1,
    Encoding::Ebcdic037,
    Encoding::Ebcdic500,
    Encoding::Ebcdic1047,
    Encoding::Raw,
    Encoding::Bcd,
    Encoding::ZonedAscii,
    Encoding::ZonedEbcdic,
    Encoding::Binary,
    Encoding::Hex,
    Encoding::EbcdicHex,
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
const PADS: [Pad; 6] =
    [Pad::LEFT_ZERO, Pad::RIGHT_ZERO, Pad::LEFT_F, Pad::RIGHT_F, Pad::LEFT_ANY, Pad::RIGHT_ANY];
const BITMAPS: [Bitmaps; 6] = [
    Bitmaps::UpToTwo,
    Bitmaps::One,
    Bitmaps::UpToThree,
    Bitmaps::UpToThreeInField65,
    Bitmaps::Two,
    Bitmaps::Three,
];
const MAP_ENCODINGS: [BitmapEncoding; 3] =
    [BitmapEncoding::Binary, BitmapEncoding::Hex, BitmapEncoding::EbcdicHex];

/// A spec that is not checked yet.
pub(super) struct Draft {
    pub(super) mti: MtiEncoding,
    pub(super) bitmap: BitmapEncoding,
    pub(super) bitmaps: Bitmaps,
    fields: Vec<Option<Field>>,
    subfields: Vec<Subfield>,
    composites: Vec<Composite>,
}

/// What a definition lies in, which decides what it mostly looks like.
#[derive(Clone, Copy)]
struct Within {
    /// The prefix behind the tag of a part, if it has one.
    tagged: Option<Prefix>,
    /// The index of the composite that it is a part of.
    part_of: Option<u8>,
    is_last_place: bool,
    composites: u8,
}

impl Draft {
    pub(super) fn choose(choices: &mut Choices<'_>) -> Self {
        let mti = choices.one_of(&[MtiEncoding::Ascii, MtiEncoding::Bcd, MtiEncoding::Ebcdic]);
        let bitmap = choices.one_of(&MAP_ENCODINGS);
        let bitmaps = choices.one_of(&BITMAPS);
        let (mut subfields, mut composites) = (Vec::new(), Vec::new());
        let what = choices.u8();
        let count = what % 7;
        for index in 0..count {
            composites.push(composite(choices, index, count, &mut subfields));
        }
        if what == u8::MAX {
            composites.resize(255, Composite::BER_TLV);
        }
        let mut fields = fields_of(bitmaps);
        let what = choices.u8();
        if what >= 0xF8 {
            fields.push(None);
        }
        for _ in 0..what % 32 {
            let number = usize::from(choices.u8()) % fields.len();
            let within =
                Within { tagged: None, part_of: None, is_last_place: false, composites: count };
            fields[number] = Some(field(choices, within));
        }
        Self { mti, bitmap, bitmaps, fields, subfields, composites }
    }

    pub(super) fn tables(&self) -> Tables<'_> {
        Tables::of(&self.fields).with_parts(&self.subfields, &self.composites)
    }
}

/// Room for every field that the bitmaps can announce.
fn fields_of(bitmaps: Bitmaps) -> Vec<Option<Field>> {
    vec![None; 1 + usize::from(bitmaps.highest())]
}

/// A composite with its parts behind those that there are; one in sixteen is a contradiction, or may be.
fn composite(
    choices: &mut Choices<'_>,
    index: u8,
    composites: u8,
    subfields: &mut Vec<Subfield>,
) -> Composite {
    let what = choices.u8();
    let is_odd = what >= 0xF0;
    let layout = what % 6;
    let tagged = match layout {
        2 => Some((tag(choices, is_odd), prefix(choices, is_odd))),
        5 => Some((Tag::binary(1), Prefix::binary(2))),
        _ => None,
    };
    let within = Within {
        tagged: tagged.map(|(_, prefix)| prefix),
        part_of: Some(index),
        is_last_place: false,
        composites,
    };
    let start = subfields.len();
    let count = match layout {
        // BER-TLV has no parts.
        4 if !is_odd => 0,
        _ => choices.u8() % 8,
    };
    let mut number = 0;
    for left in (0..count).rev() {
        let step = choices.u8();
        // Out of order, or too large for the tag or the bitmap.
        number = if is_odd && step >= 0xC0 { u16::from(step % 64) } else { number + 1 };
        number += if step % 4 == 3 { u16::from(step / 32) } else { 0 };
        let is_last_place = layout == 0 && left == 0;
        let field = field(choices, Within { is_last_place, ..within });
        subfields.push(Subfield::new(number, field));
    }
    let of = |index: usize| u16::try_from(index).unwrap();
    let mut parts = of(start)..of(subfields.len());
    if is_odd && what.is_multiple_of(7) {
        parts = u16::from(choices.u8() % 32)..u16::from(choices.u8() % 32);
    }
    let extras = choices.u8();
    let composite = match (layout, tagged) {
        (0, _) => Composite::positional(parts),
        (1, _) => {
            let encoding = choices.one_of(&MAP_ENCODINGS);
            let enough = u8::try_from(number.div_ceil(8).max(1)).unwrap();
            let bytes = if is_odd { choices.u8() % 40 } else { enough + extras / 16 % 2 };
            let composite = Composite::bitmapped(encoding, bytes, parts);
            if extras % 2 == 1 { composite.with_header(extras / 32) } else { composite }
        }
        (3, _) => Composite::dataset(parts),
        (_, Some((tag, prefix))) => Composite::tagged(tag, prefix, parts),
        _ if parts.is_empty() => Composite::BER_TLV,
        _ => Composite::datasets(parts),
    };
    match extras % 8 {
        1 if is_odd => composite.with_header(2),
        2 if tagged.is_some() => composite.with_unknown(None),
        3 | 4 if tagged.is_some() || is_odd => composite.with_unknown(Some(field(choices, within))),
        _ => composite,
    }
}

fn tag(choices: &mut Choices<'_>, is_odd: bool) -> Tag {
    let what = choices.u8();
    let size = if is_odd { what / 4 % 6 } else { 2 + what / 4 % 3 };
    [Tag::ascii(size), Tag::bcd(size), Tag::binary(size), Tag::ebcdic(size)][usize::from(what % 4)]
}

fn prefix(choices: &mut Choices<'_>, is_odd: bool) -> Prefix {
    let what = choices.u8();
    let size = if is_odd { what / 6 % 8 } else { 1 + what / 6 % 6 };
    let prefix = match what % 6 {
        0 => Prefix::ascii(size),
        1 => Prefix::bcd(size),
        2 => Prefix::ebcdic(size),
        3 => Prefix::binary(size),
        4 => Prefix::hex(size),
        _ => return Prefix::ber(size),
    };
    if what >= 0xE0 { prefix.counting_itself() } else { prefix }
}

/// A definition; one in sixteen is a contradiction, or may be.
fn field(choices: &mut Choices<'_>, within: Within) -> Field {
    let options = choices.u16();
    let is_odd = options >= 0xF000;
    let class = choices.one_of(&CLASSES);
    let encoding = choices.u8();
    let encoding = match class {
        _ if is_odd => ENCODINGS[usize::from(encoding) % ENCODINGS.len()],
        Class::B => {
            [Encoding::Binary, Encoding::Hex, Encoding::EbcdicHex][usize::from(encoding) % 3]
        }
        Class::N | Class::Z if encoding % 2 == 1 => Encoding::Bcd,
        Class::Xn if encoding % 2 == 1 => {
            [Encoding::Bcd, Encoding::ZonedAscii, Encoding::ZonedEbcdic]
                [usize::from(encoding / 2) % 3]
        }
        Class::Ans | Class::Any if encoding % 8 == 7 => Encoding::Raw,
        _ => TEXT[usize::from(encoding) % TEXT.len()],
    };
    let sensitivity = choices.one_of(&SENSITIVITIES);
    let form = choices.u8();
    let length = choices.u16();
    // Mostly short, so that messages are.
    let length = match length {
        0xFFC0.. => length,
        _ if is_odd => length % 40,
        // An even number is as many hexadecimal digits, and room for a sign.
        _ => 2 + length % 20 * 2 + if class == Class::B { 0 } else { length / 256 % 2 },
    };
    let said = within.tagged.map_or(u16::MAX, largest) & !1;
    let field = match form % 8 {
        0..=2 if is_odd && class == Class::B => Field::bits(length),
        0..=2 if is_odd => Field::fixed(class, length),
        0..=2 => Field::fixed(class, length.min(said)),
        _ if within.tagged.is_some() && !is_odd => Field::up_to(class, length),
        7 if within.is_last_place || is_odd => Field::up_to(class, length),
        _ => {
            let prefix = prefix(choices, is_odd);
            let max = if is_odd { length } else { length.min(largest(prefix)) };
            Field::variable(class, prefix, max)
        }
    };
    let field = with_options(field.encoded(encoding).sensitive(sensitivity), options);
    let composite = choices.u8();
    // Not what it may not be made of.
    let holds_parts = matches!(field.encoding(), Encoding::Binary | Encoding::Raw)
        || TEXT.contains(&field.encoding());
    match within.part_of {
        _ if !is_odd && !holds_parts => field,
        _ if is_odd && composite % 4 == 3 => field.composed(composite / 4 % 8),
        None if composite % 2 == 1 && within.composites > 0 => {
            field.composed(composite / 2 % within.composites)
        }
        // A later one than its own.
        Some(index) if composite % 4 == 3 && index + 1 < within.composites => {
            field.composed(index + 1 + composite / 4 % (within.composites - index - 1))
        }
        _ => field,
    }
}

/// What goes with the encoding, or for one in sixteen what does not.
fn with_options(mut field: Field, options: u16) -> Field {
    let is_odd = options >= 0xF000;
    let has = |bit: u16| options & 1 << bit != 0;
    let is_packed = field.encoding() == Encoding::Bcd;
    let is_signed = field.class() == Class::Xn;
    if has(0) && is_odd {
        field = field.counted_in([Unit::Characters, Unit::Digits][usize::from(has(1))]);
    } else if has(0) && has(1) {
        field = field.counted_in(Unit::Bytes);
    } else if has(0) && matches!(field.encoding(), Encoding::Hex | Encoding::EbcdicHex) {
        field = field.counted_in(Unit::Characters);
    }
    if has(2) && (is_odd || (is_packed && field.unit() == Unit::Digits)) {
        field = field.padded(PADS[usize::from(options >> 8 & 0xF) % PADS.len()]);
    }
    if has(3) && (is_odd || is_signed) {
        field = field.with_other_signs();
    }
    if has(4) && (is_odd || (is_packed && !is_signed)) {
        field = field.with_hex_nibbles();
    }
    if has(5) && (is_odd || (is_packed && is_signed)) {
        field = field.with_ebcdic_sign();
    }
    field
}

/// The largest length of a value that a prefix says.
pub(super) fn largest(prefix: Prefix) -> u16 {
    use iso8583_wire::PrefixEncoding::{Ascii, Bcd, Ber, Binary, Ebcdic, Hex};
    let size = u32::from(prefix.size());
    let numbers = match prefix.encoding() {
        Ascii | Bcd | Ebcdic => 10_u64.pow(size),
        Hex => 16_u64.pow(size),
        Binary => 256_u64.pow(size),
        Ber if size == 1 => 128,
        Ber => 256_u64.pow(size.saturating_sub(1)),
        other => panic!("no largest length of {other:?}"),
    };
    let itself = if prefix.counts_itself() { u64::from(prefix.width()) } else { 0 };
    (numbers - 1).saturating_sub(itself).try_into().unwrap_or(u16::MAX)
}
