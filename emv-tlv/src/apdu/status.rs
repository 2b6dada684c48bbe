//! The two bytes that say how a command went.

use super::{Instruction, Le};
use core::fmt;

/// The status of a response: SW1 and SW2.
///
/// `Display` says what it means, `Debug` shows the bytes alone.
///
/// # Examples
/// ```
/// use emv_tlv::apdu::{Category, Instruction, StatusWord};
///
/// let status = StatusWord::new(0x63C2);
/// assert_eq!((status.category(), status.tries_left()), (Category::Warning, Some(2)));
/// assert_eq!(status.to_string(), "63C2 counter of tries: 2");
/// assert_eq!(status.meaning_after(Instruction::Verify), "wrong PIN or template, tries left");
/// ```
/// Source: ISO/IEC 7816-4; EMV 4.4 Book 3, 6.3.5.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct StatusWord(u16);

/// How a command went, in general.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Category {
    /// It was carried out: 9000, or 61xx.
    Success,
    /// It was carried out, and something is to be known: 62xx and 63xx.
    Warning,
    /// It was not carried out: 64xx to 6Fxx.
    Error,
    /// The coding is the issuer's own.
    Proprietary,
}

impl StatusWord {
    /// 9000: carried out.
    pub const SUCCESS: Self = Self(0x9000);
    /// 6283: the selected application is blocked.
    pub const SELECTED_FILE_INVALIDATED: Self = Self(0x6283);
    /// 6300: authentication failed.
    pub const AUTHENTICATION_FAILED: Self = Self(0x6300);
    /// 6700: wrong length.
    pub const WRONG_LENGTH: Self = Self(0x6700);
    /// 6982: security status not satisfied.
    pub const SECURITY_STATUS_NOT_SATISFIED: Self = Self(0x6982);
    /// 6983: authentication method blocked.
    pub const AUTHENTICATION_METHOD_BLOCKED: Self = Self(0x6983);
    /// 6984: referenced data invalidated.
    pub const REFERENCED_DATA_INVALIDATED: Self = Self(0x6984);
    /// 6985: conditions of use not satisfied.
    pub const CONDITIONS_NOT_SATISFIED: Self = Self(0x6985);
    /// 6A81: function not supported.
    pub const FUNCTION_NOT_SUPPORTED: Self = Self(0x6A81);
    /// 6A82: file or application not found.
    pub const FILE_NOT_FOUND: Self = Self(0x6A82);
    /// 6A83: record not found.
    pub const RECORD_NOT_FOUND: Self = Self(0x6A83);
    /// 6A88: referenced data not found.
    pub const REFERENCED_DATA_NOT_FOUND: Self = Self(0x6A88);
    /// 6D00: instruction not supported.
    pub const INSTRUCTION_NOT_SUPPORTED: Self = Self(0x6D00);
    /// 6E00: class not supported.
    pub const CLASS_NOT_SUPPORTED: Self = Self(0x6E00);

    /// The status whose bytes spell this number: `0x9000`.
    #[must_use]
    pub const fn new(raw: u16) -> Self {
        Self(raw)
    }

