//! What can be wrong, and where.

use core::fmt;

/// What is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The input ends inside a tag.
    TruncatedTag,
    /// A tag goes on after its fourth byte.
    TagTooLong,
    /// The byte 00, which pads, stands where a tag must; or FF FF does, in what is written for lenient readers.
    ZeroTag,
    /// The input or the enclosing template ends before or inside a length.
    TruncatedLength,
    /// The length byte is 80, BER's indefinite form, which EMV does not have.
    IndefiniteLength,
    /// A length of more than four bytes, or a value that no such length can count.
    LengthTooLong,
    /// A value reaches past the end of the input or of the enclosing template.
    TruncatedValue,
    /// Bytes are left over after what was to be read.
    TrailingBytes,
    /// Templates are nested deeper than the walk's limit.
    TooDeep,
    /// There are more objects than the walk's budget.
    TooManyObjects,
    /// The input is longer than 4,294,967,295 bytes, which offsets cannot count.
    InputTooLong,
    /// The buffer does not hold what is to be written.
    BufferTooSmall,
    /// A constructed tag was given for a primitive object, or a primitive one for a template.
    WrongForm,
    /// A character that is no part of a tag or tag path in hexadecimal.
    InvalidText,
    /// An object has another tag than what is read from it.
    WrongTag,
    /// A value is shorter or longer than its element may be.
    WrongLength,
    /// A value has a digit, character or filler that its element may not have there.
    InvalidDigit,
    /// A byte of a value has a meaning that its element may not have there.
    InvalidValue,
    /// No object stands where one must, or where a path leads.
    NotFound,
    /// An object stands a second time where it may only once.
    Duplicate,
    /// A command has more data than its length can count.
    DataTooLong,
}

impl ErrorKind {
    /// The kind's name in snake case, as programs exchange it: `truncated_value`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::TruncatedTag => "truncated_tag",
            Self::TagTooLong => "tag_too_long",
            Self::ZeroTag => "zero_tag",
            Self::TruncatedLength => "truncated_length",
            Self::IndefiniteLength => "indefinite_length",
            Self::LengthTooLong => "length_too_long",
            Self::TruncatedValue => "truncated_value",
            Self::TrailingBytes => "trailing_bytes",
            Self::TooDeep => "too_deep",
            Self::TooManyObjects => "too_many_objects",
            Self::InputTooLong => "input_too_long",
            Self::BufferTooSmall => "buffer_too_small",
            Self::WrongForm => "wrong_form",
            Self::InvalidText => "invalid_text",
            Self::WrongTag => "wrong_tag",
            Self::WrongLength => "wrong_length",
            Self::InvalidDigit => "invalid_digit",
            Self::InvalidValue => "invalid_value",
            Self::NotFound => "not_found",
            Self::Duplicate => "duplicate",
            Self::DataTooLong => "data_too_long",
        }
    }

    const fn message(self) -> &'static str {
        match self {
            Self::TruncatedTag => "tag is cut short",
            Self::TagTooLong => "tag is longer than four bytes",
            Self::ZeroTag => "padding where a tag must stand",
            Self::TruncatedLength => "length is cut short",
            Self::IndefiniteLength => "length is indefinite",
            Self::LengthTooLong => "length is longer than four bytes",
            Self::TruncatedValue => "value is cut short",
            Self::TrailingBytes => "bytes are left over",
            Self::TooDeep => "templates are nested too deep",
            Self::TooManyObjects => "too many objects",
            Self::InputTooLong => "input is too long",
            Self::BufferTooSmall => "buffer is too small",
            Self::WrongForm => "tag is constructed where primitive is due, or the reverse",
            Self::InvalidText => "text is no tag",
            Self::WrongTag => "tag is not of the element that is read",
            Self::WrongLength => "value is too short or too long for its element",
            Self::InvalidDigit => "value has a digit that its element may not have",
            Self::InvalidValue => "value is none that its element may have",
            Self::NotFound => "object is not there",
            Self::Duplicate => "object stands there twice",
            Self::DataTooLong => "command data is too long",
        }
    }
}

/// An error: what is wrong, and the byte where.
///
/// It holds no byte of the input, so it may be logged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Error {
    kind: ErrorKind,
    offset: u32,
}

impl Error {
    #[inline]
    pub(crate) const fn new(kind: ErrorKind, offset: u32) -> Self {
        Self { kind, offset }
    }

    /// An error at a place in a slice; a place that 32 bits cannot count becomes the last that they can.
    #[allow(clippy::cast_possible_truncation, reason = "compared before")]
    pub(crate) const fn at(kind: ErrorKind, position: usize) -> Self {
        Self::new(kind, if position < u32::MAX as usize { position as u32 } else { u32::MAX })
    }

    /// What is wrong.
    #[inline]
    #[must_use]
    pub const fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// Where: bytes from the first that the caller gave, nested or not.
    ///
    /// It is the first byte of the item at fault: of the tag, of the length field, or of the value.
    /// For an error of writing it counts in the buffer written, for one of reading text in the text.
    #[inline]
    #[must_use]
    pub const fn offset(&self) -> u32 {
        self.offset
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at byte {}", self.kind.message(), self.offset)
    }
}

impl core::error::Error for Error {}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use std::string::ToString;

    #[test]
    fn shows_kind_and_place_in_one_line() {
        let error = Error::new(ErrorKind::TruncatedValue, 9);
        assert_eq!(error.to_string(), "value is cut short at byte 9");
        assert_eq!(error.kind().as_str(), "truncated_value");
    }

    #[test]
    fn a_place_past_32_bits_is_clamped() {
        assert_eq!(Error::at(ErrorKind::TruncatedTag, usize::MAX).offset(), u32::MAX);
    }
}
