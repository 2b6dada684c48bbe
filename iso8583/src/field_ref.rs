//! One data element of a message that was read.

use crate::copy::copy;
use core::fmt;

use crate::characters::Characters;
use crate::charset::Page;
use crate::field::Step;
use crate::parts::{Part, Parts};
use crate::wire::{self, Extent, Framing};
use crate::words::WIDE;
use crate::{
    Class, Encoding, Error, ErrorKind, Field, Layout, Length, Path, Sensitivity, Spec, TagEncoding,
    mask,
};

/// One data element of a message, or a part of one: its definition is borrowed from the spec, its value from the message's
/// bytes.
///
/// `Debug` and `Display` show what the field's [`Sensitivity`](crate::Sensitivity) allows; [`FieldRef::exposed`] shows
/// the value whatever it is.
#[derive(Clone, Copy)]
pub struct FieldRef<'s, 'a> {
    spec: &'s Spec<'s>,
    field: &'s Field,
    wire: &'a [u8],
    extent: Extent,
    number: u16,
    framing: Framing,
    is_part: bool,
    /// Its own, or that of what holds it where that is stricter.
    sensitivity: Sensitivity,
}

impl<'s, 'a> FieldRef<'s, 'a> {
    /// Takes bytes that hold exactly this field, prefix and value, and were checked before.
    #[inline]
    pub(crate) fn new(
        spec: &'s Spec<'s>,
        number: u16,
        field: &'s Field,
        wire: &'a [u8],
    ) -> Option<Self> {
        let total = wire.len();
        let (step, halves) = if WIDE {
            let plan = field.plan();
            (plan.step, plan.halves)
        } else {
            (Step::General, 0)
        };
        let extent = match (step, field.length()) {
            (_, Length::Fixed(count)) => Extent { head: 0, count: count.into(), total },
            // As many units as bytes.
            (Step::Ascii2, _) if halves == 2 => {
                Extent { head: 2, count: total.saturating_sub(2), total }
            }
            (Step::Ascii3, _) if halves == 2 => {
                Extent { head: 3, count: total.saturating_sub(3), total }
            }
            _ => wire::skip(field, wire).ok()?,
        };
        let (framing, sensitivity) = (Framing::Own, field.sensitivity());
        Some(Self { spec, field, wire, extent, number, framing, is_part: false, sensitivity })
    }

    /// A part of a value that may reveal no more than `outer`.
    pub(crate) const fn of_part(
        spec: &'s Spec<'s>,
        part: &Part<'s, 'a>,
        outer: Sensitivity,
    ) -> Self {
        let Part { number, field, framing, wire, extent, .. } = *part;
        let sensitivity = outer.within(field.sensitivity());
        Self { spec, field, wire, extent, number, framing, is_part: true, sensitivity }
    }

    /// The data element's number; of a part its place, its bit or its tag. 65,535 stands for a tag that is no number.
    #[inline]
    #[must_use]
    pub const fn number(&self) -> u16 {
        self.number
    }

