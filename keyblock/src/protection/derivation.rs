//! The keys of a block, KBEK and KBAK, from its KBPK.

use cipher::array::Array;
use cipher::typenum::Unsigned;
use cipher::{
    BlockCipherEncBackend, BlockCipherEncClosure, BlockCipherEncrypt, BlockSizeUser, KeyInit,
};
use zeroize::optimization_barrier;

use super::cmac::{Subkeys, wipe};
use super::suite::{Key, Suite};
use crate::{Error, Version};

/// What the standard xors to a KBPK for the enciphering key and the MAC key of versions A and C: `E` and `M`.
const VARIANTS: [u8; 2] = [0x45, 0x4D];

/// The two keys that protect a block.
pub(super) struct BlockKeys<S: Suite> {
    /// The KBEK.
    pub(super) encryption: Key<S>,
    /// The KBAK.
    pub(super) authentication: Key<S>,
}

impl<S: Suite> BlockKeys<S> {
    /// Makes the keys of a version from a KBPK of the suite's length.
    ///
    /// Versions B, D and E: each key is CMACs under the KBPK, one after the other, of 8 bytes: a counter from 1, two of the key's
    /// usage (0000 encryption in CBC mode, 0001 MAC, 0002 encryption in CTR mode), 00, two of the algorithm, and two of the key's length in bits.
    ///
    /// Source: ANSI X9.143:2021; ASC X9 TR 31-2018, A.7; ISO 20038:2017.
    #[inline(never)]
    pub(super) fn new(kbpk: &[u8], version: Version) -> Result<Self, Error> {
        let kbpk = <&Key<S>>::try_from(kbpk).map_err(|_| Error::KbpkLength)?;
        let mut keys = Self { encryption: Array::default(), authentication: Array::default() };
        match version {
            Version::A | Version::C => {
                let [encryption, authentication] = VARIANTS;
                keys.encryption.iter_mut().zip(kbpk).for_each(|(to, from)| *to = from ^ encryption);
                keys.authentication
                    .iter_mut()
                    .zip(kbpk)
                    .for_each(|(to, from)| *to = from ^ authentication);
            }
            Version::B | Version::D => keys.derive(kbpk, 0),
            Version::E => keys.derive(kbpk, 2),
        }
        Ok(keys)
    }

    fn derive(&mut self, kbpk: &Key<S>, encryption_usage: u8) {
        S::Encryptor::new(kbpk).encrypt_with_backend(Derive { keys: self, encryption_usage });
    }
}

/// All CMACs in one call of the cipher, which keeps its key in registers meanwhile.
struct Derive<'k, S: Suite> {
    keys: &'k mut BlockKeys<S>,
    encryption_usage: u8,
}

impl<S: Suite> BlockSizeUser for Derive<'_, S> {
    type BlockSize = S::Size;
}

impl<S: Suite> BlockCipherEncClosure for Derive<'_, S> {
    #[inline(always)]
    fn call<B: BlockCipherEncBackend<BlockSize = S::Size>>(self, backend: &B) {
        let mut block = Array::default();
        backend.encrypt_block((&mut block).into());
        let subkeys = Subkeys::of(&mut block);
        let [bits_high, bits_low] = S::KEY_BITS.to_be_bytes();
        let mut message = Array::default();
        subkeys.finish(&mut message, &[0, 0, 0, 0, 0, S::CODE, bits_high, bits_low]);
        let BlockKeys { encryption, authentication } = self.keys;
        for (usage, key) in [(self.encryption_usage, encryption), (1, authentication)] {
            // The last block may be cut.
            for (counter, place) in (1..).zip(key.chunks_mut(S::Size::USIZE)) {
                block = message.clone();
                if let [first, _, third, ..] = block.as_mut_slice() {
                    *first ^= counter;
                    *third ^= usage;
                }
                backend.encrypt_block((&mut block).into());
                place.iter_mut().zip(&block).for_each(|(to, from)| *to = *from);
            }
        }
        wipe(&mut block);
        wipe(&mut message);
    }
}

impl<S: Suite> Drop for BlockKeys<S> {
    #[inline]
    fn drop(&mut self) {
        // As `zeroize` does, but 16 bytes at a time instead of one.
        self.encryption = Array::default();
        self.authentication = Array::default();
        optimization_barrier(self);
    }
}
