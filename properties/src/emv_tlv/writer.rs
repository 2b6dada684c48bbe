use emv_tlv::{Error, ErrorKind, Tag, Writer, encoded_len, tags, walk};

use super::tree::encode;
use crate::{choices::Choices, told::assert_told};

const DEEPEST: usize = 6;

/// Any calls of a writer: what fits is written with lengths at their shortest, and what does not leaves no trace.
///
/// Choices: `u16` room; then calls until the bytes end: `u8` what, and `u32` tag with `bytes` value for an object, `u32` tag
/// for a template, whose calls end with one that says so.
pub fn tlv_writer(data: &[u8]) {
    let mut choices = Choices::new(data);
    let mut buffer = vec![0xEE; usize::from(choices.u16() % 1024)];
    let room = buffer.len();
    let mut writer = Writer::new(&mut buffer);
    let mut expected = Vec::new();
    while !choices.is_empty() {
        let _ = calls(&mut choices, &mut writer, &mut expected, room, 0);
    }
    assert_eq!((writer.len(), writer.is_empty()), (expected.len(), expected.is_empty()));
    let shown = format!(
        "Writer {{ bytes_used: {}, bytes_left: {} }}",
        expected.len(),
        room - expected.len()
    );
    assert_eq!(format!("{writer:?}"), shown);
    assert_eq!(writer.finish(), expected);
    assert!(walk(&expected).all(|object| object.is_ok()));
}

/// Makes calls until one ends the template, gives it up, or the choices are used up.
fn calls(
    choices: &mut Choices<'_>,
    writer: &mut Writer<'_>,
    expected: &mut Vec<u8>,
    room: usize,
    depth: usize,
) -> Result<(), Error> {
    while !choices.is_empty() {
        let start = expected.len();
        match choices.u8() % 8 {
            0..=2 => {
                let (tag, value) = (tag(choices), choices.bytes());
                let result = writer.primitive(tag, value);
                if tag.is_constructed() {
                    assert_fails(result, ErrorKind::WrongForm, start);
                } else if start + encoded_len(tag, value.len()) > room {
                    assert_fails(result, ErrorKind::BufferTooSmall, start);
                } else {
                    assert_eq!(result, Ok(()));
                    expected.extend(encode(tag, value));
                }
            }
            3..=5 if depth < DEEPEST => template(choices, writer, expected, room, depth),
            // An error of the caller's, to give the template up with: a template's tag is no primitive object's.
            6 => return writer.primitive(tags::FCI_TEMPLATE, &[]),
            _ => return Ok(()),
        }
        assert_eq!(writer.len(), expected.len());
    }
    Ok(())
}

fn template(
    choices: &mut Choices<'_>,
    writer: &mut Writer<'_>,
    expected: &mut Vec<u8>,
    room: usize,
    depth: usize,
) {
    let start = expected.len();
    let tag = tag(choices);
    let contents_at = start + tag.encoded_len() + 1;
    let mut within = None;
    let result = writer.template(tag, |writer| {
        // Stands for tag and length, until the length is known.
        expected.resize(contents_at, 0);
        within = Some(calls(choices, writer, expected, room, depth + 1));
        within.unwrap_or(Ok(()))
    });
    let contents = expected.get(contents_at..).unwrap_or_default().to_vec();
    expected.truncate(start);
    match within {
        None if tag.is_constructed() => {
            assert!(contents_at > room);
            assert_fails(result, ErrorKind::BufferTooSmall, start);
        }
        None => assert_fails(result, ErrorKind::WrongForm, start),
        Some(Err(error)) => assert_eq!(result, Err(error)),
        Some(Ok(())) => {
            let object = encode(tag, &contents);
            assert_eq!(object.len(), encoded_len(tag, contents.len()));
            if start + object.len() > room {
                assert_fails(result, ErrorKind::BufferTooSmall, start);
            } else {
                assert_eq!(result, Ok(()));
                expected.extend(object);
            }
        }
    }
}

fn assert_fails(result: Result<(), Error>, kind: ErrorKind, offset: usize) {
    let error = result.unwrap_err();
    assert_told(error.kind().as_str(), &error);
    assert_eq!((error.kind(), usize::try_from(error.offset())), (kind, Ok(offset)));
}

/// Any tag; where the bytes are none, one of their first byte's form.
pub(super) fn tag(choices: &mut Choices<'_>) -> Tag {
    let bytes: [u8; 4] = choices.array();
    let shortest = if bytes[0] & 0x20 == 0 { tags::DF_NAME } else { tags::FCI_TEMPLATE };
    (1..=4).find_map(|length| Tag::from_bytes(&bytes[..length]).ok()).unwrap_or(shortest)
}
