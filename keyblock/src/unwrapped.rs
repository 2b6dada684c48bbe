use core::fmt;

use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::layout::LENGTH_LEN;
use crate::{Header, KeyBlock, OptionalBlocks};

/// A key out of an authentic block, in the caller's buffer, with what the block says of it.
///
/// It becomes usable as one of the types of its usage, which hold it to the header's usage, algorithm and mode of use. The buffer is wiped when the key is dropped; `Debug` shows the header and nothing else.
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
        self.data.zeroize();
    }
}

impl ZeroizeOnDrop for UnwrappedKey<'_> {}
