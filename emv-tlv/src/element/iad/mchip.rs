//! Mastercard: M/Chip 4 and M/Chip Advance.

use super::{
    cvr::{Cvr, Layout},
    facts::Facts,
    fields::{Fields, view},
};
use crate::element::layout::Row;
use core::fmt;

view! {
    /// The layout of M/Chip 4 (18 bytes) and M/Chip Advance (18, 20, 26 or 28 bytes).
    ///
    /// Key index (KDI), cryptogram version, 6 bytes of results, 2 of the data authentication code or of the dynamic number, 8 of
    /// counters; in M/Chip Advance 8 more of counters may follow (26 and 28 bytes), and the counter of the last online
    /// transaction (20 and 28 bytes). The issuer may have the counters enciphered. There are no discretionary data.
    ///
    /// # Examples
    /// ```
    /// use emv_tlv::element::{Element, Iad};
    ///
    /// let value = b"\x01\x10\xA7\x80\x05\x02\x20\x00\x69\x38\x00\x00\x00\x01\x99\x93\x00\xFF";
    /// let Iad::MChip(iad) = Iad::from_value(value)? else { panic!() };
    /// assert_eq!((iad.key_index(), iad.cryptogram_version()), (0x01, 0x10));
    /// assert_eq!((iad.dac_idn(), iad.extra_counters()), (&[0x69, 0x38], None));
    /// # Ok::<(), emv_tlv::Error>(())
    /// ```
    /// Source: M/Chip Requirements for Contact and Contactless, 15 March 2022, Appendix B, as described by public decoders.
    pub struct MChip {
        dac_idn: &'a [u8; 2],
        counters: &'a [u8; 8],
        extra_counters: Option<&'a [u8; 8]>,
        last_online_atc: Option<&'a [u8; 2]>,
    }
}

impl<'a> MChip<'a> {
    pub(super) fn read(bytes: &'a [u8]) -> Option<Self> {
        let (&[key_index, cryptogram_version], rest) = bytes.split_first_chunk()?;
        let (cvr, rest) = rest.split_first_chunk::<6>()?;
        let (dac_idn, rest) = rest.split_first_chunk()?;
        let (counters, rest) = rest.split_first_chunk()?;
        let (extra_counters, rest) = match rest.split_first_chunk() {
            Some((extra, rest)) => (Some(extra), rest),
            None => (None, rest),
        };
        let last_online_atc = match rest {
            [] => None,
            _ => Some(rest.try_into().ok()?),
        };
        let cvr = Cvr::new(cvr, Layout::MChip);
        let fields = Fields { bytes, key_index, cryptogram_version, cvr, discretionary: None };
        Some(Self { fields, dac_idn, counters, extra_counters, last_online_atc })
    }

    /// Whether the cryptogram version is one that M/Chip has: 10, 11, 14 or 15.
    pub(super) const fn has_known_version(&self) -> bool {
        matches!(self.fields.cryptogram_version, 0x10 | 0x11 | 0x14 | 0x15)
    }

    /// The data authentication code (SDA) or the first two bytes of the dynamic number (DDA, CDA) that the terminal saw.
    #[must_use]
    pub const fn dac_idn(&self) -> &'a [u8; 2] {
        self.dac_idn
    }

    /// Bytes 11 to 18: counters, enciphered or not.
    ///
    /// Not enciphered, those of M/Chip 4 are the amount spent offline (n 12), the number of transactions offline, and FF.
    #[must_use]
    pub const fn counters(&self) -> &'a [u8; 8] {
        self.counters
    }

    /// Bytes 19 to 26: further counters.
    #[must_use]
    pub const fn extra_counters(&self) -> Option<&'a [u8; 8]> {
        self.extra_counters
    }

    /// The last two bytes of 20 or 28: the transaction counter of the last online transaction.
    #[must_use]
    pub const fn last_online_atc(&self) -> Option<&'a [u8; 2]> {
        self.last_online_atc
    }

    pub(super) fn show(&self, facts: &mut Facts<'_, '_>) -> fmt::Result {
        let Fields { bytes, key_index, cryptogram_version, cvr, .. } = self.fields;
        facts.name(format_args!("M/Chip"))?;
        facts.fact(1, 1, format_args!("key index {key_index:02X}"))?;
        let how = match cryptogram_version {
            0x10 => " (Mastercard's session key)",
            0x11 => " (Mastercard's session key, over counters too)",
            0x14 => " (EMV session key)",
            0x15 => " (EMV session key, over counters too)",
            _ => "",
        };
        facts.fact(2, 1, format_args!("CVN {cryptogram_version:02X}{how}"))?;
        facts.results(cvr)?;
        facts.hidden("DAC or dynamic number", 9, self.dac_idn)?;
        facts.hidden("counters", 11, self.counters)?;
        if let Some(extra) = self.extra_counters {
            facts.hidden("extra counters", 19, extra)?;
        }
        if let Some(atc) = self.last_online_atc {
            facts.hidden("last online ATC", bytes.len().saturating_sub(1), atc)?;
        }
        Ok(())
    }
}

