//! The parts of a value.

use core::ops::Range;

use iso8583_wire::{
    BitmapEncoding, Class, Composite, ErrorKind, Field, Layout, Sensitivity, Subfield, Tag,
    TagEncoding,
};

use super::pages::CP037;
use super::{Fault, Item, MadeOf, Place, Reading, Wrong, ebcdic, head, latin1, part, path_of};
use crate::choices::hex;

/// Bytes of the longest dataset bitmap.
const LONGEST_DATASET_BITMAP: usize = 32;

/// The number of a tag that is none.
pub(in crate::iso8583) const NO_NUMBER: u16 = u16::MAX;

/// The BER-TLV behind the parts of a dataset.
static DATASET_TLV: Field = Field::up_to(Class::B, u16::MAX).sensitive(Sensitivity::Opaque);

/// The composite that is read, and how far it is.
struct Body<'b, 's> {
    composite: &'s Composite,
    path: &'b [u16],
    /// Where the next part begins.
    next: usize,
    /// Where the value ends.
    end: usize,
    parts: Vec<Item<'s>>,
}

impl<'s> Reading<'_, 's> {
    /// The parts of the value between two places.
    pub(super) fn made_of(
        &mut self,
        composite: &'s Composite,
        path: &[u16],
        at: usize,
        end: usize,
    ) -> Result<MadeOf<'s>, Fault> {
        let layout = composite.layout();
        let mut body = Body { composite, path, next: at, end, parts: Vec::new() };
        let (mut header, mut bitmap) = (at..at, at..at);
        match layout {
            // An empty value has no parts and no bitmap.
            _ if at == end => {}
            Layout::Positional => {
                for definition in self.definitions(composite) {
                    if body.next < end {
                        self.part(&mut body, definition.number(), definition.field(), None)?;
                    }
                }
            }
            Layout::Bitmapped { encoding, bytes, header: before, .. } => {
                part(self.wire, at, end, before.into(), path_of(path))?;
                header = at..at + usize::from(before);
                let bits;
                (bitmap, bits) = self.bitmap_of(encoding, bytes, header.end, end, path)?;
                body.next = bitmap.end;
                let numbers = (1..).zip(bits).filter(|(_, is_set)| *is_set);
                for (number, _) in numbers {
                    let definition = self.definition(&body, number)?;
                    self.part(&mut body, number, definition, None)?;
                }
            }
            Layout::Tagged { tag, prefix, .. } => {
                while body.next < end {
                    let width = tag.width().into();
                    let bytes = part(self.wire, body.next, end, width, path_of(path))?;
                    let number = number(tag, bytes);
                    let definition = self.definition(&body, number)?;
                    self.part(&mut body, number, definition, Some((tag, prefix)))?;
                }
            }
            Layout::Dataset => {
                let invalid = (Wrong::Is(ErrorKind::InvalidBitmap), at, path_of(path));
                let maps = dataset_maps(&self.wire[at..end]).ok_or(invalid)?;
                let bytes = maps.iter().map(|map| map.len() / 8).sum::<usize>();
                bitmap = at..at + bytes;
                body.next = bitmap.end;
                let mut bits: Vec<bool> =
                    maps.into_iter().flat_map(|map| map.into_iter().skip(1)).collect();
                let has_tlv = bits.pop().unwrap();
                for (number, _) in (1..).zip(bits).filter(|(_, is_set)| *is_set) {
                    let definition = self.definition(&body, number)?;
                    self.part(&mut body, number, definition, None)?;
                }
                if has_tlv {
                    self.part(&mut body, 0, &DATASET_TLV, None)?;
                }
            }
            other => panic!("no twin of {other:?}"),
        }
        let count = u32::try_from(end - body.next).unwrap();
        if count > 0 {
            let last = body.parts.last().map(|part| part.number);
            let path = path.iter().copied().chain(last).collect::<Vec<_>>();
            let kind = ErrorKind::TrailingBytes { count };
            return Err((Wrong::Is(kind), body.next, path_of(&path)));
        }
        Ok(MadeOf { layout, header, bitmap, parts: body.parts })
    }

    fn part(
        &mut self,
        body: &mut Body<'_, 's>,
        number: u16,
        definition: &'s Field,
        tag: Option<(Tag, iso8583_wire::Prefix)>,
    ) -> Result<(), Fault> {
        let path = [body.path, &[number]].concat();
        let place = Place { number, path: &path, at: body.next, tag, limit: body.end };
        let item = self.element(definition, &place)?;
        body.next = item.end;
        body.parts.push(item);
        Ok(())
    }

    fn definitions(&self, composite: &Composite) -> &'s [Subfield] {
        let parts = composite.parts();
        &self.spec.tables().subfields[parts.start.into()..parts.end.into()]
    }

    /// The definition of the part that comes next.
    fn definition(&self, body: &Body<'_, 's>, number: u16) -> Result<&'s Field, Fault> {
        let known = self.definitions(body.composite).iter().find(|part| part.number() == number);
        let field = known.map(Subfield::field).or(body.composite.unknown());
        field.ok_or_else(|| {
            let path = [body.path, &[number]].concat();
            (Wrong::Is(ErrorKind::UndefinedField), body.next, path_of(&path))
        })
    }

    fn bitmap_of(
        &self,
        encoding: BitmapEncoding,
        bytes: u8,
        at: usize,
        end: usize,
        path: &[u16],
    ) -> Result<(Range<usize>, Vec<bool>), Fault> {
        let width = head::width(encoding, bytes.into());
        let bitmap = part(self.wire, at, end, width, path_of(path))?;
        let invalid = (Wrong::Is(ErrorKind::InvalidBitmap), at, path_of(path));
        Ok((at..at + width, head::bits(encoding, bitmap).ok_or(invalid)?))
    }
}

