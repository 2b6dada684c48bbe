//! Messages of the shipped dialects: what others wrote, and by hand where nobody published one.
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

use std::collections::BTreeSet;

use cases::{bytes, cases, hex, json};
use encoding_rs::GBK;
use iso8583_wire::dialect::{self, MC_IPM, UP_POS};
use iso8583_wire::{
    BitmapEncoding, Class, Encoding, Field, FieldRef, Length, Message, MessageRef, Sensitivity,
    Spec,
};
use serde_json::{Map, Value};

/// The shipped dialect that a message written by another implementation is in, by the case's name.
fn shipped(id: &str) -> Option<Spec<'static>> {
    let name = match id {
        "jpos-iso87a-full" | "jpos-iso87a-f64" | "moov-0100-short" | "erl8583-ascii-55-61" => {
            "iso87-ascii"
        }
        "jpos-iso87b-full" | "jposgen-iso87bin-0200" => "iso87-bcd",
        "jpos-postilion-0620" | "jposgen-post-0200" => "postilion",
        "jposgen-iso93a-1200" => "iso93-ascii",
        "j8583-ebcdic-1814" => "iso93-ebcdic",
        "jposgen-base1-0100" => "visa-base1",
        "cardutil-ipm-ascii" => "mc-ipm",
        "cardutil-ipm-ascii-hexbm" => return Some(MC_IPM.with_bitmap(BitmapEncoding::Hex)),
        "csdn-cups-0210" => "up-cups",
        // Dialects of one acquirer or one library's test, which nobody else speaks.
        "cup-pos-0800"
        | "hosseinassaran-tpdu-0200"
        | "stackoverflow-0820"
        | "moov-packunpack-mixed" => return None,
        _ if id.starts_with("nao-basei")
            || id.starts_with("py-")
            || id.starts_with("j8583-bin") =>
        {
            return None;
        }
        _ => panic!("{id}: say which dialect it is in"),
    };
    Some(*dialect::by_name(name).unwrap())
}

/// A field's value as the vector files write it.
fn value(field: &FieldRef<'_, '_>) -> Value {
    match field.definition().encoding() {
        Encoding::Raw => GBK.decode(field.data()).0.into(),
        _ => json(field),
    }
}

fn fields(message: &MessageRef<'_, '_>) -> Value {
    message
        .iter()
        .map(|field| (field.number().to_string(), value(&field)))
        .collect::<Map<_, _>>()
        .into()
}

#[test]
fn a_shipped_dialect_reads_what_the_compact_spec_of_a_message_reads() {
    let mut proven = BTreeSet::new();
    for case in cases("messages_") {
        let id = case["id"].as_str().unwrap();
        let Some(spec) = shipped(id) else { continue };
        let wire = bytes(case["hex"].as_str().unwrap());
        let message = MessageRef::parse(&spec, &wire).unwrap_or_else(|e| panic!("{id}: {e}"));
        assert_eq!(message.mti().to_string(), case["mti"].as_str().unwrap(), "{id}");
        let (compact, _) = compact_spec::read(&case["spec"]);
        let compact = compact.spec().unwrap();
        let expected = MessageRef::parse(&compact, &wire).unwrap();
        assert_eq!(fields(&message), fields(&expected), "{id}");
        assert_eq!(fields(&message), case["fields"], "{id}");
        assert_eq!(hex(&Message::from(&message).encode_to_vec().unwrap()), hex(&wire), "{id}");
        proven.insert(spec.name());
    }
    let names = [
        "iso87-ascii",
        "iso87-bcd",
        "iso93-ascii",
        "iso93-ebcdic",
        "mc-ipm",
        "postilion",
        "up-cups",
        "visa-base1",
    ];
    assert_eq!(proven.into_iter().collect::<Vec<_>>(), names);
}

#[test]
fn messages_by_hand_are_read_and_written() {
    let mut proven = BTreeSet::new();
    for case in cases("dialects_own") {
        let id = &case["id"];
        let spec = dialect::by_name(case["dialect"].as_str().unwrap()).unwrap();
        let wire = bytes(case["hex"].as_str().unwrap());
        let message = MessageRef::parse(spec, &wire).unwrap_or_else(|e| panic!("{id}: {e}"));
        assert_eq!(message.mti().to_string(), case["mti"].as_str().unwrap(), "{id}");
        assert_eq!(fields(&message), case["fields"], "{id}");
        assert_eq!(hex(&written(&message)), hex(&wire), "{id}");
        proven.insert(spec.name());
    }
    let published = ["iso87-ascii", "iso87-bcd", "iso93-ascii", "mc-ipm", "pos-demo", "up-pos"];
    let all: BTreeSet<_> = dialect::ALL.iter().map(|spec| spec.name()).collect();
    let by_hand: BTreeSet<_> = all.difference(&published.into()).copied().collect();
    assert_eq!(proven, by_hand);
}

