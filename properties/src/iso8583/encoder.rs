//! Calls of an encoder, against the owned message.

use iso8583_wire::{
    Composer, Composite, Encoder, Encoding, Error, ErrorKind, Field, Layout, Length, Message,
    MessageRef, Mti, Spec, Subfield, Unit,
};

use super::filling::{fitting, latin1};
use super::roundtrip::{assert_too_small, number_of_mac, takes_bytes};
use super::view::assert_view;
use crate::choices::Choices;

pub(super) fn assert_encoder(spec: &Spec<'_>, mut choices: Choices<'_>) {
    let mut buffer = vec![0xEE; usize::from(choices.u16() % 2048)];
    let mti: Mti = format!("{:04}", choices.u16() % 10_000).parse().unwrap();
    let room = buffer.len();
    let mut message = Message::new(spec, mti);
    let mut encoder = match Encoder::new(spec, mti, &mut buffer) {
        Ok(encoder) => encoder,
        Err(error) => {
            assert_too_small(&error, room);
            return assert!(room < message.encoded_len());
        }
    };
    let mut last = 0;
    // The last byte is not for a call.
    while choices.rest().len() > 1 {
        let call = Call::choose(&mut choices, spec);
        let before = format!("{encoder:?}");
        match call.write(&mut encoder) {
            Ok(()) => {
                call.set(&mut message).unwrap();
                last = call.number;
            }
            Err(error) => {
                assert_eq!(format!("{encoder:?}"), before);
                assert_call_refused(&call, &error, &mut message, last, room);
            }
        }
    }
    let wire = if choices.u8().is_multiple_of(2) {
        encoder.finish()
    } else {
        match seal(encoder, &mut message, last, room) {
            Some(wire) => wire,
            None => return,
        }
    };
    assert_eq!(wire, message.encode_to_vec().unwrap());
    assert_eq!(wire.len(), message.encoded_len());
    assert_view(&MessageRef::parse(spec, wire).unwrap(), wire);
}

/// Ends the message with a code, in the owned one as well; `None` where it is refused for a reason that there is.
fn seal<'b>(
    encoder: Encoder<'_, 'b>,
    message: &mut Message<'_>,
    last: u16,
    room: usize,
) -> Option<&'b [u8]> {
    let number = number_of_mac(message.spec().bitmaps(), last);
    let field = message.spec().field(number);
    match encoder.finish_with_mac() {
        Ok(unsealed) => {
            let field = field.unwrap();
            let Length::Fixed(count) = field.length() else { panic!("a code of variable length") };
            let is_hex = matches!(field.encoding(), Encoding::Hex | Encoding::EbcdicHex);
            let counts_digits = is_hex && field.unit() == Unit::Characters;
            let code = vec![0xA5; usize::from(count) / if counts_digits { 2 } else { 1 }];
            message.set_bytes(number, &code).unwrap();
            Some(unsealed.seal(&code).unwrap())
        }
        Err(error) => {
            match error.kind() {
                ErrorKind::UndefinedField => assert!(field.is_none()),
                ErrorKind::FieldOrder { after } => assert_eq!((after, last), (number, number)),
                ErrorKind::WrongValueType => assert!(field.is_some_and(|field| {
                    !takes_bytes(field)
                        || !matches!(field.length(), Length::Fixed(_))
                        || field.composite().is_some()
                })),
                ErrorKind::MessageTooLong => {}
                _ => assert_too_small(&error, room),
            }
            None
        }
    }
}

/// Asserts that an encoder refused a call for a reason that there is, `message` being what it accepted before.
fn assert_call_refused(
    call: &Call<'_>,
    error: &Error,
    message: &mut Message<'_>,
    last: u16,
    room: usize,
) {
    assert_eq!(error.path().numbers().first(), Some(&call.number));
    let before = message.encoded_len();
    let room = match error.kind() {
        ErrorKind::FieldOrder { after } if call.number <= last => return assert_eq!(after, last),
        ErrorKind::BufferTooSmall { .. } => {
            assert_too_small(error, room);
            room
        }
        ErrorKind::MessageTooLong => u16::MAX.into(),
        kind => {
            return assert_eq!(call.set(message).map_err(|error| error.kind()), Err(kind));
        }
    };
    // The value alone is accepted; what is wrong with parts may be found later.
    let field = message.spec().field(call.number).unwrap();
    match call.set(message) {
        Ok(()) if call.is_for_parts() => {}
        Ok(()) => assert!(message.encoded_len() > room),
        Err(_) if field.composite().is_some() => return,
        Err(error) => panic!("{error}"),
    }
    assert!(message.remove(call.number));
    assert_eq!(message.encoded_len(), before);
}

/// A call of an encoder, of what writes parts, or of an owned message.
struct Call<'a> {
    number: u16,
    value: Value<'a>,
}

enum Value<'a> {
    Text(String),
    Number(u64),
    Bytes(Vec<u8>),
    Parts(Vec<Call<'a>>),
    /// A tag and the data behind it.
    Tagged(&'a [u8], &'a [u8]),
}

impl<'a> Call<'a> {
    fn choose(choices: &mut Choices<'a>, spec: &Spec<'_>) -> Self {
        let what = choices.u8();
        let number = choices.u8().into();
        let value = Value::choose(choices, spec, what % 4 + what / 0xC0 * 8, spec.field(number));
        Self { number, value }
    }

