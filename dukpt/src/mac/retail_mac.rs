use super::chain::Chain;
use super::tag::{self, Tag};
use super::{CbcMac, Padding};
use crate::Error;
use cipher::array::Array;
use cipher::consts::U16;
use cipher::{Block, BlockCipherDecrypt, BlockCipherEncrypt, BlockSizeUser, KeyInit};
use core::fmt;
use des::Des;
use zeroize::ZeroizeOnDrop;

/// The retail MAC: ISO/IEC 9797-1 algorithm 3, which with DES is that of ANSI X9.19.
///
/// Every block is enciphered under the first key; the last output is then deciphered under the second and
/// enciphered under the first.
///
/// Source: ISO/IEC 9797-1:2011.
#[doc(alias("ANSI X9.19", "algorithm 3"))]
pub struct RetailMac<C: BlockSizeUser = Des> {
    chain: CbcMac<C>,
    second: C,
}

impl RetailMac {
    /// Begins the MAC of ANSI X9.19: with DES and zeros at the end; the key is of 16 bytes.
    ///
    /// # Errors
    /// [`Error::KeyLength`]: the key is not of 16 bytes.
    ///
    /// Source: ANSI X9.19; ISO/IEC 9797-1:2011.
    #[doc(alias("X9.19", "ANSI X9.19"))]
    pub fn x9_19(key: &[u8]) -> Result<Self, Error> {
        Self::new(key, Padding::Method1)
    }

    /// Begins a retail MAC with DES; the key is of 16 bytes, the first key's before the second's.
    ///
    /// # Errors
    /// [`Error::KeyLength`]: the key is not of 16 bytes.
    pub fn new(key: &[u8], padding: Padding) -> Result<Self, Error> {
        let key = key.try_into().map_err(|_| Error::KeyLength)?;
        Ok(Self::from_key(key, padding))
    }

    pub(crate) fn from_key(key: &[u8; 16], padding: Padding) -> Self {
        let (first, second) = <&Array<u8, U16>>::from(key).split_ref();
        // One key schedule after the other, each where it stays: a copy of each would be a fourth of a small terminal's stack.
        let chain = CbcMac::with_cipher(Des::new(first), padding);
        Self { chain, second: Des::new(second) }
    }
}

impl<C: BlockCipherEncrypt + BlockCipherDecrypt> RetailMac<C> {
    /// Begins a MAC under two ciphers that have their keys already and wipe them when dropped.
    #[must_use]
    pub fn with_ciphers(first: C, second: C, padding: Padding) -> Self
    where
        C: ZeroizeOnDrop,
    {
        Self { chain: CbcMac::with_cipher(first, padding), second }
    }

    /// Takes more data.
    #[inline]
    pub fn update(&mut self, data: &[u8]) {
        self.chain.update(data);
    }

    /// Takes more data and hands itself back.
    #[must_use]
    #[inline]
    pub fn chain(mut self, data: impl AsRef<[u8]>) -> Self {
        self.update(data.as_ref());
        self
    }

    /// Ends the data and gives the leftmost `len` bytes of its MAC.
    ///
    /// # Errors
    /// [`Error::DataLength`]: the data was not as long as [`Padding::Method3`] announced.
    /// [`Error::MacLength`]: `len` is under 4 or over a block.
    pub fn finalize(mut self, len: usize) -> Result<Tag, Error> {
        self.chain.check_len()?;
        Tag::new(self.output(), len)
    }

    /// Ends the data and verifies that `mac` is the leftmost `len` bytes of its MAC, in constant time.
    ///
    /// # Errors
    /// [`Error::DataLength`]: the data was not as long as [`Padding::Method3`] announced.
    /// [`Error::MacLength`]: `len` is under 4 or over a block.
    /// [`Error::MacMismatch`]: `mac` is another one, or not `len` bytes long.
    pub fn verify(mut self, mac: &[u8], len: usize) -> Result<(), Error> {
        self.chain.check_len()?;
        tag::verify(self.output(), mac, len)
    }

    /// Pads the data and does the last three steps.
    pub(super) fn output(&mut self) -> &Block<C> {
        let Self { chain, second } = self;
        chain.output();
        let Chain { cipher, state, .. } = &mut chain.chain;
        second.decrypt_block(state);
        cipher.encrypt_block(state);
        state
    }

    pub(super) fn reset(&mut self) {
        self.chain.reset();
    }
}

impl<C: BlockSizeUser> fmt::Debug for RetailMac<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RetailMac")
    }
}
