//! A message written into the caller's buffer.

use core::fmt;

use crate::wire::{self, Value, bytes_u32, hex_digit};
use crate::{
    Bitmap, BitmapEncoding, Error, ErrorKind, Field, FieldRef, Length, Mti, MtiEncoding, Path, Spec,
};

/// Writes a message into a buffer, field by field in ascending order.
///
/// A field that is refused leaves everything as it was: set another value and go on. The bitmap,
/// the secondary bitmap and the length prefixes are the encoder's business.
///
/// # Examples
/// ```
/// use iso8583_wire::{Encoder, Mti, dialect::ISO87_ASCII};
///
/// let mut buffer = [0; 64];
/// let mut echo = Encoder::new(&ISO87_ASCII, Mti::from_digits(b"0800")?, &mut buffer)?;
/// echo.number(11, 7)?.number(70, 301)?;
/// assert_eq!(echo.finish(), b"080080200000000000000400000000000000000007301");
/// # Ok::<(), iso8583_wire::Error>(())
/// ```
pub struct Encoder<'s, 'b> {
    spec: &'s Spec<'s>,
    buffer: &'b mut [u8],
    carried: Bitmap,
    /// The last field written.
    last: u8,
    /// Where the next field goes.
    end: usize,
}

impl<'s, 'b> Encoder<'s, 'b> {
    /// Begins a message: writes the message type indicator and leaves room for the bitmap.
    ///
    /// # Errors
    /// [`ErrorKind::BufferTooSmall`] where these do not fit.
    pub fn new(spec: &'s Spec<'s>, mti: Mti, buffer: &'b mut [u8]) -> Result<Self, Error> {
        let end = spec.mti_encoding().width().saturating_add(spec.bitmap_encoding().width());
        if buffer.len() < end {
            return Err(Error::new(too_small(end, buffer.len()), 0, Path::BITMAP));
        }
        let digits = mti.digits();
        match spec.mti_encoding() {
            MtiEncoding::Ascii => copy(buffer, &digits),
            MtiEncoding::Bcd => {
                let [a, b, c, d] = digits.map(|digit| digit & 0x0F);
                copy(buffer, &[a << 4 | b, c << 4 | d]);
            }
        }
        Ok(Self { spec, buffer, carried: Bitmap::EMPTY, last: 1, end })
    }

    /// Writes a text field; short fixed-length alphanumeric text is filled with blanks on the right.
    ///
    /// Track data takes `=` or `D` as separator, an x+n amount its sign letter first.
    ///
    /// # Errors
    /// [`ErrorKind::UndefinedField`], [`ErrorKind::FieldOrder`], [`ErrorKind::WrongValueType`] for a binary field,
    /// [`ErrorKind::WrongLength`], [`ErrorKind::LengthAboveMaximum`], [`ErrorKind::InvalidCharacter`],
    /// [`ErrorKind::MessageTooLong`], [`ErrorKind::BufferTooSmall`].
    pub fn text(&mut self, number: u8, text: &str) -> Result<&mut Self, Error> {
        let field = self.next_field(number)?;
        self.put(number, field, &Value::text(field, text))
    }

    /// Writes a number, with zeros on the left where the field has a fixed length.
    ///
    /// # Errors
    /// As [`Encoder::text`].
    pub fn number(&mut self, number: u8, value: u64) -> Result<&mut Self, Error> {
        let field = self.next_field(number)?;
        let mut digits = [0; 20];
        self.put(number, field, &Value::number(field, decimal(value, &mut digits)))
    }

    /// Writes a binary field.
    ///
    /// # Errors
    /// As [`Encoder::text`]; [`ErrorKind::WrongValueType`] for a text field.
    pub fn bytes(&mut self, number: u8, bytes: &[u8]) -> Result<&mut Self, Error> {
        let field = self.next_field(number)?;
        self.put(number, field, &Value::Bytes(bytes))
    }

    /// Writes a field of another message as it stands there, length prefix and padding included.
    ///
    /// # Errors
    /// [`ErrorKind::DefinitionMismatch`] where this dialect defines the field otherwise; else as [`Encoder::text`].
    pub fn copy(&mut self, from: &FieldRef<'_, '_>) -> Result<&mut Self, Error> {
        let number = from.number();
        let field = self.next_field(number)?;
        if field != from.definition() {
            return Err(self.error(ErrorKind::DefinitionMismatch, number));
        }
        let (at, shift) = self.reserve(number, from.wire().len())?;
        if let Some(slot) = self.buffer.get_mut(at..) {
            copy(slot, from.wire());
        }
        self.commit(number, from.wire().len(), shift);
        Ok(self)
    }

