//! A dialect written out as a JSON object: `{"mti": .., "bitmap": .., "fields": {..}}`.

use iso8583_wire::dialect::ISO87_ASCII;
use iso8583_wire::{
    BitmapEncoding, Bitmaps, Class, Composite, CompositeBuf, Encoding, Field, MtiEncoding, Prefix,
    Sensitivity, SpecBuf, Tag,
};
use serde_json::{Map, Value};

use super::notation::{self, Place, invalid};
use crate::failure::Failure;
use crate::inputs::Inputs;

/// Parts in parts in parts: a path has four numbers.
const DEPTH: usize = 3;

/// Reads a dialect, and how many bytes stand before its messages.
pub(super) fn read(spec: &Map<String, Value>) -> Result<(SpecBuf, usize), Failure> {
    let known = ["mti", "bitmap", "bitmap_fixed", "max_bitmaps", "header", "fields"];
    let inputs = Inputs::new(spec.clone(), &known)?;
    let mti = match inputs.require("mti")? {
        "ascii" => MtiEncoding::Ascii,
        "bcd" => MtiEncoding::Bcd,
        "e037" | "e500" | "e1047" => MtiEncoding::Ebcdic,
        _ => return Err(invalid("`mti` is ascii, bcd, e037, e500 or e1047")),
    };
    let bitmap = bitmap_encoding(inputs.require("bitmap")?)?;
    let bitmaps = match (inputs.get("bitmap_fixed")?, inputs.get("max_bitmaps")?) {
        (Some(8_u64), None | Some(1_u64)) | (None, Some(1)) => Bitmaps::One,
        (Some(16), None | Some(2)) => Bitmaps::Two,
        (Some(24), None | Some(3)) => Bitmaps::Three,
        (None, None | Some(2)) => Bitmaps::UpToTwo,
        (None, Some(3)) => Bitmaps::UpToThree,
        _ => {
            return Err(invalid(
                "`bitmap_fixed` is 8, 16 or 24, `max_bitmaps` 1, 2 or 3, and as many where both are given",
            ));
        }
    };
    let header = inputs.get::<u64>("header")?.unwrap_or(0);
    let header = u16::try_from(header).map_err(|_| invalid("`header` is at most 65,535 bytes"))?;
    let header = usize::from(header);
    let mut dialect = SpecBuf::new("compact", mti, bitmap, bitmaps);
    for (name, definition) in inputs.require::<&Map<String, Value>>("fields")? {
        let number = number(name)?;
        let of_field = |failure: Failure| failure.of(&number.to_string());
        if number > 192 {
            return Err(of_field(invalid("no bitmap announces this number")));
        }
        let (field, composite) =
            element(definition, sensitivity(number), Place::OfItsOwn, DEPTH).map_err(of_field)?;
        match composite {
            Some(composite) => dialect.set_composite(number, field, composite),
            None => dialect.set(number, field),
        }
    }
    Ok((dialect, header))
}

/// What a field of this number holds in most dialects, and its parts with it; the notation does not say.
fn sensitivity(number: u16) -> Sensitivity {
    ISO87_ASCII.field(number).map_or(Sensitivity::Opaque, Field::sensitivity)
}

fn number(name: &str) -> Result<u16, Failure> {
    let number = name.parse().ok().filter(|number: &u16| number.to_string() == name);
    number.ok_or_else(|| invalid("`fields` has a name that is no number"))
}

fn bitmap_encoding(name: &str) -> Result<BitmapEncoding, Failure> {
    match name {
        "bin" => Ok(BitmapEncoding::Binary),
        "ahex" => Ok(BitmapEncoding::Hex),
        "ehex" => Ok(BitmapEncoding::EbcdicHex),
        _ => Err(invalid("a bitmap is bin, ahex or ehex")),
    }
}

