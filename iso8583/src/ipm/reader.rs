//! Records read from a file that comes in pieces.

use crate::copy::copy;
use core::fmt;

use super::{
    FILL, FILL_BLOCK, Format, IpmError, IpmErrorKind, LENGTH_LEN, MAX_RECORD_LEN, moved, to_u32,
};

/// Reads the records of a file from its pieces.
///
/// The longest record that is accepted is as long as the buffer; 6,000 bytes take what other readers take. A record
/// that lies whole in a piece and in a block is handed out as a slice of the piece, any other is put together in the
/// buffer. However a file is cut into pieces, it gives the same records and the same fault.
///
/// Behind the length of zero only fill may follow, bytes of 0x40, and as much as there is: some writers add a block of
/// it. A VBS file may have it as well: who takes the trailers out of a blocked file leaves the fill there. Four bytes of
/// fill where a length should be are fill, and the file has no end.
///
/// # Security
/// The buffer holds card data afterwards, as the pieces do: wipe them if they stay in memory. `Debug` shows none of it.
///
/// # Examples
///
/// ```
/// use std::io::Read;
/// use iso8583_wire::ipm::{Format, Reader};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let mut file = &b"\0\0\0\x03abc\0\0\0\x02de\0\0\0\0"[..]; // or a std::fs::File
/// let mut buffer = [0; 6_000];
/// let mut reader = Reader::new(Format::Vbs, &mut buffer);
/// let mut input = [0; 65_536];
/// let mut count = 0;
/// loop {
///     let mut piece = match file.read(&mut input)? {
///         0 => break,
///         length => &input[..length],
///     };
///     while let Some(record) = reader.read(&mut piece)? {
///         count += 1; // MessageRef::parse(&spec, record)?
///     }
/// }
/// reader.finish()?;
/// assert_eq!(count, 2);
/// # Ok(())
/// # }
/// ```
pub struct Reader<'b> {
    format: Format,
    buffer: &'b mut [u8],
    /// Offset in the file of the next byte.
    next: u64,
    /// Offset of the length of the record that is being read.
    record: u64,
    state: State,
}

#[derive(Clone, Copy)]
enum State {
    /// So many bytes of a length are there.
    Length {
        bytes: [u8; LENGTH_LEN],
        present: usize,
    },
    /// So many bytes of a record are in the buffer.
    Record {
        length: usize,
        present: usize,
    },
    /// Only fill follows.
    Fill {
        after_end: bool,
    },
    Failed(IpmError),
}

impl State {
    const START: Self = Self::Length { bytes: [0; LENGTH_LEN], present: 0 };
}

/// Where a whole record is.
enum Found<'p> {
    InPiece(&'p [u8]),
    InBuffer(usize),
}

impl<'b> Reader<'b> {
    /// A reader at the start of a file, that accepts records as long as the buffer.
    #[must_use]
    pub fn new(format: Format, buffer: &'b mut [u8]) -> Self {
        Self { format, buffer, next: 0, record: 0, state: State::START }
    }

    /// A reader of the same file that goes on at a [`position`](Self::position).
    ///
    /// The first piece starts at that byte of the file, which must be the first of a record's length.
    ///
    /// # Examples
    ///
    /// ```
    /// use iso8583_wire::ipm::{Format, Reader};
    ///
    /// let file = b"\0\0\0\x03abc\0\0\0\x02de\0\0\0\0";
    /// let mut buffer = [0; 6_000];
    /// let mut reader = Reader::new(Format::Vbs, &mut buffer).starting_at(7);
    /// assert_eq!(reader.read(&mut &file[7..])?, Some(&b"de"[..]));
    /// assert_eq!(reader.position(), 13);
    /// # Ok::<(), iso8583_wire::ipm::IpmError>(())
    /// ```
    #[must_use]
    pub fn starting_at(mut self, position: u64) -> Self {
        self.next = position;
        self.begin();
        self
    }

