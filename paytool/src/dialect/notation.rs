//! One field's definition in the compact notation: `b2:19 bcd r0`, `f12 ascii`.

use iso8583_wire::{Class, Encoding, Field, Pad, Prefix, Unit};
use nom::branch::alt;
use nom::bytes::complete::{tag, take_while1};
use nom::character::complete::{anychar, digit1};
use nom::combinator::{map_opt, map_res};
use nom::multi::fold_many0;
use nom::sequence::preceded;
use nom::{IResult, Parser};

use crate::failure::Failure;

/// How long the value is.
#[derive(Clone, Copy)]
enum Size {
    Fixed(u16),
    Variable(Prefix, u16),
}

/// A definition as it is written, before it is put together.
struct Definition<'t> {
    size: Size,
    encoding: &'t str,
    options: Vec<&'t str>,
}

/// What holds the field, and with that who says how long it is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// A message, or parts that have prefixes of their own.
    OfItsOwn,
    /// Parts with tags, which have their lengths.
    Tagged,
}

/// Reads a definition.
pub(super) fn field(text: &str, place: Place) -> Result<Field, Failure> {
    match definition.parse_complete(text) {
        Ok(("", definition)) => definition.field(place),
        _ => Err(invalid("is not written as LENGTH ENCODING OPTIONS, `b2:19 bcd r0`")),
    }
}

pub(super) fn invalid(message: &str) -> Failure {
    Failure::new("invalid_spec", message)
}

fn definition(text: &str) -> IResult<&str, Definition<'_>> {
    let word = || take_while1(|c: char| c.is_ascii_alphanumeric());
    let options = fold_many0(preceded(tag(" "), word()), Vec::new, |mut all: Vec<_>, option| {
        all.push(option);
        all
    });
    let (rest, (size, encoding, options)) =
        (size, preceded(tag(" "), word()), options).parse_complete(text)?;
    Ok((rest, Definition { size, encoding, options }))
}

fn size(text: &str) -> IResult<&str, Size> {
    let fixed = preceded(tag("f"), map_res(digit1, str::parse::<u16>)).map(Size::Fixed);
    let variable =
        (prefix, preceded(tag(":"), number)).map(|(prefix, max)| Size::Variable(prefix, max));
    alt((fixed, variable)).parse_complete(text)
}

fn prefix(text: &str) -> IResult<&str, Prefix> {
    let size = map_res(digit1, str::parse::<u8>);
    map_opt((anychar, size), |(notation, size)| {
        Some(match notation {
            'a' => Prefix::ascii(size),
            'b' => Prefix::bcd(size),
            'e' => Prefix::ebcdic(size),
            'x' => Prefix::binary(size),
            _ => return None,
        })
    })
    .parse_complete(text)
}

/// A number, or the largest that a spec can hold: a message has no room for more.
fn number(text: &str) -> IResult<&str, u16> {
    let (rest, digits) = digit1.parse_complete(text)?;
    Ok((rest, digits.parse().unwrap_or(u16::MAX)))
}

