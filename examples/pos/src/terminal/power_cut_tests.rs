//! The terminal's keys on a disk whose power fails between any two writes.
#![allow(clippy::arithmetic_side_effects, reason = "a test panics where a number overflows")]

use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex};

use dukpt::aes::{Bdk, InitialKey, InitialKeyId, Ksn, TransactionKey};
use redb::{Database, ReadableDatabase, ReadableTableMetadata, StorageBackend};

use super::keys::{LOG, LOG_LEN, SNAPSHOT};
use super::store::{Pending, Store};
use super::tests::Dice;
use super::{Doubt, Terminal};
use crate::clock::Moment;
use crate::error::Error;
use crate::test_data;

fn id() -> InitialKeyId {
    InitialKeyId::from_bytes(test_data::INITIAL_KEY_ID)
}

fn initial_key() -> InitialKey<16> {
    Bdk::from_bytes(&test_data::BDK).initial_key(id())
}

/// What a disk holds, and what it only says that it holds.
#[derive(Debug, Default)]
struct Contents {
    durable: Vec<u8>,
    seen: Vec<u8>,
    /// Since the last sync.
    writes: Vec<(usize, Vec<u8>)>,
    /// How many more writes and syncs there is power for.
    steps: usize,
}

impl Contents {
    fn step(&mut self) -> io::Result<()> {
        let left = self.steps.checked_sub(1);
        self.steps = left.ok_or_else(|| io::Error::other("the power failed"))?;
        Ok(())
    }
}

#[derive(Clone, Debug, Default)]
struct Disk(Arc<Mutex<Contents>>);

impl Disk {
    /// Power for so many writes and syncs; what was written and not synced is there in full, in part, or not at all.
    fn power(&self, steps: usize, dice: &mut Dice) {
        let mut disk = self.0.lock().unwrap();
        let Contents { durable, writes, .. } = &mut *disk;
        for (at, bytes) in writes.drain(..) {
            let kept = [0, bytes.len(), dice.throw(bytes.len() + 1)][dice.throw(3)];
            let end = at + kept;
            durable.resize(durable.len().max(end), 0);
            durable[at..end].copy_from_slice(&bytes[..kept]);
        }
        disk.seen = disk.durable.clone();
        disk.steps = steps;
    }

    /// Another disk with the same on it.
    fn copy_with_power(&self) -> Self {
        let durable = self.0.lock().unwrap().durable.clone();
        let seen = durable.clone();
        let contents = Contents { durable, seen, writes: Vec::new(), steps: usize::MAX };
        Self(Arc::new(Mutex::new(contents)))
    }

    fn database(&self) -> Result<Database, Error> {
        Ok(Database::builder().create_with_backend(self.clone())?)
    }
}

