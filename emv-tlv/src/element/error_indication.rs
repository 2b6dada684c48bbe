//! Error Indication.

use core::fmt;

use super::{
    Element, MessageIdentifier,
    codes::closed_codes,
    layout::{Items, Row},
};
use crate::{Error, ErrorKind, Tag, mask, tags};

closed_codes! {
    /// What went wrong between reader and card.
    pub enum Level1Error {
        0x00 Ok "ok";
        0x01 TimeOut "time out error";
        0x02 Transmission "transmission error";
        0x03 Protocol "protocol error";
    }
}

closed_codes! {
    /// What went wrong in the kernel.
    pub enum Level2Error {
        0x00 Ok "ok";
        0x01 CardDataMissing "card data missing";
        0x02 CamFailed "CAM failed";
        0x03 StatusBytes "status bytes";
        0x04 Parsing "parsing error";
        0x05 MaxLimitExceeded "max limit exceeded";
        0x06 CardData "card data error";
        0x07 MagStripeNotSupported "mag-stripe not supported";
        0x08 NoPpse "no PPSE";
        0x09 PpseFault "PPSE fault";
        0x0A EmptyCandidateList "empty candidate list";
        0x0B IdsRead "IDS read error";
        0x0C IdsWrite "IDS write error";
        0x0D IdsData "IDS data error";
        0x0E IdsNoMatchingAc "IDS no matching AC";
        0x0F TerminalData "terminal data error";
    }
}

closed_codes! {
    /// What went wrong between kernel and terminal.
    pub enum Level3Error {
        0x00 Ok "ok";
        0x01 TimeOut "time out";
        0x02 Stop "stop";
        0x03 AmountNotPresent "amount not present";
    }
}

/// Error Indication of kernel 2, six bytes: what went wrong at each level, the card's status word, and the message to show.
///
/// # Examples
/// ```
/// use emv_tlv::element::{ErrorIndication, Level2Error};
///
/// let error = ErrorIndication::new([0x00, 0x03, 0x00, 0x69, 0x85, 0x1C]);
/// assert_eq!((error.level_2(), error.status_word()), (Some(Level2Error::StatusBytes), 0x6985));
/// assert_eq!(
///     error.to_string(),
///     "L1: ok; L2: status bytes; L3: ok; status word: 6985; message on error: error, other card"
/// );
/// ```
/// Source: EMV Contactless Book C-2, Annex A.1.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct ErrorIndication {
    levels: [u8; 3],
    status_word: u16,
    message: u8,
}

static LEVELS: &[Row] = &[
    Row::codes(1, 0xFF, "L1", Level1Error::TEXTS),
    Row::codes(2, 0xFF, "L2", Level2Error::TEXTS),
    Row::codes(3, 0xFF, "L3", Level3Error::TEXTS),
];

static MESSAGE: &[Row] = &[Row::codes(6, 0xFF, "message on error", MessageIdentifier::TEXTS)];

impl ErrorIndication {
    /// The element whose value is these 6 bytes, reserved codes as they are.
    #[must_use]
    pub const fn new(value: [u8; 6]) -> Self {
        let [level_1, level_2, level_3, sw1, sw2, message] = value;
        Self {
            levels: [level_1, level_2, level_3],
            status_word: u16::from_be_bytes([sw1, sw2]),
            message,
        }
    }

    /// The value.
    #[must_use]
    pub const fn to_bytes(self) -> [u8; 6] {
        let [level_1, level_2, level_3] = self.levels;
        let [sw1, sw2] = self.status_word.to_be_bytes();
        [level_1, level_2, level_3, sw1, sw2, self.message]
    }

    /// What went wrong between reader and card; none for a code that is reserved.
    #[must_use]
    pub const fn level_1(self) -> Option<Level1Error> {
        let [code, ..] = self.levels;
        Level1Error::from_code(code)
    }

    /// What went wrong in the kernel; none for a code that is reserved.
    #[must_use]
    pub const fn level_2(self) -> Option<Level2Error> {
        let [_, code, _] = self.levels;
        Level2Error::from_code(code)
    }

    /// What went wrong between kernel and terminal; none for a code that is reserved.
    #[must_use]
    pub const fn level_3(self) -> Option<Level3Error> {
        let [.., code] = self.levels;
        Level3Error::from_code(code)
    }

    /// The card's status word, SW1 then SW2; 0 if none was at fault.
    #[must_use]
    pub const fn status_word(self) -> u16 {
        self.status_word
    }

    /// The message to show; none for a code that is reserved.
    #[must_use]
    pub const fn message(self) -> Option<MessageIdentifier> {
        MessageIdentifier::from_code(self.message)
    }
}

impl<'a> Element<'a> for ErrorIndication {
    const TAGS: &'static [Tag] = &[tags::ERROR_INDICATION];

    fn from_value(value: &'a [u8]) -> Result<Self, Error> {
        value.try_into().map(Self::new).map_err(|_| Error::new(ErrorKind::WrongLength, 0))
    }
}

impl fmt::Display for ErrorIndication {
    /// Says in words what went wrong; with `{:#}` one a line, each with its place.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut items = Items::new(f);
        items.bytes(1, &self.levels, LEVELS)?;
        if self.status_word != 0 {
            items.span(4, 5, format_args!("status word: {:04X}", self.status_word))?;
        }
        items.bytes(6, &[self.message], MESSAGE)?;
        items.finish()
    }
}

impl fmt::Debug for ErrorIndication {
    /// Shows the bytes; the words are for `Display` alone.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ErrorIndication(")?;
        mask::hex(&self.to_bytes(), f)?;
        f.write_str(")")
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use std::{format, string::ToString};

    #[test]
    fn each_level_has_its_error() {
        let error = ErrorIndication::new([0x01, 0x0F, 0x02, 0x00, 0x00, 0xFF]);
        assert_eq!(error.level_1(), Some(Level1Error::TimeOut));
        assert_eq!(error.level_2(), Some(Level2Error::TerminalData));
        assert_eq!(error.level_3(), Some(Level3Error::Stop));
        assert_eq!(error.message(), Some(MessageIdentifier::NotApplicable));
        assert_eq!(
            format!("{error:#}"),
            "byte 1 bits 8-1: L1: time out error\nbyte 2 bits 8-1: L2: terminal data error\n\
             byte 3 bits 8-1: L3: stop\nbyte 6 bits 8-1: message on error: not applicable"
        );
        assert_eq!(format!("{error:?}"), "ErrorIndication(010F020000FF)");
    }

    #[test]
    fn reserved_codes_stay() {
        let value = [0x04, 0x10, 0x00, 0x90, 0x00, 0x00];
        let error = ErrorIndication::from_value(&value).unwrap();
        assert_eq!((error.level_1(), error.level_2(), error.message()), (None, None, None));
        assert_eq!(error.to_bytes(), value);
        assert_eq!(
            error.to_string(),
            "byte 1 bit 3 (reserved); byte 2 bit 5 (reserved); L3: ok; status word: 9000"
        );
        assert_eq!(
            ErrorIndication::from_value(&value[1..]),
            Err(Error::new(ErrorKind::WrongLength, 0))
        );
    }
}
