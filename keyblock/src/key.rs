//! The types that an unwrapped key turns into, which hold it to what its header allows.
//!
//! [`UnwrappedKey::to_key`] checks the usage, the algorithm and the mode of use against the type that is asked for. From there
//! on the compiler does: a type hands out what its usage and direction allow, and nothing else.
//!
//! | usage | type | hands out |
//! |---|---|---|
//! | P0 | [`PinEncryptionKey`], [`PinDecryptionKey`], [`PinKey`] | a block cipher of its direction, or of both |
//! | D0 | [`DataEncryptionKey`], [`DataDecryptionKey`], [`DataKey`] | the same |
//! | K0 | [`KeyWrappingKey`], [`KeyUnwrappingKey`], [`KeyEncryptionKey`] | the same |
//! | K1, K4 | [`HeldKbpk`] of [`AesKbpk`](crate::AesKbpk) or [`TdesKbpk`](crate::TdesKbpk) | blocks of its version, in its direction |
//! | M0 to M8 | [`MacGenerationKey`], [`MacVerificationKey`] of one of [`usage`] | a MAC |
//! | C0 | [`CvvGenerationKey`], [`CvvVerificationKey`] | the half of a block cipher that enciphers |
//! | V0, V1, V2 | [`PinCheckGenerationKey`], [`PinCheckVerificationKey`] of one of [`usage`] | the same |
//! | E0 to E6 | [`EmvMasterKey`] of one of [`usage`] | the same |
//! | B0 | [`TdesBdk`], [`AesBdk`] | the same, and its id |
//! | B1 | [`TdesInitialKey`], [`AesInitialKey`] | the same, and its id |
//! | B3 | [`KeyDerivationKey`] | the same |
//!
//! Mode N allows all that the usage does. A key whose version is a component (`c1`) is no key yet and turns into none of them.
//! Other usages, and asymmetric keys, stay an [`UnwrappedKey`]. Whether a block may be stored or exchanged
//! ([`KeyContext`](crate::KeyContext)) is shown by its header and enforced by nobody here: it binds whoever keeps the block, not who uses the key.
//!
//! # Security
//! That a key of one direction is not used in the other is kept by types, not by mathematics: who has the key of a MAC for verification,
//! and takes its bytes by [`expose_bytes`](Key::expose_bytes), can generate MACs.
//!
//! # Examples
//! ```
//! # fn main() -> Result<(), keyblock::Error> {
//! use keyblock::key::{MacGenerationKey, PinDecryptionKey, PinEncryptionKey, usage};
//! use keyblock::{AesKbpk, Error, KeyBlock, Profile};
//! # use hex_literal::hex;
//!
//! # let kbpk = hex!("88E1AB2A2E3DD38C1FA039A536500CC8A87AB9D62DC92C01058FA79F44657DE6");
//! let kbpk = AesKbpk::new(&kbpk)?;
//! let text = b"D0112P0AE00E0000B82679114F470F540165EDFBF7E250FCEA43F810D215F8D2\
//!     07E2E417C07156A27E8E31DA05F7425509593D03A457DC34";
//! let mut buffer = [0; 64];
//! let unwrapped = KeyBlock::parse(text, Profile::TR31_2018)?.unwrap_key(&kbpk, &mut buffer)?;
//!
//! let key: PinEncryptionKey = unwrapped.to_key()?;
//! let pin_cipher = key.cipher::<aes::Aes128>()?;
//!
//! assert_eq!(unwrapped.to_key::<PinDecryptionKey>().err(), Some(Error::ModeMismatch));
//! let mac_key = unwrapped.to_key::<MacGenerationKey<usage::Cmac>>();
//! assert_eq!(mac_key.err(), Some(Error::UsageMismatch));
//! # Ok(()) }
//! ```
//! # What does not compile
//! Deciphering with a key that enciphers:
//! ```compile_fail,E0277
//! use cipher::BlockCipherDecrypt;
//!
//! fn decipher(cipher: &impl BlockCipherDecrypt) { /* ... */ }
//!
//! fn host(key: &keyblock::key::PinEncryptionKey) {
//!     decipher(&key.cipher::<aes::Aes128>().unwrap());
//! }
//! ```
//! ```compile_fail,E0277
//! fn host(key: &keyblock::key::PinDecryptionKey) {
//!     let cipher = key.cipher::<aes::Aes128Enc>();
//! }
//! ```
//! A PIN key for data, one MAC algorithm's key for another's, a key that verifies where one that generates is meant:
//! ```compile_fail,E0308
//! fn encrypt(key: &keyblock::key::DataEncryptionKey) { /* ... */ }
//!
//! fn host(key: &keyblock::key::PinEncryptionKey) {
//!     encrypt(key);
//! }
//! ```
//! ```compile_fail,E0308
//! use keyblock::key::{MacVerificationKey, usage};
//!
//! fn verify(key: &MacVerificationKey<usage::Cmac>) { /* ... */ }
//!
//! fn host(key: &MacVerificationKey<usage::MacAlgorithm3>) {
//!     verify(key);
//! }
//! ```
//! ```compile_fail,E0308
//! use keyblock::key::{MacGenerationKey, MacVerificationKey, usage};
//!
//! fn generate(key: &MacGenerationKey<usage::Cmac>) { /* ... */ }
//!
//! fn host(key: &MacVerificationKey<usage::Cmac>) {
//!     generate(key);
//! }
//! ```
//! A cipher from a MAC key, a MAC from a key that is none, the initial key of one algorithm for the other's, the base key for an
//! initial key:
//! ```compile_fail,E0599
//! use keyblock::key::{MacGenerationKey, usage};
//!
//! fn host(key: &MacGenerationKey<usage::Cmac>) {
//!     let cipher = key.cipher::<aes::Aes128>();
//! }
//! ```
//! ```compile_fail,E0599
//! fn host(key: &keyblock::key::DataKey) {
//!     let mac = key.mac::<cmac::Cmac<aes::Aes128>>();
//! }
//! ```
//! ```compile_fail,E0308
//! fn load(key: &keyblock::key::AesInitialKey) { /* ... */ }
//!
//! fn host(key: &keyblock::key::TdesInitialKey) {
//!     load(key);
//! }
//! ```
//! ```compile_fail,E0308
//! fn load(key: &keyblock::key::AesInitialKey) { /* ... */ }
//!
//! fn host(key: &keyblock::key::AesBdk) {
//!     load(key);
//! }
//! ```
//! A form that a usage does not have, such as a PIN key that derives:
//! ```compile_fail,E0277
//! use keyblock::key::{Key, role::Derive, usage};
//!
//! fn host(key: &Key<Derive<usage::PinEncryption>>) {}
//! ```
//! A comparison that takes a time that tells, and a copy that nobody wipes:
//! ```compile_fail,E0369
//! use keyblock::key::PinKey;
//!
//! fn same(one: &PinKey, other: &PinKey) -> bool {
//!     one == other
//! }
//! ```
//! ```compile_fail,E0308
//! fn copy(key: &keyblock::key::PinKey) -> keyblock::key::PinKey {
//!     key.clone()
//! }
//! ```
//!
//! Source: ANSI X9.143:2021, 6.3, tables 2 to 4.

