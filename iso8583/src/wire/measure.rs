//! Where a value lies in the bytes that begin with its tag, its length prefix, or itself.

use super::bytes_u32;
use crate::composite::NO_NUMBER;
use crate::length::PrefixFault;
use crate::{ErrorKind, Field, Length, Path, Prefix, Tag};

/// Where a value lies in the bytes that begin with its element.
#[derive(Clone, Copy)]
pub(crate) struct Extent {
    /// Bytes of tag and length prefix.
    pub(crate) head: usize,
    /// Units of the value.
    pub(crate) count: usize,
    /// Bytes of head and value.
    pub(crate) total: usize,
}

/// A broken rule and where: from the element's first byte, and from its path.
pub(crate) struct Fault {
    pub(crate) kind: ErrorKind,
    pub(crate) offset: usize,
    /// The part at fault, as numbers below the element.
    pub(crate) path: Path,
}

impl Fault {
    #[cold]
    pub(crate) const fn new(kind: ErrorKind, offset: usize) -> Self {
        Self { kind, offset, path: Path::HERE }
    }

    /// The same fault seen from what holds the element at this place.
    #[cold]
    pub(crate) fn within(self, number: u16, start: usize) -> Self {
        // A tag that is no number is no part of a path: what holds it is named.
        let path = if number == NO_NUMBER { self.path } else { self.path.below(number) };
        Self { offset: self.offset.saturating_add(start), path, ..self }
    }
}

/// What says how long an element is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Framing {
    /// Its definition, or else the end of what it lies in.
    Own,
    /// A length behind its tag.
    Tagged(Tag, Prefix),
}

/// Finds the value of the element at the front; the value's content is not looked at.
#[inline]
pub(crate) fn measure(field: &Field, framing: Framing, bytes: &[u8]) -> Result<Extent, Fault> {
    let (head, count) = match (framing, field.length()) {
        (Framing::Own, Length::Fixed(count)) => (0, usize::from(count)),
        (Framing::Own, Length::Variable { prefix, max }) => {
            let (count, width) = read_prefix(prefix, bytes, 0)?;
            (width, at_most(count, max, 0)?)
        }
        (Framing::Own, Length::UpTo(max)) => {
            let Some(count) = field.count_of(bytes.len()) else { return Err(odd_length(0)) };
            (0, at_most(count, max, 0)?)
        }
        (Framing::Tagged(tag, prefix), length) => {
            let at = usize::from(tag.width());
            let Some(behind) = bytes.get(at..) else {
                return Err(truncated(at, bytes.len(), 0));
            };
            let (count, width) = read_prefix(prefix, behind, at)?;
            match length {
                Length::Fixed(expected) if count != usize::from(expected) => {
                    let kind = ErrorKind::WrongLength { length: shown(count), expected };
                    return Err(Fault::new(kind, at));
                }
                Length::Fixed(_) => {}
                Length::UpTo(max) | Length::Variable { max, .. } => {
                    at_most(count, max, at)?;
                    // An odd number of packed digits has a nibble more than the length may use.
                    let largest = prefix.largest().unwrap_or(0);
                    at_most(count, u16::try_from(largest).unwrap_or(u16::MAX), at)?;
                }
            }
            (at.saturating_add(width), count)
        }
    };
    let data = field.data_len(count);
    let available = bytes.len().saturating_sub(head);
    if data > available {
        return Err(truncated(data, available, head));
    }
    if data % 2 == 1 && field.encoding().is_hex_text() {
        // What is wrong is the length, which stands behind a tag.
        return Err(odd_length(match framing {
            Framing::Own => 0,
            Framing::Tagged(tag, _) => usize::from(tag.width()),
        }));
    }
    Ok(Extent { head, count, total: head.saturating_add(data) })
}

/// Passes the data element at the front, whose value is not looked at.
#[inline]
pub(crate) fn skip(field: &Field, bytes: &[u8]) -> Result<Extent, Fault> {
    measure(field, Framing::Own, bytes)
}

/// The number of units that a prefix says, and the bytes that it takes.
#[inline]
fn read_prefix(prefix: Prefix, bytes: &[u8], at: usize) -> Result<(usize, usize), Fault> {
    match prefix.read(bytes) {
        Ok((said, width)) if prefix.counts_itself() => match said.checked_sub(width) {
            Some(count) => Ok((count, width)),
            None => Err(Fault::new(ErrorKind::LengthBelowItself, at)),
        },
        Ok(read) => Ok(read),
        Err(PrefixFault::Short(needed)) => Err(truncated(needed, bytes.len(), at)),
        Err(PrefixFault::NotANumber) => Err(Fault::new(ErrorKind::InvalidLength, at)),
    }
}

#[inline]
fn at_most(count: usize, max: u16, at: usize) -> Result<usize, Fault> {
    if count > usize::from(max) {
        return Err(Fault::new(ErrorKind::above_maximum(count, max), at));
    }
    Ok(count)
}

/// How a value of so many bytes on the wire lies behind its head, if its field admits that many.
pub(crate) fn fit(field: &Field, framing: Framing, bytes: usize) -> Result<Extent, ErrorKind> {
    let count = match field.length() {
        // Packed digits of an odd number, which their bytes do not say.
        Length::Fixed(count) if field.data_len(count.into()) == bytes => count.into(),
        _ => field.count_of(bytes).ok_or(ErrorKind::OddLength)?,
    };
    match field.length() {
        Length::Fixed(expected) if count != usize::from(expected) => {
            return Err(ErrorKind::WrongLength { length: bytes_u32(count), expected });
        }
        Length::UpTo(max) | Length::Variable { max, .. } if count > usize::from(max) => {
            return Err(ErrorKind::above_maximum(count, max));
        }
        _ => {}
    }
    let head = head_len(field, framing, count)?;
    Ok(Extent { head, count, total: head.saturating_add(bytes) })
}

/// Bytes of the tag and the prefix of a value of so many units; refused where the prefix cannot say them.
pub(super) fn head_len(field: &Field, framing: Framing, count: usize) -> Result<usize, ErrorKind> {
    let (tag, prefix) = match (framing, field.length()) {
        (Framing::Tagged(tag, prefix), _) => (usize::from(tag.width()), prefix),
        (Framing::Own, Length::Variable { prefix, .. }) => (0, prefix),
        (Framing::Own, _) => return Ok(0),
    };
    let largest = usize::try_from(prefix.largest().unwrap_or(0)).unwrap_or(usize::MAX);
    if count > largest {
        let largest = u16::try_from(largest).unwrap_or(u16::MAX);
        return Err(ErrorKind::above_maximum(count, largest));
    }
    Ok(tag.saturating_add(prefix.written_width(count)))
}

/// No more of a length than may be told; see [`ErrorKind::above_maximum`].
fn shown(count: usize) -> u32 {
    bytes_u32(count.min(1_000))
}

#[cold]
fn odd_length(at: usize) -> Fault {
    Fault::new(ErrorKind::OddLength, at)
}

#[cold]
pub(crate) fn truncated(needed: usize, available: usize, offset: usize) -> Fault {
    let kind = ErrorKind::Truncated { needed: bytes_u32(needed), available: bytes_u32(available) };
    Fault::new(kind, offset)
}
