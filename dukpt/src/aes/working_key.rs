use super::{
    AnyDataBothKey, AnyDataDecryptionKey, AnyDataEncryptionKey, AnyKeyDerivationKey,
    AnyKeyEncryptionKey, AnyMacBothKey, AnyMacGenerationKey, AnyMacVerificationKey, AnyPinKey,
    KeyType, KeyUsage,
};
use core::fmt;
use zeroize::ZeroizeOnDrop;

/// A working key whose usage and type are known at run time only, for tools and for hosts that hand keys on.
///
/// 34 bytes, wiped when dropped; its `Debug` shows no byte. Which usage it has is found out by a `match`, and what is in
/// there does that usage's job and no other. Where the usage is known when the program is written, take
/// [`TransactionKey::derive_of_type`](super::TransactionKey::derive_of_type), and where the type is too,
/// [`TransactionKey::derive`](super::TransactionKey::derive).
///
/// # Examples
/// ```
/// # fn main() -> Result<(), dukpt::Error> {
/// use dukpt::aes::{InitialKey, Ksn, WorkingKey};
///
/// # let ksn = Ksn::from_bytes([1; 12]);
/// # let initial_key = InitialKey::from_bytes(&[0x42; 16], ksn.initial_key_id());
/// let transaction = initial_key.transaction_key(&ksn)?;
/// match transaction.working_key("MAC_GEN".parse()?, "TDES2".parse()?)? {
///     WorkingKey::Pin(key) => println!("a PIN key for blocks of {} bytes", key.block_size()),
///     WorkingKey::MacGeneration(key) => {
///         let mac = key.mac::<sha2::Sha256>().chain("request").finalize(8)?;
///     }
///     other => println!("{} is not used here", other.usage()),
/// }
/// # Ok(()) }
/// ```
///
/// Source: ANSI X9.24-3-2017.
#[non_exhaustive]
pub enum WorkingKey {
    /// Protects other keys.
    KeyEncryption(AnyKeyEncryptionKey),
    /// Enciphers PIN blocks.
    Pin(AnyPinKey),
    /// Authenticates what the terminal sends.
    MacGeneration(AnyMacGenerationKey),
    /// Authenticates what the terminal receives.
    MacVerification(AnyMacVerificationKey),
    /// Authenticates both directions.
    MacBoth(AnyMacBothKey),
    /// Encrypts what the terminal sends.
    DataEncryption(AnyDataEncryptionKey),
    /// Encrypts what the terminal receives.
    DataDecryption(AnyDataDecryptionKey),
    /// Encrypts both directions.
    DataBoth(AnyDataBothKey),
    /// Derives other keys.
    KeyDerivation(AnyKeyDerivationKey),
}

/// The same of each usage's key.
macro_rules! each {
    ($working_key:expr, $key:ident => $does:expr) => {
        match $working_key {
            WorkingKey::KeyEncryption($key) => $does,
            WorkingKey::Pin($key) => $does,
            WorkingKey::MacGeneration($key) => $does,
            WorkingKey::MacVerification($key) => $does,
            WorkingKey::MacBoth($key) => $does,
            WorkingKey::DataEncryption($key) => $does,
            WorkingKey::DataDecryption($key) => $does,
            WorkingKey::DataBoth($key) => $does,
            WorkingKey::KeyDerivation($key) => $does,
        }
    };
}

impl WorkingKey {
    /// The key's bytes, in clear: 16, 24 or 32.
    ///
    /// # Security
    /// From here on nothing keeps the key to its usage, and nothing wipes a copy.
    #[must_use]
    pub fn expose_bytes(&self) -> &[u8] {
        each!(self, key => key.expose_bytes())
    }

    /// What the key is for.
    #[must_use]
    pub fn usage(&self) -> KeyUsage {
        each!(self, key => key.usage())
    }

    /// The key's algorithm and length.
    #[must_use]
    pub fn key_type(&self) -> KeyType {
        each!(self, key => key.key_type())
    }
}

impl fmt::Debug for WorkingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WorkingKey")
    }
}

// Each of the keys inside wipes itself.
impl ZeroizeOnDrop for WorkingKey {}
