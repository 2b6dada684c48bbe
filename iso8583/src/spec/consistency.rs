//! Whether a spec contradicts itself.

use super::{Bitmaps, SpecError, SpecRule, Tables};
use crate::composite::NO_NUMBER;
use crate::dataset_bitmap;
use crate::{
    Class, Composite, Encoding, Field, Layout, Length, Prefix, PrefixEncoding, Subfield, Unit,
};

/// How deep parts may lie: as many numbers as a path holds.
pub(crate) const DEPTH: u8 = 4;

/// The first rule that a spec breaks.
#[allow(
    clippy::indexing_slicing,
    reason = "constant evaluation; every index is below the length beside it"
)]
#[allow(clippy::arithmetic_side_effects, reason = "constant evaluation; bounded by lengths")]
pub(super) const fn broken(bitmaps: Bitmaps, tables: &Tables<'_>) -> Option<SpecError> {
    let Tables { fields, subfields, composites } = *tables;
    if fields.len() > bitmaps.highest() as usize + 1 {
        return Some(SpecError::field(SpecRule::TableTooLong, 0));
    }
    if subfields.len() > u16::MAX as usize {
        return Some(SpecError::subfield(SpecRule::TableTooLong, 0));
    }
    if composites.len() >= u8::MAX as usize {
        return Some(SpecError::composite(SpecRule::TableTooLong, 0));
    }
    let mut index = 0;
    while index < fields.len() {
        if let Some(field) = &fields[index] {
            #[allow(clippy::cast_possible_truncation, reason = "at most 192")]
            if index == 0 || bitmaps.announces_with(index as u8) {
                return Some(SpecError::field(SpecRule::NoDataElement, index));
            }
            let rule = match field.length() {
                Length::UpTo(_) => Some(SpecRule::LengthFromNowhere),
                _ => broken_field(field),
            };
            if let Some(rule) = rule {
                return Some(SpecError::field(rule, index));
            }
            if let Some(rule) = broken_reference(field, None, composites, subfields) {
                return Some(SpecError::field(rule, index));
            }
        }
        index += 1;
    }
    // A composite's parts are made of parts by later ones only, so those come first.
    let mut heights = [1; u8::MAX as usize];
    index = composites.len();
    while index > 0 {
        index -= 1;
        if let Some(error) = broken_composite(index, composites, subfields, &mut heights) {
            return Some(error);
        }
    }
    None
}

/// The first rule that a definition breaks by itself.
const fn broken_field(field: &Field) -> Option<SpecRule> {
    let (class, encoding, unit) = (field.class(), field.encoding(), field.unit());
    let together = match encoding {
        Encoding::Binary | Encoding::Hex | Encoding::EbcdicHex => matches!(class, Class::B),
        Encoding::Raw => matches!(class, Class::Ans | Class::Any),
        Encoding::Bcd => matches!(class, Class::N | Class::Z | Class::Xn),
        Encoding::ZonedAscii | Encoding::ZonedEbcdic => matches!(class, Class::Xn),
        _ => !matches!(class, Class::B),
    };
    if !together {
        return Some(SpecRule::ClassEncoding);
    }
    let together = match unit {
        Unit::Bytes => true,
        Unit::Digits => {
            matches!(encoding, Encoding::Bcd | Encoding::ZonedAscii | Encoding::ZonedEbcdic)
        }
        Unit::Characters => !matches!(encoding, Encoding::Bcd | Encoding::Binary | Encoding::Raw),
    };
    if !together {
        return Some(SpecRule::UnitEncoding);
    }
    let is_packed = matches!(encoding, Encoding::Bcd);
    if field.has_part_byte() {
        return Some(SpecRule::PartByte);
    }
    if field.has_other_signs() && !matches!(class, Class::Xn) {
        return Some(SpecRule::SignsWithoutSign);
    }
    if field.is_padded() && !(is_packed && matches!(unit, Unit::Digits)) {
        return Some(SpecRule::PadWithoutNibble);
    }
    if field.has_hex_nibbles() && !(is_packed && matches!(class, Class::N | Class::Z)) {
        return Some(SpecRule::HexNibblesWithoutNibbles);
    }
    if field.has_ebcdic_sign() && !(is_packed && matches!(class, Class::Xn)) {
        return Some(SpecRule::EbcdicSignWithoutSign);
    }
    let (max, is_fixed) = match field.length() {
        Length::Fixed(length) => (length, true),
        Length::UpTo(max) => (max, false),
        Length::Variable { prefix, max } => {
            if let Some(rule) = broken_prefix(&prefix, field, max) {
                return Some(rule);
            }
            (max, false)
        }
    };
    if max == 0 {
        return Some(SpecRule::NoLength);
    }
    if is_fixed && max % 2 == 1 && encoding.is_hex_text() && matches!(unit, Unit::Characters) {
        return Some(SpecRule::OddHexDigits);
    }
    let shares_its_sign = encoding.is_zoned();
    if matches!(class, Class::Xn) && max == 1 && !shares_its_sign {
        return Some(SpecRule::SignWithoutDigits);
    }
    None
}

