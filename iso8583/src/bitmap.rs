//! The set of data elements that a message carries.

use core::fmt;

/// A set of data element numbers, 1 to 192.
///
/// Where bit 1 or 65 stands for a bitmap and not for a data element, it is not a member.
///
/// # Examples
/// ```
/// use iso8583_wire::Bitmap;
///
/// let carried: Bitmap = [2, 3, 4, 90].into_iter().collect();
/// assert!(carried.contains(90));
/// assert_eq!(carried.iter().last(), Some(90));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Default, Hash)]
pub struct Bitmap([u64; 3]);

impl Bitmap {
    /// The empty set.
    pub const EMPTY: Self = Self([0; 3]);

    /// The set of some data elements, for a constant; numbers outside of 1 to 192 are left out.
    #[must_use]
    pub const fn of(numbers: &[u16]) -> Self {
        let mut words = [0; 3];
        let mut rest = numbers;
        while let [number, others @ ..] = rest {
            let (word, mask) = place(*number);
            if let Some((_, [bits, ..])) = words.split_at_mut_checked(word) {
                *bits |= mask;
            }
            rest = others;
        }
        Self(words)
    }

    pub(crate) const fn from_words(words: [u64; 3]) -> Self {
        Self(words)
    }

    /// The bitmaps as the wire has them, the primary first; bit 1 is the highest bit.
    pub(crate) const fn words(&self) -> [u64; 3] {
        self.0
    }

    /// Whether the data element is in the set.
    #[inline]
    #[must_use]
    pub fn contains(&self, number: u16) -> bool {
        let (word, mask) = place(number);
        self.0.get(word).is_some_and(|bits| bits & mask != 0)
    }

    /// Adds a data element; numbers outside of 1 to 192 are left out.
    #[inline]
    pub fn insert(&mut self, number: u16) {
        let (word, mask) = place(number);
        if let Some(bits) = self.0.get_mut(word) {
            *bits |= mask;
        }
    }

    /// Takes a data element out.
    pub fn remove(&mut self, number: u16) {
        let (word, mask) = place(number);
        if let Some(bits) = self.0.get_mut(word) {
            *bits &= !mask;
        }
    }

    /// The highest data element in the set.
    #[inline]
    #[must_use]
    pub const fn last(&self) -> Option<u16> {
        let [first, second, third] = self.0;
        let (bits, above) = match (first, second, third) {
            (0, 0, 0) => return None,
            (first, 0, 0) => (first, 64_u16),
            (_, second, 0) => (second, 128),
            (_, _, third) => (third, 192),
        };
        #[allow(clippy::cast_possible_truncation, reason = "below 64")]
        Some(above.wrapping_sub(bits.trailing_zeros() as u16))
    }

    /// The data elements that are in both sets.
    #[must_use]
    pub const fn and(&self, other: Self) -> Self {
        let ([a, b, c], [d, e, f]) = (self.0, other.0);
        Self([a & d, b & e, c & f])
    }

    /// The data elements before this one.
    pub(crate) fn below(&self, number: u16) -> Self {
        let mut kept = *self;
        for later in number..=192 {
            kept.remove(later);
        }
        kept
    }

    /// The numbers after this one in ascending order.
    pub(crate) fn after(&self, number: u16) -> Numbers {
        let mut later = *self;
        for earlier in 1..=number {
            later.remove(earlier);
        }
        later.iter()
    }

    /// How many data elements are in the set.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.iter().fold(0, |sum, bits| sum.saturating_add(ones(*bits)))
    }

    /// Whether no data element is in the set.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0 == [0; 3]
    }

    /// How many data elements are in the set before this one.
    #[inline]
    pub(crate) fn rank(&self, number: u16) -> usize {
        let (word, mask) = place(number);
        let mut rank = 0_usize;
        for (index, bits) in self.0.iter().enumerate() {
            if index < word {
                rank = rank.saturating_add(ones(*bits));
            } else if index == word {
                // The higher bits stand for the lower numbers.
                rank = rank.saturating_add(ones(bits & !(mask | mask.wrapping_sub(1))));
            }
        }
        rank
    }

    /// The numbers in ascending order.
    #[inline]
    #[must_use]
    pub fn iter(&self) -> Numbers {
        let [bits, later @ ..] = self.0;
        Numbers { bits, later, below: 0 }
    }
}

