//! A tree of data objects read and written a second time: by recursion, and by nothing that the crate does.

use emv_tlv::{ErrorKind, Padding, Tag};

/// An object, where it stands, and the tags around it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Object<'a> {
    pub(super) path: Vec<Tag>,
    pub(super) tag: Tag,
    pub(super) offset: usize,
    pub(super) encoded: &'a [u8],
    pub(super) value: &'a [u8],
    pub(super) template: bool,
}

/// What is wrong, where, and the tags around the place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) kind: ErrorKind,
    pub(super) offset: usize,
    pub(super) path: Vec<Tag>,
}

/// What is asked of a reading besides the input.
#[derive(Clone, Copy, Debug)]
pub(super) struct Terms<'t> {
    pub(super) padding: Padding,
    /// How many templates may be open at once.
    pub(super) limit: usize,
    /// Tags that are taken for primitive.
    pub(super) told: &'t [Tag],
}

/// All objects of an input in the order of a walk up to the first fault.
pub(super) fn read<'a>(input: &'a [u8], terms: Terms<'_>) -> (Vec<Object<'a>>, Option<Fault>) {
    let mut reader = Reader { input, terms, objects: Vec::new() };
    let fault = reader.level(0, input.len(), &mut Vec::new()).err();
    (reader.objects, fault)
}

/// Where the objects are that a path leads to, and the first fault in what is read on the way: templates on the path alone.
pub(super) fn search(input: &[u8], terms: Terms<'_>, path: &[Tag]) -> (Vec<usize>, Option<Fault>) {
    let reader = Reader { input, terms, objects: Vec::new() };
    let mut found = Vec::new();
    let fault = reader.matches(0, input.len(), (&[], path), &mut found).err();
    (found, fault)
}

struct Reader<'a, 't> {
    input: &'a [u8],
    terms: Terms<'t>,
    objects: Vec<Object<'a>>,
}

impl<'a> Reader<'a, '_> {
    /// Reads the level from `at` to `end`, and what is below it.
    fn level(&mut self, mut at: usize, end: usize, path: &mut Vec<Tag>) -> Result<(), Fault> {
        while at < end {
            let padding = self.padding_at(at, end);
            if padding > 0 {
                at += padding;
                continue;
            }
            let (tag, value_at, value_end) = header(&self.input[..end], at)
                .map_err(|(kind, offset)| Fault { kind, offset, path: path.clone() })?;
            let object = Object {
                path: path.clone(),
                tag,
                offset: at,
                encoded: &self.input[at..value_end],
                value: &self.input[value_at..value_end],
                template: self.is_template(tag, at),
            };
            let template = object.template;
            if template && path.len() == self.terms.limit {
                let path = path.clone();
                return Err(Fault { kind: ErrorKind::TooDeep, offset: at, path });
            }
            self.objects.push(object);
            if template {
                path.push(tag);
                self.level(value_at, value_end, path)?;
                path.pop();
            }
            at = value_end;
        }
        Ok(())
    }

    /// Looks for what the second half of the path leads to on a level that the first half led to.
    fn matches(
        &self,
        mut at: usize,
        end: usize,
        (around, onward): (&[Tag], &[Tag]),
        found: &mut Vec<usize>,
    ) -> Result<(), Fault> {
        while at < end {
            let padding = self.padding_at(at, end);
            if padding > 0 {
                at += padding;
                continue;
            }
            let fault = |(kind, offset)| Fault { kind, offset, path: around.to_vec() };
            let (tag, value_at, value_end) = header(&self.input[..end], at).map_err(fault)?;
            match onward {
                [last] if *last == tag => found.push(at),
                [first, rest @ ..]
                    if *first == tag && self.is_template(tag, at) && !rest.is_empty() =>
                {
                    if around.len() == self.terms.limit {
                        return Err(fault((ErrorKind::TooDeep, at)));
                    }
                    let around = [around, &[tag]].concat();
                    self.matches(value_at, value_end, (&around, rest), found)?;
                }
                _ => {}
            }
            at = value_end;
        }
        Ok(())
    }

    /// Whether the object at `at` is one, by its first byte, and not taken for primitive.
    fn is_template(&self, tag: Tag, at: usize) -> bool {
        self.input[at] & 0x20 != 0 && !self.terms.told.contains(&tag)
    }

    /// How many bytes of padding stand before the next object.
    fn padding_at(&self, at: usize, end: usize) -> usize {
        let level = &self.input[..end];
        match (&level[at..], self.terms.padding) {
            ([0x00, ..], _) => 1,
            (rest @ [0xFF, 0xFF, ..], Padding::Lenient) => {
                rest.iter().take_while(|&&byte| byte == 0xFF).count()
            }
            ([0xFF, ..], Padding::Lenient) if header(level, at).is_err() => 1,
            _ => 0,
        }
    }
}

