//! Every property holds for random bytes, and for files of its corpus that are changed, cut and joined.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test says what it expects by panicking"
)]

use std::{fs, path::Path};

use proptest::{collection::vec, prelude::*, sample::Index};

fn corpus(property: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/corpus").join(property);
    let mut paths: Vec<_> =
        fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    paths.sort();
    paths.iter().map(|path| fs::read(path).unwrap()).collect()
}

/// A file of the corpus with some bytes changed, then cut and joined with a part of another.
fn changed(property: &str) -> impl Strategy<Value = Vec<u8>> {
    let files = corpus(property);
    let file = prop::sample::select(files);
    let change = (any::<Index>(), prop_oneof![Just(0), Just(0xFF), 0x30..=0x39u8, any::<u8>()]);
    let cut = prop::option::of((any::<Index>(), any::<Index>()));
    (file.clone(), vec(change, 0..4), cut, file).prop_map(|(mut file, changes, cut, other)| {
        for (place, byte) in changes {
            if !file.is_empty() {
                let place = place.index(file.len());
                file[place] = byte;
            }
        }
        if let Some((end, start)) = cut {
            file.truncate(end.index(file.len() + 1));
            file.extend(&other[start.index(other.len() + 1)..]);
        }
        file
    })
}

/// As many as usual; fewer of what takes a tenth of a second each: curves that are not optimised.
fn cases(property: &str) -> u32 {
    let usual = ProptestConfig::default().cases;
    if property == "key_agreement" { usual / 16 } else { usual }
}

macro_rules! hold {
    ($($property:ident)+) => {
        $(
            mod $property {
                use super::*;

                proptest! {
                    #![proptest_config(ProptestConfig {
                        failure_persistence: None,
                        cases: cases(stringify!($property)),
                        ..ProptestConfig::default()
                    })]

                    #[test]
                    fn holds_for_random_bytes(data in vec(any::<u8>(), 0..200)) {
                        properties::$property(&data);
                    }

                    #[test]
                    fn holds_for_changed_files(data in changed(stringify!($property))) {
                        properties::$property(&data);
                    }
                }
            }
        )+

        #[test]
        fn no_property_is_left_out() {
            let tested = [$(stringify!($property)),+];
            assert!(properties::ALL.iter().map(|(name, _)| *name).eq(tested));
        }
    };
}

hold! {
    iso8583_parse
    iso8583_roundtrip
    iso8583_encoder
    iso8583_edit
    iso8583_spec
    iso8583_frame
    iso8583_header
    iso8583_ipm
    iso8583_matcher
    tlv_walk
    tlv_shown
    tlv_writer
    tlv_edit
    tag_path
    dol_fill
    element_iad
    element_bits
    element_values
    apdu_trace
    pinblock_decode
    pinblock_roundtrip
    pinblock_verify
    pinblock_translate
    dukpt_ksn
    dukpt_working_key
    dukpt_explain
    dukpt_terminal
    mac_incremental
    key_agreement
    keyblock_header
    keyblock_unwrap
    keyblock_roundtrip
    keyblock_typed_key
    key_ceremony
}

/// A message of some dialect, as it is on the wire.
fn message() -> impl Strategy<Value = Vec<u8>> {
    (any::<u8>(), vec(any::<u8>(), 2..400))
        .prop_map(|(dialect, choices)| properties::filled(dialect, &choices))
}

/// An edit as `iso8583_edit` takes it: mostly of what is there, with a value that many fields take.
fn edit() -> impl Strategy<Value = Vec<u8>> {
    let there = prop_oneof![6 => (0..0xC0_u8).prop_map(|place| vec![place]),
        1 => (0..200_u8).prop_map(|number| vec![0xC0, 0, number])];
    let text = prop_oneof!["[0-9]{0,12}", "[A-Z]{0,9}", "[CD][0-9]{1,8}", "[ -~]{0,9}"];
    let value = prop_oneof![text.prop_map(String::into_bytes), vec(any::<u8>(), 0..9)];
    (0..8_u8, vec(there, 1..=4), value, any::<u8>()).prop_map(|(what, steps, value, number)| {
        let value = match what {
            2 => vec![0, 0, 0, 0, 0, 0, 0, number],
            5 | 6 => vec![],
            _ => [&[u8::try_from(value.len()).unwrap()], &value[..]].concat(),
        };
        [&[what, u8::try_from(steps.len() - 1).unwrap()], &steps.concat()[..], &value].concat()
    })
}

