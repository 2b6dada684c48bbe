//! A message that was read, borrowed from its bytes.

mod fields;
mod partial;
mod walk;

pub use fields::Fields;
pub use partial::Partial;

use core::fmt;

use crate::wire::{MAX_LEN, bytes_u32};
use crate::{Bitmap, Bitmaps, Error, ErrorKind, FieldRef, Mti, Path, Spec, head};

/// A message whose every length, character and pad was checked once; reading a field is then
/// infallible and takes the same time for any field. Parts of a field are walked again, still without error.
///
/// Borrows the spec (`'s`) and the wire bytes (`'a`), allocates nothing, and is 440 bytes on a 64-bit machine
/// whatever the message: it keeps where each field starts. `Debug` and `Display` mask by sensitivity.
///
/// # Examples
/// ```
/// use iso8583_wire::{MessageRef, dialect::ISO87_ASCII};
///
/// // 0200, a bitmap with bits 3 and 4, a processing code, an amount.
/// let wire = b"02003000000000000000000000000000012345";
/// let message = MessageRef::parse(&ISO87_ASCII, wire)?;
/// assert_eq!(message.require(4)?.to_u64(), Some(12_345));
/// assert!(message.get(2).is_none());
/// # Ok::<(), iso8583_wire::Error>(())
/// ```
#[derive(Clone)]
pub struct MessageRef<'s, 'a> {
    spec: &'s Spec<'s>,
    bytes: &'a [u8],
    /// Bit 65 is set where it stands for a third bitmap among the fields, which takes a start as they do.
    carried: Bitmap,
    mti: Mti,
    /// How many bitmaps stand before the first field.
    bitmaps: u8,
    /// Whether this is all that the bitmaps announce.
    is_whole: bool,
    /// Where each carried field starts, in ascending order; then where the last one ends.
    starts: [u16; STARTS],
}

/// Data elements 2 to 192 and the end.
const STARTS: usize = 192;

impl<'s, 'a> MessageRef<'s, 'a> {
    /// Reads a message that fills all of `bytes`.
    ///
    /// # Errors
    /// The first fault: [`ErrorKind::Truncated`], [`ErrorKind::InvalidMti`], [`ErrorKind::InvalidBitmap`],
    /// [`ErrorKind::UndefinedField`], [`ErrorKind::InvalidLength`], [`ErrorKind::LengthBelowItself`],
    /// [`ErrorKind::LengthAboveMaximum`], [`ErrorKind::WrongLength`], [`ErrorKind::OddLength`],
    /// [`ErrorKind::InvalidCharacter`], [`ErrorKind::InvalidPad`]; and [`ErrorKind::MessageTooLong`] or
    /// [`ErrorKind::TrailingBytes`] for what `bytes` holds beyond.
    pub fn parse(spec: &'s Spec<'s>, bytes: &'a [u8]) -> Result<Self, Error> {
        Self::read::<true>(spec, bytes, Rest::Refused)
    }

    /// Reads a message that fills all of `bytes`, without a look at characters and pad nibbles.
    ///
    /// Lengths, bitmaps and the parts of fields are checked as ever. [`MessageRef::validate`] then visits every value
    /// that its class does not admit, where [`MessageRef::parse`] stops at the first.
    ///
    /// # Errors
    /// As [`MessageRef::parse`], but for [`ErrorKind::InvalidCharacter`] and [`ErrorKind::InvalidPad`].
    ///
    /// # Security
    /// Values may hold control characters and digits that are none: they are shown as U+FFFD, and read as they are.
    pub fn parse_structure(spec: &'s Spec<'s>, bytes: &'a [u8]) -> Result<Self, Error> {
        Self::read::<false>(spec, bytes, Rest::Refused)
    }

    /// Reads a message at the start of `bytes` and hands back what follows it.
    ///
    /// # Errors
    /// As [`MessageRef::parse`], but for bytes left over.
    pub fn parse_prefix(spec: &'s Spec<'s>, bytes: &'a [u8]) -> Result<(Self, &'a [u8]), Error> {
        let message = Self::read::<true>(spec, bytes, Rest::HandedBack)?;
        let rest = bytes.get(message.bytes.len()..).unwrap_or_default();
        Ok((message, rest))
    }

