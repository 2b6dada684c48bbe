//! BER-TLV data objects, tags and data object lists.

mod apdu;
mod dol;
mod edit;
mod element_bits;
mod element_iad;
mod element_parts;
mod element_values;
mod shown;
mod tag;
mod tree;
mod writer;

use emv_tlv::{
    DEFAULT_DEPTH, Error, ErrorKind, Matches, Padding, Tag, Tlv, Tlvs, Walk, Writer, find,
    find_all, parse, parse_with, walk,
};
use tree::{Fault, Object, Terms, canonical, encode};

use crate::told;

pub use self::{
    apdu::apdu_trace, dol::dol_fill, edit::tlv_edit, element_bits::element_bits,
    element_iad::element_iad, element_values::element_values, shown::tlv_shown, tag::tag_path,
    writer::tlv_writer,
};

/// How many objects of a tree are looked for by their paths.
const SOUGHT: usize = 8;

/// A walk over any bytes yields what a recursive reading of them finds, and stops at the same fault.
///
/// So does a walk level by level, one with a lower depth limit, one with a budget, and one that takes some of the templates for primitive;
/// What a list of tags allows is written without the rest. `find` and `find_all` give the objects that the walk shows under the same tags, within the same limits. What the walk
/// yields makes up the input, with nothing but padding between; and a tree that is written again is the same tree at its shortest.
pub fn tlv_walk(data: &[u8]) {
    for padding in [Padding::Strict, Padding::Lenient] {
        let terms = Terms { padding, limit: DEFAULT_DEPTH, told: &[] };
        let (objects, fault) = tree::read(data, terms);
        assert_walk(Walk::new(data).padding(padding), &objects, fault.as_ref());
        assert_levels(parse_with(data, padding), &objects, fault.as_ref());
        let (shallow, too_deep) = tree::read(data, Terms { limit: 2, ..terms });
        let walk = Walk::<2>::with_depth(data).padding(padding);
        assert_walk(walk.clone(), &shallow, too_deep.as_ref());
        assert_budget(walk, &shallow);
        assert_top_level(data, padding);
        assert_found(data, terms, &objects);
        assert_allowed(data, padding, &objects);
        assert_told(data, padding, &objects);
        if fault.is_none() {
            assert_tiled(data, padding);
            assert_rewritten(data, padding, &objects);
        }
    }
    for shown in [
        format!("{:?}", walk(data)),
        format!("{:?}", parse(data)),
        format!("{:?}", find_all(data, &[])),
    ] {
        assert!(!shown.is_empty() && !shown.contains('\n'), "{shown}");
    }
    let strict: Vec<_> = parse(data).map(|object| object.map(|object| object.offset())).collect();
    let same = parse_with(data, Padding::Strict).map(|object| object.map(|object| object.offset()));
    assert!(same.eq(strict));
}

fn assert_same(read: &Tlv<'_>, object: &Object<'_>) {
    assert_eq!(
        (read.tag(), usize::try_from(read.offset()), usize::from(read.depth())),
        (object.tag, Ok(object.offset), object.path.len())
    );
    assert_eq!(read.encoded().as_ptr_range(), object.encoded.as_ptr_range());
    assert_eq!(read.value().as_ptr_range(), object.value.as_ptr_range());
    let value_at = object.offset + object.encoded.len() - object.value.len();
    assert_eq!(usize::try_from(read.value_offset()), Ok(value_at));
    assert_eq!(read.is_constructed(), object.template);
    assert_eq!(read.tag().is_constructed(), object.encoded[0] & 0x20 != 0);
    assert!(object.template || read.children().next().is_none());
}

fn assert_fault(error: Error, fault: &Fault) {
    assert_eq!((error.kind(), usize::try_from(error.offset())), (fault.kind, Ok(fault.offset)));
    told::assert_told(error.kind().as_str(), &error);
    let shown = error.to_string();
    assert!(shown.ends_with(&format!(" at byte {}", fault.offset)) && !shown.contains('\n'));
}

fn assert_walk<const DEPTH: usize, P: AsRef<[Tag]>>(
    mut walk: Walk<'_, DEPTH, P>,
    objects: &[Object<'_>],
    fault: Option<&Fault>,
) {
    for object in objects {
        let read = walk.next().unwrap().unwrap();
        assert_same(&read, object);
        assert_eq!(walk.path(), object.path);
    }
    match (walk.next(), fault) {
        (None, None) => assert_eq!(walk.path(), []),
        (Some(Err(error)), Some(fault)) => {
            assert_fault(error, fault);
            assert_eq!(walk.path(), fault.path);
        }
        (next, fault) => panic!("{next:?} where {fault:?} was due"),
    }
    assert!(walk.next().is_none());
}

/// The walk's twin by the crate's own levels.
fn assert_levels(levels: Tlvs<'_>, objects: &[Object<'_>], fault: Option<&Fault>) {
    let mut next = objects.iter();
    match (read_levels(levels, &mut next), fault) {
        (None, None) => assert!(next.next().is_none()),
        // Levels have no limit: they go on where the walk refused to.
        (_, Some(fault)) if fault.kind == ErrorKind::TooDeep => {}
        (Some(error), Some(fault)) => assert_fault(error, fault),
        (error, fault) => panic!("{error:?} where {fault:?} was due"),
    }
}

