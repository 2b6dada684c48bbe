//! Amounts, in digits or binary.

use super::{Element, codes::debug, currency::CurrencyExponent, packed};
use crate::{Error, ErrorKind, Tag, tags};
use core::fmt;

/// An amount in digits: 6 bytes, 12 digits, in minor units of its currency.
///
/// `Display` shows minor units, since the value does not say of which currency;
/// [`in_major_units`](Self::in_major_units) shows the usual form.
///
/// # Examples
/// ```
/// use emv_tlv::{element::{Amount, CurrencyCode, CurrencyExponent}, parse};
///
/// let bytes = [0x9F, 0x02, 0x06, 0x00, 0x00, 0x00, 0x00, 0x12, 0x34];
/// let amount: Amount = parse(&bytes).next().ok_or("empty")??.read()?;
/// assert_eq!(amount.minor_units(), 1234);
/// assert_eq!(amount.in_major_units(CurrencyExponent::new(2)?).to_string(), "12.34");
/// let yen = CurrencyCode::new(392)?.exponent().ok_or("no minor unit")?;
/// assert_eq!(amount.in_major_units(yen).to_string(), "1234");
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
/// Source: EMV 4.4 Book 3, Annex A.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Amount(u64);

impl Amount {
    /// The highest amount of 12 digits.
    pub const MAX: Self = Self(999_999_999_999);

    /// An amount of so many minor units.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidValue`] at 0 if it has more than 12 digits.
    pub const fn new(minor_units: u64) -> Result<Self, Error> {
        if minor_units > Self::MAX.0 {
            return Err(Error::new(ErrorKind::InvalidValue, 0));
        }
        Ok(Self(minor_units))
    }

    /// The minor units: cents where the exponent is 2.
    #[must_use]
    pub const fn minor_units(self) -> u64 {
        self.0
    }

    /// The value: 12 digits, two a byte.
    #[must_use]
    pub fn to_bytes(self) -> [u8; 6] {
        packed::pack(self.0)
    }

    /// The amount to be shown in major units, with as many decimals as the currency has.
    #[must_use]
    pub const fn in_major_units(self, exponent: CurrencyExponent) -> MajorUnits {
        MajorUnits { minor_units: self.0, exponent }
    }
}

impl Element<'_> for Amount {
    const TAGS: &'static [Tag] = &[
        tags::AMOUNT_AUTHORISED,
        tags::AMOUNT_OTHER,
        tags::READER_CONTACTLESS_FLOOR_LIMIT,
        tags::READER_TRANSACTION_LIMIT_NO_ON_DEVICE_CVM,
        tags::READER_TRANSACTION_LIMIT_ON_DEVICE_CVM,
        tags::READER_CVM_REQUIRED_LIMIT,
    ];

    fn from_value(value: &[u8]) -> Result<Self, Error> {
        packed::number::<6>(value).map(Self)
    }
}

impl From<u32> for Amount {
    /// The amount of so many minor units.
    fn from(minor_units: u32) -> Self {
        Self(u64::from(minor_units))
    }
}

impl From<BinaryAmount> for Amount {
    fn from(amount: BinaryAmount) -> Self {
        Self::from(amount.0)
    }
}

impl fmt::Display for Amount {
    /// Shows minor units.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl fmt::Debug for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        debug("Amount", &self.to_bytes(), f)
    }
}

/// An amount in binary: 4 bytes, in minor units of its currency.
///
/// It is another element than an [`Amount`]: the same bytes are another number.
///
/// # Examples
/// ```
/// use emv_tlv::{element::{Amount, BinaryAmount}, parse};
///
/// let amount: BinaryAmount = parse(&[0x81, 0x04, 0x00, 0x00, 0x04, 0xD2]).next().ok_or("empty")??.read()?;
/// assert_eq!(Amount::from(amount).minor_units(), 1234);
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
/// Source: EMV 4.4 Book 3, Annex A.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct BinaryAmount(u32);

impl BinaryAmount {
    /// An amount of so many minor units.
    #[must_use]
    pub const fn new(minor_units: u32) -> Self {
        Self(minor_units)
    }

