//! IBM 4704 encrypting PIN pad: length, PIN, fill F up to 14 nibbles, a sequence number of 1 byte.
//!
//! `L P P P P P/F … P/F F S S`. IBM writes F; another nibble throughout is read, and written when given.
//!
//! # Security
//! What the sequence number is, and whether anyone checks it, is up to PIN pad and host: it is not looked at here.
//!
//! Source: IBM CCA, IBM 4700 Encrypting PINPAD Format.

use cipher::{BlockCipherEncrypt, consts::U8};

use super::repeated::{last, spread};
use crate::{
    ClearBlock, Error, Pin,
    pin_field::{BODY, Candidate, above_nine, after_digits, outside},
};

/// Makes the clear block, filled up with F.
///
/// # Examples
/// ```
/// use pinblock::{Pin, legacy::ibm4704epp};
///
/// # fn main() -> Result<(), pinblock::Error> {
/// let block = ibm4704epp::encode(&Pin::from_ascii(b"12345")?, 0x7A);
/// assert_eq!(block.expose_bytes(), &[0x51, 0x23, 0x45, 0xFF, 0xFF, 0xFF, 0xFF, 0x7A]);
/// # Ok(())
/// # }
/// ```
/// Source: IBM CCA, IBM 4700 Encrypting PINPAD Format.
#[must_use]
pub fn encode(pin: &Pin, sequence: u8) -> ClearBlock<8> {
    assemble(pin, sequence, 0x0F)
}

/// Makes the clear block with one nibble, 0 to F, as fill.
///
/// # Errors
/// [`Error::FillValue`] if the nibble is above F.
///
/// Source: IBM CCA, IBM 4700 Encrypting PINPAD Format, which knows F only.
pub fn encode_with_fill(pin: &Pin, sequence: u8, fill: u8) -> Result<ClearBlock<8>, Error> {
    if fill & 0xF0 == 0 { Ok(assemble(pin, sequence, fill)) } else { Err(Error::FillValue) }
}

fn assemble(pin: &Pin, sequence: u8, fill: u8) -> ClearBlock<8> {
    // Fill and sequence number; a PIN's length is no secret.
    let behind = (BODY << 4 | 0x0F).wrapping_shr(u32::from(pin.length()).wrapping_mul(4));
    let head = (u64::from(pin.length()) << 60) | (pin.packed() << 4);
    let block = head | (spread(fill) & behind & !0xFF) | u64::from(sequence);
    ClearBlock::new(block.to_be_bytes())
}

/// Reads a clear block; the sequence number may be anything.
///
/// # Errors
/// [`Error::InvalidBlock`] if the length or a digit is wrong, or the fill is not one nibble throughout.
///
/// Source: IBM CCA, IBM 4700 Encrypting PINPAD Format.
#[inline]
pub fn decode(block: &[u8; 8]) -> Result<Pin, Error> {
    candidate(block).into_result()
}

#[inline]
pub(crate) fn candidate(block: &[u8; 8]) -> Candidate {
    // Length, digits, fill and the first half of the sequence number, where a PIN field has its nibbles.
    let field = u64::from_be_bytes(*block) >> 4;
    let [head, ..] = field.to_be_bytes();
    let behind = after_digits(head);
    let digits = BODY ^ behind;
    let bad_digits = above_nine(field) & digits;
    let bad_fill = (field ^ spread(last(field >> 4))) & behind & !0x0F;
    let bad = u64::from(outside(head, 4, 12)) | bad_digits | bad_fill;
    Candidate::new(field & digits, head, bad)
}

/// Makes the block, filled up with F, and enciphers it.
///
/// Source: as [`encode`].
#[must_use]
pub fn encipher<C>(cipher: &C, pin: &Pin, sequence: u8) -> [u8; 8]
where
    C: BlockCipherEncrypt<BlockSize = U8>,
{
    encode(pin, sequence).encipher(cipher)
}

/// Makes the block with a given fill and enciphers it.
///
/// # Errors
/// Those of [`encode_with_fill`].
///
/// Source: as [`encode_with_fill`].
pub fn encipher_with_fill<C>(
    cipher: &C,
    pin: &Pin,
    sequence: u8,
    fill: u8,
) -> Result<[u8; 8], Error>
where
    C: BlockCipherEncrypt<BlockSize = U8>,
{
    Ok(encode_with_fill(pin, sequence, fill)?.encipher(cipher))
}

super::deciphered!();
