//! The commands of EMV, in one call each.

use super::{Command, Le, Signature};
use crate::{Error, ErrorKind, Tag, Writer, element::CryptogramType, tags};

/// The name of the Payment System Environment, the directory of a contact card.
///
/// Source: EMV 4.4 Book 1, 12.2.2.
pub const PSE: &[u8] = b"1PAY.SYS.DDF01";

/// The name of the Proximity Payment System Environment, the directory of a contactless card.
///
/// Source: EMV Contactless Book B, 3.3.
pub const PPSE: &[u8] = b"2PAY.SYS.DDF01";

const INTERINDUSTRY: u8 = 0x00;
const EMV: u8 = 0x80;
/// Classes with secure messaging of the issuer's own format.
const INTERINDUSTRY_SECURE: u8 = 0x04;
const EMV_SECURE: u8 = 0x84;

/// Where the parameters stand in a command, for errors about them.
const P1_AT: u32 = 2;
const P2_AT: u32 = 3;
const LENGTH_AT: u32 = 4;

impl<'a> Command<'a> {
    /// A command without data, from which nothing is expected: case 1.
    ///
    /// # Examples
    /// ```
    /// use emv_tlv::apdu::{Command, Le};
    ///
    /// let command = Command { le: Some(Le::ALL), ..Command::new(0x80, 0xCA, 0x9F, 0x17) };
    /// assert_eq!(command.to_string(), "80CA9F17 Le 256");
    /// ```
    #[must_use]
    pub const fn new(cla: u8, ins: u8, p1: u8, p2: u8) -> Self {
        Self { cla, ins, p1, p2, data: &[], le: None, extended: false }
    }

    /// Data, and no response data: case 3.
    const fn with(self, data: &'a [u8]) -> Self {
        Self { data, ..self }
    }

    /// As much response data as there are.
    const fn expecting(self) -> Self {
        Self { le: Some(Le::ALL), ..self }
    }

    /// SELECT by name, first occurrence: a whole AID or its beginning, or [`PSE`] or [`PPSE`].
    ///
    /// # Examples
    /// ```
    /// use emv_tlv::apdu::{Command, PPSE};
    ///
    /// let mut buffer = [0; 32];
    /// let bytes = Command::select(PPSE).encode_into(&mut buffer)?;
    /// assert_eq!(bytes, b"\x00\xA4\x04\x00\x0E2PAY.SYS.DDF01\x00");
    /// # Ok::<(), emv_tlv::Error>(())
    /// ```
    /// Source: EMV 4.4 Book 1, 11.3.2.
    #[must_use]
    pub const fn select(name: &'a [u8]) -> Self {
        Self::new(INTERINDUSTRY, 0xA4, 0x04, 0x00).with(name).expecting()
    }

    /// SELECT by name, next occurrence: the next application whose AID begins so.
    ///
    /// Source: EMV 4.4 Book 1, 11.3.2.
    #[must_use]
    pub const fn select_next(name: &'a [u8]) -> Self {
        Self::new(INTERINDUSTRY, 0xA4, 0x04, 0x02).with(name).expecting()
    }

    /// GET PROCESSING OPTIONS with the data that the PDOL asks for, none if there is no PDOL.
    ///
    /// They are put into a template 83, which is written to the front of `buffer`: 2 bytes more than `data`, and 3 from 128 on.
    ///
    /// # Errors
    /// [`ErrorKind::DataTooLong`] at the command's length, byte 4, if the template has more than 255 bytes;
    /// [`ErrorKind::BufferTooSmall`] at byte 0 of `buffer` if it does not hold it.
    ///
    /// # Examples
    /// ```
    /// use emv_tlv::apdu::Command;
    ///
    /// let mut buffer = [0; 64];
    /// let command = Command::get_processing_options(&[0x08, 0x40], &mut buffer)?;
    /// assert_eq!(command.data, [0x83, 0x02, 0x08, 0x40]);
    /// # Ok::<(), emv_tlv::Error>(())
    /// ```
    /// Source: EMV 4.4 Book 3, 6.5.8.
    pub fn get_processing_options(data: &[u8], buffer: &'a mut [u8]) -> Result<Self, Error> {
        const TEMPLATE: Tag = tags::COMMAND_TEMPLATE;
        if crate::encoded_len(TEMPLATE, data.len()) > 0xFF {
            return Err(Error::new(ErrorKind::DataTooLong, LENGTH_AT));
        }
        let mut writer = Writer::new(buffer);
        writer.primitive(TEMPLATE, data)?;
        Ok(Self::new(EMV, 0xA8, 0x00, 0x00).with(writer.finish()).expecting())
    }

