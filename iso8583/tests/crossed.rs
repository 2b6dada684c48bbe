//! The choices of a field's definition crossed: what is legal reads what it writes, all else is refused with its rule.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    missing_docs,
    reason = "a test says what it expects by panicking"
)]
#![cfg(feature = "alloc")]

use iso8583_wire::{
    BitmapEncoding, Bitmaps, Class, Encoding, Field, Message, MessageRef, Mti, MtiEncoding, Pad,
    PadSide, Prefix, SpecBuf, SpecRule, Unit,
};

const CLASSES: [Class; 12] = [
    Class::A,
    Class::N,
    Class::An,
    Class::AnStrict,
    Class::As,
    Class::Ns,
    Class::Ans,
    Class::Anp,
    Class::Any,
    Class::B,
    Class::Z,
    Class::Xn,
];
const ENCODINGS: [Encoding; 12] = [
    Encoding::Ascii,
    Encoding::Latin1,
    Encoding::Ebcdic037,
    Encoding::Ebcdic500,
    Encoding::Ebcdic1047,
    Encoding::Raw,
    Encoding::Bcd,
    Encoding::ZonedAscii,
    Encoding::ZonedEbcdic,
    Encoding::Binary,
    Encoding::Hex,
    Encoding::EbcdicHex,
];
const UNITS: [Unit; 3] = [Unit::Bytes, Unit::Digits, Unit::Characters];
const PADS: [Pad; 6] =
    [Pad::LEFT_ZERO, Pad::RIGHT_ZERO, Pad::LEFT_F, Pad::RIGHT_F, Pad::LEFT_ANY, Pad::RIGHT_ANY];
/// Longest value that is written, in units; every prefix that is wide enough can say it.
const MAX: u16 = 7;

/// A prefix of every notation, size and way to count, and the largest length that it can say of a value.
fn prefixes() -> Vec<(Prefix, u64)> {
    let mut all = Vec::new();
    for size in 0..=7 {
        let power = |base: u64| base.pow(size.into()) - 1;
        for (prefix, largest) in [
            (Prefix::ascii(size), power(10)),
            (Prefix::bcd(size), power(10)),
            (Prefix::ebcdic(size), power(10)),
            (Prefix::binary(size), power(256)),
            (Prefix::hex(size), power(16)),
            (
                Prefix::ber(size),
                match size {
                    0 => 0,
                    1 => 127,
                    _ => 256_u64.pow(u32::from(size) - 1) - 1,
                },
            ),
        ] {
            all.push((prefix, largest));
            let itself = prefix.counting_itself();
            all.push((itself, largest.saturating_sub(itself.width().into())));
        }
    }
    all
}

/// The choices that do not depend on how the length is said.
#[derive(Clone, Copy, Debug)]
struct Choice {
    class: Class,
    encoding: Encoding,
    unit: Unit,
    pad: Option<Pad>,
}

fn choices() -> Vec<Choice> {
    let mut all = Vec::new();
    for class in CLASSES {
        for encoding in ENCODINGS {
            for unit in UNITS {
                for pad in PADS.map(Some).into_iter().chain([None]) {
                    all.push(Choice { class, encoding, unit, pad });
                }
            }
        }
    }
    all
}

impl Choice {
    fn of(&self, field: Field) -> Field {
        let field = field.encoded(self.encoding).counted_in(self.unit);
        self.pad.map_or(field, |pad| field.padded(pad))
    }

