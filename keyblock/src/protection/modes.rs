//! The modes in which a block's data is enciphered.

use cipher::array::Array;
use cipher::{
    BlockCipherDecBackend, BlockCipherDecClosure, BlockCipherDecrypt, BlockCipherEncrypt,
    BlockSizeUser,
};

use super::cmac::xor;
use super::suite::BlockSize;

/// Deciphers whole blocks in place, in CBC mode.
pub(super) fn cbc_decrypt<N: BlockSize, C: BlockCipherDecrypt<BlockSize = N>>(
    cipher: &C,
    iv: &[u8],
    data: &mut [u8],
) {
    let mut previous = Array::default();
    xor(&mut previous, iv);
    cipher.decrypt_with_backend(CbcDecrypt { previous, data });
}

/// All blocks in one call of the cipher, which keeps its key in registers meanwhile.
struct CbcDecrypt<'a, N: BlockSize> {
    previous: Array<u8, N>,
    data: &'a mut [u8],
}

impl<N: BlockSize> BlockSizeUser for CbcDecrypt<'_, N> {
    type BlockSize = N;
}

impl<N: BlockSize> BlockCipherDecClosure for CbcDecrypt<'_, N> {
    #[inline(always)]
    fn call<B: BlockCipherDecBackend<BlockSize = N>>(self, backend: &B) {
        let Self { mut previous, data } = self;
        for block in Array::<u8, N>::slice_as_chunks_mut(data).0 {
            let enciphered = block.clone();
            backend.decrypt_block((&mut *block).into());
            N::xor(block, &previous);
            previous = enciphered;
        }
    }
}

/// Enciphers whole blocks in place, in CBC mode.
pub(super) fn cbc_encrypt<N: BlockSize, C: BlockCipherEncrypt<BlockSize = N>>(
    cipher: &C,
    iv: &[u8],
    data: &mut [u8],
) {
    let mut previous = Array::default();
    xor(&mut previous, iv);
    for block in Array::<u8, N>::slice_as_chunks_mut(data).0 {
        N::xor(block, &previous);
        cipher.encrypt_block(block);
        previous = block.clone();
    }
}

/// Enciphers or deciphers data of any length in place, in counter mode: the counter is the whole block, big-endian.
pub(super) fn ctr<N: BlockSize, C: BlockCipherEncrypt<BlockSize = N>>(
    cipher: &C,
    first: &[u8],
    data: &mut [u8],
) {
    let mut counter = Array::<u8, N>::default();
    xor(&mut counter, first);
    for piece in data.chunks_mut(N::USIZE) {
        let mut stream = counter.clone();
        cipher.encrypt_block(&mut stream);
        piece.iter_mut().zip(&stream).for_each(|(byte, other)| *byte ^= other);
        increment(&mut counter);
    }
}

/// Adds one to a counter, in constant time.
fn increment<N: BlockSize>(counter: &mut Array<u8, N>) {
    let mut carry = 1_u8;
    for byte in counter.iter_mut().rev() {
        let (sum, over) = byte.overflowing_add(carry);
        *byte = sum;
        carry = u8::from(over);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cipher::KeyInit;
    use cipher::consts::U16;
    use hex_literal::hex;

    #[test]
    fn a_counter_carries_over_all_bytes() {
        let mut counter = Array::<u8, U16>::from([0xFF; 16]);
        increment(&mut counter);
        assert_eq!(counter.0, [0; 16]);
        let mut counter = Array::<u8, U16>::from(hex!("000000000000000000000000000000FF"));
        increment(&mut counter);
        assert_eq!(counter.0, hex!("00000000000000000000000000000100"));
    }

    // NIST SP 800-38A, F.2.1 and F.5.1.
    #[test]
    fn modes_give_the_published_answers() {
        let key = hex!("2B7E151628AED2A6ABF7158809CF4F3C");
        let plain = hex!("6BC1BEE22E409F96E93D7E117393172AAE2D8A571E03AC9C9EB76FAC45AF8E51");
        let encryptor = aes::Aes128Enc::new(&key.into());

        let iv = hex!("000102030405060708090A0B0C0D0E0F");
        let mut data = plain;
        cbc_encrypt(&encryptor, &iv, &mut data);
        let expected = hex!("7649ABAC8119B246CEE98E9B12E9197D5086CB9B507219EE95DB113A917678B2");
        assert_eq!(data, expected);
        cbc_decrypt(&aes::Aes128Dec::new(&key.into()), &iv, &mut data);
        assert_eq!(data, plain);

        let first = hex!("F0F1F2F3F4F5F6F7F8F9FAFBFCFDFEFF");
        let mut data = plain;
        ctr(&encryptor, &first, &mut data);
        let expected = hex!("874D6191B620E3261BEF6864990DB6CE9806F66B7970FDFF8617187BB9FFFDFF");
        assert_eq!(data, expected);
        ctr(&encryptor, &first, &mut data[..20]);
        assert_eq!(data[..20], plain[..20]);
    }
}
