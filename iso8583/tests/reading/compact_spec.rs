//! A spec read from the compact form of the vector files.

use iso8583_wire::{
    BitmapEncoding, Bitmaps, Class, Composite, CompositeBuf, Encoding, Field, MtiEncoding, Pad,
    Prefix, SpecBuf, Tag, Unit,
};
use serde_json::Value;

/// The dialect that an object writes out, and how many bytes stand before its messages.
pub(crate) fn read(spec: &Value) -> (SpecBuf, usize) {
    let mti = match spec["mti"].as_str().unwrap() {
        "ascii" => MtiEncoding::Ascii,
        "bcd" => MtiEncoding::Bcd,
        _ => MtiEncoding::Ebcdic,
    };
    let bitmaps = match (spec["bitmap_fixed"].as_u64(), spec["max_bitmaps"].as_u64()) {
        (Some(16), _) => Bitmaps::Two,
        (Some(24), _) => Bitmaps::Three,
        (Some(_), _) | (_, Some(1)) => Bitmaps::One,
        (_, Some(3)) => Bitmaps::UpToThree,
        _ => Bitmaps::UpToTwo,
    };
    let mut dialect = SpecBuf::new("compact", mti, bitmap(&spec["bitmap"]), bitmaps);
    for (number, definition) in spec["fields"].as_object().unwrap() {
        let number = number.parse().unwrap();
        match definition {
            Value::String(text) => dialect.set(number, field(text, false)),
            _ => dialect.set_composite(
                number,
                field(definition["outer"].as_str().unwrap(), false),
                composite(definition),
            ),
        }
    }
    let header = spec["header"].as_u64().unwrap_or(0);
    (dialect, usize::try_from(header).unwrap())
}

fn bitmap(name: &Value) -> BitmapEncoding {
    match name.as_str().unwrap() {
        "bin" => BitmapEncoding::Binary,
        "ahex" => BitmapEncoding::Hex,
        _ => BitmapEncoding::EbcdicHex,
    }
}

fn composite(definition: &Value) -> CompositeBuf {
    let small = |name: &str| u8::try_from(definition[name].as_u64().unwrap_or(0)).unwrap();
    let kind = definition["kind"].as_str().unwrap();
    let layout = match kind {
        "positional" => Composite::positional(0..0),
        "bitmap" => Composite::bitmapped(bitmap(&definition["enc"]), small("bytes"), 0..0)
            .with_header(small("header")),
        "bertlv" => Composite::BER_TLV,
        _ => {
            let text = Field::up_to(Class::Any, u16::MAX).encoded(Encoding::Latin1);
            Composite::tagged(Tag::ascii(small("tag")), Prefix::ascii(small("len")), 0..0)
                .with_unknown(Some(text))
        }
    };
    let parts = definition["fields"].as_object().into_iter().flatten();
    parts.fold(CompositeBuf::new(layout), |composite, (number, part)| {
        let number = number.parse().unwrap();
        match part {
            Value::String(text) => composite.with_part(number, field(text, kind == "taglen")),
            _ => {
                let outer = field(part["outer"].as_str().unwrap(), kind == "taglen");
                composite.with_composite(number, outer, self::composite(part))
            }
        }
    })
}

/// Reads `a2:19 ascii` and the like.
fn field(definition: &str, is_tagged: bool) -> Field {
    let mut words = definition.split(' ');
    let (length, encoding) = (words.next().unwrap(), words.next().unwrap());
    let options: Vec<&str> = words.collect();
    let has = |option: &str| options.contains(&option);
    let (class, encoding_of) = match encoding {
        "numeric" => (Class::N, Encoding::Ascii),
        "ascii" if has("numeric") => (Class::N, Encoding::Ascii),
        "ascii" => (Class::Any, Encoding::Ascii),
        "latin1" => (Class::Any, Encoding::Latin1),
        "e037" => (Class::Any, Encoding::Ebcdic037),
        "e500" => (Class::Any, Encoding::Ebcdic500),
        "e1047" => (Class::Any, Encoding::Ebcdic1047),
        "bcd" | "bcdB" if has("track") => (Class::Z, Encoding::Bcd),
        "bcd" | "bcdB" => (Class::N, Encoding::Bcd),
        "xbcd" => (Class::Xn, Encoding::Bcd),
        "ahex" => (Class::B, Encoding::Hex),
        "ehex" => (Class::B, Encoding::EbcdicHex),
        "bin" => (Class::B, Encoding::Binary),
        other => panic!("{other}"),
    };
    let number = |text: &str| text.parse::<u32>().unwrap();
    let field = match length.split_once(':') {
        None => Field::fixed(class, number(&length[1..]).try_into().unwrap()),
        Some((prefix, max)) => {
            let size: u8 = prefix[1..].parse().unwrap();
            let (prefix, base) = match &prefix[..1] {
                "a" => (Prefix::ascii(size), 10_u32),
                "b" => (Prefix::bcd(size), 10),
                "e" => (Prefix::ebcdic(size), 10),
                _ => (Prefix::binary(size), 256),
            };
            // Some of these specs allow more than their prefix, or a message, can hold.
            let max = number(max).min(base.pow(size.into()) - 1).min(u16::MAX.into());
            let max = max.try_into().unwrap();
            if is_tagged { Field::up_to(class, max) } else { Field::variable(class, prefix, max) }
        }
    };
    let mut field = field.encoded(encoding_of);
    if encoding == "bcdB" {
        field = field.counted_in(Unit::Bytes);
    }
    if class == Class::Xn {
        field = field.with_other_signs();
    }
    if has("hex") {
        field = field.with_hex_nibbles();
    }
    for (option, pad) in
        [("l0", Pad::LEFT_ZERO), ("lF", Pad::LEFT_F), ("r0", Pad::RIGHT_ZERO), ("rF", Pad::RIGHT_F)]
    {
        if has(option) {
            field = field.padded(pad);
        }
    }
    field
}
