//! Issuer Application Data: what the card says to its issuer, in the layout of its scheme.
//!
//! EMV leaves the value to the schemes. [`Iad`] finds out which layout the bytes have and gives its parts; the rules are in
//! [`Iad::from_value`](Element::from_value).

mod amex;
mod ccd;
mod cvr;
mod detect;
mod discover;
mod facts;
mod fields;
mod jcb;
mod mchip;
mod unionpay;
mod visa;

use super::Element;
use crate::{Error, ErrorKind, Exposed, Tag, tags};
use core::fmt;
use facts::Facts;

pub use {
    amex::Amex, ccd::Ccd, cvr::Cvr, detect::Scheme, discover::Discover, jcb::Jcb, mchip::MChip,
    unionpay::UnionPay, visa::Visa,
};

const MAX_LEN: usize = 32;

/// Issuer Application Data (9F10), 1 to 32 bytes, borrowed and in the layout of its scheme.
///
/// What holds for every scheme is to be had without a `match`: [`key_index`](Self::key_index),
/// [`cryptogram_version`](Self::cryptogram_version), [`cvr`](Self::cvr), [`discretionary`](Self::discretionary). The bytes come
/// back from [`as_bytes`](Self::as_bytes) as they were read.
///
/// # Security
/// A cryptogram protects these data, and counters and discretionary data may tell of balances: `Display` shows of those the length
/// alone, [`Exposed`] all.
///
/// # Examples
/// ```
/// use emv_tlv::element::{Element, Iad, iad::Scheme};
///
/// let iad = Iad::from_value(&[0x06, 0x01, 0x0A, 0x03, 0xA4, 0xB0, 0x00])?;
/// assert_eq!((iad.scheme(), iad.key_index(), iad.cryptogram_version()), (Some(Scheme::Visa), Some(1), Some(10)));
/// assert_eq!(
///     iad.to_string(),
///     "Visa format 0; key index 01; CVN 10; CVR: second GENERATE AC: not requested; first GENERATE AC: ARQC; \
///      offline PIN verification performed; last online transaction not completed; velocity limits exceeded; new card"
/// );
/// # Ok::<(), emv_tlv::Error>(())
/// ```
/// Source: EMV 4.4 Book 3, Annex A1, and what each layout names.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Iad<'a> {
    /// Visa: formats 0 to 4.
    Visa(Visa<'a>),
    /// Mastercard: M/Chip 4 and M/Chip Advance.
    MChip(MChip<'a>),
    /// An application of any scheme by the Common Core Definitions.
    Ccd(Ccd<'a>),
    /// American Express.
    Amex(Amex<'a>),
    /// JCB.
    Jcb(Jcb<'a>),
    /// Discover and Diners Club: D-PAS.
    Discover(Discover<'a>),
    /// UnionPay and PBOC.
    UnionPay(UnionPay<'a>),
    /// A layout that is none of these.
    Other(&'a [u8]),
}

impl<'a> Element<'a> for Iad<'a> {
    const TAGS: &'static [Tag] = &[tags::ISSUER_APPLICATION_DATA];

    /// Reads the value in the layout that its bytes are most likely to have.
    ///
    /// In this order: Common Core Definitions, by its length and the two bytes 0F; Visa formats 2 and 4, by length and 1F; what
    /// begins with 06, American Express up to cryptogram version 9 and Visa from 10 on; what begins with 07, UnionPay with three bytes
    /// of results and JCB with four; M/Chip, by one of its four lengths and a cryptogram version that it has; D-PAS, by its
    /// cryptogram version. Anything else, and what does not fit to the byte, is [`Iad::Other`]. Who knows the application
    /// takes [`from_value_for`](Iad::from_value_for).
    ///
    /// # Errors
    /// [`ErrorKind::WrongLength`] at byte 0 if the value is empty or longer than 32 bytes.
    fn from_value(value: &'a [u8]) -> Result<Self, Error> {
        Self::checked(value).map(detect::by_bytes)
    }
}

impl<'a> Iad<'a> {
    /// Reads the value of an application of this identifier (4F, 84 or 9F06), by its first five bytes, the scheme's.
    ///
    /// A known scheme decides: the value has that scheme's layout, or the one of the Common Core Definitions, which any scheme's
    /// application may have, or is [`Iad::Other`]. Under an identifier that is unknown or shorter, the bytes decide
    /// alone, as in [`from_value`](Element::from_value).
    ///
    /// # Errors
    /// [`ErrorKind::WrongLength`] at byte 0 if the value is empty or longer than 32 bytes.
    ///
    /// # Examples
    /// ```
    /// use emv_tlv::element::{Element, Iad};
    ///
    /// let value = [0x06, 0x02, 0x01, 0x03, 0xA4, 0x00, 0x00];
    /// assert!(matches!(Iad::from_value(&value)?, Iad::Amex(_)));
    /// let visa = [0xA0, 0x00, 0x00, 0x00, 0x03, 0x10, 0x10];
    /// assert!(matches!(Iad::from_value_for(&visa, &value)?, Iad::Visa(_)));
    /// # Ok::<(), emv_tlv::Error>(())
    /// ```
    pub fn from_value_for(aid: &[u8], value: &'a [u8]) -> Result<Self, Error> {
        let value = Self::checked(value)?;
        Ok(Scheme::of(aid)
            .map_or_else(|| detect::by_bytes(value), |scheme| detect::by_scheme(scheme, value)))
    }

    fn checked(value: &'a [u8]) -> Result<&'a [u8], Error> {
        match value.len() {
            1..=MAX_LEN => Ok(value),
            _ => Err(Error::new(ErrorKind::WrongLength, 0)),
        }
    }

    /// The value, as it was read.
    #[must_use]
    pub const fn as_bytes(&self) -> &'a [u8] {
        match self {
            Self::Visa(iad) => iad.as_bytes(),
            Self::MChip(iad) => iad.as_bytes(),
            Self::Ccd(iad) => iad.as_bytes(),
            Self::Amex(iad) => iad.as_bytes(),
            Self::Jcb(iad) => iad.as_bytes(),
            Self::Discover(iad) => iad.as_bytes(),
            Self::UnionPay(iad) => iad.as_bytes(),
            Self::Other(bytes) => bytes,
        }
    }

    /// Whose layout it is; none for an unknown one.
    #[must_use]
    pub const fn scheme(&self) -> Option<Scheme> {
        Some(match self {
            Self::Visa(_) => Scheme::Visa,
            Self::MChip(_) => Scheme::MChip,
            Self::Ccd(_) => Scheme::Ccd,
            Self::Amex(_) => Scheme::Amex,
            Self::Jcb(_) => Scheme::Jcb,
            Self::Discover(_) => Scheme::Discover,
            Self::UnionPay(_) => Scheme::UnionPay,
            Self::Other(_) => return None,
        })
    }

    const fn fields(&self) -> Option<&fields::Fields<'a>> {
        match self {
            Self::Visa(iad) => Some(iad.fields()),
            Self::MChip(iad) => Some(iad.fields()),
            Self::Ccd(iad) => Some(iad.fields()),
            Self::Amex(iad) => Some(iad.fields()),
            Self::Jcb(iad) => Some(iad.fields()),
            Self::Discover(iad) => Some(iad.fields()),
            Self::UnionPay(iad) => Some(iad.fields()),
            Self::Other(_) => None,
        }
    }

    /// The index of the issuer's key from which the card's was derived: DKI, or KDI for M/Chip.
    #[must_use]
    pub fn key_index(&self) -> Option<u8> {
        self.fields().map(|fields| fields.key_index)
    }

    /// The cryptogram version number as it stands in the byte; of the Common Core Definitions the four bits of the version.
    #[must_use]
    pub fn cryptogram_version(&self) -> Option<u8> {
        self.fields().map(|fields| fields.cryptogram_version)
    }

    /// The Card Verification Results.
    #[must_use]
    pub fn cvr(&self) -> Option<Cvr<'a>> {
        self.fields().map(|fields| fields.cvr)
    }

    /// The issuer's discretionary data, without their length byte if there is one.
    #[must_use]
    pub fn discretionary(&self) -> Option<&'a [u8]> {
        self.fields().and_then(|fields| fields.discretionary)
    }

    fn show(&self, facts: &mut Facts<'_, '_>) -> fmt::Result {
        match self {
            Self::Visa(iad) => iad.show(facts),
            Self::MChip(iad) => iad.show(facts),
            Self::Ccd(iad) => iad.show(facts),
            Self::Amex(iad) => iad.show(facts),
            Self::Jcb(iad) => iad.show(facts),
            Self::Discover(iad) => iad.show(facts),
            Self::UnionPay(iad) => iad.show(facts),
            Self::Other(bytes) => {
                facts.name(format_args!("unknown layout"))?;
                facts.hidden("data", 1, bytes)
            }
        }
    }
}

impl fmt::Display for Iad<'_> {
    /// Says in words what it holds; with `{:#}` one fact a line, each with its place, results by their place in the results.
    ///
    /// Of counters, authentication codes and discretionary data it shows the length.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.show(&mut Facts::new(f, false))
    }
}

impl fmt::Display for Exposed<'_, Iad<'_>> {
    /// Shows what `Display` of the data does, and what that hides in hexadecimal.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.show(&mut Facts::new(f, true))
    }
}

