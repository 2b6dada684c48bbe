//! What an edit leaves as it stands.

use std::collections::BTreeSet;

use iso8583_wire::{BitmapEncoding, Layout, Length};

use super::Effect;
use crate::iso8583::twin::{Item, MadeOf, Twin, bits, dataset_maps};

/// A message, or what holds parts, with the bytes that it lies in.
pub(super) struct Side<'t, 'w, T: ?Sized> {
    pub(super) wire: &'w [u8],
    pub(super) of: &'t T,
}

// Derived, they would ask the same of `T`.
impl<T: ?Sized> Copy for Side<'_, '_, T> {}
impl<T: ?Sized> Clone for Side<'_, '_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<'w, T: ?Sized> Side<'_, 'w, T> {
    const fn with<U: ?Sized>(self, of: &U) -> Side<'_, 'w, U> {
        Side { wire: self.wire, of }
    }
}

/// Asserts that a message is another one with one element changed, and gives that element if it is there; `first` is what
/// was read before any edit.
pub(super) fn assert_kept<'t, 's>(
    old: Side<'_, '_, Twin<'s>>,
    new: Side<'t, '_, Twin<'s>>,
    first: &Twin<'s>,
    path: &[u16],
    effect: Effect,
) -> Option<&'t Item<'s>> {
    let maps = |twin: &Twin<'_>| twin.bitmaps.clone().unwrap();
    let (old_maps, new_maps) = (maps(old.of), maps(new.of));
    assert_eq!(old.wire[..old_maps.start], new.wire[..new_maps.start], "the message type");
    // Bitmaps that were read stay.
    assert!(new_maps.len() >= maps(first).len());
    assert!(new.of.third.is_some() || first.third.is_none());
    let mut may_change = vec![path[0]];
    if old_maps.len() != new_maps.len() {
        may_change.extend([1, 65]);
    }
    if old.of.third.is_some() != new.of.third.is_some() {
        may_change.push(65);
    }
    let encoding = first.bitmap_encoding;
    assert_bitmap(encoding, &old.wire[old_maps], &new.wire[new_maps], &may_change);
    if let (Some(old_third), Some(new_third)) = (&old.of.third, &new.of.third) {
        let may_change: Vec<u16> = path[0].checked_sub(128).into_iter().collect();
        let (old, new) = (&old.wire[old_third.clone()], &new.wire[new_third.clone()]);
        assert_bitmap(encoding, old, new, &may_change);
    }
    assert_level(old.with(&old.of.fields[..]), new.with(&new.of.fields[..]), None, path, effect)
}

/// Asserts that of a bitmap no bit has changed but these, counted from 1, and no byte whose bits have not.
fn assert_bitmap(encoding: BitmapEncoding, old: &[u8], new: &[u8], may_change: &[u16]) {
    let mut number = 0;
    for (old, new) in old.iter().zip(new) {
        let (old_bits, new_bits) = (bits_of(encoding, *old), bits_of(encoding, *new));
        assert!(old == new || old_bits != new_bits, "another form of the same bits");
        for (old, new) in old_bits.iter().zip(&new_bits) {
            number += 1;
            assert!(old == new || may_change.contains(&number), "bit {number}");
        }
    }
}

fn bits_of(encoding: BitmapEncoding, byte: u8) -> Vec<bool> {
    bits(encoding, &[byte]).unwrap()
}

