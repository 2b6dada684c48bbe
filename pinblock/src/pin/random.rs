use rand_core::TryCryptoRng;
use subtle::{
    Choice, ConditionallySelectable, ConstantTimeEq, ConstantTimeGreater, ConstantTimeLess,
};
use zeroize::Zeroizing;

use super::Pin;
use crate::{Error, PinPolicy, fill};

/// How many PINs are drawn before a policy is said to leave none: with 9 of 10 excluded, all fail once in 10^11 calls.
const PINS: usize = 256;
/// How many times 8 bytes are drawn for one PIN; a sound generator fails to give 12 digits in 256 nibbles less than once in
/// 2^200 calls.
const DRAWS: usize = 16;

impl Pin {
    /// Draws a PIN of 4 to 12 digits that the policy allows, each such PIN as likely as every other.
    ///
    /// # Errors
    /// [`Error::PinLength`] if `length` is not 4 to 12; [`Error::Rng`] if the generator fails, gives no digits, or gives the
    /// same PIN again and again; [`Error::PinPolicy`] if 256 draws, not all the same, gave no PIN that the policy allows.
    ///
    /// # Security
    /// Digits come from nibbles of 0 to 9, others are thrown away, so that none is favoured. Time tells how many were thrown
    /// away, not which digits remain. A generator that is stuck at a PIN which is allowed is not noticed.
    ///
    /// # Examples
    /// ```
    /// use pinblock::{Pin, PinPolicy};
    ///
    /// # fn main() -> Result<(), pinblock::Error> {
    /// # let mut rng = getrandom::SysRng;
    /// let pin = Pin::random(6, &PinPolicy::default(), &mut rng)?;
    /// assert_eq!(pin.length(), 6);
    /// # Ok(())
    /// # }
    /// ```
    /// Source: IBM Common Cryptographic Architecture, DK Random PIN Generate (a weak PIN is drawn again).
    pub fn random<R>(length: u8, policy: &PinPolicy<'_>, rng: &mut R) -> Result<Self, Error>
    where
        R: TryCryptoRng + ?Sized,
    {
        if !(Self::MIN_LENGTH..=Self::MAX_LENGTH).contains(&usize::from(length)) {
            return Err(Error::PinLength);
        }
        let first = draw(length, rng)?;
        if policy.check(&first).is_ok() {
            return Ok(first);
        }
        let mut stuck = Choice::from(1);
        for _ in 1..PINS {
            let pin = draw(length, rng)?;
            if policy.check(&pin).is_ok() {
                return Ok(pin);
            }
            stuck &= pin.ct_eq(&first);
        }
        Err(if stuck.into() { Error::Rng } else { Error::PinPolicy })
    }
}

/// Draws digits until there are enough.
fn draw<R: TryCryptoRng + ?Sized>(length: u8, rng: &mut R) -> Result<Pin, Error> {
    let mut packed = Zeroizing::new(0_u64);
    let mut count = 0_u8;
    for _ in 0..DRAWS {
        let random = Zeroizing::new(fill::random(rng)?);
        let mut rest = Zeroizing::new(u64::from_be_bytes(*random));
        for _ in 0..16 {
            let [first, ..] = rest.to_be_bytes();
            let nibble = first >> 4;
            let taken = !nibble.ct_gt(&9) & count.ct_lt(&length);
            let longer = (*packed << 4) | u64::from(nibble);
            packed.conditional_assign(&longer, taken);
            count = count.wrapping_add(taken.unwrap_u8());
            *rest <<= 4;
        }
        if count == length {
            let after = u32::from(14_u8.wrapping_sub(length)).wrapping_mul(4);
            return Ok(Pin::from_packed(packed.wrapping_shl(after), length));
        }
    }
    Err(Error::Rng)
}