    /// Writes the bitmap and gives the finished message.
    #[must_use]
    pub fn finish(self) -> &'b [u8] {
        let (buffer, end) = self.seal();
        buffer.get(..end).unwrap_or_default()
    }

    /// Ends the message with a message authentication code that is still to be computed.
    ///
    /// The code goes into field 64, or into field 128 where a field above 64 was written.
    ///
    /// # Errors
    /// [`ErrorKind::UndefinedField`] where the dialect has no such field, [`ErrorKind::FieldOrder`] where it was
    /// written already, [`ErrorKind::WrongValueType`] where it is not a binary one of fixed length, [`ErrorKind::BufferTooSmall`], [`ErrorKind::MessageTooLong`].
    ///
    /// # Examples
    /// ```
    /// use iso8583_wire::{Encoder, MessageRef, Mti, dialect::ISO87_BCD};
    /// # fn mac_of(_: &[u8]) -> [u8; 8] { [7; 8] }
    ///
    /// let mut buffer = [0; 64];
    /// let mut request = Encoder::new(&ISO87_BCD, Mti::from_digits(b"0200")?, &mut buffer)?;
    /// request.number(11, 42)?;
    /// let unsealed = request.finish_with_mac()?;
    /// let mac = mac_of(unsealed.mac_input());
    /// let wire = unsealed.seal(&mac)?;
    ///
    /// let message = MessageRef::parse(&ISO87_BCD, wire)?;
    /// assert_eq!(mac_of(message.mac_input().unwrap()), mac);
    /// # Ok::<(), iso8583_wire::Error>(())
    /// ```
    ///
    /// Source: ISO 8583:1987, data elements 64 and 128.
    pub fn finish_with_mac(mut self) -> Result<Unsealed<'s, 'b>, Error> {
        let number = if self.last > 64 { 128 } else { 64 };
        let field = self.next_field(number)?;
        let (Length::Fixed(length), true) = (field.length(), field.is_binary()) else {
            return Err(self.error(ErrorKind::WrongValueType, number));
        };
        let total = field.data_len(usize::from(length));
        let (_, shift) = self.reserve(number, total)?;
        self.commit(number, total, shift);
        let (buffer, end) = self.seal();
        let message = buffer.get_mut(..end).unwrap_or_default();
        Ok(Unsealed { message, covered: end.saturating_sub(total), field, number })
    }

    fn next_field(&self, number: u8) -> Result<&'s Field, Error> {
        let Some(field) = self.spec.field(number) else {
            return Err(self.error(ErrorKind::UndefinedField, number));
        };
        if number <= self.last {
            return Err(self.error(ErrorKind::FieldOrder { after: self.last }, number));
        }
        Ok(field)
    }

    fn put(&mut self, number: u8, field: &Field, value: &Value<'_>) -> Result<&mut Self, Error> {
        let extent = wire::plan(field, value).map_err(|kind| self.error(kind, number))?;
        let (at, shift) = self.reserve(number, extent.total)?;
        let slot = self.buffer.get_mut(at..).and_then(|rest| rest.get_mut(..extent.total));
        wire::write(field, value, extent, slot.unwrap_or_default());
        self.commit(number, extent.total, shift);
        Ok(self)
    }

    /// Where a field of `total` bytes goes, and by how much the fields before it have to move for
    /// a secondary bitmap.
    fn reserve(&self, number: u8, total: usize) -> Result<(usize, usize), Error> {
        let first_above_64 = number > 64 && self.last <= 64;
        let shift = if first_above_64 { self.spec.bitmap_encoding().width() } else { 0 };
        // The message so far is within a u16, a field within two: no overflow.
        let at = self.end.wrapping_add(shift);
        let end = at.wrapping_add(total);
        if end > usize::from(u16::MAX) {
            return Err(self.error(ErrorKind::MessageTooLong, number));
        }
        if end > self.buffer.len() {
            return Err(self.error(too_small(end, self.buffer.len()), number));
        }
        Ok((at, shift))
    }

    /// Makes a field that was written after `reserve` part of the message.
    fn commit(&mut self, number: u8, total: usize, shift: usize) {
        if shift > 0 {
            let fields = self.bitmap_at().saturating_add(shift);
            self.buffer.copy_within(fields..self.end, fields.saturating_add(shift));
        }
        self.end = self.end.wrapping_add(shift).wrapping_add(total);
        self.carried.insert(number);
        self.last = number;
    }

    fn seal(self) -> (&'b mut [u8], usize) {
        let at = self.bitmap_at();
        let [primary, secondary, _] = self.carried.words();
        let (encoding, buffer) = (self.spec.bitmap_encoding(), self.buffer);
        let slot = buffer.get_mut(at..).unwrap_or_default();
        if secondary == 0 {
            write_bitmap(encoding, primary, slot);
        } else {
            write_bitmap(encoding, primary | 1 << 63, slot);
            let second = slot.get_mut(encoding.width()..).unwrap_or_default();
            write_bitmap(encoding, secondary, second);
        }
        (buffer, self.end)
    }

    fn bitmap_at(&self) -> usize {
        self.spec.mti_encoding().width()
    }

    fn error(&self, kind: ErrorKind, number: u8) -> Error {
        Error::new(kind, self.end, Path::field(number))
    }
}

