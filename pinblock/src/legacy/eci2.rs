//! ECI-2: a PIN of 4 digits, then 12 nibbles of random fill.
//!
//! `P P P P R R R R R R R R R R R R`. A PIN of any other length has no such block.
//!
//! # Security
//! The fill can be anything, so of all blocks 15 in 100 hold a PIN: a wrong key often goes unnoticed.
//!
//! Source: IBM CCA, ECI Format 2.

use rand_core::TryCryptoRng;

use crate::{
    ClearBlock, Error, Pin, fill,
    pin_field::{Candidate, above_nine},
};

const PIN_LENGTH: u8 = 4;
/// The 4 nibbles of the PIN.
const DIGITS: u64 = 0xFFFF_0000_0000_0000;

/// Makes the clear block, its fill drawn from `rng`.
///
/// # Errors
/// [`Error::PinLength`] if the PIN is not of 4 digits; [`Error::Rng`] if the generator fails.
///
/// Source: IBM CCA, ECI Format 2.
pub fn encode<R>(pin: &Pin, rng: &mut R) -> Result<ClearBlock<8>, Error>
where
    R: TryCryptoRng + ?Sized,
{
    fits(pin)?;
    Ok(assemble(pin, u64::from_be_bytes(fill::random(rng)?)))
}

/// Makes the clear block with a fill of 12 nibbles, one a byte, 0 to F.
///
/// # Errors
/// [`Error::PinLength`] if the PIN is not of 4 digits; [`Error::FillLength`] if there are more or fewer nibbles;
/// [`Error::FillValue`] if one is above F.
///
/// # Security
/// For tests and for talking to hardware that draws the fill: a fill that repeats shows which PINs are the same.
///
/// # Examples
/// ```
/// use pinblock::{Pin, legacy::eci2};
///
/// # fn main() -> Result<(), pinblock::Error> {
/// let pin = Pin::from_ascii(b"1234")?;
/// let block = eci2::encode_with_fill(&pin, &[5, 6, 7, 8, 9, 0, 0xA, 0xB, 0xC, 0xD, 0xE, 0xF])?;
/// assert_eq!(block.expose_bytes(), &[0x12, 0x34, 0x56, 0x78, 0x90, 0xAB, 0xCD, 0xEF]);
/// # Ok(())
/// # }
/// ```
/// Source: IBM CCA, ECI Format 2.
pub fn encode_with_fill(pin: &Pin, fill: &[u8]) -> Result<ClearBlock<8>, Error> {
    fits(pin)?;
    Ok(assemble(pin, fill::given(fill, 12, 0)?))
}

const fn fits(pin: &Pin) -> Result<(), Error> {
    if pin.length() == PIN_LENGTH { Ok(()) } else { Err(Error::PinLength) }
}

fn assemble(pin: &Pin, fill: u64) -> ClearBlock<8> {
    ClearBlock::new(((pin.packed() << 8) | (fill & !DIGITS)).to_be_bytes())
}

/// Reads a clear block.
///
/// # Errors
/// [`Error::InvalidBlock`] if one of the first 4 nibbles is no digit.
///
/// Source: IBM CCA, ECI Format 2.
#[inline]
pub fn decode(block: &[u8; 8]) -> Result<Pin, Error> {
    candidate(block).into_result()
}

#[inline]
pub(crate) fn candidate(block: &[u8; 8]) -> Candidate {
    let digits = u64::from_be_bytes(*block) & DIGITS;
    Candidate::new(digits >> 8, PIN_LENGTH, above_nine(digits))
}

super::enciphered!([], &[u8]);
