//! IBM 3621 and 5906: a sequence number of 2 bytes, PIN, then one digit repeated.
//!
//! `S S S S P P P P … X X X X`, where X is the same nibble throughout and none of the PIN's digits. At least one X has to
//! stand there, or nobody could tell where the PIN ends: so the PIN has 11 digits at most.
//!
//! # Security
//! What the sequence number is, and whether anyone checks it, is up to machine and host: it is not looked at here.
//!
//! Source: IBM CCA, IBM 3621 Format.

use rand_core::TryCryptoRng;

use super::repeated::{self, before_run, count};
use crate::{
    ClearBlock, Error, Pin, fill,
    pin_field::{Candidate, above_nine, outside},
};

/// The 12 nibbles behind the sequence number.
const BODY: u64 = 0xFFFF_FFFF_FFFF;
/// The most digits.
const MAX_LENGTH: u8 = 11;

/// Makes the clear block, its fill, A to F, drawn from `rng`.
///
/// # Errors
/// [`Error::PinLength`] if the PIN has 12 digits; [`Error::Rng`] if the generator fails.
///
/// Source: IBM CCA, IBM 3621 Format.
pub fn encode<R>(pin: &Pin, sequence: u16, rng: &mut R) -> Result<ClearBlock<8>, Error>
where
    R: TryCryptoRng + ?Sized,
{
    let (fill, _) = fill::random_letter(rng)?;
    encode_with_fill(pin, sequence, fill)
}

/// Makes the clear block, fill, A to F, and sequence number drawn from `rng`.
pub(crate) fn encode_at_random<R>(pin: &Pin, rng: &mut R) -> Result<ClearBlock<8>, Error>
where
    R: TryCryptoRng + ?Sized,
{
    let (fill, sequence) = fill::random_letter(rng)?;
    encode_with_fill(pin, sequence, fill)
}

/// Makes the clear block with one nibble, 0 to F, as fill.
///
/// # Errors
/// [`Error::PinLength`] if the PIN has 12 digits; [`Error::FillValue`] if the nibble is above F, or a digit of the PIN.
///
/// # Security
/// That a decimal fill is refused says that the PIN has this digit: fix the fill for all PINs, to A to F.
///
/// # Examples
/// ```
/// use pinblock::{Pin, legacy::ibm3621};
///
/// # fn main() -> Result<(), pinblock::Error> {
/// let block = ibm3621::encode_with_fill(&Pin::from_ascii(b"1234")?, 0x0A5F, 0xF)?;
/// assert_eq!(block.expose_bytes(), &[0x0A, 0x5F, 0x12, 0x34, 0xFF, 0xFF, 0xFF, 0xFF]);
/// # Ok(())
/// # }
/// ```
/// Source: IBM CCA, IBM 3621 Format.
pub fn encode_with_fill(pin: &Pin, sequence: u16, fill: u8) -> Result<ClearBlock<8>, Error> {
    if pin.length() > MAX_LENGTH {
        return Err(Error::PinLength);
    }
    let fill = repeated::given(pin, fill)?;
    // A PIN's length is no secret.
    let filled = BODY.wrapping_shr(u32::from(pin.length()).wrapping_mul(4));
    let block = (u64::from(sequence) << 48) | (pin.packed() >> 8) | (fill & filled);
    Ok(ClearBlock::new(block.to_be_bytes()))
}

/// Reads a clear block; the sequence number may be anything.
///
/// # Errors
/// [`Error::InvalidBlock`] if not 4 to 11 digits stand before the last nibble and those equal to it.
///
/// Source: IBM CCA, PIN extraction method PADEXIST.
#[inline]
pub fn decode(block: &[u8; 8]) -> Result<Pin, Error> {
    candidate(block).into_result()
}

#[inline]
pub(crate) fn candidate(block: &[u8; 8]) -> Candidate {
    let block = u64::from_be_bytes(*block);
    let digits = before_run(block) & BODY;
    let length = count(digits);
    let bad = u64::from(outside(length, 4, MAX_LENGTH)) | (above_nine(block) & digits);
    Candidate::new((block & digits) << 8, length, bad)
}

super::enciphered!([sequence: u16], u8);