fn read_levels<'o, 'a: 'o>(
    level: Tlvs<'_>,
    expected: &mut impl Iterator<Item = &'o Object<'a>>,
) -> Option<Error> {
    for object in level {
        let object = match object {
            Ok(object) => object,
            Err(error) => return Some(error),
        };
        // Beyond the last one there is only what lies deeper than the limit.
        assert_same(&object, expected.next()?);
        if let Some(error) = read_levels(object.children(), expected) {
            return Some(error);
        }
    }
    None
}

fn assert_budget<const DEPTH: usize>(walk: Walk<'_, DEPTH>, objects: &[Object<'_>]) {
    let half = objects.len() / 2;
    if let Some(object) = objects.get(half) {
        let fault = Fault {
            kind: ErrorKind::TooManyObjects,
            offset: object.offset,
            path: object.path.clone(),
        };
        let budget = u32::try_from(half).unwrap();
        assert_walk(walk.budget(budget), &objects[..half], Some(&fault));
    }
}

/// A walk that enters no template is one level.
fn assert_top_level(data: &[u8], padding: Padding) {
    let mut walk = Walk::<1>::with_depth(data).padding(padding);
    let mut level = parse_with(data, padding);
    loop {
        let read = walk.next();
        walk.skip_contents();
        match (read, level.next()) {
            (Some(Ok(one)), Some(Ok(other))) => {
                assert_eq!(one.encoded().as_ptr_range(), other.encoded().as_ptr_range());
                assert_eq!((one.depth(), walk.path()), (0, &[][..]));
            }
            (Some(Err(one)), Some(Err(other))) => assert_eq!(one, other),
            (None, None) => break,
            (one, other) => panic!("{one:?} where {other:?} was due"),
        }
    }
}

/// Takes every second template for primitive, in a walk and in searches, with room for one that is not.
fn assert_told(data: &[u8], padding: Padding, objects: &[Object<'_>]) {
    let templates = objects.iter().filter(|object| object.template);
    let told: Vec<Tag> = templates.step_by(2).map(|object| object.tag).take(SOUGHT).collect();
    let terms = Terms { padding, limit: 1, told: &told };
    let (objects, fault) = tree::read(data, terms);
    let walk = Walk::<1>::with_depth(data).padding(padding).primitive(&told);
    assert_walk(walk, &objects, fault.as_ref());
    assert_found(data, terms, &objects);
}

/// Looks for some objects by the tags that lead to them, and for what is most often not there.
fn assert_found(data: &[u8], terms: Terms<'_>, objects: &[Object<'_>]) {
    for sought in objects.iter().take(SOUGHT) {
        let path: Vec<Tag> = sought.path.iter().copied().chain([sought.tag]).collect();
        let absent = [&path[..1], &[sought.tag]].concat();
        let deeper = [path.as_slice(), &path].concat();
        for path in [path, absent, deeper] {
            if terms.limit == 1 {
                let found = Matches::<1>::with_depth(data, &path).primitive(terms.told);
                assert_matches(found, data, terms, &path);
            } else {
                assert_matches(find_all(data, &path), data, terms, &path);
                assert_first(data, terms, &path);
            }
        }
    }
}

fn assert_matches<const DEPTH: usize, P: AsRef<[Tag]>>(
    found: Matches<'_, '_, DEPTH, P>,
    data: &[u8],
    terms: Terms<'_>,
    path: &[Tag],
) {
    let (expected, fault) = tree::search(data, terms, path);
    let mut found = found.padding(terms.padding);
    for at in &expected {
        let object = found.next().unwrap().unwrap();
        assert_eq!(usize::try_from(object.offset()), Ok(*at));
        let (last, around) = path.split_last().unwrap();
        assert_eq!((object.tag(), found.path()), (*last, around));
        assert!(!terms.told.contains(last) || !object.is_constructed());
    }
    match (found.next(), &fault) {
        (None, None) => {}
        (Some(Err(error)), Some(fault)) => {
            assert_fault(error, fault);
            assert_eq!(found.path(), fault.path);
        }
        (next, fault) => panic!("{next:?} where {fault:?} was due"),
    }
    assert!(found.next().is_none());
}

fn assert_first(data: &[u8], terms: Terms<'_>, path: &[Tag]) {
    let (expected, fault) = tree::search(data, Terms { padding: Padding::Strict, ..terms }, path);
    let first = find(data, path).map(|found| found.map(|found| found.offset()));
    let due = expected.first().map(|&at| u32::try_from(at).unwrap());
    assert!(first == Ok(due) || due.is_none() && fault.is_some() && first.is_err());
}

