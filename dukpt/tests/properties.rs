//! What holds for every key, counter and message; every derivation and MAC against its slow twin.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    reason = "a test says what it expects by panicking"
)]

mod oracle {
    pub(crate) mod aes_dukpt;
    pub(crate) mod mac;
    pub(crate) mod tdes_dukpt;
}

use cipher::{BlockCipherEncrypt, KeyInit};
use dukpt::aes::{self, BaseKey};
use dukpt::key::Aes;
use dukpt::mac::{
    Authenticator, BitPadding, CbcMac, Cmac, Padded, Padding, RetailMac, UnionPayMac, ZeroPadding,
};
use dukpt::{Error, tdes};
use hmac::digest::FixedOutputReset;
use hmac::{Hmac, Mac};
use oracle::{aes_dukpt, mac, tdes_dukpt};
use proptest::prelude::*;
use sha2::{Sha256, Sha512};
use zeroize::ZeroizeOnDrop;

fn bytes<const N: usize>() -> impl Strategy<Value = [u8; N]> {
    proptest::collection::vec(any::<u8>(), N).prop_map(|v| v.try_into().unwrap())
}

fn data() -> impl Strategy<Value = Vec<u8>> {
    proptest::collection::vec(any::<u8>(), 0..100)
}

/// Counters of few one bits and of many.
fn counter() -> impl Strategy<Value = u32> {
    prop_oneof![
        any::<u32>(),
        (any::<u32>(), any::<u32>()).prop_map(|(a, b)| a & b),
        (any::<u32>(), any::<u32>()).prop_map(|(a, b)| a | b),
        0..=8u32,
        Just(u32::MAX),
    ]
}

fn padding(method: u8, data: &[u8]) -> Padding {
    match method {
        1 => Padding::Method1,
        2 => Padding::Method2,
        _ => Padding::Method3 { data_len: data.len() as u64 },
    }
}

fn encipher<C: KeyInit + BlockCipherEncrypt>(key: &[u8]) -> impl Fn(&[u8]) -> Vec<u8> {
    let cipher = C::new_from_slice(key).unwrap();
    move |block| {
        let mut block = cipher::Block::<C>::try_from(block).unwrap();
        cipher.encrypt_block(&mut block);
        block.to_vec()
    }
}

/// Whether a MAC made in one piece, in two at every split, and byte by byte, is `expected`.
macro_rules! incremental {
    ($begin:expr, $data:expr, $expected:expr) => {{
        let len = $expected.len();
        for at in 0..=$data.len() {
            let (a, b) = $data.split_at(at);
            let tag = $begin.chain(a).chain(b).finalize(len).unwrap();
            assert_eq!(tag.as_bytes(), &$expected[..], "split at {}", at);
        }
        let mut single = $begin;
        for byte in $data {
            single.update(&[*byte]);
        }
        assert_eq!(single.finalize(len).unwrap().as_bytes(), &$expected[..]);
    }};
}

/// The same of UnionPay's MAC, which has one length.
macro_rules! unionpay_incremental {
    ($begin:expr, $data:expr, $expected:expr) => {{
        for at in 0..=$data.len() {
            let (a, b) = $data.split_at(at);
            assert_eq!($begin.chain(a).chain(b).finalize().as_bytes(), $expected.as_bytes());
        }
        let mut single = $begin;
        $data.iter().for_each(|byte| single.update(&[*byte]));
        assert_eq!(single.verify($expected.as_bytes()), Ok(()));
    }};
}

