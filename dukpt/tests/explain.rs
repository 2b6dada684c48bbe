//! What `explain` tells is what is derived, step by step, by ciphers alone.
#![cfg(feature = "explain")]
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    clippy::panic,
    reason = "a test says what it expects by panicking"
)]

#[path = "oracle/aes_dukpt.rs"]
#[allow(dead_code, reason = "the other tests use the rest")]
mod aes_dukpt;
#[path = "oracle/tdes_dukpt.rs"]
#[allow(dead_code, reason = "the other tests use the rest")]
mod tdes_dukpt;

use aes_dukpt::aes;
use dukpt::aes::{Aes, BaseKey, KeyType, KeyUsage};
use dukpt::explain::{Explanation, Operation, TdesUsage};
use dukpt::{Error, tdes};
use hex_literal::hex;
use proptest::prelude::*;
use tdes_dukpt::{des, tdes as triple, under_itself, xor};

fn bytes<const N: usize>() -> impl Strategy<Value = [u8; N]> {
    proptest::collection::vec(any::<u8>(), N).prop_map(|v| v.try_into().unwrap())
}

/// The second form of a key.
fn second_form(key: &[u8]) -> Vec<u8> {
    xor(key, &hex!("C0C0C0C000000000C0C0C0C000000000"))
}

/// Follows the steps with ciphers alone, from the first one's key.
fn follows(explanation: &Explanation) {
    let mut before = Vec::new();
    let mut so_far = 0;
    for step in explanation.steps() {
        let data = step.data();
        let half = |key: &[u8]| xor(&des(&key[..8], &xor(data, &key[8..])), &key[8..]);
        let expected = match step.operation() {
            Operation::BaseKey | Operation::GivenInitialKey => {
                assert!(data.is_empty() && before.is_empty());
                step.expose_key().to_vec()
            }
            Operation::TdesInitialKey => {
                [triple(&before, data), triple(&second_form(&before), data)].concat()
            }
            Operation::TdesCounterBit { bit, counter } => {
                so_far |= 1 << bit;
                assert_eq!(counter, so_far);
                [half(&second_form(&before)), half(&before)].concat()
            }
            Operation::TdesVariant(_) => xor(&before, data),
            Operation::TdesSelfEncryption(_) => under_itself(&before),
            Operation::AesInitialKey | Operation::AesWorkingKey { .. } => {
                data.chunks(16).flat_map(|block| aes(&before, block)).collect()
            }
            Operation::AesCounterBit { bit, counter } => {
                so_far |= 1 << bit;
                assert_eq!(counter, so_far);
                data.chunks(16).flat_map(|block| aes(&before, block)).collect()
            }
            other => panic!("{other:?}"),
        };
        // AES-192 keys are of a block and a half.
        assert_eq!(step.expose_key(), &expected[..step.expose_key().len()]);
        before = step.expose_key().to_vec();
    }
}

/// No key stands in the text, and each in that of what is exposed.
fn shows_no_key(explanation: &Explanation) {
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02X}")).collect::<String>();
    let debug = format!("{explanation:?} {:?} {:?}", explanation.steps(), explanation.expose());
    let (text, exposed) = (explanation.to_string(), explanation.expose().to_string());
    for step in explanation.steps() {
        let key = hex(step.expose_key());
        assert!(exposed.contains(&key));
        for text in [&text, &debug] {
            assert!(!text.contains(&key[..16]) && !text.contains(&key[16..32]), "{text}");
        }
        let loaded = matches!(
            step.operation(),
            Operation::BaseKey
                | Operation::GivenInitialKey
                | Operation::TdesInitialKey
                | Operation::AesInitialKey
        );
        assert_eq!(step.check_value().is_some(), loaded);
    }
    let data = explanation.steps().iter().filter(|step| step.check_value().is_none()).count();
    assert_eq!(text.matches("redacted").count(), data);
    assert!(!exposed.contains("redacted"));
}

