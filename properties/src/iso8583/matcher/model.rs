//! A slow matcher: two lists of requests, each searched from end to end.

use core::time::Duration;

use iso8583_wire::MessageRef;
use iso8583_wire::matcher::{MatcherErrorKind, Verdict};

/// What makes a key.
#[derive(Clone, Copy)]
pub(super) struct Fields {
    pub(super) has_mti: bool,
    pub(super) always: &'static [u16],
    pub(super) if_carried: &'static [u16],
}

/// The message type without what tells request from answer, and the text of each field.
type Key = (Option<String>, Vec<Option<String>>);

#[derive(Clone)]
struct Request {
    key: Key,
    token: u16,
    sent: Duration,
    is_answered: bool,
}

pub(super) struct Model {
    fields: Fields,
    slots: usize,
    timeout: Duration,
    now: Duration,
    /// In the order in which they were sent.
    waiting: Vec<Request>,
    /// In the order in which they ceased to wait.
    retired: Vec<Request>,
}

impl Model {
    pub(super) fn new(fields: Fields, slots: usize, timeout: Duration) -> Self {
        let (now, waiting, retired) = (Duration::ZERO, vec![], vec![]);
        Self { fields, slots, timeout, now, waiting, retired }
    }

    pub(super) fn len(&self) -> usize {
        self.waiting.len()
    }

    pub(super) fn next_deadline(&self) -> Option<Duration> {
        self.waiting.iter().map(|request| self.deadline(request)).min()
    }

    fn deadline(&self, request: &Request) -> Duration {
        request.sent.checked_add(self.timeout).unwrap_or(Duration::MAX)
    }

    pub(super) fn sent(
        &mut self,
        message: &MessageRef<'_, '_>,
        now: Duration,
        token: u16,
    ) -> Result<(), MatcherErrorKind> {
        self.pass(now);
        let key = self.request_key(message)?;
        if self.waiting.iter().any(|request| request.key == key) {
            return Err(MatcherErrorKind::KeyInUse);
        }
        if self.waiting.len() == self.slots {
            return Err(MatcherErrorKind::Full);
        }
        self.retired.retain(|request| request.key != key);
        if self.waiting.len() + self.retired.len() == self.slots {
            self.retired.remove(0);
        }
        self.waiting.push(Request { key, token, sent: self.now, is_answered: false });
        Ok(())
    }

    pub(super) fn resent(
        &mut self,
        message: &MessageRef<'_, '_>,
        now: Duration,
    ) -> Result<(), MatcherErrorKind> {
        self.pass(now);
        let at = self.position(message)?.ok_or(MatcherErrorKind::NotWaiting)?;
        let request = self.waiting.remove(at);
        self.waiting.push(Request { sent: self.now, is_answered: false, ..request });
        Ok(())
    }

    pub(super) fn forget(&mut self, message: &MessageRef<'_, '_>) -> Option<u16> {
        let at = self.position(message).ok()??;
        Some(self.waiting.remove(at).token)
    }

    pub(super) fn expired(&mut self, now: Duration) -> Option<(u16, Duration)> {
        self.pass(now);
        let first = self.waiting.first()?;
        if self.deadline(first) > self.now {
            return None;
        }
        let request = self.waiting.remove(0);
        self.retired.push(request.clone());
        Some((request.token, self.now - request.sent))
    }

    pub(super) fn received(&mut self, message: &MessageRef<'_, '_>, now: Duration) -> Verdict<u16> {
        self.pass(now);
        if !matches!(message.mti().digits()[2], b'1' | b'3' | b'5' | b'7') {
            return Verdict::NotAnAnswer;
        }
        let fields = self.fields.always.iter().chain(self.fields.if_carried);
        let missing = fields.copied().find(|field| message.get(*field).is_none());
        let Ok(key) = self.key(message) else { return Verdict::Unmatched { missing } };
        let (now, timeout) = (self.now, self.timeout);
        let all = self.waiting.iter_mut().map(|request| (true, request));
        let mut all = all.chain(self.retired.iter_mut().map(|request| (false, request)));
        let Some((waits, request)) = all.find(|(_, request)| request.key == key) else {
            return Verdict::Unmatched { missing };
        };
        let (token, after) = (request.token, now - request.sent);
        if request.is_answered {
            return Verdict::Duplicate { token };
        }
        request.is_answered = true;
        if !waits || after >= timeout {
            return Verdict::Late { token, after };
        }
        let at = self.waiting.iter().position(|request| request.key == key).unwrap();
        let request = self.waiting.remove(at);
        self.retired.push(request);
        Verdict::Answered { token, after }
    }

    fn pass(&mut self, now: Duration) {
        if now > self.now {
            self.now = now;
        }
    }

    fn position(&self, message: &MessageRef<'_, '_>) -> Result<Option<usize>, MatcherErrorKind> {
        let key = self.request_key(message)?;
        Ok(self.waiting.iter().position(|request| request.key == key))
    }

    fn request_key(&self, message: &MessageRef<'_, '_>) -> Result<Key, MatcherErrorKind> {
        match message.mti().digits()[2] {
            b'0' | b'2' | b'4' | b'6' => self.key(message),
            _ => Err(MatcherErrorKind::NotARequest),
        }
    }

    fn key(&self, message: &MessageRef<'_, '_>) -> Result<Key, MatcherErrorKind> {
        let [version, class, function, _] = message.mti().digits();
        let pair = match function {
            b'0' | b'1' => "request",
            b'2' | b'3' => "advice",
            b'4' | b'5' => "notification",
            b'6' | b'7' => "instruction",
            _ => "reserved",
        };
        let mti = format!("{}{} {pair}", char::from(version), char::from(class));
        let mut length = if self.fields.has_mti { 3 } else { 0 };
        let mut values = vec![];
        let always = self.fields.always.iter().map(|field| (*field, true));
        let if_carried = self.fields.if_carried.iter().map(|field| (*field, false));
        for (field, is_needed) in always.chain(if_carried) {
            let value = message.get(field);
            if value.is_none() && field > 128 {
                return Err(MatcherErrorKind::UndefinedField { field });
            }
            if value.is_none() && is_needed {
                return Err(MatcherErrorKind::MissingField { field });
            }
            length += 1 + value.map_or(0, |value| value.data().len());
            if length > 64 {
                return Err(MatcherErrorKind::KeyTooLong { field });
            }
            values.push(value.map(|value| value.exposed().to_string()));
        }
        Ok((self.fields.has_mti.then_some(mti), values))
    }
}