impl Definition<'_> {
    fn field(&self, place: Place) -> Result<Field, Failure> {
        let has = |option: &str| self.options.contains(&option);
        let known = ["l0", "lF", "r0", "rF", "track", "hex", "numeric"];
        if self.options.iter().any(|option| !known.contains(option)) {
            return Err(invalid("has an option that is none of l0 lF r0 rF track hex numeric"));
        }
        let pads = ["l0", "lF", "r0", "rF"].iter().filter(|pad| has(pad)).count();
        let repeated = (1..self.options.len()).any(|at| {
            let (before, rest) = self.options.split_at_checked(at).unwrap_or_default();
            rest.first().is_some_and(|option| before.contains(option))
        });
        if pads > 1 || repeated || (has("numeric") && has("hex")) {
            return Err(invalid("has options that say the same or contradict each other"));
        }
        let is_packed = matches!(self.encoding, "bcd" | "bcdB");
        let is_binary = matches!(self.encoding, "bin" | "ahex" | "ehex" | "xbcd" | "gbk");
        if (has("track") && (is_binary || self.encoding == "latin1"))
            || (has("numeric") && is_binary)
        {
            return Err(invalid("has an option that its encoding does not have"));
        }
        let text = if has("numeric") { Class::N } else { Class::Any };
        let packed = if has("track") { Class::Z } else { Class::N };
        let (class, encoding) = match self.encoding {
            "ascii" => (text, Encoding::Ascii),
            "numeric" => (Class::N, Encoding::Ascii),
            "latin1" => (text, Encoding::Latin1),
            "gbk" => (text, Encoding::Raw),
            "e037" => (text, Encoding::Ebcdic037),
            "e500" => (text, Encoding::Ebcdic500),
            "e1047" => (text, Encoding::Ebcdic1047),
            _ if is_packed => (packed, Encoding::Bcd),
            "xbcd" => (Class::Xn, Encoding::Bcd),
            "bin" => (Class::B, Encoding::Binary),
            "ahex" => (Class::B, Encoding::Hex),
            "ehex" => (Class::B, Encoding::EbcdicHex),
            _ => {
                return Err(invalid(
                    "has an encoding that is none of ascii numeric latin1 gbk e037 e500 e1047 bcd bcdB xbcd bin ahex ehex",
                ));
            }
        };
        let field = match (self.size, place) {
            (Size::Fixed(length), _) => Field::fixed(class, length),
            (Size::Variable(prefix, max), Place::OfItsOwn) => {
                Field::variable(class, prefix, max.min(largest(prefix)))
            }
            (Size::Variable(_, max), Place::Tagged) => Field::up_to(class, max),
        };
        let field = field.encoded(encoding);
        let field = if self.encoding == "bcdB" { field.counted_in(Unit::Bytes) } else { field };
        // The source of a sign that is no C or D is the sender.
        let field = if class == Class::Xn { field.with_other_signs() } else { field };
        let field = if has("hex") { field.with_hex_nibbles() } else { field };
        let pads = [
            ("l0", Pad::LEFT_ZERO),
            ("lF", Pad::LEFT_F),
            ("r0", Pad::RIGHT_ZERO),
            ("rF", Pad::RIGHT_F),
        ];
        let pad = pads.iter().find(|(option, _)| has(option));
        Ok(pad.map_or(field, |(_, pad)| field.padded(*pad)))
    }
}

/// The largest number that a prefix says: a maximum above that means no more.
fn largest(prefix: Prefix) -> u16 {
    let base: u32 =
        if prefix.encoding() == iso8583_wire::PrefixEncoding::Binary { 256 } else { 10 };
    let largest = base.saturating_pow(prefix.size().into()).saturating_sub(1);
    u16::try_from(largest).unwrap_or(u16::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn definitions_as_they_are_written() {
        let n19 = Field::variable(Class::N, Prefix::bcd(2), 19).encoded(Encoding::Bcd);
        for (text, expected) in [
            ("b2:19 bcd r0", n19.padded(Pad::RIGHT_ZERO)),
            ("f12 ascii", Field::fixed(Class::Any, 12)),
            ("a6:999999 bin", Field::variable(Class::B, Prefix::ascii(6), u16::MAX)),
            ("a2:255 ascii numeric", Field::variable(Class::N, Prefix::ascii(2), 99)),
            (
                "x1:300 e037",
                Field::variable(Class::Any, Prefix::binary(1), 255).encoded(Encoding::Ebcdic037),
            ),
        ] {
            assert_eq!(field(text, Place::OfItsOwn).unwrap(), expected, "{text}");
        }
        let tagged = field("a2:25 gbk", Place::Tagged).unwrap();
        assert_eq!(tagged, Field::up_to(Class::Any, 25).encoded(Encoding::Raw));
        for bad in [
            "",
            "f6",
            "f6 ebcdic",
            "q2:9 ascii",
            "a2 ascii",
            "f6 ascii big",
            "f6  ascii",
            "f-1 ascii",
            "f65536 ascii",
            "f3 bcd l0 r0",
            "f3 bcd l0 l0",
            "f3 bin track",
            "f2 bcd numeric hex",
        ] {
            assert!(field(bad, Place::OfItsOwn).is_err(), "{bad}");
        }
    }
}
