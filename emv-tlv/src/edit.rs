//! Editing in a buffer of the caller's.

mod place;
mod plan;

use crate::{Error, ErrorKind, Padding, Tag};
use core::fmt;

pub use place::Place;
pub(crate) use plan::Plan;

/// What becomes of a place.
#[derive(Clone, Copy)]
pub(crate) enum Change<'v> {
    Replace(&'v [u8]),
    Remove,
    Push(Tag, &'v [u8]),
    Before(Tag, &'v [u8]),
    After(Tag, &'v [u8]),
}

/// Edits objects in a buffer that has room to spare: replaces, removes and inserts them, and keeps the lengths around them right.
///
/// A length that changes is written at its shortest; one that stays right keeps its form. Of all other bytes each keeps its value
/// and its order, padding included, but for one thing under [`Padding::Lenient`]: FF that pad before the place, on the
/// levels that lead to it, become 00, as with what comes to stand behind them they might begin a tag.
///
/// What leads to the place is read and checked as by [`find`](crate::find), other templates are passed over; the value of a
/// template that is written is checked whole. After an error not one byte has changed. Each edit takes time linear in the buffer, and
/// about 1 KiB of stack where addresses have 32 bits.
///
/// # Errors
/// Of every edit: the kinds of [`Walk`](crate::Walk) but for its budget, for what is read on the way and, where it would come to
/// stand, for what is in a template that is written; [`ErrorKind::NotFound`] at the end if a path leads nowhere, and at
/// an offset where no object begins; at the object [`ErrorKind::BufferTooSmall`] if there is too little room,
/// [`ErrorKind::LengthTooLong`] for a value or template that four bytes of length cannot count, and
/// [`ErrorKind::ZeroTag`] for a tag that begins with FF FF, under the lenient policy.
///
/// # Security
/// Bytes behind the data that an edit frees are set to 00, so that nothing of a removed value is left in the buffer.
///
/// # Examples
/// ```
/// use emv_tlv::{Editor, tags};
///
/// let mut buffer = [0; 64];
/// buffer[..9].copy_from_slice(b"\x77\x07\x9F\x27\x01\x80\x82\x01\x19");
/// let mut editor = Editor::new(&mut buffer, 9)?;
/// let response = tags::RESPONSE_TEMPLATE_FORMAT_2;
/// editor.replace(&[response, tags::APPLICATION_INTERCHANGE_PROFILE], &[0x19, 0x80])?;
/// editor.remove(&[response, tags::CRYPTOGRAM_INFORMATION_DATA])?;
/// editor.push(&response, tags::APPLICATION_TRANSACTION_COUNTER, &[0x00, 0x1C])?;
/// assert_eq!(editor.finish(), b"\x77\x09\x82\x02\x19\x80\x9F\x36\x02\x00\x1C");
/// # Ok::<(), emv_tlv::Error>(())
/// ```
/// Source: EMV 4.4 Book 3, Annex B.
pub struct Editor<'b> {
    buffer: &'b mut [u8],
    used: usize,
    padding: Padding,
}

impl<'b> Editor<'b> {
    /// An editor of the objects in the first `len` bytes of a buffer, strict about padding.
    ///
    /// # Errors
    /// [`ErrorKind::BufferTooSmall`] at the buffer's end if it is shorter than that.
    pub fn new(buffer: &'b mut [u8], len: usize) -> Result<Self, Error> {
        if len > buffer.len() {
            return Err(Error::at(ErrorKind::BufferTooSmall, buffer.len()));
        }
        Ok(Self { buffer, used: len, padding: Padding::Strict })
    }

    /// The same editor with another padding policy.
    #[must_use]
    pub fn padding(mut self, padding: Padding) -> Self {
        self.padding = padding;
        self
    }

    /// Gives an object another value; of a template, other objects in it.
    ///
    /// # Errors
    /// Those of every [edit](Self).
    pub fn replace<'p>(&mut self, place: impl Into<Place<'p>>, value: &[u8]) -> Result<(), Error> {
        self.edit(place.into(), Change::Replace(value))
    }

    /// Gives an object another value, or adds it at the end of the template that the tags before the last lead to.
    ///
    /// # Errors
    /// Those of every [edit](Self); [`ErrorKind::NotFound`] if there is no such template either.
    ///
    /// # Examples
    /// ```
    /// use emv_tlv::{Editor, tags};
    ///
    /// let mut buffer = [0x95, 0x05, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    /// let mut editor = Editor::new(&mut buffer, 7)?;
    /// editor.set(&tags::TERMINAL_VERIFICATION_RESULTS, &[0x00, 0x00, 0x80, 0x00, 0x00])?;
    /// editor.set(&tags::AUTHORISATION_RESPONSE_CODE, b"00")?;
    /// assert_eq!(editor.finish(), b"\x95\x05\x00\x00\x80\x00\x00\x8A\x0200");
    /// # Ok::<(), emv_tlv::Error>(())
    /// ```
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
    /// Those of every [edit](Self).
    pub fn remove<'p>(&mut self, place: impl Into<Place<'p>>) -> Result<(), Error> {
        self.edit(place.into(), Change::Remove)
    }

    /// Adds an object at the end of a template, or with `&[]` at the end of all, behind what pads there.
    ///
    /// # Errors
    /// Those of every [edit](Self); [`ErrorKind::WrongForm`] at an object that is no template.
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
    /// Those of every [edit](Self).
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
    /// Those of every [edit](Self).
    pub fn insert_after<'p>(
        &mut self,
        place: impl Into<Place<'p>>,
        tag: Tag,
        value: &[u8],
    ) -> Result<(), Error> {
        self.edit(place.into(), Change::After(tag, value))
    }

    fn edit(&mut self, place: Place<'_>, change: Change<'_>) -> Result<(), Error> {
        let mut plan = Plan::new(self.used, self.padding);
        plan.work_out(self.as_bytes(), place, change)?;
        if plan.new_len() > self.buffer.len() {
            return Err(Error::at(ErrorKind::BufferTooSmall, plan.at()));
        }
        plan.apply(self.buffer);
        self.used = plan.new_len();
        Ok(())
    }

    /// The data as they are.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        self.buffer.get(..self.used).unwrap_or_default()
    }

    /// How many bytes the data have.
    #[inline]
    #[must_use]
    pub const fn len(&self) -> usize {
        self.used
    }

    /// Whether there are no data.
    #[inline]
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.used == 0
    }

    /// The data, edited.
    #[must_use]
    pub fn finish(self) -> &'b mut [u8] {
        self.buffer.get_mut(..self.used).unwrap_or_default()
    }
}

