//! The PIN key of a counter with seven one bits, from the initial key; a terminal that counts up, and a server's PIN keys of it.

use std::hint::black_box;

use aes::Aes128Enc;
use cipher::{BlockCipherEncrypt, KeyInit};
use des::Des;
use dukpt::{aes as aes_dukpt, tdes as tdes_dukpt};
use hex_literal::hex;

use crate::{Job, Side};

const COUNTER: u32 = 0x0FE0;
const AES_KSN: [u8; 12] = hex!("123456789012345600000FE0");
const AES_INITIAL_KEY: [u8; 16] = hex!("1273671EA26AC29AFA4D1084127652A1");
const TDES_KSN: [u8; 10] = hex!("FFFF9876543210E00FE0");
const TDES_INITIAL_KEY: [u8; 16] = hex!("6AC292FAA1315B4D858AB3A3D7D5933A");

pub fn jobs() -> Vec<Job> {
    vec![aes(), tdes(), aes_terminal(), tdes_terminal(), aes_server(), tdes_server()]
}

fn aes() -> Job {
    let ksn = aes_dukpt::Ksn::from_bytes(AES_KSN);
    let initial_key = aes_dukpt::InitialKey::from_bytes(&AES_INITIAL_KEY, ksn.initial_key_id());
    let ours = move || initial_key.transaction_key(black_box(&ksn)).unwrap().pin_key();
    let blocks = aes_blocks();
    let floor = move || aes_floor(black_box(&AES_INITIAL_KEY), black_box(&blocks));
    assert_eq!(ours().expose_bytes(), &floor());
    Job {
        name: "dukpt/aes128_pin_key",
        sides: vec![Side::new("ours", ours), Side::new("floor", floor)],
    }
}

/// What is enciphered on the way: seven times key derivation, then PIN encryption.
///
/// Version, block number, usage, algorithm, bits, derivation id, counter.
fn aes_blocks() -> [[u8; 16]; 8] {
    let counters = [0x800, 0xC00, 0xE00, 0xF00, 0xF80, 0xFC0, 0xFE0_u32];
    let mut blocks = [hex!("0101 8000 0002 0080 90123456 00000000"); 8];
    for (block, counter) in blocks.iter_mut().zip(counters) {
        block[12..].copy_from_slice(&counter.to_be_bytes());
    }
    blocks[7] = hex!("0101 1000 0002 0080 90123456 00000FE0");
    blocks
}

/// Eight key schedules and eight blocks, each key from the one before.
fn aes_floor(initial_key: &[u8; 16], blocks: &[[u8; 16]; 8]) -> [u8; 16] {
    let mut key = *initial_key;
    for block in blocks {
        let cipher = Aes128Enc::new((&key).into());
        key = *block;
        cipher.encrypt_block((&mut key).into());
    }
    key
}

fn tdes() -> Job {
    let ksn = tdes_dukpt::Ksn::from_bytes(TDES_KSN);
    let initial_key = tdes_dukpt::InitialKey::from_bytes(&TDES_INITIAL_KEY, ksn.initial_key_id());
    let ours = move || initial_key.transaction_key(black_box(&ksn)).unwrap().pin_key();
    let floor = || tdes_floor(black_box(&TDES_INITIAL_KEY), black_box(&TDES_KSN));
    assert_eq!(ours().expose_bytes(), &floor());
    Job {
        name: "dukpt/tdes_pin_key",
        sides: vec![Side::new("ours", ours), Side::new("floor", floor)],
    }
}

/// Fourteen key schedules and fourteen blocks, with the exclusive-ors between them.
fn tdes_floor(initial_key: &[u8; 16], ksn: &[u8; 10]) -> [u8; 16] {
    const SECOND_FORM: u64 = 0xC0C0_C0C0_0000_0000;
    const PIN_VARIANT: u64 = 0xFF;
    let [mut left, mut right] = halves(initial_key);
    let mut register = u64::from_be_bytes(*ksn.last_chunk().unwrap()) & !0x1F_FFFF;
    for bit in (0..21).rev().map(|place| 1 << place).filter(|bit| COUNTER & bit != 0) {
        register |= u64::from(bit);
        let new_right = des(left, register ^ right) ^ right;
        let second = right ^ SECOND_FORM;
        left = des(left ^ SECOND_FORM, register ^ second) ^ second;
        right = new_right;
    }
    whole(left ^ PIN_VARIANT, right ^ PIN_VARIANT)
}

fn des(key: u64, block: u64) -> u64 {
    let mut block = block.to_be_bytes();
    Des::new((&key.to_be_bytes()).into()).encrypt_block((&mut block).into());
    u64::from_be_bytes(block)
}

fn halves(key: &[u8; 16]) -> [u64; 2] {
    let key = u128::from_be_bytes(*key);
    [(key >> 64) as u64, key as u64]
}

fn whole(left: u64, right: u64) -> [u8; 16] {
    (u128::from(left) << 64 | u128::from(right)).to_be_bytes()
}

    vec![aes(), tdes(), aes_terminal(), tdes_terminal(), aes_server(), tdes_server()]
