use super::tag::{self, Tag};
use crate::Error;
use cmac::block_api::CmacCipher;
use cmac::digest::InnerInit;
use cmac::{KeyInit, Mac};
use core::fmt;

/// Any RustCrypto [`Mac`] under this crate's rules: the caller names the length, which is never under 4 bytes.
///
/// # Security
/// CMAC wipes its state when dropped; an HMAC does if its hash does, which in `sha2` is the feature `zeroize`.
pub struct Authenticator<M>(M);

/// CMAC over any block cipher of 8 or 16 bytes: ISO/IEC 9797-1 algorithm 5.
///
/// Source: ISO/IEC 9797-1:2011; NIST SP 800-38B.
pub type Cmac<C> = Authenticator<cmac::Cmac<C>>;

impl<M: Mac> Authenticator<M> {
    /// Begins a MAC.
    ///
    /// # Errors
    /// [`Error::KeyLength`]: the algorithm does not take a key of this length.
    pub fn new(key: &[u8]) -> Result<Self, Error>
    where
        M: KeyInit,
    {
        M::new_from_slice(key).map(Self).map_err(|_| Error::KeyLength)
    }

    /// Takes more data.
    #[inline]
    pub fn update(&mut self, data: &[u8]) {
        self.0.update(data);
    }

    /// Takes more data and hands itself back.
    #[must_use]
    #[inline]
    pub fn chain(mut self, data: impl AsRef<[u8]>) -> Self {
        self.update(data.as_ref());
        self
    }

    /// Ends the data and gives the leftmost `len` bytes of its MAC.
    ///
    /// # Errors
    /// [`Error::MacLength`]: `len` is under 4 or over the algorithm's output.
    pub fn finalize(self, len: usize) -> Result<Tag, Error> {
        Tag::new(self.0.finalize().as_bytes(), len)
    }

    /// Ends the data and verifies that `mac` is the leftmost `len` bytes of its MAC, in constant time.
    ///
    /// # Errors
    /// [`Error::MacLength`]: `len` is under 4 or over the algorithm's output.
    /// [`Error::MacMismatch`]: `mac` is another one, or not `len` bytes long.
    pub fn verify(self, mac: &[u8], len: usize) -> Result<(), Error> {
        tag::verify(self.0.finalize().as_bytes(), mac, len)
    }
}

impl<C: CmacCipher> Authenticator<cmac::Cmac<C>> {
    /// Begins a CMAC under a cipher that has its key already.
    #[must_use]
    pub fn with_cipher(cipher: C) -> Self {
        Self(cmac::Cmac::inner_init(cipher))
    }
}

impl<M> fmt::Debug for Authenticator<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Authenticator")
    }
}
