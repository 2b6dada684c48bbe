//! Slots found by their keys: as many chains as slots, linked through the slots.

use core::iter;

use super::key::Key;
use super::slot::{NONE, Slot, at, at_mut};

/// The chain of a hash. The high bits choose, by a multiplication, so that the count need be no power of two.
fn chain_of<T>(slots: &[Slot<T>], hash: u32) -> u32 {
    let count = u64::try_from(slots.len()).unwrap_or(u64::MAX);
    // Below the count, which is a u32.
    let chain = u64::from(hash).wrapping_mul(count) >> 32;
    u32::try_from(chain).unwrap_or(NONE)
}

/// The slots of a hash's chain.
fn chain<T>(slots: &[Slot<T>], hash: u32) -> impl Iterator<Item = (u32, &Slot<T>)> {
    let first = at(slots, chain_of(slots, hash)).map_or(NONE, |slot| slot.chain);
    let numbered = |number| at(slots, number).map(|slot| (number, slot));
    iter::successors(numbered(first), move |(_, slot)| numbered(slot.chained))
}

/// The number of the slot that holds a key.
pub(super) fn find<T>(slots: &[Slot<T>], key: &Key, hash: u32) -> Option<u32> {
    let mut chain = chain(slots, hash);
    Some(chain.find(|(_, slot)| slot.hash == hash && slot.key == *key)?.0)
}

/// Adds a slot that has its key and its hash, and is in no chain.
pub(super) fn insert<T>(slots: &mut [Slot<T>], number: u32) {
    let Some(hash) = at(slots, number).map(|slot| slot.hash) else { return };
    let chain = chain_of(slots, hash);
    let Some(head) = at_mut(slots, chain) else { return };
    let next = core::mem::replace(&mut head.chain, number);
    if let Some(slot) = at_mut(slots, number) {
        slot.chained = next;
    }
}

/// Takes a slot out of its chain.
pub(super) fn remove<T>(slots: &mut [Slot<T>], number: u32) {
    let Some((hash, next)) = at(slots, number).map(|slot| (slot.hash, slot.chained)) else {
        return;
    };
    let before = chain(slots, hash).find(|(_, slot)| slot.chained == number);
    match before.map(|(before, _)| before) {
        Some(before) => {
            if let Some(slot) = at_mut(slots, before) {
                slot.chained = next;
            }
        }
        None => {
            let chain = chain_of(slots, hash);
            if let Some(head) = at_mut(slots, chain) {
                head.chain = next;
            }
        }
    }
}

/// How many slots are looked at until a key is found.
#[cfg(test)]
pub(super) fn probes<T>(slots: &[Slot<T>], key: &Key, hash: u32) -> Option<usize> {
    Some(chain(slots, hash).position(|(_, slot)| slot.key == *key)?.saturating_add(1))
}

#[cfg(test)]
mod tests {
    extern crate alloc;
    use alloc::format;
    use alloc::vec;
    use alloc::vec::Vec;

    use super::*;

    /// The default keys of so many requests: trace numbers from 1 on, at three terminals.
    fn keys(count: u32, text: bool) -> Vec<Key> {
        let terminals = ["TERM0001", "TERM0002", "TERM0003"];
        let key = |number: u32| {
            let mut key = Key::of_exchange(*b"020");
            let stan = format!("{number:06}");
            let packed: Vec<u8> =
                stan.as_bytes().chunks(2).map(|two| (two[0] << 4) | (two[1] & 0x0F)).collect();
            let stan = if text { stan.as_bytes() } else { &packed };
            let terminal = terminals[number as usize % 3].as_bytes();
            assert!(key.push_value(stan).is_ok() && key.push_value(terminal).is_ok());
            key
        };
        (1..=count).map(key).collect()
    }

    /// The most slots that are looked at to find a key, and how many for all keys together.
    fn longest_and_all(keys: &[Key], seed: u64) -> (usize, usize) {
        let mut slots = vec![Slot::<()>::EMPTY; keys.len()];
        for (number, key) in (0..).zip(keys) {
            let hash = key.hash(seed);
            assert!(find(&slots, key, hash).is_none());
            (slots[number as usize].key, slots[number as usize].hash) = (*key, hash);
            insert(&mut slots, number);
        }
        let probes: Vec<usize> =
            keys.iter().map(|key| probes(&slots, key, key.hash(seed)).unwrap()).collect();
        (*probes.iter().max().unwrap(), probes.iter().sum())
    }

    /// As many keys as chains, spread at random, take 1.5 probes on average; the longest chain has 6 to 8 slots, seldom more.
    #[test]
    fn ten_thousand_requests_are_found_in_fewer_than_two_probes_on_average_and_ten_at_most() {
        for text in [false, true] {
            // Miri takes a few of them.
            let keys = keys(if cfg!(miri) { 100 } else { 10_000 }, text);
            for seed in [0, 1, 0x1505_8583, u64::MAX] {
                let (longest, all) = longest_and_all(&keys, seed);
                assert!(longest <= 10 && all < 2 * keys.len(), "{seed}: {longest}, {all}");
            }
        }
    }

    #[test]
    fn a_key_is_found_until_its_slot_is_taken_out_whatever_shares_its_chain() {
        let keys = keys(40, true);
        for count in [1, 2, 3, 40] {
            let mut slots = vec![Slot::<()>::EMPTY; 40];
            for (slot, key) in slots.iter_mut().zip(&keys) {
                // As many chains as hashes differ.
                (slot.key, slot.hash) = (*key, (key.hash(5) % count) << 26);
            }
            (0..40).for_each(|number| insert(&mut slots, number));
            let found = |slots: &[Slot<()>]| -> Vec<u32> {
                let all = slots.iter().zip(&keys);
                all.filter_map(|(slot, key)| find(slots, key, slot.hash)).collect()
            };
            let mut left: Vec<u32> = (0..40).collect();
            // From both ends and the middle.
            for step in (0..40).rev() {
                assert_eq!(found(&slots), left);
                let taken = left.remove([0, step / 2, step][step % 3]);
                remove(&mut slots, taken);
            }
            assert!(found(&slots).is_empty());
        }
    }
}
