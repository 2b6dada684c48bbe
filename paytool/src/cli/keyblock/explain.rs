//! `paytool keyblock explain`: all that a key block says, and all that is wrong with it.

use keyblock::{Error, KeyBlock, OptionalBlock};
use serde_json::{Map, Value};

use super::anatomy::{Anatomy, Optional, Stretch};
use super::faults::{Broken, Fault, Findings, find, rules_of_key};
use crate::cli::colour::{Colour, paint};
use crate::cli::report;
use crate::failure::Failure;
use crate::hex;
use crate::ops::keyblock::protection_key;

/// Characters of a block that are shown in one line.
const ROW: usize = 64;

/// A key that was taken out of a block.
struct Opened {
    len: usize,
    check_values: Vec<(&'static str, String)>,
    odd_parity: Option<bool>,
    /// The key itself, where it is to be shown.
    key: Option<String>,
}

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
    let opened = kbpk.map(|kbpk| open(text, kbpk, &mut findings, show_key)).transpose();
    let told =
        Told { text, anatomy, findings, opened: opened.as_ref().ok().and_then(Option::as_ref) };
    if json {
        report::as_json(&told.to_json())?;
    } else {
        colour.lines(told.describe().trim_end())?;
    }
    match told.findings.refusal() {
        Some(error) => Err(error.into()),
        None => opened.map(drop).map_err(Failure::from),
    }
}

/// Verifies a block and takes its key out; adds the rules that the key breaks.
fn open(
    text: &[u8],
    kbpk: &[u8],
    findings: &mut Findings,
    show_key: bool,
) -> Result<Opened, Error> {
    let block = KeyBlock::parse(text, findings.profile)?;
    let kbpk = protection_key(block.header().version, kbpk)?;
    let mut buffer = vec![0; block.enciphered_len()];
    let key = block.unwrap_key(&*kbpk, &mut buffer)?;
    findings.broken.extend(rules_of_key(text, &*kbpk, findings.profile));
    let bytes = key.expose_bytes();
    Ok(Opened {
        len: bytes.len(),
        check_values: check_values(key.header().algorithm, bytes),
        odd_parity: None,
        key: show_key.then(|| hex::encode(bytes)),
    })
}

fn check_values(_algorithm: keyblock::Algorithm, _key: &[u8]) -> Vec<(&'static str, String)> {
    Vec::new()
}

/// All that is told of a block.
struct Told<'a> {
    text: &'a [u8],
    anatomy: Anatomy<'a>,
    findings: Findings,
    opened: Option<&'a Opened>,
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
        }
        if let Some(opened) = self.opened {
            out.extend(opened.describe());
        }
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
            ("broken_rules", broken.collect::<Vec<_>>().into()),
            ("key", self.opened.map(Opened::to_json).into()),
        ];
        all.into_iter()
            .filter(|(_, value): &(_, Value)| !value.is_null())
            .map(|(name, value)| (name.to_owned(), value))
            .collect()
    }
}

impl Opened {
    fn describe(&self) -> Vec<String> {
        let mut rows = vec![format!("authentic: the key has {} bytes", self.len)];
        rows.extend(
            self.check_values
                .iter()
                .map(|(method, value)| format!("check value, {method}: {}", paint::value(value))),
        );
        rows.extend(self.key.iter().map(|key| format!("key: {}", paint::value(key))));
        rows
    }

    fn to_json(&self) -> Value {
        let mut all = object([("length", self.len.into())]);
        if let Value::Object(all) = &mut all {
            all.extend(
                self.check_values
                    .iter()
                    .map(|(method, value)| ((*method).to_owned(), value.as_str().into())),
            );
            all.extend(self.key.iter().map(|key| ("key".to_owned(), key.as_str().into())));
        }
        all
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
