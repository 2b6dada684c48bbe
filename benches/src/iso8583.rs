//! The 21-element 0200, in binary form (bitmap, 52 and 55 as bytes) and in text form.

use std::borrow::Cow;
use std::cell::RefCell;
use std::env;
use std::hint::black_box;

use i8583::{Packer, Unpacker};
use iso8583_codec as codec;
use iso8583_core::field::{Field as CoreField, FieldValue as CoreValue};
use iso8583_core::{ISO8583Error, ISO8583Message, MessageType};
use iso8583_rs::iso8583::IsoError;
use iso8583_rs::iso8583::iso_spec::{self, IsoMsg};
use iso8583_wire::dialect::{ISO87_ASCII, iso87};
use iso8583_wire::{
    BitmapEncoding, Class, Encoder, Error, Field, MessageRef, Mti, MtiEncoding, Prefix, Spec,
};

use crate::inputs::{self, INPUTS};
use crate::{Job, Side};

/// ISO 8583:1987 in ASCII with a binary bitmap, 52 and 55 binary.
static PURCHASE: Spec = Spec::new("purchase", MtiEncoding::Ascii, BitmapEncoding::Binary, &TABLE);
static TABLE: [Option<Field>; 129] = iso87::with(
    iso87::with(iso87::ASCII_FIELDS, 52, Field::fixed(Class::B, 8)),
    55,
    Field::variable(Class::B, Prefix::ascii(3), 999),
);

/// The same with the message's own elements and no others.
static SMALL: Spec = Spec::new("small", MtiEncoding::Ascii, BitmapEncoding::Binary, &SMALL_TABLE);
static SMALL_TABLE: [Option<Field>; 129] = {
    let mut table = TABLE;
    let mut number = 0;
    while number < table.len() {
        if !matches!(
            number,
            2..=4 | 7 | 11..=14 | 18 | 22 | 23 | 25 | 32 | 35 | 37 | 41..=43 | 49 | 52 | 55
        ) {
            table[number] = None;
        }
        number += 1;
    }
    table
};

pub fn jobs() -> Vec<Job> {
    vec![parse(), read(), parse_text(), encode(), encode_text()]
}

fn parse() -> Job {
    let spec = codec_spec();
    assert_same_fields(&PURCHASE, &INPUTS.purchase);
    let message = codec::Message::parse(&spec, &INPUTS.purchase).unwrap();
    assert_eq!(message.field_count(), INPUTS.fields.len());
    for field in &INPUTS.fields {
        assert_eq!(message.field(field.number).unwrap().as_bytes(), field.value());
    }
    let ours = || MessageRef::parse(&PURCHASE, black_box(&INPUTS.purchase)).unwrap();
    let small = || MessageRef::parse(&SMALL, black_box(&INPUTS.purchase)).unwrap();
    let unchecked = || MessageRef::parse_structure(&PURCHASE, black_box(&INPUTS.purchase)).unwrap();
    assert_same_fields(&SMALL, &INPUTS.purchase);
    let codec = move || codec::Message::parse(&spec, black_box(&INPUTS.purchase)).unwrap();
    let mut sides = vec![
        Side::ours("ours", ours),
        Side::ours("ours, spec of 21 elements", small),
        Side::ours("ours, classes not checked", unchecked),
        Side::peer("iso8583-codec", codec),
    ];
    sides.extend(parse_rs().map(|rs| Side::peer("iso8583_rs", rs)));
    Job { name: "iso8583/parse", sides }
}

/// Parses and then asks for every field by its number.
fn read() -> Job {
    let spec = codec_spec();
    let ours = || {
        let message = MessageRef::parse(&PURCHASE, black_box(&INPUTS.purchase)).unwrap();
        for field in &INPUTS.fields {
            black_box(message.get(u16::from(field.number)).unwrap().data());
        }
    };
    let codec = move || {
        let message = codec::Message::parse(&spec, black_box(&INPUTS.purchase)).unwrap();
        for field in &INPUTS.fields {
            black_box(message.field(field.number).unwrap().as_bytes());
        }
    };
    let mut sides = vec![Side::ours("ours", ours), Side::peer("iso8583-codec", codec)];
    if let Some(parse) = parse_rs() {
        let rs = move || {
            let message = parse();
            for field in &INPUTS.fields {
                black_box(message.bmp_child_value(field.number.into()).unwrap());
            }
        };
        sides.push(Side::peer("iso8583_rs", rs));
    }
    Job { name: "iso8583/parse_and_read", sides }
}

