//! Dates, and the century that they leave out.

use super::{Element, codes::debug, packed};
use crate::{Error, ErrorKind, Exposed, Tag, tags};
use core::fmt;

/// Which century the two digits of a year are of: the hundred years from a first year on.
///
/// # Examples
/// ```
/// use emv_tlv::element::Century;
///
/// assert_eq!((Century::EMV.year(49), Century::EMV.year(50)), (2049, 1950));
/// assert_eq!(Century::around(2060).year(50), 2050);
/// assert_eq!(Century::from_year(2000).year(99), 2099);
/// ```
/// Source: EMV 4.4 Book 4, 6.7.3.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Century {
    first: u16,
}

impl Century {
    /// The books' rule: 00 to 49 are 2000 to 2049, 50 to 99 are 1950 to 1999.
    pub const EMV: Self = Self::from_year(1950);

    /// The hundred years from this one on.
    #[must_use]
    pub const fn from_year(first: u16) -> Self {
        Self { first }
    }

    /// The hundred years around this one, which slide with it: 50 before it, it, and 49 after it.
    #[must_use]
    pub const fn around(year: u16) -> Self {
        Self { first: year.saturating_sub(50) }
    }

    /// The year whose last two digits are those of `year`.
    #[must_use]
    pub const fn year(self, year: u8) -> u16 {
        let year = (year % 100) as u16;
        let ahead = year.wrapping_add(100).wrapping_sub(self.first % 100) % 100;
        self.first.saturating_add(ahead)
    }
}

/// A date: 3 bytes, YYMMDD in digits, of a century that the reader has to know.
///
/// It has no order of its own, since 49 may come after 50: [`ymd`](Self::ymd) has.
///
/// # Examples
/// ```
/// use emv_tlv::{element::{Century, Date}, parse};
///
/// let date: Date = parse(&[0x9A, 0x03, 0x26, 0x11, 0x23]).next().ok_or("empty")??.read()?;
/// assert_eq!(date.ymd(Century::EMV), (2026, 11, 23));
/// assert_eq!(date.to_string(), "2026-11-23");
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
/// Source: EMV 4.4 Book 3, Annex A.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Date {
    year: u8,
    month: u8,
    day: u8,
}

impl Date {
    /// A day of a month of a year of its century, 0 to 99.
    ///
    /// 29 February is a day of every year that four divides: which century it is, is not known here.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidValue`] if the year is above 99 (at 0), the month not 1 to 12 (at 1), or the day none of the month
    /// (at 2).
    pub const fn new(year: u8, month: u8, day: u8) -> Result<Self, Error> {
        let days = match month {
            2 if year.is_multiple_of(4) => 29,
            2 => 28,
            4 | 6 | 9 | 11 => 30,
            1..=12 => 31,
            _ => 0,
        };
        let at = if year > 99 {
            0
        } else if days == 0 {
            1
        } else if day == 0 || day > days {
            2
        } else {
            return Ok(Self { year, month, day });
        };
        Err(Error::new(ErrorKind::InvalidValue, at))
    }

    /// The value: YYMMDD, two digits a byte.
    #[must_use]
    pub fn to_bytes(self) -> [u8; 3] {
        let [[year], [month], [day]] =
            [self.year, self.month, self.day].map(|pair| packed::pack(u64::from(pair)));
        [year, month, day]
    }

    /// The whole year.
    #[must_use]
    pub const fn year(self, century: Century) -> u16 {
        century.year(self.year)
    }

    /// The month: 1 to 12.
    #[must_use]
    pub const fn month(self) -> u8 {
        self.month
    }

    /// The day: 1 to 31.
    #[must_use]
    pub const fn day(self) -> u8 {
        self.day
    }

    /// Year, month and day, which are ordered as dates are.
    #[must_use]
    pub const fn ymd(self, century: Century) -> (u16, u8, u8) {
        (self.year(century), self.month, self.day)
    }
}

impl Element<'_> for Date {
    const TAGS: &'static [Tag] = &[tags::TRANSACTION_DATE, tags::APPLICATION_EFFECTIVE_DATE];

    /// Reads a date from its value.
    ///
    /// # Errors
    /// [`ErrorKind::WrongLength`] at byte 0 if there are not 3 bytes; [`ErrorKind::InvalidDigit`] at the byte that is not two
    /// digits; [`ErrorKind::InvalidValue`] as [`Date::new`].
    fn from_value(value: &[u8]) -> Result<Self, Error> {
        let [year, month, day] = triple(value)?;
        Self::new(year, month, day)
    }
}

