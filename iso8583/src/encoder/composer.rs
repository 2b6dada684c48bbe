//! The parts of a field written one after the other.

use crate::copy::copy;
use core::fmt;

use super::{decimal, shift::shift};
use crate::composite::{DATASET_TLV, NO_NUMBER};
use crate::head::{self, too_small};
use crate::parts::check_value;
use crate::wire::{self, Framing, Value};
use crate::{Composite, Error, ErrorKind, Field, FieldRef, Layout, Path, Spec, dataset_bitmap};

/// Writes the parts of a field; see [`Encoder::composite`](crate::Encoder::composite).
///
/// Parts behind a bitmap come in ascending order, parts that only their place tells come one after the other without a
/// gap, parts with tags come in any order and may be repeated. A part that is refused leaves everything as it was.
pub struct Composer<'s, 'b> {
    spec: &'s Spec<'s>,
    composite: &'s Composite,
    body: &'b mut [u8],
    end: usize,
    last: u16,
    /// How many parts were written.
    count: usize,
    /// Where the body begins in the message.
    start: usize,
    path: Path,
}

/// After the BER-TLV of a dataset comes nothing.
const NOTHING_FOLLOWS: u16 = u16::MAX;

impl<'s, 'b> Composer<'s, 'b> {
    pub(super) fn new(
        spec: &'s Spec<'s>,
        composite: &'s Composite,
        body: &'b mut [u8],
        start: usize,
        path: Path,
    ) -> Result<Self, Error> {
        let (header, map) = match composite.layout() {
            Layout::Bitmapped { encoding, bytes, header } => {
                (usize::from(header), encoding.scaled(bytes.into()))
            }
            Layout::Dataset => (0, 2),
            _ => (0, 0),
        };
        let end = header.saturating_add(map);
        let available = body.len();
        let Some(slot) = body.get_mut(..end) else {
            let (needed, available) = (start.saturating_add(end), start.saturating_add(available));
            return Err(Error::new(too_small(needed, available), start, path));
        };
        slot.fill(0);
        if let (Layout::Bitmapped { encoding, .. }, Some(map)) =
            (composite.layout(), slot.get_mut(header..))
        {
            head::clear(encoding, map);
        }
        Ok(Self { spec, composite, body, end, last: 0, count: 0, start, path })
    }

    /// Writes a data element that is made of parts at the front of a buffer of its own, and gives how long it is.
    #[cfg(feature = "alloc")]
    pub(crate) fn write(
        spec: &'s Spec<'s>,
        number: u16,
        field: &'s Field,
        buffer: &mut [u8],
        compose: impl FnOnce(&mut Composer<'s, '_>) -> Result<(), Error>,
    ) -> Result<usize, Error> {
        let path = Path::field(number);
        let refused = |kind| Error::new(kind, 0, path);
        let composite = spec.made_of_parts(field).ok_or(refused(ErrorKind::WrongValueType))?;
        let widest = field.widest_head();
        let body = buffer.get_mut(widest..).unwrap_or_default();
        let mut composer = Composer::new(spec, composite, body, widest, path)?;
        compose(&mut composer)?;
        let len = composer.len();
        let extent = wire::fit(field, Framing::Own, len).map_err(refused)?;
        shift(buffer, widest..widest.saturating_add(len), extent.head);
        let head = buffer.get_mut(..extent.head).unwrap_or_default();
        wire::frame(field, Framing::Own, extent.count, head);
        Ok(extent.total)
    }

    /// Bytes written.
    pub(super) const fn len(&self) -> usize {
        self.end
    }

    /// Fills the bytes before the bitmap, which are zero otherwise.
    ///
    /// # Errors
    /// [`ErrorKind::WrongLength`] where the composite has a header of another length, or none.
    pub fn header(&mut self, header: &[u8]) -> Result<&mut Self, Error> {
        let expected = match self.composite.layout() {
            Layout::Bitmapped { header, .. } => header,
            _ => 0,
        };
        match self.body.get_mut(..usize::from(expected)) {
            Some(slot) if slot.len() == header.len() => copy(slot, header),
            _ => {
                let length = wire::bytes_u32(header.len());
                let kind = ErrorKind::WrongLength { length, expected: expected.into() };
                return Err(Error::new(kind, self.start, self.path));
            }
        }
        Ok(self)
    }

    /// Writes a part of text; see [`Encoder::text`](crate::Encoder::text).
    ///
    /// # Errors
    /// As [`Encoder::text`](crate::Encoder::text).
    pub fn text(&mut self, number: u16, text: &str) -> Result<&mut Self, Error> {
        let (field, framing) = self.next_part(number)?;
        self.put(number, field, framing, &Value::text(field, text))
    }

