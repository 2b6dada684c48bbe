//! Objects owned, and edited.

use crate::{
    Error, ErrorKind, Exposed, Matches, Padding, Tag, Tlv, Tlvs, Walk,
    edit::{Change, Place, Plan},
    find_all, parse_with,
};
use alloc::vec::Vec;
use core::fmt;

/// Objects that are owned: read or built, looked up, edited, written.
///
/// They are kept as they are encoded, in one piece, and were checked whole: at most [`DEFAULT_DEPTH`](crate::DEFAULT_DEPTH)
/// templates deep, as many as the bytes hold. So nothing here recurses, what is read is written back byte for byte, padding and
/// long lengths included, and looking up gives [`Tlv`], borrowed. An edit takes time linear in the whole; one
/// [`push`](Self::push) after the other at the top level, strict about padding, no more than what is pushed.
///
/// Two are equal if their bytes are. `Display` and `Debug` show each object masked, `Display` a line each;
/// [`Exposed`] shows them whole. Needs the feature `alloc`.
///
/// # Security
/// Memory that it gave back, or grew out of, is not wiped.
///
/// # Examples
/// ```
/// use emv_tlv::{TlvBuf, tags};
///
/// let mut fci = TlvBuf::new();
/// fci.push(&[], tags::FCI_TEMPLATE, &[])?;
/// fci.push(&tags::FCI_TEMPLATE, tags::DF_NAME, b"1PAY.SYS.DDF01")?;
/// fci.set(&[tags::FCI_TEMPLATE, tags::DF_NAME], b"2PAY.SYS.DDF01")?;
/// fci.push(&tags::FCI_TEMPLATE, tags::FCI_PROPRIETARY_TEMPLATE, &[0x88, 0x01, 0x01])?;
/// assert_eq!(fci.encoded_len(), 23);
/// assert_eq!(fci.to_string(), "\
/// 6F (21 bytes)
///   84 325041592E5359532E4444463031
///   A5 (3 bytes)
///     88 01");
/// # Ok::<(), emv_tlv::Error>(())
/// ```
/// Source: EMV 4.4 Book 3, Annex B.
#[derive(Clone, Default)]
pub struct TlvBuf {
    bytes: Vec<u8>,
    padding: Padding,
}

impl TlvBuf {
    /// No objects yet, and strict about padding.
    #[must_use]
    pub const fn new() -> Self {
        Self { bytes: Vec::new(), padding: Padding::Strict }
    }

    /// Reads objects, strict about padding.
    ///
    /// # Errors
    /// The kinds of [`Walk`], but for its budget.
    pub fn parse(bytes: &[u8]) -> Result<Self, Error> {
        Self::parse_with(bytes, Padding::Strict)
    }

    /// Reads objects by a padding policy, which edits keep to.
    ///
    /// # Errors
    /// As [`parse`](Self::parse).
    pub fn parse_with(bytes: &[u8], padding: Padding) -> Result<Self, Error> {
        walk(bytes, padding).try_for_each(|object| object.map(drop))?;
        Ok(Self { bytes: bytes.to_vec(), padding })
    }

