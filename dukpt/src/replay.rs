use crate::key::sealed::Sealed;
use crate::{Error, aes, tdes};
use core::fmt;

/// A key serial number of either standard: [`tdes::Ksn`] or [`aes::Ksn`].
pub trait KeySerialNumber: Sealed + Copy + fmt::Debug {
    /// What names the terminal's initial key.
    type InitialKeyId: PartialEq;

    /// The terminal's initial key id.
    fn initial_key_id(&self) -> Self::InitialKeyId;
    /// The transaction counter.
    fn counter(&self) -> u32;
    /// Checks that a terminal may use this counter.
    ///
    /// # Errors
    /// [`Error::CounterZero`]: it is 0. [`Error::TooManyOneBits`]: it has more one bits than the standard lets it have.
    fn check_counter(&self) -> Result<(), Error>;
}

macro_rules! serial_numbers {
    ($($standard:ident)+) => {$(
        impl Sealed for $standard::Ksn {}

        impl KeySerialNumber for $standard::Ksn {
            type InitialKeyId = $standard::InitialKeyId;

            fn initial_key_id(&self) -> $standard::InitialKeyId {
                self.initial_key_id()
            }

            fn counter(&self) -> u32 {
                self.counter()
            }

            fn check_counter(&self) -> Result<(), Error> {
                self.check_counter()
            }
        }
    )+};
}

serial_numbers! { tdes aes }

/// A host's memory of one terminal: the last key serial number that it accepted, so that it takes none twice.
///
/// A counter has to be above the last accepted one. A key serial number comes in clear and anybody can write one, so
/// that a message is checked in two steps: [`check`](Self::check) reads and changes nothing, then the host derives
/// the keys and verifies the message's MAC (or finds a PIN block that is valid), and only then
/// [`Fresh::accept`] remembers the counter. A forged number with a high counter is forgotten with its message, and does not
/// lock the terminal out.
///
/// What is to be stored is [`last`](Self::last): the 10 or 12 bytes of a key serial number, with counter 0 before the
/// first transaction. Store them before the answer goes out, and let nobody else check the same terminal between: a
/// row that is locked, or compared and swapped.
///
/// # Examples
/// ```
/// # fn main() -> Result<(), dukpt::Error> {
/// use dukpt::aes::{Bdk, Ksn};
/// use dukpt::{Error, ReplayGuard};
///
/// # let bdk = Bdk::from_bytes(&[0x42; 16]);
/// let stored: Ksn = "123456789012345600000006".parse()?;
/// let received: Ksn = "123456789012345600000007".parse()?;
///
/// let mut guard = ReplayGuard::new(stored);
/// let fresh = guard.check(&received)?;
/// let transaction = bdk.initial_key(received.initial_key_id()).transaction_key(&received)?;
/// # let mac = transaction.mac_generation_key().cmac().chain("request").finalize(8)?;
/// transaction.mac_generation_key().cmac().chain("request").verify(mac.as_bytes(), 8)?;
/// fresh.accept();
///
/// assert_eq!(guard.last(), received);
/// assert_eq!(guard.check(&received).err(), Some(Error::CounterReplayed));
/// # Ok(()) }
/// ```
///
/// # Security
/// A terminal that sends a message again, byte for byte, is refused as well: answer a repeat from what was stored
/// with its first.
#[derive(Debug)]
pub struct ReplayGuard<K: KeySerialNumber> {
    last: K,
}

impl<K: KeySerialNumber> ReplayGuard<K> {
    /// The memory of the terminal whose last accepted key serial number was this; one with counter 0 if there was none.
    #[must_use]
    #[inline]
    pub const fn new(last: K) -> Self {
        Self { last }
    }

    /// The last key serial number that was accepted, which is what has to be stored.
    #[must_use]
    #[inline]
    pub const fn last(&self) -> K {
        self.last
    }

