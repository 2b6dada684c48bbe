//! The terminal against the host, and against every way to lose power.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::panic,
    reason = "a test says what it expects by panicking"
)]

use dukpt::terminal::{self, Standard};
use dukpt::{Error, Key, aes, tdes};
use std::collections::BTreeSet;

/// What a test has to know of the host's side.
trait Host<const N: usize>: Standard<N> {
    /// The initial key of every test.
    fn initial_key() -> Key<Self::Initial, N>;
    fn ksn_of(counter: u32) -> Self::Ksn;
    fn shown(ksn: Self::Ksn) -> String;
    /// The transaction key, derived by the host.
    fn key_of(counter: u32) -> [u8; N];
    const LAST: u32;
    const MASK: u32;
    const MOST: u32;
}

impl Host<16> for dukpt::key::Tdes {
    const LAST: u32 = 0x1F_F800;
    const MASK: u32 = 0x1F_FFFF;
    const MOST: u32 = 10;

    fn initial_key() -> tdes::InitialKey {
        tdes::InitialKey::from_bytes(&[0x5A; 16], tdes::InitialKeyId::from_bytes([0xFE; 8]))
    }

    fn ksn_of(counter: u32) -> tdes::Ksn {
        let [_, high, middle, low] = counter.to_be_bytes();
        let [head @ .., last] = Self::initial_key().id().to_bytes();
        let mut bytes = [0; 10];
        bytes[..7].copy_from_slice(&head);
        bytes[7..].copy_from_slice(&[last | high, middle, low]);
        tdes::Ksn::from_bytes(bytes)
    }

    fn shown(ksn: tdes::Ksn) -> String {
        ksn.to_string()
    }

    fn key_of(counter: u32) -> [u8; 16] {
        let key = Self::initial_key().transaction_key(&Self::ksn_of(counter)).unwrap();
        *key.expose_bytes()
    }
}

macro_rules! aes_host {
    ($($len:literal)+) => {$(
        impl Host<$len> for dukpt::key::Aes {
            const LAST: u32 = 0xFFFF_0000;
            const MASK: u32 = u32::MAX;
            const MOST: u32 = 16;

            fn initial_key() -> aes::InitialKey<$len> {
                aes::InitialKey::from_bytes(&[0x5A; $len], aes::InitialKeyId::from_bytes([0xFE; 8]))
            }

            fn ksn_of(counter: u32) -> aes::Ksn {
                aes::Ksn::new(aes::InitialKeyId::from_bytes([0xFE; 8]), counter)
            }

            fn shown(ksn: aes::Ksn) -> String {
                ksn.to_string()
            }

            fn key_of(counter: u32) -> [u8; $len] {
                let ksn = <Self as Host<$len>>::ksn_of(counter);
                *<Self as Host<$len>>::initial_key().transaction_key(&ksn).unwrap().expose_bytes()
            }
        }
    )+};
}

aes_host! { 16 24 32 }

/// Runs a generic test for every algorithm and size.
macro_rules! for_all {
    ($($test:ident)+) => {
        mod tdes_16 {
            $(#[test]
            fn $test() {
                super::$test::<dukpt::key::Tdes, 16>();
            })+
        }
        mod aes_16 {
            $(#[test]
            fn $test() {
                super::$test::<dukpt::key::Aes, 16>();
            })+
        }
        mod aes_24 {
            $(#[test]
            fn $test() {
                super::$test::<dukpt::key::Aes, 24>();
            })+
        }
        mod aes_32 {
            $(#[test]
            fn $test() {
                super::$test::<dukpt::key::Aes, 32>();
            })+
        }
    };
}

for_all! {
    counts_up_as_the_host_does
    skips_to_any_counter
    ends_and_is_wiped
    goes_back_never
    survives_every_loss_of_power
    compacts_without_a_gap
    takes_a_log_for_what_it_is
    refuses_snapshots_that_are_not_its_own
    loads_a_key_once
}

type Terminal<A, const N: usize> = terminal::Terminal<A, N>;

fn fresh<A: Host<N>, const N: usize>() -> Terminal<A, N> {
    Terminal::new(&A::initial_key())
}

/// Slowly: the next counter that is allowed.
fn after<A: Host<N>, const N: usize>(counter: u32) -> u32 {
    (counter + 1..=A::LAST).find(|next| next.count_ones() <= A::MOST).unwrap()
}

/// One transaction; its counter is `counter` and its key is the host's.
fn transact<A: Host<N>, const N: usize>(terminal: &mut Terminal<A, N>, counter: u32) {
    let (ksn, key) = terminal.begin().unwrap().stored();
    assert_eq!(A::shown(ksn), A::shown(A::ksn_of(counter)));
    assert_eq!(key.expose_bytes(), &A::key_of(counter), "{counter:08X}");
}

