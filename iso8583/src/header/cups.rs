//! The header of UnionPay's switch.

use core::fmt;

use super::layout::{part, split_fixed, with_part};
use super::{HeaderError, HeaderErrorKind};

/// The header of a message between UnionPay's switch (CUPS) and an institution. 46 bytes.
///
/// | bytes | part |
/// |---|---|
/// | 0 | length of this header: 46, `2E` |
/// | 1 | flag and version: `02` in production, `82` in test |
/// | 2-5 | total length of the message, this header included, 4 ASCII digits |
/// | 6-16 | destination station, 11 ASCII characters |
/// | 17-27 | source station, 11 ASCII characters |
/// | 28-30 | reserved |
/// | 31 | batch number |
/// | 32-39 | transaction information, 8 ASCII characters |
/// | 40 | user information |
/// | 41-45 | reject code, 5 ASCII digits: `00000` where nothing is rejected |
///
/// Only the length byte is checked when a header is read; the total length is not compared with what follows.
///
/// ```
/// use iso8583_wire::header::Cups;
///
/// let header = Cups::new(*b"00010000   ", *b"48020000   ").with_message_len(100)?;
/// let reply = header.reply().with_message_len(54)?;
/// assert_eq!((reply.destination(), reply.total_len()), (*b"48020000   ", Some(100)));
/// # Ok::<(), iso8583_wire::header::HeaderError>(())
/// ```
///
/// Source: published excerpts of the message interface of CUPS; check it against your licensed copy.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Cups {
    bytes: [u8; Self::LEN],
}

impl Cups {
    /// Bytes of a header.
    pub const LEN: usize = 46;

    /// The most bytes of a message that the total length can say: 9,999 less the header's.
    const MAX_MESSAGE: u32 = 9_953;

    /// A header with flag and version 02, the total length of an empty message, no reject code, and all else 0: as a digit in
    /// the transaction information, else as a byte.
    #[must_use]
    pub const fn new(destination: [u8; 11], source: [u8; 11]) -> Self {
        let bytes = with_part::<0, 6, { Self::LEN }>([0; _], *b"\x2E\x020046");
        Self { bytes }
            .with_destination(destination)
            .with_source(source)
            .with_transaction_information(*b"00000000")
            .with_reject_code(*b"00000")
    }

    /// Reads the header at the start, and hands back what follows it.
    ///
    /// # Errors
    /// - [`Truncated`](HeaderErrorKind::Truncated)
    /// - [`InvalidLength`](HeaderErrorKind::InvalidLength): the length byte is not 46.
    pub fn parse(bytes: &[u8]) -> Result<(Self, &[u8]), HeaderError> {
        split(bytes).map(|(bytes, rest)| (Self { bytes: *bytes }, rest))
    }

    /// The bytes on the wire.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; Self::LEN] {
        &self.bytes
    }

    /// Flag and version: the first bit is 1 in test, the others are the version, 2.
    #[must_use]
    pub const fn flag_and_version(&self) -> u8 {
        let [byte] = part::<1, 1, _>(&self.bytes);
        byte
    }

    /// The total length as it stands in the header: bytes of header and message. `None` where it is not four digits.
    #[must_use]
    pub fn total_len(&self) -> Option<u16> {
        let digits = part::<2, 4, _>(&self.bytes);
        let is_number = digits.iter().all(u8::is_ascii_digit);
        // Four digits: at most 9,999.
        let number = digits
            .iter()
            .fold(0_u16, |sum, digit| sum.wrapping_mul(10).wrapping_add(u16::from(digit & 0x0F)));
        is_number.then_some(number)
    }

    /// The station that the message goes to, 11 characters.
    #[must_use]
    pub const fn destination(&self) -> [u8; 11] {
        part::<6, 11, _>(&self.bytes)
    }

    /// The station that the message comes from, 11 characters.
    #[must_use]
    pub const fn source(&self) -> [u8; 11] {
        part::<17, 11, _>(&self.bytes)
    }

    /// The reserved bytes.
    #[must_use]
    pub const fn reserved(&self) -> [u8; 3] {
        part::<28, 3, _>(&self.bytes)
    }

    /// The batch number.
    #[must_use]
    pub const fn batch_number(&self) -> u8 {
        let [number] = part::<31, 1, _>(&self.bytes);
        number
    }

    /// The transaction information, 8 characters.
    #[must_use]
    pub const fn transaction_information(&self) -> [u8; 8] {
        part::<32, 8, _>(&self.bytes)
    }

    /// The user information, which an answer brings back.
    #[must_use]
    pub const fn user_information(&self) -> u8 {
        let [information] = part::<40, 1, _>(&self.bytes);
        information
    }

    /// Why a message is rejected, 5 digits: `00000` where it is not.
    #[must_use]
    pub const fn reject_code(&self) -> [u8; 5] {
        part::<41, 5, _>(&self.bytes)
    }

    /// The same header with another flag and version.
    #[must_use]
    pub const fn with_flag_and_version(self, byte: u8) -> Self {
        Self { bytes: with_part::<1, 1, _>(self.bytes, [byte]) }
    }

    /// The same header with the total length for a message of `message_len` bytes after it.
    ///
    /// # Errors
    /// [`LengthAboveMaximum`](HeaderErrorKind::LengthAboveMaximum) where four digits cannot hold it: 9,953 bytes are the
    /// most.
    pub fn with_message_len(self, message_len: usize) -> Result<Self, HeaderError> {
        let maximum = Self::MAX_MESSAGE;
        let message_len = u32::try_from(message_len).unwrap_or(u32::MAX);
        if message_len > maximum {
            return Err(HeaderError::new(HeaderErrorKind::LengthAboveMaximum { maximum }, 2));
        }
        // At most 9,999.
        let total = message_len.saturating_add(46);
        let digit = |of: u32| (of % 10).to_le_bytes()[0] | b'0';
        let digits = [digit(total / 1_000), digit(total / 100), digit(total / 10), digit(total)];
        Ok(Self { bytes: with_part::<2, 4, _>(self.bytes, digits) })
    }

    /// The same header with another destination, 11 characters.
    #[must_use]
    pub const fn with_destination(self, destination: [u8; 11]) -> Self {
        Self { bytes: with_part::<6, 11, _>(self.bytes, destination) }
    }

    /// The same header with another source, 11 characters.
    #[must_use]
    pub const fn with_source(self, source: [u8; 11]) -> Self {
        Self { bytes: with_part::<17, 11, _>(self.bytes, source) }
    }

    /// The same header with another batch number.
    #[must_use]
    pub const fn with_batch_number(self, number: u8) -> Self {
        Self { bytes: with_part::<31, 1, _>(self.bytes, [number]) }
    }

    /// The same header with other transaction information, 8 characters.
    #[must_use]
    pub const fn with_transaction_information(self, information: [u8; 8]) -> Self {
        Self { bytes: with_part::<32, 8, _>(self.bytes, information) }
    }

    /// The same header with other user information.
    #[must_use]
    pub const fn with_user_information(self, information: u8) -> Self {
        Self { bytes: with_part::<40, 1, _>(self.bytes, [information]) }
    }

    /// The same header with another reject code, 5 digits.
    #[must_use]
    pub const fn with_reject_code(self, code: [u8; 5]) -> Self {
        Self { bytes: with_part::<41, 5, _>(self.bytes, code) }
    }

    /// The header of the answer: source and destination swapped, all else kept. Its total length is still that of the request:
    /// see [`with_message_len`](Self::with_message_len).
    #[must_use]
    pub const fn reply(&self) -> Self {
        self.with_destination(self.source()).with_source(self.destination())
    }
}

