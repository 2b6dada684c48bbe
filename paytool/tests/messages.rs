//! ISO 8583 messages through `paytool batch`: dialects, headers, parts, and faults at their places.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test says what it expects by panicking"
)]

#[path = "asking/batch.rs"]
mod asking;
#[path = "asking/fault.rs"]
mod fault;

use asking::{answers, ask};
use fault::kind;
use serde_json::{Value, json};

#[test]
fn dialects_and_fields_that_are_none() {
    for (spec, expected) in [
        (json!("iso87"), "unknown_spec"),
        (json!(""), "unknown_spec"),
        (json!({"mti": "ascii"}), "missing_input"),
        (json!({"mti": "utf8", "bitmap": "bin", "fields": {}}), "invalid_spec"),
        (json!({"mti": "ascii", "bitmap": "bin", "fields": {}, "names": {}}), "unknown_input"),
        (json!({"mti": "ascii", "bitmap": "bin", "fields": {"02": "f1 ascii"}}), "invalid_spec"),
        (json!({"mti": "ascii", "bitmap": "bin", "fields": {"193": "f1 ascii"}}), "invalid_spec"),
        (json!({"mti": "ascii", "bitmap": "bin", "fields": {"2": 6}}), "invalid_spec"),
        (json!(1), "wrong_type"),
        (json!(null), "missing_input"),
    ] {
        assert_eq!(
            kind(&json!({"op": "iso8583.parse", "spec": spec, "hex": ""})),
            expected,
            "{spec}"
        );
    }
    let encode = |fields: Value| json!({"op": "iso8583.encode", "spec": "iso87-bcd", "mti": "0200", "fields": fields});
    for (fields, expected) in [
        (json!({"1": "0000"}), "undefined_field"),
        (json!({"129": "0"}), "undefined_field"),
        (json!({"02": "4111111111111111"}), "invalid_value"),
        (json!({"256": "1"}), "invalid_value"),
        (json!({"mac": "1"}), "invalid_value"),
        (json!({"11": 42}), "wrong_type"),
        (json!({"11": "42"}), "wrong_length"),
        (json!({"11": "00004x"}), "invalid_character"),
        (json!({"52": "11223344556677"}), "wrong_length"),
        (json!({"52": "112233445566778"}), "odd_length"),
        (json!({"48": {"1": "x"}}), "wrong_type"),
        (json!([]), "wrong_type"),
    ] {
        assert_eq!(kind(&encode(fields.clone())), expected, "{fields}");
    }
    let answer = ask(&encode(json!({"11": "42"})));
    assert_eq!(answer["error"]["path"], "11");
    assert_eq!(ask(&encode(json!({"41": "T1", "11": "000042", "3": null})))["ok"], true);
}

#[test]
fn a_dialect_that_contradicts_itself_is_refused_with_its_rule_and_its_field() {
    let parse = |fields: Value| json!({"op": "iso8583.parse", "hex": "", "spec": {"mti": "ascii", "bitmap": "ahex", "fields": fields}});
    for (fields, path, rule) in [
        (json!({"4": "f0 ascii"}), "4", "no_length: a value needs room for at least one unit"),
        (json!({"4": "a0:5 ascii"}), "4", "prefix_size: a length prefix has a size of 1 to 6"),
        (
            json!({"4": "f3 ascii l0"}),
            "4",
            "pad_without_nibble: only packed digits that are counted in digits have a pad nibble",
        ),
        (
            json!({"1": "f3 ascii"}),
            "1",
            "no_data_element: entry 0 and entries whose bit announces a bitmap are no data elements and must be None",
        ),
        (
            json!({"48": {"outer": "a3:99 bin", "kind": "positional", "fields": {"1": "f2 ascii", "2": "b9:9 ascii"}}}),
            "48.2",
            "prefix_size: a length prefix has a size of 1 to 6",
        ),
        (
            json!({"48": {"outer": "a3:99 bin", "kind": "bitmap", "bytes": 1, "enc": "bin", "fields": {"9": "f2 ascii"}}}),
            "48.9",
            "part_numbers: a composite's parts are in ascending order of numbers that its layout can tell apart",
        ),
    ] {
        let error = &ask(&parse(fields))["error"];
        assert_eq!((&error["kind"], &error["path"]), (&json!("invalid_spec"), &json!(path)));
        assert_eq!(error["message"], format!("`spec`: field {path}: {rule}"));
    }
    let deep = json!({"outer": "a1:9 bin", "kind": "positional", "fields": {"1": "f1 ascii"}});
    let nest =
        |inner: Value| json!({"outer": "a1:9 bin", "kind": "positional", "fields": {"1": inner}});
    let three = nest(nest(deep));
    assert_eq!(kind(&parse(json!({"48": three}))), "truncated");
    assert_eq!(kind(&parse(json!({"48": nest(three)}))), "invalid_spec");
}