/// Asserts that of elements side by side all but one have the bytes that they had, and gives that one if it is there.
fn assert_level<'t, 's>(
    old_side: Side<'_, '_, [Item<'s>]>,
    new_side: Side<'t, '_, [Item<'s>]>,
    layout: Option<Layout>,
    path: &[u16],
    effect: Effect,
) -> Option<&'t Item<'s>> {
    let (old, new) = (old_side.of, new_side.of);
    let (number, deeper) = (path[0], &path[1..]);
    let is_last = deeper.is_empty();
    let removed = is_last && effect == Effect::Remove;
    let has_tags = matches!(layout, Some(Layout::Tagged { .. }));
    let place = old.iter().position(|item| item.number == number);
    let place = place.filter(|_| !(is_last && effect == Effect::Push));
    // The places of the element in both, if it is there.
    let (before, after) = match place {
        Some(place) if removed || new.len() < old.len() => (Some(place), None),
        Some(place) => (Some(place), Some(place)),
        None if new.len() == old.len() => (None, None),
        None if has_tags => (None, Some(new.len() - 1)),
        None => (None, new.iter().position(|item| item.number == number)),
    };
    assert_eq!(others(old_side, before), others(new_side, after));
    let Some(after) = after else {
        // An element without a length of its own, and without a byte, is not there.
        let is_nowhere = before.is_none_or(|before| {
            before + 1 == old.len() && matches!(old[before].definition.length(), Length::UpTo(_))
        });
        assert!(removed || (is_nowhere && layout == Some(Layout::Positional)));
        return None;
    };
    let item = &new[after];
    assert_eq!(item.number, number);
    if !has_tags {
        let numbers: Vec<u16> = new.iter().map(|item| item.number).collect();
        // The BER-TLV of a dataset comes last.
        assert!(numbers.is_sorted_by(|a, b| a < b || (*b == 0 && *a > 0)), "{numbers:?}");
    }
    if is_last {
        return Some(item);
    }
    let new_made_of = item.made_of.as_ref().unwrap();
    let new_side = new_side.with(new_made_of);
    match before {
        Some(before) => {
            let old = &old[before];
            assert_head(old_side.with(old), Side { wire: new_side.wire, of: item });
            let old_made_of = old.made_of.as_ref().unwrap();
            assert_made_of(old_side.with(old_made_of), new_side, deeper, effect)
        }
        None => {
            let layout = new_made_of.layout;
            let empty = MadeOf { layout, header: 0..0, bitmap: 0..0, parts: Vec::new() };
            assert_made_of(Side { wire: &[], of: &empty }, new_side, deeper, effect)
        }
    }
}

/// The bytes of all elements but one.
fn others(side: Side<'_, '_, [Item<'_>]>, place: Option<usize>) -> Vec<(u16, Vec<u8>)> {
    let all = side.of.iter().enumerate().filter(|(index, _)| Some(*index) != place);
    all.map(|(_, item)| (item.number, side.wire[item.at..item.end].to_vec())).collect()
}

/// Asserts that tag and length are what they were, or the tag alone where the length is another one.
fn assert_head(old_side: Side<'_, '_, Item<'_>>, new_side: Side<'_, '_, Item<'_>>) {
    let (old, new) = (old_side.of, new_side.of);
    assert_eq!(old.label, new.label);
    if old.end - old.data_at == new.end - new.data_at {
        let head = &old_side.wire[old.at..old.data_at];
        assert_eq!(head, &new_side.wire[new.at..new.data_at]);
    }
}

fn assert_made_of<'t, 's>(
    old_side: Side<'_, '_, MadeOf<'s>>,
    new_side: Side<'t, '_, MadeOf<'s>>,
    path: &[u16],
    effect: Effect,
) -> Option<&'t Item<'s>> {
    let (old, new) = (old_side.of, new_side.of);
    let old_header = &old_side.wire[old.header.clone()];
    let new_header = &new_side.wire[new.header.clone()];
    let old_map = &old_side.wire[old.bitmap.clone()];
    let new_map = &new_side.wire[new.bitmap.clone()];
    if old_map.is_empty() {
        assert!(new_header.iter().all(|byte| *byte == 0));
    } else {
        assert_eq!(old_header, new_header);
        match old.layout {
            Layout::Bitmapped { encoding, .. } => {
                assert_eq!(old_map.len(), new_map.len());
                assert_bitmap(encoding, old_map, new_map, &path[..1]);
            }
            Layout::Dataset => {
                assert!(old_map.len() <= new_map.len());
                let others = |map| &announced(map) - &BTreeSet::from([path[0]]);
                assert_eq!(others(old_map), others(new_map));
            }
            _ => {}
        }
    }
    let (old_parts, new_parts) = (old_side.with(&old.parts[..]), new_side.with(&new.parts[..]));
    assert_level(old_parts, new_parts, Some(new.layout), path, effect)
}

/// The parts that a dataset's bitmap announces, 0 being BER-TLV.
fn announced(map: &[u8]) -> BTreeSet<u16> {
    let maps = dataset_maps(map).unwrap();
    let mut bits: Vec<bool> = maps.into_iter().flat_map(|map| map.into_iter().skip(1)).collect();
    let has_tlv = bits.pop().unwrap();
    let numbers = (1..).zip(bits).filter(|(_, is_set)| *is_set).map(|(number, _)| number);
    numbers.chain(has_tlv.then_some(0)).collect()
}
