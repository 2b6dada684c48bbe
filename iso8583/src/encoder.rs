//! A message written into the caller's buffer.

mod bitmaps;
mod composer;
mod place;
mod reply;
mod shift;
mod unsealed;

pub use composer::Composer;
pub use reply::Reply;
pub use unsealed::Unsealed;

use crate::copy::copy;
use core::fmt;

use place::{Room, Third};
use shift::shift;

use crate::field::{Plan, Step};
use crate::head::{self, too_small};
use crate::parts::check_value;
use crate::wire::{self, Extent, Framing, MAX_LEN, Value};
use crate::words::{Run, WIDE};
use crate::{Bitmap, Error, ErrorKind, Field, FieldRef, Length, Mti, Path, Prefix, Spec};

/// Writes a message into a buffer, field by field in ascending order.
///
/// A field that is refused leaves the message as it was: set another value and go on. The bitmaps
/// and the length prefixes are the encoder's business.
///
/// # Security
/// A refused value may stay in the buffer behind the message. Wipe a buffer that held card data.
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
    last: u16,
    /// How many bitmaps stand before the first field.
    bitmaps: u8,
    /// The third bitmap where it stands among the fields.
    third: Third,
    /// Where the first field above 64 begins, once there is one.
    above_64: usize,
    /// Where the next field goes.
    end: usize,
    /// Where the message has to end: what the buffer holds, and what a message may have, less what is still to come.
    room: usize,
}

impl<'s, 'b> Encoder<'s, 'b> {
    /// Begins a message: writes the message type indicator and leaves room for the bitmaps that are always there.
    ///
    /// # Errors
    /// [`ErrorKind::BufferTooSmall`] where these do not fit.
    #[inline]
    pub fn new(spec: &'s Spec<'s>, mti: Mti, buffer: &'b mut [u8]) -> Result<Self, Error> {
        let bitmaps = spec.bitmaps().least();
        let start = spec.mti_encoding().width();
        let width = spec.bitmap_encoding().width();
        let end = start.saturating_add(width.saturating_mul(bitmaps.into()));
        let available = buffer.len();
        let Some(slot) = buffer.get_mut(start..end) else {
            return Err(Error::new(too_small(end, available), 0, Path::BITMAP));
        };
        head::clear(spec.bitmap_encoding(), slot);
        head::write_mti(spec.mti_encoding(), mti, buffer);
        let room = available.min(MAX_LEN);
        let (carried, third) = (Bitmap::EMPTY, Third::None);
        Ok(Self { spec, buffer, carried, last: 0, bitmaps, third, above_64: 0, end, room })
    }

    /// Begins a message with the bitmaps of another one, of which every digit that need not change is kept.
    #[cfg(feature = "alloc")]
    pub(crate) fn with_bitmaps(
        spec: &'s Spec<'s>,
        mti: Mti,
        buffer: &'b mut [u8],
        bitmaps: &[u8],
        third: Option<&[u8]>,
    ) -> Result<Self, Error> {
        let mut encoder = Self::new(spec, mti, buffer)?;
        let start = spec.mti_encoding().width();
        let end = start.saturating_add(bitmaps.len());
        let needed = end.saturating_add(third.map_or(0, <[u8]>::len));
        let available = encoder.buffer.len();
        let slot = match encoder.buffer.get_mut(start..end) {
            Some(slot) if needed <= available => slot,
            _ => return Err(Error::new(too_small(needed, available), 0, Path::BITMAP)),
        };
        copy(slot, bitmaps);
        encoder.end = end;
        let width = spec.bitmap_encoding().width();
        encoder.bitmaps = match bitmaps.len() {
            len if len > width.saturating_mul(2) => 3,
            len if len > width => 2,
            _ => 1,
        };
        if let Some(bitmap) = third {
            encoder.third = Third::pending(bitmap);
            encoder.room = encoder.room.saturating_sub(bitmap.len());
        }
        Ok(encoder)
    }

    /// Writes a text field; short fixed-length alphanumeric text is filled with blanks on the right.
    ///
    /// Track data takes `=` or `D` as separator, an x+n amount its sign letter first.
    ///
    /// # Errors
    /// [`ErrorKind::UndefinedField`], [`ErrorKind::FieldOrder`], [`ErrorKind::WrongValueType`] for a binary field,
    /// [`ErrorKind::WrongLength`], [`ErrorKind::LengthAboveMaximum`], [`ErrorKind::OddLength`],
    /// [`ErrorKind::InvalidCharacter`], [`ErrorKind::MessageTooLong`], [`ErrorKind::BufferTooSmall`]; where the field is
    /// made of parts, whatever is wrong with them.
    #[inline]
    pub fn text(&mut self, number: u16, text: &str) -> Result<&mut Self, Error> {
        let field = self.next_field(number)?;
        if WIDE {
            let plan = field.plan();
            let is_text = !matches!(plan.run, Run::Nothing);
            if is_text && self.put_plain(number, plan, text.as_bytes()).is_some() {
                return Ok(self);
            }
        }
        self.put_text(number, field, text)
    }

