//! The terminal's keys: in memory the state machine of the crate `dukpt`, in the database its last snapshot and a log.
//!
//! The order is always: reserve, write, commit, and only then the key. [`Keys::reserve`] knows no other.

use dukpt::aes::{InitialKey, Ksn, Terminal, TransactionKey};
use dukpt::terminal::RECORD_LEN;
use redb::{
    ReadTransaction, ReadableTable, ReadableTableMetadata, TableDefinition, WriteTransaction,
};

use crate::error::Error;

/// The last snapshot, which holds keys in the clear; one entry.
pub(super) const SNAPSHOT: TableDefinition<(), &[u8]> = TableDefinition::new("key_snapshot");
/// Counter to the record of its reservation; those since the last snapshot, and none of them holds a key.
pub(super) const LOG: TableDefinition<u32, [u8; RECORD_LEN]> = TableDefinition::new("key_log");

/// After so many records a reservation is written as a snapshot, and the log is emptied: keys that were used do not follow
/// from what is kept. A record is 16 bytes, a snapshot 536.
pub(super) const LOG_LEN: u64 = 64;

/// The keys of all transactions to come, and of none that was.
pub(super) struct Keys {
    terminal: Terminal<16>,
}

impl Keys {
    /// Begins with an initial key, which is not kept.
    pub(super) fn install(
        transaction: &WriteTransaction,
        initial_key: &InitialKey<16>,
    ) -> Result<Self, Error> {
        let terminal = Terminal::new(initial_key);
        let snapshot = terminal.snapshot()?;
        transaction.open_table(SNAPSHOT)?.insert((), snapshot.expose_bytes())?;
        transaction.open_table(LOG)?;
        Ok(Self { terminal })
    }

    /// Goes on where the last reservation that is durable left off.
    pub(super) fn restore(transaction: &ReadTransaction) -> Result<Self, Error> {
        let table = transaction.open_table(SNAPSHOT)?;
        let snapshot = table.get(())?.ok_or(UNREADABLE)?;
        let log = transaction.open_table(LOG)?;
        let records = log.iter()?.map(|row| row.map(|(_, record)| record.value()));
        let records = records.collect::<Result<Vec<_>, _>>()?;
        let mut terminal = Terminal::empty();
        let replay = terminal.restore(snapshot.value(), records)?;
        // The database has a record whole or not at all: a torn one is damage, and what was reserved by it is not known.
        if replay.unreadable != 0 {
            return Err(UNREADABLE);
        }
        Ok(Self { terminal })
    }

    /// How many transactions are left.
    pub(super) fn left(&self) -> u32 {
        self.terminal.keys_left()
    }

    /// Takes the next counter, lets `also` write what belongs to it, commits, and then gives the key.
    ///
    /// A counter that is taken here does not come again, and its key is had by nobody before the commit.
    pub(super) fn reserve<T>(
        &mut self,
        transaction: WriteTransaction,
        also: impl FnOnce(&WriteTransaction, Ksn) -> Result<T, Error>,
    ) -> Result<(TransactionKey<16>, T), Error> {
        let pending = self.terminal.begin()?;
        let ksn = pending.ksn();
        let written = also(&transaction, ksn)?;
        {
            let mut log = transaction.open_table(LOG)?;
            if log.len()? < LOG_LEN {
                log.insert(ksn.counter(), pending.record())?;
            } else {
                log.retain(|_, _| false)?;
                let snapshot = pending.snapshot();
                transaction.open_table(SNAPSHOT)?.insert((), snapshot.expose_bytes())?;
            }
        }
        transaction.commit()?;
        let (_, key) = pending.stored();
        Ok((key, written))
    }
}

const UNREADABLE: Error = Error::Record("the terminal's keys");
