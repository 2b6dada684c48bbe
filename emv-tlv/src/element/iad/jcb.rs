//! JCB.

use super::{
    cvr::Layout,
    facts::Facts,
    fields::{Counted, view},
};
use crate::element::layout::Row;
use core::fmt;

view! {
    /// JCB's layout: `07`, key index, cryptogram version, 5 bytes of results the first of which is their length `04`; then, if
    /// there are any, discretionary data behind their length.
    ///
    /// Of the results only the kinds of cryptogram are public; other bits are shown by their places.
    ///
    /// Source: values of cards in public test data, of two origins.
    pub struct Jcb {}
}

impl<'a> Jcb<'a> {
    pub(super) fn read(bytes: &'a [u8]) -> Option<Self> {
        let Counted { fields, more: [] } = Counted::read(bytes, Layout::Jcb)? else { return None };
        let fits = bytes.first() == Some(&7) && fields.cvr.as_bytes().len() == 5;
        fits.then_some(Self { fields })
    }

    pub(super) fn show(&self, facts: &mut Facts<'_, '_>) -> fmt::Result {
        facts.name(format_args!("JCB"))?;
        self.fields.show_counted(facts)?;
        self.fields.show_discretionary(facts)
    }
}

/// Byte 2, as every published table of results begins.
pub(super) static RESULTS: &[Row] = &[
    Row::code(2, 0xC0, 0, "second GENERATE AC: AAC"),
    Row::code(2, 0xC0, 1, "second GENERATE AC: TC"),
    Row::code(2, 0xC0, 2, "second GENERATE AC: not requested"),
    Row::code(2, 0x30, 0, "first GENERATE AC: AAC"),
    Row::code(2, 0x30, 1, "first GENERATE AC: TC"),
    Row::code(2, 0x30, 2, "first GENERATE AC: ARQC"),
];

#[cfg(test)]
mod tests {
    extern crate std;
    use crate::element::{Element, Iad};
    use hex_literal::hex;
    use std::string::ToString;

    #[test]
    fn four_bytes_of_results_behind_their_length() {
        let value = hex!("07290104A0000000");
        let iad = Iad::from_value(&value).unwrap();
        let Iad::Jcb(jcb) = iad else { panic!("{iad:?}") };
        assert_eq!((jcb.key_index(), jcb.cryptogram_version()), (0x29, 1));
        assert_eq!((jcb.cvr().as_bytes(), jcb.discretionary()), (&value[3..], None));
        assert_eq!(
            iad.to_string(),
            "JCB; key index 29; CVN 01; CVR: second GENERATE AC: not requested; first GENERATE AC: ARQC"
        );
        let more = Iad::from_value(&hex!("07290104A0000000 03 010203")).unwrap();
        assert_eq!(more.discretionary(), Some(&[1, 2, 3][..]));
    }
}
