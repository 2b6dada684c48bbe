//! The terminal's database: its keys, its numbers, what it has begun, its last receipt.

use std::path::Path;

use dukpt::aes::{InitialKey, Ksn, TransactionKey};
use redb::{Database, ReadableDatabase, ReadableTable, Table, TableDefinition, WriteTransaction};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::keys::Keys;
use super::receipt::Receipt;
use crate::error::Error;
use crate::record::{decode, encode, make_folder, sync_folder};

/// The database's file.
const FILE: &str = "terminal.redb";

/// The next value of each number, by name.
const NUMBERS: TableDefinition<&str, u32> = TableDefinition::new("numbers");
/// Records by name: the pending purchase, the last receipt.
const RECORDS: TableDefinition<&str, &[u8]> = TableDefinition::new("records");

const NEXT_STAN: &str = "stan";
const BATCH: &str = "batch";
const PENDING: &str = "pending purchase";
const RECEIPT: &str = "last receipt";

/// STANs go from 1 to here and begin again.
const LAST_STAN: u32 = 999_999;

/// So many counters no purchase takes: what was begun has to be taken back even then.
const KEPT_FOR_REVERSAL: u32 = 1;

/// A purchase that was begun; holds no card data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Pending {
    pub(crate) stan: u32,
    pub(crate) batch: u32,
    /// Minor units.
    pub(crate) amount: u64,
    ksn: [u8; 12],
}

impl Pending {
    /// The key serial number that the purchase was, or was to be, sent under; nobody else gets it.
    pub(crate) const fn ksn(&self) -> Ksn {
        Ksn::from_bytes(self.ksn)
    }
}

/// The terminal's database, and the keys that follow from it.
pub(crate) struct Store {
    database: Database,
    keys: Keys,
}

impl Store {
    /// Opens the database in the folder; there must be one.
    pub(crate) fn open(folder: &Path) -> Result<Self, Error> {
        Self::over(Database::open(folder.join(FILE))?)
    }

    /// Makes a database in the folder that begins with this initial key, and does not keep it.
    ///
    /// All of it is one durable step. Refused where anything was written before: the key's counter would begin again.
    pub(crate) fn install(folder: &Path, initial_key: &InitialKey<16>) -> Result<Self, Error> {
        make_folder(folder)?;
        let store = Self::fill(Database::create(folder.join(FILE))?, initial_key)?;
        sync_folder(folder)?;
        Ok(store)
    }

    pub(super) fn over(database: Database) -> Result<Self, Error> {
        let keys = Keys::restore(&database.begin_read()?)?;
        Ok(Self { database, keys })
    }

    pub(super) fn fill(database: Database, initial_key: &InitialKey<16>) -> Result<Self, Error> {
        let transaction = database.begin_write()?;
        if transaction.list_tables()?.next().is_some() {
            return Err(Error::InstalledBefore);
        }
        transaction.open_table(NUMBERS)?;
        transaction.open_table(RECORDS)?;
        let keys = Keys::install(&transaction, initial_key)?;
        transaction.commit()?;
        Ok(Self { database, keys })
    }

    /// How many counters are left, for purchases and reversals.
    pub(crate) fn keys_left(&self) -> u32 {
        self.keys.left()
    }

    /// Takes a counter and a trace number, and writes down the purchase as begun, in one durable step; then its key is
    /// there.
    ///
    /// Refused, with nothing taken, while another purchase is open, and where no counter would be left to reverse this one.
    pub(crate) fn reserve_purchase(
        &mut self,
        amount: u64,
    ) -> Result<(Pending, TransactionKey<16>), Error> {
        if self.keys.left() <= KEPT_FOR_REVERSAL {
            return Err(Error::Key(dukpt::Error::CounterExhausted));
        }
        if self.pending()?.is_some() {
            return Err(Error::StillOpen);
        }
        let transaction = self.database.begin_write()?;
        let (key, pending) = self.keys.reserve(transaction, |transaction, ksn| {
            let (stan, batch) = take_numbers(transaction)?;
            let pending = Pending { stan, batch, amount, ksn: ksn.to_bytes() };
            let mut records = transaction.open_table(RECORDS)?;
            records.insert(PENDING, encode(&pending)?.as_slice())?;
            Ok(pending)
        })?;
        Ok((pending, key))
    }

    /// Takes a counter, durably; then its key is there.
    pub(crate) fn reserve_reversal(&mut self) -> Result<(Ksn, TransactionKey<16>), Error> {
        let transaction = self.database.begin_write()?;
        let (key, ksn) = self.keys.reserve(transaction, |_, ksn| Ok(ksn))?;
        Ok((ksn, key))
    }

    pub(crate) fn pending(&self) -> Result<Option<Pending>, Error> {
        self.record(PENDING)
    }

    /// Ends the pending purchase, and keeps its receipt, in one durable step.
    pub(crate) fn settle(&self, receipt: Option<&Receipt>) -> Result<(), Error> {
        let transaction = self.database.begin_write()?;
        {
            let mut records = transaction.open_table(RECORDS)?;
            records.remove(PENDING)?;
            if let Some(receipt) = receipt {
                records.insert(RECEIPT, encode(receipt)?.as_slice())?;
            }
        }
        Ok(transaction.commit()?)
    }

    pub(crate) fn last_receipt(&self) -> Result<Option<Receipt>, Error> {
        self.record(RECEIPT)
    }

    fn record<T: DeserializeOwned>(&self, name: &'static str) -> Result<Option<T>, Error> {
        let table = self.database.begin_read()?.open_table(RECORDS)?;
        let bytes = table.get(name)?;
        bytes.map(|bytes| decode(name, bytes.value())).transpose()
    }
}

/// Takes the next trace number and the batch that it belongs to.
fn take_numbers(transaction: &WriteTransaction) -> Result<(u32, u32), Error> {
    let mut numbers = transaction.open_table(NUMBERS)?;
    let stan = value(&numbers, NEXT_STAN)?.unwrap_or(1);
    let batch = value(&numbers, BATCH)?.unwrap_or(1);
    // Numbers that come round again belong to another batch.
    let (next_stan, next_batch) = match stan.checked_add(1) {
        Some(next) if next <= LAST_STAN => (next, batch),
        _ => (1, batch.wrapping_add(1) % 1_000_000),
    };
    numbers.insert(NEXT_STAN, next_stan)?;
    numbers.insert(BATCH, next_batch)?;
    Ok((stan, batch))
}

fn value(numbers: &Table<'_, &'static str, u32>, name: &str) -> Result<Option<u32>, Error> {
    Ok(numbers.get(name)?.map(|value| value.value()))
}
