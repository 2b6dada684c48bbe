//! User Interface Request Data.

use core::fmt;

use super::{
    Element,
    codes::closed_codes,
    layout::{Items, Row},
    packed::digits,
};
use crate::{Error, ErrorKind, Exposed, Tag, mask, tags};

closed_codes! {
    /// Which message a reader shows.
    pub enum MessageIdentifier {
        0x03 Approved "approved";
        0x07 Declined "declined";
        0x17 CardReadOk "card read ok";
        0x1A ApprovedSign "approved, sign";
        0x1B Authorising "authorising, please wait";
        0x1C ErrorOtherCard "error, other card";
        0x1D InsertCard "insert card";
        0x1E ClearDisplay "clear display";
        0x20 SeePhone "see phone";
        0x21 TryAgain "try again";
        0xFF NotApplicable "not applicable";
    }
}

closed_codes! {
    /// What state a reader shows.
    pub enum ReaderStatus {
        0x00 NotReady "not ready";
        0x01 Idle "idle";
        0x02 ReadyToRead "ready to read";
        0x03 Processing "processing";
        0x04 CardReadSuccessfully "card read successfully";
        0x05 ProcessingError "processing error";
        0xFF NotApplicable "not applicable";
    }
}

closed_codes! {
    /// What the value is that a reader shows.
    pub enum ValueQualifier {
        0x00 None "none";
        0x01 Amount "amount";
        0x02 Balance "balance";
    }
}

/// User Interface Request Data of kernel 2, 22 bytes: what the reader shows to the cardholder.
///
/// # Security
/// A balance is the cardholder's affair: neither `Display` nor `Debug` shows the value unless it is qualified as an amount.
///
/// # Examples
/// ```
/// use emv_tlv::element::{Element, MessageIdentifier, UserInterfaceRequestData};
///
/// let mut value = [0; 22];
/// value[..7].copy_from_slice(&[0x17, 0x04, 0x00, 0x00, 0x13, b'e', b'n']);
/// let request = UserInterfaceRequestData::from_value(&value)?;
/// assert_eq!(request.message(), Some(MessageIdentifier::CardReadOk));
/// assert_eq!(request.hold_time(), 13);
/// # Ok::<(), emv_tlv::Error>(())
/// ```
/// Source: EMV Contactless Book C-2, Annex A.1.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct UserInterfaceRequestData {
    message: u8,
    status: u8,
    hold_time: [u8; 3],
    languages: [u8; 8],
    qualifier: u8,
    value: [u8; 6],
    currency: [u8; 2],
}

static FIRST: &[Row] = &[
    Row::codes(1, 0xFF, "message", MessageIdentifier::TEXTS),
    Row::codes(2, 0xFF, "status", ReaderStatus::TEXTS),
];

static QUALIFIER: &[Row] = &[Row::codes(14, 0xF0, "value qualifier", ValueQualifier::TEXTS)];

impl UserInterfaceRequestData {
    /// The value.
    ///
    /// # Security
    /// Nothing in it is masked.
    #[must_use]
    pub fn to_bytes(self) -> [u8; 22] {
        let mut bytes = [0; 22];
        let parts = [self.message, self.status]
            .into_iter()
            .chain(self.hold_time)
            .chain(self.languages)
            .chain([self.qualifier])
            .chain(self.value)
            .chain(self.currency);
        bytes.iter_mut().zip(parts).for_each(|(to, from)| *to = from);
        bytes
    }

    /// The message; none for a code that is reserved.
    #[must_use]
    pub const fn message(self) -> Option<MessageIdentifier> {
        MessageIdentifier::from_code(self.message)
    }

    /// The reader's state; none for a code that is reserved.
    #[must_use]
    pub const fn status(self) -> Option<ReaderStatus> {
        ReaderStatus::from_code(self.status)
    }

    /// How long the message stays at least, in units of 100 ms.
    #[must_use]
    pub fn hold_time(self) -> u32 {
        digits(&self.hold_time).ok().and_then(|number| number.try_into().ok()).unwrap_or_default()
    }

    /// The cardholder's languages, two characters each, zeros behind the last.
    #[must_use]
    pub const fn languages(self) -> [u8; 8] {
        self.languages
    }

    /// What the value is; none for a code that is reserved.
    #[must_use]
    pub const fn qualifier(self) -> Option<ValueQualifier> {
        ValueQualifier::from_code(self.qualifier >> 4)
    }

    /// The amount or balance, in minor units of the currency.
    #[must_use]
    pub fn value(self) -> u64 {
        digits(&self.value).unwrap_or_default()
    }

    /// The currency, as ISO 4217 numbers it.
    #[must_use]
    pub fn currency(self) -> u16 {
        digits(&self.currency).ok().and_then(|number| number.try_into().ok()).unwrap_or_default()
    }

    fn may_show_value(self) -> bool {
        self.qualifier() == Some(ValueQualifier::Amount) || self.value() == 0
    }

