//! `paytool keyblock`: TR-31, X9.143 and ISO 20038 key blocks.

mod anatomy;
mod explain;
mod faults;
mod hint;
mod opened;

use clap::Subcommand;
use serde_json::Value;

use super::colour::Colour;
use super::{hex_argument, report};
use crate::failure::Failure;
use crate::hex;

/// Explain, wrap and unwrap key blocks
///
/// FOR TEST KEYS ONLY: what stands on a command line is seen by others and kept in histories. For `-` a key is read from
/// standard input; on a terminal it is asked for and not shown.
#[derive(clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    action: Action,
    /// Print JSON
    #[arg(long, global = true)]
    json: bool,
}

#[derive(Subcommand)]
enum Action {
    /// Show each field of a block at its offset, what is wrong with it, and the rules of X9.143 that it breaks
    ///
    /// With a protection key the block is verified too, and the key's length and check values are shown.
    Explain {
        /// The key block protection key in hex (a test key)
        #[arg(long)]
        kbpk: Option<String>,
        /// Show the key
        #[arg(long, requires = "kbpk")]
        show_key: bool,
        #[command(flatten)]
        colour: Colour,
        /// The block
        #[arg(default_value = "-")]
        block: String,
    },
    /// Verify a block and show its header and its key
    Unwrap {
        /// The key block protection key in hex (a test key)
        #[arg(long)]
        kbpk: String,
        /// The rules that the block has to keep: lenient, x9_143, tr31_2018 or payshield
        #[arg(long, default_value = "lenient")]
        profile: String,
        /// The block
        #[arg(default_value = "-")]
        block: String,
    },
    /// Wrap a key
    Wrap(Box<Wrap>),
}

#[derive(clap::Args)]
struct Wrap {
    /// The key block protection key in hex (a test key)
    #[arg(long)]
    kbpk: String,
    /// How the block is protected: A, B, C, D or E
    #[arg(long, default_value = "D")]
    version: String,
    /// What the key is for, such as P0
    #[arg(long)]
    usage: String,
    /// The key's algorithm: A (AES), T (TDES), H (HMAC), ..
    #[arg(long)]
    algorithm: String,
    /// What may be done with the key, such as E
    #[arg(long)]
    mode: String,
    /// Which of several keys it is, two characters
    #[arg(long, default_value = "00")]
    key_version: String,
    /// Where the key may go: E, N or S
    #[arg(long, default_value = "N")]
    exportability: String,
    /// In which context the block may be used: 0, 1 or 2
    #[arg(long, default_value = "0")]
    context: String,
    /// An optional block, in order; PB is added where it is needed
    #[arg(long = "opt", value_name = "ID=DATA")]
    optional: Vec<String>,
    /// What is behind the key in hex, for known answers; random where it is left out
    #[arg(long)]
    pad: Option<String>,
    /// The rules that the block has to keep: lenient, x9_143, tr31_2018 or payshield
    #[arg(long, default_value = "x9_143")]
    profile: String,
    /// The key in hex (a test key)
    #[arg(default_value = "-")]
    key: String,
}

pub(super) fn run(args: Args) -> Result<(), Failure> {
    let json = args.json;
    match args.action {
        Action::Explain { kbpk, show_key, colour, block } => {
            let block = text(&block)?;
            let kbpk = kbpk.map(|kbpk| hex_argument::secret("kbpk", &kbpk)).transpose()?;
            let kbpk = kbpk.map(|kbpk| hex::decode(&kbpk).map_err(|failure| failure.of("kbpk")));
            explain::run(&block, kbpk.transpose()?.as_deref(), show_key, json, colour)
        }
        Action::Unwrap { kbpk, profile, block } => {
            let block = text(&block)?.into();
            let kbpk = hex_argument::secret("kbpk", &kbpk)?.into();
            let inputs = [("kbpk", kbpk), ("block", block), ("profile", profile.into())];
            report::ask("keyblock.unwrap", inputs, json)
        }
        Action::Wrap(args) => report::ask("keyblock.wrap", args.inputs()?, json),
    }
}

impl Wrap {
    fn inputs(self) -> Result<[(&'static str, Value); 12], Failure> {
        let pairs = self.optional.iter().map(|pair| {
            let (id, data) = pair
                .split_once('=')
                .ok_or_else(|| Failure::invalid("an optional block is given as ID=DATA"))?;
            Ok(vec![Value::from(id), Value::from(data)].into())
        });
        let optional: Vec<Value> = pairs.collect::<Result<_, Failure>>()?;
        Ok([
            ("kbpk", hex_argument::secret("kbpk", &self.kbpk)?.into()),
            ("version", self.version.into()),
            ("usage", self.usage.into()),
            ("algorithm", self.algorithm.into()),
            ("mode", self.mode.into()),
            ("key_version", self.key_version.into()),
            ("exportability", self.exportability.into()),
            ("context", self.context.into()),
            ("opt_blocks", optional.into()),
            ("pad", hex_argument::optional("pad", self.pad.as_deref())?),
            ("profile", self.profile.into()),
            ("key", hex_argument::secret("key", &self.key)?.into()),
        ])
    }
}

/// A block as it is given, or standard input where it is `-`: its characters, on one line or several, or these in hex as a dump has
/// them.
fn text(argument: &str) -> Result<String, Failure> {
    let given = if argument == "-" { hex_argument::standard_input()? } else { argument.to_owned() };
    Ok(dumped(&given).unwrap_or_else(|| given.lines().map(str::trim).collect()))
}

/// The block whose characters are given in hex. One that is not begins with a letter, and so is none of these.
fn dumped(given: &str) -> Option<String> {
    let text = String::from_utf8(hex::decode(&hex::ungroup(given).ok()?).ok()?).ok()?;
    let mut characters = text.bytes();
    let version = characters.next()?;
    let is_block = matches!(version, b'A'..=b'E') && characters.take(4).all(|c| c.is_ascii_digit());
    is_block.then_some(text)
}
