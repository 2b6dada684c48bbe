//! How one data element is written on the wire.

mod plan;

pub(crate) use plan::{Plan, Step};

use crate::{Class, Encoding, Length, Pad, Prefix, Sensitivity, Unit};

/// The definition of one data element: class, length, encoding, padding and sensitivity.
///
/// Every part is plain data, so that a table of them lives in flash. What a part is not told is
/// what the field's encoding usually has: text in ASCII, lengths in the encoding's own unit, an odd digit padded with
/// 0 on the left; and its value is not shown unless it is said to be public. A field that contradicts itself is refused by the [`Spec`](crate::Spec) that it is put into.
///
/// # Examples
/// ```
/// use iso8583_wire::{Class, Encoding, Field, Pad, Prefix, Sensitivity, Unit};
///
/// /// n..19, the length as one BCD byte, the digits packed and padded on the right.
/// const PAN: Field = Field::variable(Class::N, Prefix::bcd(2), 19)
///     .encoded(Encoding::Bcd)
///     .padded(Pad::RIGHT_ZERO)
///     .sensitive(Sensitivity::Pan);
///
/// /// Packed digits whose one binary length byte counts bytes, not digits.
/// const DIGITS: Field =
///     Field::variable(Class::N, Prefix::binary(1), 10).encoded(Encoding::Bcd).counted_in(Unit::Bytes);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    class: Class,
    encoding: Encoding,
    unit: Unit,
    length: Length,
    pad: Pad,
    sensitivity: Sensitivity,
    options: u8,
    composite: u8,
    /// Follows from the rest; only the fast ways ask for it.
    #[cfg(target_pointer_width = "64")]
    plan: Plan,
}

/// One bit of a field's `options` each.
const OTHER_SIGNS: u8 = 1;
const HEX_NIBBLES: u8 = 1 << 1;
const EBCDIC_SIGN: u8 = 1 << 2;
const PADDED: u8 = 1 << 3;
const PART_BYTE: u8 = 1 << 4;

/// Marks a field without parts.
const NO_COMPOSITE: u8 = u8::MAX;

impl Field {
    /// A value that always has `length` units: characters, digits or bytes, as its encoding counts.
    #[must_use]
    pub const fn fixed(class: Class, length: u16) -> Self {
        Self::new(class, Length::Fixed(length))
    }

    /// A binary value of so many bits, as the 1987 manuals count: `bits(64)` is eight bytes.
    ///
    /// A number that is no multiple of eight is refused by the spec.
    #[must_use]
    pub const fn bits(bits: u16) -> Self {
        let field = Self::new(Class::B, Length::Fixed(bits / 8));
        if bits.is_multiple_of(8) { field } else { field.with(PART_BYTE) }
    }

    /// A value of at most `max` units after a length prefix.
    #[must_use]
    pub const fn variable(class: Class, prefix: Prefix, max: u16) -> Self {
        Self::new(class, Length::Variable { prefix, max })
    }

    /// A value of at most `max` units whose length is said by what it lies in; only for parts of a composite.
    #[must_use]
    pub const fn up_to(class: Class, max: u16) -> Self {
        Self::new(class, Length::UpTo(max))
    }

    const fn new(class: Class, length: Length) -> Self {
        let encoding = match class {
            Class::B => Encoding::Binary,
            _ => Encoding::Ascii,
        };
        Self {
            class,
            encoding,
            unit: encoding.unit(),
            length,
            pad: Pad::LEFT_ZERO,
            sensitivity: Sensitivity::Opaque,
            options: 0,
            composite: NO_COMPOSITE,
            #[cfg(target_pointer_width = "64")]
            plan: Plan::NONE,
        }
        .planned()
    }

    #[cfg(target_pointer_width = "64")]
    const fn planned(self) -> Self {
        Self { plan: Plan::of(&self), ..self }
    }

    #[cfg(not(target_pointer_width = "64"))]
    const fn planned(self) -> Self {
        self
    }

    const fn with(self, option: u8) -> Self {
        Self { options: self.options | option, ..self }.planned()
    }

    const fn has(&self, option: u8) -> bool {
        self.options & option != 0
    }

    /// The same field in another encoding, its lengths in that encoding's unit.
    #[must_use]
    pub const fn encoded(self, encoding: Encoding) -> Self {
        Self { encoding, unit: encoding.unit(), ..self }.planned()
    }

    /// The same field with its lengths counted in another unit; to be said after the encoding.
    #[must_use]
    pub const fn counted_in(self, unit: Unit) -> Self {
        Self { unit, ..self }.planned()
    }

    /// The same field with another pad nibble, which matters for an odd number of BCD digits.
    #[must_use]
    pub const fn padded(self, pad: Pad) -> Self {
        Self { pad, ..self }.with(PADDED)
    }