const fn broken_prefix(prefix: &Prefix, field: &Field, max: u16) -> Option<SpecRule> {
    let Some(largest) = prefix.largest() else { return Some(SpecRule::PrefixSize) };
    let counts_bytes = match field.unit() {
        Unit::Digits => field.encoding().is_zoned(),
        Unit::Bytes => !field.encoding().is_hex_text(),
        Unit::Characters => true,
    };
    let is_ber = matches!(prefix.encoding(), PrefixEncoding::Ber);
    if prefix.counts_itself() && (is_ber || !counts_bytes) {
        return Some(SpecRule::CountsItself);
    }
    if max as u32 > largest { Some(SpecRule::PrefixTooNarrow) } else { None }
}

/// What a field that is made of parts breaks: `within` is the composite that it is a part of.
#[allow(
    clippy::indexing_slicing,
    reason = "constant evaluation; every index is below the length beside it"
)]
const fn broken_reference(
    field: &Field,
    within: Option<usize>,
    composites: &[Composite],
    subfields: &[Subfield],
) -> Option<SpecRule> {
    let Some(index) = field.composite() else { return None };
    let index = index as usize;
    let is_later = match within {
        Some(within) => index > within,
        None => true,
    };
    if index >= composites.len() || !is_later {
        return Some(SpecRule::CompositeIndex);
    }
    let encoding = field.encoding();
    let is_tlv = matches!(composites[index].layout(), Layout::BerTlv);
    let holds_bytes = matches!(encoding, Encoding::Binary | Encoding::Raw);
    let holds_parts =
        holds_bytes || if is_tlv { encoding.is_hex_text() } else { encoding.is_text() };
    if !holds_parts {
        return Some(SpecRule::CompositeEncoding);
    }
    match field.length() {
        Length::Fixed(length)
            if !can_fill(field.data_len(length as usize), &composites[index], subfields) =>
        {
            Some(SpecRule::PartsMissLength)
        }
        _ => None,
    }
}

/// Whether a composite's parts can end after so many bytes; those that are not fixed may.
#[allow(
    clippy::indexing_slicing,
    reason = "constant evaluation; every index is below the length beside it"
)]
#[allow(clippy::arithmetic_side_effects, reason = "constant evaluation; bounded by lengths")]
const fn can_fill(bytes: usize, composite: &Composite, subfields: &[Subfield]) -> bool {
    match composite.layout() {
        Layout::Positional => {}
        Layout::Bitmapped { encoding, bytes: map, header } => {
            return bytes >= header as usize + encoding.scaled(map as usize);
        }
        _ => return true,
    }
    let mut filled = 0;
    let mut part = composite.parts().start as usize;
    while filled < bytes && part < composite.parts().end as usize && part < subfields.len() {
        match subfields[part].field().length() {
            Length::Fixed(length) => {
                filled = filled.saturating_add(subfields[part].field().data_len(length as usize));
            }
            _ => return true,
        }
        part += 1;
    }
    filled == bytes
}

