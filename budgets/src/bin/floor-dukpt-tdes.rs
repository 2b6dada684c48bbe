//! The ciphers of a TDES DUKPT terminal: TDES enciphers PIN blocks, DES derives keys and makes retail MACs.

#![no_std]
#![no_main]

use budgets::{entry, input};
use cipher::{BlockCipherDecrypt, BlockCipherEncrypt, KeyInit};
use core::hint::black_box;
use des::{Des, TdesEde2};

entry!(run);

fn run() {
    let measured = budgets::begin();
    black_box(&input::MESSAGE);
    let mut block = [0; 8];
    measured.call("tdes-encrypt", || {
        TdesEde2::new(black_box(&input::TDES_KEY).into())
            .encrypt_block(black_box(&mut block).into());
    });
    let des = || Des::new(black_box(&input::TDES_KEY).first_chunk::<8>().unwrap_or(&[0; 8]).into());
    measured.call("des-encrypt", || {
        des().encrypt_block(black_box(&mut block).into());
    });
    measured.call("des-decrypt", || {
        des().decrypt_block(black_box(&mut block).into());
    });
}
