//! What an empty database begins with: the published test keys and the accounts of the test cards.

use std::io;

use dukpt::aes::InitialKeyId;
use pinblock::{Pan, Pin};
use rand_core::TryCryptoRng;
use zeroize::Zeroizing;

use super::issuer::{Issuer, PVK, STORAGE_KEY};
use super::ledger::OPENING;
use super::records::{Account, LedgerAccount, Terminal};
use super::store::Store;
use crate::error::Error;
use crate::test_data;

/// The PIN verification key's index.
const PVKI: u8 = 1;

/// Fills the database in one change, unless that was done before.
pub(super) fn fill<R: TryCryptoRng>(store: &Store, rng: &mut R) -> Result<(), Error> {
    if store.key(STORAGE_KEY)?.is_some() {
        return Ok(());
    }
    let mut storage_key = Zeroizing::new([0; 32]);
    rng.try_fill_bytes(storage_key.as_mut())
        .map_err(|_| io::Error::other("no randomness to be had"))?;
    let issuer = Issuer::new(storage_key.as_slice(), &test_data::PVK)?;

    let change = store.change()?;
    change.put_key(STORAGE_KEY, storage_key.as_slice())?;
    change.put_key(PVK, &test_data::PVK)?;
    let id = InitialKeyId::from_bytes(test_data::INITIAL_KEY_ID);
    change.put_base_key(id.bdk_id(), &test_data::BDK)?;
    let terminal = Terminal {
        terminal_id: test_data::TERMINAL_ID.into(),
        merchant_id: test_data::MERCHANT_ID.into(),
    };
    change.put_terminal(id.to_bytes(), &terminal)?;
    for account in &test_data::ACCOUNTS {
        let pan = Pan::from_ascii(account.pan)?;
        let token = issuer.token(&pan)?;
        let record = Account {
            expiry: account.expiry.into(),
            pvki: PVKI,
            pvv: issuer.pvv(&pan, PVKI, &Pin::from_ascii(account.pin)?)?,
            failed_pins: 0,
            balance: account.balance,
        };
        change.put_account(token, &record)?;
        let holder = LedgerAccount::Cardholder(token);
        change.post(OPENING, LedgerAccount::Bank, holder, account.balance)?;
    }
    change.commit()
}
