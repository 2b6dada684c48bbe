//! Format 1: PIN and random fill, for when no PAN is known.
//!
//! `1 L P P P P P/R … R R`, where R is any nibble.
//!
//! # Security
//! Nothing ties the block to a card. ISO 9564 wants it only where the PAN is not available.
//!
//! Source: ISO 9564-1.

use cipher::{BlockCipherDecrypt, BlockCipherEncrypt, consts::U8};
use rand_core::TryCryptoRng;

use crate::{
    ClearBlock, Error, Pin, fill,
    pin_field::{self, Candidate, FillRule},
};

const CONTROL: u8 = 1;

/// Makes the clear block, its fill drawn from `rng`.
///
/// # Errors
/// [`Error::Rng`] if the generator fails.
///
/// Source: ISO 9564-1.
pub fn encode<R>(pin: &Pin, rng: &mut R) -> Result<ClearBlock<8>, Error>
where
    R: TryCryptoRng + ?Sized,
{
    Ok(assemble(pin, u64::from_be_bytes(fill::random(rng)?)))
}

/// Makes the clear block with a fill of 14 less the PIN's length nibbles, one a byte, 0 to F.
///
/// # Errors
/// [`Error::FillLength`] if there are more or fewer; [`Error::FillValue`] if one is above F.
///
/// # Security
/// For tests and for talking to hardware that draws the fill: a fill that repeats shows which PINs are the same.
///
/// # Examples
/// ```
/// use pinblock::{Pin, iso1};
///
/// # fn main() -> Result<(), pinblock::Error> {
/// let pin = Pin::from_ascii(b"12345")?;
/// let block = iso1::encode_with_fill(&pin, &[0xE, 0xD, 0xC, 0xB, 0xA, 9, 8, 7, 6])?;
/// assert_eq!(block.expose_bytes(), &[0x15, 0x12, 0x34, 0x5E, 0xDC, 0xBA, 0x98, 0x76]);
/// # Ok(())
/// # }
/// ```
/// Source: ISO 9564-1.
pub fn encode_with_fill(pin: &Pin, fill: &[u8]) -> Result<ClearBlock<8>, Error> {
    let count = 14_u8.saturating_sub(pin.length());
    Ok(assemble(pin, fill::given(fill, count, 0)?))
}

fn assemble(pin: &Pin, fill: u64) -> ClearBlock<8> {
    ClearBlock::new(pin_field::assemble(CONTROL, pin, fill).to_be_bytes())
}

/// Reads a clear block.
///
/// # Errors
/// [`Error::InvalidBlock`] if the format, the length or a digit is wrong.
///
/// Source: ISO 9564-1.
#[inline]
pub fn decode(block: &[u8; 8]) -> Result<Pin, Error> {
    candidate(block).into_result()
}

#[inline]
pub(crate) fn candidate(block: &[u8; 8]) -> Candidate {
    pin_field::disassemble(u64::from_be_bytes(*block), CONTROL, FillRule::Any)
}

/// Makes the block, its fill drawn from `rng`, and enciphers it.
///
/// # Errors
/// [`Error::Rng`] if the generator fails.
///
/// Source: ISO 9564-1.
pub fn encipher<C, R>(cipher: &C, pin: &Pin, rng: &mut R) -> Result<[u8; 8], Error>
where
    C: BlockCipherEncrypt<BlockSize = U8>,
    R: TryCryptoRng + ?Sized,
{
    Ok(encode(pin, rng)?.encipher(cipher))
}

/// Makes the block with a given fill, as [`encode_with_fill`] does, and enciphers it.
///
/// # Errors
/// Those of [`encode_with_fill`].
///
/// # Security
/// As with [`encode_with_fill`].
///
/// Source: ISO 9564-1.
pub fn encipher_with_fill<C>(cipher: &C, pin: &Pin, fill: &[u8]) -> Result<[u8; 8], Error>
where
    C: BlockCipherEncrypt<BlockSize = U8>,
{
    Ok(encode_with_fill(pin, fill)?.encipher(cipher))
}

/// Deciphers a block and reads it.
///
/// # Errors
/// [`Error::InvalidBlock`] if this gives no PIN, whatever the reason.
///
/// Source: ISO 9564-1.
#[inline]
pub fn decipher<C>(cipher: &C, block: &[u8; 8]) -> Result<Pin, Error>
where
    C: BlockCipherDecrypt<BlockSize = U8>,
{
    decode(ClearBlock::decipher(cipher, block).expose_bytes())
}
