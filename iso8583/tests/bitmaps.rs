//! One, two and three bitmaps, announced or always there, in every notation.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    missing_docs,
    reason = "a test says what it expects by panicking"
)]
#![cfg(feature = "alloc")]

use iso8583_wire::{
    BitmapEncoding, Bitmaps, Class, Composite, CompositeBuf, Encoder, Encoding, ErrorKind, Field,
    Message, MessageRef, Mti, MtiEncoding, SpecBuf,
};

/// Fields of two digits, the first three of each bitmap and its last, as far as they are fields.
fn dialect(mti: MtiEncoding, bitmap: BitmapEncoding, bitmaps: Bitmaps) -> SpecBuf {
    let mut spec = SpecBuf::new("bitmaps", mti, bitmap, bitmaps);
    for number in [1, 2, 3, 64, 65, 66, 67, 128, 129, 130, 131, 192] {
        if number <= bitmaps.highest().into()
            && !bitmaps.announces_with(u8::try_from(number).unwrap())
        {
            let digits = Field::fixed(Class::N, 2);
            spec.set(number, if number == 64 { Field::fixed(Class::B, 2) } else { digits });
        }
    }
    spec
}

const ALL: [Bitmaps; 6] = [
    Bitmaps::One,
    Bitmaps::UpToTwo,
    Bitmaps::UpToThree,
    Bitmaps::UpToThreeInField65,
    Bitmaps::Two,
    Bitmaps::Three,
];
const NOTATIONS: [BitmapEncoding; 3] =
    [BitmapEncoding::Binary, BitmapEncoding::Hex, BitmapEncoding::EbcdicHex];
const MTIS: [MtiEncoding; 3] = [MtiEncoding::Ascii, MtiEncoding::Bcd, MtiEncoding::Ebcdic];

fn mti() -> Mti {
    Mti::from_digits(b"0800").unwrap()
}

#[test]
fn every_subset_of_fields_is_read_back() {
    for bitmaps in ALL {
        for notation in NOTATIONS {
            for mti_encoding in MTIS {
                let dialect = dialect(mti_encoding, notation, bitmaps);
                let spec = dialect.spec().unwrap();
                let numbers: Vec<u16> =
                    (1..=192).filter(|number| spec.field(*number).is_some()).collect();
                for subset in 0..1_usize << numbers.len() {
                    let chosen: Vec<u16> = numbers
                        .iter()
                        .enumerate()
                        .filter(|(bit, _)| subset >> bit & 1 == 1)
                        .map(|(_, number)| *number)
                        .collect();
                    let mut buffer = [0xEE; 256];
                    let mut encoder = Encoder::new(&spec, mti(), &mut buffer).unwrap();
                    let mut owned = Message::new(&spec, mti());
                    for &number in &chosen {
                        if number == 64 {
                            encoder.bytes(64, &[6, 4]).unwrap();
                            owned.set_bytes(64, &[6, 4]).unwrap();
                        } else {
                            encoder.number(number, u64::from(number) % 100).unwrap();
                            owned.set_number(number, u64::from(number) % 100).unwrap();
                        }
                    }
                    let wire = encoder.finish();
                    assert_eq!(owned.encode_to_vec().unwrap(), wire);
                    let read = MessageRef::parse(&spec, wire).unwrap();
                    assert!(
                        read.carried().iter().eq(chosen.iter().copied()),
                        "{bitmaps:?} {chosen:?}"
                    );
                    assert!(read.iter().map(|field| field.number()).eq(chosen.iter().copied()));
                    for &number in chosen.iter().filter(|number| **number != 64) {
                        assert_eq!(
                            read.get(number).unwrap().to_u64(),
                            Some(u64::from(number) % 100)
                        );
                    }
                    assert_eq!(
                        Message::from(&read).encode_to_vec().unwrap(),
                        wire,
                        "{bitmaps:?} {chosen:?}"
                    );
                }
            }
        }
    }
}

fn wire_of(bitmaps: Bitmaps, numbers: &[u16]) -> String {
    let dialect = dialect(MtiEncoding::Ascii, BitmapEncoding::Hex, bitmaps);
    let spec = dialect.spec().unwrap();
    let mut message = Message::new(&spec, mti());
    numbers.iter().for_each(|&number| message.set_number(number, u64::from(number) % 100).unwrap());
    String::from_utf8(message.encode_to_vec().unwrap()).unwrap()
}

