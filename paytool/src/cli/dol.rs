//! `paytool dol`: a data object list.

use emv_tlv::{Dol, dictionary};

use super::{hex_argument, report};
use crate::failure::Failure;
use crate::hex;

/// Show what a data object list (PDOL, CDOL1, ..) asks for
#[derive(clap::Args)]
pub(super) struct Args {
    /// The list in hex
    #[arg(default_value = "-")]
    hex: String,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &Args) -> Result<(), Failure> {
    let digits = hex_argument::read("hex", &args.hex)?;
    if args.json {
        return report::ask("dol.parse", [("hex", digits.into())], true);
    }
    let bytes = hex::decode(&digits)?;
    let list = Dol::parse(&bytes)?;
    for (tag, length) in list.entries() {
        let name = dictionary::name(tag).unwrap_or("unknown");
        report::lines(&format!("{tag:8} {length:3} {name}"))?;
    }
    report::lines(&format!("total    {:3}", list.data_len()))
}
