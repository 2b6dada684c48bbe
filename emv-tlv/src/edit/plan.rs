//! What an edit moves and writes: worked out first, so that an error finds nothing changed.

mod apply;

use super::{Change, Place};
use crate::{
    DEFAULT_DEPTH, Error, ErrorKind, Padding, Tag, Tlv, Walk, Writer, encoded_len, find_all,
    level::{Level, is_too_long, to_usize},
    writer::encode_length,
};

/// An edit of data of a certain length, ready to be made.
pub(crate) struct Plan<'v> {
    padding: Padding,
    old_len: usize,
    new_len: usize,
    /// Where the object begins, or is to begin.
    at: usize,
    /// The templates around the place, outermost first.
    templates: [Template; DEFAULT_DEPTH],
    depth: usize,
    /// How many of them, from the outside, keep their lengths.
    unchanged: usize,
    /// The object or its value.
    innermost: Cut,
    /// What follows the innermost cut's header.
    value: &'v [u8],
}

/// Where a template and its parts stand.
#[derive(Clone, Copy)]
struct Template {
    tag: Tag,
    start: u32,
    value_at: u32,
    end: u32,
    /// How long its value becomes.
    value_len: u32,
}

impl Template {
    const NONE: Self = Self { tag: Tag(0), start: 0, value_at: 0, end: 0, value_len: 0 };

    fn length_at(&self) -> usize {
        to_usize(self.start).saturating_add(self.tag.encoded_len())
    }

    /// Its length gives way to another.
    fn cut(&self) -> Cut {
        let header = Header::length(to_usize(self.value_len)).unwrap_or(Header::NONE);
        let (start, end) = (self.length_at(), to_usize(self.value_at));
        Cut { start, end, header, added: header.len }
    }
}

/// Bytes of the data that give way to others.
#[derive(Clone, Copy)]
struct Cut {
    start: usize,
    end: usize,
    header: Header,
    /// How many bytes come in, what follows the header included.
    added: usize,
}

impl Cut {
    /// Nothing comes in for what is between these places.
    const fn out(start: usize, end: usize) -> Self {
        Self { start, end, header: Header::NONE, added: 0 }
    }
}

/// What is written before a value: tag and length, a length alone, or nothing.
#[derive(Clone, Copy)]
struct Header {
    bytes: [u8; 9],
    len: usize,
}

impl Header {
    const NONE: Self = Self { bytes: [0; 9], len: 0 };

    fn new(tag: Tag, value_len: usize) -> Result<Self, ErrorKind> {
        let mut bytes = [0; 9];
        let mut writer = Writer::new(&mut bytes);
        writer.put_header(tag, value_len)?;
        let len = writer.len();
        Ok(Self { bytes, len })
    }

    fn length(value_len: usize) -> Result<Self, ErrorKind> {
        let (length, len) = encode_length(value_len)?;
        let mut bytes = [0; 9];
        bytes.iter_mut().zip(length).for_each(|(byte, new)| *byte = new);
        Ok(Self { bytes, len })
    }

    fn written(&self) -> &[u8] {
        self.bytes.get(..self.len).unwrap_or_default()
    }
}

impl<'v> Plan<'v> {
    /// No change yet of data of a certain length.
    pub(crate) const fn new(len: usize, padding: Padding) -> Self {
        Self {
            padding,
            old_len: len,
            new_len: len,
            at: len,
            templates: [Template::NONE; DEFAULT_DEPTH],
            depth: 0,
            unchanged: 0,
            innermost: Cut::out(len, len),
            value: &[],
        }
    }

