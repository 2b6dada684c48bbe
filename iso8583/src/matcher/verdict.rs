//! What is said of an answer, and of a request that got none.

use core::time::Duration;

/// What a message that was received is the answer to.
///
/// `T` is the token that the caller gave with the request; `after` is the time since the request was last sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use = "an answer that is late or matches nothing must not be taken for one in time"]
pub enum Verdict<T> {
    /// The first answer to a request, in time.
    Answered {
        /// The request's.
        token: T,
        /// Time since the request was last sent.
        after: Duration,
    },
    /// The first answer to a request, after its time: whoever sent it acts, or acted, as if there were none.
    ///
    /// [`Matcher::expired`](super::Matcher::expired) reports the request all the same, if it did not before.
    Late {
        /// The request's.
        token: T,
        /// Time since the request was last sent.
        after: Duration,
    },
    /// Another answer to a request that was answered, in time or late.
    Duplicate {
        /// The request's.
        token: T,
    },
    /// No request with this key is known.
    Unmatched {
        /// The first key field that the answer does not carry, if there is one: the likely reason, unless it is a field that
        /// counts only if it is carried, and the request had none.
        missing: Option<u16>,
    },
    /// The message type is none of an answer: a request of the other side.
    NotAnAnswer,
}

/// A request that got no answer in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Expired<T> {
    /// The token that the caller gave with the request.
    pub token: T,
    /// Time since the request was last sent.
    pub after: Duration,
}
