//! What cards and readers of kernel 2 say of stored data.

use super::{codes::closed_codes, layout::flags};

closed_codes! {
    /// Which version of integrated data storage a card has.
    pub enum DataStorage {
        0x00 NotSupported "not supported";
        0x01 Version1 "version 1";
        0x02 Version2 "version 2";
    }
}

closed_codes! {
    /// How long the ten elements of standalone data storage are in a card.
    pub enum StandaloneStorage {
        0x00 Undefined "undefined";
        0x01 Bytes32 "all 10 tags 32 bytes";
        0x02 Bytes48 "all 10 tags 48 bytes";
        0x03 Bytes64 "all 10 tags 64 bytes";
        0x04 Bytes96 "all 10 tags 96 bytes";
        0x05 Bytes128 "all 10 tags 128 bytes";
        0x06 Bytes160 "all 10 tags 160 bytes";
        0x07 Bytes192 "all 10 tags 192 bytes";
        0x08 Bytes32But9F78 "all tags 32 bytes, except 9F78 which is 64 bytes";
    }
}

flags! {
    /// Application Capabilities Information of kernel 2, three bytes: what a card does beyond payment.
    ///
    /// A value of six bytes under the same tag is a balance, and has the wrong length here.
    ///
    /// # Examples
    /// ```
    /// use emv_tlv::element::ApplicationCapabilities;
    ///
    /// let card = ApplicationCapabilities::new([0x01, 0x00, 0x06]);
    /// assert_eq!(card.to_string(), "data storage: version 1; standalone data storage: all 10 tags 160 bytes");
    /// ```
    /// Source: EMV Contactless Book C-2, Annex A.1.
    pub struct ApplicationCapabilities([u8; 3]) of [AVAILABLE_OFFLINE_SPENDING_AMOUNT];
    2 3 FIELD_OFF_DETECTION "support for field off detection";
    2 2 BALANCE_READING "support for balance reading";
    2 1 CDA_OVER_ALL "CDA supported over TC, ARQC and AAC";
    code 1 0x0F data_storage, with_data_storage: DataStorage "data storage";
    code 3 0xFF standalone_storage, with_standalone_storage: StandaloneStorage "standalone data storage";
    number 1 0xF0 version, with_version "version";
}

flags! {
    /// IDS Status of kernel 2: whether the transaction reads or writes stored data.
    ///
    /// Source: EMV Contactless Book C-2, Annex A.1.
    pub struct IdsStatus([u8; 1]) of [IDS_STATUS];
    1 8 READ "read";
    1 7 WRITE "write";
}

flags! {
    /// DS Summary Status of kernel 2: whether stored data were read and written.
    ///
    /// Source: EMV Contactless Book C-2, Annex A.1.
    pub struct DsSummaryStatus([u8; 1]) of [DS_SUMMARY_STATUS];
    1 8 SUCCESSFUL_READ "successful read";
    1 7 SUCCESSFUL_WRITE "successful write";
}
