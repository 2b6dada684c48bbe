//! Terminal Transaction Qualifiers.

use super::layout::flags;

flags! {
    /// Terminal Transaction Qualifiers: what the reader can do, and what it wants of this transaction.
    ///
    /// Kernels 3, 6 and 7 hand them to the card; what only one kernel defines says which. A value of two bytes under the same tag is
    /// kernel 2's PUNATC (Track2), and has the wrong length here.
    ///
    /// # Examples
    /// ```
    /// use emv_tlv::element::Ttq;
    ///
    /// let mut qualifiers = Ttq::EMV_MODE | Ttq::ONLINE_PIN | Ttq::CONSUMER_DEVICE_CVM;
    /// qualifiers |= Ttq::CVM_REQUIRED;
    /// assert_eq!(qualifiers.to_bytes(), [0x24, 0x40, 0x40, 0x00]);
    /// ```
    /// Source: EMV Contactless Book A, 5.7; EMV Contactless Books C-3, C-6 and C-7 for single bits.
    pub struct Ttq([u8; 4]) of [TERMINAL_TRANSACTION_QUALIFIERS];
    1 8 MAG_STRIPE_MODE "mag-stripe mode supported";
    1 7 FULL_TRANSACTION_FLOW "full transaction flow supported on the contactless interface (kernel 7)";
    1 6 EMV_MODE "EMV mode supported";
    1 5 CONTACT_CHIP "EMV contact chip supported";
    1 4 OFFLINE_ONLY "offline-only reader";
    1 3 ONLINE_PIN "online PIN supported";
    1 2 SIGNATURE "signature supported";
    1 1 ODA_FOR_ONLINE "offline data authentication for online authorisations supported";
    2 8 ONLINE_CRYPTOGRAM_REQUIRED "online cryptogram required";
    2 7 CVM_REQUIRED "CVM required";
    2 6 CONTACT_OFFLINE_PIN "(contact chip) offline PIN supported";
    3 8 ISSUER_UPDATE "issuer update processing supported";
    3 7 CONSUMER_DEVICE_CVM "consumer device CVM supported";
    3 4 CONSUMER_DEVICE_CVM_REQUIRED "consumer device CVM required (kernel 6)";
    4 8 FDDA_1_0 "fDDA v1.0 supported (kernel 7)";
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use crate::{Error, ErrorKind, parse};
    use hex_literal::hex;
    use std::string::ToString;

    #[test]
    fn four_bytes_are_qualifiers_and_two_are_not() {
        let bytes = hex!("9F66 04 B6C0C080  9F66 02 0EF0");
        let mut objects = parse(&bytes).map(Result::unwrap);
        let mut next = || objects.next().unwrap().read::<Ttq>();
        assert_eq!(
            next().unwrap().to_string(),
            "mag-stripe mode supported; EMV mode supported; EMV contact chip supported; online PIN supported; \
             signature supported; online cryptogram required; CVM required; issuer update processing supported; \
             consumer device CVM supported; fDDA v1.0 supported (kernel 7)"
        );
        assert_eq!(next(), Err(Error::new(ErrorKind::WrongLength, 10)));
    }
}
