//! Which request an answer belongs to, whatever happens on the way.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    missing_docs,
    reason = "a test says what it expects by panicking"
)]

use core::time::Duration;

use iso8583_wire::dialect::{ISO87_ASCII, ISO87_BCD};
use iso8583_wire::matcher::{
    Expired, Keys, Matcher, MatcherError, MatcherErrorKind, Slot, Verdict,
};
use iso8583_wire::{Encoder, MessageRef, Spec};

const TIMEOUT: Duration = Duration::from_secs(30);

fn s(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// A message type, a trace number, a retrieval reference number, a terminal; an empty one is not there.
#[derive(Clone, Copy)]
struct M(&'static str, u64, &'static str, &'static str);

impl M {
    fn on<R>(self, spec: &Spec<'_>, then: impl FnOnce(&MessageRef<'_, '_>) -> R) -> R {
        let Self(mti, stan, reference, terminal) = self;
        let mut buffer = [0; 128];
        let mut encoder = Encoder::new(spec, mti.parse().unwrap(), &mut buffer).unwrap();
        encoder.number(11, stan).unwrap();
        for (number, text) in [(37, reference), (41, terminal)] {
            if !text.is_empty() {
                encoder.text(number, text).unwrap();
            }
        }
        then(&MessageRef::parse(spec, encoder.finish()).unwrap())
    }
}

/// A matcher under one dialect, with the calls that take messages made short.
struct Till<'a>(Matcher<'a, u32>, &'static Spec<'static>);

impl<'a> Till<'a> {
    fn new(slots: &'a mut [Slot<u32>]) -> Self {
        Self::with(slots, Keys::DEFAULT)
    }

    fn with(slots: &'a mut [Slot<u32>], keys: Keys<'a>) -> Self {
        Self(Matcher::new(slots, keys, TIMEOUT), &ISO87_BCD)
    }

    fn sent(&mut self, m: M, now: u64, token: u32) -> Result<(), MatcherErrorKind> {
        m.on(self.1, |m| self.0.sent(m, s(now), token)).map_err(|error| error.kind())
    }

    fn resent(&mut self, m: M, now: u64) -> Result<(), MatcherErrorKind> {
        m.on(self.1, |m| self.0.resent(m, s(now))).map_err(|error| error.kind())
    }

    fn received(&mut self, m: M, now: u64) -> Verdict<u32> {
        m.on(self.1, |m| self.0.received(m, s(now)))
    }

    fn forget(&mut self, m: M) -> Option<u32> {
        m.on(self.1, |m| self.0.forget(m))
    }

    fn expired(&mut self, now: u64) -> Option<Expired<u32>> {
        self.0.expired(s(now))
    }
}

fn answered(token: u32, after: u64) -> Verdict<u32> {
    Verdict::Answered { token, after: s(after) }
}

fn late(token: u32, after: u64) -> Verdict<u32> {
    Verdict::Late { token, after: s(after) }
}

const NOBODYS: Verdict<u32> = Verdict::Unmatched { missing: None };

const ASKED: M = M("0200", 42, "", "TERM0001");
const ASKED_AGAIN: M = M("0201", 42, "", "TERM0001");
const ANSWER: M = M("0210", 42, "", "TERM0001");

#[test]
fn an_answer_in_time_is_the_requests_and_a_second_one_is_a_duplicate() {
    for spec in [&ISO87_ASCII, &ISO87_BCD] {
        let mut slots = [Slot::EMPTY; 4];
        let mut till = Till::new(&mut slots);
        till.1 = spec;
        assert_eq!(till.received(ANSWER, 0), NOBODYS);
        till.sent(ASKED, 100, 7).unwrap();
        assert_eq!((till.0.len(), till.0.next_deadline()), (1, Some(s(130))));
        assert_eq!(till.received(ANSWER, 129), answered(7, 29));
        assert!(till.0.is_empty() && till.0.next_deadline().is_none());
        assert_eq!(till.received(ANSWER, 500), Verdict::Duplicate { token: 7 });
        assert_eq!(till.expired(500), None);
    }
}

#[test]
fn answers_find_their_requests_in_any_order() {
    let mut slots = [Slot::EMPTY; 9];
    let mut till = Till::new(&mut slots);
    // The same trace number at three terminals, for a purchase, an advice and a reversal.
    let terminals = ["TERM0001", "TERM0002", "TERM0003"];
    let types = [("0200", "0210"), ("0220", "0230"), ("0400", "0410")];
    let all: Vec<_> = terminals.iter().flat_map(|t| types.map(|(r, a)| (r, a, *t))).collect();
    for (token, (request, _, terminal)) in (0..).zip(&all) {
        till.sent(M(request, 1, "", terminal), 0, token).unwrap();
    }
    for token in [8, 0, 4, 1, 7, 2, 6, 3, 5] {
        let (_, answer, terminal) = all[token as usize];
        assert_eq!(till.received(M(answer, 1, "", terminal), 1), answered(token, 1));
    }
}

#[test]
fn a_late_answer_is_late_whether_or_not_the_request_was_reported_before() {
    let mut slots = [Slot::EMPTY; 4];
    let mut till = Till::new(&mut slots);
    let other = M("0200", 43, "", "TERM0001");
    till.sent(ASKED, 0, 1).unwrap();
    till.sent(other, 10, 2).unwrap();
    // Not reported yet, so it waits until it is.
    assert_eq!(till.received(ANSWER, 30), late(1, 30));
    assert_eq!(till.received(ANSWER, 31), Verdict::Duplicate { token: 1 });
    assert_eq!((till.0.len(), till.0.next_deadline()), (2, Some(s(30))));
    assert_eq!(till.sent(ASKED, 31, 9), Err(MatcherErrorKind::KeyInUse));
    assert_eq!(till.expired(40), Some(Expired { token: 1, after: s(40) }));
    assert_eq!(till.expired(40), Some(Expired { token: 2, after: s(30) }));
    assert_eq!(till.expired(40), None);
    // Reported before.
    assert_eq!(till.received(M("0210", 43, "", "TERM0001"), 45), late(2, 35));
    assert_eq!(till.received(M("0210", 43, "", "TERM0001"), 46), Verdict::Duplicate { token: 2 });
    assert_eq!(till.received(ANSWER, 47), Verdict::Duplicate { token: 1 });
}

#[test]
fn a_repeat_of_a_request_that_waits_begins_its_time_anew_under_its_token() {
    let mut slots = [Slot::EMPTY; 4];
    let mut till = Till::new(&mut slots);
    let other = M("0200", 43, "", "TERM0001");
    assert_eq!(till.resent(ASKED, 0), Err(MatcherErrorKind::NotWaiting));
    till.sent(ASKED, 0, 1).unwrap();
    till.sent(other, 5, 2).unwrap();
    assert_eq!(till.sent(ASKED_AGAIN, 10, 3), Err(MatcherErrorKind::KeyInUse));
    till.resent(ASKED_AGAIN, 10).unwrap();
    assert_eq!(till.0.next_deadline(), Some(s(35)));
    assert_eq!(till.received(ANSWER, 39), answered(1, 29));
    assert_eq!(till.resent(ASKED_AGAIN, 39), Err(MatcherErrorKind::NotWaiting));
    // Late, then repeated before it was reported: the answer to the repeat is wanted.
    assert_eq!(till.received(M("0210", 43, "", "TERM0001"), 39), late(2, 34));
    till.resent(M("0201", 43, "", "TERM0001"), 40).unwrap();
    assert_eq!(till.received(M("0210", 43, "", "TERM0001"), 41), answered(2, 1));
}

#[test]
fn a_repeat_of_what_was_given_up_is_a_new_request() {
    let mut slots = [Slot::EMPTY; 4];
    let mut till = Till::new(&mut slots);
    till.sent(ASKED, 0, 1).unwrap();
    assert!(till.expired(30).is_some());
    assert_eq!(till.resent(ASKED_AGAIN, 31), Err(MatcherErrorKind::NotWaiting));
    till.sent(ASKED_AGAIN, 31, 2).unwrap();
    assert_eq!(till.received(ANSWER, 32), answered(2, 1));
}

/// What the documentation of `Matcher` warns of, and what wider keys do about it.
#[test]
fn a_late_answer_to_the_former_use_of_a_key_is_taken_for_one_in_time_unless_the_keys_are_wide() {
    let first = M("0200", 42, "000000000001", "TERM0001");
    let second = M("0200", 42, "000000000002", "TERM0001");
    let to_first = M("0210", 42, "000000000001", "TERM0001");
    let mut slots = [Slot::EMPTY; 4];
    for (keys, verdict) in [(Keys::DEFAULT, answered(2, 1)), (Keys::of(&[11, 37, 41]), late(1, 40))]
    {
        let mut till = Till::with(&mut slots, keys);
        till.sent(first, 0, 1).unwrap();
        assert!(till.expired(30).is_some());
        till.sent(second, 39, 2).unwrap();
        assert_eq!(till.received(to_first, 40), verdict);
    }
}

#[test]
fn a_field_that_is_missing_is_named() {
    let mut slots = [Slot::EMPTY; 4];
    let mut till = Till::new(&mut slots);
    let bare = M("0800", 42, "", "");
    assert_eq!(till.sent(bare, 0, 1), Err(MatcherErrorKind::MissingField { field: 41 }));
    till.sent(ASKED, 0, 1).unwrap();
    let unmatched = Verdict::Unmatched { missing: Some(41) };
    assert_eq!(till.received(M("0210", 42, "", ""), 1), unmatched);
    assert_eq!((till.0.len(), till.forget(M("0200", 42, "", ""))), (1, None));
    // The same where it is a key only if it is there.
    let mut slots = [Slot::EMPTY; 4];
    let mut till = Till::with(&mut slots, Keys::of(&[11]).and_if_carried(&[41]));
    till.sent(ASKED, 0, 1).unwrap();
    till.sent(bare, 0, 2).unwrap();
    assert_eq!(till.received(M("0210", 42, "", ""), 1), unmatched);
    assert_eq!(till.received(M("0810", 42, "", "TERM0001"), 1), NOBODYS);
    assert_eq!(till.received(M("0810", 42, "", ""), 1), answered(2, 1));
}

#[test]
fn only_requests_are_sent_and_only_answers_are_matched() {
    let mut slots = [Slot::EMPTY; 5];
    let mut till = Till::with(&mut slots, Keys::DEFAULT.without_mti());
    till.sent(ASKED, 0, 1).unwrap();
    for (mti, is_request) in
        [("0200", true), ("0221", true), ("0240", true), ("0260", true), ("0280", false)]
    {
        assert_eq!(till.received(M(mti, 42, "", "TERM0001"), 1), Verdict::NotAnAnswer);
        assert_eq!(till.sent(M(mti, 43, "", mti), 1, 2).is_ok(), is_request, "{mti}");
    }
    for mti in ["0210", "0230", "0250", "0270", "0290"] {
        assert_eq!(till.sent(M(mti, 44, "", "T"), 1, 2), Err(MatcherErrorKind::NotARequest));
        assert_eq!(till.resent(M(mti, 44, "", "T"), 1), Err(MatcherErrorKind::NotARequest));
        assert_eq!(till.forget(M(mti, 42, "", "TERM0001")), None);
    }
    // Without the message type, any answer is this request's.
    assert_eq!(till.received(M("1430", 42, "", "TERM0001"), 1), answered(1, 1));
}

#[test]
fn what_was_forgotten_is_not_known() {
    let mut slots = [Slot::EMPTY; 2];
    let mut till = Till::new(&mut slots);
    assert_eq!(till.forget(ASKED), None);
    till.sent(ASKED, 0, 1).unwrap();
    assert_eq!(till.forget(ASKED), Some(1));
    assert_eq!((till.forget(ASKED), till.0.len(), till.0.next_deadline()), (None, 0, None));
    assert_eq!(till.received(ANSWER, 1), NOBODYS);
    // What was answered stays known.
    till.sent(ASKED, 0, 2).unwrap();
    assert_eq!(till.received(ANSWER, 1), answered(2, 0));
    assert_eq!(till.forget(ASKED), None);
    assert_eq!(till.received(ANSWER, 1), Verdict::Duplicate { token: 2 });
    // A forgotten one's slot is used before that of one which is known.
    let other = M("0200", 1, "", "TERM0001");
    till.sent(other, 1, 3).unwrap();
    assert_eq!(till.forget(other), Some(3));
    till.sent(other, 1, 4).unwrap();
    assert_eq!(till.received(ANSWER, 1), Verdict::Duplicate { token: 2 });
}

#[test]
fn full_until_one_waits_no_longer_and_the_oldest_of_those_is_replaced_first() {
    let request = |stan| M("0200", stan, "", "TERM0001");
    let answer = |stan| M("0210", stan, "", "TERM0001");
    let mut slots = [Slot::EMPTY; 3];
    let mut till = Till::new(&mut slots);
    for stan in [1, 2, 3] {
        till.sent(request(stan), 0, u32::try_from(stan).unwrap()).unwrap();
    }
    assert_eq!(till.sent(request(4), 0, 4), Err(MatcherErrorKind::Full));
    assert_eq!(till.received(answer(4), 0), NOBODYS);
    assert_eq!(till.received(answer(3), 1), answered(3, 1));
    assert_eq!(till.received(answer(1), 2), answered(1, 2));
    till.sent(request(4), 2, 4).unwrap();
    assert_eq!(till.received(answer(3), 2), NOBODYS);
    assert_eq!(till.received(answer(1), 2), Verdict::Duplicate { token: 1 });
    till.sent(request(5), 2, 5).unwrap();
    assert_eq!(till.received(answer(1), 2), NOBODYS);
    assert_eq!(till.sent(request(6), 2, 6), Err(MatcherErrorKind::Full));
    assert_eq!(till.expired(30).map(|expired| expired.token), Some(2));
    till.sent(request(6), 30, 6).unwrap();
    assert_eq!(till.received(answer(2), 30), NOBODYS);
    assert_eq!(till.received(answer(4), 30), answered(4, 28));
}

#[test]
fn one_slot_is_enough_for_one_and_none_for_none() {
    let mut slots = [Slot::EMPTY];
    let mut till = Till::new(&mut slots);
    till.sent(ASKED, 0, 1).unwrap();
    assert_eq!(till.sent(M("0400", 42, "", "TERM0001"), 0, 2), Err(MatcherErrorKind::Full));
    assert_eq!(till.received(ANSWER, 1), answered(1, 1));
    till.sent(M("0400", 42, "", "TERM0001"), 1, 2).unwrap();
    assert_eq!(till.received(ANSWER, 1), NOBODYS);
    assert_eq!(till.received(M("0410", 42, "", "TERM0001"), 1), answered(2, 0));
    let mut till = Till::new(&mut []);
    assert_eq!(till.sent(ASKED, 0, 1), Err(MatcherErrorKind::Full));
    assert_eq!(till.received(ANSWER, 0), NOBODYS);
    assert_eq!((till.expired(99), till.forget(ASKED), till.0.len()), (None, None, 0));
}

#[test]
fn time_stands_still_rather_than_run_backwards() {
    let mut slots = [Slot::EMPTY; 4];
    let mut till = Till::new(&mut slots);
    till.sent(ASKED, 100, 1).unwrap();
    till.sent(M("0200", 43, "", "TERM0001"), 50, 2).unwrap();
    assert_eq!(till.0.next_deadline(), Some(s(130)));
    assert_eq!(till.received(ANSWER, 60), answered(1, 0));
    assert_eq!(till.0.next_deadline(), Some(s(130)));
    assert_eq!(till.expired(60), None);
    // A deadline beyond all time is the last moment.
    till.sent(ASKED, u64::MAX, 3).unwrap();
    assert_eq!(till.expired(0).map(|expired| expired.token), Some(2));
    assert_eq!(till.expired(0), None);
    assert_eq!(till.0.next_deadline(), Some(Duration::MAX));
    assert_eq!(till.0.expired(Duration::MAX).map(|expired| expired.token), Some(3));
}

#[test]
fn no_error_and_no_debug_shows_a_key() {
    let mut slots = [Slot::EMPTY; 2];
    let error = |m: M, keys| -> MatcherError {
        let mut slots = [Slot::EMPTY; 0];
        m.on(&ISO87_ASCII, |m| Matcher::new(&mut slots, keys, TIMEOUT).sent(m, s(0), ()))
            .unwrap_err()
    };
    let shown = |m, keys| error(m, keys).to_string();
    assert_eq!(
        shown(ANSWER, Keys::DEFAULT),
        "mti at byte 0: nothing answers a message of this type"
    );
    assert_eq!(
        shown(M("0200", 42, "", ""), Keys::DEFAULT),
        "field 41 at byte 26: the request does not carry this key field"
    );
    assert_eq!(
        shown(ASKED, Keys::of(&[11, 250])),
        "field 250 at byte 34: the spec does not define this key field"
    );
    let seven = Keys::of(&[41, 41, 41, 41, 41, 41, 11]);
    assert_eq!(
        shown(ASKED, seven),
        "every slot holds a request that waits; lend more slots, or send later"
    );
    let eight = Keys::of(&[41, 41, 41, 41, 41, 41, 41]);
    assert_eq!(
        shown(ASKED, eight),
        "field 41 at byte 26: the key is longer than 64 bytes; use fewer or shorter fields"
    );
    let mut till = Till::new(&mut slots);
    till.sent(ASKED, 0, 1).unwrap();
    assert_eq!(format!("{:?}", till.0), "Matcher(1 of 2 slots wait)");
    assert_eq!(format!("{slots:?}"), "[Slot(Waiting), Slot(Empty)]");
}

#[test]
fn nothing_is_taken_from_an_allocator() {
    let mut slots = [Slot::EMPTY; 4];
    let counted = allocation_counter::measure(|| {
        let mut till = Till::new(&mut slots);
        for round in 0..9 {
            till.sent(ASKED, round, 1).unwrap();
            till.resent(ASKED, round).unwrap();
            assert_eq!(till.received(ANSWER, round), answered(1, 0));
        }
        assert_eq!(till.expired(99), None);
    });
    assert_eq!(counted.count_total, 0);
}