    /// The minor units.
    #[must_use]
    pub const fn minor_units(self) -> u32 {
        self.0
    }

    /// The value: the highest byte first.
    #[must_use]
    pub const fn to_bytes(self) -> [u8; 4] {
        self.0.to_be_bytes()
    }
}

impl Element<'_> for BinaryAmount {
    const TAGS: &'static [Tag] = &[
        tags::AMOUNT_AUTHORISED_BINARY,
        tags::AMOUNT_OTHER_BINARY,
        tags::AMOUNT_REFERENCE_CURRENCY,
        tags::TERMINAL_FLOOR_LIMIT,
    ];

    fn from_value(value: &[u8]) -> Result<Self, Error> {
        let bytes = value.try_into().map_err(|_| Error::new(ErrorKind::WrongLength, 0))?;
        Ok(Self(u32::from_be_bytes(bytes)))
    }
}

impl fmt::Display for BinaryAmount {
    /// Shows minor units.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl fmt::Debug for BinaryAmount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        debug("BinaryAmount", &self.to_bytes(), f)
    }
}

/// An amount that `Display` shows with its decimals; from [`Amount::in_major_units`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct MajorUnits {
    minor_units: u64,
    exponent: CurrencyExponent,
}

impl fmt::Display for MajorUnits {
    /// Shows `12.34`, or no point where there are no decimals.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { minor_units, exponent } = *self;
        let decimals = u32::from(exponent.decimals());
        let Some(unit) = 10u64.checked_pow(decimals) else { return Err(fmt::Error) };
        let major = minor_units.checked_div(unit).unwrap_or_default();
        if decimals == 0 {
            return write!(f, "{major}");
        }
        let minor = minor_units.checked_rem(unit).unwrap_or_default();
        let width = usize::from(exponent.decimals());
        write!(f, "{major}.{minor:0width$}")
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use hex_literal::hex;
    use std::{format, string::ToString};

    #[test]
    fn what_is_read_is_written() {
        for value in [hex!("000000000000"), hex!("000000001234"), hex!("999999999999")] {
            let amount = Amount::from_value(&value).unwrap();
            assert_eq!(amount.to_bytes(), value);
            assert_eq!(Amount::new(amount.minor_units()), Ok(amount));
        }
        for value in [hex!("00000000"), hex!("FFFFFFFF")] {
            assert_eq!(BinaryAmount::from_value(&value).unwrap().to_bytes(), value);
        }
        assert_eq!(Amount::from(BinaryAmount::new(u32::MAX)).minor_units(), 4_294_967_295);
        assert_eq!(Amount::new(1_000_000_000_000), Err(Error::new(ErrorKind::InvalidValue, 0)));
    }

    #[test]
    fn lengths_and_digits_are_checked() {
        let length = Error::new(ErrorKind::WrongLength, 0);
        assert_eq!(Amount::from_value(&[0; 4]), Err(length));
        assert_eq!(BinaryAmount::from_value(&[0; 6]), Err(length));
        let digit = Error::new(ErrorKind::InvalidDigit, 4);
        assert_eq!(Amount::from_value(&hex!("00000000AB00")), Err(digit));
    }

    #[test]
    fn decimals_are_the_currency_s() {
        for (minor_units, exponent, expect) in [
            (0, 2, "0.00"),
            (5, 2, "0.05"),
            (123_456, 2, "1234.56"),
            (1234, 0, "1234"),
            (1005, 3, "1.005"),
            (999_999_999_999, 9, "999.999999999"),
        ] {
            let exponent = CurrencyExponent::new(exponent).unwrap();
            let amount = Amount::new(minor_units).unwrap();
            assert_eq!(amount.in_major_units(exponent).to_string(), expect);
            assert_eq!(amount.to_string(), minor_units.to_string());
        }
        assert_eq!(format!("{:?}", Amount::from(12)), "Amount(000000000012)");
        assert_eq!(format!("{:?} {0}", BinaryAmount::new(12)), "BinaryAmount(0000000C) 12");
    }
}
