//! What was worked out, made: every byte moves at most once.

use super::{Cut, Plan, Template};
use crate::{
    Padding,
    level::{Level, to_usize},
};
use core::cell::Cell;

impl Plan<'_> {
    /// What gives way, from the front.
    fn cuts(&self) -> impl DoubleEndedIterator<Item = Cut> {
        let templates = self.templates.get(self.unchanged..self.depth).unwrap_or_default();
        templates.iter().map(Template::cut).chain([self.innermost])
    }

    /// Makes the edit in a buffer that begins with the data and has room for what they become.
    ///
    /// Each byte moves once. What moves to the front moves first, so that nothing is written over before it has moved.
    pub(crate) fn apply(&self, buffer: &mut [u8]) {
        if self.padding == Padding::Lenient {
            self.settle_padding(buffer);
        }
        let bytes = Cell::from_mut(&mut *buffer).as_slice_of_cells();
        let last = Cut::out(self.old_len, self.old_len);
        let (mut from, mut to) = (0, 0usize);
        for cut in self.cuts().chain([last]) {
            let len = cut.start.saturating_sub(from);
            if to < from {
                shift(bytes, from, to, len);
            }
            from = cut.end;
            to = to.saturating_add(len).saturating_add(cut.added);
        }
        let (mut from_end, mut to_end) = (self.old_len, self.new_len);
        for cut in self.cuts().rev() {
            let len = from_end.saturating_sub(cut.end);
            let to = to_end.saturating_sub(len);
            if to > cut.end {
                shift(bytes, cut.end, to, len);
            }
            from_end = cut.start;
            to_end = to.saturating_sub(cut.added);
        }
        let (mut from, mut to) = (0, 0usize);
        for cut in self.cuts() {
            let at = to.saturating_add(cut.start.saturating_sub(from));
            let value_at = put(buffer, at, cut.header.written());
            from = cut.end;
            to = at.saturating_add(cut.added);
            if to > value_at {
                put(buffer, value_at, self.value);
            }
        }
        // No card data stay behind.
        buffer.get_mut(self.new_len..self.old_len).unwrap_or_default().fill(0);
    }

    /// Turns the FF that pad before the place, on the levels that lead to it, into 00.
    ///
    /// With what comes to stand behind them they might begin a tag.
    fn settle_padding(&self, buffer: &mut [u8]) {
        let (mut start, mut level_end) = (0, self.old_len);
        for template in self.templates.iter().take(self.depth) {
            zero_padding(buffer, start, level_end, to_usize(template.start));
            (start, level_end) = (to_usize(template.value_at), to_usize(template.end));
        }
        zero_padding(buffer, start, level_end, self.at);
    }
}

/// Turns what pads a level that starts and ends at these places into 00, up to a third.
fn zero_padding(buffer: &mut [u8], start: usize, end: usize, until: usize) {
    let mut at = start;
    while at < until {
        let rest = buffer.get(at..end).unwrap_or_default();
        // The level was read before, so there is no error.
        let next = Level::new(rest, Padding::Lenient).next_object();
        let (padded, taken) = next.map_or((rest.len(), rest.len()), |object| {
            let padded = to_usize(object.offset());
            (padded, padded.saturating_add(object.encoded().len()))
        });
        let padding_end = at.saturating_add(padded);
        buffer.get_mut(at..padding_end).unwrap_or_default().fill(0);
        at = at.saturating_add(taken.max(1));
    }
}

/// Moves bytes from one place to another, which may overlap; by hand, as `copy_within` would link a panic.
fn shift(bytes: &[Cell<u8>], from: usize, to: usize, len: usize) {
    let part = |start: usize| bytes.get(start..start.saturating_add(len)).unwrap_or_default();
    let pairs = part(to).iter().zip(part(from));
    if to < from {
        pairs.for_each(|(to, from)| to.set(from.get()));
    } else {
        pairs.rev().for_each(|(to, from)| to.set(from.get()));
    }
}

/// Writes bytes at a place, and says where they end.
fn put(buffer: &mut [u8], at: usize, bytes: &[u8]) -> usize {
    let room = buffer.get_mut(at..).and_then(|rest| rest.get_mut(..bytes.len()));
    if let Some(room) = room {
        // By hand: `copy_from_slice` links a panic at opt-level z.
        room.iter_mut().zip(bytes).for_each(|(to, from)| *to = *from);
    }
    at.saturating_add(bytes.len())
}
