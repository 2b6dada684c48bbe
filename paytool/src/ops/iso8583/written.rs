//! A message written from JSON.

use encoding_rs::GBK;
use iso8583_wire::{
    Class, Composer, Composite, Encoder, Encoding, Error, Field, Layout, Mti, Path, Spec, Tag,
    TagEncoding,
};
use serde_json::{Map, Value};

use super::read::HEX;
use crate::failure::Failure;
use crate::hex;
use crate::inputs::Input;
use crate::ops::tlv;

/// The longest message.
const MAX_LEN: usize = 65_535;

/// Writes the fields, which come in any order.
pub(super) fn message(
    spec: &Spec<'_>,
    mti: Mti,
    fields: &Map<String, Value>,
) -> Result<Vec<u8>, Failure> {
    let mut in_order = Vec::new();
    for (name, value) in fields.iter().filter(|(_, value)| !value.is_null()) {
        let number: Option<u16> =
            name.parse().ok().filter(|number: &u16| number.to_string() == *name);
        let number = number.filter(|number| *number <= 192);
        let number =
            number.ok_or_else(|| Failure::invalid("`fields`: a name that is no field's number"))?;
        in_order.push((number, value));
    }
    in_order.sort_by_key(|(number, _)| *number);
    let mut buffer = vec![0; MAX_LEN];
    let mut encoder = Encoder::new(spec, mti, &mut buffer).map_err(unplaced)?;
    for (number, value) in in_order {
        field(&mut encoder, spec, number, value).map_err(|failure| {
            let failure = failure.of(&format!("fields`: `{number}"));
            if failure.has_path() { failure } else { failure.on(number.to_string()) }
        })?;
    }
    Ok(encoder.finish().to_vec())
}

/// An error of what is written. There is no byte at fault: the message is not there yet.
fn unplaced(error: Error) -> Failure {
    let failure = Failure::new(error.kind().as_str(), error.kind().to_string());
    if error.path() == Path::MTI { failure } else { failure.on(error.path().to_string()) }
}

fn field(
    encoder: &mut Encoder<'_, '_>,
    spec: &Spec<'_>,
    number: u16,
    value: &Value,
) -> Result<(), Failure> {
    let definition = spec.field(number);
    let composite = definition.and_then(|field| spec.composite(field));
    if let (Some(composite), Value::Object(objects)) = (composite, value) {
        return if composite.layout() == Layout::BerTlv {
            written(encoder.bytes(number, &tlv::flat(objects)?))
        } else {
            let written = encoder.try_composite(number, |composer| {
                compose(composer, spec, composite, objects).map_err(Stopped)
            });
            written.map(|_| ()).map_err(|stopped| stopped.0)
        };
    }
    let given = given(definition, value)?;
    if let (Some(Layout::BerTlv), Given::Bytes(bytes)) = (composite.map(Composite::layout), &given)
    {
        tlv::check(bytes)?;
    }
    match given {
        Given::Text(text) => written(encoder.text(number, text)),
        Given::Bytes(bytes) => written(encoder.bytes(number, &bytes)),
    }
}

fn written<T>(result: Result<T, Error>) -> Result<(), Failure> {
    result.map(|_| ()).map_err(unplaced)
}

/// A failure that an encoder's error turns into without a place.
struct Stopped(Failure);

impl From<Error> for Stopped {
    fn from(error: Error) -> Self {
        Self(unplaced(error))
    }
}

/// A value as it is handed to the encoder.
enum Given<'v> {
    Text(&'v str),
    Bytes(Vec<u8>),
}

fn given<'v>(definition: Option<&Field>, value: &'v Value) -> Result<Given<'v>, Failure> {
    let text: &str = Input::read(value)?;
    Ok(match definition.map(|field| (field.class(), field.encoding())) {
        Some((Class::B, _)) => Given::Bytes(hex::decode(text)?),
        Some((_, Encoding::Raw)) => match (text.strip_prefix(HEX), GBK.encode(text)) {
            (Some(digits), _) => Given::Bytes(hex::decode(digits)?),
            (None, (bytes, _, false)) => Given::Bytes(bytes.into_owned()),
            _ => {
                return Err(Failure::new(
                    "invalid_character",
                    "a character that GBK does not have",
                ));
            }
        },
        _ => Given::Text(text),
    })
}

