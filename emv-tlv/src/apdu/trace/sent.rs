//! What a command is, and what its data mean.

use super::{DolData, Trace, UDOL};
use crate::{
    Tag,
    apdu::{Command, Instruction, PPSE, PSE, Signature, answer, command::unknown},
    element::{Cid, CryptogramType},
    mask, tags,
};
use core::fmt;

/// A command of a trace, told.
///
/// `Display` tells it on one line, masked: `READ RECORD file 1 record 2`.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Sent<'a> {
    /// The command itself.
    pub command: Command<'a>,
    /// The command that this one goes on with: fetches the response of, or repeats with the right Le.
    pub continues: Option<Instruction>,
    /// What it asks of the card.
    pub action: Action<'a>,
}

/// What a command asks of the card, with what its parameters and data mean.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub enum Action<'a> {
    /// SELECT by name.
    Select {
        /// The name, or how it begins.
        name: &'a [u8],
        /// Whether the next application of that name is wanted, not the first.
        next: bool,
    },
    /// READ RECORD.
    ReadRecord {
        /// Short file identifier.
        sfi: u8,
        /// The record's number.
        record: u8,
    },
    /// GET PROCESSING OPTIONS, with data by the PDOL.
    GetProcessingOptions(DolData<'a>),
    /// GENERATE AC, with data by CDOL1 or CDOL2.
    GenerateAc {
        /// What is asked for.
        kind: CryptogramType,
        /// The signature that is asked for.
        signature: Signature,
        /// The transaction's data.
        data: DolData<'a>,
    },
    /// INTERNAL AUTHENTICATE, with data by the DDOL, or the default one.
    InternalAuthenticate(DolData<'a>),
    /// COMPUTE CRYPTOGRAPHIC CHECKSUM, with data by the UDOL, or the default one.
    ComputeCryptographicChecksum(DolData<'a>),
    /// GET DATA.
    GetData(Tag),
    /// PUT DATA, of an issuer script.
    PutData(Tag),
    /// UPDATE RECORD, of an issuer script.
    UpdateRecord {
        /// Short file identifier.
        sfi: u8,
        /// The record's number.
        record: u8,
    },
    /// Any other command of EMV, or one of those above with other parameters than EMV's, in a chain, or under secure messaging.
    Command(Instruction),
    /// No command of EMV.
    Unknown,
}

impl<'a> Action<'a> {
    pub(super) fn of(command: Command<'a>, trace: &Trace<'a>) -> Self {
        let Some(instruction) = command.instruction() else { return Self::Unknown };
        // A part of the data, and data that are protected, read as nothing.
        let whole = Some(command.data).filter(|_| command.is_plain() && !trace.ends_chain());
        let action = match instruction {
            Instruction::Select => match (command.selected_name().and(whole), command.p2) {
                (Some(name), 0x00) => Some(Self::Select { name, next: false }),
                (Some(name), 0x02) => Some(Self::Select { name, next: true }),
                _ => None,
            },
            Instruction::ReadRecord => {
                command.record().map(|(sfi, record)| Self::ReadRecord { sfi, record })
            }
            Instruction::UpdateRecord => {
                command.record().map(|(sfi, record)| Self::UpdateRecord { sfi, record })
            }
            Instruction::GetProcessingOptions => whole.and_then(options).map(|data| {
                let lists = [tags::PDOL, tags::PDOL];
                Self::GetProcessingOptions(DolData::new(trace, lists, data))
            }),
            Instruction::GenerateAc => {
                let signature = command.requested_cryptogram().map(|(_, signature)| signature);
                // The order decides between lists of one length; a lost exchange must not hide the data.
                let lists = if trace.has_cryptogram() {
                    [tags::CDOL2, tags::CDOL1]
                } else {
                    [tags::CDOL1, tags::CDOL2]
                };
                whole.map(|data| Self::GenerateAc {
                    kind: Cid::from_byte(command.p1).cryptogram(),
                    signature: signature.unwrap_or_default(),
                    data: DolData::new(trace, lists, data),
                })
            }
            Instruction::InternalAuthenticate => whole.map(|data| {
                Self::InternalAuthenticate(DolData::new(trace, [tags::DDOL, tags::DDOL], data))
            }),
            Instruction::ComputeCryptographicChecksum => whole.map(|data| {
                Self::ComputeCryptographicChecksum(DolData::new(trace, [UDOL, UDOL], data))
            }),
            Instruction::GetData => object(&command).map(Self::GetData),
            Instruction::PutData => object(&command).map(Self::PutData),
            _ => None,
        };
        action.unwrap_or(Self::Command(instruction))
    }
}

/// The values in the template 83 of GET PROCESSING OPTIONS.
fn options(data: &[u8]) -> Option<&[u8]> {
    answer::only(tags::COMMAND_TEMPLATE, data).ok().map(|template| template.value())
}

/// The object that P1 and P2 name.
pub(super) fn object(command: &Command<'_>) -> Option<Tag> {
    Tag::new(u32::from(u16::from_be_bytes([command.p1, command.p2])))
}

impl fmt::Display for Action<'_> {
    /// Tells the command on one line, its data masked.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let file = |f: &mut fmt::Formatter<'_>, name, sfi, record| {
            write!(f, "{name} file {sfi} record {record}")
        };
        let filled = |f: &mut fmt::Formatter<'_>, data: &DolData<'_>| match data.data() {
            [] => Ok(()),
            _ => write!(f, ": {data}"),
        };
        match *self {
            Self::Select { name, next } => {
                f.write_str(if next { "SELECT next " } else { "SELECT " })?;
                match name {
                    PSE => f.write_str("1PAY.SYS.DDF01"),
                    PPSE => f.write_str("2PAY.SYS.DDF01"),
                    _ => fmt::Display::fmt(&unknown(name), f),
                }
            }
            Self::ReadRecord { sfi, record } => file(f, Instruction::ReadRecord, sfi, record),
            Self::UpdateRecord { sfi, record } => file(f, Instruction::UpdateRecord, sfi, record),
            Self::GetProcessingOptions(ref data) => {
                fmt::Display::fmt(&Instruction::GetProcessingOptions, f)?;
                filled(f, data)
            }
            Self::GenerateAc { kind, signature, ref data } => {
                fmt::Display::fmt(&Instruction::GenerateAc, f)?;
                write!(f, " {}", kind.as_str())?;
                f.write_str(match signature {
                    Signature::None => "",
                    Signature::Cda => " with CDA",
                    Signature::Xda => " with XDA",
                })?;
                filled(f, data)
            }
            Self::InternalAuthenticate(ref data) => {
                fmt::Display::fmt(&Instruction::InternalAuthenticate, f)?;
                filled(f, data)
            }
            Self::ComputeCryptographicChecksum(ref data) => {
                fmt::Display::fmt(&Instruction::ComputeCryptographicChecksum, f)?;
                filled(f, data)
            }
            Self::GetData(tag) => write!(f, "{} {tag}", Instruction::GetData),
            Self::PutData(tag) => write!(f, "{} {tag}", Instruction::PutData),
            Self::Command(instruction) => fmt::Display::fmt(&instruction, f),
            Self::Unknown => f.write_str("unknown command"),
        }
    }
}

