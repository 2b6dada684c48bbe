//! Bytes that move to make room.

use core::ops::Range;

use crate::words::WIDE;

/// Moves bytes to another place, which may overlap, as `copy_within` does: that links a panic. Nothing moves where the bytes or
/// their place are not there, which they are.
pub(super) fn shift(buffer: &mut [u8], from: Range<usize>, to: usize) {
    let count = from.end.saturating_sub(from.start);
    if count == 0 || from.start.max(to).saturating_add(count) > buffer.len() {
        return;
    }
    // In firmware once, byte after byte: flash is dearer there.
    match count {
        32.. if WIDE => in_blocks::<32>(buffer, from.start, to, count),
        8.. if WIDE => in_blocks::<8>(buffer, from.start, to, count),
        _ => in_blocks::<1>(buffer, from.start, to, count),
    }
}

/// Upwards from the back, downwards from the front, so that no block is overwritten before it has moved. The last one in turn
/// is taken up before all others: it may hold bytes of the one before it, as the count need be no multiple of a block.
fn in_blocks<const N: usize>(buffer: &mut [u8], from: usize, to: usize, count: usize) {
    let is_upwards = to > from;
    let end = count.saturating_sub(N);
    let last = if is_upwards { 0 } else { end };
    let Some(last_block) = read::<N>(buffer, from.saturating_add(last)) else { return };
    let mut moved = 0usize;
    while moved < end {
        let offset = if is_upwards { end.saturating_sub(moved) } else { moved };
        let Some(block) = read::<N>(buffer, from.saturating_add(offset)) else { return };
        write(buffer, to.saturating_add(offset), block);
        moved = moved.saturating_add(N);
    }
    write(buffer, to.saturating_add(last), last_block);
}

#[inline]
fn read<const N: usize>(buffer: &[u8], at: usize) -> Option<[u8; N]> {
    buffer.get(at..)?.first_chunk().copied()
}

#[inline]
fn write<const N: usize>(buffer: &mut [u8], at: usize, block: [u8; N]) {
    if let Some(place) = buffer.get_mut(at..).and_then(|rest| rest.first_chunk_mut()) {
        *place = block;
    }
}

#[cfg(test)]
mod tests {
    use super::shift;

    #[test]
    fn as_copy_within_does() {
        // Miri takes a few of them.
        let step = if cfg!(miri) { 13 } else { 1 };
        let bytes: [u8; 80] = core::array::from_fn(|at| u8::try_from(at).unwrap());
        let last = bytes.len();
        let ranges = (0..=last).flat_map(|start| (start..=last).map(move |end| (start, end)));
        for (start, end) in ranges.step_by(step) {
            for to in (0..=last - (end - start)).step_by(step) {
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
