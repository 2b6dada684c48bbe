//! A dialect that is put together at run time.

use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

use crate::{
    BitmapEncoding, Bitmaps, Composite, Field, MtiEncoding, Path, Spec, SpecError, Subfield, Tables,
};

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
        Self { name: name.into(), mti, bitmap, bitmaps, fields, subfields, composites }
    }

    /// Defines a data element, or defines it otherwise; one that no bitmap can announce is refused by [`SpecBuf::spec`].
    pub fn set(&mut self, number: u16, field: Field) {
        let index = usize::from(number);
        if self.fields.len() <= index {
            self.fields.resize(index.saturating_add(1), None);
        }
        if let Some(entry) = self.fields.get_mut(index) {
            *entry = Some(field);
        }
    }

    /// Defines a data element that is made of parts, or defines it so.
    pub fn set_composite(&mut self, number: u16, field: Field, composite: CompositeBuf) {
        let index = self.add(composite);
        self.set(number, field.composed(index));
    }

    /// Takes a data element out.
    pub fn remove(&mut self, number: u16) {
        if let Some(entry) = self.fields.get_mut(usize::from(number)) {
            *entry = None;
        }
    }

    /// Adds a composite and those of its parts, and gives its index.
    ///
    /// The recursion goes as deep as the caller nested them; what is deeper than a spec may be is refused by it.
    fn add(&mut self, composite: CompositeBuf) -> u8 {
        let index = self.composites.len();
        let start = self.subfields.len();
        let end = start.saturating_add(composite.parts.len());
        // What does not fit is too long for a spec, which refuses it.
        let u16_of = |index: usize| u16::try_from(index).unwrap_or(u16::MAX);
        self.composites.push(composite.layout.of_parts(u16_of(start)..u16_of(end)));
        let mut nested = vec![];
        for (subfield, below) in composite.parts {
            if let Some(below) = below {
                nested.push((self.subfields.len(), below));
            }
            self.subfields.push(subfield);
        }
        for (place, below) in nested {
            let index = self.add(below);
            if let Some(entry) = self.subfields.get_mut(place) {
                *entry = Subfield::new(entry.number(), entry.field().composed(index));
            }
        }
        u8::try_from(index).unwrap_or(u8::MAX.saturating_sub(1))
    }

    /// The dialect, for as long as this is borrowed.
    ///
    /// # Errors
    /// The first rule that is broken; [`SpecBuf::path`] says where.
    pub fn spec(&self) -> Result<Spec<'_>, SpecError> {
        let tables = Tables {
            fields: &self.fields,
            subfields: &self.subfields,
            composites: &self.composites,
        };
        Spec::try_with_tables(&self.name, self.mti, self.bitmap, self.bitmaps, tables)
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
        while let Some(below) = composite {
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

    /// The same composite with one more part, in any order.
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
        let at = self.parts.partition_point(|(other, _)| other.number() < part.number());
        self.parts.insert(at, (part, below));
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
    fn a_broken_part_is_found() {
        let dialect = dialect(Field::fixed(Class::N, 0));
        let error = dialect.spec().unwrap_err();
        assert_eq!(error.rule(), SpecRule::NoLength);
        assert_eq!(dialect.path(&error).to_string(), "48.2.2");
    }
}
