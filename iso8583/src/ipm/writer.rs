//! Records written to a file, piece by piece.

use crate::copy::copy;
use core::mem;

use super::{
    FILL_BLOCK, Format, IpmError, IpmErrorKind, LENGTH_LEN, MAX_RECORD_LEN, PAYLOAD_LEN,
    TRAILER_LEN, moved, to_u32,
};

/// Writes the records of a file, each into a buffer that the caller lends.
///
/// What is handed out is to be put behind what was handed out before: a record with its length and the trailers of the
/// blocks that it fills.
///
/// # Examples
///
/// ```
/// use iso8583_wire::ipm::{Format, Writer};
///
/// let mut out = [0; 100];
/// let mut writer = Writer::new(Format::Vbs);
/// assert_eq!(writer.write(b"abc", &mut out)?, b"\0\0\0\x03abc");
/// assert_eq!(writer.finish(&mut out)?, b"\0\0\0\0");
/// # Ok::<(), iso8583_wire::ipm::IpmError>(())
/// ```
#[derive(Debug)]
pub struct Writer {
    format: Format,
    max: u32,
    /// Bytes of the file so far. Never inside of a trailer.
    written: u64,
    has_ended: bool,
}

impl Writer {
    /// Bytes that are enough for [`finish`](Self::finish) wherever the writer is: a length of zero over the edge of a block.
    pub const MAX_FINISH_LEN: usize = LENGTH_LEN - 1 + TRAILER_LEN + PAYLOAD_LEN + TRAILER_LEN;

    /// A writer at the start of a file, for records up to [`MAX_RECORD_LEN`].
    #[must_use]
    pub const fn new(format: Format) -> Self {
        Self { format, max: MAX_RECORD_LEN, written: 0, has_ended: false }
    }

    /// The same writer with a lower limit on records, in bytes: what the file's reader takes.
    #[must_use]
    pub const fn with_max(mut self, max: u32) -> Self {
        self.max = if max < MAX_RECORD_LEN { max } else { MAX_RECORD_LEN };
        self
    }

    /// Writes a record: its length, its bytes, and the trailer of each block that they fill.
    ///
    /// # Errors
    /// [`IpmErrorKind::EmptyRecord`], [`IpmErrorKind::TooLong`], [`IpmErrorKind::Ended`], and [`IpmErrorKind::BufferTooSmall`] for less room
    /// than [`written_len`](Self::written_len); each with the offset in the file that the record would have had, and
    /// nothing is changed.
    pub fn write<'o>(&mut self, record: &[u8], out: &'o mut [u8]) -> Result<&'o [u8], IpmError> {
        if record.is_empty() {
            return Err(self.error(IpmErrorKind::EmptyRecord));
        }
        if self.has_ended {
            return Err(self.error(IpmErrorKind::Ended));
        }
        let length = to_u32(record.len());
        if length > self.max {
            return Err(self.error(IpmErrorKind::TooLong { maximum: self.max }));
        }
        let out = self.room(out, self.written_len(record.len()))?;
        let mut place = Place { format: self.format, offset: self.written, rest: out };
        place.put(&length.to_be_bytes());
        place.put(record);
        self.written = place.offset;
        Ok(out)
    }

    /// Writes the length of zero that ends the file, and fills the last block.
    ///
    /// # Errors
    /// [`IpmErrorKind::BufferTooSmall`] for less room than [`finish_len`](Self::finish_len), and nothing is written;
    /// [`IpmErrorKind::Ended`] the second time.
    pub fn finish<'o>(&mut self, out: &'o mut [u8]) -> Result<&'o [u8], IpmError> {
        if self.has_ended {
            return Err(self.error(IpmErrorKind::Ended));
        }
        let out = self.room(out, self.finish_len())?;
        let mut place = Place { format: self.format, offset: self.written, rest: out };
        place.put(&[0; LENGTH_LEN]);
        if self.format.place_in_block(place.offset) != 0 {
            let left = self.format.left_in_block(place.offset);
            place.put(FILL_BLOCK.get(..left).unwrap_or_default());
        }
        (self.written, self.has_ended) = (moved(self.written, out.len()), true);
        Ok(out)
    }

    /// The bytes that [`write`](Self::write) takes here for a record of so many.
    #[must_use]
    pub fn written_len(&self, record_len: usize) -> usize {
        let length = record_len.saturating_add(LENGTH_LEN);
        match self.format {
            Format::Vbs => length,
            Format::Blocked1014 => {
                let place = self.format.place_in_block(self.written);
                let trailers = place.saturating_add(length) / PAYLOAD_LEN;
                length.saturating_add(trailers.saturating_mul(TRAILER_LEN))
            }
        }
    }

    /// The bytes that [`finish`](Self::finish) takes here, at most [`MAX_FINISH_LEN`](Self::MAX_FINISH_LEN).
    #[must_use]
    pub fn finish_len(&self) -> usize {
        let end = self.written_len(0);
        match self.format.place_in_block(moved(self.written, end)) {
            0 => end,
            _ => {
                let left = self.format.left_in_block(moved(self.written, end));
                end.saturating_add(left).saturating_add(TRAILER_LEN)
            }
        }
    }

    /// The bytes of the file so far.
    #[must_use]
    pub const fn position(&self) -> u64 {
        self.written
    }

    fn room<'o>(&self, out: &'o mut [u8], needed: usize) -> Result<&'o mut [u8], IpmError> {
        let available = to_u32(out.len());
        let kind = IpmErrorKind::BufferTooSmall { needed: to_u32(needed), available };
        out.get_mut(..needed).ok_or(self.error(kind))
    }

    const fn error(&self, kind: IpmErrorKind) -> IpmError {
        IpmError::new(kind, self.written)
    }
}

