//! A dialect that is put together at run time.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

use crate::header::Header;
use crate::spec::DEPTH;
use crate::{
    Bitmap, BitmapEncoding, Bitmaps, Composite, Field, MtiEncoding, Path, Spec, SpecError,
    Subfield, Tables,
};

/// An index that no composite of a spec has.
const NOWHERE: u8 = u8::MAX - 1;

/// An index; what does not fit is too long for a spec, which refuses it.
fn index_u16(index: usize) -> u16 {
    u16::try_from(index).unwrap_or(u16::MAX)
}

/// A dialect that is put together at run time, from a file or by hand, and lends a [`Spec`].
///
/// # Examples
/// ```
/// use iso8583_wire::{
///     BitmapEncoding, Bitmaps, Class, Composite, CompositeBuf, Field, MessageRef, MtiEncoding, Prefix, SpecBuf, SpecRule, Tag,
/// };
///
/// let mut acquirer = SpecBuf::new("acquirer", MtiEncoding::Ascii, BitmapEncoding::Hex, Bitmaps::UpToTwo);
/// acquirer.set(3, Field::fixed(Class::N, 6));
/// let elements = CompositeBuf::new(Composite::tagged(Tag::ascii(2), Prefix::ascii(2), 0..0))
///     .with_part(42, Field::up_to(Class::N, 7));
/// acquirer.set_composite(48, Field::variable(Class::Ans, Prefix::ascii(3), 999), elements);
///
/// let spec = acquirer.spec()?;
/// let message = MessageRef::parse(&spec, b"01000000000000010000006420201").unwrap();
/// assert!(message.require([48, 42]).unwrap() == "01");
///
/// // What contradicts itself is refused, and said where.
/// acquirer.set(4, Field::fixed(Class::N, 0));
/// let error = acquirer.spec().unwrap_err();
/// assert_eq!((error.rule(), acquirer.path(&error).to_string()), (SpecRule::NoLength, "4".into()));
/// # Ok::<(), iso8583_wire::SpecError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpecBuf {
    name: String,
    mti: MtiEncoding,
    bitmap: BitmapEncoding,
    bitmaps: Bitmaps,
    echoes: Bitmap,
    header: Header,
    fields: Vec<Option<Field>>,
    subfields: Vec<Subfield>,
    composites: Vec<Composite>,
}

/// How the value of a field is made of parts, with the parts' definitions; for a [`SpecBuf`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CompositeBuf {
    layout: Composite,
    parts: Vec<(Subfield, Option<CompositeBuf>)>,
}

impl SpecBuf {
    /// A dialect without data elements.
    #[must_use]
    pub fn new(
        name: impl Into<String>,
        mti: MtiEncoding,
        bitmap: BitmapEncoding,
        bitmaps: Bitmaps,
    ) -> Self {
        let (fields, subfields, composites) = (Vec::new(), Vec::new(), Vec::new());
        let (echoes, header) = (Bitmap::EMPTY, Header::None);
        Self {
            name: name.into(),
            mti,
            bitmap,
            bitmaps,
            echoes,
            header,
            fields,
            subfields,
            composites,
        }
    }

    /// Defines a data element, or defines it otherwise; one that no bitmap can announce is refused by [`SpecBuf::spec`].
    pub fn set(&mut self, number: u16, field: Field) {
        self.put(number, Some(field));
    }

    /// Defines a data element that is made of parts, or defines it so.
    pub fn set_composite(&mut self, number: u16, field: Field, composite: CompositeBuf) {
        let index = self.add(composite, DEPTH);
        self.put(number, Some(field.composed(index)));
    }

    /// Says which data elements an answer repeats of its request.
    pub const fn set_echoes(&mut self, echoes: Bitmap) {
        self.echoes = echoes;
    }

    /// Says which header messages come behind.
    pub const fn set_header(&mut self, header: Header) {
        self.header = header;
    }

    /// Takes a data element out.
    pub fn remove(&mut self, number: u16) {
        self.put(number, None);
    }

    fn put(&mut self, number: u16, field: Option<Field>) {
        let index = usize::from(number);
        if self.fields.len() <= index && field.is_some() {
            self.fields.resize(index.saturating_add(1), None);
        }
        if let Some(entry) = self.fields.get_mut(index) {
            *entry = field;
        }
        self.sweep();
    }

    /// Adds a composite and those of its parts, and gives its index. What lies deeper than a spec may be is left out, and the
    /// spec refuses what names it.
    fn add(&mut self, composite: CompositeBuf, depth: u8) -> u8 {
        let Some(depth) = depth.checked_sub(1) else { return NOWHERE };
        let index = self.composites.len();
        let start = self.subfields.len();
        let end = start.saturating_add(composite.parts.len());
        self.composites.push(composite.layout.of_parts(index_u16(start)..index_u16(end)));
        let mut nested = vec![];
        for (subfield, below) in composite.parts {
            if let Some(below) = below {
                nested.push((self.subfields.len(), below));
            }
            self.subfields.push(subfield);
        }
        for (place, below) in nested {
            let index = self.add(below, depth);
            if let Some(entry) = self.subfields.get_mut(place) {
                *entry = Subfield::new(entry.number(), entry.field().composed(index));
            }
        }
        u8::try_from(index).unwrap_or(NOWHERE)
    }

