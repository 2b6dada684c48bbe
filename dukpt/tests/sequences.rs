//! Long sequences of transaction keys, by the terminal and by the host, against their digests.
//!
//! All of them in release (a step of `ci.sh`); of the long ones a prefix without a digest otherwise, which is slow.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test says what it expects by panicking"
)]

use dukpt::aes::{self, TerminalKey};
use dukpt::key::Aes;
use dukpt::tdes;
use serde_json::Value;
use sha2::{Digest, Sha256};

/// What is done of a sequence where nothing is optimised.
const PREFIX: u64 = if cfg!(debug_assertions) { 3_000 } else { u64::MAX };

fn unhex(text: &Value) -> Vec<u8> {
    let text = text.as_str().unwrap();
    (0..text.len()).step_by(2).map(|i| u8::from_str_radix(&text[i..i + 2], 16).unwrap()).collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02X}")).collect()
}

/// Runs the sequences of a kind, whose keys come in pairs of the terminal's and the host's.
fn run(kind: &str, count: usize, sequence: impl Fn(&Value, u64) -> (Sha256, String)) {
    let file: Value = serde_json::from_str(include_str!("vectors/dukpt_sequences.json")).unwrap();
    let cases: Vec<_> =
        file["cases"].as_array().unwrap().iter().filter(|case| case["kind"] == kind).collect();
    assert_eq!(cases.len(), count);
    let mut whole = 0;
    for case in cases {
        let all = case["count"].as_u64().unwrap();
        let (digest, last) = sequence(case, all.min(PREFIX));
        if all <= PREFIX {
            assert_eq!(case["sha256"], hex(&digest.finalize()), "{}", case["id"]);
            assert_eq!(case["last_ksn"], last, "{}", case["id"]);
            whole += 1;
        }
    }
    assert!(whole == count || (PREFIX != u64::MAX && whole > 0));
}

#[test]
fn tdes_sequences() {
    run("dukpt_tdes_sequence", 3, |case, count| {
        let initial = tdes::Ksn::try_from(&unhex(&case["initial"])[..]).unwrap();
        let bdk = tdes::Bdk::try_from(&unhex(&case["bdk"])[..]).unwrap();
        let initial_key = bdk.initial_key(initial.initial_key_id());
        let mut terminal = tdes::Terminal::new(&initial_key);
        let (mut digest, mut last) = (Sha256::new(), initial);
        for _ in 0..count {
            last = last.next().unwrap();
            let (ksn, key) = terminal.begin().unwrap().stored();
            assert_eq!(ksn, last);
            let host = initial_key.transaction_key(&ksn).unwrap();
            assert_eq!(key.expose_bytes(), host.expose_bytes(), "{ksn}");
            digest.update(ksn.to_bytes());
            digest.update(key.expose_bytes());
        }
        assert_eq!(terminal.keys_left(), last.keys_left());
        (digest, last.to_string())
    });
}

#[test]
fn aes_sequences() {
    run("dukpt_aes_sequence", 4, |case, count| match unhex(&case["bdk"]).len() {
        16 => aes_sequence::<16>(case, count),
        24 => aes_sequence::<24>(case, count),
        _ => aes_sequence::<32>(case, count),
    });
}

fn aes_sequence<const N: usize>(case: &Value, count: u64) -> (Sha256, String)
where
    Aes: TerminalKey<N>,
{
    let id = aes::InitialKeyId::try_from(&unhex(&case["initial"])[..]).unwrap();
    let initial_key = aes::Bdk::<N>::try_from(&unhex(&case["bdk"])[..]).unwrap().initial_key(id);
    let mut terminal = aes::Terminal::new(&initial_key);
    let (mut digest, mut last) = (Sha256::new(), aes::Ksn::new(id, 0));
    for _ in 0..count {
        last = last.next().unwrap();
        let (ksn, key) = terminal.begin().unwrap().stored();
        assert_eq!(ksn, last);
        let host = initial_key.transaction_key(&ksn).unwrap();
        assert_eq!(key.expose_bytes(), host.expose_bytes(), "{ksn}");
        digest.update(ksn.to_bytes());
        digest.update(key.expose_bytes());
    }
    assert_eq!(terminal.keys_left(), last.keys_left());
    (digest, last.to_string())
}
