//! The vector files, and values as they write them.

use std::fs;
use std::path::Path as FilePath;

use iso8583_wire::{FieldRef, Layout};
use serde_json::{Map, Value};

/// The cases of all vector files whose names begin so.
pub(crate) fn cases(prefix: &str) -> Vec<Value> {
    let folder = FilePath::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors");
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if !path.file_name().unwrap().to_str().unwrap().starts_with(prefix) {
            continue;
        }
        let file: Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
        for key in ["source", "origin", "note"] {
            assert!(file[key].is_string(), "{path:?} lacks {key}");
        }
        all.extend(file["cases"].as_array().unwrap().iter().cloned());
    }
    assert!(!all.is_empty(), "no vectors named {prefix}");
    all
}

pub(crate) fn bytes(hex: &str) -> Vec<u8> {
    let byte = |at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap();
    (0..hex.len()).step_by(2).map(byte).collect()
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02X}")).collect()
}

/// A value as the vector files write it.
pub(crate) fn json(field: &FieldRef<'_, '_>) -> Value {
    match field.layout() {
        None => field.exposed().to_string().into(),
        Some(Layout::BerTlv) => {
            let mut objects = Map::new();
            let mut rest = field.data();
            // Tags of one or two bytes and short lengths are all that these messages have.
            while let [first, ..] = rest {
                let (tag, after) = rest.split_at(if first & 0x1F == 0x1F { 2 } else { 1 });
                let (value, after) = after[1..].split_at(after[0].into());
                objects.insert(hex(tag), hex(value).into());
                rest = after;
            }
            objects.into()
        }
        Some(_) => {
            let part = |part: FieldRef<'_, '_>| (part.label().to_string(), json(&part));
            field.parts().map(part).collect::<Map<_, _>>().into()
        }
    }
}
