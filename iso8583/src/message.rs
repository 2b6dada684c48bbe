//! A message that owns its fields.

use alloc::vec;
use alloc::vec::Vec;
use core::fmt;

use zeroize::Zeroizing;

use crate::encoder::decimal;
use crate::wire::{self, Value};
use crate::{Bitmap, Encoder, Error, ErrorKind, Field, FieldRef, MessageRef, Mti, Path, Spec};

/// A message that owns its fields: set in any order, changed, removed, and encoded when it is done.
///
/// Fields are kept as they stand on the wire, so one that came from a [`MessageRef`] and is not
/// changed is encoded to the bytes that it was read from. Their memory is wiped when it is given back.
///
/// # Examples
/// ```
/// use iso8583_wire::{MessageRef, Mti, Message, dialect::ISO87_BCD};
///
/// let mut request = Message::new(&ISO87_BCD, Mti::from_digits(b"0200")?);
/// request.set_number(11, 42)?;
/// request.set_text(2, "4111111111111111")?;
/// let wire = request.encode_to_vec()?;
///
/// let read = MessageRef::parse(&ISO87_BCD, &wire)?;
/// let mut answer = Message::from(&read);
/// answer.set_mti(read.mti().response().expect("0200 is answered"));
/// answer.set_text(39, "00")?;
/// assert_eq!(answer.get(11).and_then(|stan| stan.to_u64()), Some(42));
/// # Ok::<(), iso8583_wire::Error>(())
/// ```
pub struct Message<'s> {
    spec: &'s Spec<'s>,
    mti: Mti,
    /// In ascending order.
    fields: Vec<(u8, Zeroizing<Vec<u8>>)>,
}

impl<'s> Message<'s> {
    /// A message without fields.
    #[must_use]
    pub const fn new(spec: &'s Spec<'s>, mti: Mti) -> Self {
        Self { spec, mti, fields: Vec::new() }
    }

    /// The message type indicator.
    #[must_use]
    pub const fn mti(&self) -> Mti {
        self.mti
    }

    /// Changes the message type indicator.
    pub const fn set_mti(&mut self, mti: Mti) {
        self.mti = mti;
    }

    /// The dialect that the message is written in.
    #[must_use]
    pub const fn spec(&self) -> &'s Spec<'s> {
        self.spec
    }

    /// The data elements that the message carries.
    #[must_use]
    pub fn carried(&self) -> Bitmap {
        self.fields.iter().map(|(number, _)| *number).collect()
    }

    /// A data element, if the message carries it.
    #[must_use]
    pub fn get(&self, number: u8) -> Option<FieldRef<'_, '_>> {
        let position = self.position(number).ok()?;
        let (_, bytes) = self.fields.get(position)?;
        FieldRef::new(number, self.spec.field(number)?, bytes)
    }

    /// The data elements in ascending order.
    pub fn iter(&self) -> impl Iterator<Item = FieldRef<'_, '_>> {
        self.fields
            .iter()
            .filter_map(|(number, bytes)| FieldRef::new(*number, self.spec.field(*number)?, bytes))
    }

    /// Sets a text field; short fixed-length alphanumeric text is filled with blanks on the right.
    ///
    /// # Errors
    /// [`ErrorKind::UndefinedField`], [`ErrorKind::WrongValueType`] for a binary field, [`ErrorKind::WrongLength`],
    /// [`ErrorKind::LengthAboveMaximum`], [`ErrorKind::InvalidCharacter`]. The message is then as it was.
    pub fn set_text(&mut self, number: u8, text: &str) -> Result<(), Error> {
        let field = self.defined(number)?;
        self.set(number, field, &Value::text(field, text))
    }

    /// Sets a number, with zeros on the left where the field has a fixed length.
    ///
    /// # Errors
    /// As [`Message::set_text`].
    pub fn set_number(&mut self, number: u8, value: u64) -> Result<(), Error> {
        let field = self.defined(number)?;
        let mut digits = [0; 20];
        self.set(number, field, &Value::number(field, decimal(value, &mut digits)))
    }

