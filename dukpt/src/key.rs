//! The one key type behind every role, and what each role may do.
//!
//! Use the aliases of [`tdes`](crate::tdes) and [`aes`](crate::aes); this module is where their methods are told.
//! A key's role fixes two things at compile time: its [algorithm](Role::Algorithm) and its [job](Role::Job).
//!
//! # What does not compile
//! The key of a transaction used in place of those that are derived from it:
//! ```compile_fail,E0599
//! fn host(key: &dukpt::tdes::TransactionKey) {
//!     let pin_cipher = key.cipher::<des::TdesEde2>();
//! }
//! ```
//! ```compile_fail,E0599
//! fn host(key: &dukpt::aes::TransactionKey<16>) {
//!     let mac = key.cmac();
//! }
//! ```
//! The base key where a terminal's initial key is meant, and that where a transaction's is:
//! ```compile_fail,E0599
//! fn host(key: &dukpt::tdes::Bdk, ksn: &dukpt::tdes::Ksn) {
//!     let transaction = key.transaction_key(ksn);
//! }
//! ```
//! ```compile_fail,E0599
//! fn host(key: &dukpt::tdes::InitialKey) {
//!     let pin_key = key.pin_key();
//! }
//! ```
//! A PIN key for data or a MAC, a data key or a MAC key for a PIN:
//! ```compile_fail,E0599
//! fn host(key: &dukpt::tdes::PinKey) {
//!     let encrypted = key.encrypt_cbc(&[0; 8], &mut [0; 8]);
//! }
//! ```
//! ```compile_fail,E0599
//! fn host(key: &dukpt::tdes::PinKey) {
//!     let mac = key.retail_mac(dukpt::mac::Padding::Method1);
//! }
//! ```
//! ```compile_fail,E0599
//! fn host(key: &dukpt::tdes::DataRequestKey) {
//!     let pin_cipher = key.cipher::<des::TdesEde2>();
//! }
//! ```
//! ```compile_fail,E0599
//! fn host(key: &dukpt::aes::MacGenerationKey<16>) {
//!     let pin_cipher = key.cipher::<aes::Aes128>();
//! }
//! ```
//! A request's key for a response:
//! ```compile_fail,E0308
//! use dukpt::tdes::{MacRequestKey, MacResponseKey};
//!
//! fn make_response(key: &MacResponseKey) { /* ... */ }
//!
//! fn host(key: &MacRequestKey) {
//!     make_response(key);
//! }
//! ```
//! A key of one algorithm for another's, and a usage that an algorithm does not have:
//! ```compile_fail,E0308
//! use dukpt::aes::{PinKey, Tdes};
//!
//! fn translate(key: &PinKey<16>) { /* ... */ }
//!
//! fn host(key: &PinKey<16, Tdes>) {
//!     translate(key);
//! }
//! ```
//! ```compile_fail,E0277
//! fn host(key: &dukpt::aes::PinKey<16, dukpt::aes::Hmac>) {}
//! ```
//! TDES DUKPT's derivation for a key serial number of AES DUKPT:
//! ```compile_fail,E0308
//! fn host(key: &dukpt::tdes::InitialKey, ksn: &dukpt::aes::Ksn) {
//!     let transaction = key.transaction_key(ksn);
//! }
//! ```
//! A comparison that takes a time that tells, and a copy that nobody wipes:
//! ```compile_fail,E0369
//! fn same(one: &dukpt::tdes::PinKey, other: &dukpt::tdes::PinKey) -> bool {
//!     one == other
//! }
//! ```
//! ```compile_fail,E0308
//! fn copy(key: &dukpt::tdes::PinKey) -> dukpt::tdes::PinKey {
//!     key.clone()
//! }
//! ```

mod algorithm;
mod data;
mod mac;
mod pin;

use crate::Error;
use core::fmt;
use subtle::{Choice, ConstantTimeEq};
use zeroize::{ZeroizeOnDrop, optimization_barrier};

pub use algorithm::{Aes, BlockAlgorithm, BlockKey, Hmac, KeyLength, Tdes};

pub(crate) mod sealed {
    /// Keeps this crate's traits to this crate's types.
    pub trait Sealed {}
}

/// A key of `N` bytes that can be used for its role `R` alone.
///
/// It is wiped when dropped, cannot be copied or compared by `==`, and its `Debug` shows the role's name and
/// nothing else.
///
/// # Security
/// A key that is moved may leave a copy of its bytes on the stack; keep it where it was made and lend it.
pub struct Key<R: Role, const N: usize> {
    pub(crate) bytes: [u8; N],
    pub(crate) context: R::Context,
}

/// What a key is for.
pub trait Role: sealed::Sealed {
    /// The algorithm that the key works with: [`Tdes`], [`Aes`] or [`Hmac`].
    type Algorithm;
    /// What the key may do: one of [`job`].
    type Job;
    /// What the key has to know beside its bytes.
    type Context: Copy + PartialEq;
    /// The key's name in `Debug`.
    const NAME: &'static str;
}

/// What keys do.
pub mod job {
    /// Derives other keys.
    #[derive(Debug)]
    pub enum Derive {}
    /// Enciphers and deciphers PIN blocks.
    #[derive(Debug)]
    pub enum Pin {}
    /// Makes and verifies MACs.
    #[derive(Debug)]
    pub enum Mac {}
    /// Encrypts and decrypts data.
    #[derive(Debug)]
    pub enum Data {}
    /// Protects other keys, outside this crate.
    #[derive(Debug)]
    pub enum KeyEncryption {}
}

