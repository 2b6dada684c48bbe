//! The header of UnionPay's terminals.

use core::fmt;

use super::layout::{Packed, part, split_fixed, with_part};
use super::{HeaderError, HeaderErrorKind, Tpdu};

/// Where terminal state and request stand.
const STATE_AND_REQUEST: usize = 7;

/// A terminal state or request that is no digit.
const WRONG_DIGIT: HeaderError = HeaderError::new(HeaderErrorKind::InvalidDigit, 7);

/// The header of a UnionPay terminal's message: a TPDU, then 12 BCD digits. 11 bytes.
///
/// | bytes | part |
/// |---|---|
/// | 0-4 | [`Tpdu`] |
/// | 5 | application class: `60` bank card |
/// | 6 | software version: `31`, `32` |
/// | 7 | terminal state, then processing request, a digit each |
/// | 8-10 | sub-version, 6 digits |
///
/// A host may ask for something in any of its answers, by the processing request. Digits are kept as their bytes; nothing is
/// checked when a header is read.
///
/// ```
/// use iso8583_wire::header::UnionPay;
///
/// let request = [0x60, 0x00, 0x03, 0x00, 0x00, 0x60, 0x31, 0x00, 0x31, 0x01, 0x00];
/// let (header, _) = UnionPay::parse(&request)?;
/// let reply = header.reply().with_request(UnionPay::SIGN_IN_AGAIN)?;
/// assert_eq!(reply.as_bytes(), &[0x60, 0x00, 0x00, 0x00, 0x03, 0x60, 0x31, 0x03, 0x31, 0x01, 0x00]);
/// # Ok::<(), iso8583_wire::header::HeaderError>(())
/// ```
///
/// Source: published descriptions of the messages of UnionPay terminals; check it against your acquirer's.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct UnionPay {
    bytes: [u8; Self::LEN],
}

impl UnionPay {
    /// Bytes of a header, its TPDU included.
    pub const LEN: usize = 11;

    /// The host asks for nothing.
    pub const NO_REQUEST: u8 = 0;
    /// The terminal is to download parameters.
    pub const DOWNLOAD_PARAMETERS: u8 = 1;
    /// The terminal is to upload its status.
    pub const UPLOAD_STATUS: u8 = 2;
    /// The terminal is to sign in again.
    pub const SIGN_IN_AGAIN: u8 = 3;
    /// The terminal is to update the public keys of certification authorities.
    pub const UPDATE_CA_KEYS: u8 = 4;
    /// The terminal is to download parameters of its management system.
    pub const DOWNLOAD_TMS: u8 = 5;
    /// The terminal is to download the blacklist.
    pub const DOWNLOAD_BLACKLIST: u8 = 6;

    /// A header for bank cards (class 60), with state, request and sub-version 0.
    #[must_use]
    pub const fn new(tpdu: Tpdu, software_version: u8) -> Self {
        Self { bytes: [0, 0, 0, 0, 0, 0x60, software_version, 0, 0, 0, 0] }.with_tpdu(tpdu)
    }

    /// Reads the header at the start, and hands back what follows it.
    ///
    /// # Errors
    /// [`Truncated`](HeaderErrorKind::Truncated).
    pub fn parse(bytes: &[u8]) -> Result<(Self, &[u8]), HeaderError> {
        split_fixed(bytes).map(|(bytes, rest)| (Self { bytes: *bytes }, rest))
    }

