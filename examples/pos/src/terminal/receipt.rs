//! The cardholder's receipt.

use core::fmt;

use serde::{Deserialize, Serialize};

/// What is printed of an approved purchase; the account number is masked before it gets here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Receipt {
    pub(crate) merchant_id: String,
    pub(crate) terminal_id: String,
    pub(crate) time: String,
    pub(crate) card: String,
    pub(crate) masked_pan: String,
    pub(crate) application: String,
    /// Minor units.
    pub(crate) amount: u64,
    pub(crate) stan: String,
    pub(crate) reference: String,
    pub(crate) authorization: String,
}

/// Minor units as people read them: `19.99`.
pub(crate) fn money(minor: u64) -> String {
    format!("{}.{:02}", minor / 100, minor % 100)
}

impl fmt::Display for Receipt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut line = |label: &str, value: &str| writeln!(f, "    {label:<12}{value:>26}");
        line("PURCHASE", &format!("EUR {}", money(self.amount)))?;
        line("Card", &self.masked_pan)?;
        line("", &self.card)?;
        line("AID", &self.application)?;
        line("Merchant", &self.merchant_id)?;
        line("Terminal", &self.terminal_id)?;
        line("Time (UTC)", &self.time)?;
        line("STAN", &self.stan)?;
        line("RRN", &self.reference)?;
        line("Approval", &self.authorization)?;
        write!(f, "    {:>31}", "PIN VERIFIED - THANK YOU")
    }
}