impl StorageBackend for Disk {
    fn len(&self) -> Result<u64, io::Error> {
        Ok(u64::try_from(self.0.lock().unwrap().seen.len()).unwrap())
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> Result<(), io::Error> {
        let at = usize::try_from(offset).unwrap();
        let disk = self.0.lock().unwrap();
        let bytes = disk.seen.get(at..at + out.len());
        out.copy_from_slice(bytes.ok_or(io::Error::from(io::ErrorKind::UnexpectedEof))?);
        Ok(())
    }

    fn set_len(&self, len: u64) -> Result<(), io::Error> {
        let mut disk = self.0.lock().unwrap();
        disk.step()?;
        let len = usize::try_from(len).unwrap();
        disk.seen.resize(len, 0);
        disk.durable.resize(len, 0);
        disk.writes.retain(|(at, bytes)| at + bytes.len() <= len);
        Ok(())
    }

    fn sync_data(&self) -> Result<(), io::Error> {
        let mut disk = self.0.lock().unwrap();
        disk.step()?;
        let Contents { durable, writes, .. } = &mut *disk;
        for (at, bytes) in writes.drain(..) {
            durable[at..at + bytes.len()].copy_from_slice(&bytes);
        }
        Ok(())
    }

    fn write(&self, offset: u64, data: &[u8]) -> Result<(), io::Error> {
        let at = usize::try_from(offset).unwrap();
        let mut disk = self.0.lock().unwrap();
        // A write that the power fails in may have begun.
        disk.writes.push((at, data.to_vec()));
        disk.step()?;
        disk.seen[at..at + data.len()].copy_from_slice(data);
        Ok(())
    }
}

/// The last counter whose key was had. Keys come in order and not twice, and are those that the host derives.
#[derive(Default)]
struct Had(u32);

impl Had {
    fn take(&mut self, ksn: Ksn, key: &TransactionKey<16>) {
        assert!(ksn.counter() > self.0, "{ksn} after {:08X}", self.0);
        let expected = initial_key().transaction_key(&ksn).unwrap();
        assert_eq!(key.pin_key().expose_bytes(), expected.pin_key().expose_bytes());
        self.0 = ksn.counter();
    }
}

/// What a terminal was doing when the power failed.
struct Cut {
    /// The purchase that was open as far as it knew.
    open: Option<Pending>,
    /// It was about to end it.
    settling: bool,
}

impl Cut {
    /// What is open after the restart has to follow from what was done.
    fn check(&self, open: Option<&Pending>, had: &Had) {
        match (&self.open, open) {
            (None, Some(begun)) => assert!(begun.ksn().counter() > had.0),
            (Some(_), None) => assert!(self.settling),
            (before, now) => assert_eq!(before.as_ref(), now),
        }
    }
}

/// Purchases, reversals and ends of them until the power fails.
fn work(store: &mut Store, had: &mut Had, dice: &mut Dice) -> Cut {
    let mut cut = Cut { open: store.pending().unwrap(), settling: false };
    loop {
        let done = match (&cut.open, dice.throw(3)) {
            (None, _) => store.reserve_purchase(100).map(|(pending, key)| {
                had.take(pending.ksn(), &key);
                cut.open = Some(pending);
            }),
            (Some(_), 0) => store.reserve_reversal().map(|(ksn, key)| had.take(ksn, &key)),
            (Some(_), _) => {
                cut.settling = true;
                store.settle(None).map(|()| cut = Cut { open: None, settling: false })
            }
        };
        if done.is_err() {
            return cut;
        }
    }
}

/// How many records there are behind the snapshot.
fn log_len(database: &Database) -> u64 {
    database.begin_read().unwrap().open_table(LOG).unwrap().len().unwrap()
}

#[test]
fn no_key_comes_twice_wherever_the_power_fails() {
    let (mut snapshots, mut most) = (0, 0);
    for seed in 0..2 {
        let mut dice = Dice(seed);
        let disk = Disk::default();
        disk.power(usize::MAX, &mut dice);
        drop(Store::fill(disk.database().unwrap(), &initial_key()).unwrap());
        let mut had = Had::default();
        let mut cut = Cut { open: None, settling: false };
        for _ in 0..50 {
            disk.power(dice.throw(120), &mut dice);
            // The power may fail while the database is opened.
            let Ok(mut store) = disk.database().and_then(Store::over) else { continue };
            cut.check(store.pending().unwrap().as_ref(), &had);
            cut = work(&mut store, &mut had, &mut dice);
            drop(store);
            disk.power(usize::MAX, &mut dice);
            let log = log_len(&disk.database().unwrap());
            assert!(log <= LOG_LEN);
            snapshots += u32::from(log < most);
            most = log;
        }
        assert!(had.0 > 150, "{}", had.0);
    }
    // Compactions were among it.
    assert!(snapshots > 2, "{snapshots}");
}

#[test]
fn a_snapshot_that_takes_the_place_of_the_log_is_there_in_full_or_not_at_all() {
    let mut dice = Dice(7);
    let full = Disk::default();
    full.power(usize::MAX, &mut dice);
    let mut store = Store::fill(full.database().unwrap(), &initial_key()).unwrap();
    let mut had = Had::default();
    for _ in 0..LOG_LEN {
        let (ksn, key) = store.reserve_reversal().unwrap();
        had.take(ksn, &key);
    }
    drop(store);
    assert_eq!(log_len(&full.copy_with_power().database().unwrap()), LOG_LEN);
    let last = had.0;
    for steps in 0.. {
        let disk = full.copy_with_power();
        let mut store = Store::over(disk.database().unwrap()).unwrap();
        disk.0.lock().unwrap().steps = steps;
        let reserved = store.reserve_reversal();
        let done = reserved.is_ok();
        let mut had = Had(last);
        if let Ok((ksn, key)) = reserved {
            had.take(ksn, &key);
        }
        drop(store);
        disk.power(usize::MAX, &mut dice);
        let database = disk.database().unwrap();
        let log = log_len(&database);
        assert!(log == 0 || log == LOG_LEN && !done, "{log} after {steps} steps");
        let mut store = Store::over(database).unwrap();
        let (ksn, key) = store.reserve_reversal().unwrap();
        had.take(ksn, &key);
        if done {
            assert!(steps > 2);
            return;
        }
    }
}

/// Whether these bytes are somewhere among the others.
fn holds(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

#[test]
fn what_is_kept_leads_to_no_key_that_was_used_before_it() {
    let disk = Disk::default();
    disk.power(usize::MAX, &mut Dice(0));
    let mut store = Store::fill(disk.database().unwrap(), &initial_key()).unwrap();
    for _ in 0..=LOG_LEN {
        store.reserve_reversal().unwrap();
    }
    drop(store);
    let database = disk.database().unwrap();
    let table = database.begin_read().unwrap().open_table(SNAPSHOT).unwrap();
    let mut keys = dukpt::aes::Terminal::<16>::empty();
    let snapshot = table.get(()).unwrap().unwrap();
    keys.restore(snapshot.value(), core::iter::empty::<[u8; 16]>()).unwrap();
    for used in 1..=65 {
        let taken = keys.skip_to(&Ksn::new(id(), used)).err();
        assert_eq!(taken, Some(dukpt::Error::CounterPassed), "{used}");
    }
    // Not even what the database has freed holds the initial key.
    let contents = disk.0.lock().unwrap();
    assert!(holds(&contents.durable, snapshot.value()));
    assert!(!holds(&contents.durable, initial_key().expose_bytes()));
}

#[test]
fn a_record_that_went_bad_is_not_passed_over() {
    let disk = Disk::default();
    disk.power(usize::MAX, &mut Dice(0));
    let mut store = Store::fill(disk.database().unwrap(), &initial_key()).unwrap();
    store.reserve_reversal().unwrap();
    drop(store);
    let database = disk.database().unwrap();
    let transaction = database.begin_write().unwrap();
    transaction.open_table(LOG).unwrap().insert(1, [0x55; 16]).unwrap();
    transaction.commit().unwrap();
    let refused = Store::over(database).err();
    assert!(matches!(refused, Some(Error::Record("the terminal's keys"))), "{refused:?}");
}

/// A terminal whose next counter is this one.
fn advanced(folder: &Path, last_used: u32) -> Terminal {
    drop(Store::install(folder, &initial_key()).unwrap());
    let mut keys = dukpt::aes::Terminal::new(&initial_key());
    let pending = keys.skip_to(&Ksn::new(id(), last_used)).unwrap();
    let snapshot = pending.snapshot();
    let database = Database::open(folder.join("terminal.redb")).unwrap();
    let transaction = database.begin_write().unwrap();
    transaction.open_table(SNAPSHOT).unwrap().insert((), snapshot.expose_bytes()).unwrap();
    transaction.commit().unwrap();
    drop(database);
    Terminal::open(folder).unwrap()
}

#[test]
fn the_last_key_is_kept_for_a_reversal() {
    let folder = tempfile::tempdir().unwrap();
    let mut terminal = advanced(folder.path(), 0xFFFE_4000);
    assert_eq!((terminal.keys_left(), terminal.few_keys_left()), (2, Some(2)));
    let (pending, _) = terminal.store.reserve_purchase(100).unwrap();
    assert_eq!(pending.ksn().counter(), 0xFFFE_8000);
    terminal.settle(None).unwrap();
    let exhausted = |error| matches!(error, Some(Error::Key(dukpt::Error::CounterExhausted)));
    assert!(exhausted(terminal.store.reserve_purchase(100).err()));
    // Nothing was begun, and no number is gone.
    assert_eq!((terminal.keys_left(), terminal.pending().unwrap()), (1, None));
    drop(terminal);
    let mut terminal = Terminal::open(folder.path()).unwrap();
    terminal.reversal(&pending, Doubt::NoReply, Moment::now()).unwrap();
    assert_eq!(terminal.keys_left(), 0);
    let again = terminal.reversal(&pending, Doubt::NoReply, Moment::now());
    assert!(exhausted(again.err()));
    drop(terminal);
    let mut terminal = Terminal::open(folder.path()).unwrap();
    assert!(exhausted(terminal.store.reserve_reversal().err()));
}

#[test]
fn keys_are_told_of_when_they_are_few() {
    let folder = tempfile::tempdir().unwrap();
    let terminal = advanced(folder.path(), 1);
    assert_eq!((terminal.keys_left(), terminal.few_keys_left()), (2_448_023_841, None));
}
