//! A message that owns its fields.

mod edit;

use alloc::vec;
use alloc::vec::Vec;
use core::fmt;

use zeroize::Zeroizing;

use crate::encoder::decimal;
use crate::wire::{MAX_LEN, Value};
use crate::{
    Bitmap, Composer, Encoder, Error, ErrorKind, Field, FieldRef, MessageRef, Mti, Path, Spec,
};

use edit::{Edit, edited};

/// A message that owns its fields: set in any order, changed, removed, and encoded when it is done.
///
/// Fields are kept as they stand on the wire, and so are the bitmaps of a message that came from a [`MessageRef`]: what is
/// not changed is encoded to the bytes that it was read from. Of a field that is made of parts, only the part that is
/// changed is written anew; pads, the order of tags, repeated and unknown parts stay.
///
/// # Security
/// The memory of fields is wiped when it is given back; what is encoded is the caller's.
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
#[derive(Clone)]
pub struct Message<'s> {
    spec: &'s Spec<'s>,
    mti: Mti,
    /// The bitmaps that it was read with, as they stood there.
    bitmaps: Vec<u8>,
    /// The third one where it stood among the fields.
    third: Option<Vec<u8>>,
    /// In ascending order.
    fields: Vec<(u16, Zeroizing<Vec<u8>>)>,
}

impl<'s> Message<'s> {
    /// A message without fields.
    #[must_use]
    pub const fn new(spec: &'s Spec<'s>, mti: Mti) -> Self {
        Self { spec, mti, bitmaps: Vec::new(), third: None, fields: Vec::new() }
    }