    /// READ RECORD by short file identifier, 1 to 30, and number, 1 to 255.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidValue`] at the command's byte that would say it, if a number is out of range.
    ///
    /// # Examples
    /// ```
    /// use emv_tlv::apdu::Command;
    ///
    /// let command = Command::read_record(2, 1)?;
    /// assert_eq!(command.to_string(), "00B20114 Le 256");
    /// assert_eq!(command.record(), Some((2, 1)));
    /// # Ok::<(), emv_tlv::Error>(())
    /// ```
    /// Source: EMV 4.4 Book 3, 6.5.11.
    pub const fn read_record(sfi: u8, record: u8) -> Result<Self, Error> {
        match reference(sfi, record) {
            Ok(p2) => Ok(Self::new(INTERINDUSTRY, 0xB2, record, p2).expecting()),
            Err(error) => Err(error),
        }
    }

    /// GENERATE AC, first or second, with the data that CDOL1 or CDOL2 asks for.
    ///
    /// # Examples
    /// ```
    /// use emv_tlv::{apdu::{Command, Signature}, element::CryptogramType};
    ///
    /// let command = Command::generate_ac(CryptogramType::Arqc, Signature::Cda, &[0; 29]);
    /// assert_eq!((command.p1, command.data.len()), (0x90, 29));
    /// ```
    /// Source: EMV 4.4 Book 3, 6.5.5.
    #[must_use]
    pub const fn generate_ac(kind: CryptogramType, signature: Signature, data: &'a [u8]) -> Self {
        Self::new(EMV, 0xAE, kind.code() << 6 | signature.to_bits(), 0x00).with(data).expecting()
    }

    /// INTERNAL AUTHENTICATE with the data that the DDOL asks for.
    ///
    /// Source: EMV 4.4 Book 3, 6.5.9.
    #[must_use]
    pub const fn internal_authenticate(data: &'a [u8]) -> Self {
        Self::new(INTERINDUSTRY, 0x88, 0x00, 0x00).with(data).expecting()
    }

    /// EXTERNAL AUTHENTICATE with Issuer Authentication Data, 91: 8 to 16 bytes.
    ///
    /// # Errors
    /// [`ErrorKind::WrongLength`] at the command's length, byte 4, for another number of bytes.
    ///
    /// Source: EMV 4.4 Book 3, 6.5.4.
    pub const fn external_authenticate(data: &'a [u8]) -> Result<Self, Error> {
        match data.len() {
            8..=16 => Ok(Self::new(INTERINDUSTRY, 0x82, 0x00, 0x00).with(data)),
            _ => Err(Error::new(ErrorKind::WrongLength, LENGTH_AT)),
        }
    }

    /// GET DATA for an object with a tag of one or two bytes.
    ///
    /// # Errors
    /// [`ErrorKind::TagTooLong`] at P1, byte 2, for a longer tag.
    ///
    /// # Examples
    /// ```
    /// use emv_tlv::{apdu::Command, tags};
    ///
    /// let command = Command::get_data(tags::PIN_TRY_COUNTER)?;
    /// assert_eq!(command.to_string(), "80CA9F17 Le 256");
    /// # Ok::<(), emv_tlv::Error>(())
    /// ```
    /// Source: EMV 4.4 Book 3, 6.5.7.
    pub const fn get_data(tag: Tag) -> Result<Self, Error> {
        match parameters(tag) {
            Ok([p1, p2]) => Ok(Self::new(EMV, 0xCA, p1, p2).expecting()),
            Err(error) => Err(error),
        }
    }

