//! `paytool batch`: JSON lines.

use std::path::PathBuf;

use super::printed;
use crate::batch;
use crate::failure::Failure;

/// Answer requests: one JSON object a line in, one a line out
///
/// A request has `op`, an optional `id` that comes back as it is, and the operation's inputs; the README lists
/// the operations. A line that cannot be answered is answered with "ok": false and a kind of error, an empty line too.
/// FOR TEST KEYS ONLY: keys come in clear and go out in clear, and nothing is wiped.
#[derive(clap::Args)]
#[command(verbatim_doc_comment)]
pub(super) struct Args {
    /// The requests; standard input where there is none, or for `-`
    file: Option<PathBuf>,
}

pub(super) fn run(args: &Args) -> Result<(), Failure> {
    printed(batch::run(args.file.as_deref()))
}