    /// The answer to a message: its type, and what the dialect repeats of the request.
    ///
    /// # Errors
    /// [`ErrorKind::NotAnswered`] where [`Mti::response`] has none.
    ///
    /// # Examples
    /// ```
    /// use iso8583_wire::{Message, MessageRef, dialect::ISO87_ASCII};
    ///
    /// let request = MessageRef::parse(&ISO87_ASCII, b"08002020000000800000000000000042TERM0001")?;
    /// let mut reply = Message::reply_to(&request)?;
    /// reply.set_text(39, "00")?;
    /// assert_eq!(reply.encode_to_vec()?, b"0810202000000280000000000000004200TERM0001");
    /// # Ok::<(), iso8583_wire::Error>(())
    /// ```
    pub fn reply_to(request: &MessageRef<'s, '_>) -> Result<Self, Error> {
        let mti = request.mti().response();
        let mti = mti.ok_or(Error::new(ErrorKind::NotAnswered, 0, Path::MTI))?;
        let mut reply = Self::new(request.spec(), mti);
        let echoes = request.spec().echoes();
        for field in request.iter().filter(|field| echoes.contains(field.number())) {
            reply.set_copy(&field)?;
        }
        Ok(reply)
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

    /// A data element, or a part of one, if the message carries it: `get(4)`, `get([48, 42])`.
    #[must_use]
    pub fn get(&self, path: impl Into<Path>) -> Option<FieldRef<'_, '_>> {
        let path = path.into();
        let (number, parts) = path.split()?;
        self.field(number)?.descend(parts)
    }

    fn field(&self, number: u16) -> Option<FieldRef<'_, '_>> {
        let (_, bytes) = self.fields.get(self.position(number).ok()?)?;
        FieldRef::new(self.spec, number, self.spec.field(number)?, bytes)
    }

    /// The data elements in ascending order.
    pub fn iter(&self) -> impl Iterator<Item = FieldRef<'_, '_>> {
        self.fields.iter().filter_map(|(number, bytes)| {
            FieldRef::new(self.spec, *number, self.spec.field(*number)?, bytes)
        })
    }

    /// A data element, or a part of one, that the message has to carry.
    ///
    /// # Errors
    /// [`ErrorKind::MissingField`] with the path.
    pub fn require(&self, path: impl Into<Path>) -> Result<FieldRef<'_, '_>, Error> {
        let path = path.into();
        self.get(path).ok_or_else(|| Error::new(ErrorKind::MissingField, 0, path))
    }

    /// Sets a text field or part; short fixed-length alphanumeric text is filled with blanks on the right.
    ///
    /// A part that is not there yet is put in its place: behind a bitmap in order, with a tag at the end; of parts with
    /// the same tag the first is set. A field that holds it comes into being if it is not there.
    ///
    /// # Errors
    /// [`ErrorKind::UndefinedField`], [`ErrorKind::WrongValueType`] for a binary field, [`ErrorKind::WrongLength`],
    /// [`ErrorKind::LengthAboveMaximum`], [`ErrorKind::OddLength`], [`ErrorKind::InvalidCharacter`];
    /// [`ErrorKind::FieldOrder`] for a part that only its place tells where those before it are not there; whatever is
    /// wrong with the parts of a value that is given whole. The message is then as it was.
    pub fn set_text(&mut self, path: impl Into<Path>, text: &str) -> Result<(), Error> {
        self.change(path.into(), &|field| Edit::Set(Value::text(field, text)))
    }

    /// Sets a number, with zeros on the left where the field has a fixed length.
    ///
    /// # Errors
    /// As [`Message::set_text`].
    pub fn set_number(&mut self, path: impl Into<Path>, value: u64) -> Result<(), Error> {
        let mut digits = [0; 20];
        let digits = decimal(value, &mut digits);
        self.change(path.into(), &|field| Edit::Set(Value::number(field, digits)))
    }

    /// Sets a binary field or part, or text bytes in a charset of the network's own.
    ///
    /// # Errors
    /// As [`Message::set_text`]; [`ErrorKind::WrongValueType`] for another text field.
    pub fn set_bytes(&mut self, path: impl Into<Path>, bytes: &[u8]) -> Result<(), Error> {
        self.change(path.into(), &|field| Edit::Set(Value::bytes(field, bytes)))
    }

    /// Sets a field that is made of parts, part by part.
    ///
    /// # Errors
    /// As [`Encoder::composite`]. The message is then as it was.
    ///
    /// # Examples
    /// ```
    /// # use iso8583_wire::{BitmapEncoding, Bitmaps, Class, Composite, CompositeBuf, Field, Message, Mti, MtiEncoding, SpecBuf};
    /// # let mut spec = SpecBuf::new("t", MtiEncoding::Ascii, BitmapEncoding::Hex, Bitmaps::UpToTwo);
    /// # let two = || Field::fixed(Class::N, 2).public();
    /// # let places = CompositeBuf::new(Composite::positional(0..0)).with_part(1, two()).with_part(2, two()).with_part(3, two());
    /// # spec.set_composite(3, Field::fixed(Class::N, 6).public(), places);
    /// # let spec = spec.spec().unwrap();
    /// let mut request = Message::new(&spec, Mti::from_digits(b"0200")?);
    /// // The processing code: a transaction type and two account types.
    /// request.set_composite(3, |parts| {
    ///     parts.text(1, "31")?.text(2, "10")?.text(3, "00")?;
    ///     Ok(())
    /// })?;
    /// assert_eq!(request.to_string(), "0200 3={1=31 2=10 3=00}");
    /// # Ok::<(), iso8583_wire::Error>(())
    /// ```
    pub fn set_composite(
        &mut self,
        number: u16,
        compose: impl FnOnce(&mut Composer<'s, '_>) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let field = self.defined(number)?;
        let longest = field.data_len(usize::from(field.largest())).min(MAX_LEN);
        let room = longest.saturating_add(field.widest_head()).min(MAX_LEN);
        let mut bytes = Zeroizing::new(vec![0; room]);
        let len = Composer::write(self.spec, number, field, &mut bytes, compose)?;
        let bytes = bytes.get(..len).unwrap_or_default();
        self.store(number, Zeroizing::new(bytes.to_vec()));
        Ok(())
    }

    /// Adds a text part with a tag behind all others, though one with the same tag may be there.
    ///
    /// # Errors
    /// As [`Message::set_text`]; [`ErrorKind::FieldOrder`] for a part without a tag that is there already.
    pub fn push_text(&mut self, path: impl Into<Path>, text: &str) -> Result<(), Error> {
        self.change(path.into(), &|field| Edit::Push(Value::text(field, text)))
    }

    /// Adds a binary part with a tag behind all others, though one with the same tag may be there.
    ///
    /// # Errors
    /// As [`Message::push_text`].
    pub fn push_bytes(&mut self, path: impl Into<Path>, bytes: &[u8]) -> Result<(), Error> {
        self.change(path.into(), &|field| Edit::Push(Value::bytes(field, bytes)))
    }

    /// Takes over a field of another message as it stands there.
    ///
    /// # Errors
    /// [`ErrorKind::UndefinedField`]; [`ErrorKind::DefinitionMismatch`] where this dialect defines the field otherwise.
    pub fn set_copy(&mut self, from: &FieldRef<'_, '_>) -> Result<(), Error> {
        let path = Path::from([from.number()]);
        let number = from.number();
        let field = self.defined(number)?;
        if from.is_part() || !from.is_written_as(self.spec, field) {
            return Err(Error::new(ErrorKind::DefinitionMismatch, 0, path));
        }
        self.store(number, Zeroizing::new(from.wire().to_vec()));
        Ok(())
    }

    /// Takes a field or a part out; says whether it was there and could be taken out: of parts that only their place
    /// tells, the last one can.
    ///
    /// A bitmap that no field needs any more stays, as a field does of which the last part was taken out.
    pub fn remove(&mut self, path: impl Into<Path>) -> bool {
        let path = path.into();
        let Some((number, parts)) = path.split() else { return false };
        let Ok(position) = self.position(number) else { return false };
        if !parts.is_empty() {
            return self.get(path).is_some() && self.change(path, &|_| Edit::Remove).is_ok();
        }
        self.fields.remove(position);
        true
    }

    /// Bytes that the encoded message takes.
    #[must_use]
    pub fn encoded_len(&self) -> usize {
        let bitmaps = self.spec.bitmaps();
        let width = self.spec.bitmap_encoding().width();
        let needed = match self.fields.last() {
            Some((65..=128, _)) => 2,
            Some((129.., _)) => 3,
            _ => 1,
        };
        let kept = self.bitmaps.len().saturating_add(self.third.as_ref().map_or(0, Vec::len));
        let start = width.saturating_mul(usize::from(bitmaps.least().max(needed))).max(kept);
        let start = start.saturating_add(self.spec.mti_encoding().width());
        self.fields.iter().fold(start, |sum, (_, bytes)| sum.saturating_add(bytes.len()))
    }

    /// Writes the message into a buffer, and lets the caller go on with an [`Encoder`]: to finish
    /// it, or to end it with a message authentication code. The code of a message that it was read from is a field like any
    /// other: take it out first.
    ///
    /// # Errors
    /// [`ErrorKind::BufferTooSmall`], [`ErrorKind::MessageTooLong`].
    pub fn encoder<'b>(&self, buffer: &'b mut [u8]) -> Result<Encoder<'s, 'b>, Error> {
        let mut encoder = if self.bitmaps.is_empty() {
            Encoder::new(self.spec, self.mti, buffer)?
        } else {
            let third = self.third.as_deref();
            Encoder::with_bitmaps(self.spec, self.mti, buffer, &self.bitmaps, third)?
        };
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

    fn defined(&self, number: u16) -> Result<&'s Field, Error> {
        self.spec
            .field(number)
            .ok_or_else(|| Error::new(ErrorKind::UndefinedField, 0, Path::field(number)))
    }

