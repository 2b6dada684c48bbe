use super::chain::{fill, xor};
use super::tag::Tag;
use crate::Error;
use cipher::array::Array;
use cipher::consts::{U8, U16};
use cipher::{Block, BlockCipherEncrypt, BlockSizeUser, KeyInit};
use core::fmt;
use subtle::ConstantTimeEq;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// UnionPay's ECB MAC: 8 hexadecimal characters, which carry the first 4 bytes of the cipher's output.
///
/// The data, filled up with zeros, are xored block by block into one block. As upper-case hexadecimal characters that
/// block is two blocks: the first is enciphered, the second xored to the output, and that enciphered. The first 8
/// characters of the result are the MAC. Field 64 carries their ASCII codes.
///
/// With DES or triple DES as `C`. Terminals that use ANSI X9.9 instead want [`CbcMac::x9_9`](super::CbcMac::x9_9).
///
/// # Security
/// Weak by its making, and here because the network wants it: before a key comes in, the data are xored, so blocks
/// that change places, or one more pair of equal blocks, leave the MAC as it is. All 8 characters are always verified: they
/// are no more than 4 bytes.
///
/// # Examples
/// ```
/// # fn main() -> Result<(), dukpt::Error> {
/// use dukpt::mac::UnionPayMac;
/// use hex_literal::hex;
///
/// let data = hex!("11121314151617182827262524232221313233343536373844434241");
/// let mac = UnionPayMac::<des::Des>::new(&[0x33; 8])?.chain(data).finalize();
/// assert_eq!(mac.as_bytes(), b"91D1BEC1");
/// UnionPayMac::<des::Des>::new(&[0x33; 8])?.chain(data).verify(mac.as_bytes())?;
/// # Ok(()) }
/// ```
///
/// Source: public descriptions of the MAC of UnionPay's terminals (blog.51cto.com/xiaohaiwa/5379715) and the published
/// result of a PIN pad's demonstration program. That is with DES; of triple DES the descriptions only say that it serves, too.
#[doc(alias("ECB MAC", "China UnionPay", "CUP"))]
pub struct UnionPayMac<C: BlockSizeUser> {
    cipher: C,
    state: Block<C>,
    filled: usize,
}

impl<C: BlockCipherEncrypt<BlockSize = U8> + ZeroizeOnDrop> UnionPayMac<C> {
    /// Begins a MAC.
    ///
    /// # Errors
    /// [`Error::KeyLength`]: the cipher does not take a key of this length.
    pub fn new(key: &[u8]) -> Result<Self, Error>
    where
        C: KeyInit,
    {
        C::new_from_slice(key).map(Self::with_cipher).map_err(|_| Error::KeyLength)
    }

    /// Begins a MAC under a cipher that has its key already and wipes it when dropped.
    #[must_use]
    #[inline]
    pub fn with_cipher(cipher: C) -> Self {
        Self::begin(cipher)
    }
}

impl<C: BlockCipherEncrypt<BlockSize = U16> + ZeroizeOnDrop> UnionPayMac<C> {
    /// Begins the same MAC over a cipher with blocks of 16 bytes, SM4: **no public vector confirms it**.
    ///
    /// # Errors
    /// [`Error::KeyLength`]: the cipher does not take a key of this length.
    pub fn new_unverified(key: &[u8]) -> Result<Self, Error>
    where
        C: KeyInit,
    {
        C::new_from_slice(key).map(Self::with_cipher_unverified).map_err(|_| Error::KeyLength)
    }

    /// Begins the same MAC under a cipher with blocks of 16 bytes, SM4, which has its key already and wipes it when
    /// dropped: **no public vector confirms it**.
    #[must_use]
    #[inline]
    pub fn with_cipher_unverified(cipher: C) -> Self {
        Self::begin(cipher)
    }
}

impl<C: BlockCipherEncrypt> UnionPayMac<C> {
    #[inline]
    fn begin(cipher: C) -> Self {
        Self { cipher, state: Block::<C>::default(), filled: 0 }
    }

    /// Takes more data.
    pub fn update(&mut self, data: &[u8]) {
        let data = match self.filled {
            0 => data,
            _ => fill(&mut self.state, &mut self.filled, data),
        };
        if data.is_empty() {
            return;
        }
        let (blocks, tail) = Array::<u8, C::BlockSize>::slice_as_chunks(data);
        blocks.iter().for_each(|block| xor(&mut self.state, block));
        self.filled = 0;
        fill(&mut self.state, &mut self.filled, tail);
    }

    /// Takes more data and hands itself back.
    #[must_use]
    #[inline]
    pub fn chain(mut self, data: impl AsRef<[u8]>) -> Self {
        self.update(data.as_ref());
        self
    }

