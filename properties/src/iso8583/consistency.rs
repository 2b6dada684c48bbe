//! What a spec must keep to, said a second time.

use iso8583_wire::{
    BitmapEncoding, Bitmaps, Class, Composite, Encoding, Field, Layout, Length, Prefix,
    PrefixEncoding, SpecRule, Subfield, Tables, Tag, TagEncoding, Unit,
};

use super::table::largest;

/// A rule that is broken, and the entry that breaks it: its table and its index there.
pub(super) type Violation = (SpecRule, &'static str, usize);

/// What a definition lies in.
#[derive(Clone, Copy)]
enum Within<'c> {
    Message,
    /// The composite of this index, whether as its last part or as those that it does not know.
    Parts(usize, &'c Composite, bool),
}

/// Every rule that is broken, and where.
pub(super) fn violations(bitmaps: Bitmaps, tables: &Tables<'_>) -> Vec<Violation> {
    let Tables { fields, subfields, composites, .. } = *tables;
    let mut found = Vec::new();
    if fields.len() > 1 + usize::from(bitmaps.highest()) {
        found.push((SpecRule::TableTooLong, "fields", 0));
    }
    if composites.len() > 254 {
        found.push((SpecRule::TableTooLong, "composites", 0));
    }
    for (index, field) in fields.iter().enumerate() {
        let Some(field) = field else { continue };
        let is_bitmap = match index {
            0 => true,
            1 => bitmaps != Bitmaps::One,
            65 => !matches!(bitmaps, Bitmaps::One | Bitmaps::UpToTwo | Bitmaps::Two),
            _ => false,
        };
        if is_bitmap {
            found.push((SpecRule::NoDataElement, "fields", index));
        }
        let rules = of_field(field, Within::Message, subfields, composites);
        found.extend(rules.into_iter().map(|rule| (rule, "fields", index)));
    }
    for (index, composite) in composites.iter().enumerate() {
        of_composite(index, composite, subfields, composites, &mut found);
    }
    found
}

fn of_composite(
    index: usize,
    composite: &Composite,
    subfields: &[Subfield],
    composites: &[Composite],
    found: &mut Vec<Violation>,
) {
    let mut broken = |rule| found.push((rule, "composites", index));
    let layout = composite.layout();
    match layout {
        Layout::Bitmapped { bytes, .. } if !(1..=32).contains(&bytes) => {
            broken(SpecRule::CompositeBitmap);
        }
        Layout::Tagged { tag, prefix, .. } => {
            if !(1..=4).contains(&tag.size()) {
                broken(SpecRule::TagSize);
            }
            if !(1..=6).contains(&prefix.size()) {
                broken(SpecRule::PrefixSize);
            }
        }
        _ => {}
    }
    if let Some(unknown) = composite.unknown() {
        if matches!(layout, Layout::Tagged { .. }) {
            of_field(unknown, Within::Parts(index, composite, false), subfields, composites)
                .into_iter()
                .for_each(&mut broken);
        } else {
            broken(SpecRule::LengthFromNowhere);
            if refers_wrongly(unknown, Some(index), composites) {
                broken(SpecRule::CompositeIndex);
            }
            if !holds_parts(unknown, composites) {
                broken(SpecRule::CompositeEncoding);
            }
            if !can_be_filled(unknown, subfields, composites) {
                broken(SpecRule::PartsMissLength);
            }
        }
    }
    if levels(index, subfields, composites) > 3 {
        broken(SpecRule::CompositeIndex);
    }
    let Some(parts) = parts_of(composite, subfields) else {
        return broken(SpecRule::CompositeRange);
    };
    if layout == Layout::BerTlv && !parts.is_empty() {
        broken(SpecRule::CompositeRange);
    }
    let start = usize::from(composite.parts().start);
    for (place, part) in parts.iter().enumerate() {
        let follows = place == 0 || parts[place - 1].number() < part.number();
        if !follows || !can_be_told(layout, part.number()) {
            found.push((SpecRule::PartNumbers, "subfields", start + place));
        }
        let within = Within::Parts(index, composite, place + 1 == parts.len());
        let rules = of_field(part.field(), within, subfields, composites);
        found.extend(rules.into_iter().map(|rule| (rule, "subfields", start + place)));
    }
}

fn parts_of<'t>(composite: &Composite, subfields: &'t [Subfield]) -> Option<&'t [Subfield]> {
    let parts = composite.parts();
    subfields.get(parts.start.into()..parts.end.into())
}

/// Whether a layout has a place, a bit or a tag for the part of this number.
fn can_be_told(layout: Layout, number: u16) -> bool {
    match layout {
        Layout::Bitmapped { bytes, .. } => (1..=u16::from(bytes) * 8).contains(&number),
        Layout::Tagged { tag, .. } => u64::from(number) < tags(tag) && number != u16::MAX,
        // 32 bytes: a bit of each says that more follow, one that BER-TLV does; but the first map has two bytes.
        Layout::Dataset => (1..=32 * 8 - 31 - 1).contains(&number),
        _ => (1..=65_534).contains(&number),
    }
}

