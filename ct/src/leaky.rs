//! What a careless hand writes: each check has a control that does its work with one of these, and valgrind must say so.
//!
//! Each step goes through `black_box`: a compiler once made an early exit over 16 bytes free of branches.

use std::hint::black_box;

/// Stands for whatever is done on one side of a branch only.
#[inline(never)]
fn note() {
    black_box(());
}

/// A comparison that ends at the first difference.
#[inline(never)]
pub(crate) fn equal(one: &[u8], other: &[u8]) -> bool {
    if one.len() != other.len() {
        return false;
    }
    for (one, other) in one.iter().zip(other) {
        if black_box(*one) != black_box(*other) {
            note();
            return false;
        }
    }
    true
}

/// A PIN field that is read from left to right up to what is wrong: control, length, digits.
#[inline(never)]
pub(crate) fn read_pin_field(field: u64, control: u8) -> Option<u64> {
    let [head, ..] = field.to_be_bytes();
    if black_box(head >> 4) != control {
        note();
        return None;
    }
    digits(field << 8)
}

/// The first four digits from the left, unless one of them is none.
#[inline(never)]
pub(crate) fn digits(mut nibbles: u64) -> Option<u64> {
    let mut read = 0;
    for _ in 0..4 {
        let [first, ..] = black_box(nibbles).to_be_bytes();
        if black_box(first >> 4) > 9 {
            note();
            return None;
        }
        read = read << 4 | u64::from(first >> 4);
        nibbles <<= 4;
    }
    Some(read)
}

/// Digits by a table.
#[inline(never)]
pub(crate) fn look_up(bytes: &[u8]) -> u8 {
    static TABLE: [u8; 256] = {
        let mut table = [0; 256];
        let mut at = 0;
        while at < table.len() {
            table[at] = (at as u8).wrapping_mul(7);
            at += 1;
        }
        table
    };
    let table = black_box(&TABLE);
    bytes.iter().fold(0, |sum, byte| black_box(sum ^ table[usize::from(black_box(*byte))]))
}

/// Parity that is put right where it is wrong.
#[inline(never)]
pub(crate) fn set_odd_parity(key: &[u8]) -> Vec<u8> {
    let mut key = key.to_vec();
    for byte in &mut key {
        if black_box(byte.count_ones()) % 2 == 0 {
            note();
            *byte ^= 1;
        }
    }
    key
}

/// Whether there is a byte that is not zero, by the first one found.
#[inline(never)]
pub(crate) fn is_zero(bytes: &[u8]) -> bool {
    for byte in bytes {
        if black_box(*byte) != 0 {
            note();
            return false;
        }
    }
    true
}