    fn read<const CLASSES: bool>(
        spec: &'s Spec<'s>,
        bytes: &'a [u8],
        after: Rest,
    ) -> Result<Self, Error> {
        if let (Rest::Refused, Some(error)) = (&after, partial::too_long(bytes)) {
            return Err(error);
        }
        let message = bytes.get(..MAX_LEN).unwrap_or(bytes);
        let head = head::read(spec, message)?;
        let carried = Bitmap::from_words(head.words);
        // Filled where it is handed over: it is large to move.
        let mut read = Ok(Self {
            spec,
            bytes,
            carried,
            mti: head.mti,
            bitmaps: head.bitmaps,
            is_whole: true,
            starts: [0; STARTS],
        });
        if let Ok(message_ref) = &mut read
            && let Err(error) = message_ref.fill::<CLASSES>(message, head.len, after)
        {
            read = Err(error);
        }
        read
    }

    /// Finds and checks the fields, and with them the end of the message.
    #[inline]
    fn fill<const CLASSES: bool>(
        &mut self,
        message: &'a [u8],
        start: usize,
        after: Rest,
    ) -> Result<(), Error> {
        let bytes = self.bytes;
        let end = match self.walk_fast::<CLASSES>(message, start) {
            Some(end) => end,
            // The slow walk knows every form, and what is wrong.
            None => self.walk::<CLASSES>(message, start)?,
        };
        if end != bytes.len() {
            self.bytes = bytes.get(..end).unwrap_or(bytes);
            if matches!(after, Rest::Refused) {
                return Err(self.left_over(bytes));
            }
        }
        Ok(())
    }

    /// The error for the bytes that follow the message.
    #[cold]
    fn left_over(&self, bytes: &[u8]) -> Error {
        let end = self.bytes.len();
        let kind = ErrorKind::TrailingBytes { count: bytes_u32(bytes.len().saturating_sub(end)) };
        Error::new(kind, end, self.last_path())
    }

    /// The message type indicator.
    #[inline]
    #[must_use]
    pub const fn mti(&self) -> Mti {
        self.mti
    }

    /// The dialect that the message was read under.
    #[inline]
    #[must_use]
    pub const fn spec(&self) -> &'s Spec<'s> {
        self.spec
    }

    /// The bytes of the message.
    #[inline]
    #[must_use]
    pub const fn wire(&self) -> &'a [u8] {
        self.bytes
    }

    /// The data elements that the message carries.
    #[must_use]
    pub fn carried(&self) -> Bitmap {
        let mut carried = self.carried;
        if self.has_third_among_fields() {
            carried.remove(65);
        }
        carried
    }

    /// Whether bit 65 stands for a bitmap among the fields.
    #[inline]
    fn has_third_among_fields(&self) -> bool {
        matches!(self.spec.bitmaps(), Bitmaps::UpToThreeInField65) && self.carried.contains(65)
    }

    /// A data element, or a part of one, if the message carries it: `get(4)`, `get([48, 42])`.
    ///
    /// Of parts with the same number it is the first; [`FieldRef::parts`] has all of them.
    #[inline]
    #[must_use]
    pub fn get(&self, path: impl Into<Path>) -> Option<FieldRef<'s, 'a>> {
        let path = path.into();
        match path.only() {
            Some(number) => self.top(number),
            None => self.get_part(path),
        }
    }

    #[inline]
    fn top(&self, number: u16) -> Option<FieldRef<'s, 'a>> {
        if !self.carried.contains(number) {
            return None;
        }
        self.field_at(number, self.carried.rank(number))
    }

    fn get_part(&self, path: Path) -> Option<FieldRef<'s, 'a>> {
        let (number, parts) = path.split()?;
        self.top(number)?.descend(parts)
    }

    /// A data element, or a part of one, that the message has to carry.
    ///
    /// # Errors
    /// [`ErrorKind::MissingField`] with the path.
    pub fn require(&self, path: impl Into<Path>) -> Result<FieldRef<'s, 'a>, Error> {
        let path = path.into();
        self.get(path).ok_or_else(|| Error::new(ErrorKind::MissingField, self.bytes.len(), path))
    }

    /// The data elements in ascending order.
    #[must_use]
    pub fn iter(&self) -> Fields<'_, 's, 'a> {
        Fields::of(self)
    }

    /// The message authentication code, if the message ends in one: field 64, 128 or 192, the last of the message.
    ///
    /// A field 64 that others follow is no code over this message, so it is not handed out here. The
    /// code's bytes are [`FieldRef::copy_bytes`]'s in any dialect, and [`FieldRef::data`] where binary fields are
    /// written as bytes.
    ///
    /// Source: ISO 8583:1987, data elements 64 and 128; ISO 8583:1993, 192.
    #[must_use]
    pub fn mac(&self) -> Option<FieldRef<'s, 'a>> {
        match self.carried.last() {
            // What was read in part may have ended in something else.
            _ if !self.is_whole => None,
            Some(number @ (64 | 128 | 192)) => self.get(number),
            _ => None,
        }
    }

    /// The bytes that the message authentication code covers: all before field 64, 128 or 192.
    ///
    /// `None` where the message does not end in one; see [`MessageRef::mac`].
    ///
    /// # Security
    /// Verify the code before you believe anything else of the message.
    #[must_use]
    pub fn mac_input(&self) -> Option<&'a [u8]> {
        let mac = self.mac()?;
        self.bytes.get(..self.bytes.len().checked_sub(mac.wire().len())?)
    }

    /// The bitmaps before the first field as they stand there, and the third one where it stands among the fields.
    #[cfg(feature = "alloc")]
    pub(crate) fn bitmaps(&self) -> (&'a [u8], Option<&'a [u8]>) {
        let start = self.spec.mti_encoding().width();
        let width = self.spec.bitmap_encoding().width();
        let end = start.saturating_add(width.saturating_mul(self.bitmaps.into()));
        let third = if self.has_third_among_fields() {
            let at = self.starts.get(self.carried.rank(65)).map_or(0, |at| usize::from(*at));
            self.bytes.get(at..at.saturating_add(width))
        } else {
            None
        };
        (self.bytes.get(start..end).unwrap_or_default(), third)
    }

    #[inline]
    fn field_at(&self, number: u16, rank: usize) -> Option<FieldRef<'s, 'a>> {
        let start = usize::from(*self.starts.get(rank)?);
        let end = usize::from(*self.starts.get(rank.checked_add(1)?)?);
        FieldRef::new(self.spec, number, self.spec.field(number)?, self.bytes.get(start..end)?)
    }

    /// The path of the last item.
    fn last_path(&self) -> Path {
        match (self.carried.last(), self.bitmaps) {
            (Some(number), _) => Path::field(number),
            (None, 1) => Path::BITMAP,
            (None, 2) => Path::field(1),
            (None, _) => Path::field(65),
        }
    }
}