    /// Writes a number, with zeros on the left where the field has a fixed length.
    ///
    /// # Errors
    /// As [`Encoder::text`].
    pub fn number(&mut self, number: u16, value: u64) -> Result<&mut Self, Error> {
        let field = self.next_field(number)?;
        let mut digits = [0; 20];
        self.put(number, field, &Value::number(field, decimal(value, &mut digits)))
    }

    /// Writes a binary field, or text bytes in a charset of the network's own; short fixed-length text is filled with blanks on
    /// the right.
    ///
    /// # Errors
    /// As [`Encoder::text`]; [`ErrorKind::WrongValueType`] for another text field.
    #[inline]
    pub fn bytes(&mut self, number: u16, bytes: &[u8]) -> Result<&mut Self, Error> {
        let field = self.next_field(number)?;
        if WIDE {
            let plan = field.plan();
            let is_binary = matches!(plan.run, Run::Nothing);
            if is_binary && self.put_plain(number, plan, bytes).is_some() {
                return Ok(self);
            }
        }
        self.put(number, field, &Value::bytes(field, bytes))
    }

    /// Writes a field that is made of parts, part by part.
    ///
    /// Until it is done it takes the widest length prefix that it may have, which matters for BER in a buffer that is full.
    ///
    /// # Errors
    /// What `compose` returns; [`ErrorKind::WrongValueType`] where the field is not made of parts; else as
    /// [`Encoder::text`]. The message is then as it was.
    ///
    /// # Examples
    /// ```
    /// use iso8583_wire::dialect::iso87;
    /// # use iso8583_wire::{BitmapEncoding, Bitmaps, Class, Composite, Encoder, Field, Mti, MtiEncoding, Prefix, Spec, Tables, Tag};
    /// # static FIELDS: [Option<Field>; 129] =
    /// #     iso87::with(iso87::ASCII_FIELDS, 48, Field::variable(Class::Ans, Prefix::ascii(3), 999).composed(0));
    /// # static COMPOSITES: [Composite; 1] = [Composite::tagged(Tag::ascii(2), Prefix::ascii(2), 0..0)];
    /// # static SPEC: Spec = Spec::with_tables("example", MtiEncoding::Ascii, BitmapEncoding::Hex, Bitmaps::UpToTwo,
    /// #     Tables::of(&FIELDS).with_parts(&[], &COMPOSITES));
    /// let mut buffer = [0; 64];
    /// let mut request = Encoder::new(&SPEC, Mti::from_digits(b"0100")?, &mut buffer)?;
    /// // Field 48: parts with tags and lengths of two digits each.
    /// request.composite(48, |parts| {
    ///     parts.text(42, "0103210")?.text(61, "00001")?;
    ///     Ok(())
    /// })?;
    /// assert_eq!(request.finish(), b"0100000000000001000002042070103210610500001");
    /// # Ok::<(), iso8583_wire::Error>(())
    /// ```
    pub fn composite(
        &mut self,
        number: u16,
        compose: impl FnOnce(&mut Composer<'s, '_>) -> Result<(), Error>,
    ) -> Result<&mut Self, Error> {
        self.try_composite(number, compose)
    }

    /// Writes a field that is made of parts, with an error of the caller's own.
    ///
    /// # Errors
    /// As [`Encoder::composite`].
    pub fn try_composite<E: From<Error>>(
        &mut self,
        number: u16,
        compose: impl FnOnce(&mut Composer<'s, '_>) -> Result<(), E>,
    ) -> Result<&mut Self, E> {
        let field = self.next_field(number)?;
        let mut composer = self.composer(number, field)?;
        compose(&mut composer)?;
        let body = composer.len();
        self.close(number, field, body)?;
        Ok(self)
    }

    /// Writes a field of another message as it stands there, length prefix and padding included.
    ///
    /// # Errors
    /// [`ErrorKind::DefinitionMismatch`] where this dialect defines the field otherwise; else as [`Encoder::text`].
    pub fn copy(&mut self, from: &FieldRef<'_, '_>) -> Result<&mut Self, Error> {
        let number = from.number();
        let field = self.next_field(number)?;
        if from.is_part() || !from.is_written_as(self.spec, field) {
            return Err(self.error(ErrorKind::DefinitionMismatch, number));
        }
        let room = self.reserve(number, from.wire().len())?;
        if let Some(slot) = self.buffer.get_mut(room.at..room.end) {
            copy(slot, from.wire());
        }
        self.commit(number, &room);
        Ok(self)
    }