fn image<A: Host<N>, const N: usize>(terminal: &Terminal<A, N>) -> Vec<u8> {
    terminal.snapshot().unwrap().expose_bytes().to_vec()
}

/// The registers of a snapshot.
fn registers<const N: usize>(image: &[u8]) -> Vec<&[u8]> {
    image[20..image.len() - 4].chunks(N).collect()
}

fn counts_up_as_the_host_does<A: Host<N>, const N: usize>() {
    let mut terminal = fresh::<A, N>();
    let mut counter = 0;
    for _ in 0..5_000 {
        counter = after::<A, N>(counter);
        transact(&mut terminal, counter);
    }
}

/// Counters of all kinds in ascending order, from the first to the last.
fn many<A: Host<N>, const N: usize>() -> BTreeSet<u32> {
    let mut counters = BTreeSet::from([1, 2, 3, A::LAST]);
    let mut random = 0x9E37_79B9_u32;
    for _ in 0..800 {
        random ^= random << 13;
        random ^= random >> 17;
        random ^= random << 5;
        for counter in [random, random & random.rotate_left(7), A::LAST ^ (random & 0xFFF)] {
            counters.insert(counter & A::MASK);
        }
    }
    counters.retain(|counter| (1..=A::MOST).contains(&counter.count_ones()));
    assert!(counters.len() > 1_000);
    counters
}

fn skips_to_any_counter<A: Host<N>, const N: usize>() {
    let counters = many::<A, N>();
    let mut steps = fresh::<A, N>();
    for counter in &counters {
        // From the first at once, and from the one before.
        for terminal in [&mut fresh(), &mut steps] {
            let (ksn, key) = terminal.skip_to(&A::ksn_of(*counter)).unwrap().stored();
            assert_eq!(A::shown(ksn), A::shown(A::ksn_of(*counter)));
            assert_eq!(key.expose_bytes(), &A::key_of(*counter), "{counter:08X}");
        }
    }
    // What follows is right as well, and the same whatever the way was.
    for start in counters.iter().rev().skip(1).step_by(17) {
        let mut terminal = fresh::<A, N>();
        drop(terminal.skip_to(&A::ksn_of(*start)).unwrap());
        let mut counter = *start;
        for _ in 0..3.min(terminal.keys_left()) {
            counter = after::<A, N>(counter);
            transact(&mut terminal, counter);
        }
    }
    let mut stepped = fresh::<A, N>();
    for _ in 1..=300 {
        drop(stepped.begin().unwrap());
    }
    let next = A::counter(&stepped.next_ksn().unwrap());
    let before = (1..next).rev().find(|counter| counter.count_ones() <= A::MOST).unwrap();
    let mut skipped = fresh::<A, N>();
    drop(skipped.skip_to(&A::ksn_of(before)).unwrap());
    assert_eq!(image(&stepped), image(&skipped));
}

fn ends_and_is_wiped<A: Host<N>, const N: usize>() {
    let mut terminal = fresh::<A, N>();
    let before_last = A::LAST - (A::LAST & A::LAST.wrapping_neg()) / 2;
    let all = terminal.keys_left();
    drop(terminal.skip_to(&A::ksn_of(before_last)).unwrap());
    assert_eq!(terminal.keys_left(), 1);
    assert!(terminal.keys_left() < all);
    transact(&mut terminal, A::LAST);
    assert_eq!(terminal.keys_left(), 0);
    assert_eq!(terminal.begin().err(), Some(Error::CounterExhausted));
    assert_eq!(terminal.skip_to(&A::ksn_of(A::LAST)).err(), Some(Error::CounterExhausted));
    assert_eq!(terminal.next_ksn().err(), Some(Error::CounterExhausted));
    let image = image(&terminal);
    assert!(image[16..image.len() - 4].iter().all(|byte| *byte == 0));
    let mut restored = Terminal::<A, N>::empty();
    restored.restore(&image, [[]; 0] as [[u8; 0]; 0]).unwrap();
    assert_eq!(restored.begin().err(), Some(Error::CounterExhausted));
}