    fn explain(self, show: bool, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut items = Items::new(f);
        items.bytes(1, &[self.message, self.status], FIRST)?;
        if self.hold_time() != 0 {
            let time = self.hold_time();
            items.span(3, 5, format_args!("hold time in units of 100 ms: {time}"))?;
        }
        let used = self
            .languages
            .iter()
            .rposition(|&byte| byte != 0)
            .map_or(0, |last| last.saturating_add(1));
        let languages = self.languages.get(..used).unwrap_or_default();
        if !languages.is_empty() {
            items.span(6, 13, format_args!("language preference: {}", languages.escape_ascii()))?;
        }
        items.bytes(14, &[self.qualifier], QUALIFIER)?;
        if self.value() != 0 && show {
            items.span(15, 20, format_args!("value: {}", self.value()))?;
        } else if self.value() != 0 {
            items.span(15, 20, format_args!("value: (6 bytes)"))?;
        }
        if self.currency() != 0 {
            items.span(21, 22, format_args!("currency: {:03}", self.currency()))?;
        }
        items.finish()
    }
}

impl<'a> Element<'a> for UserInterfaceRequestData {
    const TAGS: &'static [Tag] = &[tags::USER_INTERFACE_REQUEST_DATA];

    /// Besides the errors of every element: [`ErrorKind::InvalidDigit`] at the byte of hold time, value or currency that is not of digits.
    fn from_value(value: &'a [u8]) -> Result<Self, Error> {
        let wrong_length = Error::new(ErrorKind::WrongLength, 0);
        let bytes: &[u8; 22] = value.try_into().map_err(|_| wrong_length)?;
        let (&[message, status], rest) = bytes.split_first_chunk().ok_or(wrong_length)?;
        let (&hold_time, rest) = rest.split_first_chunk().ok_or(wrong_length)?;
        let (&languages, rest) = rest.split_first_chunk().ok_or(wrong_length)?;
        let (&[qualifier], rest) = rest.split_first_chunk().ok_or(wrong_length)?;
        let (&value, rest) = rest.split_first_chunk().ok_or(wrong_length)?;
        let (&currency, _) = rest.split_first_chunk().ok_or(wrong_length)?;
        for (first, number) in [(2usize, &hold_time[..]), (14, &value), (20, &currency)] {
            digits(number)
                .map_err(|at| Error::at(ErrorKind::InvalidDigit, first.saturating_add(at)))?;
        }
        Ok(Self { message, status, hold_time, languages, qualifier, value, currency })
    }
}

impl fmt::Display for UserInterfaceRequestData {
    /// Says in words what the reader shows; with `{:#}` one a line, each with its place.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.explain(self.may_show_value(), f)
    }
}

impl fmt::Debug for UserInterfaceRequestData {
    /// Shows the bytes, those of the value as stars if they are a balance.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("UserInterfaceRequestData(")?;
        mask::hex(&[self.message, self.status], f)?;
        mask::hex(&self.hold_time, f)?;
        mask::hex(&self.languages, f)?;
        mask::hex(&[self.qualifier], f)?;
        if self.may_show_value() {
            mask::hex(&self.value, f)?;
        } else {
            f.write_str("************")?;
        }
        mask::hex(&self.currency, f)?;
        f.write_str(")")
    }
}

impl fmt::Display for Exposed<'_, UserInterfaceRequestData> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.explain(true, f)
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use hex_literal::hex;
    use std::{format, string::ToString};

    const AMOUNT: [u8; 22] = hex!("1B03 000013 656E000000000000 10 000000001234 0978");

    #[test]
    fn says_what_the_reader_shows() {
        let request = UserInterfaceRequestData::from_value(&AMOUNT).unwrap();
        assert_eq!(request.message(), Some(MessageIdentifier::Authorising));
        assert_eq!(request.status(), Some(ReaderStatus::Processing));
        assert_eq!((request.hold_time(), request.value(), request.currency()), (13, 1234, 978));
        assert_eq!(request.languages(), *b"en\0\0\0\0\0\0");
        assert_eq!(
            request.to_string(),
            "message: authorising, please wait; status: processing; hold time in units of 100 ms: 13; \
             language preference: en; value qualifier: amount; value: 1234; currency: 978"
        );
        assert_eq!(request.to_bytes(), AMOUNT);
        assert_eq!(
            format!("{request:?}"),
            "UserInterfaceRequestData(1B03000013656E000000000000100000000012340978)"
        );
    }

    #[test]
    fn a_balance_is_hidden() {
        for qualifier in [0x20, 0x30, 0x00] {
            let mut value = AMOUNT;
            value[13] = qualifier;
            let request = UserInterfaceRequestData::from_value(&value).unwrap();
            assert!(
                format!("{request:#}").contains("bytes 15-20: value: (6 bytes)\n"),
                "{request:#}"
            );
            assert!(format!("{request:?}").ends_with("************0978)"));
            assert!(Exposed(&request).to_string().contains("value: 1234"));
        }
    }

    #[test]
    fn what_is_no_digit_is_refused_at_its_byte() {
        for at in [2, 4, 14, 19, 20, 21] {
            let mut value = AMOUNT;
            value[at] = 0x1A;
            let error = UserInterfaceRequestData::from_value(&value).unwrap_err();
            assert_eq!(error, Error::at(ErrorKind::InvalidDigit, at));
        }
        let short = UserInterfaceRequestData::from_value(&AMOUNT[1..]);
        assert_eq!(short, Err(Error::new(ErrorKind::WrongLength, 0)));
    }
}
