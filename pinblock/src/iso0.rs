//! Format 0: PIN, fill F, combined with the PAN by exclusive or.
//!
//! `0 L P P P P P/F … F F` xor `0 0 0 0` and the PAN's rightmost 12 digits without the check digit, zero-filled on the left.
//! The same as ANSI X9.8, ECI-1 and VISA-1.
//!
//! # Security
//! The block is a function of PIN, PAN and key alone: nothing random is in it. Use one key per transaction, or format 4.
//!
//! Source: ISO 9564-1.

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
/// use pinblock::{Pan, Pin, iso0};
///
/// # fn main() -> Result<(), pinblock::Error> {
/// let block = iso0::encode(&Pin::from_ascii(b"1234")?, &Pan::from_ascii(b"4012345678909")?);
/// assert_eq!(block.expose_bytes(), &[0x04, 0x12, 0x74, 0xED, 0xCB, 0xA9, 0x87, 0x6F]);
/// # Ok(())
/// # }
/// ```
/// Source: ISO 9564-1.
#[inline]
#[must_use]
pub fn encode(pin: &Pin, pan: &Pan) -> ClearBlock<8> {
    let field = pin_field::assemble(CONTROL, pin, FILL) ^ pan.rightmost_12();
    ClearBlock::new(field.to_be_bytes())
}

/// Reads a clear block.
///
/// # Errors
/// [`Error::InvalidBlock`] if the format, the length, a digit or the fill is wrong, as with another PAN.
///
/// # Security
/// The first 2 of the 12 PAN digits meet PIN digits only, and up to 10 do with a long PIN: another PAN that differs there
/// alone may give another PIN.
///
/// Source: ISO 9564-1.
#[inline]
pub fn decode(block: &[u8; 8], pan: &Pan) -> Result<Pin, Error> {
    candidate(block, pan).into_result()
}

#[inline]
pub(crate) fn candidate(block: &[u8; 8], pan: &Pan) -> Candidate {
    let field = u64::from_be_bytes(*block) ^ pan.rightmost_12();
    pin_field::disassemble(field, CONTROL, FillRule::Only(FILL))
}

/// Makes the block and enciphers it.
///
/// # Examples
/// ```
/// use des::{TdesEde2, cipher::KeyInit};
/// use pinblock::{Pan, Pin, iso0};
///
/// # fn main() -> Result<(), pinblock::Error> {
/// let cipher = TdesEde2::new(&0x0123456789ABCDEFFEDCBA9876543210_u128.to_be_bytes().into());
/// let (pin, pan) = (Pin::from_ascii(b"1234")?, Pan::from_ascii(b"4012345678909")?);
///
/// let block = iso0::encipher(&cipher, &pin, &pan);
/// assert_eq!(block, 0xC03D21CDBCB0C58B_u64.to_be_bytes());
/// let received = iso0::decipher(&cipher, &block, &pan)?;
/// assert_eq!(received.expose_digits().as_bytes(), b"1234");
/// # Ok(())
/// # }
/// ```
/// Source: ISO 9564-1.
#[inline]
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
/// # Security
/// A wrong key goes unnoticed now and then, as in all formats: the block has little redundancy.
///
/// Source: ISO 9564-1.
#[inline]
pub fn decipher<C>(cipher: &C, block: &[u8; 8], pan: &Pan) -> Result<Pin, Error>
where
    C: BlockCipherDecrypt<BlockSize = U8>,
{
    decode(ClearBlock::decipher(cipher, block).expose_bytes(), pan)
}
