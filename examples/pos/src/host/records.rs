//! What the host remembers: terminals, accounts, purchases and the ledger.

use serde::{Deserialize, Serialize};

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
