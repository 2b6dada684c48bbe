//! Visa: VIS and the contactless specification, formats 0 to 4.

use super::{
    cvr::{Cvr, Layout},
    facts::Facts,
    fields::{Counted, Fields, view},
};
use crate::element::layout::Row;
use core::fmt;

view! {
    /// Visa's layout, formats 0 to 4; the cryptogram version's upper four bits are the format.
    ///
    /// Formats 0, 1 and 3: `06`, key index, cryptogram version, 4 bytes of results the first of which is their length `03`; then,
    /// if there are any, the discretionary data behind their length. Formats 2 and 4: `1F`, cryptogram version, key index,
    /// 5 bytes of results, 24 of discretionary data. The first byte of discretionary data names in its lower four
    /// bits what they hold.
    ///
    /// # Examples
    /// ```
    /// use emv_tlv::element::{Element, Iad};
    ///
    /// let Iad::Visa(iad) = Iad::from_value(b"\x06\x01\x12\x03\xA0\x00\x00\x03\x01\x02\x03")? else { panic!() };
    /// assert_eq!((iad.format(), iad.cryptogram_version()), (1, 18));
    /// assert_eq!(iad.discretionary(), Some(&[1, 2, 3][..]));
    /// # Ok::<(), emv_tlv::Error>(())
    /// ```
    /// Source: Visa Contactless Payment Specification 2.2, Appendix M, as described by public decoders.
    pub struct Visa {}
}

const COUNTED_LEN: u8 = 0x06;
const RESULTS_LEN: usize = 4;

impl<'a> Visa<'a> {
    pub(super) fn read(bytes: &'a [u8]) -> Option<Self> {
        let (iad, formats) = match bytes {
            [COUNTED_LEN, ..] => {
                let Counted { fields, more: [] } = Counted::read(bytes, Layout::Vis)? else {
                    return None;
                };
                (fields.cvr.as_bytes().len() == RESULTS_LEN).then_some(())?;
                (Self { fields }, [0, 1, 3].as_slice())
            }
            &[0x1F, cryptogram_version, key_index, ref rest @ ..] if bytes.len() == 32 => {
                let (cvr, discretionary) = rest.split_first_chunk::<5>()?;
                let cvr = Cvr::new(cvr, Layout::VisMobile);
                let discretionary = Some(discretionary);
                let fields = Fields { bytes, key_index, cryptogram_version, cvr, discretionary };
                (Self { fields }, [2, 4].as_slice())
            }
            _ => return None,
        };
        formats.contains(&iad.format()).then_some(iad)
    }

    /// The format, 0 to 4.
    #[must_use]
    pub const fn format(&self) -> u8 {
        self.fields.cryptogram_version >> 4
    }

    pub(super) fn show(&self, facts: &mut Facts<'_, '_>) -> fmt::Result {
        let Fields { key_index, cryptogram_version, cvr, .. } = self.fields;
        facts.name(format_args!("Visa format {}", self.format()))?;
        // Visa writes the number in decimal for the older formats, and in hexadecimal, quoted, for the others.
        if matches!(self.format(), 2 | 4) {
            facts.fact(2, 1, format_args!("CVN '{cryptogram_version:02X}'"))?;
            facts.fact(3, 1, format_args!("key index {key_index:02X}"))?;
        } else {
            facts.fact(2, 1, format_args!("key index {key_index:02X}"))?;
            facts.fact(3, 1, format_args!("CVN {cryptogram_version}"))?;
        }
        facts.results(cvr)?;
        self.fields.show_discretionary(facts)
    }
}

/// Bytes 2 to 4 of VIS.
///
/// Source: Visa Integrated Circuit Card Specification 1.4 and 1.5, as described by four public decoders, which agree but for
/// byte 2, bits 2 and 1: one of them has them as in M/Chip.
pub(super) static RESULTS: &[Row] = &[
    Row::code(2, 0xC0, 0, "second GENERATE AC: AAC"),
    Row::code(2, 0xC0, 1, "second GENERATE AC: TC"),
    Row::code(2, 0xC0, 2, "second GENERATE AC: not requested"),
    Row::code(2, 0x30, 0, "first GENERATE AC: AAC"),
    Row::code(2, 0x30, 1, "first GENERATE AC: TC"),
    Row::code(2, 0x30, 2, "first GENERATE AC: ARQC"),
    Row::flag(2, 4, "issuer authentication performed and failed"),
    Row::flag(2, 3, "offline PIN verification performed"),
    Row::flag(2, 2, "offline PIN verification failed"),
    Row::flag(2, 1, "unable to go online"),
    Row::flag(3, 8, "last online transaction not completed"),
    Row::flag(3, 7, "PIN try limit exceeded"),
    Row::flag(3, 6, "velocity limits exceeded"),
    Row::flag(3, 5, "new card"),
    Row::flag(3, 4, "issuer authentication failed in the last online transaction"),
    Row::flag(3, 3, "issuer authentication not performed after online authorisation"),
    Row::flag(3, 2, "application blocked by the card at the PIN try limit"),
    Row::flag(3, 1, "SDA failed in the last transaction, declined offline"),
    Row::number(4, 0xF0, "script commands in the last transaction"),
    Row::flag(4, 4, "script processing failed in the last transaction"),
    Row::flag(4, 3, "DDA failed in the last transaction, declined offline"),
    Row::flag(4, 2, "DDA performed"),
    Row::flag(4, 1, "PIN not received by a card that expects it"),
];

