use super::Standard;
use crate::Error;
use crate::counter::allowed_left;
use zeroize::Zeroize;

/// The future keys, one for each bit of the counter, and the next counter.
///
/// Which registers hold a key follows from the counter: that of its lowest one bit, whose key is the counter's own, and
/// those of its zero bits above, each with the key of the first counter that has this bit and the ones above it. Together
/// they are the ancestors of every key to come and of none that was used. All others are zero.
pub(super) struct Registers<A: Standard<N>, const N: usize> {
    keys: A::Registers,
    /// 0 when no counter is left, or none was yet.
    next: u32,
}

impl<A: Standard<N>, const N: usize> Registers<A, N> {
    pub(super) const EMPTY: Self = Self { keys: A::WIPED, next: 0 };

    pub(super) fn next(&self) -> Option<u32> {
        (self.next != 0).then_some(self.next)
    }

    pub(super) fn keys_left(&self) -> u32 {
        match self.next.checked_sub(1) {
            Some(before) => allowed_left(before, A::COUNTER_MASK, A::MAX_ONE_BITS),
            None => 0,
        }
    }

    pub(super) fn keys(&self) -> &[[u8; N]] {
        self.keys.as_ref()
    }

    /// Whether each register is to hold a key before this counter, the lowest bit's first.
    pub(super) fn in_use(next: u32) -> impl Iterator<Item = bool> {
        // Two's complement: the lowest one bit stays, those below are 0, those above are inverted.
        let live = next.wrapping_neg() & A::COUNTER_MASK;
        (0..u32::BITS).map(move |bit| live & (1 << bit) != 0)
    }

    /// Derives every register from an initial key.
    pub(super) fn load(&mut self, id: [u8; 8], initial_key: &[u8; N]) {
        derive_children::<A, N>(&A::parent(initial_key), id, 0, self.keys.as_mut(), 0);
        self.next = 1;
    }

    /// Takes keys that belong to this counter, as a snapshot has them.
    pub(super) fn put<'a>(&mut self, next: u32, keys: impl Iterator<Item = &'a [u8; N]>) {
        self.keys.as_mut().iter_mut().zip(keys).for_each(|(to, from)| *to = *from);
        self.next = next;
    }

    /// Moves past a counter that is allowed and not below the next one, and takes its key.
    pub(super) fn take(
        &mut self,
        id: [u8; 8],
        counter: u32,
        key: &mut [u8; N],
    ) -> Result<(), Error> {
        // The register whose key is the counter's own or an ancestor of it.
        let differs = (self.next ^ counter).checked_ilog2().unwrap_or(0);
        let mut place = differs.max(self.next.trailing_zeros());
        let mut below = match self.keys.as_mut().get_mut(..=index(place)) {
            Some([below @ .., ancestor]) => {
                *key = *ancestor;
                // A plain store: what is read later cannot be optimised away, and it is wiped a second time in the end.
                *ancestor = [0; N];
                below
            }
            _ => return Err(Error::CounterExhausted),
        };
        if self.next != counter {
            // They lead to counters that are skipped.
            below.iter_mut().for_each(Zeroize::zeroize);
        }
        // Down to the counter, keeping what lies beside the way above it.
        let mut so_far = counter & !below_bit(place);
        while let Some(bit) = (counter & below_bit(place)).checked_ilog2() {
            let parent = A::parent(key);
            let Some((lower, [_, beside @ ..])) = below.split_at_mut_checked(index(bit)) else {
                return Err(Error::CounterExhausted);
            };
            derive_children::<A, N>(&parent, id, so_far, beside, bit.saturating_add(1));
            so_far |= 1 << bit;
            A::child(&parent, id, so_far, key);
            below = lower;
            place = bit;
        }
        let step = if !below.is_empty() && counter.count_ones() < A::MAX_ONE_BITS {
            derive_children::<A, N>(&A::parent(key), id, counter, below, 0);
            1
        } else {
            // Until this bit is carried away, there are no fewer one bits.
            counter & counter.wrapping_neg()
        };
        self.next = counter.checked_add(step).filter(|next| *next <= A::COUNTER_MASK).unwrap_or(0);
        if self.next == 0 {
            self.keys.zeroize();
        }
        Ok(())
    }

    /// The key of the counter that has every bit: no transaction's, but still an heir of the registers.
    ///
    /// Above the highest register that is in use, all bits of the next counter are one.
    pub(super) fn highest(&self, id: [u8; 8], key: &mut [u8; N]) -> Result<(), Error> {
        let live = self.next.wrapping_neg() & A::COUNTER_MASK;
        let top = live.checked_ilog2().ok_or(Error::CounterExhausted)?;
        *key = *self.keys().get(index(top)).ok_or(Error::CounterExhausted)?;
        let mut so_far = A::COUNTER_MASK & !below_bit(top);
        for bit in (0..top).rev() {
            so_far |= 1 << bit;
            A::child(&A::parent(key), id, so_far, key);
        }
        Ok(())
    }
}

/// Derives the key of `counter` with each one of the registers' bits set, the first of which is `first`.
#[inline]
fn derive_children<A: Standard<N>, const N: usize>(
    parent: &A::Parent,
    id: [u8; 8],
    counter: u32,
    registers: &mut [[u8; N]],
    first: u32,
) {
    for (register, bit) in registers.iter_mut().zip(first..u32::BITS) {
        A::child(parent, id, counter | 1 << bit, register);
    }
}

/// All bits below one.
const fn below_bit(bit: u32) -> u32 {
    (1_u32 << bit).wrapping_sub(1)
}

fn index(bit: u32) -> usize {
    usize::try_from(bit).unwrap_or(usize::MAX)
}

impl<A: Standard<N>, const N: usize> Drop for Registers<A, N> {
    fn drop(&mut self) {
        self.keys.zeroize();
    }
}