    /// Leaves out the composites that no field leads to any more, and their parts.
    fn sweep(&mut self) {
        let index_of = |field: &Field| field.composite().map(usize::from);
        let mut is_used = vec![false; self.composites.len()];
        let mark = |is_used: &mut Vec<bool>, field: &Field| {
            if let Some(used) = index_of(field).and_then(|index| is_used.get_mut(index)) {
                *used = true;
            }
        };
        self.fields.iter().flatten().for_each(|field| mark(&mut is_used, field));
        let mut kept = 0;
        let mut renumbered = vec![NOWHERE; self.composites.len()];
        // A composite is used by earlier ones alone, so that one pass sees all.
        for (index, composite) in self.composites.iter().enumerate() {
            if is_used.get(index) != Some(&true) {
                continue;
            }
            if let Some(number) = renumbered.get_mut(index) {
                *number = kept;
            }
            kept = kept.saturating_add(1);
            let parts =
                self.subfields.get(composite.parts().start.into()..composite.parts().end.into());
            let parts = parts.unwrap_or_default().iter().map(Subfield::field);
            parts.chain(composite.unknown()).for_each(|field| mark(&mut is_used, field));
        }
        if usize::from(kept) == self.composites.len() {
            return;
        }
        let renumber = |field: &Field| match index_of(field) {
            Some(index) => field.composed(renumbered.get(index).copied().unwrap_or(NOWHERE)),
            None => *field,
        };
        for field in self.fields.iter_mut().flatten() {
            *field = renumber(field);
        }
        let (mut subfields, mut composites) = (Vec::new(), Vec::new());
        for (composite, number) in self.composites.iter().zip(&renumbered) {
            if *number == NOWHERE {
                continue;
            }
            let parts = composite.parts();
            let parts =
                self.subfields.get(parts.start.into()..parts.end.into()).unwrap_or_default();
            let start = subfields.len();
            subfields.extend(
                parts.iter().map(|part| Subfield::new(part.number(), renumber(part.field()))),
            );
            let range = index_u16(start)..index_u16(subfields.len());
            let unknown = composite.unknown().map(renumber);
            composites.push(composite.of_parts(range).with_unknown(unknown));
        }
        (self.subfields, self.composites) = (subfields, composites);
    }

    /// The dialect, for as long as this is borrowed.
    ///
    /// # Errors
    /// The first rule that is broken; [`SpecBuf::path`] says where.
    pub fn spec(&self) -> Result<Spec<'_>, SpecError> {
        let tables = Tables::of(&self.fields).with_parts(&self.subfields, &self.composites);
        let spec = Spec::try_with_tables(&self.name, self.mti, self.bitmap, self.bitmaps, tables)?;
        Ok(spec.echoing(self.echoes).behind(self.header))
    }

    /// The dialect for as long as the program runs: for one that a server reads when it starts.
    ///
    /// # Errors
    /// As [`SpecBuf::spec`].
    pub fn leak(self) -> Result<&'static Spec<'static>, SpecError> {
        self.spec()?;
        let buf: &'static Self = Box::leak(Box::new(self));
        Ok(Box::leak(Box::new(buf.spec()?)))
    }

    /// The data element or the part that breaks the rule.
    #[must_use]
    pub fn path(&self, error: &SpecError) -> Path {
        let index = usize::from(error.index());
        let of = |field: &Field| field.composite().map(usize::from);
        // From the part or the composite upwards: whose composite is it, and which part of that.
        let (mut path, mut composite) = match error.table() {
            "fields" => return Path::from([error.index()]),
            "subfields" => {
                let number = self.subfields.get(index).map_or(0, Subfield::number);
                let owner = self.composites.iter().position(|composite| {
                    let parts = composite.parts();
                    (usize::from(parts.start)..usize::from(parts.end)).contains(&index)
                });
                (Path::HERE.below(number), owner)
            }
            _ => (Path::HERE, Some(index)),
        };
        for _ in 0..DEPTH {
            let Some(below) = composite else { break };
            if let Some(number) = (0..=192).find(|number: &u16| {
                let entry = self.fields.get(usize::from(*number));
                entry.and_then(Option::as_ref).and_then(of) == Some(below)
            }) {
                return path.below(number);
            }
            let part = self.subfields.iter().position(|part| of(part.field()) == Some(below));
            let Some(part) = part else { break };
            path = path.below(self.subfields.get(part).map_or(0, Subfield::number));
            composite = self.composites.iter().position(|composite| {
                let parts = composite.parts();
                (usize::from(parts.start)..usize::from(parts.end)).contains(&part)
            });
        }
        path
    }
}