/// Bytes 1 to 5 of formats 2 and 4.
///
/// Source: bytes 1 and 5 rest on one public decoder, which calls them unverified.
pub(super) static MOBILE_RESULTS: &[Row] = &[
    Row::code(1, 0xF0, 1, "verified by Visa's mobile application"),
    Row::code(1, 0xF0, 2, "verified by MG"),
    Row::code(1, 0xF0, 3, "verified by another application in the secure element"),
    Row::code(1, 0xF0, 4, "verified by an application in the trusted environment"),
    Row::code(1, 0xF0, 5, "verified by the mobile application"),
    Row::code(1, 0xF0, 6, "verified by the terminal"),
    Row::code(1, 0xF0, 7, "verified in the cloud"),
    Row::code(1, 0xF0, 8, "verified by the device's operating system"),
    Row::code(1, 0x0F, 1, "passcode"),
    Row::code(1, 0x0F, 2, "finger"),
    Row::code(1, 0x0F, 3, "pattern"),
    Row::code(1, 0x0F, 4, "face"),
    Row::code(1, 0x0F, 5, "iris"),
    Row::code(1, 0x0F, 6, "voice"),
    Row::code(1, 0x0F, 7, "palm"),
    Row::code(1, 0x0F, 13, "signature"),
    Row::code(1, 0x0F, 14, "online PIN"),
    Row::code(1, 0xFF, 0, "no verification on the device"),
    Row::code(2, 0xC0, 0, "second GENERATE AC: AAC"),
    Row::code(2, 0xC0, 1, "second GENERATE AC: TC"),
    Row::code(2, 0xC0, 2, "second GENERATE AC: not requested"),
    Row::code(2, 0x30, 0, "GET PROCESSING OPTIONS: AAC"),
    Row::code(2, 0x30, 1, "GET PROCESSING OPTIONS: TC"),
    Row::code(2, 0x30, 2, "GET PROCESSING OPTIONS: ARQC"),
    Row::flag(2, 4, "issuer authentication performed and failed"),
    Row::flag(2, 3, "verification on the device performed"),
    Row::flag(2, 1, "unable to go online"),
    Row::flag(3, 8, "last online transaction not completed"),
    Row::flag(3, 7, "PIN try limit exceeded"),
    Row::flag(3, 6, "velocity limits exceeded"),
    Row::flag(3, 5, "new card"),
    Row::flag(3, 4, "issuer authentication failed in the last online transaction"),
    Row::flag(3, 3, "issuer authentication not performed after online authorisation"),
    Row::flag(3, 2, "application blocked by the card at the PIN try limit"),
    Row::flag(3, 1, "SDA failed in the last transaction, declined offline"),
    Row::number(4, 0xF0, "script commands in the last transaction"),
    Row::flag(4, 4, "script processing failed in the last transaction"),
    Row::flag(4, 3, "DDA failed in the last transaction, declined offline"),
    Row::flag(4, 2, "DDA performed"),
    Row::flag(4, 1, "PIN not received by a card that expects it"),
    Row::flag(5, 8, "device is not in debug mode"),
    Row::flag(5, 7, "device is not rooted"),
    Row::flag(5, 6, "mobile application is not hooked"),
    Row::flag(5, 5, "mobile application is intact"),
    Row::flag(5, 4, "device is connected"),
    Row::flag(5, 3, "device is genuine"),
    Row::flag(5, 2, "verification on the device was successful"),
    Row::flag(5, 1, "secure messaging uses an EMV session key"),
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
    fn format_1_with_discretionary_data() {
        let value = hex!("06011203A000000F0300001030800000046920AE952C48");
        let iad = Iad::from_value(&value).unwrap();
        let Iad::Visa(visa) = iad else { panic!("{iad:?}") };
        assert_eq!((visa.format(), visa.key_index(), visa.cryptogram_version()), (1, 1, 18));
        assert_eq!(visa.cvr().as_bytes(), hex!("03A00000"));
        assert_eq!(visa.discretionary(), Some(&value[8..]));
        assert_eq!(
            format!("{iad:#}"),
            "Visa format 1\n\
             byte 2: key index 01\n\
             byte 3: CVN 18\n\
             CVR byte 2 bits 8-7: second GENERATE AC: not requested\n\
             CVR byte 2 bits 6-5: first GENERATE AC: ARQC\n\
             bytes 9-23: discretionary data (15 bytes)"
        );
        let exposed = Exposed(&iad).to_string();
        assert!(exposed.ends_with("; discretionary data 0300001030800000046920AE952C48"));
        assert_eq!(format!("{iad:?} {visa:?}"), "Iad(visa, 23 bytes) Visa(23 bytes)");
    }

    #[test]
    fn formats_2_and_4() {
        let value = hex!("1F4301512000000000010203040403450100000000000000000000000000000 0");
        let iad = Iad::from_value(&value).unwrap();
        let Iad::Visa(visa) = iad else { panic!("{iad:?}") };
        assert_eq!((visa.format(), visa.key_index(), visa.cryptogram_version()), (4, 1, 0x43));
        assert_eq!(visa.cvr().as_bytes(), hex!("5120000000"));
        assert_eq!(visa.discretionary().map(<[u8]>::len), Some(24));
        assert_eq!(
            iad.to_string(),
            "Visa format 4; CVN '43'; key index 01; CVR: verified by the mobile application; passcode; \
             second GENERATE AC: AAC; GET PROCESSING OPTIONS: ARQC; discretionary data (24 bytes)"
        );
        let mut value = value;
        value[3] = 0;
        let none = Iad::from_value(&value).unwrap().cvr().unwrap().to_string();
        assert!(none.starts_with("no verification on the device; second"), "{none}");
        value[1] = 0x33;
        assert_eq!(Iad::from_value(&value).unwrap(), Iad::Other(&value));
    }
}
