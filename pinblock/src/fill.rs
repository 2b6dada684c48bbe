//! Fill nibbles, from the caller or from a random number generator, right-aligned in a number.

use rand_core::TryCryptoRng;
use subtle::{Choice, ConstantTimeGreater, ConstantTimeLess};

use crate::Error;

/// Takes the caller's nibbles, one a byte, if there are exactly `count` (16 at most) of `lowest` to F.
pub(crate) fn given(nibbles: &[u8], count: u8, lowest: u8) -> Result<u64, Error> {
    within(nibbles, count, lowest, 0x0F)
}

/// Takes the caller's decimal digits, one a byte, if there are exactly `count` (16 at most).
pub(crate) fn given_digits(digits: &[u8], count: u8) -> Result<u64, Error> {
    within(digits, count, 0, 9)
}

/// Takes the caller's only nibble.
pub(crate) fn given_one(nibbles: &[u8]) -> Result<u8, Error> {
    match nibbles {
        [nibble] => Ok(*nibble),
        _ => Err(Error::FillLength),
    }
}

fn within(nibbles: &[u8], count: u8, lowest: u8, highest: u8) -> Result<u64, Error> {
    if nibbles.len() != usize::from(count) {
        return Err(Error::FillLength);
    }
    let mut fill = 0_u64;
    let mut bad = Choice::from(0);
    for nibble in nibbles {
        bad |= nibble.ct_lt(&lowest) | nibble.ct_gt(&highest);
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
pub(crate) fn random_letters<R: TryCryptoRng + ?Sized>(rng: &mut R) -> Result<u64, Error> {
    Ok(in_base(6, 0xA, u64::from_be_bytes(random(rng)?), 10))
}

/// Draws 9 random decimal digits.
pub(crate) fn random_digits<R: TryCryptoRng + ?Sized>(rng: &mut R) -> Result<u64, Error> {
    Ok(in_base(10, 0, u64::from_be_bytes(random(rng)?), 9))
}

/// Draws a random nibble of A to F, and 16 random bits.
pub(crate) fn random_letter<R: TryCryptoRng + ?Sized>(rng: &mut R) -> Result<(u8, u16), Error> {
    let [high, low, rest @ ..] = random(rng)?;
    let [a, b, c, d, e, f] = rest;
    let [.., letter] =
        in_base(6, 0xA, u64::from_be_bytes([a, b, c, d, e, f, 0, 0]), 1).to_be_bytes();
    Ok((letter, u16::from_be_bytes([high, low])))
}

/// Writes down the first `count` digits of a fraction of 60 random bits in a base of 16 at most, `zero` standing for 0.
///
/// A digit's probability is off by less than 2^-29.
fn in_base(base: u64, zero: u64, random: u64, count: u8) -> u64 {
    const FRACTION: u64 = (1 << 60) - 1;
    let mut fraction = random & FRACTION;
    let mut fill = 0_u64;
    for _ in 0..count {
        let scaled = fraction.wrapping_mul(base);
        fill = (fill << 4) | (scaled >> 60).wrapping_add(zero);
        fraction = scaled & FRACTION;
    }
    fill
}

/// Draws `count` random nibbles, 16 at most.
pub(crate) fn random_nibbles<R: TryCryptoRng + ?Sized>(
    rng: &mut R,
    count: u8,
) -> Result<u64, Error> {
    let beyond = u32::from(16_u8.saturating_sub(count)).wrapping_mul(4);
    Ok(u64::from_be_bytes(random(rng)?).wrapping_shr(beyond))
}