impl fmt::Debug for Iad<'_> {
    /// Shows the layout and the length.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let layout = self.scheme().map_or("other", Scheme::as_str);
        write!(f, "Iad({layout}, {} bytes)", self.as_bytes().len())
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use crate::parse;
    use hex_literal::hex;
    use std::{format, string::ToString};

    #[test]
    fn only_the_length_is_an_error() {
        let wrong = Error::new(ErrorKind::WrongLength, 0);
        for value in [&[][..], &[0x06; 33]] {
            assert_eq!(Iad::from_value(value), Err(wrong));
            assert_eq!(Iad::from_value_for(&hex!("A000000003"), value), Err(wrong));
        }
        let value = [0x55; 32];
        let iad = Iad::from_value(&value).unwrap();
        assert_eq!((iad, iad.as_bytes()), (Iad::Other(&value), &value[..]));
        assert_eq!((iad.scheme(), iad.key_index(), iad.cryptogram_version()), (None, None, None));
        assert_eq!((iad.cvr(), iad.discretionary()), (None, None));
        assert_eq!(iad.to_string(), "unknown layout; data (32 bytes)");
        assert_eq!(format!("{iad:#}"), "unknown layout\nbytes 1-32: data (32 bytes)");
        let one = Iad::from_value(&[0xAB]).unwrap();
        assert_eq!(Exposed(&one).to_string(), "unknown layout; data AB");
        assert_eq!(
            format!("{one:?} {:#}", Exposed(&one)),
            "Iad(other, 1 bytes) unknown layout\nbyte 1: data AB"
        );
    }

    #[test]
    fn it_is_read_from_its_object() {
        let bytes = hex!("9F10 07 06010A03A00000");
        let object = parse(&bytes).next().unwrap().unwrap();
        assert!(matches!(object.read(), Ok(Iad::Visa(_))));
        let empty = parse(&hex!("9F1000")).next().unwrap().unwrap().read::<Iad<'_>>();
        assert_eq!(empty, Err(Error::new(ErrorKind::WrongLength, 3)));
    }
}
