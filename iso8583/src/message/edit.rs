//! One part changed, every other byte kept.

use alloc::vec;
use alloc::vec::Vec;

use zeroize::Zeroizing;

use crate::composite::DATASET_TLV;
use crate::parts::{Walk, check_value};
use crate::wire::{self, Extent, Fault, Framing, Value};
use crate::{Composite, ErrorKind, Field, FieldRef, Layout, Spec, dataset_bitmap, head};

/// What becomes of an element.
pub(super) enum Edit<'v> {
    /// It has this value.
    Set(Value<'v>),
    /// One more with this value.
    Push(Value<'v>),
    /// It is taken out.
    Remove,
}

/// The bytes of a data element after an edit of it, or of the part that the numbers lead to.
///
/// The recursion goes as deep as the spec lays out parts, which has a limit.
pub(super) fn edited<'v>(
    spec: &Spec<'_>,
    field: &Field,
    old: Option<&FieldRef<'_, '_>>,
    parts: &[u16],
    edit: &dyn Fn(&Field) -> Edit<'v>,
) -> Result<Zeroizing<Vec<u8>>, Fault> {
    let element = Element {
        field,
        framing: Framing::Own,
        tag: &[],
        old: old.map(|old| (old.wire(), old.data())),
    };
    element.edited(spec, parts, edit)
}

/// A fault of what is edited itself; nothing of it has a place yet.
fn fault(kind: ErrorKind) -> Fault {
    Fault::new(kind, 0)
}

/// What is edited: a data element or a part.
struct Element<'e> {
    field: &'e Field,
    framing: Framing,
    tag: &'e [u8],
    /// The element and its value as they stand.
    old: Option<(&'e [u8], &'e [u8])>,
}

impl Element<'_> {
    fn edited<'v>(
        &self,
        spec: &Spec<'_>,
        parts: &[u16],
        edit: &dyn Fn(&Field) -> Edit<'v>,
    ) -> Result<Zeroizing<Vec<u8>>, Fault> {
        let Some((number, deeper)) = parts.split_first() else {
            return match edit(self.field) {
                Edit::Set(value) | Edit::Push(value) => self.with_value(spec, &value),
                // What holds it takes it out.
                Edit::Remove => Ok(Zeroizing::new(Vec::new())),
            };
        };
        let Some(composite) = spec.made_of_parts(self.field) else {
            return Err(fault(ErrorKind::UndefinedField).within(*number, 0));
        };
        let old = self.old.map_or(&[][..], |(_, data)| data);
        let body = Body { spec, composite }.edited(old, *number, deeper, edit)?;
        let extent = wire::fit(self.field, self.framing, body.len()).map_err(fault)?;
        let mut bytes = self.framed(extent);
        if let Some(slot) = bytes.get_mut(extent.head..) {
            slot.copy_from_slice(&body);
        }
        Ok(self.with_old_head(bytes, extent))
    }

    /// With tag and length as they were, in whichever way these were written, where the value has not become longer or
    /// shorter.
    fn with_old_head(&self, bytes: Zeroizing<Vec<u8>>, extent: Extent) -> Zeroizing<Vec<u8>> {
        let Some((wire, data)) = self.old else { return bytes };
        let value = bytes.get(extent.head..).unwrap_or_default();
        let head = wire.get(..wire.len().saturating_sub(data.len())).unwrap_or_default();
        let said = wire::measure(self.field, self.framing, wire).map(|old| old.count);
        if said.is_ok_and(|count| count == extent.count) && data.len() == value.len() {
            return Zeroizing::new([head, value].concat());
        }
        bytes
    }

    fn with_value(&self, spec: &Spec<'_>, value: &Value<'_>) -> Result<Zeroizing<Vec<u8>>, Fault> {
        let extent = wire::plan(self.field, self.framing, value).map_err(fault)?;
        let mut bytes = self.framed(extent);
        wire::write(self.field, self.framing, value, extent, &mut bytes);
        if self.field.composite().is_some() {
            let data = bytes.get(extent.head..).unwrap_or_default();
            check_value(spec, self.field, data, extent.count, true)?;
        }
        Ok(self.with_old_head(bytes, extent))
    }

    /// Tag and length, and room for the value.
    fn framed(&self, extent: Extent) -> Zeroizing<Vec<u8>> {
        let mut bytes = Zeroizing::new(vec![0; extent.total]);
        if let Some(slot) = bytes.get_mut(..extent.head) {
            wire::frame(self.field, self.framing, extent.count, slot);
        }
        if let Some(slot) = bytes.get_mut(..self.tag.len()) {
            slot.copy_from_slice(self.tag);
        }
        bytes
    }
}

/// The value of a field that is made of parts.
#[derive(Clone, Copy)]
struct Body<'s> {
    spec: &'s Spec<'s>,
    composite: &'s Composite,
}

