//! What went wrong, in which data element, at which byte.

use core::fmt;

use crate::{Class, Path};

/// A message that cannot be read or written, with the place at fault.
///
/// The offset counts bytes from the first byte that the caller gave and names the first byte of the
/// item at fault: its length prefix where the prefix is wrong, its data where the data is.
///
/// # Security
/// Neither `Debug` nor `Display` shows a value of the message; of a length prefix at most five digits. A path may hold a
/// tag that was read, which is what the sender put there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Error {
    kind: ErrorKind,
    offset: u32,
    path: Path,
}

impl Error {
    #[cold]
    pub(crate) const fn new(kind: ErrorKind, offset: usize, path: Path) -> Self {
        // Every offset lies within a message of at most 65,535 bytes or its caller's buffer.
        #[allow(clippy::cast_possible_truncation, reason = "saturated to a u32 before")]
        let offset = if offset > u32::MAX as usize { u32::MAX } else { offset as u32 };
        Self { kind, offset, path }
    }

    /// The rule that was broken.
    #[inline]
    #[must_use]
    pub const fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// The first byte of the item at fault, counted from the first byte that the caller gave.
    #[inline]
    #[must_use]
    pub const fn offset(&self) -> u32 {
        self.offset
    }

    /// The data element at fault.
    #[inline]
    #[must_use]
    pub const fn path(&self) -> Path {
        self.path
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at byte {}: {}", Labelled(self.path), self.offset, self.kind)
    }
}

impl core::error::Error for Error {}

/// The rule that was broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum ErrorKind {
    /// The message ends inside the item.
    Truncated {
        /// Bytes that the item takes.
        needed: u32,
        /// Bytes that are left for it.
        available: u32,
    },
    /// Bytes are left over after the last data element.
    TrailingBytes {
        /// How many.
        count: u32,
    },
    /// The message is longer than 65,535 bytes.
    MessageTooLong,
    /// The message type indicator is not four decimal digits.
    InvalidMti,
    /// The bitmap holds a character that is no hexadecimal digit, or that of a dataset does not end within the dataset
    /// and 32 bytes.
    InvalidBitmap,
    /// The bitmap announces a data element that the spec does not define.
    UndefinedField,
    /// The length prefix is no number in its notation.
    InvalidLength,
    /// The length counts its own prefix and is smaller than that.
    LengthBelowItself,
    /// A half of a byte is left over: an odd number of hexadecimal digits, or of digits where bytes are counted.
    OddLength,
    /// The value is longer than the spec allows.
    LengthAboveMaximum {
        /// The length found, in the field's unit; 1,000 stands for that and more, so that digits
        /// that are no length at all, but a card number read at the wrong place, are not shown.
        length: u16,
        /// The most that the spec allows.
        maximum: u16,
    },
    /// The value of a fixed-length field has another length.
    WrongLength {
        /// The length given, in the field's unit.
        length: u32,
        /// The length that the spec fixes.
        expected: u16,
    },
    /// The value holds a character that its class does not admit.
    InvalidCharacter {
        /// The field's class.
        class: Class,
        /// Which byte of the value, counted from 0.
        index: u16,
    },
    /// The nibble that fills an odd number of digits is not the one that the spec names.
    InvalidPad,
    /// The message does not carry the data element.
    MissingField,
    /// The message carries a data element that its type or its other fields forbid.
    ForbiddenField,
    /// Data elements are written in ascending order, each once, and so are parts behind a bitmap; parts one after the
    /// other leave none out. This one comes too late or too early.
    FieldOrder {
        /// The last one that was written; 0 where there is none.
        after: u16,
    },
    /// Nothing is said in return to a message of this type: it is an answer itself, or a notification.
    NotAnswered,
    /// A path is one to four numbers with dots between them, each up to 65,534.
    InvalidPath,
    /// A text was given to a binary field, or bytes to a text field.
    WrongValueType,
    /// The field was read under another definition than the one that it is to be written with.
    DefinitionMismatch,
    /// The caller's buffer cannot hold the result.
    BufferTooSmall {
        /// Bytes needed in all.
        needed: u32,
        /// Bytes that the buffer has.
        available: u32,
    },
}

/// The longest length that [`ErrorKind::LengthAboveMaximum`] tells.
const LONGEST_SHOWN: u16 = 1_000;

impl ErrorKind {
    /// A length above the maximum, no more of it than may be told.
    pub(crate) fn above_maximum(length: usize, maximum: u16) -> Self {
        let length = u16::try_from(length).unwrap_or(LONGEST_SHOWN).min(LONGEST_SHOWN);
        Self::LengthAboveMaximum { length, maximum }
    }

