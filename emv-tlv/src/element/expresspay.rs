//! The reader's capabilities as kernel 4 tells them to the card.

use super::{codes::closed_codes, layout::flags};

closed_codes! {
    /// Which modes an Expresspay reader has, and whether a CVM is required.
    pub enum ExpresspayMode {
        0x00 Deprecated "deprecated";
        0x08 MagStripe "mag-stripe, CVM not required";
        0x09 MagStripeCvm "mag-stripe, CVM required";
        0x10 EmvDeprecated "EMV and mag-stripe, deprecated";
        0x18 Emv "EMV and mag-stripe, CVM not required";
        0x19 EmvCvm "EMV and mag-stripe, CVM required";
    }
}

flags! {
    /// Contactless Reader Capabilities of kernel 4, one byte.
    ///
    /// A value of two bytes under the same tag is kernel 2's Mag-stripe Application Version Number (Reader), and has the wrong
    /// length here.
    ///
    /// # Examples
    /// ```
    /// use emv_tlv::element::{ContactlessReaderCapabilities, ExpresspayMode};
    ///
    /// let reader = ContactlessReaderCapabilities::new([0xC0]);
    /// assert_eq!(reader.mode(), Some(ExpresspayMode::Emv));
    /// ```
    /// Source: EMV Contactless Book C-4, 4.3.3.
    pub struct ContactlessReaderCapabilities([u8; 1]) of [0x9F6D];
    code 1 0xC8 mode, with_mode: ExpresspayMode "contactless reader capabilities";
}

flags! {
    /// Enhanced Contactless Reader Capabilities of kernel 4.
    ///
    /// Under the same tag, and as long, is kernel 3's [`FormFactorIndicator`](super::FormFactorIndicator): who reads this must know that
    /// the value comes from a reader of kernel 4.
    ///
    /// Source: EMV Contactless Book C-4, 4.3.4.
    pub struct EnhancedReaderCapabilities([u8; 4]) of [FORM_FACTOR_INDICATOR];
    1 8 CONTACT "contact mode supported";
    1 7 MAG_STRIPE_MODE "contactless mag-stripe mode supported";
    1 6 FULL_ONLINE_MODE "contactless EMV full online mode supported (legacy)";
    1 5 PARTIAL_ONLINE_MODE "contactless EMV partial online mode supported";
    1 4 MOBILE "contactless mobile supported";
    1 3 TRY_ANOTHER_INTERFACE "try another interface after a decline";
    2 8 MOBILE_CVM "mobile CVM supported";
    2 7 ONLINE_PIN "online PIN supported";
    2 6 SIGNATURE "signature supported";
    2 5 PLAINTEXT_OFFLINE_PIN "plaintext offline PIN supported";
    3 8 OFFLINE_ONLY "reader is offline only";
    3 7 CVM_REQUIRED "CVM required";
    4 8 EXEMPT_FROM_NO_CVM "terminal exempt from no CVM checks";
    4 7 DELAYED_AUTHORISATION "delayed authorisation terminal";
    4 6 TRANSIT "transit terminal";
    number 4 0x07 kernel_version, with_kernel_version "code of the kernel's version";
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use std::{format, string::ToString};

    #[test]
    fn a_code_of_bits_that_lie_apart() {
        let reader = ContactlessReaderCapabilities::default().with_mode(ExpresspayMode::EmvCvm);
        assert_eq!(reader.to_bytes(), [0xC8]);
        assert_eq!(
            format!("{reader:#}"),
            "byte 1 bits 8, 7, 4: contactless reader capabilities: EMV and mag-stripe, CVM required"
        );
        assert_eq!(ContactlessReaderCapabilities::new([0x88]).mode(), None);
    }

    #[test]
    fn a_reader_says_what_it_can() {
        let reader = EnhancedReaderCapabilities::new([0xD8, 0xE0, 0x00, 0x03]);
        assert_eq!(
            reader.to_string(),
            "contact mode supported; contactless mag-stripe mode supported; \
             contactless EMV partial online mode supported; contactless mobile supported; mobile CVM supported; \
             online PIN supported; signature supported; code of the kernel's version: 3"
        );
    }
}
