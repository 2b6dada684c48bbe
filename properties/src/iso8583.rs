//! ISO 8583 messages.

mod frame;
mod table;
mod twin;
mod view;

use iso8583_wire::{
    Class, Encoder, Error, ErrorKind, FieldRef, Length, Message, MessageRef, Mti, Spec, dialect,
};

use crate::choices::Choices;
use view::{assert_parse, assert_view, head};

pub use frame::iso8583_frame;

/// Any bytes, under every shipped dialect, are refused at a byte of theirs or read whole.
///
/// An error lies within the input and shows one line without digits of it. A message's parts tile the
/// input; each field is what a slow reading of its bytes gives, the same by number and by iteration, and is shown masked.
pub fn iso8583_parse(data: &[u8]) {
    for spec in dialect::ALL {
        assert_parse(spec, data);
    }
}

/// What is read and written again is the same: as it stands, field by field, and value by value.
///
/// Choices: `u16` where to cut the message; then the bytes, read under every shipped dialect. What follows a message is handed
/// back by `parse_prefix` and refused by `parse`; a message that is cut is refused as truncated.
pub fn iso8583_roundtrip(data: &[u8]) {
    let mut choices = Choices::new(data);
    let cut = usize::from(choices.u16());
    for spec in dialect::ALL {
        if let Some(message) = parse_prefix(spec, choices.rest()) {
            assert_cut(&message, cut % message.wire().len());
            assert_round_trip(&message);
            for other in dialect::ALL {
                assert_copies_only_what_is_defined_alike(&message, other);
            }
        }
    }
}

/// Any calls of an encoder: it accepts what the owned message accepts, if it is in order and fits, and a refused call
/// changes nothing.
///
/// Choices: `u8` dialect, `u16` room, `u16` message type; then calls until the bytes end: `u8` what, `u8` field, and
/// `bytes` value or `[u8; 8]` number; at the end `u8` whether a code is put last.
pub fn iso8583_encoder(data: &[u8]) {
    let mut choices = Choices::new(data);
    let spec = choices.one_of(dialect::ALL);
    assert_encoder(spec, choices);
}

/// Any table: a spec that is accepted reads and writes like a shipped dialect, and a contradiction is refused.
///
/// Choices: `u8` message type and bitmap encodings, `u8` count of fields up to 31; for each `u8` number, `u8` class,
/// `u8` encoding, `u8` padding and signs, `u8` sensitivity, `u8` length prefix, `u16` length; then `bytes` to read, and what `iso8583_encoder`
/// takes after the dialect.
pub fn iso8583_spec(data: &[u8]) {
    let mut choices = Choices::new(data);
    let encodings = table::encodings(&mut choices);
    let fields = table::fields(&mut choices);
    let first_broken = fields.iter().zip(0..).find_map(|(field, number)| {
        field.filter(|field| !table::is_consistent(number, field)).map(|_| number)
    });
    match Spec::try_new("any", encodings.0, encodings.1, &fields) {
        Ok(spec) => {
            assert_eq!(first_broken, None);
            let wire = choices.bytes();
            assert_parse(&spec, wire);
            if let Some(message) = parse_prefix(&spec, wire) {
                assert_round_trip(&message);
            }
            assert_encoder(&spec, choices);
        }
        Err(error) => assert_eq!(first_broken, Some(error.field()), "{error}"),
    }
}

fn assert_encoder(spec: &Spec<'_>, mut choices: Choices<'_>) {
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
    let mut last = 1;
    while !choices.is_empty() {
        let call = Call::choose(&mut choices);
        match call.write(&mut encoder) {
            Ok(()) => {
                call.set(&mut message).unwrap();
                last = call.number;
            }
            Err(error) => assert_call_refused(&call, &error, &mut message, last, room),
        }
    }
    let wire = if choices.u8().is_multiple_of(2) {
        encoder.finish()
    } else {
        let number = if last > 64 { 128 } else { 64 };
        let field = spec.field(number);
        match encoder.finish_with_mac() {
            Ok(unsealed) => {
                let Length::Fixed(count) = field.unwrap().length() else {
                    panic!("a code of variable length")
                };
                let code = vec![0xA5; count.into()];
                message.set_bytes(number, &code).unwrap();
                unsealed.seal(&code).unwrap()
            }
            Err(error) => {
                return match error.kind() {
                    ErrorKind::UndefinedField => assert!(field.is_none()),
                    ErrorKind::FieldOrder { after } => assert_eq!((after, last), (number, number)),
                    ErrorKind::WrongValueType => assert!(field.is_some_and(|field| {
                        field.class() != Class::B || !matches!(field.length(), Length::Fixed(_))
                    })),
                    ErrorKind::MessageTooLong => {}
                    _ => assert_too_small(&error, room),
                };
            }
        }
    };
    assert_eq!(wire, message.encode_to_vec().unwrap());
    assert_eq!(wire.len(), message.encoded_len());
    assert_view(&MessageRef::parse(spec, wire).unwrap(), wire);
}