/// A copy of a dialect, to be changed.
impl From<&Spec<'_>> for SpecBuf {
    fn from(spec: &Spec<'_>) -> Self {
        let Tables { fields, subfields, composites } = spec.tables();
        Self {
            name: spec.name().into(),
            mti: spec.mti_encoding(),
            bitmap: spec.bitmap_encoding(),
            bitmaps: spec.bitmaps(),
            echoes: spec.echoes(),
            header: spec.header(),
            fields: fields.to_vec(),
            subfields: subfields.to_vec(),
            composites: composites.to_vec(),
        }
    }
}

impl CompositeBuf {
    /// A composite without parts yet; the range of parts that `layout` names does not matter.
    #[must_use]
    pub const fn new(layout: Composite) -> Self {
        Self { layout, parts: Vec::new() }
    }

    /// The same composite with one more part, in any order; one with the same number is defined otherwise.
    #[must_use]
    pub fn with_part(self, number: u16, field: Field) -> Self {
        self.with(Subfield::new(number, field), None)
    }

    /// The same composite with one more part that is made of parts.
    #[must_use]
    pub fn with_composite(self, number: u16, field: Field, composite: Self) -> Self {
        self.with(Subfield::new(number, field), Some(composite))
    }

    fn with(mut self, part: Subfield, below: Option<Self>) -> Self {
        match self.parts.binary_search_by_key(&part.number(), |(other, _)| other.number()) {
            Ok(at) => {
                if let Some(entry) = self.parts.get_mut(at) {
                    *entry = (part, below);
                }
            }
            Err(at) => self.parts.insert(at, (part, below)),
        }
        self
    }
}

#[cfg(test)]
mod tests {
    extern crate alloc;
    use alloc::string::ToString;

    use super::*;
    use crate::{Class, MessageRef, Prefix, SpecRule};

    fn outer() -> Field {
        Field::variable(Class::B, Prefix::ascii(2), 99)
    }

    fn positional() -> CompositeBuf {
        CompositeBuf::new(Composite::positional(0..0))
    }

    fn dialect(part: Field) -> SpecBuf {
        let mut spec = SpecBuf::new("t", MtiEncoding::Ascii, BitmapEncoding::Hex, Bitmaps::UpToTwo);
        let inner = positional().with_part(2, part).with_part(1, Field::fixed(Class::N, 2));
        let middle =
            positional().with_part(1, Field::fixed(Class::N, 1)).with_composite(2, outer(), inner);
        spec.set(2, Field::fixed(Class::N, 3));
        spec.set_composite(48, outer(), middle);
        spec
    }

    #[test]
    fn nested_parts_in_any_order() {
        let dialect = dialect(Field::up_to(Class::Ans, 9));
        let spec = dialect.spec().unwrap();
        let message = MessageRef::parse(&spec, b"010000000000000100000790412ab").unwrap();
        assert!(
            message.get([48, 2, 2]).unwrap() == "ab" && message.get([48, 2, 1]).unwrap() == "12"
        );
        assert_eq!(SpecBuf::from(&spec), dialect);
    }

    #[test]
    fn what_is_defined_otherwise_leaves_nothing_behind() {
        let mut changed = dialect(Field::fixed(Class::N, 0));
        changed.set(3, Field::fixed(Class::N, 1));
        changed.set_composite(60, outer(), positional().with_part(1, Field::fixed(Class::N, 1)));
        assert!(changed.spec().is_err());
        changed.set_composite(48, outer(), positional().with_part(7, Field::fixed(Class::N, 2)));
        assert_eq!((changed.composites.len(), changed.subfields.len()), (2, 2));
        let spec = changed.spec().unwrap();
        let wire = b"01000000000000010010" as &[u8];
        let wire = [wire, b"0242", b"017"].concat();
        let message = MessageRef::parse(&spec, &wire).unwrap();
        assert!(message.get([48, 7]).unwrap() == "42" && message.get([60, 1]).unwrap() == "7");
        for _ in 0..300 {
            changed.set_composite(
                48,
                outer(),
                positional().with_part(7, Field::fixed(Class::N, 2)),
            );
        }
        changed.remove(60);
        assert_eq!((changed.composites.len(), changed.subfields.len()), (1, 1));
        assert!(changed.leak().is_ok());
    }

    #[test]
    fn parts_nested_too_deep_are_refused() {
        let mut deep = positional().with_part(1, Field::fixed(Class::N, 1));
        for _ in 0..50 {
            deep = positional().with_composite(1, outer(), deep);
        }
        let mut spec = SpecBuf::new("t", MtiEncoding::Ascii, BitmapEncoding::Hex, Bitmaps::UpToTwo);
        spec.set_composite(48, outer(), deep);
        let error = spec.spec().unwrap_err();
        assert_eq!(error.rule(), SpecRule::CompositeIndex);
        assert_eq!(spec.path(&error).numbers().first(), Some(&48));
    }

    #[test]
    fn a_broken_part_is_found() {
        let dialect = dialect(Field::fixed(Class::N, 0));
        let error = dialect.spec().unwrap_err();
        assert_eq!(error.rule(), SpecRule::NoLength);
        assert_eq!(dialect.path(&error).to_string(), "48.2.2");
    }
}