    /// The first object that a path of tags leads to; see [`find`](crate::find).
    ///
    /// # Examples
    /// ```
    /// use emv_tlv::{TlvBuf, tags};
    ///
    /// let record = TlvBuf::parse(&[0x70, 0x04, 0x5F, 0x34, 0x01, 0x02])?;
    /// let number = record.find(&[tags::READ_RECORD_TEMPLATE, tags::PAN_SEQUENCE_NUMBER]);
    /// assert_eq!(number.ok_or("none")?.value(), [0x02]);
    /// # Ok::<(), Box<dyn core::error::Error>>(())
    /// ```
    #[must_use]
    pub fn find(&self, path: &[Tag]) -> Option<Tlv<'_>> {
        self.find_all(path).flatten().next()
    }

    /// Every object that a path of tags leads to, in order; yields no error.
    #[must_use]
    pub fn find_all<'p>(&self, path: &'p [Tag]) -> Matches<'_, 'p> {
        find_all(&self.bytes, path).padding(self.padding).budget(u32::MAX)
    }

    /// The objects of the top level; yields no error, nor do their [`children`](Tlv::children).
    #[must_use]
    pub fn iter(&self) -> Tlvs<'_> {
        parse_with(&self.bytes, self.padding)
    }

    /// Every object, a template before what is in it; yields no error.
    #[must_use]
    pub fn walk(&self) -> Walk<'_> {
        walk(&self.bytes, self.padding)
    }

    /// Gives an object another value; of a template, other objects in it.
    ///
    /// # Errors
    /// Those of an [`Editor`](crate::Editor), but for [`ErrorKind::BufferTooSmall`]; after one nothing has changed.
    pub fn replace<'p>(&mut self, place: impl Into<Place<'p>>, value: &[u8]) -> Result<(), Error> {
        self.edit(place.into(), Change::Replace(value))
    }

    /// Gives an object another value, or adds it at the end of the template that the tags before the last lead to.
    ///
    /// # Errors
    /// As [`replace`](Self::replace); [`ErrorKind::NotFound`] if there is no such template either.
    pub fn set<'p>(&mut self, place: impl Into<Place<'p>>, value: &[u8]) -> Result<(), Error> {
        let place = place.into();
        match (self.edit(place, Change::Replace(value)), place.parent()) {
            (Err(error), Some((template, tag))) if error.kind() == ErrorKind::NotFound => {
                self.edit(template, Change::Push(tag, value))
            }
            (result, _) => result,
        }
    }

    /// Takes an object out; with a template, what is in it.
    ///
    /// # Errors
    /// As [`replace`](Self::replace).
    pub fn remove<'p>(&mut self, place: impl Into<Place<'p>>) -> Result<(), Error> {
        self.edit(place.into(), Change::Remove)
    }

    /// Adds an object at the end of a template, or with `&[]` at the end of all, behind what pads there.
    ///
    /// The value of a template is objects, such as another `TlvBuf`'s [bytes](Self::as_bytes), or none.
    ///
    /// # Errors
    /// As [`replace`](Self::replace); [`ErrorKind::WrongForm`] at an object that is no template.
    pub fn push<'p>(
        &mut self,
        template: impl Into<Place<'p>>,
        tag: Tag,
        value: &[u8],
    ) -> Result<(), Error> {
        self.edit(template.into(), Change::Push(tag, value))
    }

    /// Adds an object before another, in the same template.
    ///
    /// # Errors
    /// As [`replace`](Self::replace).
    pub fn insert_before<'p>(
        &mut self,
        place: impl Into<Place<'p>>,
        tag: Tag,
        value: &[u8],
    ) -> Result<(), Error> {
        self.edit(place.into(), Change::Before(tag, value))
    }

    /// Adds an object behind another, in the same template.
    ///
    /// # Errors
    /// As [`replace`](Self::replace).
    pub fn insert_after<'p>(
        &mut self,
        place: impl Into<Place<'p>>,
        tag: Tag,
        value: &[u8],
    ) -> Result<(), Error> {
        self.edit(place.into(), Change::After(tag, value))
    }

    fn edit(&mut self, place: Place<'_>, change: Change<'_>) -> Result<(), Error> {
        let mut plan = Plan::new(self.bytes.len(), self.padding);
        match (place, change, self.padding) {
            // Nothing has to be read again for that.
            (Place::Path([]), Change::Push(tag, value), Padding::Strict) => {
                plan.append(tag, value)?;
            }
            _ => plan.work_out(&self.bytes, place, change)?,
        }
        self.bytes.resize(self.bytes.len().max(plan.new_len()), 0);
        plan.apply(&mut self.bytes);
        self.bytes.truncate(plan.new_len());
        Ok(())
    }

    /// The objects as they are encoded.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Whether there is nothing, not even padding.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// How many bytes the objects take.
    #[must_use]
    pub const fn encoded_len(&self) -> usize {
        self.bytes.len()
    }

    /// Writes the objects to the front of a buffer; what was written is handed back.
    ///
    /// # Errors
    /// [`ErrorKind::BufferTooSmall`] at byte 0 if they do not fit.
    pub fn encode_into<'b>(&self, buffer: &'b mut [u8]) -> Result<&'b [u8], Error> {
        let room = buffer.get_mut(..self.bytes.len());
        let room = room.ok_or(Error::new(ErrorKind::BufferTooSmall, 0))?;
        room.copy_from_slice(&self.bytes);
        Ok(room)
    }

    /// The objects as they are encoded, in a vector of their own; [`into_vec`](Self::into_vec) copies nothing.
    #[must_use]
    pub fn encode_to_vec(&self) -> Vec<u8> {
        self.bytes.clone()
    }

    /// The objects as they are encoded.
    #[must_use]
    pub fn into_vec(self) -> Vec<u8> {
        self.bytes
    }

    fn show<'a, T: fmt::Display>(
        &'a self,
        f: &mut fmt::Formatter<'_>,
        each: impl Fn(Tlv<'a>) -> T,
    ) -> fmt::Result {
        for (at, object) in self.walk().flatten().enumerate() {
            let line = if at == 0 { "" } else { "\n" };
            let indent = usize::from(object.depth()).saturating_mul(2);
            write!(f, "{line}{:indent$}{}", "", each(object))?;
        }
        Ok(())
    }
}

