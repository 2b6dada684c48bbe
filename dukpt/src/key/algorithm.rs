use super::sealed::Sealed;
use crate::mac::CmacBlockSize;
use ::aes::{Aes128, Aes128Enc, Aes192, Aes192Enc, Aes256, Aes256Enc};
use cipher::consts::{U8, U16};
use cipher::{BlockCipherDecrypt, BlockCipherEncrypt, KeyInit};
use des::{TdesEde2, TdesEde3};
use zeroize::ZeroizeOnDrop;

/// Triple DES with keys of 16 or 24 bytes.
#[derive(Debug)]
pub enum Tdes {}

/// AES with keys of 16, 24 or 32 bytes.
#[derive(Debug)]
pub enum Aes {}

/// HMAC with keys of 16, 24 or 32 bytes.
#[derive(Debug)]
pub enum Hmac {}

impl Sealed for Tdes {}
impl Sealed for Aes {}
impl Sealed for Hmac {}

/// An algorithm that has keys of `N` bytes.
pub trait KeyLength<const N: usize>: Sealed {}

impl KeyLength<16> for Tdes {}
impl KeyLength<24> for Tdes {}
impl KeyLength<16> for Aes {}
impl KeyLength<24> for Aes {}
impl KeyLength<32> for Aes {}
impl KeyLength<16> for Hmac {}
impl KeyLength<24> for Hmac {}
impl KeyLength<32> for Hmac {}

/// An algorithm that is a block cipher.
pub trait BlockAlgorithm: Sealed {
    /// The size of its blocks: 8 or 16 bytes.
    type BlockSize;
}

impl BlockAlgorithm for Tdes {
    type BlockSize = U8;
}

impl BlockAlgorithm for Aes {
    type BlockSize = U16;
}

/// A block cipher's algorithm with a key of `N` bytes.
pub trait BlockKey<const N: usize>: BlockAlgorithm + KeyLength<N> {
    /// The cipher itself.
    type Cipher: BlockCipherEncrypt + BlockCipherDecrypt + ZeroizeOnDrop;

    /// The cipher as far as it enciphers, which is all that a MAC needs.
    type Encryptor: BlockCipherEncrypt<BlockSize: CmacBlockSize> + ZeroizeOnDrop;

    /// The cipher under this key.
    fn cipher(key: &[u8; N]) -> Self::Cipher;

    /// The enciphering half of the cipher under this key.
    fn encryptor(key: &[u8; N]) -> Self::Encryptor;
}

macro_rules! block_key {
    ($($algorithm:ty, $len:literal: $cipher:ty, $encryptor:ty;)+) => {$(
        impl BlockKey<$len> for $algorithm {
            type Cipher = $cipher;
            type Encryptor = $encryptor;

            #[inline]
            fn cipher(key: &[u8; $len]) -> $cipher {
                <$cipher>::new(key.into())
            }

            #[inline]
            fn encryptor(key: &[u8; $len]) -> $encryptor {
                <$encryptor>::new(key.into())
            }
        }
    )+};
}

block_key! {
    Tdes, 16: TdesEde2, TdesEde2;
    Tdes, 24: TdesEde3, TdesEde3;
    Aes, 16: Aes128, Aes128Enc;
    Aes, 24: Aes192, Aes192Enc;
    Aes, 32: Aes256, Aes256Enc;
}