    /// Sets a binary field.
    ///
    /// # Errors
    /// As [`Message::set_text`]; [`ErrorKind::WrongValueType`] for a text field.
    pub fn set_bytes(&mut self, number: u8, bytes: &[u8]) -> Result<(), Error> {
        let field = self.defined(number)?;
        self.set(number, field, &Value::Bytes(bytes))
    }

    /// Takes over a field of another message as it stands there.
    ///
    /// # Errors
    /// [`ErrorKind::UndefinedField`]; [`ErrorKind::DefinitionMismatch`] where this dialect defines the field otherwise.
    pub fn set_copy(&mut self, from: &FieldRef<'_, '_>) -> Result<(), Error> {
        let number = from.number();
        if self.defined(number)? != from.definition() {
            return Err(Error::new(ErrorKind::DefinitionMismatch, 0, Path::field(number)));
        }
        self.store(number, from.wire().to_vec());
        Ok(())
    }

    /// Takes a field out; says whether it was there.
    pub fn remove(&mut self, number: u8) -> bool {
        let position = self.position(number);
        position.map(|position| self.fields.remove(position)).is_ok()
    }

    /// Bytes that the encoded message takes.
    #[must_use]
    pub fn encoded_len(&self) -> usize {
        let bitmaps =
            if self.fields.last().is_some_and(|(number, _)| *number > 64) { 2 } else { 1 };
        let start = self.spec.bitmap_encoding().width().saturating_mul(bitmaps);
        let start = start.saturating_add(self.spec.mti_encoding().width());
        self.fields.iter().fold(start, |sum, (_, bytes)| sum.saturating_add(bytes.len()))
    }

    /// Writes the message into a buffer, and lets the caller go on with an [`Encoder`]: to finish
    /// it, or to end it with a message authentication code.
    ///
    /// # Errors
    /// [`ErrorKind::BufferTooSmall`], [`ErrorKind::MessageTooLong`].
    pub fn encoder<'b>(&self, buffer: &'b mut [u8]) -> Result<Encoder<'s, 'b>, Error> {
        let mut encoder = Encoder::new(self.spec, self.mti, buffer)?;
        for field in self.iter() {
            encoder.copy(&field)?;
        }
        Ok(encoder)
    }

    /// Writes the message into a buffer.
    ///
    /// # Errors
    /// [`ErrorKind::BufferTooSmall`], [`ErrorKind::MessageTooLong`].
    pub fn encode_into<'b>(&self, buffer: &'b mut [u8]) -> Result<&'b [u8], Error> {
        Ok(self.encoder(buffer)?.finish())
    }

    /// Writes the message into a vector of its own.
    ///
    /// # Errors
    /// [`ErrorKind::MessageTooLong`].
    pub fn encode_to_vec(&self) -> Result<Vec<u8>, Error> {
        let mut buffer = vec![0; self.encoded_len()];
        self.encode_into(&mut buffer)?;
        Ok(buffer)
    }

    fn defined(&self, number: u8) -> Result<&'s Field, Error> {
        self.spec
            .field(number)
            .ok_or_else(|| Error::new(ErrorKind::UndefinedField, 0, Path::field(number)))
    }

    fn set(&mut self, number: u8, field: &Field, value: &Value<'_>) -> Result<(), Error> {
        let extent =
            wire::plan(field, value).map_err(|kind| Error::new(kind, 0, Path::field(number)))?;
        let mut bytes = vec![0; extent.total];
        wire::write(field, value, extent, &mut bytes);
        self.store(number, bytes);
        Ok(())
    }

    fn store(&mut self, number: u8, bytes: Vec<u8>) {
        let entry = (number, Zeroizing::new(bytes));
        match self.position(number) {
            Ok(position) => {
                if let Some(slot) = self.fields.get_mut(position) {
                    *slot = entry;
                }
            }
            Err(position) => self.fields.insert(position, entry),
        }
    }

    fn position(&self, number: u8) -> Result<usize, usize> {
        self.fields.binary_search_by_key(&number, |(number, _)| *number)
    }
}