mod cipher;
mod dukpt;
mod kbpk;
mod mac;
pub mod role;
pub mod usage;

use core::fmt;

use subtle::{Choice, ConstantTimeEq};
use zeroize::{ZeroizeOnDrop, optimization_barrier};

use crate::{Algorithm, Error, KeyVersion, UnwrappedKey};
use role::Role;
use sealed::{Context, Storage};

pub use cipher::{DecryptOnly, EncryptOnly};
pub use dukpt::InitialKeyId;
pub use kbpk::HeldKbpk;

/// Enciphers PIN blocks: usage P0, mode E, B or N.
pub type PinEncryptionKey = Key<role::Encrypt<usage::PinEncryption>>;
/// Deciphers PIN blocks: usage P0, mode D, B or N.
pub type PinDecryptionKey = Key<role::Decrypt<usage::PinEncryption>>;
/// Enciphers and deciphers PIN blocks: usage P0, mode B or N.
pub type PinKey = Key<role::EncryptAndDecrypt<usage::PinEncryption>>;
/// Encrypts data: usage D0, mode E, B or N.
pub type DataEncryptionKey = Key<role::Encrypt<usage::DataEncryption>>;
/// Decrypts data: usage D0, mode D, B or N.
pub type DataDecryptionKey = Key<role::Decrypt<usage::DataEncryption>>;
/// Encrypts and decrypts data: usage D0, mode B or N.
pub type DataKey = Key<role::EncryptAndDecrypt<usage::DataEncryption>>;
/// Wraps keys: usage K0, mode E, B or N.
pub type KeyWrappingKey = Key<role::Encrypt<usage::KeyEncryption>>;
/// Unwraps keys: usage K0, mode D, B or N.
pub type KeyUnwrappingKey = Key<role::Decrypt<usage::KeyEncryption>>;
/// Wraps and unwraps keys: usage K0, mode B or N.
pub type KeyEncryptionKey = Key<role::EncryptAndDecrypt<usage::KeyEncryption>>;
/// Generates MACs by the algorithm `A` of [`usage`]: usage M0 to M8, mode G, C or N.
pub type MacGenerationKey<A> = Key<role::Generate<A>>;
/// Verifies MACs by the algorithm `A` of [`usage`]: usage M0 to M8, mode V, C or N.
pub type MacVerificationKey<A> = Key<role::Verify<A>>;
/// Generates card verification values: usage C0, mode G, C or N.
pub type CvvGenerationKey = Key<role::Generate<usage::CardVerification>>;
/// Verifies card verification values: usage C0, mode V, C or N.
pub type CvvVerificationKey = Key<role::Verify<usage::CardVerification>>;
/// Generates offsets or PVVs by the method `A` of [`usage`]: usage V0, V1 or V2, mode G, C or N.
pub type PinCheckGenerationKey<A> = Key<role::Generate<A>>;
/// Verifies PINs by the method `A` of [`usage`]: usage V0, V1 or V2, mode V, C or N.
pub type PinCheckVerificationKey<A> = Key<role::Verify<A>>;
/// An issuer master key for the purpose `A` of [`usage`], from which card keys come: usage E0 to E6, mode X or N.
pub type EmvMasterKey<A> = Key<role::Derive<A>>;
/// The base derivation key of TDES DUKPT: usage B0, mode X or N.
pub type TdesBdk = Key<role::Derive<usage::TdesBaseDerivation>>;
/// The base derivation key of AES DUKPT: usage B0, mode X or N.
pub type AesBdk = Key<role::Derive<usage::AesBaseDerivation>>;
/// The initial key of a TDES DUKPT terminal with its id: usage B1, mode X or N.
pub type TdesInitialKey = Key<role::Derive<usage::TdesInitialDukpt>>;
/// The initial key of an AES DUKPT terminal with its id: usage B1, mode X or N.
pub type AesInitialKey = Key<role::Derive<usage::AesInitialDukpt>>;
/// Derives keys, but not by DUKPT: usage B3, mode X or N. Which derivations are allowed, the optional block DA says; keeping to it is the caller's
/// part.
pub type KeyDerivationKey = Key<role::Derive<usage::KeyDerivation>>;