    /// The data element's definition.
    #[inline]
    #[must_use]
    pub const fn definition(&self) -> &'s Field {
        self.field
    }

    /// What the value may reveal: what its definition says, or that of a field that it is a part of where that is stricter.
    /// BER-TLV is never public.
    #[must_use]
    pub fn sensitivity(&self) -> Sensitivity {
        match (self.sensitivity, self.layout()) {
            (Sensitivity::Public, Some(Layout::BerTlv)) => Sensitivity::Opaque,
            (sensitivity, _) => sensitivity,
        }
    }

    /// The length in the field's unit: characters, digits or bytes.
    #[inline]
    #[must_use]
    pub const fn count(&self) -> usize {
        self.extent.count
    }

    /// The bytes on the wire, tag and length prefix included.
    #[inline]
    #[must_use]
    pub const fn wire(&self) -> &'a [u8] {
        self.wire
    }

    /// The bytes of the value on the wire, without tag and length prefix, with its padding.
    #[inline]
    #[must_use]
    pub fn data(&self) -> &'a [u8] {
        self.wire.get(self.extent.head..).unwrap_or_default()
    }

    /// The tag of a part as it stands on the wire.
    #[must_use]
    pub fn tag(&self) -> Option<&'a [u8]> {
        match self.framing {
            Framing::Own => None,
            Framing::Tagged(tag, _) => self.wire.get(..tag.width().into()),
        }
    }

    /// What the data element is called where it stands: its number, or its tag as it is written: the characters or
    /// digits of the tag, or its bytes in hexadecimal.
    #[must_use]
    pub const fn label(&self) -> Label<'s, 'a> {
        Label(*self)
    }

    /// Whether the value is made of parts that are told apart here.
    pub(crate) fn is_made_of_parts(&self) -> bool {
        self.spec.made_of_parts(self.field).is_some()
    }

    /// How the value is made of parts, if it is; BER-TLV is [`Layout::BerTlv`] and has no parts here.
    #[must_use]
    pub fn layout(&self) -> Option<Layout> {
        Some(self.spec.composite(self.field)?.layout())
    }

    /// The parts of the value in the order in which they stand there, repeated ones and unknown ones too; none where it is
    /// not made of parts.
    #[must_use]
    pub fn parts(&self) -> Parts<'s, 'a> {
        Parts::of(self.spec, self)
    }

    /// The first part with this number.
    #[must_use]
    pub fn part(&self, number: u16) -> Option<Self> {
        self.parts().find(|part| part.number == number)
    }

    /// The part that the numbers lead to.
    pub(crate) fn descend(&self, numbers: &[u16]) -> Option<Self> {
        numbers.iter().try_fold(*self, |field, number| field.part(*number))
    }

    /// Whether it stands on the wire as `spec` writes a data element or part of this definition.
    pub(crate) fn is_written_as(&self, spec: &Spec<'_>, field: &Field) -> bool {
        let (ours, theirs) = (self.spec.tables(), spec.tables());
        let is_same = core::ptr::eq(self.field, field)
            && core::ptr::eq(ours.composites, theirs.composites)
            && core::ptr::eq(ours.subfields, theirs.subfields);
        is_same || self.spec.writes_as(self.field, spec, field)
    }

    /// Whether it is a part of a data element.
    pub(crate) const fn is_part(&self) -> bool {
        self.is_part
    }

    /// Whether tag and length are written in this way.
    pub(crate) fn is_framed_as(&self, framing: Framing) -> bool {
        self.framing == framing
    }

    /// The bytes before the bitmap of the value's parts, where the spec says that there are some.
    #[must_use]
    pub fn header(&self) -> &'a [u8] {
        match self.layout() {
            Some(Layout::Bitmapped { header, .. }) => {
                self.data().get(..header.into()).unwrap_or_default()
            }
            _ => &[],
        }
    }

    /// The value where it stands on the wire as text: in ASCII, or in raw text that is nothing else.
    #[inline]
    #[must_use]
    pub fn as_str(&self) -> Option<&'a str> {
        match self.field.encoding() {
            Encoding::Ascii => core::str::from_utf8(self.data()).ok(),
            Encoding::Raw if self.data().is_ascii() => core::str::from_utf8(self.data()).ok(),
            _ => None,
        }
    }

    /// The value where it stands on the wire as bytes: a binary one, or raw text.
    #[inline]
    #[must_use]
    pub fn as_bytes(&self) -> Option<&'a [u8]> {
        match self.field.encoding() {
            Encoding::Binary | Encoding::Raw => Some(self.data()),
            _ => None,
        }
    }

    /// The value's characters in any encoding; a binary value as upper-case hexadecimal digits.
    ///
    /// BCD digits come without their pad nibble, the separator in track data as `=`, zoned decimal with its sign letter
    /// in front. Of raw text, what is not ASCII comes as U+FFFD, a byte each: its charset is not known here.
    #[must_use]
    pub fn characters(&self) -> Characters<'a> {
        Characters::new(self.field, self.data(), self.extent.count)
    }

    /// The value of a numeric field, 0 where it is empty; `None` for another class, nibbles above 9, and above 2⁶⁴ - 1.
    #[must_use]
    pub fn to_u64(&self) -> Option<u64> {
        if !matches!(self.field.class(), Class::N) {
            return None;
        }
        self.characters().try_fold(0_u64, |value, digit| {
            value.checked_mul(10)?.checked_add(u64::from(digit.to_digit(10)?))
        })
    }

    /// Copies the value's characters into a buffer as UTF-8, in any encoding.
    ///
    /// # Errors
    /// [`ErrorKind::BufferTooSmall`]; the buffer is then as it was.
    pub fn copy_text<'b>(&self, buffer: &'b mut [u8]) -> Result<&'b str, Error> {
        let needed = self.characters().map(char::len_utf8).fold(0, usize::saturating_add);
        let slot = self.slot(needed, buffer)?;
        let mut rest = &mut *slot;
        for character in self.characters() {
            let Some((here, after)) = rest.split_at_mut_checked(character.len_utf8()) else {
                break;
            };
            put_utf8(character, here);
            rest = after;
        }
        Ok(core::str::from_utf8(slot).unwrap_or_default())
    }

    /// Copies a binary value or raw text into a buffer, in any encoding.
    ///
    /// # Errors
    /// [`ErrorKind::WrongValueType`] where the field is neither, [`ErrorKind::BufferTooSmall`],
    /// [`ErrorKind::InvalidCharacter`] where characters were not looked at and hexadecimal text is none; the buffer is then
    /// as it was.
    pub fn copy_bytes<'b>(&self, buffer: &'b mut [u8]) -> Result<&'b [u8], Error> {
        let raw = self.as_bytes();
        if raw.is_none() && !self.field.is_binary() {
            return Err(self.error(ErrorKind::WrongValueType));
        }
        if let Some(bytes) = raw {
            let slot = self.slot(bytes.len(), buffer)?;
            copy(slot, bytes);
            return Ok(slot);
        }
        wire::check(self.field, self.data(), self.count()).map_err(|kind| self.error(kind))?;
        let characters = self.characters();
        let slot = self.slot(characters.len() / 2, buffer)?;
        let digit = |c| u8::try_from(c).ok().and_then(crate::length::hex_value);
        let mut nibbles = characters.map(|c| digit(c).unwrap_or(0));
        for to in slot.iter_mut() {
            let (high, low) = (nibbles.next().unwrap_or(0), nibbles.next().unwrap_or(0));
            *to = high << 4 | low;
        }
        Ok(slot)
    }

    fn slot<'b>(&self, needed: usize, buffer: &'b mut [u8]) -> Result<&'b mut [u8], Error> {
        let available = buffer.len();
        buffer.get_mut(..needed).ok_or_else(|| {
            let (needed, available) = (wire::bytes_u32(needed), wire::bytes_u32(available));
            self.error(ErrorKind::BufferTooSmall { needed, available })
        })
    }

    fn error(&self, kind: ErrorKind) -> Error {
        Error::new(kind, 0, Path::from([self.number]))
    }

    /// The value in the clear, for `Display`.
    ///
    /// # Security
    /// Shows card numbers, tracks and PIN blocks. Keep it out of logs.
    #[must_use]
    pub const fn exposed(&self) -> Exposed<'s, 'a> {
        Exposed(*self)
    }
}