    /// A call for a part, mostly one that there is.
    fn choose_part(choices: &mut Choices<'a>, spec: &Spec<'_>, composite: &Composite) -> Self {
        let what = choices.u8();
        let place = choices.u8();
        let parts = composite.parts();
        let parts = &spec.tables().subfields[parts.start.into()..parts.end.into()];
        let number = match usize::from(place).checked_rem(parts.len()) {
            Some(index) if place < 0xE0 => parts[index].number(),
            _ => u16::from(place % 32),
        };
        let known = parts.iter().find(|part| part.number() == number).map(Subfield::field);
        let field = known.or(composite.unknown());
        Self { number, value: Value::choose(choices, spec, what % 10, field) }
    }

    const fn is_for_parts(&self) -> bool {
        matches!(self.value, Value::Parts(_))
    }

    fn write(&self, encoder: &mut Encoder<'_, '_>) -> Result<(), Error> {
        match &self.value {
            Value::Text(text) => encoder.text(self.number, text).map(drop),
            Value::Number(value) => encoder.number(self.number, *value).map(drop),
            Value::Bytes(bytes) => encoder.bytes(self.number, bytes).map(drop),
            Value::Parts(calls) => {
                encoder.composite(self.number, |parts| compose(calls, parts).map(drop)).map(drop)
            }
            Value::Tagged(..) => panic!("a message has no tags"),
        }
    }

    fn set(&self, message: &mut Message<'_>) -> Result<(), Error> {
        match &self.value {
            Value::Text(text) => message.set_text(self.number, text),
            Value::Number(value) => message.set_number(self.number, *value),
            Value::Bytes(bytes) => message.set_bytes(self.number, bytes),
            Value::Parts(calls) => self.set_parts(calls, message),
            Value::Tagged(..) => panic!("a message has no tags"),
        }
    }

    /// Puts a field together by itself, asserts that it reads as it was written, and sets it.
    fn set_parts(&self, calls: &[Self], message: &mut Message<'_>) -> Result<(), Error> {
        let spec = message.spec();
        let mut buffer = vec![0xEE; u16::MAX.into()];
        let mut encoder = Encoder::new(spec, message.mti(), &mut buffer).unwrap();
        let mut written = Vec::new();
        encoder.composite(self.number, |parts| {
            written = compose(calls, parts)?;
            Ok(())
        })?;
        let wire = encoder.finish();
        let read = MessageRef::parse(spec, wire).unwrap();
        assert_view(&read, wire);
        let field = read.get(self.number).unwrap();
        // In its place, a last part without a length of its own is there only if it is not empty.
        let missing = usize::from(field.layout() == Some(Layout::Positional));
        let count = field.parts().count();
        assert!(count <= written.len() && written.len() <= count + missing, "{written:?}");
        for (part, number) in field.parts().zip(written) {
            assert!(number.is_none_or(|number| part.number() == number));
        }
        message.set_copy(&field)
    }
}

impl<'a> Value<'a> {
    /// A value of a form that a number chooses, for a field or part if there is one.
    fn choose(choices: &mut Choices<'a>, spec: &Spec<'_>, what: u8, field: Option<&Field>) -> Self {
        let composite = field.and_then(|field| spec.composite(field));
        match (what, field, composite) {
            (0, ..) => Self::Number(choices.u64()),
            (1, ..) => Self::Bytes(choices.bytes().to_vec()),
            (3 | 6.., _, Some(composite)) => {
                let count = choices.u8() % 8;
                let calls = (0..count).map(|_| Call::choose_part(choices, spec, composite));
                Self::Parts(calls.collect())
            }
            (3, ..) => Self::Parts(Vec::new()),
            (4 | 5, ..) => {
                let width = choices.u8() % 5;
                Self::Tagged(choices.take(width.into()), choices.bytes())
            }
            (6.., Some(field), None) => {
                let value = fitting(field, choices);
                if takes_bytes(field) { Self::Bytes(latin1(&value)) } else { Self::Text(value) }
            }
            _ => {
                let bytes = choices.bytes();
                str::from_utf8(bytes).map_or_else(
                    |_| Self::Bytes(bytes.to_vec()),
                    |text| Self::Text(text.to_owned()),
                )
            }
        }
    }
}

/// Writes parts, and gives the numbers of those that are accepted, none for a tag; a refused one leaves everything as it
/// was.
fn compose(calls: &[Call<'_>], composer: &mut Composer<'_, '_>) -> Result<Vec<Option<u16>>, Error> {
    let mut written = Vec::new();
    for call in calls {
        let before = format!("{composer:?}");
        let number = call.number;
        let result = match &call.value {
            Value::Text(text) => composer.text(number, text).map(drop),
            Value::Number(value) => composer.number(number, *value).map(drop),
            Value::Bytes(bytes) => composer.bytes(number, bytes).map(drop),
            Value::Parts(calls) => {
                composer.composite(number, |parts| compose(calls, parts).map(drop)).map(drop)
            }
            Value::Tagged(tag, data) => composer.tagged(tag, data).map(drop),
        };
        match (result, &call.value) {
            (Ok(()), Value::Tagged(..)) => written.push(None),
            (Ok(()), _) => written.push(Some(number)),
            (Err(error), _) => {
                assert_eq!(format!("{composer:?}"), before);
                let kind = error.kind();
                // What does not fit here is no matter of the part alone.
                if matches!(kind, ErrorKind::BufferTooSmall { .. } | ErrorKind::MessageTooLong) {
                    return Err(error);
                }
            }
        }
    }
    Ok(written)
}
