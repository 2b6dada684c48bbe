//! Where a value lies, and how long it is.

use iso8583_wire::{Class, Encoding, ErrorKind, Field, Length, Path, Prefix, PrefixEncoding, Unit};

use super::pages::CP037;
use super::{Fault, Place, Reading, Wrong, ebcdic, latin1, part, path_of};
use crate::choices::hex;
use crate::iso8583::table::largest;

impl Reading<'_, '_> {
    /// Where an element's value begins, its length in its unit, and where it ends.
    pub(super) fn extent(
        &self,
        definition: &Field,
        place: &Place<'_>,
    ) -> Result<(usize, usize, usize), Fault> {
        let path = path_of(place.path);
        // Behind the tag, which was read already.
        let tag_width = place.tag.map_or(0, |(tag, _)| usize::from(tag.width()));
        let length_at = place.at + tag_width;
        let wrong = |kind| (Wrong::Is(kind), length_at, path);
        let above = |length: u64, maximum| {
            // No more is told of what may be no length at all.
            let length = u16::try_from(length.min(1_000)).unwrap();
            wrong(ErrorKind::LengthAboveMaximum { length, maximum })
        };
        let (count, data_at) = match (place.tag, definition.length()) {
            (None, Length::Fixed(count)) => (u64::from(count), length_at),
            (None, Length::UpTo(max)) => {
                let left = place.limit - length_at;
                let count = units(definition, left).ok_or(wrong(ErrorKind::OddLength))?;
                if count > u64::from(max) {
                    return Err(above(count, max));
                }
                (count, length_at)
            }
            (None, Length::Variable { prefix, max }) => {
                let (count, data_at) = self.announced(prefix, length_at, place.limit, path)?;
                if count > u64::from(max) {
                    return Err(above(count, max));
                }
                (count, data_at)
            }
            (Some((_, prefix)), length) => {
                let (count, data_at) = self.announced(prefix, length_at, place.limit, path)?;
                match length {
                    Length::Fixed(expected) if count != u64::from(expected) => {
                        let length = u32::try_from(count.min(1_000)).unwrap();
                        return Err(wrong(ErrorKind::WrongLength { length, expected }));
                    }
                    Length::Fixed(_) => {}
                    // The part may be longer than its prefix can say, which a packed one of an odd number of digits may
                    // say nevertheless.
                    Length::UpTo(max) | Length::Variable { max, .. } => {
                        let most = [max, largest(prefix)];
                        if let Some(most) = most.into_iter().find(|most| count > u64::from(*most)) {
                            return Err(above(count, most));
                        }
                    }
                    other => panic!("no twin of {other:?}"),
                }
                (count, data_at)
            }
            (None, other) => panic!("no twin of {other:?}"),
        };
        let count = usize::try_from(count).unwrap();
        let size = size(definition, count);
        part(self.wire, data_at, place.limit, size, path)?;
        // Two digits a byte, however they are counted.
        let is_hex = matches!(definition.encoding(), Encoding::Hex | Encoding::EbcdicHex);
        if is_hex && size % 2 == 1 {
            return Err(wrong(ErrorKind::OddLength));
        }
        Ok((data_at, count, data_at + size))
    }

    /// The length that a prefix says of the value behind it, and where that begins.
    fn announced(
        &self,
        prefix: Prefix,
        at: usize,
        limit: usize,
        path: Path,
    ) -> Result<(u64, usize), Fault> {
        let mut width = usize::from(prefix.width());
        let invalid = (Wrong::Is(ErrorKind::InvalidLength), at, path);
        if prefix.encoding() == PrefixEncoding::Ber {
            let first = part(self.wire, at, limit, 1, path)?[0];
            // One byte below 80, else as many more as it says, but not none.
            width = if first < 0x80 { 1 } else { 1 + usize::from(first - 0x80) };
            if first == 0x80 || width > usize::from(prefix.size()) {
                return Err(invalid);
            }
        }
        let bytes = part(self.wire, at, limit, width, path)?;
        let (digits, radix) = match prefix.encoding() {
            PrefixEncoding::Ascii => (latin1(bytes), 10),
            PrefixEncoding::Ebcdic => (ebcdic(CP037, bytes), 10),
            PrefixEncoding::Bcd => (hex(bytes), 10),
            PrefixEncoding::Hex => (latin1(bytes), 16),
            PrefixEncoding::Binary => (hex(bytes), 16),
            PrefixEncoding::Ber if width == 1 => (hex(bytes), 16),
            PrefixEncoding::Ber => (hex(&bytes[1..]), 16),
            other => panic!("no twin of {other:?}"),
        };
        // `from_str_radix` alone would take a sign.
        if !digits.chars().all(|c| c.is_digit(radix)) {
            return Err(invalid);
        }
        let mut length = u64::from_str_radix(&digits, radix).unwrap();
        if prefix.counts_itself() {
            let below = (Wrong::Is(ErrorKind::LengthBelowItself), at, path);
            length = length.checked_sub(u64::try_from(width).unwrap()).ok_or(below)?;
        }
        Ok((length, at + width))
    }
}

/// Bytes on the wire of a value of so many units.
fn size(definition: &Field, count: usize) -> usize {
    match (definition.unit(), definition.encoding(), definition.class()) {
        (Unit::Digits, Encoding::Bcd, Class::Xn) if count > 0 => 1 + (count - 1).div_ceil(2),
        (Unit::Digits, Encoding::Bcd, _) => count.div_ceil(2),
        (Unit::Bytes, Encoding::Hex | Encoding::EbcdicHex, _) => count * 2,
        _ => count,
    }
}

/// Units in so many bytes on the wire, if they are all of a value.
fn units(definition: &Field, bytes: usize) -> Option<u64> {
    // As many as fit, pad nibbles aside.
    let is_hex = matches!(definition.encoding(), Encoding::Hex | Encoding::EbcdicHex);
    if is_hex && bytes % 2 == 1 {
        return None;
    }
    let fitting = (0..=bytes * 2).rev().find(|&count| size(definition, count) == bytes);
    Some(u64::try_from(fitting.unwrap()).unwrap())
}
