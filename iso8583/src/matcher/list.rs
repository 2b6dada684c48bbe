//! Slots in an order of their own, linked through the slots.

use super::slot::{NONE, Slot, at, at_mut};

/// A list of slots: each operation takes the same time for any length.
#[derive(Clone, Copy, Debug)]
pub(super) struct List {
    first: u32,
    last: u32,
    len: u32,
}

impl List {
    pub(super) const EMPTY: Self = Self { first: NONE, last: NONE, len: 0 };

    pub(super) const fn len(&self) -> u32 {
        self.len
    }

    /// The number of the first slot, if there is one.
    pub(super) const fn first(&self) -> Option<u32> {
        if self.first == NONE { None } else { Some(self.first) }
    }

    /// Adds a slot that is in no list.
    pub(super) fn push_last<T>(&mut self, slots: &mut [Slot<T>], number: u32) {
        self.link(slots, self.last, number, NONE);
    }

    /// Adds a slot that is in no list, before all others.
    pub(super) fn push_first<T>(&mut self, slots: &mut [Slot<T>], number: u32) {
        self.link(slots, NONE, number, self.first);
    }

    fn link<T>(&mut self, slots: &mut [Slot<T>], before: u32, number: u32, after: u32) {
        let Some(slot) = at_mut(slots, number) else { return };
        (slot.before, slot.after) = (before, after);
        self.join(slots, before, number);
        self.join(slots, number, after);
        self.len = self.len.saturating_add(1);
    }

    /// Takes a slot of this list out of it.
    pub(super) fn remove<T>(&mut self, slots: &mut [Slot<T>], number: u32) {
        let Some(slot) = at(slots, number) else { return };
        self.join(slots, slot.before, slot.after);
        self.len = self.len.saturating_sub(1);
    }

    /// Makes two slots neighbours; where one is none, the other is an end.
    fn join<T>(&mut self, slots: &mut [Slot<T>], before: u32, after: u32) {
        match at_mut(slots, before) {
            Some(slot) => slot.after = after,
            None => self.first = after,
        }
        match at_mut(slots, after) {
            Some(slot) => slot.before = before,
            None => self.last = before,
        }
    }
}

#[cfg(test)]
mod tests {
    extern crate alloc;
    use alloc::vec::Vec;

    use super::*;

    fn numbers(list: &List, slots: &[Slot<()>]) -> Vec<u32> {
        let forth: Vec<u32> =
            core::iter::successors(list.first(), |number| at(slots, *number).map(|s| s.after))
                .take_while(|number| *number != NONE)
                .collect();
        let back = core::iter::successors(Some(list.last), |number| {
            at(slots, *number).map(|slot| slot.before)
        });
        let mut back: Vec<u32> = back.take_while(|number| *number != NONE).collect();
        back.reverse();
        assert_eq!((&forth, forth.len()), (&back, list.len() as usize));
        forth
    }

    #[test]
    fn slots_stay_in_order_wherever_one_is_taken_out() {
        for taken in 0..4 {
            let mut slots = [Slot::<()>::EMPTY; 4];
            let mut list = List::EMPTY;
            assert_eq!(list.first(), None);
            for number in [1, 2, 3] {
                list.push_last(&mut slots, number);
            }
            list.push_first(&mut slots, 0);
            assert_eq!(numbers(&list, &slots), [0, 1, 2, 3]);
            list.remove(&mut slots, taken);
            let left: Vec<u32> = (0..4).filter(|number| *number != taken).collect();
            assert_eq!(numbers(&list, &slots), left);
            list.push_last(&mut slots, taken);
            assert_eq!(numbers(&list, &slots).last(), Some(&taken));
            for number in 0..4 {
                list.remove(&mut slots, number);
            }
            assert!(numbers(&list, &slots).is_empty());
        }
    }
}
