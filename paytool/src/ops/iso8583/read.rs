//! The fields of a message as JSON.

use encoding_rs::GBK;
use iso8583_wire::{Encoding, FieldRef, Layout, MessageRef};
use serde_json::{Map, Value};

use crate::failure::Failure;
use crate::hex;

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
        match value(&field, look) {
            Ok(value) => fields.insert(number, value),
            Err(failure) => {
                let start = offset(message.wire(), field.data());
                return (fields, Some(failure.behind(start).on(number)));
            }
        };
    }
    (fields, None)
}

fn offset(whole: &[u8], part: &[u8]) -> usize {
    part.as_ptr().addr().saturating_sub(whole.as_ptr().addr())
}

/// The recursion goes as deep as a spec lays out parts, which has a limit.
fn value(field: &FieldRef<'_, '_>, look: Look) -> Result<Value, Failure> {
    match field.layout() {
        Some(Layout::BerTlv) if look == Look::Clear => tlv(field),
        None | Some(Layout::BerTlv) => Ok(match (look, field.definition().encoding()) {
            (Look::Masked, _) => field.to_string(),
            // The charset of a network's own text, as far as this tool knows one.
            (Look::Clear, Encoding::Raw) => {
                GBK.decode_without_bom_handling(field.data()).0.into_owned()
            }
            (Look::Clear, _) => field.exposed().to_string(),
        }
        .into()),
        Some(_) => {
            let mut parts = Map::new();
            if look == Look::Clear && !field.header().is_empty() {
                parts.insert("h".to_owned(), hex::encode(field.header()).into());
            }
            for part in field.parts() {
                add(&mut parts, part.label().to_string(), value(&part, look)?);
            }
            Ok(parts.into())
        }
    }
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
    let mut objects = Map::new();
    for object in emv_tlv::parse(bytes) {
        let object = object?;
        add(&mut objects, object.tag().to_string(), hex::encode(object.value()).into());
    }
    Ok(objects.into())
}
