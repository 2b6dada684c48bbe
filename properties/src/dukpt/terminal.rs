//! The terminal's side, held against the host's.

use std::collections::BTreeSet;

use dukpt::{
    Error, Key,
    aes::{self, KeyType, TerminalKey},
    key::{Aes, Tdes},
    tdes,
    terminal::{RECORD_LEN, Standard, Terminal},
};

use crate::{choices::Choices, told::assert_hidden};

/// What a case does at most.
const STEPS: usize = 100;

/// A terminal under any transactions, skips, snapshots and losses of power: each key is the host's, none is handed out
/// twice, and none comes after a record of its counter is durable; what is refused changes nothing. Any bytes as
/// snapshot or record are refused, or are a terminal that writes the same snapshot.
///
/// Choices: `u8` algorithm and key size, `u8` a byte of every key and id, `u32` as four `u8` a counter to begin near. Then
/// steps, each a `u8` and what it needs: how far a record was written (`u8`), a counter (four `u8`), changes of a snapshot
/// (`bytes` of places and values) or a record (`bytes`).
pub fn dukpt_terminal(data: &[u8]) {
    let mut choices = Choices::new(data);
    let run = choices.one_of(&[run::<Tdes, 16>, run::<Aes, 16>, run::<Aes, 24>, run::<Aes, 32>]);
    run(choices);
}

/// The host's side.
trait Host<const N: usize>: Standard<N> {
    const MASK: u32;
    const MOST: u32;

    fn initial_key(byte: u8) -> Key<Self::Initial, N>;
    fn ksn_of(byte: u8, counter: u32) -> Self::Ksn;
    fn key_of(byte: u8, counter: u32) -> [u8; N];

    /// Only AES has a key for updates.
    fn assert_update(_: &Terminal<Self, N>, _: u8, _: KeyType) {}
}

impl Host<16> for Tdes {
    const MASK: u32 = 0x1F_FFFF;
    const MOST: u32 = 10;

    fn initial_key(byte: u8) -> tdes::InitialKey {
        tdes::InitialKey::from_bytes(&[byte; 16], tdes::InitialKeyId::from_bytes([byte; 8]))
    }

    fn ksn_of(byte: u8, counter: u32) -> tdes::Ksn {
        let mut bytes = [byte; 10];
        bytes[7..].copy_from_slice(&counter.to_be_bytes()[1..]);
        bytes[7] |= byte & 0xE0;
        tdes::Ksn::from_bytes(bytes)
    }

    fn key_of(byte: u8, counter: u32) -> [u8; 16] {
        let ksn = Self::ksn_of(byte, counter);
        *Self::initial_key(byte).transaction_key(&ksn).unwrap().expose_bytes()
    }
}

impl<const N: usize> Host<N> for Aes
where
    Aes: TerminalKey<N>,
{
    const MASK: u32 = u32::MAX;
    const MOST: u32 = 16;

    fn initial_key(byte: u8) -> aes::InitialKey<N> {
        aes::InitialKey::from_bytes(&[byte; N], aes::InitialKeyId::from_bytes([byte; 8]))
    }

    fn ksn_of(byte: u8, counter: u32) -> aes::Ksn {
        aes::Ksn::new(aes::InitialKeyId::from_bytes([byte; 8]), counter)
    }

    fn key_of(byte: u8, counter: u32) -> [u8; N] {
        let ksn = aes::Ksn::new(aes::InitialKeyId::from_bytes([byte; 8]), counter);
        *<Self as Host<N>>::initial_key(byte).transaction_key(&ksn).unwrap().expose_bytes()
    }

    fn assert_update(terminal: &Terminal<Self, N>, byte: u8, key_type: KeyType) {
        let due = <Self as Host<N>>::initial_key(byte).update_key(key_type);
        match (terminal.update_key(key_type), due) {
            (Ok(key), Ok(due)) => assert_eq!(key.expose_bytes(), due.expose_bytes()),
            // It takes the last counter's register, which a terminal that is used up no longer has.
            (Err(Error::CounterExhausted), _) => assert_eq!(terminal.keys_left(), 0),
            (key, due) => assert_eq!(key.err(), due.err()),
        }
        assert_eq!(
            Terminal::<Self, N>::empty().update_key(key_type).err(),
            Some(Error::NoInitialKey)
        );
    }
}