/// How many tags there are.
fn tags(tag: Tag) -> u64 {
    match tag.encoding() {
        TagEncoding::Binary => 256_u64.pow(tag.size().into()),
        _ => 10_u64.pow(tag.size().into()),
    }
}

/// How many numbers lead from a composite to its deepest part.
fn levels(index: usize, subfields: &[Subfield], composites: &[Composite]) -> usize {
    let composite = &composites[index];
    if composite.layout() == Layout::BerTlv {
        return 0;
    }
    let parts = parts_of(composite, subfields).unwrap_or_default();
    let below = parts.iter().map(Subfield::field).chain(composite.unknown()).map(|field| {
        let later = field.composite().map(usize::from);
        // What names no later one breaks a rule of its own.
        later
            .filter(|later| *later > index && *later < composites.len())
            .map_or(1, |later| 1 + levels(later, subfields, composites))
    });
    below.max().unwrap_or(1)
}

/// Every rule that a definition breaks.
fn of_field(
    field: &Field,
    within: Within<'_>,
    subfields: &[Subfield],
    composites: &[Composite],
) -> Vec<SpecRule> {
    let (class, encoding, unit) = (field.class(), field.encoding(), field.unit());
    let is_hex = matches!(encoding, Encoding::Hex | Encoding::EbcdicHex);
    let is_zoned = matches!(encoding, Encoding::ZonedAscii | Encoding::ZonedEbcdic);
    let is_packed = encoding == Encoding::Bcd;
    let is_signed = class == Class::Xn;
    let classes_agree = match encoding {
        Encoding::Binary | Encoding::Hex | Encoding::EbcdicHex => class == Class::B,
        Encoding::Bcd => matches!(class, Class::N | Class::Z | Class::Xn),
        Encoding::ZonedAscii | Encoding::ZonedEbcdic => is_signed,
        Encoding::Raw => matches!(class, Class::Ans | Class::Any),
        _ => class != Class::B,
    };
    let units_agree = match unit {
        Unit::Bytes => true,
        Unit::Digits => is_packed || is_zoned,
        Unit::Characters => is_hex || is_zoned || is_text(encoding),
        other => panic!("no twin of {other:?}"),
    };
    let (own_prefix, max) = match field.length() {
        Length::Fixed(length) | Length::UpTo(length) => (None, length),
        Length::Variable { prefix, max } => (Some(prefix), max),
        other => panic!("no twin of {other:?}"),
    };
    let is_fixed = matches!(field.length(), Length::Fixed(_));
    // The prefix that says the length, and the largest length that it has to say.
    let said_by = match (within, field.length()) {
        (Within::Parts(_, composite, _), length) => match (composite.layout(), length) {
            (Layout::Tagged { prefix, .. }, Length::Fixed(length)) => Some((prefix, length)),
            (Layout::Tagged { prefix, .. }, Length::UpTo(_)) => Some((prefix, 1)),
            _ => own_prefix.map(|prefix| (prefix, max)),
        },
        _ => own_prefix.map(|prefix| (prefix, max)),
    };
    let has_tag = matches!(within, Within::Parts(_, composite, _)
        if matches!(composite.layout(), Layout::Tagged { .. }));
    let is_last_place = matches!(within, Within::Parts(_, composite, true)
        if composite.layout() == Layout::Positional);
    let length_is_nowhere = matches!(field.length(), Length::UpTo(_)) && !has_tag && !is_last_place;
    let own_index = match within {
        Within::Message => None,
        Within::Parts(index, ..) => Some(index),
    };
    let counts_digits = is_packed && unit == Unit::Digits;
    let rules = [
        (SpecRule::ClassEncoding, classes_agree),
        (SpecRule::UnitEncoding, units_agree),
        (SpecRule::PartByte, !has_part_byte(field)),
        (SpecRule::SignsWithoutSign, is_signed || *field != field.with_other_signs()),
        (SpecRule::PadWithoutNibble, counts_digits || *field != field.padded(field.pad())),
        (
            SpecRule::HexNibblesWithoutNibbles,
            (is_packed && !is_signed) || *field != field.with_hex_nibbles(),
        ),
        (
            SpecRule::EbcdicSignWithoutSign,
            (is_packed && is_signed) || *field != field.with_ebcdic_sign(),
        ),
        (SpecRule::PrefixSize, said_by.is_none_or(|(prefix, _)| has_size(prefix))),
        (
            SpecRule::PrefixTooNarrow,
            said_by.is_none_or(|(prefix, most)| !has_size(prefix) || most <= largest(prefix)),
        ),
        (
            SpecRule::CountsItself,
            said_by.is_none_or(|(prefix, _)| {
                let counts_bytes = match unit {
                    Unit::Digits => is_zoned,
                    Unit::Bytes => !is_hex,
                    _ => true,
                };
                let is_of_one_width = prefix.encoding() != PrefixEncoding::Ber;
                !prefix.counts_itself() || (counts_bytes && is_of_one_width)
            }),
        ),
        (SpecRule::NoLength, max > 0),
        (SpecRule::OddHexDigits, !(is_fixed && is_hex && unit == Unit::Characters && max % 2 == 1)),
        (SpecRule::SignWithoutDigits, !is_signed || is_zoned || max != 1),
        (SpecRule::LengthFromNowhere, !length_is_nowhere),
        (SpecRule::PrefixInTagged, !(has_tag && own_prefix.is_some())),
        (SpecRule::CompositeIndex, !refers_wrongly(field, own_index, composites)),
        (SpecRule::CompositeEncoding, holds_parts(field, composites)),
        (
            SpecRule::DigitsFromNowhere,
            !(is_last_place && counts_digits && matches!(field.length(), Length::UpTo(_))),
        ),
        (SpecRule::PartsMissLength, can_be_filled(field, subfields, composites)),
    ];
    rules.into_iter().filter(|(_, is_kept)| !is_kept).map(|(rule, _)| rule).collect()
}

