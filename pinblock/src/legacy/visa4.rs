//! VISA-4: format 0 with the PAN's leftmost digits. The block of the PLUS network.
//!
//! `0 L P P P P P/F … F F` xor `0 0 0 0` and the leftmost 12 of the PAN's digits before the check digit, zero-filled on the
//! left. Thales calls it format 04.
//!
//! The sources speak of PANs of 13 digits and more; that a shorter one gives the same block as format 0 is a reading of IBM's
//! text, which excludes the check digit.
//!
//! # Security
//! All cards of an issuer share most of the digits that the block is tied to, and nothing in it is random.
//!
//! Source: IBM CCA, ANSI X9.8, programming note on VISA format 4; Thales payShield, PIN block format 04.

use cipher::{BlockCipherDecrypt, BlockCipherEncrypt, consts::U8};

use crate::{
    ClearBlock, Error, Pan, Pin,
    pin_field::{self, Candidate, FillRule},
};

const CONTROL: u8 = 0;
const FILL: u64 = u64::MAX;

/// Makes the clear block.
///
/// # Examples
/// ```
/// use pinblock::{Pan, Pin, legacy::visa4};
///
/// # fn main() -> Result<(), pinblock::Error> {
/// let block = visa4::encode(&Pin::from_ascii(b"1234")?, &Pan::from_ascii(b"4761739001010010")?);
/// assert_eq!(block.expose_bytes(), &[0x04, 0x12, 0x73, 0x9E, 0x8C, 0x6F, 0xFE, 0xFE]);
/// # Ok(())
/// # }
/// ```
/// Source: IBM CCA, ANSI X9.8, programming note on VISA format 4.
#[must_use]
pub fn encode(pin: &Pin, pan: &Pan) -> ClearBlock<8> {
    let field = pin_field::assemble(CONTROL, pin, FILL) ^ pan.leftmost_12();
    ClearBlock::new(field.to_be_bytes())
}

/// Reads a clear block.
///
/// # Errors
/// [`Error::InvalidBlock`] if the format, the length, a digit or the fill is wrong, as with another PAN.
///
/// # Security
/// The first 2 of the 12 PAN digits meet PIN digits only, and up to 10 do with a long PIN; the digits before the check digit
/// do not count at all.
///
/// Source: IBM CCA, ANSI X9.8, programming note on VISA format 4.
#[inline]
pub fn decode(block: &[u8; 8], pan: &Pan) -> Result<Pin, Error> {
    candidate(block, pan).into_result()
}

#[inline]
pub(crate) fn candidate(block: &[u8; 8], pan: &Pan) -> Candidate {
    let field = u64::from_be_bytes(*block) ^ pan.leftmost_12();
    pin_field::disassemble(field, CONTROL, FillRule::Only(FILL))
}

/// Makes the block and enciphers it.
///
/// Source: as [`encode`].
#[must_use]
pub fn encipher<C>(cipher: &C, pin: &Pin, pan: &Pan) -> [u8; 8]
where
    C: BlockCipherEncrypt<BlockSize = U8>,
{
    encode(pin, pan).encipher(cipher)
}

/// Deciphers a block and reads it.
///
/// # Errors
/// [`Error::InvalidBlock`] if this gives no PIN, whatever the reason.
///
/// Source: as [`encode`].
pub fn decipher<C>(cipher: &C, block: &[u8; 8], pan: &Pan) -> Result<Pin, Error>
where
    C: BlockCipherDecrypt<BlockSize = U8>,
{
    decode(ClearBlock::decipher(cipher, block).expose_bytes(), pan)
}
