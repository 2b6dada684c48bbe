//! `paytool keyblock explain`: all that a key block says, and all that is wrong with it.

use keyblock::OptionalBlock;
use serde_json::{Map, Value};

use super::anatomy::{Anatomy, Optional, Stretch};
use super::faults::{Broken, Fault, Findings, find};
use super::hint;
use super::opened::Under;
use crate::cli::colour::{Colour, paint};
use crate::cli::report;
use crate::failure::Failure;

/// Characters of a block that are shown in one line.
const ROW: usize = 64;

/// Explains a block; with a protection key it is opened as well.
pub(super) fn run(
    text: &str,
    kbpk: Option<&[u8]>,
    show_key: bool,
    json: bool,
    colour: Colour,
) -> Result<(), Failure> {
    let text = text.as_bytes();
    let mut findings = find(text);
    let anatomy = Anatomy::of(text, findings.in_characters());
    let under = kbpk.map(|kbpk| Under::new(text, kbpk, &mut findings, show_key));
    let told = Told { text, anatomy, findings, under };
    if json {
        report::as_json(&told.to_json())?;
    } else {
        colour.lines(told.describe().trim_end())?;
    }
    let error = told.under.and_then(|under| under.opened.err());
    told.findings.refusal().or(error).map_or(Ok(()), |error| Err(error.into()))
}

/// All that is told of a block.
struct Told<'a> {
    text: &'a [u8],
    anatomy: Anatomy<'a>,
    findings: Findings,
    under: Option<Under>,
}

impl Told<'_> {
    fn describe(&self) -> String {
        let mut out = Vec::new();
        for field in &self.anatomy.fields {
            let meaning = match &field.meaning {
                Some(meaning) => meaning.clone(),
                None => paint::removed("no such value").to_string(),
            };
            out.push(row(field.offset(), field.field.name(), &printable(field.text), &meaning));
        }
        for block in &self.anatomy.optional {
            let name = format!("optional block {}", printable(&block.id));
            let len = format!("{} characters", block.len);
            out.push(row(block.offset, &name, "", &format!("{len}: {}", contents(block))));
        }
        if let Some((enciphered, mac)) = self.anatomy.protected {
            let bytes = enciphered.len / 2;
            let room = bytes.saturating_sub(2);
            let text =
                format!("{} characters: room for a key of up to {room} bytes", enciphered.len);
            out.push(row(enciphered.offset, "enciphered key", "", &text));
            let text = format!("{} characters", mac.len);
            out.push(row(mac.offset, "MAC", "", &text));
        }
        out.extend(self.findings.faults.iter().flat_map(|fault| self.fault(fault)));
        if self.findings.faults.is_empty() {
            out.extend(self.rules());
        } else {
            out.extend(hint::of(self.text).map(|hint| format!("hint: {hint}")));
        }
        out.extend(self.under.iter().flat_map(Under::describe));
        out.join("\n")
    }

    /// A fault, the characters around it, and a mark under it.
    fn fault(&self, fault: &Fault) -> Vec<String> {
        let Stretch { offset, len } = fault.at;
        // A fault at the end of a full row stands behind its last character.
        let start = match offset.checked_rem(ROW) {
            Some(0) if offset == self.text.len() => offset.saturating_sub(ROW),
            Some(in_row) => offset.saturating_sub(in_row),
            None => 0,
        };
        let characters = self.text.get(start..).unwrap_or_default();
        let shown = printable(characters.get(..ROW).unwrap_or(characters));
        let column = offset.saturating_sub(start);
        let width = len.clamp(1, ROW.saturating_sub(column).max(1));
        let mark = format!("{}{}", " ".repeat(column), "^".repeat(width));
        vec![
            format!("{} {}: {}", paint::removed("wrong:"), fault.error.as_str(), fault.error),
            format!("{start:5} {shown}"),
            format!("{:5} {}", "", paint::removed(mark)),
        ]
    }

    fn rules(&self) -> Vec<String> {
        if self.findings.broken.is_empty() {
            return vec!["keeps the rules of X9.143, as far as they are known here".to_owned()];
        }
        let broken = self.findings.broken.iter();
        broken
            .map(|Broken { rule, text, .. }| {
                format!("{} {}: {text}", paint::removed("X9.143:"), rule.as_str())
            })
            .collect()
    }

    fn to_json(&self) -> Map<String, Value> {
        let fields = self.anatomy.fields.iter().map(|field| {
            object([
                ("name", field.field.name().into()),
                ("offset", field.offset().into()),
                ("code", printable(field.text).into()),
                ("meaning", field.meaning.clone().into()),
            ])
        });
        let optional = self.anatomy.optional.iter().map(|block| {
            object([
                ("id", printable(&block.id).into()),
                ("offset", block.offset.into()),
                ("length", block.len.into()),
                ("data_offset", block.data_offset().into()),
                ("data", printable(block.data).into()),
                ("meaning", contents(block).into()),
            ])
        });
        let stretch =
            |at: Stretch| object([("offset", at.offset.into()), ("length", at.len.into())]);
        let (enciphered, mac) =
            self.anatomy.protected.map(|(key, mac)| (stretch(key), stretch(mac))).unzip();
        let faults = self.findings.faults.iter().map(|fault| {
            object([
                ("kind", fault.error.as_str().into()),
                ("offset", fault.at.offset.into()),
                ("length", fault.at.len.into()),
                ("message", fault.error.to_string().into()),
            ])
        });
        let faulty = !self.findings.faults.is_empty();
        let hint = faulty.then(|| hint::of(self.text)).flatten();
        let broken = self.findings.broken.iter().map(|broken| {
            object([
                ("rule", broken.rule.as_str().into()),
                ("offset", broken.offset.into()),
                ("message", broken.text.as_str().into()),
            ])
        });
        let all = [
            ("length", self.text.len().into()),
            ("header", fields.collect::<Vec<_>>().into()),
            ("opt_blocks", optional.collect::<Vec<_>>().into()),
            ("enciphered_key", enciphered.into()),
            ("mac", mac.into()),
            ("faults", faults.collect::<Vec<_>>().into()),
            ("hint", hint.into()),
            ("broken_rules", broken.collect::<Vec<_>>().into()),
        ];
        all.into_iter()
            .chain(self.under.iter().flat_map(Under::to_json))
            .filter(|(_, value): &(_, Value)| !value.is_null())
            .map(|(name, value)| (name.to_owned(), value))
            .collect()
    }
}

/// What an optional block holds, in words if it is what the standard says.
fn contents(block: &Optional<'_>) -> String {
    let optional = OptionalBlock::new(block.id, block.data);
    let contents = optional.ok().and_then(|optional| Some(optional.contents().ok()?.to_string()));
    contents.unwrap_or_else(|| printable(block.data))
}

/// Offset, name, characters, meaning.
fn row(offset: usize, name: &str, text: &str, meaning: &str) -> String {
    let name = paint::tag(format!("{name:25}"));
    if meaning.is_empty() {
        return format!("{offset:5} {name} {}", paint::value(text));
    }
    format!("{offset:5} {name} {} {meaning}", paint::value(format!("{text:4}")))
}

/// Characters that a terminal shows and does not obey.
fn printable(text: &[u8]) -> String {
    text.iter()
        .map(|&byte| if matches!(byte, b' '..=b'~') { char::from(byte) } else { '.' })
        .collect()
}

fn object<const N: usize>(pairs: [(&str, Value); N]) -> Value {
    Value::Object(pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}