#[test]
fn where_bitmaps_stand() {
    let (one, two) = ("4000000000000000", "2000000000000000");
    assert_eq!(wire_of(Bitmaps::One, &[1, 2]), format!("0800C0000000000000000102"));
    assert_eq!(wire_of(Bitmaps::UpToTwo, &[2]), format!("0800{one}02"));
    assert_eq!(wire_of(Bitmaps::UpToTwo, &[2, 65]), "0800C00000000000000080000000000000000265");
    assert_eq!(
        wire_of(Bitmaps::UpToThree, &[2, 66, 131]),
        format!("0800C000000000000000C000000000000000{two}026631")
    );
    assert_eq!(
        wire_of(Bitmaps::UpToThreeInField65, &[2, 66, 131]),
        format!("0800C000000000000000C00000000000000002{two}6631")
    );
    assert_eq!(
        wire_of(Bitmaps::UpToThreeInField65, &[2, 131]),
        format!("0800C000000000000000800000000000000002{two}31")
    );
    // What is always there is announced by nothing.
    assert_eq!(wire_of(Bitmaps::Two, &[2]), format!("0800{one}{}02", "0".repeat(16)));
    assert_eq!(wire_of(Bitmaps::Two, &[66]), format!("0800{}{one}66", "0".repeat(16)));
    assert_eq!(wire_of(Bitmaps::Three, &[131]), format!("0800{}{two}31", "0".repeat(32)));
}

/// What a message of these bytes is written as, after an edit.
fn edited(bitmaps: Bitmaps, wire: &str, edit: impl Fn(&mut Message<'_>)) -> String {
    let dialect = dialect(MtiEncoding::Ascii, BitmapEncoding::Hex, bitmaps);
    let spec = dialect.spec().unwrap();
    let mut message = Message::from(&MessageRef::parse(&spec, wire.as_bytes()).unwrap());
    edit(&mut message);
    assert_eq!(message.encoded_len(), message.encode_to_vec().unwrap().len());
    String::from_utf8(message.encode_to_vec().unwrap()).unwrap()
}

#[test]
fn bitmaps_stay_as_they_were() {
    let zeros = "0".repeat(16);
    // An empty second one, digits of lower case, bits that announce what is there anyway; and what stays once field 2 goes.
    for (bitmaps, wire, without) in [
        (
            Bitmaps::UpToTwo,
            format!("0800c000000000000000{zeros}02"),
            format!("08008000000000000000{zeros}"),
        ),
        (
            Bitmaps::UpToTwo,
            format!("0800e000000000000000{zeros}0203"),
            format!("0800a000000000000000{zeros}03"),
        ),
        (
            Bitmaps::Two,
            format!("0800C000000000000000{zeros}02"),
            format!("08008000000000000000{zeros}"),
        ),
        (
            Bitmaps::UpToThree,
            format!("0800c0000000000000008000000000000000{zeros}02"),
            format!("080080000000000000008000000000000000{zeros}"),
        ),
        (
            Bitmaps::Three,
            format!("0800c0000000000000008000000000000000{zeros}02"),
            format!("080080000000000000008000000000000000{zeros}"),
        ),
        (
            Bitmaps::UpToThreeInField65,
            format!("0800c000000000000000800000000000000002{zeros}"),
            format!("080080000000000000008000000000000000{zeros}"),
        ),
    ] {
        assert_eq!(edited(bitmaps, &wire, |_| ()), wire, "{bitmaps:?}");
        let edit = |message: &mut Message<'_>| assert!(message.remove(2));
        assert_eq!(edited(bitmaps, &wire, edit), without, "{bitmaps:?}");
    }
    // One more digit is written as those that are there: in lower case.
    let added = edited(Bitmaps::UpToTwo, &format!("0800c000000000000000{zeros}02"), |message| {
        message.set_number(3, 3).unwrap();
        message.set_number(67, 67).unwrap();
    });
    assert_eq!(added, "0800e00000000000000020000000000000000203".to_owned() + "67");
}

#[test]
fn nothing_comes_behind_a_code() {
    let dialect = dialect(MtiEncoding::Ascii, BitmapEncoding::Hex, Bitmaps::UpToThreeInField65);
    let spec = dialect.spec().unwrap();
    // Both further bitmaps are there and empty: they stay, and the code comes behind them.
    let wire = format!("0800C000000000000000800000000000000002{}", "0".repeat(16));
    let message = Message::from(&MessageRef::parse(&spec, wire.as_bytes()).unwrap());
    let mut buffer = [0; 128];
    let error = message.encoder(&mut buffer).unwrap().finish_with_mac_in(64).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::FieldOrder { after: 65 });
    // Field 128 is none of bytes here.
    let error = message.encoder(&mut buffer).unwrap().finish_with_mac().unwrap_err();
    assert_eq!((error.path(), error.kind()), (128.into(), ErrorKind::WrongValueType));
    // A second bitmap that was kept asks for field 128 as one that is needed does.
    let mut second = dialect.clone();
    second.set(128, Field::fixed(Class::B, 2));
    let spec = second.spec().unwrap();
    let message = Message::from(&MessageRef::parse(&spec, wire.as_bytes()).unwrap());
    let wire =
        message.encoder(&mut buffer).unwrap().finish_with_mac().unwrap().seal(&[1, 2]).unwrap();
    let read = MessageRef::parse(&spec, wire).unwrap();
    assert_eq!(read.mac().unwrap().number(), 128);
    assert_eq!(read.mac_input().unwrap().len(), wire.len() - 2);
}