    /// Checks a key serial number, and remembers it only if the result is [accepted](Fresh::accept).
    ///
    /// # Errors
    /// [`Error::InitialKeyMismatch`]: it is another terminal's, or under another initial key.
    /// [`Error::CounterZero`] and [`Error::TooManyOneBits`]: no terminal may use this counter.
    /// [`Error::CounterReplayed`]: the counter is not above the last accepted one.
    pub fn check(&mut self, ksn: &K) -> Result<Fresh<'_, K>, Error> {
        self.check_terminal(ksn)?;
        ksn.check_counter()?;
        self.check_above(ksn)
    }

    /// Checks a key serial number whose counter may have any number of one bits, for hosts that take these.
    ///
    /// # Errors
    /// [`Error::InitialKeyMismatch`]: it is another terminal's, or under another initial key.
    /// [`Error::CounterReplayed`]: the counter is not above the last accepted one, or is 0.
    ///
    /// # Security
    /// After the highest counter of all nothing is accepted from the terminal any more.
    pub fn check_lax(&mut self, ksn: &K) -> Result<Fresh<'_, K>, Error> {
        self.check_terminal(ksn)?;
        self.check_above(ksn)
    }

    fn check_terminal(&self, ksn: &K) -> Result<(), Error> {
        if self.last.initial_key_id() != ksn.initial_key_id() {
            return Err(Error::InitialKeyMismatch);
        }
        Ok(())
    }

    fn check_above(&mut self, ksn: &K) -> Result<Fresh<'_, K>, Error> {
        if ksn.counter() <= self.last.counter() {
            return Err(Error::CounterReplayed);
        }
        Ok(Fresh { guard: self, ksn: *ksn })
    }
}

/// A key serial number that was not seen before, of a message that is not authenticated yet.
///
/// Dropped, it is forgotten; it keeps its [`ReplayGuard`] from checking another until then.
#[derive(Debug)]
#[must_use = "the counter is remembered by `accept` alone, once the message is authenticated"]
pub struct Fresh<'g, K: KeySerialNumber> {
    guard: &'g mut ReplayGuard<K>,
    ksn: K,
}

impl<K: KeySerialNumber> Fresh<'_, K> {
    /// The key serial number.
    #[must_use]
    #[inline]
    pub const fn ksn(&self) -> K {
        self.ksn
    }

    /// Remembers the counter as the terminal's last.
    ///
    /// # Security
    /// Only after the message was authenticated under this key serial number's keys.
    #[inline]
    pub fn accept(self) {
        self.guard.last = self.ksn;
    }
}

#[cfg(test)]
mod tests {
    use super::ReplayGuard;
    use crate::{Error, aes, tdes};

    #[test]
    fn what_is_not_accepted_locks_nobody_out() {
        let id = aes::InitialKeyId::from_bytes([7; 8]);
        let ksn = |counter| aes::Ksn::new(id, counter);
        let mut guard = ReplayGuard::new(ksn(0));
        let forged = guard.check(&ksn(0xFFFF_0000)).unwrap();
        assert_eq!(forged.ksn(), ksn(0xFFFF_0000));
        let _ = forged;
        assert_eq!(guard.last(), ksn(0));
        guard.check(&ksn(3)).unwrap().accept();
        assert_eq!(guard.last(), ksn(3));
    }

    #[test]
    fn a_refusal_says_why_and_changes_nothing() {
        let id = tdes::InitialKeyId::from_bytes([7; 8]);
        let ksn = |counter| tdes::Ksn::new(id, counter).unwrap();
        let mut guard = ReplayGuard::new(ksn(5));
        for (counter, error) in [
            (0, Error::CounterZero),
            (1, Error::CounterReplayed),
            (5, Error::CounterReplayed),
            (0x1F_FFFF, Error::TooManyOneBits),
        ] {
            assert_eq!(guard.check(&ksn(counter)).err(), Some(error));
        }
        let other = tdes::Ksn::new(tdes::InitialKeyId::from_bytes([8; 8]), 6).unwrap();
        assert_eq!(guard.check(&other).err(), Some(Error::InitialKeyMismatch));
        assert_eq!(guard.check_lax(&other).err(), Some(Error::InitialKeyMismatch));
        assert_eq!(guard.check_lax(&ksn(0)).err(), Some(Error::CounterReplayed));
        assert_eq!(guard.last(), ksn(5));
        guard.check_lax(&ksn(0x1F_FFFF)).unwrap().accept();
        assert_eq!(guard.check_lax(&ksn(0x1F_FFFF)).err(), Some(Error::CounterReplayed));
    }
}
