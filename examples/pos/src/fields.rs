//! The data elements of this system's messages, by name.

/// Primary account number.
pub(crate) const PAN: u16 = 2;
/// Processing code: 000000 is a purchase.
pub(crate) const PROCESSING_CODE: u16 = 3;
/// Amount in minor units.
pub(crate) const AMOUNT: u16 = 4;
/// Transmission date and time.
pub(crate) const TRANSMISSION_TIME: u16 = 7;
/// System trace audit number.
pub(crate) const STAN: u16 = 11;
/// Local time.
pub(crate) const TIME: u16 = 12;
/// Local date.
pub(crate) const DATE: u16 = 13;
/// Expiry date, YYMM.
pub(crate) const EXPIRY: u16 = 14;
/// Point of service entry mode: 051 is a chip and a PIN.
pub(crate) const ENTRY_MODE: u16 = 22;
/// PAN sequence number.
pub(crate) const SEQUENCE_NUMBER: u16 = 23;
/// Point of service condition code.
pub(crate) const CONDITION_CODE: u16 = 25;
/// Longest PIN that can be entered.
pub(crate) const PIN_CAPTURE_CODE: u16 = 26;
/// Retrieval reference number.
pub(crate) const REFERENCE: u16 = 37;
/// Authorization code.
pub(crate) const AUTHORIZATION: u16 = 38;
/// Response code; in a reversal, its reason.
pub(crate) const RESPONSE_CODE: u16 = 39;
/// Terminal identification.
pub(crate) const TERMINAL_ID: u16 = 41;
/// Merchant identification.
pub(crate) const MERCHANT_ID: u16 = 42;
/// Currency, ISO 4217.
pub(crate) const CURRENCY: u16 = 49;
/// PIN block, format 4 under AES.
pub(crate) const PIN_BLOCK: u16 = 52;
/// Key serial number of AES DUKPT, 12 bytes.
pub(crate) const KSN: u16 = 53;
/// Chip data, BER-TLV.
pub(crate) const CHIP_DATA: u16 = 55;
/// Batch number, six digits: a STAN is unique within terminal and batch.
pub(crate) const BATCH: u16 = 60;
/// In a reversal: the key serial number of the message to be reversed, in hexadecimal.
pub(crate) const ORIGINAL_KSN: u16 = 61;

/// Bytes of field 64: the leftmost of an AES-CMAC.
pub(crate) const MAC_LENGTH: usize = 8;

/// Field 49 of this system's one currency.
pub(crate) fn currency_text() -> String {
    format!("{:03}", crate::test_data::CURRENCY)
}
