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
const DERIVATION: &[u8] = &hex!("0101 8000 0002 0080 90123456");
const PIN_ENCRYPTION: &[u8] = &hex!("0101 1000 0002 0080 90123456");
const TDES_KSN: [u8; 10] = hex!("FFFF9876543210E00FE0");
const TDES_INITIAL_KEY: [u8; 16] = hex!("6AC292FAA1315B4D858AB3A3D7D5933A");

pub fn jobs() -> Vec<Job> {
    vec![aes(), tdes(), aes_terminal(), tdes_terminal(), aes_server(), tdes_server()]
}

fn aes() -> Job {
    Job { name: "dukpt/aes128_pin_key", sides: aes_pin_key(COUNTER) }
}

/// From the initial key to the PIN key of a counter.
pub fn aes_pin_key(counter: u32) -> Vec<Side> {
    let id = aes_dukpt::Ksn::from_bytes(AES_KSN).initial_key_id();
    let ksn = aes_dukpt::Ksn::new(id, counter);
    let initial_key = aes_dukpt::InitialKey::from_bytes(&AES_INITIAL_KEY, id);
    let ours = move || initial_key.transaction_key(black_box(&ksn)).unwrap().pin_key();
    let blocks = aes_blocks(counter);
    let floor = move || aes_floor(black_box(&AES_INITIAL_KEY), black_box(&blocks));
    assert_eq!(ours().expose_bytes(), &floor());
    vec![Side::ours("ours", ours), Side::floor("floor", floor)]
}

/// What is enciphered on the way: key derivation once for each one bit, then PIN encryption.
///
/// Version, block number, usage, algorithm, bits, derivation id, counter.
fn aes_blocks(counter: u32) -> Vec<[u8; 16]> {
    let mut reached = 0;
    let bits = (0..32).rev().map(|place| 1 << place).filter(|bit| counter & bit != 0);
    let mut blocks: Vec<_> = bits
        .map(|bit| {
            reached |= bit;
            [DERIVATION, reached.to_be_bytes().as_slice()].concat().try_into().unwrap()
        })
        .collect();
    blocks.push([PIN_ENCRYPTION, counter.to_be_bytes().as_slice()].concat().try_into().unwrap());
    blocks
}

/// A key schedule and a block each, each key from the one before.
fn aes_floor(initial_key: &[u8; 16], blocks: &[[u8; 16]]) -> [u8; 16] {
    let mut key = *initial_key;
    for block in blocks {
        let cipher = Aes128Enc::new((&key).into());
        key = *block;
        cipher.encrypt_block((&mut key).into());
    }
    key
}

fn tdes() -> Job {
    Job { name: "dukpt/tdes_pin_key", sides: tdes_pin_key(COUNTER) }
}

/// The same under TDES.
pub fn tdes_pin_key(counter: u32) -> Vec<Side> {
    let id = tdes_dukpt::Ksn::from_bytes(TDES_KSN).initial_key_id();
    let ksn = tdes_dukpt::Ksn::new(id, counter).unwrap();
    let initial_key = tdes_dukpt::InitialKey::from_bytes(&TDES_INITIAL_KEY, id);
    let ours = move || initial_key.transaction_key(black_box(&ksn)).unwrap().pin_key();
    let floor =
        move || tdes_floor(black_box(&TDES_INITIAL_KEY), black_box(&TDES_KSN), black_box(counter));
    assert_eq!(ours().expose_bytes(), &floor());
    vec![Side::ours("ours", ours), Side::floor("floor", floor)]
}

