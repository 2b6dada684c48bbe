//! The header of VISA BASE I.

use core::fmt;

use super::layout::{Packed, part, split_fixed, with_part};
use super::{HeaderError, HeaderErrorKind};

/// The length byte of a reject, which does not count the header that follows it.
const REJECT: u8 = 26;

/// Where the total length stands.
const TOTAL_LEN: u32 = 3;

/// The header of a VISA BASE I message. 22 bytes, or 48 of a reject.
///
/// | bytes | part |
/// |---|---|
/// | 0 | length of this header: 22; of a reject 26 |
/// | 1 | header format: 01 |
/// | 2 | text format: 02 |
/// | 3-4 | total length of the message, this header included, big-endian |
/// | 5-7 | destination station, 6 BCD digits |
/// | 8-10 | source station, 6 BCD digits |
/// | 11 | round-trip control |
/// | 12-13 | BASE I flags |
/// | 14-16 | message status flags |
/// | 17 | batch number |
/// | 18-20 | reserved |
/// | 21 | user information |
/// | 22-23 | of a reject: bitmap, its first bit 1 |
/// | 24-25 | of a reject: reject code, 4 BCD digits |
/// | 26-47 | of a reject: the header of the message that is rejected, as it was sent |
///
/// Digits are kept as their bytes. Only what says where the parts are is checked when a header is read; the total length
/// is not compared with what follows.
///
/// ```
/// use iso8583_wire::header::Base1;
///
/// let header = Base1::new([0x12, 0x34, 0x56], [0x65, 0x43, 0x21]).with_message_len(100)?;
/// let wire = [header.as_bytes(), b"message"].concat();
/// let (request, message) = Base1::parse(&wire)?;
/// assert_eq!((request.total_len(), message), (122, &b"message"[..]));
/// let reply = request.reply()?.with_message_len(78)?;
/// assert_eq!((reply.destination(), reply.total_len()), ([0x65, 0x43, 0x21], 100));
/// # Ok::<(), iso8583_wire::header::HeaderError>(())
/// ```
///
/// Source: public readers of the format; check it against your licensed copy.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Base1 {
    /// As many as the length byte says; zeros follow.
    bytes: [u8; Self::REJECT_LEN],
}

impl Base1 {
    /// Bytes of a header.
    pub const LEN: usize = 22;

    /// Bytes of a reject's header: 26, and those of the header that it answers.
    pub const REJECT_LEN: usize = 48;

    /// A header with the formats 01 and 02, the total length of an empty message, and all else 0.
    #[must_use]
    pub const fn new(destination: [u8; 3], source: [u8; 3]) -> Self {
        let bytes = with_part::<0, 5, { Self::REJECT_LEN }>([0; _], [22, 0x01, 0x02, 0, 22]);
        Self { bytes }.with_destination(destination).with_source(source)
    }

    /// Reads the header at the start, and hands back what follows it.
    ///
    /// # Errors
    /// - [`Truncated`](HeaderErrorKind::Truncated)
    /// - [`InvalidLength`](HeaderErrorKind::InvalidLength): the length byte is neither 22 nor 26, or that of a reject's
    ///   second header is not 22.
    /// - [`InvalidBitmap`](HeaderErrorKind::InvalidBitmap): the length is 26, and the bitmap's first bit is 0.
    pub fn parse(bytes: &[u8]) -> Result<(Self, &[u8]), HeaderError> {
        let (header, rest) = split(bytes)?;
        let bytes = match (header.first_chunk(), header.first_chunk::<{ Self::LEN }>()) {
            (Some(reject), _) => *reject,
            (None, Some(header)) => with_part::<0, { Self::LEN }, _>([0; _], *header),
            (None, None) => [0; _],
        };
        Ok((Self { bytes }, rest))
    }