    /// What the documentation says is wrong with it, whatever its length is: the table of encodings, then that of units, then
    /// pads.
    fn broken(&self) -> Option<SpecRule> {
        use Encoding::{Bcd, Binary, EbcdicHex, Hex, Raw, ZonedAscii, ZonedEbcdic};
        let classes: &[Class] = match self.encoding {
            Raw => &[Class::Ans, Class::Any],
            Bcd => &[Class::N, Class::Z, Class::Xn],
            ZonedAscii | ZonedEbcdic => &[Class::Xn],
            Binary | Hex | EbcdicHex => &[Class::B],
            _ => &[
                Class::A,
                Class::N,
                Class::An,
                Class::AnStrict,
                Class::As,
                Class::Ns,
                Class::Ans,
                Class::Anp,
                Class::Any,
                Class::Z,
                Class::Xn,
            ],
        };
        let units: &[Unit] = match self.encoding {
            Raw | Binary => &[Unit::Bytes],
            Bcd => &[Unit::Bytes, Unit::Digits],
            ZonedAscii | ZonedEbcdic => &UNITS,
            _ => &[Unit::Bytes, Unit::Characters],
        };
        let has_pads = self.encoding == Bcd && self.unit == Unit::Digits;
        if !classes.contains(&self.class) {
            Some(SpecRule::ClassEncoding)
        } else if !units.contains(&self.unit) {
            Some(SpecRule::UnitEncoding)
        } else if self.pad.is_some() && !has_pads {
            Some(SpecRule::PadWithoutNibble)
        } else {
            None
        }
    }

    /// Whether a length that counts itself counts the same as the rest of it: bytes on the wire.
    fn counts_the_wire(&self) -> bool {
        match self.encoding {
            Encoding::Bcd => self.unit == Unit::Bytes,
            Encoding::Hex | Encoding::EbcdicHex => self.unit == Unit::Characters,
            _ => true,
        }
    }

    /// Values of `count` units; none where no value has as many.
    fn values(&self, count: u16) -> Vec<String> {
        let count = usize::from(count);
        let zoned = matches!(self.encoding, Encoding::ZonedAscii | Encoding::ZonedEbcdic);
        let digits = match (self.encoding, self.unit) {
            (Encoding::Bcd, Unit::Bytes) if self.class == Class::Xn => match count.checked_sub(1) {
                Some(bytes) => bytes * 2 + 1,
                None => return Vec::new(),
            },
            (Encoding::Bcd, Unit::Bytes) => count * 2,
            (Encoding::Hex | Encoding::EbcdicHex, Unit::Characters) if count % 2 == 1 => {
                return Vec::new();
            }
            (Encoding::Hex | Encoding::EbcdicHex, Unit::Characters) => count,
            (Encoding::Hex | Encoding::EbcdicHex | Encoding::Binary, _) => count * 2,
            _ if zoned => count + 1,
            _ => count,
        };
        let repeated = |alphabet: &str| alphabet.chars().cycle().take(digits).collect::<String>();
        match self.class {
            // A sign alone is no amount.
            Class::Xn if digits < 2 => Vec::new(),
            Class::Xn => {
                ["C", "D"].map(|sign| sign.to_owned() + &repeated("0918273645")[1..]).into()
            }
            Class::N => vec![repeated("9081726354")],
            Class::Z if self.encoding == Encoding::Bcd => vec![repeated("41=2890")],
            Class::Z => vec![repeated("41=2890"), repeated("41D2890")],
            Class::A => vec![repeated("Az Q")],
            Class::An | Class::Anp => vec![repeated("A9 z")],
            Class::AnStrict => vec![repeated("A9z0")],
            Class::As => vec![repeated("A!z [")],
            Class::Ns => vec![repeated("9!0 ]")],
            Class::Ans | Class::Any => vec![repeated("A!z 9~|^")],
            Class::B => vec![repeated("0FA59C")],
            other => panic!("no value of {other:?}"),
        }
    }
}

fn spec(field: Field) -> SpecBuf {
    let mut spec =
        SpecBuf::new("crossed", MtiEncoding::Ascii, BitmapEncoding::Binary, Bitmaps::UpToTwo);
    spec.set(2, field);
    spec
}