/// Asserts that an encoder refused a call for a reason that there is, `message` being what it accepted before.
fn assert_call_refused(
    call: &Call<'_>,
    error: &Error,
    message: &mut Message<'_>,
    last: u8,
    room: usize,
) {
    assert_eq!(error.path().numbers(), [u16::from(call.number)]);
    let before = message.encoded_len();
    let room = match error.kind() {
        ErrorKind::FieldOrder { after } => {
            return assert!(call.number <= last && after == last);
        }
        ErrorKind::BufferTooSmall { .. } => {
            assert_too_small(error, room);
            room
        }
        ErrorKind::MessageTooLong => u16::MAX.into(),
        kind => {
            return assert_eq!(call.set(message).map_err(|error| error.kind()), Err(kind));
        }
    };
    // The value alone is accepted.
    call.set(message).unwrap();
    assert!(message.encoded_len() > room);
    assert!(message.remove(call.number));
    assert_eq!(message.encoded_len(), before);
}

/// The message at the front, if there is one, with `parse` agreeing on what follows it.
fn parse_prefix<'s, 'a>(spec: &'s Spec<'s>, bytes: &'a [u8]) -> Option<MessageRef<'s, 'a>> {
    let whole = MessageRef::parse(spec, bytes);
    let (message, rest) = match MessageRef::parse_prefix(spec, bytes) {
        Ok(parts) => parts,
        Err(error) => {
            assert_eq!(whole.err(), Some(error));
            return None;
        }
    };
    assert_eq!([message.wire(), rest].concat(), bytes);
    match whole {
        Ok(whole) => assert_eq!((whole.wire(), rest.len()), (bytes, 0)),
        Err(error) => {
            let count = u32::try_from(rest.len()).unwrap();
            assert_eq!(error.kind(), ErrorKind::TrailingBytes { count });
            assert_eq!(usize::try_from(error.offset()), Ok(message.wire().len()));
        }
    }
    assert_view(&MessageRef::parse(spec, message.wire()).unwrap(), message.wire());
    Some(message)
}

fn assert_cut(message: &MessageRef<'_, '_>, cut: usize) {
    let part = &message.wire()[..cut];
    let error = MessageRef::parse(message.spec(), part).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Truncated { .. }), "{error}");
    assert_parse(message.spec(), part);
}

fn assert_round_trip(message: &MessageRef<'_, '_>) {
    let spec = message.spec();
    let owned = Message::from(message);
    assert_eq!(owned.to_string(), message.to_string());
    assert_eq!(format!("{owned:?}"), format!("Message({message})"));

    // As it stands: bitmaps at their shortest and in upper case, every field's bytes kept.
    let fields = message.iter().flat_map(|field| field.wire());
    let canonical: Vec<u8> = head(message).into_iter().chain(fields.copied()).collect();
    let mut buffer = vec![0xEE; canonical.len()];
    assert_eq!(owned.encoded_len(), canonical.len());
    assert_eq!(owned.encode_to_vec().unwrap(), canonical);
    assert_eq!(owned.encode_into(&mut buffer).unwrap(), canonical);
    let short = canonical.len() - 1;
    assert_too_small(&owned.encode_into(&mut buffer[..short]).unwrap_err(), short);
    let mut encoder = Encoder::new(spec, message.mti(), &mut buffer).unwrap();
    for field in message {
        encoder.copy(&field).unwrap();
    }
    assert_eq!(encoder.finish(), canonical);
    let again = MessageRef::parse(spec, &canonical).unwrap();
    assert_eq!((again.mti(), again.carried()), (message.mti(), message.carried()));
    assert_eq!(again.to_string(), message.to_string());

    // Value by value, and in the other order: the same characters, with pads and lengths as they are written here.
    let mut by_value = Message::new(spec, message.mti());
    let in_order: Vec<_> = message.iter().collect();
    for field in in_order.iter().rev() {
        set(&mut by_value, field).unwrap();
    }
    let rewritten = by_value.encode_to_vec().unwrap();
    let mut encoder = Encoder::new(spec, message.mti(), &mut buffer).unwrap();
    in_order.iter().for_each(|field| write(&mut encoder, field).unwrap());
    assert_eq!(encoder.finish(), rewritten);
    let reread = MessageRef::parse(spec, &rewritten).unwrap();
    assert!(reread.iter().map(text).eq(message.iter().map(text)));

    // The code last, if there is one and it is of fixed length.
    if let (Some(mac), Some(input)) = (again.mac(), again.mac_input())
        && let (Class::B, Length::Fixed(_)) = (mac.definition().class(), mac.definition().length())
    {
        let code = bytes(&mac);
        assert!(by_value.remove(mac.number()));
        if let Ok(encoder) = by_value.encoder(&mut buffer)
            && (mac.number() == 64) == by_value.carried().iter().all(|number| number <= 64)
        {
            let unsealed = encoder.finish_with_mac().unwrap();
            assert_eq!(unsealed.mac_input().len(), input.len());
            assert_eq!(unsealed.seal(&code).unwrap(), rewritten);
        }
    }
}

