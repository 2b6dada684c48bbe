use super::derivation::BaseKey;
use super::{Aes, InitialKey, KeyCache, Ksn, TransactionKey};
use crate::Error;
use core::fmt;
use core::ptr;

/// Derives the transaction key of each pair of an initial key and a key serial number, as the result is asked for.
///
/// Pairs that follow one another with the same initial key (the same reference, that is) share their work, as in a
/// [`KeyCache`]: sort a file by key serial number, whose order is by terminal, then by counter. In any other order
/// each pair costs what [`InitialKey::transaction_key`] does.
///
/// A pair that is refused takes nothing from the others: each has a result of its own, in the pairs' order.
///
/// # Examples
/// ```
/// # fn main() -> Result<(), dukpt::Error> {
/// use dukpt::Error;
/// use dukpt::aes::{self, Bdk, Ksn};
///
/// let bdk = Bdk::from_bytes(&[0x42; 16]);
/// let terminals = ["1234567890123456", "1234567890123457"];
/// let initial_keys = terminals.map(|id| bdk.initial_key(id.parse().unwrap()));
///
/// let pairs = [(0, 1), (0, 2), (0, 0), (1, 1)].map(|(terminal, counter)| {
///     let initial_key = &initial_keys[terminal];
///     (initial_key, Ksn::new(initial_key.id(), counter))
/// });
/// let mut keys = aes::transaction_keys(pairs);
/// assert!(keys.next().unwrap().is_ok());
/// assert!(keys.next().unwrap().is_ok());
/// assert_eq!(keys.next().unwrap().err(), Some(Error::CounterZero));
/// let pin_key = keys.next().unwrap()?.pin_key();
/// # Ok(()) }
/// ```
///
/// Source: ANSI X9.24-3-2017 (the derivation).
pub fn transaction_keys<'k, I, const N: usize>(pairs: I) -> TransactionKeys<'k, I::IntoIter, N>
where
    I: IntoIterator<Item = (&'k InitialKey<N>, Ksn)>,
    Aes: BaseKey<N>,
{
    TransactionKeys { pairs: pairs.into_iter(), cached: None, cache: KeyCache::empty() }
}

/// The results of [`transaction_keys`].
pub struct TransactionKeys<'k, I, const N: usize> {
    pairs: I,
    cached: Option<&'k InitialKey<N>>,
    cache: KeyCache<N>,
}

impl<'k, I, const N: usize> Iterator for TransactionKeys<'k, I, N>
where
    I: Iterator<Item = (&'k InitialKey<N>, Ksn)>,
    Aes: BaseKey<N>,
{
    type Item = Result<TransactionKey<N>, Error>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        let (initial_key, ksn) = self.pairs.next()?;
        // Where it lies, not what it is: keys are not compared. It is lent for as long as this lasts.
        if !self.cached.is_some_and(|cached| ptr::eq(cached, initial_key)) {
            self.cached = Some(initial_key);
            self.cache.start_over(initial_key);
        }
        Some(self.cache.transaction_key(&ksn))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.pairs.size_hint()
    }
}

impl<I, const N: usize> fmt::Debug for TransactionKeys<'_, I, N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TransactionKeys")
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::transaction_keys;
    use crate::aes::{Bdk, InitialKeyId, Ksn};
    use std::vec::Vec;
    use subtle::ConstantTimeEq;

    #[test]
    fn each_pair_has_its_own_result_in_any_order() {
        let bdk = Bdk::from_bytes(&[0x42; 32]);
        let initial_keys =
            [1, 2, 3].map(|terminal| bdk.initial_key(InitialKeyId::from_bytes([terminal; 8])));
        let count = if cfg!(miri) { 15_u32 } else { 200 };
        let pairs: Vec<_> = (0..count)
            .map(|number| {
                let [a, b, c] = &initial_keys;
                let initial_key = match number / 7 % 3 {
                    0 => a,
                    1 => b,
                    _ => c,
                };
                let id = if number % 31 == 5 { a.id() } else { initial_key.id() };
                (initial_key, Ksn::new(id, number.wrapping_mul(number) % 0x200))
            })
            .collect();
        let mut keys = transaction_keys(pairs.iter().copied());
        assert_eq!(keys.size_hint(), (pairs.len(), Some(pairs.len())));
        for (initial_key, ksn) in &pairs {
            match (keys.next().unwrap(), initial_key.transaction_key(ksn)) {
                (Ok(key), Ok(expected)) => assert!(bool::from(key.ct_eq(&expected))),
                (Err(error), Err(expected)) => assert_eq!(error, expected),
                (key, expected) => panic!("{key:?} and {expected:?} of {ksn}"),
            }
        }
        assert!(keys.next().is_none());
    }
}
