//! Responses: data, then two bytes of status.

use super::StatusWord;
use crate::{Error, ErrorKind, Exposed, Tlv, dictionary::lookup, mask, parse, tags, walk};
use core::fmt;

/// A card's response, borrowed: its data and its status.
///
/// `Display` and `Debug` show the status and the data's objects, masked as objects are and where a public one could hold a card number, or how
/// many bytes the data are; [`Exposed`] shows everything.
///
/// # Examples
/// ```
/// use emv_tlv::apdu::{Response, StatusWord};
///
/// let response = Response::parse(&[0x9F, 0x36, 0x02, 0x00, 0x1C, 0x90, 0x00])?;
/// assert_eq!(response.status, StatusWord::SUCCESS);
/// assert_eq!(response.to_string(), "9000 9F36 001C");
/// # Ok::<(), emv_tlv::Error>(())
/// ```
/// Source: ISO/IEC 7816-4; EMV 4.4 Book 3, 6.2.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Response<'a> {
    /// The data: often none.
    pub data: &'a [u8],
    /// The status.
    pub status: StatusWord,
}

impl<'a> Response<'a> {
    /// Reads a response: its last two bytes are the status.
    ///
    /// # Errors
    /// [`ErrorKind::TruncatedValue`] at byte 0 if there are less than two bytes.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, Error> {
        // Not `split_last_chunk`, which may link a panic at opt-level z; of less than two bytes nothing begins there.
        let parts = bytes.split_at_checked(bytes.len().wrapping_sub(2));
        let Some((data, Some(status))) = parts.map(|(data, end)| (data, end.first_chunk())) else {
            return Err(Error::new(ErrorKind::TruncatedValue, 0));
        };
        Ok(Self { data, status: StatusWord::from_bytes(*status) })
    }

    /// How many bytes the response takes.
    #[must_use]
    pub const fn encoded_len(&self) -> usize {
        self.data.len().saturating_add(2)
    }

    /// Writes the response to the front of `out`, and returns it.
    ///
    /// # Errors
    /// [`ErrorKind::BufferTooSmall`] at the end of `out` if it is shorter than [`encoded_len`](Self::encoded_len). Then nothing is written.
    pub fn encode_into<'o>(&self, out: &'o mut [u8]) -> Result<&'o [u8], Error> {
        let room = out.len();
        let room = out
            .get_mut(..self.encoded_len())
            .ok_or_else(|| Error::at(ErrorKind::BufferTooSmall, room))?;
        let bytes = self.data.iter().copied().chain(self.status.to_bytes());
        room.iter_mut().zip(bytes).for_each(|(to, from)| *to = from);
        Ok(room)
    }
}

/// Shows the objects that data are, masked, or only the length if it is not sure that they are objects.
fn objects(data: &[u8], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let is_known =
        |object: Result<Tlv<'_>, _>| object.is_ok_and(|object| lookup(object.tag()).is_some());
    // A card number may read as an object too, but as a primitive one with a short tag: 5006 and 12 digits.
    let is_sure = parse(data).next().and_then(Result::ok).is_some_and(|object| {
        let tag = object.tag();
        tag.is_constructed() || tag.encoded_len() > 1 || tag == tags::RESPONSE_TEMPLATE_FORMAT_1
    });
    if is_sure && parse(data).all(is_known) { walked(data, f) } else { mask::length(data, f) }
}

/// Shows objects, and those in them, masked.
pub(super) fn walked(data: &[u8], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    for (at, object) in walk(data).enumerate() {
        if at > 0 {
            f.write_str(", ")?;
        }
        match object {
            Ok(object) => write!(f, "{} {}", object.tag(), object.doubted_value())?,
            Err(error) => fmt::Display::fmt(&error, f)?,
        }
    }
    Ok(())
}

impl fmt::Display for Response<'_> {
    /// Shows the status, then the objects in the data on one line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        mask::hex(&self.status.to_bytes(), f)?;
        if self.data.is_empty() {
            return Ok(());
        }
        f.write_str(" ")?;
        objects(self.data, f)
    }
}

impl fmt::Debug for Response<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Response({self})")
    }
}

impl fmt::Display for Exposed<'_, Response<'_>> {
    /// Shows the status and all data.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        mask::hex(&self.0.status.to_bytes(), f)?;
        if self.0.data.is_empty() {
            return Ok(());
        }
        f.write_str(" ")?;
        mask::hex(self.0.data, f)
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use hex_literal::hex;
    use std::{format, string::ToString};

    #[test]
    fn data_then_status_and_back() {
        for bytes in [&hex!("6A82")[..], &hex!("700090 00"), &hex!("00000000")] {
            let response = Response::parse(bytes).unwrap();
            let mut out = [0x55; 8];
            assert_eq!(response.encode_into(&mut out).unwrap(), bytes);
            assert_eq!(out[bytes.len()], 0x55);
            let error =
                response.encode_into(&mut out[..bytes.len().saturating_sub(1)]).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::BufferTooSmall);
        }
        for bytes in [&[][..], &[0x90]] {
            assert_eq!(Response::parse(bytes), Err(Error::new(ErrorKind::TruncatedValue, 0)));
        }
    }

    #[test]
    fn shows_objects_masked_and_other_data_not_at_all() {
        for (bytes, expect) in [
            (
                &hex!("700D 5A084111111111111111 9C0100 9000")[..],
                "9000 70 (13 bytes), 5A 411111******1111, 9C 00",
            ),
            (&hex!("800B80001C0102030405060708 9000"), "9000 80 (11 bytes)"),
            (&hex!("4111111111111111 9000"), "9000 (8 bytes)"),
            (&hex!("5006111111111111 9000"), "9000 (8 bytes)"),
            (&hex!("700A 50084111111111111111 9000"), "9000 70 (10 bytes), 50 (8 bytes)"),
            (&hex!("7008 5006111111111116 9000"), "9000 70 (8 bytes), 50 (6 bytes)"),
            (&hex!("BF0C00 8700 9000"), "9000 BF0C (0 bytes), 87 (0 bytes)"),
            (&hex!("DF0108 0102030405060708 9000"), "9000 (11 bytes)"),
            (&hex!("7004 9C 02 9000"), "9000 (4 bytes)"),
            (&hex!("7003 9C0200 9000"), "9000 70 (3 bytes), value is cut short at byte 4"),
            (&hex!("6985"), "6985"),
        ] {
            let response = Response::parse(bytes).unwrap();
            assert_eq!(response.to_string(), expect);
            assert_eq!(format!("{response:?}"), format!("Response({expect})"));
        }
        let whole = hex!("4111111111111111 9000");
        let response = Response::parse(&whole).unwrap();
        assert_eq!(Exposed(&response).to_string(), "9000 4111111111111111");
    }
}
