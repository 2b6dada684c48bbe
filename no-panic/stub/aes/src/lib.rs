//! A STUB under the name of `aes`. It enciphers nothing: it xors the key into the block, so that the images of this workspace
//! hold what the family's code does around a cipher, and nothing of a cipher's own. Never published, never run.
#![no_std]

pub use cipher;

use cipher::{
    Block, BlockCipherDecBackend, BlockCipherDecClosure, BlockCipherDecrypt, BlockCipherEncBackend,
    BlockCipherEncClosure, BlockCipherEncrypt, BlockSizeUser, InOut, Key, KeyInit, KeySizeUser,
    ParBlocksSizeUser,
    consts::{U1, U16, U24, U32},
};
use core::hint::black_box;

macro_rules! keyed {
    ($($cipher:ident $key_size:ident;)+) => {$(
        /// A stub.
        #[derive(Clone)]
        #[allow(missing_debug_implementations, reason = "as little code as there can be")]
        pub struct $cipher(Key<Self>);

        impl KeySizeUser for $cipher {
            type KeySize = $key_size;
        }

        impl KeyInit for $cipher {
            fn new(key: &Key<Self>) -> Self {
                Self(*key)
            }
        }

        impl BlockSizeUser for $cipher {
            type BlockSize = U16;
        }

        impl ParBlocksSizeUser for $cipher {
            type ParBlocksSize = U1;
        }

        impl $cipher {
            /// No optimisation sees what comes out.
            fn touch(&self, mut block: InOut<'_, '_, Block<Self>>) {
                let mut bytes = *block.get_in();
                for (byte, key) in bytes.iter_mut().zip(&self.0) {
                    *byte ^= key;
                }
                *block.get_out() = black_box(bytes);
            }
        }

        impl Drop for $cipher {
            fn drop(&mut self) {
                black_box(&mut self.0);
            }
        }

        #[cfg(feature = "zeroize")]
        impl cipher::zeroize::ZeroizeOnDrop for $cipher {}
    )+};
}

macro_rules! encrypts {
    ($($cipher:ident)+) => {$(
        impl BlockCipherEncrypt for $cipher {
            fn encrypt_with_backend(&self, f: impl BlockCipherEncClosure<BlockSize = U16>) {
                f.call(self);
            }
        }

        impl BlockCipherEncBackend for $cipher {
            fn encrypt_block(&self, block: InOut<'_, '_, Block<Self>>) {
                self.touch(block);
            }
        }
    )+};
}

macro_rules! decrypts {
    ($($cipher:ident)+) => {$(
        impl BlockCipherDecrypt for $cipher {
            fn decrypt_with_backend(&self, f: impl BlockCipherDecClosure<BlockSize = U16>) {
                f.call(self);
            }
        }

        impl BlockCipherDecBackend for $cipher {
            fn decrypt_block(&self, block: InOut<'_, '_, Block<Self>>) {
                self.touch(block);
            }
        }
    )+};
}

keyed! {
    Aes128 U16; Aes128Enc U16; Aes128Dec U16;
    Aes192 U24; Aes192Enc U24; Aes192Dec U24;
    Aes256 U32; Aes256Enc U32; Aes256Dec U32;
}
encrypts! { Aes128 Aes128Enc Aes192 Aes192Enc Aes256 Aes256Enc }
decrypts! { Aes128 Aes128Dec Aes192 Aes192Dec Aes256 Aes256Dec }
