//! Transaction Status Information.

use super::layout::flags;

flags! {
    /// Transaction Status Information: which functions the terminal has performed.
    ///
    /// # Examples
    /// ```
    /// use emv_tlv::element::Tsi;
    ///
    /// let status = Tsi::new([0xE8, 0x00]);
    /// assert!(status.contains(Tsi::CARDHOLDER_VERIFICATION | Tsi::TERMINAL_RISK_MANAGEMENT));
    /// ```
    /// Source: EMV 4.4 Book 3, Annex C6.
    pub struct Tsi([u8; 2]) of [TRANSACTION_STATUS_INFORMATION];
    1 8 OFFLINE_DATA_AUTHENTICATION "offline data authentication was performed";
    1 7 CARDHOLDER_VERIFICATION "cardholder verification was performed";
    1 6 CARD_RISK_MANAGEMENT "card risk management was performed";
    1 5 ISSUER_AUTHENTICATION "issuer authentication was performed";
    1 4 TERMINAL_RISK_MANAGEMENT "terminal risk management was performed";
    1 3 SCRIPT_PROCESSING "script processing was performed";
}
