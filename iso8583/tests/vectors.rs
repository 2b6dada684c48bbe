//! Known messages and known faults, from `tests/vectors/`.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    missing_docs,
    reason = "a test says what it expects by panicking"
)]

use std::fs;
use std::path::{Path, PathBuf};

use iso8583_wire::dialect::{self, iso87};
use iso8583_wire::{
    BitmapEncoding, Class, Encoder, Encoding, Field, MessageRef, MtiEncoding, Prefix, Spec,
};
use serde_json::Value;

/// ISO 8583:1987 in ASCII with a binary bitmap, 52 and 55 binary: the benchmark's dialect.
static PURCHASE: Spec = Spec::new("purchase", MtiEncoding::Ascii, BitmapEncoding::Binary, &TABLE);
static TABLE: [Option<Field>; 129] = iso87::with(
    iso87::with(iso87::ASCII_FIELDS, 52, Field::fixed(Class::B, 8)),
    55,
    Field::variable(Class::B, Prefix::ascii(3), 999),
);

fn files(prefix: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors");
    let named = |path: &PathBuf| path.file_name().unwrap().to_str().unwrap().starts_with(prefix);
    let paths = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let paths: Vec<_> = paths.filter(named).collect();
    assert!(!paths.is_empty(), "no vectors named {prefix}");
    paths
}

fn cases(prefix: &str) -> Vec<Value> {
    let mut all = Vec::new();
    for path in files(prefix) {
        let file: Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
        for key in ["source", "origin", "note"] {
            assert!(file[key].is_string(), "{path:?} lacks {key}");
        }
        all.extend(file["cases"].as_array().unwrap().iter().cloned());
    }
    all
}

fn bytes(hex: &str) -> Vec<u8> {
    let byte = |at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap();
    (0..hex.len()).step_by(2).map(byte).collect()
}

fn round_trip(case: &Value) {
    let id = &case["id"];
    let name = case["dialect"].as_str().unwrap();
    let spec = dialect::by_name(name).unwrap_or(&PURCHASE);
    let wire = bytes(case["hex"].as_str().unwrap());
    let message = MessageRef::parse(spec, &wire).unwrap_or_else(|e| panic!("{id}: {e}"));
    assert_eq!(message.mti().to_string(), case["mti"].as_str().unwrap(), "{id}");
    let fields = case["fields"].as_object().unwrap();
    assert_eq!(message.iter().count(), fields.len(), "{id}");

    let mut buffer = vec![0; wire.len()];
    let mut encoder = Encoder::new(spec, message.mti(), &mut buffer).unwrap();
    for field in &message {
        let value = fields[&field.number().to_string()].as_str().unwrap();
        assert_eq!(field.exposed().to_string(), value, "{id} field {}", field.number());
        let written = if field.definition().class() == Class::B {
            encoder.bytes(field.number(), &bytes(value)).map(|_| ())
        } else {
            encoder.text(field.number(), value).map(|_| ())
        };
        written.unwrap_or_else(|e| panic!("{id}: {e}"));
    }
    assert_eq!(encoder.finish(), wire, "{id}");
}

#[test]
fn messages_of_other_implementations() {
    let cases = cases("iso87_");
    assert_eq!(cases.len(), 6);
    cases.iter().for_each(round_trip);
}

#[test]
fn the_benchmark_message() {
    let cases = cases("purchase_");
    assert_eq!(cases.len(), 1);
    round_trip(&cases[0]);
}

/// Reads `a2:19 ascii` and the like.
fn field(definition: &str) -> Field {
    let (length, encoding) = definition.split_once(' ').unwrap();
    let class = match encoding {
        "numeric" | "bcd" | "bcd l0" => Class::N,
        "bin" => Class::B,
        _ => Class::Ans,
    };
    let number = |text: &str| text.parse::<u16>().unwrap();
    let field = match length.split_once(':') {
        None => Field::fixed(class, number(&length[1..])),
        Some((prefix, max)) => {
            let digits: u8 = prefix[1..].parse().unwrap();
            // Some of these specs allow more than their prefix can say.
            let max = number(max).min(10_u16.pow(u32::from(digits)) - 1);
            match &prefix[..1] {
                "a" => Field::variable(class, Prefix::ascii(digits), max),
                _ => Field::variable(class, Prefix::bcd(digits), max),
            }
        }
    };
    if encoding.starts_with("bcd") { field.encoded(Encoding::Bcd) } else { field }
}

#[test]
fn each_fault_is_placed() {
    let cases = cases("malformed_");
    assert!(cases.len() > 40, "{}", cases.len());
    for case in cases {
        let id = &case["id"];
        let wire = bytes(case["hex"].as_str().unwrap());
        let table: Vec<Option<Field>>;
        let own;
        let spec = if let Some(name) = case["spec"].as_str() {
            dialect::by_name(name).unwrap()
        } else {
            let fields = case["spec"]["fields"].as_object().unwrap();
            table = (0..=128)
                .map(|n: u16| fields.get(&n.to_string()).map(|f| field(f.as_str().unwrap())))
                .collect();
            let mti = match case["spec"]["mti"].as_str().unwrap() {
                "bcd" => MtiEncoding::Bcd,
                _ => MtiEncoding::Ascii,
            };
            let bitmap = match case["spec"]["bitmap"].as_str().unwrap() {
                "bin" => BitmapEncoding::Binary,
                _ => BitmapEncoding::Hex,
            };
            own = Spec::try_new("case", mti, bitmap, &table).unwrap();
            &own
        };
        let Err(error) = MessageRef::parse(spec, &wire) else { panic!("{id} was accepted") };
        let path = case["path"].as_str().unwrap();
        assert!(path == "any" || error.path().to_string() == path, "{id}: {error}");
        if let Some(offset) = case["offset"].as_u64() {
            assert_eq!(u64::from(error.offset()), offset, "{id}: {error}");
        }
        let text = error.to_string();
        assert!(text.is_ascii() && !text.contains('\n'), "{id}: {text}");
    }
}
