//! The month until which a card may be used, as tracks have it.

use super::date::Century;
use crate::{Error, ErrorKind, Exposed};
use core::fmt;

/// Expiration date of a track: a year of its century and a month, YYMM.
///
/// `Display` and `Debug` hide it; [`Exposed`] shows its four digits. A track may hold any four digits, so the month may be none.
///
/// # Examples
/// ```
/// use emv_tlv::{Exposed, element::{Century, Expiry}};
///
/// let expiry = Expiry::new(28, 12)?;
/// assert_eq!((expiry.year(Century::EMV), expiry.month()), (2028, 12));
/// assert_eq!(Exposed(&expiry).to_string(), "2812");
/// # Ok::<(), emv_tlv::Error>(())
/// ```
/// Source: ISO/IEC 7813.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Expiry {
    year: u8,
    month: u8,
}

impl Expiry {
    /// The month of a year: 0 to 99, of its century.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidValue`] if the year is above 99 (at 0), or the month not 1 to 12 (at 2, its place among the digits).
    pub const fn new(year: u8, month: u8) -> Result<Self, Error> {
        match (year, month) {
            (100.., _) => Err(Error::new(ErrorKind::InvalidValue, 0)),
            (_, 1..=12) => Ok(Self { year, month }),
            _ => Err(Error::new(ErrorKind::InvalidValue, 2)),
        }
    }

    /// Four digits, YYMM, that were found to be digits.
    pub(crate) fn from_digits(mut digits: impl Iterator<Item = u8>) -> Self {
        let mut pair = || {
            let mut digit = || digits.next().unwrap_or_default();
            digit().wrapping_mul(10).wrapping_add(digit())
        };
        Self { year: pair(), month: pair() }
    }

    /// The four digits, YYMM.
    #[must_use]
    pub const fn digits(self) -> [u8; 4] {
        [self.year / 10, self.year % 10, self.month / 10, self.month % 10]
    }

    /// The whole year.
    #[must_use]
    pub const fn year(self, century: Century) -> u16 {
        century.year(self.year)
    }

    /// The month as it stands: 1 to 12 if it is one, else 0 or 13 to 99.
    #[must_use]
    pub const fn month(self) -> u8 {
        self.month
    }
}

impl fmt::Display for Expiry {
    /// Hides the digits.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(4 digits)")
    }
}

impl fmt::Debug for Expiry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Expiry({self})")
    }
}

impl fmt::Display for Exposed<'_, Expiry> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}{:02}", self.0.year, self.0.month)
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use std::{format, string::ToString};

    #[test]
    fn any_four_digits_come_back_but_only_months_are_made() {
        for (year, month) in [(0, 0), (99, 99), (28, 12)] {
            let expiry = Expiry { year, month };
            assert_eq!(Expiry::from_digits(expiry.digits().into_iter()), expiry);
        }
        assert_eq!(Expiry::new(100, 1), Err(Error::new(ErrorKind::InvalidValue, 0)));
        assert_eq!(Expiry::new(99, 0), Err(Error::new(ErrorKind::InvalidValue, 2)));
        assert_eq!(Expiry::new(99, 13), Err(Error::new(ErrorKind::InvalidValue, 2)));
    }

    #[test]
    fn is_hidden_unless_exposed() {
        let expiry = Expiry::new(5, 1).unwrap();
        assert_eq!(format!("{expiry} {expiry:?}"), "(4 digits) Expiry((4 digits))");
        assert_eq!(Exposed(&expiry).to_string(), "0501");
        assert_eq!(expiry.year(Century::EMV), 2005);
    }
}
