//! Cardholder verification methods, their conditions and results, and the rules made of them.

use super::codes::{debug, open_codes, reserved};
use core::fmt;

open_codes! {
    /// A cardholder verification method: bits 6 to 1 of a rule's first byte.
    ///
    /// Source: EMV 4.4 Book 3, Annex C3; EMV 4.4 Book 4, Annex A4 for [`NotPerformed`](Self::NotPerformed).
    pub enum Cvm {
        Fail = 0x00, "fail", "fail CVM processing";
        PlaintextPinByIcc = 0x01, "plaintext_pin_by_icc", "plaintext PIN verified by ICC";
        OnlinePin = 0x02, "online_pin", "enciphered PIN verified online";
        PlaintextPinByIccAndSignature = 0x03, "plaintext_pin_by_icc_and_signature", "plaintext PIN verified by ICC and signature";
        EncipheredPinByIcc = 0x04, "enciphered_pin_by_icc", "enciphered PIN verified by ICC";
        EncipheredPinByIccAndSignature = 0x05, "enciphered_pin_by_icc_and_signature", "enciphered PIN verified by ICC and signature";
        FaceByIcc = 0x06, "face_by_icc", "facial biometric verified offline by ICC";
        FaceOnline = 0x07, "face_online", "facial biometric verified online";
        FingerByIcc = 0x08, "finger_by_icc", "finger biometric verified offline by ICC";
        FingerOnline = 0x09, "finger_online", "finger biometric verified online";
        PalmByIcc = 0x0A, "palm_by_icc", "palm biometric verified offline by ICC";
        PalmOnline = 0x0B, "palm_online", "palm biometric verified online";
        IrisByIcc = 0x0C, "iris_by_icc", "iris biometric verified offline by ICC";
        IrisOnline = 0x0D, "iris_online", "iris biometric verified online";
        VoiceByIcc = 0x0E, "voice_by_icc", "voice biometric verified offline by ICC";
        VoiceOnline = 0x0F, "voice_online", "voice biometric verified online";
        Signature = 0x1E, "signature", "signature";
        NoCvm = 0x1F, "no_cvm", "no CVM required";
        NotPerformed = 0x3F, "cvm_not_performed", "no CVM performed";
        /// Any other code: of a payment system (20 to 2F), of an issuer (30 to 3E), or reserved.
        Other: other_method;
    }
}

open_codes! {
    /// When a rule is to be applied: its second byte.
    ///
    /// Source: EMV 4.4 Book 3, Annex C3.
    pub enum CvmCondition {
        Always = 0x00, "always", "always";
        UnattendedCash = 0x01, "unattended_cash", "if unattended cash";
        NotCashOrCashback = 0x02, "not_unattended_cash_manual_cash_cashback", "if not unattended cash and not manual cash and not purchase with cashback";
        TerminalSupportsCvm = 0x03, "terminal_supports_cvm", "if terminal supports the CVM";
        ManualCash = 0x04, "manual_cash", "if manual cash";
        PurchaseWithCashback = 0x05, "purchase_with_cashback", "if purchase with cashback";
        UnderX = 0x06, "under_x", "if in the application currency and under X";
        OverX = 0x07, "over_x", "if in the application currency and over X";
        UnderY = 0x08, "under_y", "if in the application currency and under Y";
        OverY = 0x09, "over_y", "if in the application currency and over Y";
        /// Any other code: of a payment system (80 to FF), or reserved.
        Other: other_condition;
    }
}

open_codes! {
    /// How a method ended, as the terminal knows: the third byte of the results.
    ///
    /// Source: EMV 4.4 Book 4, Annex A4.
    pub enum CvmResult {
        Unknown = 0x00, "unknown", "unknown";
        Failed = 0x01, "failed", "failed";
        Successful = 0x02, "successful", "successful";
        /// Any other code, which is reserved.
        Other: reserved;
    }
}

const fn other_method(code: u8) -> &'static str {
    match code {
        0x20..=0x2F => "CVM of the payment system",
        0x30..=0x3E => "CVM of the issuer",
        _ => "reserved CVM",
    }
}

const fn other_condition(code: u8) -> &'static str {
    match code {
        0x80..=0xFF => "on the payment system's condition",
        _ => "on reserved condition",
    }
}

