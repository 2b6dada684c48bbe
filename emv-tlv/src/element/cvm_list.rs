//! The card's list of cardholder verification rules.

use super::{
    Element,
    codes::{debug, separate},
    cvm::CvmRule,
};
use crate::{Error, ErrorKind, Tag, tags};
use core::fmt;

/// The two amounts before the rules.
const AMOUNTS: usize = 8;
const LONGEST: usize = 252;

/// Cardholder Verification Method List: two amounts, then rules in the order in which they are to be tried.
///
/// A value of 8 to 252 bytes, of even length: X and Y of 4 bytes, binary, in minor units of the application's currency, then
/// 2 bytes a rule. A list without any rule is to be treated as if the card had none.
///
/// # Examples
/// ```
/// use emv_tlv::{element::{Cvm, CvmList}, parse};
///
/// let bytes = b"\x8E\x0C\x00\x00\x27\x10\x00\x00\x00\x00\x42\x03\x1F\x06";
/// let list: CvmList = parse(bytes).next().ok_or("empty")??.read()?;
/// assert_eq!((list.x(), list.y(), list.rules().len()), (10000, 0, 2));
/// let first = list.rules().next().ok_or("no rule")?;
/// assert_eq!((first.method(), first.next_if_fails()), (Cvm::OnlinePin, true));
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
/// Source: EMV 4.4 Book 3, 10.5 and Annex C3.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct CvmList<'a> {
    x: [u8; 4],
    y: [u8; 4],
    /// As many bytes as are whole rules.
    rules: &'a [u8],
    value: &'a [u8],
}

impl<'a> CvmList<'a> {
    /// Writes a list into the front of a buffer: X and Y in minor units, then the rules.
    ///
    /// # Errors
    /// [`ErrorKind::WrongLength`] at byte 0 if there are more than 122 rules, [`ErrorKind::BufferTooSmall`] at byte 0 if the list
    /// does not fit. The buffer is as it was then.
    ///
    /// # Examples
    /// ```
    /// use emv_tlv::element::{Cvm, CvmCondition, CvmList, CvmRule};
    ///
    /// let rules = [
    ///     CvmRule::new(Cvm::OnlinePin, true, CvmCondition::TerminalSupportsCvm),
    ///     CvmRule::new(Cvm::NoCvm, false, CvmCondition::Always),
    /// ];
    /// let mut buffer = [0; 252];
    /// let list = CvmList::encode_into(0, 0, &rules, &mut buffer)?;
    /// assert_eq!(list.as_bytes(), [0, 0, 0, 0, 0, 0, 0, 0, 0x42, 0x03, 0x1F, 0x00]);
    /// # Ok::<(), emv_tlv::Error>(())
    /// ```
    pub fn encode_into(
        x: u32,
        y: u32,
        rules: &[CvmRule],
        buffer: &'a mut [u8],
    ) -> Result<Self, Error> {
        let len = rules.len().saturating_mul(2).saturating_add(AMOUNTS);
        if len > LONGEST {
            return Err(Error::new(ErrorKind::WrongLength, 0));
        }
        let too_small = Error::new(ErrorKind::BufferTooSmall, 0);
        let value = buffer.get_mut(..len).ok_or(too_small)?;
        let (amounts, pairs) = value.split_first_chunk_mut().ok_or(too_small)?;
        *amounts = (u64::from(x) << 32 | u64::from(y)).to_be_bytes();
        let (pairs, _) = pairs.as_chunks_mut();
        pairs.iter_mut().zip(rules).for_each(|(pair, rule)| *pair = rule.to_bytes());
        Self::from_value(value)
    }

    /// The list's value.
    #[must_use]
    pub const fn as_bytes(&self) -> &'a [u8] {
        self.value
    }

    /// The first amount, X, in minor units.
    #[must_use]
    pub const fn x(&self) -> u32 {
        u32::from_be_bytes(self.x)
    }

    /// The second amount, Y, in minor units.
    #[must_use]
    pub const fn y(&self) -> u32 {
        u32::from_be_bytes(self.y)
    }

    /// The rules, in order.
    #[must_use]
    pub const fn rules(&self) -> CvmRules<'a> {
        CvmRules { rest: self.rules }
    }
}

