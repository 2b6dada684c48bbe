//! Form Factor Indicator.

use super::{codes::closed_codes, layout::flags};

closed_codes! {
    /// What a consumer payment device looks like.
    pub enum FormFactor {
        0x00 Card "card";
        0x01 MiniCard "mini-card";
        0x02 NonCard "non-card form factor";
        0x03 MobilePhone "consumer mobile phone";
        0x04 WristWorn "wrist-worn device";
    }
}

closed_codes! {
    /// How a consumer payment device talks to the reader.
    pub enum PaymentTechnology {
        0x00 Contactless "proximity contactless interface (ISO 14443)";
    }
}

flags! {
    /// Form Factor Indicator of kernel 3: what device the cardholder pays with.
    ///
    /// The same tag holds [`ThirdPartyData`](super::ThirdPartyData) from cards of kernel 2 and
    /// [`EnhancedReaderCapabilities`](super::EnhancedReaderCapabilities) from readers of kernel 4.
    ///
    /// # Examples
    /// ```
    /// use emv_tlv::element::{FormFactor, FormFactorIndicator};
    ///
    /// let device = FormFactorIndicator::new([0x23, 0x82, 0x00, 0x00]);
    /// assert_eq!(device.form_factor(), Some(FormFactor::MobilePhone));
    /// assert!(device.contains(FormFactorIndicator::PASSCODE));
    /// ```
    /// Source: EMV Contactless Book C-3, Annex A.2; Visa Contactless Payment Specification 2.2, Supplemental Requirements, Annex D.
    pub struct FormFactorIndicator([u8; 4]) of [FORM_FACTOR_INDICATOR];
    2 8 PASSCODE "passcode capable";
    2 7 SIGNATURE_PANEL "signature panel";
    2 6 HOLOGRAM "hologram";
    2 5 CVV2 "CVV2";
    2 4 TWO_WAY_MESSAGING "two-way messaging";
    2 3 CLOUD_CREDENTIALS "cloud based payment credentials";
    2 2 BIOMETRIC "biometric cardholder verification capable";
    code 1 0x1F form_factor, with_form_factor: FormFactor "form factor";
    code 4 0x0F technology, with_technology: PaymentTechnology "payment transaction technology";
    number 1 0xE0 version, with_version "version";
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use std::{format, string::ToString};

    #[test]
    fn codes_are_read_put_in_and_explained() {
        let card = FormFactorIndicator::new([0x20, 0x70, 0x00, 0x00]);
        assert_eq!(
            card.to_string(),
            "form factor: card; version: 1; signature panel; hologram; CVV2; \
             payment transaction technology: proximity contactless interface (ISO 14443)"
        );
        let phone = card.with_form_factor(FormFactor::MobilePhone).with_version(0xFF);
        assert_eq!(phone.to_bytes(), [0xE3, 0x70, 0x00, 0x00]);
        assert_eq!(
            (phone.version(), phone.technology()),
            (7, Some(PaymentTechnology::Contactless))
        );
        let reserved = FormFactorIndicator::new([0x1F, 0x01, 0x00, 0x01]);
        assert_eq!((reserved.form_factor(), reserved.technology()), (None, None));
        assert_eq!(
            format!("{reserved:#}"),
            "byte 1 bit 5: reserved\nbyte 1 bit 4: reserved\nbyte 1 bit 3: reserved\nbyte 1 bit 2: reserved\n\
             byte 1 bit 1: reserved\nbyte 2 bit 1: reserved\nbyte 4 bit 1: reserved"
        );
    }
}
