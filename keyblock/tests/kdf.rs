//! Key derivation functions: every vector of `tests/vectors/kdf_*.json`, and slow twins that put their input together.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test says what it expects by panicking"
)]

use std::{fs, path::Path};

use hmac::{Hmac, KeyInit, Mac};
use keyblock::{
    Error,
    kdf::{self, WipingHash},
};
use proptest::prelude::*;
use serde_json::Value;
use sha1::Sha1;
use sha2::{Sha224, Sha256, Sha384, Sha512};

fn text<'a>(case: &'a Value, name: &str) -> &'a str {
    case[name].as_str().unwrap_or_else(|| panic!("{}: no {name}", case["id"]))
}

fn bytes(case: &Value, name: &str) -> Vec<u8> {
    let hex = text(case, name);
    assert!(hex.len().is_multiple_of(2));
    (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
}

fn cases(file: &str) -> Vec<Value> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors");
    let file: Value = serde_json::from_slice(&fs::read(folder.join(file)).unwrap()).unwrap();
    assert!(file["source"].is_string() && file["origin"].is_string() && file["note"].is_string());
    file["cases"].as_array().unwrap().clone()
}

/// A slow twin of one function: all blocks in full, then cut.
struct Twin;

impl Twin {
    fn x963<D: WipingHash>(z: &[u8], info: &[u8], len: usize) -> Vec<u8> {
        Self::blocks(len, |counter| D::digest([z, counter, info].concat()).to_vec())
    }

    fn one_step<D: WipingHash>(z: &[u8], info: &[u8], len: usize) -> Vec<u8> {
        Self::blocks(len, |counter| D::digest([counter, z, info].concat()).to_vec())
    }

    fn one_step_hmac<D: WipingHash>(z: &[u8], salt: &[u8], info: &[u8], len: usize) -> Vec<u8> {
        Self::blocks(len, |counter| Self::hmac::<D>(salt, &[counter, z, info].concat()))
    }

    fn hkdf<D: WipingHash>(material: &[u8], salt: &[u8], info: &[u8], len: usize) -> Vec<u8> {
        let key = Self::hmac::<D>(salt, material);
        let mut last = Vec::new();
        Self::blocks(len, |counter| {
            last = Self::hmac::<D>(&key, &[&last, info, &counter[3..]].concat());
            last.clone()
        })
    }

    fn hmac<D: WipingHash>(key: &[u8], data: &[u8]) -> Vec<u8> {
        Hmac::<D>::new_from_slice(key).unwrap().chain_update(data).finalize().into_bytes().to_vec()
    }

    fn blocks(len: usize, mut block: impl FnMut(&[u8]) -> Vec<u8>) -> Vec<u8> {
        let mut out = Vec::new();
        for counter in 1_u32.. {
            if out.len() >= len {
                break;
            }
            out.extend(block(&counter.to_be_bytes()));
        }
        out.truncate(len);
        out
    }
}

/// Derives by the function, and by its twin.
fn derive<D: WipingHash>(case: &Value) -> Vec<u8> {
    let mut out = vec![0xEE; usize::try_from(case["length"].as_u64().unwrap()).unwrap()];
    let len = out.len();
    let twin = match text(case, "kind") {
        "kdf_x963" => {
            let (z, info) = (bytes(case, "z"), bytes(case, "shared_info"));
            kdf::x963::<D>(&z, &info, &mut out).unwrap();
            Twin::x963::<D>(&z, &info, len)
        }
        "kdf_sp800_56c_onestep" => {
            let (z, info) = (bytes(case, "z"), bytes(case, "fixed_info"));
            kdf::one_step::<D>(&z, &info, &mut out).unwrap();
            Twin::one_step::<D>(&z, &info, len)
        }
        "kdf_sp800_56c_onestep_hmac" => {
            let (z, info) = (bytes(case, "z"), bytes(case, "fixed_info"));
            let salt = bytes(case, "salt");
            kdf::one_step_hmac::<D>(&z, &salt, &info, &mut out).unwrap();
            Twin::one_step_hmac::<D>(&z, &salt, &info, len)
        }
        "kdf_hkdf" => {
            let (material, info) = (bytes(case, "ikm"), bytes(case, "info"));
            let salt = bytes(case, "salt");
            kdf::hkdf::<D>(&material, &salt, &info, &mut out).unwrap();
            Twin::hkdf::<D>(&material, &salt, &info, len)
        }
        other => panic!("{other}"),
    };
    assert_eq!(out, twin, "{}", case["id"]);
    out
}

