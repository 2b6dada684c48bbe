//! What went over the line, told exchange by exchange.

mod filled;
mod received;
mod sent;

use super::{Category, Command, Instruction, Response};
use crate::{Dol, Error, Tag, Tlvs, tags};
use core::fmt;

pub use {
    filled::DolData,
    received::{Answer, Positions, Received},
    sent::{Action, Sent},
};

/// Unpredictable Number Data Object List, 9F69.
const UDOL: Tag = tags::CARD_AUTHENTICATION_RELATED_DATA;

/// The lists that a card says once and that later data are read by.
const LISTS: [Tag; 6] = [tags::PDOL, tags::CDOL1, tags::CDOL2, tags::DDOL, tags::TDOL, UDOL];

/// Follows commands and responses, one after the other, and tells what each of them is.
///
/// It keeps the lists that the card said (PDOL, CDOL1, CDOL2, DDOL, TDOL, UDOL) until another application is selected, and reads the data of
/// later commands by them. A GET RESPONSE after 61xx, and a command that is repeated with another Le after 6Cxx, are joined to the
/// command that they go on with. Nothing is sent and nothing is copied: all that it yields borrows from the bytes that it was given.
///
/// Responses may be missing, as in a trace that was cut. Response data that come in several pieces, all but the last with status 61xx,
/// are not put together, and so are data that come in a chain of commands; data under secure messaging are not read either.
///
/// # Examples
/// ```
/// use emv_tlv::apdu::{Action, Answer, Trace};
///
/// let mut trace = Trace::new();
/// let sent = trace.command(b"\x00\xA4\x04\x00\x05\xA0\x00\x00\x00\x03")?;
/// assert!(matches!(sent.action, Action::Select { next: false, .. }));
/// let received = trace.response(b"\x6F\x0D\x84\x05\xA0\x00\x00\x00\x03\xA5\x04\x50\x02HI\x90\x00")?;
/// assert!(matches!(received.answer, Ok(Answer::Selected(fci)) if fci.label == Some(&b"HI"[..])));
/// assert_eq!(sent.to_string(), "SELECT A000000003");
/// assert_eq!(
///     received.to_string(),
///     "9000 carried out: 6F (13 bytes), 84 A000000003, A5 (4 bytes), 50 4849"
/// );
/// # Ok::<(), emv_tlv::Error>(())
/// ```
/// Source: EMV 4.4 Book 3, 6 and 10.
#[derive(Clone, Copy)]
pub struct Trace<'a> {
    lists: [Option<&'a [u8]>; LISTS.len()],
    /// The command whose answer is due, or not yet complete.
    open: Option<Command<'a>>,
    /// The last command itself: the open one, or a GET RESPONSE for it.
    last: Option<Command<'a>>,
    /// How the last response says that the open command goes on.
    awaited: Awaited,
    /// The instruction of a chain that is not at its end.
    chain: Option<u8>,
    /// Whether the last command is the end of a chain.
    ends_chain: bool,
    /// Whether some of the response data have come before.
    in_pieces: bool,
    /// Whether the card has given a cryptogram since the transaction began.
    has_cryptogram: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Awaited {
    Nothing,
    /// 61xx: GET RESPONSE.
    GetResponse,
    /// 6Cxx: the last command with another Le.
    Repeat,
}

impl<'a> Trace<'a> {
    /// A trace of which nothing was seen yet.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            lists: [None; LISTS.len()],
            open: None,
            last: None,
            awaited: Awaited::Nothing,
            chain: None,
            ends_chain: false,
            in_pieces: false,
            has_cryptogram: false,
        }
    }

    /// Takes the next command, and tells what it is.
    ///
    /// # Errors
    /// Those of [`Command::parse`]. Then the trace is as it was.
    pub fn command(&mut self, bytes: &'a [u8]) -> Result<Sent<'a>, Error> {
        let command = Command::parse(bytes)?;
        let instruction = command.instruction();
        let goes_on = match self.awaited {
            Awaited::Nothing => false,
            Awaited::GetResponse => instruction == Some(Instruction::GetResponse),
            Awaited::Repeat => {
                self.last.is_some_and(|last| Command { le: command.le, ..last } == command)
            }
        };
        let continues = self.open.filter(|_| goes_on);
        if continues.is_none() {
            self.ends_chain = self.chain == Some(command.ins);
            self.in_pieces = false;
        }
        self.chain = Some(command.ins).filter(|_| command.is_chained());
        self.open = continues.or(Some(command));
        self.last = Some(command);
        self.awaited = Awaited::Nothing;
        Ok(Sent {
            command,
            continues: continues.and_then(|command| command.instruction()),
            action: Action::of(command, self),
        })
    }

    /// Takes the response to the last command, and tells how it reads.
    ///
    /// # Errors
    /// Those of [`Response::parse`]. Then the trace is as it was. Data that do not read are no error here: they are the
    /// [`answer`](Received::answer).
    pub fn response(&mut self, bytes: &'a [u8]) -> Result<Received<'a>, Error> {
        let response = Response::parse(bytes)?;
        self.awaited = match (response.status.bytes_available(), response.status.right_le()) {
            (Some(_), _) => Awaited::GetResponse,
            (_, Some(_)) => Awaited::Repeat,
            _ => Awaited::Nothing,
        };
        let command = self.open;
        let is_whole = self.awaited == Awaited::Nothing && !self.in_pieces;
        let answer = Answer::read(command.filter(|_| is_whole), response.data);
        if self.awaited == Awaited::Nothing {
            self.open = None;
            self.in_pieces = false;
        } else {
            self.in_pieces |= !response.data.is_empty();
        }
        self.remember(command, &response, answer.ok());
        Ok(Received { command, response, answer })
    }

    /// A list that the card said, by its tag: PDOL, CDOL1, CDOL2, DDOL, TDOL or UDOL. None if it did not, or if it is no list.
    #[must_use]
    pub fn list(&self, tag: Tag) -> Option<Dol<'a>> {
        let (_, list) = LISTS.iter().zip(self.lists).find(|(list, _)| **list == tag)?;
        Dol::parse(list?).ok()
    }

    /// Whether the card has given a cryptogram since the transaction began, so that the next GENERATE AC goes by CDOL2.
    pub(super) const fn has_cryptogram(&self) -> bool {
        self.has_cryptogram
    }

    /// Whether the last command brings only the last part of its data.
    pub(super) const fn ends_chain(&self) -> bool {
        self.ends_chain
    }

    fn remember(
        &mut self,
        command: Option<Command<'a>>,
        response: &Response<'a>,
        answer: Option<Answer<'a>>,
    ) {
        if matches!(response.status.category(), Category::Error | Category::Proprietary) {
            return;
        }
        match command.and_then(|command| command.instruction()) {
            Some(Instruction::Select) => {
                self.lists = [None; LISTS.len()];
                self.has_cryptogram = false;
            }
            Some(Instruction::GetProcessingOptions) => self.has_cryptogram = false,
            Some(Instruction::GenerateAc) => self.has_cryptogram = true,
            _ => {}
        }
        match answer {
            Some(Answer::Selected(fci)) => {
                if let Some(pdol) = fci.pdol {
                    self.note(tags::PDOL, pdol);
                }
            }
            Some(Answer::Record(object) | Answer::Object(object)) => {
                self.note(object.tag(), object.value());
                self.note_all(object.children());
            }
            Some(Answer::Options(options)) => self.note_all(options.object().children()),
            _ => {}
        }
    }

    fn note_all(&mut self, objects: Tlvs<'a>) {
        for object in objects.map_while(Result::ok) {
            self.note(object.tag(), object.value());
        }
    }

    /// Keeps a list; the first of an application stays, as a card may say it once only.
    fn note(&mut self, tag: Tag, value: &'a [u8]) {
        let place = self.lists.iter_mut().zip(LISTS).find(|(_, list)| *list == tag);
        if let Some((place @ None, _)) = place {
            *place = Some(value);
        }
    }
}

