//! Encoding into a buffer of the caller's.

mod allowed;

use crate::{Error, ErrorKind, Tag, Tlv};
use core::{fmt, mem::replace};

pub use allowed::FIELD_55;

/// How many bytes an object takes: its tag, its length at its shortest, and a value of `value_len` bytes.
///
/// A template's value is as long as its objects together.
///
/// # Examples
/// ```
/// use emv_tlv::{encoded_len, tags};
///
/// assert_eq!(encoded_len(tags::AMOUNT_AUTHORISED, 6), 9);
/// assert_eq!(encoded_len(tags::ISSUER_PUBLIC_KEY_CERTIFICATE, 248), 251);
/// ```
#[must_use]
pub const fn encoded_len(tag: Tag, value_len: usize) -> usize {
    let length_len = match value_len {
        0..=0x7F => 1,
        0x80..=0xFF => 2,
        0x100..=0xFFFF => 3,
        0x1_0000..=0xFF_FFFF => 4,
        _ => 5,
    };
    tag.encoded_len().saturating_add(length_len).saturating_add(value_len)
}

/// Writes objects one after the other into a buffer, with lengths at their shortest except in what was [read](Self::object).
///
/// A template's length is put in when its contents are there; one of 128 bytes and more is moved up once to make room.
/// After an error everything that was complete before it is still there, and writing may go on.
///
/// # Examples
/// ```
/// use emv_tlv::{Writer, tags};
///
/// let mut buffer = [0; 64];
/// let mut writer = Writer::new(&mut buffer);
/// writer.template(tags::RESPONSE_TEMPLATE_FORMAT_2, |response| {
///     response.primitive(tags::APPLICATION_INTERCHANGE_PROFILE, &[0x19, 0x80])?;
///     response.primitive(tags::APPLICATION_FILE_LOCATOR, &[0x08, 0x01, 0x01, 0x00])
/// })?;
/// assert_eq!(writer.finish(), b"\x77\x0A\x82\x02\x19\x80\x94\x04\x08\x01\x01\x00");
/// # Ok::<(), emv_tlv::Error>(())
/// ```
/// Source: EMV 4.4 Book 3, Annex B.
pub struct Writer<'b> {
    buffer: &'b mut [u8],
    used: usize,
    /// Where the contents of the innermost open template begin.
    level: usize,
}

impl<'b> Writer<'b> {
    /// A writer that begins at the front of a buffer.
    #[must_use]
    pub const fn new(buffer: &'b mut [u8]) -> Self {
        Self { buffer, used: 0, level: 0 }
    }

    /// Writes a primitive object.
    ///
    /// # Errors
    /// [`ErrorKind::BufferTooSmall`] if it does not fit, [`ErrorKind::WrongForm`] if the tag is of a template,
    /// [`ErrorKind::LengthTooLong`] if the value is longer than four bytes of length can count. Each stands where the
    /// object would have begun.
    pub fn primitive(&mut self, tag: Tag, value: &[u8]) -> Result<(), Error> {
        let start = self.used;
        self.put_primitive(tag, value).map_err(|kind| self.undo(start, kind))
    }

    /// Writes an object that was read, as it was encoded: with its length as long as it is, and a template unchecked.
    ///
    /// # Errors
    /// [`ErrorKind::BufferTooSmall`] where the object would have begun, if it does not fit.
    ///
    /// # Examples
    /// ```
    /// use emv_tlv::{Writer, tags, walk};
    ///
    /// let record = [0x70, 0x07, 0x9C, 0x01, 0x00, 0x9A, 0x81, 0x01, 0x26];
    /// let mut buffer = [0; 64];
    /// let mut writer = Writer::new(&mut buffer);
    /// for object in walk(&record) {
    ///     let object = object?;
    ///     if object.tag() == tags::TRANSACTION_DATE {
    ///         writer.object(&object)?;
    ///     }
    /// }
    /// assert_eq!(writer.finish(), [0x9A, 0x81, 0x01, 0x26]);
    /// # Ok::<(), emv_tlv::Error>(())
    /// ```
    pub fn object(&mut self, object: &Tlv<'_>) -> Result<(), Error> {
        let start = self.used;
        self.put(object.encoded()).map_err(|kind| self.undo(start, kind))
    }

