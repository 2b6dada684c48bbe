use super::{BlockAlgorithm, Key, Role, job};
use cipher::array::ArraySize;
use cipher::{BlockCipherEncrypt, KeyInit};
use zeroize::ZeroizeOnDrop;

impl<R: Role<Job = job::Pin, Algorithm: BlockAlgorithm>, const N: usize> Key<R, N> {
    /// The block cipher that enciphers and deciphers PIN blocks.
    ///
    /// `C` is any RustCrypto cipher whose key and block are as long as this key's and its algorithm's, such as
    /// `aes::Aes128` or `des::TdesEde2`; one of other sizes does not compile.
    ///
    /// # Security
    /// Sizes are all that is checked: another algorithm of the same sizes, such as SM4 for AES-128, is taken.
    ///
    /// # Examples
    /// ```
    /// use des::TdesEde2;
    /// use dukpt::tdes::PinKey;
    ///
    /// let cipher = PinKey::from_bytes(&[0x42; 16]).cipher::<TdesEde2>();
    /// ```
    /// A cipher with blocks of another size:
    /// ```compile_fail,E0271
    /// use dukpt::tdes::PinKey;
    ///
    /// let cipher = PinKey::from_bytes(&[0x42; 16]).cipher::<aes::Aes128>();
    /// ```
    #[must_use]
    #[inline]
    pub fn cipher<C>(&self) -> C
    where
        C: KeyInit
            + BlockCipherEncrypt<BlockSize = <R::Algorithm as BlockAlgorithm>::BlockSize>
            + ZeroizeOnDrop,
        C::KeySize: ArraySize<ArrayType<u8> = [u8; N]>,
    {
        C::new((&self.bytes).into())
    }
}
