//! Fields made of parts: read, placed in errors, written, and edited alone.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    missing_docs,
    reason = "a test says what it expects by panicking"
)]
#![cfg(feature = "alloc")]

use iso8583_wire::{
    BitmapEncoding, Bitmaps, Class, Composite, CompositeBuf, Encoder, Encoding, Error, ErrorKind,
    Field, Message, MessageRef, Mti, MtiEncoding, Prefix, Sensitivity, Spec, SpecBuf, SpecRule,
    Tag, Unit,
};

fn text(prefix: u8, max: u16) -> Field {
    Field::variable(Class::Ans, Prefix::ascii(prefix), max).public()
}

fn up_to(class: Class, max: u16) -> Field {
    Field::up_to(class, max).public()
}

fn fixed(class: Class, length: u16) -> Field {
    Field::fixed(class, length).public()
}

/// Field 3 in three places; 48 with tags; 55 BER-TLV; 60 with a bitmap of its own, a header, and 127's kind nested in it;
/// 104 with datasets.
fn dialect() -> SpecBuf {
    let mut spec = SpecBuf::new("parts", MtiEncoding::Ascii, BitmapEncoding::Hex, Bitmaps::UpToTwo);
    let places = CompositeBuf::new(Composite::positional(0..0))
        .with_part(1, fixed(Class::N, 2))
        .with_part(2, fixed(Class::N, 2))
        .with_part(3, fixed(Class::N, 2));
    spec.set_composite(3, text(2, 6), places);
    let tags = CompositeBuf::new(Composite::tagged(Tag::ascii(2), Prefix::ascii(2), 0..0))
        .with_part(1, up_to(Class::N, 6))
        .with_part(2, up_to(Class::N, 19).sensitive(Sensitivity::Pan))
        .with_part(42, fixed(Class::N, 3))
        .with_part(50, up_to(Class::B, 10).encoded(Encoding::Hex).counted_in(Unit::Characters));
    spec.set_composite(48, text(3, 999), tags);
    let tlv = CompositeBuf::new(Composite::BER_TLV);
    spec.set_composite(55, Field::variable(Class::B, Prefix::ber(3), 999), tlv);
    let inner = CompositeBuf::new(Composite::tagged(Tag::binary(1), Prefix::binary(1), 0..0))
        .with_part(7, up_to(Class::B, 9));
    let bits = Composite::bitmapped(BitmapEncoding::Hex, 2, 0..0).with_header(1);
    let bits = CompositeBuf::new(bits)
        .with_part(1, fixed(Class::An, 3))
        .with_composite(9, Field::variable(Class::B, Prefix::ber(2), 200), inner)
        .with_part(16, text(1, 9));
    spec.set_composite(60, Field::variable(Class::B, Prefix::binary(2), 999), bits);
    let dataset = CompositeBuf::new(Composite::dataset(0..0))
        .with_part(1, fixed(Class::An, 2))
        .with_part(14, fixed(Class::An, 2))
        .with_part(15, fixed(Class::An, 2))
        .with_part(22, fixed(Class::An, 2));
    let datasets = CompositeBuf::new(Composite::datasets(0..0))
        .with_composite(1, up_to(Class::B, 99), CompositeBuf::new(Composite::BER_TLV))
        .with_composite(0x71, up_to(Class::B, 99), dataset);
    spec.set_composite(104, Field::variable(Class::B, Prefix::binary(2), 999), datasets);
    spec
}

fn mti() -> Mti {
    Mti::from_digits(b"0100").unwrap()
}

fn message(number: u16, body: &[u8]) -> Vec<u8> {
    let mut words = [0_u64; 2];
    words[usize::from(number > 64)] = 1 << (63 - (number - 1) % 64);
    if number > 64 {
        words[0] |= 1 << 63;
    }
    let mut wire = format!("0100{:016X}", words[0]);
    if number > 64 {
        wire += &format!("{:016X}", words[1]);
    }
    [wire.as_bytes(), body].concat()
}

fn fault(spec: &Spec<'_>, number: u16, body: &[u8]) -> (String, u32, &'static str) {
    let error = MessageRef::parse(spec, &message(number, body)).unwrap_err();
    (error.path().to_string(), error.offset(), error.kind().as_str())
}

