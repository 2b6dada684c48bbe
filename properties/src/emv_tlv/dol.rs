use emv_tlv::{
    Dol, DolKind, ErrorKind, Fit, FittedEntry, Side, Tag,
    dictionary::{Format, lookup},
};

use super::tree::tag_len;
use crate::{choices::Choices, told::assert_told};

/// What lies behind the data in the buffer, which no filling touches.
const SPARE: usize = 3;

/// Any list is refused where it should be, or asks for data of its length; each value lands where its entry is, cut and
/// filled by its format. What is explained is what was done, and what was filled comes apart as it was put together.
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
    assert_eq!((list.data_len(), list.as_bytes()), (total, bytes));
    assert_asked(list, &entries);

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
    assert_explained(list, &entries, &values, &expected);
    assert_split(list, &entries, &buffer);
    let primitive = entries.iter().map(|&(tag, _)| tag).filter(|tag| !tag.is_constructed());
    assert!(primitive.eq(asked));

    if let Some(short) = total.checked_sub(1) {
        let before = buffer.clone();
        let error = list.fill(&mut buffer[..short], |_| Some(&[0x55])).unwrap_err();
        assert_told(error.kind().as_str(), &error);
        assert_eq!(error.kind(), ErrorKind::BufferTooSmall);
        assert_eq!((usize::try_from(error.offset()), buffer), (Ok(short), before));
    }
}

/// What a list asks for, and whether it may be a DDOL.
fn assert_asked(list: Dol<'_>, entries: &[(Tag, u8)]) {
    let number = Tag::new(0x9F37).unwrap();
    let asked: Vec<Tag> =
        entries.iter().filter(|(_, length)| *length != 0).map(|(tag, _)| *tag).collect();
    for &(tag, _) in entries.iter().chain(&[(number, 0)]) {
        assert_eq!(list.asks_for(tag), asked.contains(&tag));
    }
    match DolKind::Ddol.choose(Some(list), None) {
        Ok(ddol) => assert!(ddol == list && asked.contains(&number)),
        Err(error) => {
            assert_told(error.kind().as_str(), &error);
            let end = usize::try_from(error.offset());
            assert_eq!((error.kind(), end), (ErrorKind::NotFound, Ok(list.as_bytes().len())));
            assert!(!asked.contains(&number));
        }
    }
    let missing = |kind: DolKind| kind.choose(None, None).map_err(|error| error.kind());
    for kind in [
        DolKind::Pdol,
        DolKind::Cdol1,
        DolKind::Cdol2,
        DolKind::Tdol,
        DolKind::Udol,
        DolKind::LogFormat,
    ] {
        assert_eq!(kind.choose(Some(list), None), Ok(list));
        let terminal = kind.choose(None, Some(list));
        match kind {
            DolKind::Tdol | DolKind::Udol => assert_eq!(terminal, Ok(list)),
            DolKind::Pdol => assert_eq!(terminal.map(|list| list.data_len()), Ok(0)),
            _ => assert!(terminal.is_err()),
        }
        match kind {
            DolKind::Pdol | DolKind::Tdol => assert_eq!(missing(kind).unwrap().data_len(), 0),
            DolKind::Udol => assert_eq!(missing(kind).unwrap().data_len(), 4),
            _ => assert_eq!(missing(kind), Err(ErrorKind::NotFound)),
        }
        assert!(lookup(kind.tag()).is_some(), "{kind:?}");
    }
    assert!(lookup(DolKind::Ddol.tag()).is_some());
    assert_eq!(missing(DolKind::Ddol), Err(ErrorKind::NotFound));
}

/// What is explained says for each entry how the filled data come about.
fn assert_explained(list: Dol<'_>, entries: &[(Tag, u8)], values: &[Option<&[u8]>], filled: &[u8]) {
    let mut rest = entries.iter().zip(values).filter(|((tag, _), _)| !tag.is_constructed());
    let explained: Vec<FittedEntry> = list.explain(|_| *rest.next().unwrap().1).collect();
    assert_eq!(explained.len(), entries.len());
    let mut from = 0;
    for ((entry, &(tag, length)), value) in explained.iter().zip(entries).zip(values) {
        assert_eq!((entry.tag, entry.length), (tag, length));
        assert_eq!(entry.known, lookup(tag).is_some());
        let field = &filled[from..from + usize::from(length)];
        from += field.len();
        assert_eq!(redo(entry.fit, value.unwrap_or_default(), field.len()), field);
        let format = lookup(tag).map(|entry| entry.format);
        let there = value.map_or(0, <[u8]>::len);
        let by_left = if format == Some(Format::N) { Side::Left } else { Side::Right };
        let fill = if format == Some(Format::Cn) { 0xFF } else { 0 };
        match entry.fit {
            Fit::Template => assert!(tag.is_constructed()),
            _ if tag.is_constructed() => panic!("{entry} of a template"),
            Fit::Absent => assert_eq!(*value, None),
            _ if value.is_none() => panic!("{entry} without a value"),
            Fit::Exact => assert_eq!(there, field.len()),
            Fit::Cut { bytes, side } => {
                assert!(bytes > 0 && there == field.len() + bytes && side == by_left);
            }
            Fit::Filled { bytes, with, side } => {
                assert!(bytes > 0 && there + usize::from(bytes) == field.len());
                assert_eq!((with, side), (fill, by_left));
            }
            _ => panic!("{entry} is new"),
        }
        let shown = entry.to_string();
        assert!(shown.starts_with(&format!("{tag} {length} byte")) && !shown.contains('\n'));
    }
}

/// Does to a value what an explanation says.
fn redo(fit: Fit, value: &[u8], length: usize) -> Vec<u8> {
    match fit {
        Fit::Exact => value.to_vec(),
        Fit::Cut { bytes, side: Side::Left } => value[bytes..].to_vec(),
        Fit::Cut { bytes, side: Side::Right } => value[..value.len() - bytes].to_vec(),
        Fit::Filled { bytes, with, side: Side::Left } => {
            [&vec![with; bytes.into()], value].concat()
        }
        Fit::Filled { bytes, with, side: Side::Right } => {
            [value, &vec![with; bytes.into()]].concat()
        }
        _ => vec![0; length],
    }
}

/// Data of the list's length come apart by it, any other are refused where they should be.
fn assert_split(list: Dol<'_>, entries: &[(Tag, u8)], data: &[u8]) {
    let total = list.data_len();
    let mut rest = &data[..total];
    let mut values = list.split(rest).unwrap();
    for &(tag, length) in entries {
        let (value, after) = rest.split_at(length.into());
        assert_eq!(values.next(), Some((tag, value)));
        rest = after;
    }
    assert_eq!(values.next(), None);
    let refused = |len: usize| {
        let error = list.split(&data[..len]).unwrap_err();
        (error.kind(), usize::try_from(error.offset()).unwrap())
    };
    assert_eq!(refused(total + 1), (ErrorKind::TrailingBytes, total));
    for len in [0, total / 2, total.saturating_sub(1)] {
        if len < total {
            let ends = entries.iter().scan(0, |end, (_, length)| {
                *end += usize::from(*length);
                Some(*end)
            });
            let whole = ends.take_while(|&end| end <= len).last().unwrap_or(0);
            assert_eq!(refused(len), (ErrorKind::TruncatedValue, whole));
        }
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