    /// The kind's name in snake case, for logs and machine-readable output.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Truncated { .. } => "truncated",
            Self::TrailingBytes { .. } => "trailing_bytes",
            Self::MessageTooLong => "message_too_long",
            Self::InvalidMti => "invalid_mti",
            Self::InvalidBitmap => "invalid_bitmap",
            Self::UndefinedField => "undefined_field",
            Self::InvalidLength => "invalid_length",
            Self::LengthBelowItself => "length_below_itself",
            Self::OddLength => "odd_length",
            Self::LengthAboveMaximum { .. } => "length_above_maximum",
            Self::WrongLength { .. } => "wrong_length",
            Self::InvalidCharacter { .. } => "invalid_character",
            Self::InvalidPad => "invalid_pad",
            Self::MissingField => "missing_field",
            Self::ForbiddenField => "forbidden_field",
            Self::FieldOrder { .. } => "field_order",
            Self::NotAnswered => "not_answered",
            Self::InvalidPath => "invalid_path",
            Self::WrongValueType => "wrong_value_type",
            Self::DefinitionMismatch => "definition_mismatch",
            Self::BufferTooSmall { .. } => "buffer_too_small",
        }
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Truncated { needed, available } => {
                write!(f, "bytes needed: {needed}, bytes left: {available}")
            }
            Self::TrailingBytes { count } => {
                write!(f, "bytes left over after the last data element: {count}")
            }
            Self::MessageTooLong => f.write_str("a message has at most 65535 bytes"),
            Self::InvalidMti => f.write_str("the message type indicator is not four digits"),
            Self::InvalidBitmap => f.write_str(
                "the bitmap is not hexadecimal, or a dataset's does not end within it and 32 bytes",
            ),
            Self::UndefinedField => f.write_str("the spec does not define this data element"),
            Self::InvalidLength => f.write_str("the length prefix is no number in its notation"),
            Self::LengthBelowItself => {
                f.write_str("the length counts its own prefix and is smaller than that")
            }
            Self::OddLength => f.write_str("half a byte is left over: the number of digits is odd"),
            Self::LengthAboveMaximum { length, maximum } => {
                if *length < LONGEST_SHOWN {
                    write!(f, "length {length} is above the maximum of {maximum}")
                } else {
                    write!(f, "the length is above the maximum of {maximum}")
                }
            }
            Self::WrongLength { length, expected } => {
                write!(f, "length {length} where the spec fixes {expected}")
            }
            Self::InvalidCharacter { class, index } => {
                write!(f, "byte {index} of the value is not admitted by class {class}")
            }
            Self::InvalidPad => f.write_str("the pad nibble is not the one that the spec names"),
            Self::MissingField => f.write_str("the message does not carry this data element"),
            Self::ForbiddenField => f.write_str("the message must not carry this data element"),
            Self::FieldOrder { after } => {
                write!(
                    f,
                    "written after {after}; the order is ascending, and without gaps where only the place tells"
                )
            }
            Self::NotAnswered => {
                f.write_str("a message of this type is not answered: it is no request or advice")
            }
            Self::InvalidPath => {
                f.write_str("a path is one to four numbers with dots between them")
            }
            Self::WrongValueType => {
                f.write_str("a binary field takes bytes and a text field takes text")
            }
            Self::DefinitionMismatch => {
                f.write_str("the field was read under another definition; set its value instead")
            }
            Self::BufferTooSmall { needed, available } => {
                write!(f, "bytes needed: {needed}, bytes in the buffer: {available}")
            }
        }
    }
}

/// A path with the word "field" before a number.
struct Labelled(Path);

impl fmt::Display for Labelled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.0.numbers().is_empty() {
            f.write_str("field ")?;
        }
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    extern crate alloc;
    use alloc::string::ToString;

    use super::*;

    #[test]
    fn says_field_byte_and_rule() {
        let kind = ErrorKind::LengthAboveMaximum { length: 21, maximum: 19 };
        let error = Error::new(kind, 10, Path::field(2));
        assert_eq!(error.to_string(), "field 2 at byte 10: length 21 is above the maximum of 19");
        let kind = ErrorKind::above_maximum(411_111, 19);
        assert_eq!(
            Error::new(kind, 10, Path::field(2)).to_string(),
            "field 2 at byte 10: the length is above the maximum of 19"
        );
        assert_eq!(Error::new(ErrorKind::InvalidMti, 0, Path::MTI).path().to_string(), "mti");
        assert_eq!(Path::BITMAP.to_string(), "bitmap");
    }

    #[test]
    fn an_error_stays_small() {
        assert!(size_of::<Error>() <= 32, "{}", size_of::<Error>());
    }
}