pub(crate) mod sealed {
    use crate::{Error, UnwrappedKey};

    /// Keeps this crate's traits to this crate's types.
    pub trait Sealed {}

    /// Room for a key.
    pub trait Storage: AsRef<[u8]> + AsMut<[u8]> {
        /// No key.
        const ZERO: Self;
    }

    impl<const N: usize> Storage for [u8; N] {
        const ZERO: Self = [0; N];
    }

    /// What a key has to know beside its bytes; no secret.
    pub trait Context: Copy + PartialEq {
        /// Reads it from the optional blocks.
        fn read(key: &UnwrappedKey<'_>) -> Result<Self, Error>;

        /// Bytes of the hash that the key is for, if it is for one.
        fn hash_len(&self) -> Option<usize> {
            None
        }
    }

    impl Context for () {
        fn read(_: &UnwrappedKey<'_>) -> Result<Self, Error> {
            Ok(())
        }
    }
}

/// A symmetric key that can be used for its role `R` alone.
///
/// Its bytes stand in it, 32 at most, 64 for HMAC. It is wiped when dropped, cannot be copied or compared by `==`, and its `Debug` shows
/// the role's name and nothing else. See [the module](self) for all roles.
///
/// # Security
/// A key that is moved may leave a copy of its bytes on the stack; keep it where it was made and lend it.
pub struct Key<R: Role> {
    bytes: R::Bytes,
    len: u8,
    algorithm: Algorithm,
    context: R::Context,
}

impl<R: Role> Key<R> {
    /// The algorithm that the key works with.
    #[must_use]
    pub const fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// The key's bytes, in clear.
    ///
    /// # Security
    /// From here on nothing keeps the key to its role, and nothing wipes a copy.
    #[must_use]
    pub fn expose_bytes(&self) -> &[u8] {
        self.bytes.as_ref().get(..usize::from(self.len)).unwrap_or_default()
    }

