//! Which request an answer belongs to.
//!
//! Sans-IO: no socket, no clock, no allocation. The caller lends a [`Slot`] for each request that may be
//! outstanding, says what was sent and received and what time it is, and is told of each answer whether it is the first, late,
//! a duplicate, or nobody's. Every call takes the same time for 10 requests and for 10,000.
//!
//! ```
//! use core::time::Duration;
//! use iso8583_wire::matcher::{Keys, Matcher, Slot, Verdict};
//! use iso8583_wire::{MessageRef, dialect::ISO87_ASCII};
//!
//! let mut slots = [Slot::EMPTY; 16];
//! let mut matcher = Matcher::new(&mut slots, Keys::DEFAULT, Duration::from_secs(30));
//!
//! let request = MessageRef::parse(&ISO87_ASCII, b"02000020000000800000000042TERM0001")?;
//! let answer = MessageRef::parse(&ISO87_ASCII, b"02100020000000800000000042TERM0001")?;
//! // The token is what the caller knows the request by: a connection, a transaction.
//! matcher.sent(&request, Duration::from_secs(100), "till 7")?;
//! assert_eq!(matcher.next_deadline(), Some(Duration::from_secs(130)));
//! match matcher.received(&answer, Duration::from_secs(102)) {
//!     Verdict::Answered { token, after } => assert_eq!((token, after.as_secs()), ("till 7", 2)),
//!     other => panic!("{other:?}"),
//! }
//! // When the next deadline has come:
//! while let Some(expired) = matcher.expired(Duration::from_secs(130)) {
//!     println!("no answer for {}", expired.token);
//! }
//! # Ok::<(), Box<dyn core::error::Error>>(())
//! ```

mod chains;
mod error;
mod key;
mod keys;
mod list;
mod slot;
mod verdict;

pub use error::{MatcherError, MatcherErrorKind};
pub use keys::Keys;
pub use slot::Slot;
pub use verdict::{Expired, Verdict};

use core::fmt;
use core::time::Duration;

use crate::MessageRef;
use key::Key;
use keys::Side;
use list::List;
use slot::{State, at_mut};

/// Finds the request that an answer belongs to, among those in the slots that the caller lends.
///
/// A request **waits** from [`Matcher::sent`] until it is answered in time or reported by [`Matcher::expired`].
/// Then it stays known, for what is said of a late answer or a second one, until its slot is needed: that of the request
/// which waits no longer since the longest time is used first. So lend more slots than requests wait at once.
///
/// A repeat of a request that waits is noted with [`Matcher::resent`]; one that was given up is sent again as if it were new,
/// and takes the other's place. Times are durations since any moment that the caller likes; one smaller than the
/// latest that was given is taken for the latest.
///
/// # Security
/// An answer is told by its key, and by nothing else. Verify its code before you ask whose it is. And where a key is used
/// again while the answer to its former use is still on its way, the late answer is the first one to the new request, and
/// nobody can tell: use key fields that do not come again within the time that an answer may take, such as 37, or 12 and 13
/// with 11, where the other side returns them as they are.
///
/// Keys are those of the caller's own requests, so their hash is fast and not cryptographic: an answer of a stranger looks up,
/// and adds nothing. Who chooses the key fields of many requests could make them slow to find, at worst as slow as to look at
/// each; a random number given to [`Matcher::with_seed`] makes that harder, not impossible.
pub struct Matcher<'a, T> {
    slots: &'a mut [Slot<T>],
    keys: Keys<'a>,
    timeout: Duration,
    seed: u64,
    /// The latest time that was given.
    now: Duration,
    /// Requests that wait, in the order in which their time is over.
    waiting: List,
    /// Slots to use, in that order: empty ones, then those of requests that wait no longer.
    spare: List,
}

impl<'a, T: Copy> Matcher<'a, T> {
    /// Lends slots, in which nothing is kept; a request's time is over `timeout` after it was sent.
    ///
    /// With no slot every request is refused. Of more than 4,294,967,295 slots the rest is not used.
    #[must_use]
    pub fn new(slots: &'a mut [Slot<T>], keys: Keys<'a>, timeout: Duration) -> Self {
        Self::with_seed(slots, keys, timeout, 0x1505_8583)
    }

