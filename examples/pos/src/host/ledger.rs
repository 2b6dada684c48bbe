//! The check of the books.

use std::collections::BTreeMap;

use crate::error::Error;
use crate::host::store::{LedgerAccount, Posting, PurchaseState, Side, Store};

/// What the check found.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Books {
    /// The sum of all debits, minor units.
    pub(crate) debits: u128,
    /// The sum of all credits, minor units.
    pub(crate) credits: u128,
    /// Purchases that stand.
    pub(crate) charged: usize,
    /// Purchases that were given back.
    pub(crate) reversed: usize,
    /// What does not fit, in words.
    pub(crate) faults: Vec<String>,
}

impl Books {
    /// Whether debits equal credits, every purchase is counted once, and every balance is the sum of its postings.
    pub(crate) fn are_right(&self) -> bool {
        self.debits == self.credits && self.faults.is_empty()
    }
}

/// Adds up every posting and holds it against the journal and the accounts.
pub(crate) fn check(store: &Store) -> Result<Books, Error> {
    let mut books = Books::default();
    let mut balances: BTreeMap<LedgerAccount, i128> = BTreeMap::new();
    let mut causes: BTreeMap<String, Vec<Posting>> = BTreeMap::new();
    for posting in store.postings()? {
        let amount = i128::from(posting.amount);
        let (total, signed) = match posting.side {
            Side::Debit => (&mut books.debits, amount.saturating_neg()),
            Side::Credit => (&mut books.credits, amount),
        };
        *total = total.saturating_add(u128::from(posting.amount));
        let balance = balances.entry(posting.ledger_account.clone()).or_default();
        *balance = balance.saturating_add(signed);
        causes.entry(posting.cause.clone()).or_default().push(posting);
    }
    for (token, account) in store.accounts()? {
        let posted = balances.get(&LedgerAccount::Cardholder(token)).copied().unwrap_or_default();
        if posted != i128::from(account.balance) {
            books.faults.push("an account's balance is not the sum of its postings".into());
        }
    }
    for (key, purchase) in store.purchases()? {
        let postings = causes.remove(&key).unwrap_or_default();
        // A debit and a credit each time that the money moved.
        let expected = match purchase.state {
            PurchaseState::Approved => {
                books.charged = books.charged.saturating_add(1);
                2
            }
            PurchaseState::Reversed => {
                books.reversed = books.reversed.saturating_add(1);
                4
            }
            PurchaseState::Declined | PurchaseState::ReversedUnseen => 0,
        };
        if postings.len() != expected || postings.iter().any(|p| p.amount != purchase.amount) {
            books.faults.push(format!("purchase {key} is posted {} times", postings.len()));
        }
    }
    let unknown = causes.keys().filter(|cause| !cause.starts_with(OPENING));
    books.faults.extend(unknown.map(|cause| format!("postings for unknown purchase {cause}")));
    Ok(books)
}

/// What opening balances are posted for.
pub(crate) const OPENING: &str = "opening balance";
