//! How one data element is written on the wire.

use crate::Class;

/// The definition of one data element: class, length, encoding, padding and sensitivity.
///
/// Every part is plain data, so that a table of them lives in flash. What a part is not told is
/// what the field's encoding usually has: text in ASCII, an odd digit padded with 0 on the left,
/// no sensitivity.
///
/// # Examples
/// ```
/// use iso8583_wire::{Class, Encoding, Field, Pad, Prefix, Sensitivity};
///
/// /// n..19, the length as one BCD byte, the digits packed and padded on the right.
/// const PAN: Field = Field::variable(Class::N, Prefix::bcd(2), 19)
///     .encoded(Encoding::Bcd)
///     .padded(Pad::RIGHT_ZERO)
///     .sensitive(Sensitivity::Pan);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    class: Class,
    encoding: Encoding,
    length: Length,
    pad: Pad,
    sensitivity: Sensitivity,
    other_signs: bool,
}

/// How the bytes of a value stand for its characters, and with that the unit that lengths count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Encoding {
    /// One ASCII character a byte; lengths count characters.
    Ascii,
    /// Two decimal digits a byte; lengths count digits. In class `Z` nibble D is the separator
    /// `=`; in class `Xn` the sign letter stands before the digits as one ASCII byte and counts.
    Bcd,
    /// The bytes themselves; lengths count bytes. Only for class `B`.
    Binary,
    /// Two ASCII hexadecimal digits a byte of the value; lengths count bytes of the value. Only for class `B`.
    Hex,
}

/// Whether a value always has one length or announces it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Length {
    /// So many units, always.
    Fixed(u16),
    /// At most `max` units, announced by a prefix.
    Variable {
        /// How the length is written.
        prefix: Prefix,
        /// The most units that the spec allows.
        max: u16,
    },
}

/// How a length is written before a value of variable length.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Prefix {
    pub(crate) encoding: PrefixEncoding,
    /// Decimal digits, 1 to 6.
    pub(crate) digits: u8,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum PrefixEncoding {
    Ascii,
    Bcd,
}

/// The nibble that fills an odd number of BCD digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Pad {
    /// Where the nibble stands.
    pub side: PadSide,
    /// Which nibble it is.
    pub nibble: PadNibble,
}

/// The side of the pad nibble.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PadSide {
    /// Before the digits.
    Left,
    /// After the digits.
    Right,
}

/// The value of the pad nibble.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PadNibble {
    /// 0.
    Zero,
    /// F.
    F,
    /// Whatever comes in; 0 is written. For links whose ends do not agree.
    Any,
}

/// What a value may reveal, and with that what `Debug` and `Display` show of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Sensitivity {
    /// Shown as it is.
    Public,
    /// A primary account number: first six and last four digits are shown.
    Pan,
    /// Track data; only the length is shown.
    Track,
    /// An enciphered PIN block; only the length is shown.
    Pin,
    /// A message authentication code or key material; only the length is shown.
    Key,
    /// The cardholder's data, such as an expiry date; only the length is shown.
    Cardholder,
    /// Content that the spec does not know, which may be any of the above; only the length is shown.
    Opaque,
}

impl Prefix {
    /// A length in ASCII decimal digits, one a byte: `ascii(2)` is LLVAR.
    #[must_use]
    pub const fn ascii(digits: u8) -> Self {
        Self { encoding: PrefixEncoding::Ascii, digits }
    }

    /// A length in BCD digits, two a byte, with a leading 0 where their number is odd: `bcd(3)` takes two bytes.
    #[must_use]
    pub const fn bcd(digits: u8) -> Self {
        Self { encoding: PrefixEncoding::Bcd, digits }
    }

    /// Decimal digits of the length.
    #[must_use]
    pub const fn digits(&self) -> u8 {
        self.digits
    }

    /// The largest length that the digits can say; `None` where there are none or too many.
    pub(crate) const fn largest(&self) -> Option<u16> {
        match self.digits {
            1 => Some(9),
            2 => Some(99),
            3 => Some(999),
            4 => Some(9_999),
            5 | 6 => Some(u16::MAX),
            _ => None,
        }
    }

    /// Bytes on the wire.
    #[inline]
    #[must_use]
    pub const fn width(&self) -> u8 {
        match self.encoding {
            PrefixEncoding::Ascii => self.digits,
            PrefixEncoding::Bcd => self.digits.div_ceil(2),
        }
    }
}