/// The first rule that a composite or one of its parts breaks.
#[allow(
    clippy::indexing_slicing,
    reason = "constant evaluation; every index is below the length beside it"
)]
#[allow(clippy::arithmetic_side_effects, reason = "constant evaluation; bounded by lengths")]
const fn broken_composite(
    index: usize,
    composites: &[Composite],
    subfields: &[Subfield],
    heights: &mut [u8; u8::MAX as usize],
) -> Option<SpecError> {
    let composite = &composites[index];
    let (start, end) = (composite.parts().start as usize, composite.parts().end as usize);
    if start > end || end > subfields.len() {
        return Some(SpecError::composite(SpecRule::CompositeRange, index));
    }
    let (least, most) = match composite.layout() {
        Layout::Positional => (1, NO_NUMBER - 1),
        Layout::Bitmapped { bytes, .. } => {
            if bytes == 0 || bytes > 32 {
                return Some(SpecError::composite(SpecRule::CompositeBitmap, index));
            }
            (1, bytes as u16 * 8)
        }
        Layout::Tagged { tag, prefix } => {
            if tag.size() == 0 || tag.size() > 4 {
                return Some(SpecError::composite(SpecRule::TagSize, index));
            }
            if prefix.largest().is_none() {
                return Some(SpecError::composite(SpecRule::PrefixSize, index));
            }
            (0, tag.largest())
        }
        Layout::Dataset => (1, dataset_bitmap::highest(dataset_bitmap::MAX_LEN)),
        Layout::BerTlv => {
            if start < end {
                return Some(SpecError::composite(SpecRule::CompositeRange, index));
            }
            heights[index] = 0;
            (0, 0)
        }
    };
    let mut part = start;
    while part < end {
        let subfield = &subfields[part];
        let number = subfield.number();
        let ascends = part == start || subfields[part - 1].number() < number;
        if !ascends || number < least || number > most {
            return Some(SpecError::subfield(SpecRule::PartNumbers, part));
        }
        let is_last = part + 1 == end;
        if let Some(rule) = broken_part(subfield.field(), composite, is_last) {
            return Some(SpecError::subfield(rule, part));
        }
        if let Some(rule) = broken_reference(subfield.field(), Some(index), composites, subfields) {
            return Some(SpecError::subfield(rule, part));
        }
        heights[index] = higher(heights[index], subfield.field(), heights);
        part += 1;
    }
    if let Some(unknown) = composite.unknown() {
        if let Some(rule) = broken_reference(unknown, Some(index), composites, subfields) {
            return Some(SpecError::composite(rule, index));
        }
        heights[index] = higher(heights[index], unknown, heights);
    }
    // One number leads to the composite itself.
    if heights[index] >= DEPTH {
        return Some(SpecError::composite(SpecRule::CompositeIndex, index));
    }
    match (composite.layout(), composite.unknown()) {
        (_, None) => None,
        (Layout::Tagged { .. }, Some(unknown)) => match broken_part(unknown, composite, false) {
            Some(rule) => Some(SpecError::composite(rule, index)),
            None => None,
        },
        // Only a tag tells how long a part is that the table does not have.
        _ => Some(SpecError::composite(SpecRule::LengthFromNowhere, index)),
    }
}

/// The height of a composite, as many numbers as lead from it to its deepest part, once another part is counted.
#[allow(clippy::indexing_slicing, reason = "a composite's index is below the number of composites")]
#[allow(clippy::arithmetic_side_effects, reason = "below DEPTH, or the spec was refused")]
const fn higher(height: u8, part: &Field, heights: &[u8; u8::MAX as usize]) -> u8 {
    match part.composite() {
        Some(index) if heights[index as usize] + 1 > height => heights[index as usize] + 1,
        _ => height,
    }
}

const fn counts_digits(field: &Field) -> bool {
    matches!((field.encoding(), field.unit()), (Encoding::Bcd, Unit::Digits))
}