fn goes_back_never<A: Host<N>, const N: usize>() {
    let mut terminal = fresh::<A, N>();
    drop(terminal.skip_to(&A::ksn_of(0x100)).unwrap());
    let before = image(&terminal);
    for (counter, error) in [
        (0, Error::CounterZero),
        (0x7_FFFF, Error::TooManyOneBits),
        (1, Error::CounterPassed),
        (0x100, Error::CounterPassed),
    ] {
        assert_eq!(terminal.skip_to(&A::ksn_of(counter)).err(), Some(error));
        assert_eq!(image(&terminal), before);
    }
    transact(&mut terminal, 0x101);
    // A register that was used, or that leads to what was skipped, is wiped.
    let image = image(&terminal);
    let next = 0x102_u32;
    for (bit, register) in registers::<N>(&image).into_iter().enumerate() {
        let lives = bit == 1 || (bit > 1 && next >> bit & 1 == 0);
        assert_eq!(register.iter().any(|byte| *byte != 0), lives, "register {bit}");
    }
}

/// What happens to a transaction.
#[derive(Clone, Copy, Debug, PartialEq)]
enum End {
    Stored,
    Dropped,
    DroppedUnwritten,
}

/// A device: a terminal in memory that forgets, snapshot and log in memory that does not.
struct Device<A: Host<N>, const N: usize> {
    terminal: Terminal<A, N>,
    snapshot: Vec<u8>,
    log: Vec<Vec<u8>>,
    given: BTreeSet<u32>,
    /// Reserved by a record that is durable, or handed out: no key of these may come.
    gone: BTreeSet<u32>,
}

impl<A: Host<N>, const N: usize> Device<A, N> {
    fn new() -> Self {
        let terminal = fresh();
        let snapshot = image(&terminal);
        Self { terminal, snapshot, log: vec![], given: BTreeSet::new(), gone: BTreeSet::new() }
    }

    fn transact(&mut self, end: End) {
        let pending = self.terminal.begin().unwrap();
        let counter = A::counter(&pending.ksn());
        if end == End::DroppedUnwritten {
            return;
        }
        self.log.push(pending.record().to_vec());
        assert!(self.gone.insert(counter), "{counter:X} comes a second time");
        if end == End::Stored {
            let (ksn, key) = pending.stored();
            assert_eq!(A::counter(&ksn), counter);
            assert_eq!(key.expose_bytes(), &A::key_of(counter));
            assert!(self.given.insert(counter));
        }
    }

    /// The power fails while so many bytes of a record are written, and comes back.
    fn crash(&mut self, written: usize) {
        let torn = self.terminal.begin().unwrap().record();
        match written {
            0 => {}
            16 => {
                self.log.push(torn.to_vec());
                self.gone.insert(A::counter(&counter_of::<A, N>(&torn)));
            }
            _ => self.log.push(torn[..written].to_vec()),
        }
        self.power_cycle(written);
    }

    fn power_cycle(&mut self, written: usize) {
        self.terminal = Terminal::empty();
        let replay = self.terminal.restore(&self.snapshot, &self.log).unwrap();
        assert_eq!(replay.torn, (1..16).contains(&written));
        let next = A::counter(&self.terminal.next_ksn().unwrap());
        assert!(self.gone.iter().all(|gone| *gone < next));
    }
}

fn counter_of<A: Host<N>, const N: usize>(record: &[u8]) -> A::Ksn {
    A::ksn_of(u32::from_be_bytes(record[8..12].try_into().unwrap()))
}

fn survives_every_loss_of_power<A: Host<N>, const N: usize>() {
    let ends = [End::Stored, End::Dropped, End::Stored, End::DroppedUnwritten, End::Stored];
    // Every transaction is cut at every byte of its record, and what comes after goes on in the same log.
    let mut device = Device::<A, N>::new();
    for round in 0..170 {
        device.transact(ends[round % ends.len()]);
        device.crash(round % 17);
        device.transact(End::Stored);
    }
    assert!(device.given.len() > 250);
    // At every point of one history: restored from what was there by then, it goes on behind it.
    for cut in 0..device.log.len().min(200) {
        let mut terminal = Terminal::<A, N>::empty();
        terminal.restore(&device.snapshot, &device.log[..cut]).unwrap();
        let (ksn, key) = terminal.begin().unwrap().stored();
        assert_eq!(key.expose_bytes(), &A::key_of(A::counter(&ksn)));
        let whole = device.log[..cut].iter().filter(|record| record.len() == 16);
        let last = whole.map(|record| A::counter(&counter_of::<A, N>(record))).max();
        assert!(last < Some(A::counter(&ksn)));
    }
}