/// A header and what follows it.
#[inline]
pub(super) fn split(bytes: &[u8]) -> Result<(&[u8; Cups::LEN], &[u8]), HeaderError> {
    match bytes.first() {
        None | Some(0x2E) => split_fixed(bytes),
        Some(_) => Err(HeaderError::new(HeaderErrorKind::InvalidLength, 0)),
    }
}

/// Shows stations, length and reject code.
impl fmt::Debug for Cups {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cups")
            .field("total_len", &self.total_len())
            .field("destination", &format_args!("{}", self.destination().escape_ascii()))
            .field("source", &format_args!("{}", self.source().escape_ascii()))
            .field("reject_code", &format_args!("{}", self.reject_code().escape_ascii()))
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    extern crate alloc;
    use alloc::format;

    use super::*;

    const HEADER: &[u8; 46] = b"\x2E\x82014600010000   48020000   \0\0\0\x05\
        12345678\x2A00015";

    #[test]
    fn every_part_is_read_from_its_place() {
        let (header, rest) = Cups::parse(HEADER).unwrap();
        assert_eq!((header.as_bytes(), rest), (HEADER, &[][..]));
        assert_eq!((header.flag_and_version(), header.total_len()), (0x82, Some(146)));
        assert_eq!(&header.destination(), b"00010000   ");
        assert_eq!(&header.source(), b"48020000   ");
        assert_eq!((header.reserved(), header.batch_number()), ([0; 3], 5));
        assert_eq!(&header.transaction_information(), b"12345678");
        assert_eq!((header.user_information(), &header.reject_code()), (42, b"00015"));
    }

    #[test]
    fn every_part_is_written_to_its_place() {
        let built = Cups::new(*b"00010000   ", *b"48020000   ")
            .with_flag_and_version(0x82)
            .with_batch_number(5)
            .with_transaction_information(*b"12345678")
            .with_user_information(42)
            .with_reject_code(*b"00015")
            .with_message_len(100);
        assert_eq!(built.unwrap().as_bytes(), HEADER);
    }

    #[test]
    fn an_answer_goes_back_and_keeps_the_rest() {
        let (header, _) = Cups::parse(HEADER).unwrap();
        let reply = header.reply();
        assert_eq!(&reply.as_bytes()[6..28], b"48020000   00010000   ");
        assert_eq!(reply.as_bytes()[28..], HEADER[28..]);
        assert_eq!(reply.reply(), header);
        let shown = "Cups { total_len: Some(146), destination: 48020000   , \
                     source: 00010000   , reject_code: 00015, .. }";
        assert_eq!(format!("{reply:?}"), shown);
    }

    #[test]
    fn the_total_length_has_four_digits() {
        let header = Cups::new([b'1'; 11], [b'2'; 11]);
        assert_eq!(header.total_len(), Some(46));
        assert_eq!(header.with_message_len(9_953).unwrap().total_len(), Some(9_999));
        for len in [9_954, usize::MAX] {
            let error = header.with_message_len(len).unwrap_err();
            let kind = HeaderErrorKind::LengthAboveMaximum { maximum: 9_953 };
            assert_eq!((error.kind(), error.offset()), (kind, 2));
        }
        let mut wire = *HEADER;
        wire[4] = b':';
        assert_eq!(Cups::parse(&wire).unwrap().0.total_len(), None);
    }

    #[test]
    fn another_length_byte_and_a_short_one_are_refused() {
        let error = Cups::parse(&[0x2D; 46]).unwrap_err();
        assert_eq!((error.kind(), error.offset()), (HeaderErrorKind::InvalidLength, 0));
        for len in 0..Cups::LEN {
            assert_eq!(Cups::parse(&HEADER[..len]), Err(HeaderError::truncated(46)));
        }
    }
}