/// What becomes of bytes after the message.
enum Rest {
    Refused,
    HandedBack,
}

#[inline]
#[allow(clippy::cast_possible_truncation, reason = "no more than MAX_LEN")]
const fn offset_u16(at: usize) -> u16 {
    at as u16
}

impl<'m, 's, 'a> IntoIterator for &'m MessageRef<'s, 'a> {
    type Item = FieldRef<'s, 'a>;
    type IntoIter = Fields<'m, 's, 'a>;

    fn into_iter(self) -> Fields<'m, 's, 'a> {
        self.iter()
    }
}

/// The message type indicator and every field, masked by sensitivity.
impl fmt::Display for MessageRef<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.mti)?;
        self.iter().try_for_each(|field| write!(f, " {}={field}", field.number()))
    }
}

impl fmt::Debug for MessageRef<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MessageRef({self})")
    }
}

#[cfg(feature = "defmt")]
impl defmt::Format for MessageRef<'_, '_> {
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(f, "{}", defmt::Display2Format(self));
    }
}

#[cfg(test)]
mod tests {
    extern crate alloc;
    use alloc::format;
    use alloc::string::ToString;
    use alloc::vec::Vec;

    use super::*;
    use crate::dialect::{ISO87_ASCII, ISO87_BCD};
    use crate::{BitmapEncoding, Encoder, MtiEncoding};

    fn mti(text: &str) -> Mti {
        text.parse().unwrap()
    }

    fn purchase(buffer: &mut [u8]) -> &[u8] {
        let mut encoder = Encoder::new(&ISO87_BCD, mti("0200"), buffer).unwrap();
        encoder.text(2, "4111111111111111").unwrap();
        encoder.number(4, 1999).unwrap();
        encoder.text(35, "4111111111111111=28122010000000000").unwrap();
        encoder.text(41, "TERM0001").unwrap();
        encoder.bytes(52, &[0xA5; 8]).unwrap();
        encoder.finish()
    }

    #[test]
    fn fields_in_any_order() {
        let mut buffer = [0; 128];
        let wire = purchase(&mut buffer);
        let message = MessageRef::parse(&ISO87_BCD, wire).unwrap();
        assert_eq!(message.mti(), mti("0200"));
        assert_eq!(message.carried().iter().collect::<Vec<_>>(), [2, 4, 35, 41, 52]);
        assert_eq!(message.get(41).unwrap().as_str(), Some("TERM0001"));
        assert_eq!(message.get(4).unwrap().to_u64(), Some(1999));
        assert_eq!(message.get(52).unwrap().as_bytes(), Some(&[0xA5; 8][..]));
        assert!(message.get(2).unwrap() == "4111111111111111");
        assert_eq!(message.iter().count(), 5);
        assert!([0, 1, 3, 64, 65, 128, 193, 255].into_iter().all(|n| message.get(n).is_none()));
        assert_eq!(message.require(11).unwrap_err().kind(), ErrorKind::MissingField);
    }

