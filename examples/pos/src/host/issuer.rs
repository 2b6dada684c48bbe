//! The issuer's secrets: what stands for an account number, and which PIN belongs to it.

use des::TdesEde2;
use hkdf::Hkdf;
use hmac::{Hmac, KeyInit, Mac};
use pinblock::{Pan, Pin, pvv};
use sha2::Sha256;
use zeroize::Zeroizing;

use super::records::Account;
use super::store::Store;
use crate::error::Error;

/// The issuer of the cards.
pub(super) struct Issuer {
    /// Turns account numbers into tokens, so that the database holds no number.
    token_key: Zeroizing<[u8; 32]>,
    pvk: Zeroizing<[u8; 16]>,
}

/// The storage key's name in the database; the token key is derived from it.
pub(super) const STORAGE_KEY: &str = "storage";
/// The PIN verification key's name in the database.
pub(super) const PVK: &str = "pvk";

impl Issuer {
    /// Takes the keys from the database.
    pub(super) fn open(store: &Store) -> Result<Self, Error> {
        let storage_key = store.key(STORAGE_KEY)?.ok_or(Error::Record("the storage key"))?;
        let pvk = store.key(PVK)?.ok_or(Error::Record("the PIN verification key"))?;
        let pvk =
            pvk.as_slice().try_into().map_err(|_| Error::Record("the PIN verification key"))?;
        Self::new(&storage_key, pvk)
    }

    pub(super) fn new(storage_key: &[u8], pvk: &[u8; 16]) -> Result<Self, Error> {
        let mut token_key = Zeroizing::new([0; 32]);
        Hkdf::<Sha256>::new(None, storage_key)
            .expand(b"account token", token_key.as_mut())
            .map_err(|_| Error::Record("the storage key"))?;
        Ok(Self { token_key, pvk: Zeroizing::new(*pvk) })
    }

    /// What stands for an account number in the database.
    pub(super) fn token(&self, pan: &Pan) -> Result<[u8; 32], Error> {
        let mut mac = Hmac::<Sha256>::new_from_slice(self.token_key.as_slice())
            .map_err(|_| Error::Record("the storage key"))?;
        mac.update(pan.expose_digits().as_bytes());
        Ok(mac.finalize().into_bytes().into())
    }

    /// The PIN verification value to keep for an account.
    pub(super) fn pvv(&self, pan: &Pan, pvki: u8, pin: &Pin) -> Result<[u8; 4], Error> {
        Ok(*pvv::generate(&self.cipher(), pan, pvv::Pvki::new(pvki)?, pin).expose_ascii())
    }

    /// Whether the PIN is the account's.
    pub(super) fn pin_is_right(
        &self,
        account: &Account,
        pan: &Pan,
        pin: &Pin,
    ) -> Result<bool, Error> {
        let reference = pvv::Pvv::from_ascii(&account.pvv)?;
        let pvki = pvv::Pvki::new(account.pvki)?;
        Ok(pvv::verify(&self.cipher(), pan, pvki, pin, &reference).is_ok())
    }

    fn cipher(&self) -> TdesEde2 {
        TdesEde2::new(&(*self.pvk).into())
    }
}
