//! VISA-3: PIN, a delimiter F, then one digit repeated.
//!
//! `P P P P … F X … X X`, where X is the same nibble throughout, `0` to `F`. The PIN ends before the first F.
//!
//! Source: IBM CCA, Visa Format 3 and PIN notation.

use rand_core::TryCryptoRng;

use super::repeated::{count, last, spread};
use crate::{
    ClearBlock, Error, Pin, fill,
    pin_field::{Candidate, LOW_BITS, above_nine, outside},
};

/// Makes the clear block, its fill drawn from `rng`.
///
/// # Errors
/// [`Error::Rng`] if the generator fails.
///
/// Source: IBM CCA, Visa Format 3.
pub fn encode<R>(pin: &Pin, rng: &mut R) -> Result<ClearBlock<8>, Error>
where
    R: TryCryptoRng + ?Sized,
{
    let [.., random] = fill::random(rng)?;
    encode_with_fill(pin, random & 0x0F)
}

/// Makes the clear block with one nibble, 0 to F, as fill.
///
/// # Errors
/// [`Error::FillValue`] if the nibble is above F.
///
/// # Security
/// The block is a function of PIN, fill and key alone.
///
/// # Examples
/// ```
/// use pinblock::{Pin, legacy::visa3};
///
/// # fn main() -> Result<(), pinblock::Error> {
/// let block = visa3::encode_with_fill(&Pin::from_ascii(b"1234")?, 0)?;
/// assert_eq!(block.expose_bytes(), &[0x12, 0x34, 0xF0, 0, 0, 0, 0, 0]);
/// # Ok(())
/// # }
/// ```
/// Source: IBM CCA, Visa Format 3.
pub fn encode_with_fill(pin: &Pin, fill: u8) -> Result<ClearBlock<8>, Error> {
    if fill & 0xF0 != 0 {
        return Err(Error::FillValue);
    }
    // A PIN's length is no secret.
    let from_delimiter = u64::MAX.wrapping_shr(u32::from(pin.length()).wrapping_mul(4));
    let filled = from_delimiter >> 4;
    let block = (pin.packed() << 8) | (from_delimiter ^ filled) | (spread(fill) & filled);
    Ok(ClearBlock::new(block.to_be_bytes()))
}

/// Reads a clear block.
///
/// # Errors
/// [`Error::InvalidBlock`] if there are not 4 to 12 digits before the first F, or what stands behind it differs.
///
/// Source: IBM CCA, Visa Format 3.
#[inline]
pub fn decode(block: &[u8; 8]) -> Result<Pin, Error> {
    candidate(block).into_result()
}

#[inline]
pub(crate) fn candidate(block: &[u8; 8]) -> Candidate {
    let block = u64::from_be_bytes(*block);
    let delimiters = block & (block >> 1) & (block >> 2) & (block >> 3) & LOW_BITS;
    // From the lowest bit of the first F down.
    let mut from_first = delimiters;
    for distance in [4, 8, 16, 32] {
        from_first |= from_first >> distance;
    }
    from_first |= (from_first >> 1) | (from_first >> 2) | (from_first >> 3);
    let filled = from_first >> 1;
    let digits = !(from_first | (from_first << 1) | (from_first << 2) | (from_first << 3));
    let length = count(digits);

    let bad_digits = above_nine(block) & digits;
    let bad_fill = (block ^ spread(last(block))) & filled;
    let bad = u64::from(outside(length, 4, 12)) | bad_digits | bad_fill;
    Candidate::new((block & digits) >> 8, length, bad)
}

super::enciphered!([], u8);
