use super::derivation::{self, BaseKey, DerivationData, Walk};
use super::{Aes, InitialKey, InitialKeyId, KeyUsage, Ksn, TransactionKey};
use crate::Error;
use crate::counter::split_at_fork;
use core::fmt;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// The initial key and a key for each bit that an allowed counter may have.
const KEYS: usize = 17;

/// A server's memory of one terminal's last transaction, from which the next transaction key is one derivation away.
///
/// It keeps the initial key and the keys on the way to the last counter, one for each of its one bits. The way to
/// another counter starts where both ways part: the next counter costs one derivation, the same counter none, any other at
/// most its number of one bits, as without a cache.
///
/// It takes `17 * N + 12` bytes, which is 284 for AES-128 and 556 for AES-256, and no allocator.
///
/// # Security
/// It holds nothing that does not follow from the initial key, and is to be kept like it. It is wiped when dropped.
///
/// # Examples
/// ```
/// # fn main() -> Result<(), dukpt::Error> {
/// use dukpt::aes::{Bdk, KeyCache, Ksn};
/// use hex_literal::hex;
///
/// let bdk = Bdk::from_bytes(&hex!("FEDCBA9876543210F1F1F1F1F1F1F1F1"));
/// let ksn = Ksn::from_bytes(hex!("123456789012345560000006"));
/// let initial_key = bdk.initial_key(ksn.initial_key_id());
///
/// let mut cache = KeyCache::new(&initial_key);
/// let pin_key = cache.transaction_key(&ksn)?.pin_key();
/// let next = cache.transaction_key(&ksn.next()?)?.pin_key();
/// # assert_eq!(pin_key.expose_bytes(), initial_key.transaction_key(&ksn)?.pin_key().expose_bytes());
/// # Ok(()) }
/// ```
///
/// Source: ANSI X9.24-3-2017 (the derivation).
pub struct KeyCache<const N: usize> {
    /// Of the last counter's bits from the left, by how many of them are one; more were once used or are zero.
    keys: [[u8; N]; KEYS],
    id: InitialKeyId,
    last: u32,
}

impl<const N: usize> KeyCache<N>
where
    Aes: BaseKey<N>,
{
    /// Begins with a terminal's initial key.
    #[must_use]
    pub fn new(initial_key: &InitialKey<N>) -> Self {
        let mut cache = Self::empty();
        cache.start_over(initial_key);
        cache
    }

    /// The id of the initial key.
    #[must_use]
    pub fn id(&self) -> InitialKeyId {
        self.id
    }

    /// Derives the transaction key of a key serial number.
    ///
    /// A counter with more than 16 one bits has no place here: see
    /// [`InitialKey::transaction_key_lax`](InitialKey::transaction_key_lax).
    ///
    /// # Errors
    /// [`Error::InitialKeyMismatch`]: the key serial number has another initial key id than this key.
    /// [`Error::CounterZero`] and [`Error::TooManyOneBits`]: no terminal may use this counter.
    ///
    /// Source: ANSI X9.24-3-2017.
    #[inline]
    pub fn transaction_key(&mut self, ksn: &Ksn) -> Result<TransactionKey<N>, Error> {
        ksn.check_counter()?;
        if self.id != ksn.initial_key_id() {
            return Err(Error::InitialKeyMismatch);
        }
        let bytes = self.key(ksn).ok_or(Error::TooManyOneBits)?;
        Ok(TransactionKey { bytes: *bytes, context: *ksn })
    }

    pub(super) fn empty() -> Self {
        Self { keys: [[0; N]; KEYS], id: InitialKeyId::from_bytes([0; 8]), last: 0 }
    }

    /// Takes another terminal's initial key.
    pub(super) fn start_over(&mut self, initial_key: &InitialKey<N>) {
        let [first, ..] = &mut self.keys;
        *first = initial_key.bytes;
        self.id = initial_key.context;
        self.last = 0;
    }

    /// The key of an allowed counter, which is left among the others; none if there is no place for it.
    #[inline]
    fn key(&mut self, ksn: &Ksn) -> Option<&[u8; N]> {
        let counter = ksn.counter();
        let bit = counter & counter.wrapping_neg();
        if (self.last ^ counter ^ bit) >= bit {
            return self.walk(ksn);
        }
        // All bits but the lowest are on the way to the last counter, as for a terminal that counts up: one step, whose
        // data are those of the counter itself.
        let before = ksn.one_bits().checked_sub(1)?;
        let [key, next] = self.keys.get_mut(before as usize..)?.first_chunk_mut()?;
        let key_type = <Aes as BaseKey<N>>::KEY_TYPE;
        let data = DerivationData::transaction(KeyUsage::KeyDerivation, key_type, ksn);
        derivation::derive_from(key, &data, next);
        self.last = counter;
        Some(next)
    }

    /// The same in any number of steps.
    #[cold]
    fn walk(&mut self, ksn: &Ksn) -> Option<&[u8; N]> {
        let (so_far, rest) = split_at_fork(self.last, ksn.counter());
        let (mut key, others) =
            self.keys.get_mut(so_far.count_ones() as usize..)?.split_first_mut()?;
        self.last = ksn.counter();
        let mut walk = Walk::new(<Aes as BaseKey<N>>::KEY_TYPE, self.id, so_far, rest);
        for next in others {
            let Some(data) = walk.next() else { break };
            derivation::derive_from(key, data, next);
            key = next;
        }
        Some(key)
    }
}

