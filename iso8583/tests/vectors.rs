//! Known messages and known faults, from `tests/vectors/`.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    missing_docs,
    reason = "a test says what it expects by panicking"
)]
#![cfg(feature = "alloc")]

#[path = "reading/cases.rs"]
mod cases;
#[path = "reading/compact_spec.rs"]
mod compact_spec;

use cases::{bytes, cases, hex, json};
use iso8583_wire::dialect::{self, iso87};
use iso8583_wire::{
    BitmapEncoding, Class, Encoder, Field, FieldRef, Message, MessageRef, MtiEncoding, Path,
    Prefix, Spec,
};
use serde_json::{Map, Value};

/// ISO 8583:1987 in ASCII with a binary bitmap, 52 and 55 binary: the benchmark's dialect.
static PURCHASE: Spec = Spec::new("purchase", MtiEncoding::Ascii, BitmapEncoding::Binary, &TABLE);
static TABLE: [Option<Field>; 129] = iso87::with(
    iso87::with(iso87::ASCII_FIELDS, 52, Field::fixed(Class::B, 8)),
    55,
    Field::variable(Class::B, Prefix::ascii(3), 999),
);

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
    assert_lossless(id, spec, &wire);
}

#[test]
fn messages_under_shipped_dialects() {
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

#[test]
fn messages_of_other_implementations() {
    let cases = cases("messages_");
    assert_eq!(cases.len(), 29);
    for case in cases {
        let id = &case["id"];
        let (dialect, header) = compact_spec::read(&case["spec"]);
        let spec = dialect.spec().unwrap();
        let all = bytes(case["hex"].as_str().unwrap());
        let (before, wire) = all.split_at(header);
        assert_eq!(hex(before), case["header"].as_str().unwrap_or_default(), "{id}");
        let message = MessageRef::parse(&spec, wire).unwrap_or_else(|e| panic!("{id}: {e}"));
        assert_eq!(message.mti().to_string(), case["mti"].as_str().unwrap(), "{id}");
        let fields: Map<_, _> =
            message.iter().map(|f| (f.number().to_string(), json(&f))).collect();
        assert_eq!(Value::from(fields), case["fields"], "{id}");
        assert_lossless(id, &spec, wire);
    }
}

/// Asserts that a message is written as it was read, and that a field or a part that is changed changes nothing else.
fn assert_lossless(id: &Value, spec: &Spec<'_>, wire: &[u8]) {
    let message = MessageRef::parse(spec, wire).unwrap();
    assert_eq!(Message::from(&message).encode_to_vec().unwrap(), wire, "{id}");
    for field in &message {
        let path = vec![field.number()];
        assert_edited_alone(id, &message, &path, &field);
        for part in field.parts() {
            assert_edited_alone(id, &message, &[field.number(), part.number()], &part);
        }
    }
}

fn assert_edited_alone(
    id: &Value,
    message: &MessageRef<'_, '_>,
    path: &[u16],
    field: &FieldRef<'_, '_>,
) {
    let numbers = path.iter().map(u16::to_string).collect::<Vec<_>>().join(".");
    let path: Path = numbers.parse().unwrap();
    let mut changed = Message::from(message);
    let text = field.exposed().to_string();
    let class = field.definition().class();
    let edited = match (class, field.layout()) {
        // Its parts are edited, or another crate's business.
        (_, Some(_)) => return,
        (Class::B, None) => {
            let value: Vec<u8> = bytes(&text).iter().map(|byte| !byte).collect();
            changed.set_bytes(path, &value)
        }
        // A sign is not a digit; the last character is one in every class.
        _ => match text.char_indices().last() {
            Some((at, last)) => changed
                .set_text(path, &format!("{}{}", &text[..at], if last == '7' { '8' } else { '7' })),
            None => return,
        },
    };
    edited.unwrap_or_else(|e| panic!("{id} {numbers}: {e}"));
    let after = changed.encode_to_vec().unwrap();
    let wire = message.wire();
    let start = field.wire().as_ptr().addr() - wire.as_ptr().addr();
    let end = start + field.wire().len();
    assert_eq!(after.len(), wire.len(), "{id} {numbers}");
    assert_eq!((&after[..start], &after[end..]), (&wire[..start], &wire[end..]), "{id} {numbers}");
    assert_ne!(&after[start..end], field.wire(), "{id} {numbers}");
    let again = MessageRef::parse(message.spec(), &after).unwrap();
    assert_eq!(again.carried(), message.carried());
}

#[test]
fn each_fault_is_placed() {
    let cases = cases("malformed_");
    assert_eq!(cases.len(), 57);
    for case in cases {
        let id = &case["id"];
        let wire = bytes(case["hex"].as_str().unwrap());
        let written;
        let spec = match case["spec"].as_str() {
            Some(name) => *dialect::by_name(name).unwrap(),
            None => {
                written = compact_spec::read(&case["spec"]).0;
                written.spec().unwrap()
            }
        };
        let Err(error) = MessageRef::parse(&spec, &wire) else { panic!("{id} was accepted") };
        let path = case["path"].as_str().unwrap();
        let expected = match path {
            "t" | "0" => "mti",
            "p" => "bitmap",
            path => path,
        };
        assert!(path == "any" || error.path().to_string() == expected, "{id}: {error}");
        if let Some(offset) = case["offset"].as_u64() {
            assert_eq!(u64::from(error.offset()), offset, "{id}: {error}");
        }
        let text = error.to_string();
        assert!(text.is_ascii() && !text.contains('\n'), "{id}: {text}");
        let partial = MessageRef::parse_partial(&spec, &wire);
        assert_eq!(partial.fault(), Some(error), "{id}");
    }
}
