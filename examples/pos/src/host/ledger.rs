//! The check of the books.

use std::collections::BTreeMap;

use super::records::{Decision, DecisionState, LedgerAccount, Posting, Purchase, Side};
use super::store::Snapshot;

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
    /// Whether debits equal credits, every purchase has exactly its postings, and every balance is their sum.
    pub(crate) fn are_right(&self) -> bool {
        self.debits == self.credits && self.faults.is_empty()
    }
}

/// What opening balances are posted for.
pub(crate) const OPENING: &str = "opening balance";

/// Adds up every posting and holds it against the journal and the accounts.
pub(crate) fn check(snapshot: Snapshot) -> Books {
    let mut books = Books::default();
    let mut balances: BTreeMap<LedgerAccount, i128> = BTreeMap::new();
    let mut causes: BTreeMap<String, Vec<Posting>> = BTreeMap::new();
    for entry in snapshot.entries {
        let posting = entry.posting;
        let amount = i128::from(posting.amount);
        let (total, signed) = match posting.side {
            Side::Debit => (&mut books.debits, amount.saturating_neg()),
            Side::Credit => (&mut books.credits, amount),
        };
        *total = total.saturating_add(u128::from(posting.amount));
        let balance = balances.entry(posting.ledger_account.clone()).or_default();
        *balance = balance.saturating_add(signed);
        causes.entry(entry.cause).or_default().push(posting);
    }
    for (token, account) in snapshot.accounts {
        let posted = balances.get(&LedgerAccount::Cardholder(token)).copied().unwrap_or_default();
        if posted != i128::from(account.balance) {
            books.faults.push("an account's balance is not the sum of its postings".into());
        }
    }
    causes.remove(OPENING);
    for (key, purchase) in snapshot.purchases {
        let mut expected = match &purchase {
            Purchase::Decided(decision) => postings(decision, &mut books),
            Purchase::ReversedUnseen => Vec::new(),
        };
        let mut posted = causes.remove(&key).unwrap_or_default();
        expected.sort();
        posted.sort();
        if posted != expected {
            books.faults.push(format!("the postings of purchase {key} are not what it needs"));
        }
    }
    let unknown = causes.into_keys();
    books.faults.extend(unknown.map(|cause| format!("postings for unknown purchase {cause}")));
    books
}

/// Exactly what a purchase in its state has to have posted.
fn postings(decision: &Decision, books: &mut Books) -> Vec<Posting> {
    let Some(token) = decision.account else { return Vec::new() };
    let holder = || LedgerAccount::Cardholder(token);
    let merchant = || LedgerAccount::Merchant(decision.merchant_id.clone());
    let charge = Posting::pair(holder(), merchant(), decision.amount);
    match decision.state {
        DecisionState::Declined => Vec::new(),
        DecisionState::Approved => {
            books.charged = books.charged.saturating_add(1);
            charge.to_vec()
        }
        DecisionState::Reversed => {
            books.reversed = books.reversed.saturating_add(1);
            [charge, Posting::pair(merchant(), holder(), decision.amount)].concat()
        }
    }
}
