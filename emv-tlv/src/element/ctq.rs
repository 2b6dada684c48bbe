//! Card Transaction Qualifiers.

use super::layout::flags;

flags! {
    /// Card Transaction Qualifiers of kernel 3: what the card asks of the reader.
    ///
    /// Kernel 2 has its Mag-stripe Application Version Number (Card) under the same tag, two bytes as well: only who knows the
    /// kernel may read this. Kernel 7 has [`UnionPayCtq`].
    ///
    /// # Examples
    /// ```
    /// use emv_tlv::element::Ctq;
    ///
    /// let qualifiers = Ctq::new([0x00, 0x80]);
    /// assert_eq!(qualifiers.to_string(), "consumer device CVM performed");
    /// ```
    /// Source: EMV Contactless Book C-3, Annex A.2.
    pub struct Ctq([u8; 2]) of [CARD_TRANSACTION_QUALIFIERS];
    1 8 ONLINE_PIN_REQUIRED "online PIN required";
    1 7 SIGNATURE_REQUIRED "signature required";
    1 6 ONLINE_IF_ODA_FAILS "go online if offline data authentication fails and reader is online capable";
    1 5 SWITCH_IF_ODA_FAILS "switch interface if offline data authentication fails and reader supports contact chip";
    1 4 ONLINE_IF_EXPIRED "go online if application expired";
    1 3 SWITCH_FOR_CASH "switch interface for cash transactions";
    1 2 SWITCH_FOR_CASHBACK "switch interface for cashback transactions";
    1 1 NOT_VALID_AT_ATM "not valid for contactless ATM transactions";
    2 8 CONSUMER_DEVICE_CVM_PERFORMED "consumer device CVM performed";
    2 7 ISSUER_UPDATE "card supports issuer update processing at the POS";
}

flags! {
    /// Card Transaction Qualifiers of kernel 7, in which a failed offline data authentication ends the transaction rather than changing
    /// the interface.
    ///
    /// Source: EMV Contactless Book C-7, Annex A.
    pub struct UnionPayCtq([u8; 2]) of [CARD_TRANSACTION_QUALIFIERS];
    1 8 ONLINE_PIN_REQUIRED "online PIN required";
    1 7 SIGNATURE_REQUIRED "signature required";
    1 6 ONLINE_IF_ODA_FAILS "go online if offline data authentication fails and reader is online capable";
    1 5 TERMINATE_IF_ODA_FAILS "terminate if offline data authentication fails and reader supports contact chip";
    1 4 ONLINE_IF_EXPIRED "go online if application expired";
    2 8 CONSUMER_DEVICE_CVM_PERFORMED "consumer device CVM performed";
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use std::string::ToString;

    #[test]
    fn one_bit_means_two_things() {
        let card = [0x14, 0x00];
        assert_eq!(
            Ctq::new(card).to_string(),
            "switch interface if offline data authentication fails and reader supports contact chip; \
             switch interface for cash transactions"
        );
        assert_eq!(
            UnionPayCtq::new(card).to_string(),
            "terminate if offline data authentication fails and reader supports contact chip; \
             byte 1 bit 3 (reserved)"
        );
    }
}