/// A field's definition: a text, or an object where it is made of parts, which may be nested `depth` deep.
fn element(
    definition: &Value,
    sensitivity: Sensitivity,
    place: Place,
    depth: usize,
) -> Result<(Field, Option<CompositeBuf>), Failure> {
    match definition {
        Value::String(text) => Ok((notation::field(text, place)?.sensitive(sensitivity), None)),
        Value::Object(composite) => {
            let depth = depth.checked_sub(1).ok_or_else(|| invalid("parts are nested too deep"))?;
            let kind = composite.get("kind").and_then(Value::as_str).unwrap_or_default();
            let known: &[&str] = match kind {
                "positional" => &["outer", "kind", "fields"],
                "bitmap" => &["outer", "kind", "fields", "enc", "bytes", "header"],
                "taglen" => &["outer", "kind", "fields", "tag", "len", "cs"],
                "bertlv" => &["outer", "kind"],
                _ => return Err(invalid("`kind` is positional, bitmap, taglen or bertlv")),
            };
            let inputs = Inputs::new(composite.clone(), known)?;
            let outer = notation::field(inputs.require("outer")?, place)?.sensitive(sensitivity);
            let outer = match outer.encoding() {
                // Bytes, whatever charset the text around them has.
                Encoding::Ascii | Encoding::Latin1 if kind == "bertlv" => {
                    outer.encoded(Encoding::Raw)
                }
                _ => outer,
            };
            Ok((outer, Some(parts(&inputs, sensitivity, depth)?)))
        }
        _ => Err(invalid("a field is a text or an object")),
    }
}

fn parts(inputs: &Inputs, sensitivity: Sensitivity, depth: usize) -> Result<CompositeBuf, Failure> {
    let small = |name: &str| -> Result<Option<u8>, Failure> {
        let value = inputs.get::<u64>(name)?;
        value
            .map(|value| u8::try_from(value).map_err(|_| invalid("a width is above 255")))
            .transpose()
    };
    let required = |name: &str| small(name)?.ok_or_else(|| Failure::missing(name));
    let (layout, place) = match inputs.require("kind")? {
        "positional" => (Composite::positional(0..0), Place::OfItsOwn),
        "bitmap" => {
            let encoding = bitmap_encoding(inputs.require("enc")?)?;
            let layout = Composite::bitmapped(encoding, required("bytes")?, 0..0);
            (layout.with_header(small("header")?.unwrap_or(0)), Place::OfItsOwn)
        }
        "taglen" => (tagged(required("tag")?, required("len")?, inputs.get("cs")?)?, Place::Tagged),
        _ => (Composite::BER_TLV, Place::OfItsOwn),
    };
    let mut composite = CompositeBuf::new(layout);
    let none = Map::new();
    for (name, definition) in inputs.get("fields")?.unwrap_or(&none) {
        // Tags are written with zeros in front.
        let number = match place {
            Place::Tagged => {
                name.parse().map_err(|_| invalid("`fields` has a tag that is no number"))?
            }
            Place::OfItsOwn => number(name)?,
        };
        let (field, below) = element(definition, sensitivity, place, depth)
            .map_err(|failure| failure.of(&number.to_string()))?;
        composite = match below {
            Some(below) => composite.with_composite(number, field, below),
            None => composite.with_part(number, field),
        };
    }
    Ok(composite)
}

/// Tags and lengths of so many characters; a tag that is not defined holds text of the same characters.
fn tagged(tag: u8, len: u8, characters: Option<&str>) -> Result<Composite, Failure> {
    let (tag, prefix, encoding) = match characters {
        None | Some("a") => (Tag::ascii(tag), Prefix::ascii(len), Encoding::Latin1),
        Some("e") => (Tag::ebcdic(tag), Prefix::ebcdic(len), Encoding::Ebcdic037),
        Some(_) => return Err(invalid("`cs` is a or e")),
    };
    let unknown =
        Field::up_to(Class::Any, u16::MAX).encoded(encoding).sensitive(Sensitivity::Opaque);
    Ok(Composite::tagged(tag, prefix, 0..0).with_unknown(Some(unknown)))
}
