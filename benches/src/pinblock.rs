//! One PIN enciphered and deciphered again, the key schedule included.

use std::hint::black_box;

use aes::Aes128;
use cipher::{BlockCipherDecrypt, BlockCipherEncrypt, KeyInit};
use des::TdesEde2;
use hex_literal::hex;
use pinblock::{Pan, Pin, iso0, iso4};

use crate::{Job, Side};

const KEY: [u8; 16] = hex!("C1D0F8FB4958670DBA40AB1F3752EF0D");
const FILL: [u8; 8] = hex!("0123456789ABCDEF");

pub fn jobs() -> Vec<Job> {
    vec![format_4(), format_0()]
}

fn pin_and_pan() -> (Pin, Pan) {
    (Pin::from_ascii(b"1234").unwrap(), Pan::from_ascii(b"4111111111111111").unwrap())
}

fn format_4() -> Job {
    let (pin, pan) = pin_and_pan();
    let pin_field = *iso4::encode_pin_field_with_fill(&pin, &FILL).expose_bytes();
    let pan_field = u128::from_be_bytes(*iso4::encode_pan_field(&pan).expose_bytes());
    let ours = move || {
        let cipher = Aes128::new(black_box(&KEY).into());
        let block = iso4::encipher_with_fill(&cipher, &pin, &pan, black_box(&FILL));
        let received = iso4::decipher(&cipher, black_box(&block), &pan).unwrap();
        (block, received)
    };
    let floor = move || aes_floor(black_box(&pin_field), black_box(pan_field));
    let (block, received) = ours();
    assert_eq!(received.expose_digits().as_bytes(), b"1234");
    assert_eq!(floor(), (block, pin_field));
    Job {
        name: "pinblock/format_4",
        sides: vec![Side::ours("ours", ours), Side::floor("floor", floor)],
    }
}

/// Two blocks enciphered and two deciphered, with an exclusive-or between.
fn aes_floor(pin_field: &[u8; 16], pan_field: u128) -> ([u8; 16], [u8; 16]) {
    let cipher = Aes128::new(black_box(&KEY).into());
    let combine = |block: [u8; 16]| (u128::from_be_bytes(block) ^ pan_field).to_be_bytes();
    let mut block = *pin_field;
    cipher.encrypt_block((&mut block).into());
    block = combine(block);
    cipher.encrypt_block((&mut block).into());
    let mut received = *black_box(&block);
    cipher.decrypt_block((&mut received).into());
    received = combine(received);
    cipher.decrypt_block((&mut received).into());
    (block, received)
}

fn format_0() -> Job {
    let (pin, pan) = pin_and_pan();
    let clear = *iso0::encode(&pin, &pan).expose_bytes();
    let ours = move || {
        let cipher = TdesEde2::new(black_box(&KEY).into());
        let block = iso0::encipher(&cipher, &pin, &pan);
        let received = iso0::decipher(&cipher, black_box(&block), &pan).unwrap();
        (block, received)
    };
    let floor = move || tdes_floor(black_box(&clear));
    let (block, received) = ours();
    assert_eq!(received.expose_digits().as_bytes(), b"1234");
    assert_eq!(floor(), (block, clear));
    Job {
        name: "pinblock/format_0",
        sides: vec![Side::ours("ours", ours), Side::floor("floor", floor)],
    }
}

/// One block enciphered and deciphered.
fn tdes_floor(clear: &[u8; 8]) -> ([u8; 8], [u8; 8]) {
    let cipher = TdesEde2::new(black_box(&KEY).into());
    let mut block = *clear;
    cipher.encrypt_block((&mut block).into());
    let mut received = *black_box(&block);
    cipher.decrypt_block((&mut received).into());
    (block, received)
}
