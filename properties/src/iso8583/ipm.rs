mod twin;

use core::iter;

use iso8583_wire::ipm::{Format, IpmErrorKind, MAX_RECORD_LEN, Reader, Writer};

use crate::{choices::Choices, told::assert_told};
use twin::{File, Record, in_format};

/// A file of clearing records gives the same whatever its pieces, and what a slow reading finds: records, fault, and place.
///
/// Choices: `u8` format and what the file is, `u16` the longest record, `bytes` sizes of the pieces in turn. The file is what is
/// left, as it is or put into blocks first; or what a writer makes of records, each `u16` length and `u8` first byte, after `u16` and `u8` a byte
/// to change and `u16` where to cut. The writer makes what the format says, in exactly the room that it names, and the
/// reader hands the records out again; then the file is changed and cut.
pub fn iso8583_ipm(data: &[u8]) {
    let mut choices = Choices::new(data);
    let what = choices.u8();
    let format = if what & 1 == 0 { Format::Vbs } else { Format::Blocked1014 };
    let longest = usize::from(choices.u16() % 6_001);
    let sizes = choices.bytes();
    match what >> 1 & 3 {
        0 => assert_read(format, longest, sizes, choices.rest()),
        1 => assert_read(format, longest, sizes, &in_format(format, choices.rest())),
        _ => {
            let (place, change, cut) = (choices.u16(), choices.u8(), choices.u16());
            let records = choose_records(&mut choices);
            let mut file = assert_written(format, longest, &records);
            assert_read(format, longest, sizes, &file);
            let place = usize::from(place) % file.len();
            file[place] ^= change;
            assert_read(format, longest, sizes, &file);
            file.truncate(usize::from(cut) % (file.len() + 1));
            assert_read(format, longest, sizes, &file);
        }
    }
}

fn choose_records(choices: &mut Choices<'_>) -> Vec<Vec<u8>> {
    let mut records = Vec::new();
    while !choices.is_empty() && records.len() < 6 {
        let (length, mut byte) = (choices.u16() % 2_200, choices.u8());
        let next = || {
            byte = byte.wrapping_add(1);
            byte
        };
        records.push(iter::repeat_with(next).take(usize::from(length)).collect());
    }
    records
}

/// The file that a writer makes of those records that it takes.
fn assert_written(format: Format, longest: usize, records: &[Vec<u8>]) -> Vec<u8> {
    let maximum = u32::try_from(longest).unwrap();
    let mut writer = Writer::new(format).with_max(maximum);
    let mut out = vec![0x5A; 10_000];
    let mut vbs = Vec::new();
    let mut file = Vec::new();
    let mut taken = Vec::new();
    for record in records {
        let room = writer.written_len(record.len());
        let written = writer.write(record, &mut out[..room]).map(<[u8]>::to_vec);
        let refused = match record.len() {
            0 => Some(IpmErrorKind::EmptyRecord),
            length if length > longest => Some(IpmErrorKind::TooLong { maximum }),
            _ => None,
        };
        match (written, refused) {
            (Ok(written), None) => {
                assert_eq!(written.len(), room);
                file.extend(written);
                vbs.extend(u32::try_from(record.len()).unwrap().to_be_bytes());
                vbs.extend(record);
                taken.push(&record[..]);
                assert_no_room(&mut writer, record);
            }
            (written, refused) => {
                let error = written.unwrap_err();
                assert_told(error.kind().as_str(), &error.kind());
                assert_eq!((Some(error.kind()), error.offset()), (refused, file.len() as u64));
            }
        }
        assert_eq!(writer.position(), file.len() as u64);
    }
    let room = writer.finish_len();
    assert!(room <= Writer::MAX_FINISH_LEN);
    let end = writer.finish(&mut out[..room]).unwrap();
    assert_eq!(end.len(), room);
    file.extend(end);
    for again in [writer.finish(&mut []).map(drop), writer.write(&[0], &mut []).map(drop)] {
        let error = again.unwrap_err();
        assert_eq!(error.kind(), IpmErrorKind::Ended);
        assert_told(error.kind().as_str(), &error.kind());
    }
    assert_eq!(writer.position(), file.len() as u64);
    vbs.extend([0; 4]);
    assert!(file == in_format(format, &vbs));
    let read = twin::read(format, longest, &file);
    assert!(read.records.iter().map(|record| &record.bytes[..]).eq(taken));
    assert_eq!(read.fault, None);
    file
}