    /// Writes a part that is a number; see [`Encoder::number`](crate::Encoder::number).
    ///
    /// # Errors
    /// As [`Encoder::text`](crate::Encoder::text).
    pub fn number(&mut self, number: u16, value: u64) -> Result<&mut Self, Error> {
        let (field, framing) = self.next_part(number)?;
        let mut digits = [0; 20];
        self.put(number, field, framing, &Value::number(field, decimal(value, &mut digits)))
    }

    /// Writes a binary part, or text bytes in a charset of the network's own.
    ///
    /// # Errors
    /// As [`Encoder::text`](crate::Encoder::text).
    pub fn bytes(&mut self, number: u16, bytes: &[u8]) -> Result<&mut Self, Error> {
        let (field, framing) = self.next_part(number)?;
        self.put(number, field, framing, &Value::bytes(field, bytes))
    }

    /// Writes a part that is made of parts again.
    ///
    /// # Errors
    /// As [`Encoder::composite`](crate::Encoder::composite).
    pub fn composite(
        &mut self,
        number: u16,
        compose: impl FnOnce(&mut Composer<'s, '_>) -> Result<(), Error>,
    ) -> Result<&mut Self, Error> {
        self.try_composite(number, compose)
    }

    /// Writes a part that is made of parts again, with an error of the caller's own.
    ///
    /// # Errors
    /// As [`Encoder::composite`](crate::Encoder::composite).
    pub fn try_composite<E: From<Error>>(
        &mut self,
        number: u16,
        compose: impl FnOnce(&mut Composer<'s, '_>) -> Result<(), E>,
    ) -> Result<&mut Self, E> {
        let (field, framing) = self.next_part(number)?;
        let mut composer = self.composer(number, field, framing)?;
        compose(&mut composer)?;
        let body = composer.len();
        Ok(self.close(number, field, framing, body)?)
    }

    /// Writes a part of another message as it stands there: a repeated or an unknown one, pads and all.
    ///
    /// # Errors
    /// [`ErrorKind::DefinitionMismatch`] where this composite defines the part otherwise; else as
    /// [`Encoder::text`](crate::Encoder::text).
    pub fn copy(&mut self, from: &FieldRef<'_, '_>) -> Result<&mut Self, Error> {
        let number = from.number();
        let (field, framing) = self.next_part(number)?;
        if !from.is_framed_as(framing) || !from.is_written_as(self.spec, field) {
            return Err(self.error(ErrorKind::DefinitionMismatch, number));
        }
        let total = from.wire().len();
        let at = self.reserve(number, total)?;
        if let Some(slot) = self.body.get_mut(at..)
            && let Some(slot) = slot.get_mut(..total)
        {
            copy(slot, from.wire());
        }
        self.commit(number, at, total);
        Ok(self)
    }

    /// Writes a part with a tag that need not be a number, its value as it stands on the wire; of packed digits that no table
    /// defines, whole bytes.
    ///
    /// # Errors
    /// [`ErrorKind::WrongValueType`] where the parts have no tags of this length, [`ErrorKind::UndefinedField`] where
    /// the composite refuses tags that it does not know; else as [`Encoder::text`](crate::Encoder::text).
    pub fn tagged(&mut self, tag: &[u8], data: &[u8]) -> Result<&mut Self, Error> {
        let (number, field, framing) = self.tag(tag)?;
        let extent =
            wire::fit(field, framing, data.len()).map_err(|kind| self.error(kind, number))?;
        check_value(self.spec, field, data, extent.count, true)
            .map_err(|fault| self.fault(number, fault))?;
        let at = self.reserve(number, extent.total)?;
        self.frame(at, tag, field, framing, extent);
        if let Some(slot) = self.body.get_mut(at.saturating_add(extent.head)..)
            && let Some(slot) = slot.get_mut(..data.len())
        {
            copy(slot, data);
        }
        self.commit(number, at, extent.total);
        Ok(self)
    }

    /// Writes a part of text with a tag that need not be a number; [`Tag::bytes`](crate::Tag::bytes) gives those of a label.
    ///
    /// # Errors
    /// As [`Composer::tagged`].
    pub fn tagged_text(&mut self, tag: &[u8], text: &str) -> Result<&mut Self, Error> {
        let (number, field, framing) = self.tag(tag)?;
        let value = Value::text(field, text);
        let extent = wire::plan(field, framing, &value).map_err(|kind| self.error(kind, number))?;
        let at = self.reserve(number, extent.total)?;
        let slot = self.body.get_mut(at..at.saturating_add(extent.total)).unwrap_or_default();
        wire::write(field, framing, &value, extent, slot);
        self.frame(at, tag, field, framing, extent);
        let data = self.body.get(at.saturating_add(extent.head)..at.saturating_add(extent.total));
        check_value(self.spec, field, data.unwrap_or_default(), extent.count, true)
            .map_err(|fault| self.fault(number, fault))?;
        self.commit(number, at, extent.total);
        Ok(self)
    }