/// Two key schedules and two blocks for each one bit, with the exclusive-ors between them.
fn tdes_floor(initial_key: &[u8; 16], ksn: &[u8; 10], counter: u32) -> [u8; 16] {
    const SECOND_FORM: u64 = 0xC0C0_C0C0_0000_0000;
    const PIN_VARIANT: u64 = 0xFF;
    let [mut left, mut right] = halves(initial_key);
    let mut register = u64::from_be_bytes(*ksn.last_chunk().unwrap()) & !0x1F_FFFF;
    for bit in (0..21).rev().map(|place| 1 << place).filter(|bit| counter & bit != 0) {
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

const TRANSACTIONS: u32 = 10_000;

/// Transactions of a terminal from its first on: each counter reserved, its record made, its PIN key taken.
///
/// Terminal and host agree, which is asserted in the crate's own tests.
fn aes_terminal() -> Job {
    let id = aes_dukpt::Ksn::from_bytes(AES_KSN).initial_key_id();
    let initial_key = aes_dukpt::InitialKey::from_bytes(&AES_INITIAL_KEY, id);
    let ours = move || {
        let mut terminal = aes_dukpt::Terminal::new(black_box(&initial_key));
        for _ in 0..TRANSACTIONS {
            let pending = terminal.begin().unwrap();
            black_box(pending.record());
            black_box(pending.stored().1.pin_key());
        }
        terminal.keys_left()
    };
    let blocks = [aes_blocks(COUNTER)[0]; 2];
    let floor = move || {
        let mut key = AES_INITIAL_KEY;
        for _ in 0..TRANSACTIONS {
            for block in black_box(&blocks) {
                let cipher = Aes128Enc::new((&key).into());
                key = *block;
                cipher.encrypt_block((&mut key).into());
            }
            black_box(&key);
        }
        key
    };
    Job {
        name: "dukpt/aes128_terminal_10000",
        sides: vec![Side::ours("ours", ours), Side::floor("floor", floor)],
    }
}

fn tdes_terminal() -> Job {
    let id = tdes_dukpt::Ksn::from_bytes(TDES_KSN).initial_key_id();
    let initial_key = tdes_dukpt::InitialKey::from_bytes(&TDES_INITIAL_KEY, id);
    let ours = move || {
        let mut terminal = tdes_dukpt::Terminal::new(black_box(&initial_key));
        for _ in 0..TRANSACTIONS {
            let pending = terminal.begin().unwrap();
            black_box(pending.record());
            black_box(pending.stored().1.pin_key());
        }
        terminal.keys_left()
    };
    let floor = || {
        let [mut left, mut right] = halves(black_box(&TDES_INITIAL_KEY));
        for register in 0..u64::from(TRANSACTIONS) {
            // One derivation: the PIN key is an exclusive-or away.
            [left, right] = [des(left, register ^ right), des(right, register ^ left)];
            black_box((left, right));
        }
        left ^ right
    };
    Job {
        name: "dukpt/tdes_terminal_10000",
        sides: vec![Side::ours("ours", ours), Side::floor("floor", floor)],
    }
}

/// Ours are the cache, the uncached path and the batch; the floor is two key schedules and two blocks a transaction.
fn aes_server() -> Job {
    const TRANSACTIONS: u32 = 10_000;
    let id = aes_dukpt::Ksn::from_bytes(AES_KSN).initial_key_id();
    let initial_key = || aes_dukpt::InitialKey::from_bytes(&AES_INITIAL_KEY, id);
    let ksns = move || (1..=TRANSACTIONS).map(move |counter| aes_dukpt::Ksn::new(id, counter));
    let kept = initial_key();
    let ours = move || {
        let mut cache = aes_dukpt::KeyCache::new(&kept);
        ksns().fold([0; 16], |sum, ksn| {
            let key = cache.transaction_key(black_box(&ksn)).unwrap().pin_key();
            xor(sum, key.expose_bytes())
        })
    };
    let kept = initial_key();
    let uncached = move || {
        ksns().fold([0; 16], |sum, ksn| {
            let key = kept.transaction_key(black_box(&ksn)).unwrap().pin_key();
            xor(sum, key.expose_bytes())
        })
    };
    let kept = initial_key();
    let batch = move || {
        let pairs = ksns().map(|ksn| (&kept, black_box(ksn)));
        aes_dukpt::transaction_keys(pairs)
            .fold([0; 16], |sum, key| xor(sum, key.unwrap().pin_key().expose_bytes()))
    };
    let floor = || aes_server_floor(black_box(&AES_INITIAL_KEY), black_box(TRANSACTIONS));
    assert_eq!(ours(), floor());
    assert_eq!(uncached(), floor());
    assert_eq!(batch(), floor());
    Job {
        name: "dukpt/aes128_server",
        sides: vec![
            Side::ours("ours", ours),
            Side::ours("batch", batch),
            Side::ours("uncached", uncached),
            Side::floor("floor", floor),
        ],
    }
}

fn aes_server_floor(initial_key: &[u8; 16], transactions: u32) -> [u8; 16] {
    let mut derivation = hex!("0101 8000 0002 0080 90123456 00000000");
    let mut pin = hex!("0101 1000 0002 0080 90123456 00000000");
    let mut keys = [*initial_key; 33];
    let mut sum = [0; 16];
    for counter in 1..=transactions {
        derivation[12..].copy_from_slice(&counter.to_be_bytes());
        pin[12..].copy_from_slice(&counter.to_be_bytes());
        let ones = counter.count_ones() as usize;
        let mut key = derivation;
        Aes128Enc::new((&keys[ones - 1]).into()).encrypt_block((&mut key).into());
        keys[ones] = key;
        let mut pin_key = pin;
        Aes128Enc::new((&key).into()).encrypt_block((&mut pin_key).into());
        sum = xor(sum, &pin_key);
    }
    sum
}

fn xor(sum: [u8; 16], key: &[u8; 16]) -> [u8; 16] {
    (u128::from_ne_bytes(sum) ^ u128::from_ne_bytes(*key)).to_ne_bytes()
}

/// The same of TDES, where the floor is one step's two key schedules and two blocks.
fn tdes_server() -> Job {
    const TRANSACTIONS: u32 = 1_000;
    let id = tdes_dukpt::Ksn::from_bytes(TDES_KSN).initial_key_id();
    let initial_key = || tdes_dukpt::InitialKey::from_bytes(&TDES_INITIAL_KEY, id);
    let ksns = move || {
        let ksns = (1..=TRANSACTIONS).map(move |counter| tdes_dukpt::Ksn::new(id, counter));
        ksns.map(Result::unwrap)
    };
    let kept = initial_key();
    let ours = move || {
        let mut cache = tdes_dukpt::KeyCache::new(&kept);
        ksns().fold([0; 16], |sum, ksn| {
            let key = cache.transaction_key(black_box(&ksn)).unwrap().pin_key();
            xor(sum, key.expose_bytes())
        })
    };
    let kept = initial_key();
    let uncached = move || {
        ksns().fold([0; 16], |sum, ksn| {
            let key = kept.transaction_key(black_box(&ksn)).unwrap().pin_key();
            xor(sum, key.expose_bytes())
        })
    };
    let floor = || tdes_server_floor(&TDES_INITIAL_KEY, &TDES_KSN, black_box(TRANSACTIONS));
    assert_eq!(ours(), floor());
    assert_eq!(uncached(), floor());
    Job {
        name: "dukpt/tdes_server",
        sides: vec![
            Side::ours("ours", ours),
            Side::ours("uncached", uncached),
            Side::floor("floor", floor),
        ],
    }
}

fn tdes_server_floor(initial_key: &[u8; 16], ksn: &[u8; 10], transactions: u32) -> [u8; 16] {
    const SECOND_FORM: u64 = 0xC0C0_C0C0_0000_0000;
    const PIN_VARIANT: u64 = 0xFF;
    let start = u64::from_be_bytes(*ksn.last_chunk().unwrap()) & !0x1F_FFFF;
    let mut keys = [halves(initial_key); 22];
    let mut sum = [0; 16];
    for counter in 1..=transactions {
        let register = start | u64::from(counter);
        let ones = counter.count_ones() as usize;
        let [left, right] = keys[ones - 1];
        let second = right ^ SECOND_FORM;
        keys[ones] = [
            des(left ^ SECOND_FORM, register ^ second) ^ second,
            des(left, register ^ right) ^ right,
        ];
        let [left, right] = keys[ones];
        sum = xor(sum, &whole(left ^ PIN_VARIANT, right ^ PIN_VARIANT));
    }
    sum
}
