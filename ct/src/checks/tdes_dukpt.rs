//! TDES DUKPT: keys derived, on both sides.

use dukpt::tdes::{Bdk, InitialKey, InitialKeyId, KeyCache, Ksn, Terminal, TransactionKey};

use super::KEY;
use crate::check::{Check, Tables};
use crate::leaky;
use crate::secret::{accepted, done, secret};
use crate::shown::SNAPSHOT_SUM;

const ID: InitialKeyId = InitialKeyId::from_bytes(*b"\xFF\xFF\x98\x76\x54\x32\x10\xE0");

fn key() -> [u8; 16] {
    secret(*KEY.first_chunk().unwrap())
}

fn ksn(counter: u32) -> Ksn {
    accepted(Ksn::new(ID, counter))
}

fn transaction_key(counter: u32) -> TransactionKey {
    accepted(InitialKey::from_bytes(&key(), ID).transaction_key(&ksn(counter)))
}

pub(super) fn checks() -> Vec<Check> {
    [
        Check::new(
            "TDES DUKPT initial key",
            "base key",
            || done(Bdk::from_bytes(&key()).initial_key(ID)),
            || {
                let initial_key = Bdk::from_bytes(&key()).initial_key(ID);
                done(leaky::set_odd_parity(initial_key.expose_bytes()));
            },
        ),
        Check::new(
            "TDES DUKPT transaction and working keys",
            "initial key",
            || {
                for counter in [1, 6, 0x1F_8000] {
                    let transaction = transaction_key(counter);
                    done(transaction.pin_key());
                    done(transaction.mac_request_key());
                    done(transaction.mac_response_key());
                    done(transaction.data_request_key());
                    done(transaction.data_response_key());
                }
            },
            || done(leaky::set_odd_parity(transaction_key(6).pin_key().expose_bytes())),
        ),
        Check::new(
            "TDES DUKPT terminal: reserve, skip, store, restore",
            "initial key, registers",
            || {
                let mut terminal = Terminal::new(&InitialKey::from_bytes(&key(), ID));
                for _ in 0..6 {
                    done(accepted(terminal.begin()).stored().1.pin_key());
                }
                done(accepted(terminal.skip_to(&ksn(0x0103))).stored());
                let snapshot = accepted(terminal.snapshot());
                let record = accepted(terminal.begin()).record();
                let mut restored = Terminal::empty();
                done(restored.restore(snapshot.expose_bytes(), [record]));
            },
            || {
                let terminal = Terminal::new(&InitialKey::from_bytes(&key(), ID));
                done(leaky::look_up(accepted(terminal.snapshot()).expose_bytes()));
            },
        )
        .shows(&SNAPSHOT_SUM),
        Check::new(
            "TDES DUKPT host: cache",
            "initial key, cached keys",
            || {
                let mut cache = KeyCache::new(&InitialKey::from_bytes(&key(), ID));
                for counter in [1, 2, 3, 0x10_0001, 4] {
                    done(accepted(cache.transaction_key(&ksn(counter))).pin_key());
                }
            },
            || {
                let mut cache = KeyCache::new(&InitialKey::from_bytes(&key(), ID));
                let key = accepted(cache.transaction_key(&ksn(3)));
                done(leaky::set_odd_parity(key.expose_bytes()));
            },
        ),
    ]
    .map(|check| check.through(Tables::Des))
    .into()
}
