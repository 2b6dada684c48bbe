//! Room for one request.

use core::fmt;
use core::time::Duration;

use super::key::Key;

/// Stands where no slot follows.
pub(super) const NONE: u32 = u32::MAX;

/// Room for one request, lent to a [`Matcher`](super::Matcher) by the caller, with the caller's token of type `T`.
///
/// 112 bytes for a token of up to 4 bytes, 120 for one of 8, on a 64-bit machine.
///
/// # Security
/// Holds the values of the key fields, in the clear, until it is used for another request. Choose key fields that are no
/// card data; where one is, wipe the slots after the matcher. `Debug` shows no value.
#[derive(Clone, Copy)]
pub struct Slot<T> {
    pub(super) token: Option<T>,
    /// When the request was last sent.
    pub(super) sent: Duration,
    pub(super) key: Key,
    pub(super) hash: u32,
    pub(super) state: State,
    /// The first slot of the chain that has this slot's number.
    pub(super) chain: u32,
    /// The next slot of the chain that this slot is in.
    pub(super) chained: u32,
    /// Neighbours in the list that this slot is in.
    pub(super) before: u32,
    pub(super) after: u32,
}

/// What became of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// There is none: the slot is in no chain.
    Empty,
    /// Sent, and not answered.
    Waiting,
    /// Answered after its time, and not yet reported as expired.
    Overdue,
    /// Reported as expired, and not answered.
    GivenUp,
    /// Answered, and nothing more to be reported of it.
    Answered,
}

impl State {
    /// Whether the request is in the list of those that wait, and not in that of slots to use.
    pub(super) const fn is_waiting(self) -> bool {
        matches!(self, Self::Waiting | Self::Overdue)
    }
}

impl<T> Slot<T> {
    /// A slot without a request: `[Slot::EMPTY; 16]`.
    pub const EMPTY: Self = Self {
        token: None,
        sent: Duration::ZERO,
        key: Key::EMPTY,
        hash: 0,
        state: State::Empty,
        chain: NONE,
        chained: NONE,
        before: NONE,
        after: NONE,
    };
}

impl<T> Default for Slot<T> {
    fn default() -> Self {
        Self::EMPTY
    }
}

/// Shows what became of the request, and nothing of it.
impl<T> fmt::Debug for Slot<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Slot({:?})", self.state)
    }
}

/// The slot of a number, unless that is [`NONE`].
#[inline]
pub(super) fn at<T>(slots: &[Slot<T>], number: u32) -> Option<&Slot<T>> {
    slots.get(number as usize)
}

#[inline]
pub(super) fn at_mut<T>(slots: &mut [Slot<T>], number: u32) -> Option<&mut Slot<T>> {
    slots.get_mut(number as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(target_pointer_width = "64")]
    fn a_slot_is_as_large_as_documented() {
        assert_eq!(size_of::<Slot<u32>>(), 112);
        assert_eq!(size_of::<Slot<u64>>(), 120);
    }
}
