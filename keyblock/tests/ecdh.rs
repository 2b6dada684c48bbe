//! Key agreement: every vector of `tests/vectors/ecdh_*.json`, and what has to be refused.

#![cfg(feature = "ecdh")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test says what it expects by panicking"
)]

use std::{fs, path::Path};

use keyblock::{
    AesKbpk, Error, KeyBlock, Profile,
    ecdh::{
        AgreedKey, Curve, EphemeralKey, KeyDerivation, P256, P384, P521, PublicKey, SharedInfo,
        SharedSecret, StaticKey,
        shared_info::{EccCmsSharedInfo, OtherInfo},
    },
};
use serde_json::Value;
use sha2::{Sha256, Sha384, Sha512};

fn text<'a>(case: &'a Value, name: &str) -> &'a str {
    case[name].as_str().unwrap_or_else(|| panic!("{}: no {name}", case["id"]))
}

fn bytes(case: &Value, name: &str) -> Vec<u8> {
    let hex = text(case, name);
    assert!(hex.len().is_multiple_of(2));
    (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
}

fn run(file: &str, count: usize, run: impl Fn(&Value)) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors");
    let file: Value = serde_json::from_slice(&fs::read(folder.join(file)).unwrap()).unwrap();
    assert!(file["source"].is_string() && file["origin"].is_string() && file["note"].is_string());
    let cases = file["cases"].as_array().unwrap();
    assert_eq!(cases.len(), count);
    cases.iter().for_each(run);
}

/// A generic function for the curve that the case names.
macro_rules! of_curve {
    ($case:expr, $function:ident($($argument:expr),*)) => {
        match text($case, "curve") {
            "P-256" => $function::<P256>($($argument),*),
            "P-384" => $function::<P384>($($argument),*),
            "P-521" => $function::<P521>($($argument),*),
            other => panic!("{other}"),
        }
    };
}

fn agree<C: Curve>(case: &Value) -> SharedSecret {
    let private = bytes(case, "private");
    let key = StaticKey::<C>::from_bytes_left_padded(&private).unwrap();
    assert_eq!(StaticKey::<C>::from_bytes(&private).is_ok(), private.len() == C::FIELD_LEN);
    if case["public"].is_string() {
        assert_eq!(key.public_key().to_sec1().as_bytes(), bytes(case, "public"));
    }
    let peer = PublicKey::from_sec1(&bytes(case, "peer")).unwrap();
    key.agree(&peer)
}

#[test]
fn secrets() {
    let count = [("ecdh_nist.json", 18), ("ecdh_wycheproof.json", 105), ("ecdh_cyberchef.json", 1)];
    for (file, count) in count {
        run(file, count, |case| {
            let secret = of_curve!(case, agree(case));
            assert_eq!(secret.expose_bytes(), bytes(case, "z"), "{}", case["id"]);
        });
    }
}

fn refused<C: Curve>(public: &[u8]) {
    assert_eq!(PublicKey::<C>::from_sec1(public), Err(Error::PublicKey));
}

#[test]
fn points_that_are_none_are_refused() {
    run("ecdh_public_refused.json", 80, |case| {
        of_curve!(case, refused(&bytes(case, "public")));
    });
}

fn derive(secret: &SharedSecret, case: &Value, info: SharedInfo<'_>) -> AgreedKey {
    let salt = if case["salt"].is_string() { bytes(case, "salt") } else { Vec::new() };
    let derivation = match text(case, "kdf") {
        "x963" => KeyDerivation::X963,
        "onestep" => KeyDerivation::OneStep,
        "onestep_hmac" => KeyDerivation::OneStepHmac { salt: &salt },
        "hkdf" => KeyDerivation::Hkdf { salt: &salt },
        other => panic!("{other}"),
    };
    let len = case["length"].as_u64().map_or(32, |len| usize::try_from(len).unwrap());
    match text(case, "hash") {
        "sha256" => secret.derive::<Sha256>(derivation, info, len),
        "sha384" => secret.derive::<Sha384>(derivation, info, len),
        "sha512" => secret.derive::<Sha512>(derivation, info, len),
        other => panic!("{other}"),
    }
    .unwrap()
}

#[test]
fn keys() {
    let count =
        [("ecdh_key_nist.json", 18), ("ecdh_key_rfc7518.json", 2), ("ecdh_key_own.json", 45)];
    for (file, count) in count {
        run(file, count, |case| {
            let secret = of_curve!(case, agree(case));
            let info = bytes(case, "shared_info");
            let key = derive(&secret, case, SharedInfo::from(&info[..]));
            assert_eq!(key.expose_bytes(), bytes(case, "key"), "{}", case["id"]);
            let elsewhere = SharedSecret::from_bytes(secret.expose_bytes()).unwrap();
            let key = derive(&elsewhere, case, SharedInfo::from(&info[..]));
            assert_eq!(key.expose_bytes(), bytes(case, "key"), "{}", case["id"]);
            if case["layout"] == "other_info" {
                let part = |name| bytes(case, name);
                let info = OtherInfo {
                    algorithm_id: &part("algorithm_id"),
                    party_u_info: &part("party_u_info"),
                    party_v_info: &part("party_v_info"),
                    supp_pub_info: &part("supp_pub_info"),
                }
                .shared_info()
                .map(|info| derive(&secret, case, info));
                assert_eq!(info.unwrap().expose_bytes(), bytes(case, "key"));
            }
        });
    }
}

