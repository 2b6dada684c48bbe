//! Derivation by keys that are in a module, and what is told of keys, names and errors.

use aes::{Aes128, Aes192, Aes256};
use cipher::{Block, BlockCipherEncrypt, KeyInit, consts::U16};
use des::{TdesEde2, TdesEde3};
use dukpt::{
    Error,
    aes::{self as by_aes, BaseKey, KeyType, KeyUsage},
    explain::TdesUsage,
    key::{Aes, Tdes},
    mac::{CbcMac, Padding, RetailMac},
    subtle::ConstantTimeEq,
    tdes::{self, KeyForm, KsnLayout},
};

use crate::told::{assert_hidden, assert_told};

/// A module that holds the base key, and its masked form, derives the initial key that the base key does; one that fails, none.
pub(super) fn tdes_in_a_module(bdk: &[u8; 16], id: tdes::InitialKeyId) {
    let expected = tdes::Bdk::from_bytes(bdk).initial_key(id);
    let mut masked = *bdk;
    masked.iter_mut().zip(KeyForm::MASK).for_each(|(byte, mask)| *byte ^= mask);
    let [whole, masked] = [bdk, &masked].map(|key| TdesEde2::new(key.into()));
    let derived = tdes::InitialKey::derive_with(&whole, &masked, id);
    assert!(bool::from(derived.ct_eq(&expected)) && derived.id() == id);
    let asked = tdes::InitialKey::try_derive_with(id, |form, block| {
        let cipher = if form == KeyForm::AsIs { &whole } else { &masked };
        cipher.encrypt_block(block.into());
        Ok::<_, Error>(())
    });
    assert_eq!(asked.unwrap().expose_bytes(), expected.expose_bytes());
    for fails in 0..2 {
        let mut calls = 0;
        let asked = tdes::InitialKey::try_derive_with(id, |_, _| {
            calls += 1;
            if calls > fails { Err(Error::SelfTest) } else { Ok(()) }
        });
        assert_eq!(asked.err(), Some(Error::SelfTest));
    }
    assert_hidden(&derived, "InitialKey");
}

/// The same of AES, and of the first step from an initial key that is in a module.
pub(super) fn aes_in_a_module<const N: usize>(bdk: &[u8], ksn: by_aes::Ksn)
where
    Aes: BaseKey<N>,
{
    match N {
        16 => aes_by::<N, Aes128>(bdk, ksn),
        24 => aes_by::<N, Aes192>(bdk, ksn),
        _ => aes_by::<N, Aes256>(bdk, ksn),
    }
}

fn aes_by<const N: usize, C>(bdk: &[u8], ksn: by_aes::Ksn)
where
    Aes: BaseKey<N>,
    C: KeyInit + BlockCipherEncrypt<BlockSize = U16>,
{
    let id = ksn.initial_key_id();
    let expected = by_aes::Bdk::<N>::try_from(bdk).unwrap().initial_key(id);
    let module = C::new_from_slice(bdk).unwrap();
    let derived = by_aes::InitialKey::<N>::derive_with(&module, id);
    assert!(bool::from(derived.ct_eq(&expected)) && derived.id() == id);
    let by = |cipher: &C, block: &mut [u8; 16]| {
        cipher.encrypt_block(block.into());
        Ok::<_, Error>(())
    };
    let asked = by_aes::InitialKey::<N>::try_derive_with(id, |block| by(&module, block));
    assert_eq!(asked.unwrap().expose_bytes(), expected.expose_bytes());
    let refused = by_aes::InitialKey::<N>::try_derive_with(id, |_| Err(Error::SelfTest));
    assert_eq!(refused.err(), Some(Error::SelfTest));

    let module = C::new_from_slice(expected.expose_bytes()).unwrap();
    let due = expected.transaction_key(&ksn).map(|key| key.expose_bytes().to_vec());
    let derived = by_aes::TransactionKey::<N>::derive_with(&module, &ksn);
    assert_eq!(derived.map(|key| key.expose_bytes().to_vec()), due);
    let asked = by_aes::TransactionKey::<N>::try_derive_with(&ksn, |block| by(&module, block));
    assert_eq!(asked.map(|key| key.expose_bytes().to_vec()), due);
    let refused = by_aes::TransactionKey::<N>::try_derive_with(&ksn, |_| Err(Error::SelfTest));
    assert_eq!(refused.err(), Some(due.err().unwrap_or(Error::SelfTest)));
}

/// The key for an update is that of the highest counter, of a usage and a type.
pub(super) fn update_key<const N: usize>(initial_key: &by_aes::InitialKey<N>)
where
    Aes: BaseKey<N>,
{
    let highest = by_aes::Ksn::new(initial_key.id(), u32::MAX);
    let transaction = initial_key.transaction_key_lax(&highest).unwrap();
    for &key_type in KeyType::ALL {
        let due = transaction.working_key(KeyUsage::KeyEncryption, key_type);
        match (initial_key.update_key(key_type), due) {
            (Ok(key), Ok(due)) => {
                assert_eq!(key.expose_bytes(), due.expose_bytes());
                assert!(bool::from(key.ct_eq(&initial_key.update_key(key_type).unwrap())));
                assert!(format!("{key:?}").bytes().all(|byte| byte.is_ascii_alphanumeric()));
            }
            (key, due) => assert_eq!(key.err(), due.err()),
        }
    }
}

