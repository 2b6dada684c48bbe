//! Discover and Diners Club: D-PAS.

use super::{
    cvr::{Cvr, Layout},
    facts::Facts,
    fields::{Fields, view},
};
use crate::element::layout::Row;
use core::fmt;

view! {
    /// The layout of D-PAS: key index, cryptogram version, results, and whatever else the issuer put behind them.
    ///
    /// The results are 6 bytes long under versions 05 and 06, and 8 under 15. Of them only the kinds of cryptogram are public, and
    /// of the 8 bytes where the transaction took place; other bits are shown by their places.
    ///
    /// Source: values of cards in public test data; the length of 8 and its two bits as a public reader application has them.
    pub struct Discover {}
}

impl<'a> Discover<'a> {
    pub(super) fn read(bytes: &'a [u8]) -> Option<Self> {
        let (&[key_index, cryptogram_version], rest) = bytes.split_first_chunk()?;
        let (results_len, layout) = match cryptogram_version {
            0x05 | 0x06 => (6, Layout::Dpas),
            0x15 => (8, Layout::DpasContactless),
            _ => return None,
        };
        let (cvr, more) = rest.split_at_checked(results_len)?;
        let cvr = Cvr::new(cvr, layout);
        let discretionary = Some(more).filter(|more| !more.is_empty());
        Some(Self { fields: Fields { bytes, key_index, cryptogram_version, cvr, discretionary } })
    }

    pub(super) fn show(&self, facts: &mut Facts<'_, '_>) -> fmt::Result {
        facts.name(format_args!("D-PAS"))?;
        facts.fact(1, 1, format_args!("key index {:02X}", self.fields.key_index))?;
        facts.fact(2, 1, format_args!("CVN {:02X}", self.fields.cryptogram_version))?;
        facts.results(self.fields.cvr)?;
        self.fields.show_discretionary(facts)
    }
}

/// Byte 1, as every published table of results begins.
pub(super) static RESULTS: &[Row] = &[
    Row::code(1, 0xC0, 0, "second GENERATE AC: AAC"),
    Row::code(1, 0xC0, 1, "second GENERATE AC: TC"),
    Row::code(1, 0xC0, 2, "second GENERATE AC: not requested"),
    Row::code(1, 0x30, 0, "first GENERATE AC: AAC"),
    Row::code(1, 0x30, 1, "first GENERATE AC: TC"),
    Row::code(1, 0x30, 2, "first GENERATE AC: ARQC"),
];

pub(super) static CONTACTLESS_RESULTS: &[Row] = &[
    Row::code(1, 0x30, 0, "AAC"),
    Row::code(1, 0x30, 1, "TC"),
    Row::code(1, 0x30, 2, "ARQC"),
    Row::flag(2, 5, "domestic transaction"),
    Row::flag(2, 4, "international transaction"),
];

#[cfg(test)]
mod tests {
    extern crate std;
    use crate::element::{Element, Iad};
    use hex_literal::hex;
    use std::string::ToString;

    #[test]
    fn six_bytes_of_results() {
        let value = hex!("0105A00001400000");
        let iad = Iad::from_value(&value).unwrap();
        let Iad::Discover(discover) = iad else { panic!("{iad:?}") };
        assert_eq!((discover.key_index(), discover.cryptogram_version()), (1, 5));
        assert_eq!((discover.cvr().as_bytes(), discover.discretionary()), (&value[2..], None));
        assert_eq!(
            iad.to_string(),
            "D-PAS; key index 01; CVN 05; CVR: second GENERATE AC: not requested; \
             first GENERATE AC: ARQC; byte 3 bit 1 (not published); byte 4 bit 7 (not published)"
        );
        let more = Iad::from_value(&hex!("0106A01409000000 AB")).unwrap();
        assert_eq!(more.discretionary(), Some(&[0xAB][..]));
    }

    #[test]
    fn eight_bytes_of_results() {
        let value = hex!("01152088000000003800");
        let iad = Iad::from_value(&value).unwrap();
        assert_eq!(iad.cvr().unwrap().as_bytes(), &value[2..]);
        assert_eq!(
            iad.to_string(),
            "D-PAS; key index 01; CVN 15; CVR: ARQC; international transaction; \
             byte 2 bit 8 (not published); byte 7 bit 6 (not published); \
             byte 7 bit 5 (not published); byte 7 bit 4 (not published)"
        );
    }
}