impl Pad {
    /// 0 before the digits.
    pub const LEFT_ZERO: Self = Self { side: PadSide::Left, nibble: PadNibble::Zero };
    /// 0 after the digits.
    pub const RIGHT_ZERO: Self = Self { side: PadSide::Right, nibble: PadNibble::Zero };
    /// F before the digits.
    pub const LEFT_F: Self = Self { side: PadSide::Left, nibble: PadNibble::F };
    /// F after the digits.
    pub const RIGHT_F: Self = Self { side: PadSide::Right, nibble: PadNibble::F };
    /// Anything after the digits; 0 is written.
    pub const RIGHT_ANY: Self = Self { side: PadSide::Right, nibble: PadNibble::Any };

    /// Whether a nibble that came in is the one that the spec names.
    #[inline]
    pub(crate) const fn admits(self, nibble: u8) -> bool {
        match self.nibble {
            PadNibble::Zero => nibble == 0,
            PadNibble::F => nibble == 0xF,
            PadNibble::Any => true,
        }
    }

    /// The nibble to write.
    #[inline]
    pub(crate) const fn written(self) -> u8 {
        match self.nibble {
            PadNibble::Zero | PadNibble::Any => 0,
            PadNibble::F => 0xF,
        }
    }
}

impl Field {
    /// A value that always has `length` units: characters, digits or bytes, as its encoding counts.
    #[must_use]
    pub const fn fixed(class: Class, length: u16) -> Self {
        Self::new(class, Length::Fixed(length))
    }

    /// A value of at most `max` units after a length prefix.
    #[must_use]
    pub const fn variable(class: Class, prefix: Prefix, max: u16) -> Self {
        Self::new(class, Length::Variable { prefix, max })
    }

    const fn new(class: Class, length: Length) -> Self {
        let encoding = match class {
            Class::B => Encoding::Binary,
            _ => Encoding::Ascii,
        };
        Self {
            class,
            encoding,
            length,
            pad: Pad::LEFT_ZERO,
            sensitivity: Sensitivity::Public,
            other_signs: false,
        }
    }

    /// The same field in another encoding.
    #[must_use]
    pub const fn encoded(self, encoding: Encoding) -> Self {
        Self { encoding, ..self }
    }

    /// The same field with another pad nibble, which matters for an odd number of BCD digits.
    #[must_use]
    pub const fn padded(self, pad: Pad) -> Self {
        Self { pad, ..self }
    }

    /// The same field with what its value may reveal.
    #[must_use]
    pub const fn sensitive(self, sensitivity: Sensitivity) -> Self {
        Self { sensitivity, ..self }
    }

    /// The same field with `0`, `+` and `-` admitted as the sign of an x+n value beside `C` and `D`.
    #[must_use]
    pub const fn with_other_signs(self) -> Self {
        Self { other_signs: true, ..self }
    }

    /// Whether signs are admitted that only an x+n value has.
    pub(crate) const fn has_other_signs(&self) -> bool {
        self.other_signs
    }

    /// Whether an x+n value may begin with this character.
    #[inline]
    pub(crate) const fn admits_sign(&self, sign: u8) -> bool {
        matches!(sign, b'C' | b'D') || (self.other_signs && matches!(sign, b'0' | b'+' | b'-'))
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

    /// Bytes of the length prefix; 0 for a fixed length.
    #[inline]
    pub(crate) const fn prefix_width(&self) -> usize {
        match self.length {
            Length::Fixed(_) => 0,
            Length::Variable { prefix, .. } => prefix.width() as usize,
        }
    }

    /// Bytes on the wire of a value of `count` units, without prefix.
    #[inline]
    pub(crate) const fn data_len(&self, count: usize) -> usize {
        match (self.encoding, self.class) {
            (Encoding::Ascii | Encoding::Binary, _) => count,
            // One byte for the sign letter, the digits packed behind it.
            (Encoding::Bcd, Class::Xn) if count > 0 => (count / 2).saturating_add(1),
            (Encoding::Bcd, _) => count.div_ceil(2),
            (Encoding::Hex, _) => count.saturating_mul(2),
        }
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
        assert!(size_of::<Option<Field>>() <= 12, "{}", size_of::<Option<Field>>());
    }

    #[test]
    fn widths_on_the_wire() {
        assert_eq!(Prefix::ascii(3).width(), 3);
        assert_eq!((Prefix::bcd(2).width(), Prefix::bcd(3).width()), (1, 2));
        let digits = Field::fixed(Class::N, 3).encoded(Encoding::Bcd);
        assert_eq!(digits.data_len(3), 2);
        // The sign letter and eight digits: five bytes.
        let amount = Field::fixed(Class::Xn, 9).encoded(Encoding::Bcd);
        assert_eq!((amount.data_len(9), amount.data_len(0)), (5, 0));
        assert_eq!(Field::fixed(Class::B, 8).encoded(Encoding::Hex).data_len(8), 16);
    }
}
