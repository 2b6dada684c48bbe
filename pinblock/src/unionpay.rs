//! An 8-byte block under a 16-byte cipher: followed by 8 zero bytes, which deciphering checks. UnionPay does so with SM4.
//!
//! UnionPay's blocks without PAN are format 0 for a [`Pan`] of zeros. Format 0 is held by public vectors; for formats 1 to 3,
//! and for legacy formats, there are none, so that nothing verifies them here against another's blocks.
//!
//! # Security
//! With formats 0 and 2 nothing random is in the block. Where you may choose, take format 4 ([`iso4`](crate::iso4)).
//!
//! Source: UnionPay POS terminals; GB/T 32907 for SM4.

use cipher::{BlockCipherDecrypt, BlockCipherEncrypt, consts::U16};
use rand_core::TryCryptoRng;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::{ClearBlock, Error, Format, Pan, Pin};

mod by_size;

pub(crate) use by_size::BySize;

/// Makes a block of any format but 4, its fill drawn from `rng` where the format has one, and enciphers it with 8 zero bytes.
///
/// # Errors
/// Those of [`Format::encode`].
///
/// # Examples
/// ```
/// use pinblock::{Format, Pan, Pin, unionpay};
/// use sm4::{Sm4, cipher::KeyInit};
///
/// # fn main() -> Result<(), pinblock::Error> {
/// # let mut rng = getrandom::SysRng;
/// let cipher = Sm4::new(&0xF351D490994603795C6EBEE8FAEBB481_u128.to_be_bytes().into());
/// let pin = Pin::from_ascii(b"123654")?;
/// let pan = Pan::from_ascii(b"6230606601007726888")?;
///
/// let block = unionpay::encipher(&cipher, Format::Iso0, &pin, Some(&pan), &mut rng)?;
/// assert_eq!(block, 0xE639B7346D93D4ECE1E991CDCC84936E_u128.to_be_bytes());
/// let received = unionpay::decipher(&cipher, Format::Iso0, &block, Some(&pan))?;
/// assert_eq!(received.expose_digits().as_bytes(), b"123654");
/// # Ok(())
/// # }
/// ```
/// Source: UnionPay POS terminals.
pub fn encipher<C, R>(
    cipher: &C,
    format: Format,
    pin: &Pin,
    pan: Option<&Pan>,
    rng: &mut R,
) -> Result<[u8; 16], Error>
where
    C: BlockCipherEncrypt<BlockSize = U16>,
    R: TryCryptoRng + ?Sized,
{
    Ok(followed_by_zeros(cipher, &format.encode(pin, pan, rng)?))
}

/// Makes a block of any format but 4 with a given fill and enciphers it with 8 zero bytes.
///
/// # Errors
/// Those of [`Format::encode_with_fill`].
///
/// # Security
/// For tests: a fill that repeats shows which PINs are the same.
///
/// Source: UnionPay POS terminals.
pub fn encipher_with_fill<C>(
    cipher: &C,
    format: Format,
    pin: &Pin,
    pan: Option<&Pan>,
    fill: &[u8],
) -> Result<[u8; 16], Error>
where
    C: BlockCipherEncrypt<BlockSize = U16>,
{
    Ok(followed_by_zeros(cipher, &format.encode_with_fill(pin, pan, fill)?))
}

fn followed_by_zeros<C>(cipher: &C, clear: &ClearBlock<8>) -> [u8; 16]
where
    C: BlockCipherEncrypt<BlockSize = U16>,
{
    let clear = u128::from(u64::from_be_bytes(*clear.expose_bytes()));
    let mut block = (clear << 64).to_be_bytes();
    cipher.encrypt_block((&mut block).into());
    block
}

/// Deciphers a block, checks the 8 zero bytes and reads the block before them.
///
/// # Errors
/// [`Error::InvalidBlock`] if this gives no PIN, whatever the reason; [`Error::PanMissing`] and
/// [`Error::UnsupportedFormat`] as [`Format::decode`].
///
/// Source: UnionPay POS terminals.
pub fn decipher<C>(
    cipher: &C,
    format: Format,
    block: &[u8; 16],
    pan: Option<&Pan>,
) -> Result<Pin, Error>
where
    C: BlockCipherDecrypt<BlockSize = U16>,
{
    let mut clear = Zeroizing::new(*block);
    cipher.decrypt_block((&mut *clear).into());
    let [head @ .., _, _, _, _, _, _, _, _] = &*clear;
    let [_, _, _, _, _, _, _, _, tail @ ..] = &*clear;
    format.candidate(head, pan)?.require(tail.ct_eq(&[0; 8])).into_result()
}