const fn broken_part(field: &Field, composite: &Composite, is_last: bool) -> Option<SpecRule> {
    match (composite.layout(), field.length()) {
        (Layout::Tagged { .. }, Length::Variable { .. }) => Some(SpecRule::PrefixInTagged),
        (Layout::Tagged { prefix, .. }, Length::Fixed(max)) => {
            match broken_prefix(&prefix, field, max) {
                Some(rule) => Some(rule),
                None => broken_field(field),
            }
        }
        (Layout::Tagged { prefix, .. }, Length::UpTo(_)) => {
            match broken_prefix(&prefix, field, 1) {
                Some(rule) => Some(rule),
                None => broken_field(field),
            }
        }
        // The bytes that are left do not say whether the last of their digits is one.
        (Layout::Positional, Length::UpTo(_)) if is_last && counts_digits(field) => {
            Some(SpecRule::DigitsFromNowhere)
        }
        (Layout::Positional, Length::UpTo(_)) if is_last => broken_field(field),
        (_, Length::UpTo(_)) => Some(SpecRule::LengthFromNowhere),
        _ => broken_field(field),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{BitmapEncoding, MtiEncoding, Pad, Spec, Tag};

    fn rule(field: Field) -> Option<SpecRule> {
        let table = [None, None, Some(field)];
        Spec::try_new("t", MtiEncoding::Ascii, BitmapEncoding::Hex, &table).err().map(|e| e.rule())
    }

    #[test]
    fn each_rule_of_a_field_is_held() {
        use Encoding::{Ascii, Bcd, Binary, EbcdicHex, Hex, Raw, ZonedEbcdic};
        let n = Field::fixed(Class::N, 6);
        let b = Field::fixed(Class::B, 8);
        let hex = b.encoded(Hex).counted_in(Unit::Characters);
        let itself = |field: Field| match field.length() {
            Length::Variable { prefix, max } => {
                let field2 = Field::variable(field.class(), prefix.counting_itself(), max);
                field2.encoded(field.encoding()).counted_in(field.unit())
            }
            _ => field,
        };
        for (field, expected) in [
            (n, None),
            (n.encoded(Bcd), None),
            (b, None),
            (b.encoded(Hex), None),
            (b.encoded(EbcdicHex), None),
            (Field::bits(64), None),
            (Field::bits(63), Some(SpecRule::PartByte)),
            (n.encoded(Binary), Some(SpecRule::ClassEncoding)),
            (n.encoded(Hex), Some(SpecRule::ClassEncoding)),
            (n.encoded(Raw), Some(SpecRule::ClassEncoding)),
            (n.encoded(ZonedEbcdic), Some(SpecRule::ClassEncoding)),
            (b.encoded(Ascii), Some(SpecRule::ClassEncoding)),
            (b.encoded(Bcd), Some(SpecRule::ClassEncoding)),
            (Field::fixed(Class::Ans, 3).encoded(Bcd), Some(SpecRule::ClassEncoding)),
            (n.counted_in(Unit::Digits), Some(SpecRule::UnitEncoding)),
            (n.encoded(Bcd).counted_in(Unit::Characters), Some(SpecRule::UnitEncoding)),
            (Field::fixed(Class::N, 0), Some(SpecRule::NoLength)),
            (Field::fixed(Class::Xn, 1), Some(SpecRule::SignWithoutDigits)),
            (Field::fixed(Class::Xn, 1).encoded(ZonedEbcdic), None),
            (Field::variable(Class::N, Prefix::ascii(0), 0), Some(SpecRule::PrefixSize)),
            (Field::variable(Class::N, Prefix::bcd(7), 19), Some(SpecRule::PrefixSize)),
            (Field::variable(Class::N, Prefix::bcd(2), 100), Some(SpecRule::PrefixTooNarrow)),
            (Field::variable(Class::N, Prefix::bcd(2), 99), None),
            (itself(Field::variable(Class::N, Prefix::ascii(2), 97)), None),
            (
                itself(Field::variable(Class::N, Prefix::ascii(2), 98)),
                Some(SpecRule::PrefixTooNarrow),
            ),
            (
                itself(Field::variable(Class::N, Prefix::bcd(2), 9).encoded(Bcd)),
                Some(SpecRule::CountsItself),
            ),
            (itself(Field::variable(Class::N, Prefix::ber(2), 9)), Some(SpecRule::CountsItself)),
            (Field::fixed(Class::Xn, 9).with_other_signs(), None),
            (n.with_other_signs(), Some(SpecRule::SignsWithoutSign)),
            (n.padded(Pad::LEFT_F), Some(SpecRule::PadWithoutNibble)),
            (n.encoded(Bcd).padded(Pad::LEFT_F), None),
            (n.with_hex_nibbles(), Some(SpecRule::HexNibblesWithoutNibbles)),
            (n.with_ebcdic_sign(), Some(SpecRule::EbcdicSignWithoutSign)),
            (Field::up_to(Class::N, 3), Some(SpecRule::LengthFromNowhere)),
            (n.composed(0), Some(SpecRule::CompositeIndex)),
            (hex, None),
            (
                Field::fixed(Class::B, 7).encoded(Hex).counted_in(Unit::Characters),
                Some(SpecRule::OddHexDigits),
            ),
        ] {
            assert_eq!(rule(field), expected, "{field:?}");
        }
    }

    #[test]
    fn a_table_reaches_as_far_as_its_bitmaps() {
        let entry = Some(Field::fixed(Class::N, 1));
        let refused = |bitmaps, fields: &[Option<Field>]| {
            let tables = Tables::of(fields);
            let spec = Spec::try_with_tables(
                "t",
                MtiEncoding::Ascii,
                BitmapEncoding::Hex,
                bitmaps,
                tables,
            );
            spec.err().map(|e| (e.rule(), e.index()))
        };
        assert_eq!(refused(Bitmaps::UpToTwo, &[entry]), Some((SpecRule::NoDataElement, 0)));
        assert_eq!(refused(Bitmaps::UpToTwo, &[None, entry]), Some((SpecRule::NoDataElement, 1)));
        assert_eq!(refused(Bitmaps::One, &[None, entry]), None);
        for (bitmaps, length) in
            [(Bitmaps::One, 65), (Bitmaps::Two, 129), (Bitmaps::UpToThree, 193)]
        {
            let table = [None; 200];
            assert_eq!(refused(bitmaps, &table[..length]), None);
            let kind = Some((SpecRule::TableTooLong, 0));
            assert_eq!(refused(bitmaps, &table[..=length]), kind);
        }
        let mut with_65 = [None; 66];
        with_65[65] = entry;
        assert_eq!(refused(Bitmaps::Two, &with_65), None);
        assert_eq!(
            refused(Bitmaps::UpToThreeInField65, &with_65),
            Some((SpecRule::NoDataElement, 65))
        );
    }

    #[test]
    fn each_rule_of_a_composite_is_held() {
        let outer = Field::variable(Class::B, Prefix::ascii(3), 999);
        let fields = [None, None, Some(outer.composed(0))];
        let part = |number| Subfield::new(number, Field::fixed(Class::N, 2));
        let rest = |number| Subfield::new(number, Field::up_to(Class::N, 9));
        let nested = |number, index| Subfield::new(number, outer.composed(index));
        let binary = BitmapEncoding::Binary;
        let refused = |subfields: &[Subfield], composites: &[Composite]| {
            let tables = Tables::of(&fields).with_parts(subfields, composites);
            let (mti, bitmaps) = (MtiEncoding::Ascii, Bitmaps::UpToTwo);
            let error = Spec::try_with_tables("t", mti, binary, bitmaps, tables).err();
            error.map(|e| (e.rule(), e.table()))
        };
        let tagged = Composite::tagged(Tag::ascii(2), Prefix::ascii(2), 0..1);
        for (subfields, composite, expected) in [
            (&[part(1), part(2)][..], Composite::positional(0..2), None),
            (&[part(1), rest(2)], Composite::positional(0..2), None),
            (
                &[rest(1), part(2)],
                Composite::positional(0..2),
                Some((SpecRule::LengthFromNowhere, "subfields")),
            ),
            (
                &[part(2), part(2)],
                Composite::positional(0..2),
                Some((SpecRule::PartNumbers, "subfields")),
            ),
            (
                &[part(1)],
                Composite::positional(0..2),
                Some((SpecRule::CompositeRange, "composites")),
            ),
            (
                &[part(9)],
                Composite::bitmapped(binary, 1, 0..1),
                Some((SpecRule::PartNumbers, "subfields")),
            ),
            (&[part(8)], Composite::bitmapped(binary, 1, 0..1), None),
            (
                &[],
                Composite::bitmapped(binary, 0, 0..0),
                Some((SpecRule::CompositeBitmap, "composites")),
            ),
            (
                &[part(1)],
                Composite::positional(0..1).with_header(2),
                Some((SpecRule::CompositeBitmap, "composites")),
            ),
            (&[part(1)], tagged, None),
            (&[rest(1)], tagged, None),
            (&[nested(1, 0)], tagged, Some((SpecRule::PrefixInTagged, "subfields"))),
            (
                &[nested(1, 0)],
                Composite::positional(0..1),
                Some((SpecRule::CompositeIndex, "subfields")),
            ),
            (
                &[nested(1, 1)],
                Composite::positional(0..1),
                Some((SpecRule::CompositeIndex, "subfields")),
            ),
            (
                &[],
                Composite::tagged(Tag::ascii(5), Prefix::ascii(2), 0..0),
                Some((SpecRule::TagSize, "composites")),
            ),
            (
                &[],
                Composite::tagged(Tag::ascii(2), Prefix::ascii(7), 0..0),
                Some((SpecRule::PrefixSize, "composites")),
            ),
            (
                &[part(1)],
                Composite::positional(0..1).with_unknown(Some(*part(1).field())),
                Some((SpecRule::LengthFromNowhere, "composites")),
            ),
        ] {
            assert_eq!(refused(subfields, &[composite]), expected, "{composite:?}");
        }
        let deep: [Subfield; 4] = [nested(1, 1), nested(1, 2), nested(1, 3), part(1)];
        let level = |at: u16| Composite::positional(at..at + 1);
        let levels = [level(0), level(1), level(2), level(3)];
        assert_eq!(refused(&deep, &levels), Some((SpecRule::CompositeIndex, "composites")));
        let deep = [nested(1, 1), nested(1, 2), part(1)];
        assert_eq!(refused(&deep, &levels[..3]), None);
    }
}
