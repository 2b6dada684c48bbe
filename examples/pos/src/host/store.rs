//! The host's database.

use std::path::Path;

use redb::{Database, ReadableDatabase, ReadableTable, TableDefinition, WriteTransaction};
use zeroize::Zeroizing;

use super::records::{
    Account, Entry, LastExchange, LedgerAccount, Posting, Purchase, PurchaseKey, Terminal,
};
use crate::error::Error;
use crate::record::{decode, encode, make_folder, sync_folder};

/// The database's file.
const FILE: &str = "host.redb";

/// BDK id to base derivation key.
const BASE_KEYS: TableDefinition<[u8; 4], [u8; 16]> = TableDefinition::new("base_keys");
/// Secrets of the host by name: the PIN verification key, the storage key.
const KEYS: TableDefinition<&str, &[u8]> = TableDefinition::new("keys");
/// Initial key id to [`Terminal`].
const TERMINALS: TableDefinition<[u8; 8], &[u8]> = TableDefinition::new("terminals");
/// Initial key id to [`LastExchange`].
const LAST_EXCHANGES: TableDefinition<[u8; 8], &[u8]> = TableDefinition::new("last_exchanges");
/// Account token to [`Account`].
const ACCOUNTS: TableDefinition<[u8; 32], &[u8]> = TableDefinition::new("accounts");
/// [`PurchaseKey::record_key`] to [`Purchase`].
const JOURNAL: TableDefinition<&str, &[u8]> = TableDefinition::new("journal");
/// Running number to [`Entry`].
const LEDGER: TableDefinition<u64, &[u8]> = TableDefinition::new("ledger");

/// Everything that the check of the books looks at, as it stood at one moment.
pub(crate) struct Snapshot {
    pub(crate) accounts: Vec<([u8; 32], Account)>,
    pub(crate) purchases: Vec<(String, Purchase)>,
    pub(crate) entries: Vec<Entry>,
}

/// The host's database.
pub(crate) struct Store {
    database: Database,
}

impl Store {
    /// Opens the database in the folder.
    pub(crate) fn open(folder: &Path) -> Result<Self, Error> {
        Ok(Self { database: Database::open(folder.join(FILE))? })
    }

    /// Opens or creates the database in the folder, with all its tables.
    pub(crate) fn create(folder: &Path) -> Result<Self, Error> {
        make_folder(folder)?;
        let store = Self { database: Database::create(folder.join(FILE))? };
        let transaction = store.database.begin_write()?;
        transaction.open_table(BASE_KEYS)?;
        transaction.open_table(KEYS)?;
        transaction.open_table(TERMINALS)?;
        transaction.open_table(LAST_EXCHANGES)?;
        transaction.open_table(ACCOUNTS)?;
        transaction.open_table(JOURNAL)?;
        transaction.open_table(LEDGER)?;
        transaction.commit()?;
        sync_folder(folder)?;
        Ok(store)
    }

    /// Begins a change; others wait until it is committed or dropped.
    pub(crate) fn change(&self) -> Result<Change, Error> {
        Ok(Change { transaction: self.database.begin_write()? })
    }

    pub(crate) fn base_key(&self, id: [u8; 4]) -> Result<Option<Zeroizing<[u8; 16]>>, Error> {
        let table = self.database.begin_read()?.open_table(BASE_KEYS)?;
        Ok(table.get(id)?.map(|key| Zeroizing::new(key.value())))
    }