#[test]
fn places() {
    let dialect = dialect();
    let spec = dialect.spec().unwrap();
    let wire = message(3, b"06123456");
    let read = MessageRef::parse(&spec, &wire).unwrap();
    assert!(read.get([3, 1]).unwrap() == "12" && read.get([3, 3]).unwrap() == "56");
    assert!(read.get([3, 4]).is_none() && read.get([3, 1, 1]).is_none());
    assert_eq!(read.to_string(), "0100 3={1=12 2=34 3=56}");
    // It may end early.
    let wire = message(3, b"041234");
    assert_eq!(MessageRef::parse(&spec, &wire).unwrap().get(3).unwrap().parts().count(), 2);
    assert_eq!(fault(&spec, 3, b"0612x456"), ("3.2".into(), 24, "invalid_character"));
    assert_eq!(fault(&spec, 3, b"0512345"), ("3.3".into(), 26, "truncated"));
    let spec_of_two = {
        let two =
            CompositeBuf::new(Composite::positional(0..0)).with_part(1, Field::fixed(Class::N, 2));
        let mut spec =
            SpecBuf::new("two", MtiEncoding::Ascii, BitmapEncoding::Hex, Bitmaps::UpToTwo);
        spec.set_composite(3, text(2, 6), two);
        spec
    };
    let left_over = fault(&spec_of_two.spec().unwrap(), 3, b"03123");
    assert_eq!(left_over, ("3.1".into(), 24, "trailing_bytes"));
}

#[test]
fn tags_repeated_unknown_and_in_any_order() {
    let dialect = dialect();
    let spec = dialect.spec().unwrap();
    let wire = message(48, b"02642031230203411XX01!0203422");
    let read = MessageRef::parse(&spec, &wire).unwrap();
    let parts: Vec<String> = read
        .get(48)
        .unwrap()
        .parts()
        .map(|part| format!("{}={}", part.label(), part.exposed()))
        .collect();
    assert_eq!(parts, ["42=123", "02=411", "XX=!", "02=422"]);
    assert_eq!(read.get(48).unwrap().parts().filter(|part| part.number() == 2).count(), 2);
    assert!(read.get([48, 2]).unwrap() == "411");
    assert_eq!(read.to_string(), "0100 48={42=123 02=*** XX=[opaque, length 1] 02=***}");

    assert_eq!(fault(&spec, 48, b"0074204123"), ("48.42".into(), 25, "wrong_length"));
    assert_eq!(fault(&spec, 48, b"0075003ABC"), ("48.50".into(), 25, "odd_length"));
    assert_eq!(fault(&spec, 48, b"00742 3123"), ("48.42".into(), 25, "invalid_length"));
    assert_eq!(fault(&spec, 48, b"00501025"), ("48.1".into(), 27, "truncated"));
    assert_eq!(fault(&spec, 48, b"0010"), ("48".into(), 23, "truncated"));
}

#[test]
fn a_bitmap_of_its_own_and_parts_in_parts() {
    let dialect = dialect();
    let spec = dialect.spec().unwrap();
    let body = b"\0\x18H8081ABC\x06\x07\x02\x01\x02\x09\0\x05hello";
    let mut wire = message(60, body);
    // The length that the bytes really have.
    let length = u16::try_from(body.len() - 2).unwrap();
    wire[20..22].copy_from_slice(&length.to_be_bytes());
    let error = MessageRef::parse(&spec, &wire).unwrap_err();
    // The part's own length is a digit here, not a byte.
    assert_eq!(
        (error.path().to_string(), error.kind()),
        ("60.16".into(), ErrorKind::InvalidLength)
    );
    let end = wire.len() - 6;
    wire[end] = b'5';
    let read = MessageRef::parse(&spec, &wire).unwrap();
    let field = read.get(60).unwrap();
    assert_eq!(field.header(), b"H");
    assert!(read.get([60, 1]).unwrap() == "ABC" && read.get([60, 16]).unwrap() == "hello");
    assert_eq!(read.get([60, 9, 7]).unwrap().as_bytes(), Some(&[1, 2][..]));
    assert_eq!(read.get([60, 9, 7]).unwrap().label().to_string(), "07");
    assert_eq!(read.get([60, 9, 9]).unwrap().count(), 0);

    assert_eq!(fault(&spec, 60, b"\0\x04H80"), ("60".into(), 22, "truncated"));
    assert_eq!(fault(&spec, 60, b"\0\x04H808"), ("60".into(), 23, "truncated"));
    assert_eq!(fault(&spec, 60, b"\0\x05H80x0"), ("60".into(), 23, "invalid_bitmap"));
    assert_eq!(fault(&spec, 60, b"\0\x05H4000"), ("60.2".into(), 27, "undefined_field"));
    assert_eq!(
        fault(&spec, 60, b"\0\x09H0080\x03\x07\x02\x01"),
        ("60.9.7".into(), 30, "truncated")
    );
    // Nothing at all has no parts.
    let empty = message(60, b"\0\0");
    assert_eq!(MessageRef::parse(&spec, &empty).unwrap().get(60).unwrap().parts().count(), 0);
}

