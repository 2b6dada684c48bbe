//! A message read a second time: slowly, from the documentation, and by nothing that the crate does.

mod head;
mod length;
mod pages;
mod parts;
mod value;

use core::ops::Range;

use iso8583_wire::{
    BitmapEncoding, Bitmaps, Class, Composite, ErrorKind, Field, Layout, Path, Spec, Tag,
};

pub(super) use head::bits;
pub(super) use parts::{NO_NUMBER, dataset_maps};

use head::{read_bitmap, read_mti};

/// The longest message.
const MAX_LEN: usize = 65_535;

/// What the bytes say.
pub(super) struct Twin<'s> {
    /// The message type, if it is one.
    pub(super) mti: Option<String>,
    pub(super) bitmap_encoding: BitmapEncoding,
    /// Where the bitmaps before the fields lie, if they are some.
    pub(super) bitmaps: Option<Range<usize>>,
    /// Where the third bitmap lies, if it stands among the fields.
    pub(super) third: Option<Range<usize>>,
    /// The fields, those before the fault if there is one.
    pub(super) fields: Vec<Item<'s>>,
    /// Where the message ends, or where the item at fault begins.
    pub(super) end: usize,
    /// The last item before the end.
    pub(super) last: Path,
    /// What is wrong; with `Look::Structure` nothing that values hold.
    pub(super) fault: Option<Fault>,
    /// With `Look::Structure` each value that holds what it must not.
    pub(super) violations: Vec<Fault>,
}

/// A field or a part: where it and its value lie, its length in its unit, and its value in characters.
pub(super) struct Item<'s> {
    pub(super) number: u16,
    /// What it is called where it stands.
    pub(super) label: String,
    pub(super) definition: &'s Field,
    pub(super) at: usize,
    pub(super) data_at: usize,
    pub(super) end: usize,
    pub(super) count: usize,
    /// Empty where the value holds what it must not.
    pub(super) value: String,
    /// Whether the value, and each part of it, holds what it may.
    pub(super) is_right: bool,
    /// What it is made of, if it is made of parts.
    pub(super) made_of: Option<MadeOf<'s>>,
}

/// The parts of a value, and what stands before them.
pub(super) struct MadeOf<'s> {
    pub(super) layout: Layout,
    pub(super) header: Range<usize>,
    pub(super) bitmap: Range<usize>,
    pub(super) parts: Vec<Item<'s>>,
}

/// What is wrong, where, and with which item.
pub(super) type Fault = (Wrong, usize, Path);

#[derive(Clone, Debug)]
pub(super) enum Wrong {
    Is(ErrorKind),
    /// One of these bytes of the value.
    Character(Class, Vec<usize>),
}

/// Whether what values hold is looked at, or only where they lie.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Look {
    Everything,
    Structure,
}

/// What is being read.
struct Reading<'r, 's> {
    spec: &'r Spec<'s>,
    wire: &'r [u8],
    look: Look,
    violations: Vec<Fault>,
}

/// Where an element lies: after its tag, and within what holds it.
struct Place<'p> {
    number: u16,
    /// The numbers that lead to it.
    path: &'p [u16],
    at: usize,
    tag: Option<(Tag, iso8583_wire::Prefix)>,
    /// Where what holds it ends.
    limit: usize,
}

/// Reads the message at the front of the bytes.
pub(super) fn read<'s>(spec: &Spec<'s>, wire: &[u8], look: Look) -> Twin<'s> {
    let wire = &wire[..wire.len().min(MAX_LEN)];
    let mut twin = Twin {
        mti: None,
        bitmap_encoding: spec.bitmap_encoding(),
        bitmaps: None,
        third: None,
        fields: Vec::new(),
        end: 0,
        last: Path::MTI,
        fault: None,
        violations: Vec::new(),
    };
    let mut reading = Reading { spec, wire, look, violations: Vec::new() };
    twin.fault = read_into(&mut twin, &mut reading).err();
    twin.violations = reading.violations;
    twin
}

impl Twin<'_> {
    /// What is wrong if the message is to fill the bytes.
    pub(super) fn fault_of_all(&self, wire: &[u8]) -> Option<Fault> {
        if wire.len() > MAX_LEN {
            return Some((Wrong::Is(ErrorKind::MessageTooLong), MAX_LEN, Path::MTI));
        }
        self.fault.clone().or_else(|| {
            let count = u32::try_from(wire.len() - self.end).unwrap();
            let left_over = (Wrong::Is(ErrorKind::TrailingBytes { count }), self.end, self.last);
            (count > 0).then_some(left_over)
        })
    }
}