    fn change<'v>(&mut self, path: Path, edit: &dyn Fn(&Field) -> Edit<'v>) -> Result<(), Error> {
        let undefined = || Error::new(ErrorKind::UndefinedField, 0, path);
        let (number, parts) = path.split().ok_or_else(undefined)?;
        let field = self.defined(number)?;
        let old = self.field(number);
        if parts.is_empty() && old.is_some() && matches!(edit(field), Edit::Push(_)) {
            let kind = ErrorKind::FieldOrder { after: number };
            return Err(Error::new(kind, 0, path));
        }
        let bytes = edited(self.spec, field, old.as_ref(), parts, edit)
            .map_err(|fault| Error::new(fault.kind, 0, fault.within(number, 0).path))?;
        self.store(number, bytes);
        Ok(())
    }

    fn store(&mut self, number: u16, bytes: Zeroizing<Vec<u8>>) {
        let entry = (number, bytes);
        match self.position(number) {
            Ok(position) => {
                if let Some(slot) = self.fields.get_mut(position) {
                    *slot = entry;
                }
            }
            Err(position) => self.fields.insert(position, entry),
        }
    }

    fn position(&self, number: u16) -> Result<usize, usize> {
        self.fields.binary_search_by_key(&number, |(number, _)| *number)
    }
}

impl<'s> From<&MessageRef<'s, '_>> for Message<'s> {
    fn from(message: &MessageRef<'s, '_>) -> Self {
        let fields = message
            .iter()
            .map(|field| (field.number(), Zeroizing::new(field.wire().to_vec())))
            .collect();
        let (bitmaps, third) = message.bitmaps();
        Self {
            spec: message.spec(),
            mti: message.mti(),
            bitmaps: bitmaps.to_vec(),
            third: third.map(<[u8]>::to_vec),
            fields,
        }
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

#[cfg(feature = "defmt")]
impl defmt::Format for Message<'_> {
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(f, "{}", defmt::Display2Format(self));
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
