//! What stands before the message type within a frame.
//!
//! Each layout is a type: [`Tpdu`], [`UnionPay`], [`Base1`], [`Cups`]. [`Header`] chooses one at run time, for a
//! configuration:
//!
//! ```
//! use iso8583_wire::header::Header;
//!
//! let frame = [0x60, 0x00, 0x03, 0x00, 0x00, 0x08, 0x00];
//! let (header, message) = Header::Tpdu.split(&frame)?;
//! assert_eq!(message, [0x08, 0x00]);
//! let reply = Header::Tpdu.reply(header, 2)?;
//! assert_eq!(*reply, [0x60, 0x00, 0x00, 0x00, 0x03]);
//! # Ok::<(), iso8583_wire::header::HeaderError>(())
//! ```

mod base1;
mod cups;
mod error;
mod header_bytes;
mod layout;
mod tpdu;
mod union_pay;

pub use base1::Base1;
pub use cups::Cups;
pub use error::{HeaderError, HeaderErrorKind};
pub use header_bytes::HeaderBytes;
pub use tpdu::Tpdu;
pub use union_pay::UnionPay;

use layout::split_fixed;

/// The header of a link's messages, for a configuration.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Header {
    /// None: a frame is a message.
    #[default]
    None,
    /// [`Tpdu`], 5 bytes.
    Tpdu,
    /// [`UnionPay`]: a TPDU and 6 bytes more.
    UnionPay,
    /// [`Base1`], 22 bytes, or 48 of a reject.
    Base1,
    /// [`Cups`], 46 bytes.
    Cups,
    /// So many bytes of which nothing is known. An answer echoes them.
    Bytes(u8),
}

impl Header {
    /// Cuts a frame into its header and its message. The two tile it.
    ///
    /// # Errors
    /// As `parse` of the header's type; [`HeaderErrorKind::Truncated`] for [`Header::Bytes`].
    #[inline]
    pub fn split(self, frame: &[u8]) -> Result<(&[u8], &[u8]), HeaderError> {
        match self {
            Self::None => Ok((&[], frame)),
            Self::Tpdu => {
                split_fixed::<{ Tpdu::LEN }>(frame).map(|(header, rest)| (header.as_slice(), rest))
            }
            Self::UnionPay => split_fixed::<{ UnionPay::LEN }>(frame)
                .map(|(header, rest)| (header.as_slice(), rest)),
            Self::Base1 => base1::split(frame),
            Self::Cups => cups::split(frame).map(|(header, rest)| (header.as_slice(), rest)),
            Self::Bytes(count) => frame
                .split_at_checked(usize::from(count))
                .ok_or_else(|| HeaderError::truncated(u32::from(count))),
        }
    }

    /// The header of an answer of `message_len` bytes: source and destination swapped, the total length set where there is one, all
    /// else as in the request.
    ///
    /// `request_header` is what [`split`](Self::split) gave; bytes after a header are not looked at.
    ///
    /// # Errors
    /// As `split`, and
    /// - [`HeaderErrorKind::NoReply`]: the request is a reject.
    /// - [`HeaderErrorKind::LengthAboveMaximum`]: the header cannot say the length of the answer, or more than
    ///   [`HeaderBytes::MAX_LEN`] bytes are to be echoed.
    pub fn reply(
        self,
        request_header: &[u8],
        message_len: usize,
    ) -> Result<HeaderBytes, HeaderError> {
        let copied = match self {
            Self::Tpdu => HeaderBytes::copy(Tpdu::parse(request_header)?.0.reply().as_bytes()),
            Self::UnionPay => {
                HeaderBytes::copy(UnionPay::parse(request_header)?.0.reply().as_bytes())
            }
            Self::Base1 => {
                let reply = Base1::parse(request_header)?.0.reply()?;
                HeaderBytes::copy(reply.with_message_len(message_len)?.as_bytes())
            }
            Self::Cups => {
                let reply = Cups::parse(request_header)?.0.reply();
                HeaderBytes::copy(reply.with_message_len(message_len)?.as_bytes())
            }
            Self::None | Self::Bytes(_) => HeaderBytes::copy(self.split(request_header)?.0),
        };
        // Only opaque bytes can be more than there is room for.
        let too_long = HeaderErrorKind::LengthAboveMaximum { maximum: 48 };
        copied.ok_or_else(|| HeaderError::new(too_long, 0))
    }

