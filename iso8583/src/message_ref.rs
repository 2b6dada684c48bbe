//! A message that was read, borrowed from its bytes.

use core::fmt;

use crate::bitmap::Numbers;
use crate::wire::{self, bytes_u32, hex_value};
use crate::{Bitmap, BitmapEncoding, Error, ErrorKind, FieldRef, Mti, MtiEncoding, Path, Spec};

/// A message whose every length, character and pad was checked once; reading a field is then
/// infallible and takes the same time for any field.
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
    carried: Bitmap,
    mti: Mti,
    /// Where each carried field starts, in ascending order; then where the last one ends.
    starts: [u16; STARTS],
}

/// Data elements 2 to 192 and the end.
const STARTS: usize = 192;

/// The longest message, so that an offset fits a u16.
const MAX_LEN: usize = 65_535;

impl<'s, 'a> MessageRef<'s, 'a> {
    /// Reads a message that fills all of `bytes`.
    ///
    /// # Errors
    /// The first fault: [`ErrorKind::Truncated`], [`ErrorKind::InvalidMti`], [`ErrorKind::InvalidBitmap`],
    /// [`ErrorKind::UndefinedField`], [`ErrorKind::InvalidLength`], [`ErrorKind::LengthAboveMaximum`],
    /// [`ErrorKind::InvalidCharacter`], [`ErrorKind::InvalidPad`]; and [`ErrorKind::MessageTooLong`] or
    /// [`ErrorKind::TrailingBytes`] for what `bytes` holds beyond.
    pub fn parse(spec: &'s Spec<'s>, bytes: &'a [u8]) -> Result<Self, Error> {
        if bytes.len() > MAX_LEN {
            return Err(Error::new(ErrorKind::MessageTooLong, MAX_LEN, Path::MTI));
        }
        Self::read(spec, bytes, Rest::Refused)
    }

    /// Reads a message at the start of `bytes` and hands back what follows it.
    ///
    /// # Errors
    /// As [`MessageRef::parse`], but for bytes left over.
    pub fn parse_prefix(spec: &'s Spec<'s>, bytes: &'a [u8]) -> Result<(Self, &'a [u8]), Error> {
        let message = Self::read(spec, bytes, Rest::HandedBack)?;
        let rest = bytes.get(message.bytes.len()..).unwrap_or_default();
        Ok((message, rest))
    }

    fn read(spec: &'s Spec<'s>, bytes: &'a [u8], after: Rest) -> Result<Self, Error> {
        let message = bytes.get(..MAX_LEN).unwrap_or(bytes);
        let (mti, mut at) = read_mti(spec.mti_encoding(), message)?;
        let width = spec.bitmap_encoding().width();
        let mut words = [0; 3];
        let [primary, secondary, _] = &mut words;
        *primary = read_bitmap(spec.bitmap_encoding(), message, at, Path::BITMAP)?;
        at = at.saturating_add(width);
        if *primary & ANNOUNCED != 0 {
            *secondary = read_bitmap(spec.bitmap_encoding(), message, at, Path::field(1))?;
            at = at.saturating_add(width);
            *primary &= !ANNOUNCED;
        }
        let carried = Bitmap::from_words(words);
        // Filled where it stands: it is large to move.
        let mut read = Self { spec, bytes, carried, mti, starts: [0; STARTS] };
        let mut slots = read.starts.iter_mut();
        let mut rest = message.get(at..).unwrap_or_default();
        for number in carried.iter() {
            // What is left is the end of the message.
            at = message.len().wrapping_sub(rest.len());
            if let Some(slot) = slots.next() {
                *slot = offset_u16(at);
            }
            let Some(field) = spec.field(number) else {
                return Err(Error::new(ErrorKind::UndefinedField, at, Path::field(number)));
            };
            rest = wire::skip_checked(field, rest).map_err(|fault| {
                let offset = at.saturating_add(fault.offset);
                Error::new(fault.kind, offset, Path::field(number))
            })?;
        }
        at = message.len().wrapping_sub(rest.len());
        if let Some(slot) = slots.next() {
            *slot = offset_u16(at);
        }
        if at != bytes.len() {
            read.bytes = bytes.get(..at).unwrap_or(bytes);
            if matches!(after, Rest::Refused) {
                return Err(read.left_over(bytes));
            }
        }
        Ok(read)
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
    #[inline]
    #[must_use]
    pub const fn carried(&self) -> Bitmap {
        self.carried
    }

    /// A data element, if the message carries it.
    #[inline]
    #[must_use]
    pub fn get(&self, number: u8) -> Option<FieldRef<'s, 'a>> {
        if !self.carried.contains(number) {
            return None;
        }
        let rank = self.carried.rank(number);
        self.field_at(number, rank)
    }

    /// A data element that the message has to carry.
    ///
    /// # Errors
    /// [`ErrorKind::MissingField`] with the field's number as path.
    pub fn require(&self, number: u8) -> Result<FieldRef<'s, 'a>, Error> {
        self.get(number).ok_or_else(|| {
            Error::new(ErrorKind::MissingField, self.bytes.len(), Path::field(number))
        })
    }

    /// The data elements in ascending order.
    #[must_use]
    pub fn iter(&self) -> Fields<'_, 's, 'a> {
        Fields { message: self, numbers: self.carried.iter(), rank: 0 }
    }

