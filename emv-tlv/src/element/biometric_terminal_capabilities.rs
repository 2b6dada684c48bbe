//! Biometric Terminal Capabilities.

use super::layout::flags;

flags! {
    /// Biometric Terminal Capabilities: which biometrics the terminal captures, for the card or for the issuer to verify.
    ///
    /// Source: EMV 4.4 Book 4, Annex A7.
    pub struct BiometricTerminalCapabilities([u8; 3]) of [BIOMETRIC_TERMINAL_CAPABILITIES];
    1 8 OFFLINE_FACIAL "facial biometric for offline verification";
    1 7 OFFLINE_FINGER "finger biometric for offline verification";
    1 6 OFFLINE_IRIS "iris biometric for offline verification";
    1 5 OFFLINE_PALM "palm biometric for offline verification";
    1 4 OFFLINE_VOICE "voice biometric for offline verification";
    2 8 ONLINE_FACIAL "facial biometric for online verification";
    2 7 ONLINE_FINGER "finger biometric for online verification";
    2 6 ONLINE_IRIS "iris biometric for online verification";
    2 5 ONLINE_PALM "palm biometric for online verification";
    2 4 ONLINE_VOICE "voice biometric for online verification";
}
