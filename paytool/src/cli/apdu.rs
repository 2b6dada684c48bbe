//! `paytool apdu`: a trace of commands and responses, explained.

use std::fs;
use std::path::PathBuf;

use emv_tlv::apdu::{Action, Answer, DolData, Instruction, Le, PPSE, PSE, Received, Sent, Trace};
use emv_tlv::dictionary::Kernel;
use emv_tlv::element::CryptogramType;
use emv_tlv::{MaskedValue, Tag, Tlv, walk};
use serde_json::json;

use super::colour::{Colour, paint};
use super::explain::Explain;
use super::{complain, hex_argument, report, tlv, unreadable};
use crate::failure::Failure;
use crate::hex;
use crate::trace::{self, Direction, Line};

/// Explain a trace of APDUs, one a line in hex
///
/// A line may say which way it went: `>` or `C-APDU:` before a command, `<` or `R-APDU:` before a response, and the like. Where none
/// does, commands and responses alternate. `#` begins a comment. What the card asked for in its lists explains what the terminal
/// sends. Card numbers, tracks, names, PINs and cryptograms are masked. A line that does not read is told on standard error; the
/// others are explained all the same, and the exit status is 1.
#[derive(clap::Args)]
pub(super) struct Args {
    /// The file, or `-` for standard input
    #[arg(default_value = "-")]
    file: PathBuf,
    /// Show every value and each APDU whole
    #[arg(long)]
    clear: bool,
    #[command(flatten)]
    colour: Colour,
    /// Print JSON, one APDU a line
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &Args) -> Result<(), Failure> {
    let text = if args.file.as_os_str() == "-" {
        hex_argument::standard_input()?
    } else {
        let bytes = fs::read(&args.file).map_err(|error| unreadable(&error))?;
        // What is no text is no hex digit either: it is told with its line.
        String::from_utf8_lossy(&bytes).into_owned()
    };
    // What some editors put at the front says nothing.
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(&text);
    let mut last = None;
    let lines = (1usize..).zip(text.lines()).filter_map(|(number, text)| {
        let of_line = |failure: Failure| failure.of(&format!("line {number}"));
        let line = trace::line(text).map_err(of_line);
        // A line that does not read takes its turn.
        if !matches!(line, Ok(None)) {
            let said = line.as_ref().ok().and_then(|line| line.as_ref()?.direction);
            last = Some((number, said.unwrap_or(next(last.map(|(_, direction)| direction)))));
        }
        let (_, direction) = last?;
        match line {
            Ok(line) => line.map(|Line { apdu, .. }| Ok((number, direction, apdu))),
            Err(failure) => Some(Err(failure)),
        }
    });
    let lines: Vec<Result<_, Failure>> = lines.collect();
    let mut printer = Printer { args, trace: Trace::new(), aid: None, contactless: false };
    let mut unread = 0usize;
    for line in &lines {
        let printed = match line {
            Ok((number, direction, apdu)) => {
                let of_line = |failure: Failure| failure.of(&format!("line {number}"));
                printer.apdu(*direction, apdu, of_line)?
            }
            Err(failure) => Err(failure.to_string()),
        };
        if let Err(message) = printed {
            complain(&message);
            unread = unread.saturating_add(1);
        }
    }
    match unread {
        0 => Ok(()),
        1 => Err(Failure::new("unread", "1 line does not read")),
        _ => Err(Failure::new("unread", format!("{unread} lines do not read"))),
    }
}

/// What follows where the line does not say.
const fn next(last: Option<Direction>) -> Direction {
    match last {
        Some(Direction::Command) => Direction::Response,
        None | Some(Direction::Response) => Direction::Command,
    }
}

struct Printer<'a> {
    args: &'a Args,
    trace: Trace<'a>,
    /// The application that was selected last.
    aid: Option<&'a [u8]>,
    /// Whether it was chosen from the directory of a contactless card.
    contactless: bool,
}

