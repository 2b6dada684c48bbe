//! What is wrong with a file, and where.

use core::fmt;

/// A file that cannot be read further, or a record that cannot be written, with the place at fault.
///
/// # Security
/// Neither `Debug` nor `Display` shows a byte of the file, nor a length that was read: it may be part of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct IpmError {
    kind: IpmErrorKind,
    offset: u64,
}

/// The rule that a file or a record breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum IpmErrorKind {
    /// The record's length is above [`MAX_RECORD_LEN`](super::MAX_RECORD_LEN), or negative: it is none.
    InvalidLength,
    /// The record is longer than the reader's buffer, or than the writer's limit.
    TooLong {
        /// The most that is taken, in bytes.
        maximum: u32,
    },
    /// A block does not end in 40 40.
    InvalidTrailer,
    /// Behind the last record is something else than fill.
    NotFill,
    /// The file ends inside of a record or of its length.
    CutRecord,
    /// The file ends inside of a block, not of a record.
    CutBlock,
    /// The file ends without a length of zero. Every record was handed out, as far as one can know.
    NoEnd,
    /// A record has at least one byte.
    EmptyRecord,
    /// The file was ended: nothing is written behind that.
    Ended,
    /// The caller's buffer cannot hold what is to be written.
    BufferTooSmall {
        /// Bytes needed.
        needed: u32,
        /// Bytes that the buffer has.
        available: u32,
    },
}

impl IpmError {
    #[cold]
    pub(super) const fn new(kind: IpmErrorKind, offset: u64) -> Self {
        Self { kind, offset }
    }

    /// The rule that is broken.
    #[must_use]
    pub const fn kind(&self) -> IpmErrorKind {
        self.kind
    }

    /// The first byte at fault, counted from the first byte of the file.
    ///
    /// The first of its length for a record that is refused, the first that is missing for what is cut, the
    /// first of the fill, or of what is missing, for a file without an end.
    #[must_use]
    pub const fn offset(&self) -> u64 {
        self.offset
    }
}

impl IpmErrorKind {
    /// The kind's name in snake case, for logs and machine-readable output.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::InvalidLength => "invalid_length",
            Self::TooLong { .. } => "too_long",
            Self::InvalidTrailer => "invalid_trailer",
            Self::NotFill => "not_fill",
            Self::CutRecord => "cut_record",
            Self::CutBlock => "cut_block",
            Self::NoEnd => "no_end",
            Self::EmptyRecord => "empty_record",
            Self::Ended => "ended",
            Self::BufferTooSmall { .. } => "buffer_too_small",
        }
    }
}

impl fmt::Display for IpmError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "file at byte {}: {}", self.offset, self.kind)
    }
}

impl fmt::Display for IpmErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InvalidLength => {
                f.write_str("this is no length of a record; try the other format, vbs or blocked")
            }
            Self::TooLong { maximum } => {
                write!(f, "the record is longer than the limit of {maximum} bytes; raise it")
            }
            Self::InvalidTrailer => {
                f.write_str("a block does not end in 40 40; try the file as vbs, without blocks")
            }
            Self::NotFill => f.write_str("only fill of 40 may stand behind the last record"),
            Self::CutRecord => f.write_str("the file ends inside of a record; fetch it again"),
            Self::CutBlock => f.write_str(
                "the file ends inside of a block of 1014 bytes; fetch it again, or try it as vbs",
            ),
            Self::NoEnd => f.write_str(
                "the file ends without a length of zero; accept that only if its totals agree",
            ),
            Self::EmptyRecord => f.write_str("a record has at least one byte"),
            Self::Ended => f.write_str("the file was ended; begin another"),
            Self::BufferTooSmall { needed, available } => {
                write!(f, "bytes needed: {needed}, bytes in the buffer: {available}")
            }
        }
    }
}

impl core::error::Error for IpmError {}

#[cfg(test)]
mod tests {
    extern crate alloc;
    use alloc::string::ToString;

    use super::*;

    #[test]
    fn says_byte_and_rule() {
        let error = IpmError::new(IpmErrorKind::TooLong { maximum: 6_000 }, 5_000_000_000);
        assert_eq!(
            error.to_string(),
            "file at byte 5000000000: the record is longer than the limit of 6000 bytes; raise it"
        );
        assert_eq!(error.kind().as_str(), "too_long");
        assert!(size_of::<IpmError>() <= 24);
    }
}