/// Every usage with one of the key types, `which` and those in turn after it.
fn aes_is_explained<const N: usize>(bdk: &[u8], ksn: &dukpt::aes::Ksn, which: usize)
where
    Aes: BaseKey<N>,
{
    let bdk = dukpt::aes::Bdk::<N>::try_from(&bdk[..N]).unwrap();
    let initial_key = bdk.initial_key(ksn.initial_key_id());
    let transaction = initial_key.transaction_key_lax(ksn).unwrap();
    for (place, &usage) in KeyUsage::ALL.iter().enumerate() {
        let key_type = KeyType::ALL[(which + place) % KeyType::ALL.len()];
        let explained = bdk.explain(ksn, usage, key_type);
        let from_initial = initial_key.explain(ksn, usage, key_type);
        let key = match transaction.working_key(usage, key_type) {
            Ok(key) => key,
            Err(error) => {
                assert_eq!(explained.err(), Some(error));
                assert_eq!(from_initial.err(), Some(error));
                continue;
            }
        };
        for (explained, before) in [(explained.unwrap(), 2), (from_initial.unwrap(), 1)] {
            let steps = explained.steps();
            let bits = usize::try_from(ksn.one_bits()).unwrap();
            assert_eq!(steps.len(), before + bits + 1);
            assert_eq!(steps[before - 1].expose_key(), initial_key.expose_bytes());
            assert_eq!(steps[before + bits - 1].expose_key(), transaction.expose_bytes());
            assert_eq!(steps[before + bits].expose_key(), key.expose_bytes());
            let last = Operation::AesWorkingKey { usage, key_type };
            assert_eq!(steps[before + bits].operation(), last);
            assert_eq!(explained.key_serial_number(), ksn.to_bytes());
            let is_update = ksn.counter() == u32::MAX && usage == KeyUsage::KeyEncryption;
            let expected = if is_update { Ok(()) } else { ksn.check_counter() };
            assert_eq!(explained.check_counter(), expected);
            follows(&explained);
            shows_no_key(&explained);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn tdes_steps_are_the_derivation(bdk in bytes::<16>(), serial in bytes::<10>(), few in any::<bool>()) {
        let mut serial = serial;
        if few {
            serial[8] &= serial[9];
        }
        let ksn = tdes::Ksn::from_bytes(serial);
        let bdk = tdes::Bdk::from_bytes(&bdk);
        let initial_key = bdk.initial_key(ksn.initial_key_id());
        let transaction = initial_key.transaction_key_lax(&ksn).unwrap();
        for (usage, key, after) in [
            (TdesUsage::Pin, *transaction.pin_key().expose_bytes(), 1),
            (TdesUsage::MacRequest, *transaction.mac_request_key().expose_bytes(), 1),
            (TdesUsage::MacResponse, *transaction.mac_response_key().expose_bytes(), 1),
            (TdesUsage::DataRequest, *transaction.data_request_key().expose_bytes(), 2),
            (TdesUsage::DataResponse, *transaction.data_response_key().expose_bytes(), 2),
        ] {
            let from_bdk = bdk.explain(&ksn, usage).unwrap();
            let from_initial = initial_key.explain(&ksn, usage).unwrap();
            for (explained, before) in [(from_bdk, 2), (from_initial, 1)] {
                let steps = explained.steps();
                let bits = usize::try_from(ksn.one_bits()).unwrap();
                assert_eq!(steps.len(), before + bits + after);
                assert_eq!(steps[before - 1].expose_key(), initial_key.expose_bytes());
                assert_eq!(steps[before + bits - 1].expose_key(), transaction.expose_bytes());
                assert_eq!(steps[steps.len() - 1].expose_key(), key);
                assert_eq!(explained.check_counter(), ksn.check_counter());
                follows(&explained);
                shows_no_key(&explained);
            }
        }
    }

    #[test]
    fn aes_steps_are_the_derivation(bdk in bytes::<32>(), id in bytes::<8>(), counter in prop_oneof![any::<u32>(), 0..9u32, Just(u32::MAX)], which in 0..8usize) {
        let ksn = dukpt::aes::Ksn::new(dukpt::aes::InitialKeyId::from_bytes(id), counter);
        aes_is_explained::<16>(&bdk, &ksn, which);
        aes_is_explained::<24>(&bdk, &ksn, which);
        aes_is_explained::<32>(&bdk, &ksn, which);
    }
}

#[test]
fn another_terminal_s_serial_number_is_not_explained() {
    let ksn = tdes::Ksn::from_bytes([1; 10]);
    let key = tdes::InitialKey::from_bytes(&[7; 16], tdes::InitialKeyId::from_bytes([2; 8]));
    assert_eq!(key.explain(&ksn, TdesUsage::Pin).err(), Some(Error::InitialKeyMismatch));
    let ksn = dukpt::aes::Ksn::from_bytes([1; 12]);
    let id = dukpt::aes::InitialKeyId::from_bytes([2; 8]);
    let key = dukpt::aes::InitialKey::<16>::from_bytes(&[7; 16], id);
    let explained = key.explain(&ksn, KeyUsage::Pin, KeyType::Aes128);
    assert_eq!(explained.err(), Some(Error::InitialKeyMismatch));
}

/// Initial and PIN key are those that the supplement of ANSI X9.24-3-2017 prints; the check values were made with Python's
/// cryptography.
#[test]
fn the_supplement_s_example_reads_so() {
    let bdk = dukpt::aes::Bdk::from_bytes(&hex!("FEDCBA9876543210F1F1F1F1F1F1F1F1"));
    let ksn = dukpt::aes::Ksn::from_bytes(hex!("123456789012345600000003"));
    let explained = bdk.explain(&ksn, KeyUsage::Pin, KeyType::Aes128).unwrap();
    assert_eq!(explained.expose().to_string(), include_str!("explain_aes.txt"));
    let ksn = dukpt::aes::Ksn::from_bytes(hex!("12345678901234560001FFFF"));
    let explained = bdk.explain(&ksn, KeyUsage::Pin, KeyType::Aes128).unwrap();
    let second = explained.to_string().lines().nth(1).unwrap().to_owned();
    assert_eq!(second, "for no transaction: the transaction counter has too many one bits");
}