#[test]
fn the_readmes_dialect_is_one() {
    let readme = include_str!("../README.md");
    let spec = readme.split("```json").nth(1).unwrap().split("```").next().unwrap();
    let spec: Value = serde_json::from_str(spec).unwrap();
    let request = json!({"op": "iso8583.encode", "spec": spec, "mti": "0100", "header": "0000", "fields": {
        "2": "4111111111111111", "35": "41=28", "48": {"42": "1"}, "55": {"9A": "26"},
    }});
    let hex = ask(&request)["hex"].as_str().unwrap().to_owned();
    // One byte of length that counts digits, and a nibble to fill the last byte.
    assert!(hex.contains("0541D280"), "{hex}");
}

#[test]
fn parts_headers_and_text_in_gbk() {
    let spec = json!({"mti": "e500", "bitmap": "ehex", "bitmap_fixed": 16, "header": 2, "fields": {
        "43": "b2:40 gbk",
        "48": {"outer": "e3:999 e500", "kind": "taglen", "tag": 2, "len": 2, "cs": "e", "fields": {"07": "f2 e500"}},
        "55": {"outer": "x1:255 ahex", "kind": "bertlv"},
        "60": {"outer": "x2:999 bin", "kind": "bitmap", "enc": "ehex", "bytes": 1, "header": 1, "fields": {
            "1": "f2 latin1", "8": {"outer": "x1:9 bin", "kind": "positional", "fields": {"1": "f2 bcd", "2": "f1 bin"}}}},
    }});
    let fields = json!({
        "43": "\u{4E2D}\u{56FD}A",
        "48": {"07": "42", "99": ["\u{E9}", ""]},
        "55": {"9F02": "01", "9A": ["26", ""], "71": "FF"},
        "60": {"h": "FE", "1": "\u{E9}!", "8": {"1": "42", "2": "FF"}},
    });
    let written = ask(
        &json!({"op": "iso8583.encode", "spec": spec, "mti": "0800", "header": "6000", "fields": fields}),
    );
    let hex = written["hex"].as_str().unwrap_or_else(|| panic!("{written}"));
    assert!(hex.starts_with("6000F0F8F0F0"));
    assert!(hex.contains("05D6D0B9FA41"), "{hex}");
    let read = ask(&json!({"op": "iso8583.parse", "spec": spec, "hex": hex}));
    assert_eq!((&read["fields"], &read["header"]), (&fields, &json!("6000")));
    let no_header = ask(&json!({"op": "iso8583.parse", "spec": spec, "hex": "60"}));
    assert_eq!(
        (&no_header["error"]["path"], &no_header["error"]["offset"]),
        (&json!("mti"), &json!(0))
    );
    for (change, path, expected) in [
        (json!({"60": {"2": "x"}}), "60.2", "undefined_field"),
        (json!({"60": {"8": {"2": "FF"}}}), "60.8.2", "field_order"),
        (json!({"60": {"one": "x"}}), "60", "invalid_value"),
        (json!({"48": {"7": "42"}}), "48", "invalid_value"),
        (json!({"55": {"9F": "00"}}), "55", "truncated_tag"),
        (json!({"55": "9F"}), "55", "truncated_tag"),
        (json!({"43": "\u{1F600}"}), "43", "invalid_character"),
    ] {
        let answer = ask(
            &json!({"op": "iso8583.encode", "spec": spec, "mti": "0800", "header": "6000", "fields": change}),
        );
        assert_eq!(
            (&answer["error"]["path"], &answer["error"]["kind"]),
            (&json!(path), &json!(expected)),
            "{answer}"
        );
    }
}

#[test]
fn bitmaps_of_parts_are_written_in_one_case() {
    let bits = |encoding: &str| {
        json!({"mti": "ascii", "bitmap": "bin", "fields": {"2": {
        "outer": "a3:99 bin", "kind": "bitmap", "bytes": 2, "enc": encoding,
        "fields": {"1": "f1 bin", "2": "f1 ascii", "9": "f1 bin", "10": "f1 ascii"}}}})
    };
    for (encoding, expected) in [("ahex", "43304330"), ("ehex", "C3F0C3F0")] {
        // What looks like digits of lower case in a value is none of the bitmap's.
        let parts = json!({"1": "81", "2": "a", "9": "81", "10": "b"});
        let request = json!({"op": "iso8583.encode", "spec": bits(encoding), "mti": "0200", "fields": {"2": parts}});
        let answer = ask(&request);
        assert!(answer["hex"].as_str().unwrap().contains(expected), "{answer}");
    }
}

