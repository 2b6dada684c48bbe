//! Where and how a card may be used, in three digits.

use super::{
    Element,
    codes::{open_codes, reserved, separate},
    packed,
};
use crate::{Error, ErrorKind, Exposed, Tag, tags};
use core::fmt;

open_codes! {
    /// Where a card may be used: the first digit.
    ///
    /// Source: ISO/IEC 7813.
    pub enum Interchange {
        International = 1, "international", "international";
        InternationalIc = 2, "international_ic", "international, with the IC where feasible";
        National = 5, "national", "national except under bilateral agreement";
        NationalIc = 6, "national_ic", "national except under bilateral agreement, with the IC where feasible";
        Private = 7, "private", "none except under bilateral agreement";
        Test = 9, "test", "test card";
        /// Any other digit, which is reserved.
        Other: reserved;
    }
}

open_codes! {
    /// How the card's transactions are authorised: the second digit.
    ///
    /// Source: ISO/IEC 7813.
    pub enum AuthorisationProcessing {
        Normal = 0, "normal", "normal";
        ByIssuer = 2, "by_issuer", "by the issuer online";
        ByIssuerUnlessAgreed = 4, "by_issuer_unless_agreed", "by the issuer online except under bilateral agreement";
        /// Any other digit, which is reserved.
        Other: reserved;
    }
}

open_codes! {
    /// What a card may be used for; in the third digit together with the [`PinRequirement`].
    ///
    /// The codes are this crate's own: the digit without its requirement.
    ///
    /// Source: ISO/IEC 7813.
    pub enum AllowedServices {
        NoRestrictions = 1, "no_restrictions", "no restrictions";
        GoodsAndServices = 2, "goods_and_services", "goods and services only";
        AtmOnly = 3, "atm_only", "ATM only";
        CashOnly = 4, "cash_only", "cash only";
        /// The third digit, which is reserved.
        Other: reserved;
    }
}

open_codes! {
    /// Whether a PIN is asked for; in the third digit together with the [`AllowedServices`].
    ///
    /// The codes are this crate's own.
    ///
    /// Source: ISO/IEC 7813.
    pub enum PinRequirement {
        None = 0, "none", "not required";
        Required = 1, "required", "required";
        IfPinPad = 2, "if_pin_pad", "asked for where there is a PIN pad";
        /// The third digit, which is reserved.
        Other: reserved;
    }
}

/// Service code: 3 digits, where a card may be used, how it is authorised, and for what.
///
/// `Display` and `Debug` hide it, as the dictionary says of tag 5F30; [`Exposed`] shows the digits and says in words what they
/// mean, with `{:#}` one a line.
///
/// # Examples
/// ```
/// use emv_tlv::{Exposed, element::{Interchange, ServiceCode}, parse};
///
/// let code: ServiceCode = parse(&[0x5F, 0x30, 0x02, 0x02, 0x01]).next().ok_or("empty")??.read()?;
/// assert_eq!(code.interchange(), Interchange::InternationalIc);
/// assert_eq!(
///     Exposed(&code).to_string(),
///     "201; interchange: international, with the IC where feasible; authorisation: normal; \
///      services: no restrictions; PIN: not required"
/// );
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
/// Source: EMV 4.4 Book 3, Annex A; ISO/IEC 7813.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct ServiceCode([u8; 3]);

impl ServiceCode {
    /// The code of three digits, 0 to 9 each.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidDigit`] at the first that is none.
    pub fn new(digits: [u8; 3]) -> Result<Self, Error> {
        match digits.iter().position(|&digit| digit > 9) {
            Some(at) => Err(Error::at(ErrorKind::InvalidDigit, at)),
            None => Ok(Self(digits)),
        }
    }

    /// Three digits that were found to be digits.
    pub(crate) fn from_digits(mut digits: impl Iterator<Item = u8>) -> Self {
        Self([(); 3].map(|()| digits.next().unwrap_or_default()))
    }

    /// The three digits.
    #[must_use]
    pub const fn digits(self) -> [u8; 3] {
        self.0
    }

    /// The value of tag 5F30: the digits packed behind a 0.
    #[must_use]
    pub const fn to_bytes(self) -> [u8; 2] {
        let [first, second, third] = self.0;
        [first, second << 4 | third]
    }

    /// Where the card may be used.
    #[must_use]
    pub const fn interchange(self) -> Interchange {
        let [first, ..] = self.0;
        Interchange::from_code(first)
    }