/// The message written value by value.
fn written(message: &MessageRef<'_, '_>) -> Vec<u8> {
    let mut again = Message::new(message.spec(), message.mti());
    for field in message {
        let number = field.number();
        let text = field.exposed().to_string();
        let result = match field.definition().encoding() {
            _ if field.layout().is_some() => again.set_copy(&field),
            Encoding::Raw => again.set_bytes(number, field.data()),
            _ if field.definition().class() == Class::B => again.set_bytes(number, &bytes(&text)),
            _ => again.set_text(number, &text),
        };
        result.unwrap_or_else(|e| panic!("{e}"));
    }
    again.encode_to_vec().unwrap()
}

#[test]
fn unionpay_messages_are_read_and_written() {
    let cases = cases("unionpay_");
    assert_eq!(cases.len(), 29);
    for case in cases {
        let id = case["id"].as_str().unwrap();
        let all = bytes(case["hex"].as_str().unwrap());
        let before = match case["framing"].as_str().unwrap() {
            "len2+tpdu5+header6" => 13,
            "tpdu5+header6" => 11,
            _ => 0,
        };
        let (header, wire) = all.split_at(before);
        if let [high, low, ..] = header {
            if before == 13 {
                assert_eq!(usize::from(u16::from_be_bytes([*high, *low])), all.len() - 2, "{id}");
            }
            let said = format!(
                "{}{}",
                case["tpdu"].as_str().unwrap(),
                case["app_header"].as_str().unwrap()
            );
            assert!(hex(header).ends_with(&said), "{id}");
        }
        let message = MessageRef::parse(&UP_POS, wire).unwrap_or_else(|e| panic!("{id}: {e}"));
        assert_eq!(message.mti().to_string(), case["mti"].as_str().unwrap(), "{id}");
        let expected = case["fields"].clone();
        let mut read = fields(&message);
        // One acquirer has bytes in the text of field 63.
        if let Some(said) = expected.get("63").and_then(|said| said.as_str()?.strip_prefix("hex:"))
        {
            assert_eq!(hex(message.require(63).unwrap().data()), said, "{id}");
            read["63"] = expected["63"].clone();
        }
        assert_eq!(read, expected, "{id}");
        assert_eq!(hex(&written(&message)), hex(wire), "{id}");
        assert_eq!(hex(&Message::from(&message).encode_to_vec().unwrap()), hex(wire), "{id}");
    }
}

/// Public data elements that have room for a card number of 13 digits: where, which, and what they hold instead.
const SHOWN: &[(&[&str], &[u16], &str)] = &[
    (
        &[],
        &[22, 27, 41, 42, 43, 53],
        "point of service, terminal, acceptor, how a PIN is enciphered",
    ),
    (&[], &[86, 87, 88, 89, 90, 97, 98], "totals, what names the original, payee"),
    (
        &["iso87", "postilion", "visa", "up-cups", "cb2a", "pos-demo"],
        &[95, 101],
        "replacement amounts, file name",
    ),
    (
        &["iso93", "mc-ipm", "amex"],
        &[30, 31, 46, 56, 66, 101, 105, 106, 109, 110],
        "amounts, references, totals",
    ),
    (
        &["iso03", "jpos-cmf"],
        &[4, 5, 6, 12, 21, 30, 31, 46, 56, 66, 69, 70, 74, 75, 101, 109, 110],
        "amounts, times, totals, files",
    ),
    (&["mc-ipm"], &[63, 111], "life cycle of a transaction, currency conversion"),
    (&["up-pos"], &[44, 60, 61], "institutions, batch and network code, what names the original"),
];

/// Public parts with room for as much, of Postilion's field 127 and of the CMF.
const SHOWN_PARTS: &[(&str, &[u16])] =
    &[("postilion", &[2, 3, 4, 11, 12, 13]), ("jpos-cmf", &[1, 2, 3, 4, 5, 8, 9, 10, 11, 12])];

fn has_room(field: &Field) -> bool {
    let (Length::Fixed(room) | Length::UpTo(room) | Length::Variable { max: room, .. }) =
        field.length()
    else {
        return true;
    };
    let units = if field.class() == Class::B { room.saturating_mul(2) } else { room };
    field.sensitivity() == Sensitivity::Public && units >= 13 && field.composite().is_none()
}

#[test]
fn what_is_shown_has_no_room_for_a_card_number_but_where_it_is_known_to_hold_none() {
    for spec in dialect::ALL {
        let is_of = |dialects: &[&str]| {
            dialects.is_empty() || dialects.iter().any(|of| spec.name().starts_with(of))
        };
        for number in 2..=192 {
            let known = SHOWN
                .iter()
                .any(|(dialects, numbers, _)| is_of(dialects) && numbers.contains(&number));
            let shown = spec.field(number).is_some_and(has_room);
            assert!(known || !shown, "{} {number} is public", spec.name());
        }
        for part in spec.tables().subfields {
            let known = SHOWN_PARTS
                .iter()
                .any(|(of, numbers)| is_of(&[of]) && numbers.contains(&part.number()));
            assert!(known || !has_room(part.field()), "{} part {}", spec.name(), part.number());
        }
    }
}