const METHOD: u8 = 0x3F;
const NEXT_IF_FAILS: u8 = 0x40;

/// A cardholder verification rule: 2 bytes, the method with what follows if it fails, and the condition.
///
/// Any two bytes are a rule, and it keeps its reserved bit 8.
///
/// # Examples
/// ```
/// use emv_tlv::element::{Cvm, CvmCondition, CvmRule};
///
/// let rule = CvmRule::from_bytes([0x42, 0x03]);
/// assert_eq!((rule.method(), rule.next_if_fails()), (Cvm::OnlinePin, true));
/// assert_eq!(rule, CvmRule::new(Cvm::OnlinePin, true, CvmCondition::TerminalSupportsCvm));
/// assert_eq!(
///     rule.to_string(),
///     "enciphered PIN verified online, if terminal supports the CVM, else the next rule"
/// );
/// ```
/// Source: EMV 4.4 Book 3, Annex C3.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct CvmRule([u8; 2]);

impl CvmRule {
    /// A rule of a method, of which the lowest six bits of the code count, what follows if it fails, and a condition.
    #[must_use]
    pub const fn new(method: Cvm, next_if_fails: bool, condition: CvmCondition) -> Self {
        let next = if next_if_fails { NEXT_IF_FAILS } else { 0 };
        Self([method.code() & METHOD | next, condition.code()])
    }

    /// The rule that these bytes are.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 2]) -> Self {
        Self(bytes)
    }

    /// The rule's bytes.
    #[must_use]
    pub const fn to_bytes(self) -> [u8; 2] {
        self.0
    }

    /// The method.
    #[must_use]
    pub const fn method(self) -> Cvm {
        let [first, _] = self.0;
        Cvm::from_code(first & METHOD)
    }

    /// Whether the next rule is to be applied if the method fails; if not, cardholder verification has failed.
    #[must_use]
    pub const fn next_if_fails(self) -> bool {
        let [first, _] = self.0;
        first & NEXT_IF_FAILS != 0
    }

    /// The condition.
    #[must_use]
    pub const fn condition(self) -> CvmCondition {
        let [_, second] = self.0;
        CvmCondition::from_code(second)
    }
}

impl fmt::Display for CvmRule {
    /// Says in words what is verified, when, and what follows if it fails.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let next = if self.next_if_fails() { "else the next rule" } else { "else failed" };
        write!(f, "{}, {}, {next}", self.method(), self.condition())
    }
}

impl fmt::Debug for CvmRule {
    /// Shows the bytes; the words are for `Display` alone.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        debug("CvmRule", &self.0, f)
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use std::{format, string::ToString};

    #[test]
    fn any_two_bytes_are_a_rule_and_come_back() {
        for first in 0..=0xFF {
            let rule = CvmRule::from_bytes([first, 0x83]);
            assert_eq!(rule.to_bytes(), [first, 0x83]);
            let again = CvmRule::new(rule.method(), rule.next_if_fails(), rule.condition());
            assert_eq!(again.to_bytes(), [first & 0x7F, 0x83]);
        }
        let too_high = CvmRule::new(Cvm::Other(0xFF), false, CvmCondition::Always);
        assert_eq!(too_high.to_bytes(), [0x3F, 0x00]);
    }

    #[test]
    fn says_what_is_whose() {
        for (bytes, expect) in [
            ([0x1F, 0x00], "no CVM required, always, else failed"),
            (
                [0x4A, 0x06],
                "palm biometric verified offline by ICC, if in the application currency and under X, else the next rule",
            ),
            (
                [0x60, 0x80],
                "CVM of the payment system 20, on the payment system's condition 80, else the next rule",
            ),
            ([0x3E, 0x0A], "CVM of the issuer 3E, on reserved condition 0A, else failed"),
            ([0x10, 0x00], "reserved CVM 10, always, else failed"),
        ] {
            let rule = CvmRule::from_bytes(bytes);
            assert_eq!(rule.to_string(), expect);
        }
        assert_eq!(format!("{:?}", CvmRule::from_bytes([0x41, 0x03])), "CvmRule(4103)");
    }
}