/// Compares the value's characters; not in constant time.
impl PartialEq<str> for FieldRef<'_, '_> {
    fn eq(&self, text: &str) -> bool {
        self.characters().eq(text.chars())
    }
}

/// Compares the value's characters; not in constant time.
impl PartialEq<&str> for FieldRef<'_, '_> {
    fn eq(&self, text: &&str) -> bool {
        *self == **text
    }
}

impl fmt::Display for FieldRef<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        mask::write(f, self)
    }
}

impl fmt::Debug for FieldRef<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FieldRef({}: {self})", self.label())
    }
}

#[cfg(feature = "defmt")]
impl defmt::Format for FieldRef<'_, '_> {
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(f, "{}", defmt::Display2Format(self));
    }
}

/// A value whose `Display` hides nothing; see [`FieldRef::exposed`].
#[derive(Clone, Copy)]
pub struct Exposed<'s, 'a>(pub(crate) FieldRef<'s, 'a>);

impl fmt::Display for Exposed<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use fmt::Write;
        self.0.characters().try_for_each(|c| f.write_char(c))
    }
}

/// Shows no more than the field itself would.
impl fmt::Debug for Exposed<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

/// What a data element is called where it stands; see [`FieldRef::label`].
#[derive(Clone, Copy)]
pub struct Label<'s, 'a>(FieldRef<'s, 'a>);

impl fmt::Display for Label<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use fmt::Write;
        let (Framing::Tagged(tag, _), Some(bytes)) = (self.0.framing, self.0.tag()) else {
            return write!(f, "{}", self.0.number);
        };
        let decoded = |c: u8| match tag.encoding() {
            TagEncoding::Ebcdic => Page::Cp037.decode(c),
            _ => c,
        };
        let is_text = matches!(tag.encoding(), TagEncoding::Ascii | TagEncoding::Ebcdic);
        match tag.encoding() {
            _ if is_text && bytes.iter().all(|c| decoded(*c).is_ascii_graphic()) => {
                bytes.iter().try_for_each(|c| f.write_char(char::from(decoded(*c))))
            }
            TagEncoding::Bcd if tag.size() % 2 == 1 => {
                let (first, rest) = bytes.split_first().unwrap_or((&0, &[]));
                write!(f, "{first:X}")?;
                rest.iter().try_for_each(|byte| write!(f, "{byte:02X}"))
            }
            // Bytes, and characters that cannot be shown.
            _ => bytes.iter().try_for_each(|byte| write!(f, "{byte:02X}")),
        }
    }
}

impl fmt::Debug for Label<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Label({self})")
    }
}

/// A character in UTF-8, in as many bytes as it takes; `encode_utf8` links a panic at opt-level z.
fn put_utf8(character: char, place: &mut [u8]) {
    let low = |shift: u32| {
        let [byte, ..] = (u32::from(character) >> shift).to_le_bytes();
        byte
    };
    let rest = |shift| 0x80 | low(shift) & 0x3F;
    match character.len_utf8() {
        1 => copy(place, &[low(0)]),
        2 => copy(place, &[0xC0 | low(6), rest(0)]),
        3 => copy(place, &[0xE0 | low(12), rest(6), rest(0)]),
        _ => copy(place, &[0xF0 | low(18), rest(12), rest(6), rest(0)]),
    }
}