/// Writes parts, in the order of their numbers or, where they have tags, as they come.
///
/// The recursion goes as deep as a spec lays out parts, which has a limit.
fn compose(
    composer: &mut Composer<'_, '_>,
    spec: &Spec<'_>,
    composite: &Composite,
    parts: &Map<String, Value>,
) -> Result<(), Failure> {
    let carried = parts.iter().filter(|(_, value)| !value.is_null());
    let mut entries: Vec<(&String, &Value)> = carried.collect();
    if !matches!(composite.layout(), Layout::Tagged { .. }) {
        // What is no number is refused below. The BER-TLV of a dataset, part 0, comes last.
        let key = |name: &str| name.parse::<u16>().ok().filter(|number| *number > 0);
        entries.sort_by_key(|(name, _)| (*name != "h", key(name).unwrap_or(u16::MAX)));
    }
    for (name, value) in entries {
        if name == "h" {
            let header: Vec<u8> = Input::read(value)?;
            written(composer.header(&header))?;
            continue;
        }
        let once = core::slice::from_ref(value);
        for value in value.as_array().map_or(once, Vec::as_slice) {
            part(composer, spec, composite, name, value)?;
        }
    }
    Ok(())
}

fn part(
    composer: &mut Composer<'_, '_>,
    spec: &Spec<'_>,
    composite: &Composite,
    name: &str,
    value: &Value,
) -> Result<(), Failure> {
    let number = match composite.layout() {
        Layout::Tagged { tag, .. } => {
            let mut bytes = [0; 4];
            let label = tag.bytes(name, &mut bytes);
            let bytes = label.ok_or_else(|| Failure::invalid("a name that is no part's tag"))?;
            match number(tag, name) {
                Some(number) => number,
                // A tag that is no number holds what nobody knows: text, or bytes where tags are binary.
                None if tag.encoding() == TagEncoding::Binary => {
                    let data: Vec<u8> = Input::read(value)?;
                    return written(composer.tagged(bytes, &data));
                }
                None => return written(composer.tagged_text(bytes, Input::read(value)?)),
            }
        }
        _ => {
            let number = name.parse().ok().filter(|number: &u16| number.to_string() == name);
            number.ok_or_else(|| Failure::invalid("a name that is no part's number"))?
        }
    };
    let definition = spec.subfield(composite, number);
    let inner = definition.and_then(|field| spec.composite(field));
    if let (Some(inner), Value::Object(objects)) = (inner, value) {
        return if inner.layout() == Layout::BerTlv {
            written(composer.bytes(number, &tlv::flat(objects)?))
        } else {
            let written = composer.try_composite(number, |composer| {
                compose(composer, spec, inner, objects).map_err(Stopped)
            });
            written.map(|_| ()).map_err(|stopped| stopped.0)
        };
    }
    // The BER-TLV of a dataset has no definition in the table.
    let is_tlv = number == 0 && composite.layout() == Layout::Dataset;
    match if is_tlv { Input::read(value).map(Given::Bytes)? } else { given(definition, value)? } {
        Given::Text(text) => written(composer.text(number, text)),
        Given::Bytes(bytes) => written(composer.bytes(number, &bytes)),
    }
}

/// The number that a tag is, by its label.
fn number(tag: Tag, label: &str) -> Option<u16> {
    let (digits, base) = match tag.encoding() {
        TagEncoding::Binary => (usize::from(tag.size()).saturating_mul(2), 16),
        _ => (tag.size().into(), 10),
    };
    let is_number = label.len() == digits && label.bytes().all(|c| char::from(c).is_digit(base));
    u16::from_str_radix(label, base).ok().filter(|number| is_number && *number != u16::MAX)
}
