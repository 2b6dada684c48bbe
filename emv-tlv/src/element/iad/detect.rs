//! Which layout bytes have.

use super::{Amex, Ccd, Discover, Iad, Jcb, MChip, UnionPay, Visa};

/// Whose layout it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Scheme {
    /// Visa.
    Visa,
    /// Mastercard's M/Chip.
    MChip,
    /// The Common Core Definitions of EMV.
    Ccd,
    /// American Express.
    Amex,
    /// JCB.
    Jcb,
    /// Discover and Diners Club.
    Discover,
    /// UnionPay.
    UnionPay,
}

impl Scheme {
    /// The name as programs exchange it: `mchip`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Visa => "visa",
            Self::MChip => "mchip",
            Self::Ccd => "ccd",
            Self::Amex => "amex",
            Self::Jcb => "jcb",
            Self::Discover => "discover",
            Self::UnionPay => "unionpay",
        }
    }

    /// The scheme of an application identifier, by its registered part, the first five bytes; none if that is unknown or cut.
    ///
    /// # Examples
    /// ```
    /// use emv_tlv::element::iad::Scheme;
    ///
    /// assert_eq!(Scheme::of(&[0xA0, 0x00, 0x00, 0x03, 0x33, 0x01, 0x01]), Some(Scheme::UnionPay));
    /// assert_eq!(Scheme::of(&[0xA0, 0x00]), None);
    /// ```
    /// Source: public lists of registered application providers, ISO/IEC 7816-5.
    #[must_use]
    pub fn of(aid: &[u8]) -> Option<Self> {
        let &[0xA0, 0x00, 0x00, high, low] = aid.first_chunk()? else { return None };
        Some(match u16::from_be_bytes([high, low]) {
            // 0098 is the common application of debit cards in the United States.
            0x0003 | 0x0098 => Self::Visa,
            // 0005 is Maestro in the United Kingdom.
            0x0004 | 0x0005 => Self::MChip,
            0x0025 => Self::Amex,
            0x0065 => Self::Jcb,
            // 0324 is Discover's own, from before D-PAS.
            0x0152 | 0x0324 => Self::Discover,
            0x0333 => Self::UnionPay,
            _ => return None,
        })
    }
}

pub(super) fn by_scheme(scheme: Scheme, bytes: &[u8]) -> Iad<'_> {
    let read = match scheme {
        Scheme::Visa => Visa::read(bytes).map(Iad::Visa),
        Scheme::MChip => MChip::read(bytes).map(Iad::MChip),
        Scheme::Ccd => None,
        Scheme::Amex => Amex::read(bytes).map(Iad::Amex),
        Scheme::Jcb => Jcb::read(bytes).map(Iad::Jcb),
        Scheme::Discover => Discover::read(bytes).map(Iad::Discover),
        Scheme::UnionPay => UnionPay::read(bytes).map(Iad::UnionPay),
    };
    // A value of the common layout has no scheme's.
    Ccd::read(bytes).map(Iad::Ccd).or(read).unwrap_or(Iad::Other(bytes))
}

/// The first version of a Visa cryptogram; American Express counts from 1.
const FIRST_VISA_VERSION: u8 = 10;

pub(super) fn by_bytes(bytes: &[u8]) -> Iad<'_> {
    let amex = |iad: &Amex<'_>| iad.cryptogram_version() < FIRST_VISA_VERSION;
    Ccd::read(bytes)
        .map(Iad::Ccd)
        .or_else(|| Amex::read(bytes).filter(amex).map(Iad::Amex))
        .or_else(|| Visa::read(bytes).map(Iad::Visa))
        .or_else(|| UnionPay::read(bytes).map(Iad::UnionPay))
        .or_else(|| Jcb::read(bytes).map(Iad::Jcb))
        .or_else(|| MChip::read(bytes).filter(MChip::has_known_version).map(Iad::MChip))
        .or_else(|| Discover::read(bytes).map(Iad::Discover))
        .unwrap_or(Iad::Other(bytes))
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use crate::element::Element;
    use hex_literal::hex;

    #[test]
    fn the_scheme_decides_where_it_is_known() {
        let [visa, mchip, amex] =
            [hex!("A0000000031010"), hex!("A0000000041010"), hex!("A0000000250109")];
        let [jcb, discover] = [hex!("A0000000651010"), hex!("A0000001523010")];
        let (unionpay, unknown) = (hex!("A000000333010101"), hex!("A0000002771010"));
        let like_visa = hex!("06020103A40000");
        let like_mchip = hex!("0110A78005022000693800000001999300FF");
        let read = |aid: &[u8], value| Iad::from_value_for(aid, value).unwrap().scheme();
        assert_eq!(read(&visa, &like_visa), Some(Scheme::Visa));
        assert_eq!(read(&amex, &like_visa), Some(Scheme::Amex));
        assert_eq!(read(&mchip, &like_visa), None);
        assert_eq!(read(&unknown, &like_visa), Some(Scheme::Amex));
        assert_eq!(read(&[0xA0, 0x00], &like_visa), Some(Scheme::Amex));
        assert_eq!(read(&mchip, &like_mchip), Some(Scheme::MChip));
        assert_eq!(read(&visa, &like_mchip), None);
        assert_eq!(read(&jcb, &hex!("07290104A0000000")), Some(Scheme::Jcb));
        assert_eq!(read(&unionpay, &hex!("07290104A0000000")), None);
        assert_eq!(read(&unionpay, &hex!("07010103A0200201")), Some(Scheme::UnionPay));
        assert_eq!(read(&discover, &hex!("0105A00001400000")), Some(Scheme::Discover));
        let common = hex!("0FA501A2080058000000 0000000000000F000000000000000000000000000000");
        assert_eq!(common.len(), 32);
        for aid in [&visa, &mchip, &amex, &jcb, &discover, &unknown] {
            assert_eq!(read(aid, &common), Some(Scheme::Ccd));
        }
        // An M/Chip version that is not known is M/Chip's under its scheme alone.
        let mut version = like_mchip;
        version[1] = 0x50;
        assert_eq!((read(&mchip, &version), read(&unknown, &version)), (Some(Scheme::MChip), None));
    }

    #[test]
    fn what_does_not_fit_to_the_byte_is_another_layout() {
        for value in [
            &hex!("06010A03A000")[..],
            &hex!("06010A03A0000000 00"),
            &hex!("06010A03A00000 02 11"),
            &hex!("06010A04A0000000"),
            &hex!("06017A03A00000"),
            &hex!("07010103A020"),
            &hex!("07010103A0200201 0A"),
            &hex!("07010105A020020100"),
            &hex!("1F220100A00000000000"),
            &hex!("0110A780050220006938"),
            &hex!("0105A000014000"),
            &hex!("0115A00001400000 00"),
        ] {
            assert_eq!(Iad::from_value(value).unwrap(), Iad::Other(value), "{value:02X?}");
        }
    }
}
