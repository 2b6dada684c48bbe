//! A message that was read, with fields and parts changed, against what may have changed on the wire.

mod kept;

use iso8583_wire::{Class, Encoding, Error, ErrorKind, Field, Layout, Length, Message, MessageRef};

use super::roundtrip::takes_bytes;
use super::twin::{self, Item, Look, NO_NUMBER, Twin};
use super::view::{assert_view, path_of};
use crate::choices::{Choices, hex};
use kept::{Side, assert_kept};

/// A change of one field or part.
pub(super) struct Edit<'a> {
    what: What<'a>,
    steps: Vec<Step>,
}

enum What<'a> {
    SetText(String),
    SetNumber(u64),
    SetBytes(&'a [u8]),
    PushText(String),
    PushBytes(&'a [u8]),
    Remove,
    /// To the value that it has.
    SetItself,
}

/// One number of a path.
enum Step {
    /// Of one that is there.
    There(u8),
    Any(u16),
}

/// What an edit does to the element that its path leads to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Effect {
    Set,
    Push,
    Remove,
}

pub(super) fn choose<'a>(choices: &mut Choices<'a>) -> Vec<Edit<'a>> {
    let count = choices.u8() % 9;
    (0..count).map(|_| Edit::choose(choices)).collect()
}

/// Asserts of one edit after the other that it changes what it is to change, or nothing if it is refused.
pub(super) fn assert_edits(message: &MessageRef<'_, '_>, edits: &[Edit<'_>]) {
    let spec = message.spec();
    let mut owned = Message::from(message);
    let mut wire = message.wire().to_vec();
    let first = twin::read(spec, message.wire(), Look::Everything);
    for edit in edits {
        let before = twin::read(spec, &wire, Look::Everything);
        let path = edit.path(&before);
        let (target, holders) = find(&before, &path);
        let Some(result) = edit.apply(&mut owned, &path, target) else { continue };
        let changed = match owned.encode_to_vec() {
            Ok(changed) => changed,
            Err(error) => return assert_eq!(error.kind(), ErrorKind::MessageTooLong),
        };
        if result.is_err() {
            assert_eq!(hex(&changed), hex(&wire), "refused, and not as it was");
            let may_be_refused = target.is_none_or(|item| edit.may_be_refused(item, &holders));
            assert!(may_be_refused, "{path:?}: {result:?}");
            continue;
        }
        assert_eq!(changed.len(), owned.encoded_len());
        let read = match MessageRef::parse(spec, &changed) {
            Ok(read) => read,
            Err(error) => panic!("{error} after an edit of {path:?}"),
        };
        assert_view(&read, &changed);
        assert_eq!(owned.to_string(), read.to_string());
        let after = twin::read(spec, &changed, Look::Everything);
        let old = Side { wire: &wire, of: &before };
        let new = Side { wire: &changed, of: &after };
        let edited = assert_kept(old, new, &first, &path, edit.effect());
        if let Some(item) = edited {
            edit.assert_value(item, &changed);
        }
        assert!(edited.is_none() || owned.get(path_of(&path)).is_some());
        assert_eq!(Message::from(&read).encode_to_vec().unwrap(), changed);
        wire = changed;
    }
}

/// The element that a path leads to, if it is there, and the elements that hold it.
fn find<'t, 's>(twin: &'t Twin<'s>, path: &[u16]) -> (Option<&'t Item<'s>>, Vec<&'t Item<'s>>) {
    let mut level: &[Item<'_>] = &twin.fields;
    let mut holders = Vec::new();
    for (depth, number) in path.iter().enumerate() {
        let Some(item) = level.iter().find(|item| item.number == *number) else { break };
        if depth + 1 == path.len() {
            return (Some(item), holders);
        }
        holders.push(item);
        level = item.made_of.as_ref().map_or(&[], |made_of| &made_of.parts);
    }
    (None, holders)
}

impl<'a> Edit<'a> {
    fn choose(choices: &mut Choices<'a>) -> Self {
        let what = choices.u8() % 8;
        let depth = 1 + choices.u8() % 4;
        let steps = (0..depth).map(|_| match choices.u8() {
            there @ 0..0xC0 => Step::There(there),
            _ => Step::Any(choices.u16()),
        });
        let steps = steps.collect();
        let mut text = || -> String {
            let bytes = choices.bytes();
            let latin1 = || bytes.iter().map(|byte| char::from(*byte)).collect();
            str::from_utf8(bytes).map_or_else(|_| latin1(), str::to_owned)
        };
        let what = match what {
            0 | 7 => What::SetText(text()),
            1 => What::PushText(text()),
            2 => What::SetNumber(choices.u64()),
            3 => What::SetBytes(choices.bytes()),
            4 => What::PushBytes(choices.bytes()),
            5 => What::Remove,
            _ => What::SetItself,
        };
        Self { what, steps }
    }

    /// The numbers that the steps choose.
    fn path(&self, twin: &Twin<'_>) -> Vec<u16> {
        let mut level: &[Item<'_>] = &twin.fields;
        let mut path = Vec::new();
        for step in &self.steps {
            let number = match step {
                // No deeper than there is something.
                Step::There(_) if level.is_empty() && !path.is_empty() => break,
                Step::There(place) if level.is_empty() => u16::from(*place),
                Step::There(place) => level[usize::from(*place) % level.len()].number,
                Step::Any(number) => *number,
            };
            path.push(number);
            let item = level.iter().find(|item| item.number == number);
            level =
                item.and_then(|item| item.made_of.as_ref()).map_or(&[], |made_of| &made_of.parts);
        }
        path
    }

    fn effect(&self) -> Effect {
        match self.what {
            What::PushText(_) | What::PushBytes(_) => Effect::Push,
            What::Remove => Effect::Remove,
            _ => Effect::Set,
        }
    }

    /// What comes of the edit; `None` where there is nothing to set to itself.
    fn apply(
        &self,
        message: &mut Message<'_>,
        path: &[u16],
        target: Option<&Item<'_>>,
    ) -> Option<Result<(), Option<Error>>> {
        let path = path_of(path);
        let result = match &self.what {
            What::SetText(text) => message.set_text(path, text),
            What::SetNumber(number) => message.set_number(path, *number),
            What::SetBytes(bytes) => message.set_bytes(path, bytes),
            What::PushText(text) => message.push_text(path, text),
            What::PushBytes(bytes) => message.push_bytes(path, bytes),
            What::Remove => {
                let was_there = message.get(path).is_some();
                assert_eq!(was_there, target.is_some());
                let removed = message.remove(path);
                assert!(was_there || !removed);
                return Some(if removed { Ok(()) } else { Err(None) });
            }
            What::SetItself => {
                let target = target.filter(|item| item.made_of.is_none())?;
                if takes_bytes(target.definition) {
                    let field = message.get(path).unwrap();
                    let bytes = super::roundtrip::bytes(&field);
                    message.set_bytes(path, &bytes)
                } else {
                    message.set_text(path, &target.value)
                }
            }
        };
        Some(result.map_err(|error| {
            // What holds the part may be at fault, or a part of what is given whole.
            let (asked, at_fault) = (path.numbers(), error.path());
            let at_fault = at_fault.numbers();
            assert!(asked.starts_with(at_fault) || at_fault.starts_with(asked), "{error}");
            Some(error)
        }))
    }

    /// Whether an edit of an element that is there may be refused.
    fn may_be_refused(&self, target: &Item<'_>, holders: &[&Item<'_>]) -> bool {
        let has_number = |item: &Item<'_>| item.number != NO_NUMBER;
        let is_fixed = |item: &&Item<'_>| matches!(item.definition.length(), Length::Fixed(_));
        // What holds it may have to stay as long as it is.
        if !has_number(target)
            || !holders.iter().all(|item| has_number(item))
            || holders.iter().any(is_fixed)
        {
            return true;
        }
        match self.what {
            What::SetItself => false,
            What::Remove => {
                holders.last().and_then(|item| item.made_of.as_ref()).is_some_and(|made_of| {
                    // Of parts that only their place tells, all but the last.
                    let last = made_of.parts.last().unwrap();
                    made_of.layout == Layout::Positional && last.number != target.number
                })
            }
            _ => true,
        }
    }

    /// Asserts that an element has the value that it was given.
    fn assert_value(&self, item: &Item<'_>, wire: &[u8]) {
        let definition = item.definition;
        let is_fixed = matches!(definition.length(), Length::Fixed(_));
        match &self.what {
            What::SetText(text) | What::PushText(text) => {
                let text = as_read(definition, text);
                let blanks = item.value.strip_prefix(&text).unwrap();
                assert!(blanks.chars().all(|c| c == ' ') && (is_fixed || blanks.is_empty()));
            }
            What::SetNumber(number) => {
                let zeros = item.value.strip_suffix(&number.to_string()).unwrap();
                assert!(zeros.chars().all(|c| c == '0') && (is_fixed || zeros.is_empty()));
            }
            What::SetBytes(bytes) | What::PushBytes(bytes) => {
                if definition.class() == Class::B {
                    assert_eq!(item.value, hex(bytes));
                } else {
                    let blanks = wire[item.data_at..item.end].strip_prefix(&**bytes).unwrap();
                    let is_filled = is_fixed && definition.class() == Class::Ans;
                    assert!(blanks.iter().all(|c| *c == b' ') && (is_filled || blanks.is_empty()));
                }
            }
            What::Remove | What::SetItself => {}
        }
    }
}

/// A text as it is read after it was given.
fn as_read(definition: &Field, text: &str) -> String {
    let is_track = definition.class() == Class::Z;
    match definition.encoding() {
        Encoding::Bcd if is_track => text.replace('D', "="),
        Encoding::ZonedAscii | Encoding::ZonedEbcdic => {
            let sign = if text.starts_with(['D', '-']) { "D" } else { "C" };
            let digits: String = text.chars().skip(1).collect();
            format!("{sign}{digits}")
        }
        _ => text.to_owned(),
    }
}
