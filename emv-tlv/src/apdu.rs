//! Commands to a card and its responses: read, built, explained. Nothing here sends them.
//!
//! A [`Command`] and a [`Response`] are read from their bytes and written back as they were. Commands of EMV are built in
//! one call each (`Command::select`, `Command::read_record`, ...), and the data of their responses have a type each ([`Fci`],
//! [`ProcessingOptions`], [`ApplicationCryptogram`], ...). A [`Trace`] takes what went over the line, one APDU after the other, and
//! tells what each of them is.
//!
//! # Security
//! A PIN, a card number, track data and cryptograms are never shown by `Debug` and `Display` of anything here;
//! [`Exposed`](crate::Exposed) shows a command or a response whole. What could be a card number is hidden even where an object should be
//! public, because what came over the line need not be what its tag says. Fields and `data` are the bytes themselves.
//!
//! Source: ISO/IEC 7816-4; EMV 4.4 Book 1, 11.3; EMV 4.4 Book 3, 6; EMV Contactless Book C-2 for what no other book has.

mod answer;
mod build;
mod checksum;
mod class;
mod command;
mod cryptogram;
mod fci;
mod instruction;
mod le;
mod processing_options;
mod relay;
mod response;
mod script;
mod status;
mod trace;

pub use {
    answer::{parse_challenge, parse_object, parse_record, parse_signed_data},
    build::{PPSE, PSE},
    checksum::MagStripeChecksum,
    class::SecureMessaging,
    command::Command,
    cryptogram::{ApplicationCryptogram, Signature},
    fci::{DirectoryEntries, DirectoryEntry, Fci, directory_entries},
    instruction::Instruction,
    le::Le,
    processing_options::ProcessingOptions,
    relay::RelayResistance,
    response::Response,
    script::{IssuerScript, ScriptCommands},
    status::{Category, StatusWord},
    trace::{Action, Answer, DolData, Positions, Received, Sent, Trace},
};
