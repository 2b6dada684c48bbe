//! Data elements whose values have a meaning of their own: read, written back, explained.

mod aip;
mod csu;
pub mod iad;
mod issuer_authentication;
pub(crate) mod layout;
mod tvr;

use crate::{Error, ErrorKind, Tag, Tlv};

pub use {
    aip::Aip,
    csu::Csu,
    iad::Iad,
    issuer_authentication::IssuerAuthenticationData,
    layout::{Bit, Bits},
    tvr::Tvr,
};

/// An element that can be read from the value of an object.
///
/// # Examples
/// ```
/// use emv_tlv::{element::Tvr, parse};
///
/// let object = parse(&[0x95, 0x05, 0x00, 0x00, 0x80, 0x00, 0x00]).next().ok_or("empty")??;
/// let results: Tvr = object.read()?;
/// assert!(results.contains(Tvr::CVM_FAILED));
/// assert_eq!(results.to_string(), "cardholder verification was not successful");
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
pub trait Element<'a>: Sized {
    /// The tags under which the element's value stands.
    const TAGS: &'static [Tag];

    /// Reads the element from its value.
    ///
    /// # Errors
    /// [`ErrorKind::WrongLength`] at byte 0 if the value has none of the element's lengths; [`ErrorKind::InvalidDigit`] and
    /// [`ErrorKind::InvalidValue`] at the byte that the element may not have there.
    fn from_value(value: &'a [u8]) -> Result<Self, Error>;
}

impl<'a> Tlv<'a> {
    /// Reads the element that the object holds: `object.read::<Tvr>()`.
    ///
    /// # Errors
    /// [`ErrorKind::WrongTag`] at the object if its tag is none of the element's; those of
    /// [`Element::from_value`], counted from the first byte that the caller gave.
    pub fn read<E: Element<'a>>(&self) -> Result<E, Error> {
        if !E::TAGS.contains(&self.tag()) {
            return Err(Error::new(ErrorKind::WrongTag, self.offset()));
        }
        E::from_value(self.value()).map_err(|error| {
            Error::new(error.kind(), self.value_offset().saturating_add(error.offset()))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{parse, tags};
    use hex_literal::hex;

    #[test]
    fn an_object_is_read_as_what_its_tag_says() {
        let bytes = hex!("00 9A03261126 9505FFFFFFFFFF 950400000000");
        let mut objects = parse(&bytes).map(Result::unwrap);
        let mut next = || objects.next().unwrap().read::<Tvr>();
        assert_eq!(next(), Err(Error::new(ErrorKind::WrongTag, 1)));
        assert_eq!(next().unwrap().to_bytes(), [0xFF; 5]);
        assert_eq!(next(), Err(Error::new(ErrorKind::WrongLength, 15)));
        assert!(Tvr::TAGS.contains(&tags::ISSUER_ACTION_CODE_DENIAL));
    }
}
