//! What protects a block: keys derived from a KBPK, a cipher's mode, and a MAC.

mod cmac;
mod derivation;
mod kbpk;
mod kept;
mod modes;
mod suite;

use crate::{Error, Version};

pub(crate) use kbpk::tdes_strength;
pub use kbpk::{
    Aes, Aes128Kbpk, Aes192Kbpk, Aes256Kbpk, AesKbpk, Kbpk, Tdes, Tdes2Kbpk, Tdes3Kbpk, TdesKbpk,
};
pub use kept::{KeptAesKeys, KeptTdesKeys};
pub use suite::{Aes128, Aes192, Aes256, Tdes2, Tdes3};

/// A key that protects blocks: a KBPK, the keys kept from one, or a handle to one that lives in a security module.
///
/// Whoever implements it gets texts that are checked: the header with its optional blocks is of whole blocks of the version's cipher, and so is
/// the data, but for version E.
pub trait ProtectionKey {
    /// Whether the key is an AES key, for versions D and E; otherwise it is a TDES key.
    fn is_aes(&self) -> bool;

    /// The key's strength in bits: 56, 80 or 112 of TDES, 128, 192 or 256 of AES.
    fn strength(&self) -> u16;

    /// Deciphers the data in place and verifies the MAC, in constant time.
    ///
    /// # Errors
    /// [`Error::MacMismatch`]: the MAC is another one. The caller wipes the data then.
    /// [`Error::KbpkAlgorithm`], [`Error::KeptVersion`]: the key is not one for this version.
    fn open(
        &self,
        version: Version,
        header: &[u8],
        data: &mut [u8],
        mac: &[u8],
    ) -> Result<(), Error>;

    /// Enciphers the data in place, and gives the MAC.
    ///
    /// # Errors
    /// [`Error::KbpkAlgorithm`], [`Error::KeptVersion`]: the key is not one for this version.
    fn seal(
        &self,
        version: Version,
        header: &[u8],
        data: &mut [u8],
        mac: &mut [u8],
    ) -> Result<(), Error>;
}
