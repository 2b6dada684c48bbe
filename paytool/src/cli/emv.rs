//! `paytool emv`: what the value of an EMV element says.

use clap::Subcommand;
use clap::builder::PossibleValuesParser;
use emv_tlv::dictionary::Kernel;
use emv_tlv::{MaskedValue, Tag};

use super::colour::Colour;
use super::explain::{Explain, facts, name};
use super::{hex_argument, report, tlv};
use crate::failure::Failure;
use crate::hex;
use crate::ops::emv::{unknown, unread};

/// Explain EMV data elements
#[derive(clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    Decode(DecodeArgs),
}

/// Say what a value means: bits of a TVR, rules of a CVM list, parts of issuer application data
///
/// Card numbers, tracks, names and what else identifies a card are masked.
#[derive(clap::Args)]
struct DecodeArgs {
    /// The element's tag in hex: 95
    tag: String,
    /// Its value in hex
    #[arg(default_value = "-")]
    hex: String,
    /// Read the tag as this contactless kernel or card application means it
    #[arg(long, value_parser = PossibleValuesParser::new(KERNELS.map(|(name, _)| name)))]
    kernel: Option<String>,
    /// The application identifier in hex, by which issuer application data (9F10) are read
    #[arg(long)]
    aid: Option<String>,
    /// Show every value whole
    #[arg(long)]
    clear: bool,
    #[command(flatten)]
    colour: Colour,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

const KERNELS: [(&str, Kernel); 10] = [
    ("c2", Kernel::C2),
    ("c3", Kernel::C3),
    ("c4", Kernel::C4),
    ("c5", Kernel::C5),
    ("c6", Kernel::C6),
    ("c7", Kernel::C7),
    ("c8", Kernel::C8),
    ("interac", Kernel::Interac),
    ("mchip", Kernel::MChip),
    ("cpa", Kernel::Cpa),
];

pub(super) fn run(args: &Args) -> Result<(), Failure> {
    let Action::Decode(args) = &args.action;
    let tag = hex_argument::read("tag", &args.tag)?
        .parse::<Tag>()
        .map_err(|error| Failure::from(error).of("tag"))?;
    let value = hex::decode(&hex_argument::read("hex", &args.hex)?)?;
    let aid = args.aid.as_deref().map(|aid| hex::decode(&hex_argument::read("aid", aid)?));
    let aid = aid.transpose()?;
    let kernel = |name: &String| KERNELS.iter().find(|(known, _)| known == name);
    let explain = Explain {
        clear: args.clear,
        kernel: args.kernel.as_ref().and_then(kernel).map(|(_, kernel)| *kernel),
        aid: aid.as_deref(),
    };
    let shown =
        if args.clear { hex::encode(&value) } else { MaskedValue::new(tag, &value).to_string() };
    let text = explain.shown(tag, &value, &shown).map_err(|error| unread(tag, error))?;
    let text =
        if text.is_empty() { vec![facts(explain.kernel, tag).ok_or_else(unknown)?] } else { text };
    if args.json {
        let answer = serde_json::json!({
            "tag": tag.to_string(), "name": name(explain.kernel, tag), "value": shown, "text": text,
        });
        return report::lines(&answer.to_string());
    }
    args.colour.lines(&tlv::named(explain.kernel, tag, &value, &shown))?;
    text.iter().try_for_each(|line| args.colour.lines(&format!("  {line}")))
}
