//! The Common Core Definitions of EMV.

use super::{
    cvr::{Cvr, Layout},
    facts::Facts,
    fields::{Fields, view},
};
use crate::element::layout::Row;
use core::fmt;

view! {
    /// The layout of the Common Core Definitions, format A: 32 bytes.
    ///
    /// `0F`, the Common Core Identifier (format code `A`, cryptogram version), key index, 5 bytes of results, 8 of counters,
    /// `0F`, 15 of discretionary data.
    ///
    /// # Examples
    /// ```
    /// use emv_tlv::element::{Element, Iad};
    ///
    /// let mut value = [0; 32];
    /// value[..8].copy_from_slice(&[0x0F, 0xA5, 0x01, 0xA0, 0x30, 0x10, 0x00, 0x00]);
    /// value[16] = 0x0F;
    /// let Iad::Ccd(iad) = Iad::from_value(&value)? else { panic!() };
    /// assert_eq!((iad.common_core_identifier(), iad.cryptogram_version(), iad.key_index()), (0xA5, 5, 1));
    /// assert!(iad.cvr().to_string().ends_with("PIN try counter: 3; upper limit of the offline amount exceeded"));
    /// # Ok::<(), emv_tlv::Error>(())
    /// ```
    /// Source: EMV 4.4 Book 3, Annex C9.
    pub struct Ccd {
        common_core_identifier: u8,
        counters: &'a [u8; 8],
    }
}

const FORMAT_A: u8 = 0xA0;

impl<'a> Ccd<'a> {
    pub(super) fn read(bytes: &'a [u8]) -> Option<Self> {
        let (&[0x0F, common_core_identifier, key_index], rest) = bytes.split_first_chunk()? else {
            return None;
        };
        let (cvr, rest) = rest.split_first_chunk::<5>()?;
        let (counters, rest) = rest.split_first_chunk()?;
        let [0x0F, discretionary @ ..] = rest else { return None };
        let fits = common_core_identifier & 0xF0 == FORMAT_A && discretionary.len() == 15;
        let fields = Fields {
            bytes,
            key_index,
            cryptogram_version: common_core_identifier & 0x0F,
            cvr: Cvr::new(cvr, Layout::Ccd),
            discretionary: Some(discretionary),
        };
        fits.then_some(Self { fields, common_core_identifier, counters })
    }

    /// The Common Core Identifier: format code A in the upper four bits, cryptogram version in the lower.
    #[must_use]
    pub const fn common_core_identifier(&self) -> u8 {
        self.common_core_identifier
    }

    /// Bytes 9 to 16: counters.
    #[must_use]
    pub const fn counters(&self) -> &'a [u8; 8] {
        self.counters
    }

    pub(super) fn show(&self, facts: &mut Facts<'_, '_>) -> fmt::Result {
        let Fields { key_index, cryptogram_version, cvr, .. } = self.fields;
        facts.name(format_args!("Common Core Definitions"))?;
        let cipher = match cryptogram_version {
            5 => " (TDES)",
            6 => " (AES)",
            _ => "",
        };
        facts.fact(
            2,
            1,
            format_args!("format A, cryptogram version {cryptogram_version:X}{cipher}"),
        )?;
        facts.fact(3, 1, format_args!("key index {key_index:02X}"))?;
        facts.results(cvr)?;
        facts.hidden("counters", 9, self.counters)?;
        self.fields.show_discretionary(facts)
    }
}

