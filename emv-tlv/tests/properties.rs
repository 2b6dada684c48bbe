//! What holds for any tree, any list and any bytes.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test says what it expects by panicking"
)]

use emv_tlv::{
    Dol, Error, ErrorKind, Padding, Tag, Tlv, Walk, Writer, dictionary, encoded_len, find, parse,
    parse_with, walk,
};
use proptest::{collection::vec, prelude::*};

#[derive(Clone, Debug)]
enum Node {
    Primitive(Tag, Vec<u8>),
    Template(Tag, Vec<Node>),
}

/// A tag of 1 to 4 bytes and the form wanted; the first byte is never 00.
fn tag(constructed: bool) -> impl Strategy<Value = Tag> {
    (0u8..4, 0u8..31, vec(any::<u8>(), 0..4)).prop_map(move |(class, number, more)| {
        let first = class << 6 | if constructed { 0x20 } else { 0 };
        let mut bytes = vec![first | if more.is_empty() { number.max(1) } else { 0x1F }];
        bytes.extend(more.iter().map(|byte| byte | 0x80));
        if !more.is_empty() {
            *bytes.last_mut().unwrap() &= 0x7F;
        }
        Tag::from_bytes(&bytes).unwrap()
    })
}

fn forest() -> impl Strategy<Value = Vec<Node>> {
    forest_of(vec(any::<u8>(), 0..200))
}

/// With short values, and now and then one around the border of a longer length: most bytes are of tags and lengths, and each
/// of them can be tried.
fn short_forest() -> impl Strategy<Value = Vec<Node>> {
    forest_of(prop_oneof![15 => vec(any::<u8>(), 0..6), 1 => vec(any::<u8>(), 120..135)])
}

fn forest_of(value: impl Strategy<Value = Vec<u8>> + 'static) -> impl Strategy<Value = Vec<Node>> {
    let leaf = (tag(false), value).prop_map(|(tag, value)| Node::Primitive(tag, value));
    let node = leaf.prop_recursive(6, 40, 5, |inner| {
        (tag(true), vec(inner, 0..5)).prop_map(|(tag, nodes)| Node::Template(tag, nodes))
    });
    vec(node, 0..6)
}

fn len(nodes: &[Node]) -> usize {
    nodes
        .iter()
        .map(|node| match node {
            Node::Primitive(tag, value) => encoded_len(*tag, value.len()),
            Node::Template(tag, nodes) => encoded_len(*tag, len(nodes)),
        })
        .sum()
}

fn write(nodes: &[Node], writer: &mut Writer<'_>) -> Result<(), Error> {
    nodes.iter().try_for_each(|node| match node {
        Node::Primitive(tag, value) => writer.primitive(*tag, value),
        Node::Template(tag, nodes) => writer.template(*tag, |writer| write(nodes, writer)),
    })
}

fn encode(nodes: &[Node]) -> Vec<u8> {
    let mut buffer = vec![0; len(nodes)];
    let mut writer = Writer::new(&mut buffer);
    write(nodes, &mut writer).unwrap();
    assert_eq!(writer.finish().len(), len(nodes));
    buffer
}

/// What a walk should yield: depth, tag, and the value of what is primitive.
fn flatten(nodes: &[Node], depth: u8, out: &mut Vec<(u8, Tag, Option<Vec<u8>>)>) {
    for node in nodes {
        match node {
            Node::Primitive(tag, value) => out.push((depth, *tag, Some(value.clone()))),
            Node::Template(tag, nodes) => {
                out.push((depth, *tag, None));
                flatten(nodes, depth + 1, out);
            }
        }
    }
}

/// The walk's slow twin: level by level, by recursion, within the same depth.
fn by_levels<'a>(
    objects: impl Iterator<Item = Result<Tlv<'a>, Error>>,
    out: &mut Vec<(u32, u8, Tag)>,
) -> Result<(), Error> {
    for object in objects {
        let object = object?;
        if object.is_constructed() && object.depth() >= 16 {
            return Err(parse_error(ErrorKind::TooDeep, object.offset()));
        }
        out.push((object.offset(), object.depth(), object.tag()));
        by_levels(object.children(), out)?;
    }
    Ok(())
}