impl<'a> Printer<'a> {
    /// Explains an APDU, or says why it does not read. The outer failure is of printing.
    fn apdu(
        &mut self,
        direction: Direction,
        apdu: &'a [u8],
        of_line: impl Fn(Failure) -> Failure,
    ) -> Result<Result<(), String>, Failure> {
        let refused = |error: emv_tlv::Error| of_line(error.into()).to_string();
        let whole =
            if self.args.clear { format!("  {}", hex::encode(apdu)) } else { String::new() };
        match direction {
            Direction::Command => match self.trace.command(apdu) {
                Ok(sent) => self.sent(&sent, &whole).map(Ok),
                Err(error) => Ok(Err(refused(error))),
            },
            Direction::Response => match self.trace.response(apdu) {
                Ok(received) => self.received(&received, &whole).map(Ok),
                Err(error) => Ok(Err(refused(error))),
            },
        }
    }

    fn sent(&self, sent: &Sent<'_>, whole: &str) -> Result<(), Failure> {
        let (told, data) = match sent.action {
            Action::GetProcessingOptions(data) => {
                (Instruction::GetProcessingOptions.to_string(), Some(data))
            }
            Action::GenerateAc { kind, data, .. } => (generate_ac(sent, kind), Some(data)),
            Action::InternalAuthenticate(data) => {
                (Instruction::InternalAuthenticate.to_string(), Some(data))
            }
            Action::ComputeCryptographicChecksum(data) => {
                (Instruction::ComputeCryptographicChecksum.to_string(), Some(data))
            }
            _ => (sent.to_string(), None),
        };
        let values: Vec<_> = data.iter().flat_map(DolData::values).collect();
        let unexplained = data.filter(|data| !data.is_explained() && !data.data().is_empty());
        let rest = unexplained.map_or_else(String::new, |data| format!(" {data}"));
        if self.args.json {
            let values: Vec<_> = values.into_iter().map(|value| self.with_shown(value)).collect();
            return self.as_json("command", &format!("{told}{rest}"), &values, whole);
        }
        self.args.colour.lines(&format!("> {}{whole}", paint::tag(format!("{told}{rest}"))))?;
        values.iter().try_for_each(|(tag, value)| self.value(*tag, value, 4))
    }

    fn received(&mut self, received: &Received<'a>, whole: &str) -> Result<(), Failure> {
        let after = received.command.and_then(|command| command.instruction());
        let status = received.response.status;
        let meaning =
            after.map_or_else(|| status.meaning(), |instruction| status.meaning_after(instruction));
        let number = status.bytes_available().or(status.right_le()).map(Le::bytes);
        let number = number.or(status.tries_left().map(u32::from));
        let number = number.map_or_else(String::new, |number| format!(": {number}"));
        let told = format!("{} {meaning}{number}", hex::encode(&status.to_bytes()));
        if let Ok(Answer::Selected(fci)) = received.answer {
            self.aid = Some(fci.df_name);
            match fci.df_name {
                PPSE => self.contactless = true,
                PSE => self.contactless = false,
                _ => {}
            }
        }
        let answer = match received.answer {
            Ok(answer) => answer,
            Err(error) => {
                let told = format!("{told}: data that do not read: {error}");
                if self.args.json {
                    return self.as_json("response", &told, &[], whole);
                }
                self.args.colour.lines(&format!("< {told}{whole}"))?;
                return self.tree(received.response.data);
            }
        };
        let positions: Vec<_> = answer.positions().collect();
        let object = answer.object().filter(|_| positions.is_empty());
        let rest = match answer {
            Answer::Challenge(_) | Answer::Other(_) => format!(": {answer}"),
            _ => String::new(),
        };
        if self.args.json {
            let objects = object.map(|object| walk(object.encoded()));
            let objects = objects.into_iter().flatten().filter_map(Result::ok);
            let leaves = objects.filter(|object| !object.is_constructed());
            let leaves =
                leaves.map(|object| (object.tag(), object.value(), self.shown_object(&object)));
            let positions = positions.into_iter().map(|value| self.with_shown(value));
            let values: Vec<_> = positions.chain(leaves).collect();
            return self.as_json("response", &format!("{told}{rest}"), &values, whole);
        }
        self.args.colour.lines(&format!("< {told}{rest}{whole}"))?;
        positions.iter().try_for_each(|(tag, value)| self.value(*tag, value, 4))?;
        object.map_or(Ok(()), |object| self.tree(object.encoded()))
    }

