//! Format 3: PIN and random fill of A to F, combined with the PAN by exclusive or.
//!
//! `3 L P P P P P/R … R R` xor `0 0 0 0` and the PAN's rightmost 12 digits without the check digit, zero-filled on the left.
//! R is A to F.
//!
//! Source: ISO 9564-1.

use cipher::{BlockCipherDecrypt, BlockCipherEncrypt, consts::U8};
use rand_core::TryCryptoRng;

use crate::{
    ClearBlock, Error, Pan, Pin, fill,
    pin_field::{self, Candidate, FillRule},
};

const CONTROL: u8 = 3;

/// Makes the clear block, its fill drawn from `rng`.
///
/// # Errors
/// [`Error::Rng`] if the generator fails.
///
/// Source: ISO 9564-1.
pub fn encode<R>(pin: &Pin, pan: &Pan, rng: &mut R) -> Result<ClearBlock<8>, Error>
where
    R: TryCryptoRng + ?Sized,
{
    Ok(assemble(pin, pan, fill::random_letters(rng)?))
}

/// Makes the clear block with a fill of 14 less the PIN's length nibbles, one a byte, A to F.
///
/// # Errors
/// [`Error::FillLength`] if there are more or fewer; [`Error::FillValue`] if one is not A to F.
///
/// # Security
/// For tests and for talking to hardware that draws the fill: a fill that repeats shows which PINs are the same.
///
/// # Examples
/// ```
/// use pinblock::{Pan, Pin, iso3};
///
/// # fn main() -> Result<(), pinblock::Error> {
/// let (pin, pan) = (Pin::from_ascii(b"1234")?, Pan::from_ascii(b"5432101234567890")?);
/// let block = iso3::encode_with_fill(&pin, &pan, &[0xA; 10])?;
/// assert_eq!(block.expose_bytes(), &[0x34, 0x12, 0x15, 0xAB, 0x89, 0xEF, 0xCD, 0x23]);
/// # Ok(())
/// # }
/// ```
/// Source: ISO 9564-1.
pub fn encode_with_fill(pin: &Pin, pan: &Pan, fill: &[u8]) -> Result<ClearBlock<8>, Error> {
    let count = 14_u8.saturating_sub(pin.length());
    Ok(assemble(pin, pan, fill::given(fill, count, 0xA)?))
}

fn assemble(pin: &Pin, pan: &Pan, fill: u64) -> ClearBlock<8> {
    let field = pin_field::assemble(CONTROL, pin, fill) ^ pan.rightmost_12();
    ClearBlock::new(field.to_be_bytes())
}

/// Reads a clear block.
///
/// # Errors
/// [`Error::InvalidBlock`] if the format, the length, a digit or the fill is wrong, as with another PAN.
///
/// # Security
/// Another PAN may give another PIN, or the same one: only digits and fill that leave their ranges are noticed.
///
/// Source: ISO 9564-1.
#[inline]
pub fn decode(block: &[u8; 8], pan: &Pan) -> Result<Pin, Error> {
    candidate(block, pan).into_result()
}

#[inline]
pub(crate) fn candidate(block: &[u8; 8], pan: &Pan) -> Candidate {
    let field = u64::from_be_bytes(*block) ^ pan.rightmost_12();
    pin_field::disassemble(field, CONTROL, FillRule::Letters)
}

/// Makes the block, its fill drawn from `rng`, and enciphers it.
///
/// # Errors
/// [`Error::Rng`] if the generator fails.
///
/// Source: ISO 9564-1.
pub fn encipher<C, R>(cipher: &C, pin: &Pin, pan: &Pan, rng: &mut R) -> Result<[u8; 8], Error>
where
    C: BlockCipherEncrypt<BlockSize = U8>,
    R: TryCryptoRng + ?Sized,
{
    Ok(encode(pin, pan, rng)?.encipher(cipher))
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
pub fn encipher_with_fill<C>(
    cipher: &C,
    pin: &Pin,
    pan: &Pan,
    fill: &[u8],
) -> Result<[u8; 8], Error>
where
    C: BlockCipherEncrypt<BlockSize = U8>,
{
    Ok(encode_with_fill(pin, pan, fill)?.encipher(cipher))
}

/// Deciphers a block and reads it.
///
/// # Errors
/// [`Error::InvalidBlock`] if this gives no PIN, whatever the reason.
///
/// Source: ISO 9564-1.
#[inline]
pub fn decipher<C>(cipher: &C, block: &[u8; 8], pan: &Pan) -> Result<Pin, Error>
where
    C: BlockCipherDecrypt<BlockSize = U8>,
{
    decode(ClearBlock::decipher(cipher, block).expose_bytes(), pan)
}
