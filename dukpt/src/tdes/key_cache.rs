use super::derivation::{Walk, from_halves, to_halves};
use super::{InitialKey, InitialKeyId, Ksn, TransactionKey};
use crate::Error;
use crate::counter::split_at_fork;
use core::fmt;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

/// The initial key and a key for each bit that an allowed counter may have.
const KEYS: usize = 11;

/// A server's memory of one terminal's last transaction, from which the next transaction key is one derivation away.
///
/// It keeps the initial key and the keys on the way to the last counter, one for each of its one bits. The way to
/// another counter starts where both ways part: the next counter costs one derivation, the same counter none, any other at
/// most its number of one bits, as without a cache.
///
/// It takes 188 bytes, and no allocator.
///
/// # Security
/// It holds nothing that does not follow from the initial key, and is to be kept like it. It is wiped when dropped.
///
/// # Examples
/// ```
/// # fn main() -> Result<(), dukpt::Error> {
/// use dukpt::tdes::{Bdk, KeyCache, Ksn};
/// use hex_literal::hex;
///
/// let bdk = Bdk::from_bytes(&hex!("0123456789ABCDEFFEDCBA9876543210"));
/// let ksn = Ksn::from_bytes(hex!("FFFF9876543210E00006"));
/// let initial_key = bdk.initial_key(ksn.initial_key_id());
///
/// let mut cache = KeyCache::new(&initial_key);
/// let pin_key = cache.transaction_key(&ksn)?.pin_key();
/// let next = cache.transaction_key(&ksn.next()?)?.pin_key();
/// # assert_eq!(pin_key.expose_bytes(), initial_key.transaction_key(&ksn)?.pin_key().expose_bytes());
/// # Ok(()) }
/// ```
///
/// Source: ANSI X9.24-1:2009 (the derivation).
pub struct KeyCache {
    /// Of the last counter's bits from the left, by how many of them are one; more were once used or are zero.
    keys: [[u8; 16]; KEYS],
    id: InitialKeyId,
    last: u32,
}

impl KeyCache {
    /// Begins with a terminal's initial key.
    #[must_use]
    pub fn new(initial_key: &InitialKey) -> Self {
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
    /// A counter with more than 10 one bits has no place here: see
    /// [`InitialKey::transaction_key_lax`](InitialKey::transaction_key_lax).
    ///
    /// # Errors
    /// [`Error::InitialKeyMismatch`]: the key serial number has another initial key id than this key.
    /// [`Error::CounterZero`] and [`Error::TooManyOneBits`]: no terminal may use this counter.
    ///
    /// Source: ANSI X9.24-1:2009.
    #[inline]
    pub fn transaction_key(&mut self, ksn: &Ksn) -> Result<TransactionKey, Error> {
        ksn.check_counter()?;
        if self.id != ksn.initial_key_id() {
            return Err(Error::InitialKeyMismatch);
        }
        let bytes = self.walk(ksn.counter()).ok_or(Error::TooManyOneBits)?;
        Ok(TransactionKey::from_bytes(bytes))
    }

    pub(super) fn empty() -> Self {
        Self { keys: [[0; 16]; KEYS], id: InitialKeyId::from_bytes([0; 8]), last: 0 }
    }

    /// Takes another terminal's initial key.
    pub(super) fn start_over(&mut self, initial_key: &InitialKey) {
        let [first, ..] = &mut self.keys;
        *first = initial_key.bytes;
        self.id = initial_key.context;
        self.last = 0;
    }

    /// The key of a counter, which is left among the others; none if there is no place for it.
    #[inline]
    fn walk(&mut self, counter: u32) -> Option<&[u8; 16]> {
        let (so_far, rest) = split_at_fork(self.last, counter);
        let (mut key, others) =
            self.keys.get_mut(so_far.count_ones() as usize..)?.split_first_mut()?;
        self.last = counter;
        let mut walk = Walk::new(self.id, so_far, rest);
        let mut halves = Zeroizing::new(to_halves(key));
        for next in others {
            let Some(derived) = walk.step::<des::Des>(&halves) else { break };
            *halves = *derived;
            *next = from_halves(&halves);
            key = next;
        }
        Some(key)
    }
}

impl fmt::Debug for KeyCache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeyCache")
    }
}

impl Drop for KeyCache {
    fn drop(&mut self) {
        self.keys.as_flattened_mut().zeroize();
    }
}

impl ZeroizeOnDrop for KeyCache {}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::KeyCache;
    use crate::Error;
    use crate::tdes::{InitialKey, InitialKeyId, Ksn};
    use std::format;
    use subtle::ConstantTimeEq;

    #[test]
    fn a_counter_up_down_and_again_has_the_same_key() {
        let id = InitialKeyId::from_bytes([7; 8]);
        let initial_key = InitialKey::from_bytes(&[0x42; 16], id);
        let mut cache = KeyCache::new(&initial_key);
        assert_eq!(cache.id(), id);
        let most = if cfg!(miri) { 20 } else { 300 };
        let up = 1..most;
        let down = (1..most).rev();
        let jumps = [0x1F_F800, 0x1F_F400, 1, 0x10_0000, 0x10_0001, 0x10_0001, 0x3FF];
        for counter in up.chain(down).chain(jumps) {
            let ksn = Ksn::new(id, counter).unwrap();
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
        let other = Ksn::new(InitialKeyId::from_bytes([8; 8]), 1).unwrap();
        for (ksn, error) in [
            (Ksn::new(id, 0).unwrap(), Error::CounterZero),
            (Ksn::new(id, 0x1_FFFF).unwrap(), Error::TooManyOneBits),
            (other, Error::InitialKeyMismatch),
        ] {
            cache.transaction_key(&Ksn::new(id, 0xFF).unwrap()).unwrap();
            assert_eq!(cache.transaction_key(&ksn).err(), Some(error));
            let ksn = Ksn::new(id, 0x100).unwrap();
            let key = cache.transaction_key(&ksn).unwrap();
            assert!(bool::from(key.ct_eq(&initial_key.transaction_key(&ksn).unwrap())));
        }
    }

    #[test]
    fn it_is_as_small_as_told_and_shows_no_key() {
        assert_eq!(size_of::<KeyCache>(), 188);
        let initial_key = InitialKey::from_bytes(&[0x42; 16], InitialKeyId::from_bytes([7; 8]));
        assert_eq!(format!("{:?}", KeyCache::new(&initial_key)), "KeyCache");
    }
}
