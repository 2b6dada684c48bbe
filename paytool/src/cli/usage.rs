//! Wrong usage, told without what was typed: it may hold a card number or a key.

use std::process::ExitCode;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{CommandFactory, Parser};

use super::{Cli, complain};

/// The command line as it was given, or the exit status when it asks for help or is wrong.
pub(crate) fn parse() -> Result<Cli, ExitCode> {
    Cli::try_parse().map_err(|error| match error.kind() {
        ErrorKind::DisplayHelp
        | ErrorKind::DisplayVersion
        | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            let _ = error.print();
            if error.use_stderr() { ExitCode::from(2) } else { ExitCode::SUCCESS }
        }
        _ => {
            complain(&format!("usage: {}", describe(&error)));
            ExitCode::from(2)
        }
    })
}

/// One line: the kind of mistake, and the arguments that are missing, which are names of ours.
fn describe(error: &clap::Error) -> String {
    let kind = error.kind().as_str().unwrap_or("wrong arguments");
    let missing = match (error.kind(), error.get(ContextKind::InvalidArg)) {
        (ErrorKind::MissingRequiredArgument, Some(ContextValue::Strings(names))) => {
            format!(": {}", names.join(", "))
        }
        _ => String::new(),
    };
    let help = format!("{} help", Cli::command().get_name());
    format!("{kind}{missing} (see `{help}`)")
}
