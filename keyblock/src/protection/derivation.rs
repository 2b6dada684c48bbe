//! The keys of a block, KBEK and KBAK, from its KBPK.

use core::marker::PhantomData;

use cipher::array::Array;
use cipher::typenum::Unsigned;
use cipher::{BlockCipherEncBackend, BlockCipherEncClosure, BlockCipherEncrypt, BlockSizeUser};
use zeroize::optimization_barrier;

use super::cmac::{Subkeys, wipe};
use super::suite::Suite;
use crate::{Error, Version};

/// The longest key.
const MAX_KEY_LEN: usize = 32;

/// What the standard xors to a KBPK for the enciphering key and the MAC key of versions A and C: `E` and `M`.
const VARIANTS: [u8; 2] = [0x45, 0x4D];

/// The two keys that protect a block.
pub(super) struct BlockKeys {
    encryption: [u8; MAX_KEY_LEN],
    authentication: [u8; MAX_KEY_LEN],
}

impl BlockKeys {
    /// Makes the keys of a version from a KBPK of the suite's length.
    ///
    /// Versions B, D and E: each key is CMACs under the KBPK, one after the other, of 8 bytes: a counter from 1, two of the key's
    /// usage (0000 encryption in CBC mode, 0001 MAC, 0002 encryption in CTR mode), 00, two of the algorithm, and two of the key's length in bits.
    ///
    /// Source: ANSI X9.143:2021; ASC X9 TR 31-2018, A.7; ISO 20038:2017.
    #[inline(never)]
    pub(super) fn new<S: Suite>(kbpk: &[u8], version: Version) -> Result<Self, Error> {
        let mut keys = Self { encryption: [0; MAX_KEY_LEN], authentication: [0; MAX_KEY_LEN] };
        match version {
            Version::A | Version::C => {
                let [encryption, authentication] = VARIANTS;
                xored(&mut keys.encryption, kbpk, encryption);
                xored(&mut keys.authentication, kbpk, authentication);
            }
            Version::B | Version::D => keys.derive::<S>(kbpk, 0)?,
            Version::E => keys.derive::<S>(kbpk, 2)?,
        }
        Ok(keys)
    }

    fn derive<S: Suite>(&mut self, kbpk: &[u8], encryption_usage: u8) -> Result<(), Error> {
        encryptor::<S>(kbpk)?.encrypt_with_backend(Derive::<S> {
            keys: self,
            encryption_usage,
            suite: PhantomData,
        });
        Ok(())
    }

    /// The KBEK.
    #[inline]
    pub(super) fn encryption<S: Suite>(&self) -> Result<&Key<S::Encryptor>, Error> {
        key::<S>(self.encryption.get(..S::KEY_LEN).unwrap_or_default())
    }

    /// The KBAK.
    #[inline]
    pub(super) fn authentication<S: Suite>(&self) -> Result<&Key<S::Encryptor>, Error> {
        key::<S>(self.authentication.get(..S::KEY_LEN).unwrap_or_default())
    }
}

impl Drop for BlockKeys {
    #[inline]
    fn drop(&mut self) {
        // As `zeroize` does, but 16 bytes at a time instead of one.
        self.encryption = [0; MAX_KEY_LEN];
        self.authentication = [0; MAX_KEY_LEN];
        optimization_barrier(self);
    }
}

/// Bytes as a key of the suite: a reference, so that no cipher is moved out of a result.
#[inline]
fn key<S: Suite>(bytes: &[u8]) -> Result<&Key<S::Encryptor>, Error> {
    bytes.try_into().map_err(|_| Error::KbpkLength)
}

fn xored(key: &mut [u8; MAX_KEY_LEN], kbpk: &[u8], variant: u8) {
    key.iter_mut().zip(kbpk).for_each(|(to, from)| *to = from ^ variant);
}

/// All CMACs in one call of the cipher, which keeps its key in registers meanwhile.
struct Derive<'k, S> {
    keys: &'k mut BlockKeys,
    encryption_usage: u8,
    suite: PhantomData<S>,
}

impl<S: Suite> BlockSizeUser for Derive<'_, S> {
    type BlockSize = S::Size;
}

impl<S: Suite> BlockCipherEncClosure for Derive<'_, S> {
    #[inline(always)]
    fn call<B: BlockCipherEncBackend<BlockSize = S::Size>>(self, backend: &B) {
        let mut zero = Array::default();
        backend.encrypt_block((&mut zero).into());
        let subkeys = Subkeys::of(zero);
        let [bits_high, bits_low] = S::KEY_BITS.to_be_bytes();
        let mut data = Array::default();
        subkeys.finish(&mut data, &[0, 0, 0, 0, 0, S::CODE, bits_high, bits_low]);
        let BlockKeys { encryption, authentication } = self.keys;
        for (usage, key) in [(self.encryption_usage, encryption), (1, authentication)] {
            let (blocks, _) = Array::<u8, S::Size>::slice_as_chunks_mut(key);
            let count = S::KEY_LEN.div_ceil(S::Size::USIZE);
            for (counter, block) in (1..).zip(blocks.iter_mut().take(count)) {
                *block = data.clone();
                if let [first, _, third, ..] = block.as_mut_slice() {
                    *first ^= counter;
                    *third ^= usage;
                }
                backend.encrypt_block(block.into());
            }
        }
        wipe(&mut data);
    }
}
