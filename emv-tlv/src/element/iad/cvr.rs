//! Card Verification Results: what the card found and did, bit by bit.

use crate::{
    element::{
        Bits,
        layout::{Explained, Row, mask},
    },
    mask::hex,
};
use core::fmt;

/// Card Verification Results, borrowed from the Issuer Application Data: 4 to 8 bytes, as the scheme has them.
///
/// Bytes are counted from 1. Where the scheme counts the results (Visa formats 0, 1 and 3, American Express, UnionPay, JCB), byte 1 is
/// their length, so that byte 2 is the first that says something, as in the schemes' own tables.
///
/// # Examples
/// ```
/// use emv_tlv::element::{Element, Iad};
///
/// let value = [0x06, 0x01, 0x0A, 0x03, 0xA0, 0x10, 0x00];
/// let results = Iad::from_value(&value)?.cvr().ok_or("no results")?;
/// assert_eq!(results.as_bytes(), [0x03, 0xA0, 0x10, 0x00]);
/// assert!(results.is_set(3, 5));
/// assert_eq!(results.to_string(), "second GENERATE AC: not requested; first GENERATE AC: ARQC; new card");
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
/// Source: what each layout names.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Cvr<'a> {
    bytes: &'a [u8],
    // Not the table itself: only what explains may reach its text.
    layout: Layout,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Layout {
    /// VIS: Visa formats 0, 1 and 3, American Express, UnionPay.
    Vis,
    /// Visa formats 2 and 4.
    VisMobile,
    MChip,
    Ccd,
    Jcb,
    /// D-PAS, six bytes.
    Dpas,
    /// D-PAS without contacts, eight bytes.
    DpasContactless,
}

/// What is known of a layout.
struct Table {
    rows: &'static [Row],
    /// Byte 1 is the length of the others.
    counted: bool,
    /// The scheme's whole table is public: what has no row is reserved.
    whole: bool,
}

impl Layout {
    const fn table(self) -> Table {
        let (rows, counted, whole) = match self {
            Self::Vis => (super::visa::RESULTS, true, true),
            Self::VisMobile => (super::visa::MOBILE_RESULTS, false, true),
            Self::MChip => (super::mchip::RESULTS, false, true),
            Self::Ccd => (super::ccd::RESULTS, false, true),
            Self::Jcb => (super::jcb::RESULTS, true, false),
            Self::Dpas => (super::discover::RESULTS, false, false),
            Self::DpasContactless => (super::discover::CONTACTLESS_RESULTS, false, false),
        };
        Table { rows, counted, whole }
    }
}

/// The most bytes that results have.
const MAX_LEN: usize = 8;

impl<'a> Cvr<'a> {
    pub(super) const fn new(bytes: &'a [u8], layout: Layout) -> Self {
        Self { bytes, layout }
    }

    /// The bytes, with the length byte if the scheme has one.
    #[must_use]
    pub const fn as_bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// The bits that are 1, of the length byte too, if there is one.
    #[must_use]
    pub const fn bits(&self) -> Bits<'a> {
        Bits::new(self.bytes)
    }

    /// Whether a bit is 1: bytes from 1, bits from 8, the highest, to 1.
    #[must_use]
    pub fn is_set(&self, byte: u8, bit: u8) -> bool {
        let at = usize::from(byte).checked_sub(1);
        at.and_then(|at| self.bytes.get(at)).is_some_and(|bits| bits & mask(bit) != 0)
    }
}

impl fmt::Display for Cvr<'_> {
    /// Says in words what holds; with `{:#}` one a line, each with its byte and bits. A bit whose meaning is not public is named by
    /// its place.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Table { rows, counted, whole } = self.layout.table();
        let mut known = [0u8; MAX_LEN];
        let mut rest = [0u8; MAX_LEN];
        let sides = known.iter_mut().zip(&mut rest);
        for ((byte, &bits), (known, rest)) in (1u8..).zip(self.bytes).zip(sides) {
            if counted && byte == 1 {
                continue;
            }
            let of_byte = rows.iter().filter(|row| row.byte == byte);
            let public = if whole { u8::MAX } else { of_byte.fold(0, |all, row| all | row.mask) };
            (*known, *rest) = (bits & public, bits & !public);
        }
        // The zeros behind the results say nothing: no row lies there.
        fmt::Display::fmt(&Explained { value: &known, rows }, f)?;
        for place in Bits::new(&rest) {
            let (byte, bit) = (place.byte, place.bit);
            if f.alternate() {
                write!(f, "\nbyte {byte} bit {bit}: not published")?;
            } else {
                write!(f, "; byte {byte} bit {bit} (not published)")?;
            }
        }
        Ok(())
    }
}

impl fmt::Debug for Cvr<'_> {
    /// Shows the bytes; the words are for `Display` alone.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Cvr(")?;
        hex(self.bytes, f)?;
        f.write_str(")")
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use crate::element::{Bit, Element, Iad};
    use hex_literal::hex;
    use std::{format, string::ToString, vec::Vec};

    const LAYOUTS: [(Layout, u8); 7] = [
        (Layout::Vis, 4),
        (Layout::VisMobile, 5),
        (Layout::MChip, 6),
        (Layout::Ccd, 5),
        (Layout::Jcb, 5),
        (Layout::Dpas, 6),
        (Layout::DpasContactless, 8),
    ];

    #[test]
    fn every_row_lies_in_its_results_and_says_something_of_its_own() {
        for (layout, len) in LAYOUTS {
            let Table { rows, counted, .. } = layout.table();
            for row in rows {
                assert!((1 + u8::from(counted)..=len).contains(&row.byte) && row.mask != 0);
            }
            // Alone or together, each bit is explained once: no two flags share one.
            for byte in 1..=8 {
                let flags = rows.iter().filter(|row| {
                    row.byte == byte
                        && matches!(row.meaning, crate::element::layout::Meaning::Flag(_))
                });
                let (sum, all) = flags.fold((0u16, 0u8), |(sum, all), row| {
                    (sum + u16::from(row.mask), all | row.mask)
                });
                assert_eq!(sum, u16::from(all));
            }
        }
    }

    #[test]
    fn bits_and_places() {
        let value = hex!("0110A78005022000693800000001999300FF");
        let results = Iad::from_value(&value).unwrap().cvr().unwrap();
        assert_eq!(format!("{results:?}"), "Cvr(A78005022000)");
        assert!(results.is_set(1, 8) && !results.is_set(1, 7) && results.is_set(3, 1));
        assert!(!results.is_set(0, 1) && !results.is_set(7, 1) && !results.is_set(1, 9));
        let bits: Vec<_> = results.bits().map(|Bit { byte, bit }| (byte, bit)).collect();
        assert_eq!(
            bits,
            [(1, 8), (1, 6), (1, 3), (1, 2), (1, 1), (2, 8), (3, 3), (3, 1), (4, 2), (5, 6)]
        );
    }

    #[test]
    fn a_bit_that_is_not_public_is_named_by_its_place() {
        let results = Cvr::new(&hex!("0460040280"), Layout::Jcb);
        assert_eq!(
            results.to_string(),
            "second GENERATE AC: TC; first GENERATE AC: ARQC; byte 3 bit 3 (not published); \
             byte 4 bit 2 (not published); byte 5 bit 8 (not published)"
        );
        assert!(format!("{results:#}").ends_with("\nbyte 5 bit 8: not published"));
    }
}
