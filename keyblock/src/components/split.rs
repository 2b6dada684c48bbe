use rand_core::TryCryptoRng;
use subtle::{Choice, ConstantTimeEq};
use zeroize::Zeroize;

use super::{FEWEST, MOST};
use crate::Error;

/// The shortest key that is split: below, two random components may well be the same.
const SHORTEST: usize = 8;

/// Splits a key into 2 to 9 components of its length: all but the last are random, the last is their XOR with the key.
///
/// Each has a check value of its own ([`Kcv`](crate::Kcv)), to be printed with it. Where a module wants components of odd parity, set it on each: they
/// still make a key that differs in parity bits alone.
///
/// # Errors
/// [`Error::ComponentCount`]: `components` has not 2 to 9.
/// [`Error::KeyLength`]: the key has less than 8 bytes.
/// [`Error::ComponentLength`]: a component is not as long as the key.
/// [`Error::ZeroKey`]: the key is zero.
/// [`Error::Rng`]: the generator failed, or is stuck: a component is zero, is the key, or is there twice, which a sound generator gives less than
/// once in 2^58 calls.
///
/// # Security
/// After [`Error::Rng`] all components are wiped. The caller wipes them otherwise, and the key.
///
/// # Examples
/// ```
/// # fn main() -> Result<(), keyblock::Error> {
/// # let mut rng = getrandom::SysRng;
/// let key = [0x42; 16];
/// let (mut first, mut second) = ([0; 16], [0; 16]);
/// keyblock::split(&key, &mut [&mut first, &mut second], &mut rng)?;
///
/// let mut again = [0; 16];
/// keyblock::combine(&[&first, &second], &mut again)?;
/// assert_eq!(again, key);
/// # Ok(()) }
/// ```
///
/// Source: ANSI X9.24-1:2017 (split knowledge).
pub fn split<R>(key: &[u8], components: &mut [&mut [u8]], rng: &mut R) -> Result<(), Error>
where
    R: TryCryptoRng + ?Sized,
{
    if !(FEWEST..=MOST).contains(&components.len()) {
        return Err(Error::ComponentCount);
    }
    if key.len() < SHORTEST {
        return Err(Error::KeyLength);
    }
    if components.iter().any(|component| component.len() != key.len()) {
        return Err(Error::ComponentLength);
    }
    if is_zero(key).into() {
        return Err(Error::ZeroKey);
    }
    let drawn = draw(key, components, rng);
    if drawn.is_err() {
        components.iter_mut().for_each(|component| component.zeroize());
    }
    drawn
}

fn draw<R>(key: &[u8], components: &mut [&mut [u8]], rng: &mut R) -> Result<(), Error>
where
    R: TryCryptoRng + ?Sized,
{
    let (last, random) = components.split_last_mut().ok_or(Error::ComponentCount)?;
    last.iter_mut().zip(key).for_each(|(to, from)| *to = *from);
    for component in random {
        rng.try_fill_bytes(component).map_err(|_| Error::Rng)?;
        for (last, byte) in last.iter_mut().zip(component.iter()) {
            *last ^= byte;
        }
    }
    // Every component against the key and all that come after it, whatever the first comparison says.
    let mut stuck = Choice::from(0);
    let mut rest = &*components;
    while let Some((component, after)) = rest.split_first() {
        stuck |= is_zero(component) | component.ct_eq(key);
        for other in after {
            stuck |= component.ct_eq(other);
        }
        rest = after;
    }
    if stuck.into() { Err(Error::Rng) } else { Ok(()) }
}

