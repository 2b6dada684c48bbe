//! The MACs, slowly: all data is padded into a vector, then chained block by block.

use super::tdes_dukpt::xor;

/// Padding method 1, 2 or 3 of ISO/IEC 9797-1 for blocks of so many bytes.
pub(crate) fn pad(method: u8, data: &[u8], block: usize) -> Vec<u8> {
    let mut padded = data.to_vec();
    if method == 2 {
        padded.push(0x80);
    }
    while padded.is_empty() || !padded.len().is_multiple_of(block) {
        padded.push(0);
    }
    if method == 3 {
        let bits = data.len() as u64 * 8;
        let mut first = vec![0; block - 8];
        first.extend(bits.to_be_bytes());
        padded = [first, padded].concat();
    }
    padded
}

pub(crate) fn cbc(encipher: impl Fn(&[u8]) -> Vec<u8>, padded: &[u8], block: usize) -> Vec<u8> {
    padded.chunks(block).fold(vec![0; block], |state, input| encipher(&xor(&state, input)))
}

/// CMAC: the last block is xored with a key of its own, one for whole blocks, one for padded ones.
pub(crate) fn cmac(encipher: impl Fn(&[u8]) -> Vec<u8>, data: &[u8], block: usize) -> Vec<u8> {
    let first = double(&encipher(&vec![0; block]));
    let whole = !data.is_empty() && data.len().is_multiple_of(block);
    let (key, mut padded) =
        if whole { (first, data.to_vec()) } else { (double(&first), pad(2, data, block)) };
    let at = padded.len() - block;
    let last = xor(&padded[at..], &key);
    padded.truncate(at);
    padded.extend(last);
    cbc(encipher, &padded, block)
}

/// UnionPay's: the sum of all blocks in characters, of which the first half is enciphered, then its sum with the second.
pub(crate) fn unionpay(encipher: impl Fn(&[u8]) -> Vec<u8>, data: &[u8], block: usize) -> String {
    let sum = pad(1, data, block).chunks(block).fold(vec![0; block], |sum, input| xor(&sum, input));
    let text = hex(&sum).into_bytes();
    let first = encipher(&text[..block]);
    hex(&encipher(&xor(&first, &text[block..])))[..8].to_owned()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02X}")).collect()
}

fn double(block: &[u8]) -> Vec<u8> {
    let reduction = if block.len() == 16 { 0x87 } else { 0x1B };
    let mut doubled: Vec<u8> = block
        .iter()
        .enumerate()
        .map(|(i, byte)| byte << 1 | block.get(i + 1).map_or(0, |next| next >> 7))
        .collect();
    if block[0] >= 0x80 {
        *doubled.last_mut().unwrap() ^= reduction;
    }
    doubled
}