    pub(crate) fn key(&self, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>, Error> {
        let table = self.database.begin_read()?.open_table(KEYS)?;
        Ok(table.get(name)?.map(|key| Zeroizing::new(key.value().to_vec())))
    }

    pub(crate) fn terminal(&self, initial_key_id: [u8; 8]) -> Result<Option<Terminal>, Error> {
        let table = self.database.begin_read()?.open_table(TERMINALS)?;
        table.get(initial_key_id)?.map(|bytes| decode("a terminal", bytes.value())).transpose()
    }

    pub(crate) fn last_exchange(&self, terminal: [u8; 8]) -> Result<Option<LastExchange>, Error> {
        let table = self.database.begin_read()?.open_table(LAST_EXCHANGES)?;
        let bytes = table.get(terminal)?;
        bytes.map(|bytes| decode("a last exchange", bytes.value())).transpose()
    }

    pub(crate) fn snapshot(&self) -> Result<Snapshot, Error> {
        let transaction = self.database.begin_read()?;
        let accounts = transaction.open_table(ACCOUNTS)?;
        let accounts = accounts.iter()?.map(|row| {
            let (token, bytes) = row?;
            Ok((token.value(), decode("an account", bytes.value())?))
        });
        let purchases = transaction.open_table(JOURNAL)?;
        let purchases = purchases.iter()?.map(|row| {
            let (key, bytes) = row?;
            Ok((key.value().to_owned(), decode("a purchase", bytes.value())?))
        });
        let entries = transaction.open_table(LEDGER)?;
        let entries = entries.iter()?.map(|row| decode("a posting", row?.1.value()));
        Ok(Snapshot {
            accounts: accounts.collect::<Result<_, Error>>()?,
            purchases: purchases.collect::<Result<_, Error>>()?,
            entries: entries.collect::<Result<_, Error>>()?,
        })
    }
}

/// A change to the database: all of it is durable after `commit`, none of it without.
pub(crate) struct Change {
    transaction: WriteTransaction,
}

impl Change {
    /// Makes the change durable.
    pub(crate) fn commit(self) -> Result<(), Error> {
        Ok(self.transaction.commit()?)
    }

    pub(crate) fn put_base_key(&self, id: [u8; 4], key: &[u8; 16]) -> Result<(), Error> {
        self.transaction.open_table(BASE_KEYS)?.insert(id, key)?;
        Ok(())
    }

    pub(crate) fn put_key(&self, name: &str, key: &[u8]) -> Result<(), Error> {
        self.transaction.open_table(KEYS)?.insert(name, key)?;
        Ok(())
    }

    pub(crate) fn put_terminal(&self, id: [u8; 8], terminal: &Terminal) -> Result<(), Error> {
        self.transaction.open_table(TERMINALS)?.insert(id, encode(terminal)?.as_slice())?;
        Ok(())
    }

    pub(crate) fn put_last_exchange(
        &self,
        terminal: [u8; 8],
        last: &LastExchange,
    ) -> Result<(), Error> {
        let mut table = self.transaction.open_table(LAST_EXCHANGES)?;
        table.insert(terminal, encode(last)?.as_slice())?;
        Ok(())
    }

    pub(crate) fn account(&self, token: [u8; 32]) -> Result<Option<Account>, Error> {
        let table = self.transaction.open_table(ACCOUNTS)?;
        let bytes = table.get(token)?;
        bytes.map(|bytes| decode("an account", bytes.value())).transpose()
    }

    pub(crate) fn put_account(&self, token: [u8; 32], account: &Account) -> Result<(), Error> {
        self.transaction.open_table(ACCOUNTS)?.insert(token, encode(account)?.as_slice())?;
        Ok(())
    }

    pub(crate) fn purchase(&self, key: &PurchaseKey) -> Result<Option<Purchase>, Error> {
        let table = self.transaction.open_table(JOURNAL)?;
        let bytes = table.get(key.record_key().as_str())?;
        bytes.map(|bytes| decode("a purchase", bytes.value())).transpose()
    }

    pub(crate) fn put_purchase(&self, key: &PurchaseKey, purchase: &Purchase) -> Result<(), Error> {
        let mut table = self.transaction.open_table(JOURNAL)?;
        table.insert(key.record_key().as_str(), encode(purchase)?.as_slice())?;
        Ok(())
    }

    /// How many purchases were ever journalled.
    pub(crate) fn purchase_count(&self) -> Result<u64, Error> {
        use redb::ReadableTableMetadata;
        Ok(self.transaction.open_table(JOURNAL)?.len()?)
    }

    /// Moves an amount: one account is debited, another credited.
    pub(crate) fn post(
        &self,
        cause: &str,
        debit: LedgerAccount,
        credit: LedgerAccount,
        amount: u64,
    ) -> Result<(), Error> {
        let mut table = self.transaction.open_table(LEDGER)?;
        let mut number = table.last()?.map_or(0, |(number, _)| number.value());
        for posting in Posting::pair(debit, credit, amount) {
            number = number.saturating_add(1);
            let entry = Entry { cause: cause.to_owned(), posting };
            table.insert(number, encode(&entry)?.as_slice())?;
        }
        Ok(())
    }
}