fn is_zero(bytes: &[u8]) -> Choice {
    bytes.iter().fold(0, |any, byte| any | byte).ct_eq(&0)
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use crate::combine;
    use core::convert::Infallible;
    use rand_core::{TryCryptoRng, TryRng};
    use std::vec::Vec;

    /// Gives these bytes, then fails.
    struct Tape<'a>(&'a [u8]);

    impl TryRng for Tape<'_> {
        type Error = core::fmt::Error;

        fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
            Err(core::fmt::Error)
        }

        fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
            Err(core::fmt::Error)
        }

        fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Self::Error> {
            // Half of it is written before the failure shows.
            let enough = self.0.len() >= bytes.len();
            let (given, rest) = self.0.split_at(bytes.len().min(self.0.len()));
            bytes[..given.len()].copy_from_slice(given);
            self.0 = rest;
            if enough { Ok(()) } else { Err(core::fmt::Error) }
        }
    }

    impl TryCryptoRng for Tape<'_> {}

    fn tape(key: &[u8], count: usize, random: &[u8]) -> (Result<(), Error>, Vec<Vec<u8>>) {
        let mut components = std::vec![std::vec![0xEE; key.len()]; count];
        let mut lent: Vec<&mut [u8]> = components.iter_mut().map(|one| &mut one[..]).collect();
        let result = split(key, &mut lent, &mut Tape(random));
        (result, components)
    }

    #[test]
    fn the_last_is_the_sum_of_the_others_and_the_key() {
        let key = *b"0123456789abcdef";
        // Fifth powers: rows that count up would cancel each other out.
        let random: Vec<u8> = (1..129_u16)
            .map(|at| {
                let [_, low] = at.wrapping_pow(5).to_be_bytes();
                low
            })
            .collect();
        for count in 2..=9 {
            let (result, components) = tape(&key, count, &random);
            assert_eq!(result, Ok(()));
            assert_eq!(components[..count - 1].concat(), random[..16 * (count - 1)]);
            let mut again = [0; 16];
            let lent: Vec<&[u8]> = components.iter().map(|one| &one[..]).collect();
            combine(&lent, &mut again).unwrap();
            assert_eq!(again, key);
        }
    }

    #[test]
    fn a_generator_that_fails_leaves_nothing() {
        let key = [0x42; 16];
        let random: Vec<u8> = (0..48).collect();
        for given in 0..48 {
            let (result, components) = tape(&key, 4, &random[..given]);
            assert_eq!(result, Err(Error::Rng));
            assert_eq!(components.concat(), [0; 64]);
        }
        assert_eq!(tape(&key, 4, &random).0, Ok(()));
    }

    #[test]
    fn a_generator_that_is_stuck_is_noticed() {
        let key = [0x42; 16];
        let zero = [0; 16];
        let (one, other) = ([0x17; 16], [0x2A; 16]);
        for random in [
            // Zero, the key, twice the same, twice the same with one between, a sum of zero.
            &[zero, one, other],
            &[key, one, other],
            &[one, one, other],
            &[one, other, one],
            &[one, other, [0x42 ^ 0x17 ^ 0x2A; 16]],
        ] {
            let (result, components) = tape(&key, 4, &random.concat());
            assert_eq!(result, Err(Error::Rng));
            assert_eq!(components.concat(), [0; 64]);
        }
    }

    #[test]
    fn what_cannot_be_split_is_refused_before_anything_is_drawn() {
        struct Never;
        impl TryRng for Never {
            type Error = Infallible;
            fn try_next_u32(&mut self) -> Result<u32, Infallible> {
                panic!("drawn")
            }
            fn try_next_u64(&mut self) -> Result<u64, Infallible> {
                panic!("drawn")
            }
            fn try_fill_bytes(&mut self, _: &mut [u8]) -> Result<(), Infallible> {
                panic!("drawn")
            }
        }
        impl TryCryptoRng for Never {}

        let refused = |key: &[u8], lens: &[usize], error| {
            let mut components: Vec<Vec<u8>> = lens.iter().map(|&len| std::vec![7; len]).collect();
            let before = components.clone();
            let mut lent: Vec<&mut [u8]> = components.iter_mut().map(|one| &mut one[..]).collect();
            assert_eq!(split(key, &mut lent, &mut Never), Err(error));
            assert_eq!(components, before);
        };
        refused(&[1; 16], &[], Error::ComponentCount);
        refused(&[1; 16], &[16], Error::ComponentCount);
        refused(&[1; 16], &[16; 10], Error::ComponentCount);
        refused(&[1; 16], &[16, 15], Error::ComponentLength);
        refused(&[1; 16], &[17, 16], Error::ComponentLength);
        refused(&[1; 7], &[7, 7], Error::KeyLength);
        refused(&[0; 16], &[16, 16], Error::ZeroKey);
    }
}