#[test]
fn datasets_and_their_bitmaps() {
    let dialect = dialect();
    let spec = dialect.spec().unwrap();
    // Dataset 71: parts 1, 14 and 15 and BER-TLV in a bitmap of three bytes; dataset 01 twice.
    let dataset = b"\xC0\x03\x01ABCDEF\x9A\x01\x26";
    let body = [&b"\x01\0\x03\x9C\x01\0"[..], b"\x71\0\x0C", dataset, b"\x01\0\0"].concat();
    let length = u16::try_from(body.len()).unwrap().to_be_bytes();
    let wire = message(104, &[&length[..], &body].concat());
    let read = MessageRef::parse(&spec, &wire).unwrap();
    let parts: Vec<_> = read.get(104).unwrap().parts().map(|part| part.number()).collect();
    assert_eq!(parts, [1, 0x71, 1]);
    let numbers: Vec<_> =
        read.get([104, 0x71]).unwrap().parts().map(|part| part.number()).collect();
    assert_eq!(numbers, [1, 14, 15, 0]);
    assert!(read.get([104, 0x71, 15]).unwrap() == "EF");
    assert_eq!(read.get([104, 0x71, 0]).unwrap().as_bytes(), Some(&[0x9A, 0x01, 0x26][..]));

    // The same by a writer that has to make the bitmap longer as it goes.
    let mut buffer = [0; 256];
    let mut encoder = Encoder::new(&spec, mti(), &mut buffer).unwrap();
    encoder
        .composite(104, |datasets| {
            datasets.bytes(1, &[0x9C, 0x01, 0x00])?;
            datasets.composite(0x71, |parts| {
                parts
                    .text(1, "AB")?
                    .text(14, "CD")?
                    .text(15, "EF")?
                    .bytes(0, &[0x9A, 0x01, 0x26])?;
                assert_eq!(
                    parts.text(22, "GH").unwrap_err().kind(),
                    ErrorKind::FieldOrder { after: u16::MAX }
                );
                Ok(())
            })?;
            datasets.bytes(1, &[])?;
            Ok(())
        })
        .unwrap();
    assert_eq!(encoder.finish(), wire);

    // And by an owned message that gets its parts in another order.
    let mut owned = Message::new(&spec, mti());
    owned.set_bytes([104, 1], &[0x9C, 0x01, 0x00]).unwrap();
    owned.set_bytes([104, 0x71, 0], &[0x9A, 0x01, 0x26]).unwrap();
    owned.set_text([104, 0x71, 15], "EF").unwrap();
    owned.set_text([104, 0x71, 1], "AB").unwrap();
    owned.set_text([104, 0x71, 14], "CD").unwrap();
    owned.push_bytes([104, 1], &[]).unwrap();
    assert_eq!(owned.encode_to_vec().unwrap(), wire);
    assert!(owned.remove([104, 0x71, 14]) && !owned.remove([104, 0x71, 14]));
    assert!(owned.remove([104, 0x71, 0]));
    let left: Vec<_> = owned.get([104, 0x71]).unwrap().parts().map(|part| part.number()).collect();
    assert_eq!(left, [1, 15]);
}

