//! What a view says, and how it is refused, against its twin.

use iso8583_wire::{
    BitmapEncoding, Class, Encoding, Error, ErrorKind, FieldRef, MessageRef, Mti, MtiEncoding,
    Sensitivity, Spec,
};

use super::twin::{self, Fault, Item, Wrong};
use crate::choices::hex;

/// No length, offset or field number has more digits, and no telling part of a card number has so few.
const MOST_DIGITS_IN_A_ROW: usize = 6;

/// Asserts that the bytes are read whole, or refused, as the twin does.
pub(super) fn assert_parse(spec: &Spec<'_>, wire: &[u8]) {
    match (MessageRef::parse(spec, wire), twin::read(spec, wire)) {
        (Ok(message), Ok(_)) => assert_view(&message, wire),
        (Err(error), Err(fault)) => assert_refused(&error, &fault),
        (Err(error), Ok(twin)) if twin.end < wire.len() => {
            let count = u32::try_from(wire.len() - twin.end).unwrap();
            let kind = Wrong::Is(ErrorKind::TrailingBytes { count });
            assert_refused(&error, &(kind, twin.end, twin.last));
        }
        (Ok(message), Err(fault)) => panic!("{message:?} where {fault:?} was due"),
        (Err(error), Ok(_)) => panic!("{error:?}"),
    }
}

/// Asserts that an error is the one that is due, and shows nothing of the input.
pub(super) fn assert_refused(error: &Error, (wrong, offset, path): &Fault) {
    match (error.kind(), wrong) {
        (ErrorKind::InvalidCharacter { class, index }, Wrong::Character(expected, places)) => {
            assert_eq!(class, *expected);
            assert!(places.contains(&index.into()), "{index} where {places:?} was due");
        }
        (kind, Wrong::Is(expected)) => assert_eq!(kind, *expected),
        (kind, wrong) => panic!("{kind:?} where {wrong:?} was due"),
    }
    assert_eq!((usize::try_from(error.offset()), error.path()), (Ok(*offset), *path));
    let shown = error.to_string();
    assert_eq!(shown, shown.to_lowercase());
    for shown in [shown, format!("{error:?}")] {
        assert!(shown.is_ascii() && !shown.contains('\n'), "{shown}");
        let longest = shown.split(|c: char| !c.is_ascii_digit()).map(str::len).max();
        assert!(longest <= Some(MOST_DIGITS_IN_A_ROW), "{shown}");
    }
    let name = error.kind().as_str();
    assert!(name.bytes().all(|byte| byte == b'_' || byte.is_ascii_lowercase()), "{name}");
}

/// Asserts that a view says what the twin says of the bytes: its parts tile them, in order, and each is what it should be.
pub(super) fn assert_view(message: &MessageRef<'_, '_>, wire: &[u8]) {
    let twin = match twin::read(message.spec(), wire) {
        Ok(twin) => twin,
        Err(fault) => panic!("{message:?} where {fault:?} was due"),
    };
    assert_eq!((message.wire(), twin.end), (wire, wire.len()));
    assert_eq!(message.mti().to_string(), twin.mti);
    let numbers: Vec<u8> = twin.fields.iter().map(|item| item.number).collect();
    assert_eq!(message.carried().iter().collect::<Vec<_>>(), numbers);
    assert_eq!(message.carried().len(), numbers.len());

    let mut shown = twin.mti;
    let mut fields = message.iter();
    let ends = twin.fields.iter().skip(1).map(|item| item.at).chain([twin.end]);
    for (item, end) in twin.fields.iter().zip(ends) {
        let field = fields.next().unwrap();
        assert_eq!(field.number(), item.number);
        assert_eq!(Some(field.definition()), message.spec().field(item.number));
        assert_eq!(field.wire().as_ptr_range(), wire[item.at..end].as_ptr_range());
        assert_eq!(field.data().as_ptr_range(), wire[item.data_at..end].as_ptr_range());
        assert_value(&field, item);
        shown.push_str(&format!(" {}={}", item.number, masked(&field, &item.value)));
        let by_number = message.get(item.number).unwrap();
        assert_eq!(by_number.wire().as_ptr_range(), field.wire().as_ptr_range());
    }
    assert!(fields.next().is_none());
    for number in 0..=u8::MAX {
        assert_eq!(message.get(number).is_some(), numbers.contains(&number), "field {number}");
        assert_eq!(message.require(number).is_ok(), numbers.contains(&number));
    }
    assert_mac(message, numbers.last().copied(), wire);
    assert_eq!(message.to_string(), shown);
    assert_eq!(format!("{message:?}"), format!("MessageRef({shown})"));
}