/// Data objects in one another.
fn tree() -> impl Strategy<Value = Vec<u8>> {
    let object = |tags: &'static [&'static [u8]]| {
        move |value: Vec<u8>, at: Index| {
            let tag = tags[at.index(tags.len())];
            let length = match u8::try_from(value.len()) {
                // Now and then longer than need be.
                Ok(short) if at.index(7) == 0 => vec![0x82, 0, short],
                Ok(short @ 0..=0x7F) => vec![short],
                Ok(long) => vec![0x81, long],
                Err(_) => {
                    [&[0x82][..], &u16::try_from(value.len()).unwrap().to_be_bytes()].concat()
                }
            };
            [tag, &length, &value].concat()
        }
    };
    let primitive = object(&[&[0x5A], &[0x57], &[0x9F, 0x02], &[0x5F, 0x20], &[0xDF, 0x81, 0x29]]);
    let template = object(&[&[0x6F], &[0xA5], &[0xBF, 0x0C], &[0xFF, 0x0D], &[0x70]]);
    let leaf = (vec(any::<u8>(), 0..24), any::<Index>())
        .prop_map(move |(value, at)| primitive(value, at))
        .boxed();
    let node = leaf.prop_recursive(17, 40, 4, move |inner| {
        (vec(inner, 0..4), any::<Index>())
            .prop_map(move |(inside, at)| template(inside.concat(), at))
    });
    vec(node, 0..4).prop_map(|nodes| nodes.concat())
}

/// An edit as `tlv_edit` takes it: mostly of one of the first objects, with a tag that is one and a value that may be objects.
fn tlv_edit() -> impl Strategy<Value = Vec<u8>> {
    const TAGS: [[u8; 4]; 4] =
        [[0x9C, 0, 0, 0], [0x70, 0, 0, 0], [0xBF, 0x0C, 0, 0], [0xFF, 0x0D, 0, 0]];
    let value = prop_oneof![vec(any::<u8>(), 0..9), vec(any::<u8>(), 100..140), tree()];
    let which = prop_oneof![4 => 0..12_u8, 1 => any::<u8>()];
    let tag = prop::sample::select(&TAGS);
    (0..6_u8, which, 0..2_u8, tag, value).prop_map(|(what, which, how, tag, mut value)| {
        value.truncate(255);
        let len = u8::try_from(value.len()).unwrap();
        [&[what, which, how][..], &tag, &[len], &value].concat()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_holds_of_messages_holds_of_well_formed_ones(wire in message(), cut in any::<[u8; 2]>()) {
        properties::iso8583_parse(&wire);
        properties::iso8583_roundtrip(&[&cut[..], &wire].concat());
    }

    #[test]
    fn what_holds_of_messages_holds_of_wrong_ones(wire in message(), place in any::<Index>(), byte in any::<u8>()) {
        let mut wire = wire;
        let place = place.index(wire.len());
        wire[place] = byte;
        properties::iso8583_parse(&wire);
    }

    #[test]
    fn what_holds_of_edits_holds_of_well_formed_messages(
        dialect in any::<u8>(), choices in vec(any::<u8>(), 2..400), edits in vec(edit(), 1..4),
    ) {
        let wire = properties::filled(dialect, &choices);
        let head = [dialect, u8::try_from(edits.len()).unwrap()];
        properties::iso8583_edit(&[&head[..], &edits.concat(), &wire].concat());
    }

    #[test]
    fn what_holds_of_specs_holds_of_long_choices(data in vec(any::<u8>(), 300..2000)) {
        properties::iso8583_spec(&data);
    }

    #[test]
    fn what_holds_of_trees_holds_of_well_formed_ones(bytes in tree()) {
        properties::tlv_walk(&bytes);
        properties::tlv_shown(&bytes);
    }

    #[test]
    fn what_holds_of_elements_holds_of_values_of_their_length(data in vec(any::<u8>(), 23..46)) {
        properties::element_bits(&data);
    }

    #[test]
    fn what_holds_of_edits_holds_of_well_formed_objects(
        edits in vec(tlv_edit(), 1..=4), policy in 0..2_u8, room in any::<u8>(), bytes in tree(),
        pads in vec((any::<Index>(), prop_oneof![Just(0), Just(0xFF)]), 0..3),
    ) {
        let mut bytes = bytes;
        for (place, byte) in pads {
            bytes.insert(place.index(bytes.len() + 1), byte);
        }
        let head = [policy, room, u8::try_from(edits.len() - 1).unwrap()];
        properties::tlv_edit(&[&head[..], &edits.concat(), &bytes].concat());
    }

    #[test]
    fn what_holds_of_streams_holds_of_framed_messages(messages in vec(message(), 1..4), piece in any::<u8>()) {
        let mut stream = vec![0, 0, 0, 0, 0, 0, piece, 0, 0, 0, 9];
        for message in messages {
            stream.extend(u16::try_from(message.len()).unwrap().to_be_bytes());
            stream.extend(message);
        }
        properties::iso8583_frame(&stream);
    }
}