impl Default for Trace<'_> {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Trace<'_> {
    /// Shows which command is open, and the lists, which are tags and lengths.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Trace");
        shown.field("open", &self.open);
        for (name, tag) in [
            ("pdol", tags::PDOL),
            ("cdol1", tags::CDOL1),
            ("cdol2", tags::CDOL2),
            ("ddol", tags::DDOL),
            ("tdol", tags::TDOL),
            ("udol", UDOL),
        ] {
            shown.field(name, &self.list(tag));
        }
        shown.finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use crate::{ErrorKind, element::CryptogramType};
    use hex_literal::hex;
    use std::{format, string::ToString, vec::Vec};

    #[test]
    fn a_transaction_is_told_line_by_line_and_masked() {
        let mut trace = Trace::new();
        for (at, (bytes, expect)) in [
            (&hex!("00A4040007A000000004101000")[..], "SELECT A0000000041010"),
            (&hex!("6119")[..], "6119 more bytes are available: 25"),
            (&hex!("00C0000019")[..], "GET RESPONSE of SELECT"),
            (&hex!("6F178407A0000000041010A50C5004544553549F38039F1A029000")[..], "9000 carried out: 6F (23 bytes), 84 A0000000041010, A5 (12 bytes), 50 54455354, 9F38 9F1A02"),
            (&hex!("80A80000048302084000")[..], "GET PROCESSING OPTIONS: 9F1A 0840"),
            (&hex!("80061980080101009000")[..], "9000 carried out: 82 1980, 94 08010100"),
            (&hex!("00B2010C00")[..], "READ RECORD file 1 record 1"),
            (&hex!("6C34")[..], "6C34 wrong Le, the right one: 52"),
            (&hex!("00B2010C34")[..], "READ RECORD file 1 record 1, again with the right Le"),
            (&hex!("70325A08541333008901043457115413330089010434D251220100000000008C089F02069F37045A088D098A02910895059F37049000")[..], "9000 carried out: 70 (50 bytes), 5A 541333******0434, 57 (17 bytes), 8C 9F02069F37045A08, 8D 8A02910895059F3704"),
            (&hex!("00B2020C00")[..], "READ RECORD file 1 record 2"),
            (&hex!("6A83")[..], "6A83 no such record: the file has no more"),
            (&hex!("80CA9F1700")[..], "GET DATA 9F17"),
            (&hex!("9F1701039000")[..], "9000 carried out: 9F17 03"),
            (&hex!("0020008008241234FFFFFFFFFF")[..], "VERIFY: (8 bytes)"),
            (&hex!("63C2")[..], "63C2 wrong PIN or template, tries left: 2"),
            (&hex!("80AE900012000000001000DEADBEEF541333008901043400")[..], "GENERATE AC ARQC with CDA: 9F02 000000001000, 9F37 DEADBEEF, 5A 541333******0434"),
            (&hex!("800D80001C0102030405060708AABB9000")[..], "9000 carried out: 9F27 80, 9F36 001C, 9F26 (8 bytes), 9F10 (2 bytes)"),
            (&hex!("00820000080102030405060708")[..], "EXTERNAL AUTHENTICATE: (8 bytes)"),
            (&hex!("6300")[..], "6300 issuer authentication failed"),
            (&hex!("841E00000401020304")[..], "APPLICATION BLOCK: (4 bytes)"),
            (&hex!("9000")[..], "9000 carried out"),
            (&hex!("80AE400013303001020304050607080000008000DEADBEEF00")[..], "GENERATE AC TC: 8A 3030, 91 (8 bytes), 95 0000008000, 9F37 DEADBEEF"),
            (&hex!("77149F2701409F3602001D9F260801020304050607089000")[..], "9000 carried out: 77 (20 bytes), 9F27 40, 9F36 001D, 9F26 (8 bytes)"),
            (&hex!("0088000004DEADBEEF00")[..], "INTERNAL AUTHENTICATE: 9F37 DEADBEEF"),
            (&hex!("8003AABBCC9000")[..], "9000 carried out: 9F4B (3 bytes)"),
            (&hex!("80EA0000040102030400")[..], "EXCHANGE RELAY RESISTANCE DATA: (4 bytes)"),
            (&hex!("800A010203040032012C00129000")[..], "9000 carried out: DF8302 01020304, DF8303 0032, DF8304 012C, DF8305 0012"),
            (&hex!("802A8E80040000089900")[..], "COMPUTE CRYPTOGRAPHIC CHECKSUM: 9F6A 00000899"),
            (&hex!("770A9F610212349F360200059000")[..], "9000 carried out: 77 (10 bytes), 9F61 (2 bytes), 9F36 0005"),
            (&hex!("0084000000")[..], "GET CHALLENGE"),
            (&hex!("01020304050607089000")[..], "9000 carried out: (8 bytes)"),
            (&hex!("E0A40400085413330089010434")[..], "unknown command: E0A40400 (8 bytes)"),
            (&hex!("54133300890104349000")[..], "9000 carried out: (8 bytes)"),
            (&hex!("00B2010C00")[..], "READ RECORD file 1 record 1"),
            (&hex!("54133300890104349000")[..], "9000 carried out: (8 bytes) that do not read: value is cut short at byte 2"),
        ]
        .into_iter()
        .enumerate()
        {
            let (shown, debug) = if at % 2 == 0 {
                let sent = trace.command(bytes).unwrap();
                (sent.to_string(), format!("{sent:?}"))
            } else {
                let received = trace.response(bytes).unwrap();
                (received.to_string(), format!("{received:?}"))
            };
            assert_eq!(shown, expect);
            for secret in ["5413330089010434", "241234", "0102030405060708"] {
                assert!(!debug.contains(secret), "{debug}");
            }
        }
        assert_eq!(trace.list(tags::CDOL1).map(|list| list.data_len()), Some(18));
        assert!(
            format!("{trace:?}").starts_with("Trace { open: None, pdol: Some([(Tag(9F1A), 2)]), ")
        );
    }

