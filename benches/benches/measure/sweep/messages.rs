//! Messages of more and more bytes, and of more and more data elements, parsed.
//!
//! Ours and `i8583` read the text form, `iso8583-codec` the same elements behind binary bitmaps.

use std::hint::black_box;

use benches::Side;
use i8583::Unpacker;
use iso8583_codec as codec;
use iso8583_wire::dialect::{ISO87_ASCII, iso87};
use iso8583_wire::{
    BitmapEncoding, Class, Encoder, Field, Length, MessageRef, Mti, MtiEncoding, Spec,
};

use super::Sweep;

/// Twenty data elements, the last ten of which grow: bytes of the text form.
pub(super) fn size() -> Sweep {
    const SHORT: [u16; 10] = [2, 3, 4, 7, 11, 12, 13, 37, 41, 42];
    const GROWING: [u16; 10] = [46, 47, 48, 55, 56, 57, 58, 59, 60, 61];
    let points = [0, 100, 200, 400, 600, 800, 999].map(|length| {
        let short = SHORT.map(|number| (number, short(number)));
        let growing = GROWING.map(|number| (number, "7".repeat(length)));
        let elements = [short, growing].concat();
        let text = encoded(&ISO87_ASCII, &elements);
        (text.len() as u32, sides(elements))
    });
    Sweep { name: "sweep/message_size", points: points.into() }
}

/// Short data elements, as many as are at the lowest numbers.
pub(super) fn fields() -> Sweep {
    let points = [5, 10, 20, 40, 60, 80, 100].map(|count| {
        let elements = (2..128).filter(|number| alike(*number)).take(count as usize);
        let elements: Vec<_> = elements.map(|number| (number, short(number))).collect();
        assert_eq!(elements.len(), count as usize);
        (count, sides(elements))
    });
    Sweep { name: "sweep/field_count", points: points.into() }
}

type Element = (u16, String);

/// Whether the tables of ours and `i8583` have the same length for a data element, which is no bytes.
fn alike(number: u16) -> bool {
    !matches!(number, 52 | 63..=65 | 86..=89 | 94 | 96)
}

fn field(number: u16) -> &'static Field {
    ISO87_ASCII.field(number).unwrap()
}

/// A value of a fixed length, or of eight characters.
fn short(number: u16) -> String {
    let length = match field(number).length() {
        Length::Fixed(length) => length.into(),
        _ => 8,
    };
    let sign = if field(number).class() == Class::Xn { "C" } else { "" };
    format!("{sign}{}", "7".repeat(length - sign.len()))
}

fn sides(elements: Vec<Element>) -> Vec<Side> {
    let text: &'static [u8] = encoded(&ISO87_ASCII, &elements).leak();
    let binary: &'static [u8] = encoded(&BINARY_BITMAPS, &elements).leak();
    let ours = || MessageRef::parse(&ISO87_ASCII, black_box(text)).unwrap();
    let spec = codec_spec();
    let codec = move || codec::Message::parse(&spec, black_box(binary)).unwrap();
    let i8583 = || {
        let mut unpacker = Unpacker::new(black_box(text));
        black_box(unpacker.unpack(&i8583::v1987::SPEC).unwrap());
    };
    let mut unpacker = Unpacker::new(text);
    let unpacked = unpacker.unpack(&i8583::v1987::SPEC).unwrap();
    // Beside the elements: the message type indicator and the bitmap.
    assert_eq!(unpacked.iter().flatten().count(), elements.len() + 2);
    assert_eq!((ours().iter().count(), codec().field_count()), (elements.len(), elements.len()));
    for (number, value) in &elements {
        let value = value.as_bytes();
        assert_eq!(ours().get(*number).unwrap().data(), value, "{number}");
        assert_eq!(unpacked[usize::from(*number)], Some(value), "{number}");
        assert_eq!(codec().field(*number as u8).unwrap().as_bytes(), value, "{number}");
    }
    vec![Side::ours("ours", ours), Side::peer("i8583", i8583), Side::peer("iso8583-codec", codec)]
}

static BINARY_BITMAPS: Spec =
    Spec::new("binary bitmaps", MtiEncoding::Ascii, BitmapEncoding::Binary, &iso87::ASCII_FIELDS);

fn encoded(spec: &Spec<'static>, elements: &[Element]) -> Vec<u8> {
    let mut buffer = vec![0; 12_000];
    let mut message = Encoder::new(spec, Mti::from_digits(b"0200").unwrap(), &mut buffer).unwrap();
    for (number, value) in elements {
        message.text(*number, value).unwrap();
    }
    message.finish().to_vec()
}

/// Our table in the peer's terms, as text throughout.
fn codec_spec() -> codec::Spec {
    let fields = (2..128).filter(|number| alike(*number)).map(|number| {
        let length = match field(number).length() {
            Length::Variable { max, .. } if max < 100 => codec::Length::llvar(max),
            Length::Variable { max, .. } => codec::Length::lllvar(max),
            Length::Fixed(length) | Length::UpTo(length) => codec::Length::fixed(length),
            _ => unreachable!("no other length is in the table"),
        };
        codec::FieldSpec::text(number as u8, "element", length)
    });
    codec::Spec::new("elements", fields.collect()).unwrap()
}
