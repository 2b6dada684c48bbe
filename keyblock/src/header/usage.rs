use core::fmt;

macro_rules! usages {
    ($($(#[doc = $doc:literal])+ $name:ident = $code:literal, $text:literal;)+) => {
        /// What a key is for: two characters of the header, from offset 5.
        ///
        /// `Display` writes the characters.
        ///
        /// Source: ANSI X9.143:2021, 6.3.1, table 2.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum KeyUsage {
            $($(#[doc = $doc])+ #[doc(alias = $text)] $name,)+
            /// A usage that the standard does not have: any other two of 0-9 and A-Z.
            Proprietary([u8; 2]),
        }

        impl KeyUsage {
            /// Every usage of the standard.
            pub const STANDARD: &'static [Self] = &[$(Self::$name,)+];

            /// The two characters.
            #[must_use]
            pub const fn code(self) -> [u8; 2] {
                match self {
                    $(Self::$name => *$code,)+
                    Self::Proprietary(code) => code,
                }
            }

            /// The usage that has these characters; none if they are not both 0-9 or A-Z.
            #[must_use]
            pub const fn from_code(code: [u8; 2]) -> Option<Self> {
                Some(match &code {
                    $($code => Self::$name,)+
                    [b'0'..=b'9' | b'A'..=b'Z', b'0'..=b'9' | b'A'..=b'Z'] => Self::Proprietary(code),
                    _ => return None,
                })
            }

            /// What the standard calls it.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$name => $text,)+
                    Self::Proprietary(_) => "proprietary",
                }
            }
        }
    };
}

usages! {
    /// B0: the base derivation key of DUKPT.
    BaseDerivation = b"B0", "base derivation key (BDK)";
    /// B1: the initial key of a DUKPT terminal.
    InitialDukpt = b"B1", "initial DUKPT key";
    /// B2: a base key for variants. Deprecated.
    BaseKeyVariant = b"B2", "base key variant key";
    /// B3: a key from which others are derived, but not by DUKPT.
    KeyDerivation = b"B3", "key derivation key";
    /// C0: card verification (CVV, CVC).
    CardVerification = b"C0", "card verification key (CVK)";
    /// D0: data, a symmetric key.
    DataEncryption = b"D0", "data encryption key, symmetric";
    /// D1: data, an asymmetric key.
    AsymmetricDataEncryption = b"D1", "data encryption key, asymmetric";
    /// D2: decimalisation tables.
    DecimalisationTable = b"D2", "data encryption key for decimalisation tables";
    /// D3: sensitive data.
    SensitiveData = b"D3", "data encryption key for sensitive data";
    /// E0: EMV issuer master key for application cryptograms.
    EmvApplicationCryptogram = b"E0", "EMV issuer master key: application cryptograms";
    /// E1: EMV issuer master key for confidentiality of scripts.
    EmvConfidentiality = b"E1", "EMV issuer master key: secure messaging for confidentiality";
    /// E2: EMV issuer master key for integrity of scripts.
    EmvIntegrity = b"E2", "EMV issuer master key: secure messaging for integrity";
    /// E3: EMV issuer master key for data authentication codes.
    EmvDataAuthenticationCode = b"E3", "EMV issuer master key: data authentication code";
    /// E4: EMV issuer master key for dynamic numbers.
    EmvDynamicNumbers = b"E4", "EMV issuer master key: dynamic numbers";
    /// E5: EMV issuer master key for card personalisation.
    EmvPersonalisation = b"E5", "EMV issuer master key: card personalisation";
    /// E6: EMV issuer master key for something else.
    EmvOther = b"E6", "EMV issuer master key: other";
    /// E7: EMV key pair for PIN encipherment.
    EmvPinEncryption = b"E7", "EMV asymmetric key pair for PIN encryption";
    /// I0: an initial vector.
    InitialVector = b"I0", "initialization vector (IV)";
    /// K0: encrypts or wraps keys.
    KeyEncryption = b"K0", "key encryption or wrapping key (KEK)";
    /// K1: protects TR-31 key blocks.
    KeyBlockProtection = b"K1", "TR-31 key block protection key (KBPK)";
    /// K2: key pair of a TR-34 key receiving device.
    Tr34KeyPair = b"K2", "TR-34 asymmetric key pair of a key receiving device";
    /// K3: key pair that wraps or agrees on keys.
    KeyAgreement = b"K3", "asymmetric key pair for key wrapping or key agreement";
    /// K4: protects ISO 20038 key blocks.
    Iso20038Protection = b"K4", "ISO 20038 key block protection key (KBPK)";
    /// M0: ISO 16609 MAC algorithm 1, with TDES.
    MacIso16609 = b"M0", "ISO 16609 MAC algorithm 1 (TDES)";
    /// M1: ISO/IEC 9797-1 MAC algorithm 1 (CBC-MAC).
    MacAlgorithm1 = b"M1", "ISO 9797-1 MAC algorithm 1";
    /// M2: ISO/IEC 9797-1 MAC algorithm 2.
    MacAlgorithm2 = b"M2", "ISO 9797-1 MAC algorithm 2";
    /// M3: ISO/IEC 9797-1 MAC algorithm 3 (retail MAC).
    MacAlgorithm3 = b"M3", "ISO 9797-1 MAC algorithm 3";
    /// M4: ISO/IEC 9797-1 MAC algorithm 4.
    MacAlgorithm4 = b"M4", "ISO 9797-1 MAC algorithm 4";
    /// M5: ISO/IEC 9797-1:1999 MAC algorithm 5.
    MacAlgorithm5Legacy = b"M5", "ISO 9797-1:1999 MAC algorithm 5";
    /// M6: ISO/IEC 9797-1:2011 MAC algorithm 5 (CMAC).
    Cmac = b"M6", "ISO 9797-1:2011 MAC algorithm 5 (CMAC)";
    /// M7: HMAC.
    Hmac = b"M7", "HMAC";
    /// M8: ISO/IEC 9797-1:2011 MAC algorithm 6.
    MacAlgorithm6 = b"M8", "ISO 9797-1:2011 MAC algorithm 6";
    /// P0: PIN encryption.
    PinEncryption = b"P0", "PIN encryption key";
    /// P1: PIN generation.
    PinGeneration = b"P1", "PIN generation key";
    /// S0: key pair for signatures.
    Signature = b"S0", "asymmetric key pair for digital signatures";
    /// S1: key pair of a certification authority.
    CertificationAuthority = b"S1", "asymmetric key pair of a CA";
    /// S2: key pair for something that is not of X9.24.
    NonX9_24Signature = b"S2", "asymmetric key pair for use outside of X9.24";
    /// V0: PIN verification by another algorithm.
    PinVerification = b"V0", "PIN verification key, other algorithm";
    /// V1: PIN verification by IBM 3624.
    PinVerificationIbm3624 = b"V1", "PIN verification key, IBM 3624";
    /// V2: PIN verification by the Visa PVV.
    PinVerificationVisaPvv = b"V2", "PIN verification key, Visa PVV";
    /// V3: PIN verification by X9.132 algorithm 1.
    PinVerificationX9_132Algorithm1 = b"V3", "PIN verification key, X9.132 algorithm 1";
    /// V4: PIN verification by X9.132 algorithm 2.
    PinVerificationX9_132Algorithm2 = b"V4", "PIN verification key, X9.132 algorithm 2";
    /// V5: PIN verification by X9.132 algorithm 3.
    PinVerificationX9_132Algorithm3 = b"V5", "PIN verification key, X9.132 algorithm 3";
}

impl fmt::Display for KeyUsage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.code().iter().try_for_each(|&byte| fmt::Write::write_char(f, char::from(byte)))
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::KeyUsage;
    use std::string::ToString;

    #[test]
    fn codes_read_back() {
        for &usage in KeyUsage::STANDARD {
            assert_eq!(KeyUsage::from_code(usage.code()), Some(usage));
            assert_eq!(usage.to_string().as_bytes(), usage.code());
            assert_ne!(usage.name(), "proprietary");
        }
        assert_eq!(KeyUsage::from_code(*b"10"), Some(KeyUsage::Proprietary(*b"10")));
        for bad in [b"p0", b"P ", b"--", b"P\0"] {
            assert_eq!(KeyUsage::from_code(*bad), None);
        }
    }
}
