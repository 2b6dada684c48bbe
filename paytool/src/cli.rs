//! The command line: subcommands that ask the same operations as `batch` and print the answers for people.

mod apdu;
mod batch;
mod colour;
mod dol;
mod dukpt;
mod ecdh;
mod emv;
mod explain;
mod hex_argument;
mod ipm;
mod iso;
mod key;
mod keyblock;
mod mac;
mod pin;
mod report;
mod tlv;
mod usage;

use core::fmt::Display;
use std::io::{self, Write};
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::failure::Failure;

pub(crate) use usage::parse;

/// Card payment data on the command line: ISO 8583, EMV TLV, PIN blocks, DUKPT, MACs, key blocks.
///
/// Hex may be grouped by spaces, newlines, colons and dashes, after an optional 0x; `-` in its place reads standard
/// input. FOR TEST KEYS ONLY: a key on a command line is seen by others and kept in histories, and nothing is wiped.
/// Bad input is one line on standard error and exit status 1; wrong usage is exit status 2.
#[derive(Parser)]
#[command(version, max_term_width = 100, verbatim_doc_comment)]
pub(crate) struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Batch(batch::Args),
    Tlv(tlv::Args),
    Dol(dol::Args),
    Emv(emv::Args),
    Apdu(apdu::Args),
    Iso(iso::Args),
    Ipm(ipm::Args),
    Pin(pin::Args),
    Dukpt(dukpt::Args),
    Mac(mac::Args),
    Key(key::Args),
    Keyblock(keyblock::Args),
    Ecdh(ecdh::Args),
}

/// Runs a command; says on standard error why it cannot.
pub(crate) fn run(cli: Cli) -> ExitCode {
    let done = match cli.command {
        // It also says by its exit status whether two sides differ.
        Command::Tlv(args) => return tlv::run(&args).unwrap_or_else(|failure| refuse(&failure)),
        Command::Batch(args) => batch::run(&args),
        Command::Dol(args) => dol::run(&args),
        Command::Emv(args) => emv::run(&args),
        Command::Apdu(args) => apdu::run(&args),
        Command::Iso(args) => iso::run(args),
        Command::Ipm(args) => ipm::run(&args),
        Command::Pin(args) => pin::run(args),
        Command::Dukpt(args) => dukpt::run(args),
        Command::Mac(args) => mac::run(args),
        Command::Ecdh(args) => ecdh::run(args),
        Command::Key(args) => key::run(args),
        Command::Keyblock(args) => keyblock::run(args),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => refuse(&failure),
    }
}

fn refuse(failure: &Failure) -> ExitCode {
    complain(failure);
    ExitCode::FAILURE
}

/// Says one line on standard error; where that is closed, the exit status has to do.
fn complain(what: &dyn Display) {
    let _ = writeln!(io::stderr(), "paytool: {what}");
}

/// What printing came to: a reader that has seen enough and closed its pipe is no failure.
fn printed(result: io::Result<()>) -> Result<(), Failure> {
    match result {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(unreadable(&error)),
        _ => Ok(()),
    }
}

/// An input or output that fails, which is nobody's request.
fn unreadable(error: &io::Error) -> Failure {
    Failure::new("io", format!("cannot read or write: {}", error.kind()))
}
