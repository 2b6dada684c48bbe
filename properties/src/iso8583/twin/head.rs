//! Message type and bitmaps.

use iso8583_wire::{BitmapEncoding, ErrorKind, MtiEncoding, Path, Spec};

use super::pages::CP037;
use super::{Fault, Wrong, ebcdic, latin1, part};
use crate::choices::hex;

/// The message type, and where it ends.
pub(super) fn read_mti(spec: &Spec<'_>, wire: &[u8]) -> Result<(String, usize), Fault> {
    let digits = |count| part(wire, 0, wire.len(), count, Path::MTI);
    let (mti, end) = match spec.mti_encoding() {
        MtiEncoding::Ascii => (latin1(digits(4)?), 4),
        MtiEncoding::Bcd => (hex(digits(2)?), 2),
        MtiEncoding::Ebcdic => (ebcdic(CP037, digits(4)?), 4),
        other => panic!("no twin of {other:?}"),
    };
    if !mti.chars().all(|digit| digit.is_ascii_digit()) {
        return Err((Wrong::Is(ErrorKind::InvalidMti), 0, Path::MTI));
    }
    Ok((mti, end))
}

/// The 64 bits of a bitmap, and with them where it ends.
pub(super) fn read_bitmap(
    spec: &Spec<'_>,
    wire: &[u8],
    end: &mut usize,
    path: Path,
) -> Result<Vec<bool>, Fault> {
    let at = *end;
    let width = width(spec.bitmap_encoding(), 8);
    let bitmap = part(wire, at, wire.len(), width, path)?;
    *end += width;
    bits(spec.bitmap_encoding(), bitmap).ok_or((Wrong::Is(ErrorKind::InvalidBitmap), at, path))
}

/// Bytes on the wire of so many bytes of bits.
pub(super) fn width(encoding: BitmapEncoding, bytes: usize) -> usize {
    match encoding {
        BitmapEncoding::Binary => bytes,
        BitmapEncoding::Hex | BitmapEncoding::EbcdicHex => bytes * 2,
        other => panic!("no twin of {other:?}"),
    }
}

/// The bits of a bitmap, the first one first; `None` where a digit is none.
pub(in crate::iso8583) fn bits(encoding: BitmapEncoding, bitmap: &[u8]) -> Option<Vec<bool>> {
    let digits = match encoding {
        BitmapEncoding::Binary => hex(bitmap),
        BitmapEncoding::Hex => latin1(bitmap),
        BitmapEncoding::EbcdicHex => ebcdic(CP037, bitmap),
        other => panic!("no twin of {other:?}"),
    };
    let nibbles: Option<Vec<u32>> = digits.chars().map(|digit| digit.to_digit(16)).collect();
    Some(nibbles?.iter().flat_map(|nibble| [8, 4, 2, 1].map(|bit| nibble & bit != 0)).collect())
}