fn has_size(prefix: Prefix) -> bool {
    (1..=6).contains(&prefix.size())
}

fn is_text(encoding: Encoding) -> bool {
    use Encoding::{Ascii, Ebcdic037, Ebcdic500, Ebcdic1047, Latin1};
    matches!(encoding, Ascii | Latin1 | Ebcdic037 | Ebcdic500 | Ebcdic1047)
}

/// Whether a definition names no composite, or none behind the one that it lies in.
fn refers_wrongly(field: &Field, within: Option<usize>, composites: &[Composite]) -> bool {
    let named = field.composite().map(usize::from);
    named.is_some_and(|named| {
        named >= composites.len() || within.is_some_and(|within| named <= within)
    })
}

/// Whether the value of a field that is made of parts is written so that parts can lie in it.
fn holds_parts(field: &Field, composites: &[Composite]) -> bool {
    let named = field.composite().and_then(|named| composites.get(usize::from(named)));
    let encoding = field.encoding();
    named.is_none_or(|named| match encoding {
        Encoding::Binary | Encoding::Raw => true,
        Encoding::Hex | Encoding::EbcdicHex => named.layout() == Layout::BerTlv,
        _ => is_text(encoding) && named.layout() != Layout::BerTlv,
    })
}

/// Whether the parts of a field of fixed length can be as long as it.
fn can_be_filled(field: &Field, subfields: &[Subfield], composites: &[Composite]) -> bool {
    let (Some(named), Length::Fixed(length)) = (field.composite(), field.length()) else {
        return true;
    };
    let Some(composite) = composites.get(usize::from(named)) else { return true };
    let length = bytes_of(field, length);
    match composite.layout() {
        Layout::Bitmapped { encoding, bytes, header, .. } => {
            let digits = if encoding == BitmapEncoding::Binary { 1 } else { 2 };
            length >= usize::from(header) + usize::from(bytes) * digits
        }
        Layout::Positional => {
            let mut sums = vec![0];
            let parts = usize::from(composite.parts().start)..usize::from(composite.parts().end);
            for part in parts.filter_map(|part| subfields.get(part)) {
                match part.field().length() {
                    Length::Fixed(length) => {
                        sums.push(sums.last().unwrap() + bytes_of(part.field(), length));
                    }
                    // As long as it likes; what is behind it follows.
                    _ if *sums.last().unwrap() < length => return true,
                    _ => break,
                }
            }
            sums.contains(&length)
        }
        _ => true,
    }
}

/// Bytes on the wire of so many units.
fn bytes_of(field: &Field, units: u16) -> usize {
    let units = usize::from(units);
    let is_hex = matches!(field.encoding(), Encoding::Hex | Encoding::EbcdicHex);
    match (field.encoding(), field.unit()) {
        (Encoding::Bcd, Unit::Digits) if field.class() == Class::Xn && units > 0 => {
            1 + (units - 1).div_ceil(2)
        }
        (Encoding::Bcd, Unit::Digits) => units.div_ceil(2),
        (_, Unit::Bytes) if is_hex => units * 2,
        _ => units,
    }
}

/// Whether a length in bits was given that is none in bytes: the definition is another one than that in bytes.
fn has_part_byte(field: &Field) -> bool {
    let Length::Fixed(bytes) = field.length() else { return false };
    let Some(bits) = bytes.checked_mul(8).and_then(|bits| bits.checked_add(1)) else {
        return false;
    };
    let mut made = Field::bits(bits)
        .encoded(field.encoding())
        .counted_in(field.unit())
        .sensitive(field.sensitivity());
    if *field == field.padded(field.pad()) {
        made = made.padded(field.pad());
    }
    if *field == field.with_other_signs() {
        made = made.with_other_signs();
    }
    if *field == field.with_hex_nibbles() {
        made = made.with_hex_nibbles();
    }
    if *field == field.with_ebcdic_sign() {
        made = made.with_ebcdic_sign();
    }
    field.composite().map_or(made, |composite| made.composed(composite)) == *field
}
