//! The terminal's database: its key, its counters, what it has begun, its last receipt.

use std::path::Path;

use dukpt::aes::{InitialKey, InitialKeyId, Ksn};
use redb::{Database, ReadableDatabase, ReadableTable, Table, TableDefinition, WriteTransaction};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::receipt::Receipt;
use crate::error::Error;
use crate::record::{decode, encode, make_folder, sync_folder};

/// The database's file.
const FILE: &str = "terminal.redb";

/// Initial key id to initial key; one entry.
const KEYS: TableDefinition<[u8; 8], [u8; 16]> = TableDefinition::new("keys");
/// The next key serial number; no entry where the initial key is used up.
const NEXT_KSN: TableDefinition<(), [u8; 12]> = TableDefinition::new("next_ksn");
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

/// The terminal's database.
pub(crate) struct Store {
    database: Database,
}

impl Store {
    /// Opens the database in the folder; there must be one.
    pub(crate) fn open(folder: &Path) -> Result<Self, Error> {
        Ok(Self { database: Database::open(folder.join(FILE))? })
    }

    /// Opens or creates the database in the folder.
    pub(crate) fn create(folder: &Path) -> Result<Self, Error> {
        make_folder(folder)?;
        let store = Self { database: Database::create(folder.join(FILE))? };
        let transaction = store.database.begin_write()?;
        transaction.open_table(KEYS)?;
        transaction.open_table(NEXT_KSN)?;
        transaction.open_table(NUMBERS)?;
        transaction.open_table(RECORDS)?;
        transaction.commit()?;
        sync_folder(folder)?;
        Ok(store)
    }

    pub(crate) fn initial_key(&self) -> Result<Option<InitialKey<16>>, Error> {
        let table = self.database.begin_read()?.open_table(KEYS)?;
        Ok(table.first()?.map(|(id, key)| {
            let key = Zeroizing::new(key.value());
            InitialKey::from_bytes(&key, InitialKeyId::from_bytes(id.value()))
        }))
    }

    /// Stores the initial key; its counter begins at 1.
    pub(crate) fn load_key(&self, key: &InitialKey<16>) -> Result<(), Error> {
        let id = key.id();
        let transaction = self.database.begin_write()?;
        transaction.open_table(KEYS)?.insert(id.to_bytes(), key.expose_bytes())?;
        transaction.open_table(NEXT_KSN)?.insert((), Ksn::new(id, 1).to_bytes())?;
        Ok(transaction.commit()?)
    }

    /// Takes a counter and a trace number, and writes down the purchase as begun, in one durable step.
    ///
    /// Refused while another purchase is open, and where no counter would be left to reverse this one.
    pub(crate) fn reserve_purchase(&self, amount: u64) -> Result<Pending, Error> {
        let transaction = self.database.begin_write()?;
        let ksn = take_ksn(&transaction)?;
        ksn.next()?;
        let pending = {
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
            Pending { stan, batch, amount, ksn: ksn.to_bytes() }
        };
        if transaction.open_table(RECORDS)?.insert(PENDING, encode(&pending)?.as_slice())?.is_some()
        {
            return Err(Error::StillOpen);
        }
        transaction.commit()?;
        Ok(pending)
    }

    /// Takes a counter, durably.
    pub(crate) fn reserve_ksn(&self) -> Result<Ksn, Error> {
        let transaction = self.database.begin_write()?;
        let ksn = take_ksn(&transaction)?;
        transaction.commit()?;
        Ok(ksn)
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

/// Takes the next key serial number and writes down the one after it.
fn take_ksn(transaction: &WriteTransaction) -> Result<Ksn, Error> {
    let mut table = transaction.open_table(NEXT_KSN)?;
    let taken = table.remove(())?.map(|ksn| Ksn::from_bytes(ksn.value()));
    let ksn = taken.ok_or(Error::Key(dukpt::Error::CounterExhausted))?;
    if let Ok(next) = ksn.next() {
        table.insert((), next.to_bytes())?;
    }
    Ok(ksn)
}

fn value(numbers: &Table<'_, &'static str, u32>, name: &str) -> Result<Option<u32>, Error> {
    Ok(numbers.get(name)?.map(|value| value.value()))
}
