//! The length that stands before a message on a stream.
//!
//! Sans-IO: give what was received so far; too few bytes are no error but
//! [`Deframed::Partial`], which says how many are needed to go on. What stands between the length and the message type is
//! the concern of [`header`](crate::header).
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
//!
//! After an error nothing is consumed, and every frame before it has been handed out. [`FrameError::resume`] says
//! whether the stream can be followed further, and from where.

mod deframed;
mod error;
mod frame_header;
mod notation;

pub use deframed::Deframed;
pub use error::{FrameError, FrameErrorKind};
pub use frame_header::FrameHeader;

use notation::Notation;

/// The limit on messages, unless another is set or the notation has a lower one.
const DEFAULT_MAX: u32 = 65_535;

/// How messages are told apart on a stream: the notation of their length, whether it counts itself, and a limit.
///
/// ```
/// use iso8583_wire::frame::Framing;
///
/// /// Four digits that count themselves, messages of at most 2,048 bytes.
/// const FRAMING: Framing = Framing::ASCII_4.counting_itself().with_max(2_048);
/// assert_eq!(&*FRAMING.header(319)?, b"0323");
/// # Ok::<(), iso8583_wire::frame::FrameError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Framing {
    notation: Notation,
    counts_itself: bool,
    max: u32,
}

impl Framing {
    /// Two bytes, big-endian.
    pub const BINARY_2: Self = Self::new(Notation::Binary2);

    /// Four bytes, big-endian.
    pub const BINARY_4: Self = Self::new(Notation::Binary4);

    /// Four ASCII digits.
    pub const ASCII_4: Self = Self::new(Notation::Ascii4);

    /// Four BCD digits in two bytes.
    pub const BCD_2: Self = Self::new(Notation::Bcd2);

    /// The message length header of Visa: two bytes, big-endian; a reserved byte; a byte with the format of the message in its left half
    /// and the platform in its right half.
    ///
    /// Format 2 is session control, a heartbeat: [`Deframed::Control`]. The reserved byte is written as 00 and not looked
    /// at when read, as are the other formats and the platform. Networks put a limit of their own, often 2,048 bytes:
    /// [`with_max`](Self::with_max).
    pub const VMLH: Self = Self::new(Notation::Vmlh);

    const fn new(notation: Notation) -> Self {
        Self { notation, counts_itself: false, max: DEFAULT_MAX }
    }

    /// The same framing with a length that counts its own bytes too.
    ///
    /// [`VMLH`](Self::VMLH) never does, and stays as it is.
    #[must_use]
    pub const fn counting_itself(self) -> Self {
        Self { counts_itself: !matches!(self.notation, Notation::Vmlh), ..self }
    }

    /// The same framing with a limit on the message's bytes, which a server wants; 65,535 if not set.
    ///
    /// The limit is on the message alone, whether the length counts itself or not. A notation that cannot say as much
    /// keeps its own limit: see [`maximum`](Self::maximum).
    ///
    /// # Security
    /// Whoever receives has to hold so many bytes for each peer that claims them.
    #[must_use]
    pub const fn with_max(self, max: u32) -> Self {
        Self { max, ..self }
    }

    /// The most bytes that a message may have: the limit that was set, or what the notation can say if that is less.
    #[must_use]
    pub const fn maximum(&self) -> u32 {
        let most = self.notation.largest().saturating_sub(self.own());
        if self.max < most { self.max } else { most }
    }

    /// Bytes of the length, and of what belongs to it: 2 or 4.
    #[must_use]
    pub const fn header_len(&self) -> usize {
        self.notation.width()
    }

    /// What the length counts beside the message.
    const fn own(&self) -> u32 {
        match (self.counts_itself, self.notation.width()) {
            (false, _) => 0,
            (true, 2) => 2,
            (true, _) => 4,
        }
    }

    fn check(&self, length: u32) -> Result<(), FrameErrorKind> {
        let maximum = self.maximum();
        match length {
            0 => Err(FrameErrorKind::Empty),
            length if length > maximum => Err(FrameErrorKind::TooLong { maximum }),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limit_is_the_lower_of_the_callers_and_the_notations() {
        for (framing, plain, itself) in [
            (Framing::BINARY_2, 65_535, 65_533),
            (Framing::BINARY_4, 65_535, 65_535),
            (Framing::ASCII_4, 9_999, 9_995),
            (Framing::BCD_2, 9_999, 9_997),
            (Framing::VMLH, 65_535, 65_535),
        ] {
            assert_eq!(framing.maximum(), plain);
            assert_eq!(framing.counting_itself().maximum(), itself);
            assert_eq!(framing.counting_itself().with_max(2_048).maximum(), 2_048);
            assert_eq!(framing.with_max(2_048).counting_itself().maximum(), 2_048);
        }
        let large = Framing::BINARY_4.with_max(u32::MAX);
        assert_eq!(large.maximum(), u32::MAX);
        assert_eq!(large.counting_itself().maximum(), u32::MAX - 4);
    }

    #[test]
    fn visas_header_does_not_count_itself() {
        assert_eq!(Framing::VMLH.counting_itself(), Framing::VMLH);
    }
}