fn parse_text() -> Job {
    let spec = i8583_spec();
    assert_same_fields(&ISO87_ASCII, &INPUTS.purchase_text);
    let mut unpacker = Unpacker::new(&INPUTS.purchase_text);
    let elements = unpacker.unpack(&spec).unwrap();
    // Beside the fields: the message type indicator and the bitmap.
    assert_eq!(elements.iter().flatten().count(), INPUTS.fields.len() + 2);
    for field in &INPUTS.fields {
        assert_eq!(elements[usize::from(field.number)], Some(field.text.as_bytes()));
    }
    let ours = || MessageRef::parse(&ISO87_ASCII, black_box(&INPUTS.purchase_text)).unwrap();
    let i8583 = move || {
        let mut unpacker = Unpacker::new(black_box(&INPUTS.purchase_text));
        black_box(unpacker.unpack(&spec).unwrap());
    };
    Job {
        name: "iso8583/parse_text",
        sides: vec![Side::ours("ours", ours), Side::peer("i8583", i8583)],
    }
}

fn encode() -> Job {
    let spec = codec_spec();
    assert_eq!(encode_ours(&PURCHASE, &mut [0; 512]).unwrap(), INPUTS.purchase);
    let ours = || {
        black_box(encode_ours(&PURCHASE, &mut [0; 512]).unwrap());
    };
    let codec = move || encode_codec(&spec).unwrap();
    assert_eq!(codec(), INPUTS.purchase);
    let core = || encode_core().unwrap();
    assert_eq!(core(), INPUTS.purchase);
    let mut sides = vec![
        Side::ours("ours", ours),
        Side::peer("iso8583-codec", codec),
        Side::peer("iso8583-core", core),
    ];
    if let Some(spec) = rs_spec() {
        let rs = || encode_rs(spec).unwrap();
        assert_eq!(rs(), INPUTS.purchase);
        sides.push(Side::peer("iso8583_rs", rs));
    }
    Job { name: "iso8583/encode", sides }
}

fn encode_text() -> Job {
    let spec = i8583_spec();
    assert_eq!(encode_ours_text(&mut [0; 512]).unwrap(), INPUTS.purchase_text);
    let ours = || {
        black_box(encode_ours_text(&mut [0; 512]).unwrap());
    };
    let i8583 = move || encode_i8583(&spec).unwrap();
    assert_eq!(i8583(), INPUTS.purchase_text);
    Job {
        name: "iso8583/encode_text",
        sides: vec![Side::ours("ours", ours), Side::peer("i8583", i8583)],
    }
}

fn encode_ours<'b>(spec: &Spec<'static>, buffer: &'b mut [u8]) -> Result<&'b [u8], Error> {
    let mut encoder = Encoder::new(spec, Mti::from_digits(b"0200")?, buffer)?;
    for field in black_box(&INPUTS.fields) {
        match &field.bytes {
            Some(bytes) => encoder.bytes(field.number.into(), bytes)?,
            None => encoder.text(field.number.into(), &field.text)?,
        };
    }
    Ok(encoder.finish())
}

/// Field 55 is text in the shipped dialect, 52 bytes that are written in hexadecimal.
fn encode_ours_text(buffer: &mut [u8]) -> Result<&[u8], Error> {
    let mut encoder = Encoder::new(&ISO87_ASCII, Mti::from_digits(b"0200")?, buffer)?;
    for field in black_box(&INPUTS.fields) {
        match &field.bytes {
            Some(bytes) if field.number == 52 => encoder.bytes(field.number.into(), bytes)?,
            _ => encoder.text(field.number.into(), &field.text)?,
        };
    }
    Ok(encoder.finish())
}

