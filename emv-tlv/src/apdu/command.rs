//! Commands: four bytes of header, data, and how much is expected in return.

use super::{Instruction, Le};
use crate::{Error, ErrorKind, Exposed, MaskedValue, mask, tags};
use core::fmt;

/// A command to a card, borrowed: header, data, and how much is expected in return.
///
/// Its fields may be put together at will; the common commands have a constructor each. `Display` and `Debug` show the header, the name
/// that is selected, and of all other data the length; [`Exposed`] shows everything.
///
/// # Examples
/// ```
/// use emv_tlv::apdu::{Command, Le};
///
/// let bytes = [0x00, 0xB2, 0x01, 0x0C, 0x00];
/// let command = Command::parse(&bytes)?;
/// assert_eq!((command.p1, command.le), (1, Some(Le::ALL)));
/// assert_eq!(command, Command::read_record(1, 1)?);
/// assert_eq!(command.encode_into(&mut [0; 16])?, bytes);
/// # Ok::<(), emv_tlv::Error>(())
/// ```
/// Source: ISO/IEC 7816-4; EMV 4.4 Book 3, 6.1.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Command<'a> {
    /// The class: whose command it is, secure messaging, chaining, channel.
    pub cla: u8,
    /// The instruction.
    pub ins: u8,
    /// The first parameter.
    pub p1: u8,
    /// The second parameter.
    pub p2: u8,
    /// The data: at most 65,535 bytes. Empty means that there are none.
    pub data: &'a [u8],
    /// How much is expected in return; none if nothing is.
    pub le: Option<Le>,
    /// Whether lengths have the extended form even where the short one would do.
    pub extended: bool,
}

/// How long a name may be, in bytes.
const LONGEST_NAME: usize = 16;

/// Where the lengths begin.
const LENGTHS_AT: usize = 4;

impl<'a> Command<'a> {
    /// Reads a command of any case, 1 to 4, short or extended, that is all of the bytes.
    ///
    /// # Errors
    /// [`ErrorKind::TruncatedValue`] at byte 0 if the header is cut short, and at the data if they are;
    /// [`ErrorKind::TruncatedLength`] at a length that is cut short; [`ErrorKind::TrailingBytes`] at the first byte too many.
    ///
    /// Source: ISO/IEC 7816-4.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, Error> {
        Self::split(bytes).map_err(|(kind, at)| Error::at(kind, at))
    }

    fn split(bytes: &'a [u8]) -> Result<Self, (ErrorKind, usize)> {
        use ErrorKind::{TrailingBytes, TruncatedLength, TruncatedValue};
        let Some((&[cla, ins, p1, p2], body)) = bytes.split_first_chunk() else {
            return Err((TruncatedValue, 0));
        };
        let header = Self { cla, ins, p1, p2, data: &[], le: None, extended: false };
        let (extended, count, rest) = match *body {
            [] => return Ok(header),
            [le] => return Ok(Self { le: Some(Le::from_short(le)), ..header }),
            [0, _] => return Err((TruncatedLength, LENGTHS_AT)),
            [0, high, low] => {
                let le = Some(Le::from_extended([high, low]));
                return Ok(Self { le, extended: true, ..header });
            }
            // No data have this length: it is that of the response, and something follows it.
            [0, 0, 0, ..] => return Err((TrailingBytes, 7)),
            [0, high, low, ref rest @ ..] => (true, u16::from_be_bytes([high, low]), rest),
            [count, ref rest @ ..] => (false, u16::from(count), rest),
        };
        let data_at: usize = if extended { 7 } else { 5 };
        let count = usize::from(count);
        let (data, rest) = rest.split_at_checked(count).ok_or((TruncatedValue, data_at))?;
        let end = data_at.saturating_add(count);
        let le = match (extended, rest) {
            (_, []) => None,
            (false, &[le]) => Some(Le::from_short(le)),
            (false, _) => return Err((TrailingBytes, end.saturating_add(1))),
            (true, [_]) => return Err((TruncatedLength, end)),
            (true, &[high, low]) => Some(Le::from_extended([high, low])),
            (true, _) => return Err((TrailingBytes, end.saturating_add(2))),
        };
        Ok(Self { data, le, extended, ..header })
    }

    /// Whether lengths are written in the extended form, because they are to be or must be.
    #[must_use]
    pub fn is_extended(&self) -> bool {
        self.extended || self.data.len() > 0xFF || self.le.is_some_and(|le| !le.is_short())
    }

    /// How many bytes the command takes.
    #[must_use]
    pub fn encoded_len(&self) -> usize {
        let extended = self.is_extended();
        let data = match (self.data.len(), extended) {
            (0, _) => 0,
            (len, false) => len.saturating_add(1),
            (len, true) => len.saturating_add(3),
        };
        let le = match (self.le, extended) {
            (None, _) => 0,
            (Some(_), false) => 1,
            // The byte that announces the extended form stands before the first length only.
            (Some(_), true) if self.data.is_empty() => 3,
            (Some(_), true) => 2,
        };
        data.saturating_add(le).saturating_add(LENGTHS_AT)
    }

    /// Writes the command to the front of `out`, and returns it.
    ///
    /// # Errors
    /// [`ErrorKind::DataTooLong`] at the length if there are more than 65,535 bytes of data;
    /// [`ErrorKind::BufferTooSmall`] at the end of `out` if it is shorter than [`encoded_len`](Self::encoded_len). Then nothing is written.
    pub fn encode_into<'o>(&self, out: &'o mut [u8]) -> Result<&'o [u8], Error> {
        let Ok(count) = u16::try_from(self.data.len()) else {
            return Err(Error::at(ErrorKind::DataTooLong, LENGTHS_AT));
        };
        let room = out.len();
        let room = out
            .get_mut(..self.encoded_len())
            .ok_or_else(|| Error::at(ErrorKind::BufferTooSmall, room))?;
        let extended = self.is_extended();
        let [high, low] = count.to_be_bytes();
        let lc = [0, high, low];
        let lc = match (count, extended) {
            (0, _) => &[],
            (_, false) => lc.get(2..).unwrap_or_default(),
            (_, true) => &lc[..],
        };
        let [high, low] = self.le.map_or([0, 0], Le::to_extended);
        let le = [0, high, low];
        let le = match (self.le, extended) {
            (None, _) => &[],
            (Some(_), false) => le.get(2..).unwrap_or_default(),
            (Some(_), true) if count == 0 => &le[..],
            (Some(_), true) => le.get(1..).unwrap_or_default(),
        };
        let bytes = [self.cla, self.ins, self.p1, self.p2];
        let bytes = bytes.iter().chain(lc).chain(self.data).chain(le);
        room.iter_mut().zip(bytes).for_each(|(to, from)| *to = *from);
        Ok(room)
    }

    /// The file and the record that a READ RECORD or UPDATE RECORD is about: the short file identifier, then the number.
    ///
    /// None for other commands, and if the record is not named by its number.
    ///
    /// Source: EMV 4.4 Book 3, 6.5.11.2.
    #[must_use]
    pub const fn record(&self) -> Option<(u8, u8)> {
        match (self.instruction(), self.p2 & 0x07) {
            (Some(Instruction::ReadRecord | Instruction::UpdateRecord), 0x04) => {
                Some((self.p2 >> 3, self.p1))
            }
            _ => None,
        }
    }

    /// Whether the data are those of the command: neither a part of them, as in a chain, nor what secure messaging made of them.
    pub(super) fn is_plain(&self) -> bool {
        !self.is_chained() && self.secure_messaging().is_none()
    }

    /// The name, or its beginning, of a SELECT by name.
    pub(super) fn selected_name(&self) -> Option<&'a [u8]> {
        let is_by_name = self.instruction() == Some(Instruction::Select) && self.p1 == 0x04;
        Some(self.data).filter(|name| is_by_name && self.is_plain() && name.len() <= LONGEST_NAME)
    }

    fn header(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        mask::hex(&[self.cla, self.ins, self.p1, self.p2], f)
    }

    fn expected(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.le.map_or(Ok(()), |le| write!(f, " Le {le}"))
    }
}