    /// The number of a tag, and what is defined for it.
    fn tag(&self, tag: &[u8]) -> Result<(u16, &'s Field, Framing), Error> {
        let form = match self.composite.layout() {
            Layout::Tagged { tag: form, .. } if tag.len() == usize::from(form.width()) => form,
            _ => {
                let at = self.start.saturating_add(self.end);
                return Err(Error::new(ErrorKind::WrongValueType, at, self.path));
            }
        };
        let number = form.number(tag);
        let (field, framing) = self.next_part(number)?;
        Ok((number, field, framing))
    }

    /// The definition of a part that may come next.
    fn next_part(&self, number: u16) -> Result<(&'s Field, Framing), Error> {
        let framing = match self.composite.layout() {
            Layout::Tagged { tag, prefix } => Framing::Tagged(tag, prefix),
            _ => Framing::Own,
        };
        let follows = match self.composite.layout() {
            Layout::Tagged { .. } => true,
            Layout::Positional => {
                let due = self.spec.subfields(self.composite).get(self.count);
                due.is_some_and(|part| part.number() == number)
            }
            Layout::Dataset if number == 0 => self.last != NOTHING_FOLLOWS,
            _ => number > self.last,
        };
        let is_tlv = number == 0 && matches!(self.composite.layout(), Layout::Dataset);
        let field = match self.spec.subfield(self.composite, number) {
            _ if is_tlv => &DATASET_TLV,
            Some(field) => field,
            None => return Err(self.error(ErrorKind::UndefinedField, number)),
        };
        if follows {
            Ok((field, framing))
        } else {
            Err(self.error(ErrorKind::FieldOrder { after: self.last }, number))
        }
    }

    fn put(
        &mut self,
        number: u16,
        field: &'s Field,
        framing: Framing,
        value: &Value<'_>,
    ) -> Result<&mut Self, Error> {
        let extent = wire::plan(field, framing, value).map_err(|kind| self.error(kind, number))?;
        let at = self.reserve(number, extent.total)?;
        let tag = self.tag_of(number)?;
        let slot = self.body.get_mut(at..).unwrap_or_default();
        wire::write(
            field,
            framing,
            value,
            extent,
            slot.get_mut(..extent.total).unwrap_or_default(),
        );
        self.write_tag(at, &tag);
        if field.composite().is_some() {
            let start = at.saturating_add(extent.head);
            let data = self.body.get(start..at.saturating_add(extent.total)).unwrap_or_default();
            check_value(self.spec, field, data, extent.count, true)
                .map_err(|fault| self.fault(number, fault))?;
        }
        self.commit(number, at, extent.total);
        Ok(self)
    }

    /// What writes the parts of a part behind the place of its tag and length.
    fn composer(
        &mut self,
        number: u16,
        field: &'s Field,
        framing: Framing,
    ) -> Result<Composer<'s, '_>, Error> {
        let Some(composite) = self.spec.made_of_parts(field) else {
            return Err(self.error(ErrorKind::WrongValueType, number));
        };
        let head = widest_head(field, framing);
        let at = self.reserve(number, head)?.saturating_add(head);
        let start = self.start.saturating_add(at);
        let path = self.path.part(number);
        Composer::new(
            self.spec,
            composite,
            self.body.get_mut(at..).unwrap_or_default(),
            start,
            path,
        )
    }

    /// Puts tag and length before the parts that were written and makes them part of the value.
    fn close(
        &mut self,
        number: u16,
        field: &'s Field,
        framing: Framing,
        body: usize,
    ) -> Result<&mut Self, Error> {
        let extent = wire::fit(field, framing, body).map_err(|kind| self.error(kind, number))?;
        let tag = self.tag_of(number)?;
        let widest = widest_head(field, framing);
        let at = self.reserve(number, widest.saturating_add(body))?;
        let from = at.saturating_add(widest);
        if extent.head < widest {
            let to = at.saturating_add(extent.head);
            shift(self.body, from..from.saturating_add(body), to);
        }
        let slot = self.body.get_mut(at..at.saturating_add(extent.head)).unwrap_or_default();
        wire::frame(field, framing, extent.count, slot);
        self.write_tag(at, &tag);
        self.commit(number, at, extent.total);
        Ok(self)
    }

