//! The length that is sent before a message.

use core::fmt;
use core::ops::Deref;

use super::{FrameError, FrameErrorKind, Framing};

/// The bytes to send before a message: 2 or 4, by the framing's notation.
///
/// It is a slice wherever one is wanted.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct FrameHeader {
    bytes: [u8; 4],
    is_four: bool,
}

impl FrameHeader {
    pub(super) const fn two([a, b]: [u8; 2]) -> Self {
        Self { bytes: [a, b, 0, 0], is_four: false }
    }

    pub(super) const fn four(bytes: [u8; 4]) -> Self {
        Self { bytes, is_four: true }
    }
}

impl Deref for FrameHeader {
    type Target = [u8];

    #[inline]
    fn deref(&self) -> &[u8] {
        let [two @ .., _, _] = &self.bytes;
        if self.is_four { &self.bytes } else { two }
    }
}

impl AsRef<[u8]> for FrameHeader {
    #[inline]
    fn as_ref(&self) -> &[u8] {
        self
    }
}

/// A length is no card data.
impl fmt::Debug for FrameHeader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FrameHeader({:02X?})", &**self)
    }
}

impl Framing {
    /// The length to send before a message of `message_len` bytes.
    ///
    /// # Errors
    /// [`FrameErrorKind::Empty`] and [`FrameErrorKind::TooLong`], at offset 0.
    pub fn header(&self, message_len: usize) -> Result<FrameHeader, FrameError> {
        let too_long = FrameErrorKind::TooLong { maximum: self.maximum() };
        let length = u32::try_from(message_len).map_err(|_| FrameError::new(too_long, 0))?;
        self.check(length).map_err(|kind| FrameError::new(kind, 0))?;
        // Not above the maximum, which leaves room for itself.
        Ok(self.notation.write(length.saturating_add(self.own()), false))
    }

    /// The length of no message at all, where that is a sign of life.
    #[cfg(feature = "tokio-codec")]
    pub(crate) fn keep_alive(&self) -> FrameHeader {
        self.notation.write(self.own(), false)
    }

    /// The header of a session control frame with a body of `body_len` bytes, which may be none.
    ///
    /// Such a frame keeps a connection alive. Its platform is 0.
    ///
    /// ```
    /// use iso8583_wire::frame::Framing;
    ///
    /// assert_eq!(&*Framing::VMLH.control(0)?, [0x00, 0x00, 0x00, 0x20]);
    /// # Ok::<(), iso8583_wire::frame::FrameError>(())
    /// ```
    ///
    /// # Errors
    /// [`FrameErrorKind::NoControl`] for a framing other than [`Framing::VMLH`], and [`FrameErrorKind::TooLong`], at
    /// offset 0.
    pub fn control(&self, body_len: usize) -> Result<FrameHeader, FrameError> {
        let length = u32::try_from(body_len).unwrap_or(u32::MAX);
        let checked = match self.check(length) {
            _ if *self != (Self { max: self.max, ..Self::VMLH }) => Err(FrameErrorKind::NoControl),
            Err(FrameErrorKind::Empty) => Ok(()),
            checked => checked,
        };
        checked.map_err(|kind| FrameError::new(kind, 0))?;
        Ok(self.notation.write(length, true))
    }
}

#[cfg(test)]
mod tests {
    extern crate alloc;
    use alloc::format;

    use super::*;

    #[test]
    fn a_length_of_319_in_every_notation() {
        for (framing, plain, itself) in [
            (Framing::BINARY_2, &b"\x01\x3F"[..], &b"\x01\x41"[..]),
            (Framing::BINARY_4, b"\0\0\x01\x3F", b"\0\0\x01\x43"),
            (Framing::ASCII_4, b"0319", b"0323"),
            (Framing::BCD_2, b"\x03\x19", b"\x03\x21"),
            (Framing::VMLH, b"\x01\x3F\0\0", b"\x01\x3F\0\0"),
        ] {
            assert_eq!(&*framing.header(319).unwrap(), plain);
            assert_eq!(framing.counting_itself().header(319).unwrap().as_ref(), itself);
        }
    }

    #[test]
    fn only_visas_header_has_session_control() {
        assert_eq!(&*Framing::VMLH.control(15).unwrap(), [0x00, 0x0F, 0x00, 0x20]);
        let framing = Framing::VMLH.with_max(10);
        assert_eq!(&*framing.control(10).unwrap(), [0x00, 0x0A, 0x00, 0x20]);
        let too_long = FrameErrorKind::TooLong { maximum: 10 };
        assert_eq!(framing.control(11).unwrap_err().kind(), too_long);
        let refused = Framing::BINARY_4.control(0).unwrap_err();
        assert_eq!((refused.kind(), refused.resume()), (FrameErrorKind::NoControl, None));
    }

    #[test]
    fn a_message_that_cannot_be_framed_is_refused() {
        let kind = |framing: Framing, len| framing.header(len).unwrap_err().kind();
        assert_eq!(kind(Framing::BINARY_2, 0), FrameErrorKind::Empty);
        assert_eq!(kind(Framing::BINARY_2, 65_536), FrameErrorKind::TooLong { maximum: 65_535 });
        assert_eq!(kind(Framing::ASCII_4, 10_000), FrameErrorKind::TooLong { maximum: 9_999 });
        let itself = Framing::BCD_2.counting_itself();
        assert_eq!(kind(itself, 9_998), FrameErrorKind::TooLong { maximum: 9_997 });
        assert_eq!(&*itself.header(9_997).unwrap(), [0x99, 0x99]);
    }

    #[test]
    fn shows_its_bytes_in_hexadecimal() {
        let header = Framing::BINARY_2.header(319).unwrap();
        assert_eq!(format!("{header:?}"), "FrameHeader([01, 3F])");
    }
}