impl<R: Role, const N: usize> Key<R, N> {
    /// The key's bytes, in clear.
    ///
    /// # Security
    /// From here on nothing keeps the key to its role, and nothing wipes a copy. Every use inside this crate has
    /// a method of its own.
    #[must_use]
    #[inline]
    pub fn expose_bytes(&self) -> &[u8; N] {
        &self.bytes
    }
}

impl<R: Role<Context = (), Algorithm: KeyLength<N>>, const N: usize> Key<R, N> {
    /// Takes a key's bytes, which the caller wipes.
    ///
    /// Parity bits of a TDES key are kept and ignored.
    #[must_use]
    #[inline]
    pub fn from_bytes(bytes: &[u8; N]) -> Self {
        Self { bytes: *bytes, context: () }
    }
}

/// Takes a key's bytes, which the caller wipes; [`Error::KeyLength`] unless there are `N`.
impl<R: Role<Context = (), Algorithm: KeyLength<N>>, const N: usize> TryFrom<&[u8]> for Key<R, N> {
    type Error = Error;

    fn try_from(bytes: &[u8]) -> Result<Self, Error> {
        bytes.try_into().map(Self::from_bytes).map_err(|_| Error::KeyLength)
    }
}

/// Compares two keys of one role: their bytes in constant time, and what they know beside these (an initial key's id, a
/// transaction key's number), which is no secret.
impl<R: Role, const N: usize> ConstantTimeEq for Key<R, N> {
    fn ct_eq(&self, other: &Self) -> Choice {
        self.bytes.ct_eq(&other.bytes) & Choice::from(u8::from(self.context == other.context))
    }
}

impl<R: Role, const N: usize> fmt::Debug for Key<R, N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(R::NAME)
    }
}

impl<R: Role, const N: usize> Drop for Key<R, N> {
    #[inline]
    fn drop(&mut self) {
        // As `zeroize` does, but 16 bytes at a time instead of one.
        self.bytes = [0; N];
        optimization_barrier(&self.bytes);
    }
}

impl<R: Role, const N: usize> ZeroizeOnDrop for Key<R, N> {}

#[cfg(test)]
mod tests {
    extern crate std;
    use crate::{aes, tdes};
    use std::format;
    use subtle::ConstantTimeEq;

    #[test]
    fn debug_shows_the_role_and_nothing_else() {
        let bdk = aes::Bdk::from_bytes(&[0x42; 16]);
        assert_eq!(format!("{bdk:?}"), "Bdk");
        let ksn = aes::Ksn::from_bytes([1; 12]);
        let initial_key = bdk.initial_key(ksn.initial_key_id());
        assert_eq!(format!("{initial_key:?}"), "InitialKey");
        let transaction = initial_key.transaction_key(&ksn).unwrap();
        assert_eq!(format!("{transaction:?}"), "TransactionKey");
        assert_eq!(format!("{:?}", transaction.mac_both_key()), "MacBothKey");
        let mac_key: aes::MacGenerationKey<16, aes::Hmac> = transaction.derive();
        assert_eq!(format!("{mac_key:#?}"), "MacGenerationKey");
        let key = transaction.working_key(aes::KeyUsage::Pin, aes::KeyType::Tdes2).unwrap();
        assert_eq!(format!("{key:?}"), "WorkingKey");
        assert_eq!(format!("{:?}", tdes::PinKey::from_bytes(&[0x42; 16])), "PinKey");
        assert_eq!(format!("{:?}", mac_key.hmac::<sha2::Sha256>()), "Authenticator");
        assert_eq!(format!("{:?}", transaction.mac_both_key().cmac().finalize(8).unwrap()), "Tag");
    }

    #[test]
    fn keys_compare_in_constant_time() {
        let key = tdes::PinKey::from_bytes(&[0x42; 16]);
        assert!(bool::from(key.ct_eq(&tdes::PinKey::from_bytes(&[0x42; 16]))));
        let mut other = [0x42; 16];
        other[15] = 0x43;
        assert!(!bool::from(key.ct_eq(&tdes::PinKey::from_bytes(&other))));
    }

    #[test]
    fn keys_with_another_id_or_number_are_others() {
        let [one, other] = [1, 2].map(|byte| aes::InitialKeyId::from_bytes([byte; 8]));
        let key = |id| aes::InitialKey::from_bytes(&[0x42; 16], id);
        assert!(bool::from(key(one).ct_eq(&key(one))));
        assert!(!bool::from(key(one).ct_eq(&key(other))));
        // Counter 0 leaves the bytes as they are.
        let transaction = |id| key(id).transaction_key_lax(&aes::Ksn::new(id, 0)).unwrap();
        assert!(bool::from(transaction(one).ct_eq(&transaction(one))));
        assert!(!bool::from(transaction(one).ct_eq(&transaction(other))));
        let [one, other] = [1, 2].map(|byte| tdes::InitialKeyId::from_bytes([byte; 8]));
        let key = |id| tdes::InitialKey::from_bytes(&[0x42; 16], id);
        assert!(bool::from(key(one).ct_eq(&key(one))));
        assert!(!bool::from(key(one).ct_eq(&key(other))));
    }
}
