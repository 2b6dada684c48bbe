//! Runs every known-answer vector of `tests/vectors`.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::panic,
    reason = "a test says what it expects by panicking"
)]

use cipher::{BlockCipherEncrypt, BlockSizeUser};
use dukpt::aes::{self, BaseKey, KeyType, KeyUsage};
use dukpt::key::Aes;
use dukpt::mac::{Authenticator, CbcMac, Cmac, Padding, RetailMac, Tag, UnionPayMac};
use dukpt::{Error, tdes};
use serde_json::Value;

/// One case, read by field name.
struct Case<'a>(&'a Value);

impl Case<'_> {
    fn has(&self, name: &str) -> bool {
        self.0.get(name).is_some()
    }

    fn text(&self, name: &str) -> &str {
        self.0[name].as_str().unwrap_or_else(|| panic!("{name} of {}", self.0))
    }

    fn hex(&self, name: &str) -> Vec<u8> {
        unhex(self.text(name))
    }

    fn check(&self, name: &str, actual: &[u8]) {
        assert_eq!(self.hex(name), actual, "{name} of {}", self.text("id"));
    }

    fn key_type(&self) -> KeyType {
        self.text("key_type").parse().unwrap()
    }

    fn padding(&self, data: &[u8]) -> Padding {
        match self.0["padding"].as_u64().unwrap() {
            1 => Padding::Method1,
            2 => Padding::Method2,
            3 => Padding::Method3 { data_len: data.len() as u64 },
            other => panic!("padding {other}"),
        }
    }
}

fn unhex(text: &str) -> Vec<u8> {
    assert_eq!(text.len() % 2, 0, "{text}");
    (0..text.len()).step_by(2).map(|i| u8::from_str_radix(&text[i..i + 2], 16).unwrap()).collect()
}

