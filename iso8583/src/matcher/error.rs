//! Why a request cannot be waited for.

use core::fmt;

use super::key::CAPACITY;

/// A request that is not taken; the table of requests is as it was.
///
/// # Security
/// Neither `Debug` nor `Display` shows a value of the message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct MatcherError {
    kind: MatcherErrorKind,
    offset: u32,
}

/// Why a request is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum MatcherErrorKind {
    /// The message type is no request, advice, notification or instruction: nothing answers it.
    NotARequest,
    /// The request does not carry this key field.
    MissingField {
        /// The data element's number.
        field: u16,
    },
    /// The request's dialect does not define this key field.
    UndefinedField {
        /// The data element's number.
        field: u16,
    },
    /// The key fields up to this one take more than the 64 bytes that a slot has.
    KeyTooLong {
        /// The data element's number.
        field: u16,
    },
    /// A request with the same key still waits.
    KeyInUse,
    /// Every slot holds a request that still waits.
    Full,
    /// No request with this key waits, so none can be waited for longer.
    NotWaiting,
}

impl MatcherError {
    #[cold]
    pub(super) fn new(kind: MatcherErrorKind, offset: usize) -> Self {
        Self { kind, offset: u32::try_from(offset).unwrap_or(u32::MAX) }
    }

    /// Why the request is not taken.
    #[must_use]
    pub const fn kind(&self) -> MatcherErrorKind {
        self.kind
    }

    /// The first byte at fault, counted from the first byte of the request; where a field is missing, its end; 0 where no
    /// byte of it is at fault.
    #[must_use]
    pub const fn offset(&self) -> u32 {
        self.offset
    }
}

impl From<MatcherErrorKind> for MatcherError {
    fn from(kind: MatcherErrorKind) -> Self {
        Self::new(kind, 0)
    }
}

impl fmt::Display for MatcherError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = self.offset;
        match self.kind {
            MatcherErrorKind::NotARequest => {
                write!(f, "mti at byte {at}: nothing answers a message of this type")
            }
            MatcherErrorKind::MissingField { field } => {
                write!(f, "field {field} at byte {at}: the request does not carry this key field")
            }
            MatcherErrorKind::UndefinedField { field } => {
                write!(f, "field {field} at byte {at}: the spec does not define this key field")
            }
            MatcherErrorKind::KeyTooLong { field } => {
                write!(
                    f,
                    "field {field} at byte {at}: the key is longer than {CAPACITY} bytes; use fewer or shorter fields"
                )
            }
            MatcherErrorKind::KeyInUse => f.write_str(
                "a request with the same key still waits; note a repeat as resent, or use more key fields",
            ),
            MatcherErrorKind::Full => {
                f.write_str("every slot holds a request that waits; lend more slots, or send later")
            }
            MatcherErrorKind::NotWaiting => {
                f.write_str("no request with this key waits; note it as sent")
            }
        }
    }
}

impl core::error::Error for MatcherError {}
