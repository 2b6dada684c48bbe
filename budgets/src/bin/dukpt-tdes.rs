//! The TDES DUKPT terminal.

#![no_std]
#![no_main]

use budgets::{dukpt_terminal, entry, input};
use cipher::BlockCipherEncrypt;
use core::hint::black_box;
use des::TdesEde2;
use dukpt::mac::Padding;
use dukpt::tdes::{InitialKey, InitialKeyId, Terminal, TransactionKey};

entry!(run);

dukpt_terminal! {
    terminal: Terminal, initial_key: InitialKey, id: InitialKeyId, transaction_key: TransactionKey, image: 360,
    key: black_box(&input::TDES_KEY),
    pin: |key| {
        let mut block = [0x41; 8];
        key.pin_key().cipher::<TdesEde2>().encrypt_block(black_box(&mut block).into());
        black_box(block);
    },
    mac: |key| {
        let mac = key.mac_request_key().retail_mac(Padding::Method1);
        mac.chain(black_box(&input::MESSAGE)).finalize(8)
    },
}
