use super::Padding;
use super::chain::Chain;
use super::tag::{self, Tag};
use crate::Error;
use cipher::{Block, BlockCipherEncrypt, BlockSizeUser, KeyInit};
use core::fmt;
use des::Des;
use zeroize::ZeroizeOnDrop;

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
#[doc(alias("CBC-MAC", "algorithm 1"))]
pub struct CbcMac<C: BlockSizeUser> {
    pub(super) chain: Chain<C>,
    len: u64,
    padding: Padding,
}

impl CbcMac<Des> {
    /// Begins the MAC of ANSI X9.9 and FIPS 113: with DES and zeros at the end. UnionPay's CBC mode is this one, too.
    ///
    /// # Security
    /// The key has 56 bits: enough against nobody who pays for a search. It is here for who has to speak to such a
    /// host; [`RetailMac::x9_19`](super::RetailMac::x9_19) is its successor.
    ///
    /// # Errors
    /// [`Error::KeyLength`]: the key is not of 8 bytes.
    ///
    /// # Examples
    /// ```
    /// # fn main() -> Result<(), dukpt::Error> {
    /// use dukpt::mac::CbcMac;
    /// use hex_literal::hex;
    ///
    /// let mac = CbcMac::x9_9(&hex!("0123456789ABCDEF"))?.chain("7654321 Now is the time for ").finalize(4)?;
    /// assert_eq!(mac.as_bytes(), hex!("F1D30F68"));
    /// # Ok(()) }
    /// ```
    ///
    /// Source: FIPS 113; ANSI X9.9.
    #[doc(alias("X9.9", "ANSI X9.9", "DAA", "FIPS 113"))]
    pub fn x9_9(key: &[u8]) -> Result<Self, Error> {
        Self::new(key, Padding::Method1)
    }
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
    #[inline]
    pub fn with_cipher(cipher: C, padding: Padding) -> Self {
        let mut chain = Chain::new(cipher);
        if let Padding::Method3 { data_len } = padding {
            // A length that does not fit into 8 bytes is more data than anyone can feed.
            let bits = (u128::from(data_len) << 3).to_be_bytes();
            chain.state.iter_mut().rev().zip(bits.iter().rev()).for_each(|(to, from)| *to = *from);
            chain.end_block();
        }
        Self { chain, len: 0, padding }
    }
}

impl<C: BlockCipherEncrypt> CbcMac<C> {
    /// Takes more data.
    pub fn update(&mut self, data: &[u8]) {
        self.len = self.len.saturating_add(u64::try_from(data.len()).unwrap_or(u64::MAX));
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
        self.check_len()?;
        Tag::new(self.output(), len)
    }

    /// Ends the data and verifies that `mac` is the leftmost `len` bytes of its MAC, in constant time.
    ///
    /// # Errors
    /// [`Error::DataLength`]: the data was not as long as [`Padding::Method3`] announced.
    /// [`Error::MacLength`]: `len` is under 4 or over a block.
    /// [`Error::MacMismatch`]: `mac` is another one, or not `len` bytes long.
    pub fn verify(mut self, mac: &[u8], len: usize) -> Result<(), Error> {
        self.check_len()?;
        tag::verify(self.output(), mac, len)
    }

    /// Whether the data is as long as was announced.
    pub(super) fn check_len(&self) -> Result<(), Error> {
        match self.padding {
            Padding::Method3 { data_len } if data_len != self.len => Err(Error::DataLength),
            _ => Ok(()),
        }
    }

    /// Pads the data and enciphers the last block.
    pub(super) fn output(&mut self) -> &Block<C> {
        if self.padding == Padding::Method2 {
            if self.chain.is_whole() {
                self.chain.end_block();
            }
            self.chain.mark(0x80);
        }
        self.chain.end_block();
        &self.chain.state
    }

    /// Forgets the data. What a length announced in front is forgotten, too: only for paddings without one.
    pub(super) fn reset(&mut self) {
        self.chain.reset();
        self.len = 0;
    }
}

impl<C: BlockSizeUser> fmt::Debug for CbcMac<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CbcMac")
    }
}
