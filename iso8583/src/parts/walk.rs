//! Parts found one after the other, in bytes that are not believed.

use core::fmt;

use crate::composite::DATASET_TLV;
use crate::dataset_bitmap;
use crate::head;
use crate::wire::{self, Extent, Fault, Framing, bytes_u32, truncated};
use crate::{BitmapEncoding, Composite, ErrorKind, Field, Layout, Spec, Subfield};

/// One part: what it is, and where it lies in the composite's value.
pub(crate) struct Part<'s, 'a> {
    pub(crate) number: u16,
    pub(crate) field: &'s Field,
    pub(crate) framing: Framing,
    /// Tag, length and value.
    pub(crate) wire: &'a [u8],
    pub(crate) extent: Extent,
    /// Where its first byte is.
    pub(crate) start: usize,
}

impl<'a> Part<'_, 'a> {
    /// The value without tag and length.
    pub(crate) fn data(&self) -> &'a [u8] {
        self.wire.get(self.extent.head..).unwrap_or_default()
    }
}

/// Finds the parts of a composite's value.
#[derive(Clone)]
pub(crate) struct Walk<'s, 'a> {
    spec: &'s Spec<'s>,
    composite: &'s Composite,
    parts: &'s [Subfield],
    body: &'a [u8],
    /// Where the next part begins.
    at: usize,
    /// The last bit that was looked at; of positional parts, how many were found.
    cursor: u16,
    /// The last part that was found.
    last: Option<u16>,
}

impl<'s, 'a> Walk<'s, 'a> {
    /// Begins before the first part, behind the bitmap if there is one.
    pub(crate) fn new(
        spec: &'s Spec<'s>,
        composite: &'s Composite,
        body: &'a [u8],
    ) -> Result<Self, Fault> {
        let at = match composite.layout() {
            // An empty value has no parts and needs no bitmap to say so.
            _ if body.is_empty() => 0,
            Layout::Bitmapped { encoding, bytes, header } => {
                let start = usize::from(header);
                let width = encoding.scaled(bytes.into());
                let end = start.saturating_add(width);
                if body.len() < start {
                    return Err(truncated(start, body.len(), 0));
                }
                let Some(map) = body.get(start..end) else {
                    let available = body.len().saturating_sub(start);
                    return Err(truncated(width, available, start));
                };
                if !head::is_bitmap(encoding, map) {
                    return Err(Fault::new(ErrorKind::InvalidBitmap, start));
                }
                end
            }
            Layout::Dataset => match dataset_bitmap::len(body) {
                Some(len) => len,
                None => return Err(Fault::new(ErrorKind::InvalidBitmap, 0)),
            },
            _ => 0,
        };
        let parts = spec.subfields(composite);
        Ok(Self { spec, composite, parts, body, at, cursor: 0, last: None })
    }

    /// The next part; `None` behind the last one.
    pub(crate) fn advance(&mut self) -> Result<Option<Part<'s, 'a>>, Fault> {
        let found = match self.composite.layout() {
            Layout::Positional => self.next_place(),
            Layout::Bitmapped { encoding, bytes, header } => {
                self.next_bit(encoding, bytes, header)?
            }
            Layout::Tagged { tag, prefix } => {
                if self.at >= self.body.len() {
                    None
                } else {
                    let rest = self.rest();
                    let width = usize::from(tag.width());
                    let Some(bytes) = rest.get(..width) else {
                        return Err(truncated(width, rest.len(), self.at));
                    };
                    let number = tag.number(bytes);
                    Some((number, self.defined(number)?, Framing::Tagged(tag, prefix)))
                }
            }
            Layout::Dataset => self.next_in_dataset()?,
            Layout::BerTlv => None,
        };
        let Some((number, field, framing)) = found else { return Ok(None) };
        let start = self.at;
        let rest = self.rest();
        let extent =
            wire::measure(field, framing, rest).map_err(|fault| fault.within(number, start))?;
        self.at = start.saturating_add(extent.total);
        self.last = Some(number);
        let wire = rest.get(..extent.total).unwrap_or_default();
        Ok(Some(Part { number, field, framing, wire, extent, start }))
    }

    /// Where the next part begins.
    #[cfg(feature = "alloc")]
    pub(crate) const fn position(&self) -> usize {
        self.at
    }