/// An error to compare with, from a nest that the walk refuses at the wanted offset.
fn parse_error(kind: ErrorKind, offset: u32) -> Error {
    let mut bytes = vec![0; usize::try_from(offset).unwrap()];
    bytes.extend([0xE0, 0x00]);
    let error = Walk::<0>::with_depth(&bytes).next().unwrap().unwrap_err();
    assert_eq!(error.kind(), kind);
    error
}

fn both_ways(bytes: &[u8], padding: Padding) {
    let mut walked = Vec::new();
    let mut walk = Walk::new(bytes).padding(padding);
    let result = walk.by_ref().try_for_each(|object| {
        let object = object?;
        let start = usize::try_from(object.offset()).unwrap();
        assert_eq!(object.encoded(), &bytes[start..start + object.encoded().len()]);
        assert!(object.encoded().ends_with(object.value()));
        walked.push((object.offset(), object.depth(), object.tag()));
        Ok::<_, Error>(())
    });
    assert!(walk.next().is_none());
    if let Err(error) = result {
        assert!(usize::try_from(error.offset()).unwrap() <= bytes.len());
    }
    let mut levels = Vec::new();
    let twin = by_levels(parse_with(bytes, padding), &mut levels);
    assert_eq!((result, walked), (twin, levels));
}

/// Bytes that are more often objects than chance would have it.
fn tlv_like() -> impl Strategy<Value = Vec<u8>> {
    let pieces = prop_oneof![
        3 => any::<u8>(),
        1 => Just(0x00),
        1 => Just(0xFF),
        2 => prop::sample::select(&[0x70, 0xE0, 0x9F, 0x5A, 0x80, 0x81, 0x82, 0x84][..]),
        3 => 0u8..12,
    ];
    vec(pieces, 0..64)
}

