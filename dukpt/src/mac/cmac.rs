use super::chain::{Chain, xor};
use super::tag::{self, Tag};
use crate::Error;
use crate::key::sealed::Sealed;
use cipher::array::{Array, ArraySize};
use cipher::consts::{U8, U16};
use cipher::{
    BlockCipherEncBackend, BlockCipherEncClosure, BlockCipherEncrypt, BlockSizeUser, KeyInit,
};
use core::fmt;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// CMAC over any block cipher of 8 or 16 bytes: ISO/IEC 9797-1 algorithm 5.
///
/// # Security
/// Wiped when dropped. A cipher that only enciphers (`aes::Aes128Enc`) gives the same MAC and keeps half as many round keys.
///
/// # Examples
/// ```
/// # fn main() -> Result<(), dukpt::Error> {
/// use dukpt::mac::Cmac;
///
/// let mac = Cmac::<aes::Aes128Enc>::new(&[0x42; 16])?.chain("message").finalize(8)?;
/// Cmac::<aes::Aes128>::new(&[0x42; 16])?.chain("mess").chain("age").verify(mac.as_bytes(), 8)?;
/// # Ok(()) }
/// ```
///
/// Source: ISO/IEC 9797-1:2011; NIST SP 800-38B.
#[doc(alias("CMAC", "OMAC1", "algorithm 5"))]
pub struct Cmac<C: BlockSizeUser> {
    chain: Chain<C>,
}

/// A block size that CMAC is defined for: 8 or 16 bytes.
pub trait CmacBlockSize: ArraySize + Sealed {
    /// Multiplies a block by x, in constant time.
    #[doc(hidden)]
    fn double(block: &mut Array<u8, Self>);
}

impl Sealed for U8 {}
impl Sealed for U16 {}

impl CmacBlockSize for U8 {
    #[inline]
    fn double(block: &mut Array<u8, Self>) {
        let value = u64::from_be_bytes(block.0);
        block.0 = (value << 1 ^ (value >> 63).wrapping_neg() & 0x1B).to_be_bytes();
    }
}

impl CmacBlockSize for U16 {
    #[inline]
    fn double(block: &mut Array<u8, Self>) {
        let value = u128::from_be_bytes(block.0);
        block.0 = (value << 1 ^ (value >> 127).wrapping_neg() & 0x87).to_be_bytes();
    }
}

impl<C: BlockCipherEncrypt<BlockSize: CmacBlockSize> + ZeroizeOnDrop> Cmac<C> {
    /// Begins a CMAC.
    ///
    /// # Errors
    /// [`Error::KeyLength`]: the cipher does not take a key of this length.
    #[inline]
    pub fn new(key: &[u8]) -> Result<Self, Error>
    where
        C: KeyInit,
    {
        C::new_from_slice(key).map(Self::with_cipher).map_err(|_| Error::KeyLength)
    }

    /// Begins a CMAC under a cipher that has its key already and wipes it when dropped.
    #[must_use]
    #[inline]
    pub fn with_cipher(cipher: C) -> Self {
        Self { chain: Chain::new(cipher) }
    }
}

impl<C: BlockCipherEncrypt<BlockSize: CmacBlockSize>> Cmac<C> {
    /// Takes more data.
    #[inline]
    pub fn update(&mut self, data: &[u8]) {
        self.chain.update(data);
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
    /// [`Error::MacLength`]: `len` is under 4 or over a block.
    #[inline]
    pub fn finalize(mut self, len: usize) -> Result<Tag, Error> {
        Tag::new(self.output(), len)
    }

    /// Ends the data and verifies that `mac` is the leftmost `len` bytes of its MAC, in constant time.
    ///
    /// # Errors
    /// [`Error::MacLength`]: `len` is under 4 or over a block.
    /// [`Error::MacMismatch`]: `mac` is another one, or not `len` bytes long.
    #[inline]
    pub fn verify(mut self, mac: &[u8], len: usize) -> Result<(), Error> {
        tag::verify(self.output(), mac, len)
    }

    #[inline]
    pub(super) fn output(&mut self) -> &Array<u8, C::BlockSize> {
        let is_whole = self.chain.is_whole();
        if !is_whole {
            self.chain.mark(0x80);
        }
        let Chain { cipher, state, .. } = &mut self.chain;
        cipher.encrypt_with_backend(Last { state, is_whole });
        &self.chain.state
    }

    #[inline]
    pub(super) fn reset(&mut self) {
        self.chain.reset();
    }
}

impl<C: BlockSizeUser> fmt::Debug for Cmac<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Cmac")
    }
}

/// The subkey and the last block in one call of the cipher.
struct Last<'a, N: ArraySize> {
    state: &'a mut Array<u8, N>,
    is_whole: bool,
}

impl<N: ArraySize> BlockSizeUser for Last<'_, N> {
    type BlockSize = N;
}

impl<N: CmacBlockSize> BlockCipherEncClosure for Last<'_, N> {
    #[inline(always)]
    fn call<B: BlockCipherEncBackend<BlockSize = N>>(self, backend: &B) {
        let Self { state, is_whole } = self;
        let mut subkey = Array::<u8, N>::default();
        backend.encrypt_block((&mut subkey).into());
        N::double(&mut subkey);
        if !is_whole {
            N::double(&mut subkey);
        }
        xor(state, &subkey);
        // Who has the subkey can forge.
        subkey.zeroize();
        backend.encrypt_block(state.into());
    }
}

#[cfg(test)]
mod tests {
    use super::CmacBlockSize;
    use cipher::array::Array;
    use cipher::consts::{U8, U16};

    #[test]
    fn doubling_reduces_by_the_polynomial_of_the_size() {
        let mut block = Array::<u8, U8>::from([0x40, 0, 0, 0, 0, 0, 0, 0]);
        U8::double(&mut block);
        assert_eq!(block.0, [0x80, 0, 0, 0, 0, 0, 0, 0]);
        U8::double(&mut block);
        assert_eq!(block.0, [0, 0, 0, 0, 0, 0, 0, 0x1B]);
        let mut block = Array::<u8, U16>::from((1 << 127 | 1 << 63 | 1_u128).to_be_bytes());
        U16::double(&mut block);
        assert_eq!(u128::from_be_bytes(block.0), 1 << 64 | 2 ^ 0x87);
    }
}
