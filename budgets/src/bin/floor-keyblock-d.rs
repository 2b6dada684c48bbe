//! The cipher of a key block of version D: AES with keys of 32 bytes, both ways.

#![no_std]
#![no_main]

use aes::{Aes256Dec, Aes256Enc};
use budgets::{entry, input};
use cipher::{BlockCipherDecrypt, BlockCipherEncrypt, KeyInit};
use core::hint::black_box;

entry!(run);

fn run() {
    let measured = budgets::begin();
    black_box(&input::KEY_BLOCK);
    let mut block = [0; 16];
    let key = || black_box(&input::AES_KEY);
    measured.call("aes-256-encrypt", || {
        Aes256Enc::new(key().into()).encrypt_block(black_box(&mut block).into());
    });
    measured.call("aes-256-decrypt", || {
        Aes256Dec::new(key().into()).decrypt_block(black_box(&mut block).into());
    });
}
