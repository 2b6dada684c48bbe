use core::{fmt, ops::Range};

use subtle::{Choice, ConditionallySelectable, ConstantTimeGreater};
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::{Error, Pan, digits};

/// Validation data of 16 hexadecimal digits, which tell one card from another, wiped when dropped.
///
/// # Security
/// Mostly the PAN: `Debug` shows no digit.
///
/// Source: IBM Common Cryptographic Architecture, 3624 PIN generation algorithm.
pub struct ValidationData([u8; 8]);

impl ValidationData {
    /// How many digits there are.
    pub const LENGTH: usize = 16;

    /// Reads 16 hexadecimal digits, in either case.
    ///
    /// # Errors
    /// [`Error::ValidationData`] if these are not 16 ASCII hexadecimal digits.
    pub fn from_ascii(ascii: &[u8]) -> Result<Self, Error> {
        let characters: [u8; Self::LENGTH] = ascii.try_into().map_err(|_| Error::ValidationData)?;
        let mut packed = 0_u64;
        let mut bad = Choice::from(0);
        for character in characters {
            let digit = character.wrapping_sub(b'0');
            let letter = (character | 0x20).wrapping_sub(b'a');
            let no_digit = digit.ct_gt(&9);
            bad |= no_digit & letter.ct_gt(&5);
            let nibble = u8::conditional_select(&digit, &letter.wrapping_add(10), no_digit);
            packed = (packed << 4) | u64::from(nibble);
        }
        let data = Self(packed.to_be_bytes());
        if bad.into() { Err(Error::ValidationData) } else { Ok(data) }
    }

    /// Takes a run of a PAN's digits, counted from 0 on the left, and fills up on the right with the nibble `pad`.
    ///
    /// Which digits and which pad is the issuer's choice: some take the PAN's digits from the first on and fill up, others its
    /// last 16.
    ///
    /// # Errors
    /// [`Error::ValidationData`] if the run is not of 1 to 16 digits within the PAN, or `pad` is above F.
    ///
    /// # Examples
    /// ```
    /// use pinblock::{Pan, ibm3624::ValidationData};
    ///
    /// # fn main() -> Result<(), pinblock::Error> {
    /// let pan = Pan::from_ascii(b"1122334455667788")?;
    /// let data = ValidationData::from_pan(&pan, 0..14, 0xF)?;
    /// assert_eq!(data.expose_bytes(), &0x11223344556677FF_u64.to_be_bytes());
    /// # Ok(())
    /// # }
    /// ```
    /// Source: AWS Payment Cryptography User Guide, IBM 3624 PIN offset, for the pad; psec 1.3.0 for the run.
    pub fn from_pan(pan: &Pan, run: Range<u8>, pad: u8) -> Result<Self, Error> {
        let digits = pan.run(run.start, run.end).ok_or(Error::ValidationData)?;
        if pad > 0x0F {
            return Err(Error::ValidationData);
        }
        let taken = u32::from(run.end.wrapping_sub(run.start)).wrapping_mul(4);
        let filled = u64::MAX.checked_shr(taken).unwrap_or(0);
        let digits = digits.wrapping_shl(64_u32.wrapping_sub(taken));
        Ok(Self((digits | (digits::repeat(pad) & filled)).to_be_bytes()))
    }

    /// The 8 bytes that are enciphered.
    #[must_use]
    pub const fn expose_bytes(&self) -> &[u8; 8] {
        &self.0
    }

    #[inline]
    pub(super) const fn packed(&self) -> u64 {
        u64::from_be_bytes(self.0)
    }
}

impl fmt::Debug for ValidationData {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ValidationData")
    }
}

impl Drop for ValidationData {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl ZeroizeOnDrop for ValidationData {}

#[cfg(test)]
mod tests {
    use super::*;
    extern crate std;
    use std::{format, string::String};

    #[test]
    fn takes_16_hexadecimal_digits() {
        for byte in 0..=u8::MAX {
            let mut ascii = *b"0123456789abCDE_";
            ascii[15] = byte;
            let found = ValidationData::from_ascii(&ascii).map(|data| data.packed());
            let expected = char::from(byte)
                .to_digit(16)
                .map(|nibble| 0x0123_4567_89AB_CDE0 | u64::from(nibble))
                .ok_or(Error::ValidationData);
            assert_eq!(found, expected);
        }
        for bad in [&b""[..], b"0123456789ABCDE", b"0123456789ABCDEF0"] {
            assert!(matches!(ValidationData::from_ascii(bad), Err(Error::ValidationData)));
        }
    }

    #[test]
    fn takes_every_run_of_a_pan() {
        for digits in ["12", "4111111111111111", "6224240000000000123"] {
            let pan = digits.parse().unwrap();
            for (start, end) in (0..25_u8).flat_map(|s| (0..25_u8).map(move |e| (s, e))) {
                for pad in [0, 0xB, 0xF, 0x10, 0xFF] {
                    let found = ValidationData::from_pan(&pan, start..end, pad);
                    let taken = digits.get(usize::from(start)..usize::from(end)).unwrap_or("");
                    if taken.is_empty() || taken.len() > 16 || pad > 15 {
                        assert!(matches!(found, Err(Error::ValidationData)));
                        continue;
                    }
                    let padded: String = format!("{pad:X}").repeat(16);
                    let padded = format!("{taken}{padded}");
                    let expected = u64::from_str_radix(&padded[..16], 16).unwrap();
                    assert_eq!(found.unwrap().packed(), expected, "{start}..{end}");
                }
            }
        }
    }
}
