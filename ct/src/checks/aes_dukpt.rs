//! AES DUKPT: keys derived, on both sides.

use dukpt::aes::{Bdk, InitialKey, InitialKeyId, KeyCache, Ksn, Terminal, transaction_keys};
use dukpt::aes::{KeyType, KeyUsage, MacGenerationKey, PinKey, Tdes};
use dukpt::subtle::ConstantTimeEq;

use super::KEY;
use crate::check::Check;
use crate::leaky;
use crate::secret::{accepted, done, secret};
use crate::shown::SNAPSHOT_SUM;

const ID: InitialKeyId = InitialKeyId::from_bytes(*b"\x12\x34\x56\x78\x90\x12\x34\x56");

fn key<const N: usize>() -> [u8; N] {
    secret(*KEY.first_chunk().unwrap())
}

macro_rules! of_each_length {
    ($function:ident) => {
        || {
            $function!(16);
            $function!(24);
            $function!(32);
        }
    };
}

macro_rules! initial_key {
    ($len:literal) => {
        done(Bdk::<$len>::from_bytes(&key()).initial_key(ID))
    };
}

macro_rules! working_keys {
    ($len:literal) => {{
        let initial_key = InitialKey::<$len>::from_bytes(&key(), ID);
        for counter in [1, 6, 0xFFFF_0000] {
            let transaction = accepted(initial_key.transaction_key(&Ksn::new(ID, counter)));
            done(transaction.pin_key());
            done(transaction.mac_generation_key());
            done(transaction.mac_verification_key());
            done(transaction.data_both_key());
            done(transaction.key_encryption_key());
            let tdes: PinKey<16, Tdes> = transaction.derive();
            done(tdes);
            let shorter: MacGenerationKey<16> = transaction.derive();
            done(shorter);
            done(accepted(transaction.working_key(KeyUsage::DataEncryption, KeyType::Tdes2)));
        }
        done(accepted(initial_key.update_key(KeyType::Aes128)));
    }};
}

macro_rules! terminal {
    ($len:literal) => {{
        let mut terminal = Terminal::<$len>::new(&InitialKey::from_bytes(&key(), ID));
        for _ in 0..6 {
            let pending = accepted(terminal.begin());
            done(pending.record());
            done(pending.stored().1.pin_key());
        }
        done(accepted(terminal.skip_to(&Ksn::new(ID, 0x0001_0003))).stored());
        done(accepted(terminal.update_key(KeyType::Aes128)));
        let snapshot = accepted(terminal.snapshot());
        let record = accepted(terminal.begin()).record();
        let mut restored = Terminal::<$len>::empty();
        done(restored.restore(snapshot.expose_bytes(), [record]));
        // One bit of a key is wrong.
        let mut torn = snapshot.expose_bytes().to_vec();
        let at = torn.len() / 2;
        torn[at] ^= 1;
        done(restored.restore(&torn, [record]));
    }};
}

macro_rules! cache {
    ($len:literal) => {{
        let initial_key = InitialKey::<$len>::from_bytes(&key(), ID);
        let mut cache = KeyCache::new(&initial_key);
        for counter in [1, 2, 3, 0x8000_0001, 0x8000_0002, 4] {
            done(accepted(cache.transaction_key(&Ksn::new(ID, counter))).mac_generation_key());
        }
        let pairs = [5, 7, 6].map(|counter| (&initial_key, Ksn::new(ID, counter)));
        transaction_keys(pairs).for_each(done);
    }};
}

fn transaction_key() -> dukpt::aes::TransactionKey<16> {
    accepted(InitialKey::<16>::from_bytes(&key(), ID).transaction_key(&Ksn::new(ID, 6)))
}

pub(super) fn checks() -> Vec<Check> {
    vec![
        Check::new("AES DUKPT initial key", "base key", of_each_length!(initial_key), || {
            let initial_key = Bdk::<16>::from_bytes(&key()).initial_key(ID);
            done(leaky::set_odd_parity(initial_key.expose_bytes()));
        }),
        Check::new(
            "AES DUKPT transaction and working keys",
            "initial key",
            of_each_length!(working_keys),
            || {
                let pin_key: PinKey<16, Tdes> = transaction_key().derive();
                done(leaky::set_odd_parity(pin_key.expose_bytes()));
            },
        ),
        Check::new(
            "AES DUKPT terminal: reserve, skip, store, restore",
            "initial key, registers",
            of_each_length!(terminal),
            || {
                let terminal = Terminal::<16>::new(&InitialKey::from_bytes(&key(), ID));
                let snapshot = accepted(terminal.snapshot());
                done(leaky::look_up(snapshot.expose_bytes()));
            },
        )
        .shows(&SNAPSHOT_SUM),
        Check::new(
            "AES DUKPT host: cache, batch",
            "initial key, cached keys",
            of_each_length!(cache),
            || {
                let mut cache = KeyCache::new(&InitialKey::<16>::from_bytes(&key(), ID));
                let key = accepted(cache.transaction_key(&Ksn::new(ID, 3)));
                done(leaky::set_odd_parity(key.expose_bytes()));
            },
        ),
        Check::new(
            "DUKPT keys compared",
            "both keys",
            || {
                done(transaction_key().ct_eq(&transaction_key()));
                done(transaction_key().pin_key().ct_eq(&PinKey::from_bytes(&key())));
            },
            || done(leaky::equal(transaction_key().expose_bytes(), &key::<16>())),
        ),
    ]
}
