use super::{RECORD_LEN, Snapshot, Standard, Terminal, record};
use crate::Key;
use core::fmt;

/// A counter that is reserved, and its key, which is to be had as soon as the reservation is durable.
///
/// Make one of both durable: the [`record`](Self::record), which is small, or the [`snapshot`](Self::snapshot), which is all of the
/// terminal. Then call [`stored`](Self::stored). Dropped before that, it burns the counter: the key is wiped, and the
/// terminal goes on with the next one.
///
/// # Security
/// The rule is write first, then `stored`, then send. A counter whose record was written and that is never used is no
/// harm; a key that is used and whose record is lost comes a second time.
///
/// Source: none, it is this crate's own.
#[must_use = "dropped, it burns the counter"]
pub struct Pending<'t, A: Standard<N>, const N: usize> {
    pub(super) terminal: &'t Terminal<A, N>,
    pub(super) ksn: A::Ksn,
    pub(super) key: Key<A::Transaction, N>,
}

impl<A: Standard<N>, const N: usize> Pending<'_, A, N> {
    /// The key serial number that is reserved.
    ///
    /// Source: none, it is this crate's own.
    #[must_use]
    #[inline]
    pub fn ksn(&self) -> A::Ksn {
        self.ksn
    }

    /// What to append to the log behind the last snapshot: 16 bytes, of which none is secret.
    ///
    /// The initial key id (8 bytes), the reserved counter (4 bytes, big-endian), and a CRC-32 (4 bytes, big-endian; IEEE
    /// 802.3) over `DK`, the log's version (1), the algorithm's number in a [`Snapshot`], and the 12 bytes before. One that is
    /// all 00 or all FF is none.
    ///
    /// # Security
    /// The snapshot that a log follows still leads to the keys that were used since. Write a new one, and destroy the old,
    /// as often as used keys are to be out of reach for who opens the terminal; or keep snapshots only, where the memory
    /// does not wear.
    ///
    /// Source: none, it is this crate's own.
    #[must_use]
    #[inline]
    pub fn record(&self) -> [u8; RECORD_LEN] {
        record::encode(
            self.terminal.record_begin,
            A::id_bytes(A::id_of(&self.ksn)),
            A::counter(&self.ksn),
        )
    }

    /// The whole terminal as it is after this reservation: instead of a record, and to begin a new log.
    ///
    /// # Security
    /// It holds the terminal's future keys, see [`Terminal::snapshot`]; the pending key is not in it.
    ///
    /// Source: none, it is this crate's own.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot<A, N> {
        let mut snapshot = Snapshot::blank();
        self.expose_snapshot(snapshot.image_mut());
        snapshot
    }

    /// Writes the same [`snapshot`](Self::snapshot) into memory of the caller's, which is not wiped by anybody else.
    ///
    /// Source: none, it is this crate's own.
    pub fn expose_snapshot(&self, image: &mut A::Image) {
        self.terminal.write_image(A::id_of(&self.ksn), image);
    }

    /// The transaction's key serial number and key, now that the record or the snapshot is durable.
    ///
    /// # Security
    /// Not before it is: a power cut between handing out the key and writing would hand it out again.
    ///
    /// Source: none, it is this crate's own.
    #[must_use]
    #[inline]
    pub fn stored(self) -> (A::Ksn, Key<A::Transaction, N>) {
        (self.ksn, self.key)
    }
}

impl<A: Standard<N>, const N: usize> fmt::Debug for Pending<'_, A, N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pending")
    }
}
