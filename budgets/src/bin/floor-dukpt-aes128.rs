//! The cipher of an AES DUKPT terminal of 128 bits, which only enciphers.

#![no_std]
#![no_main]

use aes::Aes128Enc;
use budgets::{entry, input};
use cipher::{BlockCipherEncrypt, KeyInit};
use core::hint::black_box;

entry!(run);

fn run() {
    let measured = budgets::begin();
    black_box(&input::MESSAGE);
    let mut block = [0; 16];
    measured.call("aes-encrypt", || {
        let key = black_box(&input::AES_KEY).first_chunk::<16>().unwrap_or(&[0; 16]);
        Aes128Enc::new(key.into()).encrypt_block(black_box(&mut block).into());
    });
}
