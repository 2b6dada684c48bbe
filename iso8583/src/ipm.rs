//! Files of clearing records: Mastercard's IPM files, as VBS and in blocks of 1014 bytes.
//!
//! Each record has its length before it, four bytes, big-endian, that do not count themselves; a length of zero ends the
//! file. In blocks, two bytes 0x40 stand after every 1012 bytes of that, and the last block is filled with 0x40.
//! A record is bytes here: what it says is for [`MessageRef`](crate::MessageRef) to read.
//!
//! Sans-IO: give the [`Reader`] a file in pieces of any size, and write out what the [`Writer`] hands out.
//!
//! ```
//! use iso8583_wire::ipm::{Format, Reader, Writer};
//!
//! let mut writer = Writer::new(Format::Blocked1014);
//! let mut out = [0; 2_048];
//! let mut file = Vec::new();
//! file.extend(writer.write(b"This is first record 1234567", &mut out)?);
//! file.extend(writer.write(b"This is second record AAAABBBBB123", &mut out)?);
//! file.extend(writer.finish(&mut out)?);
//! assert_eq!(file.len(), 1_014);
//!
//! let mut buffer = [0; 6_000]; // as long as the longest record
//! let mut reader = Reader::new(Format::Blocked1014, &mut buffer);
//! let mut lengths = Vec::new();
//! for mut piece in file.chunks(50) {
//!     while let Some(record) = reader.read(&mut piece)? {
//!         lengths.push(record.len());
//!     }
//! }
//! reader.finish()?;
//! assert_eq!(lengths, [28, 34]);
//! # Ok::<(), iso8583_wire::ipm::IpmError>(())
//! ```
//!
//! Source: the file formats as the documentation of cardutil 0.7.3 on PyPI describes them.

mod error;
mod reader;
mod writer;

pub use error::{IpmError, IpmErrorKind};
pub use reader::Reader;
pub use writer::Writer;

/// The longest record, in bytes: a length whose first byte is 0x40 or more is fill, or none at all.
pub const MAX_RECORD_LEN: u32 = 0x3FFF_FFFF;

/// How records lie in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// One after the other, each with its length before it.
    Vbs,
    /// The same bytes in blocks of 1014: 1012 of them, then 0x40 0x40.
    Blocked1014,
}

const LENGTH_LEN: usize = 4;
const FILL: u8 = 0x40;
const TRAILER_LEN: usize = 2;
const PAYLOAD_LEN: usize = 1_012;
const BLOCK_LEN: usize = PAYLOAD_LEN + TRAILER_LEN;
/// The same for offsets.
const BLOCK: u64 = BLOCK_LEN as u64;
/// As much fill as is compared or written at once.
static FILL_BLOCK: [u8; BLOCK_LEN] = [FILL; BLOCK_LEN];

impl Format {
    /// Where in its block the byte at a file's offset lies.
    fn place_in_block(self, offset: u64) -> usize {
        match self {
            Self::Vbs => 0,
            // The remainder is below 1014.
            Self::Blocked1014 => usize::try_from(offset % BLOCK).unwrap_or(0),
        }
    }

    /// How many bytes of records can follow before a trailer; none inside of one.
    fn left_in_block(self, offset: u64) -> usize {
        match self {
            Self::Vbs => usize::MAX,
            Self::Blocked1014 => PAYLOAD_LEN.saturating_sub(self.place_in_block(offset)),
        }
    }

    /// How many bytes of a trailer come next.
    fn left_of_trailer(self, offset: u64) -> usize {
        match self.left_in_block(offset) {
            0 => BLOCK_LEN.saturating_sub(self.place_in_block(offset)),
            _ => 0,
        }
    }
}

/// Offsets are counted up to what a u64 holds, and stay there.
fn moved(offset: u64, by: usize) -> u64 {
    offset.saturating_add(u64::try_from(by).unwrap_or(u64::MAX))
}

fn to_u32(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    extern crate alloc;
    use alloc::{vec, vec::Vec};

    use super::*;

    /// The two records of cardutil's documentation.
    pub(super) const EXAMPLE: [&[u8]; 2] =
        [b"This is first record 1234567", b"This is second record AAAABBBBB123"];
    /// As VBS. In blocks, 940 bytes of fill follow.
    const EXAMPLE_VBS: &[u8] = b"\0\0\0\x1CThis is first record 1234567\
        \0\0\0\x22This is second record AAAABBBBB123\0\0\0\0";

    /// A file as the format says, written by hand.
    pub(super) fn file<R: AsRef<[u8]>>(format: Format, records: &[R]) -> Vec<u8> {
        let mut vbs = Vec::new();
        for record in records {
            vbs.extend(to_u32(record.as_ref().len()).to_be_bytes());
            vbs.extend(record.as_ref());
        }
        vbs.extend([0; 4]);
        in_format(format, &vbs)
    }

    /// The bytes of a VBS file, in blocks if that is the format.
    pub(super) fn in_format(format: Format, vbs: &[u8]) -> Vec<u8> {
        if format == Format::Vbs {
            return vbs.to_vec();
        }
        let mut blocks = Vec::new();
        for payload in vbs.chunks(1_012) {
            let mut block = payload.to_vec();
            block.resize(1_014, 0x40);
            blocks.extend(block);
        }
        blocks
    }

    /// Lists of records that end before, at and behind a block's edge, and have a trailer in their length.
    pub(super) fn at_edges() -> Vec<Vec<Vec<u8>>> {
        let of = |lengths: &[usize]| -> Vec<Vec<u8>> {
            lengths.iter().zip(1..).map(|(length, byte)| vec![byte; *length]).collect()
        };
        let firsts = (1_000..1_017).chain([2_014, 2_015, 5_000]);
        let after_a_first = firsts.map(|length| of(&[length, 7, 1_012])).collect();
        [after_a_first, vec![of(&[]), of(&[1]), of(&[1_012; 3]), of(&[1_008; 3])]].concat()
    }

    #[test]
    fn the_example_is_read_and_written() {
        let blocked = [EXAMPLE_VBS, &[0x40; 940]].concat();
        for (format, file) in [(Format::Vbs, EXAMPLE_VBS), (Format::Blocked1014, &blocked)] {
            let mut out = [0; 1_100];
            let mut writer = Writer::new(format);
            let mut written = Vec::<u8>::new();
            for record in EXAMPLE {
                written.extend(writer.write(record, &mut out).unwrap());
            }
            written.extend(writer.finish(&mut out).unwrap());
            assert!(written == file, "{format:?}");

            let mut buffer = [0; 34];
            let mut reader = Reader::new(format, &mut buffer);
            let mut piece = file;
            for record in EXAMPLE {
                assert_eq!(reader.read(&mut piece), Ok(Some(record)));
            }
            assert_eq!((reader.read(&mut piece), piece), (Ok(None), &b""[..]));
            assert_eq!((reader.finish(), reader.position()), (Ok(()), 70));
        }
    }

    #[test]
    fn a_block_is_1012_bytes_and_a_trailer() {
        let blocked = Format::Blocked1014;
        let base = 1_014 * (1 << 40);
        for (place, left, trailer) in [(0, 1_012, 0), (1_011, 1, 0), (1_012, 0, 2), (1_013, 0, 1)] {
            let offset = base + place;
            let found = (blocked.left_in_block(offset), blocked.left_of_trailer(offset));
            assert_eq!(found, (left, trailer), "{place}");
            assert_eq!(Format::Vbs.left_of_trailer(offset), 0);
        }
    }
}