    /// The status of these two bytes.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 2]) -> Self {
        Self(u16::from_be_bytes(bytes))
    }

    /// SW1 and SW2.
    #[must_use]
    pub const fn to_bytes(self) -> [u8; 2] {
        self.0.to_be_bytes()
    }

    /// The number that the bytes spell.
    #[must_use]
    pub const fn raw(self) -> u16 {
        self.0
    }

    /// How the command went, in general.
    #[must_use]
    pub const fn category(self) -> Category {
        match self.to_bytes() {
            [0x90, 0x00] | [0x61, _] => Category::Success,
            [0x62 | 0x63, _] => Category::Warning,
            [0x64..=0x6F, _] => Category::Error,
            _ => Category::Proprietary,
        }
    }

    /// Whether the command was carried out and there is nothing more to know: 9000.
    #[must_use]
    pub const fn is_success(self) -> bool {
        self.0 == Self::SUCCESS.0
    }

    /// How many bytes GET RESPONSE may fetch, if the status is 61xx.
    #[must_use]
    pub const fn bytes_available(self) -> Option<Le> {
        match self.to_bytes() {
            [0x61, count] => Some(Le::from_short(count)),
            _ => None,
        }
    }

    /// The Le with which the command is to be sent again, if the status is 6Cxx.
    #[must_use]
    pub const fn right_le(self) -> Option<Le> {
        match self.to_bytes() {
            [0x6C, count] => Some(Le::from_short(count)),
            _ => None,
        }
    }

    /// How many tries are left, 0 to 15, if the status is 63Cx.
    #[must_use]
    pub const fn tries_left(self) -> Option<u8> {
        match self.to_bytes() {
            [0x63, count @ 0xC0..=0xCF] => Some(count & 0x0F),
            _ => None,
        }
    }

    /// What the status means, whatever the command was.
    ///
    /// Source: ISO/IEC 7816-4; EMV 4.4 Book 3, 6.3.5.
    #[must_use]
    pub fn meaning(self) -> &'static str {
        let [first, second] = self.to_bytes();
        match MEANINGS.binary_search_by_key(&self.0, |&(raw, _)| raw) {
            Ok(at) => MEANINGS.get(at).map_or("", |&(_, text)| text),
            Err(_) => match (first, second) {
                (0x61, _) => "more bytes are available",
                (0x62, 0x02..=0x80) => "card asks to be queried, memory unchanged",
                (0x62, _) => "warning, memory unchanged",
                (0x63, 0xC0..=0xCF) => "counter of tries",
                (0x63, _) => "warning, memory changed",
                (0x64, _) => "not carried out, memory unchanged",
                (0x65, _) => "not carried out, memory changed",
                (0x66, _) => "not carried out for security",
                (0x67, _) => "wrong length",
                (0x68, _) => "function of the class not supported",
                (0x69, _) => "command not allowed",
                (0x6A, _) => "wrong P1 or P2",
                (0x6B, _) => "P1 or P2 out of range",
                (0x6C, _) => "wrong Le, the right one",
                (0x6D, _) => "instruction not supported",
                (0x6E, _) => "class not supported",
                (0x6F, _) => "no precise diagnosis",
                _ => "of the issuer's own",
            },
        }
    }

    /// What the status means after a command, where EMV says more than [`meaning`](Self::meaning) does.
    ///
    /// Source: EMV 4.4 Book 3, 6.3.5 and 6.5; EMV 4.4 Book 1, 12.
    #[must_use]
    pub fn meaning_after(self, command: Instruction) -> &'static str {
        use Instruction::{
            ExternalAuthenticate, GenerateAc, GetData, GetProcessingOptions, ReadRecord, Select,
            Verify,
        };
        match (command, self.0) {
            (Select, 0x6283) => "application is blocked",
            (Select, 0x6A81) => "card is blocked, or does not know the command",
            (Select, 0x6A82) => "no such application, or no further one",
            (GetProcessingOptions, 0x6985) => {
                "conditions of use not satisfied: back to the candidate list"
            }
            (ReadRecord, 0x6A83) => "no such record: the file has no more",
            (GenerateAc, 0x6985) => "conditions of use not satisfied: no further cryptogram",
            (ExternalAuthenticate, 0x6300) => "issuer authentication failed",
            (ExternalAuthenticate, 0x6985) => "conditions of use not satisfied: once a transaction",
            (GetData, 0x6A81 | 0x6A88) => "card has no such object",
            (Verify, 0x63C0) => "wrong PIN or template, and now blocked, tries left",
            (Verify, 0x63C1..=0x63CF) => "wrong PIN or template, tries left",
            (Verify, 0x6983) => "blocked: no try is left",
            (Verify, 0x6984) => "reference PIN is invalidated: no try is left",
            _ => self.meaning(),
        }
    }

    /// The status and what it means after a command.
    pub(super) fn show(
        self,
        after: Option<Instruction>,
        f: &mut fmt::Formatter<'_>,
    ) -> fmt::Result {
        let meaning = after.map_or_else(|| self.meaning(), |command| self.meaning_after(command));
        write!(f, "{:04X} {meaning}", self.0)?;
        if let Some(le) = self.bytes_available().or(self.right_le()) {
            write!(f, ": {le}")?;
        }
        self.tries_left().map_or(Ok(()), |tries| write!(f, ": {tries}"))
    }
}

