use emv_tlv::{Class, ErrorKind, Tag, TagPath};

use super::tree::tag_len;
use crate::{choices::hex, told::assert_told};

/// As many tags as a path holds.
const MOST_TAGS: usize = emv_tlv::DEFAULT_DEPTH + 1;

/// Any bytes as a tag, and as the text of a tag and of a path of tags.
///
/// What is accepted is what it should be and comes back from its number, its bytes and its text; what is refused is refused at
/// a place within it.
pub fn tag_path(data: &[u8]) {
    as_bytes(data);
    if let Ok(text) = str::from_utf8(data) {
        as_tag(text);
        as_path(text);
    }
}

fn as_bytes(bytes: &[u8]) {
    let expected = match (tag_len(bytes), bytes) {
        (Err(kind), _) => Err((kind, 0)),
        (Ok(_), [0x00, ..]) => Err((ErrorKind::ZeroTag, 0)),
        (Ok(length), _) if length < bytes.len() => Err((ErrorKind::TrailingBytes, length)),
        (Ok(_), _) => Ok(hex(bytes)),
    };
    match (Tag::from_bytes(bytes), expected) {
        (Ok(tag), Ok(text)) => {
            assert_eq!(
                (tag.to_string(), format!("{tag:?}")),
                (text.clone(), format!("Tag({text})"))
            );
            assert_eq!(u32::from_str_radix(&text, 16), Ok(tag.raw()));
            assert_eq!((tag.encoded_len(), Tag::new(tag.raw())), (bytes.len(), Some(tag)));
            assert_eq!(text.parse(), Ok(tag));
            assert_eq!(text.to_lowercase().parse(), Ok(tag));
            let classes =
                [Class::Universal, Class::Application, Class::ContextSpecific, Class::Private];
            assert_eq!(tag.class(), classes[usize::from(bytes[0] / 64)]);
            assert_eq!(tag.is_constructed(), bytes[0] / 32 % 2 == 1);
        }
        (Err(error), Err((kind, offset))) => {
            assert_told(error.kind().as_str(), &error);
            assert_eq!((error.kind(), usize::try_from(error.offset())), (kind, Ok(offset)));
            if let (1..=4, false) = (bytes.len(), bytes.starts_with(&[0])) {
                let raw = bytes.iter().fold(0, |raw, &byte| raw << 8 | u32::from(byte));
                assert_eq!(Tag::new(raw), None);
            }
        }
        (result, expected) => panic!("{result:?} where {expected:?} was due"),
    }
}

fn as_tag(text: &str) {
    let is_hex = text.len().is_multiple_of(2) && text.bytes().all(|c| c.is_ascii_hexdigit());
    let bytes: Vec<u8> = match is_hex {
        true => (0..text.len() / 2)
            .map(|at| u8::from_str_radix(&text[2 * at..2 * at + 2], 16).unwrap())
            .collect(),
        false => Vec::new(),
    };
    match text.parse::<Tag>() {
        Ok(tag) => assert_eq!((Tag::from_bytes(&bytes), is_hex), (Ok(tag), true)),
        Err(error) => {
            assert!(!is_hex || Tag::from_bytes(&bytes).is_err());
            assert_within(error.offset(), text);
        }
    }
}

fn as_path(text: &str) {
    let count = text.split('/').count();
    let tags: Option<Vec<Tag>> = text
        .split('/')
        .enumerate()
        .map(|(position, part)| {
            let blank = [' ', '\t'];
            let part = if position > 0 { part.trim_start_matches(blank) } else { part };
            let part = if position + 1 < count { part.trim_end_matches(blank) } else { part };
            part.parse().ok()
        })
        .collect();
    match text.parse::<TagPath>() {
        Ok(path) => {
            assert_eq!(Some(path.to_vec()), tags);
            let shown: Vec<_> = path.iter().map(Tag::to_string).collect();
            assert_eq!(path.to_string(), shown.join("/"));
            assert_eq!(format!("{path:?}"), format!("TagPath({path})"));
            let again: TagPath = path.to_string().parse().unwrap();
            assert_eq!(again.to_vec(), path.to_vec());
        }
        Err(error) => {
            assert!(tags.is_none_or(|tags| tags.len() > MOST_TAGS));
            assert_told(error.kind().as_str(), &error);
            assert_eq!(error.kind(), ErrorKind::InvalidText);
            assert_within(error.offset(), text);
        }
    }
}

fn assert_within(offset: u32, text: &str) {
    let offset = usize::try_from(offset).unwrap();
    assert!(text.is_char_boundary(offset), "{offset} of {}", text.len());
}