    /// The same with a number of the caller's that takes part in the hash of keys; any will do, a random one is best.
    #[must_use]
    pub fn with_seed(
        slots: &'a mut [Slot<T>],
        keys: Keys<'a>,
        timeout: Duration,
        seed: u64,
    ) -> Self {
        let count = slots.len().min(u32::MAX as usize);
        let slots = slots.get_mut(..count).unwrap_or_default();
        slots.fill(Slot::EMPTY);
        let mut spare = List::EMPTY;
        let mut number = 0;
        while (number as usize) < count {
            spare.push_last(slots, number);
            number = number.saturating_add(1);
        }
        Self { slots, keys, timeout, seed, now: Duration::ZERO, waiting: List::EMPTY, spare }
    }

    /// Notes that a request was sent at `now`; `token` is what the caller knows it by.
    ///
    /// Takes the place of a request with the same key that was answered or given up.
    ///
    /// # Errors
    /// [`MatcherErrorKind::NotARequest`]; [`MatcherErrorKind::MissingField`], [`MatcherErrorKind::UndefinedField`] and
    /// [`MatcherErrorKind::KeyTooLong`] for a key field; [`MatcherErrorKind::KeyInUse`] where a request with the same key
    /// waits; [`MatcherErrorKind::Full`] where every slot holds one that waits. A request whose time is over waits until
    /// [`Matcher::expired`] reports it: call that before.
    pub fn sent(
        &mut self,
        request: &MessageRef<'_, '_>,
        now: Duration,
        token: T,
    ) -> Result<(), MatcherError> {
        let now = self.latest(now);
        let key = self.keys.of_request(request)?;
        let hash = key.hash(self.seed);
        let number = match chains::find(self.slots, &key, hash) {
            Some(number) if self.is_waiting(number) => {
                return Err(MatcherErrorKind::KeyInUse.into());
            }
            Some(number) => number,
            None => self.recycle(key, hash).ok_or(MatcherErrorKind::Full)?,
        };
        if let Some(slot) = at_mut(self.slots, number) {
            (slot.token, slot.sent, slot.state) = (Some(token), now, State::Waiting);
        }
        self.spare.remove(self.slots, number);
        self.waiting.push_last(self.slots, number);
        Ok(())
    }

    /// Notes that a request that waits was sent again at `now`, as a repeat (0201) or as it was: its time begins anew, under
    /// its token.
    ///
    /// Its next answer is the first one in time, even if there was a late one before.
    ///
    /// # Errors
    /// As [`Matcher::sent`] for the message; [`MatcherErrorKind::NotWaiting`] where no request with the same key waits: it
    /// is not known, was answered, or was given up, and a repeat is then to be noted with [`Matcher::sent`].
    pub fn resent(
        &mut self,
        request: &MessageRef<'_, '_>,
        now: Duration,
    ) -> Result<(), MatcherError> {
        let now = self.latest(now);
        let number = self.find_waiting(request)?.ok_or(MatcherErrorKind::NotWaiting)?;
        if let Some(slot) = at_mut(self.slots, number) {
            (slot.sent, slot.state) = (now, State::Waiting);
        }
        self.waiting.remove(self.slots, number);
        self.waiting.push_last(self.slots, number);
        Ok(())
    }

    /// Says what a message that was received at `now` is the answer to.
    pub fn received(&mut self, answer: &MessageRef<'_, '_>, now: Duration) -> Verdict<T> {
        let now = self.latest(now);
        if Side::of(answer.mti()) != Side::Answer {
            return Verdict::NotAnAnswer;
        }
        self.answered(answer, now)
            .unwrap_or_else(|| Verdict::Unmatched { missing: self.keys.missing(answer) })
    }

    /// The verdict on an answer to a request that is known.
    fn answered(&mut self, answer: &MessageRef<'_, '_>, now: Duration) -> Option<Verdict<T>> {
        let key = self.keys.of_answer(answer)?;
        let number = chains::find(self.slots, &key, key.hash(self.seed))?;
        let slot = at_mut(self.slots, number)?;
        let token = slot.token?;
        let after = since(now, slot.sent);
        Some(match slot.state {
            State::Waiting if now < slot.sent.saturating_add(self.timeout) => {
                slot.state = State::Answered;
                self.retire(number);
                Verdict::Answered { token, after }
            }
            State::Waiting => {
                slot.state = State::Overdue;
                Verdict::Late { token, after }
            }
            State::GivenUp => {
                slot.state = State::Answered;
                Verdict::Late { token, after }
            }
            State::Overdue | State::Answered => Verdict::Duplicate { token },
            State::Empty => return None,
        })
    }