    /// The same field with what its value may reveal.
    #[must_use]
    pub const fn sensitive(self, sensitivity: Sensitivity) -> Self {
        Self { sensitivity, ..self }
    }

    /// The same field with a value that anybody may see: `sensitive(Sensitivity::Public)`.
    #[must_use]
    pub const fn public(self) -> Self {
        self.sensitive(Sensitivity::Public)
    }

    /// The same field with `0`, `+` and `-` admitted as the sign of an x+n value beside `C` and `D`.
    #[must_use]
    pub const fn with_other_signs(self) -> Self {
        self.with(OTHER_SIGNS)
    }

    /// The same field with the nibbles A to F admitted beside packed digits; in class `Z`, D stays the separator.
    #[must_use]
    pub const fn with_hex_nibbles(self) -> Self {
        self.with(HEX_NIBBLES)
    }

    /// The same field with the sign letter before packed digits in EBCDIC.
    #[must_use]
    pub const fn with_ebcdic_sign(self) -> Self {
        self.with(EBCDIC_SIGN)
    }

    /// The same field with its value made of parts, as the spec's composite of this index lays them out.
    #[must_use]
    pub const fn composed(self, composite: u8) -> Self {
        // The last index marks a field without parts; a spec has no composite there, nor at the one before.
        let composite =
            if composite == NO_COMPOSITE { NO_COMPOSITE.wrapping_sub(1) } else { composite };
        Self { composite, ..self }.planned()
    }

    /// Whether values are written in the same way: all but what they may reveal and what their parts are.
    pub(crate) fn is_written_as(&self, other: &Self) -> bool {
        let options = |field: &Self| field.options & !PADDED;
        (self.class, self.encoding, self.unit) == (other.class, other.encoding, other.unit)
            && (self.length, self.pad, options(self)) == (other.length, other.pad, options(other))
    }

    /// Whether signs are admitted that only an x+n value has.
    pub(crate) const fn has_other_signs(&self) -> bool {
        self.has(OTHER_SIGNS)
    }

    /// Whether nibbles A to F are admitted.
    #[inline]
    pub(crate) const fn has_hex_nibbles(&self) -> bool {
        self.has(HEX_NIBBLES)
    }

    /// Whether the sign letter before packed digits is in EBCDIC.
    #[inline]
    pub(crate) const fn has_ebcdic_sign(&self) -> bool {
        self.has(EBCDIC_SIGN)
    }

    /// Whether a pad was named.
    pub(crate) const fn is_padded(&self) -> bool {
        self.has(PADDED)
    }

    /// Whether its bits make no whole bytes.
    pub(crate) const fn has_part_byte(&self) -> bool {
        self.has(PART_BYTE)
    }

    /// Whether an x+n value may begin with this character.
    #[inline]
    pub(crate) const fn admits_sign(&self, sign: u8) -> bool {
        matches!(sign, b'C' | b'D')
            || (self.has_other_signs() && matches!(sign, b'0' | b'+' | b'-'))
    }

    /// Which characters the value may hold.
    #[inline]
    #[must_use]
    pub const fn class(&self) -> Class {
        self.class
    }

    /// How the value's characters are written.
    #[inline]
    #[must_use]
    pub const fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// What the field's lengths count.
    #[inline]
    #[must_use]
    pub const fn unit(&self) -> Unit {
        self.unit
    }

    /// Whether the length is fixed or announced.
    #[inline]
    #[must_use]
    pub const fn length(&self) -> Length {
        self.length
    }

    /// The nibble that fills an odd number of BCD digits.
    #[inline]
    #[must_use]
    pub const fn pad(&self) -> Pad {
        self.pad
    }

    /// What the value may reveal.
    #[inline]
    #[must_use]
    pub const fn sensitivity(&self) -> Sensitivity {
        self.sensitivity
    }

    /// The index of the composite that lays out the value's parts, if it is made of parts.
    #[inline]
    #[must_use]
    pub const fn composite(&self) -> Option<u8> {
        if self.composite == NO_COMPOSITE { None } else { Some(self.composite) }
    }

    #[cfg(target_pointer_width = "64")]
    #[inline]
    pub(crate) const fn plan(&self) -> Plan {
        self.plan
    }

    #[cfg(not(target_pointer_width = "64"))]
    #[inline]
    pub(crate) const fn plan(&self) -> Plan {
        Plan::of(self)
    }

