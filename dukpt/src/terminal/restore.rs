use super::snapshot::View;
use super::{Standard, Terminal, record};
use crate::Error;
use crate::counter::next_allowed;
use zeroize::Zeroizing;

/// What a log had in it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Replay {
    /// How many records were read, those included that are older than the snapshot.
    pub read: u32,
    /// How many records could not be read: of the wrong length or with a wrong checksum. Each burned a counter at least.
    pub unreadable: u32,
    /// Whether the last one was among them, as it is where the power failed while it was written.
    pub torn: bool,
}

/// A log on its way through.
struct Log {
    replay: Replay,
    /// The counter after all so far; None after the last one.
    next: Option<u32>,
    /// The highest counter that is to be passed.
    passed: Option<u32>,
    /// The last record's counter.
    last: u32,
}

impl Log {
    fn replay<A: Standard<N>, const N: usize>(
        &mut self,
        id: [u8; 8],
        bytes: &[u8],
    ) -> Result<(), Error> {
        let Some(record) = record::decode(A::ALGORITHM, bytes) else {
            self.replay.unreadable = self.replay.unreadable.saturating_add(1);
            self.replay.torn = true;
            if let Some(next) = self.next {
                // A counter that was skipped to may be far above the next one.
                let mended = record::mend(A::ALGORITHM, id, bytes)
                    .map(|record| record.counter)
                    .filter(|counter| is_counter::<A, N>(*counter) && *counter > next);
                self.pass::<A, N>(mended.unwrap_or(next));
            }
            return Ok(());
        };
        if record.id != id {
            return Err(Error::InitialKeyMismatch);
        }
        if !is_counter::<A, N>(record.counter) || record.counter <= self.last {
            return Err(Error::RecordOrder);
        }
        self.last = record.counter;
        self.replay.read = self.replay.read.saturating_add(1);
        self.replay.torn = false;
        if self.next.is_some_and(|next| record.counter >= next) {
            self.pass::<A, N>(record.counter);
        }
        Ok(())
    }

    fn pass<A: Standard<N>, const N: usize>(&mut self, counter: u32) {
        self.passed = Some(counter);
        self.next = next_allowed(counter, A::COUNTER_MASK, A::MAX_ONE_BITS);
    }
}

/// Whether a terminal may use this counter.
fn is_counter<A: Standard<N>, const N: usize>(counter: u32) -> bool {
    counter & !A::COUNTER_MASK == 0 && counter.count_ones() <= A::MAX_ONE_BITS
}

impl<A: Standard<N>, const N: usize> Terminal<A, N> {
    /// Becomes the terminal of a snapshot and of the records that were written after it, in place.
    ///
    /// Records come in the order in which they were written, and the blank rest of the log is left out; a log in one piece
    /// is `log.chunks(16)`. Records from before the snapshot are passed over, so a power cut between writing a snapshot and
    /// erasing the log does no harm. A record that cannot be read burns one counter: the last one was cut short, and its key
    /// never handed out, or it went bad. Where one changed bit made it unreadable, its own counter is burned and all before.
    /// New records may follow a torn one. However many records there are, some 60 derivations at most are made.
    ///
    /// # Errors
    /// They leave the terminal as it was. [`Error::SnapshotVersion`]: it is no snapshot, or of a version that is unknown.
    /// [`Error::SnapshotLength`]: it is cut short, or of another algorithm. [`Error::SnapshotChecksum`]: some of it went
    /// bad. [`Error::SnapshotContent`]: it is of another algorithm, or contradicts itself.
    /// [`Error::InitialKeyMismatch`]: a record belongs to another terminal or another initial key.
    /// [`Error::RecordOrder`]: a record is not above the one before, or has a counter that no terminal uses.
    ///
    /// # Security
    /// An older snapshot, or records that are missing at the end, bring keys back that were handed out. Nothing here can tell;
    /// the memory has to see to that. So may a last record in which more than one bit went bad, if counters before it were
    /// skipped or dropped without a record: where memory is not to be trusted that far, call [`skip_to`](Terminal::skip_to)
    /// past what the host saw last whenever [`Replay::torn`] is true.
    ///
    /// # Examples
    /// ```
    /// # fn main() -> Result<(), dukpt::Error> {
    /// use dukpt::aes::{InitialKey, InitialKeyId, Terminal};
    ///
    /// let id = InitialKeyId::from_bytes([7; 8]);
    /// let mut terminal = Terminal::new(&InitialKey::from_bytes(&[0x42; 16], id));
    /// let snapshot = terminal.snapshot()?;
    /// let mut log = terminal.begin()?.record().to_vec();
    /// log.extend(&terminal.begin()?.record()[..9]); // the power fails
    ///
    /// let mut terminal = Terminal::<16>::empty();
    /// let replay = terminal.restore(snapshot.expose_bytes(), log.chunks(16))?;
    /// assert_eq!((replay.read, replay.torn), (1, true));
    /// assert_eq!(terminal.next_ksn()?.counter(), 3);
    /// # Ok(()) }
    /// ```
    ///
    /// Source: none, it is this crate's own.
    pub fn restore<R: AsRef<[u8]>>(
        &mut self,
        snapshot: &[u8],
        records: impl IntoIterator<Item = R>,
    ) -> Result<Replay, Error> {
        let view = View::<A, N>::read(snapshot)?;
        let id = A::id_bytes(view.id);
        let next = (view.next != 0).then_some(view.next);
        let mut log = Log { replay: Replay::default(), next, passed: None, last: 0 };
        for bytes in records {
            log.replay::<A, N>(id, bytes.as_ref())?;
        }
        self.registers.put(view.next, view.keys.iter());
        self.set_id(view.id);
        if let Some(counter) = log.passed {
            let mut burned = Zeroizing::new([0; N]);
            self.registers.take(id, counter, &mut burned)?;
        }
        Ok(log.replay)
    }
}
