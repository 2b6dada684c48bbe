//! The types of the real crate that the family uses.

use core::fmt;

use cipher::{
    Block, BlockCipherDecBackend, BlockCipherDecClosure, BlockCipherDecrypt, BlockCipherEncBackend,
    BlockCipherEncClosure, BlockCipherEncrypt, BlockSizeUser, InOut, Key, KeyInit, KeySizeUser,
    ParBlocksSizeUser,
    consts::{U1, U8, U16, U24},
};

use crate::rounds::{Rounds, permute_first, permute_last};

/// One to three keys, of which the second one works the other way round and the last is the first again where there are two.
#[derive(Clone)]
struct Slow<const N: usize>([Rounds; N]);

impl<const N: usize> Slow<N> {
    fn new(key: &[u8]) -> Self {
        let mut parts = key.as_chunks::<8>().0.iter();
        Self(
            [(); N].map(|()| Rounds::new(parts.next().map_or(0, |part| u64::from_be_bytes(*part)))),
        )
    }

    fn encrypt(&self, block: u64) -> u64 {
        let block = permute_first(block);
        permute_last(match &self.0[..] {
            [key] => key.encrypt(block),
            [first, second, rest @ ..] => {
                let last = rest.first().unwrap_or(first);
                last.encrypt(second.decrypt(first.encrypt(block)))
            }
            [] => block,
        })
    }

    fn decrypt(&self, block: u64) -> u64 {
        let block = permute_first(block);
        permute_last(match &self.0[..] {
            [key] => key.decrypt(block),
            [first, second, rest @ ..] => {
                let last = rest.first().unwrap_or(first);
                first.decrypt(second.encrypt(last.decrypt(block)))
            }
            [] => block,
        })
    }
}

impl<const N: usize> BlockSizeUser for Slow<N> {
    type BlockSize = U8;
}

impl<const N: usize> ParBlocksSizeUser for Slow<N> {
    type ParBlocksSize = U1;
}

impl<const N: usize> BlockCipherEncBackend for Slow<N> {
    fn encrypt_block(&self, mut block: InOut<'_, '_, Block<Self>>) {
        let clear = u64::from_be_bytes(block.clone_in().into());
        *block.get_out() = self.encrypt(clear).to_be_bytes().into();
    }
}

impl<const N: usize> BlockCipherDecBackend for Slow<N> {
    fn decrypt_block(&self, mut block: InOut<'_, '_, Block<Self>>) {
        let enciphered = u64::from_be_bytes(block.clone_in().into());
        *block.get_out() = self.decrypt(enciphered).to_be_bytes().into();
    }
}

macro_rules! ciphers {
    ($($name:ident, $keys:literal, $size:ty;)+) => {$(
        /// The cipher of this name, without tables.
        #[derive(Clone)]
        pub struct $name(Slow<$keys>);

        impl KeySizeUser for $name {
            type KeySize = $size;
        }

        impl KeyInit for $name {
            fn new(key: &Key<Self>) -> Self {
                Self(Slow::new(key))
            }
        }

        impl BlockSizeUser for $name {
            type BlockSize = U8;
        }

        impl BlockCipherEncrypt for $name {
            fn encrypt_with_backend(&self, f: impl BlockCipherEncClosure<BlockSize = U8>) {
                f.call(&self.0);
            }
        }

        impl BlockCipherDecrypt for $name {
            fn decrypt_with_backend(&self, f: impl BlockCipherDecClosure<BlockSize = U8>) {
                f.call(&self.0);
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(stringify!($name))
            }
        }

        // The keys here are test keys; the family asks for it.
        #[cfg(feature = "zeroize")]
        impl cipher::zeroize::ZeroizeOnDrop for $name {}
    )+};
}

ciphers! {
    Des, 1, U8;
    TdesEde2, 2, U16;
    TdesEde3, 3, U24;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check<C>(key: &[u8], clear: u64, enciphered: u64)
    where
        C: KeyInit + BlockCipherEncrypt<BlockSize = U8> + BlockCipherDecrypt,
    {
        let cipher = C::new_from_slice(key).unwrap();
        let mut block = clear.to_be_bytes();
        cipher.encrypt_block((&mut block).into());
        assert_eq!(u64::from_be_bytes(block), enciphered);
        cipher.decrypt_block((&mut block).into());
        assert_eq!(u64::from_be_bytes(block), clear);
    }

    // Source: NIST SP 800-17, and the vectors of the crate `des`; more are in the self-tests of the family, which the step runs.
    #[test]
    fn it_is_the_standards_cipher() {
        let key = 0x0123_4567_89AB_CDEF_u64.to_be_bytes();
        check::<Des>(&key, 0x4E6F_7720_6973_2074, 0x3FA4_0E8A_984D_4815);
        check::<Des>(&0x8001_0101_0101_0101_u64.to_be_bytes(), 0, 0x95A8_D728_13DA_A94D);
        check::<TdesEde2>([key; 2].as_flattened(), 0x4E6F_7720_6973_2074, 0x3FA4_0E8A_984D_4815);
        check::<TdesEde3>([key; 3].as_flattened(), 0x4E6F_7720_6973_2074, 0x3FA4_0E8A_984D_4815);
    }
}