/// The least counter after another that may be used, or none.
fn after<A: Host<N>, const N: usize>(counter: u32) -> Option<u32> {
    let mut next = counter;
    loop {
        // Of the numbers that only differ below the lowest one bit, none has fewer.
        let step = if next.count_ones() > A::MOST { next & next.wrapping_neg() } else { 1 };
        next = next.checked_add(step).filter(|next| *next <= A::MASK)?;
        if next.count_ones() <= A::MOST {
            return Some(next);
        }
    }
}

fn allowed<A: Host<N>, const N: usize>(counter: u32) -> bool {
    counter & !A::MASK == 0 && (1..=A::MOST).contains(&counter.count_ones())
}

/// A device, and what is known about it.
struct Device<A: Host<N>, const N: usize> {
    byte: u8,
    terminal: Terminal<A, N>,
    next: Option<u32>,
    snapshot: Vec<u8>,
    /// The next counter in the snapshot.
    snapshot_next: Option<u32>,
    log: Vec<Vec<u8>>,
    given: BTreeSet<u32>,
}

fn run<A: Host<N>, const N: usize>(mut choices: Choices<'_>) {
    let byte = choices.u8();
    let mut terminal = Terminal::<A, N>::new(&A::initial_key(byte));
    let mut next = Some(1);
    let near = u32::from_be_bytes(choices.array()) & A::MASK;
    if allowed::<A, N>(near) {
        drop(terminal.skip_to(&A::ksn_of(byte, near)).unwrap());
        next = after::<A, N>(near);
    }
    let snapshot = terminal.snapshot().unwrap().expose_bytes().to_vec();
    let (snapshot_next, log, given) = (next, Vec::new(), BTreeSet::new());
    let mut device = Device { byte, terminal, next, snapshot, snapshot_next, log, given };
    for _ in 0..STEPS {
        if choices.is_empty() {
            break;
        }
        device.step(&mut choices);
        assert_eq!(device.terminal.next_ksn().ok().map(|ksn| A::counter(&ksn)), device.next);
    }
    device.crash();
    device.update();
    device.load();
}

impl<A: Host<N>, const N: usize> Device<A, N> {
    fn step(&mut self, choices: &mut Choices<'_>) {
        match choices.u8() % 10 {
            // A whole transaction.
            0 | 1 => self.begin(RECORD_LEN, true),
            // Reserved and burned.
            2 => self.begin(RECORD_LEN, false),
            // The power fails at some byte of the record.
            3 => {
                self.begin(usize::from(choices.u8()) % RECORD_LEN, false);
                self.crash();
            }
            4 => self.crash(),
            5 => self.compact(choices.u8().is_multiple_of(2)),
            6 => self.skip(u32::from_be_bytes(choices.array())),
            7 => self.snapshot_for_record(),
            8 => self.other_snapshot(choices.bytes()),
            _ => self.other_record(choices.bytes()),
        }
    }

    fn begin(&mut self, written: usize, used: bool) {
        let Some(counter) = self.next else {
            assert_eq!(self.terminal.begin().err(), Some(Error::CounterExhausted));
            assert_eq!(self.terminal.keys_left(), 0);
            return;
        };
        let pending = self.terminal.begin().unwrap();
        assert_eq!(A::counter(&pending.ksn()), counter);
        if written > 0 {
            self.log.push(pending.record()[..written].to_vec());
        }
        if used {
            let (ksn, key) = pending.stored();
            assert_eq!(A::counter(&ksn), counter);
            assert_eq!(key.expose_bytes(), &A::key_of(self.byte, counter));
            assert!(self.given.insert(counter), "{counter:X} comes a second time");
        }
        self.next = after::<A, N>(counter);
    }

    /// The key for an update is the host's.
    fn update(&self) {
        for &key_type in KeyType::ALL {
            A::assert_update(&self.terminal, self.byte, key_type);
        }
    }