/// A walk as long as the bytes.
fn walk(bytes: &[u8], padding: Padding) -> Walk<'_> {
    Walk::new(bytes).padding(padding).budget(u32::MAX)
}

impl PartialEq for TlvBuf {
    fn eq(&self, other: &Self) -> bool {
        self.bytes == other.bytes
    }
}

impl Eq for TlvBuf {}

impl AsRef<[u8]> for TlvBuf {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

impl fmt::Display for TlvBuf {
    /// Shows every object masked, a line each, two blanks deeper in a template.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.show(f, |object| object)
    }
}

impl fmt::Debug for TlvBuf {
    /// Shows every object masked, in the order of a walk.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.walk().flatten()).finish()
    }
}

impl fmt::Display for Exposed<'_, TlvBuf> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.show(f, Whole)
    }
}

/// An object shown whole.
struct Whole<'a>(Tlv<'a>);

impl fmt::Display for Whole<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A template is shown by its objects, and not twice.
        if self.0.is_constructed() { self.0.fmt(f) } else { Exposed(&self.0).fmt(f) }
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use crate::{DEFAULT_DEPTH, tags};
    use hex_literal::hex;
    use std::{format, string::ToString, vec};

    #[test]
    fn what_is_read_is_written_back_as_it_was() {
        let error = TlvBuf::parse(&hex!("00 70 8104 9A00 9C01")).unwrap_err();
        assert_eq!(error, Error::new(ErrorKind::TruncatedValue, 8));
        let bytes = hex!("00 70 8105 9A00 9C8100 00 FFFF");
        let tree = TlvBuf::parse_with(&bytes, Padding::Lenient).unwrap();
        assert_eq!(tree.as_bytes(), bytes);
        assert_eq!(tree.encode_to_vec(), bytes);
        let mut buffer = [0xEE; 16];
        assert_eq!(tree.encode_into(&mut buffer).unwrap(), bytes);
        let error = tree.encode_into(&mut buffer[1..bytes.len()]).unwrap_err();
        assert_eq!(error, Error::new(ErrorKind::BufferTooSmall, 0));
        assert_eq!((tree.iter().count(), tree.walk().count()), (1, 3));
        assert_eq!(tree.clone(), tree);
        assert_eq!(tree.into_vec(), bytes);
    }

    #[test]
    fn is_built_looked_up_and_edited() {
        let mut tree = TlvBuf::new();
        assert!(tree.is_empty());
        let (record, list) = (tags::READ_RECORD_TEMPLATE, tags::CDOL1);
        tree.push(&[], record, &[]).unwrap();
        tree.push(&record, list, &[7; 126]).unwrap();
        assert_eq!(tree.encoded_len(), 3 + 128);
        tree.insert_before(&[record, list], tags::TRANSACTION_TYPE, &[1]).unwrap();
        tree.insert_after(&[record, list], tags::TRANSACTION_TYPE, &[2]).unwrap();
        let path = [record, tags::TRANSACTION_TYPE];
        assert_eq!(tree.find_all(&path).count(), 2);
        tree.remove(&[record, list]).unwrap();
        tree.replace(&path, &[3]).unwrap();
        assert_eq!(tree.as_bytes(), hex!("70 06 9C0103 9C0102"));
        tree.remove(2).unwrap();
        assert_eq!(tree.find(&path).map(|found| found.value()), Some(&[2][..]));
        assert_eq!(tree.find(&[list]).map(|found| found.value()), None);
        let mut copy = TlvBuf::new();
        copy.push(&[], tags::FCI_TEMPLATE, tree.as_ref()).unwrap();
        assert_eq!(copy.as_bytes(), hex!("6F 05 70 03 9C0102"));
        let error = copy.set(&[record, list], &[]).unwrap_err();
        assert_eq!(error, Error::new(ErrorKind::NotFound, 7));
        copy.set(&[tags::FCI_TEMPLATE, record, list], &[1]).unwrap();
        assert_eq!(copy.as_bytes(), hex!("6F 08 70 06 9C0102 8C0101"));
    }

    #[test]
    fn is_shown_masked_unless_exposed() {
        let bytes = hex!("70 12 5A 08 5413330089010434 E1 06 57 02 5413 9C00 9C0101");
        let tree = TlvBuf::parse(&bytes).unwrap();
        let shown = "\
70 (18 bytes)
  5A 541333******0434
  E1 (6 bytes)
    57 (2 bytes)
    9C (0 bytes)
9C 01";
        assert_eq!(tree.to_string(), shown);
        let shown = "[Tlv(70 (18 bytes)), Tlv(5A 541333******0434), Tlv(E1 (6 bytes)), \
            Tlv(57 (2 bytes)), Tlv(9C (0 bytes)), Tlv(9C 01)]";
        assert_eq!(format!("{tree:?}"), shown);
        let exposed = Exposed(&tree).to_string();
        assert!(exposed.contains("\n  5A 5413330089010434\n  E1 (6 bytes)\n    57 5413\n"));
    }

    #[test]
    fn a_tree_is_as_deep_as_a_walk_goes_and_no_deeper() {
        let mut tree = TlvBuf::new();
        let mut path = vec![];
        let template = Tag(0xE0);
        for _ in 0..DEFAULT_DEPTH {
            tree.push(&path[..], template, &[]).unwrap();
            path.push(template);
        }
        let error = tree.push(&path[..], template, &[]).unwrap_err();
        assert_eq!((error.kind(), error.offset()), (ErrorKind::TooDeep, 32));
        tree.push(&path[..], tags::TRANSACTION_TYPE, &[]).unwrap();
        assert_eq!(TlvBuf::parse(tree.as_bytes()).unwrap(), tree);
        // From the inside out, as one would build a nest of 100,000.
        let mut outer = TlvBuf::new();
        let error = outer.push(&[], template, tree.as_bytes()).unwrap_err();
        assert_eq!((error.kind(), error.offset()), (ErrorKind::TooDeep, 32));
        assert!(outer.is_empty());
    }

    #[test]
    fn holds_more_objects_than_a_walk_s_budget() {
        let mut tree = TlvBuf::new();
        // Miri takes a few of them.
        let count = if cfg!(miri) { 300 } else { 100_000 };
        for _ in 0..count {
            tree.push(&[], tags::TRANSACTION_TYPE, &[0]).unwrap();
        }
        assert_eq!(tree.walk().filter(Result::is_ok).count(), count);
        tree.replace(&tags::TRANSACTION_TYPE, &[1, 1]).unwrap();
        assert_eq!(tree.encoded_len(), 3 * count + 1);
    }
}