    #[test]
    fn neither_debug_nor_display_shows_a_card() {
        let mut buffer = [0; 128];
        let message = MessageRef::parse(&ISO87_BCD, purchase(&mut buffer)).unwrap();
        let shown = "0200 2=411111******1111 4=000000001999 35=[track, length 34] 41=TERM0001 52=[pin, length 8]";
        assert_eq!(message.to_string(), shown);
        assert_eq!(format!("{message:?}"), format!("MessageRef({shown})"));
    }

    #[test]
    fn what_follows_is_handed_back_or_refused() {
        let mut buffer = [0; 128];
        let length = purchase(&mut buffer).len();
        let (message, rest) = MessageRef::parse_prefix(&ISO87_BCD, &buffer[..length + 3]).unwrap();
        assert_eq!((message.wire().len(), rest), (length, &[0; 3][..]));
        let error = MessageRef::parse(&ISO87_BCD, &buffer[..length + 3]).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::TrailingBytes { count: 3 });
        assert_eq!((error.offset(), error.path()), (bytes_u32(length), Path::field(52)));
    }

    #[test]
    fn leftovers_after_the_bitmaps_name_the_bitmap() {
        let at = |text: &str| {
            let error = MessageRef::parse(&ISO87_ASCII, text.as_bytes()).unwrap_err();
            (error.path().to_string(), error.offset())
        };
        assert_eq!(at("02100000000000000000extra"), ("bitmap".into(), 20));
        assert_eq!(at("021080000000000000000000000000000000extra"), ("1".into(), 36));
        assert_eq!(at("0210800000000000000000000000"), ("1".into(), 20));
        assert_eq!(at("0210000000000000000g"), ("bitmap".into(), 4));
        assert_eq!(at("02"), ("mti".into(), 0));
        // Bit 65 is a data element of its own in this dialect; bit 1 alone announces nothing.
        let empty = b"021080000000000000000000000000000000";
        assert!(MessageRef::parse(&ISO87_ASCII, empty).unwrap().carried().is_empty());
    }

    #[test]
    fn only_a_last_field_is_a_code() {
        let mut buffer = [0; 64];
        let mut encoder = Encoder::new(&ISO87_BCD, mti("0200"), &mut buffer).unwrap();
        encoder.number(11, 1).unwrap().bytes(64, &[7; 8]).unwrap();
        let wire = encoder.finish().to_vec();
        let message = MessageRef::parse(&ISO87_BCD, &wire).unwrap();
        assert_eq!(message.mac().unwrap().as_bytes(), Some(&[7; 8][..]));
        assert_eq!(message.mac_input(), wire.get(..wire.len() - 8));
        let mut encoder = Encoder::new(&ISO87_BCD, mti("0200"), &mut buffer).unwrap();
        encoder.number(11, 1).unwrap().bytes(64, &[7; 8]).unwrap().number(70, 1).unwrap();
        let message = MessageRef::parse(&ISO87_BCD, encoder.finish()).unwrap();
        assert!(message.mac().is_none() && message.mac_input().is_none());
    }

    #[test]
    fn the_longest_message() {
        use crate::{Class, Field, Prefix};
        let table = [None, None, Some(Field::variable(Class::Ans, Prefix::ascii(5), u16::MAX))];
        let spec = Spec::new("long", MtiEncoding::Ascii, BitmapEncoding::Binary, &table);
        let mut buffer = alloc::vec![0; MAX_LEN + 1];
        let longest = "x".repeat(MAX_LEN - 4 - 8 - 5);
        let mut encoder = Encoder::new(&spec, mti("0200"), &mut buffer).unwrap();
        let too_long = encoder.text(2, &alloc::format!("{longest}x")).unwrap_err();
        assert_eq!(too_long.kind(), ErrorKind::MessageTooLong);
        encoder.text(2, &longest).unwrap();
        let mut wire = encoder.finish().to_vec();
        assert_eq!(wire.len(), MAX_LEN);
        assert_eq!(MessageRef::parse(&spec, &wire).unwrap().get(2).unwrap().count(), longest.len());
        wire.push(b'x');
        let too_long = MessageRef::parse(&spec, &wire).unwrap_err();
        assert_eq!(too_long.kind(), ErrorKind::MessageTooLong);
        assert_eq!(MessageRef::parse_prefix(&spec, &wire).unwrap().1, b"x");
    }

    #[test]
    fn the_view_is_small() {
        assert!(size_of::<MessageRef<'_, '_>>() <= 440, "{}", size_of::<MessageRef<'_, '_>>());
    }
}
