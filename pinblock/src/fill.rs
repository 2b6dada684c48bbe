//! Fill nibbles, from the caller or from a random number generator, right-aligned in a number.

use rand_core::TryCryptoRng;
use subtle::{Choice, ConstantTimeGreater, ConstantTimeLess};

use crate::Error;

/// Takes the caller's nibbles, one a byte, if there are exactly `count` (16 at most) of `lowest` to F.
pub(crate) fn given(nibbles: &[u8], count: u8, lowest: u8) -> Result<u64, Error> {
    if nibbles.len() != usize::from(count) {
        return Err(Error::FillLength);
    }
    let mut fill = 0_u64;
    let mut bad = Choice::from(0);
    for nibble in nibbles {
        bad |= nibble.ct_lt(&lowest) | nibble.ct_gt(&0x0F);
        fill = (fill << 4) | u64::from(*nibble);
    }
    if bad.into() { Err(Error::FillValue) } else { Ok(fill) }
}

/// Draws 8 random bytes.
pub(crate) fn random<R: TryCryptoRng + ?Sized>(rng: &mut R) -> Result<[u8; 8], Error> {
    let mut bytes = [0; 8];
    rng.try_fill_bytes(&mut bytes).map_err(|_| Error::Rng)?;
    Ok(bytes)
}

/// Draws 10 random nibbles of A to F.
///
/// 60 random bits are read as a fraction, which is written down in base 6; a nibble's probability is off by less than
/// 2^-34.
pub(crate) fn random_letters<R: TryCryptoRng + ?Sized>(rng: &mut R) -> Result<u64, Error> {
    const FRACTION: u64 = (1 << 60) - 1;
    let mut fraction = u64::from_be_bytes(random(rng)?) & FRACTION;
    let mut fill = 0_u64;
    for _ in 0..10 {
        let scaled = fraction.wrapping_mul(6);
        fill = (fill << 4) | (scaled >> 60).wrapping_add(0xA);
        fraction = scaled & FRACTION;
    }
    Ok(fill)
}