    /// Asserts that the value ends behind the last part.
    pub(crate) fn end(&self) -> Result<(), Fault> {
        let count = self.rest().len();
        if count == 0 || matches!(self.composite.layout(), Layout::BerTlv) {
            return Ok(());
        }
        let fault = Fault::new(ErrorKind::TrailingBytes { count: bytes_u32(count) }, 0);
        Err(match self.last {
            Some(number) => fault.within(number, self.at),
            None => Fault { offset: self.at, ..fault },
        })
    }

    fn rest(&self) -> &'a [u8] {
        self.body.get(self.at..).unwrap_or_default()
    }

    fn defined(&self, number: u16) -> Result<&'s Field, Fault> {
        let field = self.spec.subfield(self.composite, number);
        field.ok_or_else(|| Fault::new(ErrorKind::UndefinedField, 0).within(number, self.at))
    }

    fn next_place(&mut self) -> Option<(u16, &'s Field, Framing)> {
        if self.at >= self.body.len() {
            return None;
        }
        let part = self.parts.get(usize::from(self.cursor))?;
        self.cursor = self.cursor.saturating_add(1);
        Some((part.number(), part.field(), Framing::Own))
    }

    fn next_bit(
        &mut self,
        encoding: BitmapEncoding,
        bytes: u8,
        header: u8,
    ) -> Result<Option<(u16, &'s Field, Framing)>, Fault> {
        let map = self.body.get(usize::from(header)..).unwrap_or_default();
        let most = u16::from(bytes).saturating_mul(8);
        while self.cursor < most {
            self.cursor = self.cursor.saturating_add(1);
            if head::is_set(encoding, map, self.cursor) {
                return Ok(Some((self.cursor, self.defined(self.cursor)?, Framing::Own)));
            }
        }
        Ok(None)
    }

    fn next_in_dataset(&mut self) -> Result<Option<(u16, &'s Field, Framing)>, Fault> {
        let len = dataset_bitmap::len(self.body).unwrap_or(0);
        let map = self.body.get(..len).unwrap_or_default();
        let most = dataset_bitmap::highest(len);
        while self.cursor < most {
            self.cursor = self.cursor.saturating_add(1);
            if dataset_bitmap::announces(map, self.cursor) {
                return Ok(Some((self.cursor, self.defined(self.cursor)?, Framing::Own)));
            }
        }
        if self.cursor == most && dataset_bitmap::has_tlv(map) {
            self.cursor = most.saturating_add(1);
            return Ok(Some((0, &DATASET_TLV, Framing::Own)));
        }
        Ok(None)
    }
}

/// Checks what a value holds: its parts, or else its characters if `classes` asks for that.
pub(crate) fn check_value<'s>(
    spec: &'s Spec<'s>,
    field: &'s Field,
    data: &[u8],
    count: usize,
    classes: bool,
) -> Result<(), Fault> {
    match (spec.made_of_parts(field), spec.parts_check()) {
        (Some(composite), Some(PartsCheck(check))) => check(spec, composite, data, classes),
        _ if classes => wire::check(field, data, count).map_err(|kind| Fault::new(kind, 0)),
        _ => Ok(()),
    }
}

/// How the parts of a value are checked: a spec that has composites names the function, and one that has none does not, so
/// that firmware whose dialect has none does not link it.
#[derive(Clone, Copy)]
pub(crate) struct PartsCheck(
    for<'s> fn(&'s Spec<'s>, &'s Composite, &[u8], bool) -> Result<(), Fault>,
);

impl PartsCheck {
    pub(crate) const ALL: Self = Self(check_parts);
}

impl PartialEq for PartsCheck {
    /// There is but one.
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for PartsCheck {}

impl fmt::Debug for PartsCheck {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PartsCheck")
    }
}

/// Parts lie no deeper than the spec's own limit, so the recursion ends there.
fn check_parts<'s>(
    spec: &'s Spec<'s>,
    composite: &'s Composite,
    data: &[u8],
    classes: bool,
) -> Result<(), Fault> {
    let mut walk = Walk::new(spec, composite, data)?;
    while let Some(part) = walk.advance()? {
        let start = part.start.saturating_add(part.extent.head);
        check_value(spec, part.field, part.data(), part.extent.count, classes)
            .map_err(|fault| fault.within(part.number, start))?;
    }
    walk.end()
}