    /// Another initial key is taken, the same one is not; a terminal shows nothing.
    fn load(&mut self) {
        assert_hidden(&self.terminal, "Terminal");
        assert_hidden(&self.terminal.snapshot().unwrap(), "Snapshot");
        let same = A::initial_key(self.byte);
        assert_eq!(self.terminal.load(&same), Err(Error::InitialKeyLoaded));
        let byte = self.byte ^ 0x20;
        let ksn = A::ksn_of(byte, 1);
        assert_eq!(self.terminal.load(&A::initial_key(byte)), Ok(()));
        assert!(self.terminal.initial_key_id().is_some());
        let zero = self.terminal.skip_to(&A::ksn_of(byte, 0));
        assert_eq!(zero.err(), Some(Error::CounterZero));
        let other = self.terminal.skip_to(&A::ksn_of(self.byte, 1));
        assert_eq!(other.err(), Some(Error::InitialKeyMismatch));
        let pending = self.terminal.begin().unwrap();
        assert_hidden(&pending, "Pending");
        assert_eq!(A::counter(&pending.ksn()), A::counter(&ksn));
        assert_eq!(pending.stored().1.expose_bytes(), &A::key_of(byte, 1));
    }

    fn crash(&mut self) {
        let mut next = self.snapshot_next;
        for record in &self.log {
            match record.get(8..RECORD_LEN - 4) {
                Some(counter) if record.len() == RECORD_LEN => {
                    let counter = u32::from_be_bytes(counter.try_into().unwrap());
                    if next.is_some_and(|next| counter >= next) {
                        next = after::<A, N>(counter);
                    }
                }
                _ => next = next.and_then(after::<A, N>),
            }
        }
        self.terminal = Terminal::empty();
        let replay = self.terminal.restore(&self.snapshot, &self.log).unwrap();
        assert_eq!(usize::try_from(replay.read + replay.unreadable), Ok(self.log.len()));
        let torn = self.log.last().is_some_and(|record| record.len() < RECORD_LEN);
        assert_eq!(replay.torn, torn);
        let last = self.given.last().copied();
        assert!(next.is_none_or(|next| last < Some(next)), "{last:X?} comes again");
        self.next = next;
    }

    fn compact(&mut self, erased: bool) {
        self.snapshot = self.terminal.snapshot().unwrap().expose_bytes().to_vec();
        self.snapshot_next = self.next;
        if erased {
            self.log.clear();
        }
    }

    /// To any counter: refused for what is wrong with it, or used.
    fn skip(&mut self, to: u32) {
        let counter = to & A::MASK;
        let refused = match counter.count_ones() {
            0 => Some(Error::CounterZero),
            ones if ones > A::MOST => Some(Error::TooManyOneBits),
            _ if self.next.is_none() => Some(Error::CounterExhausted),
            _ => self.next.is_some_and(|next| counter < next).then_some(Error::CounterPassed),
        };
        let before = self.terminal.snapshot().unwrap();
        match self.terminal.skip_to(&A::ksn_of(self.byte, counter)) {
            Err(error) => {
                assert_eq!(Some(error), refused);
                let now = self.terminal.snapshot().unwrap();
                assert_eq!(now.expose_bytes(), before.expose_bytes());
            }
            Ok(pending) => {
                assert_eq!(refused, None);
                self.log.push(pending.record().to_vec());
                let (_, key) = pending.stored();
                assert_eq!(key.expose_bytes(), &A::key_of(self.byte, counter));
                assert!(self.given.insert(counter));
                self.next = after::<A, N>(counter);
            }
        }
    }

    fn snapshot_for_record(&mut self) {
        let Some(counter) = self.next else { return };
        let pending = self.terminal.begin().unwrap();
        self.snapshot = pending.snapshot().expose_bytes().to_vec();
        self.log.clear();
        assert_eq!(pending.stored().1.expose_bytes(), &A::key_of(self.byte, counter));
        assert!(self.given.insert(counter));
        self.next = after::<A, N>(counter);
        self.snapshot_next = self.next;
    }