/// The bits of the maps at the front of a dataset: one of 16, then of 8 each, as long as the first bit of one says so.
pub(in crate::iso8583) fn dataset_maps(body: &[u8]) -> Option<Vec<Vec<bool>>> {
    let mut rest = body.get(2..)?;
    let mut maps = vec![head::bits(BitmapEncoding::Binary, &body[..2])?];
    let mut bytes = 2;
    while maps.last().unwrap()[0] {
        let map;
        (map, rest) = rest.split_first()?;
        maps.push(head::bits(BitmapEncoding::Binary, &[*map])?);
        bytes += 1;
    }
    (bytes <= LONGEST_DATASET_BITMAP).then_some(maps)
}

/// A tag's characters, or the digits of its bytes.
fn text(tag: Tag, bytes: &[u8]) -> String {
    match tag.encoding() {
        TagEncoding::Ascii => latin1(bytes),
        TagEncoding::Ebcdic => ebcdic(CP037, bytes),
        _ => hex(bytes),
    }
}

fn number(tag: Tag, bytes: &[u8]) -> u16 {
    let text = text(tag, bytes);
    let radix = if tag.encoding() == TagEncoding::Binary { 16 } else { 10 };
    if !text.chars().all(|c| c.is_digit(radix)) {
        return NO_NUMBER;
    }
    let number = u64::from_str_radix(&text, radix).unwrap();
    u16::try_from(number).unwrap_or(NO_NUMBER)
}

/// A tag as it is shown.
pub(super) fn label(tag: Tag, bytes: &[u8]) -> String {
    let text = text(tag, bytes);
    match text.strip_prefix('0') {
        // A packed digit before an odd number of them is none of them.
        Some(digits) if tag.encoding() == TagEncoding::Bcd && tag.size() % 2 == 1 => digits.into(),
        _ if text.chars().all(|c| c.is_ascii_graphic()) => text,
        // What holds anything that is no character is shown as its bytes.
        _ => hex(bytes),
    }
}
