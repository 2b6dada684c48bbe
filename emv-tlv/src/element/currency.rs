//! Currencies, countries, and how many decimals an amount has.

use super::{Element, codes::debug, packed};
use crate::{Error, ErrorKind, Tag, tags};
use core::fmt;

/// Makes an element of a code of three digits.
macro_rules! three_digits {
    ($(#[$doc:meta])* pub struct $name:ident of [$($tag:ident),+ $(,)?];) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(u16);

        impl $name {
            /// The code that is this number.
            ///
            /// # Errors
            /// [`ErrorKind::InvalidValue`] at 0 if it is above 999.
            pub const fn new(number: u16) -> Result<Self, Error> {
                match number {
                    0..=999 => Ok(Self(number)),
                    _ => Err(Error::new(ErrorKind::InvalidValue, 0)),
                }
            }

            /// The number: 0 to 999.
            #[must_use]
            pub const fn number(self) -> u16 {
                self.0
            }

            /// The value: three digits, packed behind a 0.
            #[must_use]
            pub fn to_bytes(self) -> [u8; 2] {
                packed::pack(u64::from(self.0))
            }
        }

        impl Element<'_> for $name {
            const TAGS: &'static [Tag] = &[$(tags::$tag),+];

            /// Reads the code from its value.
            ///
            /// # Errors
            /// [`ErrorKind::WrongLength`] at byte 0 if there are not 2 bytes; [`ErrorKind::InvalidDigit`] at the byte that is
            /// not two digits, or at the first if it has a digit before the three.
            fn from_value(value: &[u8]) -> Result<Self, Error> {
                let number = u16::try_from(packed::number::<2>(value)?);
                number
                    .ok()
                    .and_then(|number| Self::new(number).ok())
                    .ok_or(Error::new(ErrorKind::InvalidDigit, 0))
            }
        }

        impl fmt::Display for $name {
            /// Shows the three digits.
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{:03}", self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self)
            }
        }
    };
}

three_digits! {
    /// A currency's number: 2 bytes, 3 digits.
    ///
    /// # Examples
    /// ```
    /// use emv_tlv::{element::CurrencyCode, parse};
    ///
    /// let code: CurrencyCode = parse(&[0x5F, 0x2A, 0x02, 0x09, 0x78]).next().ok_or("empty")??.read()?;
    /// assert_eq!((code.number(), code.to_string().as_str()), (978, "978"));
    /// # Ok::<(), Box<dyn core::error::Error>>(())
    /// ```
    /// Source: ISO 4217.
    pub struct CurrencyCode of [
        TRANSACTION_CURRENCY_CODE,
        APPLICATION_CURRENCY_CODE,
        TRANSACTION_REFERENCE_CURRENCY_CODE,
    ];
}

three_digits! {
    /// A country's number: 2 bytes, 3 digits.
    ///
    /// # Examples
    /// ```
    /// use emv_tlv::{element::CountryCode, parse};
    ///
    /// let code: CountryCode = parse(&[0x9F, 0x1A, 0x02, 0x00, 0x56]).next().ok_or("empty")??.read()?;
    /// assert_eq!((code.number(), code.to_string().as_str()), (56, "056"));
    /// # Ok::<(), Box<dyn core::error::Error>>(())
    /// ```
    /// Source: ISO 3166-1.
    pub struct CountryCode of [ISSUER_COUNTRY_CODE, TERMINAL_COUNTRY_CODE];
}

/// The currencies whose exponent is not 2, by their number.
const EXPONENTS: [(u8, &[u16]); 3] = [
    (0, &[108, 152, 174, 262, 324, 352, 392, 410, 548, 600, 646, 704, 800, 940, 950, 952, 953]),
    (3, &[48, 368, 400, 414, 434, 512, 788]),
    (4, &[927, 990]),
];

/// Units of account, metals and codes for tests, which have no minor unit.
const NO_MINOR_UNIT: &[u16] = &[955, 956, 957, 958, 959, 960, 961, 962, 963, 964, 965, 994, 999];

impl CurrencyCode {
    /// How many decimals the currency's amounts have: 0 for 392 (yen), 3 for 414 (Kuwaiti dinar), 2 for most, and for numbers
    /// that are no currency's; none for what has no minor unit, as gold.
    ///
    /// The list is of 2024. Where the terminal has an exponent of its own for the currency (5F36), that one counts.
    ///
    /// Source: ISO 4217.
    #[must_use]
    pub fn exponent(self) -> Option<CurrencyExponent> {
        if NO_MINOR_UNIT.contains(&self.0) {
            return None;
        }
        let of = EXPONENTS.iter().find(|(_, numbers)| numbers.contains(&self.0));
        Some(CurrencyExponent(of.map_or(2, |(exponent, _)| *exponent)))
    }
}