/// Whether a MAC by RustCrypto's trait, also after it was reset, is the one by the methods of its own.
macro_rules! by_trait {
    ($mac:ty, $key:expr, $data:expr, $other:expr, $padding:expr) => {
        by_trait!($mac, $key, $data, $other, |key| <$mac as Inherent>::begin(key, $padding), ())
    };
    ($mac:ty, $key:expr, $data:expr, $other:expr) => {
        by_trait!($mac, $key, $data, $other, |key| <$mac>::new(key).unwrap(), ())
    };
    ($mac:ty, $key:expr, $data:expr, $other:expr, $begin:expr, ()) => {{
        let begin = $begin;
        let expected = begin($key).chain($data).finalize(8).unwrap();
        let by_trait = || <$mac as KeyInit>::new_from_slice($key).unwrap();
        let mut mac = Mac::chain_update(by_trait(), $other);
        Mac::reset(&mut mac);
        Mac::update(&mut mac, $data);
        let output = mac.finalize_fixed_reset();
        assert_eq!(&output[..8], expected.as_bytes());
        let again = Mac::chain_update(mac, $data);
        assert!(Mac::verify_slice(again, &output).is_ok());
        let authenticator = Authenticator::<$mac>::new($key).unwrap().chain($data);
        assert_eq!(authenticator.verify(expected.as_bytes(), 8), Ok(()));
        assert_eq!(
            Authenticator::<$mac>::new($key).unwrap().finalize(3).err(),
            Some(Error::MacLength)
        );
    }};
}

/// The MAC inside a [`Padded`].
trait Inherent {
    type Mac;

    fn begin(key: &[u8], padding: Padding) -> Self::Mac;
}

impl<C: KeyInit + BlockCipherEncrypt + ZeroizeOnDrop, P> Inherent for Padded<CbcMac<C>, P> {
    type Mac = CbcMac<C>;

    fn begin(key: &[u8], padding: Padding) -> Self::Mac {
        CbcMac::new(key, padding).unwrap()
    }
}

impl<P> Inherent for Padded<RetailMac, P> {
    type Mac = RetailMac;

    fn begin(key: &[u8], padding: Padding) -> Self::Mac {
        RetailMac::new(key, padding).unwrap()
    }
}

/// Whether a MAC is the one of another crate.
macro_rules! same_as {
    ($theirs:ty, $ours:expr, $key:expr, $data:expr) => {{
        let theirs = <$theirs as KeyInit>::new_from_slice($key).unwrap().chain_update($data);
        let theirs = theirs.finalize().into_bytes();
        assert_eq!($ours.unwrap().chain($data).verify(&theirs, theirs.len()), Ok(()));
    }};
}

fn aes_matches<const N: usize>(bdk: &[u8], id: [u8; 8], counter: u32)
where
    Aes: BaseKey<N>,
{
    let bdk = &bdk[..N];
    let id_of = aes::InitialKeyId::from_bytes(id);
    let initial_key = aes::Bdk::<N>::try_from(bdk).unwrap().initial_key(id_of);
    let slow_initial = aes_dukpt::initial_key(bdk, id);
    assert_eq!(&initial_key.expose_bytes()[..], &slow_initial);

    let ksn = aes::Ksn::new(id_of, counter);
    let transaction = initial_key.transaction_key_lax(&ksn).unwrap();
    let slow_transaction = aes_dukpt::transaction_key(&slow_initial, id, counter);
    assert_eq!(&transaction.expose_bytes()[..], &slow_transaction);
    let expected = match counter.count_ones() {
        0 => Some(Error::CounterZero),
        1..=16 => None,
        _ => Some(Error::TooManyOneBits),
    };
    assert_eq!(initial_key.transaction_key(&ksn).err(), expected);

    for (usage, code) in aes_dukpt::USAGES {
        for key_type in aes_dukpt::KEY_TYPES {
            let (name, algorithm, bits) = key_type;
            let key = transaction.working_key(usage.parse().unwrap(), name.parse().unwrap());
            let strength = if algorithm < 2 { 112 } else { bits };
            let has = match algorithm {
                0 | 1 => usage != "KEYDER",
                5 => usage.starts_with("MAC_") || usage == "KEK",
                _ => true,
            };
            if strength > N * 8 {
                assert_eq!(key.unwrap_err(), Error::KeyTypeTooStrong);
            } else if !has {
                assert_eq!(key.unwrap_err(), Error::UsageNotAllowed);
            } else {
                let slow = aes_dukpt::working_key(&slow_transaction, code, key_type, id, counter);
                assert_eq!(key.unwrap().expose_bytes(), &slow[..], "{} {}", usage, name);
            }
        }
    }

    let own = |code| {
        let key_type = aes_dukpt::KEY_TYPES.into_iter().find(|t| t.1 == (N / 8) as u8).unwrap();
        aes_dukpt::working_key(&slow_transaction, code, key_type, id, counter)
    };
    assert_eq!(&transaction.key_encryption_key().expose_bytes()[..], own([0, 2]));
    assert_eq!(&transaction.pin_key().expose_bytes()[..], own([0x10, 0]));
    assert_eq!(&transaction.mac_generation_key().expose_bytes()[..], own([0x20, 0]));
    assert_eq!(&transaction.mac_verification_key().expose_bytes()[..], own([0x20, 1]));
    assert_eq!(&transaction.mac_both_key().expose_bytes()[..], own([0x20, 2]));
    assert_eq!(&transaction.data_encryption_key().expose_bytes()[..], own([0x30, 0]));
    assert_eq!(&transaction.data_decryption_key().expose_bytes()[..], own([0x30, 1]));
    assert_eq!(&transaction.data_both_key().expose_bytes()[..], own([0x30, 2]));
    assert_eq!(&transaction.key_derivation_key().expose_bytes()[..], own([0x80, 0]));
}