    /// The next record, without its length; `None` if the piece is used up.
    ///
    /// What is read is cut off the front of the piece. Give the same piece until `None` comes, then the next one.
    ///
    /// # Errors
    /// [`IpmErrorKind::InvalidLength`] and [`IpmErrorKind::TooLong`] for the record's length,
    /// [`IpmErrorKind::InvalidTrailer`] for a block's end, [`IpmErrorKind::NotFill`] for what stands behind the last record.
    /// The file cannot be followed further: every later call returns the same error and leaves its piece as it is.
    #[inline]
    pub fn read<'r, 'p: 'r>(
        &'r mut self,
        piece: &mut &'p [u8],
    ) -> Result<Option<&'r [u8]>, IpmError> {
        match self.find(piece) {
            Ok(Some(Found::InPiece(record))) => Ok(Some(record)),
            Ok(Some(Found::InBuffer(length))) => Ok(self.buffer.get(..length)),
            Ok(None) => Ok(None),
            Err(error) => {
                self.state = State::Failed(error);
                Err(error)
            }
        }
    }

    /// To be called where the file ends: whether that is where it may.
    ///
    /// # Errors
    /// What [`read`](Self::read) returned, if that was an error; [`IpmErrorKind::CutRecord`] and
    /// [`IpmErrorKind::CutBlock`] if the file ends in the middle of one; [`IpmErrorKind::NoEnd`] if the file ends behind a
    /// record and its fill, but without a length of zero. Some systems write none: whoever reads files of such a system
    /// matches on that kind, and should check the file's totals, because a file that was cut between two records looks the same.
    pub fn finish(&self) -> Result<(), IpmError> {
        let cut = match self.state {
            State::Failed(error) => return Err(error),
            State::Record { .. } => true,
            // Fewer bytes of fill than a length has.
            State::Length { bytes, present } => {
                bytes.iter().take(present).any(|byte| *byte != FILL)
            }
            State::Fill { .. } => false,
        };
        if cut {
            Err(IpmError::new(IpmErrorKind::CutRecord, self.next))
        } else if self.format.place_in_block(self.next) != 0 {
            Err(IpmError::new(IpmErrorKind::CutBlock, self.next))
        } else if matches!(self.state, State::Fill { after_end: true }) {
            Ok(())
        } else {
            Err(IpmError::new(IpmErrorKind::NoEnd, self.record))
        }
    }

    /// Where the record that is being read starts in the file: the offset of the first byte of its length.
    ///
    /// After a record was handed out that is where the next one starts; after an error, the record at fault; after the end, the
    /// length of zero.
    #[inline]
    #[must_use]
    pub const fn position(&self) -> u64 {
        self.record
    }

    fn find<'p>(&mut self, piece: &mut &'p [u8]) -> Result<Option<Found<'p>>, IpmError> {
        loop {
            match self.state {
                State::Failed(error) => return Err(error),
                State::Fill { .. } => return self.fill(piece).map(|()| None),
                State::Length { mut bytes, present } => {
                    let run = self.run(piece)?;
                    if run.is_empty() {
                        return Ok(None);
                    }
                    let missing = LENGTH_LEN.saturating_sub(present);
                    let taken = self.take(piece, run, missing);
                    for (byte, from) in bytes.iter_mut().skip(present).zip(taken) {
                        *byte = *from;
                    }
                    self.state = if taken.len() == missing {
                        self.record_or_fill(u32::from_be_bytes(bytes))?
                    } else {
                        State::Length { bytes, present: present.saturating_add(taken.len()) }
                    };
                }
                State::Record { length, present } => {
                    let run = self.run(piece)?;
                    let missing = length.saturating_sub(present);
                    let taken = self.take(piece, run, missing);
                    if taken.len() == length {
                        self.begin();
                        return Ok(Some(Found::InPiece(taken)));
                    }
                    if taken.is_empty() {
                        return Ok(None);
                    }
                    let end = present.saturating_add(taken.len());
                    // The length was checked against the buffer.
                    let free = self.buffer.get_mut(present..).unwrap_or_default();
                    if let Some(place) = free.get_mut(..taken.len()) {
                        copy(place, taken);
                    }
                    if end == length {
                        self.begin();
                        return Ok(Some(Found::InBuffer(length)));
                    }
                    self.state = State::Record { length, present: end };
                }
            }
        }
    }

    /// The bytes of the piece that belong to records, up to the end of the block; a trailer before them is checked and taken.
    #[inline]
    fn run<'p>(&mut self, piece: &mut &'p [u8]) -> Result<&'p [u8], IpmError> {
        let mut left = self.format.left_in_block(self.next);
        if left == 0 {
            let trailer = self.take(piece, piece, self.format.left_of_trailer(self.next));
            if let Some(index) = first_not_fill(trailer) {
                let start = self.next.saturating_sub(moved(0, trailer.len()));
                return Err(IpmError::new(IpmErrorKind::InvalidTrailer, moved(start, index)));
            }
            left = self.format.left_in_block(self.next);
        }
        Ok(piece.get(..left).unwrap_or(piece))
    }

    /// Takes as many bytes as are wanted of a run at the front of the piece, or the whole run.
    #[inline]
    fn take<'p>(&mut self, piece: &mut &'p [u8], run: &'p [u8], wanted: usize) -> &'p [u8] {
        let taken = run.get(..wanted).unwrap_or(run);
        *piece = piece.get(taken.len()..).unwrap_or_default();
        self.next = moved(self.next, taken.len());
        taken
    }

    /// What a length announces.
    #[inline]
    fn record_or_fill(&self, length: u32) -> Result<State, IpmError> {
        const ALL_FILL: u32 = u32::from_be_bytes([FILL; LENGTH_LEN]);
        let maximum = to_u32(self.buffer.len()).min(MAX_RECORD_LEN);
        let kind = match length {
            0 => return Ok(State::Fill { after_end: true }),
            ALL_FILL => return Ok(State::Fill { after_end: false }),
            _ if length > MAX_RECORD_LEN => IpmErrorKind::InvalidLength,
            _ if length > maximum => IpmErrorKind::TooLong { maximum },
            // At most the length of the buffer, a usize.
            _ => {
                let length = usize::try_from(length).unwrap_or(usize::MAX);
                return Ok(State::Record { length, present: 0 });
            }
        };
        Err(IpmError::new(kind, self.record))
    }

    /// Takes the whole piece, which is all fill, trailers as well.
    fn fill(&mut self, piece: &mut &[u8]) -> Result<(), IpmError> {
        if let Some(index) = first_not_fill(piece) {
            let offset = moved(self.next, index);
            let kind = match self.format.left_in_block(offset) {
                0 => IpmErrorKind::InvalidTrailer,
                _ => IpmErrorKind::NotFill,
            };
            return Err(IpmError::new(kind, offset));
        }
        self.take(piece, piece, usize::MAX);
        Ok(())
    }

    /// A record starts with the next byte that is not of a trailer.
    #[inline]
    fn begin(&mut self) {
        self.record = moved(self.next, self.format.left_of_trailer(self.next));
        self.state = State::START;
    }
}

