//! What stands before the data elements: message type indicator and bitmaps.

use crate::length::{hex_digit, hex_value};
use crate::wire::{self, bytes_u32, ebcdic_digit, ebcdic_hex};
use crate::{BitmapEncoding, Bitmaps, Error, ErrorKind, Mti, MtiEncoding, Path, Spec};

/// The first bit of a bitmap, which may announce the next one.
pub(crate) const FIRST: u64 = 1 << 63;

/// The head of a message.
pub(crate) struct Head {
    pub(crate) mti: Mti,
    /// The bitmaps, bits that announce a bitmap taken out, but for bit 65 where the third stands among the fields.
    pub(crate) words: [u64; 3],
    /// How many bitmaps stand before the first field.
    pub(crate) bitmaps: u8,
    /// Bytes of the head.
    pub(crate) len: usize,
}

#[inline]
pub(crate) fn read(spec: &Spec<'_>, bytes: &[u8]) -> Result<Head, Error> {
    let (mti, at) = read_mti(spec.mti_encoding(), bytes)?;
    let encoding = spec.bitmap_encoding();
    let primary = read_bitmap(encoding, bytes, at, Path::BITMAP)?;
    let len = at.saturating_add(encoding.width());
    if matches!(spec.bitmaps(), Bitmaps::UpToTwo) && primary & FIRST == 0 {
        return Ok(Head { mti, words: [primary, 0, 0], bitmaps: 1, len });
    }
    read_more(spec, bytes, mti, primary, len)
}

fn read_more(
    spec: &Spec<'_>,
    bytes: &[u8],
    mti: Mti,
    primary: u64,
    len: usize,
) -> Result<Head, Error> {
    let (encoding, bitmaps) = (spec.bitmap_encoding(), spec.bitmaps());
    let mut head = Head { mti, words: [primary, 0, 0], bitmaps: 1, len };
    let [first, second, third] = &mut head.words;
    if bitmaps.most() >= 2 && (bitmaps.least() >= 2 || *first & FIRST != 0) {
        *second = read_bitmap(encoding, bytes, head.len, Path::field(1))?;
        head.len = head.len.saturating_add(encoding.width());
        head.bitmaps = 2;
        let announced = *second & FIRST != 0 && matches!(bitmaps, Bitmaps::UpToThree);
        if announced || bitmaps.least() == 3 {
            *third = read_bitmap(encoding, bytes, head.len, Path::field(65))?;
            head.len = head.len.saturating_add(encoding.width());
            head.bitmaps = 3;
        }
    }
    if bitmaps.announces_with(1) {
        *first &= !FIRST;
    }
    if bitmaps.announces_with(65) && !matches!(bitmaps, Bitmaps::UpToThreeInField65) {
        *second &= !FIRST;
    }
    Ok(head)
}

#[inline]
pub(crate) fn read_mti(encoding: MtiEncoding, bytes: &[u8]) -> Result<(Mti, usize), Error> {
    let width = encoding.width();
    let digits = match (encoding, bytes) {
        (MtiEncoding::Ascii, [a, b, c, d, ..]) => [*a, *b, *c, *d],
        // Another zone; what was no digit in it is none afterwards.
        (MtiEncoding::Ebcdic, [a, b, c, d, ..]) => [*a, *b, *c, *d].map(|digit| digit ^ 0xC0),
        (MtiEncoding::Bcd, [first, second, ..]) => {
            [first >> 4, first & 0x0F, second >> 4, second & 0x0F].map(|nibble| nibble | b'0')
        }
        _ => return Err(truncated(width, bytes.len(), 0, Path::MTI)),
    };
    Ok((Mti::from_digits(&digits)?, width))
}

/// Writes the message type indicator at the front.
pub(crate) fn write_mti(encoding: MtiEncoding, mti: Mti, buffer: &mut [u8]) {
    let digits = mti.digits();
    let [a, b, c, d] = digits.map(|digit| digit & 0x0F);
    let (packed, zoned) = ([a << 4 | b, c << 4 | d], digits.map(|digit| digit ^ 0xC0));
    let bytes: &[u8] = match encoding {
        MtiEncoding::Ascii => &digits,
        MtiEncoding::Ebcdic => &zoned,
        MtiEncoding::Bcd => &packed,
    };
    if let Some(slot) = buffer.get_mut(..bytes.len()) {
        // Two bytes or four: not worth a call.
        slot.iter_mut().zip(bytes).for_each(|(to, from)| *to = *from);
    }
}