    /// How its transactions are authorised.
    #[must_use]
    pub const fn authorisation(self) -> AuthorisationProcessing {
        let [_, second, _] = self.0;
        AuthorisationProcessing::from_code(second)
    }

    /// What it may be used for.
    #[must_use]
    pub const fn allowed_services(self) -> AllowedServices {
        match self.0 {
            [_, _, 0 | 1 | 6] => AllowedServices::NoRestrictions,
            [_, _, 2 | 5 | 7] => AllowedServices::GoodsAndServices,
            [_, _, 3] => AllowedServices::AtmOnly,
            [_, _, 4] => AllowedServices::CashOnly,
            [_, _, third] => AllowedServices::Other(third),
        }
    }

    /// Whether a PIN is asked for.
    #[must_use]
    pub const fn pin_requirement(self) -> PinRequirement {
        match self.0 {
            [_, _, 1 | 2 | 4] => PinRequirement::None,
            [_, _, 0 | 3 | 5] => PinRequirement::Required,
            [_, _, 6 | 7] => PinRequirement::IfPinPad,
            [_, _, third] => PinRequirement::Other(third),
        }
    }
}

impl Element<'_> for ServiceCode {
    const TAGS: &'static [Tag] = &[tags::SERVICE_CODE];

    fn from_value(value: &[u8]) -> Result<Self, Error> {
        let digits = match (packed::number::<2>(value)?, value) {
            (0..=999, &[first, rest]) => [first, rest >> 4, rest & 0x0F],
            _ => return Err(Error::new(ErrorKind::InvalidDigit, 0)),
        };
        Self::new(digits)
    }
}

impl fmt::Display for ServiceCode {
    /// Hides the digits.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(3 digits)")
    }
}

impl fmt::Debug for ServiceCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ServiceCode({self})")
    }
}

impl fmt::Display for Exposed<'_, ServiceCode> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [first, second, third] = self.0.0;
        write!(f, "{first}{second}{third}")?;
        separate(f)?;
        write!(f, "interchange: {}", self.0.interchange())?;
        separate(f)?;
        write!(f, "authorisation: {}", self.0.authorisation())?;
        separate(f)?;
        write!(f, "services: {}", self.0.allowed_services())?;
        separate(f)?;
        write!(f, "PIN: {}", self.0.pin_requirement())
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use std::{format, string::ToString};

    #[test]
    fn every_code_is_read_and_written() {
        for code in 0..1000u64 {
            let value: [u8; 2] = packed::pack(code);
            let read = ServiceCode::from_value(&value).unwrap();
            assert_eq!(read.to_bytes(), value);
            assert_eq!(ServiceCode::new(read.digits()), Ok(read));
        }
        let digit = |at| Err(Error::new(ErrorKind::InvalidDigit, at));
        assert_eq!(ServiceCode::from_value(&[0x12, 0x01]), digit(0));
        assert_eq!(ServiceCode::from_value(&[0x02, 0x0A]), digit(1));
        assert_eq!(ServiceCode::new([2, 0, 10]), digit(2));
        let length = Err(Error::new(ErrorKind::WrongLength, 0));
        assert_eq!(ServiceCode::from_value(&[0x02]), length);
    }

    #[test]
    fn is_explained_only_where_exposed() {
        let code = ServiceCode([6, 2, 5]);
        assert_eq!(format!("{code} {code:?}"), "(3 digits) ServiceCode((3 digits))");
        assert_eq!(
            format!("{:#}", Exposed(&code)),
            "625\n\
             interchange: national except under bilateral agreement, with the IC where feasible\n\
             authorisation: by the issuer online\n\
             services: goods and services only\n\
             PIN: required"
        );
        assert_eq!(
            Exposed(&ServiceCode([0, 9, 8])).to_string(),
            "098; interchange: reserved 00; authorisation: reserved 09; services: reserved 08; PIN: reserved 08"
        );
    }

    #[test]
    fn the_third_digit_is_two_facts() {
        let facts = |third| {
            let code = ServiceCode([1, 0, third]);
            (code.allowed_services().as_str(), code.pin_requirement().as_str())
        };
        assert_eq!(facts(0), ("no_restrictions", "required"));
        assert_eq!(facts(3), ("atm_only", "required"));
        assert_eq!(facts(4), ("cash_only", "none"));
        assert_eq!(facts(7), ("goods_and_services", "if_pin_pad"));
    }
}
