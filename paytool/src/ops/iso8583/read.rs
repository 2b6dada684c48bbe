//! The fields of a message as JSON.

use encoding_rs::GBK;
use iso8583_wire::{Encoding, FieldRef, Layout, MessageRef, Sensitivity};
use serde_json::{Map, Value};

use crate::failure::Failure;
use crate::hex;

/// What stands before the bytes of a text that is none.
pub(super) const HEX: &str = "hex:";

/// Whether values are shown whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Look {
    Clear,
    /// As each field's sensitivity allows.
    Masked,
}

/// The fields by number, up to the first whose content cannot be read, and what is wrong with that.
pub(super) fn fields(
    message: &MessageRef<'_, '_>,
    look: Look,
) -> (Map<String, Value>, Option<Failure>) {
    let mut fields = Map::new();
    for field in message {
        let number = field.number().to_string();
        match value(&field, look, message.wire(), &number) {
            Ok(value) => fields.insert(number, value),
            Err(failure) => return (fields, Some(failure)),
        };
    }
    (fields, None)
}

/// The recursion goes as deep as a spec lays out parts, which has a limit.
fn value(field: &FieldRef<'_, '_>, look: Look, wire: &[u8], path: &str) -> Result<Value, Failure> {
    match field.layout() {
        Some(Layout::BerTlv) if look == Look::Clear => {
            let start = field.data().as_ptr().addr().saturating_sub(wire.as_ptr().addr());
            tlv(field).map_err(|failure| failure.behind(start).on(path.to_owned()))
        }
        None | Some(Layout::BerTlv) => Ok(match (look, field.definition().encoding()) {
            // The charset of a network's own text that anybody may see, on a terminal.
            (Look::Masked, Encoding::Raw) if field.sensitivity() == Sensitivity::Public => {
                let text = GBK.decode_without_bom_handling(field.data()).0;
                text.chars().map(|c| if c.is_control() { '.' } else { c }).collect()
            }
            (Look::Masked, _) => field.to_string(),
            (Look::Clear, Encoding::Raw) => raw(field.data()),
            (Look::Clear, _) => field.exposed().to_string(),
        }
        .into()),
        Some(_) => {
            let mut parts = Map::new();
            if look == Look::Clear && !field.header().is_empty() {
                parts.insert("h".to_owned(), hex::encode(field.header()).into());
            }
            for part in field.parts() {
                let path = format!("{path}.{}", part.number());
                add(&mut parts, part.label().to_string(), value(&part, look, wire, &path)?);
            }
            Ok(parts.into())
        }
    }
}

/// Text in the charset of a network's own, as far as this tool knows one; what is no text of it, or does not come back from
/// it, is written out in hex behind a word that says so.
fn raw(data: &[u8]) -> String {
    let text = GBK.decode_without_bom_handling(data).0;
    if GBK.encode(&text).0 == data && !text.starts_with(HEX) {
        return text.into_owned();
    }
    format!("{HEX}{}", hex::encode(data))
}

/// Puts a value behind others of the same name.
fn add(parts: &mut Map<String, Value>, name: String, value: Value) {
    match parts.get_mut(&name) {
        None => {
            parts.insert(name, value);
        }
        Some(Value::Array(values)) => values.push(value),
        Some(first) => *first = Value::Array(vec![first.take(), value]),
    }
}

/// BER-TLV as its objects, outermost ones only.
fn tlv(field: &FieldRef<'_, '_>) -> Result<Value, Failure> {
    let mut bytes = vec![0; field.data().len()];
    let bytes = field.copy_bytes(&mut bytes).unwrap_or_else(|_| field.data());
    // Hexadecimal text has two digits a byte.
    let digits = if bytes.len() < field.data().len() { 2 } else { 1 };
    let mut objects = Map::new();
    for object in emv_tlv::parse(bytes) {
        let object = object.map_err(|error| Failure::from(error).scaled(digits))?;
        add(&mut objects, object.tag().to_string(), hex::encode(object.value()).into());
    }
    Ok(objects.into())
}