impl fmt::Debug for Editor<'_> {
    /// Shows how much is there, never the bytes.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Editor")
            .field("bytes_used", &self.used)
            .field("bytes_left", &self.buffer.len().saturating_sub(self.used))
            .field("padding", &self.padding)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use crate::{DEFAULT_DEPTH, find, tags, walk};
    use ErrorKind::{
        BufferTooSmall, NotFound, TooDeep, TruncatedLength, TruncatedValue, WrongForm,
    };
    use hex_literal::hex;
    use std::{format, vec::Vec};

    const RECORD: Tag = tags::READ_RECORD_TEMPLATE;
    const DATE: Tag = tags::TRANSACTION_DATE;
    const TYPE: Tag = tags::TRANSACTION_TYPE;

    pub(super) type Edit<'e> = &'e dyn Fn(&mut Editor<'_>) -> Result<(), Error>;

    /// What an edit makes of data, under a policy; behind them are bytes that it must not touch if they are not needed.
    pub(super) fn edited_with(
        padding: Padding,
        bytes: &[u8],
        edit: impl Fn(&mut Editor<'_>) -> Result<(), Error>,
    ) -> Result<Vec<u8>, Error> {
        let mut buffer = [bytes, &[0xEE; 300]].concat();
        let before = buffer.clone();
        let mut editor = Editor::new(&mut buffer, bytes.len()).unwrap().padding(padding);
        if let Err(error) = edit(&mut editor) {
            assert_eq!(editor.as_bytes(), bytes);
            assert_eq!(buffer, before);
            return Err(error);
        }
        let len = editor.len();
        assert_eq!(editor.finish().len(), len);
        assert!(buffer[len..].iter().take(bytes.len().saturating_sub(len)).all(|&byte| byte == 0));
        assert_eq!(buffer[len.max(bytes.len())..], before[len.max(bytes.len())..]);
        // With no more room than it needs, or too little by a byte.
        let mut narrow = before[..len.max(bytes.len())].to_vec();
        edit(&mut Editor::new(&mut narrow, bytes.len()).unwrap().padding(padding)).unwrap();
        assert_eq!(narrow[..len], buffer[..len]);
        if len > bytes.len() {
            let mut narrow = before[..len.saturating_sub(1)].to_vec();
            let before = narrow.clone();
            let mut editor = Editor::new(&mut narrow, bytes.len()).unwrap().padding(padding);
            assert_eq!(edit(&mut editor).unwrap_err().kind(), BufferTooSmall);
            assert_eq!(narrow, before);
        }
        buffer.truncate(len);
        Ok(buffer)
    }

    pub(super) fn edited(
        bytes: &[u8],
        edit: impl Fn(&mut Editor<'_>) -> Result<(), Error>,
    ) -> Result<Vec<u8>, Error> {
        edited_with(Padding::Strict, bytes, edit)
    }

    /// The value in so many templates, each with its length in so many bytes.
    pub(super) fn nested(value: &[u8], length_lens: &[usize]) -> Vec<u8> {
        length_lens.iter().fold(value.to_vec(), |value, &len| {
            let length = u32::try_from(value.len()).unwrap().to_be_bytes();
            let length = match len {
                1 => length[3..].to_vec(),
                2 => [&[0x81], &length[3..]].concat(),
                3 => [&[0x82], &length[2..]].concat(),
                4 => [&[0x83], &length[1..]].concat(),
                _ => [&[0x84], &length[..]].concat(),
            };
            [&[0xE1], &length[..], &value].concat()
        })
    }

    #[test]
    fn replaces_removes_and_inserts() {
        let bytes = hex!("70 03 9A0101 70 06 9C0101 9C0102 00 9C00");
        let path = [RECORD, TYPE];
        let cases: &[(Edit<'_>, &[u8])] = &[
            (
                &|editor| editor.replace(&path, &[7, 8]),
                &hex!("70 03 9A0101 70 07 9C020708 9C0102 00 9C00")[..],
            ),
            (
                &|editor| editor.replace(&path, &[7]),
                &hex!("70 03 9A0101 70 06 9C0107 9C0102 00 9C00"),
            ),
            (&|editor| editor.replace(&RECORD, &[]), &hex!("70 00 70 06 9C0101 9C0102 00 9C00")),
            (&|editor| editor.remove(&path), &hex!("70 03 9A0101 70 03 9C0102 00 9C00")),
            (&|editor| editor.remove(5), &hex!("70 03 9A0101 00 9C00")),
            (&|editor| editor.remove(10), &hex!("70 03 9A0101 70 03 9C0101 00 9C00")),
            (
                &|editor| editor.push(&RECORD, TYPE, &[9]),
                &hex!("70 06 9A0101 9C0109 70 06 9C0101 9C0102 00 9C00"),
            ),
            (
                &|editor| editor.push(5, TYPE, &[9]),
                &hex!("70 03 9A0101 70 09 9C0101 9C0102 9C0109 00 9C00"),
            ),
            (
                &|editor| editor.push(&[], RECORD, &hex!("9A00")),
                &hex!("70 03 9A0101 70 06 9C0101 9C0102 00 9C00 70 02 9A00"),
            ),
            (
                &|editor| editor.insert_before(&path, DATE, &[]),
                &hex!("70 03 9A0101 70 08 9A00 9C0101 9C0102 00 9C00"),
            ),
            (
                &|editor| editor.insert_after(&path, DATE, &[]),
                &hex!("70 03 9A0101 70 08 9C0101 9A00 9C0102 00 9C00"),
            ),
            (
                &|editor| editor.insert_before(&TYPE, DATE, &[]),
                &hex!("70 03 9A0101 70 06 9C0101 9C0102 00 9A00 9C00"),
            ),
            (
                &|editor| editor.set(&[RECORD, tags::CDOL1], &[1]),
                &hex!("70 06 9A0101 8C0101 70 06 9C0101 9C0102 00 9C00"),
            ),
            (&|editor| editor.set(&path, &[]), &hex!("70 03 9A0101 70 05 9C00 9C0102 00 9C00")),
        ];
        for (edit, expect) in cases {
            assert_eq!(edited(&bytes, edit).unwrap(), *expect);
        }
        assert_eq!(edited(&[], |editor| editor.push(&[], DATE, &[1])).unwrap(), hex!("9A0101"));
    }

    #[cfg(feature = "path")]
    #[test]
    fn a_path_may_have_been_read_from_text() {
        let path: crate::TagPath = "70/9C".parse().unwrap();
        let result = edited(&hex!("70 03 9C0101"), |editor| editor.remove(&path));
        assert_eq!(result.unwrap(), hex!("70 00"));
    }

    #[test]
    fn an_error_changes_nothing() {
        let bytes = hex!("00 70 09 E1 02 9C00 00 9A02 1234 9C80");
        let inside = [RECORD, Tag(0xE1), TYPE];
        let cases: &[(Edit<'_>, ErrorKind, u32)] = &[
            (&|editor| editor.remove(&inside[1..]), ErrorKind::IndefiniteLength, 13),
            (&|editor| editor.push(&[], DATE, &[]), ErrorKind::IndefiniteLength, 13),
            (&|editor| editor.remove(0), NotFound, 0),
            (&|editor| editor.remove(2), NotFound, 2),
            (&|editor| editor.remove(7), NotFound, 7),
            (&|editor| editor.remove(11), NotFound, 11),
            (&|editor| editor.push(8, DATE, &[]), WrongForm, 8),
            (&|editor| editor.push(8, RECORD, &[0x9C]), WrongForm, 8),
            (&|editor| editor.replace(3, &[0, 0x9C]), TruncatedLength, 7),
            (&|editor| editor.insert_after(3, RECORD, &[0x9C, 1]), TruncatedValue, 11),
        ];
        for (edit, kind, offset) in cases {
            let error = edited(&bytes, edit).unwrap_err();
            assert_eq!((error.kind(), error.offset()), (*kind, *offset));
        }
        // What the fault comes after can be edited.
        assert!(edited(&bytes, |editor| editor.remove(&inside)).is_ok());
        let whole = &bytes[..12];
        let leading_nowhere: &[Edit<'_>] = &[
            &|editor| editor.remove(&inside[1..]),
            &|editor| editor.remove(&[]),
            &|editor| editor.set(&[], &[]),
            &|editor| editor.set(&inside[1..], &[]),
        ];
        for edit in leading_nowhere {
            assert_eq!(edited(whole, edit), Err(Error::new(NotFound, 12)));
        }
        assert_eq!(edited(whole, |editor| editor.set(12, &[])), Err(Error::new(NotFound, 12)));
        let error = Editor::new(&mut [0; 3], 4).unwrap_err();
        assert_eq!((error.kind(), error.offset()), (BufferTooSmall, 3));
    }

    #[test]
    fn what_does_not_fit_is_said_to_be_the_object() {
        let mut buffer = hex!("70 07 9A00 9C03010203");
        let mut editor = Editor::new(&mut buffer, 9).unwrap();
        let error = editor.replace(4, &[0; 4]).unwrap_err();
        assert_eq!((error.kind(), error.offset()), (BufferTooSmall, 4));
        let error = editor.insert_after(&[RECORD, DATE], DATE, &[]).unwrap_err();
        assert_eq!((error.kind(), error.offset()), (BufferTooSmall, 4));
        assert_eq!(format!("{editor:?}").split(',').next(), Some("Editor { bytes_used: 9"));
        assert!(!editor.is_empty());
    }

    #[test]
    fn no_deeper_than_a_walk_goes() {
        let deepest = nested(&[], &[1; DEFAULT_DEPTH]);
        let path = [Tag(0xE1); DEFAULT_DEPTH];
        let error = edited(&deepest, |editor| editor.push(&path, RECORD, &[])).unwrap_err();
        assert_eq!((error.kind(), error.offset()), (TooDeep, 32));
        let result = edited(&deepest, |editor| editor.push(&path, TYPE, &[])).unwrap();
        assert!(walk(&result).all(|object| object.is_ok()));
        let error = edited(&hex!("70 00"), |editor| editor.replace(0, &deepest)).unwrap_err();
        assert_eq!((error.kind(), error.offset()), (TooDeep, 2 + 30));
        let too_deep = nested(&[], &[1; DEFAULT_DEPTH + 1]);
        for offset in [32, 30] {
            let error = edited(&too_deep, |editor| editor.push(offset, TYPE, &[]));
            assert_eq!(error.is_err(), offset == 32);
        }
    }

    #[test]
    fn nothing_of_a_removed_number_is_left() {
        let mut buffer = hex!("70 0D 5A 08 6224242300000069 9C0101");
        let mut editor = Editor::new(&mut buffer, 15).unwrap();
        editor.remove(&[RECORD, tags::PAN]).unwrap();
        assert_eq!(find(editor.as_bytes(), &[RECORD, TYPE]).unwrap().unwrap().value(), [1]);
        assert_eq!(buffer, hex!("70 03 9C0101 00000000000000000000"));
    }
}