#[test]
fn a_field_of_parts_is_no_code() {
    let mut dialect = dialect(MtiEncoding::Ascii, BitmapEncoding::Hex, Bitmaps::UpToTwo);
    let parts =
        CompositeBuf::new(Composite::positional(0..0)).with_part(1, Field::fixed(Class::N, 2));
    dialect.set_composite(64, Field::fixed(Class::B, 2), parts);
    let spec = dialect.spec().unwrap();
    let mut buffer = [0; 64];
    let error = Encoder::new(&spec, mti(), &mut buffer).unwrap().finish_with_mac().unwrap_err();
    assert_eq!((error.path(), error.kind()), (64.into(), ErrorKind::WrongValueType));
}

#[test]
fn a_part_of_a_message_has_no_code() {
    let dialect = dialect(MtiEncoding::Ascii, BitmapEncoding::Hex, Bitmaps::UpToTwo);
    let spec = dialect.spec().unwrap();
    let wire = b"0800C00000000000000120000000000000000264\x006";
    let partial = MessageRef::parse_partial(&spec, &wire[..wire.len() - 1]);
    let message = partial.message().unwrap();
    assert!(message.carried().iter().eq([2, 64]));
    assert!(message.mac().is_none() && message.mac_input().is_none());
}

#[test]
fn a_code_in_the_last_field() {
    for (bitmaps, last) in
        [(Bitmaps::UpToTwo, 128), (Bitmaps::UpToThreeInField65, 192), (Bitmaps::Three, 192)]
    {
        let mut dialect = dialect(MtiEncoding::Bcd, BitmapEncoding::Binary, bitmaps);
        dialect.set(last, Field::fixed(Class::B, 4).encoded(Encoding::Hex));
        let spec = dialect.spec().unwrap();
        let mut buffer = [0; 64];
        let mut encoder = Encoder::new(&spec, mti(), &mut buffer).unwrap();
        encoder.number(2, 2).unwrap().number(if last == 128 { 66 } else { 129 }, 9).unwrap();
        let unsealed = encoder.finish_with_mac().unwrap();
        let covered = unsealed.mac_input().to_vec();
        let wire = unsealed.seal(&[0xAB; 4]).unwrap();
        assert_eq!(wire[..covered.len()], covered);
        let read = MessageRef::parse(&spec, wire).unwrap();
        assert_eq!((read.mac().unwrap().number(), read.mac_input()), (last, Some(&covered[..])));
        // Where it is always the same field, that is asked for.
        let mut buffer = [0; 64];
        let encoder = Encoder::new(&spec, mti(), &mut buffer).unwrap();
        let wire = encoder.finish_with_mac_in(last).unwrap().seal(&[0xAB; 4]).unwrap();
        assert!(MessageRef::parse(&spec, wire).unwrap().mac().unwrap() == "ABABABAB");
    }
}
