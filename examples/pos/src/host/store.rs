//! The host's database.

use std::path::Path;

use redb::{Database, ReadableDatabase, ReadableTable, TableDefinition, WriteTransaction};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

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

/// A terminal that the host knows.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Terminal {
    pub(crate) terminal_id: String,
    pub(crate) merchant_id: String,
}

/// The last message that a terminal sent with a valid MAC, and its answer.
#[derive(Serialize, Deserialize)]
pub(crate) struct LastExchange {
    pub(crate) counter: u32,
    /// SHA-256 of the request's bytes, which hold card data.
    pub(crate) request_digest: [u8; 32],
    /// The answer's bytes, which hold none.
    pub(crate) answer: Vec<u8>,
}

/// An issuer's account; its number is not kept, only a token of it.
#[derive(Serialize, Deserialize)]
pub(crate) struct Account {
    pub(crate) expiry: String,
    pub(crate) pvki: u8,
    pub(crate) pvv: [u8; 4],
    pub(crate) failed_pins: u8,
    /// Minor units.
    pub(crate) balance: u64,
}

/// What makes a purchase one and the same, however often it is sent.
pub(crate) struct PurchaseKey {
    pub(crate) terminal_id: String,
    pub(crate) batch: String,
    pub(crate) stan: String,
}

impl PurchaseKey {
    /// The journal's key, and the cause of the purchase's postings.
    pub(crate) fn record_key(&self) -> String {
        format!("{}/{}/{}", self.terminal_id, self.batch, self.stan)
    }
}

/// A purchase, as it stands.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) enum Purchase {
    /// Decided upon.
    Decided(Decision),
    /// Reversed before it arrived: it is declined if it still comes.
    ReversedUnseen,
}

/// What was decided about a purchase.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Decision {
    pub(crate) state: DecisionState,
    /// The key serial number of the message that asked for it: what a reversal has to name.
    pub(crate) ksn: [u8; 12],
    /// Minor units.
    pub(crate) amount: u64,
    pub(crate) account: Option<[u8; 32]>,
    pub(crate) merchant_id: String,
    pub(crate) response_code: String,
    pub(crate) reference: String,
}

/// Where a purchase has come to.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(crate) enum DecisionState {
    Approved,
    Declined,
    /// Approved, then given back.
    Reversed,
}

/// One side of an entry in the ledger.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub(crate) struct Posting {
    pub(crate) ledger_account: LedgerAccount,
    pub(crate) side: Side,
    /// Minor units.
    pub(crate) amount: u64,
}

/// A posting and what it was posted for.
#[derive(Serialize, Deserialize)]
pub(crate) struct Entry {
    pub(crate) cause: String,
    pub(crate) posting: Posting,
}

/// Everything that the check of the books looks at, as it stood at one moment.
pub(crate) struct Snapshot {
    pub(crate) accounts: Vec<([u8; 32], Account)>,
    pub(crate) purchases: Vec<(String, Purchase)>,
    pub(crate) entries: Vec<Entry>,
}

impl Posting {
    /// The two sides of moving an amount.
    pub(crate) fn pair(debit: LedgerAccount, credit: LedgerAccount, amount: u64) -> [Self; 2] {
        [
            Self { ledger_account: debit, side: Side::Debit, amount },
            Self { ledger_account: credit, side: Side::Credit, amount },
        ]
    }
}

/// Who owns or owes the money.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub(crate) enum LedgerAccount {
    /// The bank, where opening balances come from.
    Bank,
    /// A cardholder, by token.
    Cardholder([u8; 32]),
    /// A merchant, by field 42.
    Merchant(String),
}

/// The side of a posting.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub(crate) enum Side {
    Debit,
    Credit,
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

    pub(crate) fn last_exchange(&self, terminal: [u8; 8]) -> Result<Option<LastExchange>, Error> {
        let table = self.transaction.open_table(LAST_EXCHANGES)?;
        let bytes = table.get(terminal)?;
        bytes.map(|bytes| decode("a last exchange", bytes.value())).transpose()
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
