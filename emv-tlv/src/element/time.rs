//! Times of day.

use super::{Element, codes::debug, date::triple, packed};
use crate::{Error, ErrorKind, Tag, tags};
use core::fmt;

/// Transaction Time: 3 bytes, HHMMSS in digits, local time.
///
/// # Examples
/// ```
/// use emv_tlv::{element::Time, parse};
///
/// let time: Time = parse(&[0x9F, 0x21, 0x03, 0x23, 0x59, 0x01]).next().ok_or("empty")??.read()?;
/// assert_eq!((time.hour(), time.minute(), time.second()), (23, 59, 1));
/// assert_eq!(time.to_string(), "23:59:01");
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
/// Source: EMV 4.4 Book 3, Annex A.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time {
    hour: u8,
    minute: u8,
    second: u8,
}

impl Time {
    /// A second of a day.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidValue`] if the hour is above 23 (at 0), the minute above 59 (at 1), or the second above 59 (at 2).
    pub const fn new(hour: u8, minute: u8, second: u8) -> Result<Self, Error> {
        let at = match (hour, minute, second) {
            (24.., ..) => 0,
            (_, 60.., _) => 1,
            (.., 60..) => 2,
            _ => return Ok(Self { hour, minute, second }),
        };
        Err(Error::new(ErrorKind::InvalidValue, at))
    }

    /// The value: HHMMSS, two digits a byte.
    #[must_use]
    pub fn to_bytes(self) -> [u8; 3] {
        let [[hour], [minute], [second]] =
            [self.hour, self.minute, self.second].map(|pair| packed::pack(u64::from(pair)));
        [hour, minute, second]
    }

    /// The hour: 0 to 23.
    #[must_use]
    pub const fn hour(self) -> u8 {
        self.hour
    }

    /// The minute: 0 to 59.
    #[must_use]
    pub const fn minute(self) -> u8 {
        self.minute
    }

    /// The second: 0 to 59.
    #[must_use]
    pub const fn second(self) -> u8 {
        self.second
    }
}

impl Element<'_> for Time {
    const TAGS: &'static [Tag] = &[tags::TRANSACTION_TIME];

    /// Reads a time from its value.
    ///
    /// # Errors
    /// [`ErrorKind::WrongLength`] at byte 0 if there are not 3 bytes; [`ErrorKind::InvalidDigit`] at the byte that is not two
    /// digits; [`ErrorKind::InvalidValue`] as [`Time::new`].
    fn from_value(value: &[u8]) -> Result<Self, Error> {
        let [hour, minute, second] = triple(value)?;
        Self::new(hour, minute, second)
    }
}

impl fmt::Display for Time {
    /// Shows hour, minute and second: `23:59:01`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}:{:02}", self.hour, self.minute, self.second)
    }
}

impl fmt::Debug for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        debug("Time", &self.to_bytes(), f)
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use std::format;

    #[test]
    fn what_is_read_is_written() {
        for value in [[0, 0, 0], [0x23, 0x59, 0x59]] {
            assert_eq!(Time::from_value(&value).unwrap().to_bytes(), value);
        }
        let value = |at| Err(Error::new(ErrorKind::InvalidValue, at));
        assert_eq!(Time::from_value(&[0x24, 0, 0]), value(0));
        assert_eq!(Time::from_value(&[0, 0x60, 0x99]), value(1));
        assert_eq!(Time::from_value(&[0, 0, 0x60]), value(2));
        let digit = Err(Error::new(ErrorKind::InvalidDigit, 2));
        assert_eq!(Time::from_value(&[0, 0, 0xAA]), digit);
        assert_eq!(Time::from_value(&[0, 0]), Err(Error::new(ErrorKind::WrongLength, 0)));
        assert_eq!(format!("{:?}", Time::new(1, 2, 3).unwrap()), "Time(010203)");
    }
}
