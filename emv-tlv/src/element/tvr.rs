//! Terminal Verification Results, and the action codes that are held against them.

use super::layout::flags;

/// The bits that every reader has; those of byte 5 that are left are the element's own.
macro_rules! results {
    ($(#[$doc:meta])* pub struct $name:ident; $($own:tt)*) => { flags! {
        $(#[$doc])*
        pub struct $name([u8; 5]) of [
            TERMINAL_VERIFICATION_RESULTS,
            ISSUER_ACTION_CODE_DEFAULT,
            ISSUER_ACTION_CODE_DENIAL,
            ISSUER_ACTION_CODE_ONLINE,
            TERMINAL_ACTION_CODE_DEFAULT,
            TERMINAL_ACTION_CODE_DENIAL,
            TERMINAL_ACTION_CODE_ONLINE,
        ];
        1 8 ODA_NOT_PERFORMED "offline data authentication was not performed";
        1 7 SDA_FAILED "SDA failed";
        1 6 ICC_DATA_MISSING "ICC data missing";
        1 5 CARD_ON_EXCEPTION_FILE "card appears on terminal exception file";
        1 4 DDA_FAILED "DDA failed";
        1 3 CDA_FAILED "CDA failed";
        1 2 SDA_SELECTED "SDA selected";
        1 1 XDA_SELECTED "XDA selected";
        2 8 VERSION_MISMATCH "ICC and terminal have different application versions";
        2 7 EXPIRED "expired application";
        2 6 NOT_YET_EFFECTIVE "application not yet effective";
        2 5 SERVICE_NOT_ALLOWED "requested service not allowed for card product";
        2 4 NEW_CARD "new card";
        2 2 BIOMETRIC_PERFORMED_SUCCESSFUL "biometric performed and successful";
        2 1 BIOMETRIC_TEMPLATE_FORMAT_NOT_SUPPORTED "biometric template format not supported";
        3 8 CVM_FAILED "cardholder verification was not successful";
        3 7 CVM_UNRECOGNISED "unrecognised CVM";
        3 6 PIN_TRY_LIMIT_EXCEEDED "PIN try limit exceeded";
        3 5 PIN_PAD_ABSENT "PIN entry required and PIN pad not present or not working";
        3 4 PIN_NOT_ENTERED "PIN entry required, PIN pad present, but PIN was not entered";
        3 3 ONLINE_CVM_CAPTURED "online CVM captured";
        3 2 BIOMETRIC_CAPTURE_NOT_WORKING "biometric required but biometric capture device not working";
        3 1 BIOMETRIC_NOT_CAPTURED "biometric required, capture device present, but subtype entry was bypassed";
        4 8 OVER_FLOOR_LIMIT "transaction exceeds floor limit";
        4 7 LOWER_OFFLINE_LIMIT_EXCEEDED "lower consecutive offline limit exceeded";
        4 6 UPPER_OFFLINE_LIMIT_EXCEEDED "upper consecutive offline limit exceeded";
        4 5 RANDOMLY_SELECTED "transaction selected randomly for online processing";
        4 4 MERCHANT_FORCED_ONLINE "merchant forced transaction online";
        4 3 BIOMETRIC_TRY_LIMIT_EXCEEDED "biometric try limit exceeded";
        4 2 BIOMETRIC_TYPE_NOT_SUPPORTED "a selected biometric type is not supported";
        4 1 XDA_FAILED "XDA signature verification failed";
        5 8 DEFAULT_TDOL_USED "default TDOL used";
        5 7 ISSUER_AUTHENTICATION_FAILED "issuer authentication failed";
        5 6 SCRIPT_FAILED_BEFORE_FINAL_GAC "script processing failed before final GENERATE AC";
        5 5 SCRIPT_FAILED_AFTER_FINAL_GAC "script processing failed after final GENERATE AC";
        $($own)*
    } };
}

results! {
    /// Terminal Verification Results: what the terminal found wrong, and how it chose.
    ///
    /// The action codes of issuer and terminal have the same bits. An issuer's that the card does not have is of zeros for denial,
    /// and of ones for online and default. Of kernel 2, [`RelayTvr`] has some bits more.
    ///
    /// # Examples
    /// Terminal action analysis, where the terminal can go online:
    /// ```
    /// use emv_tlv::{element::{CryptogramType, Tvr}, find, tags};
    ///
    /// let record = b"\x70\x08\x9F\x0E\x05\x00\x10\x00\x00\x00";
    /// let issuer = |tag, absent| match find(record, &[tags::READ_RECORD_TEMPLATE, tag])? {
    ///     Some(code) => code.read(),
    ///     None => Ok(Tvr::new([absent; 5])),
    /// };
    /// let issuer_denial = issuer(tags::ISSUER_ACTION_CODE_DENIAL, 0x00)?;
    /// let issuer_online = issuer(tags::ISSUER_ACTION_CODE_ONLINE, 0xFF)?;
    /// let (terminal_denial, terminal_online) = (Tvr::default(), Tvr::OVER_FLOOR_LIMIT | Tvr::CVM_FAILED);
    ///
    /// let mut results = Tvr::default();
    /// results |= Tvr::PIN_NOT_ENTERED;
    /// let wanted = if results.intersects(issuer_denial | terminal_denial) {
    ///     CryptogramType::Aac
    /// } else if results.intersects(issuer_online | terminal_online) {
    ///     CryptogramType::Arqc
    /// } else {
    ///     CryptogramType::Tc
    /// };
    /// assert_eq!(results.to_bytes(), [0x00, 0x00, 0x08, 0x00, 0x00]);
    /// assert_eq!(wanted, CryptogramType::Arqc);
    /// # Ok::<(), emv_tlv::Error>(())
    /// ```
    /// Source: EMV 4.4 Book 3, Annex C5 and 10.7.
    pub struct Tvr;
    5 3 CA_ECC_KEY_MISSING "CA ECC key missing";
    5 2 ECC_KEY_RECOVERY_FAILED "ECC key recovery failed";
}

results! {
    /// Terminal Verification Results of kernel 2, whose byte 5 ends in the results of the relay resistance protocol.
    ///
    /// That neither of the last two bits is 1 means that card or reader does not support the protocol.
    ///
    /// # Examples
    /// ```
    /// use emv_tlv::element::RelayTvr;
    ///
    /// let results = RelayTvr::new([0x00, 0x00, 0x00, 0x00, 0x0A]);
    /// assert!(results.contains(RelayTvr::RELAY_PROTOCOL_PERFORMED | RelayTvr::RELAY_THRESHOLD_EXCEEDED));
    /// ```
    /// Source: EMV 4.4 Book 3, Annex C5; EMV Contactless Book C-2, Annex A.1.
    pub struct RelayTvr;
    5 4 RELAY_THRESHOLD_EXCEEDED "relay resistance threshold exceeded";
    5 3 RELAY_TIME_LIMITS_EXCEEDED "relay resistance time limits exceeded";
    5 2 RELAY_PROTOCOL_PERFORMED "relay resistance protocol performed";
    5 1 RELAY_PROTOCOL_NOT_PERFORMED "relay resistance protocol not performed";
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use std::{format, string::ToString};

    #[test]
    fn bits_are_set_kept_and_cleared() {
        let mut results = Tvr::NEW_CARD | Tvr::EXPIRED | Tvr::CDA_FAILED;
        results -= Tvr::EXPIRED;
        assert_eq!(results, Tvr::NEW_CARD | Tvr::CDA_FAILED);
        results &= Tvr::CDA_FAILED | Tvr::SDA_FAILED;
        assert_eq!((results, results - Tvr::CDA_FAILED), (Tvr::CDA_FAILED, Tvr::default()));
    }

    #[test]
    fn explains_in_words_and_by_place() {
        let results = Tvr::new([0x40, 0x80, 0x00, 0x00, 0x00]);
        assert_eq!(
            results.to_string(),
            "SDA failed; ICC and terminal have different application versions"
        );
        assert_eq!(
            format!("{results:#}"),
            "byte 1 bit 7: SDA failed\nbyte 2 bit 8: ICC and terminal have different application versions"
        );
        assert_eq!(format!("{results:?}"), "Tvr(4080000000)");
        assert_eq!(Tvr::default().to_string(), "no bit set");
    }

    #[test]
    fn the_end_of_byte_5_depends_on_the_kernel() {
        let results = [0x00, 0x00, 0x00, 0x00, 0x06];
        assert_eq!(Tvr::new(results).to_string(), "CA ECC key missing; ECC key recovery failed");
        assert_eq!(
            RelayTvr::new(results).to_string(),
            "relay resistance time limits exceeded; relay resistance protocol performed"
        );
        assert_eq!(Tvr::FLAGS.len() + 2, RelayTvr::FLAGS.len());
    }

    #[test]
    fn bits_are_put_in_taken_out_and_compared() {
        let both = Tvr::SDA_FAILED | Tvr::NEW_CARD;
        assert_eq!(both.to_bytes(), [0x40, 0x08, 0, 0, 0]);
        assert!(both.contains(Tvr::NEW_CARD) && !Tvr::NEW_CARD.contains(both));
        assert!(both.intersects(Tvr::NEW_CARD) && !both.intersects(Tvr::EXPIRED));
        assert_eq!(both - Tvr::SDA_FAILED, Tvr::NEW_CARD);
        assert!((both - both).is_empty());
    }
}
