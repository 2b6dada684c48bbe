//! A slow reading of a whole file of clearing records.

use iso8583_wire::ipm::{Format, IpmErrorKind, MAX_RECORD_LEN};

/// What a file holds.
pub(super) struct File {
    pub(super) records: Vec<Record>,
    pub(super) fault: Option<(IpmErrorKind, usize)>,
    /// Where the record at fault starts, or the end.
    pub(super) position: usize,
}

#[derive(Clone)]
pub(super) struct Record {
    pub(super) bytes: Vec<u8>,
    /// Offset in the file of its length.
    pub(super) position: usize,
    /// No trailer stands inside of it.
    pub(super) contiguous: bool,
}

/// The bytes of a VBS file, in blocks if that is the format.
pub(super) fn in_format(format: Format, vbs: &[u8]) -> Vec<u8> {
    if format == Format::Vbs {
        return vbs.to_vec();
    }
    let mut file = Vec::new();
    for payload in vbs.chunks(1_012) {
        file.extend(payload);
        file.extend(vec![0x40; 1_012 - payload.len()]);
        file.extend([0x40, 0x40]);
    }
    file
}

/// Takes the trailers out of a whole file, up to the first that is wrong, then cuts what is left into records.
pub(super) fn read(format: Format, longest: usize, file: &[u8]) -> File {
    let blocked = format == Format::Blocked1014;
    let mut vbs = Vec::new();
    let mut wrong_trailer = None;
    for (offset, byte) in file.iter().enumerate() {
        if !blocked || offset % 1_014 < 1_012 {
            vbs.push(*byte);
        } else if *byte != 0x40 {
            wrong_trailer = Some((IpmErrorKind::InvalidTrailer, offset));
            break;
        }
    }
    let in_file =
        |index: usize| if blocked { index / 1_012 * 1_014 + index % 1_012 } else { index };
    // Why there is no more, if a record, or a block at least, is not complete.
    let cut = wrong_trailer.or(Some((IpmErrorKind::CutRecord, file.len())));
    let cut_block = (blocked && !file.len().is_multiple_of(1_014))
        .then_some((IpmErrorKind::CutBlock, file.len()));

    let mut records = Vec::new();
    let mut start = 0;
    let fault = loop {
        let position = in_file(start);
        let rest = &vbs[start..];
        let no_end = wrong_trailer.or(cut_block).or(Some((IpmErrorKind::NoEnd, position)));
        if rest.len() < 4 {
            break if rest.iter().all(|byte| *byte == 0x40) { no_end } else { cut };
        }
        let length = u32::from_be_bytes([rest[0], rest[1], rest[2], rest[3]]);
        if length == 0 || length == 0x4040_4040 {
            let not_fill = rest[4..].iter().position(|byte| *byte != 0x40);
            let not_fill = not_fill.map(|at| (IpmErrorKind::NotFill, in_file(start + 4 + at)));
            let right = if length == 0 { wrong_trailer.or(cut_block) } else { no_end };
            break not_fill.or(right);
        }
        if length > MAX_RECORD_LEN {
            break Some((IpmErrorKind::InvalidLength, position));
        }
        let length = usize::try_from(length).unwrap();
        if length > longest {
            let maximum = u32::try_from(longest).unwrap();
            break Some((IpmErrorKind::TooLong { maximum }, position));
        }
        let Some(bytes) = rest.get(4..4 + length) else { break cut };
        let (first, last) = (start + 4, start + 4 + length - 1);
        let contiguous = !blocked || first / 1_012 == last / 1_012;
        records.push(Record { bytes: bytes.to_vec(), position, contiguous });
        start += 4 + length;
    };
    File { records, fault, position: in_file(start) }
}
