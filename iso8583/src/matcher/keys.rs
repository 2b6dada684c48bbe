//! Which fields tell one request from another.

use super::error::{MatcherError, MatcherErrorKind};
use super::key::{Key, TooLong};
use crate::{Function, MessageRef, Mti};

/// Which fields an answer carries unchanged from its request, and with which it is told from other answers.
///
/// Of the message type it is version, class and the pair of functions that takes part, unless it is left out: 0210 answers
/// 0200 and its repeat 0201, 0430 answers 0420 and 0421, and in every edition the third digit 5 answers 4.
///
/// A value is compared as [`FieldRef::data`](crate::FieldRef::data) has it: byte by byte as it stands on the wire, padding
/// included, without its length prefix. Request and answer of one dialect write a value alike. An answer whose sender trims
/// or fills a value is not matched: leave that field out.
///
/// # Examples
/// ```
/// use iso8583_wire::matcher::Keys;
///
/// /// Retrieval reference number and acceptor as well.
/// const WIDE: Keys<'static> = Keys::of(&[11, 37, 41, 42]);
/// /// Network management messages often carry no terminal.
/// const WITH_NETWORK_MANAGEMENT: Keys<'static> = Keys::of(&[7, 11]).and_if_carried(&[41]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Keys<'a> {
    has_mti: bool,
    fields: &'a [u16],
    if_carried: &'a [u16],
}

impl Default for Keys<'_> {
    fn default() -> Self {
        Self::DEFAULT
    }
}

impl<'a> Keys<'a> {
    /// Message type, systems trace audit number (11) and terminal (41).
    pub const DEFAULT: Self = Self::of(&[11, 41]);

    /// Message type and these data elements, which every request and every answer must carry.
    ///
    /// Their values, a byte for each and three for the message type may take 64 bytes; as text 11, 37, 41 and 42 take 48.
    #[must_use]
    pub const fn of(fields: &'a [u16]) -> Self {
        Self { has_mti: true, fields, if_carried: &[] }
    }

    /// The same keys without the message type, for hosts that answer with another class or version.
    ///
    /// Whether a message is a request or an answer is its message type's to say all the same.
    #[must_use]
    pub const fn without_mti(self) -> Self {
        Self { has_mti: false, ..self }
    }

    /// The same keys and these data elements where a message carries them: an answer then must carry the same ones as its
    /// request, with the same values.
    #[must_use]
    pub const fn and_if_carried(self, fields: &'a [u16]) -> Self {
        Self { if_carried: fields, ..self }
    }

    pub(super) fn of_request(&self, request: &MessageRef<'_, '_>) -> Result<Key, MatcherError> {
        match Side::of(request.mti()) {
            Side::Request => self.key(request),
            Side::Answer | Side::Neither => Err(MatcherErrorKind::NotARequest.into()),
        }
    }

    pub(super) fn of_answer(&self, answer: &MessageRef<'_, '_>) -> Option<Key> {
        self.key(answer).ok()
    }

    /// The first key field that a message does not carry.
    pub(super) fn missing(&self, message: &MessageRef<'_, '_>) -> Option<u16> {
        let mut fields = self.fields.iter().chain(self.if_carried).copied();
        fields.find(|field| message.get(*field).is_none())
    }

    fn key(&self, message: &MessageRef<'_, '_>) -> Result<Key, MatcherError> {
        let mut key = Key::EMPTY;
        if self.has_mti {
            let [version, class, function, _] = message.mti().digits();
            // The even digit of the pair, which is even in ASCII as well: that of the request.
            key = Key::of_exchange([version, class, function & !1]);
        }
        for &field in self.fields {
            let Some(value) = message.get(field) else {
                return Err(not_there(message, field));
            };
            key.push_value(value.data()).map_err(|error| too_long(error, message, field))?;
        }
        for &field in self.if_carried {
            let pushed = match message.get(field) {
                Some(value) => key.push_value(value.data()),
                None if message.spec().field(field).is_none() => {
                    return Err(not_there(message, field));
                }
                None => key.push_absent(),
            };
            pushed.map_err(|error| too_long(error, message, field))?;
        }
        Ok(key)
    }
}

#[cold]
fn not_there(message: &MessageRef<'_, '_>, field: u16) -> MatcherError {
    let kind = if message.spec().field(field).is_some() {
        MatcherErrorKind::MissingField { field }
    } else {
        MatcherErrorKind::UndefinedField { field }
    };
    MatcherError::new(kind, message.wire().len())
}

#[cold]
fn too_long(TooLong: TooLong, message: &MessageRef<'_, '_>, field: u16) -> MatcherError {
    let at =
        message.get(field).map_or(message.wire().len(), |field| message.offset_of(field.wire()));
    MatcherError::new(MatcherErrorKind::KeyTooLong { field }, at)
}