fn read_into<'s>(twin: &mut Twin<'s>, reading: &mut Reading<'_, 's>) -> Result<(), Fault> {
    let (spec, wire) = (reading.spec, reading.wire);
    let (mti, start) = read_mti(spec, wire)?;
    (twin.mti, twin.end) = (Some(mti), start);
    let (least, most) = match spec.bitmaps() {
        Bitmaps::One => (1, 1),
        Bitmaps::UpToTwo => (1, 2),
        Bitmaps::UpToThree | Bitmaps::UpToThreeInField65 => (1, 3),
        Bitmaps::Two => (2, 2),
        Bitmaps::Three => (3, 3),
        other => panic!("no twin of {other:?}"),
    };
    let is_among_fields = spec.bitmaps() == Bitmaps::UpToThreeInField65;

    let mut end = start;
    let mut last = Path::BITMAP;
    let mut bits = read_bitmap(spec, wire, &mut end, last)?;
    if least >= 2 || (most >= 2 && bits[0]) {
        last = Path::field(1);
        bits.extend(read_bitmap(spec, wire, &mut end, last)?);
        if least == 3 || (most == 3 && bits[64] && !is_among_fields) {
            last = Path::field(65);
            bits.extend(read_bitmap(spec, wire, &mut end, last)?);
        }
    }
    twin.bitmaps = Some(start..end);
    (twin.end, twin.last) = (end, last);

    let mut number = 0;
    while let Some(&is_set) = bits.get(usize::from(number)) {
        number += 1;
        let is_bitmap = (number == 1 && most >= 2) || (number == 65 && most == 3);
        if !is_set || (is_bitmap && !(number == 65 && is_among_fields)) {
            continue;
        }
        let path = Path::field(number);
        if is_bitmap {
            let mut end = twin.end;
            bits.extend(read_bitmap(spec, wire, &mut end, path)?);
            twin.third = Some(twin.end..end);
            twin.end = end;
        } else {
            let undefined = (Wrong::Is(ErrorKind::UndefinedField), twin.end, path);
            let definition = spec.field(number).ok_or(undefined)?;
            let (at, limit) = (twin.end, wire.len());
            let place = Place { number, path: &[number], at, tag: None, limit };
            let item = reading.element(definition, &place)?;
            twin.end = item.end;
            twin.fields.push(item);
        }
        twin.last = path;
    }
    Ok(())
}

impl<'s> Reading<'_, 's> {
    /// Reads a field or a part.
    fn element(&mut self, definition: &'s Field, place: &Place<'_>) -> Result<Item<'s>, Fault> {
        let &Place { number, path, at, .. } = place;
        let (data_at, count, end) = self.extent(definition, place)?;
        let data = &self.wire[data_at..end];
        let composite: Option<&Composite> = self.spec.composite(definition);
        let made_of = match composite {
            Some(composite) if composite.layout() != Layout::BerTlv => {
                Some(self.made_of(composite, path, data_at, end)?)
            }
            _ => None,
        };
        let parts = made_of.as_ref().map(|made_of| &made_of.parts);
        let (value, is_right) = match (parts, value::read(definition, data, count)) {
            // What is made of parts holds what they hold.
            (Some(parts), _) => {
                (value::decode(definition, data), parts.iter().all(|part| part.is_right))
            }
            (None, Ok(value)) => (value, true),
            (None, Err(wrong)) => {
                let fault = (wrong, data_at, path_of(path));
                if self.look == Look::Everything {
                    return Err(fault);
                }
                self.violations.push(fault);
                (String::new(), false)
            }
        };
        let label = match place.tag {
            Some((tag, _)) => parts::label(tag, &self.wire[at..at + usize::from(tag.width())]),
            None => number.to_string(),
        };
        Ok(Item { number, label, definition, at, data_at, end, count, value, is_right, made_of })
    }
}

/// So many bytes of an item, which lies within what ends at `limit`.
fn part(wire: &[u8], at: usize, limit: usize, count: usize, path: Path) -> Result<&[u8], Fault> {
    let rest = &wire[at..limit];
    rest.get(..count).ok_or_else(|| {
        let [needed, available] = [count, rest.len()].map(|count| u32::try_from(count).unwrap());
        (Wrong::Is(ErrorKind::Truncated { needed, available }), at, path)
    })
}

/// The path of some numbers, of which those of tags that are none are left out.
fn path_of(numbers: &[u16]) -> Path {
    let numbers: Vec<u16> = numbers.iter().copied().filter(|number| *number != NO_NUMBER).collect();
    match *numbers {
        [a] => Path::from([a]),
        [a, b] => Path::from([a, b]),
        [a, b, c] => Path::from([a, b, c]),
        [a, b, c, d] => Path::from([a, b, c, d]),
        _ => panic!("no path has these numbers: {numbers:?}"),
    }
}

/// Each byte as a character of ISO 8859-1.
fn latin1(bytes: &[u8]) -> String {
    bytes.iter().map(|&byte| char::from(byte)).collect()
}

/// Each byte as a character of an EBCDIC code page.
fn ebcdic(page: &str, bytes: &[u8]) -> String {
    bytes.iter().map(|&byte| pages::decode(page, byte)).collect()
}
