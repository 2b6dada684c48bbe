use aes::{Aes128, Aes192, Aes256};
use cipher::{Block, BlockCipherEncrypt, KeyInit};
use des::{Des, TdesEde2};
use dukpt::{
    aes::{self as aes_dukpt, BaseKey, KeyType, KeyUsage},
    explain::{Explanation, Operation, TdesUsage},
    key::Aes,
    tdes,
};

use crate::choices::{Choices, hex};

/// Every step that is told gives its key by ciphers alone, from the key before and the data that it shows; the last gives
/// the working key, and the text shows no key.
///
/// Choices: `[u8; 32]` base key, `u8` TDES or the size of the AES key, `u8` whether it starts from the base key, `u8` usage,
/// `u8` AES key type; then 10 or 12 bytes of key serial number.
pub fn dukpt_explain(data: &[u8]) {
    let mut choices = Choices::new(data);
    let bdk: [u8; 32] = choices.array();
    match choices.u8() % 4 {
        0 => of_tdes(&bdk, choices),
        1 => of_aes::<16>(&bdk, choices),
        2 => of_aes::<24>(&bdk, choices),
        _ => of_aes::<32>(&bdk, choices),
    }
}

fn of_tdes(bdk: &[u8], mut choices: Choices<'_>) {
    let from_base = choices.one_of(&[true, false]);
    let usage = choices.one_of(TdesUsage::ALL);
    choices.u8();
    let ksn = tdes::Ksn::from_bytes(choices.array());
    let bdk = tdes::Bdk::try_from(&bdk[..16]).unwrap();
    let initial_key = bdk.initial_key(ksn.initial_key_id());
    let transaction = initial_key.transaction_key_lax(&ksn).unwrap();
    let key = match usage {
        TdesUsage::Pin => *transaction.pin_key().expose_bytes(),
        TdesUsage::MacRequest => *transaction.mac_request_key().expose_bytes(),
        TdesUsage::MacResponse => *transaction.mac_response_key().expose_bytes(),
        TdesUsage::DataRequest => *transaction.data_request_key().expose_bytes(),
        TdesUsage::DataResponse => *transaction.data_response_key().expose_bytes(),
        other => panic!("{other}"),
    };
    let explained =
        if from_base { bdk.explain(&ksn, usage) } else { initial_key.explain(&ksn, usage) };
    holds(&explained.unwrap(), from_base, &ksn.to_bytes(), ksn.counter(), &key);
}

fn of_aes<const N: usize>(bdk: &[u8], mut choices: Choices<'_>)
where
    Aes: BaseKey<N>,
{
    let from_base = choices.one_of(&[true, false]);
    let usage = choices.one_of(KeyUsage::ALL);
    let key_type = choices.one_of(KeyType::ALL);
    let ksn = aes_dukpt::Ksn::from_bytes(choices.array());
    let bdk = aes_dukpt::Bdk::<N>::try_from(&bdk[..N]).unwrap();
    let initial_key = bdk.initial_key(ksn.initial_key_id());
    let transaction = initial_key.transaction_key_lax(&ksn).unwrap();
    let explained = if from_base {
        bdk.explain(&ksn, usage, key_type)
    } else {
        initial_key.explain(&ksn, usage, key_type)
    };
    match (explained, transaction.working_key(usage, key_type)) {
        (Ok(explained), Ok(key)) => {
            let serial = ksn.to_bytes();
            holds(&explained, from_base, &serial, ksn.counter(), key.expose_bytes());
        }
        (explained, key) => {
            assert!(explained.is_err());
            assert_eq!(explained.err(), key.err());
        }
    }
}

fn holds(explained: &Explanation, from_base: bool, serial: &[u8], counter: u32, key: &[u8]) {
    assert_eq!(explained.key_serial_number(), serial);
    let most = if serial.len() == 10 { 10 } else { 16 };
    // The key for an update has a counter of its own.
    if counter != u32::MAX {
        assert_eq!(explained.check_counter().err(), super::refusal(counter, most));
    }
    assert!(!format!("{explained:?}").is_empty());
    let (shown, exposed) = (explained.to_string(), explained.expose().to_string());
    let mut before: Vec<u8> = Vec::new();
    let mut so_far = 0_u32;
    for (place, step) in explained.steps().iter().enumerate() {
        let data = step.data();
        let mut bit_of = |bit: u32, counter: u32| {
            assert!(so_far.trailing_zeros() > bit);
            so_far |= 1 << bit;
            assert_eq!(counter, so_far);
        };
        let expected = match step.operation() {
            Operation::BaseKey => {
                assert!(place == 0 && from_base);
                step.expose_key().to_vec()
            }
            Operation::GivenInitialKey => {
                assert!(place == 0 && !from_base);
                step.expose_key().to_vec()
            }
            Operation::TdesInitialKey => {
                let under = |key: &[u8]| enciphered::<TdesEde2>(key, data);
                [under(&before), under(&second_form(&before))].concat()
            }
            Operation::TdesCounterBit { bit, counter } => {
                bit_of(bit, counter);
                [half(&second_form(&before), data), half(&before, data)].concat()
            }
            Operation::TdesVariant(_) => xor(&before, data),
            Operation::TdesSelfEncryption(_) => {
                before.chunks(8).flat_map(|half| enciphered::<TdesEde2>(&before, half)).collect()
            }
            Operation::AesCounterBit { bit, counter } => {
                bit_of(bit, counter);
                by_aes(&before, data)
            }
            Operation::AesInitialKey | Operation::AesWorkingKey { .. } => by_aes(&before, data),
            other => panic!("{other:?}"),
        };
        let found = step.expose_key();
        assert_eq!(found, &expected[..found.len()], "step {place}");
        before = found.to_vec();

        let digits = hex(found);
        assert!(exposed.contains(&digits));
        // A base key may be what a mask is.
        if explained.steps().iter().all(|step| step.data() != found) {
            assert!(!shown.contains(&digits), "{shown}");
        }
    }
    assert_eq!((so_far, &before[..]), (counter, key));
}

fn second_form(key: &[u8]) -> Vec<u8> {
    let mask = 0xC0C0_C0C0_0000_0000_C0C0_C0C0_0000_0000_u128.to_be_bytes();
    xor(key, &mask)
}

fn half(key: &[u8], register: &[u8]) -> Vec<u8> {
    let (left, right) = key.split_at(8);
    xor(&enciphered::<Des>(left, &xor(register, right)), right)
}

fn xor(one: &[u8], other: &[u8]) -> Vec<u8> {
    assert_eq!(one.len(), other.len());
    one.iter().zip(other).map(|(a, b)| a ^ b).collect()
}

fn by_aes(key: &[u8], data: &[u8]) -> Vec<u8> {
    let encipher = match key.len() {
        16 => enciphered::<Aes128>,
        24 => enciphered::<Aes192>,
        _ => enciphered::<Aes256>,
    };
    data.chunks(16).flat_map(|block| encipher(key, block)).collect()
}

fn enciphered<C: KeyInit + BlockCipherEncrypt>(key: &[u8], block: &[u8]) -> Vec<u8> {
    let mut block = Block::<C>::try_from(block).unwrap();
    C::new_from_slice(key).unwrap().encrypt_block(&mut block);
    block.to_vec()
}