impl fmt::Debug for Action<'_> {
    /// Shows the parameters, and data masked; the words are for `Display` alone.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Select { name, next } => {
                f.debug_struct("Select").field("name", &unknown(name)).field("next", next).finish()
            }
            Self::ReadRecord { sfi, record } => {
                f.debug_tuple("ReadRecord").field(sfi).field(record).finish()
            }
            Self::UpdateRecord { sfi, record } => {
                f.debug_tuple("UpdateRecord").field(sfi).field(record).finish()
            }
            Self::GetProcessingOptions(data) => {
                f.debug_tuple("GetProcessingOptions").field(data).finish()
            }
            Self::GenerateAc { kind, signature, data } => f
                .debug_struct("GenerateAc")
                .field("kind", kind)
                .field("signature", signature)
                .field("data", data)
                .finish(),
            Self::InternalAuthenticate(data) => {
                f.debug_tuple("InternalAuthenticate").field(data).finish()
            }
            Self::ComputeCryptographicChecksum(data) => {
                f.debug_tuple("ComputeCryptographicChecksum").field(data).finish()
            }
            Self::GetData(tag) => f.debug_tuple("GetData").field(tag).finish(),
            Self::PutData(tag) => f.debug_tuple("PutData").field(tag).finish(),
            Self::Command(instruction) => f.debug_tuple("Command").field(instruction).finish(),
            Self::Unknown => f.write_str("Unknown"),
        }
    }
}

impl fmt::Display for Sent<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let command = &self.command;
        match (self.action, self.continues) {
            (Action::Command(instruction @ Instruction::GetResponse), Some(of)) => {
                return write!(f, "{instruction} of {of}");
            }
            (Action::Unknown, _) => {
                return write!(f, "{}: {command}", self.action);
            }
            _ => fmt::Display::fmt(&self.action, f)?,
        }
        if let Action::Command(_) | Action::PutData(_) | Action::UpdateRecord { .. } = self.action
            && !command.data.is_empty()
        {
            f.write_str(": ")?;
            mask::length(command.data, f)?;
        }
        match self.continues {
            Some(_) => f.write_str(", again with the right Le"),
            None => Ok(()),
        }
    }
}
