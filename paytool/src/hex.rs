//! Hexadecimal text: strict in requests, in any grouping on the command line.

use nom::branch::alt;
use nom::bytes::complete::{tag, take_while, take_while1};
use nom::combinator::opt;
use nom::multi::fold_many0;
use nom::sequence::preceded;
use nom::{IResult, Parser};

use crate::failure::Failure;

/// Bytes as upper-case digits.
pub(crate) fn encode(bytes: &[u8]) -> String {
    let digit = |nibble| char::from_digit(u32::from(nibble), 16).unwrap_or('?');
    let digits = bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 0x0F)]);
    digits.map(|digit| digit.to_ascii_uppercase()).collect()
}

/// The bytes that digits of either case spell, two a byte.
pub(crate) fn decode(text: &str) -> Result<Vec<u8>, Failure> {
    let nibbles = nibbles(text)?;
    let (pairs, []) = nibbles.as_chunks() else {
        return Err(Failure::new("odd_length", "hex of an odd number of digits"));
    };
    Ok(pairs.iter().map(|[high, low]| high << 4 | low).collect())
}

/// The values that digits of either case spell, one a digit.
pub(crate) fn nibbles(text: &str) -> Result<Vec<u8>, Failure> {
    let value = |(at, c): (usize, char)| {
        let value = c.to_digit(16).and_then(|value| u8::try_from(value).ok());
        value.ok_or_else(|| no_digit(at))
    };
    text.char_indices().map(value).collect()
}

/// The digits of text that people write: grouped by white space, colons and dashes, after an optional `0x`.
///
/// A program reads them on with [`decode`], which counts them.
pub(crate) fn ungroup(text: &str) -> Result<String, Failure> {
    match grouped.parse_complete(text) {
        Ok(("", digits)) => Ok(digits),
        Ok((rest, _)) => Err(no_digit(text.len().saturating_sub(rest.len()))),
        Err(_) => Err(no_digit(0)),
    }
}

fn grouped(text: &str) -> IResult<&str, String> {
    let digits = take_while1(|c: char| c.is_ascii_hexdigit());
    let group = preceded(separators, digits);
    let groups = fold_many0(group, String::new, |all, group: &str| all + group);
    let prefix = opt(alt((tag("0x"), tag("0X"))));
    let (rest, (_, _, digits, _)) =
        (separators, prefix, groups, separators).parse_complete(text)?;
    Ok((rest, digits))
}

fn separators(text: &str) -> IResult<&str, &str> {
    take_while(|c: char| c.is_ascii_whitespace() || matches!(c, ':' | '-')).parse_complete(text)
}

fn no_digit(at: usize) -> Failure {
    // An input's length is bounded far below this.
    let at = u32::try_from(at).unwrap_or(u32::MAX);
    Failure::new("invalid_hex", format!("no hex digit at byte {at}")).at(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(failure: &Failure) -> (String, Option<u64>) {
        let json = failure.to_json();
        (json["kind"].as_str().unwrap().to_owned(), json["offset"].as_u64())
    }

    #[test]
    fn bytes_and_digits() {
        assert_eq!(decode("00fFa5").unwrap(), [0x00, 0xFF, 0xA5]);
        assert_eq!(encode(&[0x00, 0xFF, 0xA5]), "00FFA5");
        assert!(decode("").unwrap().is_empty());
        assert_eq!(nibbles("a05").unwrap(), [10, 0, 5]);
    }

    #[test]
    fn requests_are_strict() {
        for (text, expect) in [
            ("5", ("odd_length", None)),
            ("5A 5", ("invalid_hex", Some(2))),
            ("0x5A", ("invalid_hex", Some(1))),
            ("5A\u{665}", ("invalid_hex", Some(2))),
            ("\u{FF15}A", ("invalid_hex", Some(0))),
            ("+5", ("invalid_hex", Some(0))),
        ] {
            let (kind, at) = fault(&decode(text).unwrap_err());
            assert_eq!((kind.as_str(), at), expect, "{text}");
        }
    }

    #[test]
    fn people_may_group() {
        for text in
            ["5A084111", "5a 08 41 11", "0x5A084111", " 5A:08:41:11\n", "0X5A-08\r\n\t4111-"]
        {
            assert_eq!(ungroup(text).unwrap().to_ascii_uppercase(), "5A084111", "{text}");
        }
        assert_eq!(ungroup(" ").unwrap(), "");
        assert_eq!(ungroup("0x").unwrap(), "");
        for (text, at) in [("5A 0G", 4), ("x5A", 0), ("5A 0x08", 4), ("5A_08", 2), ("5A\u{e9}", 2)]
        {
            assert_eq!(fault(&ungroup(text).unwrap_err()), ("invalid_hex".to_owned(), Some(at)));
        }
    }
}