    /// Works out a change of these data.
    // Not a constructor, so that the plan is on the stack once.
    pub(crate) fn work_out(
        &mut self,
        bytes: &[u8],
        place: Place<'_>,
        change: Change<'v>,
    ) -> Result<(), Error> {
        if is_too_long(bytes.len()) {
            return Err(Error::new(ErrorKind::InputTooLong, 0));
        }
        match change {
            Change::Push(tag, value) => {
                let mut level = self.level_of(bytes, place)?;
                while level.next_object().is_some() {}
                if let Some(fault) = level.fault() {
                    return Err(fault);
                }
                self.insert(to_usize(level.offset), tag, value)?;
            }
            Change::Before(tag, value) => {
                let object = self.locate(bytes, place)?;
                self.insert(to_usize(object.offset()), tag, value)?;
            }
            Change::After(tag, value) => {
                let object = self.locate(bytes, place)?;
                self.insert(end(&object), tag, value)?;
            }
            Change::Replace(value) => {
                let object = self.locate(bytes, place)?;
                self.replace(&object, value)?;
            }
            Change::Remove => {
                let object = self.locate(bytes, place)?;
                self.at = to_usize(object.offset());
                self.innermost = Cut::out(self.at, end(&object));
            }
        }
        self.settle_lengths()
    }

    /// Works out one object more at the end of data that are known to be objects, and not padded by anything but 00.
    #[cfg(feature = "alloc")]
    pub(crate) fn append(&mut self, tag: Tag, value: &'v [u8]) -> Result<(), Error> {
        self.insert(self.old_len, tag, value)?;
        self.settle_lengths()
    }

    /// How long the data are after the edit.
    pub(crate) const fn new_len(&self) -> usize {
        self.new_len
    }

    /// Where the object begins, or is to begin.
    pub(crate) const fn at(&self) -> usize {
        self.at
    }

    /// The level that a place leads into.
    fn level_of<'a>(&mut self, bytes: &'a [u8], place: Place<'_>) -> Result<Level<'a>, Error> {
        if let Place::Path([]) = place {
            return Ok(Level::new(bytes, self.padding));
        }
        let template = self.locate(bytes, place)?;
        if !template.is_constructed() {
            return Err(Error::new(ErrorKind::WrongForm, template.offset()));
        }
        self.open(&template)?;
        Ok(template.children().level)
    }

    /// The object at a place; notes the templates around it.
    fn locate<'a>(&mut self, bytes: &'a [u8], place: Place<'_>) -> Result<Tlv<'a>, Error> {
        let target = match place {
            Place::Offset(offset) => offset,
            Place::Path(path) => {
                let mut matches = find_all(bytes, path).padding(self.padding).budget(u32::MAX);
                let found = matches.next().transpose()?;
                found.ok_or_else(|| Error::at(ErrorKind::NotFound, bytes.len()))?.offset()
            }
        };
        let not_found = Error::new(ErrorKind::NotFound, target);
        let mut level = Level::new(bytes, self.padding);
        while let Some(object) = level.next_object() {
            if object.is_constructed() && self.depth >= DEFAULT_DEPTH {
                return Err(Error::new(ErrorKind::TooDeep, object.offset()));
            }
            if object.offset() == target {
                return Ok(object);
            }
            if object.offset() > target {
                return Err(not_found);
            }
            if level.offset > target {
                if !object.is_constructed() {
                    return Err(not_found);
                }
                self.open(&object)?;
                level = object.children().level;
            }
        }
        Err(level.fault().unwrap_or(not_found))
    }

    /// Notes a template around the place.
    fn open(&mut self, template: &Tlv<'_>) -> Result<(), Error> {
        let Some(slot) = self.templates.get_mut(self.depth) else {
            return Err(Error::new(ErrorKind::TooDeep, template.offset()));
        };
        *slot = Template {
            tag: template.tag(),
            start: template.offset(),
            value_at: template.value_offset(),
            end: u32::try_from(end(template)).unwrap_or(u32::MAX),
            value_len: 0,
        };
        self.depth = self.depth.saturating_add(1);
        Ok(())
    }