/// Shows where the reader is, nothing of the file.
impl fmt::Debug for Reader<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reader")
            .field("format", &self.format)
            .field("position", &self.record)
            .finish_non_exhaustive()
    }
}

/// The place of the first byte that is no fill. Whole blocks are compared at once.
fn first_not_fill(bytes: &[u8]) -> Option<usize> {
    let mut rest = bytes;
    while let Some((block, behind)) = rest.split_at_checked(FILL_BLOCK.len()) {
        if block != FILL_BLOCK {
            break;
        }
        rest = behind;
    }
    let index = rest.iter().position(|byte| *byte != FILL)?;
    Some(bytes.len().saturating_sub(rest.len()).saturating_add(index))
}

#[cfg(test)]
mod tests {
    extern crate alloc;
    use alloc::{format, vec, vec::Vec};

    use super::super::tests::{EXAMPLE, at_edges, file, in_format};
    use super::*;

    const FORMATS: [Format; 2] = [Format::Vbs, Format::Blocked1014];

    /// What a file gives: its records, how it ended, and where.
    type Ending = (Vec<Vec<u8>>, Result<(), IpmError>, u64);

    fn read<'p>(format: Format, pieces: impl Iterator<Item = &'p [u8]>) -> Ending {
        let mut buffer = [0; 6_000];
        let mut reader = Reader::new(format, &mut buffer);
        let mut records = Vec::new();
        for mut piece in pieces {
            loop {
                match reader.read(&mut piece) {
                    Ok(Some(record)) => records.push(record.to_vec()),
                    Ok(None) => break,
                    Err(error) => {
                        let mut more = &b"more"[..];
                        assert_eq!((reader.read(&mut more), more), (Err(error), &b"more"[..]));
                        assert_eq!(reader.finish(), Err(error));
                        return (records, Err(error), reader.position());
                    }
                }
            }
            assert!(piece.is_empty());
        }
        (records, reader.finish(), reader.position())
    }

    fn whole(format: Format, file: &[u8]) -> Ending {
        let whole = read(format, [file].into_iter());
        assert_eq!(read(format, file.chunks(if cfg!(miri) { 29 } else { 1 })), whole);
        whole
    }

    #[track_caller]
    fn assert_ends(format: Format, file: &[u8], kind: IpmErrorKind, offset: u64, position: u64) {
        let (_, ended, found) = whole(format, file);
        assert_eq!((ended, found), (Err(IpmError::new(kind, offset)), position));
    }

    #[test]
    fn every_cut_gives_the_same_records() {
        for format in FORMATS {
            for records in at_edges().into_iter().step_by(if cfg!(miri) { 20 } else { 1 }) {
                let file = file(format, &records);
                let expected = whole(format, &file);
                assert!(expected.0 == records, "{format:?} {}", records.len());
                assert_eq!(expected.1, Ok(()));
                // Each cut near an edge, and some others.
                let near = |cut: &usize| (cut + 20) % 1_014 < 40 || cut.is_multiple_of(97);
                for cut in (0..=file.len()).filter(near).step_by(if cfg!(miri) { 25 } else { 1 }) {
                    let (before, after) = file.split_at(cut);
                    assert!(read(format, [before, after].into_iter()) == expected, "cut at {cut}");
                }
            }
            let file = file(format, &EXAMPLE);
            let expected = whole(format, &file);
            for cut in (0..=file.len()).step_by(if cfg!(miri) { 40 } else { 1 }) {
                let (before, after) = file.split_at(cut);
                assert_eq!(read(format, [before, after].into_iter()), expected, "cut at {cut}");
            }
        }
    }

    #[test]
    fn a_record_in_one_block_of_one_piece_is_not_copied() {
        let records = [vec![1; 500], vec![2; 1_000], vec![3; 1_012 - 504 - 4]];
        let file = file(Format::Blocked1014, &records);
        let mut buffer = [0; 6_000];
        let mut reader = Reader::new(Format::Blocked1014, &mut buffer);
        let mut piece = &file[..];
        for copied in [false, true, false] {
            let record = reader.read(&mut piece).unwrap().unwrap();
            assert_eq!(!file.as_ptr_range().contains(&record.as_ptr()), copied);
        }
    }

    #[test]
    fn goes_on_where_a_record_starts() {
        for (format, records) in
            FORMATS.into_iter().flat_map(|f| at_edges().into_iter().map(move |r| (f, r)))
        {
            let file = file(format, &records);
            let mut buffer = [0; 6_000];
            let mut reader = Reader::new(format, &mut buffer);
            let mut piece = &file[..];
            for index in 0..=records.len() {
                let position = reader.position();
                let mut rest = &file[usize::try_from(position).unwrap()..];
                let mut other = [0; 6_000];
                let mut second = Reader::new(format, &mut other).starting_at(position);
                let record = second.read(&mut rest).unwrap();
                assert_eq!(record, records.get(index).map(|record| &record[..]));
                assert_eq!(reader.read(&mut piece).unwrap(), record);
                assert_eq!(reader.position(), second.position());
            }
        }
    }

    #[test]
    fn lengths_that_are_none_are_refused() {
        for format in FORMATS {
            let after_a_record = |length: u32| {
                in_format(format, &[&b"\0\0\0\x01a"[..], &length.to_be_bytes(), b"rest"].concat())
            };
            for length in [0x8000_0001, 0xFFFF_FFFF, 0x4040_4041, 0x4000_0000] {
                let file = after_a_record(length);
                assert_ends(format, &file, IpmErrorKind::InvalidLength, 5, 5);
                assert_eq!(whole(format, &file).0, [b"a"]);
            }
            for length in [6_001, MAX_RECORD_LEN] {
                let kind = IpmErrorKind::TooLong { maximum: 6_000 };
                assert_ends(format, &after_a_record(length), kind, 5, 5);
            }
        }
    }

    #[test]
    fn only_fill_follows_the_end() {
        let with_a_block = [&file(Format::Blocked1014, &EXAMPLE)[..], &[0x40; 1_014 * 3]].concat();
        let (records, ended, position) = whole(Format::Blocked1014, &with_a_block);
        assert_eq!((records.len(), ended, position), (2, Ok(()), 70));
        // What is left where a tool took the trailers out.
        let filled = [&file(Format::Vbs, &EXAMPLE)[..], &[0x40; 938]].concat();
        assert_eq!(whole(Format::Vbs, &filled).1, Ok(()));
        // In the file's fill, in a trailer, in a block more, a second end.
        for (place, byte, kind) in [
            (74, 0, IpmErrorKind::NotFill),
            (1_011, 0x41, IpmErrorKind::NotFill),
            (1_012, 0, IpmErrorKind::InvalidTrailer),
            (1_013, b' ', IpmErrorKind::InvalidTrailer),
            (1_014, 0, IpmErrorKind::NotFill),
            (4_055, 0, IpmErrorKind::InvalidTrailer),
        ] {
            let mut file = with_a_block.clone();
            file[place] = byte;
            assert_ends(Format::Blocked1014, &file, kind, place as u64, 70);
        }
        let another = [&file(Format::Vbs, &EXAMPLE)[..], &[0; 4]].concat();
        assert_ends(Format::Vbs, &another, IpmErrorKind::NotFill, 74, 70);
    }

    #[test]
    fn a_trailer_is_checked_where_it_stands() {
        let records = [vec![1; 1_008], vec![2; 3_000]];
        let right = file(Format::Blocked1014, &records);
        for (place, position) in [(1_012, 1_014), (1_013, 1_014), (2_027, 1_014), (3_040, 1_014)] {
            let mut wrong = right.clone();
            wrong[place] ^= 1;
            let kind = IpmErrorKind::InvalidTrailer;
            assert_ends(Format::Blocked1014, &wrong, kind, place as u64, position);
            assert_eq!(whole(Format::Blocked1014, &wrong).0, records[..1]);
        }
    }

    #[test]
    fn a_file_that_is_cut_anywhere_is_refused() {
        for format in FORMATS {
            let records = [vec![1; 1_000], vec![2; 6], vec![3; 100]];
            let file = file(format, &records);
            for cut in (0..file.len()).step_by(if cfg!(miri) { 169 } else { 1 }) {
                let (found, ended, position) = whole(format, &file[..cut]);
                assert!(found == records[..found.len()]);
                let error = ended.unwrap_err();
                let ends_a_block = format == Format::Vbs || cut.is_multiple_of(1_014);
                match error.kind() {
                    IpmErrorKind::CutRecord => assert!(position < cut as u64),
                    IpmErrorKind::CutBlock => assert!(!ends_a_block),
                    kind => {
                        assert_eq!((kind, position), (IpmErrorKind::NoEnd, cut as u64));
                        assert!(ends_a_block);
                    }
                }
                assert_eq!(error.offset(), cut as u64);
            }
        }
    }

    #[test]
    fn a_file_without_an_end_says_so_after_its_records() {
        let vbs = |length: usize| {
            let mut vbs = file(Format::Vbs, &[vec![1; length]]);
            vbs.truncate(4 + length);
            vbs
        };
        // Where the end should be: one, three, four bytes of fill, none, a block of it without one.
        for (length, end) in
            [(1_007, 1_011), (1_005, 1_009), (1_004, 1_008), (1_008, 1_014), (1_009, 1_015)]
        {
            let file = in_format(Format::Blocked1014, &vbs(length));
            assert_ends(Format::Blocked1014, &file, IpmErrorKind::NoEnd, end, end);
            assert_eq!(whole(Format::Blocked1014, &file).0, [vec![1; length]]);
        }
        let mut not_fill = in_format(Format::Blocked1014, &vbs(9));
        not_fill[20] = 0;
        assert_ends(Format::Blocked1014, &not_fill, IpmErrorKind::NotFill, 20, 13);
        assert_ends(Format::Vbs, &vbs(9), IpmErrorKind::NoEnd, 13, 13);
        assert_ends(Format::Vbs, &[&vbs(9)[..], &[0x40; 6]].concat(), IpmErrorKind::NoEnd, 13, 13);
        assert_ends(Format::Blocked1014, b"", IpmErrorKind::NoEnd, 0, 0);
    }

    #[test]
    fn shows_nothing_of_the_file() {
        let mut buffer = *b"4111111111111111";
        let reader = Reader::new(Format::Vbs, &mut buffer);
        assert_eq!(format!("{reader:?}"), "Reader { format: Vbs, position: 0, .. }");
    }
}