    /// The bytes on the wire.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; Self::LEN] {
        &self.bytes
    }

    /// Where the message goes and where it comes from.
    #[must_use]
    pub const fn tpdu(&self) -> Tpdu {
        Tpdu::from_bytes(part::<0, 5, _>(&self.bytes))
    }

    /// The application class, 2 packed digits: `60` bank card.
    #[must_use]
    pub const fn application_class(&self) -> u8 {
        let [class] = part::<5, 1, _>(&self.bytes);
        class
    }

    /// The software's version, 2 packed digits: `31`, `32`.
    #[must_use]
    pub const fn software_version(&self) -> u8 {
        let [version] = part::<6, 1, _>(&self.bytes);
        version
    }

    /// The terminal's state, a digit: 0 in normal use.
    #[must_use]
    pub const fn terminal_state(&self) -> u8 {
        let [byte] = part::<STATE_AND_REQUEST, 1, _>(&self.bytes);
        byte >> 4
    }

    /// What the host asks of the terminal, a digit: [`NO_REQUEST`](Self::NO_REQUEST) to
    /// [`DOWNLOAD_BLACKLIST`](Self::DOWNLOAD_BLACKLIST).
    #[must_use]
    pub const fn request(&self) -> u8 {
        let [byte] = part::<STATE_AND_REQUEST, 1, _>(&self.bytes);
        byte & 0x0F
    }

    /// The sub-version, 6 packed digits.
    #[must_use]
    pub const fn sub_version(&self) -> [u8; 3] {
        part::<8, 3, _>(&self.bytes)
    }

    /// The same header with another TPDU.
    #[must_use]
    pub const fn with_tpdu(self, tpdu: Tpdu) -> Self {
        Self { bytes: with_part::<0, 5, _>(self.bytes, *tpdu.as_bytes()) }
    }

    /// The same header with another application class, 2 packed digits.
    #[must_use]
    pub const fn with_application_class(self, class: u8) -> Self {
        Self { bytes: with_part::<5, 1, _>(self.bytes, [class]) }
    }

    /// The same header with another version of the software, 2 packed digits.
    #[must_use]
    pub const fn with_software_version(self, version: u8) -> Self {
        Self { bytes: with_part::<6, 1, _>(self.bytes, [version]) }
    }

    /// The same header with another state of the terminal, a digit.
    ///
    /// # Errors
    /// [`InvalidDigit`](HeaderErrorKind::InvalidDigit) above 9.
    pub const fn with_terminal_state(self, state: u8) -> Result<Self, HeaderError> {
        // Of the two halves only the one that is given is checked: the other was received.
        if state > 9 {
            return Err(WRONG_DIGIT);
        }
        let both = [state << 4 | self.request()];
        Ok(Self { bytes: with_part::<STATE_AND_REQUEST, 1, _>(self.bytes, both) })
    }

    /// The same header with another request of the host, a digit.
    ///
    /// # Errors
    /// [`InvalidDigit`](HeaderErrorKind::InvalidDigit) above 9.
    pub const fn with_request(self, request: u8) -> Result<Self, HeaderError> {
        if request > 9 {
            return Err(WRONG_DIGIT);
        }
        let both = [self.terminal_state() << 4 | request];
        Ok(Self { bytes: with_part::<STATE_AND_REQUEST, 1, _>(self.bytes, both) })
    }

    /// The same header with another sub-version, 6 packed digits.
    #[must_use]
    pub const fn with_sub_version(self, version: [u8; 3]) -> Self {
        Self { bytes: with_part::<8, 3, _>(self.bytes, version) }
    }

    /// The header of the answer: the TPDU's source and destination swapped, the other digits kept.
    #[must_use]
    pub const fn reply(&self) -> Self {
        self.with_tpdu(self.tpdu().reply())
    }
}

impl fmt::Debug for UnionPay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UnionPay")
            .field("tpdu", &self.tpdu())
            .field("application_class", &Packed(&[self.application_class()]))
            .field("software_version", &Packed(&[self.software_version()]))
            .field("terminal_state", &self.terminal_state())
            .field("request", &self.request())
            .field("sub_version", &Packed(&self.sub_version()))
            .finish()
    }
}

#[cfg(test)]
mod tests {
    extern crate alloc;
    use alloc::format;

    use super::*;

    /// A published request: TPDU 6000030000, header 603100310100.
    const DOWNLOAD: [u8; 11] = [0x60, 0x00, 0x03, 0x00, 0x00, 0x60, 0x31, 0x00, 0x31, 0x01, 0x00];

    #[test]
    fn a_published_request_and_its_answer() {
        let (header, rest) = UnionPay::parse(&DOWNLOAD).unwrap();
        assert!(rest.is_empty());
        assert_eq!((header.application_class(), header.software_version()), (0x60, 0x31));
        assert_eq!((header.terminal_state(), header.request()), (0, UnionPay::NO_REQUEST));
        assert_eq!(header.sub_version(), [0x31, 0x01, 0x00]);
        let reply = header.reply();
        assert_eq!(reply.tpdu().as_bytes(), &[0x60, 0x00, 0x00, 0x00, 0x03]);
        assert_eq!(reply.as_bytes()[5..], DOWNLOAD[5..]);
        assert_eq!(reply.reply(), header);
    }

    #[test]
    fn another_published_request_is_built() {
        let tpdu = Tpdu::new([0x00, 0x49], [0x00, 0x00]);
        let header = UnionPay::new(tpdu, 0x32).with_sub_version([0x32, 0x05, 0x01]);
        let expected = b"\x60\x00\x49\x00\x00\x60\x32\x00\x32\x05\x01";
        assert_eq!(header.as_bytes(), expected);
        let shown = "UnionPay { tpdu: Tpdu { id: 60, destination: 0049, source: 0000 }, \
                     application_class: 60, software_version: 32, terminal_state: 0, request: 0, \
                     sub_version: 320501 }";
        assert_eq!(format!("{header:?}"), shown);
    }

    #[test]
    fn state_and_request_are_a_digit_each() {
        let (header, _) = UnionPay::parse(&DOWNLOAD).unwrap();
        let changed = header.with_terminal_state(1).unwrap().with_request(6).unwrap();
        assert_eq!(changed.as_bytes()[7], 0x16);
        assert_eq!(
            (changed.terminal_state(), changed.request()),
            (1, UnionPay::DOWNLOAD_BLACKLIST)
        );
        for refused in [header.with_request(10), header.with_terminal_state(0xFF)] {
            let error = refused.unwrap_err();
            assert_eq!((error.kind(), error.offset()), (HeaderErrorKind::InvalidDigit, 7));
        }
        let built = header.with_application_class(0x61).with_software_version(0x30);
        assert_eq!((built.application_class(), built.software_version()), (0x61, 0x30));
    }

    #[test]
    fn a_short_one_is_refused() {
        for len in 0..UnionPay::LEN {
            assert_eq!(UnionPay::parse(&DOWNLOAD[..len]), Err(HeaderError::truncated(11)));
        }
    }
}
