//! The length that stands before a message on a stream.
//!
//! Sans-IO: give what was received so far; too few bytes are no error but
//! [`Deframed::Partial`], which says how many are needed to go on.
//!
//! ```
//! use iso8583_wire::frame::{Deframed, Framing};
//!
//! let received = [0x00, 0x03, b'a', b'b', b'c', 0x00];
//! let Deframed::Frame { message, consumed } = Framing::BINARY_2.deframe(&received)? else { panic!() };
//! assert_eq!((message, consumed), (&b"abc"[..], 5));
//! assert_eq!(Framing::BINARY_2.deframe(&received[consumed..])?, Deframed::Partial { needed: 1 });
//! # Ok::<(), iso8583_wire::frame::FrameError>(())
//! ```

use core::fmt;

/// How messages are told apart on a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Framing {
    max: u16,
}

/// What was found in the bytes received so far.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Deframed<'a> {
    /// A whole message.
    Frame {
        /// The message without its length.
        message: &'a [u8],
        /// Bytes of length and message: what to drop before the next call.
        consumed: usize,
    },
    /// At least so many more bytes have to be received before anything can be said.
    Partial {
        /// Bytes needed beyond those given.
        needed: usize,
    },
}

/// Shows lengths, not the message.
impl fmt::Debug for Deframed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Frame { message, consumed } => {
                write!(f, "Frame({} bytes, {consumed} consumed)", message.len())
            }
            Self::Partial { needed } => write!(f, "Partial({needed} needed)"),
        }
    }
}

impl Framing {
    /// Two bytes, big-endian, that do not count themselves; messages of 1 to 65,535 bytes.
    pub const BINARY_2: Self = Self { max: u16::MAX };

    /// Bytes of the length.
    pub const HEADER_LEN: usize = 2;

    /// The same framing with a lower limit on messages, which a server wants.
    #[must_use]
    pub const fn with_max(self, max: u16) -> Self {
        Self { max }
    }

    /// Looks for a whole message at the start of what was received.
    ///
    /// # Errors
    /// [`FrameErrorKind::Empty`] and [`FrameErrorKind::TooLong`] for the length at the start. The stream cannot be
    /// followed further: close it.
    pub fn deframe<'a>(&self, received: &'a [u8]) -> Result<Deframed<'a>, FrameError> {
        let Some((header, rest)) = received.split_first_chunk::<{ Self::HEADER_LEN }>() else {
            let needed = Self::HEADER_LEN.saturating_sub(received.len());
            return Ok(Deframed::Partial { needed });
        };
        let length = u16::from_be_bytes(*header);
        self.check(usize::from(length))?;
        let length = usize::from(length);
        Ok(match rest.get(..length) {
            Some(message) => {
                Deframed::Frame { message, consumed: length.saturating_add(Self::HEADER_LEN) }
            }
            None => Deframed::Partial { needed: length.saturating_sub(rest.len()) },
        })
    }

    /// The length to send before a message of `message_len` bytes.
    ///
    /// # Errors
    /// [`FrameErrorKind::Empty`] and [`FrameErrorKind::TooLong`].
    pub fn header(&self, message_len: usize) -> Result<[u8; Self::HEADER_LEN], FrameError> {
        self.check(message_len)?;
        // Checked to be at most `max`, a u16.
        Ok(u16::try_from(message_len).unwrap_or(u16::MAX).to_be_bytes())
    }

    fn check(&self, length: usize) -> Result<(), FrameError> {
        let kind = if length == 0 {
            FrameErrorKind::Empty
        } else if length > usize::from(self.max) {
            FrameErrorKind::TooLong { maximum: self.max }
        } else {
            return Ok(());
        };
        Err(FrameError { kind, offset: 0 })
    }
}

/// A stream that cannot be cut into messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FrameError {
    kind: FrameErrorKind,
    offset: u32,
}

/// The rule that a frame breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FrameErrorKind {
    /// The length is zero.
    Empty,
    /// The length is above the limit.
    TooLong {
        /// The limit, in bytes.
        maximum: u16,
    },
}

impl FrameError {
    /// The rule that is broken.
    #[must_use]
    pub const fn kind(&self) -> FrameErrorKind {
        self.kind
    }

    /// The first byte of the length at fault, counted from the first byte that the caller gave.
    #[must_use]
    pub const fn offset(&self) -> u32 {
        self.offset
    }
}

impl fmt::Display for FrameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "frame at byte {}: ", self.offset)?;
        match self.kind {
            FrameErrorKind::Empty => f.write_str("the length is zero"),
            FrameErrorKind::TooLong { maximum } => {
                write!(f, "the length is above the limit of {maximum} bytes")
            }
        }
    }
}

impl core::error::Error for FrameError {}

#[cfg(test)]
mod tests {
    extern crate alloc;
    use alloc::vec::Vec;

    use super::*;

    #[test]
    fn a_stream_cut_anywhere_gives_the_same_messages() {
        let messages: [&[u8]; 3] = [b"one", &[7; 300], b"x"];
        let mut stream = Vec::new();
        for message in messages {
            stream.extend(Framing::BINARY_2.header(message.len()).unwrap());
            stream.extend(message);
        }
        for cut in 0..=stream.len() {
            let mut found = Vec::new();
            let mut received = Vec::new();
            for part in [&stream[..cut], &stream[cut..]] {
                received.extend_from_slice(part);
                while let Deframed::Frame { message, consumed } =
                    Framing::BINARY_2.deframe(&received).unwrap()
                {
                    found.push(message.to_vec());
                    received.drain(..consumed);
                }
            }
            assert_eq!(found, messages, "cut at {cut}");
            assert!(received.is_empty());
        }
    }

    #[test]
    fn says_how_much_is_missing() {
        for (received, needed) in [(&b""[..], 2), (b"\0", 1), (b"\0\x05", 5), (b"\0\x05ab", 3)] {
            let expected = Ok(Deframed::Partial { needed });
            assert_eq!(Framing::BINARY_2.deframe(received), expected);
        }
    }

    #[test]
    fn empty_and_over_long_are_refused_both_ways() {
        let framing = Framing::BINARY_2.with_max(300);
        let too_long = FrameErrorKind::TooLong { maximum: 300 };
        assert_eq!(framing.deframe(&[0, 0, 1]).unwrap_err().kind(), FrameErrorKind::Empty);
        assert_eq!(framing.deframe(&[1, 45]).unwrap_err().kind(), too_long);
        assert_eq!(framing.deframe(&[1, 44]), Ok(Deframed::Partial { needed: 300 }));
        assert_eq!(framing.header(301).unwrap_err().kind(), too_long);
        assert_eq!(framing.header(0).unwrap_err().kind(), FrameErrorKind::Empty);
        assert_eq!(Framing::BINARY_2.header(65_536).unwrap_err().offset(), 0);
    }
}
