//! Additional Terminal Capabilities.

use super::layout::flags;

flags! {
    /// Additional Terminal Capabilities: the terminal's transaction types, keys, displays, printers and character sets.
    ///
    /// # Examples
    /// ```
    /// use emv_tlv::element::AdditionalTerminalCapabilities;
    ///
    /// let terminal = AdditionalTerminalCapabilities::new([0x60, 0x00, 0x80, 0x00, 0x01]);
    /// assert_eq!(terminal.to_string(), "goods; services; numeric keys; code table 1 (ISO/IEC 8859-1)");
    /// ```
    /// Source: EMV 4.4 Book 4, Annex A3.
    pub struct AdditionalTerminalCapabilities([u8; 5]) of [ADDITIONAL_TERMINAL_CAPABILITIES];
    1 8 CASH "cash";
    1 7 GOODS "goods";
    1 6 SERVICES "services";
    1 5 CASHBACK "cashback";
    1 4 INQUIRY "inquiry";
    1 3 TRANSFER "transfer";
    1 2 PAYMENT "payment";
    1 1 ADMINISTRATIVE "administrative";
    2 8 CASH_DEPOSIT "cash deposit";
    3 8 NUMERIC_KEYS "numeric keys";
    3 7 ALPHABETIC_KEYS "alphabetic and special characters keys";
    3 6 COMMAND_KEYS "command keys";
    3 5 FUNCTION_KEYS "function keys";
    4 8 PRINT_ATTENDANT "print or electronic, attendant";
    4 7 PRINT_CARDHOLDER "print or electronic, cardholder";
    4 6 DISPLAY_ATTENDANT "display, attendant";
    4 5 DISPLAY_CARDHOLDER "display, cardholder";
    4 2 CODE_TABLE_10 "code table 10 (ISO/IEC 8859-10)";
    4 1 CODE_TABLE_9 "code table 9 (ISO/IEC 8859-9)";
    5 8 CODE_TABLE_8 "code table 8 (ISO/IEC 8859-8)";
    5 7 CODE_TABLE_7 "code table 7 (ISO/IEC 8859-7)";
    5 6 CODE_TABLE_6 "code table 6 (ISO/IEC 8859-6)";
    5 5 CODE_TABLE_5 "code table 5 (ISO/IEC 8859-5)";
    5 4 CODE_TABLE_4 "code table 4 (ISO/IEC 8859-4)";
    5 3 CODE_TABLE_3 "code table 3 (ISO/IEC 8859-3)";
    5 2 CODE_TABLE_2 "code table 2 (ISO/IEC 8859-2)";
    5 1 CODE_TABLE_1 "code table 1 (ISO/IEC 8859-1)";
}
