//! `paytool tlv`: trees of data objects, shown, searched, compared and written.

mod diff;
mod encode;
mod find;

use std::process::ExitCode;

use clap::Subcommand;
use emv_tlv::dictionary::{self, Format, Kernel};
use emv_tlv::{Padding, Tag, Tlv, Walk};

use super::colour::{Colour, paint};
use super::explain::{self, Explain};
use super::{hex_argument, report};
use crate::failure::Failure;
use crate::hex;
use crate::ops::tlv::{located, objects};

/// Show BER-TLV as a tree with the elements' names; find, compare and write it
///
/// Card numbers, tracks, names, PIN data and cryptograms are masked.
#[derive(clap::Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(super) struct Args {
    #[command(subcommand)]
    action: Option<Action>,
    #[command(flatten)]
    show: ShowArgs,
}

#[derive(Subcommand)]
enum Action {
    Find(find::Args),
    Diff(diff::Args),
    Encode(encode::Args),
}

#[derive(clap::Args)]
struct ShowArgs {
    /// The objects in hex
    #[arg(default_value = "-")]
    hex: String,
    #[command(flatten)]
    look: Look,
    #[command(flatten)]
    colour: Colour,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// How objects are read and shown.
#[derive(clap::Args)]
struct Look {
    /// Skip FF between objects, as some cards pad
    #[arg(long)]
    lenient: bool,
    /// Show every value whole
    #[arg(long)]
    clear: bool,
    /// Take this tag for primitive, though it is a template's; may be given more than once
    #[arg(long, value_name = "TAG")]
    primitive: Vec<Tag>,
    /// Say under each value what it means
    #[arg(long)]
    explain: bool,
}

impl Look {
    const fn padding(&self) -> Padding {
        if self.lenient { Padding::Lenient } else { Padding::Strict }
    }

    /// The value as it is shown.
    fn value(&self, object: &Tlv<'_>) -> String {
        if self.clear { hex::encode(object.value()) } else { object.masked_value().to_string() }
    }
}

pub(super) fn run(args: &Args) -> Result<ExitCode, Failure> {
    match &args.action {
        None => show(&args.show)?,
        Some(Action::Find(args)) => find::run(args)?,
        Some(Action::Encode(args)) => encode::run(args)?,
        Some(Action::Diff(args)) => return diff::run(args),
    }
    Ok(ExitCode::SUCCESS)
}

fn show(args: &ShowArgs) -> Result<(), Failure> {
    let bytes = read("hex", &args.hex)?;
    if args.json {
        let objects = objects(&bytes, args.look.padding(), &args.look.primitive, |object| {
            args.look.value(object)
        })?;
        return report::lines(&serde_json::json!({ "objects": objects }).to_string());
    }
    tree(&bytes, &args.look, args.colour)
}

fn read(name: &str, argument: &str) -> Result<Vec<u8>, Failure> {
    hex::decode(&hex_argument::read(name, argument)?)
}

/// Prints objects line by line: what is sound before a fault is shown.
fn tree(bytes: &[u8], look: &Look, colour: Colour) -> Result<(), Failure> {
    let mut walk = Walk::new(bytes).padding(look.padding()).primitive(&look.primitive);
    while let Some(object) = walk.next() {
        let object = object.map_err(|error| located(error, &walk))?;
        let indent = usize::from(object.depth()).saturating_mul(2);
        colour.lines(&format!("{:indent$}{}", "", line(&object, look)))?;
        if look.explain && !object.is_constructed() {
            let explain = Explain { clear: look.clear, ..Explain::default() };
            let value = (object.tag(), object.value(), look.value(&object));
            explained(&explain, value, indent, colour)?;
        }
    }
    Ok(())
}

/// Prints under a value's own line what it says beyond what is shown of it, or why it does not read.
pub(super) fn explained(
    explain: &Explain<'_>,
    (tag, value, shown): (Tag, &[u8], String),
    indent: usize,
    colour: Colour,
) -> Result<(), Failure> {
    let text = explain.shown(tag, value, &shown);
    let lines = text.unwrap_or_else(|error| vec![format!("does not read: {error}")]);
    if let [line] = lines.as_slice()
        && shown.contains(line)
    {
        return Ok(());
    }
    let indent = indent.saturating_add(4);
    lines
        .iter()
        .try_for_each(|line| colour.lines(&format!("{:indent$}{}", "", paint::masked(line))))
}

fn line(object: &Tlv<'_>, look: &Look) -> String {
    let shown = if object.is_constructed() {
        object.masked_value().to_string()
    } else {
        look.value(object)
    };
    named(None, object.tag(), object.value(), &shown)
}

/// Tag, name, of a kernel if there is one, and value as it is to be shown.
pub(super) fn named(kernel: Option<Kernel>, tag: Tag, value: &[u8], shown: &str) -> String {
    let name = explain::name(kernel, tag).map_or_else(String::new, |name| format!(" {name}"));
    let painted = paint::tag(tag);
    // A length stands for the value, so it is no value.
    if shown.starts_with('(') {
        format!("{painted}{name} {}", paint::masked(shown))
    } else {
        format!("{painted}{name}: {}{}", paint::value(shown), paint::masked(text(tag, value)))
    }
}

/// What the value of an element of letters says, behind a blank.
fn text(tag: Tag, value: &[u8]) -> String {
    let letters = dictionary::lookup(tag)
        .is_some_and(|entry| matches!(entry.format, Format::A | Format::An | Format::Ans));
    match str::from_utf8(value) {
        Ok(text) if letters && !text.is_empty() && !text.contains(char::is_control) => {
            format!(" \"{text}\"")
        }
        _ => String::new(),
    }
}