#[test]
fn tags_that_are_no_numbers_come_back() {
    for (characters, tag, body) in
        [("a", "ZB", "5A423031"), ("e", "ZB", "E9C2F0F1"), ("a", "3420", "34203031")]
    {
        let spec = json!({"mti": "ascii", "bitmap": "bin", "fields": {
            "2": {"outer": "b2:40 bin", "kind": "taglen", "tag": 2, "len": 2, "cs": characters}}});
        let value = if characters == "e" { "A7" } else { "78" };
        let hex = format!("30323030400000000000000005{body}{value}");
        let read = ask(&json!({"op": "iso8583.parse", "spec": spec, "hex": hex}));
        assert_eq!(read["fields"], json!({"2": {tag: "x"}}), "{read}");
        let fields = &read["fields"];
        let written =
            ask(&json!({"op": "iso8583.encode", "spec": spec, "mti": "0200", "fields": fields}));
        assert_eq!(written["hex"], hex);
        // A tag that is no number is no part of a path.
        let cut = ask(
            &json!({"op": "iso8583.parse", "spec": spec, "hex": hex.replace("0000000005", "0000000004")}),
        );
        assert_eq!(cut["error"]["path"], "2");
    }
}

#[test]
fn a_header_counts_in_the_text_of_an_error_too() {
    let spec = json!({"mti": "ascii", "bitmap": "bin", "header": 2, "fields": {"2": "f2 numeric"}});
    let answer = ask(
        &json!({"op": "iso8583.parse", "spec": spec, "hex": "AABB3032303040000000000000003178"}),
    );
    assert_eq!(answer["error"]["offset"], 14);
    assert_eq!(
        answer["error"]["message"],
        "field 2 at byte 14: byte 1 of the value is not admitted by class n"
    );
}

#[test]
fn a_fault_in_tlv_in_hexadecimal_or_in_a_part_is_placed() {
    let tlv = |outer: &str| json!({"outer": outer, "kind": "bertlv"});
    let spec = json!({"mti": "ascii", "bitmap": "bin", "fields": {
        "48": {"outer": "a3:999 bin", "kind": "positional", "fields": {"1": "f1 ascii", "2": tlv("a3:999 bin")}},
        "55": tlv("a3:999 ahex")}});
    let parse =
        |hex: &str| ask(&json!({"op": "iso8583.parse", "spec": spec, "hex": hex}))["error"].clone();
    let error = parse("303230300000000000010000303037783030339F0204");
    assert_eq!((&error["path"], &error["offset"]), (&json!("48.2"), &json!(22)));
    let error = parse("303230300000000000000200303033383230323034");
    assert_eq!((&error["path"], &error["offset"]), (&json!("55"), &json!(19)));
}

#[test]
fn a_fault_in_a_fields_tlv_is_the_fields() {
    let spec = json!({"mti": "ascii", "bitmap": "ahex", "fields": {"3": "f2 ascii", "55": {"outer": "a3:255 bin", "kind": "bertlv"}, "70": "f3 ascii"}});
    let parse = |tlv: &[u8]| {
        let length = format!("{:03}", tlv.len());
        let head = b"0800A0000000000002000400000000000000";
        let wire = [&head[..], b"42", length.as_bytes(), tlv, b"301"].concat();
        let hex: String = wire.iter().map(|byte| format!("{byte:02X}")).collect();
        ask(&json!({"op": "iso8583.parse", "spec": spec, "hex": hex, "partial": true}))
    };
    let answer = parse(b"\x9A\x01\x26\x9F\x02\x01\x05");
    assert_eq!(answer["fields"], json!({"3": "42", "55": {"9A": "26", "9F02": "05"}, "70": "301"}));
    let answer = parse(b"\x9A\x01\x26\x9F\x02\x09\x05");
    assert_eq!(answer["error"]["path"], "55");
    // 36 bytes of head, field 3, the length, an object, and tag and length of the one at fault.
    assert_eq!(answer["error"]["offset"], 36 + 2 + 3 + 3 + 3);
    assert_eq!(answer["fields"], json!({"3": "42"}));
}

