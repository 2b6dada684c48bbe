//! Lines of bounded length.

use std::io::{self, BufRead, Read};

/// What a line was.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Line {
    /// It is in the buffer, without its end.
    Whole,
    /// It was longer than allowed and is passed over.
    TooLong,
}

/// Reads the next line into `line`; `None` at the end of the input.
pub(super) fn read(
    input: &mut impl BufRead,
    line: &mut Vec<u8>,
    most: usize,
) -> io::Result<Option<Line>> {
    line.clear();
    let room = u64::try_from(most).unwrap_or(u64::MAX).saturating_add(1);
    if input.by_ref().take(room).read_until(b'\n', line)? == 0 {
        return Ok(None);
    }
    if line.last() == Some(&b'\n') {
        line.pop();
        return Ok(Some(Line::Whole));
    }
    if line.len() <= most {
        return Ok(Some(Line::Whole));
    }
    input.skip_until(b'\n')?;
    Ok(Some(Line::TooLong))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_at_their_ends() {
        let mut input = &b"ab\n\nabcd\nabcde\nabcdefghi\nab"[..];
        let mut line = Vec::new();
        let mut seen = Vec::new();
        while let Some(found) = read(&mut input, &mut line, 4).unwrap() {
            seen.push((found, line.len()));
        }
        let lengths = seen.iter().map(|(_, length)| *length);
        assert_eq!(lengths.collect::<Vec<_>>(), [2, 0, 4, 5, 5, 2]);
        let long = seen.iter().map(|(found, _)| *found == Line::TooLong);
        assert_eq!(long.collect::<Vec<_>>(), [false, false, false, true, true, false]);
    }
}