fn run(file: &str, count: usize) {
    let cases = cases(file);
    assert_eq!(cases.len(), count);
    for case in cases {
        let derived = match text(&case, "hash") {
            "sha1" => derive::<Sha1>(&case),
            "sha224" => derive::<Sha224>(&case),
            "sha256" => derive::<Sha256>(&case),
            "sha384" => derive::<Sha384>(&case),
            "sha512" => derive::<Sha512>(&case),
            other => panic!("{other}"),
        };
        let name = if case["kind"] == "kdf_hkdf" { "okm" } else { "out" };
        assert_eq!(derived, bytes(&case, name), "{}", case["id"]);
    }
}

#[test]
fn x963() {
    run("kdf_x963_nist.json", 32);
    run("kdf_x963_own.json", 3);
}

#[test]
fn one_step() {
    run("kdf_one_step_openssl.json", 14);
    run("kdf_one_step_own.json", 83);
}

#[test]
fn hkdf() {
    run("kdf_hkdf_rfc5869.json", 7);
    run("kdf_hkdf_own.json", 1);
}

type Derive = fn(&[u8], &mut [u8]) -> Result<(), Error>;

const ALL: [Derive; 4] = [
    |z, out| kdf::x963::<Sha256>(z, b"info", out),
    |z, out| kdf::one_step::<Sha256>(z, b"info", out),
    |z, out| kdf::one_step_hmac::<Sha256>(z, b"salt", b"info", out),
    |z, out| kdf::hkdf::<Sha256>(z, b"salt", b"info", out),
];

#[test]
fn a_refused_derivation_changes_nothing() {
    for derive in ALL {
        assert_eq!(derive(&[1; 32], &mut []), Err(Error::OutputLength));
        let mut out = [0xEE; 40];
        assert_eq!(derive(&[], &mut out), Err(Error::KeyLength));
        assert_eq!(out, [0xEE; 40]);
    }
    let mut out = vec![0xEE; 255 * 32 + 1];
    let refused = kdf::hkdf::<Sha256>(&[1; 32], b"", b"", &mut out);
    assert_eq!(refused, Err(Error::OutputLength));
    assert!(out.iter().all(|&byte| byte == 0xEE));
    assert_eq!(kdf::hkdf::<Sha256>(&[1; 32], b"", b"", &mut out[1..]), Ok(()));
}

#[test]
fn nothing_is_allocated() {
    for derive in ALL {
        let mut out = [0; 100];
        let counted = allocation_counter::measure(|| derive(&[1; 66], &mut out).unwrap());
        assert_eq!(counted.count_total, 0);
    }
}

/// Any secret, salt and info: what the twins give.
fn twins<D: WipingHash>(z: &[u8], salt: &[u8], info: &[u8], len: usize) {
    let mut out = vec![0; len];
    kdf::x963::<D>(z, info, &mut out).unwrap();
    assert_eq!(out, Twin::x963::<D>(z, info, len));
    kdf::one_step::<D>(z, info, &mut out).unwrap();
    assert_eq!(out, Twin::one_step::<D>(z, info, len));
    kdf::one_step_hmac::<D>(z, salt, info, &mut out).unwrap();
    assert_eq!(out, Twin::one_step_hmac::<D>(z, salt, info, len));
    kdf::hkdf::<D>(z, salt, info, &mut out).unwrap();
    assert_eq!(out, Twin::hkdf::<D>(z, salt, info, len));
}

proptest! {
    #[test]
    fn functions_are_their_twins(
        z in prop::collection::vec(any::<u8>(), 1..200),
        salt in prop::collection::vec(any::<u8>(), 0..200),
        info in prop::collection::vec(any::<u8>(), 0..200),
        len in 1_usize..400,
    ) {
        twins::<Sha1>(&z, &salt, &info, len);
        twins::<Sha224>(&z, &salt, &info, len);
        twins::<Sha256>(&z, &salt, &info, len);
        twins::<Sha384>(&z, &salt, &info, len);
        twins::<Sha512>(&z, &salt, &info, len);
    }
}
