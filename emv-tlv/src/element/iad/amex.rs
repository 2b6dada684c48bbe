//! American Express: AEIPS and Expresspay.

use super::{
    cvr::Layout,
    facts::Facts,
    fields::{Counted, view},
};
use core::fmt;

view! {
    /// American Express's layout: `06`, key index, cryptogram version, 4 bytes of results the first of which is their length
    /// `03`; then, if there are any, discretionary data behind their length.
    ///
    /// The specification is not public. Cards' values have the layout of Visa's format 0, and what their results say by Visa's table agrees
    /// with the rest of their transactions.
    ///
    /// Source: values of cards in public test data.
    pub struct Amex {}
}

impl<'a> Amex<'a> {
    pub(super) fn read(bytes: &'a [u8]) -> Option<Self> {
        let Counted { fields, more: [] } = Counted::read(bytes, Layout::Vis)? else { return None };
        let fits = bytes.first() == Some(&6) && fields.cvr.as_bytes().len() == 4;
        fits.then_some(Self { fields })
    }

    pub(super) fn show(&self, facts: &mut Facts<'_, '_>) -> fmt::Result {
        facts.name(format_args!("American Express"))?;
        self.fields.show_counted(facts)?;
        self.fields.show_discretionary(facts)
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use crate::element::{Element, Iad};
    use hex_literal::hex;
    use std::string::ToString;

    #[test]
    fn an_offline_approval_with_pin_and_signature() {
        // The cryptogram that came with it is a TC, and the card had signed it.
        let value = hex!("06020103940002");
        let iad = Iad::from_value(&value).unwrap();
        let Iad::Amex(amex) = iad else { panic!("{iad:?}") };
        assert_eq!(
            (amex.key_index(), amex.cryptogram_version(), amex.discretionary()),
            (2, 1, None)
        );
        assert_eq!(
            iad.to_string(),
            "American Express; key index 02; CVN 01; CVR: second GENERATE AC: not requested; \
             first GENERATE AC: TC; offline PIN verification performed; DDA performed"
        );
    }
}
