//! Where on the card the records of an application are.

use super::{
    Element,
    codes::{debug, separate},
};
use crate::{Error, ErrorKind, Tag, tags};
use core::fmt;

/// The bytes of an entry.
const ENTRY: usize = 4;
const LONGEST: usize = 252;
const SFIS: core::ops::RangeInclusive<u8> = 1..=30;

/// Application File Locator: which records of which files the terminal is to read, and which of them are authenticated.
///
/// A value of 4 to 252 bytes, 4 an entry: the short file identifier in the five highest bits, the first record, the last
/// record, and how many of them, from the first on, take part in offline data authentication.
///
/// # Examples
/// ```
/// use emv_tlv::{element::Afl, parse};
///
/// let bytes = [0x94, 0x08, 0x08, 0x01, 0x02, 0x01, 0x10, 0x03, 0x03, 0x00];
/// let locator: Afl = parse(&bytes).next().ok_or("empty")??.read()?;
/// for record in locator.records() {
///     // READ RECORD with P1 and P2 of:
///     let _ = (record.number, record.sfi << 3 | 4);
/// }
/// let places: Vec<_> = locator.records().map(|record| (record.sfi, record.number)).collect();
/// assert_eq!(places, [(1, 1), (1, 2), (2, 3)]);
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
/// Source: EMV 4.4 Book 3, 10.2.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Afl<'a> {
    /// Whole entries, each of them checked.
    value: &'a [u8],
}

/// Some records of one file; any values, which are checked where a locator is made of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct AflEntry {
    /// The short file identifier: 1 to 30.
    pub sfi: u8,
    /// The first record to read: 1 or more.
    pub first: u8,
    /// The last record to read: no less than the first.
    pub last: u8,
    /// How many records, from the first on, take part in offline data authentication.
    pub offline_auth_count: u8,
}

/// A record that is to be read; from [`Afl::records`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct AflRecord {
    /// The short file identifier: 1 to 30.
    pub sfi: u8,
    /// The record's number: 1 or more.
    pub number: u8,
    /// Whether the record takes part in offline data authentication.
    pub offline_auth: bool,
}

impl AflEntry {
    const fn from_bytes(bytes: [u8; ENTRY]) -> Self {
        let [sfi, first, last, offline_auth_count] = bytes;
        Self { sfi: sfi >> 3, first, last, offline_auth_count }
    }

    /// The bytes of an entry whose identifier is one.
    const fn to_bytes(self) -> [u8; ENTRY] {
        [self.sfi << 3, self.first, self.last, self.offline_auth_count]
    }

    /// The first of its bytes that it may not have.
    fn fault(&self) -> Option<usize> {
        let count = self.last.saturating_sub(self.first).checked_add(1);
        if !SFIS.contains(&self.sfi) {
            Some(0)
        } else if self.first == 0 {
            Some(1)
        } else if self.last < self.first {
            Some(2)
        } else if count.is_some_and(|count| self.offline_auth_count > count) {
            Some(3)
        } else {
            None
        }
    }
}

impl<'a> Afl<'a> {
    /// Writes a locator into the front of a buffer.
    ///
    /// # Errors
    /// [`ErrorKind::WrongLength`] at byte 0 if there is no entry, or more than 63; [`ErrorKind::InvalidValue`] at the byte that an
    /// entry may not have; [`ErrorKind::BufferTooSmall`] at byte 0 if they do not fit. The buffer is as it was then.
    ///
    /// # Examples
    /// ```
    /// use emv_tlv::element::{Afl, AflEntry};
    ///
    /// let entries = [AflEntry { sfi: 1, first: 1, last: 3, offline_auth_count: 1 }];
    /// let mut buffer = [0; 252];
    /// assert_eq!(Afl::encode_into(&entries, &mut buffer)?.as_bytes(), [0x08, 0x01, 0x03, 0x01]);
    /// # Ok::<(), emv_tlv::Error>(())
    /// ```
    pub fn encode_into(entries: &[AflEntry], buffer: &'a mut [u8]) -> Result<Self, Error> {
        let len = entries.len().saturating_mul(ENTRY);
        if len == 0 || len > LONGEST {
            return Err(Error::new(ErrorKind::WrongLength, 0));
        }
        check(entries.iter().copied())?;
        let value = buffer.get_mut(..len).ok_or(Error::new(ErrorKind::BufferTooSmall, 0))?;
        let (chunks, _) = value.as_chunks_mut();
        chunks.iter_mut().zip(entries).for_each(|(chunk, entry)| *chunk = entry.to_bytes());
        Ok(Self { value })
    }

    /// The locator's value.
    #[must_use]
    pub const fn as_bytes(&self) -> &'a [u8] {
        self.value
    }

    /// The entries, in order: 1 to 63.
    pub fn entries(&self) -> impl ExactSizeIterator<Item = AflEntry> + Clone + use<'a> {
        let (entries, _) = self.value.as_chunks();
        entries.iter().map(|&bytes| AflEntry::from_bytes(bytes))
    }

    /// Every record that is to be read, in order: at most 255 an entry.
    pub fn records(&self) -> impl Iterator<Item = AflRecord> + Clone + use<'a> {
        self.entries().flat_map(|AflEntry { sfi, first, last, offline_auth_count }| {
            (first..=last).map(move |number| {
                let offline_auth = number.wrapping_sub(first) < offline_auth_count;
                AflRecord { sfi, number, offline_auth }
            })
        })
    }
}

