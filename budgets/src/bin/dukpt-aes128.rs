//! The AES DUKPT terminal with an initial key of 128 bits.

#![no_std]
#![no_main]

use aes::Aes128Enc;
use budgets::{dukpt_terminal, entry, input};
use cipher::BlockCipherEncrypt;
use core::hint::black_box;
use dukpt::aes::{InitialKey, InitialKeyId, Terminal, TransactionKey};

entry!(run);

dukpt_terminal! {
    terminal: Terminal<16>, initial_key: InitialKey<16>, id: InitialKeyId, transaction_key: TransactionKey<16>, image: 536,
    key: black_box(&input::AES_KEY).first_chunk().unwrap_or(&[0; 16]),
    pin: |key| {
        let mut block = [0x41; 16];
        key.pin_key().cipher::<Aes128Enc>().encrypt_block(black_box(&mut block).into());
        black_box(block);
    },
    mac: |key| key.mac_generation_key().cmac().chain(black_box(&input::MESSAGE)).finalize(8),
}
