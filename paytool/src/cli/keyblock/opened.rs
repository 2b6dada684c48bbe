//! A key block under a protection key: whether it is authentic, and what can be told of its key.

use keyblock::optional::{CheckMethod, HeaderCheckValue};
use keyblock::{Contents, Error, Kcv, KcvMethod, KeyBlock, OptionalBlock, Version};
use serde_json::{Map, Value};

use super::anatomy::Anatomy;
use super::faults::{Findings, rules_of_key};
use crate::algorithm::Algorithm;
use crate::cli::colour::paint;
use crate::hex;
use crate::ops::check_value;
use crate::ops::keyblock::protection_key;

/// The methods of check values that are shown.
const METHODS: [KcvMethod; 2] = [KcvMethod::Legacy, KcvMethod::Cmac];

/// A key that was taken out of a block.
pub(super) struct Opened {
    len: usize,
    check_values: Vec<(&'static str, String)>,
    /// The key itself, where it is to be shown.
    key: Option<String>,
}

/// Whether the check value in an optional block is that of the key or the protection key at hand.
pub(super) struct Comparison {
    id: String,
    offset: usize,
    of: &'static str,
    same: bool,
}

/// What a protection key tells of a block.
pub(super) struct Under {
    /// The key, if the block is authentic.
    pub(super) opened: Result<Opened, Error>,
    pub(super) comparisons: Vec<Comparison>,
}

impl Under {
    /// Verifies a block and takes its key out; adds the rules that the key breaks.
    pub(super) fn new(text: &[u8], kbpk: &[u8], findings: &mut Findings, show_key: bool) -> Self {
        let anatomy = Anatomy::of(text, findings.in_characters());
        let mut comparisons = Vec::new();
        if let Some(version) = text.first().copied().and_then(Version::from_code) {
            let name = if version.is_aes() { "AES" } else { "TDES" };
            comparisons.extend(compare(&anatomy, "KBPK", name, kbpk));
        }
        let opened = open(text, kbpk, findings).map(|(algorithm, key)| {
            comparisons.extend(compare(&anatomy, "key", algorithm, &key));
            let values = METHODS.into_iter().filter_map(|method| {
                Some((method.as_str(), value(algorithm, method, &key)?.to_string()))
            });
            let check_values = values.collect();
            Opened { len: key.len(), check_values, key: show_key.then(|| hex::encode(&key)) }
        });
        Self { opened, comparisons }
    }

    pub(super) fn describe(&self) -> Vec<String> {
        let mut rows: Vec<String> = self.comparisons.iter().map(Comparison::describe).collect();
        if let Ok(opened) = &self.opened {
            rows.push(format!("authentic; the key has {} bytes", opened.len));
            rows.extend(
                opened
                    .check_values
                    .iter()
                    .map(|(method, value)| format!("kcv {method}: {}", paint::value(value))),
            );
            rows.extend(opened.key.iter().map(|key| format!("key: {}", paint::value(key))));
        }
        rows
    }

    /// The opened key, and the comparisons.
    pub(super) fn to_json(&self) -> [(&'static str, Value); 2] {
        let key = self.opened.as_ref().ok().map(|opened| {
            let mut all = Map::new();
            all.insert("length".to_owned(), opened.len.into());
            let values = opened.check_values.iter();
            all.extend(values.map(|(method, value)| ((*method).to_owned(), value.as_str().into())));
            all.extend(opened.key.iter().map(|key| ("key".to_owned(), key.as_str().into())));
            Value::Object(all)
        });
        let comparisons: Vec<Value> = self.comparisons.iter().map(Comparison::to_json).collect();
        [("key", key.into()), ("check_values", comparisons.into())]
    }
}

impl Comparison {
    fn describe(&self) -> String {
        let Self { id, offset, of, same } = self;
        if *same {
            return format!("{id} at offset {offset} is the check value of this {of}");
        }
        let text = format!("{id} at offset {offset} is the check value of another {of}");
        paint::removed(text).to_string()
    }

    fn to_json(&self) -> Value {
        let all = [
            ("id", self.id.as_str().into()),
            ("offset", self.offset.into()),
            ("of", self.of.into()),
            ("same", self.same.into()),
        ];
        Value::Object(
            all.into_iter().map(|(name, value): (_, Value)| (name.to_owned(), value)).collect(),
        )
    }
}

/// The key of a block and the name of its algorithm.
fn open(
    text: &[u8],
    kbpk: &[u8],
    findings: &mut Findings,
) -> Result<(&'static str, Vec<u8>), Error> {
    let block = KeyBlock::parse(text, findings.profile)?;
    let kbpk = protection_key(block.header().version, kbpk)?;
    let mut buffer = vec![0; block.enciphered_len()];
    let key = block.unwrap_key(&*kbpk, &mut buffer)?;
    findings.broken.extend(rules_of_key(text, &*kbpk, findings.profile));
    Ok((key.header().algorithm.name(), key.expose_bytes().to_vec()))
}

/// Holds the check values of a kind of key in a block against a key.
fn compare(
    anatomy: &Anatomy<'_>,
    of: &'static str,
    algorithm: &'static str,
    key: &[u8],
) -> Vec<Comparison> {
    let optional = anatomy.optional.iter();
    let comparisons = optional.filter_map(|block| {
        let optional = OptionalBlock::new(block.id, block.data).ok()?;
        let said: HeaderCheckValue = match optional.contents().ok()? {
            Contents::KeyCheckValue(said) if of == "key" => said,
            Contents::KbpkCheckValue(said) if of == "KBPK" => said,
            _ => return None,
        };
        let method = match said.method() {
            CheckMethod::Legacy => KcvMethod::Legacy,
            CheckMethod::Cmac => KcvMethod::Cmac,
        };
        // Fewer bytes may be sent.
        let same = value(algorithm, method, key)?.as_bytes().starts_with(said.as_bytes());
        let id = String::from_utf8_lossy(&block.id).into_owned();
        Some(Comparison { id, offset: block.offset, of, same })
    });
    comparisons.collect()
}

/// The check value of a key of an algorithm that has one here.
fn value(algorithm: &str, method: KcvMethod, key: &[u8]) -> Option<Kcv> {
    let name = if algorithm == "TDES" && key.len() == 8 { "DES" } else { algorithm };
    check_value(Algorithm::named(name, key, "algorithm", "key").ok()?, method, key).ok()
}
