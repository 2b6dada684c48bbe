//! Issuer Authentication Data: the issuer's cryptogram, and what it covers.

use super::{Csu, Element};
use crate::{Error, ErrorKind, Exposed, Tag, mask, tags};
use core::fmt;

/// Issuer Authentication Data (91), 8 to 16 bytes, borrowed: an ARPC by one of two methods, which the bytes do not tell.
///
/// Method 1: 8 bytes of ARPC, and up to 8 that the issuer says more, most often a response code of 2. Method 2: 4 bytes of ARPC,
/// the [`Csu`], and up to 8 of proprietary data. The cryptogram version in the card's [`Iad`](super::Iad) decides: Visa's
/// 18 and '22' and the Common Core Definitions take method 2, Visa's 10 and M/Chip method 1.
///
/// # Security
/// `Display` and `Debug` show the length; [`Exposed`] shows the bytes.
///
/// # Examples
/// ```
/// use emv_tlv::element::{Element, IssuerAuthenticationData};
///
/// let data = IssuerAuthenticationData::from_value(&[0x11, 0x22, 0x33, 0x44, 0x00, 0x80, 0x00, 0x00])?;
/// let (arpc, update, proprietary) = data.as_method_2();
/// assert_eq!(arpc, [0x11, 0x22, 0x33, 0x44]);
/// assert!(update.approves() && proprietary.is_empty());
/// # Ok::<(), emv_tlv::Error>(())
/// ```
/// Source: EMV 4.4 Book 2, 8.2, and Book 3, Annex A1.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct IssuerAuthenticationData<'a> {
    first: &'a [u8; 8],
    rest: &'a [u8],
    bytes: &'a [u8],
}

impl<'a> Element<'a> for IssuerAuthenticationData<'a> {
    const TAGS: &'static [Tag] = &[tags::ISSUER_AUTHENTICATION_DATA];

    fn from_value(value: &'a [u8]) -> Result<Self, Error> {
        match value.split_first_chunk() {
            Some((first, rest)) if rest.len() <= 8 => Ok(Self { first, rest, bytes: value }),
            _ => Err(Error::new(ErrorKind::WrongLength, 0)),
        }
    }
}

impl<'a> IssuerAuthenticationData<'a> {
    /// The value, as it was read.
    #[must_use]
    pub const fn as_bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// By method 1: the ARPC, and what follows it.
    #[must_use]
    pub const fn as_method_1(&self) -> (&'a [u8; 8], &'a [u8]) {
        (self.first, self.rest)
    }

    /// By method 2: the ARPC, the update, and the proprietary data.
    #[must_use]
    pub const fn as_method_2(&self) -> ([u8; 4], Csu, &'a [u8]) {
        let [a, b, c, d, update @ ..] = *self.first;
        ([a, b, c, d], Csu::new(update), self.rest)
    }
}

impl fmt::Display for IssuerAuthenticationData<'_> {
    /// Shows the length.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        mask::length(self.bytes, f)
    }
}

impl fmt::Display for Exposed<'_, IssuerAuthenticationData<'_>> {
    /// Shows the bytes.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        mask::hex(self.0.bytes, f)
    }
}

impl fmt::Debug for IssuerAuthenticationData<'_> {
    /// Shows the length.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "IssuerAuthenticationData({} bytes)", self.bytes.len())
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use hex_literal::hex;
    use std::{format, string::ToString};

    #[test]
    fn both_methods_of_the_same_bytes() {
        let value = hex!("1122334455667788 3030");
        let data = IssuerAuthenticationData::from_value(&value).unwrap();
        assert_eq!(data.as_method_1(), (&hex!("1122334455667788"), &b"00"[..]));
        let update = Csu::new(hex!("55667788"));
        assert_eq!(data.as_method_2(), (hex!("11223344"), update, &b"00"[..]));
        assert_eq!(data.as_bytes(), value);
        assert_eq!(data.to_string(), "(10 bytes)");
        assert_eq!(format!("{data:?}"), "IssuerAuthenticationData(10 bytes)");
        assert_eq!(Exposed(&data).to_string(), "11223344556677883030");
        for len in [0, 7, 17] {
            let wrong = IssuerAuthenticationData::from_value(&[0; 17][..len]);
            assert_eq!(wrong, Err(Error::new(ErrorKind::WrongLength, 0)));
        }
        assert!(IssuerAuthenticationData::from_value(&[0; 16]).is_ok());
    }
}
