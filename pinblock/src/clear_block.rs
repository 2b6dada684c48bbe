use core::fmt;

use cipher::{BlockCipherDecrypt, BlockCipherEncrypt, consts::U8};
use zeroize::{Zeroize, ZeroizeOnDrop};

/// A clear block of `N` bytes, wiped when dropped: 8, or 16 for a field of format 4.
///
/// # Security
/// What it holds gives the PIN away (a PAN field: the PAN). It is for tools, and for firmware that enciphers elsewhere;
/// `encipher` and `decipher` of the format's module let no clear block out. `Debug` shows nothing.
pub struct ClearBlock<const N: usize>([u8; N]);

impl<const N: usize> ClearBlock<N> {
    #[inline]
    pub(crate) const fn new(bytes: [u8; N]) -> Self {
        Self(bytes)
    }

    /// The bytes in clear.
    #[inline]
    #[must_use]
    pub const fn expose_bytes(&self) -> &[u8; N] {
        &self.0
    }
}

impl ClearBlock<8> {
    /// One block, enciphered as it stands.
    #[inline]
    pub(crate) fn encipher<C: BlockCipherEncrypt<BlockSize = U8>>(&self, cipher: &C) -> [u8; 8] {
        let mut block = self.0;
        cipher.encrypt_block((&mut block).into());
        block
    }

    /// One block, deciphered; whether it is sound is not known yet.
    #[inline]
    pub(crate) fn decipher<C: BlockCipherDecrypt<BlockSize = U8>>(
        cipher: &C,
        block: &[u8; 8],
    ) -> Self {
        let mut clear = Self(*block);
        cipher.decrypt_block((&mut clear.0).into());
        clear
    }
}

impl<const N: usize> fmt::Debug for ClearBlock<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ClearBlock")
    }
}

impl<const N: usize> Drop for ClearBlock<N> {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl<const N: usize> ZeroizeOnDrop for ClearBlock<N> {}