    /// The bytes on the wire: 22, or 48 of a reject.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8] {
        match self.bytes.split_at_checked(Self::LEN) {
            Some((header, _)) if !self.is_reject() => header,
            _ => &self.bytes,
        }
    }

    /// Whether the network rejects a message that was sent to it; what follows is that message.
    #[must_use]
    pub const fn is_reject(&self) -> bool {
        let [len, ..] = self.bytes;
        len == REJECT
    }

    /// Why a message is rejected, 4 packed digits; `None` where the header is no reject.
    #[must_use]
    pub const fn reject_code(&self) -> Option<[u8; 2]> {
        if self.is_reject() { Some(part::<24, 2, _>(&self.bytes)) } else { None }
    }

    /// The header of the message that is rejected, as it was sent; `None` where the header is no reject.
    #[must_use]
    pub const fn original(&self) -> Option<Self> {
        if !self.is_reject() {
            return None;
        }
        let original = part::<26, { Self::LEN }, _>(&self.bytes);
        Some(Self { bytes: with_part::<0, { Self::LEN }, _>([0; _], original) })
    }

    /// The header format: 01.
    #[must_use]
    pub const fn header_format(&self) -> u8 {
        let [format] = part::<1, 1, _>(&self.bytes);
        format
    }

    /// The text format: 02.
    #[must_use]
    pub const fn text_format(&self) -> u8 {
        let [format] = part::<2, 1, _>(&self.bytes);
        format
    }

    /// The total length as it stands in the header: bytes of header and message.
    #[must_use]
    pub const fn total_len(&self) -> u16 {
        u16::from_be_bytes(part::<3, 2, _>(&self.bytes))
    }

    /// The station that the message goes to, 6 packed digits.
    #[must_use]
    pub const fn destination(&self) -> [u8; 3] {
        part::<5, 3, _>(&self.bytes)
    }

    /// The station that the message comes from, 6 packed digits.
    #[must_use]
    pub const fn source(&self) -> [u8; 3] {
        part::<8, 3, _>(&self.bytes)
    }

    /// The round-trip control.
    #[must_use]
    pub const fn round_trip_control(&self) -> u8 {
        let [control] = part::<11, 1, _>(&self.bytes);
        control
    }

    /// The BASE I flags.
    #[must_use]
    pub const fn flags(&self) -> [u8; 2] {
        part::<12, 2, _>(&self.bytes)
    }

    /// The message status flags.
    #[must_use]
    pub const fn status_flags(&self) -> [u8; 3] {
        part::<14, 3, _>(&self.bytes)
    }

    /// The batch number.
    #[must_use]
    pub const fn batch_number(&self) -> u8 {
        let [number] = part::<17, 1, _>(&self.bytes);
        number
    }

    /// The reserved bytes.
    #[must_use]
    pub const fn reserved(&self) -> [u8; 3] {
        part::<18, 3, _>(&self.bytes)
    }

    /// The user information, which an answer brings back.
    #[must_use]
    pub const fn user_information(&self) -> u8 {
        let [information] = part::<21, 1, _>(&self.bytes);
        information
    }

    /// The same header with another text format.
    #[must_use]
    pub const fn with_text_format(self, format: u8) -> Self {
        Self { bytes: with_part::<2, 1, _>(self.bytes, [format]) }
    }

    /// The same header with another destination, 6 packed digits.
    #[must_use]
    pub const fn with_destination(self, destination: [u8; 3]) -> Self {
        Self { bytes: with_part::<5, 3, _>(self.bytes, destination) }
    }

    /// The same header with another source, 6 packed digits.
    #[must_use]
    pub const fn with_source(self, source: [u8; 3]) -> Self {
        Self { bytes: with_part::<8, 3, _>(self.bytes, source) }
    }

    /// The same header with another round-trip control.
    #[must_use]
    pub const fn with_round_trip_control(self, control: u8) -> Self {
        Self { bytes: with_part::<11, 1, _>(self.bytes, [control]) }
    }

    /// The same header with other BASE I flags.
    #[must_use]
    pub const fn with_flags(self, flags: [u8; 2]) -> Self {
        Self { bytes: with_part::<12, 2, _>(self.bytes, flags) }
    }

    /// The same header with other message status flags.
    #[must_use]
    pub const fn with_status_flags(self, flags: [u8; 3]) -> Self {
        Self { bytes: with_part::<14, 3, _>(self.bytes, flags) }
    }

    /// The same header with another batch number.
    #[must_use]
    pub const fn with_batch_number(self, number: u8) -> Self {
        Self { bytes: with_part::<17, 1, _>(self.bytes, [number]) }
    }

    /// The same header with other user information.
    #[must_use]
    pub const fn with_user_information(self, information: u8) -> Self {
        Self { bytes: with_part::<21, 1, _>(self.bytes, [information]) }
    }

    /// The same header with the total length for a message of `message_len` bytes after it.
    ///
    /// # Errors
    /// [`LengthAboveMaximum`](HeaderErrorKind::LengthAboveMaximum) where two bytes cannot hold it: 65,513 bytes are the
    /// most.
    pub fn with_message_len(self, message_len: usize) -> Result<Self, HeaderError> {
        let total = message_len.saturating_add(self.as_bytes().len());
        let Ok(total) = u16::try_from(total) else {
            let maximum = if self.is_reject() { 65_487 } else { 65_513 };
            let kind = HeaderErrorKind::LengthAboveMaximum { maximum };
            return Err(HeaderError::new(kind, TOTAL_LEN));
        };
        Ok(Self { bytes: with_part::<3, 2, _>(self.bytes, total.to_be_bytes()) })
    }

    /// The header of the answer: source and destination swapped, all else kept. Its total length is still that of the request:
    /// see [`with_message_len`](Self::with_message_len).
    ///
    /// # Errors
    /// [`NoReply`](HeaderErrorKind::NoReply) for a reject.
    pub const fn reply(&self) -> Result<Self, HeaderError> {
        if self.is_reject() {
            return Err(HeaderError::new(HeaderErrorKind::NoReply, 0));
        }
        Ok(self.with_destination(self.source()).with_source(self.destination()))
    }
}