    /// Writes a template with what the closure writes into it.
    ///
    /// # Errors
    /// As [`primitive`](Self::primitive), with [`ErrorKind::WrongForm`] if the tag is not of a template, and any error
    /// that the closure returns, of its own type. Then nothing of the template remains.
    pub fn template<E: From<Error>>(
        &mut self,
        tag: Tag,
        contents: impl FnOnce(&mut Self) -> Result<(), E>,
    ) -> Result<(), E> {
        let start = self.used;
        let contents_at = self.open(tag).map_err(|kind| self.undo(start, kind))?;
        let around = replace(&mut self.level, contents_at);
        let written = contents(self);
        self.level = around;
        written.inspect_err(|_| self.used = start)?;
        Ok(self.close(contents_at).map_err(|kind| self.undo(start, kind))?)
    }

    /// How many bytes are written.
    #[inline]
    #[must_use]
    pub const fn len(&self) -> usize {
        self.used
    }

    /// Whether nothing is written.
    #[inline]
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.used == 0
    }

    /// What is written.
    #[must_use]
    pub fn finish(self) -> &'b mut [u8] {
        self.buffer.get_mut(..self.used).unwrap_or_default()
    }

    fn put_primitive(&mut self, tag: Tag, value: &[u8]) -> Result<(), ErrorKind> {
        if tag.is_constructed() {
            return Err(ErrorKind::WrongForm);
        }
        self.put_header(tag, value.len())?;
        self.put(value)
    }

    /// Writes what stands before a value: the tag, and the length at its shortest.
    pub(crate) fn put_header(&mut self, tag: Tag, value_len: usize) -> Result<(), ErrorKind> {
        self.put_tag(tag)?;
        let (length, count) = encode_length(value_len)?;
        self.put(length.get(..count).unwrap_or_default())
    }

    /// Begins a template, with room for a length of one byte; says where its contents begin.
    fn open(&mut self, tag: Tag) -> Result<usize, ErrorKind> {
        if !tag.is_constructed() {
            return Err(ErrorKind::WrongForm);
        }
        self.put_tag(tag)?;
        self.put(&[0])?;
        Ok(self.used)
    }

    /// Puts in the length of a template's contents, which are complete.
    fn close(&mut self, contents_at: usize) -> Result<(), ErrorKind> {
        let contents_len = self.used.saturating_sub(contents_at);
        let (length, count) = encode_length(contents_len)?;
        let end = self.used.saturating_add(count.saturating_sub(1));
        let moved = self.buffer.get_mut(contents_at..end).ok_or(ErrorKind::BufferTooSmall)?;
        // One place a pass, and seldom more than two: `copy_within` would link a panic.
        for _ in 1..count {
            let mut carried = 0;
            moved.iter_mut().for_each(|byte| carried = replace(byte, carried));
        }
        self.used = contents_at.saturating_sub(1);
        self.put(length.get(..count).unwrap_or_default())?;
        self.used = end;
        Ok(())
    }

    fn put_tag(&mut self, tag: Tag) -> Result<(), ErrorKind> {
        let unused = 4usize.saturating_sub(tag.encoded_len());
        self.put(tag.raw().to_be_bytes().get(unused..).unwrap_or_default())
    }

    fn put(&mut self, bytes: &[u8]) -> Result<(), ErrorKind> {
        let end = self.used.checked_add(bytes.len()).ok_or(ErrorKind::BufferTooSmall)?;
        let room = self.buffer.get_mut(self.used..end).ok_or(ErrorKind::BufferTooSmall)?;
        // By hand: `copy_from_slice` links a panic at opt-level z.
        room.iter_mut().zip(bytes).for_each(|(to, from)| *to = *from);
        self.used = end;
        Ok(())
    }

    fn undo(&mut self, start: usize, kind: ErrorKind) -> Error {
        self.used = start;
        Error::at(kind, start)
    }
}