    fn insert(&mut self, at: usize, tag: Tag, value: &'v [u8]) -> Result<(), Error> {
        self.at = at;
        let header = Header::new(tag, value.len()).map_err(|kind| self.fault(kind))?;
        if self.padding == Padding::Lenient && header.written().starts_with(&[0xFF, 0xFF]) {
            return Err(self.fault(ErrorKind::ZeroTag));
        }
        self.check_contents(tag, value)?;
        let added = header.len.saturating_add(value.len());
        self.innermost = Cut { start: at, end: at, header, added };
        self.value = value;
        Ok(())
    }

    fn replace(&mut self, object: &Tlv<'_>, value: &'v [u8]) -> Result<(), Error> {
        self.at = to_usize(object.offset());
        self.check_contents(object.tag(), value)?;
        // A length that stays right stays as it is.
        let (start, header) = if value.len() == object.value().len() {
            (to_usize(object.value_offset()), Header::NONE)
        } else {
            let header = Header::length(value.len()).map_err(|kind| self.fault(kind))?;
            (self.at.saturating_add(object.tag().encoded_len()), header)
        };
        let added = header.len.saturating_add(value.len());
        self.innermost = Cut { start, end: end(object), header, added };
        self.value = value;
        Ok(())
    }

    fn fault(&self, kind: ErrorKind) -> Error {
        Error::at(kind, self.at)
    }

    /// Refuses a template's value that is not objects, or that nests too deep where it is to stand.
    fn check_contents(&self, tag: Tag, value: &[u8]) -> Result<(), Error> {
        if !tag.is_constructed() {
            return Ok(());
        }
        if self.depth >= DEFAULT_DEPTH {
            return Err(self.fault(ErrorKind::TooDeep));
        }
        let around = |object: &Tlv<'_>| {
            self.depth.saturating_add(1).saturating_add(usize::from(object.depth()))
        };
        for object in Walk::new(value).padding(self.padding).budget(u32::MAX) {
            let (kind, within) = match object {
                Err(error) => (error.kind(), error.offset()),
                Ok(object) if object.is_constructed() && around(&object) >= DEFAULT_DEPTH => {
                    (ErrorKind::TooDeep, object.offset())
                }
                Ok(_) => continue,
            };
            let value_at =
                self.at.saturating_add(encoded_len(tag, value.len())).saturating_sub(value.len());
            return Err(Error::at(kind, value_at.saturating_add(to_usize(within))));
        }
        Ok(())
    }

    /// Finds which lengths change, from the innermost template outwards, and how long the data become.
    fn settle_lengths(&mut self) -> Result<(), Error> {
        let too_long = Error::at(ErrorKind::LengthTooLong, self.at);
        let Cut { start, end, mut added, .. } = self.innermost;
        let mut removed = end.saturating_sub(start);
        self.unchanged = self.depth;
        for template in self.templates.iter_mut().take(self.depth).rev() {
            if removed == added {
                break;
            }
            let old_len = to_usize(template.end.saturating_sub(template.value_at));
            let value_len = old_len.saturating_sub(removed).saturating_add(added);
            template.value_len = u32::try_from(value_len).map_err(|_| too_long)?;
            removed = to_usize(template.end.saturating_sub(template.start));
            added = encoded_len(template.tag, value_len);
            self.unchanged = self.unchanged.saturating_sub(1);
        }
        self.new_len = self.old_len.saturating_sub(removed).saturating_add(added);
        if is_too_long(self.new_len) { Err(too_long) } else { Ok(()) }
    }
}