    fn frame(
        &mut self,
        at: usize,
        tag: &[u8],
        field: &Field,
        framing: Framing,
        extent: wire::Extent,
    ) {
        let slot = self.body.get_mut(at..at.saturating_add(extent.head)).unwrap_or_default();
        wire::frame(field, framing, extent.count, slot);
        if let Some(slot) = slot.get_mut(..tag.len()) {
            copy(slot, tag);
        }
    }

    /// The tag of a number as it is written, in the first bytes; refused where it is too large for its form.
    fn tag_of(&self, number: u16) -> Result<[u8; 4], Error> {
        let mut bytes = [0; 4];
        if let Layout::Tagged { tag, .. } = self.composite.layout() {
            let slot = bytes.get_mut(..tag.width().into()).unwrap_or_default();
            if !tag.write(number, slot) {
                return Err(self.error(ErrorKind::UndefinedField, number));
            }
        }
        Ok(bytes)
    }

    fn write_tag(&mut self, at: usize, tag: &[u8; 4]) {
        if let Layout::Tagged { tag: form, .. } = self.composite.layout()
            && let Some(slot) = self.body.get_mut(at..at.saturating_add(form.width().into()))
        {
            slot.iter_mut().zip(tag).for_each(|(to, from)| *to = *from);
        }
    }

    /// Where a part of so many bytes goes, behind a longer bitmap if it needs one.
    fn reserve(&self, number: u16, total: usize) -> Result<usize, Error> {
        let at = self.end.saturating_add(self.growth(number)?);
        let needed = self.start.saturating_add(at).saturating_add(total);
        let available = self.start.saturating_add(self.body.len());
        if needed > wire::MAX_LEN {
            return Err(self.error(ErrorKind::MessageTooLong, number));
        }
        if needed > available {
            return Err(self.error(too_small(needed, available), number));
        }
        Ok(at)
    }

    /// Bytes by which a dataset's bitmap has to grow to announce a part.
    fn growth(&self, number: u16) -> Result<usize, Error> {
        if !matches!(self.composite.layout(), Layout::Dataset) || number == 0 {
            return Ok(0);
        }
        let len = dataset_bitmap::len(self.body).unwrap_or(2);
        let needed = dataset_bitmap::len_for(number);
        let needed = needed.ok_or_else(|| self.error(ErrorKind::UndefinedField, number))?;
        Ok(needed.saturating_sub(len))
    }

    /// Makes a part that was written after `reserve` part of the value.
    fn commit(&mut self, number: u16, at: usize, total: usize) {
        match self.composite.layout() {
            Layout::Bitmapped { encoding, bytes, header } => {
                let start = usize::from(header);
                let end = start.saturating_add(encoding.scaled(bytes.into()));
                let map = self.body.get_mut(start..end).unwrap_or_default();
                head::set(encoding, map, number, true);
            }
            Layout::Dataset => {
                let len = dataset_bitmap::len(self.body).unwrap_or(2);
                let grown = len.saturating_add(at.saturating_sub(self.end));
                if grown > len {
                    shift(self.body, len..self.end, grown);
                }
                let map = self.body.get_mut(..grown).unwrap_or_default();
                if grown > len {
                    dataset_bitmap::grow(map, len);
                }
                if number == 0 {
                    dataset_bitmap::set_tlv(map, true);
                } else {
                    dataset_bitmap::announce(map, number, true);
                }
            }
            _ => {}
        }
        self.end = at.saturating_add(total);
        let is_tlv = number == 0 && matches!(self.composite.layout(), Layout::Dataset);
        self.last = if is_tlv { NOTHING_FOLLOWS } else { number };
        self.count = self.count.saturating_add(1);
    }

    #[cold]
    fn error(&self, kind: ErrorKind, number: u16) -> Error {
        let path = if number == NO_NUMBER { self.path } else { self.path.part(number) };
        Error::new(kind, self.start.saturating_add(self.end), path)
    }

    #[cold]
    fn fault(&self, number: u16, fault: wire::Fault) -> Error {
        let here = self.error(fault.kind, number).path();
        let path = fault.path.numbers().iter().fold(here, |path, number| path.part(*number));
        Error::new(fault.kind, self.start.saturating_add(self.end), path)
    }
}

/// The most bytes that tag and length take.
fn widest_head(field: &Field, framing: Framing) -> usize {
    match framing {
        Framing::Own => field.widest_head(),
        Framing::Tagged(tag, prefix) => {
            usize::from(tag.width()).saturating_add(prefix.width().into())
        }
    }
}

/// Shows how far it is, not what was written.
impl fmt::Debug for Composer<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Composer({}, {} bytes)", self.path, self.end)
    }
}
