//! Parity of DES keys: the lowest bit of a byte makes the number of its ones odd.

use subtle::{Choice, ConstantTimeEq};

use crate::Error;

/// Sets the lowest bit of each byte so that the byte has an odd number of ones.
///
/// For DES and TDES keys of any length; the cipher does not look at these bits, so the key and its check value stay what they are.
/// Never for AES or SM4 keys, which have no spare bits.
///
/// # Security
/// Takes the same time for every key of a length.
///
/// # Examples
/// ```
/// let mut key = [0x00, 0x01, 0xFE, 0xFF];
/// keyblock::set_odd_parity(&mut key);
/// assert_eq!(key, [0x01, 0x01, 0xFE, 0xFE]);
/// ```
///
/// Source: FIPS 46-3.
pub fn set_odd_parity(key: &mut [u8]) {
    for byte in key {
        *byte ^= 1 ^ ones(*byte);
    }
}

/// Checks that every byte of a DES or TDES key has an odd number of ones.
///
/// # Errors
/// [`Error::Parity`]: a byte has an even number.
///
/// # Security
/// Every byte is looked at; which one is wrong does not show.
///
/// # Examples
/// ```
/// use keyblock::{Error, check_odd_parity};
///
/// assert_eq!(check_odd_parity(&[0x01, 0xFE]), Ok(()));
/// assert_eq!(check_odd_parity(&[0x01, 0xFF]), Err(Error::Parity));
/// ```
///
/// Source: FIPS 46-3.
pub fn check_odd_parity(key: &[u8]) -> Result<(), Error> {
    if has_odd_parity(key).into() { Ok(()) } else { Err(Error::Parity) }
}

pub(crate) fn has_odd_parity(key: &[u8]) -> Choice {
    key.iter().fold(Choice::from(1), |odd, byte| odd & ones(*byte).ct_eq(&1))
}

/// 1 if the byte has an odd number of ones, else 0.
const fn ones(byte: u8) -> u8 {
    let four = byte ^ byte >> 4;
    let two = four ^ four >> 2;
    (two ^ two >> 1) & 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parity_is_that_of_the_ones_counted() {
        for byte in 0..=u8::MAX {
            let odd = byte.count_ones() % 2 == 1;
            assert_eq!(check_odd_parity(&[byte]).is_ok(), odd);
            let mut set = [byte];
            set_odd_parity(&mut set);
            assert_eq!(set, [if odd { byte } else { byte ^ 1 }]);
        }
    }

    #[test]
    fn one_even_byte_among_24_is_found() {
        let mut key = [0x01; 24];
        assert_eq!(check_odd_parity(&key), Ok(()));
        for at in 0..24 {
            for bit in 0..8 {
                key[at] ^= 1 << bit;
                assert_eq!(check_odd_parity(&key), Err(Error::Parity));
                key[at] ^= 1 << bit;
            }
        }
        assert_eq!(check_odd_parity(&[]), Ok(()));
    }
}
