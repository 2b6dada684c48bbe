//! `paytool iso`: ISO 8583 messages.

use clap::Subcommand;
use iso8583_wire::dialect::iso87;
use iso8583_wire::{FieldRef, MessageRef};
use serde_json::{Map, Value};

use super::{hex_argument, report};
use crate::failure::Failure;
use crate::hex;
use crate::ops::Outputs;
use crate::ops::iso8583::{find_spec, read_before, shown};

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
    /// The dialect: iso87-ascii, iso87-bcd, pos-demo
    #[arg(long)]
    spec: String,
    /// The message in hex, without the length in front
    #[arg(default_value = "-")]
    hex: String,
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
    /// The dialect: iso87-ascii, iso87-bcd, pos-demo
    #[arg(long)]
    spec: String,
    /// The message type indicator
    #[arg(long)]
    mti: String,
    /// Fields as NUMBER=VALUE, a binary value in hex
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
    let spec = find_spec(&args.spec)?;
    let wire = hex::decode(&hex_argument::read("hex", &args.hex)?)?;
    let show = |field: &FieldRef<'_, '_>| {
        if args.clear { field.exposed().to_string() } else { field.to_string() }
    };
    match MessageRef::parse(spec, &wire) {
        Ok(message) if args.json => report::as_json(&shown(&message, show)),
        Ok(message) => report::lines(&describe(&shown(&message, show))),
        Err(error) => {
            let before = read_before(spec, &wire, &error, show);
            if !args.json && !before.is_empty() {
                report::lines(&describe(&before))?;
            }
            Err(error.into())
        }
    }
}

/// The message type, then a line for each field.
fn describe(message: &Outputs) -> String {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let mut lines: Vec<String> = message.get("mti").map(text).into_iter().collect();
    let fields = message.get("fields").and_then(Value::as_object);
    lines.extend(fields.into_iter().flatten().map(|(number, value)| {
        let name = number.parse().ok().and_then(iso87::name).unwrap_or("unknown");
        format!("{number:>3} {name}: {}", text(value))
    }));
    lines.join("\n")
}

fn encode(args: Encode) -> Result<(), Failure> {
    let mut fields = Map::new();
    for field in args.fields {
        let Some((number, value)) = field.split_once('=') else {
            return Err(Failure::new("invalid_value", "a field is given as NUMBER=VALUE"));
        };
        if fields.insert(number.to_owned(), value.into()).is_some() {
            return Err(Failure::new("invalid_value", "a field is given twice"));
        }
    }
    let inputs = [("spec", args.spec.into()), ("mti", args.mti.into()), ("fields", fields.into())];
    report::ask("iso8583.encode", inputs, args.json)
}
