//! Card Status Update: what the issuer orders the card to do.

use super::{
    Bits,
    layout::{Explained, Row, mask},
};
use crate::mask::hex;
use core::fmt;

/// Card Status Update, 4 bytes: the issuer's answer and orders to a card of the Common Core Definitions.
///
/// It has no tag: it stands in the [Issuer Authentication Data](super::IssuerAuthenticationData) of ARPC method 2, or in an issuer's
/// own command.
///
/// # Examples
/// ```
/// use emv_tlv::element::Csu;
///
/// let update = Csu::new([0x00, 0x83, 0x00, 0x00]);
/// assert!(update.approves() && !update.blocks_application());
/// assert_eq!(update.to_string(), "issuer approves the online transaction; counters: add the transaction");
/// ```
/// Source: EMV 4.4 Book 3, Annex C10.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Csu([u8; 4]);

static ROWS: &[Row] = &[
    Row::flag(1, 8, "proprietary authentication data included"),
    Row::number(1, 0x0F, "PIN try counter"),
    Row::flag(2, 8, "issuer approves the online transaction"),
    Row::flag(2, 7, "card block"),
    Row::flag(2, 6, "application block"),
    Row::flag(2, 5, "update the PIN try counter"),
    Row::flag(2, 4, "go online in the next transaction"),
    Row::flag(2, 3, "created by a proxy for the issuer"),
    Row::code(2, 0x03, 1, "counters: set to the upper limits"),
    Row::code(2, 0x03, 2, "counters: reset to zero"),
    Row::code(2, 0x03, 3, "counters: add the transaction"),
    Row::number(4, 0xFF, "issuer's byte"),
];

impl Csu {
    /// The update with these bytes, reserved bits as they are.
    #[must_use]
    pub const fn new(value: [u8; 4]) -> Self {
        Self(value)
    }

    /// The bytes.
    #[must_use]
    pub const fn to_bytes(self) -> [u8; 4] {
        self.0
    }

    /// The bits that are 1, by their places.
    #[must_use]
    pub const fn bits(&self) -> Bits<'_> {
        Bits::new(&self.0)
    }

    /// Whether the ARPC covers proprietary authentication data too.
    #[must_use]
    pub const fn includes_proprietary_data(self) -> bool {
        let [first, ..] = self.0;
        first & mask(8) != 0
    }

    /// The value that the PIN try counter is to have, if it is to be updated.
    #[must_use]
    pub const fn pin_try_counter(self) -> Option<u8> {
        let [first, ..] = self.0;
        if self.has(5) { Some(first & 0x0F) } else { None }
    }

    /// Whether the issuer approves the online transaction.
    #[must_use]
    pub const fn approves(self) -> bool {
        self.has(8)
    }

    /// Whether the card is to block itself.
    #[must_use]
    pub const fn blocks_card(self) -> bool {
        self.has(7)
    }

    /// Whether the application is to block itself.
    #[must_use]
    pub const fn blocks_application(self) -> bool {
        self.has(6)
    }

    /// Whether the next transaction is to go online.
    #[must_use]
    pub const fn goes_online_next(self) -> bool {
        self.has(4)
    }

    const fn has(self, bit: u8) -> bool {
        let [_, second, ..] = self.0;
        second & mask(bit) != 0
    }
}

impl fmt::Display for Csu {
    /// Says in words what is ordered; with `{:#}` one a line, each with its byte and bits.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&Explained { value: &self.0, rows: ROWS }, f)
    }
}

impl fmt::Debug for Csu {
    /// Shows the bytes; the words are for `Display` alone.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Csu(")?;
        hex(&self.0, f)?;
        f.write_str(")")
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use std::{format, string::ToString};

    #[test]
    fn orders_and_words() {
        let update = Csu::new([0x83, 0x7E, 0x01, 0xAB]);
        assert_eq!(
            format!("{update:#}"),
            "byte 1 bit 8: proprietary authentication data included\n\
             byte 1 bits 4-1: PIN try counter: 3\n\
             byte 2 bit 7: card block\n\
             byte 2 bit 6: application block\n\
             byte 2 bit 5: update the PIN try counter\n\
             byte 2 bit 4: go online in the next transaction\n\
             byte 2 bit 3: created by a proxy for the issuer\n\
             byte 2 bits 2-1: counters: reset to zero\n\
             byte 3 bit 1: reserved\n\
             byte 4 bits 8-1: issuer's byte: 171"
        );
        assert!(update.includes_proprietary_data() && update.blocks_card());
        assert!(update.blocks_application() && update.goes_online_next() && !update.approves());
        assert_eq!(update.pin_try_counter(), Some(3));
        assert_eq!(format!("{update:?}"), "Csu(837E01AB)");
        assert_eq!((update.to_bytes(), update.bits().count()), ([0x83, 0x7E, 0x01, 0xAB], 15));
        let nothing = Csu::default();
        assert_eq!((nothing.to_string().as_str(), nothing.pin_try_counter()), ("no bit set", None));
        assert_eq!(Csu::new([0, 0x81, 0, 0]).to_string().matches("upper").count(), 1);
    }
}
