//! Terminal Type.

use core::fmt;

use super::{
    Element,
    codes::closed_codes,
    layout::{Explained, Row},
};
use crate::{Error, ErrorKind, Tag, tags};

closed_codes! {
    /// Who operates a terminal.
    pub enum Operator {
        0x01 FinancialInstitution "financial institution";
        0x02 Merchant "merchant";
        0x03 Cardholder "cardholder";
    }
}

closed_codes! {
    /// Whether a terminal is attended, and how it communicates.
    pub enum Environment {
        0x01 AttendedOnline "attended, online only";
        0x02 Attended "attended, offline with online capability";
        0x03 AttendedOffline "attended, offline only";
        0x04 UnattendedOnline "unattended, online only";
        0x05 Unattended "unattended, offline with online capability";
        0x06 UnattendedOffline "unattended, offline only";
    }
}

/// Terminal Type: two digits, who operates the terminal and where it stands.
///
/// # Examples
/// ```
/// use emv_tlv::element::{Environment, Operator, TerminalType};
///
/// let terminal = TerminalType::new(Operator::Merchant, Environment::Attended);
/// assert_eq!(terminal.to_byte(), 0x22);
/// assert_eq!(
///     terminal.to_string(),
///     "operational control: merchant; environment: attended, offline with online capability"
/// );
/// ```
/// Source: EMV 4.4 Book 4, Annex A1.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct TerminalType(u8);

static ROWS: &[Row] = &[
    Row::codes(1, 0xF0, "operational control", Operator::TEXTS),
    Row::codes(1, 0x0F, "environment", Environment::TEXTS),
];

impl TerminalType {
    /// The terminal of an operator in an environment.
    #[must_use]
    pub const fn new(operator: Operator, environment: Environment) -> Self {
        Self(operator.code() << 4 | environment.code())
    }

    /// The value.
    #[must_use]
    pub const fn to_byte(self) -> u8 {
        self.0
    }

    /// Who operates the terminal; none for a digit that is reserved.
    #[must_use]
    pub const fn operator(self) -> Option<Operator> {
        Operator::from_code(self.0 >> 4)
    }

    /// Where the terminal stands; none for a digit that is reserved.
    #[must_use]
    pub const fn environment(self) -> Option<Environment> {
        Environment::from_code(self.0 & 0x0F)
    }

    /// Whether somebody attends the terminal; none for a digit that is reserved.
    #[must_use]
    pub const fn is_attended(self) -> Option<bool> {
        match self.environment() {
            Some(environment) => Some(environment.code() <= Environment::AttendedOffline.code()),
            None => None,
        }
    }
}

impl<'a> Element<'a> for TerminalType {
    const TAGS: &'static [Tag] = &[tags::TERMINAL_TYPE];

    /// Besides the errors of every element: [`ErrorKind::InvalidDigit`] if the byte is not two decimal digits.
    fn from_value(value: &'a [u8]) -> Result<Self, Error> {
        let &[digits] = value else {
            return Err(Error::new(ErrorKind::WrongLength, 0));
        };
        if digits >> 4 > 9 || digits & 0x0F > 9 {
            return Err(Error::new(ErrorKind::InvalidDigit, 0));
        }
        Ok(Self(digits))
    }
}

impl fmt::Display for TerminalType {
    /// Says in words what the digits stand for; with `{:#}` one a line, each with its bits.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Explained { value: &[self.0], rows: ROWS }.fmt(f)
    }
}

impl fmt::Debug for TerminalType {
    /// Shows the two digits; the words are for `Display` alone.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TerminalType({:02X})", self.0)
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use std::{format, string::ToString};

    #[test]
    fn every_type_of_the_table_is_explained() {
        // All fifteen of Book 4; cardholders have no attended terminals.
        for (digits, text) in [
            (0x11, "financial institution; environment: attended, online only"),
            (0x12, "financial institution; environment: attended, offline with online capability"),
            (0x13, "financial institution; environment: attended, offline only"),
            (0x14, "financial institution; environment: unattended, online only"),
            (
                0x15,
                "financial institution; environment: unattended, offline with online capability",
            ),
            (0x16, "financial institution; environment: unattended, offline only"),
            (0x21, "merchant; environment: attended, online only"),
            (0x22, "merchant; environment: attended, offline with online capability"),
            (0x23, "merchant; environment: attended, offline only"),
            (0x24, "merchant; environment: unattended, online only"),
            (0x25, "merchant; environment: unattended, offline with online capability"),
            (0x26, "merchant; environment: unattended, offline only"),
            (0x34, "cardholder; environment: unattended, online only"),
            (0x35, "cardholder; environment: unattended, offline with online capability"),
            (0x36, "cardholder; environment: unattended, offline only"),
        ] {
            let terminal = TerminalType::from_value(&[digits]).unwrap();
            assert_eq!(terminal.to_string(), format!("operational control: {text}"));
            assert_eq!(terminal.is_attended(), Some(!text.contains("unattended")));
            let (operator, environment) = (terminal.operator(), terminal.environment());
            assert_eq!(TerminalType::new(operator.unwrap(), environment.unwrap()), terminal);
            assert_eq!(terminal.to_byte(), digits);
            assert_eq!(format!("{terminal:?}"), format!("TerminalType({digits:02X})"));
        }
    }

    #[test]
    fn other_digits_are_reserved_and_others_wrong() {
        let reserved = TerminalType::from_value(&[0x41]).unwrap();
        assert_eq!((reserved.operator(), reserved.is_attended()), (None, Some(true)));
        assert_eq!(
            format!("{reserved:#}"),
            "byte 1 bits 4-1: environment: attended, online only\nbyte 1 bit 7: reserved"
        );
        assert_eq!(TerminalType::from_value(&[0x10]).unwrap().is_attended(), None);
        for (value, kind) in [
            (&[0x1A][..], ErrorKind::InvalidDigit),
            (&[0xA1], ErrorKind::InvalidDigit),
            (&[], ErrorKind::WrongLength),
            (&[0x11, 0x11], ErrorKind::WrongLength),
        ] {
            assert_eq!(TerminalType::from_value(value), Err(Error::new(kind, 0)), "{value:02X?}");
        }
    }
}