/// A byte less than what is needed is refused, and nothing changes.
fn assert_no_room(writer: &mut Writer, record: &[u8]) {
    let position = writer.position();
    let needed = u32::try_from(writer.written_len(record.len())).unwrap();
    let available = needed - 1;
    let mut out = vec![0x5A; usize::try_from(available).unwrap()];
    let error = writer.write(record, &mut out).unwrap_err();
    assert_eq!(error.kind(), IpmErrorKind::BufferTooSmall { needed, available });
    assert_eq!((error.offset(), writer.position()), (position, position));
    assert!(out.iter().all(|byte| *byte == 0x5A));
}

fn assert_read(format: Format, longest: usize, sizes: &[u8], file: &[u8]) {
    let expected = twin::read(format, longest, file);
    assert!(longest < MAX_RECORD_LEN as usize);
    let mut buffer = vec![0; longest];
    let whole = iter::once(file);
    assert_pieces(Reader::new(format, &mut buffer), &expected, whole);
    assert_pieces(Reader::new(format, &mut buffer), &expected, pieces(file, sizes));
    if file.len() < 1_500 {
        assert_pieces(Reader::new(format, &mut buffer), &expected, file.chunks(1));
    }
    // From a record in the middle.
    let from = expected.records.len() / 2;
    if let Some(record) = expected.records.get(from) {
        let start = record.position;
        let reader = Reader::new(format, &mut buffer).starting_at(start as u64);
        assert!(format!("{reader:?}").starts_with("Reader { format:"));
        let rest = File { records: expected.records[from..].to_vec(), ..expected };
        assert_pieces(reader, &rest, pieces(&file[start..], sizes));
    }
}

/// A size of 127 and more stands for sixteen times what it is above that; the last piece is what is left.
fn pieces<'a>(file: &'a [u8], sizes: &[u8]) -> impl Iterator<Item = &'a [u8]> {
    let mut rest = file;
    let mut sizes = sizes.iter().cycle().take(file.len());
    iter::from_fn(move || {
        let size = sizes.next().map_or(usize::MAX, |size| usize::from(*size));
        let size = if size < 128 { size } else { (size - 127).saturating_mul(16) };
        let (piece, behind) = rest.split_at(size.min(rest.len()));
        let more = !rest.is_empty();
        rest = behind;
        more.then_some(piece)
    })
}

fn assert_pieces<'a>(
    mut reader: Reader<'_>,
    expected: &File,
    pieces: impl Iterator<Item = &'a [u8]>,
) {
    let mut records = expected.records.iter();
    let mut fault = None;
    'pieces: for whole in pieces {
        let mut piece = whole;
        loop {
            match reader.read(&mut piece) {
                Ok(Some(found)) => {
                    let Record { bytes, contiguous, .. } = records.next().unwrap();
                    assert!(found == bytes);
                    // What could be lent from the piece is, and what is in the buffer could not.
                    let lent = whole.as_ptr_range().contains(&found.as_ptr());
                    let read = whole.len() - piece.len();
                    assert_eq!(lent, *contiguous && read >= found.len());
                }
                Ok(None) => {
                    assert!(piece.is_empty());
                    break;
                }
                Err(error) => {
                    let mut more = whole;
                    assert_eq!(reader.read(&mut more), Err(error));
                    assert_eq!((more.len(), reader.finish()), (whole.len(), Err(error)));
                    fault = Some(error);
                    break 'pieces;
                }
            }
            if let Some(next) = records.as_slice().first() {
                assert_eq!(reader.position(), next.position as u64);
            }
        }
    }
    assert!(records.as_slice().is_empty());
    let fault = fault.or(reader.finish().err());
    if let Some(error) = fault {
        let shown = error.to_string();
        assert!(
            shown.starts_with(&format!("file at byte {}: ", error.offset())) && shown.is_ascii()
        );
        assert!(!shown.contains('\n') && !error.kind().as_str().is_empty());
    }
    let fault = fault.map(|error| (error.kind(), error.offset()));
    let expected_fault = expected.fault.map(|(kind, offset)| (kind, offset as u64));
    assert_eq!((fault, reader.position()), (expected_fault, expected.position as u64));
}
