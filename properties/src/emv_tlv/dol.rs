use emv_tlv::{
    Dol, ErrorKind, Tag,
    dictionary::{Format, lookup},
};

use super::tree::tag_len;
use crate::choices::Choices;

/// What lies behind the data in the buffer, which no filling touches.
const SPARE: usize = 3;

/// Any list is refused where it should be, or asks for data of its length; each value lands where its entry is, cut and
/// filled by its format.
///
/// Choices: `bytes` list; then for each entry `u8`, of which one in four is no value, and `bytes` value.
pub fn dol_fill(data: &[u8]) {
    let mut choices = Choices::new(data);
    let bytes = choices.bytes();
    let entries = match (Dol::parse(bytes), read(bytes)) {
        (Ok(_), Ok(entries)) => entries,
        (Err(error), Err((kind, offset))) => {
            return assert_eq!((error.kind(), usize::try_from(error.offset())), (kind, Ok(offset)));
        }
        (list, entries) => panic!("{list:?} where {entries:?} was due"),
    };
    let list = Dol::parse(bytes).unwrap();
    assert_eq!(list.entries().collect::<Vec<_>>(), entries);
    let total = entries.iter().map(|&(_, length)| usize::from(length)).sum();
    assert_eq!(list.data_len(), total);

    let values: Vec<Option<&[u8]>> = entries
        .iter()
        .map(|_| {
            let none = choices.u8() % 4 == 3;
            let value = choices.bytes();
            (!none).then_some(value)
        })
        .collect();
    let expected: Vec<u8> = entries
        .iter()
        .zip(&values)
        .flat_map(|(&(tag, length), value)| fit(tag, length.into(), *value))
        .collect();
    let mut asked = Vec::new();
    let mut rest = entries.iter().zip(&values).filter(|((tag, _), _)| !tag.is_constructed());
    let mut buffer = vec![0xEE; total + SPARE];
    let filled = list.fill(&mut buffer, |tag| {
        asked.push(tag);
        *rest.next().unwrap().1
    });
    assert_eq!(filled.unwrap(), expected);
    assert_eq!(buffer[total..], [0xEE; SPARE]);
    let primitive = entries.iter().map(|&(tag, _)| tag).filter(|tag| !tag.is_constructed());
    assert!(primitive.eq(asked));

    if let Some(short) = total.checked_sub(1) {
        let before = buffer.clone();
        let error = list.fill(&mut buffer[..short], |_| Some(&[0x55])).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::BufferTooSmall);
        assert_eq!((usize::try_from(error.offset()), buffer), (Ok(short), before));
    }
}

fn read(bytes: &[u8]) -> Result<Vec<(Tag, u8)>, (ErrorKind, usize)> {
    let mut entries = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let length_at = at + tag_len(&bytes[at..]).map_err(|kind| (kind, at))?;
        let tag = Tag::from_bytes(&bytes[at..length_at]).map_err(|_| (ErrorKind::ZeroTag, at))?;
        let length = *bytes.get(length_at).ok_or((ErrorKind::TruncatedLength, length_at))?;
        entries.push((tag, length));
        at = length_at + 1;
    }
    Ok(entries)
}

/// A value in the length that is asked for.
fn fit(tag: Tag, length: usize, value: Option<&[u8]>) -> Vec<u8> {
    let value = match value {
        Some(value) if !tag.is_constructed() => value,
        _ => return vec![0; length],
    };
    let missing = length.saturating_sub(value.len());
    let surplus = value.len().saturating_sub(length);
    match lookup(tag).map(|entry| entry.format) {
        Some(Format::N) => [&vec![0; missing], &value[surplus..]].concat(),
        Some(Format::Cn) => [&value[..value.len() - surplus], &vec![0xFF; missing]].concat(),
        _ => [&value[..value.len() - surplus], &vec![0; missing]].concat(),
    }
}
