//! A message read a second time: slowly, from the documentation, and by nothing that the crate does.

use iso8583_wire::{
    BitmapEncoding, Class, Encoding, ErrorKind, Field, Length, MtiEncoding, PadNibble, PadSide,
    Path, Prefix, Spec,
};

use crate::choices::hex;

/// What the bytes say.
pub(super) struct Twin {
    pub(super) mti: String,
    pub(super) fields: Vec<Item>,
    /// Where the message ends.
    pub(super) end: usize,
    /// The last item before the end.
    pub(super) last: Path,
}

/// A field's number, where it and its value begin, its length in its unit, and its value in characters.
pub(super) struct Item {
    pub(super) number: u8,
    pub(super) at: usize,
    pub(super) data_at: usize,
    pub(super) count: usize,
    pub(super) value: String,
}

/// What is wrong, where, and with which item.
pub(super) type Fault = (Wrong, usize, Path);

#[derive(Debug)]
pub(super) enum Wrong {
    Is(ErrorKind),
    /// One of these bytes of the value.
    Character(Class, Vec<usize>),
}

/// Reads the message at the front of the bytes.
pub(super) fn read(spec: &Spec<'_>, wire: &[u8]) -> Result<Twin, Fault> {
    let (mti, mut end) = match spec.mti_encoding() {
        MtiEncoding::Ascii => (text(part(wire, 0, 4, Path::MTI)?), 4),
        MtiEncoding::Bcd => (hex(part(wire, 0, 2, Path::MTI)?), 2),
        other => panic!("no twin of {other:?}"),
    };
    if !mti.bytes().all(|digit| digit.is_ascii_digit()) {
        return Err((Wrong::Is(ErrorKind::InvalidMti), 0, Path::MTI));
    }
    let mut last = Path::BITMAP;
    let mut bits = read_bitmap(spec, wire, &mut end, last)?;
    if bits[0] {
        last = Path::field(1);
        bits.extend(read_bitmap(spec, wire, &mut end, last)?);
    }
    let mut fields = Vec::new();
    for (number, _) in (1..).zip(bits).skip(1).filter(|&(_, bit)| bit) {
        last = Path::field(number);
        let definition = spec.field(number);
        let definition = definition.ok_or((Wrong::Is(ErrorKind::UndefinedField), end, last))?;
        let (item, next) = read_field(definition, number, wire, end)?;
        fields.push(item);
        end = next;
    }
    Ok(Twin { mti, fields, end, last })
}

/// So many bytes of an item.
fn part(wire: &[u8], at: usize, count: usize, path: Path) -> Result<&[u8], Fault> {
    let rest = &wire[at..];
    rest.get(..count).ok_or_else(|| {
        let [needed, available] = [count, rest.len()].map(|count| u32::try_from(count).unwrap());
        (Wrong::Is(ErrorKind::Truncated { needed, available }), at, path)
    })
}

fn text(bytes: &[u8]) -> String {
    bytes.iter().map(|&byte| char::from(byte)).collect()
}

fn read_bitmap(
    spec: &Spec<'_>,
    wire: &[u8],
    end: &mut usize,
    path: Path,
) -> Result<Vec<bool>, Fault> {
    let at = *end;
    let digits = match spec.bitmap_encoding() {
        BitmapEncoding::Binary => hex(part(wire, at, 8, path)?),
        BitmapEncoding::Hex => text(part(wire, at, 16, path)?),
        other => panic!("no twin of {other:?}"),
    };
    *end += if spec.bitmap_encoding() == BitmapEncoding::Hex { 16 } else { 8 };
    let nibbles: Option<Vec<u32>> = digits.chars().map(|digit| digit.to_digit(16)).collect();
    let nibbles = nibbles.ok_or((Wrong::Is(ErrorKind::InvalidBitmap), at, path))?;
    Ok(nibbles.iter().flat_map(|nibble| [8, 4, 2, 1].map(|bit| nibble & bit != 0)).collect())
}

