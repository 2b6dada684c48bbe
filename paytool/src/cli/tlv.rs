//! `paytool tlv`: a tree of data objects.

use emv_tlv::{Padding, Tlv, Walk, dictionary};

use super::{hex_argument, report};
use crate::failure::Failure;
use crate::hex;
use crate::ops::tlv::{located, objects};

/// Show BER-TLV as a tree with the elements' names
///
/// Card numbers, tracks, names, PIN data and cryptograms are masked.
#[derive(clap::Args)]
pub(super) struct Args {
    /// The objects in hex
    #[arg(default_value = "-")]
    hex: String,
    /// Skip FF between objects, as some cards pad
    #[arg(long)]
    lenient: bool,
    /// Show every value whole
    #[arg(long)]
    clear: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &Args) -> Result<(), Failure> {
    let bytes = hex::decode(&hex_argument::read("hex", &args.hex)?)?;
    let padding = if args.lenient { Padding::Lenient } else { Padding::Strict };
    if args.json {
        let objects = objects(&bytes, padding, |object| value(object, args.clear))?;
        return report::lines(&serde_json::json!({ "objects": objects }).to_string());
    }
    // What is sound before a fault is shown.
    let mut walk = Walk::new(&bytes).padding(padding);
    while let Some(object) = walk.next() {
        let object = object.map_err(|error| located(error, &walk))?;
        report::lines(&line(&object, args.clear))?;
    }
    Ok(())
}

/// Indented by depth: tag, name, value.
fn line(object: &Tlv<'_>, clear: bool) -> String {
    let indent = usize::from(object.depth()).saturating_mul(2);
    let name = dictionary::name(object.tag()).map_or_else(String::new, |name| format!(" {name}"));
    let value = value(object, clear && !object.is_constructed());
    // A length stands for the value, so it is no value.
    let colon = if value.starts_with('(') { "" } else { ":" };
    format!("{:indent$}{}{name}{colon} {value}", "", object.tag())
}

fn value(object: &Tlv<'_>, clear: bool) -> String {
    if clear { hex::encode(object.value()) } else { object.masked_value().to_string() }
}
