//! The MAC of 256 bytes, the key schedule included.

use std::array;
use std::hint::black_box;

use aes::{Aes128, Aes128Enc};
use cipher::{BlockCipherDecrypt, BlockCipherEncrypt, KeyInit};
use cmac::Mac;
use des::{Des, TdesEde2};
use dukpt::aes::MacGenerationKey;
use dukpt::mac::{Padding, UnionPayMac};
use dukpt::tdes::MacRequestKey;
use hex_literal::hex;

use crate::{Job, Side};

const KEY: [u8; 16] = hex!("2B7E151628AED2A6ABF7158809CF4F3C");

pub fn jobs() -> Vec<Job> {
    vec![cmac(), retail_mac(), cbc_mac(), unionpay()]
}

fn data() -> [u8; 256] {
    array::from_fn(|at| at as u8)
}

fn cmac() -> Job {
    let (key, data) = (MacGenerationKey::<16>::from_bytes(&KEY), data());
    let ours = move || key.cmac().chain(black_box(&data)).finalize(8).unwrap();
    let floor = move || cmac_floor(black_box(&KEY), black_box(&data));
    let peer = move || {
        let mac = cmac::Cmac::<Aes128>::new(black_box(&KEY).into());
        mac.chain_update(black_box(&data)).finalize()
    };
    assert_eq!(ours().as_bytes(), &floor()[..8]);
    assert_eq!(peer().into_bytes()[..], floor());
    Job {
        name: "mac/cmac_aes128_256",
        sides: vec![
            Side::ours("ours", ours),
            Side::floor("floor", floor),
            Side::peer("cmac", peer),
        ],
    }
}

/// One block for the subkey, then the chain of sixteen.
fn cmac_floor(key: &[u8; 16], data: &[u8; 256]) -> [u8; 16] {
    let cipher = Aes128Enc::new(key.into());
    let mut subkey = [0; 16];
    cipher.encrypt_block((&mut subkey).into());
    let subkey = u128::from_be_bytes(subkey);
    let subkey = (subkey << 1) ^ ((subkey >> 127) * 0x87);
    let (blocks, _) = data.as_chunks::<16>();
    let (last, blocks) = blocks.split_last().unwrap();
    let mut state = [0; 16];
    for block in blocks {
        state = (u128::from_ne_bytes(state) ^ u128::from_ne_bytes(*block)).to_ne_bytes();
        cipher.encrypt_block((&mut state).into());
    }
    state = (u128::from_be_bytes(state) ^ u128::from_be_bytes(*last) ^ subkey).to_be_bytes();
    cipher.encrypt_block((&mut state).into());
    state
}

fn retail_mac() -> Job {
    let (key, data) = (MacRequestKey::from_bytes(&KEY), data());
    let ours =
        move || key.retail_mac(Padding::Method1).chain(black_box(&data)).finalize(8).unwrap();
    let floor = move || retail_floor(black_box(&KEY), black_box(&data));
    assert_eq!(ours().as_bytes(), floor());
    Job {
        name: "mac/retail_256",
        sides: vec![Side::ours("ours", ours), Side::floor("floor", floor)],
    }
}

/// Two key schedules, the chain of 32 blocks, and two blocks at its end.
fn retail_floor(key: &[u8; 16], data: &[u8; 256]) -> [u8; 8] {
    let (first, second) = key.split_at(8);
    let first = Des::new_from_slice(first).unwrap();
    let second = Des::new_from_slice(second).unwrap();
    let mut state = [0; 8];
    for block in data.as_chunks::<8>().0 {
        state = (u64::from_ne_bytes(state) ^ u64::from_ne_bytes(*block)).to_ne_bytes();
        first.encrypt_block((&mut state).into());
    }
    second.decrypt_block((&mut state).into());
    first.encrypt_block((&mut state).into());
    state
}

fn cbc_mac() -> Job {
    let (key, data) = (MacRequestKey::from_bytes(&KEY), data());
    let ours = move || key.cbc_mac(Padding::Method1).chain(black_box(&data)).finalize(8).unwrap();
    let floor = move || cbc_floor(black_box(&KEY), black_box(&data));
    assert_eq!(ours().as_bytes(), floor());
    Job {
        name: "mac/cbc_tdes_256",
        sides: vec![Side::ours("ours", ours), Side::floor("floor", floor)],
    }
}

/// One key schedule and the chain of 32 blocks.
fn cbc_floor(key: &[u8; 16], data: &[u8; 256]) -> [u8; 8] {
    let cipher = TdesEde2::new(key.into());
    let mut state = [0; 8];
    for block in data.as_chunks::<8>().0 {
        state = (u64::from_ne_bytes(state) ^ u64::from_ne_bytes(*block)).to_ne_bytes();
        cipher.encrypt_block((&mut state).into());
    }
    state
}

fn unionpay() -> Job {
    let data = data();
    let ours = move || {
        let mac = UnionPayMac::<TdesEde2>::new(black_box(&KEY)).unwrap();
        mac.chain(black_box(&data)).finalize()
    };
    let floor = move || unionpay_floor(black_box(&KEY), black_box(&data));
    assert_eq!(ours().as_bytes(), floor());
    Job {
        name: "mac/unionpay_tdes_256",
        sides: vec![Side::ours("ours", ours), Side::floor("floor", floor)],
    }
}

/// One key schedule, the sum of 32 blocks, and two blocks; digits come from a table.
fn unionpay_floor(key: &[u8; 16], data: &[u8; 256]) -> [u8; 8] {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    let cipher = TdesEde2::new(key.into());
    let (blocks, _) = data.as_chunks::<8>();
    let sum = blocks.iter().fold(0, |sum, block| sum ^ u64::from_be_bytes(*block));
    let text = |word: u64, at: usize| DIGITS[(word >> (60 - 4 * at)) as usize % 16];
    let mut state: [u8; 8] = array::from_fn(|at| text(sum, at));
    cipher.encrypt_block((&mut state).into());
    state = array::from_fn(|at| state[at] ^ text(sum, 8 + at));
    cipher.encrypt_block((&mut state).into());
    array::from_fn(|at| text(u64::from_be_bytes(state), at))
}
