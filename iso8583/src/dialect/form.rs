//! How the rows of an edition's table of data elements are written: as text, packed, or in EBCDIC.

use crate::{Class, Encoding, Field, Pad, Prefix, Sensitivity};

use super::iso87::with;

/// Data elements `first` to `last` of a table, all alike.
pub(super) struct Row {
    first: u16,
    last: u16,
    class: Class,
    size: Size,
    sensitivity: Sensitivity,
}

/// How long a data element is: always so long, or at most so long after two, three or four digits of length.
#[derive(Clone, Copy)]
pub(super) enum Size {
    Is(u16),
    UpTo2(u16),
    UpTo3(u16),
    UpTo4(u16),
}

/// One data element.
pub(super) const fn one(number: u16, class: Class, size: Size, sensitivity: Sensitivity) -> Row {
    many(number, number, class, size, sensitivity)
}

/// Neighbouring data elements that are alike.
pub(super) const fn many(
    first: u16,
    last: u16,
    class: Class,
    size: Size,
    sensitivity: Sensitivity,
) -> Row {
    Row { first, last, class, size, sensitivity }
}

/// How digits, text and lengths are written throughout a dialect.
#[derive(Clone, Copy)]
pub(super) enum Form {
    /// Everything in ASCII, binary values of fixed length in hexadecimal digits.
    Ascii,
    /// Digits and lengths packed, text in ASCII; the odd nibble of fixed lengths where the pad says.
    Packed(Pad),
    /// Everything in EBCDIC but binary values.
    Ebcdic,
}

impl Form {
    /// Packed, with the odd nibble of fixed lengths on the left.
    pub(super) const BCD: Self = Self::Packed(Pad::LEFT_ZERO);

    /// A table of data elements.
    pub(super) const fn fields<const N: usize>(self, rows: &[Row]) -> [Option<Field>; N] {
        let mut table = [None; N];
        let mut rest = rows;
        while let [row, others @ ..] = rest {
            let mut number = row.first;
            while number <= row.last {
                table = with(table, number, self.field(row.class, row.size, row.sensitivity));
                number = number.saturating_add(1);
            }
            rest = others;
        }
        table
    }

    /// A data element.
    pub(super) const fn field(self, class: Class, size: Size, sensitivity: Sensitivity) -> Field {
        let (field, is_fixed) = match size {
            Size::Is(length) => (Field::fixed(class, length), true),
            Size::UpTo2(max) => (Field::variable(class, self.prefix(2), max), false),
            Size::UpTo3(max) => (Field::variable(class, self.prefix(3), max), false),
            Size::UpTo4(max) => (Field::variable(class, self.prefix(4), max), false),
        };
        let field = field.sensitive(sensitivity);
        let field = match class {
            // Older senders leave the sign of a fee at 0.
            Class::Xn => field.with_other_signs(),
            _ => field,
        };
        match (self, class) {
            (Self::Packed(_), Class::Z) => field.encoded(Encoding::Bcd).padded(Pad::RIGHT_ANY),
            (Self::Packed(pad), Class::N | Class::Xn) => {
                let pad = if is_fixed { pad } else { Pad::RIGHT_ZERO };
                field.encoded(Encoding::Bcd).padded(pad)
            }
            (Self::Ascii, Class::B) if is_fixed => field.encoded(Encoding::Hex),
            (Self::Ebcdic, Class::B) => field,
            (Self::Ebcdic, _) => field.encoded(Encoding::Ebcdic037),
            _ => field,
        }
    }

    /// A length of so many digits.
    const fn prefix(self, digits: u8) -> Prefix {
        match self {
            Self::Ascii => Prefix::ascii(digits),
            Self::Packed(_) => Prefix::bcd(digits),
            Self::Ebcdic => Prefix::ebcdic(digits),
        }
    }
}
