//! The ciphers of formats 0 and 4.

#![no_std]
#![no_main]

use aes::Aes128;
use budgets::{entry, input};
use cipher::{BlockCipherDecrypt, BlockCipherEncrypt, KeyInit};
use core::hint::black_box;
use des::TdesEde2;

entry!(run);

fn run() {
    let measured = budgets::begin();
    black_box((&input::PAN, &input::PIN));
    let tdes = TdesEde2::new(black_box(&input::TDES_KEY).into());
    let aes =
        Aes128::new(black_box(&input::AES_KEY).first_chunk::<16>().unwrap_or(&[0; 16]).into());
    let mut block = [0; 8];
    measured.call("tdes-encrypt", || tdes.encrypt_block(black_box(&mut block).into()));
    measured.call("tdes-decrypt", || tdes.decrypt_block(black_box(&mut block).into()));
    let mut block = [0; 16];
    measured.call("aes-encrypt", || aes.encrypt_block(black_box(&mut block).into()));
    measured.call("aes-decrypt", || aes.decrypt_block(black_box(&mut block).into()));
}