    /// The message authentication code, if the message ends in one: field 64 or 128, the last of the message.
    ///
    /// A field 64 that others follow is no code over this message, so it is not handed out here. The
    /// code's bytes are [`FieldRef::copy_bytes`]'s in any dialect, and [`FieldRef::data`] where binary fields are
    /// written as bytes.
    ///
    /// Source: ISO 8583:1987, data elements 64 and 128.
    #[must_use]
    pub fn mac(&self) -> Option<FieldRef<'s, 'a>> {
        match self.carried.iter().last() {
            Some(number @ (64 | 128)) => self.get(number),
            _ => None,
        }
    }

    /// The bytes that the message authentication code covers: all before field 64 or 128.
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

    #[inline]
    fn field_at(&self, number: u8, rank: usize) -> Option<FieldRef<'s, 'a>> {
        let start = usize::from(*self.starts.get(rank)?);
        let end = usize::from(*self.starts.get(rank.checked_add(1)?)?);
        FieldRef::new(number, self.spec.field(number)?, self.bytes.get(start..end)?)
    }

    fn last_path(&self) -> Path {
        let secondary = self.spec.bitmap_encoding().width().saturating_mul(2);
        let fixed_part = self.spec.mti_encoding().width().saturating_add(secondary);
        match self.carried.iter().last() {
            Some(number) => Path::field(number),
            None if self.bytes.len() >= fixed_part => Path::field(1),
            None => Path::BITMAP,
        }
    }
}

/// What becomes of bytes after the message.
enum Rest {
    Refused,
    HandedBack,
}

/// Bit 1 of the primary bitmap: a secondary one follows.
const ANNOUNCED: u64 = 1 << 63;

#[inline]
fn offset_u16(at: usize) -> u16 {
    // No more than MAX_LEN.
    u16::try_from(at).unwrap_or(u16::MAX)
}

#[inline]
fn read_mti(encoding: MtiEncoding, bytes: &[u8]) -> Result<(Mti, usize), Error> {
    let width = encoding.width();
    let digits = match (encoding, bytes) {
        (MtiEncoding::Ascii, [a, b, c, d, ..]) => [*a, *b, *c, *d],
        (MtiEncoding::Bcd, [first, second, ..]) => {
            [first >> 4, first & 0x0F, second >> 4, second & 0x0F].map(|nibble| nibble | b'0')
        }
        _ => return Err(truncated(width, bytes.len(), 0, Path::MTI)),
    };
    Ok((Mti::from_digits(&digits)?, width))
}

#[inline]
fn read_bitmap(
    encoding: BitmapEncoding,
    bytes: &[u8],
    at: usize,
    path: Path,
) -> Result<u64, Error> {
    let rest = bytes.get(at..).unwrap_or_default();
    match encoding {
        BitmapEncoding::Binary => match rest.first_chunk::<8>() {
            Some(chunk) => Ok(u64::from_be_bytes(*chunk)),
            None => Err(truncated(8, rest.len(), at, path)),
        },
        BitmapEncoding::Hex => match rest.first_chunk::<16>() {
            Some(chunk) => chunk
                .iter()
                .try_fold(0, |bits, digit| Some(bits << 4 | u64::from(hex_value(*digit)?)))
                .ok_or_else(|| Error::new(ErrorKind::InvalidBitmap, at, path)),
            None => Err(truncated(16, rest.len(), at, path)),
        },
    }
}

#[cold]
fn truncated(needed: usize, available: usize, offset: usize, path: Path) -> Error {
    let kind = ErrorKind::Truncated { needed: bytes_u32(needed), available: bytes_u32(available) };
    Error::new(kind, offset, path)
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

/// The data elements of a message in ascending order; see [`MessageRef::iter`].
#[derive(Clone, Debug)]
pub struct Fields<'m, 's, 'a> {
    message: &'m MessageRef<'s, 'a>,
    numbers: Numbers,
    rank: usize,
}

impl<'s, 'a> Iterator for Fields<'_, 's, 'a> {
    type Item = FieldRef<'s, 'a>;

    fn next(&mut self) -> Option<FieldRef<'s, 'a>> {
        let number = self.numbers.next()?;
        let rank = self.rank;
        self.rank = rank.saturating_add(1);
        self.message.field_at(number, rank)
    }
}

#[cfg(test)]
mod tests {
    extern crate alloc;
    use alloc::format;
    use alloc::string::ToString;
    use alloc::vec::Vec;

    use super::*;
    use crate::Encoder;
    use crate::dialect::{ISO87_ASCII, ISO87_BCD};

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