    /// VERIFY with a PIN in plaintext: a block of control field 2, length, digits and fill.
    ///
    /// # Security
    /// The block stays where it is, and encoding the command copies it into the caller's buffer: wipe both.
    ///
    /// Source: EMV 4.4 Book 3, 6.5.12.
    #[must_use]
    pub const fn verify_plaintext(block: &'a [u8; 8]) -> Self {
        Self::new(INTERINDUSTRY, 0x20, 0x00, 0x80).with(block)
    }

    /// VERIFY with a PIN enciphered under the card's RSA key.
    ///
    /// Source: EMV 4.4 Book 3, 6.5.12; EMV 4.4 Book 2, 7.
    #[must_use]
    pub const fn verify_enciphered(data: &'a [u8]) -> Self {
        Self::new(INTERINDUSTRY, 0x20, 0x00, 0x88).with(data)
    }

    /// VERIFY with a PIN enciphered under the card's elliptic curve key.
    ///
    /// Source: EMV 4.4 Book 3, 6.5.12; EMV 4.4 Book 2, 13.
    #[must_use]
    pub const fn verify_enciphered_ecc(data: &'a [u8]) -> Self {
        Self::new(INTERINDUSTRY, 0x20, 0x00, 0x8A).with(data)
    }

    /// GET CHALLENGE: a random number of 8 bytes, valid for the next command.
    ///
    /// Source: EMV 4.4 Book 3, 6.5.6.
    #[must_use]
    pub const fn get_challenge() -> Self {
        Self::new(INTERINDUSTRY, 0x84, 0x00, 0x00).expecting()
    }

    /// GET RESPONSE for so many bytes: what status 61xx says is there.
    ///
    /// Source: ISO/IEC 7816-4.
    #[must_use]
    pub const fn get_response(le: Le) -> Self {
        Self { le: Some(le), ..Self::new(INTERINDUSTRY, 0xC0, 0x00, 0x00) }
    }

    /// COMPUTE CRYPTOGRAPHIC CHECKSUM with the data that the UDOL asks for.
    ///
    /// Source: EMV Contactless Book C-2, 5.1.
    #[must_use]
    pub const fn compute_cryptographic_checksum(data: &'a [u8]) -> Self {
        Self::new(EMV, 0x2A, 0x8E, 0x80).with(data).expecting()
    }

    /// EXCHANGE RELAY RESISTANCE DATA with the terminal's random number.
    ///
    /// Source: EMV Contactless Book C-2, 5.3.
    #[must_use]
    pub const fn exchange_relay_resistance_data(entropy: &'a [u8; 4]) -> Self {
        Self::new(EMV, 0xEA, 0x00, 0x00).with(entropy).expecting()
    }

    /// APPLICATION BLOCK, of an issuer script, with its MAC. Secure messaging of format 1 needs class 8C.
    ///
    /// Source: EMV 4.4 Book 3, 6.5.1.
    #[must_use]
    pub const fn application_block(mac: &'a [u8]) -> Self {
        Self::new(EMV_SECURE, 0x1E, 0x00, 0x00).with(mac)
    }

    /// APPLICATION UNBLOCK, of an issuer script, with its MAC. Secure messaging of format 1 needs class 8C.
    ///
    /// Source: EMV 4.4 Book 3, 6.5.2.
    #[must_use]
    pub const fn application_unblock(mac: &'a [u8]) -> Self {
        Self::new(EMV_SECURE, 0x18, 0x00, 0x00).with(mac)
    }