    /// The snapshot with changes, under its old checksum and under a new one.
    fn other_snapshot(&self, changes: &[u8]) {
        let mut image = self.terminal.snapshot().unwrap().expose_bytes().to_vec();
        if let [len @ 0..=3] = changes {
            image.truncate(image.len() >> len);
        }
        for change in changes.chunks_exact(3) {
            let place = usize::from(change[0]) << 8 | usize::from(change[1]);
            let len = image.len();
            image[place % len] ^= change[2];
        }
        restored::<A, N>(&image);
        restored::<A, N>(changes);
        if let Some((covered, checksum)) = image.split_last_chunk_mut() {
            *checksum = crc32(covered).to_be_bytes();
        }
        restored::<A, N>(&image);
    }

    fn other_record(&self, record: &[u8]) {
        let mut sealed = record.to_vec();
        sealed.resize(RECORD_LEN, 0);
        if record.len() < 8 {
            // This terminal's own, with any counter.
            let before = &self.snapshot[8..16];
            sealed[..8].copy_from_slice(before);
            sealed[8..12].copy_from_slice(&[record, &[0; 4]].concat()[..4]);
        }
        let sum = crc32(&[b"DK", &[1, self.snapshot[5]], &sealed[..12]].concat());
        sealed[12..].copy_from_slice(&sum.to_be_bytes());
        for record in [record, &sealed] {
            let mut terminal = Terminal::<A, N>::empty();
            match terminal.restore(&self.snapshot, [record]) {
                Ok(replay) => {
                    assert_eq!((replay.read, replay.unreadable), {
                        let is_read = u32::from(record == &sealed[..]);
                        (is_read, 1 - is_read)
                    });
                    let next = terminal.next_ksn().ok().map(|ksn| A::counter(&ksn));
                    assert!(next.is_none() || next >= self.snapshot_next);
                    goes_on(terminal, Some(self.byte));
                }
                Err(error) => {
                    let own = sealed[..8] == self.snapshot[8..16];
                    let expected = if own { Error::RecordOrder } else { Error::InitialKeyMismatch };
                    assert_eq!(error, expected);
                    assert_eq!(terminal.begin().err(), Some(Error::NoInitialKey));
                }
            }
        }
    }
}

/// Any bytes as a snapshot.
fn restored<A: Host<N>, const N: usize>(image: &[u8]) {
    let mut terminal = Terminal::<A, N>::empty();
    match terminal.restore(image, [[0_u8; 0]; 0]) {
        Ok(_) => {
            assert_eq!(terminal.snapshot().unwrap().expose_bytes(), image);
            goes_on(terminal, None);
        }
        Err(
            Error::SnapshotVersion
            | Error::SnapshotLength
            | Error::SnapshotChecksum
            | Error::SnapshotContent,
        ) => assert_eq!(terminal.begin().err(), Some(Error::NoInitialKey)),
        Err(other) => panic!("{other}"),
    }
}

/// A few transactions, with the host's keys where the terminal is one of its own.
fn goes_on<A: Host<N>, const N: usize>(mut terminal: Terminal<A, N>, byte: Option<u8>) {
    for _ in 0..3 {
        let left = terminal.keys_left();
        match terminal.begin() {
            Ok(pending) => {
                let (ksn, key) = pending.stored();
                let counter = A::counter(&ksn);
                assert!(allowed::<A, N>(counter));
                if let Some(byte) = byte {
                    assert_eq!(key.expose_bytes(), &A::key_of(byte, counter));
                }
                assert_eq!(terminal.keys_left(), left - 1);
            }
            Err(error) => assert_eq!((error, left), (Error::CounterExhausted, 0)),
        }
    }
}

/// CRC-32 of IEEE 802.3, bit by bit.
fn crc32(bytes: &[u8]) -> u32 {
    let sum = bytes.iter().fold(u32::MAX, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| {
            if sum % 2 == 1 { (sum / 2) ^ 0xEDB8_8320 } else { sum / 2 }
        })
    });
    !sum
}
