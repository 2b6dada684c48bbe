//! Every block of `tests/vectors`: parsed, opened, and wrapped again bit for bit; what has to be refused is.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test says what it expects by panicking"
)]

use std::{fs, path::Path};

use keyblock::{
    AesKbpk, Error, KeyBlock, OptionalBlock, Profile, ProtectionKey, Rule, TdesKbpk, UnwrappedKey,
    Version, Wrap,
};
use serde_json::Value;

fn text<'a>(case: &'a Value, name: &str) -> &'a str {
    case[name].as_str().unwrap_or_else(|| panic!("{}: no {name}", case["id"]))
}

fn bytes(hex: &str) -> Vec<u8> {
    assert!(hex.len().is_multiple_of(2));
    (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
}

/// The cases of the files whose names begin so.
fn cases(prefix: &str) -> Vec<Value> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors");
    let mut files: Vec<_> =
        fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    let named = |file: &&std::path::PathBuf| {
        file.file_name().unwrap().to_str().unwrap().starts_with(prefix)
    };
    let read = |file| {
        let file: Value = serde_json::from_slice(&fs::read(file).unwrap()).unwrap();
        assert!(file["source"].is_string() && file["origin"].is_string());
        file["cases"].as_array().unwrap().clone()
    };
    files.iter().filter(named).flat_map(read).collect()
}

/// The protection key of a version, as it is or kept.
fn protection_key(
    version: Version,
    key: &[u8],
    kept: bool,
) -> Result<Box<dyn ProtectionKey>, Error> {
    Ok(match (version.is_aes(), kept) {
        (true, false) => Box::new(AesKbpk::new(key)?),
        (true, true) => Box::new(AesKbpk::new(key)?.keep(version)?),
        (false, false) => Box::new(TdesKbpk::new(key)?),
        (false, true) => Box::new(TdesKbpk::new(key)?.keep(version)?),
    })
}

