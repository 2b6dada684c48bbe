//! A key block of version D: read, verified and unwrapped, under a protection key whose length shows at run time.

#![no_std]
#![no_main]

use budgets::{entry, input};
use core::hint::black_box;
use keyblock::{AesKbpk, Error, KeyBlock, Profile};

entry!(run);

fn run() {
    let measured = budgets::begin();
    let mut key = [0; 16];
    measured.call("parse-and-unwrap", || match unwrap(&mut key) {
        Ok(()) => {
            assert!(black_box(&key) == black_box(&input::AES_KEY).first_chunk().unwrap_or(&[0; 16]))
        }
        Err(_) => panic!(),
    });
}

fn unwrap(out: &mut [u8; 16]) -> Result<(), Error> {
    let mut buffer = [0; 64];
    let protection_key = AesKbpk::new(black_box(&input::AES_KEY))?;
    let block = KeyBlock::parse(black_box(&input::KEY_BLOCK), Profile::X9_143)?;
    let unwrapped = block.unwrap_key(&protection_key, &mut buffer)?;
    if let Some(key) = unwrapped.expose_bytes().first_chunk() {
        *out = *key;
    }
    Ok(())
}