impl fmt::Debug for Writer<'_> {
    /// Shows how much is written, never the bytes.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Writer")
            .field("bytes_used", &self.used)
            .field("bytes_left", &self.buffer.len().saturating_sub(self.used))
            .finish()
    }
}

/// A length at its shortest, and how many bytes of the array it takes.
pub(crate) fn encode_length(len: usize) -> Result<([u8; 5], usize), ErrorKind> {
    let len = u32::try_from(len).map_err(|_| ErrorKind::LengthTooLong)?;
    let [first, second, third, fourth] = len.to_be_bytes();
    Ok(match len {
        0..=0x7F => ([fourth, 0, 0, 0, 0], 1),
        0x80..=0xFF => ([0x81, fourth, 0, 0, 0], 2),
        0x100..=0xFFFF => ([0x82, third, fourth, 0, 0], 3),
        0x1_0000..=0xFF_FFFF => ([0x83, second, third, fourth, 0], 4),
        _ => ([0x84, first, second, third, fourth], 5),
    })
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use crate::{find, parse, tags, walk};
    use hex_literal::hex;
    use std::{format, vec, vec::Vec};

    #[test]
    fn lengths_are_at_their_shortest_at_every_border() {
        let outer = tags::FCI_TEMPLATE;
        let inner = tags::DF_NAME;
        // The longest one's template takes five bytes of length; what is longer would only take longer.
        let lengths = [0, 1, 0x7F, 0x80, 0xFF, 0x100, 0xFFFF, 0x1_0000, 0xFF_FFFF];
        // Miri takes the shorter ones.
        let count = if cfg!(miri) { 6 } else { lengths.len() };
        for len in lengths.into_iter().take(count) {
            let value = vec![0xA5; len];
            let inner_len = encoded_len(inner, len);
            let outer_len = encoded_len(outer, inner_len);
            let mut buffer = vec![0; outer_len];
            let write = |buffer: &mut [u8]| {
                let mut writer = Writer::new(buffer);
                writer.template(outer, |writer| writer.primitive(inner, &value))?;
                Ok::<_, Error>(writer.finish().len())
            };
            assert_eq!(write(&mut buffer), Ok(outer_len));
            assert_eq!(find(&buffer, &[outer, inner]).unwrap().unwrap().value(), value);
            assert_eq!(walk(&buffer).count(), 2);
            if len <= 0x1_0000 {
                let error = write(&mut buffer[..outer_len - 1]).unwrap_err();
                assert_eq!(error.kind(), ErrorKind::BufferTooSmall);
            }
        }
        for (len, expect) in [
            (0x7F, &hex!("7F")[..]),
            (0x80, &hex!("8180")),
            (0x1FF, &hex!("8201FF")),
            (0x1_0203, &hex!("83010203")),
            (0x102_0304, &hex!("8401020304")),
        ] {
            let (bytes, count) = encode_length(len).unwrap();
            assert_eq!(&bytes[..count], expect);
        }
        #[cfg(target_pointer_width = "64")]
        assert_eq!(encode_length(1 << 32), Err(ErrorKind::LengthTooLong));
    }

    #[test]
    fn what_was_complete_survives_an_error() {
        let mut buffer = [0; 8];
        let mut writer = Writer::new(&mut buffer);
        writer.primitive(tags::TRANSACTION_TYPE, &[0]).unwrap();
        let too_long = writer.primitive(tags::TRANSACTION_DATE, &[0; 4]).unwrap_err();
        assert_eq!(too_long, Error::new(ErrorKind::BufferTooSmall, 3));
        let inner = writer.template(tags::FCI_TEMPLATE, |writer| {
            writer.primitive(tags::TRANSACTION_TYPE, &[1])?;
            writer.primitive(tags::TRANSACTION_TYPE, &[2])
        });
        assert_eq!(inner, Err(Error::new(ErrorKind::BufferTooSmall, 8)));
        assert_eq!(writer.len(), 3);
        writer
            .template(tags::FCI_TEMPLATE, |writer| {
                // An error that the caller can live without leaves the template as it was.
                assert!(writer.primitive(tags::TRANSACTION_DATE, &[0; 2]).is_err());
                writer.primitive(tags::TRANSACTION_TYPE, &[1])
            })
            .unwrap();
        assert_eq!(writer.finish(), hex!("9C0100 6F03 9C0101"));
    }

    #[test]
    fn an_object_is_written_as_it_was_read() {
        // A length longer than need be, 00 and FF inside: all of it stays.
        let bytes = hex!("9C0100 E0820005 00FF9A8000 9A00");
        let mut objects = parse(&bytes).skip(1);
        let template = objects.next().unwrap().unwrap();
        let date = objects.next().unwrap().unwrap();
        let mut buffer = [0; 14];
        let mut writer = Writer::new(&mut buffer);
        writer.object(&date).unwrap();
        writer.template(tags::FCI_TEMPLATE, |writer| writer.object(&template)).unwrap();
        let error = writer.object(&date).unwrap_err();
        assert_eq!(error, Error::new(ErrorKind::BufferTooSmall, 13));
        assert_eq!(writer.finish(), hex!("9A00 6F09 E0820005 00FF9A8000"));
    }

    #[test]
    fn a_template_ends_with_the_caller_s_own_error() {
        #[derive(Debug, PartialEq)]
        enum Failure {
            Tlv(Error),
            NoDate,
        }
        impl From<Error> for Failure {
            fn from(error: Error) -> Self {
                Self::Tlv(error)
            }
        }
        let mut buffer = [0; 4];
        let mut writer = Writer::new(&mut buffer);
        let none = writer.template(tags::FCI_TEMPLATE, |writer| {
            writer.primitive(tags::TRANSACTION_TYPE, &[])?;
            Err(Failure::NoDate)
        });
        assert_eq!((none, writer.len()), (Err(Failure::NoDate), 0));
        let long = writer.template(tags::FCI_TEMPLATE, |writer| {
            Ok::<_, Failure>(writer.primitive(tags::TRANSACTION_TYPE, &[0])?)
        });
        assert_eq!(long, Err(Failure::Tlv(Error::new(ErrorKind::BufferTooSmall, 2))));
        assert!(writer.is_empty());
    }

    #[test]
    fn room_for_a_longer_length_may_be_what_lacks() {
        for room in 0..6 {
            let mut buffer = vec![0; 128 + room];
            let mut writer = Writer::new(&mut buffer);
            let result = writer.template(tags::FCI_TEMPLATE, |writer| {
                writer.primitive(tags::DF_NAME, &[7; 125])?;
                writer.primitive(tags::TRANSACTION_TYPE, &[])
            });
            let expect = if room < 4 { Err(ErrorKind::BufferTooSmall) } else { Ok(()) };
            assert_eq!(result.map_err(|error| error.kind()), expect, "{room}");
            assert_eq!(writer.is_empty(), expect.is_err());
        }
    }

    #[test]
    fn the_form_of_a_tag_must_suit() {
        let mut buffer = [0; 8];
        let mut writer = Writer::new(&mut buffer);
        let wrong = Err(Error::new(ErrorKind::WrongForm, 0));
        assert_eq!(writer.primitive(tags::FCI_TEMPLATE, &[]), wrong);
        assert_eq!(writer.template(tags::DF_NAME, |_| Ok(())), wrong);
        assert_eq!(format!("{writer:?}"), "Writer { bytes_used: 0, bytes_left: 8 }");
        assert!(writer.finish().is_empty());
    }

    #[test]
    fn tags_of_every_length() {
        let mut buffer = [0; 32];
        let mut writer = Writer::new(&mut buffer);
        let raw = [0x82, 0x9F02, 0xDF_8129, 0xDFFF_FF01];
        for raw in raw {
            writer.primitive(Tag::new(raw).unwrap(), &[]).unwrap();
        }
        let read = walk(writer.finish()).map(|object| object.unwrap().tag().raw());
        assert_eq!(read.collect::<Vec<_>>(), raw);
    }
}
