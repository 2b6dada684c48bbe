//! A value, and what is shown of it.

use iso8583_wire::{Class, Encoding, ErrorKind, FieldRef, Layout, Sensitivity};

use crate::choices::hex;
use crate::iso8583::twin::Item;

/// Asserts that every way to a field's value gives what the twin read.
pub(super) fn assert_value(field: &FieldRef<'_, '_>, item: &Item<'_>) {
    let value = &item.value;
    assert_eq!(field.exposed().to_string(), *value);
    assert_eq!(field.characters().collect::<String>(), *value);
    assert_eq!(field.characters().len(), value.chars().count());
    assert!(*field == **value);

    let definition = field.definition();
    let is_text = matches!(definition.encoding(), Encoding::Ascii | Encoding::Raw);
    // What is not ASCII is left to who knows better.
    if !is_text || field.data().is_ascii() {
        assert_eq!(field.as_str(), is_text.then_some(value.as_str()));
    }
    let is_raw = matches!(definition.encoding(), Encoding::Binary | Encoding::Raw);
    assert_eq!(field.as_bytes(), is_raw.then_some(field.data()));
    let is_number = definition.class() == Class::N && value.chars().all(|c| c.is_ascii_digit());
    let number = if value.is_empty() { Some(0) } else { value.parse().ok() };
    assert_eq!(field.to_u64(), number.filter(|_| is_number));

    let mut buffer = vec![0xEE; value.len()];
    assert_eq!(field.copy_text(&mut buffer).unwrap(), *value);
    if let Some(short) = buffer.len().checked_sub(1) {
        assert!(field.copy_text(&mut buffer[..short]).is_err());
    }
    match field.copy_bytes(&mut buffer) {
        Ok(bytes) if definition.class() == Class::B => assert_eq!(hex(bytes), *value),
        Ok(bytes) => assert_eq!((bytes, is_raw), (field.data(), true)),
        Err(error) => {
            assert_eq!(error.kind(), ErrorKind::WrongValueType);
            assert!(definition.class() != Class::B && !is_raw);
        }
    }
    let shown = masked(field, item, field.sensitivity());
    assert_eq!(field.to_string(), shown);
    assert_eq!(format!("{field:?}"), format!("FieldRef({}: {shown})", item.label));
    assert_eq!(format!("{:?}", field.exposed()), format!("{field:?}"));
}

/// What may be shown of a value that may show no more than `most`: of what is made of parts each part by itself; all if it
/// is public, ten digits of a card number of at least 15, else its length.
pub(super) fn masked(field: &FieldRef<'_, '_>, item: &Item<'_>, most: Sensitivity) -> String {
    let own = item.definition.sensitivity();
    let is_stricter = match most {
        Sensitivity::Public => false,
        Sensitivity::Pan => own == Sensitivity::Public,
        _ => matches!(own, Sensitivity::Public | Sensitivity::Pan),
    };
    let sensitivity = match if is_stricter { most } else { own } {
        Sensitivity::Public if field.layout() == Some(Layout::BerTlv) => Sensitivity::Opaque,
        sensitivity => sensitivity,
    };
    assert_eq!(field.sensitivity(), sensitivity);
    if let Some(made_of) = &item.made_of {
        let parts = field.parts().zip(&made_of.parts);
        let parts: Vec<_> = parts
            .map(|(part, item)| format!("{}={}", item.label, masked(&part, item, sensitivity)))
            .collect();
        return format!("{{{}}}", parts.join(" "));
    }
    // No control character reaches a log.
    let harmless = |c: char| if c.is_control() { '\u{FFFD}' } else { c };
    let value: String = item.value.chars().map(harmless).collect();
    let label = match sensitivity {
        Sensitivity::Public => return value,
        Sensitivity::Pan => {
            let count = value.chars().count();
            let is_shown = |place| count >= 15 && (place < 6 || place + 4 >= count);
            let shown = |(place, c)| if is_shown(place) { c } else { '*' };
            return value.chars().enumerate().map(shown).collect();
        }
        Sensitivity::Track => "track",
        Sensitivity::Pin => "pin",
        Sensitivity::Key => "key",
        Sensitivity::Cardholder => "cardholder",
        Sensitivity::Opaque => "opaque",
        other => panic!("no twin of {other:?}"),
    };
    format!("[{label}, length {}]", item.count)
}