/// A header and what follows it.
#[inline]
pub(super) fn split(bytes: &[u8]) -> Result<(&[u8], &[u8]), HeaderError> {
    match bytes.first() {
        None | Some(22) => {
            split_fixed::<{ Base1::LEN }>(bytes).map(|(header, rest)| (header.as_slice(), rest))
        }
        Some(&REJECT) => {
            let (header, rest) = split_fixed::<{ Base1::REJECT_LEN }>(bytes)?;
            let ([bitmap], [original]) = (part::<22, 1, _>(header), part::<26, 1, _>(header));
            if bitmap & 0x80 == 0 {
                return Err(HeaderError::new(HeaderErrorKind::InvalidBitmap, 22));
            }
            if original != 22 {
                return Err(HeaderError::new(HeaderErrorKind::InvalidLength, 26));
            }
            Ok((header, rest))
        }
        Some(_) => Err(HeaderError::new(HeaderErrorKind::InvalidLength, 0)),
    }
}

/// Shows stations, length and reject code.
impl fmt::Debug for Base1 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Base1");
        shown
            .field("total_len", &self.total_len())
            .field("destination", &Packed(&self.destination()))
            .field("source", &Packed(&self.source()));
        if let Some(code) = self.reject_code() {
            shown.field("reject_code", &Packed(&code));
        }
        shown.finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    extern crate alloc;
    use alloc::format;

    use super::*;

    const HEADER: &[u8; 22] = b"\x16\x01\x02\x00\x7A\x12\x34\x56\x65\x43\x21\x07\
        \x80\x01\x00\x20\x03\x05\x00\x00\x00\x2A";

    fn reject() -> [u8; 50] {
        let mut wire = [0; 50];
        wire[..22].copy_from_slice(HEADER);
        wire[0] = 26;
        wire[22..26].copy_from_slice(&[0x80, 0x00, 0x05, 0x12]);
        wire[26..48].copy_from_slice(HEADER);
        wire[48..].copy_from_slice(&[0x01, 0x00]);
        wire
    }

    #[test]
    fn every_part_is_read_from_its_place() {
        let (header, rest) = Base1::parse(HEADER).unwrap();
        assert_eq!((header.as_bytes(), rest), (&HEADER[..], &[][..]));
        assert_eq!((header.header_format(), header.text_format()), (1, 2));
        assert_eq!(header.total_len(), 122);
        assert_eq!(header.destination(), [0x12, 0x34, 0x56]);
        assert_eq!(header.source(), [0x65, 0x43, 0x21]);
        assert_eq!((header.round_trip_control(), header.flags()), (7, [0x80, 0x01]));
        assert_eq!((header.status_flags(), header.batch_number()), ([0, 0x20, 3], 5));
        assert_eq!((header.reserved(), header.user_information()), ([0; 3], 42));
        assert_eq!((header.reject_code(), header.original()), (None, None));
    }

    #[test]
    fn every_part_is_written_to_its_place() {
        let built = Base1::new([0x12, 0x34, 0x56], [0x65, 0x43, 0x21])
            .with_round_trip_control(7)
            .with_flags([0x80, 0x01])
            .with_status_flags([0x00, 0x20, 0x03])
            .with_batch_number(5)
            .with_user_information(42)
            .with_text_format(2)
            .with_message_len(100);
        assert_eq!(built.unwrap().as_bytes(), HEADER);
    }

    #[test]
    fn an_answer_goes_back_and_keeps_the_rest() {
        let (header, _) = Base1::parse(HEADER).unwrap();
        let reply = header.reply().unwrap();
        assert_eq!(reply.as_bytes()[5..11], [0x65, 0x43, 0x21, 0x12, 0x34, 0x56]);
        assert_eq!(reply.as_bytes()[11..], HEADER[11..]);
        assert_eq!(reply.reply(), Ok(header));
        let shown = "Base1 { total_len: 122, destination: 654321, source: 123456, .. }";
        assert_eq!(format!("{reply:?}"), shown);
    }

    #[test]
    fn the_total_length_has_two_bytes() {
        let header = Base1::new([0; 3], [0; 3]);
        assert_eq!(header.total_len(), 22);
        assert_eq!(header.with_message_len(65_513).unwrap().total_len(), 65_535);
        for len in [65_514, usize::MAX] {
            let error = header.with_message_len(len).unwrap_err();
            let kind = HeaderErrorKind::LengthAboveMaximum { maximum: 65_513 };
            assert_eq!((error.kind(), error.offset()), (kind, 3));
        }
        let (reject, _) =
            Base1::parse(&reject()).map(|(header, rest)| (header, rest.len())).unwrap();
        assert_eq!(reject.with_message_len(65_487).unwrap().total_len(), 65_535);
        let error = reject.with_message_len(65_488).unwrap_err();
        assert_eq!(error.kind(), HeaderErrorKind::LengthAboveMaximum { maximum: 65_487 });
    }

    #[test]
    fn a_reject_carries_its_code_and_the_header_that_was_sent() {
        let wire = reject();
        let (header, rest) = Base1::parse(&wire).unwrap();
        assert_eq!((header.as_bytes(), rest), (&wire[..48], &[0x01, 0x00][..]));
        assert_eq!(header.reject_code(), Some([0x05, 0x12]));
        assert_eq!(header.original(), Some(Base1::parse(HEADER).unwrap().0));
        assert_eq!(header.reply().unwrap_err().kind(), HeaderErrorKind::NoReply);
        assert!(format!("{header:?}").contains("reject_code: 0512"));
    }

    #[test]
    fn what_does_not_have_the_layout_is_refused() {
        for at in [0, 22, 26] {
            let mut wire = reject();
            wire[at] = if at == 22 { 0x7F } else { 27 };
            let error = Base1::parse(&wire).unwrap_err();
            let invalid_bitmap = error.kind() == HeaderErrorKind::InvalidBitmap;
            assert_eq!((usize::try_from(error.offset()), invalid_bitmap), (Ok(at), at == 22));
        }
        for len in 0..48 {
            let needed = if len == 0 { 22 } else { 48 };
            assert_eq!(Base1::parse(&reject()[..len]), Err(HeaderError::truncated(needed)));
            if len < 22 {
                assert_eq!(Base1::parse(&HEADER[..len]), Err(HeaderError::truncated(22)));
            }
        }
    }
}