    /// Whether bytes begin as such a header does, rather than with a message type: by the first byte, which is `60` of a TPDU,
    /// 22 or 26 of BASE I, 46 of CUPS.
    ///
    /// None of these begins a message type in ASCII, EBCDIC or BCD, with one exception: 22 is `16`, with which administrative
    /// messages of the 1993 edition begin in BCD. Where such are sent, whether there is a BASE I header has to be configured.
    ///
    /// Of no header and of opaque bytes nothing can be told, so these are always there if the bytes suffice.
    ///
    /// ```
    /// use iso8583_wire::header::Header;
    ///
    /// // A host that takes terminals with and without a TPDU.
    /// let frame = b"\x60\x00\x03\x00\x00\x08\x00";
    /// let header = if Header::Tpdu.detect(frame) { Header::Tpdu } else { Header::None };
    /// assert_eq!(header.split(frame)?.1, b"\x08\x00");
    /// # Ok::<(), iso8583_wire::header::HeaderError>(())
    /// ```
    #[must_use]
    pub const fn detect(self, bytes: &[u8]) -> bool {
        match self {
            Self::None => true,
            Self::Tpdu | Self::UnionPay => matches!(bytes, [0x60, ..]),
            Self::Base1 => matches!(bytes, [22 | 26, ..]),
            Self::Cups => matches!(bytes, [46, ..]),
            Self::Bytes(count) => bytes.split_at_checked(count as usize).is_some(),
        }
    }
}

#[cfg(test)]
mod tests {
    extern crate alloc;
    use alloc::vec;

    use super::*;

    fn typed() -> [(Header, vec::Vec<u8>, vec::Vec<u8>); 4] {
        let base1 = Base1::new([0x12, 0x34, 0x56], [0x65, 0x43, 0x21]).with_user_information(7);
        let cups = Cups::new(*b"00010000   ", *b"48020000   ").with_user_information(7);
        let tpdu = Tpdu::new([0, 3], [0x12, 0x34]);
        let union_pay = UnionPay::new(tpdu, 0x31);
        let base1_reply = base1.reply().unwrap().with_message_len(300).unwrap();
        let cups_reply = cups.reply().with_message_len(300).unwrap();
        [
            (Header::Tpdu, tpdu.as_bytes().to_vec(), tpdu.reply().as_bytes().to_vec()),
            (
                Header::UnionPay,
                union_pay.as_bytes().to_vec(),
                union_pay.reply().as_bytes().to_vec(),
            ),
            (Header::Base1, base1.as_bytes().to_vec(), base1_reply.as_bytes().to_vec()),
            (Header::Cups, cups.as_bytes().to_vec(), cups_reply.as_bytes().to_vec()),
        ]
    }

    #[test]
    fn a_frame_is_cut_and_its_header_answered() {
        for (kind, header, reply) in typed() {
            let frame = [&header[..], b"message"].concat();
            assert_eq!(kind.split(&frame), Ok((&header[..], &b"message"[..])));
            assert_eq!(&*kind.reply(&header, 300).unwrap(), reply);
            assert_eq!(kind.reply(&frame, 300), kind.reply(&header, 300));
        }
    }

    #[test]
    fn no_header_and_opaque_bytes_are_echoed() {
        assert_eq!(Header::default().split(b"0800"), Ok((&b""[..], &b"0800"[..])));
        assert_eq!(&*Header::None.reply(b"", 4).unwrap(), b"");
        let iso_start = Header::Bytes(12);
        let (header, message) = iso_start.split(b"ISO0060000500800").unwrap();
        assert_eq!((header, message), (&b"ISO006000050"[..], &b"0800"[..]));
        assert_eq!(&*iso_start.reply(header, 4).unwrap(), header);
        assert_eq!(iso_start.split(b"ISO").unwrap_err(), HeaderError::truncated(12));
        assert_eq!(Header::Bytes(49).split(&[0; 50]), Ok((&[0; 49][..], &[0][..])));
        let error = Header::Bytes(49).reply(&[0; 49], 4).unwrap_err();
        assert_eq!(error.kind(), HeaderErrorKind::LengthAboveMaximum { maximum: 48 });
    }

    #[test]
    fn a_header_is_told_from_a_message_type() {
        for (kind, header, _) in typed() {
            assert!(kind.detect(&header));
            assert!(!kind.detect(b""));
            for message in [b"0800", b"\x08\x00\x20\x20", b"\xF0\xF8\xF0\xF0", b"1804", b"9810"] {
                assert!(!kind.detect(message));
                assert!(Header::None.detect(message) && Header::Bytes(4).detect(message));
            }
        }
        assert!(Header::Base1.detect(&[26]) && !Header::Bytes(1).detect(b""));
    }
}
