//! ECI-3: length, a PIN of 4 to 6 digits, zeros up to 6, then 9 nibbles of fill.
//!
//! `L P P P P P/0 P/0 R R R R R R R R R`, where R is any nibble.
//!
//! Source: IBM CCA, ECI Format 3.

use rand_core::TryCryptoRng;

use super::counted;
use crate::{ClearBlock, Error, Pin, fill, pin_field::Candidate};

/// Makes the clear block, its fill drawn from `rng`.
///
/// # Errors
/// [`Error::PinLength`] if the PIN has more than 6 digits; [`Error::Rng`] if the generator fails.
///
/// Source: IBM CCA, ECI Format 3.
pub fn encode<R>(pin: &Pin, rng: &mut R) -> Result<ClearBlock<8>, Error>
where
    R: TryCryptoRng + ?Sized,
{
    counted::fits(pin)?;
    Ok(counted::assemble(pin, fill::random_nibbles(rng, counted::FILL_LENGTH)?))
}

/// Makes the clear block with a fill of 9 nibbles, one a byte.
///
/// # Errors
/// [`Error::PinLength`] if the PIN has more than 6 digits; [`Error::FillLength`] if there are more or fewer nibbles;
/// [`Error::FillValue`] if one is above F.
///
/// # Security
/// For tests and for hosts that want a certain fill: one that repeats shows which PINs are the same.
///
/// # Examples
/// ```
/// use pinblock::{Pin, legacy::eci3};
///
/// # fn main() -> Result<(), pinblock::Error> {
/// let pin = Pin::from_ascii(b"12345")?;
/// let block = eci3::encode_with_fill(&pin, &[9; 9])?;
/// assert_eq!(block.expose_bytes(), &[0x51, 0x23, 0x45, 0x09, 0x99, 0x99, 0x99, 0x99]);
/// # Ok(())
/// # }
/// ```
/// Source: IBM CCA, ECI Format 3.
pub fn encode_with_fill(pin: &Pin, fill: &[u8]) -> Result<ClearBlock<8>, Error> {
    counted::fits(pin)?;
    Ok(counted::assemble(pin, fill::given(fill, counted::FILL_LENGTH, 0)?))
}

/// Reads a clear block.
///
/// # Errors
/// [`Error::InvalidBlock`] if the length, a digit, or a zero behind the digits is wrong.
///
/// Source: IBM CCA, ECI Format 3.
#[inline]
pub fn decode(block: &[u8; 8]) -> Result<Pin, Error> {
    candidate(block).into_result()
}

#[inline]
pub(crate) fn candidate(block: &[u8; 8]) -> Candidate {
    counted::candidate(block, false)
}

super::enciphered!([], &[u8]);
