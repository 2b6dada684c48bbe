//! `paytool iso`: ISO 8583 messages.

use std::fs;
use std::path::Path;

use clap::Subcommand;
use iso8583_wire::{Mti, Version, dialect};
use serde_json::{Map, Value};

use super::{hex_argument, report, unreadable};
use crate::dialect::Dialect;
use crate::failure::Failure;
use crate::hex;
use crate::ops::Outputs;
use crate::ops::iso8583::{Look, shown};

/// Read and write ISO 8583 messages
#[derive(clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    Parse(Parse),
    Encode(Encode),
}

/// Show a message's fields with their names
///
/// Card numbers, tracks, PIN blocks, codes and fields of unknown content are masked.
#[derive(clap::Args)]
struct Parse {
    /// The dialect by its name, such as iso87-bcd (a wrong name lists all), or a JSON file that writes one out
    #[arg(long)]
    spec: String,
    /// The message in hex, without the length in front
    #[arg(default_value = "-")]
    hex: String,
    /// Bytes before the message type; else what the dialect's messages come behind, if it is there
    #[arg(long)]
    header_len: Option<u64>,
    /// Show every value whole
    #[arg(long)]
    clear: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Write a message in hex
#[derive(clap::Args)]
struct Encode {
    /// The dialect by its name, such as iso87-bcd (a wrong name lists all), or a JSON file that writes one out
    #[arg(long)]
    spec: String,
    /// The message type indicator
    #[arg(long)]
    mti: String,
    /// The bytes before the message type indicator in hex, where the dialect has some
    #[arg(long)]
    header: Option<String>,
    /// Fields as NUMBER=VALUE, a binary value in hex; parts as NUMBER.NUMBER=VALUE
    #[arg(value_name = "NUMBER=VALUE")]
    fields: Vec<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: Args) -> Result<(), Failure> {
    match args.action {
        Action::Parse(args) => parse(&args),
        Action::Encode(args) => encode(args),
    }
}

fn parse(args: &Parse) -> Result<(), Failure> {
    let dialect = Dialect::read(&spec(&args.spec)?)?.behind(args.header_len);
    let wire = hex::decode(&hex_argument::read("hex", &args.hex)?)?;
    let look = if args.clear { Look::Clear } else { Look::Masked };
    match shown(&dialect, &wire, look) {
        Ok(message) if args.json => report::as_json(&message),
        Ok(message) => report::lines(&describe(&message)),
        Err(failure) => {
            if !args.json
                && let Some(before) = failure.read().filter(|read| read.contains_key("mti"))
            {
                report::lines(&describe(before))?;
            }
            Err(failure)
        }
    }
}

/// A dialect's name, or what a file that is named so writes out.
pub(super) fn spec(argument: &str) -> Result<Value, Failure> {
    let path = Path::new(argument);
    if !argument.ends_with(".json") {
        return Ok(argument.into());
    }
    let text = fs::read_to_string(path).map_err(|error| unreadable(&error))?;
    serde_json::from_str(&text).map_err(|error| {
        let message =
            format!("`spec`: no JSON at line {}, column {}", error.line(), error.column());
        Failure::new("invalid_json", message)
    })
}

/// The message type, then a line for each field and, indented, for each of its parts.
pub(super) fn describe(message: &Outputs) -> String {
    let mut lines = Vec::new();
    if let Some(header) = message.get("header").and_then(Value::as_str) {
        lines.push(format!("header: {header}"));
    }
    lines.extend(message.get("mti").and_then(Value::as_str).map(str::to_owned));
    let mti = message.get("mti").and_then(Value::as_str).and_then(|mti| mti.parse::<Mti>().ok());
    let edition = mti.map_or(Version::V1987, |mti| mti.version());
    let fields = message.get("fields").and_then(Value::as_object);
    for (number, value) in fields.into_iter().flatten() {
        let name = number
            .parse()
            .ok()
            .and_then(|number| dialect::name(edition, number))
            .unwrap_or("unknown");
        line(&mut lines, &format!("{number:>3} {name}"), value, 4);
    }
    lines.join("\n")
}

/// The recursion goes as deep as the answer, whose depth has a limit.
fn line(lines: &mut Vec<String>, label: &str, value: &Value, indent: usize) {
    match value {
        Value::Object(parts) => {
            lines.push(label.to_owned());
            for (number, value) in parts {
                let label = format!("{:indent$}{number}", "");
                line(lines, &label, value, indent.saturating_add(2));
            }
        }
        Value::Array(values) => values.iter().for_each(|value| line(lines, label, value, indent)),
        Value::String(text) => lines.push(format!("{label}: {text}")),
        other => lines.push(format!("{label}: {other}")),
    }
}

fn encode(args: Encode) -> Result<(), Failure> {
    let mut fields = Map::new();
    for field in args.fields {
        let Some((path, value)) = field.split_once('=') else {
            return Err(Failure::new("invalid_value", "a field is given as NUMBER=VALUE"));
        };
        if !set(&mut fields, path, value) {
            return Err(Failure::new(
                "invalid_value",
                "a field is given whole and in parts, or twice",
            ));
        }
    }
    let header = hex_argument::optional("header", args.header.as_deref())?;
    let spec = spec(&args.spec)?;
    let inputs =
        [("spec", spec), ("mti", args.mti.into()), ("fields", fields.into()), ("header", header)];
    report::ask("iso8583.encode", inputs, args.json)
}

/// Puts a value at a path; of parts, one more where one is there. `false` where a value and parts are in each other's place.
fn set(fields: &mut Map<String, Value>, path: &str, value: &str) -> bool {
    let Some((number, below)) = path.split_once('.') else {
        return match fields.get_mut(path) {
            None => fields.insert(path.to_owned(), value.into()).is_none(),
            Some(_) => false,
        };
    };
    let parts = fields.entry(number).or_insert_with(|| Map::new().into());
    let Value::Object(parts) = parts else { return false };
    if below.contains('.') || !parts.contains_key(below) {
        return set(parts, below, value);
    }
    match parts.get_mut(below) {
        Some(Value::Array(values)) => values.push(value.into()),
        Some(first @ Value::String(_)) => *first = Value::Array(vec![first.take(), value.into()]),
        _ => return false,
    }
    true
}