/// Bytes of which nothing is known: shown, unless they could hold a card number.
pub(super) const fn unknown(value: &[u8]) -> MaskedValue<'_> {
    // A tag whose contents are somebody else's.
    MaskedValue::new(tags::COMMAND_TEMPLATE, value)
}

impl fmt::Display for Command<'_> {
    /// Shows the header, the data or their length, and Le: `00A40400 A0000000031010 Le 256`.
    ///
    /// The name that SELECT selects is shown unless a card number could be in it; of other data, how many bytes they are.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.header(f)?;
        if !self.data.is_empty() {
            f.write_str(" ")?;
            match self.selected_name() {
                Some(name) => fmt::Display::fmt(&unknown(name), f)?,
                None => mask::length(self.data, f)?,
            }
        }
        self.expected(f)
    }
}

impl fmt::Debug for Command<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Command({self})")
    }
}

impl fmt::Display for Exposed<'_, Command<'_>> {
    /// Shows the header, all data, and Le.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let command = self.0;
        command.header(f)?;
        if !command.data.is_empty() {
            f.write_str(" ")?;
            mask::hex(command.data, f)?;
        }
        command.expected(f)
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use hex_literal::hex;
    use std::{format, string::ToString, vec};

    /// A command read, and written again as it was.
    fn read(bytes: &[u8]) -> Command<'_> {
        let command = Command::parse(bytes).unwrap();
        let mut out = [0x55; 600];
        assert_eq!(command.encode_into(&mut out).unwrap(), bytes);
        assert_eq!((command.encoded_len(), out[bytes.len()]), (bytes.len(), 0x55));
        command
    }

    #[test]
    fn every_case_short_and_extended() {
        let all = Some(Le::ALL);
        for (bytes, data, le, extended) in [
            (&hex!("00A40400")[..], &[][..], None, false),
            (&hex!("00840000 00"), &[], all, false),
            (&hex!("00840000 08"), &[], Le::new(8), false),
            (&hex!("00A40400 02 AABB"), &[0xAA, 0xBB], None, false),
            (&hex!("00A40400 02 AABB 00"), &[0xAA, 0xBB], all, false),
            (&hex!("00840000 000000"), &[], Some(Le::ALL_EXTENDED), true),
            (&hex!("00840000 000008"), &[], Le::new(8), true),
            (&hex!("00A40400 000002 AABB"), &[0xAA, 0xBB], None, true),
            (&hex!("00A40400 000002 AABB 0100"), &[0xAA, 0xBB], all, true),
            (&hex!("00A40400 000002 AABB 0000"), &[0xAA, 0xBB], Some(Le::ALL_EXTENDED), true),
        ] {
            let command = read(bytes);
            assert_eq!(
                (command.data, command.le, command.extended),
                (data, le, extended),
                "{bytes:02X?}"
            );
        }
    }

    #[test]
    fn a_length_that_lies_is_named() {
        use ErrorKind::{TrailingBytes, TruncatedLength, TruncatedValue};
        for (bytes, kind, offset) in [
            (&hex!("")[..], TruncatedValue, 0),
            (&hex!("00A404"), TruncatedValue, 0),
            (&hex!("00A40400 03 AABB"), TruncatedValue, 5),
            (&hex!("00A40400 01 AABBCC"), TrailingBytes, 7),
            (&hex!("00A40400 00 01"), TruncatedLength, 4),
            (&hex!("00A40400 000000 01"), TrailingBytes, 7),
            (&hex!("00A40400 000003 AABB"), TruncatedValue, 7),
            (&hex!("00A40400 000001 AABB"), TruncatedLength, 8),
            (&hex!("00A40400 000001 AABBCCDD"), TrailingBytes, 10),
        ] {
            assert_eq!(Command::parse(bytes), Err(Error::new(kind, offset)), "{bytes:02X?}");
        }
    }

    #[test]
    fn the_form_grows_where_it_must() {
        let data = vec![7; 256];
        let long = Command { data: &data, ..Command::get_challenge() };
        let mut out = vec![0; 600];
        let bytes = long.encode_into(&mut out).unwrap();
        assert_eq!((&bytes[4..8], &bytes[262..]), (&hex!("00 0100 07")[..], &hex!("07 0100")[..]));
        assert_eq!(Command::parse(bytes), Ok(Command { extended: true, ..long }));
        let much = Command { le: Le::new(257), ..Command::get_challenge() };
        assert_eq!(much.encode_into(&mut out).unwrap(), hex!("00840000 000101"));
    }

    #[test]
    fn what_does_not_fit_is_refused_and_nothing_written() {
        let data = vec![0; 0x1_0000];
        let mut out = [0x55; 16];
        let command = Command { data: &data, ..Command::get_challenge() };
        let error = command.encode_into(&mut out).unwrap_err();
        assert_eq!(error, Error::new(ErrorKind::DataTooLong, 4));
        let error = Command::select(&[1; 12]).encode_into(&mut out).unwrap_err();
        assert_eq!((error, out), (Error::new(ErrorKind::BufferTooSmall, 16), [0x55; 16]));
    }

    #[test]
    fn shows_no_pin_and_no_card_number() {
        for (bytes, expect) in [
            (&hex!("00A4040007A000000003101000")[..], "00A40400 A0000000031010 Le 256"),
            (&hex!("00A40400084111111111111111"), "00A40400 (8 bytes)"),
            (&hex!("0020008008241234FFFFFFFFFF"), "00200080 (8 bytes)"),
            // By file, in a chain, enciphered, and too long for a name.
            (&hex!("00A4000C023F00"), "00A4000C (2 bytes)"),
            (&hex!("10A4040002A000"), "10A40400 (2 bytes)"),
            (&hex!("0CA40400088E06112233445566"), "0CA40400 (8 bytes)"),
            (&hex!("00A40400110102030405060708090A0B0C0D0E0F1011"), "00A40400 (17 bytes)"),
            (&hex!("8424000104AABBCCDD"), "84240001 (4 bytes)"),
            (&hex!("00B2010C00"), "00B2010C Le 256"),
        ] {
            let command = Command::parse(bytes).unwrap();
            assert_eq!(command.to_string(), expect);
            assert_eq!(format!("{command:?}"), format!("Command({expect})"));
        }
        let pin = hex!("0020008008241234FFFFFFFFFF");
        let shown = Exposed(&Command::parse(&pin).unwrap()).to_string();
        assert_eq!(shown, "00200080 241234FFFFFFFFFF");
    }

    #[test]
    fn a_record_is_named_by_file_and_number() {
        let record = |bytes| Command::parse(bytes).unwrap().record();
        assert_eq!(record(&hex!("00B2 05 0C 00")), Some((1, 5)));
        assert_eq!(record(&hex!("00B2 05 0D 00")), None);
        assert_eq!(record(&hex!("00C0 05 0C 00")), None);
    }
}
