use super::Padding;
use super::tag::{self, Tag};
use crate::Error;
use cipher::array::Array;
use cipher::{Block, BlockCipherEncrypt, BlockSizeUser, KeyInit};
use core::fmt;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// CBC-MAC over any block cipher: ISO/IEC 9797-1 algorithm 1.
///
/// # Security
/// Safe only where all data has one length, or its length is part of it in front: with
/// [`Padding::Method1`] or [`Padding::Method2`] a MAC can be extended by who sees two of them.
///
/// # Examples
/// ```
/// # fn main() -> Result<(), dukpt::Error> {
/// use dukpt::mac::{CbcMac, Padding};
///
/// let padding = Padding::Method3 { data_len: 7 };
/// let mac = CbcMac::<aes::Aes128>::new(&[0x42; 16], padding)?.chain("message").finalize(8)?;
/// # Ok(()) }
/// ```
///
/// Source: ISO/IEC 9797-1:2011.
pub struct CbcMac<C: BlockSizeUser> {
    pub(super) cipher: C,
    pub(super) state: Block<C>,
    /// Bytes of the state's block that data is already in; less than a block.
    filled: usize,
    len: u64,
    padding: Padding,
}

impl<C: BlockCipherEncrypt + ZeroizeOnDrop> CbcMac<C> {
    /// Begins a MAC.
    ///
    /// # Errors
    /// [`Error::KeyLength`]: the cipher does not take a key of this length.
    pub fn new(key: &[u8], padding: Padding) -> Result<Self, Error>
    where
        C: KeyInit,
    {
        let cipher = C::new_from_slice(key).map_err(|_| Error::KeyLength)?;
        Ok(Self::with_cipher(cipher, padding))
    }

    /// Begins a MAC under a cipher that has its key already and wipes it when dropped.
    #[must_use]
    pub fn with_cipher(cipher: C, padding: Padding) -> Self {
        let mut state = Block::<C>::default();
        if let Padding::Method3 { data_len } = padding {
            // A length that does not fit into 8 bytes is more data than anyone can feed.
            let bits = (u128::from(data_len) << 3).to_be_bytes();
            state.iter_mut().rev().zip(bits.iter().rev()).for_each(|(to, from)| *to = *from);
            cipher.encrypt_block(&mut state);
        }
        Self { cipher, state, filled: 0, len: 0, padding }
    }
}

impl<C: BlockCipherEncrypt> CbcMac<C> {
    /// Takes more data.
    pub fn update(&mut self, data: &[u8]) {
        self.len = self.len.saturating_add(u64::try_from(data.len()).unwrap_or(u64::MAX));
        let missing = C::block_size().saturating_sub(self.filled);
        let (head, data) = match self.filled {
            0 => (&[][..], data),
            _ => data.split_at_checked(missing).unwrap_or((data, &[])),
        };
        self.absorb(head);
        let (blocks, tail) = Array::<u8, C::BlockSize>::slice_as_chunks(data);
        for block in blocks {
            self.state.iter_mut().zip(block).for_each(|(byte, other)| *byte ^= other);
            self.cipher.encrypt_block(&mut self.state);
        }
        self.absorb(tail);
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
        self.pad()?;
        Tag::new(&self.state, len)
    }

    /// Ends the data and verifies that `mac` is the leftmost `len` bytes of its MAC, in constant time.
    ///
    /// # Errors
    /// [`Error::DataLength`]: the data was not as long as [`Padding::Method3`] announced.
    /// [`Error::MacLength`]: `len` is under 4 or over a block.
    /// [`Error::MacMismatch`]: `mac` is another one, or not `len` bytes long.
    pub fn verify(mut self, mac: &[u8], len: usize) -> Result<(), Error> {
        self.pad()?;
        tag::verify(&self.state, mac, len)
    }

    /// Ends the data; the state is then the MAC.
    pub(super) fn pad(&mut self) -> Result<(), Error> {
        match self.padding {
            Padding::Method2 => {
                self.state.iter_mut().skip(self.filled).take(1).for_each(|byte| *byte ^= 0x80);
                self.cipher.encrypt_block(&mut self.state);
            }
            Padding::Method3 { data_len } if data_len != self.len => return Err(Error::DataLength),
            // Zeros change nothing in the state, but what they fill up is a block.
            Padding::Method1 | Padding::Method3 { .. } => {
                if self.filled > 0 || self.len == 0 {
                    self.cipher.encrypt_block(&mut self.state);
                }
            }
        }
        Ok(())
    }

    /// Takes at most what is missing to a whole block.
    #[inline]
    fn absorb(&mut self, data: &[u8]) {
        self.state.iter_mut().skip(self.filled).zip(data).for_each(|(byte, other)| *byte ^= other);
        self.filled = self.filled.saturating_add(data.len());
        if self.filled >= C::block_size() {
            self.cipher.encrypt_block(&mut self.state);
            self.filled = 0;
        }
    }
}

impl<C: BlockSizeUser> fmt::Debug for CbcMac<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CbcMac")
    }
}

impl<C: BlockSizeUser> Drop for CbcMac<C> {
    fn drop(&mut self) {
        self.state.zeroize();
    }
}
