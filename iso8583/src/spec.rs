//! A dialect as data.

use core::fmt;

use crate::{Class, Encoding, Field, Length};

/// A dialect of ISO 8583: how the message type indicator, the bitmaps and each data element are written.
///
/// A spec is plain data. The table has entry `n` for data element `n`; entries 0 and 1 are `None`,
/// and so are data elements that the dialect does not have. A `const` spec whose table
/// contradicts itself does not compile; one that is put together at run time is refused by
/// [`Spec::try_new`].
///
/// # Examples
/// ```
/// use iso8583_wire::dialect::iso87;
/// use iso8583_wire::{BitmapEncoding, Class, Encoding, Field, MtiEncoding, Prefix, Spec};
///
/// /// ISO 8583:1987 in BCD with field 55 as LLLVAR binary.
/// static TABLE: [Option<Field>; 129] = iso87::with(
///     iso87::BCD_FIELDS,
///     55,
///     Field::variable(Class::B, Prefix::bcd(3), 255),
/// );
/// static ACQUIRER: Spec = Spec::new("acquirer", MtiEncoding::Bcd, BitmapEncoding::Binary, &TABLE);
/// assert_eq!(ACQUIRER.field(55).unwrap().encoding(), Encoding::Binary);
/// ```
/// A contradiction is found when the constant is built:
/// ```compile_fail
/// use iso8583_wire::{BitmapEncoding, Class, Encoding, Field, MtiEncoding, Spec};
///
/// // Letters cannot be packed two a byte.
/// const TABLE: [Option<Field>; 3] =
///     [None, None, Some(Field::fixed(Class::An, 6).encoded(Encoding::Bcd))];
/// const BROKEN: Spec = Spec::new("broken", MtiEncoding::Bcd, BitmapEncoding::Binary, &TABLE);
/// # let _ = BROKEN;
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spec<'a> {
    name: &'a str,
    mti: MtiEncoding,
    bitmap: BitmapEncoding,
    fields: &'a [Option<Field>],
}

/// How the four digits of the message type indicator are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum MtiEncoding {
    /// Four ASCII digits.
    Ascii,
    /// Two bytes of packed digits.
    Bcd,
}

/// How a bitmap is written. The secondary follows the primary where bit 1 announces it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum BitmapEncoding {
    /// 8 bytes a bitmap.
    Binary,
    /// 16 ASCII hexadecimal digits a bitmap; either case is read, upper case is written.
    Hex,
}

impl MtiEncoding {
    /// Bytes on the wire.
    #[inline]
    pub(crate) const fn width(self) -> usize {
        match self {
            Self::Ascii => 4,
            Self::Bcd => 2,
        }
    }
}

impl BitmapEncoding {
    /// Bytes on the wire of one bitmap.
    #[inline]
    pub(crate) const fn width(self) -> usize {
        match self {
            Self::Binary => 8,
            Self::Hex => 16,
        }
    }
}

impl<'a> Spec<'a> {
    /// A spec for a constant.
    ///
    /// # Panics
    /// Where the table contradicts itself, naming the [`SpecRule`]: in a constant that is a
    /// compile error. Use [`Spec::try_new`] for a table that is known only at run time.
    #[must_use]
    #[allow(clippy::panic, reason = "a contradiction in a constant must fail the build")]
    pub const fn new(
        name: &'a str,
        mti: MtiEncoding,
        bitmap: BitmapEncoding,
        fields: &'a [Option<Field>],
    ) -> Self {
        match Self::try_new(name, mti, bitmap, fields) {
            Ok(spec) => spec,
            Err(error) => panic!("{}", error.rule.as_str()),
        }
    }

    /// A spec for a table that is known only at run time.
    ///
    /// # Errors
    /// The first rule that the table breaks, and the entry that breaks it.
    pub const fn try_new(
        name: &'a str,
        mti: MtiEncoding,
        bitmap: BitmapEncoding,
        fields: &'a [Option<Field>],
    ) -> Result<Self, SpecError> {
        if fields.len() > MAX_ENTRIES {
            return Err(SpecError { rule: SpecRule::TableTooLong, field: 0 });
        }
        let mut rest = fields;
        let mut number: u8 = 0;
        while let [entry, tail @ ..] = rest {
            if let Some(field) = entry
                && let Some(rule) = broken_rule(number, field)
            {
                return Err(SpecError { rule, field: number });
            }
            rest = tail;
            number = number.saturating_add(1);
        }
        Ok(Self { name, mti, bitmap, fields })
    }

    /// The same dialect with its bitmaps written in another way.
    #[must_use]
    pub const fn with_bitmap(self, bitmap: BitmapEncoding) -> Self {
        Self { bitmap, ..self }
    }

    /// The dialect's name, as tools write it: `iso87-bcd`.
    #[must_use]
    pub const fn name(&self) -> &'a str {
        self.name
    }

    /// How the message type indicator is written.
    #[inline]
    #[must_use]
    pub const fn mti_encoding(&self) -> MtiEncoding {
        self.mti
    }

    /// How the bitmaps are written.
    #[inline]
    #[must_use]
    pub const fn bitmap_encoding(&self) -> BitmapEncoding {
        self.bitmap
    }

    /// The definition of a data element, if the dialect has it.
    #[inline]
    #[must_use]
    pub fn field(&self, number: u8) -> Option<&'a Field> {
        self.fields.get(usize::from(number))?.as_ref()
    }
}

/// Entries 0 to 128: what two bitmaps announce.
const MAX_ENTRIES: usize = 129;

