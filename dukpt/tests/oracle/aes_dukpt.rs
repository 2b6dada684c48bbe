//! AES DUKPT, slowly: the derivation data byte by byte, the counter by a mask that is shifted.

use aes::{Aes128, Aes192, Aes256};
use cipher::{BlockCipherEncrypt, KeyInit};

pub(crate) fn aes(key: &[u8], block: &[u8]) -> Vec<u8> {
    let mut block: [u8; 16] = block.try_into().unwrap();
    match key.len() {
        16 => Aes128::new_from_slice(key).unwrap().encrypt_block((&mut block).into()),
        24 => Aes192::new_from_slice(key).unwrap().encrypt_block((&mut block).into()),
        _ => Aes256::new_from_slice(key).unwrap().encrypt_block((&mut block).into()),
    }
    block.to_vec()
}

/// Name, algorithm code and bits of a key type.
pub(crate) const KEY_TYPES: [(&str, u8, usize); 8] = [
    ("TDES2", 0, 128),
    ("TDES3", 1, 192),
    ("AES128", 2, 128),
    ("AES192", 3, 192),
    ("AES256", 4, 256),
    ("HMAC128", 5, 128),
    ("HMAC192", 5, 192),
    ("HMAC256", 5, 256),
];

/// Name and code of a usage.
pub(crate) const USAGES: [(&str, [u8; 2]); 9] = [
    ("KEK", [0x00, 0x02]),
    ("PIN", [0x10, 0x00]),
    ("MAC_GEN", [0x20, 0x00]),
    ("MAC_VER", [0x20, 0x01]),
    ("MAC_BOTH", [0x20, 0x02]),
    ("DATA_ENC", [0x30, 0x00]),
    ("DATA_DEC", [0x30, 0x01]),
    ("DATA_BOTH", [0x30, 0x02]),
    ("KEYDER", [0x80, 0x00]),
];

fn derive(key: &[u8], usage: [u8; 2], algorithm: u8, bits: usize, binding: [u8; 8]) -> Vec<u8> {
    let mut derived = Vec::new();
    for block in 1..=bits.div_ceil(128) {
        let mut data = vec![1, block as u8, usage[0], usage[1], 0, algorithm];
        data.push((bits / 256) as u8);
        data.push((bits % 256) as u8);
        data.extend(binding);
        derived.extend(aes(key, &data));
    }
    derived.truncate(bits / 8);
    derived
}

/// The AES algorithm code of a key of so many bytes.
fn own_algorithm(key: &[u8]) -> u8 {
    match key.len() {
        16 => 2,
        24 => 3,
        _ => 4,
    }
}

pub(crate) fn initial_key(bdk: &[u8], id: [u8; 8]) -> Vec<u8> {
    derive(bdk, [0x80, 0x01], own_algorithm(bdk), bdk.len() * 8, id)
}

fn binding(id: [u8; 8], counter: u32) -> [u8; 8] {
    let c = counter.to_be_bytes();
    [id[4], id[5], id[6], id[7], c[0], c[1], c[2], c[3]]
}

pub(crate) fn transaction_key(initial_key: &[u8], id: [u8; 8], counter: u32) -> Vec<u8> {
    let mut key = initial_key.to_vec();
    let mut working_counter = 0;
    let mut mask = 0x8000_0000;
    while mask > 0 {
        if counter & mask != 0 {
            working_counter += mask;
            let bits = key.len() * 8;
            key = derive(&key, [0x80, 0], own_algorithm(&key), bits, binding(id, working_counter));
        }
        mask /= 2;
    }
    key
}

pub(crate) fn working_key(
    transaction_key: &[u8],
    usage: [u8; 2],
    (_, algorithm, bits): (&str, u8, usize),
    id: [u8; 8],
    counter: u32,
) -> Vec<u8> {
    derive(transaction_key, usage, algorithm, bits, binding(id, counter))
}
