//! Terminal Risk Management Data.

use super::layout::flags;

flags! {
    /// Terminal Risk Management Data, as kernels 2 and 8 tell the card: the cardholder verification of both interfaces, and exemptions.
    ///
    /// Source: EMV Contactless Book C-2, Annex A.1; EMV Contactless Book C-8, Annex A.1.
    pub struct TerminalRiskManagementData([u8; 8]) of [TERMINAL_RISK_MANAGEMENT_DATA];
    1 8 RESTART "restart supported";
    1 7 CONTACTLESS_ONLINE_PIN "enciphered PIN verified online (contactless)";
    1 6 CONTACTLESS_SIGNATURE "signature (contactless)";
    1 5 CONTACTLESS_ENCIPHERED_PIN_BY_ICC "enciphered PIN verification performed by ICC (contactless)";
    1 4 CONTACTLESS_NO_CVM "no CVM required (contactless)";
    1 3 CONTACTLESS_CDCVM "CDCVM (contactless)";
    1 2 CONTACTLESS_PLAINTEXT_PIN_BY_ICC "plaintext PIN verification performed by ICC (contactless)";
    1 1 PRESENT_AND_HOLD "present and hold supported";
    2 8 CVM_LIMIT_EXCEEDED "CVM limit exceeded";
    2 7 CONTACT_ONLINE_PIN "enciphered PIN verified online (contact)";
    2 6 CONTACT_SIGNATURE "signature (contact)";
    2 5 CONTACT_ENCIPHERED_PIN_BY_ICC "enciphered PIN verification performed by ICC (contact)";
    2 4 CONTACT_NO_CVM "no CVM required (contact)";
    2 3 CONTACT_CDCVM "CDCVM (contact)";
    2 2 CONTACT_PLAINTEXT_PIN_BY_ICC "plaintext PIN verification performed by ICC (contact)";
    3 8 MAG_STRIPE_MODE_NOT_SUPPORTED "mag-stripe mode contactless transactions not supported";
    3 7 EMV_MODE_NOT_SUPPORTED "EMV mode contactless transactions not supported";
    3 6 CDCVM_WITHOUT_CDA "CDCVM without CDA supported";
    4 8 CDCVM_BYPASS_REQUESTED "CDCVM bypass requested";
    4 7 SCA_EXEMPT "SCA exempt";
}