fn compacts_without_a_gap<A: Host<N>, const N: usize>() {
    let mut device = Device::<A, N>::new();
    for round in 0..100 {
        device.transact(End::Stored);
        match round % 4 {
            // The power fails between the new snapshot and the erasure of the log.
            0 => device.snapshot = image(&device.terminal),
            1 => {
                device.snapshot = image(&device.terminal);
                device.log.clear();
            }
            // A snapshot in place of a record.
            2 => {
                let pending = device.terminal.begin().unwrap();
                device.snapshot = pending.snapshot().expose_bytes().to_vec();
                let (ksn, key) = pending.stored();
                let counter = A::counter(&ksn);
                assert_eq!(key.expose_bytes(), &A::key_of(counter));
                assert!(device.gone.insert(counter) && device.given.insert(counter));
            }
            _ => {}
        }
        device.power_cycle(0);
    }
    assert_eq!(device.given, (1..=125).collect());
}

fn takes_a_log_for_what_it_is<A: Host<N>, const N: usize>() {
    let mut device = Device::<A, N>::new();
    for _ in 0..6 {
        device.transact(End::Stored);
    }
    let restore = |log: &[Vec<u8>]| {
        let mut terminal = Terminal::<A, N>::empty();
        terminal.restore(&device.snapshot, log).map(|replay| {
            (replay.read, replay.unreadable, A::counter(&terminal.next_ksn().unwrap()))
        })
    };
    assert_eq!(restore(&device.log), Ok((6, 0, 7)));
    let mut log = device.log.clone();
    log.swap(2, 3);
    assert_eq!(restore(&log), Err(Error::RecordOrder));
    let mut log = device.log.clone();
    log.push(log[5].clone());
    assert_eq!(restore(&log), Err(Error::RecordOrder));
    // One that went bad burns a counter, in the middle without effect and at the end for good.
    let mut log = device.log.clone();
    log[2][9] ^= 1;
    assert_eq!(restore(&log), Ok((5, 1, 7)));
    log[5][0] ^= 1;
    assert_eq!(restore(&log), Ok((4, 2, 7)));
    // Blank memory is no record.
    for blank in [0x00, 0xFF] {
        log[5] = vec![blank; 16];
        assert_eq!(restore(&log), Ok((4, 2, 7)));
    }
    // One changed bit does not bring back the key of a counter that was skipped to.
    let mut terminal = fresh::<A, N>();
    let record = terminal.skip_to(&A::ksn_of(0x100)).unwrap().record();
    for bit in 0..128 {
        let mut changed = record.to_vec();
        changed[bit / 8] ^= 1 << (bit % 8);
        assert_eq!(restore(&[changed]), Ok((0, 1, 0x101)), "bit {bit}");
    }
    // A failed restore changes nothing.
    let mut other = device.log[0].clone();
    other[..8].fill(0x11);
    let before = image(&device.terminal);
    let bad: [&[Vec<u8>]; 2] = [&[device.log[1].clone(), device.log[0].clone()], &[other]];
    for log in bad {
        let snapshot = device.snapshot.clone();
        let refused = device.terminal.restore(&snapshot, log);
        if let Err(error) = refused {
            assert_eq!(error, Error::RecordOrder);
            assert_eq!(image(&device.terminal), before);
        } else {
            // Another id without its checksum is no record at all.
            assert_eq!(refused.unwrap().unreadable, 1);
        }
    }
}

fn refuses_snapshots_that_are_not_its_own<A: Host<N>, const N: usize>() {
    let mut terminal = fresh::<A, N>();
    for _ in 0..5 {
        drop(terminal.begin().unwrap());
    }
    let good = image(&terminal);
    let mut restored = Terminal::<A, N>::empty();
    let mut refused = |image: &[u8]| {
        let error = restored.restore(image, [[0_u8; 0]; 0]).unwrap_err();
        assert_eq!(restored.begin().err(), Some(Error::NoInitialKey));
        error
    };
    for len in 0..good.len() {
        let expected = if len < 5 { Error::SnapshotVersion } else { Error::SnapshotLength };
        assert_eq!(refused(&good[..len]), expected);
    }
    assert_eq!(refused(&[&good[..], &[0]].concat()), Error::SnapshotLength);
    for at in 0..good.len() {
        let mut bad = good.clone();
        bad[at] ^= 0x10;
        let expected = if at < 5 { Error::SnapshotVersion } else { Error::SnapshotChecksum };
        assert_eq!(refused(&bad), expected, "byte {at}");
    }
    // With a checksum of its own, and a fault that only its content has.
    let mut faults: Vec<(usize, u8)> = vec![(5, 0), (5, 9), (6, 1), (7, 1), (19, 0), (19, 7)];
    // The counter 6 has no use for the register of its lowest bit.
    faults.push((20, 1));
    faults.push((20 + N - 1, 1));
    if A::MASK != u32::MAX {
        faults.extend([(15, 1), (16, 1), (17, 0x20)]);
    }
    for (at, byte) in faults {
        let mut bad = good.clone();
        bad[at] = if at == 15 { bad[at] | byte } else { byte };
        assert_ne!(bad, good);
        seal(&mut bad);
        assert_eq!(refused(&bad), Error::SnapshotContent, "byte {at}");
    }
    let mut same = good.clone();
    seal(&mut same);
    assert_eq!(same, good);
    restored.restore(&good, [[0_u8; 0]; 0]).unwrap();
    transact(&mut restored, 6);
}

