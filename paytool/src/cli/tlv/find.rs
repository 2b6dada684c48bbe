//! `paytool tlv find`: objects by the tags that lead to them.

use emv_tlv::{TagPath, Tlv, find_all};

use super::{Look, read, tree};
use crate::cli::colour::Colour;
use crate::cli::report;
use crate::failure::Failure;

/// Print the value of an object, or of all, by the tags that lead to it
///
/// A template is printed as a tree. An object that is not there is a failure: not_found.
#[derive(clap::Args)]
pub(super) struct Args {
    /// The tags from the outermost on: 6F/A5/BF0C
    path: String,
    /// The objects in hex
    #[arg(default_value = "-")]
    hex: String,
    /// Print every object that the path leads to, not only the first
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    look: Look,
    #[command(flatten)]
    colour: Colour,
}

pub(super) fn run(args: &Args) -> Result<(), Failure> {
    let path = args.path.parse::<TagPath>().map_err(|error| Failure::from(error).of("path"))?;
    let bytes = read("hex", &args.hex)?;
    let mut found =
        find_all(&bytes, &path).padding(args.look.padding()).primitive(&args.look.primitive);
    let first = found
        .next()
        .ok_or_else(|| Failure::new("not_found", "no object stands where the path leads"))?;
    let print = |object: Tlv<'_>| {
        if object.is_constructed() {
            return tree(object.value(), &args.look, args.colour);
        }
        report::lines(&args.look.value(&object))
    };
    print(first?)?;
    if args.all { found.try_for_each(|object| print(object?)) } else { Ok(()) }
}