fn read_field(
    definition: &Field,
    number: u8,
    wire: &[u8],
    at: usize,
) -> Result<(Item, usize), Fault> {
    let path = Path::field(number);
    let (count, data_at) = match definition.length() {
        Length::Fixed(count) => (usize::from(count), at),
        Length::Variable { prefix, max } => {
            let digits = part(wire, at, prefix.width().into(), path)?;
            let is_text = (1..=6).any(|digits| prefix == Prefix::ascii(digits));
            let digits = if is_text { text(digits) } else { hex(digits) };
            // `parse` alone would take a sign.
            let length: Option<u32> =
                digits.bytes().all(|c| c.is_ascii_digit()).then(|| digits.parse().unwrap());
            let length = length.ok_or((Wrong::Is(ErrorKind::InvalidLength), at, path))?;
            if length > u32::from(max) {
                // No more is told of what may be no length at all.
                let length = u16::try_from(length.min(1_000)).unwrap();
                let kind = ErrorKind::LengthAboveMaximum { length, maximum: max };
                return Err((Wrong::Is(kind), at, path));
            }
            (usize::try_from(length).unwrap(), at + usize::from(prefix.width()))
        }
    };
    let size = match (definition.encoding(), definition.class()) {
        (Encoding::Hex, _) => count * 2,
        (Encoding::Bcd, Class::Xn) => {
            count.checked_sub(1).map_or(0, |digits| 1 + digits.div_ceil(2))
        }
        (Encoding::Bcd, _) => count.div_ceil(2),
        _ => count,
    };
    let data = part(wire, data_at, size, path)?;
    let value = read_value(definition, data, count).map_err(|wrong| (wrong, data_at, path))?;
    Ok((Item { number, at, data_at, count, value }, data_at + size))
}

fn read_value(definition: &Field, data: &[u8], count: usize) -> Result<String, Wrong> {
    let class = definition.class();
    let value = match definition.encoding() {
        Encoding::Binary => return Ok(hex(data)),
        Encoding::Hex => text(data).to_ascii_uppercase(),
        Encoding::Ascii => text(data),
        Encoding::Bcd if class == Class::Xn => {
            let (sign, packed) = data.split_at(data.len().min(1));
            admit(definition, &text(sign))?;
            return Ok(text(sign) + &unpack(definition, packed, count - 1, 1)?);
        }
        Encoding::Bcd => return unpack(definition, data, count, 0),
        other => panic!("no twin of {other:?}"),
    };
    admit(definition, &value)?;
    Ok(value)
}

/// Packed digits without their pad nibble; they begin `before` bytes into the value.
fn unpack(definition: &Field, packed: &[u8], count: usize, before: usize) -> Result<String, Wrong> {
    let mut digits = hex(packed);
    let mut skipped = 0;
    if count % 2 == 1 {
        let pad = match definition.pad().side {
            PadSide::Left => {
                skipped = 1;
                digits.remove(0)
            }
            PadSide::Right => digits.pop().unwrap(),
        };
        match (definition.pad().nibble, pad) {
            (PadNibble::Zero, '0') | (PadNibble::F, 'F') | (PadNibble::Any, _) => {}
            _ => return Err(Wrong::Is(ErrorKind::InvalidPad)),
        }
    }
    let is_digit = |c: char| c.is_ascii_digit() || (c == 'D' && definition.class() == Class::Z);
    let wrong: Vec<usize> = digits
        .chars()
        .enumerate()
        .filter(|&(_, c)| !is_digit(c))
        .map(|(position, _)| before + (position + skipped) / 2)
        .collect();
    if wrong.is_empty() {
        Ok(digits.replace('D', "="))
    } else {
        Err(Wrong::Character(definition.class(), wrong))
    }
}

/// Refuses the first character that is not of the field's class.
fn admit(definition: &Field, value: &str) -> Result<(), Wrong> {
    let other_signs = *definition == definition.with_other_signs();
    let admits = |position: usize, c: char| match definition.class() {
        Class::A => c.is_ascii_alphabetic() || c == ' ',
        Class::An | Class::Anp => c.is_ascii_alphanumeric() || c == ' ',
        Class::Ans => (' '..='~').contains(&c),
        Class::B => c.is_ascii_hexdigit(),
        Class::Z => c.is_ascii_digit() || "=D:;<>?".contains(c),
        Class::Xn if position == 0 => "CD".contains(c) || (other_signs && "0+-".contains(c)),
        Class::N | Class::Xn => c.is_ascii_digit(),
        other => panic!("no twin of {other:?}"),
    };
    match value.chars().enumerate().position(|(position, c)| !admits(position, c)) {
        Some(first) => Err(Wrong::Character(definition.class(), vec![first])),
        // An amount has a sign at least.
        None if value.is_empty() && definition.class() == Class::Xn => {
            Err(Wrong::Character(Class::Xn, vec![0]))
        }
        None => Ok(()),
    }
}