#[inline]
fn ones(bits: u64) -> usize {
    // At most 64.
    usize::try_from(bits.count_ones()).unwrap_or(64)
}

/// The word of a number and its bit in it; number 0 has none.
#[inline]
const fn place(number: u16) -> (usize, u64) {
    let index = number.wrapping_sub(1);
    ((index >> 6) as usize, 1 << 63 >> (index & 63))
}

impl FromIterator<u16> for Bitmap {
    fn from_iter<I: IntoIterator<Item = u16>>(numbers: I) -> Self {
        let mut bitmap = Self::EMPTY;
        for number in numbers {
            bitmap.insert(number);
        }
        bitmap
    }
}

impl IntoIterator for Bitmap {
    type Item = u16;
    type IntoIter = Numbers;

    fn into_iter(self) -> Numbers {
        self.iter()
    }
}

impl fmt::Debug for Bitmap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

/// The numbers of a [`Bitmap`] in ascending order.
#[derive(Clone, Debug)]
pub struct Numbers {
    /// What is left of one word, of which `below` numbers stand before the first bit.
    bits: u64,
    later: [u64; 2],
    below: u16,
}

impl Iterator for Numbers {
    type Item = u16;

    #[inline]
    fn next(&mut self) -> Option<u16> {
        while self.bits == 0 {
            if self.below >= 128 {
                return None;
            }
            let [next, last] = self.later;
            self.bits = next;
            self.later = [last, 0];
            self.below = self.below.wrapping_add(64);
        }
        let index = self.bits.leading_zeros();
        self.bits &= !(1 << 63 >> index);
        let place = u16::try_from(index).unwrap_or(63);
        Some(self.below.wrapping_add(place).wrapping_add(1))
    }
}

#[cfg(test)]
mod tests {
    extern crate alloc;
    use alloc::vec::Vec;

    use super::*;

    #[test]
    fn numbers_come_back_in_order_with_their_rank() {
        let numbers = [2, 3, 63, 64, 65, 66, 128, 129, 192];
        let bitmap: Bitmap = numbers.into_iter().rev().collect();
        assert_eq!(bitmap.iter().collect::<Vec<_>>(), numbers);
        assert_eq!(bitmap.len(), numbers.len());
        for (rank, number) in numbers.into_iter().enumerate() {
            assert!(bitmap.contains(number));
            assert_eq!(bitmap.rank(number), rank, "{number}");
        }
        assert_eq!(bitmap.rank(100), 6);
        assert!(bitmap.below(65).iter().eq([2, 3, 63, 64]));
        assert!(bitmap.after(65).eq([66, 128, 129, 192]));
    }

    #[test]
    fn the_last_number() {
        assert_eq!(Bitmap::EMPTY.last(), None);
        for number in 1..=192 {
            let bitmap: Bitmap = [1, number].into_iter().collect();
            assert_eq!(bitmap.last(), Some(number));
        }
    }

    #[test]
    fn what_is_no_data_element_stays_out() {
        let bitmap: Bitmap = [0, 193, 65_535].into_iter().collect();
        assert!(bitmap.is_empty());
        assert!(![0, 193, 65_535].into_iter().any(|number| bitmap.contains(number)));
    }

    #[test]
    fn the_highest_bit_is_number_one() {
        let bitmap: Bitmap = [2, 64, 128].into_iter().collect();
        assert_eq!(bitmap.words(), [0x4000_0000_0000_0001, 1, 0]);
    }
}