    /// A trace that has seen these lists.
    fn with_lists(record: &[u8]) -> Trace<'_> {
        let mut trace = Trace::new();
        trace.command(&[0x00, 0xB2, 0x01, 0x0C, 0x00]).unwrap();
        assert!(matches!(trace.response(record).unwrap().answer, Ok(Answer::Record(_))));
        trace
    }

    fn values(sent: Sent<'_>) -> (Tag, Vec<u32>) {
        let Action::GenerateAc { kind: CryptogramType::Aac, data, .. } = sent.action else {
            panic!("{sent:?}")
        };
        (data.list(), data.values().map(|(tag, _)| tag.raw()).collect())
    }

    #[test]
    fn data_of_another_length_than_the_list_are_not_explained() {
        let record = hex!("7009 8C03 9F3704 8D02 9A03 9000");
        let mut trace = with_lists(&record);
        let mut told = |bytes| values(trace.command(bytes).unwrap());
        assert_eq!(told(&hex!("80AE0000 0401020304")), (tags::CDOL1, [0x9F37].into()));
        // By the length it is the second, whose first was not seen.
        assert_eq!(told(&hex!("80AE0000 03261126")), (tags::CDOL2, [0x9A].into()));
        assert_eq!(told(&hex!("80AE0000 021234")), (tags::CDOL1, [].into()));
    }

    #[test]
    fn another_application_has_other_lists() {
        let record = hex!("7009 8C03 9F3704 8D02 9A03 9000");
        let mut trace = with_lists(&record);
        trace.command(&hex!("00A4040002A001")).unwrap();
        trace.response(&hex!("6A82")).unwrap();
        assert!(trace.list(tags::CDOL1).is_some());
        trace.command(&hex!("00A4040002A001")).unwrap();
        trace.response(&hex!("6110")).unwrap();
        assert!(trace.list(tags::CDOL1).is_none());
    }

    #[test]
    fn only_what_goes_on_is_joined() {
        let mut trace = Trace::new();
        let alone = trace.command(&hex!("00C0000010")).unwrap();
        assert_eq!((alone.continues, alone.to_string()), (None, "GET RESPONSE".to_string()));
        trace.command(&hex!("80CA9F1700")).unwrap();
        trace.response(&hex!("6C04")).unwrap();
        let other = trace.command(&hex!("80CA9F3604")).unwrap();
        assert_eq!(other.continues, None);
        trace.response(&hex!("6104")).unwrap();
        let fetched = trace.command(&hex!("00C0000000")).unwrap();
        assert_eq!(fetched.continues, Some(Instruction::GetData));
        trace.response(&hex!("6C05")).unwrap();
        let again = trace.command(&hex!("00C0000005")).unwrap();
        assert_eq!(again.continues, Some(Instruction::GetData));
        let received = trace.response(&hex!("9F36020001 9000")).unwrap();
        assert!(matches!(received.answer, Ok(Answer::Object(object)) if object.value() == [0, 1]));
    }

    #[test]
    fn pieces_of_a_response_are_not_read() {
        let mut trace = Trace::new();
        trace.command(&hex!("00B2010C00")).unwrap();
        trace.response(&hex!("70155A0841111111 6110")).unwrap();
        // A card number's second half, and what follows, as if they were objects.
        for (status, expect) in [
            (hex!("6108"), "6108 more bytes are available: 8: (8 bytes)"),
            (hex!("9000"), "9000 carried out: (8 bytes)"),
        ] {
            let fetched = trace.command(&hex!("00C0000000")).unwrap();
            assert_eq!(fetched.continues, Some(Instruction::ReadRecord));
            let piece = [&hex!("5006111111111111")[..], &status].concat();
            let piece = Vec::leak(piece);
            assert_eq!(trace.response(piece).unwrap().to_string(), expect);
        }
        trace.command(&hex!("00B2010C00")).unwrap();
        assert!(matches!(trace.response(&hex!("70009000")).unwrap().answer, Ok(Answer::Record(_))));
        // Nothing has come with the first 61xx.
        trace.command(&hex!("00B2010C00")).unwrap();
        trace.response(&hex!("6102")).unwrap();
        trace.command(&hex!("00C0000002")).unwrap();
        assert!(matches!(trace.response(&hex!("70009000")).unwrap().answer, Ok(Answer::Record(_))));
    }

    #[test]
    fn parts_of_a_chain_and_protected_data_are_not_read() {
        let record = hex!("7005 8C03 9F3704 9000");
        let mut trace = with_lists(&record);
        let mut told = |bytes| trace.command(bytes).unwrap().to_string();
        assert_eq!(told(&hex!("80AE0000 0411223344")), "GENERATE AC AAC: 9F37 11223344");
        assert_eq!(told(&hex!("90AE0000 0411223344")), "GENERATE AC: (4 bytes)");
        assert_eq!(told(&hex!("80AE0000 0411223344")), "GENERATE AC: (4 bytes)");
        assert_eq!(told(&hex!("80AE0000 0411223344")), "GENERATE AC AAC: 9F37 11223344");
        assert_eq!(told(&hex!("8CAE0000 0411223344")), "GENERATE AC: (4 bytes)");
        assert_eq!(told(&hex!("10A40400 0411223344")), "SELECT: (4 bytes)");
        assert_eq!(told(&hex!("00A40400 0411223344")), "SELECT: (4 bytes)");
        assert_eq!(told(&hex!("00A40400 0411223344")), "SELECT 11223344");
        assert_eq!(told(&hex!("04B2010C 00")), "READ RECORD file 1 record 1");
        let received = trace.response(&hex!("99029000 8E081122334455667788 9000")).unwrap();
        assert_eq!(received.to_string(), "9000 carried out: (14 bytes)");
    }

    #[test]
    fn what_is_no_apdu_changes_nothing() {
        let mut trace = Trace::new();
        trace.command(&hex!("80CA9F1700")).unwrap();
        assert_eq!(trace.command(&[0]).unwrap_err(), Error::new(ErrorKind::TruncatedValue, 0));
        assert_eq!(trace.response(&[0]).unwrap_err(), Error::new(ErrorKind::TruncatedValue, 0));
        let received = trace.response(&hex!("9F170103 9000")).unwrap();
        assert_eq!(received.command.map(|command| command.ins), Some(0xCA));
        // Nobody asked for these.
        let stray = trace.response(&hex!("9F170103 9000")).unwrap();
        assert_eq!(stray.to_string(), "9000 carried out: (4 bytes)");
        assert!(stray.command.is_none());
    }
}
