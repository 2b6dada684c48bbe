//! The terminal's state machine behind both standards, safe against power loss.
//!
//! Use it as [`tdes::Terminal`](crate::tdes::Terminal) and [`aes::Terminal`](crate::aes::Terminal); this module is where
//! its methods are told. It does no input or output: what has to survive a power cut goes out as bytes, and comes back
//! by [`Terminal::restore`].
//!
//! ```text
//! load an initial key, or restore          keep the snapshot (it holds keys)
//! begin, skip_to  --> Pending              keep its record (16 bytes, no key in it)
//! Pending::stored --> Ksn, TransactionKey  send
//! ```
//! Each step is done when what stands on the right is durable. A [`Pending`] that is dropped burns its counter.
//!
//! # Examples
//! ```
//! # fn main() -> Result<(), dukpt::Error> {
//! use dukpt::tdes::{Bdk, Ksn, Terminal};
//! use hex_literal::hex;
//!
//! let bdk = Bdk::from_bytes(&hex!("0123456789ABCDEFFEDCBA9876543210"));
//! let first = Ksn::from_bytes(hex!("FFFF9876543210E00000"));
//! let mut terminal = Terminal::new(&bdk.initial_key(first.initial_key_id()));
//! let flash = terminal.snapshot()?; // to tamper-protected memory
//! let mut log = Vec::new();
//!
//! let pending = terminal.begin()?;
//! log.extend(pending.record()); // now make it durable, then:
//! let (ksn, key) = pending.stored();
//! assert_eq!(ksn.to_string(), "FFFF9876543210E00001");
//! let pin_cipher = key.pin_key().cipher::<des::TdesEde2>();
//!
//! // The power fails.
//! let mut terminal = Terminal::empty();
//! terminal.restore(flash.expose_bytes(), log.chunks(16))?;
//! assert_eq!(terminal.next_ksn()?.to_string(), "FFFF9876543210E00002");
//! # Ok(()) }
//! ```

mod checksum;
mod pending;
mod record;
mod registers;
mod restore;
mod snapshot;

use crate::{Error, Key};
use checksum::Checksum;
use core::fmt;
use registers::Registers;
use zeroize::{Zeroize, ZeroizeOnDrop};

pub use pending::Pending;
pub use record::RECORD_LEN;
pub use restore::Replay;
pub use snapshot::Snapshot;
pub(crate) use snapshot::image_len;

pub(crate) mod sealed {
    use zeroize::Zeroize;

    /// What the state machine has to know of a standard with keys of `N` bytes.
    pub trait Machine<const N: usize> {
        /// One key for each bit of the counter, the lowest bit's first.
        type Registers: AsRef<[[u8; N]]> + AsMut<[[u8; N]]> + Zeroize;
        /// A key whose schedule is ready to derive more than one other key.
        type Parent;

        /// What snapshots and records name the algorithm by.
        const ALGORITHM: u8;
        /// All bits of the counter.
        const COUNTER_MASK: u32;
        const MAX_ONE_BITS: u32;
        const WIPED: Self::Registers;

        fn parent(key: &[u8; N]) -> Self::Parent;
        /// The key of a counter that has one bit more than the parent's, below its others.
        fn child(parent: &Self::Parent, id: [u8; 8], counter: u32, key: &mut [u8; N]);
    }
}

/// An algorithm that has a terminal's side, with keys of `N` bytes.
pub trait Standard<const N: usize>: sealed::Machine<N> + Sized {
    /// What names an initial key.
    type InitialKeyId: Copy + PartialEq;
    /// A key serial number.
    type Ksn: Copy;
    /// The role of an initial key.
    type Initial: crate::key::Role<Context = Self::InitialKeyId>;
    /// The role of a transaction key.
    type Transaction: crate::key::Role;
    /// The bytes of a snapshot.
    type Image: AsRef<[u8]> + AsMut<[u8]> + Zeroize;

    /// An image of zeros.
    #[doc(hidden)]
    const BLANK: Self::Image;

    /// The id's 8 bytes.
    #[doc(hidden)]
    fn id_bytes(id: Self::InitialKeyId) -> [u8; 8];
    /// The id with these 8 bytes.
    #[doc(hidden)]
    fn id(bytes: [u8; 8]) -> Self::InitialKeyId;
    /// The key serial number of a counter.
    #[doc(hidden)]
    fn ksn(id: Self::InitialKeyId, counter: u32) -> Self::Ksn;
    /// The counter of a key serial number.
    #[doc(hidden)]
    fn counter(ksn: &Self::Ksn) -> u32;
    /// The initial key id of a key serial number.
    #[doc(hidden)]
    fn id_of(ksn: &Self::Ksn) -> Self::InitialKeyId;
    /// A transaction key of zeros, to be filled.
    #[doc(hidden)]
    fn transaction_key(ksn: Self::Ksn) -> Key<Self::Transaction, N>;
}

