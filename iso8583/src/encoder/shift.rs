//! Bytes that move to make room.

use core::ops::Range;

/// Bytes that move at a time.
const BLOCK: usize = 32;

/// Moves bytes to another place, which may overlap, as `copy_within` does: that links a panic. Nothing moves where the bytes or
/// their place are not there, which they are.
pub(super) fn shift(buffer: &mut [u8], from: Range<usize>, to: usize) {
    let count = from.end.saturating_sub(from.start);
    if from.start.max(to).saturating_add(count) > buffer.len() {
        return;
    }
    let (mut at, mut left) = (0usize, count);
    let is_upwards = to > from.start;
    while left > 0 {
        let size = if left < BLOCK { 1 } else { BLOCK };
        left = left.saturating_sub(size);
        // Upwards from the back, downwards from the front: no byte is overwritten before it has moved.
        let offset = if is_upwards { left } else { at };
        at = at.saturating_add(size);
        let (source, target) = (from.start.saturating_add(offset), to.saturating_add(offset));
        if size == BLOCK {
            copy::<BLOCK>(buffer, source, target);
        } else {
            copy::<1>(buffer, source, target);
        }
    }
}

fn copy<const N: usize>(buffer: &mut [u8], from: usize, to: usize) {
    let source = buffer.get(from..).and_then(|rest| rest.first_chunk::<N>());
    let Some(block) = source.copied() else { return };
    if let Some(target) = buffer.get_mut(to..).and_then(|rest| rest.first_chunk_mut()) {
        *target = block;
    }
}

#[cfg(test)]
mod tests {
    use super::shift;

    #[test]
    fn as_copy_within_does() {
        let bytes: [u8; 80] = core::array::from_fn(|at| u8::try_from(at).unwrap());
        let last = bytes.len();
        for (start, end) in (0..=last).flat_map(|start| (start..=last).map(move |end| (start, end)))
        {
            for to in 0..=last - (end - start) {
                let (mut shifted, mut copied) = (bytes, bytes);
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