    /// CARD BLOCK, of an issuer script, with its MAC. Secure messaging of format 1 needs class 8C.
    ///
    /// Source: EMV 4.4 Book 3, 6.5.3.
    #[must_use]
    pub const fn card_block(mac: &'a [u8]) -> Self {
        Self::new(EMV_SECURE, 0x16, 0x00, 0x00).with(mac)
    }

    /// PIN CHANGE/UNBLOCK, of an issuer script: P2 00 unblocks, and `data` are the MAC; 01 and 02, the payment systems' own, also change the
    /// PIN, and `data` are the enciphered PIN and the MAC. Secure messaging of format 1 needs class 8C.
    ///
    /// Source: EMV 4.4 Book 3, 6.5.10.
    #[must_use]
    pub const fn pin_change_unblock(p2: u8, data: &'a [u8]) -> Self {
        Self::new(EMV_SECURE, 0x24, 0x00, p2).with(data)
    }

    /// PUT DATA, of an issuer script, for an object with a tag of one or two bytes: the new value and its MAC.
    ///
    /// # Errors
    /// [`ErrorKind::TagTooLong`] at P1, byte 2, for a longer tag.
    ///
    /// Source: ISO/IEC 7816-4; the payment systems use class 04 or 84.
    pub const fn put_data(tag: Tag, data: &'a [u8]) -> Result<Self, Error> {
        match parameters(tag) {
            Ok([p1, p2]) => Ok(Self::new(INTERINDUSTRY_SECURE, 0xDA, p1, p2).with(data)),
            Err(error) => Err(error),
        }
    }

    /// UPDATE RECORD, of an issuer script, by short file identifier and number: the new record and its MAC.
    ///
    /// # Errors
    /// As [`read_record`](Self::read_record).
    ///
    /// Source: ISO/IEC 7816-4; the payment systems use class 04 or 84.
    pub const fn update_record(sfi: u8, record: u8, data: &'a [u8]) -> Result<Self, Error> {
        match reference(sfi, record) {
            Ok(p2) => Ok(Self::new(INTERINDUSTRY_SECURE, 0xDC, record, p2).with(data)),
            Err(error) => Err(error),
        }
    }
}

/// The P2 of a record that is named by its number, which is P1.
const fn reference(sfi: u8, record: u8) -> Result<u8, Error> {
    match (sfi, record) {
        (_, 0) => Err(Error::new(ErrorKind::InvalidValue, P1_AT)),
        (1..=30, _) => Ok(sfi << 3 | 0x04),
        _ => Err(Error::new(ErrorKind::InvalidValue, P2_AT)),
    }
}