/// The tag at `at` in a level, and where its value begins and ends.
fn header(level: &[u8], at: usize) -> Result<(Tag, usize, usize), (ErrorKind, usize)> {
    let length_at = at + tag_len(&level[at..]).map_err(|kind| (kind, at))?;
    let fault = |kind| Err((kind, length_at));
    let (value_at, length) = match level.get(length_at) {
        None => return fault(ErrorKind::TruncatedLength),
        Some(short @ 0..=0x7F) => (length_at + 1, u64::from(*short)),
        Some(0x80) => return fault(ErrorKind::IndefiniteLength),
        Some(long @ 0x81..=0x84) => {
            let value_at = length_at + 1 + usize::from(long - 0x80);
            let Some(length) = level.get(length_at + 1..value_at) else {
                return fault(ErrorKind::TruncatedLength);
            };
            (value_at, length.iter().fold(0, |sum, &byte| sum * 256 + u64::from(byte)))
        }
        Some(_) => return fault(ErrorKind::LengthTooLong),
    };
    match usize::try_from(length) {
        Ok(length) if length <= level.len() - value_at => {
            let tag = Tag::from_bytes(&level[at..length_at]).unwrap();
            Ok((tag, value_at, value_at + length))
        }
        _ => Err((ErrorKind::TruncatedValue, value_at)),
    }
}

/// How many bytes the tag at the front has.
pub(super) fn tag_len(bytes: &[u8]) -> Result<usize, ErrorKind> {
    let first = bytes.first().ok_or(ErrorKind::TruncatedTag)?;
    if first & 0x1F != 0x1F {
        return Ok(1);
    }
    match bytes[1..].iter().take(3).position(|byte| byte & 0x80 == 0) {
        Some(position) => Ok(position + 2),
        None if bytes.len() < 4 => Err(ErrorKind::TruncatedTag),
        None => Err(ErrorKind::TagTooLong),
    }
}

/// The objects of one depth from `next` on, written with lengths at their shortest and without padding.
pub(super) fn canonical(objects: &[Object<'_>], next: &mut usize, depth: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    while let Some(object) = objects.get(*next).filter(|object| object.path.len() == depth) {
        *next += 1;
        let value = if object.template {
            canonical(objects, next, depth + 1)
        } else {
            object.value.to_vec()
        };
        bytes.extend(encode(object.tag, &value));
    }
    bytes
}

/// One object with its length at its shortest.
pub(super) fn encode(tag: Tag, value: &[u8]) -> Vec<u8> {
    let trimmed = |number: u64| -> Vec<u8> {
        number.to_be_bytes().into_iter().skip_while(|&byte| byte == 0).collect()
    };
    let mut bytes = trimmed(tag.raw().into());
    match u8::try_from(value.len()) {
        Ok(short @ 0..0x80) => bytes.push(short),
        _ => {
            let length = trimmed(value.len().try_into().unwrap());
            bytes.push(0x80 | u8::try_from(length.len()).unwrap());
            bytes.extend(length);
        }
    }
    bytes.extend(value);
    bytes
}