    /// Objects and those in them, as far as they read: a template that nobody has checked may hold anything.
    fn tree(&self, data: &[u8]) -> Result<(), Failure> {
        for object in walk(data) {
            let Ok(object) = object else {
                return self.args.colour.lines("    and what is no BER-TLV");
            };
            let depth = usize::from(object.depth());
            let shown = self.shown_object(&object);
            let value = (object.tag(), object.value(), shown);
            self.line(value, depth.saturating_mul(2).saturating_add(4))?;
        }
        Ok(())
    }

    /// A value with its name, and what it says.
    fn value(&self, tag: Tag, value: &[u8], indent: usize) -> Result<(), Failure> {
        self.line((tag, value, self.shown(tag, value)), indent)
    }

    fn line(
        &self,
        (tag, value, shown): (Tag, &[u8], String),
        indent: usize,
    ) -> Result<(), Failure> {
        let explain = self.explain();
        let line = tlv::named(explain.kernel, tag, value, &shown);
        self.args.colour.lines(&format!("{:indent$}{line}", ""))?;
        tlv::explained(&explain, (tag, value, shown), indent, self.args.colour)
    }

    /// What decides the meaning of values: the application, and its kernel if it is one of a contactless card.
    fn explain(&self) -> Explain<'a> {
        let kernel = self.aid.and_then(|aid| kernel(aid, self.contactless));
        Explain { clear: self.args.clear, kernel, aid: self.aid }
    }

    fn shown(&self, tag: Tag, value: &[u8]) -> String {
        if self.args.clear && !tag.is_constructed() {
            hex::encode(value)
        } else {
            MaskedValue::doubted(tag, value).to_string()
        }
    }

    fn with_shown<'v>(&self, (tag, value): (Tag, &'v [u8])) -> (Tag, &'v [u8], String) {
        (tag, value, self.shown(tag, value))
    }

    fn shown_object(&self, object: &Tlv<'_>) -> String {
        if self.args.clear && !object.is_constructed() {
            hex::encode(object.value())
        } else {
            object.doubted_value().to_string()
        }
    }

    fn as_json(
        &self,
        direction: &str,
        told: &str,
        values: &[(Tag, &[u8], String)],
        whole: &str,
    ) -> Result<(), Failure> {
        let explain = self.explain();
        let values: Vec<_> = values
            .iter()
            .map(|(tag, value, shown)| {
                let text = explain.shown(*tag, value, shown).unwrap_or_default();
                json!({ "tag": tag.to_string(), "value": shown, "text": text })
            })
            .collect();
        let mut line = json!({ direction: told, "values": values });
        if let (false, Some(line)) = (whole.is_empty(), line.as_object_mut()) {
            line.insert("hex".to_owned(), whole.trim().into());
        }
        report::lines(&line.to_string())
    }
}

/// What the application means by a tag that others use as well, by the provider that its name begins with.
fn kernel(aid: &[u8], contactless: bool) -> Option<Kernel> {
    match (aid.get(..5)?, contactless) {
        ([0xA0, 0x00, 0x00, 0x00, 0x03], true) => Some(Kernel::C3),
        ([0xA0, 0x00, 0x00, 0x00, 0x04], true) => Some(Kernel::C2),
        ([0xA0, 0x00, 0x00, 0x00, 0x04], false) => Some(Kernel::MChip),
        ([0xA0, 0x00, 0x00, 0x00, 0x25], true) => Some(Kernel::C4),
        ([0xA0, 0x00, 0x00, 0x00, 0x65], true) => Some(Kernel::C5),
        ([0xA0, 0x00, 0x00, 0x01, 0x52] | [0xA0, 0x00, 0x00, 0x03, 0x24], true) => Some(Kernel::C6),
        ([0xA0, 0x00, 0x00, 0x03, 0x33], true) => Some(Kernel::C7),
        ([0xA0, 0x00, 0x00, 0x02, 0x77], _) => Some(Kernel::Interac),
        _ => None,
    }
}

/// What GENERATE AC asks for, its data left out.
fn generate_ac(sent: &Sent<'_>, kind: CryptogramType) -> String {
    let signature = match sent.command.requested_cryptogram() {
        Some((_, emv_tlv::apdu::Signature::Cda)) => " with CDA",
        Some((_, emv_tlv::apdu::Signature::Xda)) => " with XDA",
        _ => "",
    };
    format!("{} {}{signature}", Instruction::GenerateAc, kind.as_str())
}