/// P1 and P2 of an object that is named by its tag.
const fn parameters(tag: Tag) -> Result<[u8; 2], Error> {
    match tag.raw().to_be_bytes() {
        [0, 0, p1, p2] => Ok([p1, p2]),
        _ => Err(Error::new(ErrorKind::TagTooLong, P1_AT)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hex_literal::hex;

    #[test]
    fn each_command_has_the_bytes_of_the_book() {
        let mut buffer = [0; 8];
        let mut empty = [0; 8];
        for (command, bytes) in [
            (Command::select(&[0xA0, 1]), &hex!("00A40400 02A001 00")[..]),
            (Command::select_next(&[0xA0, 1]), &hex!("00A40402 02A001 00")),
            (
                Command::get_processing_options(&[1, 2], &mut buffer).unwrap(),
                &hex!("80A80000 0483020102 00"),
            ),
            (
                Command::get_processing_options(&[], &mut empty).unwrap(),
                &hex!("80A80000 028300 00"),
            ),
            (Command::read_record(1, 1).unwrap(), &hex!("00B2010C 00")),
            (Command::read_record(30, 255).unwrap(), &hex!("00B2FFF4 00")),
            (
                Command::generate_ac(CryptogramType::Arqc, Signature::None, &[7]),
                &hex!("80AE8000 0107 00"),
            ),
            (
                Command::generate_ac(CryptogramType::Tc, Signature::Cda, &[7]),
                &hex!("80AE5000 0107 00"),
            ),
            (
                Command::generate_ac(CryptogramType::Aac, Signature::Xda, &[7]),
                &hex!("80AE0800 0107 00"),
            ),
            (Command::internal_authenticate(&[7]), &hex!("00880000 0107 00")),
            (
                Command::external_authenticate(&[7; 8]).unwrap(),
                &hex!("00820000 08 0707070707070707"),
            ),
            (Command::get_data(tags::LOG_FORMAT).unwrap(), &hex!("80CA9F4F 00")),
            (Command::get_data(Tag(0x5A)).unwrap(), &hex!("80CA005A 00")),
            (Command::verify_plaintext(&[7; 8]), &hex!("00200080 08 0707070707070707")),
            (Command::verify_enciphered(&[7]), &hex!("00200088 0107")),
            (Command::verify_enciphered_ecc(&[7]), &hex!("0020008A 0107")),
            (Command::get_challenge(), &hex!("00840000 00")),
            (Command::get_response(Le::from_short(0x1A)), &hex!("00C00000 1A")),
            (Command::compute_cryptographic_checksum(&[7; 4]), &hex!("802A8E80 0407070707 00")),
            (Command::exchange_relay_resistance_data(&[7; 4]), &hex!("80EA0000 0407070707 00")),
            (Command::application_block(&[7; 4]), &hex!("841E0000 0407070707")),
            (Command::application_unblock(&[7; 4]), &hex!("84180000 0407070707")),
            (Command::card_block(&[7; 4]), &hex!("84160000 0407070707")),
            (Command::pin_change_unblock(2, &[7; 4]), &hex!("84240002 0407070707")),
            (Command::put_data(Tag(0x9F58), &[7]).unwrap(), &hex!("04DA9F58 0107")),
            (Command::update_record(1, 2, &[7]).unwrap(), &hex!("04DC020C 0107")),
        ] {
            let mut out = [0; 16];
            assert_eq!(command.encode_into(&mut out).unwrap(), bytes);
            assert_eq!(Command::parse(bytes), Ok(command));
        }
    }

    #[test]
    fn what_a_command_cannot_say_is_refused() {
        use ErrorKind::{BufferTooSmall, DataTooLong, InvalidValue, TagTooLong, WrongLength};
        let mut buffer = [0; 300];
        let error = |result: Result<Command<'_>, Error>| {
            result.map_err(|error| (error.kind(), error.offset())).err()
        };
        assert_eq!(error(Command::read_record(0, 1)), Some((InvalidValue, 3)));
        assert_eq!(error(Command::read_record(31, 1)), Some((InvalidValue, 3)));
        assert_eq!(error(Command::read_record(1, 0)), Some((InvalidValue, 2)));
        assert_eq!(error(Command::update_record(31, 1, &[])), Some((InvalidValue, 3)));
        assert_eq!(error(Command::get_data(Tag(0xDF_8129))), Some((TagTooLong, 2)));
        assert_eq!(error(Command::put_data(Tag(0xDF_8129), &[])), Some((TagTooLong, 2)));
        assert_eq!(error(Command::external_authenticate(&[0; 7])), Some((WrongLength, 4)));
        assert_eq!(error(Command::external_authenticate(&[0; 17])), Some((WrongLength, 4)));
        let long = Command::get_processing_options(&[0; 253], &mut buffer);
        assert_eq!(error(long), Some((DataTooLong, 4)));
        assert_eq!(error(Command::get_processing_options(&[0; 252], &mut buffer)), None);
        let small = Command::get_processing_options(&[0; 8], &mut buffer[..9]);
        assert_eq!(error(small), Some((BufferTooSmall, 0)));
    }
}