fn encode_codec(spec: &codec::Spec) -> Result<Vec<u8>, codec::Error> {
    let mut message = codec::Message::new(codec::Mti::parse(b"0200")?);
    for field in black_box(&INPUTS.fields) {
        let kind = spec.field(field.number).map(|spec| spec.kind);
        let value = match (&field.bytes, kind) {
            (Some(bytes), _) => codec::FieldValue::binary(bytes.as_slice()),
            (None, Some(codec::FieldKind::Numeric)) => {
                codec::FieldValue::digits(field.text.as_str())?
            }
            (None, _) => codec::FieldValue::text(field.text.as_str())?,
        };
        message.set_field(field.number, value)?;
    }
    message.encode(spec)
}

/// The peer writes any field as bytes, but reads 55 only as UTF-8, and no bitmap in hexadecimal:
/// it parses neither form.
fn encode_core() -> Result<Vec<u8>, ISO8583Error> {
    let mut message = ISO8583Message::new(MessageType::from_bytes(b"0200")?);
    for field in black_box(&INPUTS.fields) {
        let value = match &field.bytes {
            Some(bytes) => CoreValue::from_binary(bytes.clone()),
            None => CoreValue::from_string(field.text.as_str()),
        };
        message.set_field(CoreField::from_number(field.number)?, value)?;
    }
    Ok(message.to_bytes())
}

fn encode_rs(spec: &'static iso_spec::Spec) -> Result<Vec<u8>, IsoError> {
    let mut message = iso_spec::new_msg(spec, spec.get_message_from_header("0200")?);
    message.set("mti", "0200")?;
    for field in black_box(&INPUTS.fields) {
        // The peer takes bytes in hexadecimal.
        message.set_on(field.number.into(), &field.text)?;
    }
    message.assemble()
}

fn encode_i8583(spec: &[Option<i8583::data::Spec>; 129]) -> Result<Vec<u8>, String> {
    let mut packer = Packer::new(spec);
    packer.set_field(0, Cow::Borrowed(b"0200"))?;
    for field in black_box(&INPUTS.fields) {
        packer.set_field(field.number.into(), Cow::Borrowed(field.text.as_bytes()))?;
    }
    Ok(packer.pack(Vec::with_capacity(512))?)
}

fn parse_rs() -> Option<impl Fn() -> IsoMsg> {
    let spec = rs_spec()?;
    // The peer wants a vector that it may change, and changes nothing.
    let purchase = RefCell::new(INPUTS.purchase.clone());
    let parse = move || spec.parse(black_box(&mut *purchase.borrow_mut())).unwrap();
    let message = parse();
    // Beside the fields: the message type indicator and the bitmap.
    assert_eq!(message.fd_map.len(), INPUTS.fields.len() + 2);
    for field in &INPUTS.fields {
        // Bytes are read in hexadecimal, in lower case.
        let text = message.bmp_child_value(field.number.into()).unwrap();
        assert!(text.eq_ignore_ascii_case(&field.text), "{}", field.number);
    }
    Some(parse)
}

fn assert_same_fields(spec: &'static Spec<'static>, wire: &[u8]) {
    let message = MessageRef::parse(spec, wire).unwrap();
    assert_eq!(message.iter().count(), INPUTS.fields.len());
    for inputs::Field { number, text, .. } in &INPUTS.fields {
        assert_eq!(&message.get(u16::from(*number)).unwrap().exposed().to_string(), text);
    }
}

/// The peer's own table, with 52 and 55 as bytes.
fn codec_spec() -> codec::Spec {
    let table = codec::Spec::iso8583_1987();
    let fields = table.fields().iter().map(|field| match field.number {
        52 => codec::FieldSpec::binary(52, field.name, codec::Length::fixed(8)),
        55 => codec::FieldSpec::binary(55, field.name, codec::Length::lllvar(999)),
        _ => *field,
    });
    codec::Spec::new("purchase", fields.collect()).unwrap()
}

/// The peer's own table, with 52 in hexadecimal.
fn i8583_spec() -> [Option<i8583::data::Spec>; 129] {
    use i8583::data::{Size, Spec, Type};
    let mut table = i8583::v1987::SPEC;
    table[52] = Some(Spec { data_type: Type::BIN, data_size: Size::FIXED(16) });
    table
}

/// What `iso8583_rs.yaml` says. The peer reads it once, and panics where no variable names it;
/// cargo sets that only inside this folder, and without it the peer is left out.
fn rs_spec() -> Option<&'static iso_spec::Spec> {
    env::var_os("SPEC_FILE").map(|_| iso_spec::spec("purchase"))
}
