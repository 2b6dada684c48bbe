//! `paytool dol`: a data object list, and the data that answer it.

use std::collections::HashMap;

use emv_tlv::{Dol, FittedEntry, MaskedValue, Tag, walk};
use serde_json::json;

use super::explain::{self, entry};
use super::{hex_argument, report};
use crate::failure::Failure;
use crate::hex;
use crate::ops::{dol::check_length, tlv::located};

/// Show what a data object list (PDOL, CDOL1, ..) asks for, and how values are made to fit it
///
/// Card numbers, tracks, names, PIN data and cryptograms are masked.
#[derive(clap::Args)]
pub(super) struct Args {
    /// The list in hex
    #[arg(default_value = "-")]
    hex: String,
    /// Fill the list from these BER-TLV objects in hex, and say what is cut, added or missing
    #[arg(long, value_name = "TLV")]
    from: Option<String>,
    /// Show every value whole, and the data
    #[arg(long, requires = "from")]
    clear: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &Args) -> Result<(), Failure> {
    let digits = hex_argument::read("hex", &args.hex)?;
    if args.json && args.from.is_none() {
        return report::ask("dol.parse", [("hex", digits.into())], true);
    }
    let bytes = hex::decode(&digits)?;
    let list = Dol::parse(&bytes)?;
    match &args.from {
        Some(from) => fill(&list, &hex::decode(&hex_argument::read("from", from)?)?, args),
        None => {
            for (tag, length) in list.entries() {
                report::lines(&entry(tag, length))?;
            }
            report::lines(&total(&list))
        }
    }
}

/// Fills the list, and shows each entry with its part of the data and what was done to fit it.
fn fill(list: &Dol<'_>, objects: &[u8], args: &Args) -> Result<(), Failure> {
    check_length(list, "hex")?;
    let values = values(objects)?;
    let value = |tag| values.get(&tag).copied();
    let mut buffer = vec![0; list.data_len()];
    let data = list.fill(&mut buffer, value)?;
    let parts = list.split(data)?.map(|(tag, part)| {
        if args.clear { hex::encode(part) } else { MaskedValue::doubted(tag, part).to_string() }
    });
    let entries = list.explain(value).zip(parts);
    if args.json {
        let entries: Vec<_> = entries.map(|(entry, value)| as_json(&entry, &value)).collect();
        let mut filled = json!({ "entries": entries, "total": list.data_len() });
        if args.clear
            && let Some(filled) = filled.as_object_mut()
        {
            filled.insert("data".to_owned(), hex::encode(data).into());
        }
        return report::lines(&filled.to_string());
    }
    for (entry, value) in entries {
        // A length stands for the value, so it is no value.
        let colon = if value.starts_with('(') { "" } else { ":" };
        let line = explain::entry(entry.tag, entry.length);
        report::lines(&format!("{line}{colon} {value}, {}", entry.fit))?;
    }
    report::lines(&total(list))?;
    if args.clear { report::lines(&format!("data     {}", hex::encode(data))) } else { Ok(()) }
}

/// The values at hand: of a tag that stands more than once the first, wherever in the tree.
fn values(objects: &[u8]) -> Result<HashMap<Tag, &[u8]>, Failure> {
    let mut values = HashMap::new();
    let mut walk = walk(objects);
    while let Some(object) = walk.next() {
        let object = object.map_err(|error| located(error, &walk).of("from"))?;
        if !object.is_constructed() {
            values.entry(object.tag()).or_insert(object.value());
        }
    }
    Ok(values)
}

fn as_json(entry: &FittedEntry, value: &str) -> serde_json::Value {
    json!({
        "tag": entry.tag.to_string(), "length": entry.length, "value": value, "known": entry.known,
        "fit": entry.fit.to_string(),
    })
}

fn total(list: &Dol<'_>) -> String {
    format!("total    {:3}", list.data_len())
}