fn assert_copies_only_what_is_defined_alike(message: &MessageRef<'_, '_>, other: &Spec<'_>) {
    let mut copy = Message::new(other, message.mti());
    for field in message {
        let defined_alike = other.field(field.number()) == Some(field.definition());
        assert_eq!(copy.set_copy(&field).is_ok(), defined_alike);
        assert_eq!(copy.get(field.number()).is_some(), defined_alike);
    }
}

fn assert_too_small(error: &Error, room: usize) {
    match error.kind() {
        ErrorKind::BufferTooSmall { needed, available } => {
            assert_eq!(usize::try_from(available), Ok(room));
            assert!(needed > available);
        }
        kind => panic!("{kind:?}"),
    }
}

fn text(field: FieldRef<'_, '_>) -> String {
    field.exposed().to_string()
}

fn bytes(field: &FieldRef<'_, '_>) -> Vec<u8> {
    let mut bytes = vec![0; field.count()];
    field.copy_bytes(&mut bytes).unwrap();
    bytes
}

fn set(message: &mut Message<'_>, field: &FieldRef<'_, '_>) -> Result<(), Error> {
    match field.definition().class() {
        Class::B => message.set_bytes(field.number(), &bytes(field)),
        _ => message.set_text(field.number(), &text(*field)),
    }
}

fn write(encoder: &mut Encoder<'_, '_>, field: &FieldRef<'_, '_>) -> Result<(), Error> {
    match field.definition().class() {
        Class::B => encoder.bytes(field.number(), &bytes(field)).map(|_| ()),
        _ => encoder.text(field.number(), &text(*field)).map(|_| ()),
    }
}

/// A call of an encoder or of an owned message.
struct Call<'a> {
    number: u8,
    value: Value<'a>,
}

enum Value<'a> {
    Text(&'a str),
    Number(u64),
    Bytes(&'a [u8]),
}

impl<'a> Call<'a> {
    fn choose(choices: &mut Choices<'a>) -> Self {
        let what = choices.u8() % 3;
        let number = choices.u8();
        let value = match what {
            0 => Value::Number(choices.u64()),
            1 => Value::Bytes(choices.bytes()),
            _ => {
                let bytes = choices.bytes();
                str::from_utf8(bytes).map_or(Value::Bytes(bytes), Value::Text)
            }
        };
        Self { number, value }
    }

    fn write(&self, encoder: &mut Encoder<'_, '_>) -> Result<(), Error> {
        match self.value {
            Value::Text(text) => encoder.text(self.number, text).map(|_| ()),
            Value::Number(value) => encoder.number(self.number, value).map(|_| ()),
            Value::Bytes(bytes) => encoder.bytes(self.number, bytes).map(|_| ()),
        }
    }

    fn set(&self, message: &mut Message<'_>) -> Result<(), Error> {
        match self.value {
            Value::Text(text) => message.set_text(self.number, text),
            Value::Number(value) => message.set_number(self.number, value),
            Value::Bytes(bytes) => message.set_bytes(self.number, bytes),
        }
    }
}
