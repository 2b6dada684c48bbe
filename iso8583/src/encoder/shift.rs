//! Bytes that move to make room.

use core::ops::Range;

/// Moves bytes to another place, which may overlap. `copy_within` alone would link a panic: here it is proven to be called with
/// what it takes. Nothing moves where the bytes or their place are not there, which they are.
pub(super) fn shift(buffer: &mut [u8], from: Range<usize>, to: usize) {
    let end = from.end.min(buffer.len());
    let Some(count) = end.checked_sub(from.start) else { return };
    let Some(last) = buffer.len().checked_sub(count) else { return };
    if to <= last {
        buffer.copy_within(from.start..end, to);
    }
}

#[cfg(test)]
mod tests {
    use super::shift;

    #[test]
    fn as_copy_within_does() {
        for (start, end) in (0..=6).flat_map(|start| (start..=6).map(move |end| (start, end))) {
            for to in 0..=6 - (end - start) {
                let (mut shifted, mut copied) = (*b"abcdef", *b"abcdef");
                shift(&mut shifted, start..end, to);
                copied.copy_within(start..end, to);
                assert_eq!(shifted, copied, "{start}..{end} to {to}");
            }
        }
    }

    #[test]
    fn nothing_moves_out_of_the_buffer() {
        for (from, to) in [(2..5, 4), (7..9, 0), (0..7, 1), (2..3, usize::MAX)] {
            let mut buffer = *b"abcdef";
            shift(&mut buffer, from, to);
            assert_eq!(&buffer, b"abcdef");
        }
        #[allow(clippy::reversed_empty_ranges, reason = "it is what must not harm")]
        let reversed = 5..2;
        shift(&mut [0; 6], reversed, 0);
    }
}