    /// Ends the data and gives the 8 characters of its MAC.
    #[must_use]
    pub fn finalize(mut self) -> Tag {
        Tag::whole(self.output())
    }

    /// Ends the data and verifies that `mac` is the 8 characters of its MAC, in constant time.
    ///
    /// # Errors
    /// [`Error::MacMismatch`]: `mac` is another one, or not 8 bytes long; a lower-case digit is another one.
    pub fn verify(mut self, mac: &[u8]) -> Result<(), Error> {
        if self.output().ct_eq(mac).into() { Ok(()) } else { Err(Error::MacMismatch) }
    }

    pub(super) fn output(&mut self) -> [u8; 8] {
        let (first, second) = self.state.split_at(C::block_size() / 2);
        let mut block = Block::<C>::default();
        let mut text = Block::<C>::default();
        write_hex(first, &mut block);
        write_hex(second, &mut text);
        self.cipher.encrypt_block(&mut block);
        xor(&mut block, &text);
        self.cipher.encrypt_block(&mut block);
        let mut mac = [0; 8];
        write_hex(&block, &mut mac);
        block.zeroize();
        text.zeroize();
        mac
    }

    #[inline]
    pub(super) fn reset(&mut self) {
        self.state.zeroize();
        self.filled = 0;
    }
}

impl<C: BlockSizeUser> fmt::Debug for UnionPayMac<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("UnionPayMac")
    }
}

impl<C: BlockSizeUser> Drop for UnionPayMac<C> {
    fn drop(&mut self) {
        self.state.zeroize();
    }
}

/// As many bytes as the text has room for, as upper-case hexadecimal characters.
fn write_hex(bytes: &[u8], text: &mut [u8]) {
    for ([high, low], byte) in text.as_chunks_mut().0.iter_mut().zip(bytes) {
        *high = digit(byte >> 4);
        *low = digit(byte & 0x0F);
    }
}

/// The character of a nibble, without a branch or a table.
#[inline]
const fn digit(nibble: u8) -> u8 {
    // 16 for A to F. A comparison with 9, however it is written, becomes a branch at opt-level s.
    let carry = nibble.wrapping_add(6) & 16;
    // 8 less 1 is what lies between 9 and A.
    b'0'.wrapping_add(nibble).wrapping_add(carry >> 1).wrapping_sub(carry >> 4)
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::{UnionPayMac, digit};
    use crate::Error;
    use std::format;
    use std::string::ToString;

    #[test]
    fn digits_are_those_of_fmt() {
        for nibble in 0..16 {
            assert_eq!(char::from(digit(nibble)).to_string(), format!("{nibble:X}"));
        }
    }

    #[test]
    fn blocks_that_change_places_leave_it() {
        let mac =
            |data: &[u8]| UnionPayMac::<des::Des>::new(&[0x33; 8]).unwrap().chain(data).finalize();
        let tag = mac(b"firstabcsecondab");
        assert_eq!(tag.as_bytes(), mac(b"secondabfirstabc").as_bytes());
        assert_ne!(tag.as_bytes(), mac(b"firstabdsecondab").as_bytes());
        // Zeros fill up, so they cannot be told from data.
        assert_eq!(mac(b"firstabcsecond").as_bytes(), mac(b"firstabcsecond\0\0").as_bytes());
        assert_eq!(mac(b"").as_bytes(), mac(&[0; 24]).as_bytes());
    }

    #[test]
    fn only_all_eight_characters_verify() {
        let begin = || UnionPayMac::<des::Des>::new(&[0x33; 8]).unwrap().chain("data");
        let tag = begin().finalize();
        assert_eq!(begin().verify(tag.as_bytes()), Ok(()));
        assert!(tag.as_bytes().iter().any(u8::is_ascii_alphabetic));
        let lower = tag.as_bytes().to_ascii_lowercase();
        let longer = [tag.as_bytes(), b"0"].concat();
        for mac in [&tag.as_bytes()[..4], &tag.as_bytes()[..7], &[][..], &lower, &longer] {
            assert_eq!(begin().verify(mac), Err(Error::MacMismatch));
        }
        for bit in 0..64 {
            let mut mac = tag.as_bytes().to_vec();
            mac[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(begin().verify(&mac), Err(Error::MacMismatch));
        }
        assert_eq!(UnionPayMac::<des::Des>::new(&[0; 7]).unwrap_err(), Error::KeyLength);
        assert_eq!(UnionPayMac::<sm4::Sm4>::new_unverified(&[0; 8]).unwrap_err(), Error::KeyLength);
    }
}
