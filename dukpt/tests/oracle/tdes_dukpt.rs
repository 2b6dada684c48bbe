//! TDES DUKPT, slowly: keys as byte vectors, the counter as bits, triple DES out of single DES.

use cipher::{BlockCipherDecrypt, BlockCipherEncrypt, KeyInit};
use des::Des;

const MASK: [u8; 16] = [0xC0, 0xC0, 0xC0, 0xC0, 0, 0, 0, 0, 0xC0, 0xC0, 0xC0, 0xC0, 0, 0, 0, 0];

pub(crate) fn xor(a: &[u8], b: &[u8]) -> Vec<u8> {
    assert_eq!(a.len(), b.len());
    a.iter().zip(b).map(|(x, y)| x ^ y).collect()
}

pub(crate) fn des(key: &[u8], block: &[u8]) -> Vec<u8> {
    let mut block: [u8; 8] = block.try_into().unwrap();
    Des::new_from_slice(key).unwrap().encrypt_block((&mut block).into());
    block.to_vec()
}

pub(crate) fn des_inverse(key: &[u8], block: &[u8]) -> Vec<u8> {
    let mut block: [u8; 8] = block.try_into().unwrap();
    Des::new_from_slice(key).unwrap().decrypt_block((&mut block).into());
    block.to_vec()
}

pub(crate) fn tdes(key: &[u8], block: &[u8]) -> Vec<u8> {
    des(&key[..8], &des_inverse(&key[8..], &des(&key[..8], block)))
}

/// The initial key: the first 8 bytes of the key serial number, the counter's bits in them at zero, enciphered twice.
pub(crate) fn initial_key(bdk: &[u8], ksn: &[u8]) -> Vec<u8> {
    let mut id = ksn[..8].to_vec();
    id[7] = id[7] / 32 * 32;
    [tdes(bdk, &id), tdes(&xor(bdk, &MASK), &id)].concat()
}

/// The transaction key: walk the 21 counter bits from the left, and at each one bit set it in the register and run the
/// non-reversible key generation.
pub(crate) fn transaction_key(initial_key: &[u8], ksn: &[u8]) -> Vec<u8> {
    let register = &ksn[2..];
    let bits: Vec<bool> =
        register.iter().flat_map(|byte| (0..8).rev().map(move |i| byte >> i & 1 == 1)).collect();
    let mut so_far = bits[..43].to_vec();
    so_far.resize(64, false);
    let mut key = initial_key.to_vec();
    for position in 43..64 {
        if bits[position] {
            so_far[position] = true;
            key = non_reversible(&key, &pack(&so_far));
        }
    }
    key
}

fn pack(bits: &[bool]) -> Vec<u8> {
    bits.chunks(8).map(|byte| byte.iter().fold(0, |sum, bit| sum << 1 | u8::from(*bit))).collect()
}

fn non_reversible(key: &[u8], register: &[u8]) -> Vec<u8> {
    let right = xor(&des(&key[..8], &xor(register, &key[8..])), &key[8..]);
    let key = xor(key, &MASK);
    let left = xor(&des(&key[..8], &xor(register, &key[8..])), &key[8..]);
    [left, right].concat()
}

/// The transaction key with `FF` xored to one byte of each half, counted from 0.
pub(crate) fn variant(transaction_key: &[u8], byte: usize) -> Vec<u8> {
    let mut key = transaction_key.to_vec();
    key[byte] ^= 0xFF;
    key[byte + 8] ^= 0xFF;
    key
}

pub(crate) fn under_itself(key: &[u8]) -> Vec<u8> {
    [tdes(key, &key[..8]), tdes(key, &key[8..])].concat()
}