/// What single statuses mean, by rising number.
static MEANINGS: &[(u16, &str)] = &[
    (0x6200, "warning, memory unchanged"),
    (0x6281, "part of the data may be corrupted"),
    (0x6282, "end of file or record before Le bytes"),
    (0x6283, "selected file is invalidated"),
    (0x6284, "file control information is not formatted as it should be"),
    (0x6285, "selected file is terminated"),
    (0x6286, "no input from a sensor of the card"),
    (0x6300, "authentication failed"),
    (0x6381, "file is filled up by the last write"),
    (0x6400, "execution error"),
    (0x6401, "card needs an immediate response"),
    (0x6581, "memory failure"),
    (0x6800, "command chaining failed"),
    (0x6881, "logical channel not supported"),
    (0x6882, "secure messaging not supported"),
    (0x6883, "last command of the chain expected"),
    (0x6884, "command chaining not supported"),
    (0x6981, "command does not go with the file's structure"),
    (0x6982, "security status not satisfied"),
    (0x6983, "authentication method blocked"),
    (0x6984, "referenced data invalidated"),
    (0x6985, "conditions of use not satisfied"),
    (0x6986, "no file is selected"),
    (0x6987, "secure messaging object is missing"),
    (0x6988, "secure messaging object is wrong"),
    (0x6A80, "wrong data"),
    (0x6A81, "function not supported"),
    (0x6A82, "file or application not found"),
    (0x6A83, "record not found"),
    (0x6A84, "no room in the file"),
    (0x6A85, "Lc does not go with the data's structure"),
    (0x6A86, "wrong P1 or P2"),
    (0x6A87, "Lc does not go with P1 and P2"),
    (0x6A88, "referenced data not found"),
    (0x6A89, "file exists already"),
    (0x6A8A, "application name exists already"),
    (0x9000, "carried out"),
];

impl fmt::Display for StatusWord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.show(None, f)
    }
}

impl fmt::Debug for StatusWord {
    /// Shows the bytes; the words are for `Display` alone.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "StatusWord({:04X})", self.0)
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use std::{format, string::ToString};

    #[test]
    fn the_table_is_in_order() {
        assert!(MEANINGS.is_sorted_by(|a, b| a.0 < b.0));
        for raw in (0..=u16::MAX).step_by(if cfg!(miri) { 251 } else { 1 }) {
            assert!(!StatusWord::new(raw).meaning().is_empty());
        }
    }

    #[test]
    fn categories() {
        use Category::{Error, Proprietary, Success, Warning};
        for (raw, expect) in [
            (0x9000, Success),
            (0x6110, Success),
            (0x6283, Warning),
            (0x63C0, Warning),
            (0x6400, Error),
            (0x6C10, Error),
            (0x6F00, Error),
            (0x9001, Proprietary),
            (0x6000, Proprietary),
            (0x0000, Proprietary),
        ] {
            assert_eq!(StatusWord::new(raw).category(), expect, "{raw:04X}");
        }
        assert!(StatusWord::SUCCESS.is_success() && !StatusWord::new(0x6110).is_success());
    }

    #[test]
    fn numbers_are_read_from_the_second_byte() {
        assert_eq!(StatusWord::new(0x6100).bytes_available(), Some(Le::ALL));
        assert_eq!(StatusWord::new(0x6C1A).right_le(), Le::new(26));
        assert_eq!(StatusWord::new(0x63CF).tries_left(), Some(15));
        assert_eq!(StatusWord::new(0x6300).tries_left(), None);
    }

    #[test]
    fn says_what_it_means_alone_and_after_a_command() {
        for (raw, expect) in [
            (0x9000, "9000 carried out"),
            (0x611A, "611A more bytes are available: 26"),
            (0x6C00, "6C00 wrong Le, the right one: 256"),
            (0x6A82, "6A82 file or application not found"),
            (0x6FFF, "6FFF no precise diagnosis"),
            (0x9F10, "9F10 of the issuer's own"),
        ] {
            assert_eq!(StatusWord::new(raw).to_string(), expect);
        }
        let after = |raw, command| StatusWord::new(raw).meaning_after(command);
        let select = after(0x6A82, Instruction::Select);
        assert_eq!(select, "no such application, or no further one");
        let other = after(0x6A82, Instruction::ReadRecord);
        assert_eq!(other, "file or application not found");
        assert_eq!(format!("{:?}", StatusWord::SUCCESS), "StatusWord(9000)");
    }
}
