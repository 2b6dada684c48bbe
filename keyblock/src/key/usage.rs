//! The usages that typed keys have, as types.

use super::InitialKeyId;
use super::sealed::{Context, Sealed, Storage};
use crate::optional::{BaseKeyId, HmacHash};
use crate::{Algorithm, KeyUsage};

/// A usage, as a type.
pub trait Usage: Sealed {
    /// What is done with a key of this usage: one of [`work`].
    type Work;
    /// Where the key's bytes stand.
    type Bytes: Storage;
    /// What the key knows beside its bytes.
    type Context: Context;
    /// The same as a value.
    const USAGE: KeyUsage;
    /// The algorithms that the usage is there for.
    const ALGORITHMS: &'static [Algorithm];
    /// The names in `Debug` of keys for one direction, for the other, and for both, or of those that derive.
    const NAMES: [&'static str; 3];
}

/// What is done with keys.
pub mod work {
    /// Enciphers and deciphers.
    #[derive(Debug)]
    pub enum Cipher {}
    /// Generates and verifies values by enciphering.
    #[derive(Debug)]
    pub enum Value {}
    /// Generates and verifies MACs.
    #[derive(Debug)]
    pub enum Mac {}
    /// Derives keys.
    #[derive(Debug)]
    pub enum Derivation {}

    /// Work in two directions of a cipher.
    #[diagnostic::on_unimplemented(message = "keys of this usage neither encipher nor decipher")]
    pub trait IsCipher {}
    impl IsCipher for Cipher {}

    /// Work that ends in a value that somebody verifies.
    #[diagnostic::on_unimplemented(message = "keys of this usage generate and verify nothing")]
    pub trait IsCode {}
    impl IsCode for Value {}
    impl IsCode for Mac {}

    /// Work that ends in keys.
    #[diagnostic::on_unimplemented(message = "keys of this usage derive nothing")]
    pub trait IsDerivation {}
    impl IsDerivation for Derivation {}
}

const CVV: [&str; 3] = ["CvvGenerationKey", "CvvVerificationKey", ""];
const PIN_CHECK: [&str; 3] = ["PinCheckGenerationKey", "PinCheckVerificationKey", ""];
const MAC: [&str; 3] = ["MacGenerationKey", "MacVerificationKey", ""];
const EMV: [&str; 3] = ["", "", "EmvMasterKey"];

macro_rules! usages {
    ($($work:ident $code:literal $usage:ident = $of:ident $names:tt [$($algorithm:ident)+] $len:literal $context:ty;)+) => {$(
        #[doc = concat!($code, ".")]
        #[derive(Debug)]
        pub enum $usage {}

        impl Sealed for $usage {}

        impl Usage for $usage {
            type Work = work::$work;
            type Bytes = [u8; $len];
            type Context = $context;
            const USAGE: KeyUsage = KeyUsage::$of;
            const ALGORITHMS: &'static [Algorithm] = &[$(Algorithm::$algorithm,)+];
            const NAMES: [&'static str; 3] = $names;
        }
    )+};
}

// DES of 8 bytes is let in where ciphers and plain CBC are at work: the profile decides on it. The retail MAC and ISO 16609
// are built of DES and have no AES form.
usages! {
    Cipher "P0" PinEncryption = PinEncryption ["PinEncryptionKey", "PinDecryptionKey", "PinKey"] [Tdes Aes Des] 32 ();
    Cipher "D0" DataEncryption = DataEncryption ["DataEncryptionKey", "DataDecryptionKey", "DataKey"] [Tdes Aes Des] 32 ();
    Cipher "K0" KeyEncryption = KeyEncryption ["KeyWrappingKey", "KeyUnwrappingKey", "KeyEncryptionKey"] [Tdes Aes Des] 32 ();
    Value "C0" CardVerification = CardVerification CVV [Tdes Aes] 32 ();
    Value "V0: another algorithm" PinVerification = PinVerification PIN_CHECK [Tdes Aes] 32 ();
    Value "V1: IBM 3624" PinVerificationIbm3624 = PinVerificationIbm3624 PIN_CHECK [Tdes Aes] 32 ();
    Value "V2: Visa PVV" PinVerificationVisaPvv = PinVerificationVisaPvv PIN_CHECK [Tdes Aes] 32 ();
    Mac "M0: ISO 16609, CBC-MAC with TDES" MacIso16609 = MacIso16609 MAC [Tdes] 32 ();
    Mac "M1: ISO/IEC 9797-1 algorithm 1, CBC-MAC" MacAlgorithm1 = MacAlgorithm1 MAC [Tdes Aes Des] 32 ();
    Mac "M2: ISO/IEC 9797-1 algorithm 2" MacAlgorithm2 = MacAlgorithm2 MAC [Tdes Aes Des] 32 ();
    Mac "M3: ISO/IEC 9797-1 algorithm 3, the retail MAC" MacAlgorithm3 = MacAlgorithm3 MAC [Tdes] 32 ();
    Mac "M4: ISO/IEC 9797-1 algorithm 4" MacAlgorithm4 = MacAlgorithm4 MAC [Tdes Aes Des] 32 ();
    Mac "M5: ISO/IEC 9797-1:1999 algorithm 5" MacAlgorithm5Legacy = MacAlgorithm5Legacy MAC [Tdes Aes Des] 32 ();
    Mac "M6: CMAC" Cmac = Cmac MAC [Tdes Aes] 32 ();
    Mac "M7: HMAC, with the hash that the optional block HM names" Hmac = Hmac MAC [Hmac] 64 HmacHash;
    Mac "M8: ISO/IEC 9797-1:2011 algorithm 6" MacAlgorithm6 = MacAlgorithm6 MAC [Tdes Aes] 32 ();
    Derivation "B0 of TDES DUKPT" TdesBaseDerivation = BaseDerivation ["", "", "TdesBdk"] [Tdes] 32 Option<BaseKeyId>;
    Derivation "B0 of AES DUKPT" AesBaseDerivation = BaseDerivation ["", "", "AesBdk"] [Aes] 32 Option<BaseKeyId>;
    Derivation "B1 of TDES DUKPT" TdesInitialDukpt = InitialDukpt ["", "", "TdesInitialKey"] [Tdes] 32 InitialKeyId;
    Derivation "B1 of AES DUKPT" AesInitialDukpt = InitialDukpt ["", "", "AesInitialKey"] [Aes] 32 InitialKeyId;
    Derivation "B3" KeyDerivation = KeyDerivation ["", "", "KeyDerivationKey"] [Tdes Aes] 32 ();
    Derivation "E0: application cryptograms" EmvApplicationCryptogram = EmvApplicationCryptogram EMV [Tdes Aes] 32 ();
    Derivation "E1: confidentiality of scripts" EmvConfidentiality = EmvConfidentiality EMV [Tdes Aes] 32 ();
    Derivation "E2: integrity of scripts" EmvIntegrity = EmvIntegrity EMV [Tdes Aes] 32 ();
    Derivation "E3: data authentication codes" EmvDataAuthenticationCode = EmvDataAuthenticationCode EMV [Tdes Aes] 32 ();
    Derivation "E4: dynamic numbers" EmvDynamicNumbers = EmvDynamicNumbers EMV [Tdes Aes] 32 ();
    Derivation "E5: card personalisation" EmvPersonalisation = EmvPersonalisation EMV [Tdes Aes] 32 ();
    Derivation "E6: others" EmvOther = EmvOther EMV [Tdes Aes] 32 ();
}
