//! VISA-2 and Docutel: length, a PIN of 4 to 6 digits, zeros up to 6, then 9 decimal digits of fill.
//!
//! `L P P P P P/0 P/0 D D D D D D D D D`, where D is `0` to `9`. Also called Docutel 2, and format 02 by Thales.
//!
//! IBM repeats one D, Docutel machines have a constant of the user's, others draw each; all of these are read.
//!
//! Source: IBM CCA, Visa Format 2; Thales payShield, PIN block format 02.

use rand_core::TryCryptoRng;

use super::counted;
use crate::{ClearBlock, Error, Pin, fill, pin_field::Candidate};

/// Makes the clear block, its fill drawn from `rng`.
///
/// # Errors
/// [`Error::PinLength`] if the PIN has more than 6 digits; [`Error::Rng`] if the generator fails.
///
/// Source: IBM CCA, Visa Format 2; Thales payShield, PIN block format 02.
pub fn encode<R>(pin: &Pin, rng: &mut R) -> Result<ClearBlock<8>, Error>
where
    R: TryCryptoRng + ?Sized,
{
    counted::fits(pin)?;
    Ok(counted::assemble(pin, fill::random_digits(rng)?))
}

/// Makes the clear block with a fill of 9 decimal digits, one a byte.
///
/// # Errors
/// [`Error::PinLength`] if the PIN has more than 6 digits; [`Error::FillLength`] if there are more or fewer decimal digits;
/// [`Error::FillValue`] if one is above 9.
///
/// # Security
/// For tests and for hosts that want a certain fill: one that repeats shows which PINs are the same.
///
/// # Examples
/// ```
/// use pinblock::{Pin, legacy::visa2};
///
/// # fn main() -> Result<(), pinblock::Error> {
/// let pin = Pin::from_ascii(b"12345")?;
/// let block = visa2::encode_with_fill(&pin, &[9; 9])?;
/// assert_eq!(block.expose_bytes(), &[0x51, 0x23, 0x45, 0x09, 0x99, 0x99, 0x99, 0x99]);
/// # Ok(())
/// # }
/// ```
/// Source: IBM CCA, Visa Format 2; Thales payShield, PIN block format 02.
pub fn encode_with_fill(pin: &Pin, fill: &[u8]) -> Result<ClearBlock<8>, Error> {
    counted::fits(pin)?;
    Ok(counted::assemble(pin, fill::given_digits(fill, counted::FILL_LENGTH)?))
}

/// Reads a clear block.
///
/// # Errors
/// [`Error::InvalidBlock`] if the length, a digit, a zero behind the digits, or the fill is wrong.
///
/// Source: IBM CCA, Visa Format 2; Thales payShield, PIN block format 02.
#[inline]
pub fn decode(block: &[u8; 8]) -> Result<Pin, Error> {
    candidate(block).into_result()
}

#[inline]
pub(crate) fn candidate(block: &[u8; 8]) -> Candidate {
    counted::candidate(block, true)
}

super::enciphered!([], &[u8]);
