//! CMAC of a header and the data behind it, which are one message in two pieces.

use cipher::array::Array;
use cipher::{BlockCipherEncBackend, BlockCipherEncClosure, BlockCipherEncrypt, BlockSizeUser};
use zeroize::{ZeroizeOnDrop, optimization_barrier};

use super::suite::BlockSize;

/// What the last block of a message is xored with: one for a whole block, one for another.
pub(super) struct Subkeys<N: BlockSize> {
    whole: Array<u8, N>,
    padded: Array<u8, N>,
}

impl<N: BlockSize> Subkeys<N> {
    /// The subkeys under a cipher.
    pub(super) fn new<C: BlockCipherEncrypt<BlockSize = N>>(cipher: &C) -> Self {
        let mut zero = Array::default();
        cipher.encrypt_block(&mut zero);
        Self::of(&mut zero)
    }

    /// The subkeys of an enciphered zero block, which is wiped.
    // Twice in an image of firmware is once too often; elsewhere the call costs more.
    #[cfg_attr(target_pointer_width = "64", inline)]
    #[cfg_attr(not(target_pointer_width = "64"), inline(never))]
    pub(super) fn of(zero: &mut Array<u8, N>) -> Self {
        let whole = N::double(zero);
        wipe(zero);
        Self { padded: N::double(&whole), whole }
    }

    /// Makes a last block that is whole, as it goes into the cipher: its subkey, the state before it, and the data.
    #[inline(always)]
    fn finish_whole(&self, state: &mut Array<u8, N>, data: &Array<u8, N>) {
        N::xor(state, &self.whole);
        N::xor(state, data);
    }

    /// Makes any last block.
    #[inline]
    pub(super) fn finish(&self, state: &mut Array<u8, N>, data: &[u8]) {
        let subkey = if data.len() < N::USIZE { &self.padded } else { &self.whole };
        N::xor(state, subkey);
        xor(state, data);
        state.iter_mut().skip(data.len()).take(1).for_each(|byte| *byte ^= 0x80);
    }
}

impl<N: BlockSize> Drop for Subkeys<N> {
    #[inline]
    fn drop(&mut self) {
        wipe(&mut self.whole);
        wipe(&mut self.padded);
    }
}

/// As `zeroize` does, but the whole block at once instead of byte by byte.
#[inline(always)]
pub(super) fn wipe<N: BlockSize>(block: &mut Array<u8, N>) {
    *block = Array::default();
    optimization_barrier(block);
}

impl<N: BlockSize> ZeroizeOnDrop for Subkeys<N> {}

/// The CMAC of a header of whole blocks and of data that is not empty.
pub(super) fn cmac<N: BlockSize, C: BlockCipherEncrypt<BlockSize = N>>(
    cipher: &C,
    subkeys: Option<&Subkeys<N>>,
    header: &[u8],
    data: &[u8],
) -> Array<u8, N> {
    let mut state = Array::default();
    cipher.encrypt_with_backend(Run { state: &mut state, subkeys, header, data });
    state
}

/// The whole message in one call of the cipher, which keeps its key in registers meanwhile.
struct Run<'a, N: BlockSize> {
    state: &'a mut Array<u8, N>,
    subkeys: Option<&'a Subkeys<N>>,
    header: &'a [u8],
    data: &'a [u8],
}

impl<N: BlockSize> BlockSizeUser for Run<'_, N> {
    type BlockSize = N;
}

impl<N: BlockSize> BlockCipherEncClosure for Run<'_, N> {
    #[inline(always)]
    fn call<B: BlockCipherEncBackend<BlockSize = N>>(self, backend: &B) {
        let Self { state, subkeys, header, data } = self;
        let fresh;
        let subkeys = if let Some(subkeys) = subkeys {
            subkeys
        } else {
            let mut zero = Array::default();
            backend.encrypt_block((&mut zero).into());
            fresh = Subkeys::of(&mut zero);
            &fresh
        };
        for block in Array::<u8, N>::slice_as_chunks(header).0 {
            N::xor(state, block);
            backend.encrypt_block((&mut *state).into());
        }
        // The last block, whole or not, is the one that the subkey belongs to.
        let (blocks, tail) = Array::<u8, N>::slice_as_chunks(data);
        let (blocks, last) = match blocks.split_last() {
            Some((last, before)) if tail.is_empty() => (before, Some(last)),
            _ => (blocks, None),
        };
        for block in blocks {
            N::xor(state, block);
            backend.encrypt_block((&mut *state).into());
        }
        match last {
            Some(last) => subkeys.finish_whole(state, last),
            None => subkeys.finish(state, tail),
        }
        backend.encrypt_block(state.into());
    }
}

/// The CBC-MAC of a header and data, both of whole blocks.
pub(super) fn cbc_mac<N: BlockSize, C: BlockCipherEncrypt<BlockSize = N>>(
    cipher: &C,
    header: &[u8],
    data: &[u8],
) -> Array<u8, N> {
    let mut state = Array::default();
    for text in [header, data] {
        for block in Array::<u8, N>::slice_as_chunks(text).0 {
            N::xor(&mut state, block);
            cipher.encrypt_block(&mut state);
        }
    }
    state
}

/// Xors data to a block, at most as much as it holds.
#[inline(always)]
pub(super) fn xor<N: BlockSize>(block: &mut Array<u8, N>, data: &[u8]) {
    block.iter_mut().zip(data).for_each(|(byte, other)| *byte ^= other);
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::super::suite::{Aes128, Aes256, Suite, Tdes2, Tdes3};
    use super::*;
    use cipher::consts::U8;
    use cipher::{KeyInit, consts::U16};
    use cmac::Mac;
    use std::vec::Vec;

    fn key<S: Suite>() -> Vec<u8> {
        (1..).take(usize::from(S::KEY_BITS / 8)).collect()
    }

    macro_rules! equals_the_oracle {
        ($name:ident, $suite:ty, $cipher:ty, $size:ty) => {
            #[test]
            fn $name() {
                let cipher =
                    <$suite as Suite>::Encryptor::new_from_slice(&key::<$suite>()).unwrap();
                let kept = Subkeys::<$size>::new(&cipher);
                let message: Vec<u8> = (0..=255).collect();
                for header in [16, 32, 64] {
                    for data in (1..100).step_by(if cfg!(miri) { 33 } else { 1 }) {
                        let (header, rest) = message.split_at(header);
                        let mut oracle =
                            cmac::Cmac::<$cipher>::new_from_slice(&key::<$suite>()).unwrap();
                        oracle.update(header);
                        oracle.update(&rest[..data]);
                        let expected = oracle.finalize().into_bytes();
                        for subkeys in [None, Some(&kept)] {
                            assert_eq!(cmac(&cipher, subkeys, header, &rest[..data]), expected);
                        }
                    }
                }
            }
        };
    }

    equals_the_oracle!(tdes2_equals_the_cmac_crate, Tdes2, des::TdesEde2, U8);
    equals_the_oracle!(tdes3_equals_the_cmac_crate, Tdes3, des::TdesEde3, U8);
    equals_the_oracle!(aes128_equals_the_cmac_crate, Aes128, aes::Aes128, U16);
    equals_the_oracle!(aes256_equals_the_cmac_crate, Aes256, aes::Aes256, U16);
}
