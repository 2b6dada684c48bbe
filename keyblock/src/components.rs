//! Keys in parts that no one custodian learns anything from: put together by XOR.

mod ceremony;
mod split;

use subtle::ConstantTimeEq;

use crate::Error;

pub use ceremony::Ceremony;
pub use split::split;

/// How many components a key may have: the fewest.
const FEWEST: usize = 2;
/// How many components a key may have: the most.
const MOST: usize = 9;

/// Combines 2 to 9 components of one length into a key: their XOR.
///
/// `key` is as long as each of them, and is left as it was after an error. An even number of components of odd parity has a sum of even parity:
/// where the key has to have odd parity, as payShield and other modules want it, set it with [`set_odd_parity`](crate::set_odd_parity) afterwards; the
/// check value stays the same. [`Ceremony`] takes one component after another instead.
///
/// # Errors
/// [`Error::ComponentCount`]: there are not 2 to 9.
/// [`Error::ComponentLength`]: they are empty, or not all as long as `key`.
/// [`Error::ZeroKey`]: their sum is zero.
///
/// # Security
/// Takes the same time for all components of a length. Of two components that are the same the sum is zero; with three or more, one given twice
/// cancels itself out unnoticed: compare the check value of the key. A sum of 01 in each byte is not zero, but is the zero key to DES, which
/// does not look at parity bits: check a TDES key by [`TdesKeyPolicy`](crate::TdesKeyPolicy).
///
/// # Examples
/// ```
/// # fn main() -> Result<(), keyblock::Error> {
/// use keyblock::{Kcv, KcvMethod, combine};
///
/// let (first, second) = ([0xFF; 16], [0x42; 16]);
/// let mut key = [0; 16];
/// combine(&[&first, &second], &mut key)?;
/// let kcv = Kcv::aes(KcvMethod::Cmac, &key)?;
/// # Ok(()) }
/// ```
///
/// Source: ANSI X9.24-1:2017 (split knowledge).
pub fn combine(components: &[&[u8]], key: &mut [u8]) -> Result<(), Error> {
    if !(FEWEST..=MOST).contains(&components.len()) {
        return Err(Error::ComponentCount);
    }
    if key.is_empty() || components.iter().any(|component| component.len() != key.len()) {
        return Err(Error::ComponentLength);
    }
    let sum = |at: usize| {
        components.iter().filter_map(|component| component.get(at)).fold(0, |sum, byte| sum ^ byte)
    };
    // Looked at as a whole before anything is written, so that an error leaves the buffer alone.
    let any = (0..key.len()).fold(0_u8, |any, at| any | sum(at));
    if any.ct_eq(&0).into() {
        return Err(Error::ZeroKey);
    }
    for (at, byte) in key.iter_mut().enumerate() {
        *byte = sum(at);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_refused_changes_nothing() {
        let [one, other, long] = [&[0x12; 16][..], &[0x34; 16], &[0x12; 17]];
        let mut key = [0x55; 16];
        let many = [one; 10];
        let cases: &[(&[&[u8]], Error)] = &[
            (&[], Error::ComponentCount),
            (&[one], Error::ComponentCount),
            (&many, Error::ComponentCount),
            (&[one, long], Error::ComponentLength),
            (&[long, one], Error::ComponentLength),
            (&[one, &[]], Error::ComponentLength),
            (&[one, one], Error::ZeroKey),
            (&[one, other, one, other], Error::ZeroKey),
        ];
        for &(components, error) in cases {
            assert_eq!(combine(components, &mut key), Err(error));
            assert_eq!(key, [0x55; 16]);
        }
        assert_eq!(combine(&[&[], &[]], &mut []), Err(Error::ComponentLength));
        assert_eq!(combine(&many[1..], &mut key), Ok(()));
        assert_eq!(key, [0x12; 16]);
    }

    #[test]
    fn one_bit_is_no_zero_key() {
        for at in 0..16 {
            for bit in 0..8 {
                let mut other = [0x77; 16];
                other[at] ^= 1 << bit;
                let mut key = [0; 16];
                assert_eq!(combine(&[&[0x77; 16], &other], &mut key), Ok(()));
                assert_eq!(key[at], 1 << bit);
            }
        }
    }
}
