use cipher::array::{Array, ArraySize};
use cipher::consts::{U8, U16};
use cipher::{BlockCipherDecrypt, BlockCipherEncrypt, KeyInit, KeySizeUser};
use zeroize::ZeroizeOnDrop;

/// A block cipher with keys of one length, as blocks are protected by it.
pub(crate) trait Suite {
    /// The size of the cipher's blocks.
    type Size: BlockSize;
    /// The half that enciphers.
    type Encryptor: KeyInit + BlockCipherEncrypt<BlockSize = Self::Size> + ZeroizeOnDrop;
    /// The half that deciphers.
    type Decryptor: KeyInit
        + KeySizeUser<KeySize = <Self::Encryptor as KeySizeUser>::KeySize>
        + BlockCipherDecrypt<BlockSize = Self::Size>
        + ZeroizeOnDrop;
    /// Bits of a key.
    const KEY_BITS: u16;
    /// The algorithm's code in derivation data.
    const CODE: u8;
}

/// A key of a suite.
pub(super) type Key<S> = Array<u8, <<S as Suite>::Encryptor as KeySizeUser>::KeySize>;

/// A size of blocks that CMAC is defined for.
pub(crate) trait BlockSize: ArraySize {
    /// Multiplies a block by x, in constant time.
    fn double(block: &Array<u8, Self>) -> Array<u8, Self>;
    /// Xors a whole block to another, as one number.
    fn xor(block: &mut Array<u8, Self>, other: &Array<u8, Self>);
}

impl BlockSize for U8 {
    #[inline]
    fn double(block: &Array<u8, Self>) -> Array<u8, Self> {
        let value = u64::from_be_bytes(block.0);
        Array((value << 1 ^ (value >> 63).wrapping_neg() & 0x1B).to_be_bytes())
    }

    #[inline(always)]
    fn xor(block: &mut Array<u8, Self>, other: &Array<u8, Self>) {
        block.0 = (u64::from_ne_bytes(block.0) ^ u64::from_ne_bytes(other.0)).to_ne_bytes();
    }
}

impl BlockSize for U16 {
    #[inline]
    fn double(block: &Array<u8, Self>) -> Array<u8, Self> {
        let value = u128::from_be_bytes(block.0);
        Array((value << 1 ^ (value >> 127).wrapping_neg() & 0x87).to_be_bytes())
    }

    #[inline(always)]
    fn xor(block: &mut Array<u8, Self>, other: &Array<u8, Self>) {
        block.0 = (u128::from_ne_bytes(block.0) ^ u128::from_ne_bytes(other.0)).to_ne_bytes();
    }
}

macro_rules! suites {
    (
        $(
            $(#[doc = $doc:literal])+
            $name:ident: $size:ty, $encryptor:ty, $decryptor:ty, $bits:literal, $code:literal;
        )+
    ) => {$(
        $(#[doc = $doc])+
        #[derive(Debug)]
        pub enum $name {}

        impl Suite for $name {
            type Size = $size;
            type Encryptor = $encryptor;
            type Decryptor = $decryptor;
            const KEY_BITS: u16 = $bits;
            const CODE: u8 = $code;
        }
    )+};
}

suites! {
    /// TDES with keys of 16 bytes, as the algorithm of a [`Kbpk`](crate::Kbpk).
    Tdes2: U8, des::TdesEde2, des::TdesEde2, 128, 0;
    /// TDES with keys of 24 bytes, as the algorithm of a [`Kbpk`](crate::Kbpk).
    Tdes3: U8, des::TdesEde3, des::TdesEde3, 192, 1;
    /// AES with keys of 16 bytes, as the algorithm of a [`Kbpk`](crate::Kbpk).
    Aes128: U16, aes::Aes128Enc, aes::Aes128Dec, 128, 2;
    /// AES with keys of 24 bytes, as the algorithm of a [`Kbpk`](crate::Kbpk).
    Aes192: U16, aes::Aes192Enc, aes::Aes192Dec, 192, 3;
    /// AES with keys of 32 bytes, as the algorithm of a [`Kbpk`](crate::Kbpk).
    Aes256: U16, aes::Aes256Enc, aes::Aes256Dec, 256, 4;
}