impl<const N: usize> fmt::Debug for KeyCache<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeyCache")
    }
}

impl<const N: usize> Drop for KeyCache<N> {
    fn drop(&mut self) {
        self.keys.as_flattened_mut().zeroize();
    }
}

impl<const N: usize> ZeroizeOnDrop for KeyCache<N> {}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::KeyCache;
    use crate::Error;
    use crate::aes::{InitialKey, InitialKeyId, Ksn};
    use std::format;
    use subtle::ConstantTimeEq;

    #[test]
    fn a_counter_up_down_and_again_has_the_same_key() {
        let id = InitialKeyId::from_bytes([7; 8]);
        let initial_key = InitialKey::from_bytes(&[0x42; 24], id);
        let mut cache = KeyCache::new(&initial_key);
        assert_eq!(cache.id(), id);
        let most = if cfg!(miri) { 12 } else { 300 };
        let up = 1..most;
        let down = (1..most).rev();
        let jumps = [0xFFFF_0000, 0xFFFE_8000, 1, 0x8000_0000, 0x8000_0001, 0x8000_0001, 0xFFFF];
        for counter in up.chain(down).chain(jumps) {
            let ksn = Ksn::new(id, counter);
            let expected = initial_key.transaction_key(&ksn).unwrap();
            let key = cache.transaction_key(&ksn).unwrap();
            assert!(bool::from(key.ct_eq(&expected)), "{counter:08X}");
        }
    }

    #[test]
    fn what_is_refused_changes_nothing() {
        let id = InitialKeyId::from_bytes([7; 8]);
        let initial_key = InitialKey::from_bytes(&[0x42; 16], id);
        let mut cache = KeyCache::new(&initial_key);
        let other = Ksn::new(InitialKeyId::from_bytes([8; 8]), 1);
        for (ksn, error) in [
            (Ksn::new(id, 0), Error::CounterZero),
            (Ksn::new(id, 0x1_FFFF), Error::TooManyOneBits),
            (other, Error::InitialKeyMismatch),
        ] {
            cache.transaction_key(&Ksn::new(id, 0xFF)).unwrap();
            assert_eq!(cache.transaction_key(&ksn).err(), Some(error));
            let ksn = Ksn::new(id, 0x100);
            let key = cache.transaction_key(&ksn).unwrap();
            assert!(bool::from(key.ct_eq(&initial_key.transaction_key(&ksn).unwrap())));
        }
    }

    #[test]
    fn it_is_as_small_as_told_and_shows_no_key() {
        assert_eq!(size_of::<KeyCache<16>>(), 284);
        assert_eq!(size_of::<KeyCache<24>>(), 420);
        assert_eq!(size_of::<KeyCache<32>>(), 556);
        let initial_key = InitialKey::from_bytes(&[0x42; 16], InitialKeyId::from_bytes([7; 8]));
        assert_eq!(format!("{:?}", KeyCache::new(&initial_key)), "KeyCache");
    }
}
