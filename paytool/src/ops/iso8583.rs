//! ISO 8583 messages under the shipped dialects.

use iso8583_wire::{
    BitmapEncoding, Error, FieldRef, Message, MessageRef, Mti, MtiEncoding, Spec, dialect,
};
use serde_json::{Map, Value};

use super::{Outputs, outputs};
use crate::failure::Failure;
use crate::hex;
use crate::inputs::{Input, Inputs, wrong_type};

pub(super) fn parse(inputs: &Inputs) -> Result<Outputs, Failure> {
    let spec = spec(inputs)?;
    let wire: Vec<u8> = inputs.require("hex")?;
    let partial = inputs.get("partial")?.unwrap_or(false);
    let in_clear = |field: &FieldRef<'_, '_>| field.exposed().to_string();
    match MessageRef::parse(spec, &wire) {
        Ok(message) => Ok(shown(&message, in_clear)),
        Err(error) if partial => {
            Err(Failure::from(error).after(read_before(spec, &wire, &error, in_clear)))
        }
        Err(error) => Err(error.into()),
    }
}

/// A message's outputs, each value as `show` writes it.
pub(crate) fn shown(
    message: &MessageRef<'_, '_>,
    show: impl Fn(&FieldRef<'_, '_>) -> String,
) -> Outputs {
    let field = |field: FieldRef<'_, '_>| (field.number().to_string(), show(&field).into());
    let fields: Map<String, Value> = message.iter().map(field).collect();
    outputs([("mti", message.mti().to_string().into()), ("fields", fields.into())])
}

/// What a message that cannot be read holds before the fault: nothing, the message type, or fields too.
pub(crate) fn read_before(
    spec: &Spec<'_>,
    wire: &[u8],
    error: &Error,
    show: impl Fn(&FieldRef<'_, '_>) -> String,
) -> Outputs {
    // With bytes left over, the message before them is sound.
    if let Ok((message, _)) = MessageRef::parse_prefix(spec, wire) {
        return shown(&message, show);
    }
    let path = error.path();
    let sound = path.numbers().first().and_then(|number| with_fields_below(spec, wire, *number));
    match MessageRef::parse_prefix(spec, sound.as_deref().unwrap_or_default()) {
        Ok((message, _)) => shown(&message, show),
        Err(_) => read_mti(spec, wire).map_or_else(Outputs::new, |mti| {
            outputs([("mti", mti.to_string().into()), ("fields", Map::new().into())])
        }),
    }
}

/// The first bit of a bitmap, which in the first announces the second.
const ANNOUNCES: u64 = 1 << 63;

/// The message with bitmaps that announce the fields below `number` alone.
fn with_fields_below(spec: &Spec<'_>, wire: &[u8], number: u16) -> Option<Vec<u8>> {
    let (mti, mut rest) = wire.split_at_checked(mti_width(spec))?;
    let mut message = mti.to_vec();
    for (first, kept) in [(1, ANNOUNCES), (65, 0)] {
        let (bits, after) = split_bitmap(spec, rest)?;
        let count = u32::from(number.saturating_sub(first));
        let below = !u64::MAX.checked_shr(count).unwrap_or(0);
        let bitmap = (bits & (kept | below)).to_be_bytes();
        match spec.bitmap_encoding() {
            BitmapEncoding::Binary => message.extend(bitmap),
            _ => message.extend(hex::encode(&bitmap).into_bytes()),
        }
        rest = after;
        if bits & ANNOUNCES == 0 {
            break;
        }
    }
    message.extend(rest);
    Some(message)
}

fn split_bitmap<'a>(spec: &Spec<'_>, bytes: &'a [u8]) -> Option<(u64, &'a [u8])> {
    if spec.bitmap_encoding() == BitmapEncoding::Binary {
        let (bitmap, after) = bytes.split_first_chunk()?;
        return Some((u64::from_be_bytes(*bitmap), after));
    }
    let (digits, after) = bytes.split_at_checked(16)?;
    let bits = u64::from_str_radix(core::str::from_utf8(digits).ok()?, 16).ok()?;
    Some((bits, after))
}

/// The message type alone.
fn read_mti(spec: &Spec<'_>, wire: &[u8]) -> Option<Mti> {
    let mti = wire.get(..mti_width(spec))?;
    let digits = match spec.mti_encoding() {
        MtiEncoding::Ascii => mti.to_vec(),
        _ => hex::encode(mti).into_bytes(),
    };
    Mti::from_digits(digits.as_slice().try_into().ok()?).ok()
}

fn mti_width(spec: &Spec<'_>) -> usize {
    match spec.mti_encoding() {
        MtiEncoding::Ascii => 4,
        _ => 2,
    }
}

pub(super) fn encode(inputs: &Inputs) -> Result<Outputs, Failure> {
    let spec = spec(inputs)?;
    if inputs.get::<Vec<u8>>("header")?.is_some_and(|header| !header.is_empty()) {
        return Err(Failure::invalid("`header`: this dialect has none"));
    }
    let mut message = Message::new(spec, inputs.require::<&str>("mti")?.parse()?);
    let fields: &Map<String, Value> = inputs.require("fields")?;
    for (name, value) in fields.iter().filter(|(_, value)| !value.is_null()) {
        let number = field_number(name)?;
        set(&mut message, number, value).map_err(|failure| failure.on(number.to_string()))?;
    }
    Ok(outputs([("hex", hex::encode(&message.encode_to_vec()?).into())]))
}

fn set(message: &mut Message<'_>, number: u8, value: &Value) -> Result<(), Failure> {
    let in_field = |failure: Failure| failure.of(&format!("fields`: `{number}"));
    let text = Input::read(value).map_err(in_field)?;
    let class = message.spec().field(number).map(iso8583_wire::Field::class);
    let set = if class == Some(iso8583_wire::Class::B) {
        message.set_bytes(number, &hex::decode(text).map_err(in_field)?)
    } else {
        message.set_text(number, text)
    };
    // There is no byte at fault: nothing is written yet.
    set.map_err(|error| {
        let kind = error.kind();
        in_field(Failure::new(kind.as_str(), kind.to_string()))
    })
}

/// A field's number as it stands in answers: decimal, without zeros in front.
fn field_number(name: &str) -> Result<u8, Failure> {
    let number = name.parse().ok().filter(|number: &u8| number.to_string() == name);
    number.ok_or_else(|| Failure::invalid("`fields`: a name that is no field's number"))
}

/// The dialect that `spec` names.
fn spec(inputs: &Inputs) -> Result<&'static Spec<'static>, Failure> {
    match inputs.require::<&Value>("spec")? {
        Value::String(name) => find_spec(name),
        Value::Object(_) => {
            Err(Failure::new("unknown_spec", "`spec`: only dialects with a name are offered"))
        }
        _ => Err(wrong_type("a string or an object").of("spec")),
    }
}

/// The dialect of that name.
pub(crate) fn find_spec(name: &str) -> Result<&'static Spec<'static>, Failure> {
    dialect::by_name(name).ok_or_else(|| {
        let names: Vec<&str> = dialect::ALL.iter().map(|spec| spec.name()).collect();
        let message = format!("`spec`: no dialect has this name; there are {}", names.join(", "));
        Failure::new("unknown_spec", message)
    })
}