/// Shows which fields were written, not what is in them.
impl fmt::Debug for Encoder<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Encoder")
            .field("spec", &self.spec.name())
            .field("carried", &self.carried)
            .field("end", &self.end)
            .finish_non_exhaustive()
    }
}

/// A message that lacks only its message authentication code; see [`Encoder::finish_with_mac`].
pub struct Unsealed<'s, 'b> {
    message: &'b mut [u8],
    covered: usize,
    field: &'s Field,
    number: u8,
}

impl<'b> Unsealed<'_, 'b> {
    /// The bytes that the code covers: all before field 64 or 128, the finished bitmaps included.
    #[must_use]
    pub fn mac_input(&self) -> &[u8] {
        self.message.get(..self.covered).unwrap_or_default()
    }

    /// Puts the code in its place and gives the finished message.
    ///
    /// # Errors
    /// [`ErrorKind::WrongLength`] where the code is not as long as the field.
    pub fn seal(self, mac: &[u8]) -> Result<&'b [u8], Error> {
        let value = Value::Bytes(mac);
        let extent = wire::plan(self.field, &value)
            .map_err(|kind| Error::new(kind, self.covered, Path::field(self.number)))?;
        let slot = self.message.get_mut(self.covered..).unwrap_or_default();
        wire::write(self.field, &value, extent, slot);
        Ok(self.message)
    }
}

/// Shows the field, not the message.
impl fmt::Debug for Unsealed<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Unsealed(field {} after {} bytes)", self.number, self.covered)
    }
}

fn too_small(needed: usize, available: usize) -> ErrorKind {
    ErrorKind::BufferTooSmall { needed: bytes_u32(needed), available: bytes_u32(available) }
}

fn copy(slot: &mut [u8], bytes: &[u8]) {
    if let Some(slot) = slot.get_mut(..bytes.len()) {
        slot.copy_from_slice(bytes);
    }
}

fn write_bitmap(encoding: BitmapEncoding, bits: u64, slot: &mut [u8]) {
    let bytes = bits.to_be_bytes();
    match encoding {
        BitmapEncoding::Binary => copy(slot, &bytes),
        BitmapEncoding::Hex => {
            let digits = bytes.iter().flat_map(|byte| [hex_digit(byte >> 4), hex_digit(*byte)]);
            slot.iter_mut().zip(digits).for_each(|(to, digit)| *to = digit);
        }
    }
}