#[test]
fn a_part_shows_no_more_than_what_holds_it() {
    let whole = |outer: Sensitivity, part: Sensitivity| {
        let parts = CompositeBuf::new(Composite::positional(0..0))
            .with_part(1, Field::fixed(Class::N, 16).sensitive(part));
        let mut dialect = SpecBuf::new("t", MtiEncoding::Ascii, BitmapEncoding::Hex, Bitmaps::One);
        dialect.set_composite(2, text(2, 19).sensitive(outer), parts);
        let spec = dialect.spec().unwrap();
        let wire = message(2, b"164111111111111111");
        let read = MessageRef::parse(&spec, &wire).unwrap();
        let part = read.get([2, 1]).unwrap().to_string();
        assert_eq!(read.to_string(), format!("0100 2={{1={part}}}"));
        part
    };
    use Sensitivity::{Opaque, Pan, Public, Track};
    for (outer, part, shown) in [
        (Public, Public, "4111111111111111"),
        (Public, Pan, "411111******1111"),
        (Pan, Public, "411111******1111"),
        (Track, Public, "[track, length 16]"),
        (Opaque, Pan, "[opaque, length 16]"),
        (Opaque, Track, "[track, length 16]"),
    ] {
        assert_eq!(whole(outer, part), shown);
    }
    // BER-TLV holds card data, whatever its definition says of it.
    let mut dialect = dialect();
    let tlv = Field::variable(Class::B, Prefix::ascii(3), 99).public();
    dialect.set_composite(55, tlv, CompositeBuf::new(Composite::BER_TLV));
    let spec = dialect.spec().unwrap();
    let wire = message(55, b"004\x9A\x02\x26\x11");
    assert_eq!(MessageRef::parse(&spec, &wire).unwrap().to_string(), "0100 55=[opaque, length 4]");
}

#[test]
fn fixed_fields_of_places_come_whole() {
    let two = || fixed(Class::N, 2);
    let places =
        || CompositeBuf::new(Composite::positional(0..0)).with_part(1, two()).with_part(2, two());
    let mut dialect = SpecBuf::new("t", MtiEncoding::Ascii, BitmapEncoding::Hex, Bitmaps::One);
    dialect.set_composite(3, fixed(Class::N, 4), places());
    let spec = dialect.spec().unwrap();
    let mut owned = Message::new(&spec, mti());
    // The first part alone does not make the field.
    let error = owned.set_text([3, 1], "12").unwrap_err();
    assert_eq!((error.path().to_string(), error.kind().as_str()), ("3".into(), "wrong_length"));
    let twice = owned.set_composite(3, |parts| {
        parts.text(1, "12")?.text(2, "34")?.text(1, "56")?;
        Ok(())
    });
    assert_eq!(twice.unwrap_err().kind(), ErrorKind::FieldOrder { after: 2 });
    let whole = owned.set_composite(3, |parts| {
        parts.text(1, "12")?.text(2, "34")?;
        Ok(())
    });
    whole.unwrap();
    owned.set_text([3, 2], "78").unwrap();
    assert_eq!(owned.encode_to_vec().unwrap(), message(3, b"1278"));
    // Parts of 2 and 2 never make 5.
    dialect.set_composite(3, fixed(Class::N, 5), places());
    assert_eq!(dialect.spec().unwrap_err().rule(), SpecRule::PartsMissLength);
}

#[test]
fn copies_between_dialects_that_write_alike() {
    let one = dialect();
    let mut other = dialect();
    other.set(7, Field::fixed(Class::N, 10));
    other.remove(60);
    let (one, other) = (one.spec().unwrap(), other.spec().unwrap());
    let wire = message(48, b"0070203411");
    let read = MessageRef::parse(&one, &wire).unwrap();
    let mut copy = Message::new(&other, mti());
    copy.set_copy(&read.get(48).unwrap()).unwrap();
    assert_eq!(copy.encode_to_vec().unwrap(), wire);
    // A part is no field, and another layout is another field.
    assert!(copy.set_copy(&read.get([48, 2]).unwrap()).is_err());
    let mut third = dialect();
    third.set(48, text(3, 999));
    let third = third.spec().unwrap();
    let error = Message::new(&third, mti()).set_copy(&read.get(48).unwrap()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::DefinitionMismatch);
}

