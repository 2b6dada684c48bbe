//! The text of APDU traces: one APDU a line, marked as command or response in the ways that tools mark them, or not at all.

use nom::branch::alt;
use nom::bytes::complete::{tag, take_while1};
use nom::character::complete::{char, space0};
use nom::combinator::{map_opt, value};
use nom::sequence::terminated;
use nom::{IResult, Parser};

use crate::failure::Failure;
use crate::hex;

/// Which way an APDU went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Direction {
    Command,
    Response,
}

/// An APDU, and which way it went if its line says so.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Line {
    pub(crate) direction: Option<Direction>,
    pub(crate) apdu: Vec<u8>,
}

/// Reads a line; none if it is blank or a comment. An offset counts characters of the line.
pub(crate) fn line(text: &str) -> Result<Option<Line>, Failure> {
    let text = text.find(['#', ';']).map_or(text, |comment| text.get(..comment).unwrap_or(text));
    let (rest, direction) = match mark.parse_complete(text) {
        Ok((rest, direction)) => (rest, Some(direction)),
        Err(_) => (text, None),
    };
    if rest.trim().is_empty() && direction.is_none() {
        return Ok(None);
    }
    let before = text.len().saturating_sub(rest.len());
    let apdu = hex::ungroup(rest)
        .map_err(|failure| failure.behind(before))
        .and_then(|digits| hex::decode(&digits))?;
    Ok(Some(Line { direction, apdu }))
}

/// An arrow, or a word with a colon.
fn mark(text: &str) -> IResult<&str, Direction> {
    let (text, _) = space0(text)?;
    alt((arrow, terminated(word, (space0, char(':'))))).parse_complete(text)
}

fn arrow(text: &str) -> IResult<&str, Direction> {
    alt((
        value(
            Direction::Command,
            alt((tag("-->"), tag("==>"), tag("->"), tag("=>"), tag("\u{2192}"), right)),
        ),
        value(
            Direction::Response,
            alt((tag("<--"), tag("<=="), tag("<-"), tag("<="), tag("\u{2190}"), left)),
        ),
    ))
    .parse_complete(text)
}

fn right(text: &str) -> IResult<&str, &str> {
    take_while1(|c| c == '>').parse_complete(text)
}

fn left(text: &str) -> IResult<&str, &str> {
    take_while1(|c| c == '<').parse_complete(text)
}

fn word(text: &str) -> IResult<&str, Direction> {
    let word = take_while1(|c: char| c.is_ascii_alphabetic() || c == '-');
    map_opt(word, |word: &str| match word.to_ascii_lowercase().as_str() {
        "c" | "c-apdu" | "capdu" | "command" | "cmd" | "tx" | "send" | "sent" | "request"
        | "apdu" => Some(Direction::Command),
        "r" | "r-apdu" | "rapdu" | "response" | "resp" | "rsp" | "rx" | "recv" | "received"
        | "sw" => Some(Direction::Response),
        _ => None,
    })
    .parse_complete(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn apdus_are_marked_in_many_ways_or_in_none() {
        use Direction::{Command, Response};
        for (text, direction) in [
            ("00B2010C00", None),
            ("  00 b2 01 0c 00  ", None),
            ("> 00B2010C00", Some(Command)),
            ("--> 00:B2:01:0C:00", Some(Command)),
            ("C-APDU: 00B2010C00 # the first record", Some(Command)),
            ("c: 00B2010C00", Some(Command)),
            ("TX : 00B2010C00", Some(Command)),
            (">>> 00B2010C00", Some(Command)),
            ("\u{2192}\t00B2010C00", Some(Command)),
            ("APDU: 00 B2 01 0C 00", Some(Command)),
            ("SW: 00 B2 01 0C 00", Some(Response)),
            ("<== 00B2010C00", Some(Response)),
            ("<= 00B2010C00", Some(Response)),
            ("<-- 00-B2-01-0C-00; as the card says it", Some(Response)),
            ("Response: 00B2010C00", Some(Response)),
        ] {
            let read = line(text).unwrap().unwrap();
            assert_eq!(read.direction, direction, "{text}");
            assert_eq!(read.apdu, [0x00, 0xB2, 0x01, 0x0C, 0x00], "{text}");
        }
        for blank in ["", "  ", "# 00B2", ";", "\r"] {
            assert_eq!(line(blank).unwrap(), None);
        }
        // Hex may begin with a letter that is also a word.
        let read = |text| line(text).unwrap().unwrap();
        assert_eq!(read("C0 DE"), Line { direction: None, apdu: vec![0xC0, 0xDE] });
        assert_eq!(read(">"), Line { direction: Some(Command), apdu: vec![] });
    }

    #[test]
    fn what_is_no_hex_is_refused_at_its_place() {
        for (text, kind, offset) in [
            ("> 00B2x", "invalid_hex", Some(6)),
            ("SELECT: 00A4", "invalid_hex", Some(0)),
            ("00B2010", "odd_length", None),
        ] {
            let error = line(text).unwrap_err().to_json();
            assert_eq!((error["kind"].as_str(), error["offset"].as_u64()), (Some(kind), offset));
        }
    }
}