/// How many decimals the amounts of a currency have: 1 byte, 1 digit.
///
/// # Examples
/// ```
/// use emv_tlv::{element::CurrencyExponent, parse};
///
/// let exponent: CurrencyExponent = parse(&[0x5F, 0x36, 0x01, 0x02]).next().ok_or("empty")??.read()?;
/// assert_eq!(exponent.decimals(), 2);
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
/// Source: EMV 4.4 Book 3, Annex A.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct CurrencyExponent(u8);

impl CurrencyExponent {
    /// The exponent of so many decimals.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidValue`] at 0 if there are more than 9.
    pub const fn new(decimals: u8) -> Result<Self, Error> {
        match decimals {
            0..=9 => Ok(Self(decimals)),
            _ => Err(Error::new(ErrorKind::InvalidValue, 0)),
        }
    }

    /// How many decimals there are: 0 to 9.
    #[must_use]
    pub const fn decimals(self) -> u8 {
        self.0
    }

    /// The value.
    #[must_use]
    pub const fn to_byte(self) -> u8 {
        self.0
    }
}

impl Element<'_> for CurrencyExponent {
    const TAGS: &'static [Tag] = &[
        tags::TRANSACTION_CURRENCY_EXPONENT,
        tags::APPLICATION_CURRENCY_EXPONENT,
        tags::TRANSACTION_REFERENCE_CURRENCY_EXPONENT,
    ];

    /// Reads an exponent from its value.
    ///
    /// # Errors
    /// [`ErrorKind::WrongLength`] at byte 0 if there is not 1 byte; [`ErrorKind::InvalidDigit`] there if it is not one digit.
    fn from_value(value: &[u8]) -> Result<Self, Error> {
        match *value {
            [decimals @ 0..=9] => Ok(Self(decimals)),
            [_] => Err(Error::new(ErrorKind::InvalidDigit, 0)),
            _ => Err(Error::new(ErrorKind::WrongLength, 0)),
        }
    }
}

impl fmt::Display for CurrencyExponent {
    /// Shows the digit.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl fmt::Debug for CurrencyExponent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        debug("CurrencyExponent", &[self.0], f)
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use std::format;

    #[test]
    fn codes_are_three_digits() {
        for number in 0..1000 {
            let code = CurrencyCode::new(number).unwrap();
            assert_eq!(CurrencyCode::from_value(&code.to_bytes()), Ok(code));
        }
        assert_eq!(CurrencyCode::new(1000), Err(Error::new(ErrorKind::InvalidValue, 0)));
        let digit = |at| Err(Error::new(ErrorKind::InvalidDigit, at));
        assert_eq!(CountryCode::from_value(&[0x10, 0x56]), digit(0));
        assert_eq!(CountryCode::from_value(&[0x00, 0x5A]), digit(1));
        let length = Err(Error::new(ErrorKind::WrongLength, 0));
        assert_eq!(CountryCode::from_value(&[0x56]), length);
        assert_eq!(format!("{:?}", CountryCode::new(56).unwrap()), "CountryCode(056)");
    }

    #[test]
    fn exponents_by_currency() {
        for (number, expect) in [
            (840, Some(2)),
            (978, Some(2)),
            (156, Some(2)),
            (392, Some(0)),
            (410, Some(0)),
            (48, Some(3)),
            (414, Some(3)),
            (990, Some(4)),
            (959, None),
            (999, None),
        ] {
            let exponent = CurrencyCode::new(number).unwrap().exponent();
            assert_eq!(exponent.map(CurrencyExponent::decimals), expect, "{number}");
        }
    }

    #[test]
    fn an_exponent_is_one_digit() {
        for byte in 0..=9 {
            assert_eq!(CurrencyExponent::from_value(&[byte]).unwrap().to_byte(), byte);
        }
        let digit = Error::new(ErrorKind::InvalidDigit, 0);
        assert_eq!(CurrencyExponent::from_value(&[0x0A]), Err(digit));
        assert_eq!(CurrencyExponent::from_value(&[0x12]), Err(digit));
        let length = Error::new(ErrorKind::WrongLength, 0);
        assert_eq!(CurrencyExponent::from_value(&[]), Err(length));
        assert_eq!(CurrencyExponent::new(10), Err(Error::new(ErrorKind::InvalidValue, 0)));
        assert_eq!(format!("{0} {0:?}", CurrencyExponent(2)), "2 CurrencyExponent(02)");
    }
}