    /// Writes the bitmaps and gives the finished message.
    #[must_use]
    pub fn finish(self) -> &'b [u8] {
        let (buffer, end) = self.seal();
        buffer.get(..end).unwrap_or_default()
    }

    /// Ends the message with a message authentication code that is still to be computed.
    ///
    /// The code goes into field 64 where there is one bitmap, into field 128 where there are more, into field 192 where a
    /// field above 128 was written. A message that was read with a code still carries that one: take it out first.
    ///
    /// # Errors
    /// [`ErrorKind::UndefinedField`] where the dialect has no such field, [`ErrorKind::FieldOrder`] where it was
    /// written already, [`ErrorKind::WrongValueType`] where it is not one of bytes, of fixed length and without parts,
    /// [`ErrorKind::BufferTooSmall`], [`ErrorKind::MessageTooLong`].
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
    /// Source: ISO 8583:1987, data elements 64 and 128; ISO 8583:1993, 192.
    pub fn finish_with_mac(self) -> Result<Unsealed<'s, 'b>, Error> {
        let is_alone = self.last <= 64 && self.bitmaps == 1 && matches!(self.third, Third::None);
        let number = match self.last {
            _ if is_alone => 64,
            0..=128 => 128,
            _ => 192,
        };
        self.finish_with_mac_in(number)
    }

    /// Ends the message with a message authentication code in a field of the caller's choice, for networks that have their
    /// own.
    ///
    /// # Errors
    /// As [`Encoder::finish_with_mac`].
    pub fn finish_with_mac_in(mut self, number: u16) -> Result<Unsealed<'s, 'b>, Error> {
        let field = self.next_field(number)?;
        if number <= 64 && self.third.still_needs(0) > 0 {
            // The third bitmap comes behind, and nothing may come behind a code.
            return Err(self.error(ErrorKind::FieldOrder { after: 65 }, number));
        }
        let is_code = field.takes_bytes() && field.composite().is_none();
        let (Length::Fixed(length), true) = (field.length(), is_code) else {
            return Err(self.error(ErrorKind::WrongValueType, number));
        };
        let room = self.reserve(number, field.data_len(usize::from(length)))?;
        self.commit(number, &room);
        let covered = self.end.saturating_sub(room.end.saturating_sub(room.at));
        let (buffer, end) = self.seal();
        let message = buffer.get_mut(..end).unwrap_or_default();
        Ok(Unsealed::new(message, covered, field, number))
    }

    /// Whether a field was written.
    fn carries(&self, number: u16) -> bool {
        self.carried.contains(number)
    }

    /// The last field written.
    const fn last(&self) -> u16 {
        self.last
    }

    #[inline]
    fn next_field(&self, number: u16) -> Result<&'s Field, Error> {
        let Some(field) = self.spec.field(number) else {
            return Err(self.error(ErrorKind::UndefinedField, number));
        };
        if number <= self.last {
            return Err(self.error(ErrorKind::FieldOrder { after: self.last }, number));
        }
        Ok(field)
    }

    /// Writes a value of the most usual forms, ASCII or bytes as they are behind at most three ASCII digits; `None` where it
    /// is none of them or not in order, which the general way has to say.
    #[inline(always)]
    fn put_plain(&mut self, number: u16, plan: Plan, value: &[u8]) -> Option<()> {
        let limit = usize::from(plan.limit);
        if !plan.is_plain || value.len() > limit || number > 64 {
            return None;
        }
        let width = match plan.step {
            Step::Fixed if value.len() == limit => 0,
            Step::Ascii2 => 2,
            Step::Ascii3 => 3,
            _ => return None,
        };
        // Two u16 and a few: no overflow.
        let end = self.end.wrapping_add(value.len()).wrapping_add(width);
        if end > self.room || !plan.run.passes(value) {
            return None;
        }
        let mut rest = self.buffer.get_mut(self.end..)?;
        if width > 0 {
            let head;
            (head, rest) = rest.split_at_mut_checked(width)?;
            Prefix::write_ascii(value.len(), head);
        }
        copy(rest.get_mut(..value.len())?, value);
        self.carried.insert(number);
        (self.end, self.last) = (end, number);
        Some(())
    }

    #[inline(never)]
    fn put_text(&mut self, number: u16, field: &'s Field, text: &str) -> Result<&mut Self, Error> {
        self.put(number, field, &Value::text(field, text))
    }

    #[inline(never)]
    fn put(
        &mut self,
        number: u16,
        field: &'s Field,
        value: &Value<'_>,
    ) -> Result<&mut Self, Error> {
        let extent =
            wire::plan(field, Framing::Own, value).map_err(|kind| self.error(kind, number))?;
        let room = self.reserve(number, extent.total)?;
        let slot = self.buffer.get_mut(room.at..room.end).unwrap_or_default();
        wire::write(field, Framing::Own, value, extent, slot);
        if field.composite().is_some() {
            self.check_parts(number, field, extent, room.at)?;
        }
        self.commit(number, &room);
        Ok(self)
    }

    /// Checks the parts of a value that was written whole.
    fn check_parts(
        &self,
        number: u16,
        field: &'s Field,
        extent: Extent,
        at: usize,
    ) -> Result<(), Error> {
        let start = at.saturating_add(extent.head);
        let end = at.saturating_add(extent.total);
        let data = self.buffer.get(start..end).unwrap_or_default();
        check_value(self.spec, field, data, extent.count, true).map_err(|fault| {
            let fault = fault.within(number, start);
            Error::new(fault.kind, fault.offset, fault.path)
        })
    }

    /// What writes the parts of a field behind the place of its length prefix.
    fn composer(&mut self, number: u16, field: &'s Field) -> Result<Composer<'s, '_>, Error> {
        let Some(composite) = self.spec.made_of_parts(field) else {
            return Err(self.error(ErrorKind::WrongValueType, number));
        };
        let room = self.reserve(number, field.widest_head())?;
        let slot = self.buffer.get_mut(room.end..).unwrap_or_default();
        Composer::new(self.spec, composite, slot, room.end, Path::field(number))
    }

    /// Puts the length before the parts that were written and makes them part of the message.
    fn close(&mut self, number: u16, field: &'s Field, body: usize) -> Result<(), Error> {
        let extent =
            wire::fit(field, Framing::Own, body).map_err(|kind| self.error(kind, number))?;
        let widest = field.widest_head();
        let written = self.reserve(number, widest.saturating_add(body))?;
        let room = self.reserve(number, extent.total)?;
        let from = written.at.saturating_add(widest);
        // A BER length may turn out shorter than its place.
        if extent.head < widest {
            shift(self.buffer, from..written.end, room.at.saturating_add(extent.head));
        }
        let slot = self.buffer.get_mut(room.at..room.at.saturating_add(extent.head));
        wire::frame(field, Framing::Own, extent.count, slot.unwrap_or_default());
        self.commit(number, &room);
        Ok(())
    }

    /// Where a field of `total` bytes goes, and what has to move for it.
    #[inline]
    fn reserve(&self, number: u16, total: usize) -> Result<Room, Error> {
        let (mut shift, mut third) = (0, 0);
        if number > 64 {
            (shift, third) = self.bitmaps_for(number);
        }
        // The message so far is within a u16, a field within two: no overflow.
        let at = self.end.wrapping_add(shift).wrapping_add(third);
        let end = at.wrapping_add(total);
        let needed = end.wrapping_add(self.third.still_needs(third));
        if needed > MAX_LEN {
            return Err(self.error(ErrorKind::MessageTooLong, number));
        }
        if needed > self.buffer.len() {
            return Err(self.error(too_small(needed, self.buffer.len()), number));
        }
        Ok(Room { at, end, shift, third })
    }

    /// Makes a field that was written after `reserve` part of the message.
    #[inline]
    fn commit(&mut self, number: u16, room: &Room) {
        if room.shift > 0 || room.third > 0 {
            self.make_room(room);
        }
        if number > 64 && self.last <= 64 && room.third == 0 {
            self.above_64 = room.at;
        }
        self.end = room.end;
        self.carried.insert(number);
        self.last = number;
    }

    #[cold]
    fn error(&self, kind: ErrorKind, number: u16) -> Error {
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

/// The decimal digits of a number, without zeros on the left but for 0 itself.
pub(crate) fn decimal(value: u64, digits: &mut [u8; 20]) -> &str {
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
    // ASCII digits.
    core::str::from_utf8(digits.get(first..).unwrap_or_default()).unwrap_or_default()
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
        assert_eq!(decimal(0, &mut digits), "0");
        assert_eq!(decimal(1_020, &mut digits), "1020");
        assert_eq!(decimal(u64::MAX, &mut digits), "18446744073709551615");
    }

    #[test]
    fn too_small_from_the_start() {
        let mut buffer = [0; 9];
        let error = Encoder::new(&ISO87_BCD, Mti::from_digits(&SALE).unwrap(), &mut buffer);
        let kind = ErrorKind::BufferTooSmall { needed: 10, available: 9 };
        assert_eq!(error.unwrap_err().kind(), kind);
    }
}
