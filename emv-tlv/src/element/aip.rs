//! Application Interchange Profile.

use super::layout::flags;

flags! {
    /// Application Interchange Profile: what the card's application supports.
    ///
    /// Of byte 2, which Book 3 leaves to the contactless kernels, bit 8 is kernel 2's and 4's (kernel 3 had its mag-stripe mode there),
    /// bit 1 is kernel 2's, and bits 7 and 6 are kernel 4's.
    ///
    /// # Examples
    /// ```
    /// use emv_tlv::element::Aip;
    ///
    /// let profile = Aip::new([0x19, 0x80]);
    /// assert!(profile.contains(Aip::CDA) && !profile.contains(Aip::DDA));
    /// ```
    /// Source: EMV 4.4 Book 3, Annex C1; EMV Contactless Book C-2, Annex A.1; EMV Contactless Book C-4 for mobile devices.
    pub struct Aip([u8; 2]) of [APPLICATION_INTERCHANGE_PROFILE];
    1 8 XDA "XDA supported";
    1 7 SDA "SDA supported";
    1 6 DDA "DDA supported";
    1 5 CARDHOLDER_VERIFICATION "cardholder verification is supported";
    1 4 TERMINAL_RISK_MANAGEMENT "terminal risk management is to be performed";
    1 3 ISSUER_AUTHENTICATION "issuer authentication is supported";
    1 2 ON_DEVICE_CVM "on-device cardholder verification is supported";
    1 1 CDA "CDA supported";
    2 8 EMV_MODE "EMV mode is supported";
    2 7 MOBILE "contactless mobile is supported (kernel 4)";
    2 6 HOST_CARD_EMULATION "host card emulation is supported (kernel 4)";
    2 1 RELAY_RESISTANCE "relay resistance protocol is supported";
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use std::string::ToString;

    #[test]
    fn explains_what_the_card_supports() {
        let profile = Aip::new([0x18, 0x02]);
        assert_eq!(
            profile.to_string(),
            "cardholder verification is supported; terminal risk management is to be performed; byte 2 bit 2 (reserved)"
        );
    }
}