#[inline]
pub(crate) fn read_bitmap(
    encoding: BitmapEncoding,
    bytes: &[u8],
    at: usize,
    path: Path,
) -> Result<u64, Error> {
    let rest = bytes.get(at..).unwrap_or_default();
    if matches!(encoding, BitmapEncoding::Binary) {
        return match rest.first_chunk::<8>() {
            Some(chunk) => Ok(u64::from_be_bytes(*chunk)),
            None => Err(truncated(8, rest.len(), at, path)),
        };
    }
    let Some(digits) = rest.first_chunk::<16>() else {
        return Err(truncated(16, rest.len(), at, path));
    };
    let bits = if matches!(encoding, BitmapEncoding::Hex) {
        hex_bits(digits)
    } else {
        hex_bits(&digits.map(ebcdic_digit))
    };
    bits.ok_or_else(|| Error::new(ErrorKind::InvalidBitmap, at, path))
}

/// The 64 bits of 16 hexadecimal digits.
#[inline]
fn hex_bits(digits: &[u8; 16]) -> Option<u64> {
    if !crate::words::WIDE {
        return digits
            .iter()
            .try_fold(0, |bits, digit| Some(bits << 4 | u64::from(hex_value(*digit)?)));
    }
    let mut bits = 0;
    let (halves, _) = digits.as_chunks::<8>();
    for half in halves {
        let word = u64::from_be_bytes(*half);
        if !crate::words::all_hex_digits(word) {
            return None;
        }
        bits = bits << 32 | crate::words::hex_values(word);
    }
    Some(bits)
}

#[cold]
pub(crate) fn truncated(needed: usize, available: usize, offset: usize, path: Path) -> Error {
    Error::new(wire::truncated(needed, available, 0).kind, offset, path)
}

/// The nibble that a digit of a written bitmap stands for.
const fn digit_value(encoding: BitmapEncoding, digit: u8) -> Option<u8> {
    match encoding {
        BitmapEncoding::EbcdicHex => hex_value(ebcdic_digit(digit)),
        _ => hex_value(digit),
    }
}

/// Whether some bytes are a bitmap.
pub(crate) fn is_bitmap(encoding: BitmapEncoding, map: &[u8]) -> bool {
    matches!(encoding, BitmapEncoding::Binary)
        || map.iter().all(|digit| digit_value(encoding, *digit).is_some())
}

/// Whether a bit is set, counted from 1.
pub(crate) fn is_set(encoding: BitmapEncoding, map: &[u8], bit: u16) -> bool {
    let index = bit.wrapping_sub(1);
    match encoding {
        BitmapEncoding::Binary => {
            map.get(usize::from(index / 8)).is_some_and(|bits| bits & (0x80 >> (index % 8)) != 0)
        }
        _ => map
            .get(usize::from(index / 4))
            .and_then(|digit| digit_value(encoding, *digit))
            .is_some_and(|bits| bits & (0x8 >> (index % 4)) != 0),
    }
}

/// Sets or clears a bit, counted from 1.
pub(crate) fn set(encoding: BitmapEncoding, map: &mut [u8], bit: u16, carried: bool) {
    let index = bit.wrapping_sub(1);
    let changed = |bits: u8, mask: u8| if carried { bits | mask } else { bits & !mask };
    match encoding {
        BitmapEncoding::Binary => {
            if let Some(bits) = map.get_mut(usize::from(index / 8)) {
                *bits = changed(*bits, 0x80 >> (index % 8));
            }
        }
        _ => {
            let lower = is_lower_case(encoding, map);
            if let Some(digit) = map.get_mut(usize::from(index / 4)) {
                let bits = digit_value(encoding, *digit).unwrap_or(0);
                write_digit(encoding, digit, changed(bits, 0x8 >> (index % 4)), lower);
            }
        }
    }
}

