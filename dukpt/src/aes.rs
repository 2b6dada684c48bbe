//! AES DUKPT: base keys of 128, 192 or 256 bits, key serial numbers of 12 bytes.
//!
//! ```text
//! Bdk --initial key id--> InitialKey --counter--> TransactionKey --usage, key type--> PinKey, MacGenerationKey, ...
//! ```
//! `N` is a key's length in bytes and follows from the base key's. The usages are named from the terminal's
//! side: the host verifies a request with [`MacGenerationKey`] and makes its answer's MAC with
//! [`MacVerificationKey`]; it decrypts with [`DataEncryptionKey`] and encrypts with [`DataDecryptionKey`].
//!
//! Working keys of another type than the base key's are told apart by types as well:
//! ```
//! # fn main() -> Result<(), dukpt::Error> {
//! use dukpt::aes::{Bdk, Hmac, Ksn, MacGenerationKey, PinKey, Tdes};
//! use hex_literal::hex;
//!
//! let bdk = Bdk::from_bytes(&hex!("FEDCBA9876543210F1F1F1F1F1F1F1F1"));
//! let ksn = Ksn::from_bytes(hex!("123456789012345600000001"));
//! let transaction = bdk.initial_key(ksn.initial_key_id()).transaction_key(&ksn)?;
//!
//! let pin_key: PinKey<16, Tdes> = transaction.derive();
//! let pin_cipher = pin_key.cipher::<des::TdesEde2>();
//! let mac_key: MacGenerationKey<16, Hmac> = transaction.derive();
//! # Ok(()) }
//! ```
//! A key that would be stronger than its base key does not compile:
//! ```compile_fail,E0277
//! # fn main() -> Result<(), dukpt::Error> {
//! # use dukpt::aes::{Bdk, Hmac, Ksn, MacGenerationKey};
//! # let bdk = Bdk::from_bytes(&[0x42; 16]);
//! # let ksn = Ksn::from_bytes([1; 12]);
//! # let transaction = bdk.initial_key(ksn.initial_key_id()).transaction_key(&ksn)?;
//! let mac_key: MacGenerationKey<32, Hmac> = transaction.derive();
//! # Ok(()) }
//! ```
//! Where the key type is known at run time only, see [`TransactionKey::derive_of_type`], and where the usage is too,
//! [`TransactionKey::working_key`].
//!
//! Source: ANSI X9.24-3-2017.

mod any_key;
mod batch;
mod derivation;
#[cfg(feature = "explain")]
mod explain;
mod handle;
mod key_cache;
mod key_type;
mod key_usage;
mod ksn;
pub mod role;
mod terminal;
mod transaction_key;
mod working_key;

use crate::Error;
use crate::key::Key;
use derivation::DerivationData;

pub use crate::key::{Aes, Hmac, Tdes};
pub use any_key::{
    AnyAesKey, AnyCipherKey, AnyDataBothKey, AnyDataDecryptionKey, AnyDataEncryptionKey, AnyKey,
    AnyKeyDerivationKey, AnyKeyEncryptionKey, AnyMac, AnyMacBothKey, AnyMacGenerationKey,
    AnyMacVerificationKey, AnyPinKey, KeyOfAnyType,
};
pub use batch::{TransactionKeys, transaction_keys};
pub use derivation::{BaseKey, DerivedFrom};
pub use key_cache::KeyCache;
pub use key_type::KeyType;
pub use key_usage::KeyUsage;
pub use ksn::{InitialKeyId, Ksn};
pub use terminal::{Pending, Snapshot, Terminal, TerminalKey};
pub use working_key::WorkingKey;

/// The base derivation key, from which every terminal's initial key comes.
pub type Bdk<const N: usize> = Key<role::Bdk, N>;
/// A terminal's initial key.
pub type InitialKey<const N: usize> = Key<role::Initial, N>;
/// The key of one counter value (the standard's transaction or derivation key), from which a transaction's working
/// keys come. It does no work itself.
pub type TransactionKey<const N: usize> = Key<role::Transaction, N>;
/// Enciphers a transaction's PIN block.
pub type PinKey<const N: usize, A = Aes> = Key<role::Working<role::Pin, A>, N>;
/// Authenticates what the terminal sends.
pub type MacGenerationKey<const N: usize, A = Aes> = Key<role::Working<role::MacGeneration, A>, N>;
/// Authenticates what the terminal receives.
pub type MacVerificationKey<const N: usize, A = Aes> =
    Key<role::Working<role::MacVerification, A>, N>;
/// Authenticates both directions.
pub type MacBothKey<const N: usize, A = Aes> = Key<role::Working<role::MacBoth, A>, N>;
/// Encrypts what the terminal sends.
pub type DataEncryptionKey<const N: usize, A = Aes> =
    Key<role::Working<role::DataEncryption, A>, N>;