/// Up by one, down by one, again, or to anywhere.
fn moved(counter: u32, jump: u32, by: u8) -> u32 {
    match by {
        0 => counter.wrapping_add(1),
        1 => counter.wrapping_sub(1),
        2 => counter,
        _ => jump,
    }
}

fn aes_cache_matches<const N: usize>(key: &[u8], id: [u8; 8], moves: &[(u32, u8)])
where
    Aes: BaseKey<N>,
{
    let id = aes::InitialKeyId::from_bytes(id);
    let initial_key = aes::InitialKey::<N>::try_from((key, id)).unwrap();
    let mut cache = aes::KeyCache::new(&initial_key);
    let mut last = 0;
    for &(jump, by) in moves {
        last = moved(last, jump, by);
        let ksn = aes::Ksn::new(id, last);
        let (found, expected) = (cache.transaction_key(&ksn), initial_key.transaction_key(&ksn));
        assert_eq!(found.as_ref().err(), expected.as_ref().err());
        let bytes =
            |key: Result<aes::TransactionKey<N>, Error>| key.ok().map(|key| *key.expose_bytes());
        assert_eq!(bytes(found), bytes(expected));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn tdes_keys_match_the_slow_twin(bdk in bytes::<16>(), serial in bytes::<10>(), counter in counter()) {
        let mut serial = serial;
        let low = counter.to_be_bytes();
        serial[7] = serial[7] & 0xE0 | low[1] & 0x1F;
        serial[8..].copy_from_slice(&low[2..]);
        let ksn = tdes::Ksn::from_bytes(serial);
        assert_eq!(ksn.counter(), counter & 0x1F_FFFF);

        let initial_key = tdes::Bdk::from_bytes(&bdk).initial_key(ksn.initial_key_id());
        let slow_initial = tdes_dukpt::initial_key(&bdk, &serial);
        assert_eq!(&initial_key.expose_bytes()[..], &slow_initial);
        let key = initial_key.transaction_key_lax(&ksn).unwrap();
        let slow = tdes_dukpt::transaction_key(&slow_initial, &serial);
        assert_eq!(&key.expose_bytes()[..], &slow);
        let expected = match ksn.one_bits() {
            0 => Some(Error::CounterZero),
            1..=10 => None,
            _ => Some(Error::TooManyOneBits),
        };
        assert_eq!(initial_key.transaction_key(&ksn).err(), expected);

        let variant = |byte| tdes_dukpt::variant(&slow, byte);
        assert_eq!(&key.pin_key().expose_bytes()[..], variant(7));
        assert_eq!(&key.mac_request_key().expose_bytes()[..], variant(6));
        assert_eq!(&key.mac_response_key().expose_bytes()[..], variant(4));
        let plain = key.data_request_key_without_self_encryption();
        assert_eq!(&plain.expose_bytes()[..], variant(5));
        let plain = key.data_response_key_without_self_encryption();
        assert_eq!(&plain.expose_bytes()[..], variant(3));
        let data = key.data_request_key();
        assert_eq!(&data.expose_bytes()[..], tdes_dukpt::under_itself(&variant(5)));
        let data = key.data_response_key();
        assert_eq!(&data.expose_bytes()[..], tdes_dukpt::under_itself(&variant(3)));
    }

    #[test]
    fn aes_keys_match_the_slow_twin(bdk in bytes::<32>(), id in bytes::<8>(), counter in counter()) {
        aes_matches::<16>(&bdk, id, counter);
        aes_matches::<24>(&bdk, id, counter);
        aes_matches::<32>(&bdk, id, counter);
    }

    #[test]
    fn a_cache_gives_what_the_whole_walk_gives(
        key in bytes::<32>(),
        id in bytes::<8>(),
        moves in proptest::collection::vec((counter(), 0..4_u8), 1..40),
    ) {
        aes_cache_matches::<16>(&key[..16], id, &moves);
        aes_cache_matches::<24>(&key[..24], id, &moves);
        aes_cache_matches::<32>(&key, id, &moves);

        let id = tdes::InitialKeyId::from_bytes(id);
        let initial_key = tdes::InitialKey::try_from((&key[..16], id)).unwrap();
        let mut cache = tdes::KeyCache::new(&initial_key);
        let mut last = 0;
        for (jump, by) in moves {
            last = moved(last, jump, by) & 0x1F_FFFF;
            let ksn = tdes::Ksn::new(id, last).unwrap();
            let (found, expected) = (cache.transaction_key(&ksn), initial_key.transaction_key(&ksn));
            assert_eq!(found.as_ref().err(), expected.as_ref().err());
            let bytes = |key: Result<tdes::TransactionKey, Error>| key.ok().map(|key| *key.expose_bytes());
            assert_eq!(bytes(found), bytes(expected));
        }
    }

    #[test]
    fn typed_keys_of_another_type_are_the_run_time_ones(key in bytes::<32>(), ksn in bytes::<12>()) {
        let ksn = aes::Ksn::from_bytes(ksn);
        let initial_key = aes::InitialKey::<32>::from_bytes(&key, ksn.initial_key_id());
        let transaction = initial_key.transaction_key_lax(&ksn).unwrap();
        macro_rules! same {
            ($($key:ty, $usage:literal, $key_type:literal;)+) => {$(
                let typed: $key = transaction.derive();
                let usage = $usage.parse().unwrap();
                let untyped = transaction.working_key(usage, $key_type.parse().unwrap()).unwrap();
                assert_eq!(&typed.expose_bytes()[..], untyped.expose_bytes());
            )+};
        }
        same! {
            aes::PinKey<16, aes::Tdes>, "PIN", "TDES2";
            aes::DataBothKey<24, aes::Tdes>, "DATA_BOTH", "TDES3";
            aes::PinKey<16>, "PIN", "AES128";
            aes::MacBothKey<24>, "MAC_BOTH", "AES192";
            aes::KeyDerivationKey<32>, "KEYDER", "AES256";
            aes::MacGenerationKey<16, aes::Hmac>, "MAC_GEN", "HMAC128";
            aes::MacVerificationKey<24, aes::Hmac>, "MAC_VER", "HMAC192";
            aes::KeyEncryptionKey<32, aes::Hmac>, "KEK", "HMAC256";
        }
    }

    #[test]
    fn an_initial_key_refuses_another_terminals_counter(bdk in bytes::<16>(), serial in bytes::<12>(), byte in 0usize..8, change in 1u8..) {
        let ksn = aes::Ksn::from_bytes(serial);
        let mut other = serial;
        other[byte] ^= change;
        let initial_key = aes::Bdk::from_bytes(&bdk).initial_key(ksn.initial_key_id());
        let other = aes::Ksn::from_bytes(other);
        assert_eq!(initial_key.transaction_key_lax(&other).unwrap_err(), Error::InitialKeyMismatch);
        let loaded = aes::InitialKey::from_bytes(initial_key.expose_bytes(), ksn.initial_key_id());
        assert_eq!(loaded.transaction_key_lax(&other).unwrap_err(), Error::InitialKeyMismatch);
        assert_eq!((loaded.id(), initial_key.id()), (ksn.initial_key_id(), ksn.initial_key_id()));

        let ksn = tdes::Ksn::try_from(&serial[..10]).unwrap();
        let mut other = serial;
        other[byte] ^= if byte == 7 { change | 0x20 } else { change };
        let initial_key = tdes::Bdk::from_bytes(&bdk).initial_key(ksn.initial_key_id());
        let other = tdes::Ksn::try_from(&other[..10]).unwrap();
        assert_eq!(initial_key.transaction_key_lax(&other).unwrap_err(), Error::InitialKeyMismatch);
        let loaded = tdes::InitialKey::from_bytes(initial_key.expose_bytes(), ksn.initial_key_id());
        assert_eq!(loaded.transaction_key_lax(&other).unwrap_err(), Error::InitialKeyMismatch);
        assert_eq!((loaded.id(), initial_key.id()), (ksn.initial_key_id(), ksn.initial_key_id()));
    }

    #[test]
    fn cbc_macs_match_the_slow_twin_at_every_split(key in bytes::<32>(), data in data(), method in 1u8..=3) {
        let padding = padding(method, &data);
        let (padded8, padded16) = (mac::pad(method, &data, 8), mac::pad(method, &data, 16));

        let slow = mac::cbc(|block| tdes_dukpt::des(&key[..8], block), &padded8, 8);
        incremental!(CbcMac::<des::Des>::new(&key[..8], padding).unwrap(), &data, slow);
        let slow = mac::cbc(|block| aes_dukpt::aes(&key[..16], block), &padded16, 16);
        incremental!(CbcMac::<::aes::Aes128>::new(&key[..16], padding).unwrap(), &data, slow);
        let slow = mac::cbc(encipher::<sm4::Sm4>(&key[..16]), &padded16, 16);
        incremental!(CbcMac::<sm4::Sm4>::new(&key[..16], padding).unwrap(), &data, slow);

        let tdes_key = tdes::MacRequestKey::try_from(&key[..16]).unwrap();
        let slow = mac::cbc(|block| tdes_dukpt::tdes(&key[..16], block), &padded8, 8);
        incremental!(tdes_key.cbc_mac(padding), &data, slow);
    }

    #[test]
    fn retail_macs_match_the_slow_twin_at_every_split(key in bytes::<32>(), data in data(), method in 1u8..=3) {
        let padding = padding(method, &data);
        let chain = mac::cbc(|block| tdes_dukpt::des(&key[..8], block), &mac::pad(method, &data, 8), 8);
        let slow = tdes_dukpt::des(&key[..8], &tdes_dukpt::des_inverse(&key[8..16], &chain));
        incremental!(RetailMac::new(&key[..16], padding).unwrap(), &data, slow);
        let tdes_key = tdes::MacResponseKey::try_from(&key[..16]).unwrap();
        incremental!(tdes_key.retail_mac(padding), &data, slow);

        // Algorithm 3 over another cipher; under one key twice it is algorithm 1.
        let cipher = |key: &[u8]| ::aes::Aes128::new_from_slice(key).unwrap();
        let same = RetailMac::with_ciphers(cipher(&key[..16]), cipher(&key[..16]), padding);
        let first = CbcMac::with_cipher(cipher(&key[..16]), padding);
        let tag = first.chain(&data).finalize(16).unwrap();
        assert_eq!(same.chain(&data).verify(tag.as_bytes(), 16), Ok(()));
    }

    #[test]
    fn cmacs_match_the_slow_twin_at_every_split(key in bytes::<32>(), data in data()) {
        let slow = mac::cmac(|block| aes_dukpt::aes(&key, block), &data, 16);
        incremental!(Cmac::<::aes::Aes256>::new(&key).unwrap(), &data, slow);
        incremental!(aes::MacGenerationKey::<32>::from_bytes(&key).cmac(), &data, slow);
        let slow = mac::cmac(|block| tdes_dukpt::tdes(&key[..16], block), &data, 8);
        incremental!(tdes::MacRequestKey::try_from(&key[..16]).unwrap().cmac(), &data, slow);
        let slow = mac::cmac(encipher::<sm4::Sm4>(&key[..16]), &data, 16);
        incremental!(Cmac::<sm4::Sm4>::new(&key[..16]).unwrap(), &data, slow);
    }

    #[test]
    fn unionpay_macs_match_the_slow_twin_at_every_split(key in bytes::<24>(), data in data()) {
        let slow = mac::unionpay(|block| tdes_dukpt::des(&key[..8], block), &data, 8);
        unionpay_incremental!(UnionPayMac::<des::Des>::new(&key[..8]).unwrap(), &data, slow);
        let slow = mac::unionpay(|block| tdes_dukpt::tdes(&key[..16], block), &data, 8);
        unionpay_incremental!(UnionPayMac::<des::TdesEde2>::new(&key[..16]).unwrap(), &data, slow);
        let slow = mac::unionpay(encipher::<sm4::Sm4>(&key[..16]), &data, 16);
        unionpay_incremental!(UnionPayMac::<sm4::Sm4>::new_unverified(&key[..16]).unwrap(), &data, slow);
    }

    #[test]
    fn macs_by_rustcryptos_trait_are_the_same_and_begin_anew(key in bytes::<32>(), data in data(), other in data()) {
        by_trait!(Cmac<::aes::Aes128Enc>, &key[..16], &data, &other);
        by_trait!(Cmac<des::TdesEde3>, &key[..24], &data, &other);
        by_trait!(Padded<CbcMac<::aes::Aes128>, BitPadding>, &key[..16], &data, &other, Padding::Method2);
        by_trait!(Padded<CbcMac<des::Des>, ZeroPadding>, &key[..8], &data, &other, Padding::Method1);
        by_trait!(Padded<RetailMac, BitPadding>, &key[..16], &data, &other, Padding::Method2);
        by_trait!(Padded<RetailMac, ZeroPadding>, &key[..16], &data, &other, Padding::Method1);

        let ciphers = || [&key[..16], &key[16..]].map(|key| ::aes::Aes128::new_from_slice(key).unwrap());
        let [first, second] = ciphers();
        let padded = Padded::<RetailMac<_>, BitPadding>::with_ciphers(first, second);
        let [first, second] = ciphers();
        let inherent = RetailMac::with_ciphers(first, second, Padding::Method2).chain(&data).finalize(16).unwrap();
        assert_eq!(&padded.chain_update(&data).finalize().into_bytes()[..], inherent.as_bytes());

        let begin = || UnionPayMac::<des::Des>::new(&key[..8]).unwrap();
        let mut unionpay = begin().chain(&other);
        Mac::reset(&mut unionpay);
        unionpay.update(&data);
        assert_eq!(&unionpay.finalize_fixed_reset()[..], begin().chain(&data).finalize().as_bytes());
        assert_eq!(&Mac::finalize(unionpay).into_bytes()[..], begin().finalize().as_bytes());
    }

    #[test]
    fn macs_are_those_of_other_crates(key in bytes::<32>(), data in data()) {
        same_as!(cmac::Cmac::<::aes::Aes128>, Cmac::<::aes::Aes128Enc>::new(&key[..16]), &key[..16], &data);
        same_as!(cmac::Cmac::<::aes::Aes192>, Cmac::<::aes::Aes192>::new(&key[..24]), &key[..24], &data);
        same_as!(cmac::Cmac::<::aes::Aes256>, Cmac::<::aes::Aes256Enc>::new(&key), &key, &data);
        same_as!(cmac::Cmac::<des::TdesEde2>, Cmac::<des::TdesEde2>::new(&key[..16]), &key[..16], &data);
        same_as!(cmac::Cmac::<des::TdesEde3>, Cmac::<des::TdesEde3>::new(&key[..24]), &key[..24], &data);
        same_as!(cmac::Cmac::<sm4::Sm4>, Cmac::<sm4::Sm4>::new(&key[..16]), &key[..16], &data);
        // Those crates know padding 1 only, and chain no block where there is no data.
        if !data.is_empty() {
            let padding = Padding::Method1;
            same_as!(cbc_mac::CbcMac::<des::Des>, CbcMac::x9_9(&key[..8]), &key[..8], &data);
            same_as!(cbc_mac::CbcMac::<des::TdesEde2>, CbcMac::<des::TdesEde2>::new(&key[..16], padding), &key[..16], &data);
            same_as!(cbc_mac::CbcMac::<::aes::Aes128>, CbcMac::<::aes::Aes128>::new(&key[..16], padding), &key[..16], &data);
            same_as!(retail_mac::RetailMac::<des::Des>, RetailMac::x9_19(&key[..16]), &key[..16], &data);
        }
    }

    #[test]
    fn a_changed_message_does_not_verify(key in bytes::<16>(), data in proptest::collection::vec(any::<u8>(), 1..60), change in 1u8.., len in 4usize..=8) {
        let key = tdes::MacRequestKey::from_bytes(&key);
        let padding = Padding::Method2;
        let retail = key.retail_mac(padding).chain(&data).finalize(len).unwrap();
        let cmac = key.cmac().chain(&data).finalize(len).unwrap();
        for at in 0..data.len() {
            let mut other = data.clone();
            other[at] ^= change;
            let verified = key.retail_mac(padding).chain(&other).verify(retail.as_bytes(), len);
            assert_eq!(verified, Err(Error::MacMismatch));
            let verified = key.cmac().chain(&other).verify(cmac.as_bytes(), len);
            assert_eq!(verified, Err(Error::MacMismatch));
            let verified = key.cmac().chain(&data[..at]).verify(cmac.as_bytes(), len);
            assert_eq!(verified, Err(Error::MacMismatch));
        }
    }

    #[test]
    fn macs_of_other_lengths_are_refused(key in bytes::<16>(), data in data(), mac_len in 0usize..20, len in 0usize..20) {
        let key = tdes::MacRequestKey::from_bytes(&key);
        let mut mac = key.cmac().chain(&data).finalize(8).unwrap().as_bytes().to_vec();
        mac.resize(mac_len, 0);
        let expected = match len {
            4..=8 if mac_len == len => Ok(()),
            4..=8 => Err(Error::MacMismatch),
            _ => Err(Error::MacLength),
        };
        assert_eq!(key.cmac().chain(&data).verify(&mac, len), expected);
        let mut mac = key.retail_mac(Padding::Method1).chain(&data).finalize(8).unwrap().as_bytes().to_vec();
        mac.resize(mac_len, 0);
        assert_eq!(key.retail_mac(Padding::Method1).chain(&data).verify(&mac, len), expected);
    }

    #[test]
    fn data_that_is_not_as_long_as_announced_has_no_mac(key in bytes::<16>(), data in data(), announced in prop_oneof![any::<u64>(), 0..100u64]) {
        let padding = Padding::Method3 { data_len: announced };
        let expected = if announced == data.len() as u64 { None } else { Some(Error::DataLength) };
        let retail = RetailMac::new(&key, padding).unwrap().chain(&data);
        assert_eq!(retail.finalize(8).err(), expected);
        let cbc = CbcMac::<::aes::Aes128>::new(&key, padding).unwrap().chain(&data);
        assert_eq!(cbc.verify(&[0; 8], 8).err(), expected.or(Some(Error::MacMismatch)));
    }

    #[test]
    fn cbc_matches_the_slow_twin_and_comes_back(key in bytes::<16>(), iv in bytes::<16>(), data in data()) {
        let tdes_key = tdes::DataRequestKey::from_bytes(&key);
        let iv8: [u8; 8] = iv[..8].try_into().unwrap();
        let whole = &data[..data.len() / 8 * 8];
        let mut buffer = whole.to_vec();
        tdes_key.encrypt_cbc(&iv8, &mut buffer).unwrap();
        let mut previous = iv8.to_vec();
        for (clear, enciphered) in whole.chunks(8).zip(buffer.chunks(8)) {
            previous = tdes_dukpt::tdes(&key, &tdes_dukpt::xor(&previous, clear));
            assert_eq!(&previous[..], enciphered);
        }
        tdes_key.decrypt_cbc(&iv8, &mut buffer).unwrap();
        assert_eq!(&buffer, whole);

        let aes_key = aes::DataBothKey::<16>::from_bytes(&key);
        let mut buffer = data.clone();
        if data.len().is_multiple_of(16) {
            aes_key.encrypt_cbc(&iv, &mut buffer).unwrap();
            aes_key.decrypt_cbc(&iv, &mut buffer).unwrap();
        } else {
            assert_eq!(aes_key.encrypt_cbc(&iv, &mut buffer), Err(Error::DataLength));
            assert_eq!(aes_key.decrypt_cbc(&iv, &mut buffer), Err(Error::DataLength));
        }
        assert_eq!(buffer, data);
    }

    #[test]
    fn hmac_keys_are_filled_up_as_the_hash_wants_it(key in bytes::<32>(), data in data()) {
        macro_rules! same {
            ($($len:literal)+) => {$(
                let typed = aes::MacBothKey::<$len, aes::Hmac>::try_from(&key[..$len]).unwrap();
                let plain = Authenticator::<Hmac<Sha256>>::new(&key[..$len]).unwrap();
                let tag = plain.chain(&data).finalize(32).unwrap();
                typed.hmac::<Sha256>().chain(&data).verify(tag.as_bytes(), 32).unwrap();
                let plain = Authenticator::<Hmac<Sha512>>::new(&key[..$len]).unwrap();
                let tag = plain.chain(&data).finalize(64).unwrap();
                typed.hmac::<Sha512>().chain(&data).verify(tag.as_bytes(), 64).unwrap();
            )+};
        }
        same!(16 24 32);
    }

    #[test]
    fn keys_and_serial_numbers_come_in_their_length_alone(bytes in proptest::collection::vec(any::<u8>(), 0..40)) {
        let input = &bytes[..];
        let len = input.len();
        assert_eq!(tdes::Ksn::try_from(input).is_ok(), len == 10);
        assert_eq!(aes::Ksn::try_from(input).is_ok(), len == 12);
        assert_eq!(tdes::Bdk::try_from(input).is_ok(), len == 16);
        assert_eq!(aes::Bdk::<24>::try_from(input).is_ok(), len == 24);
        let id = aes::InitialKeyId::from_bytes([7; 8]);
        assert_eq!(aes::InitialKey::<32>::try_from((input, id)).err(), (len != 32).then_some(Error::KeyLength));
        let id = tdes::InitialKeyId::from_bytes([7; 8]);
        assert_eq!(tdes::InitialKey::try_from((input, id)).err(), (len != 16).then_some(Error::KeyLength));
        assert_eq!(RetailMac::new(input, Padding::Method1).is_ok(), len == 16);
        assert_eq!(CbcMac::<des::Des>::new(input, Padding::Method1).is_ok(), len == 8);
        assert_eq!(Cmac::<des::TdesEde3>::new(input).is_ok(), len == 24);
        assert_eq!(Authenticator::<Hmac<Sha256>>::new(input).err(), (len == 0).then_some(Error::KeyLength));
    }
}