/// A terminal: a key for each bit of the counter, and the counter.
///
/// A counter's transaction key is the parent of those of later counters. Before it is handed out they are derived, and
/// the register that held it is wiped, so that a terminal that is taken apart gives away no key that it used before.
///
/// It has no `Clone` and no `==`, shows nothing in `Debug`, and is wiped when dropped. Of an AES terminal most is
/// registers: 512, 768 or 1,024 bytes; of a TDES one 336 bytes. Where the stack is small, keep it in a `static` or
/// another place of its own: [`empty`](Self::empty) is a constant, [`load`](Self::load) and [`restore`](Self::restore) fill
/// it in place.
///
/// # Security
/// No key is handed out twice as long as the record of each [`Pending`] is durable before [`Pending::stored`] is called, and
/// nobody puts back an older snapshot or takes records away. Checksums find what fails, not what is forged: snapshot and
/// records belong in tamper-protected memory.
///
/// Source: ANSI X9.24-1:2009 and ANSI X9.24-3-2017.
pub struct Terminal<A: Standard<N>, const N: usize> {
    registers: Registers<A, N>,
    /// None before the first initial key.
    id: Option<A::InitialKeyId>,
    /// The part of a record's checksum that is the same for all of them.
    record_begin: Checksum,
}

impl<A: Standard<N>, const N: usize> Terminal<A, N> {
    /// A terminal without an initial key, to be loaded or restored in place.
    ///
    /// # Examples
    /// ```
    /// use dukpt::{Error, aes::Terminal};
    ///
    /// let mut terminal = Terminal::<16>::empty();
    /// assert_eq!(terminal.begin().err(), Some(Error::NoInitialKey));
    /// ```
    ///
    /// Source: none, it is this crate's own.
    #[must_use]
    pub const fn empty() -> Self {
        Self { registers: Registers::EMPTY, id: None, record_begin: Checksum::new() }
    }

    /// A terminal with this initial key, at the first counter.
    ///
    /// Its [`snapshot`](Self::snapshot) has to be durable before the first transaction. The initial key itself is not kept;
    /// let the caller drop it.
    ///
    /// Source: ANSI X9.24-1:2009 and ANSI X9.24-3-2017.
    #[must_use]
    pub fn new(initial_key: &Key<A::Initial, N>) -> Self {
        let mut terminal = Self::empty();
        terminal.fill(initial_key);
        terminal
    }

    /// Takes a new initial key in the place of all that there was, and begins at its first counter.
    ///
    /// Make the new [`snapshot`](Self::snapshot) durable, and then forget the old one and its records. Until then a power cut
    /// brings back the terminal with the old key. A new snapshot has a new log from the start: [`restore`](Self::restore)
    /// refuses the records of the old key behind it, so change over from one pair to the other in one write. The initial key itself is not kept; let the caller drop it.
    ///
    /// # Errors
    /// [`Error::InitialKeyLoaded`]: the initial key has the id of the one that is there, whose counters would come again;
    /// nothing is changed. Who wants that begins with an [`empty`](Self::empty) terminal.
    ///
    /// Source: ANSI X9.24-1:2009 and ANSI X9.24-3-2017.
    pub fn load(&mut self, initial_key: &Key<A::Initial, N>) -> Result<(), Error> {
        if self.id == Some(initial_key.context) {
            return Err(Error::InitialKeyLoaded);
        }
        self.fill(initial_key);
        Ok(())
    }

    fn fill(&mut self, initial_key: &Key<A::Initial, N>) {
        let id = initial_key.context;
        self.registers.load(A::id_bytes(id), &initial_key.bytes);
        self.set_id(id);
    }

    fn set_id(&mut self, id: A::InitialKeyId) {
        self.id = Some(id);
        self.record_begin = record::begin(A::ALGORITHM, A::id_bytes(id));
    }

