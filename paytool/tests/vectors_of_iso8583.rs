//! The vectors of `iso8583` through `paytool batch`: what the crate reads and writes, the tool does. They lie beside the crate, not in
//! this package, so this file stays out of it too.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test says what it expects by panicking"
)]

#[path = "asking/batch.rs"]
mod asking;
#[path = "asking/vectors.rs"]
mod vectors;

use std::fs;
use std::path::{Path, PathBuf};

use asking::{answers, ask};
use serde_json::{Value, json};
use vectors::cases;

/// The cases of every file of the crate's vectors that is named so.
fn messages(prefix: &str) -> Vec<Value> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../iso8583/tests/vectors");
    let named = |path: &PathBuf| path.file_name().unwrap().to_str().unwrap().starts_with(prefix);
    let paths = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).filter(named);
    paths
        .flat_map(|path| {
            let file: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
            file["cases"].as_array().unwrap().clone()
        })
        .collect()
}

#[test]
fn messages_of_other_implementations_to_their_fields_and_back() {
    let cases = messages("messages_");
    assert_eq!(cases.len(), 29);
    for case in cases {
        let id = &case["id"];
        let read = ask(&json!({"op": "iso8583.parse", "spec": case["spec"], "hex": case["hex"]}));
        for output in ["mti", "fields", "header"] {
            assert_eq!(read[output], case[output], "{id}");
        }
        let mut request = case.clone();
        for name in ["id", "src", "about", "hex", "written_otherwise"] {
            request.as_object_mut().unwrap().remove(name);
        }
        request["op"] = "iso8583.encode".into();
        let written = ask(&request);
        match case["written_otherwise"].as_str() {
            None => assert_eq!(written["hex"], case["hex"], "{id}"),
            Some(_) => assert_ne!(written["hex"], case["hex"], "{id}"),
        }
    }
}

#[test]
fn faults_of_other_implementations_messages_are_placed() {
    let cases = messages("malformed_");
    assert_eq!(cases.len(), 57);
    for case in cases {
        let id = &case["id"];
        let answer = ask(
            &json!({"op": "iso8583.parse", "spec": case["spec"], "hex": case["hex"], "partial": true}),
        );
        let error = &answer["error"];
        let path = case["path"].as_str().unwrap();
        let path = match path {
            "t" | "0" => "mti",
            "p" => "bitmap",
            path => path,
        };
        assert!(path == "any" || error["path"] == path, "{id}: {answer}");
        if !case["offset"].is_null() {
            assert_eq!(error["offset"], case["offset"], "{id}");
        }
        // What was read before it does not hold the field at fault.
        let top = path.split('.').next().unwrap();
        assert!(
            error["kind"] == "trailing_bytes" || answer["fields"].get(top).is_none(),
            "{id}: {answer}"
        );
    }
}

/// Parses and encodes each case of a vector file of `iso8583` under the dialect's name.
fn by_name(file: &str, dialect: impl Fn(&Value) -> String, bytes_before: impl Fn(&Value) -> usize) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../iso8583/tests/vectors");
    let cases = cases(&fs::read_to_string(folder.join(file)).unwrap());
    let wire = |case: &Value| case["hex"].as_str().unwrap()[bytes_before(case) * 2..].to_owned();
    let parse =
        |case: &Value| json!({"op": "iso8583.parse", "spec": dialect(case), "hex": wire(case)});
    let lines: Vec<_> = cases.iter().map(|case| parse(case).to_string().into_bytes()).collect();
    let parsed = answers(&lines);
    let encode = |case: &Value, answer: &Value| {
        json!({"op": "iso8583.encode", "spec": dialect(case), "mti": answer["mti"], "fields": answer["fields"],
            "header": answer["header"]})
    };
    let lines: Vec<_> = cases
        .iter()
        .zip(&parsed)
        .map(|(case, answer)| encode(case, answer).to_string().into_bytes())
        .collect();
    let encoded = answers(&lines);
    for ((case, answer), encoded) in cases.iter().zip(&parsed).zip(&encoded) {
        let id = &case["id"];
        assert_eq!(answer["mti"], case["mti"], "{id}: {answer}");
        for (number, value) in case["fields"].as_object().unwrap() {
            assert_eq!(answer["fields"][number], *value, "{id} {number}: {answer}");
        }
        assert_eq!(encoded["hex"], wire(case), "{id}: {encoded}");
    }
}

#[test]
fn every_shipped_dialect_by_its_name() {
    by_name("dialects_own.json", |case| case["dialect"].as_str().unwrap().into(), |_| 0);
    by_name(
        "unionpay_public.json",
        |_| "up-pos".into(),
        |case| {
            if case["framing"].as_str().unwrap().starts_with("len2") { 2 } else { 0 }
        },
    );
}