/// Encrypts what the terminal receives.
pub type DataDecryptionKey<const N: usize, A = Aes> =
    Key<role::Working<role::DataDecryption, A>, N>;
/// Encrypts both directions.
pub type DataBothKey<const N: usize, A = Aes> = Key<role::Working<role::DataBoth, A>, N>;
/// Protects other keys.
pub type KeyEncryptionKey<const N: usize, A = Aes> = Key<role::Working<role::KeyEncryption, A>, N>;
/// Derives other keys.
pub type KeyDerivationKey<const N: usize> = Key<role::Working<role::KeyDerivation, Aes>, N>;

impl<const N: usize> Bdk<N>
where
    Aes: BaseKey<N>,
{
    /// Derives a terminal's initial key, which remembers its id.
    ///
    /// # Examples
    /// ```
    /// use dukpt::aes::{Bdk, InitialKeyId};
    /// use hex_literal::hex;
    ///
    /// let bdk = Bdk::from_bytes(&hex!("FEDCBA9876543210F1F1F1F1F1F1F1F1"));
    /// let initial_key = bdk.initial_key(InitialKeyId::from_bytes(hex!("1234567890123456")));
    /// assert_eq!(initial_key.expose_bytes(), &hex!("1273671EA26AC29AFA4D1084127652A1"));
    /// ```
    ///
    /// Source: ANSI X9.24-3-2017.
    #[must_use]
    pub fn initial_key(&self, id: InitialKeyId) -> InitialKey<N> {
        let mut key = InitialKey { bytes: [0; N], context: id };
        let data = DerivationData::initial_key(<Aes as BaseKey<N>>::KEY_TYPE, id);
        derivation::derive(&Aes::derivation_cipher(&self.bytes), data, &mut key.bytes);
        key
    }
}

impl<const N: usize> InitialKey<N>
where
    Aes: BaseKey<N>,
{
    /// Takes the bytes of the initial key with this id; the caller wipes them.
    #[must_use]
    #[inline]
    pub fn from_bytes(bytes: &[u8; N], id: InitialKeyId) -> Self {
        Self { bytes: *bytes, context: id }
    }

    /// The id that names this key: the first 8 bytes of its terminal's key serial numbers.
    #[must_use]
    #[inline]
    pub fn id(&self) -> InitialKeyId {
        self.context
    }

    /// Derives the transaction key of a key serial number.
    ///
    /// # Errors
    /// [`Error::InitialKeyMismatch`]: the key serial number has another initial key id than this key.
    /// [`Error::CounterZero`] and [`Error::TooManyOneBits`]: no terminal may use this counter.
    ///
    /// Source: ANSI X9.24-3-2017.
    pub fn transaction_key(&self, ksn: &Ksn) -> Result<TransactionKey<N>, Error> {
        ksn.check_counter()?;
        self.transaction_key_lax(ksn)
    }

    /// Derives the transaction key of a key serial number, whatever its counter is.
    ///
    /// # Errors
    /// [`Error::InitialKeyMismatch`]: the key serial number has another initial key id than this key.
    ///
    /// # Security
    /// Of counter 0 the transaction key is the initial key itself. Counter FFFFFFFF is that of
    /// [`update_key`](Self::update_key): no other working key of it may be used.
    ///
    /// Source: ANSI X9.24-3-2017.
    pub fn transaction_key_lax(&self, ksn: &Ksn) -> Result<TransactionKey<N>, Error> {
        if self.context != ksn.initial_key_id() {
            return Err(Error::InitialKeyMismatch);
        }
        let mut key = TransactionKey { bytes: self.bytes, context: *ksn };
        derivation::walk(ksn, &mut key.bytes);
        Ok(key)
    }

    /// Derives the key under which the terminal is sent its next initial key: the key encryption key of counter
    /// FFFFFFFF, which no transaction uses.
    ///
    /// # Errors
    /// [`Error::KeyTypeTooStrong`]: the key type is stronger than this key.
    ///
    /// Source: ANSI X9.24-3-2017.
    pub fn update_key(&self, key_type: KeyType) -> Result<AnyKeyEncryptionKey, Error> {
        let update = self.transaction_key_lax(&Ksn::new(self.context, u32::MAX))?;
        update.derive_of_type(key_type)
    }
}

/// Takes the bytes of the initial key with this id; [`Error::KeyLength`] unless there are `N`.
impl<const N: usize> TryFrom<(&[u8], InitialKeyId)> for InitialKey<N>
where
    Aes: BaseKey<N>,
{
    type Error = Error;

    fn try_from((bytes, id): (&[u8], InitialKeyId)) -> Result<Self, Error> {
        let bytes = bytes.try_into().map_err(|_| Error::KeyLength)?;
        Ok(Self::from_bytes(bytes, id))
    }
}