fn end(object: &Tlv<'_>) -> usize {
    to_usize(object.offset()).saturating_add(object.encoded().len())
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use crate::{
        edit::tests::{Edit, edited, edited_with, nested},
        tags,
    };
    use hex_literal::hex;
    use std::vec;

    const RECORD: Tag = tags::READ_RECORD_TEMPLATE;
    const DATE: Tag = tags::TRANSACTION_DATE;
    const TYPE: Tag = tags::TRANSACTION_TYPE;

    #[test]
    fn lengths_around_widen_and_narrow_at_every_border() {
        // Miri takes a few of them.
        let every = [0, 1, 110, 120, 124, 127, 128, 240, 252, 255, 256];
        let step = if cfg!(miri) { 6 } else { 1 };
        for around in [&[][..], &[1], &[1, 1, 1], &[2, 1], &[5, 5, 5], &[1, 5, 1, 4]] {
            for len in every.into_iter().step_by(step) {
                let short = nested(&hex!("9C00 9A0101"), around);
                let mut path = vec![Tag(0xE1); around.len()];
                path.push(TYPE);
                let value = vec![7; len];
                let long = edited(&short, |editor| editor.replace(&path[..], &value)).unwrap();
                let mut buffer = [0; 300];
                let mut writer = Writer::new(&mut buffer);
                writer.primitive(TYPE, &value).unwrap();
                writer.primitive(DATE, &[1]).unwrap();
                let mut expect = writer.finish().to_vec();
                for &width in around {
                    let shortest = match expect.len() {
                        ..0x80 => 1,
                        0x80..0x100 => 2,
                        _ => 3,
                    };
                    expect = nested(&expect, &[if len == 0 { width } else { shortest }]);
                }
                assert_eq!(long, expect, "{around:?} {len}");
                let back = edited(&long, |editor| editor.replace(&path[..], &[])).unwrap();
                let shortest = vec![1; around.len()];
                let expect =
                    if len == 0 { &short } else { &nested(&hex!("9C00 9A0101"), &shortest) };
                assert_eq!(back, *expect);
            }
        }
    }

    #[test]
    fn a_length_that_stays_right_keeps_its_form() {
        // The inner length loses two bytes, the value gains two.
        let bytes = hex!("70 8108 E1 82 0003 9C8100 9A00");
        let result =
            edited(&bytes, |editor| editor.replace(&[RECORD, Tag(0xE1), TYPE], &[1, 2, 3]));
        assert_eq!(result.unwrap(), hex!("70 8108 E1 05 9C03010203 9A00")[..].to_vec());
        let result = edited(&bytes, |editor| editor.replace(&[RECORD, Tag(0xE1), TYPE], &[]));
        assert_eq!(result.unwrap(), bytes);
    }

    #[test]
    fn what_pads_stays_and_begins_no_tag() {
        let lenient = |bytes: &[u8], edit: Edit<'_>| {
            let result = edited_with(Padding::Lenient, bytes, edit)?;
            assert!(Walk::new(&result).padding(Padding::Lenient).all(|object| object.is_ok()));
            Ok::<_, Error>(result)
        };
        // FF9C02 with a length of 0, not 5, would be an object that fits.
        let bytes = hex!("FF 9C020505 FF");
        let result = lenient(&bytes, &|editor| editor.replace(&TYPE, &[0, 0]));
        assert_eq!(result.unwrap(), hex!("00 9C020000 FF"));
        let result = lenient(&bytes, &|editor| editor.push(&[], DATE, &[0]));
        assert_eq!(result.unwrap(), hex!("00 9C020505 00 9A0100"));
        // FF FF would swallow the first byte of FF0D.
        let bytes = hex!("70 0A FF FF 9C00 FF0D 00 FFFFFF FF");
        let result = lenient(&bytes, &|editor| editor.remove(&[RECORD, TYPE]));
        assert_eq!(result.unwrap(), hex!("70 08 0000 FF0D 00 FFFFFF FF"));
        let result =
            lenient(&bytes, &|editor| editor.insert_before(&[RECORD, TYPE], Tag(0xFF0E), &[]));
        assert_eq!(result.unwrap(), hex!("70 0D 0000 FF0E00 9C00 FF0D 00 FFFFFF FF"));
        let error = lenient(&bytes, &|editor| editor.push(&RECORD, Tag(0xFF_FF01), &[]));
        assert_eq!(error, Err(Error::new(ErrorKind::ZeroTag, 12)));
        let strict = edited(&hex!("70 00"), |editor| editor.push(&RECORD, Tag(0xFF_FF01), &[]));
        assert_eq!(strict.unwrap(), hex!("70 04 FFFF0100"));
    }
}
