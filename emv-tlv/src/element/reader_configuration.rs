//! How a reader of kernel 2 is configured.

use super::{codes::closed_codes, layout::flags};

flags! {
    /// Kernel Configuration of kernel 2.
    ///
    /// Bits 8 and 7 take a mode away. In the kernel's first versions they said that the other mode alone is supported, which for a
    /// reader is the same.
    ///
    /// # Examples
    /// ```
    /// use emv_tlv::element::KernelConfiguration;
    ///
    /// let kernel = KernelConfiguration::MAG_STRIPE_MODE_NOT_SUPPORTED | KernelConfiguration::ON_DEVICE_CVM;
    /// assert_eq!(kernel.to_bytes(), [0xA0]);
    /// ```
    /// Source: EMV Contactless Book C-2, Annex A.1.
    pub struct KernelConfiguration([u8; 1]) of [KERNEL_CONFIGURATION];
    1 8 MAG_STRIPE_MODE_NOT_SUPPORTED "mag-stripe mode contactless transactions not supported";
    1 7 EMV_MODE_NOT_SUPPORTED "EMV mode contactless transactions not supported";
    1 6 ON_DEVICE_CVM "on-device cardholder verification supported";
    1 5 RELAY_RESISTANCE "relay resistance protocol supported";
    1 3 READ_ALL_RECORDS "read all records even when no CDA";
}

flags! {
    /// Card Data Input Capability of kernel 2: the first byte of [`TerminalCapabilities`](super::TerminalCapabilities).
    ///
    /// Source: EMV Contactless Book C-2, Annex A.1; EMV 4.4 Book 4, Annex A2.
    pub struct CardDataInputCapability([u8; 1]) of [CARD_DATA_INPUT_CAPABILITY];
    1 8 MANUAL_KEY_ENTRY "manual key entry";
    1 7 MAGNETIC_STRIPE "magnetic stripe";
    1 6 IC_WITH_CONTACTS "IC with contacts";
}

flags! {
    /// CVM Capability of kernel 2, above the limit from which a CVM is required and below it: the second byte of
    /// [`TerminalCapabilities`](super::TerminalCapabilities).
    ///
    /// Source: EMV Contactless Book C-2, Annex A.1; EMV 4.4 Book 4, Annex A2.
    pub struct CvmCapability([u8; 1]) of [CVM_CAPABILITY_CVM_REQUIRED, CVM_CAPABILITY_NO_CVM_REQUIRED];
    1 8 PLAINTEXT_PIN_BY_ICC "plaintext PIN for ICC verification";
    1 7 ONLINE_PIN "enciphered PIN for online verification";
    1 6 SIGNATURE "signature";
    1 5 ENCIPHERED_PIN_BY_ICC "enciphered PIN for offline verification";
    1 4 NO_CVM "no CVM required";
}

flags! {
    /// Security Capability of kernel 2: the third byte of [`TerminalCapabilities`](super::TerminalCapabilities).
    ///
    /// Source: EMV Contactless Book C-2, Annex A.1; EMV 4.4 Book 4, Annex A2.
    pub struct SecurityCapability([u8; 1]) of [SECURITY_CAPABILITY];
    1 8 SDA "SDA";
    1 7 DDA "DDA";
    1 6 CARD_CAPTURE "card capture";
    1 4 CDA "CDA";
}

closed_codes! {
    /// What a reader of kernel 2 does to verify the cardholder in mag-stripe mode.
    pub enum MagStripeCvm {
        0x00 NoCvm "no CVM";
        0x01 ObtainSignature "obtain signature";
        0x02 OnlinePin "online PIN";
        0x0F NotApplicable "not applicable";
    }
}

flags! {
    /// Mag-stripe CVM Capability of kernel 2, above the limit from which a CVM is required and below it.
    ///
    /// # Examples
    /// ```
    /// use emv_tlv::element::{MagStripeCvm, MagStripeCvmCapability};
    ///
    /// let reader = MagStripeCvmCapability::default().with_cvm(MagStripeCvm::OnlinePin);
    /// assert_eq!(reader.to_bytes(), [0x20]);
    /// ```
    /// Source: EMV Contactless Book C-2, Annex A.1.
    pub struct MagStripeCvmCapability([u8; 1]) of [
        MAG_STRIPE_CVM_CAPABILITY_CVM_REQUIRED,
        MAG_STRIPE_CVM_CAPABILITY_NO_CVM_REQUIRED,
    ];
    code 1 0xF0 cvm, with_cvm: MagStripeCvm "CVM";
}
