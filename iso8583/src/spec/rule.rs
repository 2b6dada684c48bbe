//! The rules of a spec, and which one a definition breaks.

use core::fmt;

/// A spec that contradicts itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SpecError {
    rule: SpecRule,
    place: Place,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Field(u16),
    Subfield(u16),
    Composite(u16),
}

impl SpecError {
    pub(super) const fn field(rule: SpecRule, index: usize) -> Self {
        Self { rule, place: Place::Field(index_u16(index)) }
    }

    pub(super) const fn subfield(rule: SpecRule, index: usize) -> Self {
        Self { rule, place: Place::Subfield(index_u16(index)) }
    }

    pub(super) const fn composite(rule: SpecRule, index: usize) -> Self {
        Self { rule, place: Place::Composite(index_u16(index)) }
    }

    /// The rule that is broken.
    #[must_use]
    pub const fn rule(&self) -> SpecRule {
        self.rule
    }

    /// The index of the entry that breaks it, in the table that [`SpecError::table`] names; 0 where it is the table as
    /// a whole.
    #[must_use]
    pub const fn index(&self) -> u16 {
        match self.place {
            Place::Field(index) | Place::Subfield(index) | Place::Composite(index) => index,
        }
    }

    /// The table of the entry that breaks it: `fields`, `subfields` or `composites`.
    #[must_use]
    pub const fn table(&self) -> &'static str {
        match self.place {
            Place::Field(_) => "fields",
            Place::Subfield(_) => "subfields",
            Place::Composite(_) => "composites",
        }
    }
}

#[allow(clippy::cast_possible_truncation, reason = "tables longer than that are refused first")]
const fn index_u16(index: usize) -> u16 {
    index as u16
}

impl fmt::Display for SpecError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}[{}]: {}", self.table(), self.index(), self.rule.as_str())
    }
}

impl core::error::Error for SpecError {}

macro_rules! rules {
    ($($rule:ident = $name:literal, $words:literal;)+) => {
        /// What a spec must keep to.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum SpecRule {
            $(#[doc = concat!($words, ".")] $rule,)+
        }

        impl SpecRule {
            /// The rule's name in snake case, for machine-readable output.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$rule => $name,)+
                }
            }

            /// The rule in words.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$rule => $words,)+
                }
            }

            /// Name and words, for a constant that does not compile.
            pub(super) const fn named(self) -> &'static str {
                match self {
                    $(Self::$rule => concat!($name, ": ", $words),)+
                }
            }
        }
    };
}

rules! {
    TableTooLong = "table_too_long",
        "a table has no entries beyond what its bitmaps announce, nor more than its indices can say";
    NoDataElement = "no_data_element",
        "entry 0 and entries whose bit announces a bitmap are no data elements and must be None";
    ClassEncoding = "class_encoding",
        "class and encoding do not go together: binary and hexadecimal text are for b alone, BCD for n, z and x+n, zoned decimal for x+n, raw text for ans and any, other text for all but b";
    UnitEncoding = "unit_encoding",
        "unit and encoding do not go together: digits are counted of BCD and zoned decimal, characters of text of one byte a character, zoned decimal too";
    PrefixSize = "prefix_size",
        "a length prefix has a size of 1 to 6";
    PrefixTooNarrow = "prefix_too_narrow",
        "the length prefix is too small for the maximum";
    CountsItself = "counts_itself",
        "a length that counts itself counts bytes on the wire: not digits, not bytes of hexadecimal text, and not in BER";
    NoLength = "no_length",
        "a value needs room for at least one unit";
    SignWithoutDigits = "sign_without_digits",
        "an x+n value counts its sign, where that has a place of its own, and needs a digit too";
    SignsWithoutSign = "signs_without_sign",
        "only an x+n value has a sign";
    PartByte = "part_byte",
        "bits come in whole bytes: a multiple of eight";
    OddHexDigits = "odd_hex_digits",
        "two hexadecimal digits make a byte: their number is even";
    PadWithoutNibble = "pad_without_nibble",
        "only packed digits that are counted in digits have a pad nibble";
    HexNibblesWithoutNibbles = "hex_nibbles_without_nibbles",
        "only packed digits of classes n and z have nibbles A to F";
    EbcdicSignWithoutSign = "ebcdic_sign_without_sign",
        "only an x+n value of packed digits has its sign letter before them";
    LengthFromNowhere = "length_from_nowhere",
        "a value without a length of its own stands in a tagged composite or last in a positional one";
    DigitsFromNowhere = "digits_from_nowhere",
        "packed digits whose number nothing says count bytes";
    PartsMissLength = "parts_miss_length",
        "no number of fixed parts makes the fixed length of the field, or its bitmap has no room in it";
    PrefixInTagged = "prefix_in_tagged",
        "a part of a tagged composite has no prefix of its own";
    CompositeIndex = "composite_index",
        "a field names a composite of the spec, a part a later one than its own, no deeper than four numbers";
    CompositeEncoding = "composite_encoding",
        "a field that is made of parts is binary or text; one of BER-TLV is binary, raw or hexadecimal text";
    CompositeRange = "composite_range",
        "a composite's parts are a range of the table of subfields";
    PartNumbers = "part_numbers",
        "a composite's parts are in ascending order of numbers that its layout can tell apart";
    CompositeBitmap = "composite_bitmap",
        "a bitmap of a composite has 1 to 32 bytes, and only such a composite has a header";
    TagSize = "tag_size",
        "a tag has a size of 1 to 4";
}