/// Refuses the first entry that is none, at its byte.
fn check(mut entries: impl Iterator<Item = AflEntry>) -> Result<(), Error> {
    let mut start = 0usize;
    entries.try_for_each(|entry| {
        let fault = entry.fault().map(|byte| start.saturating_add(byte));
        start = start.saturating_add(ENTRY);
        fault.map_or(Ok(()), |at| Err(Error::at(ErrorKind::InvalidValue, at)))
    })
}

impl<'a> Element<'a> for Afl<'a> {
    const TAGS: &'static [Tag] = &[tags::APPLICATION_FILE_LOCATOR];

    /// Reads a locator from its value.
    ///
    /// # Errors
    /// [`ErrorKind::WrongLength`] at byte 0 if the value is not of 4 to 252 bytes, 4 an entry. [`ErrorKind::InvalidValue`] at the
    /// first byte of an entry if it is no identifier from 1 to 30 with three low bits of 0; at the second if it is 0; at the
    /// third if it is below the second; at the fourth if it is more than the records of the entry.
    fn from_value(value: &'a [u8]) -> Result<Self, Error> {
        let (entries, rest) = value.as_chunks();
        if entries.is_empty() || !rest.is_empty() || value.len() > LONGEST {
            return Err(Error::new(ErrorKind::WrongLength, 0));
        }
        check(entries.iter().map(|&bytes| {
            let entry = AflEntry::from_bytes(bytes);
            // Low bits make it no identifier.
            if entry.to_bytes() == bytes { entry } else { AflEntry { sfi: 0, ..entry } }
        }))?;
        Ok(Self { value })
    }
}

impl fmt::Display for AflEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { sfi, first, last, offline_auth_count } = self;
        if first == last {
            write!(f, "SFI {sfi} record {first}")?;
        } else {
            write!(f, "SFI {sfi} records {first} to {last}")?;
        }
        if *offline_auth_count != 0 {
            write!(f, " ({offline_auth_count} for offline data authentication)")?;
        }
        Ok(())
    }
}

impl fmt::Display for Afl<'_> {
    /// Says which records are to be read, one entry after the other; with `{:#}` one a line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, entry) in self.entries().enumerate() {
            if at != 0 {
                separate(f)?;
            }
            write!(f, "{entry}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Afl<'_> {
    /// Shows the bytes; the words are for `Display` alone.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        debug("Afl", self.value, f)
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use hex_literal::hex;
    use std::{format, string::ToString, vec, vec::Vec};

    #[test]
    fn each_rule_is_refused_at_its_byte() {
        let (length, value) = (ErrorKind::WrongLength, ErrorKind::InvalidValue);
        for (bytes, kind, offset) in [
            (&hex!("")[..], length, 0),
            (&hex!("080101"), length, 0),
            (&hex!("0801010010"), length, 0),
            (&hex!("00010100"), value, 0),
            (&hex!("F8010100"), value, 0),
            (&hex!("09010100"), value, 0),
            (&hex!("08010100 0C010100"), value, 4),
            (&hex!("08000100"), value, 1),
            (&hex!("08010100 10000000"), value, 5),
            (&hex!("08030200"), value, 2),
            (&hex!("08030402 08030403"), value, 7),
            (&hex!("0801FF00 0801FFFF 08FFFF02"), value, 11),
        ] {
            assert_eq!(Afl::from_value(bytes), Err(Error::new(kind, offset)), "{bytes:02X?}");
        }
        assert_eq!(Afl::from_value(&[8; 256]), Err(Error::new(length, 0)));
    }

    #[test]
    fn says_which_records_are_read() {
        let value = hex!("08010100 10010301 F0FEFF02");
        let locator = Afl::from_value(&value).unwrap();
        let records: Vec<_> = locator
            .records()
            .map(|record| (record.sfi, record.number, record.offline_auth))
            .collect();
        assert_eq!(
            records,
            [
                (1, 1, false),
                (2, 1, true),
                (2, 2, false),
                (2, 3, false),
                (30, 254, true),
                (30, 255, true)
            ]
        );
        assert_eq!(
            locator.to_string(),
            "SFI 1 record 1; SFI 2 records 1 to 3 (1 for offline data authentication); \
             SFI 30 records 254 to 255 (2 for offline data authentication)"
        );
        assert_eq!(format!("{locator:#}").lines().count(), 3);
        assert_eq!(format!("{locator:?}"), "Afl(0801010010010301F0FEFF02)");
    }

    #[test]
    fn is_built_as_it_was_read() {
        let value = hex!("08010100 10010301");
        let entries: Vec<_> = Afl::from_value(&value).unwrap().entries().collect();
        let mut buffer = [0xEE; 9];
        assert_eq!(Afl::encode_into(&entries, &mut buffer).unwrap().as_bytes(), value);
        assert_eq!(buffer[8], 0xEE);

        let refused = |entries: &[AflEntry], len| {
            let mut buffer = vec![0xEE; len];
            let error = Afl::encode_into(entries, &mut buffer).unwrap_err();
            assert!(buffer.iter().all(|&byte| byte == 0xEE));
            (error.kind(), error.offset())
        };
        assert_eq!(refused(&entries, 7), (ErrorKind::BufferTooSmall, 0));
        assert_eq!(refused(&[], 7), (ErrorKind::WrongLength, 0));
        assert_eq!(refused(&[entries[0]; 64], 300), (ErrorKind::WrongLength, 0));
        let wrong = AflEntry { sfi: 31, ..entries[0] };
        assert_eq!(refused(&[entries[0], wrong], 300), (ErrorKind::InvalidValue, 4));
    }
}
