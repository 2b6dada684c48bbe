//! The transport header of terminals.

use core::fmt;

use super::HeaderError;
use super::layout::{Packed, part, split_fixed, with_part};

/// A TPDU: where a message goes and where it comes from. 5 bytes.
///
/// | bytes | part |
/// |---|---|
/// | 0 | id, `60` for a transaction |
/// | 1-2 | destination: the network international identifier (NII), 4 BCD digits |
/// | 3-4 | source: the address of the terminal or of its line, 4 BCD digits |
///
/// Addresses are kept as their two bytes, whatever these are; nothing is checked when one is read.
///
/// ```
/// use iso8583_wire::header::Tpdu;
///
/// let (tpdu, message) = Tpdu::parse(&[0x60, 0x00, 0x03, 0x00, 0x00, 0x08, 0x00])?;
/// assert_eq!((tpdu.destination(), message), ([0x00, 0x03], &[0x08, 0x00][..]));
/// assert_eq!(tpdu.reply().as_bytes(), &[0x60, 0x00, 0x00, 0x00, 0x03]);
/// # Ok::<(), iso8583_wire::header::HeaderError>(())
/// ```
///
/// Source: published descriptions of the messages of UnionPay terminals; check it against your acquirer's.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Tpdu {
    bytes: [u8; Self::LEN],
}

impl Tpdu {
    /// Bytes of a TPDU.
    pub const LEN: usize = 5;

    /// A TPDU with id 60.
    #[must_use]
    pub const fn new(destination: [u8; 2], source: [u8; 2]) -> Self {
        Self { bytes: [0x60, 0, 0, 0, 0] }.with_destination(destination).with_source(source)
    }

    pub(super) const fn from_bytes(bytes: [u8; Self::LEN]) -> Self {
        Self { bytes }
    }

    /// Reads the TPDU at the start, and hands back what follows it.
    ///
    /// # Errors
    /// [`Truncated`](super::HeaderErrorKind::Truncated).
    pub fn parse(bytes: &[u8]) -> Result<(Self, &[u8]), HeaderError> {
        split_fixed(bytes).map(|(bytes, rest)| (Self { bytes: *bytes }, rest))
    }

    /// The bytes on the wire.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; Self::LEN] {
        &self.bytes
    }

    /// What is carried: `60` for a transaction; some networks have others.
    #[must_use]
    pub const fn id(&self) -> u8 {
        let [id, ..] = self.bytes;
        id
    }

    /// Where the message goes, 4 packed digits.
    #[must_use]
    pub const fn destination(&self) -> [u8; 2] {
        part::<1, 2, _>(&self.bytes)
    }

    /// Where the message comes from, 4 packed digits.
    #[must_use]
    pub const fn source(&self) -> [u8; 2] {
        part::<3, 2, _>(&self.bytes)
    }

    /// The same TPDU with another id.
    #[must_use]
    pub const fn with_id(self, id: u8) -> Self {
        Self { bytes: with_part::<0, 1, _>(self.bytes, [id]) }
    }

    /// The same TPDU with another destination.
    #[must_use]
    pub const fn with_destination(self, destination: [u8; 2]) -> Self {
        Self { bytes: with_part::<1, 2, _>(self.bytes, destination) }
    }

    /// The same TPDU with another source.
    #[must_use]
    pub const fn with_source(self, source: [u8; 2]) -> Self {
        Self { bytes: with_part::<3, 2, _>(self.bytes, source) }
    }

    /// The TPDU of the answer: source and destination swapped, the id kept.
    #[must_use]
    pub const fn reply(&self) -> Self {
        self.with_destination(self.source()).with_source(self.destination())
    }
}

impl fmt::Debug for Tpdu {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tpdu")
            .field("id", &Packed(&[self.id()]))
            .field("destination", &Packed(&self.destination()))
            .field("source", &Packed(&self.source()))
            .finish()
    }
}

#[cfg(test)]
mod tests {
    extern crate alloc;
    use alloc::format;

    use super::*;

    #[test]
    fn is_read_written_and_answered() {
        let tpdu = Tpdu::new([0x00, 0x03], [0x12, 0x34]);
        assert_eq!(tpdu.as_bytes(), b"\x60\x00\x03\x12\x34");
        assert_eq!(tpdu.reply().as_bytes(), b"\x60\x12\x34\x00\x03");
        assert_eq!(tpdu.reply().reply(), tpdu);
        assert_eq!(Tpdu::parse(b"\x60\x00\x03\x12\x34!"), Ok((tpdu, &b"!"[..])));
        assert_eq!(format!("{tpdu:?}"), "Tpdu { id: 60, destination: 0003, source: 1234 }");
    }

    #[test]
    fn another_id_is_kept_and_a_short_one_refused() {
        let (tpdu, _) = Tpdu::parse(&[0x68, 0xFF, 0xFF, 0, 0]).unwrap();
        assert_eq!(tpdu.reply().id(), 0x68);
        assert_eq!(tpdu.with_id(0x60).id(), 0x60);
        for len in 0..Tpdu::LEN {
            assert_eq!(Tpdu::parse(&[0x60; 5][..len]), Err(HeaderError::truncated(5)));
        }
    }
}
