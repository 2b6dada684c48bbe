//! Terminal Capabilities.

use super::layout::flags;

flags! {
    /// Terminal Capabilities: how the terminal reads cards, verifies cardholders and authenticates cards.
    ///
    /// # Examples
    /// ```
    /// use emv_tlv::element::TerminalCapabilities;
    ///
    /// let terminal = TerminalCapabilities::IC_WITH_CONTACTS | TerminalCapabilities::NO_CVM | TerminalCapabilities::CDA;
    /// assert_eq!(terminal.to_bytes(), [0x20, 0x08, 0x08]);
    /// ```
    /// Source: EMV 4.4 Book 4, Annex A2.
    pub struct TerminalCapabilities([u8; 3]) of [TERMINAL_CAPABILITIES];
    1 8 MANUAL_KEY_ENTRY "manual key entry";
    1 7 MAGNETIC_STRIPE "magnetic stripe";
    1 6 IC_WITH_CONTACTS "IC with contacts";
    2 8 PLAINTEXT_PIN_BY_ICC "plaintext PIN for ICC verification";
    2 7 ONLINE_PIN "enciphered PIN for online verification";
    2 6 SIGNATURE "signature";
    2 5 RSA_ENCIPHERED_PIN_BY_ICC "enciphered PIN for offline verification (RSA)";
    2 4 NO_CVM "no CVM required";
    2 3 ONLINE_BIOMETRIC "online biometric";
    2 2 OFFLINE_BIOMETRIC "offline biometric";
    2 1 ECC_ENCIPHERED_PIN_BY_ICC "enciphered PIN for offline verification (ECC)";
    3 8 SDA "SDA";
    3 7 DDA "DDA";
    3 6 CARD_CAPTURE "card capture";
    3 4 CDA "CDA";
    3 3 XDA "XDA";
}