/// Bytes 1 to 6. Counter 1 and accumulator 1 are M/Chip 4's only ones.
///
/// Source: as of the layout; three public decoders agree on the bits that they have.
pub(super) static RESULTS: &[Row] = &[
    Row::code(1, 0xC0, 0, "second GENERATE AC: AAC"),
    Row::code(1, 0xC0, 1, "second GENERATE AC: TC"),
    Row::code(1, 0xC0, 2, "second GENERATE AC: not requested"),
    Row::code(1, 0x30, 0, "first GENERATE AC: AAC"),
    Row::code(1, 0x30, 1, "first GENERATE AC: TC"),
    Row::code(1, 0x30, 2, "first GENERATE AC: ARQC"),
    Row::flag(1, 4, "date check failed"),
    Row::flag(1, 3, "offline PIN verification performed"),
    Row::flag(1, 2, "offline PIN verification performed enciphered"),
    Row::flag(1, 1, "offline PIN verification successful"),
    Row::flag(2, 8, "DDA returned"),
    Row::flag(2, 7, "CDA returned in the first GENERATE AC"),
    Row::flag(2, 6, "CDA returned in the second GENERATE AC"),
    Row::flag(2, 5, "issuer authentication performed"),
    Row::flag(2, 4, "default action codes skipped at a CAT 3 terminal"),
    Row::flag(2, 3, "offline change of PIN successful"),
    Row::flag(2, 2, "issuer's bit 2"),
    Row::flag(2, 1, "issuer's bit 1"),
    Row::number(3, 0xF0, "script counter"),
    Row::number(3, 0x0F, "PIN try counter"),
    Row::flag(4, 8, "last online transaction not completed"),
    Row::flag(4, 7, "unable to go online"),
    Row::flag(4, 6, "offline PIN verification not performed"),
    Row::flag(4, 5, "offline PIN verification failed"),
    Row::flag(4, 4, "PIN try limit exceeded"),
    Row::flag(4, 3, "international transaction"),
    Row::flag(4, 2, "domestic transaction"),
    Row::flag(4, 1, "terminal wrongly takes the offline PIN for right"),
    Row::flag(5, 8, "lower limit of counter 1 exceeded"),
    Row::flag(5, 7, "upper limit of counter 1 exceeded"),
    Row::flag(5, 6, "lower limit of accumulator 1 exceeded"),
    Row::flag(5, 5, "upper limit of accumulator 1 exceeded"),
    Row::flag(5, 4, "go online in the next transaction was set"),
    Row::flag(5, 3, "issuer authentication failed"),
    Row::flag(5, 2, "script received"),
    Row::flag(5, 1, "script failed"),
    Row::flag(6, 8, "lower limit of counter 2 exceeded"),
    Row::flag(6, 7, "upper limit of counter 2 exceeded"),
    Row::flag(6, 6, "lower limit of accumulator 2 exceeded"),
    Row::flag(6, 5, "upper limit of accumulator 2 exceeded"),
    Row::flag(6, 4, "maximum transaction amount exceeded"),
    Row::flag(6, 3, "limit of days offline exceeded"),
    Row::flag(6, 2, "match in the additional check table"),
    Row::flag(6, 1, "no match in the additional check table"),
];

#[cfg(test)]
mod tests {
    extern crate std;
    use crate::{
        Exposed,
        element::{Element, Iad},
    };
    use hex_literal::hex;
    use std::{format, string::ToString};

    #[test]
    fn all_four_lengths() {
        let whole = hex!("0114A50003240000123400000001999300FF0102030405060708 00C6");
        for (value, extra, atc) in [
            (&whole[..18], None, None),
            (&[&whole[..18], &whole[26..]].concat(), None, Some([0x00, 0xC6])),
            (&whole[..26], Some([1, 2, 3, 4, 5, 6, 7, 8]), None),
            (&whole, Some([1, 2, 3, 4, 5, 6, 7, 8]), Some([0x00, 0xC6])),
        ] {
            let Iad::MChip(iad) = Iad::from_value(value).unwrap() else { panic!("{value:02X?}") };
            assert_eq!(
                (iad.extra_counters().copied(), iad.last_online_atc().copied()),
                (extra, atc)
            );
            assert_eq!((iad.dac_idn(), iad.counters()), (&hex!("1234"), &hex!("00000001999300FF")));
            assert_eq!(iad.discretionary(), None);
        }
        for len in [17, 19, 21, 25, 27] {
            assert!(matches!(Iad::from_value(&whole[..len]), Ok(Iad::Other(_))));
        }
        let iad = Iad::from_value(&whole).unwrap();
        assert_eq!(
            format!("{iad:#}"),
            "M/Chip\n\
             byte 1: key index 01\n\
             byte 2: CVN 14 (EMV session key)\n\
             CVR byte 1 bits 8-7: second GENERATE AC: not requested\n\
             CVR byte 1 bits 6-5: first GENERATE AC: ARQC\n\
             CVR byte 1 bit 3: offline PIN verification performed\n\
             CVR byte 1 bit 1: offline PIN verification successful\n\
             CVR byte 3 bits 4-1: PIN try counter: 3\n\
             CVR byte 4 bit 6: offline PIN verification not performed\n\
             CVR byte 4 bit 3: international transaction\n\
             bytes 9-10: DAC or dynamic number (2 bytes)\n\
             bytes 11-18: counters (8 bytes)\n\
             bytes 19-26: extra counters (8 bytes)\n\
             bytes 27-28: last online ATC (2 bytes)"
        );
        assert!(Exposed(&iad).to_string().ends_with(
            "; DAC or dynamic number 1234; counters 00000001999300FF; extra counters 0102030405060708; \
             last online ATC 00C6"
        ));
    }
}