fn assert_mac(message: &MessageRef<'_, '_>, last: Option<u8>, wire: &[u8]) {
    match (message.mac(), message.mac_input()) {
        (Some(mac), Some(input)) => {
            assert!(Some(mac.number()) == last && matches!(last, Some(64 | 128)));
            assert_eq!([input, mac.wire()].concat(), wire);
        }
        (None, None) => assert!(!matches!(last, Some(64 | 128))),
        _ => panic!("a code without its input"),
    }
}

/// The head of a message: its type and its bitmaps, as they should be written.
pub(super) fn head(message: &MessageRef<'_, '_>) -> Vec<u8> {
    let spec = message.spec();
    let numbers: Vec<u8> = message.carried().iter().collect();
    let mut bits = vec![false; if numbers.iter().any(|&number| number > 64) { 128 } else { 64 }];
    bits[0] = bits.len() > 64;
    for number in numbers {
        bits[usize::from(number) - 1] = true;
    }
    let bytes: Vec<u8> = bits
        .chunks(8)
        .map(|byte| byte.iter().fold(0, |bits, &bit| bits << 1 | u8::from(bit)))
        .collect();
    let mut head = write_mti(spec.mti_encoding(), message.mti());
    match spec.bitmap_encoding() {
        BitmapEncoding::Binary => head.extend(bytes),
        BitmapEncoding::Hex => head.extend(hex(&bytes).bytes()),
        other => panic!("no twin of {other:?}"),
    }
    head
}

fn write_mti(encoding: MtiEncoding, mti: Mti) -> Vec<u8> {
    let digits = mti.to_string();
    match encoding {
        MtiEncoding::Ascii => digits.into_bytes(),
        _ => u16::from_str_radix(&digits, 16).unwrap().to_be_bytes().into(),
    }
}

/// Asserts that every way to a field's value gives what the twin read.
fn assert_value(field: &FieldRef<'_, '_>, Item { count, value, .. }: &Item) {
    assert_eq!(field.count(), *count);
    assert_eq!(field.exposed().to_string(), *value);
    assert_eq!(field.characters().collect::<String>(), *value);
    assert_eq!(field.characters().len(), value.len());
    assert!(*field == **value);

    let definition = field.definition();
    let is_text = definition.encoding() == Encoding::Ascii;
    assert_eq!(field.as_str(), is_text.then_some(value.as_str()));
    let is_raw = definition.encoding() == Encoding::Binary;
    assert_eq!(field.as_bytes(), is_raw.then_some(field.data()));
    let number = if value.is_empty() { Some(0) } else { value.parse().ok() };
    assert_eq!(field.to_u64(), number.filter(|_| definition.class() == Class::N));

    let mut buffer = vec![0xEE; value.len()];
    assert_eq!(field.copy_text(&mut buffer).unwrap(), *value);
    if let Some(short) = buffer.len().checked_sub(1) {
        assert!(field.copy_text(&mut buffer[..short]).is_err());
    }
    match field.copy_bytes(&mut buffer) {
        Ok(bytes) => assert_eq!((&hex(bytes), definition.class()), (value, Class::B)),
        Err(error) => {
            assert_eq!(error.kind(), ErrorKind::WrongValueType);
            assert_ne!(definition.class(), Class::B);
        }
    }
    let shown = masked(field, value);
    assert_eq!(field.to_string(), shown);
    assert_eq!(format!("{field:?}"), format!("FieldRef({}: {shown})", field.number()));
    assert_eq!(format!("{:?}", field.exposed()), format!("{field:?}"));
}

/// What may be shown of a value: all if it is public, ten digits of a card number of at least 15, else its length.
fn masked(field: &FieldRef<'_, '_>, value: &str) -> String {
    let label = match field.definition().sensitivity() {
        Sensitivity::Public => return value.to_owned(),
        Sensitivity::Pan => {
            let stars = |count| "*".repeat(count);
            return match value.len().checked_sub(10) {
                Some(hidden @ 5..) => {
                    format!("{}{}{}", &value[..6], stars(hidden), &value[6 + hidden..])
                }
                _ => stars(value.len()),
            };
        }
        Sensitivity::Track => "track",
        Sensitivity::Pin => "pin",
        Sensitivity::Key => "key",
        Sensitivity::Cardholder => "cardholder",
        Sensitivity::Opaque => "opaque",
        other => panic!("no twin of {other:?}"),
    };
    format!("[{label}, length {}]", field.count())
}