/// Which part a message has in an exchange.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Side {
    Request,
    Answer,
    /// A reserved function.
    Neither,
}

impl Side {
    pub(super) const fn of(mti: Mti) -> Self {
        match mti.function() {
            Function::Request
            | Function::Advice
            | Function::Notification
            | Function::Instruction => Self::Request,
            Function::Response
            | Function::AdviceResponse
            | Function::NotificationAcknowledgement
            | Function::InstructionAcknowledgement => Self::Answer,
            Function::Reserved(_) => Self::Neither,
        }
    }
}

#[cfg(test)]
mod tests {
    extern crate alloc;
    use alloc::format;

    use super::*;
    use crate::Encoder;
    use crate::dialect::ISO87_BCD;

    fn key(
        keys: Keys<'_>,
        mti: Mti,
        stan: u64,
        terminal: Option<&str>,
    ) -> Result<Key, MatcherError> {
        let mut buffer = [0; 64];
        let mut encoder = Encoder::new(&ISO87_BCD, mti, &mut buffer).unwrap();
        encoder.number(11, stan).unwrap();
        if let Some(terminal) = terminal {
            encoder.text(41, terminal).unwrap();
        }
        keys.key(&MessageRef::parse(&ISO87_BCD, encoder.finish()).unwrap())
    }

    fn mti(text: &str) -> Mti {
        text.parse().unwrap()
    }

    #[test]
    fn an_answer_has_the_key_of_every_type_that_it_is_the_response_to() {
        let of = |mti: Mti| key(Keys::DEFAULT, mti, 7, Some("T")).ok();
        let mut answered = 0;
        let step = if cfg!(miri) { 97 } else { 1 };
        for number in (0..10_000).step_by(step) {
            let request = mti(&format!("{number:04}"));
            let Some(answer) = request.response() else { continue };
            assert_eq!((Side::of(request), Side::of(answer)), (Side::Request, Side::Answer));
            assert!(of(request) == of(answer), "{request} {answer}");
            answered += 1;
        }
        // Two functions of 100 versions and classes, two more of version 2; six origins.
        if step == 1 {
            assert_eq!(answered, (2 * 100 + 2 * 10) * 6);
        }
        assert!(of(mti("0240")) == of(mti("0250")));
        assert_eq!((Side::of(mti("0240")), Side::of(mti("0250"))), (Side::Request, Side::Answer));
        assert_eq!((Side::of(mti("0280")), Side::of(mti("0290"))), (Side::Neither, Side::Neither));
        for other in ["0230", "0250", "0110", "1210"] {
            assert!(of(mti("0200")) != of(mti(other)), "{other}");
        }
        let bare = |mti: Mti| key(Keys::DEFAULT.without_mti(), mti, 7, Some("T")).ok();
        assert!(bare(mti("0200")) == bare(mti("1110")));
    }

    #[test]
    fn a_field_may_be_carried_or_not_only_where_the_keys_say_so() {
        let request = mti("0800");
        let kind = |keys, terminal| key(keys, request, 7, terminal).err().map(|error| error.kind());
        let missing = MatcherErrorKind::MissingField { field: 41 };
        assert_eq!(kind(Keys::DEFAULT, None), Some(missing));
        let keys = Keys::of(&[11]).and_if_carried(&[41]);
        assert_eq!((kind(keys, None), kind(keys, Some("T"))), (None, None));
        let of = |terminal| key(keys, request, 7, terminal).ok();
        assert!(of(None) != of(Some("T")) && of(None) != of(Some("")));
        // A number that no message of the dialect can carry would make the keys narrower than they look.
        let undefined = MatcherErrorKind::UndefinedField { field: 411 };
        assert_eq!(kind(Keys::of(&[11, 411]), None), Some(undefined));
        assert_eq!(kind(Keys::of(&[11]).and_if_carried(&[411]), None), Some(undefined));
    }

    #[test]
    fn too_long_a_key_is_placed_at_the_field_that_is_too_much() {
        let of = |fields| key(Keys::of(fields), mti("0200"), 7, Some("T")).err();
        // Of BCD, 3 and 7 * (1 + 8) take 66 bytes.
        let error = of(&[41, 41, 41, 41, 41, 41, 41]).unwrap();
        assert_eq!(error.kind(), MatcherErrorKind::KeyTooLong { field: 41 });
        assert_eq!(error.offset(), 2 + 8 + 3);
        assert!(of(&[41, 41, 41, 41, 41, 41, 11]).is_none());
    }
}