/// The decimal digits of a number, without zeros on the left but for 0 itself.
pub(crate) fn decimal(value: u64, digits: &mut [u8; 20]) -> &[u8] {
    let mut rest = value;
    let mut first = digits.len();
    for (position, slot) in digits.iter_mut().enumerate().rev() {
        // Below ten.
        *slot = b'0' | u8::try_from(rest % 10).unwrap_or(0);
        rest /= 10;
        first = position;
        if rest == 0 {
            break;
        }
    }
    digits.get(first..).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    extern crate alloc;

    use super::*;
    use crate::MessageRef;
    use crate::dialect::{ISO87_ASCII, ISO87_BCD};

    const SALE: [u8; 4] = *b"0200";

    fn encoder<'b>(spec: &'static Spec<'static>, buffer: &'b mut [u8]) -> Encoder<'static, 'b> {
        Encoder::new(spec, Mti::from_digits(&SALE).unwrap(), buffer).unwrap()
    }

    #[test]
    fn a_secondary_bitmap_moves_what_is_there() {
        for spec in [&ISO87_ASCII, &ISO87_BCD] {
            let mut buffer = [0xEE; 128];
            let mut message = encoder(spec, &mut buffer);
            message.number(3, 0).unwrap().text(41, "TERM0001").unwrap();
            message.number(70, 301).unwrap().text(102, "ACCOUNT1").unwrap();
            let wire = message.finish();
            let read = MessageRef::parse(spec, wire).unwrap();
            assert!(read.get(41).unwrap() == "TERM0001" && read.get(102).unwrap() == "ACCOUNT1");
            assert_eq!(read.get(70).unwrap().to_u64(), Some(301));
        }
    }

    #[test]
    fn a_refused_field_changes_nothing() {
        let mut plain = [0; 64];
        let mut message = encoder(&ISO87_BCD, &mut plain);
        message.number(3, 0).unwrap().number(11, 5).unwrap();
        let expected = message.finish();

        let mut buffer = [0; 64];
        let mut message = encoder(&ISO87_BCD, &mut buffer);
        message.number(3, 0).unwrap();
        for (error, kind) in [
            (message.number(3, 1).err(), ErrorKind::FieldOrder { after: 3 }),
            (message.number(2, 1).err(), ErrorKind::FieldOrder { after: 3 }),
            (message.number(129, 1).err(), ErrorKind::UndefinedField),
            (message.number(1, 1).err(), ErrorKind::UndefinedField),
            (message.text(52, "00").err(), ErrorKind::WrongValueType),
            (message.bytes(37, b"123456789012").err(), ErrorKind::WrongValueType),
            (message.number(70, 1000).err(), ErrorKind::WrongLength { length: 4, expected: 3 }),
            (
                message.text(120, core::str::from_utf8(&[b'x'; 60]).unwrap()).err(),
                ErrorKind::BufferTooSmall { needed: 2 + 16 + 3 + 62, available: 64 },
            ),
        ] {
            assert_eq!(error.unwrap().kind(), kind);
        }
        message.number(11, 5).unwrap();
        assert_eq!(message.finish(), expected);
    }

    #[test]
    fn a_code_is_asked_for_the_right_field() {
        let mut buffer = [0; 64];
        let mut message = encoder(&ISO87_ASCII, &mut buffer);
        message.number(11, 5).unwrap();
        let unsealed = message.finish_with_mac().unwrap();
        assert_eq!(unsealed.mac_input(), b"02000020000000000001000005");
        let wire = unsealed.seal(&[0xAB; 8]).unwrap();
        assert_eq!(wire, b"02000020000000000001000005ABABABABABABABAB");

        let mut message = encoder(&ISO87_BCD, &mut buffer);
        message.number(70, 301).unwrap();
        let unsealed = message.finish_with_mac().unwrap();
        assert_eq!(unsealed.mac_input().len(), 2 + 16 + 2);
        assert!(unsealed.seal(&[0; 4]).is_err());

        let mut message = encoder(&ISO87_BCD, &mut buffer);
        message.bytes(64, &[0; 8]).unwrap();
        let kind = ErrorKind::FieldOrder { after: 64 };
        assert_eq!(message.finish_with_mac().unwrap_err().kind(), kind);
    }

    #[test]
    fn fields_are_copied_as_they_stand() {
        let mut request = [0; 64];
        let mut message = encoder(&ISO87_BCD, &mut request);
        message.text(2, "4111111111111").unwrap().number(11, 5).unwrap();
        let request = MessageRef::parse(&ISO87_BCD, message.finish()).unwrap();
        let mut buffer = [0; 64];
        let mut answer = encoder(&ISO87_BCD, &mut buffer);
        for field in &request {
            answer.copy(&field).unwrap();
        }
        assert_eq!(answer.finish(), request.wire());
        let mut other = encoder(&ISO87_ASCII, &mut buffer);
        let error = other.copy(&request.get(11).unwrap()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::DefinitionMismatch);
    }

    #[test]
    fn decimal_digits() {
        let mut digits = [0; 20];
        assert_eq!(decimal(0, &mut digits), b"0");
        assert_eq!(decimal(1_020, &mut digits), b"1020");
        assert_eq!(decimal(u64::MAX, &mut digits), b"18446744073709551615");
    }

    #[test]
    fn too_small_from_the_start() {
        let mut buffer = [0; 9];
        let error = Encoder::new(&ISO87_BCD, Mti::from_digits(&SALE).unwrap(), &mut buffer);
        let kind = ErrorKind::BufferTooSmall { needed: 10, available: 9 };
        assert_eq!(error.unwrap_err().kind(), kind);
    }
}