impl<'s> From<&MessageRef<'s, '_>> for Message<'s> {
    fn from(message: &MessageRef<'s, '_>) -> Self {
        let fields = message
            .iter()
            .map(|field| (field.number(), Zeroizing::new(field.wire().to_vec())))
            .collect();
        Self { spec: message.spec(), mti: message.mti(), fields }
    }
}

/// The message type indicator and every field, masked by sensitivity.
impl fmt::Display for Message<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.mti)?;
        self.iter().try_for_each(|field| write!(f, " {}={field}", field.number()))
    }
}

impl fmt::Debug for Message<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Message({self})")
    }
}

#[cfg(test)]
mod tests {
    extern crate alloc;
    use alloc::format;

    use super::*;
    use crate::dialect::{ISO87_ASCII, ISO87_BCD};

    fn sale() -> Message<'static> {
        Message::new(&ISO87_BCD, Mti::from_digits(b"0200").unwrap())
    }

    #[test]
    fn set_in_any_order_and_read_back() {
        let mut message = sale();
        message.set_text(102, "ACCOUNT").unwrap();
        message.set_number(4, 100).unwrap();
        message.set_bytes(52, &[1; 8]).unwrap();
        message.set_text(2, "4111111111111111").unwrap();
        message.set_number(4, 250).unwrap();
        assert!(message.remove(52) && !message.remove(52));
        let wire = message.encode_to_vec().unwrap();
        assert_eq!(wire.len(), message.encoded_len());
        let read = MessageRef::parse(&ISO87_BCD, &wire).unwrap();
        assert_eq!(read.carried(), message.carried());
        assert_eq!(read.get(4).unwrap().to_u64(), Some(250));
        assert_eq!(Message::from(&read).encode_to_vec().unwrap(), wire);
        assert_eq!(format!("{message:?}"), format!("Message({read})"));
        assert!(!format!("{message:?}").contains("4111111111111111"));
    }

    #[test]
    fn a_refused_value_changes_nothing() {
        let mut message = sale();
        message.set_number(11, 7).unwrap();
        for (result, kind) in [
            (message.set_text(11, "x"), ErrorKind::WrongLength { length: 1, expected: 6 }),
            (message.set_number(129, 1), ErrorKind::UndefinedField),
            (message.set_bytes(11, &[1]), ErrorKind::WrongValueType),
            (message.set_bytes(11, &[1; 6]), ErrorKind::WrongValueType),
        ] {
            assert_eq!(result.unwrap_err().kind(), kind);
        }
        assert_eq!(message.get(11).unwrap().to_u64(), Some(7));
        let mut other = Message::new(&ISO87_ASCII, message.mti());
        let error = other.set_copy(&message.get(11).unwrap()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::DefinitionMismatch);
    }

    #[test]
    fn it_outlives_what_it_was_read_from() {
        fn receive(bytes: &[u8]) -> Result<Message<'static>, Error> {
            Ok(Message::from(&MessageRef::parse(&ISO87_BCD, bytes)?))
        }
        let mut message = sale();
        message.set_number(11, 7).unwrap();
        let wire = message.encode_to_vec().unwrap();
        let received = receive(&wire).unwrap();
        drop(wire);
        assert_eq!(received.get(11).unwrap().to_u64(), Some(7));
    }

    #[test]
    fn a_code_can_end_an_owned_message() {
        let mut message = sale();
        message.set_number(11, 7).unwrap();
        let mut buffer = [0; 64];
        let unsealed = message.encoder(&mut buffer).unwrap().finish_with_mac().unwrap();
        let wire = unsealed.seal(&[9; 8]).unwrap();
        assert_eq!(MessageRef::parse(&ISO87_BCD, wire).unwrap().mac().unwrap().data(), [9; 8]);
    }
}