    /// The key's bytes, in clear, if there are `N`: for functions that take keys of one length, such as the roles of DUKPT.
    ///
    /// # Security
    /// From here on nothing keeps the key to its role, and nothing wipes a copy.
    #[must_use]
    pub fn expose_array<const N: usize>(&self) -> Option<&[u8; N]> {
        self.expose_bytes().try_into().ok()
    }
}

/// Turns an unwrapped key into one of a role; [`UnwrappedKey::to_key`] says when that fails.
impl<R: Role> TryFrom<&UnwrappedKey<'_>> for Key<R> {
    type Error = Error;

    fn try_from(unwrapped: &UnwrappedKey<'_>) -> Result<Self, Error> {
        let header = unwrapped.header();
        if matches!(header.key_version, KeyVersion::Component(_)) {
            return Err(Error::KeyComponent);
        }
        if header.usage != R::USAGE {
            return Err(Error::UsageMismatch);
        }
        if !R::ALGORITHMS.contains(&header.algorithm) {
            return Err(Error::AlgorithmMismatch);
        }
        if !R::MODES.contains(&header.mode) {
            return Err(Error::ModeMismatch);
        }
        let context = R::Context::read(unwrapped)?;
        let bytes = unwrapped.expose_bytes();
        let len = u8::try_from(bytes.len()).map_err(|_| Error::KeyLength)?;
        let mut key = Self { bytes: R::Bytes::ZERO, len, algorithm: header.algorithm, context };
        let place = key.bytes.as_mut().get_mut(..bytes.len()).ok_or(Error::KeyLength)?;
        place.iter_mut().zip(bytes).for_each(|(to, from)| *to = *from);
        Ok(key)
    }
}

/// Compares two keys of one role: their bytes in constant time, and what else they have (length, algorithm, id), which is no
/// secret.
impl<R: Role> ConstantTimeEq for Key<R> {
    fn ct_eq(&self, other: &Self) -> Choice {
        let same = self.context == other.context && self.algorithm == other.algorithm;
        self.expose_bytes().ct_eq(other.expose_bytes()) & Choice::from(u8::from(same))
    }
}

impl<R: Role> fmt::Debug for Key<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(R::NAME)
    }
}

impl<R: Role> Drop for Key<R> {
    #[inline]
    fn drop(&mut self) {
        // As `zeroize` does, but 16 bytes at a time instead of one.
        self.bytes = R::Bytes::ZERO;
        optimization_barrier(&self.bytes);
    }
}

impl<R: Role> ZeroizeOnDrop for Key<R> {}

#[cfg(test)]
#[allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    clippy::arithmetic_side_effects,
    reason = "a test says what it expects by panicking"
)]
mod tests;
