//! Terminal Verification Results, and the action codes that are held against them.

use super::layout::flags;

flags! {
    /// Terminal Verification Results: what the terminal found wrong, and how it chose.
    ///
    /// The action codes of issuer and terminal have the same bits: a transaction goes online if
    /// `results.intersects(issuer_online | terminal_online)`.
    ///
    /// # Examples
    /// ```
    /// use emv_tlv::element::Tvr;
    ///
    /// let mut results = Tvr::default();
    /// results |= Tvr::PIN_NOT_ENTERED;
    /// let denial = Tvr::new([0x00, 0x10, 0x00, 0x00, 0x00]);
    /// assert!(!results.intersects(denial));
    /// assert_eq!(results.to_bytes(), [0x00, 0x00, 0x08, 0x00, 0x00]);
    /// ```
    /// Source: EMV 4.4 Book 3, Annex C5.
    pub struct Tvr([u8; 5]) of [
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
    5 4 RELAY_THRESHOLD_EXCEEDED "relay resistance threshold exceeded";
    5 3 RELAY_TIME_LIMITS_EXCEEDED "relay resistance time limits exceeded";
    5 2 RELAY_PROTOCOL_NOT_SUPPORTED "relay resistance protocol not supported";
    5 1 RELAY_PROTOCOL_NOT_PERFORMED "relay resistance protocol was to be performed and was not";
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use std::{format, string::ToString};

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
    fn bits_are_put_in_taken_out_and_compared() {
        let both = Tvr::SDA_FAILED | Tvr::NEW_CARD;
        assert_eq!(both.to_bytes(), [0x40, 0x08, 0, 0, 0]);
        assert!(both.contains(Tvr::NEW_CARD) && !Tvr::NEW_CARD.contains(both));
        assert!(both.intersects(Tvr::NEW_CARD) && !both.intersects(Tvr::EXPIRED));
        assert_eq!(both - Tvr::SDA_FAILED, Tvr::NEW_CARD);
        assert!((both - both).is_empty());
    }
}
