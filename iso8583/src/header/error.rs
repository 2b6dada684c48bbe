//! Why a header cannot be read or answered.

use core::fmt;

/// A header that cannot be read, written or answered, with the place at fault.
///
/// The offset counts bytes from the first byte that the caller gave and names the first byte of the item at fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct HeaderError {
    kind: HeaderErrorKind,
    offset: u32,
}

/// The rule that a header breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum HeaderErrorKind {
    /// The frame ends inside the header.
    Truncated {
        /// Bytes that the header takes in all, as far as those that are there can tell.
        needed: u32,
    },
    /// The header begins with its length, and that is not the one that such a header has.
    InvalidLength,
    /// The header has the length of a reject, and its bitmap announces no reject code.
    InvalidBitmap,
    /// A digit is 0 to 9.
    InvalidDigit,
    /// A reject says that a message could not be processed: there is nothing to answer.
    NoReply,
    /// The header has no room for the length: of the message that follows, or of bytes to be echoed.
    LengthAboveMaximum {
        /// The most bytes that there is room for.
        maximum: u32,
    },
}

impl HeaderErrorKind {
    /// The kind's name in snake case, for logs and machine-readable output.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Truncated { .. } => "truncated",
            Self::InvalidLength => "invalid_length",
            Self::InvalidBitmap => "invalid_bitmap",
            Self::InvalidDigit => "invalid_digit",
            Self::NoReply => "no_reply",
            Self::LengthAboveMaximum { .. } => "length_above_maximum",
        }
    }
}

impl HeaderError {
    #[cold]
    pub(super) const fn new(kind: HeaderErrorKind, offset: u32) -> Self {
        Self { kind, offset }
    }

    /// Fewer bytes than the `needed` that the header takes.
    #[cold]
    pub(super) const fn truncated(needed: u32) -> Self {
        Self::new(HeaderErrorKind::Truncated { needed }, 0)
    }

    /// The rule that was broken.
    #[must_use]
    pub const fn kind(&self) -> HeaderErrorKind {
        self.kind
    }

    /// The first byte of the item at fault, counted from the first byte that the caller gave.
    #[must_use]
    pub const fn offset(&self) -> u32 {
        self.offset
    }
}

impl fmt::Display for HeaderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "header at byte {}: {}", self.offset, self.kind)
    }
}

impl fmt::Display for HeaderErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Truncated { needed } => {
                write!(f, "it takes {needed} bytes, and the frame ends before")
            }
            Self::InvalidLength => f.write_str("the length byte is not that of such a header"),
            Self::InvalidBitmap => {
                f.write_str("the length is that of a reject, and the bitmap shows no reject code")
            }
            Self::InvalidDigit => f.write_str("a digit is 0 to 9"),
            Self::NoReply => f.write_str("a reject is not answered"),
            Self::LengthAboveMaximum { maximum } => {
                write!(f, "the length is above the maximum of {maximum} bytes")
            }
        }
    }
}

impl core::error::Error for HeaderError {}

#[cfg(test)]
mod tests {
    extern crate alloc;
    use alloc::string::ToString;

    use super::*;

    #[test]
    fn says_byte_and_rule() {
        let shown = "header at byte 0: it takes 11 bytes, and the frame ends before";
        assert_eq!(HeaderError::truncated(11).to_string(), shown);
        let error = HeaderError::new(HeaderErrorKind::InvalidBitmap, 22);
        assert_eq!((error.offset(), error.kind().as_str()), (22, "invalid_bitmap"));
    }
}