fn open<T>(
    case: &Value,
    profile: Profile,
    then: impl Fn(UnwrappedKey<'_>) -> T,
) -> Result<T, Error> {
    let text = text(case, "block").as_bytes();
    let key = bytes(case["kbpk"].as_str().unwrap());
    // Whoever opens a block has its protection key first.
    if let Some(version) = text.first().and_then(|&code| Version::from_code(code)) {
        protection_key(version, &key, false)?;
    }
    let block = KeyBlock::parse(text, profile)?;
    let version = block.header().version;
    let mut buffer = vec![0xEE; block.enciphered_len()];
    let mut open = |kept| {
        let kbpk = protection_key(version, &key, kept)?;
        let opened = block.unwrap_key(&*kbpk, &mut buffer).map(&then);
        assert!(buffer.iter().all(|&byte| byte == 0), "{}: the buffer is wiped", case["id"]);
        opened
    };
    let (once, kept) = (open(false), open(true));
    assert_eq!(once.is_ok(), kept.is_ok());
    once
}

#[test]
fn blocks_open_and_are_wrapped_again() {
    let cases = cases("block_");
    assert_eq!(cases.len(), 29);
    for case in &cases {
        let id = &case["id"];
        let key = open(case, Profile::LENIENT, |unwrapped| {
            let header = unwrapped.header();
            assert_eq!(header.version.to_string(), text(case, "version"));
            assert_eq!(header.usage.to_string(), text(case, "usage"));
            assert_eq!(header.algorithm.to_string(), text(case, "algorithm"));
            assert_eq!(header.mode.to_string(), text(case, "mode"));
            assert_eq!(header.key_version.to_string(), text(case, "key_version"));
            assert_eq!(header.exportability.to_string(), text(case, "exportability"));
            assert_eq!(unwrapped.expose_pad(), bytes(text(case, "pad")), "{id}");
            unwrapped.expose_bytes().to_vec()
        });
        let key = key.unwrap();
        assert_eq!(key, bytes(text(case, "key")), "{id}");

        let block = KeyBlock::parse(text(case, "block").as_bytes(), Profile::LENIENT).unwrap();
        let optional: Vec<OptionalBlock<'_>> = block.optional_blocks().into_iter().collect();
        let listed = case["opt_blocks"].as_array().unwrap();
        assert_eq!(optional.len(), listed.len());
        for (block, listed) in optional.iter().zip(listed) {
            assert_eq!(block.id(), listed[0].as_str().unwrap().as_bytes());
            assert_eq!(block.as_str(), listed[1].as_str().unwrap());
        }
        let wrap = Wrap::new(block.header(), Profile::LENIENT).optional_blocks(&optional);
        let pad = bytes(text(case, "pad"));
        let (version, kbpk) = (block.header().version, bytes(text(case, "kbpk")));
        let mut out = [0; 9_999];
        for kept in [false, true] {
            let kbpk = protection_key(version, &kbpk, kept).unwrap();
            let again = wrap.wrap_key_with_pad(&*kbpk, &key, &pad, &mut out).unwrap();
            assert_eq!(again, text(case, "block").as_bytes(), "{id}");
        }
    }
}

/// The errors that are of a class of the vectors.
fn is_of_class(error: Error, class: &str) -> bool {
    match class {
        "mac" => matches!(
            error,
            // A MAC that is cut leaves too little text.
            Error::MacMismatch | Error::MacNotHex { .. } | Error::TooShort { .. }
        ),
        "hex" => matches!(error, Error::KeyNotHex { .. } | Error::TooShort { .. }),
        "length" => matches!(
            error,
            Error::TooShort { .. }
                | Error::BlockLength { .. }
                | Error::EncipheredLength { .. }
                | Error::Header(keyblock::HeaderField::Length)
        ),
        "mac_or_length" => {
            matches!(error, Error::KbpkAlgorithm { .. } | Error::KbpkLength)
        }
        "kbpk_length" => matches!(error, Error::KbpkLength),
        "key_length_field" => matches!(error, Error::KeyLengthField),
        "header" => matches!(error, Error::Header(_) | Error::TooShort { .. }),
        "opt_block" => matches!(error, Error::OptionalBlock { .. }),
        _ => panic!("{class}"),
    }
}

#[test]
fn what_is_wrong_is_refused_with_its_class() {
    let cases = cases("refused_");
    assert_eq!(cases.len(), 41);
    for case in &cases {
        let error = if case["header"].is_string() {
            let whole = text(case, "header");
            // The header stands alone: its length is made right, so that it is what is wrong.
            let stated = format!("{:04}", whole.len());
            let mut block = whole.to_owned();
            if block.len() >= 5 {
                block.replace_range(1..5, &stated);
            }
            KeyBlock::parse(block.as_bytes(), Profile::LENIENT).map(|_| ()).unwrap_err()
        } else {
            open(case, Profile::LENIENT, |_| ()).unwrap_err()
        };
        assert!(is_of_class(error, text(case, "error")), "{}: {error:?}", case["id"]);
    }
}

#[test]
fn samples_keep_the_rules_that_they_are_samples_of() {
    let mut broken = Vec::new();
    for case in cases("block_") {
        if let Err(error) = open(&case, Profile::X9_143, |_| ()) {
            let rule = error.rule().unwrap_or_else(|| panic!("{}: {error:?}", case["id"]));
            broken.push((text(&case, "id").to_owned(), rule));
        }
    }
    let rules = |rule| broken.iter().filter(|(_, broken)| *broken == rule).count();
    for (id, rule) in &broken {
        println!("{id}: {}", rule.as_str());
    }
    assert!(rules(Rule::HiddenKeyLength) > 0);
}

#[test]
fn every_truncation_and_every_changed_character_is_refused() {
    for case in cases("block_") {
        let whole = text(&case, "block").as_bytes();
        let (version, key) = (
            KeyBlock::parse(whole, Profile::LENIENT).unwrap().header().version,
            bytes(text(&case, "kbpk")),
        );
        let mut buffer = [0; 5_000];
        let kbpk = protection_key(version, &key, true).unwrap();
        let mut opens = |text: &[u8]| {
            let block = KeyBlock::parse(text, Profile::LENIENT)?;
            block.unwrap_key(&*kbpk, &mut buffer).map(|_| ())
        };
        assert_eq!(opens(whole), Ok(()));
        for len in 0..whole.len() {
            assert!(opens(&whole[..len]).is_err());
        }
        // Long blocks with a stride: each character is of a part that shorter ones have, too.
        let step = if whole.len() > 500 { 37 } else { 1 };
        for at in (0..whole.len()).step_by(step) {
            for other in [b'0', b'1', b'F', b'N', b' ', whole[at] ^ 1, whole[at] ^ 0x20, 0, 0xFF] {
                let mut text = whole.to_vec();
                if text[at] != other {
                    text[at] = other;
                    assert!(opens(&text).is_err(), "{} {at} {other}", case["id"]);
                }
            }
        }
    }
}