    /// Bytes on the wire of a value of `count` units, without prefix.
    #[inline]
    pub(crate) const fn data_len(&self, count: usize) -> usize {
        match (self.unit, self.encoding) {
            // One byte for the sign letter, the digits packed behind it.
            (Unit::Digits, Encoding::Bcd) if matches!(self.class, Class::Xn) && count > 0 => {
                (count / 2).saturating_add(1)
            }
            (Unit::Digits, Encoding::Bcd) => count.div_ceil(2),
            (Unit::Bytes, Encoding::Hex | Encoding::EbcdicHex) => count.saturating_mul(2),
            _ => count,
        }
    }

    /// The most units of a value.
    #[cfg(feature = "alloc")]
    pub(crate) const fn largest(&self) -> u16 {
        match self.length {
            Length::Fixed(count) | Length::UpTo(count) | Length::Variable { max: count, .. } => {
                count
            }
        }
    }

    /// The most bytes that the length prefix takes.
    pub(crate) const fn widest_head(&self) -> usize {
        match self.length {
            Length::Variable { prefix, .. } => prefix.width() as usize,
            _ => 0,
        }
    }

    /// How many units are in so many bytes on the wire; `None` where they are no whole value.
    pub(crate) const fn count_of(&self, bytes: usize) -> Option<usize> {
        match (self.unit, self.encoding) {
            (Unit::Digits, Encoding::Bcd) if matches!(self.class, Class::Xn) && bytes > 0 => {
                Some(bytes.saturating_mul(2).saturating_sub(1))
            }
            (Unit::Digits, Encoding::Bcd) => Some(bytes.saturating_mul(2)),
            (_, Encoding::Hex | Encoding::EbcdicHex) if bytes % 2 == 1 => None,
            (Unit::Bytes, Encoding::Hex | Encoding::EbcdicHex) => Some(bytes / 2),
            _ => Some(bytes),
        }
    }

    /// Packed digits in a value of so many units, without the sign letter.
    #[inline]
    pub(crate) const fn packed_digits(&self, count: usize) -> usize {
        let signs = if matches!(self.class, Class::Xn) { 1 } else { 0 };
        match self.unit {
            Unit::Bytes => count.saturating_sub(signs).saturating_mul(2),
            _ => count.saturating_sub(signs),
        }
    }

    /// Characters, digits or bytes that a caller gives for a value of so many units, signs included.
    #[inline]
    pub(crate) const fn given_len(&self, count: usize) -> usize {
        match self.encoding {
            Encoding::Bcd => {
                let signs = if matches!(self.class, Class::Xn) && count > 0 { 1 } else { 0 };
                self.packed_digits(count).saturating_add(signs)
            }
            // The sign has no byte of its own.
            Encoding::ZonedAscii | Encoding::ZonedEbcdic if count > 0 => count.saturating_add(1),
            Encoding::Hex | Encoding::EbcdicHex if matches!(self.unit, Unit::Characters) => {
                count / 2
            }
            _ => count,
        }
    }

    /// Whether values may be given as bytes: binary ones, and text in a charset that is not looked into.
    #[inline]
    pub(crate) const fn takes_bytes(&self) -> bool {
        self.is_binary() || matches!(self.encoding, Encoding::Raw)
    }

    /// Whether values are bytes rather than text.
    #[inline]
    pub(crate) const fn is_binary(&self) -> bool {
        matches!(self.class, Class::B)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_entry_is_small() {
        assert!(size_of::<Option<Field>>() <= 22, "{}", size_of::<Option<Field>>());
    }

    #[test]
    fn bytes_and_units() {
        let digits = Field::fixed(Class::N, 3).encoded(Encoding::Bcd);
        assert_eq!(digits.data_len(3), 2);
        assert_eq!(digits.counted_in(Unit::Bytes).data_len(3), 3);
        assert_eq!(digits.counted_in(Unit::Bytes).given_len(3), 6);
        // The sign letter and eight digits: five bytes.
        let amount = Field::fixed(Class::Xn, 9).encoded(Encoding::Bcd);
        assert_eq!((amount.data_len(9), amount.data_len(0)), (5, 0));
        assert_eq!((amount.packed_digits(9), amount.given_len(9)), (8, 9));
        assert_eq!(amount.counted_in(Unit::Bytes).packed_digits(5), 8);
        let zoned = Field::fixed(Class::Xn, 8).encoded(Encoding::ZonedEbcdic);
        assert_eq!((zoned.data_len(8), zoned.given_len(8)), (8, 9));
        let hex = Field::fixed(Class::B, 8).encoded(Encoding::Hex);
        assert_eq!((hex.data_len(8), hex.given_len(8)), (16, 8));
        let hex = hex.counted_in(Unit::Characters);
        assert_eq!((hex.data_len(16), hex.given_len(16)), (16, 8));
        assert_eq!(Field::bits(64), Field::fixed(Class::B, 8));
    }
}