impl Body<'_> {
    /// The value after an edit of its part with this number, or of one below that.
    fn edited<'v>(
        self,
        old: &[u8],
        number: u16,
        deeper: &[u16],
        edit: &dyn Fn(&Field) -> Edit<'v>,
    ) -> Result<Zeroizing<Vec<u8>>, Fault> {
        let is_tlv = number == 0 && matches!(self.composite.layout(), Layout::Dataset);
        let known = self.spec.subfield(self.composite, number);
        let field = if is_tlv { Some(&DATASET_TLV) } else { known };
        let of_part = |kind| fault(kind).within(number, 0);
        let field = field.ok_or(of_part(ErrorKind::UndefinedField))?;
        let found = Found::find(self, old, number)?;
        let kind = edit(field);
        let adds = deeper.is_empty() && matches!(kind, Edit::Push(_));
        let removes = deeper.is_empty() && matches!(kind, Edit::Remove);
        let has_tags = matches!(self.composite.layout(), Layout::Tagged { .. });
        let refused = || Err(of_part(ErrorKind::FieldOrder { after: found.last }));
        let (at, end) = match found.place {
            Some(_) if adds && !has_tags => return refused(),
            Some((start, _, end)) if !adds => (start, end),
            _ if has_tags => (old.len(), old.len()),
            _ if !found.is_next && matches!(self.composite.layout(), Layout::Positional) => {
                return refused();
            }
            _ => (found.insert_at, found.insert_at),
        };
        let is_new = at == end;
        if removes && matches!(self.composite.layout(), Layout::Positional) && end < old.len() {
            return refused();
        }
        let framing = match self.composite.layout() {
            Layout::Tagged { tag, prefix } => Framing::Tagged(tag, prefix),
            _ => Framing::Own,
        };
        let mut tag = [0; 4];
        let tag = self.tag(number, &mut tag).map_err(of_part)?;
        let head = found.place.map_or(0, |(start, data, _)| data.saturating_sub(start));
        let part = old.get(at..end).filter(|_| !is_new);
        let element = Element {
            field,
            framing,
            tag,
            old: part.map(|part| (part, part.get(head..).unwrap_or_default())),
        };
        let part =
            element.edited(self.spec, deeper, edit).map_err(|fault| fault.within(number, 0))?;
        let before = old.get(..at).unwrap_or_default();
        let behind = old.get(end..).unwrap_or_default();
        let mut body = Zeroizing::new([before, &part, behind].concat());
        if old.is_empty() {
            body = Zeroizing::new([&*self.empty_map(), &body].concat());
        }
        if is_new || removes {
            self.announce(&mut body, number, !removes).map_err(of_part)?;
        }
        Ok(body)
    }

    fn tag(self, number: u16, bytes: &mut [u8; 4]) -> Result<&[u8], ErrorKind> {
        let Layout::Tagged { tag, .. } = self.composite.layout() else { return Ok(&[]) };
        let slot = bytes.get_mut(..tag.width().into()).unwrap_or_default();
        if tag.write(number, slot) { Ok(slot) } else { Err(ErrorKind::UndefinedField) }
    }

    /// Header and bitmap of a value without parts.
    fn empty_map(self) -> Vec<u8> {
        match self.composite.layout() {
            Layout::Bitmapped { encoding, bytes, header } => {
                let header = usize::from(header);
                let mut map = vec![0; header.saturating_add(encoding.scaled(bytes.into()))];
                head::clear(encoding, map.get_mut(header..).unwrap_or_default());
                map
            }
            Layout::Dataset => vec![0; 2],
            _ => Vec::new(),
        }
    }

    /// Says in the bitmap, if there is one, that a part is there or no longer there.
    fn announce(
        self,
        body: &mut Zeroizing<Vec<u8>>,
        number: u16,
        carried: bool,
    ) -> Result<(), ErrorKind> {
        match self.composite.layout() {
            Layout::Bitmapped { encoding, header, bytes } => {
                let start = usize::from(header);
                let end = start.saturating_add(encoding.scaled(bytes.into()));
                head::set(encoding, body.get_mut(start..end).unwrap_or_default(), number, carried);
            }
            Layout::Dataset => {
                let len = dataset_bitmap::len(body).ok_or(ErrorKind::InvalidBitmap)?;
                let needed = dataset_bitmap::len_for(number).ok_or(ErrorKind::UndefinedField)?;
                if needed > len {
                    let grown = vec![0; needed.saturating_sub(len)];
                    let (map, parts) = body.split_at_checked(len).unwrap_or_default();
                    *body = Zeroizing::new([map, &grown, parts].concat());
                    dataset_bitmap::grow(body.get_mut(..needed).unwrap_or_default(), len);
                }
                let map = body.get_mut(..needed.max(len)).unwrap_or_default();
                if number == 0 {
                    dataset_bitmap::set_tlv(map, carried);
                } else {
                    dataset_bitmap::announce(map, number, carried);
                }
            }
            _ => {}
        }
        Ok(())
    }
}

/// Where a part is, or would be.
struct Found {
    /// Where the first part with the number begins, where its value does, and where it ends.
    place: Option<(usize, usize, usize)>,
    /// Where a new part would go.
    insert_at: usize,
    /// Whether a new part would come right behind the last one.
    is_next: bool,
    /// The last part before that place.
    last: u16,
}

impl Found {
    fn find(body: Body<'_>, old: &[u8], number: u16) -> Result<Self, Fault> {
        let mut walk = Walk::new(body.spec, body.composite, old)?;
        // Behind the map of parts that are announced; the BER-TLV of a dataset, part 0, comes last.
        let mut found = Self { place: None, insert_at: walk.position(), is_next: false, last: 0 };
        let mut count = 0_usize;
        while let Some(part) = walk.advance()? {
            let end = part.start.saturating_add(part.extent.total);
            let data = part.start.saturating_add(part.extent.head);
            if part.number == number {
                found.place = Some((part.start, data, end));
                break;
            }
            let is_before = match body.composite.layout() {
                Layout::Dataset => number == 0 || (part.number != 0 && part.number < number),
                Layout::Bitmapped { .. } => part.number < number,
                _ => true,
            };
            if is_before {
                found.insert_at = end;
                found.last = part.number;
            }
            count = count.saturating_add(1);
        }
        let due = body.spec.subfields(body.composite).get(count);
        found.is_next = due.is_some_and(|part| part.number() == number);
        Ok(found)
    }
}
