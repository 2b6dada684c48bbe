//! OEM-1: PIN, then one digit repeated. The block of Diebold, of NCR, and of the IBM 3624.
//!
//! `P P P P … X X X X`, where X is the same nibble throughout. Thales calls it format 03.
//!
//! The PIN is what stands before the run of equal nibbles with which the block ends, so X is none of the PIN's digits. It is
//! best not a digit at all: a random one is `A` to `F`. IBM's 3624 took PINs of 1 to 16 digits, of which 4 to 12 are taken here.
//!
//! Source: IBM CCA, 3624 PIN-block format; Thales payShield, PIN block format 03.

use rand_core::TryCryptoRng;

use super::repeated::{self, before_run, count};
use crate::{
    ClearBlock, Error, Pin, fill,
    pin_field::{Candidate, above_nine, outside},
};

/// Makes the clear block, its fill, A to F, drawn from `rng`.
///
/// # Errors
/// [`Error::Rng`] if the generator fails.
///
/// Source: IBM CCA, 3624 PIN-block format.
pub fn encode<R>(pin: &Pin, rng: &mut R) -> Result<ClearBlock<8>, Error>
where
    R: TryCryptoRng + ?Sized,
{
    let (fill, _) = fill::random_letter(rng)?;
    encode_with_fill(pin, fill)
}

/// Makes the clear block with one nibble, 0 to F, as fill.
///
/// # Errors
/// [`Error::FillValue`] if the nibble is above F, or a digit of the PIN.
///
/// # Security
/// The block is a function of PIN, fill and key alone. That a decimal fill is refused says that the PIN has this digit: fix the
/// fill for all PINs, to A to F.
///
/// # Examples
/// ```
/// use pinblock::{Pin, legacy::diebold};
///
/// # fn main() -> Result<(), pinblock::Error> {
/// let block = diebold::encode_with_fill(&Pin::from_ascii(b"1234")?, 0xF)?;
/// assert_eq!(block.expose_bytes(), &[0x12, 0x34, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]);
/// # Ok(())
/// # }
/// ```
/// Source: IBM CCA, 3624 PIN-block format.
pub fn encode_with_fill(pin: &Pin, fill: u8) -> Result<ClearBlock<8>, Error> {
    let fill = repeated::given(pin, fill)?;
    // A PIN's length is no secret.
    let filled = u64::MAX.wrapping_shr(u32::from(pin.length()).wrapping_mul(4));
    Ok(ClearBlock::new(((pin.packed() << 8) | (fill & filled)).to_be_bytes()))
}

/// Reads a clear block.
///
/// # Errors
/// [`Error::InvalidBlock`] if not 4 to 12 digits stand before the last nibble and those equal to it.
///
/// # Security
/// A PIN that holds its own decimal fill is read up to the last run, as it was meant, if it does not end with it.
///
/// Source: IBM CCA, PIN extraction method PADEXIST.
#[inline]
pub fn decode(block: &[u8; 8]) -> Result<Pin, Error> {
    candidate(block).into_result()
}

#[inline]
pub(crate) fn candidate(block: &[u8; 8]) -> Candidate {
    let block = u64::from_be_bytes(*block);
    let digits = before_run(block);
    let length = count(digits);
    let bad = u64::from(outside(length, 4, 12)) | (above_nine(block) & digits);
    Candidate::new((block & digits) >> 8, length, bad)
}

super::enciphered!([], u8);