/// A key of a use hands out the cipher and the MACs under its bytes.
pub(super) fn tdes_keys(key: &tdes::TransactionKey, data: &[u8]) {
    let zeros = |cipher: &dyn Fn(&mut Block<TdesEde2>)| {
        let mut block = Block::<TdesEde2>::default();
        cipher(&mut block);
        block
    };
    let pin = key.pin_key();
    let (own, made) = (pin.cipher::<TdesEde2>(), TdesEde2::new(pin.expose_bytes().into()));
    assert_eq!(zeros(&|block| own.encrypt_block(block)), zeros(&|block| made.encrypt_block(block)));
    let mac = key.mac_request_key();
    let bytes = mac.expose_bytes();
    for padding in [Padding::Method1, Padding::Method2] {
        let by_key = mac.cbc_mac(padding).chain(data);
        assert_hidden(&by_key, "CbcMac");
        let due = CbcMac::<TdesEde2>::new(bytes, padding).unwrap().chain(data);
        assert_eq!(by_key.finalize(8).unwrap().as_bytes(), due.finalize(8).unwrap().as_bytes());
        let by_key = mac.retail_mac(padding).chain(data);
        let due = <RetailMac>::new(bytes, padding).unwrap().chain(data);
        assert_eq!(by_key.finalize(8).unwrap().as_bytes(), due.finalize(8).unwrap().as_bytes());
    }
    assert!(bool::from(mac.ct_eq(&key.mac_request_key())));
}

/// The same for AES, and for TDES keys that are derived by AES.
pub(super) fn aes_pin_keys(bdk: &[u8; 16], ksn: by_aes::Ksn) {
    let initial_key = by_aes::Bdk::from_bytes(bdk).initial_key(ksn.initial_key_id());
    let key = initial_key.transaction_key_lax(&ksn).unwrap();
    let chosen = key.working_key(KeyUsage::Pin, KeyType::Tdes3).unwrap();
    let typed: by_aes::PinKey<24, Tdes> = key.derive();
    assert_eq!(typed.expose_bytes()[..], *chosen.expose_bytes());
    let pin: by_aes::PinKey<16, Tdes> = key.derive();
    let (mut one, mut other) = (Block::<TdesEde2>::default(), Block::<TdesEde2>::default());
    pin.cipher::<TdesEde2>().encrypt_block(&mut one);
    TdesEde2::new(pin.expose_bytes().into()).encrypt_block(&mut other);
    assert_eq!(one, other);
    let pin: by_aes::PinKey<24, Tdes> = key.derive();
    pin.cipher::<TdesEde3>().encrypt_block(&mut one);
    TdesEde3::new(pin.expose_bytes().into()).encrypt_block(&mut other);
    assert_eq!(one, other);
}

/// A number of 8 bytes stands behind FFFF; parts of whole hexadecimal digits leave a bit less to the device.
pub(super) fn tdes_layouts(serial: [u8; 10], key_set: u8, device: u8) {
    let [_, _, short @ ..] = serial;
    let ksn = tdes::Ksn::from_8_bytes_with_ffff_in_front(short);
    assert_eq!(ksn.to_bytes(), [&[0xFF, 0xFF], &short[..]].concat()[..]);
    let (key_set, device) = (u32::from(key_set % 16), u32::from(device % 16));
    match KsnLayout::from_hex_digits(key_set, device) {
        Ok(layout) => {
            assert_eq!(
                (layout.key_set_bits(), layout.device_bits()),
                (4 * key_set, 4 * device - 1)
            );
        }
        Err(error) => {
            assert_eq!(
                (error, device == 0 || 4 * (key_set + device) > 60),
                (Error::KsnLayout, true)
            );
        }
    }
}

/// Any text as a name: refused, or the name of what it gives.
pub(super) fn names(text: &str) {
    match text.parse::<KeyType>() {
        Ok(key_type) => assert_eq!(key_type.to_string(), text),
        Err(error) => assert_eq!(error, Error::UnknownKeyType),
    }
    match text.parse::<KeyUsage>() {
        Ok(usage) => assert_eq!(usage.to_string(), text),
        Err(error) => assert_eq!(error, Error::UnknownKeyUsage),
    }
    match text.parse::<TdesUsage>() {
        Ok(usage) => assert_eq!(usage.to_string(), text),
        Err(error) => assert_eq!(error, Error::UnknownKeyUsage),
    }
    for &key_type in KeyType::ALL {
        assert_eq!(key_type.to_string().parse(), Ok(key_type));
    }
    for &usage in KeyUsage::ALL {
        assert_eq!(usage.to_string().parse(), Ok(usage));
    }
    for &usage in TdesUsage::ALL {
        assert_eq!(usage.to_string().parse(), Ok(usage));
    }
}

/// Every error has a name and a line.
pub(super) fn errors() {
    use Error::*;
    let all = [
        KeyLength,
        KsnLength,
        InitialKeyIdLength,
        NotHex,
        KsnLayout,
        KsnPartTooLarge,
        CounterZero,
        TooManyOneBits,
        CounterExhausted,
        CounterReplayed,
        NoInitialKey,
        InitialKeyLoaded,
        CounterPassed,
        SnapshotVersion,
        SnapshotLength,
        SnapshotChecksum,
        SnapshotContent,
        RecordOrder,
        InitialKeyMismatch,
        KeyTypeTooStrong,
        UsageNotAllowed,
        CipherMismatch,
        UnknownKeyType,
        UnknownKeyUsage,
        IvLength,
        DataLength,
        MacLength,
        MacMismatch,
        SelfTest,
    ];
    for error in all {
        assert_told(error.as_str(), &error);
    }
}
