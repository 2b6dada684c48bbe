//! In which order a card wants its applications, and whether the cardholder is to be asked.

use super::{
    Element,
    codes::{debug, separate},
};
use crate::{Error, ErrorKind, Tag, tags};
use core::{fmt, num::NonZero};

const CONFIRMATION: u8 = 0x80;
const RESERVED: u8 = 0x70;
const PRIORITY: u8 = 0x0F;

/// Application Priority Indicator: 1 byte, a rank from 1, the highest, to 15, or none, and whether the cardholder must confirm.
///
/// # Examples
/// ```
/// use emv_tlv::{element::ApplicationPriority, parse};
///
/// let priority: ApplicationPriority = parse(&[0x87, 0x01, 0x82]).next().ok_or("empty")??.read()?;
/// assert!(priority.confirmation_required());
/// assert_eq!(priority.rank().map(u8::from), Some(2));
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
/// Source: EMV 4.4 Book 1, 12.2.3.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct ApplicationPriority(u8);

impl ApplicationPriority {
    /// The element whose value is this byte, reserved bits as they are.
    #[must_use]
    pub const fn from_byte(byte: u8) -> Self {
        Self(byte)
    }

    /// The value.
    #[must_use]
    pub const fn to_byte(self) -> u8 {
        self.0
    }

    /// The rank: 1, the highest, to 15; none if the card gave no priority.
    #[must_use]
    pub const fn rank(self) -> Option<NonZero<u8>> {
        NonZero::new(self.0 & PRIORITY)
    }

    /// Whether the application cannot be selected without the cardholder's confirmation.
    #[must_use]
    pub const fn confirmation_required(self) -> bool {
        self.0 & CONFIRMATION != 0
    }

    /// Bits 7 to 5, which are reserved: 0 to 7.
    #[must_use]
    pub const fn reserved_bits(self) -> u8 {
        (self.0 & RESERVED) >> 4
    }
}

impl Element<'_> for ApplicationPriority {
    const TAGS: &'static [Tag] = &[tags::APPLICATION_PRIORITY_INDICATOR];

    fn from_value(value: &[u8]) -> Result<Self, Error> {
        match *value {
            [byte] => Ok(Self(byte)),
            _ => Err(Error::new(ErrorKind::WrongLength, 0)),
        }
    }
}

impl fmt::Display for ApplicationPriority {
    /// Says in words what the byte asks for; with `{:#}` one fact a line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.rank() {
            Some(rank) => write!(f, "priority {rank}")?,
            None => f.write_str("no priority")?,
        }
        separate(f)?;
        f.write_str(if self.confirmation_required() {
            "not to be selected without the cardholder's confirmation"
        } else {
            "may be selected without the cardholder's confirmation"
        })?;
        if self.reserved_bits() != 0 {
            separate(f)?;
            write!(f, "reserved bits: {}", self.reserved_bits())?;
        }
        Ok(())
    }
}

impl fmt::Debug for ApplicationPriority {
    /// Shows the byte; the words are for `Display` alone.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        debug("ApplicationPriority", &[self.0], f)
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use std::{format, string::ToString};

    #[test]
    fn says_what_the_byte_asks_for() {
        for (byte, expect) in [
            (0x01, "priority 1; may be selected without the cardholder's confirmation"),
            (0x80, "no priority; not to be selected without the cardholder's confirmation"),
            (
                0x3F,
                "priority 15; may be selected without the cardholder's confirmation; reserved bits: 3",
            ),
        ] {
            let priority = ApplicationPriority::from_value(&[byte]).unwrap();
            assert_eq!((priority.to_string().as_str(), priority.to_byte()), (expect, byte));
            assert_eq!(ApplicationPriority::from_byte(byte), priority);
        }
        assert_eq!(format!("{:?}", ApplicationPriority(0x82)), "ApplicationPriority(82)");
        let error = Error::new(ErrorKind::WrongLength, 0);
        assert_eq!(ApplicationPriority::from_value(&[]), Err(error));
    }
}