/// Whether digits of a bitmap are letters of lower case, which new ones then follow.
fn is_lower_case(encoding: BitmapEncoding, map: &[u8]) -> bool {
    map.iter().any(|digit| match encoding {
        BitmapEncoding::EbcdicHex => matches!(digit, 0x81..=0x86),
        _ => digit.is_ascii_lowercase(),
    })
}

/// Writes a digit, unless it says that already.
fn write_digit(encoding: BitmapEncoding, digit: &mut u8, bits: u8, lower: bool) {
    if digit_value(encoding, *digit) == Some(bits) {
        return;
    }
    let upper = hex_digit(bits);
    let ascii = if lower { upper.to_ascii_lowercase() } else { upper };
    *digit = match encoding {
        BitmapEncoding::EbcdicHex if lower && upper.is_ascii_alphabetic() => upper ^ 0xC0,
        BitmapEncoding::EbcdicHex => ebcdic_hex(upper),
        _ => ascii,
    };
}

/// Fills the place of bitmaps with empty ones.
pub(crate) fn clear(encoding: BitmapEncoding, slot: &mut [u8]) {
    slot.fill(match encoding {
        BitmapEncoding::Binary => 0,
        BitmapEncoding::Hex => b'0',
        BitmapEncoding::EbcdicHex => 0xF0,
    });
}

/// Writes a bitmap over an older one; digits that say the same already stay as they are.
#[inline]
pub(crate) fn write_bitmap(encoding: BitmapEncoding, bits: u64, slot: &mut [u8]) {
    let bytes = bits.to_be_bytes();
    if matches!(encoding, BitmapEncoding::Binary) {
        if let Some(slot) = slot.first_chunk_mut() {
            *slot = bytes;
        }
        return;
    }
    let Some(slot) = slot.first_chunk_mut::<16>() else { return };
    let lower = is_lower_case(encoding, slot);
    let nibbles = bytes.iter().flat_map(|byte| [byte >> 4, byte & 0x0F]);
    for (digit, bits) in slot.iter_mut().zip(nibbles) {
        write_digit(encoding, digit, bits, lower);
    }
}

/// Bytes as errors count them.
pub(crate) fn too_small(needed: usize, available: usize) -> ErrorKind {
    ErrorKind::BufferTooSmall { needed: bytes_u32(needed), available: bytes_u32(available) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_keep_their_case() {
        let mut map = *b"00abAB0000000000";
        write_bitmap(BitmapEncoding::Hex, 0x00AB_AB00_0000_000F, &mut map);
        assert_eq!(&map, b"00abAB000000000f");
        set(BitmapEncoding::Hex, &mut map, 1, true);
        assert_eq!(&map, b"80abAB000000000f");
        let mut map = *b"0000000000000000";
        write_bitmap(BitmapEncoding::Hex, 0x00AB_0000_0000_000F, &mut map);
        assert_eq!(&map, b"00AB00000000000F");
        let mut map = [0x81; 16];
        write_bitmap(BitmapEncoding::EbcdicHex, u64::MAX, &mut map);
        assert_eq!(map, [0x86; 16]);
        clear(BitmapEncoding::EbcdicHex, &mut map);
        write_bitmap(BitmapEncoding::EbcdicHex, 0x8A << 56, &mut map);
        assert_eq!(map[..3], [0xF8, 0xC1, 0xF0]);
    }

    #[test]
    fn bits_of_every_encoding() {
        for encoding in [BitmapEncoding::Binary, BitmapEncoding::Hex, BitmapEncoding::EbcdicHex] {
            let mut map = [0; 16];
            clear(encoding, &mut map);
            for bit in 1..=64 {
                set(encoding, &mut map, bit, true);
                let bits = read_bitmap(encoding, &map, 0, Path::BITMAP).unwrap();
                assert_eq!(bits, 1 << (64 - bit), "{encoding:?} {bit}");
                assert!((1..=64).all(|other| is_set(encoding, &map, other) == (other == bit)));
                set(encoding, &mut map, bit, false);
            }
        }
    }
}