/// Three bytes of two digits each, as numbers.
pub(crate) fn triple(value: &[u8]) -> Result<[u8; 3], Error> {
    packed::number::<3>(value)?;
    match *value {
        [first, second, third] => {
            Ok([first, second, third].map(|byte| packed::pair(byte).unwrap_or_default()))
        }
        _ => Err(Error::new(ErrorKind::WrongLength, 0)),
    }
}

impl fmt::Display for Date {
    /// Shows year, month and day by the books' rule for the century: `2026-11-23`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.ymd(Century::EMV);
        write!(f, "{year}-{month:02}-{day:02}")
    }
}

impl fmt::Debug for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        debug("Date", &self.to_bytes(), f)
    }
}

/// Application Expiration Date: the last day on which a card's application may be used.
///
/// `Display` and `Debug` hide it, as the dictionary says of tag 5F24; [`Exposed`] shows it.
///
/// # Examples
/// ```
/// use emv_tlv::{element::{Century, ExpirationDate}, parse};
///
/// let expires: ExpirationDate = parse(&[0x5F, 0x24, 0x03, 0x28, 0x12, 0x31]).next().ok_or("empty")??.read()?;
/// assert!(expires.date().ymd(Century::EMV) >= (2026, 11, 23));
/// assert_eq!(expires.to_string(), "(3 bytes)");
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
/// Source: EMV 4.4 Book 3, Annex A.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct ExpirationDate(Date);

impl ExpirationDate {
    /// The expiration date that this date is.
    #[must_use]
    pub const fn new(date: Date) -> Self {
        Self(date)
    }

    /// The date.
    #[must_use]
    pub const fn date(self) -> Date {
        self.0
    }

    /// The value: YYMMDD, two digits a byte.
    #[must_use]
    pub fn to_bytes(self) -> [u8; 3] {
        self.0.to_bytes()
    }
}

impl Element<'_> for ExpirationDate {
    const TAGS: &'static [Tag] = &[tags::APPLICATION_EXPIRATION_DATE];

    /// Reads an expiration date from its value.
    ///
    /// # Errors
    /// As [`Date`]'s.
    fn from_value(value: &[u8]) -> Result<Self, Error> {
        Date::from_value(value).map(Self)
    }
}

impl fmt::Display for ExpirationDate {
    /// Hides the date.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(3 bytes)")
    }
}

impl fmt::Debug for ExpirationDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ExpirationDate({self})")
    }
}

impl fmt::Display for Exposed<'_, ExpirationDate> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0.0, f)
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use std::{format, string::ToString};

    #[test]
    fn a_century_is_a_hundred_years_from_any_on() {
        for first in [0, 1900, 1950, 1999, 2000, 2013, u16::MAX - 99] {
            for ahead in 0..100 {
                let year = first + ahead;
                let two = u8::try_from(year % 100).unwrap();
                assert_eq!(Century::from_year(first).year(two), year);
            }
        }
        assert_eq!(Century::around(10), Century::from_year(0));
        assert_eq!(Century::from_year(u16::MAX).year(0), u16::MAX);
    }

    #[test]
    fn days_of_months() {
        for (date, expect) in [
            ((26, 2, 29), Some(2)),
            ((28, 2, 29), None),
            ((0, 2, 29), None),
            ((26, 4, 31), Some(2)),
            ((26, 12, 31), None),
            ((26, 12, 0), Some(2)),
            ((26, 0, 1), Some(1)),
            ((26, 13, 1), Some(1)),
            ((100, 1, 1), Some(0)),
        ] {
            let (year, month, day) = date;
            let error = Date::new(year, month, day).err();
            let expect = expect.map(|at| Error::new(ErrorKind::InvalidValue, at));
            assert_eq!(error, expect, "{date:?}");
        }
    }

    #[test]
    fn what_is_read_is_written() {
        for value in [[0x00, 0x01, 0x01], [0x99, 0x12, 0x31], [0x24, 0x02, 0x29]] {
            assert_eq!(Date::from_value(&value).unwrap().to_bytes(), value);
            assert_eq!(ExpirationDate::from_value(&value).unwrap().to_bytes(), value);
        }
        let digit = Err(Error::new(ErrorKind::InvalidDigit, 1));
        assert_eq!(Date::from_value(&[0x26, 0x0C, 0x01]), digit);
        assert_eq!(Date::from_value(&[0x26; 4]), Err(Error::new(ErrorKind::WrongLength, 0)));
    }

    #[test]
    fn an_expiration_date_is_hidden() {
        let date = Date::new(99, 12, 31).unwrap();
        assert_eq!(format!("{date} {date:?}"), "1999-12-31 Date(991231)");
        let expires = ExpirationDate::new(date);
        assert_eq!(format!("{expires} {expires:?}"), "(3 bytes) ExpirationDate((3 bytes))");
        assert_eq!(Exposed(&expires).to_string(), "1999-12-31");
    }
}
