use core::fmt;

use zeroize::ZeroizeOnDrop;

use crate::layout::{LENGTH_LEN, wipe};
use crate::{Error, Exportability, Header, KeyBlock, OptionalBlocks};

/// A key out of an authentic block, in the caller's buffer, with what the block says of it.
///
/// It becomes usable as [one of the types of its usage](crate::key), which hold it to the header's usage, algorithm and mode of use, or
/// [goes on](Self::export) in another block. The buffer is wiped when the key is dropped; `Debug` shows the header and nothing else.
pub struct UnwrappedKey<'k> {
    block: KeyBlock<'k>,
    data: &'k mut [u8],
    len: usize,
}

impl<'k> UnwrappedKey<'k> {
    pub(crate) fn new(block: KeyBlock<'k>, data: &'k mut [u8], len: usize) -> Self {
        Self { block, data, len }
    }

    /// The header, which is authentic.
    #[must_use]
    pub const fn header(&self) -> Header {
        self.block.header()
    }

    /// The optional blocks, which are authentic.
    #[must_use]
    pub const fn optional_blocks(&self) -> OptionalBlocks<'k> {
        self.block.optional_blocks()
    }

    /// The key as a type of its usage, one of [`key`](crate::key).
    ///
    /// # Errors
    /// [`Error::KeyComponent`]: the key's version says that it is a component.
    /// [`Error::UsageMismatch`]: its usage is not that of the type.
    /// [`Error::AlgorithmMismatch`]: its algorithm is none that the usage is there for, or it is an HMAC key without one block HM that names
    /// a hash.
    /// [`Error::ModeMismatch`]: its mode of use does not allow what the type does.
    /// [`Error::InitialKeyIdMissing`]: an initial key has neither the optional block KS (TDES) nor IK (AES).
    /// [`Error::InitialKeyIdMismatch`]: it has the one of the other algorithm, or its own twice, of another length, not in upper-case hex digits,
    /// or with a counter that is not zero; a base derivation key has such a block BI,
    /// or an initial key one that names another base key than its id begins with.
    /// [`Error::KeyLength`], [`Error::KbpkLength`]: the key has another length than the type has room or a cipher for.
    ///
    /// # Examples
    /// See [`key`](crate::key).
    pub fn to_key<K>(&self) -> Result<K, Error>
    where
        K: for<'u> TryFrom<&'u Self, Error = Error>,
    {
        K::try_from(self)
    }

    /// The bytes, in clear, of a key of exportability S (sensitive), which may leave in other forms than a key block that X9.24 demands.
    ///
    /// # Errors
    /// [`Error::NotExportable`]: the key has another exportability.
    ///
    /// # Security
    /// From here on nothing keeps the key to what its header allows, and nothing wipes a copy.
    pub fn expose_for_legacy_export(&self) -> Result<&[u8], Error> {
        match self.header().exportability {
            Exportability::Sensitive => Ok(self.expose_bytes()),
            _ => Err(Error::NotExportable),
        }
    }

    /// The key's bytes, in clear.
    ///
    /// # Security
    /// From here on nothing keeps the key to what its header allows, and nothing wipes a copy.
    #[must_use]
    pub fn expose_bytes(&self) -> &[u8] {
        self.data.get(LENGTH_LEN..).and_then(|key| key.get(..self.len)).unwrap_or_default()
    }

    /// The random bytes behind the key, which a tool shows to wrap the same block once more.
    #[must_use]
    pub fn expose_pad(&self) -> &[u8] {
        self.data.get(LENGTH_LEN.saturating_add(self.len)..).unwrap_or_default()
    }
}

impl fmt::Debug for UnwrappedKey<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UnwrappedKey").field("header", &self.header()).finish_non_exhaustive()
    }
}

impl Drop for UnwrappedKey<'_> {
    fn drop(&mut self) {
        wipe(self.data);
    }
}

impl ZeroizeOnDrop for UnwrappedKey<'_> {}
