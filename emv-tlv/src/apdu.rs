//! Commands to a card and its responses: read, built, explained. Nothing here sends them.
//!
//! A [`Command`] and a [`Response`] are read from their bytes and written back as they were. Commands of EMV are built in
//! one call each (`Command::select`, `Command::read_record`, ...), and the data of their responses have a type each ([`Fci`],
//! [`ProcessingOptions`], [`ApplicationCryptogram`], ...). A [`Trace`] takes what went over the line, one APDU after the other, and
//! tells what each of them is.
//!
//! # Examples
//! A transaction up to the first cryptogram, over whatever carries a command to the card and brings its data back:
//! ```
//! # use core::error::Error;
//! use emv_tlv::apdu::{
//!     ApplicationCryptogram, Command, Fci, PPSE, ProcessingOptions, Response, Signature, parse_record,
//! };
//! use emv_tlv::{Dol, Tag, element::CryptogramType, tags, walk};
//!
//! # fn purchase(mut transmit: impl FnMut(&[u8]) -> Vec<u8>) -> Result<u16, Box<dyn Error>> {
//! let mut send = |command: Command<'_>| -> Result<Vec<u8>, Box<dyn Error>> {
//!     let mut buffer = [0; 261];
//!     let bytes = transmit(command.encode_into(&mut buffer)?);
//!     let response = Response::parse(&bytes)?;
//!     // A reader that does not do so itself repeats with `right_le` after 6Cxx, and gets the rest after 61xx.
//!     if !response.status.is_success() {
//!         return Err(response.status.to_string().into());
//!     }
//!     Ok(response.data.to_vec())
//! };
//! let terminal = |tag: Tag| -> Option<&'static [u8]> {
//!     match tag {
//!         tags::AMOUNT_AUTHORISED => Some(&[0x12, 0x34]),
//!         tags::TERMINAL_VERIFICATION_RESULTS => Some(&[0; 5]),
//!         _ => None,
//!     }
//! };
//!
//! let ppse = send(Command::select(PPSE))?;
//! let first = Fci::parse(&ppse)?.directory_entries().next().ok_or("no application")??;
//! let fci = send(Command::select(first.aid))?;
//!
//! let pdol = Dol::parse(Fci::parse(&fci)?.pdol.unwrap_or_default())?;
//! let (mut data, mut template) = ([0; 252], [0; 255]);
//! let data = pdol.fill(&mut data, terminal)?;
//! let options = send(Command::get_processing_options(data, &mut template)?)?;
//!
//! let mut records = Vec::new();
//! for record in ProcessingOptions::parse(&options)?.afl.ok_or("nothing to read")?.records() {
//!     let data = send(Command::read_record(record.sfi, record.number)?)?;
//!     parse_record(&data)?;
//!     records.push(data);
//! }
//! let of_card = |tag| {
//!     let mut objects = records.iter().flat_map(|record| walk(record)).flatten();
//!     objects.find(|object| object.tag() == tag).map(|object| object.value())
//! };
//!
//! let cdol1 = Dol::parse(of_card(tags::CDOL1).ok_or("no CDOL1")?)?;
//! let mut data = [0; 255];
//! let data = cdol1.fill(&mut data, |tag| terminal(tag).or_else(|| of_card(tag)))?;
//! let answer = send(Command::generate_ac(CryptogramType::Arqc, Signature::None, data))?;
//! let answer = ApplicationCryptogram::parse(&answer)?;
//! assert_eq!(answer.cid.cryptogram(), CryptogramType::Arqc);
//! # Ok(answer.atc)
//! # }
//! # let mut card = [
//! #     (&b"\x00\xA4\x04\x00\x0E2PAY.SYS.DDF01\x00"[..],
//! #         &b"\x6F\x20\x84\x0E2PAY.SYS.DDF01\xA5\x0E\xBF\x0C\x0B\x61\x09\x4F\x07\xA0\0\0\0\x03\x10\x10\x90\0"[..]),
//! #     (b"\x00\xA4\x04\x00\x07\xA0\0\0\0\x03\x10\x10\0",
//! #         b"\x6F\x11\x84\x07\xA0\0\0\0\x03\x10\x10\xA5\x06\x9F\x38\x03\x9F\x02\x06\x90\0"),
//! #     (b"\x80\xA8\0\0\x08\x83\x06\0\0\0\0\x12\x34\0", b"\x80\x06\x18\0\x08\x01\x01\0\x90\0"),
//! #     (b"\0\xB2\x01\x0C\0", b"\x70\x0B\x8C\x05\x95\x05\x5F\x34\x01\x5F\x34\x01\x02\x90\0"),
//! #     (b"\x80\xAE\x80\0\x06\0\0\0\0\0\x02\0", b"\x80\x0B\x80\0\x1C\x01\x02\x03\x04\x05\x06\x07\x08\x90\0"),
//! # ].into_iter();
//! # let atc = purchase(|bytes| {
//! #     let (command, response) = card.next().unwrap();
//! #     assert_eq!(bytes, command);
//! #     response.to_vec()
//! # })?;
//! # assert_eq!(atc, 0x1C);
//! # Ok::<(), Box<dyn Error>>(())
//! ```
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
