//! Ciphers, and halves of them.

use core::fmt;

use cipher::{
    BlockCipherDecClosure, BlockCipherDecrypt, BlockCipherEncClosure, BlockCipherEncrypt,
    BlockSizeUser, KeyInit,
};
use zeroize::ZeroizeOnDrop;

use super::Key;
use super::role::{Decrypt, Derive, Encrypt, EncryptAndDecrypt, Generate, Role, Verify};
use super::usage::{Usage, work};
use crate::{Algorithm, Error};

impl<R: Role> Key<R> {
    fn cipher_of<C: KeyInit + BlockSizeUser>(&self) -> Result<C, Error> {
        let block_len = match self.algorithm {
            Algorithm::Des | Algorithm::Tdes => 8,
            Algorithm::Aes => 16,
            _ => return Err(Error::AlgorithmMismatch),
        };
        if C::block_size() != block_len {
            return Err(Error::AlgorithmMismatch);
        }
        C::new_from_slice(self.expose_bytes()).map_err(|_| Error::KeyLength)
    }
}

macro_rules! encipher {
    ($($role:ident $work:ident, $what:literal;)+) => {$(
        impl<U: Usage<Work = work::$work>> Key<$role<U>> {
            #[doc = concat!("The half of a block cipher that enciphers", $what, ".")]
            ///
            /// `C` is any RustCrypto cipher whose block is as long as that of the key's algorithm (8 bytes for TDES, 16 for AES), and whose
            /// key is as long as this key.
            ///
            /// # Errors
            /// [`Error::AlgorithmMismatch`]: the cipher's blocks are of another length.
            /// [`Error::KeyLength`]: the cipher's keys are.
            ///
            /// # Security
            /// Sizes are all that is checked: another algorithm of the same sizes, such as SM4 for AES-128, is taken.
            pub fn cipher<C>(&self) -> Result<EncryptOnly<C>, Error>
            where
                C: KeyInit + BlockCipherEncrypt + ZeroizeOnDrop,
            {
                self.cipher_of().map(EncryptOnly)
            }
        }
    )+};
}

encipher! {
    Encrypt Cipher, "";
    Generate Value, ", by which values are generated";
    Verify Value, ", by which values are generated to be compared";
    Derive Derivation, ", for derivations that begin at a cipher";
}

impl<U: Usage<Work = work::Cipher>> Key<Decrypt<U>> {
    /// The half of a block cipher that deciphers.
    ///
    /// `C` is any RustCrypto cipher whose block is as long as that of the key's algorithm (8 bytes for TDES, 16 for AES), and whose
    /// key is as long as this key.
    ///
    /// # Errors
    /// [`Error::AlgorithmMismatch`]: the cipher's blocks are of another length.
    /// [`Error::KeyLength`]: the cipher's keys are.
    ///
    /// # Security
    /// Sizes are all that is checked: another algorithm of the same sizes, such as SM4 for AES-128, is taken.
    pub fn cipher<C>(&self) -> Result<DecryptOnly<C>, Error>
    where
        C: KeyInit + BlockCipherDecrypt + ZeroizeOnDrop,
    {
        self.cipher_of().map(DecryptOnly)
    }
}

impl<U: Usage<Work = work::Cipher>> Key<EncryptAndDecrypt<U>> {
    /// A block cipher.
    ///
    /// `C` is any RustCrypto cipher whose block is as long as that of the key's algorithm (8 bytes for TDES, 16 for AES), and whose
    /// key is as long as this key.
    ///
    /// # Errors
    /// [`Error::AlgorithmMismatch`]: the cipher's blocks are of another length.
    /// [`Error::KeyLength`]: the cipher's keys are.
    ///
    /// # Security
    /// Sizes are all that is checked: another algorithm of the same sizes, such as SM4 for AES-128, is taken.
    pub fn cipher<C>(&self) -> Result<C, Error>
    where
        C: KeyInit + BlockSizeUser + ZeroizeOnDrop,
    {
        self.cipher_of()
    }
}

/// A block cipher that enciphers and does nothing else.
pub struct EncryptOnly<C>(C);

impl<C: BlockSizeUser> BlockSizeUser for EncryptOnly<C> {
    type BlockSize = C::BlockSize;
}

impl<C: BlockCipherEncrypt> BlockCipherEncrypt for EncryptOnly<C> {
    #[inline]
    fn encrypt_with_backend(&self, f: impl BlockCipherEncClosure<BlockSize = C::BlockSize>) {
        self.0.encrypt_with_backend(f);
    }
}

impl<C> fmt::Debug for EncryptOnly<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EncryptOnly")
    }
}

impl<C: ZeroizeOnDrop> ZeroizeOnDrop for EncryptOnly<C> {}

/// A block cipher that deciphers and does nothing else.
pub struct DecryptOnly<C>(C);

impl<C: BlockSizeUser> BlockSizeUser for DecryptOnly<C> {
    type BlockSize = C::BlockSize;
}

impl<C: BlockCipherDecrypt> BlockCipherDecrypt for DecryptOnly<C> {
    #[inline]
    fn decrypt_with_backend(&self, f: impl BlockCipherDecClosure<BlockSize = C::BlockSize>) {
        self.0.decrypt_with_backend(f);
    }
}

impl<C> fmt::Debug for DecryptOnly<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DecryptOnly")
    }
}

impl<C: ZeroizeOnDrop> ZeroizeOnDrop for DecryptOnly<C> {}