impl<'a> Element<'a> for CvmList<'a> {
    const TAGS: &'static [Tag] = &[tags::CVM_LIST];

    fn from_value(value: &'a [u8]) -> Result<Self, Error> {
        let amounts = || {
            let (&x, rest) = value.split_first_chunk()?;
            let (&y, rules) = rest.split_first_chunk()?;
            let whole = value.len() <= LONGEST && rules.len().is_multiple_of(2);
            whole.then_some(Self { x, y, rules, value })
        };
        amounts().ok_or(Error::new(ErrorKind::WrongLength, 0))
    }
}

impl fmt::Display for CvmList<'_> {
    /// Says in words what is tried, one rule after the other; with `{:#}` one a line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "X: {}", self.x())?;
        separate(f)?;
        write!(f, "Y: {}", self.y())?;
        for (number, rule) in (1u8..).zip(self.rules()) {
            separate(f)?;
            write!(f, "rule {number}: {rule}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for CvmList<'_> {
    /// Shows the bytes; the words are for `Display` alone.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        debug("CvmList", self.value, f)
    }
}

/// The rules of a list, in order; from [`CvmList::rules`].
#[derive(Clone, Debug)]
pub struct CvmRules<'a> {
    rest: &'a [u8],
}

impl Iterator for CvmRules<'_> {
    type Item = CvmRule;

    fn next(&mut self) -> Option<CvmRule> {
        let (&rule, rest) = self.rest.split_first_chunk()?;
        self.rest = rest;
        Some(CvmRule::from_bytes(rule))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let count = self.rest.len() >> 1;
        (count, Some(count))
    }
}

impl ExactSizeIterator for CvmRules<'_> {}
impl core::iter::FusedIterator for CvmRules<'_> {}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use hex_literal::hex;
    use std::{format, string::ToString};

    #[test]
    fn lengths_are_checked() {
        let wrong = Err(Error::new(ErrorKind::WrongLength, 0));
        for len in [0, 7, 9, 11, 251, 253, 254] {
            assert_eq!(CvmList::from_value(&[0; 254][..len]), wrong, "{len}");
        }
        let longest = [0xFF; LONGEST];
        assert_eq!(CvmList::from_value(&longest).unwrap().rules().len(), 122);
        let none = CvmList::from_value(&[0; 8]).unwrap();
        assert_eq!((none.rules().len(), none.rules().next()), (0, None));
    }

    #[test]
    fn is_built_as_it_was_read() {
        let value = hex!("000013880000C350 4106 0208 5E09");
        let list = CvmList::from_value(&value).unwrap();
        let rules: std::vec::Vec<_> = list.rules().collect();
        let mut buffer = [0xEE; 16];
        let again = CvmList::encode_into(list.x(), list.y(), &rules, &mut buffer).unwrap();
        assert_eq!(again.as_bytes(), value);
        assert_eq!(buffer[14..], [0xEE; 2]);

        let mut short = [0xEE; 13];
        let error = CvmList::encode_into(1, 2, &rules, &mut short).unwrap_err();
        assert_eq!((error.kind(), short), (ErrorKind::BufferTooSmall, [0xEE; 13]));
        let many = [CvmRule::from_bytes([0, 0]); 123];
        let error = CvmList::encode_into(1, 2, &many, &mut [0; 300]).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::WrongLength);
    }

    #[test]
    fn explains_rule_by_rule() {
        let value = hex!("0000138800000000 4106 1F02");
        let list = CvmList::from_value(&value).unwrap();
        assert_eq!(
            list.to_string(),
            "X: 5000; Y: 0; \
             rule 1: plaintext PIN verified by ICC, if in the application currency and under X, else the next rule; \
             rule 2: no CVM required, if not unattended cash and not manual cash and not purchase with cashback, else failed"
        );
        assert_eq!(format!("{list:#}").lines().count(), 4);
        assert_eq!(format!("{list:?}"), "CvmList(000013880000000041061F02)");
    }
}
