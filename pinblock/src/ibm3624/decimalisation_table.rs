use core::fmt;

use subtle::{Choice, ConstantTimeEq, ConstantTimeGreater, ConstantTimeLess};
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::{Error, digits};

/// A decimalisation table of 16 decimal digits, one for each hexadecimal digit from 0 to F, wiped when dropped.
///
/// # Security
/// Neither `Clone` nor `PartialEq`, and `Debug` shows no digit, because some issuers keep the table secret. It has to be fixed
/// in any case: see [`ibm3624`](crate::ibm3624).
///
/// # Examples
/// ```
/// use pinblock::{Error, ibm3624::DecimalisationTable};
///
/// # fn main() -> Result<(), Error> {
/// DecimalisationTable::DEFAULT.check_balance()?;
/// let table = DecimalisationTable::from_ascii(b"0000000000000001")?;
/// assert_eq!(table.check_balance(), Err(Error::DecTableWeak));
/// # Ok(())
/// # }
/// ```
/// Source: IBM Common Cryptographic Architecture, 3624 PIN generation algorithm.
pub struct DecimalisationTable(u64);

impl DecimalisationTable {
    /// How many digits a table has.
    pub const LENGTH: usize = 16;

    /// `0123456789012345`: 0 to 9 as they are, A to F as 0 to 5.
    ///
    /// # Security
    /// With it the PIN digits 0 to 5 are twice as likely as 6 to 9.
    ///
    /// Source: Thales payShield 10K Installation and User Guide, the example of the console command ED.
    pub const DEFAULT: Self = Self(0x0123_4567_8901_2345);

    /// Reads a table from ASCII digits: what becomes of 0, of 1, and so on.
    ///
    /// # Errors
    /// [`Error::DecTable`] if these are not 16 ASCII digits.
    pub fn from_ascii(ascii: &[u8]) -> Result<Self, Error> {
        let digits: [u8; Self::LENGTH] = ascii.try_into().map_err(|_| Error::DecTable)?;
        let mut packed = 0_u64;
        let mut bad = Choice::from(0);
        for byte in digits {
            let digit = byte.wrapping_sub(b'0');
            bad |= digit.ct_gt(&9);
            packed = (packed << 4) | u64::from(digit);
        }
        let table = Self(packed);
        if bad.into() { Err(Error::DecTable) } else { Ok(table) }
    }

    /// Checks that there are at least 8 different digits and none more than 4 times, as HSMs do.
    ///
    /// Nothing else here asks for it: a table in use may be one that fails.
    ///
    /// # Errors
    /// [`Error::DecTableWeak`] if there are fewer, or one more often.
    ///
    /// # Security
    /// A table of few different digits gives few different natural PINs; one of a single digit gives one.
    ///
    /// Source: Thales payShield 10K Installation and User Guide, console command ED.
    pub fn check_balance(&self) -> Result<(), Error> {
        let mut different = 0_u8;
        let mut bad = Choice::from(0);
        for digit in 0..10 {
            let mut flags = digits::equal(self.0, digit);
            let mut count = 0_u8;
            for _ in 0..Self::LENGTH {
                let [.., low] = flags.to_be_bytes();
                count = count.wrapping_add(low & 1);
                flags >>= 4;
            }
            different = different.wrapping_add(count.ct_gt(&0).unwrap_u8());
            bad |= count.ct_gt(&4);
        }
        bad |= different.ct_lt(&8);
        if bad.into() { Err(Error::DecTableWeak) } else { Ok(()) }
    }

    /// Replaces each of 16 nibbles by the table's digit in its place, by a scan of the whole table.
    #[inline]
    pub(super) fn decimalise(&self, nibbles: u64) -> u64 {
        let mut decimal = 0;
        let mut rest = self.0;
        for value in 0..16 {
            let [first, ..] = rest.to_be_bytes();
            decimal |= digits::equal(nibbles, value) & digits::repeat(first >> 4);
            rest <<= 4;
        }
        decimal
    }
}

impl Default for DecimalisationTable {
    fn default() -> Self {
        Self::DEFAULT
    }
}

impl ConstantTimeEq for DecimalisationTable {
    fn ct_eq(&self, other: &Self) -> Choice {
        self.0.ct_eq(&other.0)
    }
}

impl fmt::Debug for DecimalisationTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DecimalisationTable")
    }
}

impl Drop for DecimalisationTable {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl ZeroizeOnDrop for DecimalisationTable {}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(digits: &[u8]) -> DecimalisationTable {
        DecimalisationTable::from_ascii(digits).unwrap()
    }

    /// The example of the IBM 4758 CCA manual, Appendix E, 3624 PIN-calculation method.
    #[test]
    fn decimalises_as_ibm_does() {
        let decimal = table(b"8351296477461538").decimalise(0xE5C1_BD67_B66A_E7C6);
        assert_eq!(decimal, 0x3913_6564_6664_3416);
    }

    #[test]
    fn every_nibble_in_every_place_becomes_its_digit() {
        let digits = b"8351296477461538";
        for place in 0..16 {
            for nibble in 0..16_u64 {
                let decimal = table(digits).decimalise(nibble << (4 * place));
                let digit = u64::from(digits[usize::try_from(nibble).unwrap()] - b'0');
                assert_eq!((decimal >> (4 * place)) & 0xF, digit);
            }
        }
    }

    #[test]
    fn takes_16_digits() {
        let bad: [&[u8]; 6] = [
            b"",
            b"012345678901234",
            b"01234567890123456",
            b"012345678901234A",
            b"012345678901234/",
            b" 123456789012345",
        ];
        for bad in bad {
            assert_eq!(DecimalisationTable::from_ascii(bad).map(|_| ()), Err(Error::DecTable));
        }
        assert!(bool::from(table(b"0123456789012345").ct_eq(&DecimalisationTable::DEFAULT)));
        assert!(!bool::from(table(b"0123456789012346").ct_eq(&DecimalisationTable::DEFAULT)));
    }

    #[test]
    fn the_limits_of_balance() {
        let rows: [(&[u8], bool); 7] = [
            (b"0123456789012345", true),
            (b"0000123456789123", true),
            (b"0000012345678912", false),
            (b"0000111223344567", true),
            (b"0011223344556677", true),
            (b"0011122233445566", false),
            (b"9999999999999999", false),
        ];
        for (digits, balanced) in rows {
            let wanted = if balanced { Ok(()) } else { Err(Error::DecTableWeak) };
            assert_eq!(table(digits).check_balance(), wanted, "{digits:?}");
        }
    }
}
