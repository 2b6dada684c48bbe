//! The bitmaps of a message that is being written: room for them, and what they say.

use super::Encoder;
use super::place::{Room, Third};
use super::shift::shift;
use crate::Bitmaps;
use crate::head::{self, FIRST};
use crate::wire::MAX_LEN;

impl<'b> Encoder<'_, 'b> {
    /// By how much fields have to move for bitmaps before all of them, and for a third one among them.
    pub(super) fn bitmaps_for(&self, number: u16) -> (usize, usize) {
        let width = self.spec.bitmap_encoding().width();
        let among_fields = matches!(self.spec.bitmaps(), Bitmaps::UpToThreeInField65);
        let needed = if number > 128 && !among_fields { 3 } else { 2 };
        let missing = usize::from(u8::saturating_sub(needed, self.bitmaps));
        let third = among_fields && self.third.is_due(number);
        (width.saturating_mul(missing), if third { width } else { 0 })
    }

    /// Moves what stands behind the bitmaps to make room for more of them.
    pub(super) fn make_room(&mut self, room: &Room) {
        let (encoding, start) = (self.spec.bitmap_encoding(), self.bitmap_at());
        let width = encoding.width();
        let above_64 = if self.last > 64 { self.above_64 } else { self.end };
        let fields = start.saturating_add(width.saturating_mul(self.bitmaps.into()));
        // Back to front: the fields above 64, then all others.
        let both = room.shift.saturating_add(room.third);
        shift(self.buffer, above_64..self.end, above_64.saturating_add(both));
        shift(self.buffer, fields..above_64, fields.saturating_add(room.shift));
        if room.shift > 0 {
            let slot = self.buffer.get_mut(fields..fields.saturating_add(room.shift));
            head::clear(encoding, slot.unwrap_or_default());
            self.bitmaps = self.bitmaps.saturating_add(if room.shift > width { 2 } else { 1 });
        }
        self.above_64 = above_64.saturating_add(both);
        if room.third > 0 {
            let third_at = above_64.saturating_add(room.shift);
            let slot = self.buffer.get_mut(third_at..third_at.saturating_add(room.third));
            self.third.lay(encoding, slot.unwrap_or_default());
            self.room = self.buffer.len().min(MAX_LEN);
        }
    }

    /// Writes the bitmaps; gives the buffer and where the message ends.
    pub(super) fn seal(mut self) -> (&'b mut [u8], usize) {
        if self.third.still_needs(0) > 0 {
            // It was in the message that this one began as, and stays though no field needs it.
            let third = self.spec.bitmap_encoding().width();
            self.make_room(&Room { at: 0, end: 0, shift: 0, third });
            self.end = self.end.saturating_add(third);
        }
        let (encoding, bitmaps) = (self.spec.bitmap_encoding(), self.spec.bitmaps());
        let at = self.bitmap_at();
        let width = encoding.width();
        let third_at = match self.third {
            Third::Laid => self.above_64.saturating_sub(width),
            _ => at.saturating_add(width.saturating_mul(2)),
        };
        let [mut primary, mut secondary, tertiary] = self.carried.words();
        let (count, third_is_laid) = (self.bitmaps, matches!(self.third, Third::Laid));
        let buffer = self.buffer;
        // A bitmap that is always there is announced by nothing; a bit that was set without need stays.
        let is_set = |buffer: &[u8], at: usize| {
            buffer.get(at..).is_some_and(|map| head::is_set(encoding, map, 1))
        };
        let is_fixed = bitmaps.least() > 1;
        let announced = |is_there: bool, at: usize| {
            if is_fixed { is_set(buffer, at) } else { is_there }
        };
        if bitmaps.announces_with(1) && announced(count > 1, at) {
            primary |= FIRST;
        }
        if bitmaps.announces_with(65)
            && announced(count > 2 || third_is_laid, at.saturating_add(width))
        {
            secondary |= FIRST;
        }
        let second_at = at.saturating_add(width);
        for (bits, at, is_there) in [
            (primary, at, true),
            (secondary, second_at, count > 1),
            (tertiary, third_at, count > 2 || third_is_laid),
        ] {
            if is_there {
                head::write_bitmap(encoding, bits, buffer.get_mut(at..).unwrap_or_default());
            }
        }
        (buffer, self.end)
    }

    fn bitmap_at(&self) -> usize {
        self.spec.mti_encoding().width()
    }
}