    /// A request whose time is over at `now`, the oldest first, each once: its time is over when `timeout` has passed since it
    /// was sent. Call it until there is none, before anything else that is done at that time.
    pub fn expired(&mut self, now: Duration) -> Option<Expired<T>> {
        let now = self.latest(now);
        let number = self.waiting.first()?;
        let slot = at_mut(self.slots, number)?;
        if now < slot.sent.saturating_add(self.timeout) {
            return None;
        }
        slot.state = match slot.state {
            State::Overdue => State::Answered,
            _ => State::GivenUp,
        };
        let expired = Expired { token: slot.token?, after: since(now, slot.sent) };
        self.retire(number);
        Some(expired)
    }

    /// When to call [`Matcher::expired`] next: when the time of the oldest request that waits is over.
    #[must_use]
    pub fn next_deadline(&self) -> Option<Duration> {
        let slot = slot::at(self.slots, self.waiting.first()?)?;
        Some(slot.sent.saturating_add(self.timeout))
    }

    /// Forgets a request that waits, because it could not be sent: an answer to it is then [`Verdict::Unmatched`].
    ///
    /// Gives its token back; `None` where no request with the same key waits.
    pub fn forget(&mut self, request: &MessageRef<'_, '_>) -> Option<T> {
        let number = self.find_waiting(request).ok()??;
        let slot = at_mut(self.slots, number)?;
        slot.state = State::Empty;
        let token = slot.token.take();
        chains::remove(self.slots, number);
        self.waiting.remove(self.slots, number);
        self.spare.push_first(self.slots, number);
        token
    }

    fn find_waiting(&self, request: &MessageRef<'_, '_>) -> Result<Option<u32>, MatcherError> {
        let key = self.keys.of_request(request)?;
        let number = chains::find(self.slots, &key, key.hash(self.seed));
        Ok(number.filter(|number| self.is_waiting(*number)))
    }

    fn is_waiting(&self, number: u32) -> bool {
        slot::at(self.slots, number).is_some_and(|slot| slot.state.is_waiting())
    }

    /// The first spare slot, with another key.
    fn recycle(&mut self, key: Key, hash: u32) -> Option<u32> {
        let number = self.spare.first()?;
        if slot::at(self.slots, number)?.state != State::Empty {
            chains::remove(self.slots, number);
        }
        let slot = at_mut(self.slots, number)?;
        (slot.key, slot.hash) = (key, hash);
        chains::insert(self.slots, number);
        Some(number)
    }

    fn retire(&mut self, number: u32) {
        self.waiting.remove(self.slots, number);
        self.spare.push_last(self.slots, number);
    }

    fn latest(&mut self, now: Duration) -> Duration {
        self.now = self.now.max(now);
        self.now
    }
}

/// The time from one to the other, none where they stand in the other order. `Duration`'s own subtraction would link a panic.
fn since(now: Duration, sent: Duration) -> Duration {
    const SECOND: u32 = 1_000_000_000;
    let (later, earlier) = (now.subsec_nanos(), sent.subsec_nanos());
    let borrowed = if later < earlier { SECOND } else { 0 };
    let nanos = later.saturating_add(borrowed).saturating_sub(earlier).min(SECOND - 1);
    let secs = now.as_secs().checked_sub(sent.as_secs());
    match secs.and_then(|secs| secs.checked_sub(u64::from(borrowed > 0))) {
        Some(secs) => Duration::new(secs, nanos),
        None => Duration::ZERO,
    }
}

impl<T> Matcher<'_, T> {
    /// How many requests wait.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.waiting.len() as usize
    }

    /// Whether no request waits.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// Shows counts, and nothing of a request.
impl<T> fmt::Debug for Matcher<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Matcher({} of {} slots wait)", self.len(), self.slots.len())
    }
}

#[cfg(test)]
mod tests {
    use super::since;
    use core::time::Duration;

    #[test]
    fn since_is_a_saturating_subtraction() {
        let times = [0, 1, 2, 1 << 40, u64::MAX]
            .map(|secs| [0, 1, 999_999_999].map(|nanos| Duration::new(secs, nanos)));
        for now in times.iter().flatten() {
            for sent in times.iter().flatten() {
                assert_eq!(since(*now, *sent), now.saturating_sub(*sent), "{now:?} since {sent:?}");
            }
        }
    }
}