/// What is being written, in room that was measured before.
struct Place<'o> {
    format: Format,
    /// Offset in the file of what comes next.
    offset: u64,
    rest: &'o mut [u8],
}

impl Place<'_> {
    /// Bytes of a record, with a trailer where a block is full.
    fn put(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            let left = self.format.left_in_block(self.offset);
            let (now, later) = bytes.split_at_checked(left).unwrap_or((bytes, &[]));
            self.copy(now);
            self.copy(
                FILL_BLOCK.get(..self.format.left_of_trailer(self.offset)).unwrap_or_default(),
            );
            bytes = later;
        }
    }

    fn copy(&mut self, bytes: &[u8]) {
        if let Some((place, rest)) = mem::take(&mut self.rest).split_at_mut_checked(bytes.len()) {
            copy(place, bytes);
            self.rest = rest;
        }
        self.offset = moved(self.offset, bytes.len());
    }
}

#[cfg(test)]
mod tests {
    extern crate alloc;
    use alloc::vec::Vec;

    use super::super::tests::{at_edges, file};
    use super::*;

    const FORMATS: [Format; 2] = [Format::Vbs, Format::Blocked1014];

    #[test]
    fn writes_what_the_format_says_in_exactly_the_room_that_it_names() {
        for (format, records) in
            FORMATS.into_iter().flat_map(|f| at_edges().into_iter().map(move |r| (f, r)))
        {
            let mut writer = Writer::new(format);
            let mut written = Vec::<u8>::new();
            let mut out = [0; 6_000];
            for record in &records {
                let room = writer.written_len(record.len());
                written.extend(writer.write(record, &mut out[..room]).unwrap());
                assert_eq!(writer.position(), written.len() as u64);
            }
            let room = writer.finish_len();
            assert!(room <= Writer::MAX_FINISH_LEN);
            written.extend(writer.finish(&mut out[..room]).unwrap());
            assert!(written == file(format, &records), "{format:?} {}", records.len());
        }
    }

    #[test]
    fn an_end_over_the_edge_of_a_block_takes_the_most() {
        let mut writer = Writer::new(Format::Blocked1014);
        writer.write(&[1; 1_005], &mut [0; 1_009]).unwrap();
        assert_eq!(writer.finish_len(), Writer::MAX_FINISH_LEN);
    }

    #[test]
    fn what_is_refused_changes_nothing() {
        let mut writer = Writer::new(Format::Blocked1014).with_max(1_100);
        let mut out = [7; 2_000];
        writer.write(&[1; 10], &mut out).unwrap();
        out.fill(7);
        let too_small = IpmErrorKind::BufferTooSmall { needed: 1_106, available: 1_105 };
        for (length, room, kind) in [
            (0, 2_000, IpmErrorKind::EmptyRecord),
            (1_101, 2_000, IpmErrorKind::TooLong { maximum: 1_100 }),
            (1_100, 1_105, too_small),
        ] {
            let refused = writer.write(&[1; 1_200][..length], &mut out[..room]);
            assert_eq!(refused, Err(IpmError::new(kind, 14)));
            assert_eq!((out, writer.position()), ([7; 2_000], 14));
        }
        assert_eq!(writer.write(&[1; 1_100], &mut out).map(<[u8]>::len), Ok(1_106));
        assert_eq!(writer.finish(&mut [0; 3]).unwrap_err().offset(), 1_120);
        assert_eq!(writer.finish(&mut out).map(<[u8]>::len), Ok(2_028 - 1_120));
        let ended = IpmError::new(IpmErrorKind::Ended, 2_028);
        assert_eq!((writer.write(b"more", &mut out), writer.position()), (Err(ended), 2_028));
        assert_eq!(writer.finish(&mut out), Err(ended));
    }

    #[test]
    fn no_limit_is_above_the_longest_length() {
        let writer = Writer::new(Format::Vbs).with_max(u32::MAX);
        assert_eq!(writer.max, MAX_RECORD_LEN);
    }
}