const fn broken_rule(number: u8, field: &Field) -> Option<SpecRule> {
    if number < 2 {
        return Some(SpecRule::NoDataElement);
    }
    let together = match field.encoding() {
        Encoding::Binary | Encoding::Hex => matches!(field.class(), Class::B),
        Encoding::Ascii => !matches!(field.class(), Class::B),
        Encoding::Bcd => matches!(field.class(), Class::N | Class::Z | Class::Xn),
    };
    if !together {
        return Some(SpecRule::ClassEncoding);
    }
    if field.has_other_signs() && !matches!(field.class(), Class::Xn) {
        return Some(SpecRule::SignsWithoutSign);
    }
    let max = match field.length() {
        Length::Fixed(length) => length,
        Length::Variable { prefix, max } => {
            match prefix.largest() {
                None => return Some(SpecRule::PrefixWidth),
                Some(largest) if max > largest => return Some(SpecRule::PrefixTooNarrow),
                Some(_) => {}
            }
            max
        }
    };
    match (max, field.class()) {
        (0, _) => Some(SpecRule::NoLength),
        (1, Class::Xn) => Some(SpecRule::SignWithoutDigits),
        _ => None,
    }
}

/// A spec that contradicts itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SpecError {
    rule: SpecRule,
    field: u8,
}

impl SpecError {
    /// The rule that is broken.
    #[must_use]
    pub const fn rule(&self) -> SpecRule {
        self.rule
    }

    /// The entry that breaks it; 0 where it is the table as a whole.
    #[must_use]
    pub const fn field(&self) -> u8 {
        self.field
    }
}

impl fmt::Display for SpecError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "spec entry {}: {}", self.field, self.rule.as_str())
    }
}

impl core::error::Error for SpecError {}

/// What a spec must keep to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SpecRule {
    /// A table has at most 129 entries: the encoding of a third bitmap is not known yet.
    TableTooLong,
    /// Entries 0 and 1 are no data elements.
    NoDataElement,
    /// Binary and hex are for class B alone, BCD for N, Z and Xn, ASCII for all but B.
    ClassEncoding,
    /// A length prefix has 1 to 6 digits.
    PrefixWidth,
    /// The prefix has too few digits for the maximum.
    PrefixTooNarrow,
    /// A value has room for at least one unit.
    NoLength,
    /// An x+n value counts its sign and has at least one digit.
    SignWithoutDigits,
    /// Only an x+n value has a sign.
    SignsWithoutSign,
}

impl SpecRule {
    /// The rule in words.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::TableTooLong => "a table has at most 129 entries, 0 to 128",
            Self::NoDataElement => "entries 0 and 1 are no data elements and must be None",
            Self::ClassEncoding => {
                "class and encoding do not go together: binary and hex are for b alone, BCD for n, z and x+n, ASCII for all but b"
            }
            Self::PrefixWidth => "a length prefix has 1 to 6 digits",
            Self::PrefixTooNarrow => "the length prefix has too few digits for the maximum",
            Self::NoLength => "a value needs room for at least one unit",
            Self::SignWithoutDigits => "an x+n value counts its sign and needs a digit too",
            Self::SignsWithoutSign => "only an x+n value has a sign",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Prefix;

    fn rule(field: Field) -> Option<SpecRule> {
        let table = [None, None, Some(field)];
        Spec::try_new("t", MtiEncoding::Ascii, BitmapEncoding::Hex, &table).err().map(|e| e.rule())
    }

    #[test]
    fn each_rule_is_held() {
        use Encoding::{Ascii, Bcd, Binary, Hex};
        let n = Field::fixed(Class::N, 6);
        let b = Field::fixed(Class::B, 8);
        for (field, expected) in [
            (n, None),
            (n.encoded(Bcd), None),
            (b, None),
            (b.encoded(Hex), None),
            (n.encoded(Binary), Some(SpecRule::ClassEncoding)),
            (n.encoded(Hex), Some(SpecRule::ClassEncoding)),
            (b.encoded(Ascii), Some(SpecRule::ClassEncoding)),
            (b.encoded(Bcd), Some(SpecRule::ClassEncoding)),
            (Field::fixed(Class::Ans, 3).encoded(Bcd), Some(SpecRule::ClassEncoding)),
            (Field::fixed(Class::N, 0), Some(SpecRule::NoLength)),
            (Field::fixed(Class::Xn, 1), Some(SpecRule::SignWithoutDigits)),
            (Field::variable(Class::N, Prefix::ascii(0), 0), Some(SpecRule::PrefixWidth)),
            (Field::variable(Class::N, Prefix::bcd(7), 19), Some(SpecRule::PrefixWidth)),
            (Field::variable(Class::N, Prefix::bcd(2), 100), Some(SpecRule::PrefixTooNarrow)),
            (Field::variable(Class::N, Prefix::bcd(2), 99), None),
            (Field::fixed(Class::Xn, 9).with_other_signs(), None),
            (n.with_other_signs(), Some(SpecRule::SignsWithoutSign)),
        ] {
            assert_eq!(rule(field), expected, "{field:?}");
        }
    }

    #[test]
    fn the_table_starts_at_two_and_ends_at_128() {
        let entry = Some(Field::fixed(Class::N, 1));
        let refused = |table: &[Option<Field>]| {
            let error = Spec::try_new("t", MtiEncoding::Ascii, BitmapEncoding::Hex, table);
            error.err().map(|e| (e.rule(), e.field()))
        };
        assert_eq!(refused(&[entry]), Some((SpecRule::NoDataElement, 0)));
        assert_eq!(refused(&[None, entry]), Some((SpecRule::NoDataElement, 1)));
        assert_eq!(refused(&[None; 129]), None);
        assert_eq!(refused(&[None; 130]), Some((SpecRule::TableTooLong, 0)));
    }
}
