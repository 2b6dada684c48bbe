//! Why a stream cannot be cut into messages.

use core::fmt;

/// A stream that cannot be cut into messages, or a message that cannot be framed.
///
/// Nothing of the stream is consumed: what [`deframe`](super::Framing::deframe) was given is still to be dealt with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct FrameError {
    kind: FrameErrorKind,
    offset: u32,
    resume: Option<u8>,
}

/// The rule that a frame breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum FrameErrorKind {
    /// The length of the message is zero.
    Empty,
    /// The length of the message is above the limit.
    TooLong {
        /// The limit, in bytes of the message alone.
        maximum: u32,
    },
    /// A digit of the length is none, as in `-001`.
    NotANumber,
    /// The length counts its own bytes and is smaller than those.
    BelowItself,
    /// Frames of session control exist under [`Framing::VMLH`](super::Framing::VMLH) only.
    NoControl,
}

impl FrameErrorKind {
    /// The kind's name in snake case, for logs and machine-readable output.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::TooLong { .. } => "too_long",
            Self::NotANumber => "not_a_number",
            Self::BelowItself => "below_itself",
            Self::NoControl => "no_control",
        }
    }
}

impl FrameError {
    #[cold]
    pub(super) const fn new(kind: FrameErrorKind, offset: u32) -> Self {
        Self { kind, offset, resume: None }
    }

    /// The same error, after which the stream goes on behind so many bytes.
    pub(super) const fn resuming(self, after: u8) -> Self {
        Self { resume: Some(after), ..self }
    }

    /// The rule that is broken.
    #[must_use]
    pub const fn kind(&self) -> FrameErrorKind {
        self.kind
    }

    /// The byte at fault, counted from the first byte that the caller gave: the wrong digit, else the length's first
    /// byte.
    #[must_use]
    pub const fn offset(&self) -> u32 {
        self.offset
    }

    /// How many bytes to skip to follow the stream further; `None`: close the connection.
    ///
    /// Only after an empty frame, which some peers send to see whether the line is up, is it known where the next one begins.
    ///
    /// ```
    /// use iso8583_wire::frame::{Deframed, Framing};
    ///
    /// let received = [0x00, 0x00, 0x00, 0x02, b'h', b'i'];
    /// let skip = Framing::BINARY_2.deframe(&received).unwrap_err().resume().expect("an empty frame");
    /// let found = Framing::BINARY_2.deframe(&received[skip..])?;
    /// assert_eq!(found, Deframed::Frame { message: b"hi", consumed: 4 });
    /// # Ok::<(), iso8583_wire::frame::FrameError>(())
    /// ```
    #[must_use]
    pub fn resume(&self) -> Option<usize> {
        self.resume.map(usize::from)
    }
}

impl fmt::Display for FrameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "frame at byte {}: {}", self.offset, self.kind)
    }
}

impl fmt::Display for FrameErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("the length of the message is zero"),
            Self::TooLong { maximum } => {
                write!(f, "the length of the message is above the limit of {maximum} bytes")
            }
            Self::NotANumber => f.write_str("the length holds a byte that is no digit"),
            Self::BelowItself => f.write_str("the length counts itself and is smaller than that"),
            Self::NoControl => f.write_str("this framing has no session control"),
        }
    }
}

impl core::error::Error for FrameError {}

#[cfg(test)]
mod tests {
    extern crate alloc;
    use alloc::string::ToString;

    use super::*;

    #[test]
    fn says_byte_and_rule() {
        let error = FrameError::new(FrameErrorKind::NotANumber, 2);
        assert_eq!(error.to_string(), "frame at byte 2: the length holds a byte that is no digit");
        let kind = FrameErrorKind::TooLong { maximum: 2_048 };
        let shown = "frame at byte 0: the length of the message is above the limit of 2048 bytes";
        assert_eq!(FrameError::new(kind, 0).to_string(), shown);
        assert_eq!(kind.as_str(), "too_long");
    }

    #[test]
    fn an_error_stays_small() {
        assert!(size_of::<FrameError>() <= 16, "{}", size_of::<FrameError>());
    }
}
