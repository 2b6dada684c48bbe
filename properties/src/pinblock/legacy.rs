//! Blocks of the legacy formats, read a second time: nibble by nibble, with branches.

use pinblock::{
    Error, Format, Pan, Pin,
    legacy::{eci2, eci3, ibm3621, ibm4704epp, oem1, visa2, visa3, visa4},
    subtle::ConstantTimeEq,
};

use super::{
    assert_digits,
    field::{self, Fill},
};
use crate::told::assert_told;

/// The formats of 8 bytes that are not ISO 9564's.
pub(super) fn formats() -> impl Iterator<Item = Format> {
    Format::ALL.into_iter().filter(|format| format.is_legacy())
}

/// Whether blocks are bound to a PAN.
pub(super) const fn is_bound(format: Format) -> bool {
    matches!(format, Format::Ansi | Format::Eci1 | Format::Visa1 | Format::Visa4)
}

/// Whether a format takes PINs of this length.
pub(super) fn takes(format: Format, length: usize) -> bool {
    match format {
        Format::Eci2 => length == 4,
        Format::Eci3 | Format::Visa2 | Format::Docutel2 => length <= 6,
        Format::Ibm3621 => length <= 11,
        _ => true,
    }
}

/// A block of any bytes is invalid, or holds the PIN that stands there and encodes back, unless the PIN holds its own fill.
pub(super) fn decode(block: &[u8; 8], pan: &Pan, pan_digits: &[u8]) {
    for format in formats() {
        let expected = read(format, block, pan_digits);
        let found = format.decode(block, Some(pan));
        assert_digits(&found, expected.as_ref().map(|(digits, _)| digits));
        let without_pan = format.decode(block, None);
        assert_eq!(matches!(without_pan, Err(Error::PanMissing)), is_bound(format));
        assert_digits_by_module(format, block, pan, found.as_ref().ok());
        diagnosed(format, block, pan, found.as_ref().ok());
        if let (Ok(pin), Some((digits, fill))) = (found, expected) {
            let again = format.encode_with_fill(&pin, Some(pan), &fill);
            let repeated = match format {
                Format::Oem1 | Format::Diebold | Format::Ibm3624 | Format::Ibm3621 => fill.last(),
                _ => None,
            };
            if repeated.is_some_and(|fill| digits.bytes().any(|digit| digit == b'0' + fill)) {
                assert!(matches!(again, Err(Error::FillValue)));
            } else {
                assert_eq!(again.unwrap().expose_bytes(), block, "{format}");
            }
        }
    }
}

/// A format's module reads what the format does.
fn assert_digits_by_module(format: Format, block: &[u8; 8], pan: &Pan, expected: Option<&Pin>) {
    let by_module = match format {
        Format::Eci2 => eci2::decode(block),
        Format::Eci3 => eci3::decode(block),
        Format::Visa2 | Format::Docutel2 => visa2::decode(block),
        Format::Visa3 => visa3::decode(block),
        Format::Visa4 => visa4::decode(block, pan),
        Format::Oem1 | Format::Diebold | Format::Ibm3624 => oem1::decode(block),
        Format::Ibm3621 => ibm3621::decode(block),
        Format::Ibm4704Epp => ibm4704epp::decode(block),
        _ => return,
    };
    let digits = expected.map(|pin| pin.expose_digits().as_str().to_owned());
    assert_digits(&by_module, digits.as_ref());
}

/// What says why a block is wrong finds the same PINs.
pub(super) fn diagnosed(format: Format, block: &[u8], pan: &Pan, found: Option<&Pin>) {
    match (format.diagnose(block, Some(pan)), found) {
        (Ok(pin), Some(found)) => assert!(bool::from(pin.ct_eq(found))),
        (diagnosed, found) => assert_eq!(diagnosed.is_ok(), found.is_some(), "{format}"),
    }
    for finding in [
        format.diagnose(block, Some(pan)),
        format.diagnose(block, None),
        format.diagnose(&block[1..], Some(pan)),
    ] {
        if let Err(finding) = finding {
            assert_told(finding.as_str(), &finding);
        }
    }
}

/// The PIN in a block, and what [`Format::encode_with_fill`] wants to make it again.
pub(super) fn read(format: Format, block: &[u8; 8], pan: &[u8]) -> Option<(String, Vec<u8>)> {
    let nibbles: Vec<u8> = block.iter().flat_map(|byte| [byte >> 4, byte & 0x0F]).collect();
    let length = usize::from(nibbles[0]);
    let (digits, fill): (&[u8], Vec<u8>) = match format {
        Format::Ansi | Format::Eci1 | Format::Visa1 => {
            let field = field::xor_pan(block, pan);
            return field::read(&field, 0, Fill::Only(0xF)).map(|(digits, _)| (digits, vec![]));
        }
        Format::Visa4 => {
            // With all digits behind the twelfth but the last cut off, the leftmost are the rightmost.
            let without_check = &pan[..pan.len() - 1];
            let leftmost = [&without_check[..without_check.len().min(12)], &[0]].concat();
            let field = field::xor_pan(block, &leftmost);
            return field::read(&field, 0, Fill::Only(0xF)).map(|(digits, _)| (digits, vec![]));
        }
        Format::Eci4 => return field::read(block, 1, Fill::Any),
        Format::Eci2 => (&nibbles[..4], nibbles[4..].to_vec()),
        Format::Eci3 | Format::Visa2 | Format::Docutel2 => {
            let fits = (4..=6).contains(&length) && nibbles[1 + length..7].iter().all(|n| *n == 0);
            let decimal = nibbles[7..].iter().all(|nibble| *nibble < 10);
            if !fits || !(decimal || format == Format::Eci3) {
                return None;
            }
            (&nibbles[1..=length], nibbles[7..].to_vec())
        }
        Format::Visa3 => {
            let at = nibbles.iter().position(|nibble| *nibble == 0xF)?;
            if nibbles[at + 1..].iter().any(|nibble| *nibble != nibbles[15]) {
                return None;
            }
            (&nibbles[..at], vec![nibbles[15]])
        }
        Format::Ibm4704Epp => {
            let sound = (4..=12).contains(&length)
                && nibbles[1 + length..14].iter().all(|nibble| *nibble == nibbles[13]);
            if !sound {
                return None;
            }
            (&nibbles[1..=length], nibbles[13..].to_vec())
        }
        _ => {
            let first = if format == Format::Ibm3621 { 4 } else { 0 };
            let last = nibbles.iter().rposition(|nibble| *nibble != nibbles[15])?;
            let sequence = nibbles[..first].iter().copied();
            (nibbles.get(first..=last)?, sequence.chain([nibbles[15]]).collect())
        }
    };
    let pin: Option<String> =
        digits.iter().map(|&digit| char::from_digit(digit.into(), 10)).collect();
    pin.filter(|pin| (4..=12).contains(&pin.len())).map(|pin| (pin, fill))
}

/// Whether a fill of the right length may be refused.
pub(super) fn may_refuse(format: Format) -> bool {
    let any = matches!(format, Format::Eci2 | Format::Eci3 | Format::Eci4 | Format::Visa3);
    !(any || is_bound(format) || format == Format::Ibm4704Epp)
}

/// How many nibbles of fill and sequence number a format wants.
pub(super) fn fill_length(format: Format, length: usize) -> usize {
    match format {
        Format::Eci2 => 12,
        Format::Eci3 | Format::Visa2 | Format::Docutel2 => 9,
        Format::Eci4 => 14 - length,
        _ if is_bound(format) => 0,
        _ => 1 + format.sequence_nibbles(),
    }
}
