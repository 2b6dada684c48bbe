use super::tag::{self, Tag};
use crate::Error;
use cipher::{Key, KeyInit};
use core::fmt;
use hmac::{EagerHash, Hmac, Mac};

/// Any RustCrypto [`Mac`] under this crate's rules: the caller names the length, which is never under 4 bytes.
///
/// # Security
/// An HMAC wipes its state when dropped if its hash does, which in `sha2` is the feature `zeroize`. While
/// the `hmac` crate begins and ends, it leaves the key's block and the inner hash on the stack.
pub struct Authenticator<M>(M);

impl<M: Mac> Authenticator<M> {
    /// Begins a MAC.
    ///
    /// # Errors
    /// [`Error::KeyLength`]: the key is empty, or the algorithm does not take one of this length.
    pub fn new(key: &[u8]) -> Result<Self, Error>
    where
        M: KeyInit,
    {
        // An HMAC would take an empty key, which keeps nobody out.
        if key.is_empty() {
            return Err(Error::KeyLength);
        }
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

impl<D: EagerHash> Authenticator<Hmac<D>> {
    /// Begins an HMAC with a key that zeros have filled up to the hash's block.
    pub(crate) fn with_filled_key(key: &Key<Hmac<D>>) -> Self {
        Self(Hmac::new(key))
    }
}

impl<M> fmt::Debug for Authenticator<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Authenticator")
    }
}