proptest! {
    #[test]
    fn a_tree_comes_back_as_it_was(nodes in forest()) {
        let bytes = encode(&nodes);
        let mut expect = Vec::new();
        flatten(&nodes, 0, &mut expect);
        let read: Vec<_> = walk(&bytes)
            .map(|object| {
                let object = object.unwrap();
                let value = (!object.is_constructed()).then(|| object.value().to_vec());
                (object.depth(), object.tag(), value)
            })
            .collect();
        prop_assert_eq!(read, expect);
        let level: Vec<_> = parse(&bytes).flat_map(|object| object.unwrap().encoded().to_vec()).collect();
        prop_assert_eq!(level, bytes);
    }

    #[test]
    fn a_tree_cut_anywhere_is_an_error_or_ends_between_objects(nodes in short_forest()) {
        let bytes = encode(&nodes);
        let ends: Vec<_> = parse(&bytes)
            .scan(0, |end, object| { *end += object.unwrap().encoded().len(); Some(*end) })
            .collect();
        for cut in 1..bytes.len() {
            let whole = walk(&bytes[..cut]).all(|object| object.is_ok());
            prop_assert_eq!(whole, ends.contains(&cut), "{}", cut);
            both_ways(&bytes[..cut], Padding::Strict);
        }
    }

    #[test]
    fn a_tree_with_any_byte_changed_is_an_error_or_another_tree(nodes in short_forest(), flip in 1u8..) {
        let mut bytes = encode(&nodes);
        for at in 0..bytes.len() {
            bytes[at] ^= flip;
            both_ways(&bytes, Padding::Strict);
            both_ways(&bytes, Padding::Lenient);
            bytes[at] ^= flip;
        }
    }

    #[test]
    fn any_bytes_read_alike_by_walk_and_by_levels(bytes in tlv_like()) {
        both_ways(&bytes, Padding::Strict);
        both_ways(&bytes, Padding::Lenient);
    }

    #[test]
    fn zeros_between_objects_change_nothing(nodes in forest(), before in 0usize..4, after in 0usize..4) {
        let bytes = encode(&nodes);
        let padded = [vec![0; before], bytes.clone(), vec![0; after]].concat();
        let tags = |bytes: &[u8], padding| -> Vec<Tag> {
            Walk::new(bytes).padding(padding).map(|object| object.unwrap().tag()).collect()
        };
        prop_assert_eq!(tags(&padded, Padding::Strict), tags(&bytes, Padding::Strict));
    }

    #[test]
    fn find_agrees_with_the_walk(nodes in forest()) {
        let bytes = encode(&nodes);
        let mut walk = walk(&bytes);
        while let Some(object) = walk.next() {
            let object = object.unwrap();
            let path = [walk.path(), &[object.tag()]].concat();
            let found = find(&bytes, &path).unwrap().unwrap();
            prop_assert_eq!(found.tag(), object.tag());
            prop_assert!(found.offset() <= object.offset());
        }
    }

    #[test]
    fn a_buffer_too_short_keeps_the_complete_objects(nodes in forest(), room in 0usize..400) {
        let bytes = encode(&nodes);
        let mut buffer = vec![0; room.min(bytes.len())];
        let mut writer = Writer::new(&mut buffer);
        let result = write(&nodes, &mut writer);
        prop_assert_eq!(result.is_ok(), room >= bytes.len());
        let written = writer.finish();
        prop_assert!(bytes.starts_with(written));
        prop_assert!(walk(written).all(|object| object.is_ok()));
    }

    #[test]
    fn nothing_shown_gives_a_card_number_away(digits in vec(0u8..10, 15), raw in any::<u16>(), spare in vec(any::<u8>(), 0..4)) {
        // Make the 16 digits a card number, put it in any object of two tag bytes, and look for it.
        let mut digits = digits;
        digits[0] = digits[0].max(1);
        let sum: u32 = digits.iter().rev().enumerate().map(|(at, &digit)| {
            let digit = u32::from(digit) << ((at + 1) % 2);
            digit / 10 + digit % 10
        }).sum();
        digits.push(u8::try_from((10 - sum % 10) % 10).unwrap());
        let pan: Vec<u8> = digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect();
        let text: String = digits.iter().map(|&digit| char::from(b'0' + digit)).collect();
        let tag = Tag::new(0x9F00 | u32::from(raw & 0x7F) | u32::from(raw & 0x4000)).unwrap();
        prop_assume!(dictionary::lookup(tag).is_none_or(|entry| entry.sensitivity != dictionary::Sensitivity::Public));
        let value = [spare.as_slice(), &pan].concat();
        let mut buffer = [0; 64];
        let mut writer = Writer::new(&mut buffer);
        writer.primitive(tag, &value).unwrap();
        let object = parse(writer.finish()).next().unwrap().unwrap();
        let shown = format!("{object} {object:?}");
        prop_assert!(!shown.contains(&text), "{}", shown);
    }

    #[test]
    fn a_tag_is_its_bytes_its_number_and_its_text(bytes in vec(any::<u8>(), 0..6)) {
        match Tag::from_bytes(&bytes) {
            Ok(tag) => {
                prop_assert_eq!(tag.encoded_len(), bytes.len());
                prop_assert_eq!(Tag::new(tag.raw()), Some(tag));
                prop_assert_eq!(tag.to_string().parse(), Ok(tag));
            }
            Err(error) => {
                let mut raw = [0; 4];
                if bytes.len() <= 4 && bytes.first() != Some(&0) {
                    raw[4 - bytes.len()..].copy_from_slice(&bytes);
                    prop_assert_eq!(Tag::new(u32::from_be_bytes(raw)), None, "{}", error);
                }
            }
        }
    }

    #[test]
    fn a_list_is_checked_once_and_filled_to_its_length(bytes in vec(any::<u8>(), 0..40), value in vec(any::<u8>(), 0..20)) {
        if let Ok(list) = Dol::parse(&bytes) {
            let mut encoded = Vec::new();
            let mut total = 0;
            for (tag, length) in list.entries() {
                let raw = tag.raw().to_be_bytes();
                encoded.extend(&raw[4 - tag.encoded_len()..]);
                encoded.push(length);
                total += usize::from(length);
            }
            prop_assert_eq!(&encoded, &bytes);
            prop_assert_eq!(list.data_len(), total);
            let mut buffer = vec![0x55; total];
            prop_assert_eq!(list.fill(&mut buffer, |_| Some(&value)).unwrap().len(), total);
            if total > 0 {
                let error = list.fill(&mut buffer[1..], |_| None).unwrap_err();
                prop_assert_eq!(error.kind(), ErrorKind::BufferTooSmall);
            }
        }
    }
}
