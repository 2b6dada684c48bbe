//! A key block of version D: read, verified and unwrapped, under a protection key of 32 bytes. No part of the library: what that
//! links is optimised together with every image.

use budgets::input;
use core::hint::black_box;
use keyblock::{Aes256Kbpk, Error, KeyBlock, Profile};

/// Unwraps under this profile, which every image has as a constant of its own, and holds the key against the one that was wrapped.
#[inline(always)]
pub(crate) fn run(profile: Profile) {
    let measured = budgets::begin();
    let mut key = [0; 16];
    measured.call("parse-and-unwrap", || match unwrap(profile, &mut key) {
        Ok(()) => {
            assert!(black_box(&key) == black_box(&input::AES_KEY).first_chunk().unwrap_or(&[0; 16]))
        }
        Err(_) => panic!(),
    });
}

#[inline(always)]
fn unwrap(profile: Profile, out: &mut [u8; 16]) -> Result<(), Error> {
    let mut buffer = [0; 64];
    let protection_key = Aes256Kbpk::new(black_box(&input::AES_KEY))?;
    let block = KeyBlock::parse(black_box(&input::KEY_BLOCK), profile)?;
    let unwrapped = block.unwrap_key(&protection_key, &mut buffer)?;
    if let Some(key) = unwrapped.expose_bytes().first_chunk() {
        *out = *key;
    }
    Ok(())
}