/// CRC-32, bit by bit and without masks.
fn seal(image: &mut [u8]) {
    let end = image.len() - 4;
    let mut sum = u32::MAX;
    for byte in &image[..end] {
        sum ^= u32::from(*byte);
        for _ in 0..8 {
            sum = if sum % 2 == 1 { (sum / 2) ^ 0xEDB8_8320 } else { sum / 2 };
        }
    }
    image[end..].copy_from_slice(&(!sum).to_be_bytes());
}

fn loads_a_key_once<A: Host<N>, const N: usize>() {
    let mut terminal = Terminal::<A, N>::empty();
    assert_eq!(terminal.begin().err(), Some(Error::NoInitialKey));
    assert_eq!(terminal.next_ksn().err(), Some(Error::NoInitialKey));
    assert_eq!(terminal.skip_to(&A::ksn_of(1)).err(), Some(Error::NoInitialKey));
    assert_eq!(terminal.snapshot().err(), Some(Error::NoInitialKey));
    assert_eq!(terminal.keys_left(), 0);
    assert!(terminal.initial_key_id().is_none());
    terminal.load(&A::initial_key()).unwrap();
    transact(&mut terminal, 1);
    assert_eq!(terminal.load(&A::initial_key()), Err(Error::InitialKeyLoaded));
    transact(&mut terminal, 2);
    assert_eq!(format!("{terminal:?} {:?}", terminal.snapshot().unwrap()), "Terminal Snapshot");
    assert_eq!(format!("{:?}", terminal.begin().unwrap()), "Pending");
}

#[test]
fn another_key_serial_number_is_refused() {
    let other = tdes::Ksn::from_bytes([7; 10]);
    let mut terminal = fresh::<dukpt::key::Tdes, 16>();
    assert_eq!(terminal.skip_to(&other).err(), Some(Error::InitialKeyMismatch));
    let initial_key = tdes::InitialKey::from_bytes(&[9; 16], other.initial_key_id());
    let mut stranger = tdes::Terminal::new(&initial_key);
    let record = stranger.begin().unwrap().record();
    let before = image(&terminal);
    let snapshot = before.clone();
    assert_eq!(terminal.restore(&snapshot, [record]), Err(Error::InitialKeyMismatch));
    assert_eq!(image(&terminal), before);
    // Loaded over another, its counters begin anew.
    terminal.load(&initial_key).unwrap();
    assert_eq!(terminal.next_ksn().unwrap().to_string(), "07070707070707000001");
    assert_eq!(image(&terminal), image(&tdes::Terminal::new(&initial_key)));
}

#[test]
fn the_update_key_is_the_hosts_until_the_end() {
    let host = |key_type| {
        let key = <dukpt::key::Aes as Host<32>>::initial_key().update_key(key_type).unwrap();
        key.expose_bytes().to_vec()
    };
    let mut counters = many::<dukpt::key::Aes, 32>();
    counters.extend((16..32).map(|bit| u32::MAX << bit));
    let mut terminal = fresh::<dukpt::key::Aes, 32>();
    for counter in counters.iter().step_by(7).chain([&0xFFFE_8000]) {
        for key_type in [aes::KeyType::Aes128, aes::KeyType::Aes256, aes::KeyType::Tdes3] {
            let key = terminal.update_key(key_type).unwrap();
            assert_eq!(key.expose_bytes(), host(key_type), "{counter:08X}");
        }
        drop(terminal.skip_to(&<dukpt::key::Aes as Host<32>>::ksn_of(*counter)).unwrap());
    }
    assert_eq!(terminal.keys_left(), 1);
    assert!(terminal.update_key(aes::KeyType::Aes128).is_ok());
    drop(terminal.begin().unwrap());
    let error = terminal.update_key(aes::KeyType::Aes128).unwrap_err();
    assert_eq!(error, Error::CounterExhausted);
    let empty = aes::Terminal::<16>::empty().update_key(aes::KeyType::Aes128);
    assert_eq!(empty.unwrap_err(), Error::NoInitialKey);
    let weak = fresh::<dukpt::key::Aes, 16>().update_key(aes::KeyType::Aes256);
    assert_eq!(weak.unwrap_err(), Error::KeyTypeTooStrong);
}
