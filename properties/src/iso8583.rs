//! ISO 8583 messages.

mod built;
mod codec;
mod consistency;
mod edit;
mod encoder;
mod filling;
mod frame;
mod header;
mod ipm;
mod matcher;
mod mti;
mod roundtrip;
mod specs;
mod table;
mod twin;
mod view;

use iso8583_wire::{Spec, SpecBuf, SpecRule};

use crate::choices::Choices;
use built::{assert_built, assert_refused};
use edit::assert_edits;
use encoder::assert_encoder;
use filling::{fill, spoilt};
use roundtrip::parse_prefix;
use roundtrip::{assert_copies_only_what_is_defined_alike, assert_cut, assert_round_trip};
use table::Draft;
use view::assert_parse;

pub use filling::filled;
pub use frame::iso8583_frame;
pub use header::iso8583_header;
pub use ipm::iso8583_ipm;
pub use matcher::iso8583_matcher;

/// Any bytes, under every shipped dialect and those by hand, are refused at a byte of theirs or read whole.
///
/// An error lies within the input and shows one line without digits of it. A message's parts tile the
/// input; each field and each part of it is what a slow reading of its bytes gives, the same by number and by iteration, and
/// is shown masked. What is read up to a fault is what stands before it; without a look at values only structure is refused,
/// and the values are visited in the order in which they would be refused. Rules about any of its fields find what it lacks or must not
/// have; its type turns into the types that a table gives. The bytes are read as the text of a path, too.
pub fn iso8583_parse(data: &[u8]) {
    mti::assert_path(&String::from_utf8_lossy(data));
    for spec in specs::all() {
        assert_parse(spec, data);
    }
}

/// What is read and written again is the same: as it stands, field by field, and value by value.
///
/// Choices: `u16` where to cut the message; then the bytes, read under every dialect. What follows a message is handed
/// back by `parse_prefix` and refused by `parse`; a message that is cut is refused as truncated.
pub fn iso8583_roundtrip(data: &[u8]) {
    let mut choices = Choices::new(data);
    let cut = usize::from(choices.u16());
    for spec in specs::all() {
        if let Some(message) = parse_prefix(spec, choices.rest()) {
            assert_cut(&message, cut % message.wire().len());
            assert_round_trip(&message);
            for other in specs::all() {
                assert_copies_only_what_is_defined_alike(&message, other);
            }
        }
    }
}

/// Any calls of an encoder: it accepts what the owned message accepts, if it is in order and fits, and a refused call
/// changes nothing.
///
/// Choices: `u8` dialect, `u16` room, `u16` message type; then calls until the bytes end: `u8` what, `u8` field, and
/// `bytes` value, `[u8; 8]` number or what makes a value that fits, or `u8` count and as many calls for the parts; at the end
/// `u8` whether a code is put last.
pub fn iso8583_encoder(data: &[u8]) {
    let mut choices = Choices::new(data);
    let spec = specs::one_of(choices.u8());
    assert_encoder(spec, choices);
}

/// An edit of a message that was read changes what it is to change, and no other byte.
///
/// Choices: `u8` dialect, `u8` count of edits up to 8; for each `u8` what, `u8` depth, for each number of the path `u8` which
/// of those that are there, or with one `u16` any, and `bytes` value or `[u8; 8]` number; then the message. A refused edit
/// leaves everything as it was.
pub fn iso8583_edit(data: &[u8]) {
    let mut choices = Choices::new(data);
    let spec = specs::one_of(choices.u8());
    let edits = edit::choose(&mut choices);
    if let Some(message) = parse_prefix(spec, choices.rest()) {
        assert_edits(&message, &edits);
    }
}

/// Any tables: a spec that is accepted reads and writes like a shipped dialect, the same in constant tables and put together at run
/// time, and a contradiction is refused.
///
/// Choices: `u8` each for message type, bitmap encoding and bitmaps; `u8` count of composites up to 6, each with its parts;
/// `u8` count of fields up to 31; for each `u8` number, then as for a part `u16` options, `u8` class, `u8` encoding, `u8`
/// sensitivity, `u8` form of length, `u16` length, `u8` length prefix if it has one, `u8` composite; then edits as
/// `iso8583_edit` takes, `bytes` to read, a message as `[u8; 2]` type and for each field and part `u8` whether it is there and
/// its value, `u16` and `u8` a byte to change in it; and what `iso8583_encoder` takes after the dialect.
pub fn iso8583_spec(data: &[u8]) {
    let mut choices = Choices::new(data);
    let draft = Draft::choose(&mut choices);
    let tables = draft.tables();
    let violations = consistency::violations(draft.bitmaps, &tables);
    match Spec::try_with_tables("any", draft.mti, draft.bitmap, draft.bitmaps, tables) {
        Ok(spec) => {
            assert_eq!(violations, []);
            assert_eq!(SpecBuf::from(&spec).spec(), Ok(spec));
            let edits = edit::choose(&mut choices);
            let any = choices.bytes();
            let filled = fill(&spec, &mut choices);
            for wire in [any, &filled, &spoilt(&filled, &mut choices)] {
                assert_parse(&spec, wire);
                if let Some(message) = parse_prefix(&spec, wire) {
                    assert_cut(&message, wire.len() / 2 % message.wire().len());
                    assert_round_trip(&message);
                    assert_edits(&message, &edits);
                }
            }
            assert_built(&spec, &[any, &filled, &spoilt(&filled, &mut choices)]);
            assert_encoder(&spec, choices);
        }
        Err(error) => {
            assert_refused((draft.mti, draft.bitmap, draft.bitmaps), tables, &error);
            let found = (error.rule(), error.table(), usize::from(error.index()));
            assert!(violations.contains(&found), "{error}: {violations:?}");
            // Fields come first, in order.
            let first = violations.iter().find(|(_, table, _)| *table == "fields");
            let is_first = first.is_none_or(|first| (first.1, first.2) == (found.1, found.2));
            assert!(is_first || found.0 == SpecRule::TableTooLong, "{error}: {violations:?}");
            let shown = format!("{}[{}]: {}", found.1, found.2, found.0.as_str());
            assert_eq!(error.to_string(), shown);
        }
    }
}