    /// Reserves the next counter, whose key is to be had as soon as the reservation is durable.
    ///
    /// The key's successors are derived here: none for every second counter, one on average, as many as the counter has
    /// zeros at its end at most.
    ///
    /// # Errors
    /// [`Error::NoInitialKey`]: none was loaded. [`Error::CounterExhausted`]: the last counter was reserved, and every
    /// register is wiped.
    ///
    /// Source: ANSI X9.24-1:2009 and ANSI X9.24-3-2017.
    #[inline]
    pub fn begin(&mut self) -> Result<Pending<'_, A, N>, Error> {
        let id = self.id.ok_or(Error::NoInitialKey)?;
        let counter = self.registers.next().ok_or(Error::CounterExhausted)?;
        self.reserve(id, counter)
    }

    /// Reserves a later counter in place of the next one; those between are passed for good.
    ///
    /// It takes as many derivations as the counter has bits at most, however far it is.
    ///
    /// # Errors
    /// Nothing is changed by [`Error::NoInitialKey`]: none was loaded. [`Error::InitialKeyMismatch`]: the key serial number
    /// has another initial key id. [`Error::CounterZero`] and [`Error::TooManyOneBits`]: no terminal may use this counter.
    /// [`Error::CounterExhausted`]: the last counter was reserved. [`Error::CounterPassed`]: this one was, or was skipped.
    ///
    /// # Examples
    /// ```
    /// # fn main() -> Result<(), dukpt::Error> {
    /// use dukpt::{Error, aes::{InitialKey, Ksn, Terminal}};
    ///
    /// let id = Ksn::from_bytes([1; 12]).initial_key_id();
    /// let mut terminal = Terminal::new(&InitialKey::from_bytes(&[0x42; 16], id));
    /// let pending = terminal.skip_to(&Ksn::new(id, 0x1000))?;
    /// # let record = pending.record();
    /// let (ksn, key) = pending.stored();
    /// assert_eq!(ksn.counter(), 0x1000);
    /// assert_eq!(terminal.next_ksn()?.counter(), 0x1001);
    /// assert_eq!(terminal.skip_to(&Ksn::new(id, 7)).err(), Some(Error::CounterPassed));
    /// # Ok(()) }
    /// ```
    ///
    /// Source: ANSI X9.24-1:2009 and ANSI X9.24-3-2017, whose walk from key to key it is.
    pub fn skip_to(&mut self, ksn: &A::Ksn) -> Result<Pending<'_, A, N>, Error> {
        let id = self.id.ok_or(Error::NoInitialKey)?;
        if A::id_of(ksn) != id {
            return Err(Error::InitialKeyMismatch);
        }
        let counter = A::counter(ksn);
        match counter.count_ones() {
            0 => return Err(Error::CounterZero),
            ones if ones > A::MAX_ONE_BITS => return Err(Error::TooManyOneBits),
            _ => {}
        }
        let next = self.registers.next().ok_or(Error::CounterExhausted)?;
        if counter < next {
            return Err(Error::CounterPassed);
        }
        self.reserve(id, counter)
    }

    #[inline]
    fn reserve(&mut self, id: A::InitialKeyId, counter: u32) -> Result<Pending<'_, A, N>, Error> {
        let ksn = A::ksn(id, counter);
        let mut key = A::transaction_key(ksn);
        self.registers.take(A::id_bytes(id), counter, &mut key.bytes)?;
        Ok(Pending { terminal: self, ksn, key })
    }

    /// The key of the counter that has every bit.
    pub(crate) fn highest(&self, key: &mut [u8; N]) -> Result<(), Error> {
        let id = self.id.ok_or(Error::NoInitialKey)?;
        self.registers.highest(A::id_bytes(id), key)
    }

    /// The id of the initial key, if there is one.
    ///
    /// Source: none, it is this crate's own.
    #[must_use]
    #[inline]
    pub fn initial_key_id(&self) -> Option<A::InitialKeyId> {
        self.id
    }

    /// The key serial number that [`begin`](Self::begin) would reserve.
    ///
    /// # Errors
    /// [`Error::NoInitialKey`]: none was loaded. [`Error::CounterExhausted`]: the last counter was reserved.
    ///
    /// Source: ANSI X9.24-1:2009 and ANSI X9.24-3-2017.
    pub fn next_ksn(&self) -> Result<A::Ksn, Error> {
        let id = self.id.ok_or(Error::NoInitialKey)?;
        let counter = self.registers.next().ok_or(Error::CounterExhausted)?;
        Ok(A::ksn(id, counter))
    }

    /// How many transactions are left, the next one counted: what a caller compares with its threshold for a warning.
    ///
    /// 1,048,575 at first under TDES, 2,448,023,842 under AES; 0 without an initial key.
    ///
    /// Source: ANSI X9.24-1:2009 and ANSI X9.24-3-2017.
    #[must_use]
    pub fn keys_left(&self) -> u32 {
        self.registers.keys_left()
    }
}

impl<A: Standard<N>, const N: usize> fmt::Debug for Terminal<A, N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Terminal")
    }
}

impl<A: Standard<N>, const N: usize> ZeroizeOnDrop for Terminal<A, N> {}
