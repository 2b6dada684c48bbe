//! The keys of a block, KBEK and KBAK, from its KBPK.

use cipher::array::Array;
use cipher::typenum::Unsigned;
use cipher::{BlockCipherEncrypt, KeyInit};
use zeroize::optimization_barrier;

use super::cmac::Subkeys;
use super::suite::{BlockSize, Key, Suite};
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
        let cipher = S::Encryptor::new(kbpk);
        let subkeys = Subkeys::<S::Size>::new(&cipher);
        let mut blocks = Blocks::<S>(Array::default());
        let half = S::KeyBlocks::USIZE >> 1;
        let [bits_high, bits_low] = S::KEY_BITS.to_be_bytes();
        let places = (1..).take(half).map(|counter| (encryption_usage, counter));
        let places = places.chain((1..).take(half).map(|counter| (1, counter)));
        for (block, (usage, counter)) in blocks.0.iter_mut().zip(places) {
            subkeys.finish(block, &[counter, 0, usage, 0, 0, S::CODE, bits_high, bits_low]);
        }
        cipher.encrypt_blocks(&mut blocks.0);
        let (encryption, authentication) = blocks.0.split_at_checked(half).unwrap_or_default();
        copy(&mut self.encryption, encryption);
        copy(&mut self.authentication, authentication);
    }
}

/// The keys as they come out of the cipher.
struct Blocks<S: Suite>(Array<Array<u8, S::Size>, S::KeyBlocks>);

impl<S: Suite> Drop for Blocks<S> {
    #[inline]
    fn drop(&mut self) {
        self.0 = Array::default();
        optimization_barrier(&self.0);
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

/// Fills a key with blocks, of which the last may be cut.
#[inline]
fn copy<N: BlockSize>(key: &mut [u8], blocks: &[Array<u8, N>]) {
    for (place, block) in key.chunks_mut(N::USIZE).zip(blocks) {
        place.iter_mut().zip(block).for_each(|(to, from)| *to = *from);
    }
}