fn run(json: &str, count: usize, case: impl Fn(&str, &Case<'_>)) {
    let file: Value = serde_json::from_str(json).unwrap();
    for field in ["source", "origin", "note"] {
        assert!(file[field].is_string());
    }
    let cases = file["cases"].as_array().unwrap();
    assert_eq!(cases.len(), count);
    for value in cases {
        case(value["kind"].as_str().unwrap(), &Case(value));
    }
}

/// Pads with zeros to whole blocks, as the encryption vectors do.
fn zero_padded(mut data: Vec<u8>, block: usize) -> Vec<u8> {
    data.resize(data.len().next_multiple_of(block), 0);
    data
}

#[test]
fn tdes_dukpt() {
    run(include_str!("vectors/dukpt_tdes_x9_24_1.json"), 23, |kind, case| {
        let bdk = tdes::Bdk::try_from(&case.hex("bdk")[..]).unwrap();
        let serial = if kind == "dukpt_tdes_ik" { "iksn" } else { "ksn" };
        let ksn = tdes::Ksn::try_from(&case.hex(serial)[..]).unwrap();
        let initial_key = bdk.initial_key(ksn.initial_key_id());
        case.check("ik", initial_key.expose_bytes());
        if kind == "dukpt_tdes_txn" {
            tdes_transaction(case, &initial_key.transaction_key(&ksn).unwrap());
        } else {
            assert_eq!(kind, "dukpt_tdes_ik");
        }
    });
}

fn tdes_transaction(case: &Case<'_>, transaction: &tdes::TransactionKey) {
    case.check("current_key", transaction.expose_bytes());
    case.check("pin_key", transaction.pin_key().expose_bytes());
    case.check("mac_req_key", transaction.mac_request_key().expose_bytes());
    case.check("mac_rsp_key", transaction.mac_response_key().expose_bytes());
    case.check("data_req_key", transaction.data_request_key().expose_bytes());
    case.check("data_rsp_key", transaction.data_response_key().expose_bytes());
    if !case.has("pinblock_f0") {
        return;
    }

    let data = case.hex("data_hex");
    let request = transaction.mac_request_key();
    let response = transaction.mac_response_key();
    let bytes = |tag: Result<Tag, Error>| tag.unwrap().as_bytes().to_vec();
    let padding = Padding::Method1;
    case.check("mac_x919_req4", &bytes(request.retail_mac(padding).chain(&data).finalize(4)));
    case.check("mac_x919_rsp4", &bytes(response.retail_mac(padding).chain(&data).finalize(4)));
    case.check("cmac_req", &bytes(request.cmac().chain(&data).finalize(8)));
    case.check("cmac_rsp", &bytes(response.cmac().chain(&data).finalize(8)));

    let clear = zero_padded(data, 8);
    let mut data = clear.clone();
    transaction.data_request_key().encrypt_cbc(&[0; 8], &mut data).unwrap();
    case.check("data_req_cbc0", &data);
    transaction.data_request_key().decrypt_cbc(&[0; 8], &mut data).unwrap();
    assert_eq!(data, clear);
    transaction.data_response_key().encrypt_cbc(&[0; 8], &mut data).unwrap();
    case.check("data_rsp_cbc0", &data);

    // ISO 9564-1 format 0: the PIN field xored with the 12 digits before the check digit.
    let (pin, pan) = (case.text("pin"), case.text("pan"));
    let pin_field = unhex(&format!("{:02X}{pin:F<14}", pin.len()));
    let pan_field = unhex(&format!("0000{}", &pan[pan.len() - 13..pan.len() - 1]));
    let mut block = [0; 8];
    for (to, (a, b)) in block.iter_mut().zip(pin_field.iter().zip(&pan_field)) {
        *to = a ^ b;
    }
    transaction.pin_key().cipher::<des::TdesEde2>().encrypt_block((&mut block).into());
    case.check("pinblock_f0", &block);
}

#[test]
fn aes_dukpt() {
    run(include_str!("vectors/dukpt_aes_x9_24_3.json"), 81, |kind, case| {
        let base = if case.has("bdk") { "bdk" } else { "ik" };
        match case.hex(base).len() {
            16 => aes_case::<16>(kind, case),
            24 => aes_case::<24>(kind, case),
            32 => aes_case::<32>(kind, case),
            other => panic!("base key of {other} bytes"),
        }
    });
}

fn aes_case<const N: usize>(kind: &str, case: &Case<'_>)
where
    Aes: BaseKey<N>,
{
    let id = aes::InitialKeyId::try_from(&case.hex("ikid")[..]).unwrap();
    if kind == "dukpt_aes_update_key" {
        let initial_key = aes::InitialKey::<N>::try_from((&case.hex("ik")[..], id)).unwrap();
        let key = initial_key.update_key(case.key_type()).unwrap();
        return case.check("update_key", key.expose_bytes());
    }
    let initial_key = aes::Bdk::<N>::try_from(&case.hex("bdk")[..]).unwrap().initial_key(id);
    if kind == "dukpt_aes_ik" {
        return case.check("ik", initial_key.expose_bytes());
    }

    let ksn = if case.has("tc") {
        let counter = u32::from_str_radix(case.text("tc"), 16).unwrap();
        aes::Ksn::new(id, counter)
    } else {
        aes::Ksn::try_from(&case.hex("ksn")[..]).unwrap()
    };
    assert_eq!(ksn.initial_key_id(), id);
    let transaction = initial_key.transaction_key_lax(&ksn).unwrap();
    match kind {
        "dukpt_aes_txn" => {
            case.check("derivation_key", transaction.expose_bytes());
            let expected = if ksn.one_bits() > 16 { Some(Error::TooManyOneBits) } else { None };
            assert_eq!(initial_key.transaction_key(&ksn).err(), expected);
        }
        "dukpt_aes_work" => {
            aes_work(
                case,
                &transaction,
                &[KeyUsage::Pin, KeyUsage::MacGeneration, KeyUsage::DataEncryption],
            );
        }
        "dukpt_aes_work_all" => {
            let keys = Case(&case.0["keys"]);
            for &usage in KeyUsage::ALL {
                let key = transaction.working_key(usage, case.key_type());
                if keys.has(usage.name()) {
                    assert_eq!(keys.hex(usage.name()), key.unwrap().expose_bytes(), "{}", case.0);
                } else {
                    assert_eq!(key.unwrap_err(), Error::UsageNotAllowed);
                }
            }
        }
        other => panic!("{other}"),
    }
}

fn aes_work<const N: usize>(
    case: &Case<'_>,
    transaction: &aes::TransactionKey<N>,
    usages: &[KeyUsage],
) where
    Aes: BaseKey<N>,
{
    for usage in usages {
        let key = transaction.working_key(*usage, case.key_type()).unwrap();
        case.check(usage.name(), key.expose_bytes());
        assert_eq!((key.usage(), key.key_type()), (*usage, case.key_type()));
    }
}

#[test]
fn macs_and_data_under_aes_dukpt_keys() {
    run(include_str!("vectors/dukpt_aes_mac_moov.json"), 5, |kind, case| {
        assert_eq!(kind, "dukpt_aes_mac");
        let ksn = aes::Ksn::try_from(&case.hex("ksn")[..]).unwrap();
        let bdk = aes::Bdk::<16>::try_from(&case.hex("bdk")[..]).unwrap();
        let transaction = bdk.initial_key(ksn.initial_key_id()).transaction_key(&ksn).unwrap();
        let data = case.hex("data_hex");

        let generation = transaction.mac_generation_key();
        generation.cmac().chain(&data).verify(&case.hex("cmac_gen"), 16).unwrap();
        let verification = transaction.mac_verification_key();
        verification.cmac().chain(&data).verify(&case.hex("cmac_ver"), 16).unwrap();

        let key: aes::MacGenerationKey<16, aes::Hmac> = transaction.derive();
        let hmac = key.hmac::<sha2::Sha256>().chain(&data);
        hmac.verify(&case.hex("hmac_gen"), 32).unwrap();
        let key: aes::MacVerificationKey<16, aes::Hmac> = transaction.derive();
        let hmac = key.hmac::<sha2::Sha256>().chain(&data);
        hmac.verify(&case.hex("hmac_ver"), 32).unwrap();

        // The same where usage and type are known at run time only.
        for (usage, key_type, mac, len) in [
            (KeyUsage::MacGeneration, KeyType::Aes128, "cmac_gen", 16),
            (KeyUsage::MacVerification, KeyType::Aes128, "cmac_ver", 16),
            (KeyUsage::MacGeneration, KeyType::Hmac128, "hmac_gen", 32),
            (KeyUsage::MacVerification, KeyType::Hmac128, "hmac_ver", 32),
        ] {
            let begun = match transaction.working_key(usage, key_type).unwrap() {
                aes::WorkingKey::MacGeneration(key) => key.mac::<sha2::Sha256>(),
                aes::WorkingKey::MacVerification(key) => key.mac::<sha2::Sha256>(),
                other => panic!("{other:?}"),
            };
            begun.chain(&data).verify(&case.hex(mac), len).unwrap();
        }
        let mut encrypted = zero_padded(data.clone(), 16);
        let key: aes::AnyDataEncryptionKey = transaction.derive_of_type(KeyType::Aes128).unwrap();
        key.encrypt_cbc(&[0; 16], &mut encrypted).unwrap();
        case.check("data_req_cbc0", &encrypted);

        let clear = zero_padded(data, 16);
        let mut data = clear.clone();
        transaction.data_encryption_key().encrypt_cbc(&[0; 16], &mut data).unwrap();
        case.check("data_req_cbc0", &data);
        transaction.data_encryption_key().decrypt_cbc(&[0; 16], &mut data).unwrap();
        assert_eq!(data, clear);
        transaction.data_decryption_key().encrypt_cbc(&[0; 16], &mut data).unwrap();
        case.check("data_rsp_cbc0", &data);
    });
}

#[test]
fn what_must_be_refused_is_refused() {
    run(include_str!("vectors/dukpt_negative.json"), 6, |kind, case| {
        let error = match (kind, case.has("mode") && case.text("mode") == "TDES") {
            ("neg_dukpt_txn", true) => tdes_refusal(case),
            ("neg_dukpt_txn", false) => aes_transaction(case).map(drop).unwrap_err(),
            ("neg_dukpt_aes_work", _) => {
                let usage = case.text("usage").parse().unwrap();
                aes_transaction(case).unwrap().working_key(usage, case.key_type()).unwrap_err()
            }
            other => panic!("{other:?}"),
        };
        assert_eq!(error.as_str(), case.text("error"), "{}", case.text("id"));
    });
}

#[test]
fn next_key_serial_numbers() {
    run(include_str!("vectors/dukpt_next_ksn_own.json"), 10, |kind, case| {
        let ksn = case.hex("ksn");
        let tdes = || tdes::Ksn::try_from(&ksn[..]).unwrap().next();
        let aes = || aes::Ksn::try_from(&ksn[..]).unwrap().next();
        match (kind, case.has("mode") && case.text("mode") == "TDES") {
            ("dukpt_tdes_ksn_next", _) => case.check("next", &tdes().unwrap().to_bytes()),
            ("dukpt_aes_ksn_next", _) => case.check("next", &aes().unwrap().to_bytes()),
            ("neg_dukpt_ksn_next", true) => {
                assert_eq!(tdes().unwrap_err().as_str(), case.text("error"));
            }
            other => panic!("{other:?}"),
        }
    });
}

fn tdes_refusal(case: &Case<'_>) -> Error {
    tdes::Ksn::try_from(&case.hex("ksn")[..])
        .and_then(|ksn| {
            let initial_key = (&case.hex("ik")[..], ksn.initial_key_id());
            tdes::InitialKey::try_from(initial_key).unwrap().transaction_key(&ksn)
        })
        .unwrap_err()
}

fn aes_transaction(case: &Case<'_>) -> Result<aes::TransactionKey<16>, Error> {
    let ksn = aes::Ksn::try_from(&case.hex("ksn")[..])?;
    let initial_key = (&case.hex("ik")[..], ksn.initial_key_id());
    aes::InitialKey::<16>::try_from(initial_key).unwrap().transaction_key(&ksn)
}

/// The MAC as it is made, after its verification and that of every change of one bit.
macro_rules! mac {
    ($begin:expr, $data:expr, $len:expr) => {{
        let tag = $begin.unwrap().chain($data).finalize($len).unwrap();
        $begin.unwrap().chain($data).verify(tag.as_bytes(), $len).unwrap();
        for bit in 0..8 * $len {
            let mut other = tag.as_bytes().to_vec();
            other[bit / 8] ^= 1 << (bit % 8);
            let verified = $begin.unwrap().chain($data).verify(&other, $len);
            assert_eq!(verified, Err(Error::MacMismatch));
        }
        tag
    }};
}

#[test]
fn iso_9797_1_macs() {
    run(include_str!("vectors/mac_iso9797_1.json"), 12, |kind, case| {
        let (key, data) = (case.hex("key"), case.hex("data_hex"));
        let padding = case.padding(&data);
        if kind == "neg_mac_verify" {
            let mac = RetailMac::new(&key, padding).unwrap().chain(&data);
            let error = mac.verify(&case.hex("mac"), case.hex("mac").len()).unwrap_err();
            return assert_eq!(error.as_str(), case.text("error"));
        }
        assert_eq!((kind, case.text("cipher")), ("mac_iso9797", "DES"));
        let tag = match case.0["algorithm"].as_u64().unwrap() {
            1 => mac!(CbcMac::<des::Des>::new(&key, padding), &data, 8),
            3 => mac!(RetailMac::new(&key, padding), &data, 8),
            other => panic!("algorithm {other}"),
        };
        case.check("mac", tag.as_bytes());
    });
}

#[test]
fn cmacs() {
    run(include_str!("vectors/mac_cmac_sp800_38b.json"), 12, |kind, case| {
        assert_eq!(kind, "mac_cmac");
        let (key, data) = (case.hex("key"), case.hex("data_hex"));
        let tag = match case.text("cipher") {
            "AES128" => mac!(Cmac::<::aes::Aes128>::new(&key), &data, 16),
            "AES192" => mac!(Cmac::<::aes::Aes192>::new(&key), &data, 16),
            "AES256" => mac!(Cmac::<::aes::Aes256>::new(&key), &data, 16),
            "TDES2" => mac!(Cmac::<des::TdesEde2>::new(&key), &data, 8),
            "TDES3" => mac!(Cmac::<des::TdesEde3>::new(&key), &data, 8),
            other => panic!("{other}"),
        };
        case.check("mac", tag.as_bytes());
    });
}

#[test]
fn macs_over_sm4() {
    assert_eq!(sm4::Sm4::block_size(), 16);
    run(include_str!("vectors/mac_sm4_own.json"), 2, |kind, case| {
        let (key, data) = (case.hex("key"), case.hex("data_hex"));
        let tag = match kind {
            "sm4_cmac" => mac!(Cmac::<sm4::Sm4>::new(&key), &data, 16),
            "sm4_cbc_mac" => {
                mac!(CbcMac::<sm4::Sm4>::new(&key, case.padding(&data)), &data, 16)
            }
            other => panic!("{other}"),
        };
        case.check("mac", tag.as_bytes());
    });
}

#[test]
fn unionpay_macs() {
    run(include_str!("vectors/mac_unionpay.json"), 8, |kind, case| {
        let (key, data) = (case.hex("key"), case.hex("data_hex"));
        let tag = match (kind, case.text("cipher")) {
            ("mac_unionpay_cbc_x99", "DES") => {
                return case.check("mac", mac!(CbcMac::x9_9(&key), &data, 8).as_bytes());
            }
            ("mac_unionpay_ecb", "DES") => {
                UnionPayMac::<des::Des>::new(&key).map(|m| unionpay(m, &data))
            }
            ("mac_unionpay_ecb", "TDES2") => {
                UnionPayMac::<des::TdesEde2>::new(&key).map(|m| unionpay(m, &data))
            }
            ("mac_unionpay_ecb", "TDES3") => {
                UnionPayMac::<des::TdesEde3>::new(&key).map(|m| unionpay(m, &data))
            }
            ("mac_unionpay_ecb", "SM4") => {
                UnionPayMac::<sm4::Sm4>::new_unverified(&key).map(|m| unionpay(m, &data))
            }
            other => panic!("{other:?}"),
        };
        assert_eq!(case.text("mac").as_bytes(), tag.unwrap().as_bytes(), "{}", case.text("id"));
    });
}

fn unionpay<C: BlockCipherEncrypt>(mac: UnionPayMac<C>, data: &[u8]) -> Tag {
    mac.chain(data).finalize()
}

#[test]
fn x9_9_and_x9_19_are_the_published_ones() {
    let data = "7654321 Now is the time for ";
    let mac = CbcMac::x9_9(&unhex("0123456789ABCDEF")).unwrap().chain(data);
    mac.verify(&unhex("F1D30F68"), 4).unwrap();
    let mac = RetailMac::x9_19(&unhex("0123456789ABCDEFFEDCBA9876543210")).unwrap();
    mac.chain("Now is the time for it").verify(&unhex("2E2B1428CC78254F"), 8).unwrap();
    assert_eq!(CbcMac::x9_9(&[0; 16]).unwrap_err(), Error::KeyLength);
    assert_eq!(RetailMac::x9_19(&[0; 8]).unwrap_err(), Error::KeyLength);
}

#[test]
fn hmacs() {
    run(include_str!("vectors/mac_hmac_own.json"), 2, |kind, case| {
        assert_eq!(kind, "mac_hmac");
        let (key, data) = (case.hex("key"), case.hex("data_hex"));
        let tag = match case.text("hash") {
            "sha384" => mac!(Authenticator::<hmac::Hmac<sha2::Sha384>>::new(&key), &data, 48),
            "sha512" => mac!(Authenticator::<hmac::Hmac<sha2::Sha512>>::new(&key), &data, 64),
            other => panic!("{other}"),
        };
        case.check("mac", tag.as_bytes());
    });
}