/// Puts the input together again from what a walk yields: templates' headers, primitive objects, and padding in the gaps.
fn assert_tiled(data: &[u8], padding: Padding) {
    let mut again = Vec::new();
    let pad = |again: &mut Vec<u8>, until: usize| {
        let gap = &data[again.len()..until];
        assert!(
            gap.iter().all(|byte| *byte == 0x00 || *byte == 0xFF && padding == Padding::Lenient)
        );
        again.extend(gap);
    };
    for object in Walk::new(data).padding(padding) {
        let object = object.unwrap();
        pad(&mut again, usize::try_from(object.offset()).unwrap());
        let header = object.encoded().len() - object.value().len();
        again.extend(&object.encoded()[..header]);
        if !object.is_constructed() {
            again.extend(object.value());
        }
    }
    pad(&mut again, data.len());
    assert_eq!(again, data);
}

/// Writes a tree again, and reads what was written.
fn assert_rewritten(data: &[u8], padding: Padding, objects: &[Object<'_>]) {
    let expected = canonical(objects, &mut 0, 0);
    assert!(expected.len() <= data.len());
    let mut buffer = vec![0xEE; expected.len()];
    let mut writer = Writer::new(&mut buffer);
    write(&mut writer, objects, &mut 0, 0).unwrap();
    assert_eq!(writer.finish(), expected);
    let terms = Terms { padding: Padding::Strict, limit: DEFAULT_DEPTH, told: &[] };
    let (again, fault) = tree::read(&expected, terms);
    assert_eq!(fault, None);
    assert_walk(Walk::new(&expected), &again, None);
    assert_eq!(again.len(), objects.len());
    for (one, other) in again.iter().zip(objects) {
        assert_eq!((&one.path, one.tag), (&other.path, other.tag));
        assert!(one.template || one.value == other.value);
    }
    assert_eq!(canonical(&again, &mut 0, 0), expected);
    assert_copied(data, padding, objects);
}

/// Writes the objects of the top level as they were encoded.
fn assert_copied(data: &[u8], padding: Padding, objects: &[Object<'_>]) {
    let top = objects.iter().filter(|object| object.path.is_empty());
    let expected: Vec<u8> = top.flat_map(|object| object.encoded).copied().collect();
    let mut buffer = vec![0xEE; expected.len()];
    let mut writer = Writer::new(&mut buffer);
    parse_with(data, padding).try_for_each(|object| writer.object(&object?)).unwrap();
    assert_eq!(writer.finish(), expected);
}

/// Of the objects of a tree, those that a list of tags allows are written, each tag once, and none where there is a fault.
fn assert_allowed(data: &[u8], padding: Padding, objects: &[Object<'_>]) {
    let told = objects.iter().filter(|object| !object.template).step_by(2).take(SOUGHT);
    let allowed: Vec<Tag> = told.map(|object| object.tag).collect();
    let mut kept: Vec<&Object<'_>> = Vec::new();
    for object in objects.iter().filter(|object| allowed.contains(&object.tag)) {
        if kept.iter().all(|other| other.tag != object.tag) {
            kept.push(object);
        }
    }
    let expected: Vec<u8> =
        kept.iter().flat_map(|object| encode(object.tag, object.value)).collect();
    let mut buffer = vec![0xEE; expected.len()];
    let mut writer = Writer::new(&mut buffer);
    let walk = || Walk::new(data).padding(padding);
    let result = writer.copy_allowed(walk(), &allowed);
    match walk().find_map(Result::err) {
        Some(error) => assert_eq!((result, writer.len()), (Err(error), 0)),
        None => {
            assert_eq!((result, writer.len()), (Ok(()), expected.len()));
            // What stands there already is not written again.
            let values = kept.iter().map(|object| (object.tag, object.value));
            assert_eq!(writer.copy_values(values, &allowed), Ok(()));
            assert_eq!(writer.finish(), expected);
        }
    }
    let mut writer = Writer::new(&mut buffer);
    let refused = writer.copy_allowed(walk(), &[emv_tlv::tags::FCI_TEMPLATE]).unwrap_err();
    assert_eq!((refused.kind(), writer.len()), (ErrorKind::WrongForm, 0));
}

fn write(
    writer: &mut Writer<'_>,
    objects: &[Object<'_>],
    next: &mut usize,
    depth: usize,
) -> Result<(), Error> {
    while let Some(object) = objects.get(*next).filter(|object| object.path.len() == depth) {
        *next += 1;
        if object.template {
            writer.template(object.tag, |writer| write(writer, objects, next, depth + 1))?;
        } else {
            writer.primitive(object.tag, object.value)?;
        }
    }
    Ok(())
}