#[test]
fn an_edit_says_where_it_is_wrong_and_keeps_the_length_as_it_was() {
    let dialect = dialect();
    let spec = dialect.spec().unwrap();
    let mut owned = Message::new(&spec, mti());
    let path = |error: Error| (error.path().to_string(), error.kind().as_str());
    assert_eq!(path(owned.set_text(48, "4202X1").unwrap_err()), ("48.42".into(), "wrong_length"));
    assert_eq!(path(owned.set_text([3, 1], "1").unwrap_err()), ("3.1".into(), "wrong_length"));
    let long = "9".repeat(6);
    for _ in 0..99 {
        owned.push_text([48, 1], &long).unwrap();
    }
    // 990 bytes are there, and ten more are too many for the field, not for the part.
    assert_eq!(
        path(owned.push_text([48, 1], &long).unwrap_err()),
        ("48".into(), "length_above_maximum")
    );
    // A BER length that could be shorter stays what it was.
    let wire = message(55, &[0x82, 0x00, 0x03, 0x9A, 0x01, 0x26]);
    let mut owned = Message::from(&MessageRef::parse(&spec, &wire).unwrap());
    owned.set_bytes(55, &[0x9A, 0x01, 0x27]).unwrap();
    assert_eq!(owned.encode_to_vec().unwrap(), message(55, &[0x82, 0x00, 0x03, 0x9A, 0x01, 0x27]));
    owned.set_bytes(55, &[0x9A, 0x00]).unwrap();
    assert_eq!(owned.encode_to_vec().unwrap(), message(55, &[0x02, 0x9A, 0x00]));
}

#[test]
fn a_refused_part_changes_nothing() {
    let dialect = dialect();
    let spec = dialect.spec().unwrap();
    let mut buffer = [0; 128];
    let mut encoder = Encoder::new(&spec, mti(), &mut buffer).unwrap();
    let refused = |result: Result<&mut Encoder<'_, '_>, Error>| {
        let error = result.unwrap_err();
        (error.path().to_string(), error.kind().as_str())
    };
    let too_late = refused(encoder.composite(3, |parts| {
        parts.text(2, "12")?;
        Ok(())
    }));
    assert_eq!(too_late, ("3.2".into(), "field_order"));
    let undefined = refused(encoder.composite(60, |parts| {
        parts.text(1, "ABC")?.text(2, "x")?;
        Ok(())
    }));
    assert_eq!(undefined, ("60.2".into(), "undefined_field"));
    let deep = refused(encoder.composite(60, |parts| {
        parts.composite(9, |inner| {
            inner.bytes(7, &[0; 10])?;
            Ok(())
        })?;
        Ok(())
    }));
    assert_eq!(deep, ("60.9.7".into(), "length_above_maximum"));
    assert_eq!(refused(encoder.composite(55, |_| Ok(()))), ("55".into(), "wrong_value_type"));
    assert_eq!(refused(encoder.text(48, "4204123")), ("48.42".into(), "wrong_length"));
    assert_eq!(
        refused(encoder.composite(60, |parts| parts.header(&[1, 2]).map(|_| ()))),
        ("60".into(), "wrong_length")
    );
    encoder.text(3, "1234").unwrap();
    let ok = encoder.composite(60, |parts| {
        assert!(parts.text(1, "A!C").is_err());
        parts.header(b"H")?.text(1, "ABC")?;
        assert!(parts.text(1, "ABC").is_err());
        Ok(())
    });
    ok.unwrap();
    let expected = b"01002000000000000010041234\0\x08H8000ABC";
    assert_eq!(encoder.finish(), expected);
}