/// Source: EMV 4.4 Book 3, Annex C9.3, Table CCD 10.
pub(super) static RESULTS: &[Row] = &[
    Row::code(1, 0xC0, 0, "second GENERATE AC: AAC"),
    Row::code(1, 0xC0, 1, "second GENERATE AC: TC"),
    Row::code(1, 0xC0, 2, "second GENERATE AC: not requested"),
    Row::code(1, 0x30, 0, "first GENERATE AC: AAC"),
    Row::code(1, 0x30, 1, "first GENERATE AC: TC"),
    Row::code(1, 0x30, 2, "first GENERATE AC: ARQC"),
    Row::flag(1, 4, "CDA performed"),
    Row::flag(1, 3, "offline DDA performed"),
    Row::flag(1, 2, "issuer authentication not performed"),
    Row::flag(1, 1, "issuer authentication failed"),
    Row::number(2, 0xF0, "PIN try counter"),
    Row::flag(2, 4, "offline PIN verification performed"),
    Row::flag(2, 3, "offline PIN verification performed and not successful"),
    Row::flag(2, 2, "PIN try limit exceeded"),
    Row::flag(2, 1, "last online transaction not completed"),
    Row::flag(3, 8, "lower limit of offline transactions exceeded"),
    Row::flag(3, 7, "upper limit of offline transactions exceeded"),
    Row::flag(3, 6, "lower limit of the offline amount exceeded"),
    Row::flag(3, 5, "upper limit of the offline amount exceeded"),
    Row::flag(3, 4, "issuer's bit 1"),
    Row::flag(3, 3, "issuer's bit 2"),
    Row::flag(3, 2, "issuer's bit 3"),
    Row::flag(3, 1, "issuer's bit 4"),
    Row::number(4, 0xF0, "script commands processed"),
    Row::flag(4, 4, "script processing failed"),
    Row::flag(4, 3, "offline data authentication failed in the previous transaction"),
    Row::flag(4, 2, "go online in the next transaction was set"),
    Row::flag(4, 1, "unable to go online"),
];

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use crate::element::{Element, Iad};
    use hex_literal::hex;
    use std::{format, string::ToString};

    #[test]
    fn a_card_of_a_domestic_scheme() {
        let value = hex!("0FA501A03900140000000000000000000F02030203B818963060380000000000");
        let iad = Iad::from_value(&value).unwrap();
        let Iad::Ccd(ccd) = iad else { panic!("{iad:?}") };
        assert_eq!((ccd.key_index(), ccd.common_core_identifier()), (1, 0xA5));
        assert_eq!((ccd.counters(), ccd.discretionary()), (&[0; 8], Some(&value[17..])));
        assert_eq!(
            format!("{iad:#}"),
            "Common Core Definitions\n\
             byte 2: format A, cryptogram version 5 (TDES)\n\
             byte 3: key index 01\n\
             CVR byte 1 bits 8-7: second GENERATE AC: not requested\n\
             CVR byte 1 bits 6-5: first GENERATE AC: ARQC\n\
             CVR byte 2 bits 8-5: PIN try counter: 3\n\
             CVR byte 2 bit 4: offline PIN verification performed\n\
             CVR byte 2 bit 1: last online transaction not completed\n\
             CVR byte 4 bits 8-5: script commands processed: 1\n\
             CVR byte 4 bit 3: offline data authentication failed in the previous transaction\n\
             bytes 9-16: counters (8 bytes)\n\
             bytes 18-32: discretionary data (15 bytes)"
        );
    }

    #[test]
    fn the_four_limits_are_four_bits() {
        let limits = |byte: u8| Cvr::new(&[0xA0, 0, byte, 0, 0], Layout::Ccd).to_string();
        assert!(limits(0x10).ends_with("upper limit of the offline amount exceeded"));
        assert!(limits(0x20).ends_with("lower limit of the offline amount exceeded"));
        assert_eq!(limits(0xF0).matches("exceeded").count(), 4);
    }

    #[test]
    fn both_lengths_and_the_format_must_be_right() {
        let value = hex!("0FA501A03900140000000000000000000F02030203B818963060380000000000");
        for (at, byte) in [(0, 0x0E), (1, 0xB5), (16, 0x0E)] {
            let mut value = value;
            value[at] = byte;
            assert!(Ccd::read(&value).is_none());
        }
        assert!(Ccd::read(&value[..31]).is_none());
    }
}