#[cfg(test)]
mod tests {
    extern crate alloc;
    use alloc::format;
    use alloc::string::{String, ToString};

    use super::*;
    use crate::{Pad, Prefix, Sensitivity};

    static NO_TABLES: Spec<'static> =
        Spec::new("none", crate::MtiEncoding::Ascii, crate::BitmapEncoding::Binary, &[]);

    fn field_ref<'a>(number: u16, field: &'a Field, wire: &'a [u8]) -> Option<FieldRef<'a, 'a>> {
        FieldRef::new(&NO_TABLES, number, field, wire)
    }

    fn read(field: &Field, wire: &[u8]) -> String {
        field_ref(7, field, wire).unwrap().exposed().to_string()
    }

    #[test]
    fn characters_of_every_encoding() {
        let n = Field::fixed(Class::N, 3);
        assert_eq!(read(&n, b"071"), "071");
        let n = n.encoded(Encoding::Bcd);
        assert_eq!(read(&n, &[0x00, 0x71]), "071");
        assert_eq!(read(&n.padded(Pad::RIGHT_F), &[0x07, 0x1F]), "071");
        let track = Field::variable(Class::Z, Prefix::bcd(2), 37).encoded(Encoding::Bcd);
        assert_eq!(read(&track.padded(Pad::RIGHT_ZERO), &[0x05, 0x41, 0xD2, 0x80]), "41=28");
        assert_eq!(read(&track.padded(Pad::LEFT_ZERO), &[0x05, 0x04, 0x1D, 0x28]), "41=28");
        for (length, wire, value) in
            [(9, &[b'C', 0, 0, 1, 0x23][..], "C00000123"), (4, &[b'D', 0x01, 0x23], "D123")]
        {
            assert_eq!(read(&Field::fixed(Class::Xn, length).encoded(Encoding::Bcd), wire), value);
        }
        let b = Field::fixed(Class::B, 2);
        assert_eq!(read(&b, &[0x0F, 0xA5]), "0FA5");
        assert_eq!(read(&b.encoded(Encoding::Hex), b"0fa5"), "0FA5");
    }

    #[test]
    fn values_are_copied_or_refused_whole() {
        let field = Field::fixed(Class::B, 2).encoded(Encoding::Hex);
        let value = field_ref(64, &field, b"0fa5").unwrap();
        let mut buffer = [0xEE; 4];
        assert_eq!(value.copy_bytes(&mut buffer).unwrap(), [0x0F, 0xA5]);
        assert_eq!(value.copy_text(&mut buffer).unwrap(), "0FA5");
        let mut short = [0xEE; 1];
        let kind = ErrorKind::BufferTooSmall { needed: 2, available: 1 };
        assert_eq!(value.copy_bytes(&mut short).unwrap_err().kind(), kind);
        assert_eq!(short, [0xEE]);
        let digits = Field::fixed(Class::N, 2);
        let value = field_ref(3, &digits, b"42").unwrap();
        assert_eq!(value.copy_bytes(&mut buffer).unwrap_err().kind(), ErrorKind::WrongValueType);
        assert_eq!(value.to_u64(), Some(42));
        assert!(value == "42" && value != "4" && value != "420");
    }

    #[test]
    fn numbers_up_to_the_largest() {
        let field = Field::fixed(Class::N, 20);
        let number = |wire: &[u8]| field_ref(90, &field, wire).unwrap().to_u64();
        assert_eq!(number(b"18446744073709551615"), Some(u64::MAX));
        assert_eq!(number(b"18446744073709551616"), None);
        let text = Field::fixed(Class::An, 2);
        assert_eq!(field_ref(39, &text, b"00").unwrap().to_u64(), None);
    }

    #[test]
    fn debug_is_masked_even_when_exposed() {
        let field = Field::fixed(Class::N, 16).sensitive(Sensitivity::Pan);
        let pan = field_ref(2, &field, b"4111111111111111").unwrap();
        assert_eq!(format!("{pan:?}"), "FieldRef(2: 411111******1111)");
        assert_eq!(format!("{:?}", pan.exposed()), "FieldRef(2: 411111******1111)");
        assert_eq!(format!("{:?}", pan.characters()), "Characters(16 left)");
    }

    #[test]
    fn every_character_in_utf8() {
        for character in ('\0'..=char::MAX).step_by(if cfg!(miri) { 4099 } else { 1 }) {
            let (mut ours, mut theirs) = ([0; 4], [0; 4]);
            let len = character.encode_utf8(&mut theirs).len();
            put_utf8(character, &mut ours[..len]);
            assert_eq!(ours, theirs, "{character:?}");
        }
    }
}