#[test]
fn parts_of_an_owned_message() {
    let dialect = dialect();
    let spec = dialect.spec().unwrap();
    let wire = message(48, b"0190203411XX01!0203422");
    let read = MessageRef::parse(&spec, &wire).unwrap();
    let mut owned = Message::from(&read);
    owned.set_text([48, 2], "4333").unwrap();
    assert_eq!(owned.encode_to_vec().unwrap(), message(48, b"02002044333XX01!0203422"));
    owned.set_text([48, 42], "007").unwrap();
    assert_eq!(owned.encode_to_vec().unwrap(), message(48, b"02702044333XX01!02034224203007"));
    assert!(owned.remove([48, 2]));
    assert_eq!(owned.encode_to_vec().unwrap(), message(48, b"019XX01!02034224203007"));
    let before = owned.encode_to_vec().unwrap();
    for (path, kind) in [
        (vec![48, 42], ErrorKind::WrongLength { length: 2, expected: 3 }),
        (vec![48, 42, 1], ErrorKind::UndefinedField),
        (vec![55, 1], ErrorKind::UndefinedField),
        (vec![60, 2], ErrorKind::UndefinedField),
        (vec![3, 2], ErrorKind::FieldOrder { after: 0 }),
        (vec![7], ErrorKind::UndefinedField),
    ] {
        let path = path.iter().map(u16::to_string).collect::<Vec<_>>().join(".");
        let error = owned.set_text(path.parse::<iso8583_wire::Path>().unwrap(), "12").unwrap_err();
        assert_eq!((error.kind(), error.path().to_string()), (kind, path));
        assert_eq!(owned.encode_to_vec().unwrap(), before);
    }
    // Fields come into being with their first part; places one after the other.
    owned.set_text([3, 1], "12").unwrap();
    owned.set_number([3, 2], 7).unwrap();
    owned.set_bytes([60, 9, 7], &[5]).unwrap();
    owned.set_text([60, 16], "x").unwrap();
    owned.set_text([60, 1], "ABC").unwrap();
    assert!(!owned.remove([3, 1]) && owned.remove([3, 2]));
    let wire = owned.encode_to_vec().unwrap();
    let read = MessageRef::parse(&spec, &wire).unwrap();
    assert_eq!(read.get(60).unwrap().data(), b"\x008081ABC\x03\x07\x01\x051x");
    assert_eq!(
        owned.push_text([3, 1], "12").unwrap_err().kind(),
        ErrorKind::FieldOrder { after: 0 }
    );
}

#[test]
fn ebcdic_and_packed_tags() {
    let mut dialect =
        SpecBuf::new("tags", MtiEncoding::Ebcdic, BitmapEncoding::EbcdicHex, Bitmaps::One);
    let ebcdic = CompositeBuf::new(Composite::tagged(Tag::ebcdic(2), Prefix::ebcdic(2), 0..0))
        .with_part(5, up_to(Class::N, 9).encoded(Encoding::Ebcdic500));
    dialect.set_composite(
        48,
        Field::variable(Class::Any, Prefix::ebcdic(3), 99).encoded(Encoding::Ebcdic500).public(),
        ebcdic,
    );
    let packed = CompositeBuf::new(Composite::tagged(Tag::bcd(3), Prefix::bcd(2), 0..0))
        .with_part(123, up_to(Class::N, 9).encoded(Encoding::Bcd));
    dialect.set_composite(60, Field::variable(Class::B, Prefix::binary(1), 99).public(), packed);
    let spec = dialect.spec().unwrap();
    let mut buffer = [0; 64];
    let mut encoder = Encoder::new(&spec, mti(), &mut buffer).unwrap();
    encoder.composite(48, |parts| parts.number(5, 42).map(|_| ())).unwrap();
    encoder.composite(60, |parts| parts.text(123, "456").map(|_| ())).unwrap();
    let wire = encoder.finish();
    assert_eq!(wire[..4], [0xF0, 0xF1, 0xF0, 0xF0]);
    assert_eq!(
        wire[20..],
        [0xF0, 0xF0, 0xF6, 0xF0, 0xF5, 0xF0, 0xF2, 0xF4, 0xF2, 5, 0x01, 0x23, 0x03, 0x04, 0x56]
    );
    let read = MessageRef::parse(&spec, wire).unwrap();
    assert_eq!(read.to_string(), "0100 48={05=42} 60={123=456}");
    assert!(read.get([60, 123]).unwrap() == "456");
}
