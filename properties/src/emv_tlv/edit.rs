use emv_tlv::{
    DEFAULT_DEPTH, Editor, Error, ErrorKind, Exposed, Padding, Place, Tag, TagPath, Tlv, TlvBuf,
    Walk, tags,
};

use super::{
    tree::{self, Object, Terms, encode},
    writer::tag,
};
use crate::{choices::Choices, told::assert_told};

/// Edits of any objects, in a buffer and in an owned tree: what they make is what the same edits make of a tree of vectors.
///
/// A refused edit leaves the buffer byte for byte, and is refused for what is wrong with it; what an accepted one makes reads without
/// fault, bytes behind it are as they were, and those that it freed are 00. Data with a fault are edited as well: then only
/// that an error changes nothing is asserted.
///
/// Choices: `u8` policy, `u8` room to spare, `u8` number of edits, up to four; for each of them `u8` what, `u8` which object, in
/// the order of a walk, or beyond the last none, `u8` whether by its path, `u32` tag, `bytes` value; then the data.
pub fn tlv_edit(data: &[u8]) {
    let mut choices = Choices::new(data);
    let padding = choices.one_of(&[Padding::Strict, Padding::Lenient]);
    let spare = usize::from(choices.u8());
    let edits: Vec<_> = (0..=choices.u8() % 4).map(|_| Edit::chosen(&mut choices)).collect();
    let bytes = choices.rest();
    edit_anything(bytes, padding, spare, &edits);
    // As many objects of the top level as there are before a fault.
    let (objects, fault) = tree::read(bytes, terms(padding, DEFAULT_DEPTH));
    let mut starts = objects.iter().filter(|object| object.path.is_empty());
    let whole = match fault {
        Some(_) => starts.next_back().map_or(0, |object| object.offset),
        None => bytes.len(),
    };
    edit_objects(&bytes[..whole], padding, spare, &edits);
}

#[derive(Clone, Copy)]
enum What {
    Replace,
    Set,
    Remove,
    Push,
    Before,
    After,
}

#[derive(Clone, Copy)]
struct Edit<'c> {
    what: What,
    which: usize,
    by_path: bool,
    tag: Tag,
    value: &'c [u8],
}

impl<'c> Edit<'c> {
    fn chosen(choices: &mut Choices<'c>) -> Self {
        use What::{After, Before, Push, Remove, Replace, Set};
        Self {
            what: choices.one_of(&[Replace, Set, Remove, Push, Before, After]),
            which: usize::from(choices.u8()),
            by_path: choices.u8().is_multiple_of(2),
            tag: tag(choices),
            value: choices.bytes(),
        }
    }

    /// The path of the object that is chosen, and where it is; of none, a path that most often leads nowhere.
    fn place(&self, bytes: &[u8], padding: Padding) -> (Vec<Tag>, usize) {
        let (objects, _) = tree::read(bytes, terms(padding, DEFAULT_DEPTH));
        // Beyond the last object: the top level, a tag that was chosen, and the end.
        let which = self.which % (objects.len() + 2);
        match objects.get(which) {
            Some(object) => ([&object.path[..], &[object.tag]].concat(), object.offset),
            None if which == objects.len() => (vec![], bytes.len()),
            None => (vec![tags::FCI_TEMPLATE, self.tag], bytes.len() / 2),
        }
    }

    fn make<T: Edited>(&self, of: &mut T, place: Place<'_>) -> Result<(), Error> {
        match self.what {
            What::Replace => of.replace(place, self.value),
            What::Set => of.set(place, self.value),
            What::Remove => of.remove(place),
            What::Push => of.push(place, self.tag, self.value),
            What::Before => of.insert_before(place, self.tag, self.value),
            What::After => of.insert_after(place, self.tag, self.value),
        }
    }
}

