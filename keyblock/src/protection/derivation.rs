//! The keys of a block, KBEK and KBAK, from its KBPK.

use cipher::array::Array;
use cipher::typenum::Unsigned;
use cipher::{BlockCipherEncrypt, KeyInit};
use zeroize::{Zeroize, optimization_barrier};

use super::cmac::Subkeys;
use super::suite::{BlockSize, Suite};
use crate::{Error, Version};

/// The longest key.
const MAX_KEY_LEN: usize = 32;
/// The most blocks of the cipher that two keys fill: three of TDES each.
const MAX_BLOCKS: usize = 6;

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
        let cipher = S::Encryptor::new_from_slice(kbpk).map_err(|_| Error::KbpkLength)?;
        let subkeys = Subkeys::<S::Size>::new(&cipher);
        let mut blocks: [Array<u8, S::Size>; MAX_BLOCKS] = Default::default();
        let count = S::KEY_LEN.div_ceil(S::Size::USIZE);
        let [bits_high, bits_low] = S::KEY_BITS.to_be_bytes();
        let (encryption, rest) = blocks.split_at_mut_checked(count).ok_or(Error::KbpkLength)?;
        let (authentication, _) = rest.split_at_mut_checked(count).ok_or(Error::KbpkLength)?;
        for (usage, blocks) in [(encryption_usage, encryption), (1, authentication)] {
            for (counter, block) in (1..).zip(blocks) {
                let data = [counter, 0, usage, 0, 0, S::CODE, bits_high, bits_low];
                subkeys.finish(block, &data);
            }
        }
        let used = blocks.get_mut(..count.saturating_mul(2)).unwrap_or_default();
        cipher.encrypt_blocks(used);
        let (encryption, authentication) = used.split_at_checked(count).ok_or(Error::KbpkLength)?;
        copied(&mut self.encryption, encryption);
        copied(&mut self.authentication, authentication);
        blocks.iter_mut().for_each(|block| block.zeroize());
        Ok(())
    }

    /// The KBEK.
    #[inline]
    pub(super) fn encryption<S: Suite>(&self) -> &[u8] {
        self.encryption.get(..S::KEY_LEN).unwrap_or_default()
    }

    /// The KBAK.
    #[inline]
    pub(super) fn authentication<S: Suite>(&self) -> &[u8] {
        self.authentication.get(..S::KEY_LEN).unwrap_or_default()
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

fn xored(key: &mut [u8; MAX_KEY_LEN], kbpk: &[u8], variant: u8) {
    key.iter_mut().zip(kbpk).for_each(|(to, from)| *to = from ^ variant);
}

fn copied<N: BlockSize>(key: &mut [u8; MAX_KEY_LEN], blocks: &[Array<u8, N>]) {
    key.iter_mut().zip(blocks.iter().flatten()).for_each(|(to, from)| *to = *from);
}
