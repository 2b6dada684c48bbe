//! Answers printed: for people, or as JSON.

use std::io::{self, Write};

use serde_json::{Map, Value};

use super::printed;
use crate::failure::Failure;
use crate::ops::{self, Outputs};

/// Asks an operation and prints its answer.
pub(super) fn ask<const N: usize>(
    op: &str,
    inputs: [(&str, Value); N],
    json: bool,
) -> Result<(), Failure> {
    let inputs = inputs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    print(&ops::run(op, inputs)?, json)
}

/// Prints outputs.
pub(super) fn print(outputs: &Outputs, json: bool) -> Result<(), Failure> {
    if json { as_json(outputs) } else { lines(&describe(outputs)) }
}

/// Prints outputs as one line of JSON.
pub(super) fn as_json(outputs: &Outputs) -> Result<(), Failure> {
    lines(&Value::Object(outputs.clone()).to_string())
}

/// Prints lines; the last of them is ended here.
pub(super) fn lines(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    printed(writeln!(out, "{text}").and_then(|()| out.flush()))
}

/// A single output alone, for scripts; several with their names in a column.
fn describe(outputs: &Outputs) -> String {
    let mut rows = Vec::new();
    flatten(outputs, &mut rows);
    if let [(name, value)] = rows.as_slice() {
        return if value == "true" { name.clone() } else { value.clone() };
    }
    let width = rows.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
    let rows: Vec<String> =
        rows.iter().map(|(name, value)| format!("{name:width$}  {value}")).collect();
    rows.join("\n")
}

fn flatten(outputs: &Map<String, Value>, rows: &mut Vec<(String, String)>) {
    for (name, value) in outputs {
        match value {
            Value::Object(inner) => flatten(inner, rows),
            Value::String(text) => rows.push((name.clone(), text.clone())),
            other => rows.push((name.clone(), other.to_string())),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn one_output_stands_alone_and_several_in_columns() {
        let shown = |value: Value| describe(value.as_object().unwrap());
        assert_eq!(shown(json!({"block": "0412"})), "0412");
        assert_eq!(shown(json!({"valid": true})), "valid");
        assert_eq!(shown(json!({"a": "1", "keys": {"PIN": "2"}})), "a    1\nPIN  2");
    }
}
