//! The ciphers of a key block of version D: AES of each length, both ways.

#![no_std]
#![no_main]

use aes::{Aes128Dec, Aes128Enc, Aes192Dec, Aes192Enc, Aes256Dec, Aes256Enc};
use budgets::{entry, input};
use cipher::{BlockCipherDecrypt, BlockCipherEncrypt, KeyInit};
use core::hint::black_box;

entry!(run);

fn run() {
    let measured = budgets::begin();
    black_box(&input::KEY_BLOCK);
    let mut block = [0; 16];
    macro_rules! both {
        ($len:literal, $encryptor:ty, $decryptor:ty) => {
            let key = || black_box(&input::AES_KEY).first_chunk::<$len>().unwrap_or(&[0; $len]);
            measured.call(concat!("aes-", $len, "-encrypt"), || {
                <$encryptor>::new(key().into()).encrypt_block(black_box(&mut block).into());
            });
            measured.call(concat!("aes-", $len, "-decrypt"), || {
                <$decryptor>::new(key().into()).decrypt_block(black_box(&mut block).into());
            });
        };
    }
    both!(16, Aes128Enc, Aes128Dec);
    both!(24, Aes192Enc, Aes192Dec);
    both!(32, Aes256Enc, Aes256Dec);
}