/// What both can do.
trait Edited {
    fn replace(&mut self, place: Place<'_>, value: &[u8]) -> Result<(), Error>;
    fn set(&mut self, place: Place<'_>, value: &[u8]) -> Result<(), Error>;
    fn remove(&mut self, place: Place<'_>) -> Result<(), Error>;
    fn push(&mut self, place: Place<'_>, tag: Tag, value: &[u8]) -> Result<(), Error>;
    fn insert_before(&mut self, place: Place<'_>, tag: Tag, value: &[u8]) -> Result<(), Error>;
    fn insert_after(&mut self, place: Place<'_>, tag: Tag, value: &[u8]) -> Result<(), Error>;
}

macro_rules! edited {
    ($($name:ty),+) => { $(
        impl Edited for $name {
            fn replace(&mut self, place: Place<'_>, value: &[u8]) -> Result<(), Error> {
                <$name>::replace(self, place, value)
            }
            fn set(&mut self, place: Place<'_>, value: &[u8]) -> Result<(), Error> {
                <$name>::set(self, place, value)
            }
            fn remove(&mut self, place: Place<'_>) -> Result<(), Error> {
                <$name>::remove(self, place)
            }
            fn push(&mut self, place: Place<'_>, tag: Tag, value: &[u8]) -> Result<(), Error> {
                <$name>::push(self, place, tag, value)
            }
            fn insert_before(&mut self, place: Place<'_>, tag: Tag, value: &[u8]) -> Result<(), Error> {
                <$name>::insert_before(self, place, tag, value)
            }
            fn insert_after(&mut self, place: Place<'_>, tag: Tag, value: &[u8]) -> Result<(), Error> {
                <$name>::insert_after(self, place, tag, value)
            }
        }
    )+ };
}

edited!(Editor<'_>, TlvBuf);

/// Edits that may meet a fault: those that are refused change nothing.
fn edit_anything(bytes: &[u8], padding: Padding, spare: usize, edits: &[Edit<'_>]) {
    let mut buffer = [bytes, &vec![0xEE; spare]].concat();
    let mut len = bytes.len();
    for edit in edits {
        let (path, offset) = edit.place(&buffer[..len], padding);
        let before = buffer.clone();
        let mut editor = Editor::new(&mut buffer, len).unwrap().padding(padding);
        let result = edit.make(&mut editor, chosen_place(edit, &path, offset));
        let new_len = editor.len();
        if result.is_err() {
            assert_eq!((new_len, &buffer), (len, &before));
        }
        len = new_len;
    }
}

fn chosen_place<'p>(edit: &Edit<'_>, path: &'p [Tag], offset: usize) -> Place<'p> {
    if edit.by_path { Place::Path(path) } else { Place::Offset(offset.try_into().unwrap()) }
}

/// Paths and offsets of every kind are the same places.
fn assert_places(path: &[Tag], offset: usize) {
    assert_eq!(Place::from(path), Place::Path(path));
    if let [first, second, ..] = path {
        assert_eq!(Place::from(first), Place::Path(&path[..1]));
        assert_eq!(Place::from(&[*first, *second]), Place::Path(&path[..2]));
        let text: Vec<_> = path.iter().map(Tag::to_string).collect();
        let read: TagPath = text.join("/").parse().unwrap();
        assert_eq!(Place::from(&read), Place::Path(path));
    }
    let offset = offset.try_into().unwrap();
    assert_eq!(Place::from(offset), Place::Offset(offset));
}

/// Edits of objects without a fault, three times over: in a buffer, in an owned tree, and as slowly and plainly as can be.
fn edit_objects(bytes: &[u8], padding: Padding, spare: usize, edits: &[Edit<'_>]) {
    let mut buffer = [bytes, &vec![0xEE; spare]].concat();
    let mut len = bytes.len();
    for edit in edits {
        let data = buffer[..len].to_vec();
        let mut owned = TlvBuf::parse_with(&data, padding).unwrap();
        assert_eq!(owned.as_bytes(), data);
        let (path, offset) = edit.place(&data, padding);
        let place = chosen_place(edit, &path, offset);
        assert_places(&path, offset);
        let expected = Twin { padding, root: twin(&data, padding) }.edited(edit, place);
        assert_eq!(edit.make(&mut owned, place).map_err(fault), expected.clone().map(drop));
        assert_eq!(owned.as_bytes(), expected.as_ref().unwrap_or(&data));
        assert_owned(&owned, padding);
        let before = buffer.clone();
        let too_long = buffer.len() + 1;
        assert!(Editor::new(&mut buffer, too_long).is_err());
        let mut editor = Editor::new(&mut buffer, len).unwrap().padding(padding);
        let result = edit.make(&mut editor, place).map_err(fault);
        let new_len = editor.len();
        assert_eq!(editor.is_empty(), new_len == 0);
        assert!(format!("{editor:?}").starts_with("Editor {"));
        assert_eq!(editor.finish().len(), new_len);
        match expected {
            Ok(expected) if expected.len() <= before.len() => {
                assert_eq!((result, new_len), (Ok(()), expected.len()));
                assert_eq!(buffer[..new_len], expected);
                let outside = len.max(new_len);
                assert_eq!(buffer[outside..], before[outside..]);
                assert!(buffer[new_len..outside].iter().all(|&byte| byte == 0));
                let mut walk = Walk::new(&expected).padding(padding);
                assert!(walk.all(|object| object.is_ok()));
            }
            Ok(_) => {
                assert_eq!(result.map_err(|(kind, _)| kind), Err(ErrorKind::BufferTooSmall));
                assert_eq!((new_len, &buffer), (len, &before));
            }
            Err(due) => {
                assert_eq!((result, new_len, &buffer), (Err(due), len, &before));
            }
        }
        len = new_len;
    }
}

/// An owned tree is its bytes: walked, searched, written, shown and compared as they are.
fn assert_owned(owned: &TlvBuf, padding: Padding) {
    let bytes = owned.as_bytes();
    assert_eq!((owned.is_empty(), owned.encoded_len()), (bytes.is_empty(), bytes.len()));
    let as_ref: &[u8] = owned.as_ref();
    assert_eq!(
        (as_ref, &*owned.encode_to_vec(), &*owned.clone().into_vec()),
        (bytes, bytes, bytes)
    );
    let mut room = vec![0xEE; bytes.len()];
    assert_eq!(owned.encode_into(&mut room), Ok(bytes));
    if let Some((_, short)) = room.split_first_mut() {
        assert_eq!(owned.encode_into(short).map_err(fault), Err((ErrorKind::BufferTooSmall, 0)));
    }
    if padding == Padding::Strict {
        assert_eq!(TlvBuf::parse(bytes).as_ref(), Ok(owned));
    }
    let borrowed = || Walk::new(bytes).padding(padding).map(Result::unwrap);
    let place = |object: Tlv<'_>| (object.tag(), object.offset());
    assert!(owned.walk().map(Result::unwrap).map(place).eq(borrowed().map(place)));
    let top = borrowed().filter(|object| object.depth() == 0);
    assert!(owned.iter().map(Result::unwrap).map(place).eq(top.map(place)));
    if let Some(first) = borrowed().next() {
        assert_eq!(owned.find(&[first.tag()]).map(place), Some(place(first)));
    }
    let indented = |show: &dyn Fn(&Tlv<'_>) -> String| {
        let lines = borrowed().map(|object| "  ".repeat(object.depth().into()) + &show(&object));
        lines.collect::<Vec<_>>().join("\n")
    };
    assert_eq!(owned.to_string(), indented(&|object| object.to_string()));
    let exposed = indented(&|object| match object.is_constructed() {
        true => object.to_string(),
        false => Exposed(object).to_string(),
    });
    assert_eq!(Exposed(owned).to_string(), exposed);
    let debug: Vec<_> = borrowed().collect();
    assert_eq!(format!("{owned:?}"), format!("{debug:?}"));
}

fn fault(error: Error) -> (ErrorKind, usize) {
    assert_told(error.kind().as_str(), &error);
    (error.kind(), error.offset().try_into().unwrap())
}

/// What stands in a level: an object, or a byte that pads.
#[derive(Clone)]
enum Item {
    Pad(u8),
    Primitive(Vec<u8>, Vec<u8>),
    Template(Vec<u8>, Vec<Item>),
}

impl Item {
    fn bytes(&self) -> Vec<u8> {
        match self {
            Self::Pad(byte) => vec![*byte],
            Self::Primitive(header, value) => [&header[..], value].concat(),
            Self::Template(header, items) => [&header[..], &all_bytes(items)].concat(),
        }
    }

    fn tag(&self) -> Option<Tag> {
        let (Self::Primitive(header, _) | Self::Template(header, _)) = self else { return None };
        Some(tag_of(header))
    }
}

fn all_bytes(items: &[Item]) -> Vec<u8> {
    items.iter().flat_map(Item::bytes).collect()
}

fn tag_of(header: &[u8]) -> Tag {
    Tag::from_bytes(&header[..tree::tag_len(header).unwrap()]).unwrap()
}

/// Tag and shortest length.
fn header(tag: Tag, value_len: usize) -> Vec<u8> {
    let mut header = encode(tag, &vec![0; value_len]);
    header.truncate(header.len() - value_len);
    header
}

const fn terms(padding: Padding, limit: usize) -> Terms<'static> {
    Terms { padding, limit, told: &[] }
}

/// The data as items; they have no fault.
fn twin(data: &[u8], padding: Padding) -> Vec<Item> {
    let (objects, fault) = tree::read(data, terms(padding, DEFAULT_DEPTH));
    assert_eq!(fault, None);
    items(data, &objects, &mut 0, 0, 0, data.len())
}

fn items(
    data: &[u8],
    objects: &[Object<'_>],
    next: &mut usize,
    depth: usize,
    start: usize,
    end: usize,
) -> Vec<Item> {
    let mut items = Vec::new();
    let mut at = start;
    while let Some(object) = objects.get(*next).filter(|object| object.path.len() == depth) {
        *next += 1;
        items.extend(data[at..object.offset].iter().map(|&byte| Item::Pad(byte)));
        at = object.offset + object.encoded.len();
        let value_at = at - object.value.len();
        let header = data[object.offset..value_at].to_vec();
        items.push(if object.template {
            Item::Template(header, self::items(data, objects, next, depth + 1, value_at, at))
        } else {
            Item::Primitive(header, object.value.to_vec())
        });
    }
    items.extend(data[at..end].iter().map(|&byte| Item::Pad(byte)));
    items
}

/// The number of an item in each level that leads to it.
type Indices = Vec<usize>;

struct Twin {
    padding: Padding,
    root: Vec<Item>,
}

impl Twin {
    /// What an edit makes of the objects, or what it is refused for.
    fn edited(&self, edit: &Edit<'_>, place: Place<'_>) -> Result<Vec<u8>, (ErrorKind, usize)> {
        let Edit { what: mut change, mut tag, value, .. } = *edit;
        let mut found = self.locate(place);
        if let (What::Set, Place::Path([template @ .., last]), None) = (change, place, &found) {
            found = self.locate(Place::Path(template));
            (change, tag) = (What::Push, *last);
            if template.is_empty() {
                found = Some(vec![]);
            }
        }
        if matches!((change, place), (What::Push, Place::Path([]))) {
            found = Some(vec![]);
        }
        let Some(mut indices) = found else {
            let end = all_bytes(&self.root).len();
            let at = match place {
                Place::Offset(offset) => offset.try_into().unwrap(),
                _ => end,
            };
            return Err((ErrorKind::NotFound, at));
        };
        let mut replaced = None;
        match change {
            What::Push => {
                let Some(inside) = self.level(&indices) else {
                    return Err((ErrorKind::WrongForm, self.offset(&indices)));
                };
                indices.push(inside.len());
            }
            What::After => *indices.last_mut().unwrap() += 1,
            What::Replace | What::Set => replaced = Some(self.item(&indices).clone()),
            What::Before | What::Remove => {}
        }
        let at = self.offset(&indices);
        let new = match (change, &replaced) {
            (What::Remove, _) => None,
            (_, Some(old)) => {
                let old_tag = old.tag().unwrap();
                self.check(old_tag, value, at, indices.len())?;
                let old = old.bytes();
                let old_header = match replaced.unwrap() {
                    Item::Primitive(header, _) | Item::Template(header, _) => header,
                    Item::Pad(_) => unreachable!("an object was found"),
                };
                let kept = old.len() - old_header.len() == value.len();
                let header = if kept { old_header } else { header(old_tag, value.len()) };
                Some(Item::Primitive(header, value.to_vec()))
            }
            _ => {
                if self.padding == Padding::Lenient && header(tag, 0).starts_with(&[0xFF, 0xFF]) {
                    return Err((ErrorKind::ZeroTag, at));
                }
                self.check(tag, value, at, indices.len())?;
                Some(Item::Primitive(header(tag, value.len()), value.to_vec()))
            }
        };
        let mut root = self.root.clone();
        let takes_out = matches!(change, What::Remove | What::Replace | What::Set);
        self.put(&mut root, &indices, new, takes_out);
        Ok(all_bytes(&root))
    }

    /// Refuses contents of a template that read with a fault, at most as deep as there is left.
    fn check(
        &self,
        tag: Tag,
        value: &[u8],
        at: usize,
        levels: usize,
    ) -> Result<(), (ErrorKind, usize)> {
        if !tag.is_constructed() {
            return Ok(());
        }
        let Some(left) = DEFAULT_DEPTH.checked_sub(levels) else {
            return Err((ErrorKind::TooDeep, at));
        };
        let value_at = at + header(tag, value.len()).len();
        match tree::read(value, terms(self.padding, left)).1 {
            Some(fault) => Err((fault.kind, value_at + fault.offset)),
            None => Ok(()),
        }
    }

    /// Puts an item in its place, or none; on the way back, lengths that are not right any more.
    fn put(&self, level: &mut Vec<Item>, indices: &[usize], new: Option<Item>, takes_out: bool) {
        let (&index, deeper) = indices.split_first().unwrap();
        for item in &mut level[..index] {
            if let Item::Pad(byte) = item
                && self.padding == Padding::Lenient
            {
                *byte = 0;
            }
        }
        if deeper.is_empty() {
            level.splice(index..index + usize::from(takes_out), new);
            return;
        }
        let Item::Template(old, inside) = &mut level[index] else { unreachable!("it leads there") };
        let before = all_bytes(inside).len();
        self.put(inside, deeper, new, takes_out);
        let after = all_bytes(inside).len();
        if before != after {
            *old = header(tag_of(old), after);
        }
    }

    fn locate(&self, place: Place<'_>) -> Option<Indices> {
        match place {
            Place::Path(path) => by_path(&self.root, path),
            Place::Offset(offset) => by_offset(&self.root, 0, offset.try_into().unwrap()),
            _ => None,
        }
    }

    fn item(&self, indices: &[usize]) -> &Item {
        let (&last, before) = indices.split_last().unwrap();
        &self.level(before).unwrap()[last]
    }

    /// The level inside of an item, or with no indices the top one; a primitive object has none.
    fn level(&self, indices: &[usize]) -> Option<&[Item]> {
        indices.iter().try_fold(&self.root[..], |level, &index| match &level[index] {
            Item::Template(_, inside) => Some(&inside[..]),
            _ => None,
        })
    }

    /// Where an item begins, or would begin.
    fn offset(&self, indices: &[usize]) -> usize {
        let mut level = &self.root[..];
        let mut offset = 0;
        for (depth, &index) in indices.iter().enumerate() {
            offset += all_bytes(&level[..index]).len();
            if depth + 1 < indices.len() {
                let Item::Template(header, inside) = &level[index] else {
                    unreachable!("it leads there")
                };
                offset += header.len();
                level = inside;
            }
        }
        offset
    }
}

fn by_path(level: &[Item], path: &[Tag]) -> Option<Indices> {
    let (first, rest) = path.split_first()?;
    level.iter().enumerate().find_map(|(index, item)| {
        if item.tag() != Some(*first) {
            return None;
        }
        if rest.is_empty() {
            return Some(vec![index]);
        }
        let Item::Template(_, inside) = item else { return None };
        by_path(inside, rest).map(|deeper| [vec![index], deeper].concat())
    })
}

fn by_offset(level: &[Item], mut at: usize, offset: usize) -> Option<Indices> {
    for (index, item) in level.iter().enumerate() {
        if at == offset && item.tag().is_some() {
            return Some(vec![index]);
        }
        if let Item::Template(header, inside) = item
            && let Some(deeper) = by_offset(inside, at + header.len(), offset)
        {
            return Some([vec![index], deeper].concat());
        }
        at += item.bytes().len();
    }
    None
}