#[test]
fn what_stands_before_a_fault_is_shown_when_asked_for() {
    let fields = json!({"2": "4111111111111111", "4": "000000001999", "52": "1122334455667788", "100": "12345"});
    for spec in ["iso87-ascii", "iso87-bcd", "pos-demo"] {
        let fields = if spec == "pos-demo" {
            json!({"2": "4111111111111111", "4": "000000001999", "100": "12345"})
        } else {
            fields.clone()
        };
        let request =
            json!({"op": "iso8583.encode", "spec": spec, "mti": "0200", "fields": fields});
        let hex = ask(&request)["hex"].as_str().unwrap().to_owned();
        let parse = |hex: &str, partial: bool| {
            json!({"op": "iso8583.parse", "spec": spec, "hex": hex, "partial": partial})
                .to_string()
                .into_bytes()
        };
        let cut: Vec<String> = (0..hex.len()).step_by(2).map(|end| hex[..end].to_owned()).collect();
        let short: Vec<Value> =
            answers(&cut.iter().map(|hex| parse(hex, true)).collect::<Vec<_>>());
        let mut most = 0;
        for answer in &short {
            assert_eq!(answer["ok"], false);
            let Some(read) = answer["fields"].as_object() else {
                assert_eq!(answer["error"]["path"], "mti");
                continue;
            };
            assert_eq!(answer["mti"], "0200");
            assert!(read.iter().all(|(name, value)| fields[name] == *value));
            // The field at fault is the next one.
            let next = fields.as_object().unwrap().keys().nth(read.len()).unwrap();
            let path = answer["error"]["path"].as_str().unwrap();
            assert!(
                path == next || (read.is_empty() && matches!(path, "bitmap" | "1")),
                "{answer}"
            );
            assert!(read.len() >= most);
            most = read.len();
        }
        assert_eq!(most, fields.as_object().unwrap().len() - 1);
        let left_over = answers(&[parse(&format!("{hex}00"), true)]).remove(0);
        assert_eq!(left_over["error"]["kind"], "trailing_bytes");
        assert_eq!(left_over["fields"], fields);
        let plain = answers(&[parse(&cut[cut.len() - 1], false)]).remove(0);
        assert!(plain.get("fields").is_none() && plain.get("mti").is_none());
        assert_eq!(answers(&[parse(&hex, true)]).remove(0)["fields"], fields);
    }
}

#[test]
fn a_dialects_header_is_found_or_said() {
    let parse = |spec: &str, hex: &str, header_len: Value| {
        ask(&json!({"op": "iso8583.parse", "spec": spec, "hex": hex, "header_len": header_len}))
    };
    let header = "6000030000603100310100";
    let message = "08000020000000000000000042";
    for header_len in [Value::Null, json!(11)] {
        let answer = parse("up-pos", &format!("{header}{message}"), header_len);
        assert_eq!(
            (&answer["header"], &answer["mti"]),
            (&json!(header), &json!("0800")),
            "{answer}"
        );
    }
    for header_len in [Value::Null, json!(0)] {
        let answer = parse("up-pos", message, header_len);
        assert_eq!((&answer["header"], &answer["mti"]), (&Value::Null, &json!("0800")), "{answer}");
    }
    // An identifier that is not 60, and a message type that is none.
    let answer = parse("up-pos", &format!("68{}{message}", &header[2..]), Value::Null);
    assert_eq!(answer["mti"], "0800", "{answer}");
    let base1 = format!("160102002F{}", "00".repeat(17));
    let answer = parse("visa-base1", &format!("{base1}{message}"), Value::Null);
    assert_eq!((&answer["header"], &answer["mti"]), (&json!(base1), &json!("0800")), "{answer}");
    let echo = "F1F8F0F4F0F0F2F0F0F0F0F0F0F0F0F0F0F0F0F0F0F0F0F0F4F2";
    for header in ["", "C1C2C3C4C5C6C7C8C9"] {
        let answer = parse("amex-ebcdic", &format!("{header}{echo}"), Value::Null);
        assert_eq!(
            (&answer["mti"], &answer["fields"]["11"]),
            (&json!("1804"), &json!("000042")),
            "{answer}"
        );
    }
    let answer = parse("up-cups", "2E82", Value::Null);
    assert_eq!(answer["error"]["kind"], "truncated", "{answer}");
    assert_eq!((&answer["error"]["path"], &answer["error"]["offset"]), (&json!("mti"), &json!(0)));
    assert_eq!(parse("iso87-bcd", message, json!(99))["error"]["kind"], "truncated");
    let encode = json!({"op": "iso8583.encode", "spec": "up-pos", "mti": "0800", "fields": {}, "header": "60"});
    assert_eq!(kind(&encode), "invalid_value");
}
