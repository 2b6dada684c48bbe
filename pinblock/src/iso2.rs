//! Format 2: PIN and fill F, for a PIN that goes from a PIN pad to a chip card.
//!
//! `2 L P P P P P/F … F F`
//!
//! # Security
//! Neither a PAN nor anything random is in the block: under one key, one PIN gives one cipher text. ISO 9564 wants it between
//! PIN pad and card only; never send it to a host.
//!
//! Source: ISO 9564-1.

use cipher::{BlockCipherDecrypt, BlockCipherEncrypt, consts::U8};

use crate::{
    ClearBlock, Error, Pin,
    pin_field::{self, Candidate, FillRule},
};

const CONTROL: u8 = 2;
const FILL: u64 = u64::MAX;

/// Makes the clear block.
///
/// # Examples
/// ```
/// use pinblock::{Pin, iso2};
///
/// # fn main() -> Result<(), pinblock::Error> {
/// let block = iso2::encode(&Pin::from_ascii(b"34567")?);
/// assert_eq!(block.expose_bytes(), &[0x25, 0x34, 0x56, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF]);
/// # Ok(())
/// # }
/// ```
/// Source: ISO 9564-1.
#[inline]
#[must_use]
pub fn encode(pin: &Pin) -> ClearBlock<8> {
    ClearBlock::new(pin_field::assemble(CONTROL, pin, FILL).to_be_bytes())
}

/// Reads a clear block.
///
/// # Errors
/// [`Error::InvalidBlock`] if the format, the length, a digit or the fill is wrong.
///
/// Source: ISO 9564-1.
#[inline]
pub fn decode(block: &[u8; 8]) -> Result<Pin, Error> {
    candidate(block).into_result()
}

#[inline]
pub(crate) fn candidate(block: &[u8; 8]) -> Candidate {
    pin_field::disassemble(u64::from_be_bytes(*block), CONTROL, FillRule::Only(FILL))
}

/// Makes the block and enciphers it.
///
/// # Security
/// Deterministic: see the module's.
///
/// Source: ISO 9564-1.
#[inline]
#[must_use]
pub fn encipher<C>(cipher: &C, pin: &Pin) -> [u8; 8]
where
    C: BlockCipherEncrypt<BlockSize = U8>,
{
    encode(pin).encipher(cipher)
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
