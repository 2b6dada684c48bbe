//! UnionPay: PBOC, JR/T 0025.

use super::{
    cvr::Layout,
    facts::Facts,
    fields::{Counted, view},
};
use core::fmt;

view! {
    /// UnionPay's layout: `07`, key index, cryptogram version, 4 bytes of results the first of which is their length `03`, the
    /// cipher; then, if there are any, 1 to 15 bytes of discretionary data behind their length.
    ///
    /// # Examples
    /// ```
    /// use emv_tlv::element::{Element, Iad};
    ///
    /// let Iad::UnionPay(iad) = Iad::from_value(&[0x07, 0x01, 0x01, 0x03, 0xA0, 0x20, 0x02, 0x01])? else { panic!() };
    /// assert_eq!((iad.key_index(), iad.algorithm()), (1, 0x01));
    /// # Ok::<(), emv_tlv::Error>(())
    /// ```
    /// Source: JR/T 0025, as described by public texts; the results' bits as a public card application sets them.
    pub struct UnionPay { algorithm: u8 }
}

impl<'a> UnionPay<'a> {
    pub(super) fn read(bytes: &'a [u8]) -> Option<Self> {
        let Counted { fields, more: &[algorithm] } = Counted::read(bytes, Layout::Vis)? else {
            return None;
        };
        let fits = bytes.first() == Some(&7) && fields.cvr.as_bytes().len() == 4;
        fits.then_some(Self { fields, algorithm })
    }

    /// The cipher of the cryptogram: 01 TDES, 04 SM4.
    #[must_use]
    pub const fn algorithm(&self) -> u8 {
        self.algorithm
    }

    pub(super) fn show(&self, facts: &mut Facts<'_, '_>) -> fmt::Result {
        facts.name(format_args!("UnionPay"))?;
        self.fields.show_counted(facts)?;
        let algorithm = self.algorithm;
        match algorithm {
            0x01 => facts.fact(8, 1, format_args!("algorithm 01 (TDES)"))?,
            0x04 => facts.fact(8, 1, format_args!("algorithm 04 (SM4)"))?,
            _ => facts.fact(8, 1, format_args!("algorithm {algorithm:02X}"))?,
        }
        self.fields.show_discretionary(facts)
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use crate::element::{Element, Iad};
    use hex_literal::hex;
    use std::{format, string::ToString};

    #[test]
    fn with_and_without_discretionary_data() {
        let value = hex!("07010103A02802010A0100000000007EF35029");
        let iad = Iad::from_value(&value).unwrap();
        let Iad::UnionPay(unionpay) = iad else { panic!("{iad:?}") };
        assert_eq!((unionpay.key_index(), unionpay.cryptogram_version()), (1, 1));
        assert_eq!((unionpay.algorithm(), unionpay.discretionary()), (1, Some(&value[9..])));
        assert_eq!(
            format!("{iad:#}"),
            "UnionPay\n\
             byte 2: key index 01\n\
             byte 3: CVN 01\n\
             CVR byte 2 bits 8-7: second GENERATE AC: not requested\n\
             CVR byte 2 bits 6-5: first GENERATE AC: ARQC\n\
             CVR byte 3 bit 6: velocity limits exceeded\n\
             CVR byte 3 bit 4: issuer authentication failed in the last online transaction\n\
             CVR byte 4 bit 2: DDA performed\n\
             byte 8: algorithm 01 (TDES)\n\
             bytes 10-19: discretionary data (10 bytes)"
        );
        let short = Iad::from_value(&hex!("07000103A0A00004")).unwrap().to_string();
        assert!(short.ends_with("; algorithm 04 (SM4)"), "{short}");
        assert!(Iad::from_value(&hex!("07010103A0280209")).unwrap().to_string().ends_with(" 09"));
    }
}