#[test]
fn the_layout_of_cms() {
    run("ecdh_shared_info_own.json", 14, |case| {
        let key_info = bytes(case, "key_info");
        let added = case["entity_u_info"].is_string().then(|| bytes(case, "entity_u_info"));
        let key_bits = u32::try_from(case["key_bits"].as_u64().unwrap()).unwrap();
        let info =
            EccCmsSharedInfo { key_info: &key_info, entity_u_info: added.as_deref(), key_bits };
        let mut out = [0xEE; 400];
        let expected = bytes(case, "shared_info");
        assert_eq!(info.shared_info().unwrap().encode_into(&mut out), Ok(&expected[..]));
        for cut in 0..key_info.len() {
            let info = EccCmsSharedInfo { key_info: &key_info[..cut], ..info };
            assert_eq!(info.shared_info(), Err(Error::SharedInfo));
        }
        let longer = [&key_info[..], &[0]].concat();
        let info = EccCmsSharedInfo { key_info: &longer, ..info };
        assert_eq!(info.shared_info(), Err(Error::SharedInfo));
    });
    let algorithm = [0x30, 0];
    for (len, is_ok) in [(65_514, true), (65_520, false), (65_536, false), (70_000, false)] {
        let added = vec![7; len];
        let info =
            EccCmsSharedInfo { key_info: &algorithm, entity_u_info: Some(&added), key_bits: 256 };
        assert_eq!(info.shared_info().is_ok(), is_ok, "{len}");
    }
}

fn kbpk<C: Curve>(case: &Value) -> AesKbpk {
    let derived =
        [("da", "pub_a", "pub_b"), ("db", "pub_b", "pub_a")].map(|(own, public, other)| {
            let key = StaticKey::<C>::from_bytes(&bytes(case, own)).unwrap();
            assert_eq!(key.public_key().to_sec1().as_bytes(), bytes(case, public));
            let secret = key.agree(&PublicKey::from_sec1(&bytes(case, other)).unwrap());
            assert_eq!(secret.expose_bytes(), bytes(case, "z"));
            let info = bytes(case, "shared_info");
            derive(&secret, case, SharedInfo::aws_payment_cryptography(&info).unwrap())
        });
    for key in &derived {
        assert_eq!(key.expose_bytes(), bytes(case, "kbpk"));
    }
    derived[0].aes_kbpk().unwrap()
}

#[test]
fn a_key_block_opens_under_an_agreed_key() {
    run("ecdh_kbpk_own.json", 2, |case| {
        let kbpk = of_curve!(case, kbpk(case));
        let block = KeyBlock::parse(text(case, "tr31").as_bytes(), Profile::LENIENT).unwrap();
        let mut buffer = [0; 64];
        let buffer = &mut buffer[..block.enciphered_len()];
        let key = block.unwrap_key(&kbpk, buffer).unwrap();
        assert_eq!(key.expose_bytes(), bytes(case, "key"));
    });
}

/// Static and ephemeral keys on either side.
fn parties<C: Curve>() {
    let mut rng = getrandom::SysRng;
    let keys = [(); 2].map(|()| StaticKey::<C>::generate(&mut rng).unwrap());
    let [one, other] = &keys;
    let ephemeral = || EphemeralKey::<C>::generate(&mut rng.clone()).unwrap();

    let secret = one.agree(&other.public_key());
    assert_eq!(secret.expose_bytes(), other.agree(&one.public_key()).expose_bytes());
    assert_eq!(secret.expose_bytes().len(), C::FIELD_LEN);

    let drawn = ephemeral();
    let public = drawn.public_key();
    assert_eq!(drawn.agree(&one.public_key()).expose_bytes(), one.agree(&public).expose_bytes());

    let (drawn, drawn_too) = (ephemeral(), ephemeral());
    let (public, public_too) = (drawn.public_key(), drawn_too.public_key());
    assert_ne!(public, public_too);
    assert_eq!(drawn.agree(&public_too).expose_bytes(), drawn_too.agree(&public).expose_bytes());

    for len in 0..40 {
        let key = secret.derive::<Sha256>(KeyDerivation::X963, b"", len);
        match len {
            16 | 24 | 32 => assert_eq!(key.unwrap().expose_bytes().len(), len),
            _ => assert_eq!(key.err(), Some(Error::OutputLength)),
        }
    }
}

#[test]
fn two_parties_agree() {
    parties::<P256>();
    parties::<P384>();
    parties::<P521>();
}

#[test]
fn nothing_is_allocated() {
    let counted = allocation_counter::measure(|| {
        let key = EphemeralKey::<P521>::generate(&mut getrandom::SysRng).unwrap();
        let public = PublicKey::from_sec1(key.public_key().to_sec1().as_bytes()).unwrap();
        let info = OtherInfo { algorithm_id: b"kbpk", ..OtherInfo::default() };
        let derivation = KeyDerivation::Hkdf { salt: b"salt" };
        let info = info.shared_info().unwrap();
        key.agree(&public).derive::<Sha512>(derivation, info, 32).unwrap();
    });
    assert_eq!(counted.count_total, 0);
}
