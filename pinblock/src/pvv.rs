//! Visa PIN verification values: 4 digits made from PIN, PAN and a key pair, to be stored instead of the PIN.
//!
//! Enciphered are the PAN's rightmost 11 digits without the check digit (zero-filled on the left), the key index, and the
//! leftmost 4 digits of the PIN. Of the result's nibbles the first 4 that are decimal digits are taken; if these are too few,
//! a second scan takes A to F as 0 to 5.
//!
//! # Security
//! A PVV has 10,000 values: who may call [`verify`] without a limit on tries finds a PIN that fits.
//!
//! Source: Visa PIN verification value method.

use core::fmt;

use cipher::{BlockCipherEncrypt, consts::U8};
use subtle::{
    Choice, ConditionallySelectable, ConstantTimeEq, ConstantTimeGreater, ConstantTimeLess,
};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::{ClearBlock, Error, Pan, Pin};

/// A PIN verification key index, 0 to 9: which key pair the issuer used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Pvki(u8);

impl Pvki {
    /// Takes an index.
    ///
    /// # Errors
    /// [`Error::PvkiRange`] if it is above 9.
    ///
    /// Source: Visa PIN verification value method.
    pub const fn new(index: u8) -> Result<Self, Error> {
        if index > 9 { Err(Error::PvkiRange) } else { Ok(Self(index)) }
    }

    /// The index as a number.
    #[inline]
    #[must_use]
    pub const fn get(self) -> u8 {
        self.0
    }
}

/// A PIN verification value of 4 decimal digits, wiped when dropped.
///
/// # Security
/// Neither `Clone` nor `PartialEq`: compare with [`ConstantTimeEq`]. `Debug` shows no digit.
pub struct Pvv([u8; 4]);

impl Pvv {
    /// Reads a PVV from ASCII digits.
    ///
    /// # Errors
    /// [`Error::PvvMalformed`] if these are not 4 ASCII digits.
    pub fn from_ascii(ascii: &[u8]) -> Result<Self, Error> {
        let digits: [u8; 4] = ascii.try_into().map_err(|_| Error::PvvMalformed)?;
        let mut bad = Choice::from(0);
        for digit in &digits {
            bad |= digit.wrapping_sub(b'0').ct_gt(&9);
        }
        let pvv = Self(digits);
        if bad.into() { Err(Error::PvvMalformed) } else { Ok(pvv) }
    }

    /// The digits as ASCII.
    #[inline]
    #[must_use]
    pub const fn expose_ascii(&self) -> &[u8; 4] {
        &self.0
    }
}

impl ConstantTimeEq for Pvv {
    fn ct_eq(&self, other: &Self) -> Choice {
        self.0.ct_eq(&other.0)
    }
}

impl fmt::Debug for Pvv {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pvv")
    }
}

impl Drop for Pvv {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl ZeroizeOnDrop for Pvv {}

/// Makes the PVV of a PIN: `cipher` is TDES under the pair of PIN verification keys.
///
/// Of a longer PIN the leftmost 4 digits count.
///
/// # Examples
/// ```
/// use des::{TdesEde2, cipher::KeyInit};
/// use pinblock::{Pan, Pin, pvv::{self, Pvki}};
///
/// # fn main() -> Result<(), pinblock::Error> {
/// let cipher = TdesEde2::new(&0x0123456789ABCDEFFEDCBA9876543210_u128.to_be_bytes().into());
/// let pan = Pan::from_ascii(b"1122334455667788")?;
/// let pin = Pin::from_ascii(b"4524")?;
///
/// let value = pvv::generate(&cipher, &pan, Pvki::new(1)?, &pin);
/// assert_eq!(value.expose_ascii(), b"8523");
/// pvv::verify(&cipher, &pan, Pvki::new(1)?, &pin, &value)?;
/// # Ok(())
/// # }
/// ```
/// Source: Visa PIN verification value method.
#[must_use]
pub fn generate<C>(cipher: &C, pan: &Pan, pvki: Pvki, pin: &Pin) -> Pvv
where
    C: BlockCipherEncrypt<BlockSize = U8>,
{
    let first_4 = (pin.packed() >> 40) & 0xFFFF;
    let input = (pan.rightmost_11() << 20) | (u64::from(pvki.get()) << 16) | first_4;
    let clear = ClearBlock::new(input.to_be_bytes());
    let enciphered = Zeroizing::new(clear.encipher(cipher));
    decimalise(u64::from_be_bytes(*enciphered))
}

/// Checks a PIN against a PVV, in constant time.
///
/// # Errors
/// [`Error::VerificationFailed`] if the PVV is not that of the PIN.
///
/// Source: Visa PIN verification value method.
pub fn verify<C>(cipher: &C, pan: &Pan, pvki: Pvki, pin: &Pin, pvv: &Pvv) -> Result<(), Error>
where
    C: BlockCipherEncrypt<BlockSize = U8>,
{
    let matches = generate(cipher, pan, pvki, pin).ct_eq(pvv);
    if matches.into() { Ok(()) } else { Err(Error::VerificationFailed) }
}

/// Two scans over all 16 nibbles, the first for 0 to 9, the second for A to F.
///
/// Together they find 16 digits, so that 4 are always there.
fn decimalise(enciphered: u64) -> Pvv {
    let mut digits = 0_u32;
    let mut count = 0_u8;
    for second in [Choice::from(0), Choice::from(1)] {
        let mut rest = enciphered;
        for _ in 0..16 {
            let [first, ..] = rest.to_be_bytes();
            let nibble = first >> 4;
            let letter = nibble.ct_gt(&9);
            let digit = u8::conditional_select(&nibble, &nibble.wrapping_sub(10), letter);
            let taken = letter.ct_eq(&second) & count.ct_lt(&4);
            digits.conditional_assign(&((digits << 8) | u32::from(b'0' | digit)), taken);
            count = count.wrapping_add(taken.unwrap_u8());
            rest <<= 4;
        }
    }
    Pvv(digits.to_be_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scans_for_digits_then_for_letters() {
        let rows = [
            (0x0123_4567_89AB_CDEF, b"0123"),
            (0xABCD_EF98_7654_3210, b"9876"),
            (0xFFFF_FFFF_FFFF_1234, b"1234"),
            (0xFFFF_FFF1_FFFF_F2F3, b"1235"),
            (0xBE5A_4BCD_CBAD_4ACF, b"5441"),
            (0xABCD_EFFF_FFFF_FFFF, b"0123"),
            (0xFEDC_BAAA_AAAA_AAA7, b"7543"),
        ];
        for (enciphered, pvv) in rows {
            assert_eq!(decimalise(enciphered).expose_ascii(), pvv, "{enciphered:016X}");
        }
    }

    #[test]
    fn takes_indices_to_9() {
        for index in 0..=u8::MAX {
            let pvki = Pvki::new(index).map(Pvki::get);
            assert_eq!(pvki, if index < 10 { Ok(index) } else { Err(Error::PvkiRange) });
        }
    }

    #[test]
    fn takes_4_digits() {
        for bad in [&b""[..], b"123", b"12345", b"12a4", b"123A", b" 123"] {
            assert!(matches!(Pvv::from_ascii(bad), Err(Error::PvvMalformed)));
        }
        assert_eq!(Pvv::from_ascii(b"0042").unwrap().expose_ascii(), b"0042");
    }
}