/// Writes a value between two other fields' bytes, and reads it back.
fn assert_read_back(field: Field, value: &str) {
    let mut dialect = spec(field);
    dialect.set(3, Field::fixed(Class::N, 2));
    let spec = dialect.spec().unwrap();
    let mut message = Message::new(&spec, Mti::from_digits(b"0200").unwrap());
    let written = if field.class() == Class::B {
        let byte = |at| u8::from_str_radix(&value[at..at + 2], 16).unwrap();
        message.set_bytes(2, &(0..value.len()).step_by(2).map(byte).collect::<Vec<u8>>())
    } else {
        message.set_text(2, value)
    };
    written.unwrap_or_else(|error| panic!("{field:?} {value:?}: {error}"));
    message.set_number(3, 42).unwrap();
    let wire = message.encode_to_vec().unwrap();
    let read = MessageRef::parse(&spec, &wire);
    let read = read.unwrap_or_else(|error| panic!("{field:?} {value:?} {wire:02X?}: {error}"));
    // The separator of a track in ASCII stays what it was.
    assert!(read.get(2).unwrap() == value, "{field:?} {value:?} {wire:02X?}");
    assert_eq!(read.get(3).unwrap().to_u64(), Some(42));
    assert_eq!(Message::from(&read).encode_to_vec().unwrap(), wire);
    // One byte less is too few, and one more too many.
    assert!(MessageRef::parse(&spec, &wire[..wire.len() - 1]).is_err());
    assert!(MessageRef::parse(&spec, &[wire.as_slice(), b"0"].concat()).is_err());
}

#[test]
fn fixed_lengths() {
    let mut legal = 0;
    for choice in choices() {
        for length in 0..=MAX {
            let field = choice.of(Field::fixed(choice.class, length));
            let is_odd_hex = length % 2 == 1
                && choice.unit == Unit::Characters
                && matches!(choice.encoding, Encoding::Hex | Encoding::EbcdicHex);
            let zoned = matches!(choice.encoding, Encoding::ZonedAscii | Encoding::ZonedEbcdic);
            let expected = choice.broken().or(match length {
                0 => Some(SpecRule::NoLength),
                _ if is_odd_hex => Some(SpecRule::OddHexDigits),
                1 if choice.class == Class::Xn && !zoned => Some(SpecRule::SignWithoutDigits),
                _ => None,
            });
            let refused = spec(field).spec().err().map(|error| error.rule());
            assert_eq!(refused, expected, "{choice:?} {length}");
            if expected.is_none() {
                legal += 1;
                let values = choice.values(length);
                assert!(!values.is_empty(), "{choice:?} {length}");
                values.iter().for_each(|value| assert_read_back(field, value));
            }
        }
    }
    assert!(legal > 500, "{legal}");
}

#[test]
fn variable_lengths() {
    let prefixes = prefixes();
    let (mut legal, mut refused) = (0, 0);
    for choice in choices() {
        for &(prefix, largest) in &prefixes {
            let field = choice.of(Field::variable(choice.class, prefix, MAX));
            let is_ber = prefix == Prefix::ber(prefix.size()).counting_itself();
            let in_itself = prefix.counts_itself() && (is_ber || !choice.counts_the_wire());
            let expected = choice.broken().or(if !(1..=6).contains(&prefix.size()) {
                Some(SpecRule::PrefixSize)
            } else if in_itself {
                Some(SpecRule::CountsItself)
            } else if largest < u64::from(MAX) {
                Some(SpecRule::PrefixTooNarrow)
            } else {
                None
            });
            let broken = spec(field).spec().err().map(|error| error.rule());
            assert_eq!(broken, expected, "{choice:?} {prefix:?}");
            if expected.is_some() {
                refused += 1;
                continue;
            }
            legal += 1;
            for count in 0..=MAX {
                for value in choice.values(count) {
                    assert_read_back(field, &value);
                }
            }
        }
    }
    assert!(legal > 3_000 && refused > 100_000, "{legal} {refused}");
}

#[test]
fn a_pad_stands_where_it_is_said() {
    for pad in PADS {
        let field =
            Field::variable(Class::N, Prefix::binary(1), 9).encoded(Encoding::Bcd).padded(pad);
        let dialect = spec(field);
        let spec = dialect.spec().unwrap();
        let mut message = Message::new(&spec, Mti::from_digits(b"0200").unwrap());
        message.set_text(2, "123").unwrap();
        let nibble = if matches!(pad, Pad::LEFT_F | Pad::RIGHT_F) { 0xF } else { 0 };
        let expected = match pad.side {
            PadSide::Left => [3, nibble << 4 | 1, 0x23],
            PadSide::Right => [3, 0x12, 0x30 | nibble],
        };
        assert_eq!(message.get(2).unwrap().wire(), expected, "{pad:?}");
    }
}
