//! Tag paths as people write them.

use crate::{DEFAULT_DEPTH, Error, ErrorKind, Tag};
use core::{fmt, ops::Deref, str::FromStr};
use nom::{
    IResult, Parser,
    character::complete::{char, hex_digit1, space0},
    combinator::{all_consuming, cut, map_res},
    multi::fold,
    sequence::preceded,
};

/// As many tags as a walk of default depth reaches.
const MAX_TAGS: usize = DEFAULT_DEPTH + 1;

/// A path of tags, read from text: `6F/A5/BF0C`, in either case, with or without blanks around a slash.
///
/// It lends its tags as a slice, and holds 17 at most. Needs the feature `path`.
///
/// # Examples
/// ```
/// use emv_tlv::{TagPath, find};
///
/// let fci = [0x6F, 0x05, 0xA5, 0x03, 0x87, 0x01, 0x01];
/// let path: TagPath = "6F/A5/87".parse()?;
/// assert_eq!(find(&fci, &path)?.ok_or("no priority")?.value(), [1]);
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Copy)]
pub struct TagPath {
    tags: [Tag; MAX_TAGS],
    len: usize,
}

impl Deref for TagPath {
    type Target = [Tag];

    fn deref(&self) -> &[Tag] {
        self.tags.get(..self.len).unwrap_or_default()
    }
}

impl FromStr for TagPath {
    type Err = Error;

    /// Reads a path of 1 to 17 tags.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidText`] where no path begins or goes on: at a tag that is none, at a character out of place, at
    /// the slash before an eighteenth tag.
    fn from_str(text: &str) -> Result<Self, Error> {
        all_consuming(path).parse_complete(text).map(|(_, path)| path).map_err(|error| {
            let rest = match error {
                nom::Err::Error(error) | nom::Err::Failure(error) => error.input,
                nom::Err::Incomplete(_) => "",
            };
            Error::at(ErrorKind::InvalidText, text.len().saturating_sub(rest.len()))
        })
    }
}

fn path(input: &str) -> IResult<&str, TagPath> {
    let (input, first) = tag(input)?;
    let start = || TagPath { tags: [first; MAX_TAGS], len: 1 };
    let slash = (space0, char('/'), space0);
    fold(0..MAX_TAGS, preceded(slash, cut(tag)), start, TagPath::and).parse_complete(input)
}

fn tag(input: &str) -> IResult<&str, Tag> {
    map_res(hex_digit1, str::parse).parse_complete(input)
}

impl TagPath {
    /// The path and one more tag; the grammar offers no more than there is room for.
    fn and(mut self, tag: Tag) -> Self {
        if let Some(next) = self.tags.get_mut(self.len) {
            *next = tag;
            self.len = self.len.saturating_add(1);
        }
        self
    }
}

impl fmt::Display for TagPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, tag) in self.iter().enumerate() {
            write!(f, "{}{tag}", if at == 0 { "" } else { "/" })?;
        }
        Ok(())
    }
}

impl fmt::Debug for TagPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TagPath({self})")
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use std::{format, string::ToString};

    #[test]
    fn reads_paths_in_either_case_with_blanks() {
        for (text, expect) in [
            ("5A", "5A"),
            ("6F/A5/BF0C", "6F/A5/BF0C"),
            ("6f / a5 /bf0c/61", "6F/A5/BF0C/61"),
            ("DF8129", "DF8129"),
        ] {
            let path: TagPath = text.parse().unwrap();
            assert_eq!(path.to_string(), expect);
            assert_eq!(path.len(), expect.split('/').count());
            assert_eq!(format!("{path:?}"), format!("TagPath({expect})"));
        }
    }

    #[test]
    fn says_where_text_is_no_path() {
        let longest = ["E1"; MAX_TAGS].join("/");
        assert_eq!(longest.parse::<TagPath>().map(|path| path.len()), Ok(17));
        let too_long = format!("{longest}/E1");
        for (text, offset) in [
            ("", 0),
            ("/6F", 0),
            (" 6F", 0),
            ("6F/", 3),
            ("6F/ /A5", 4),
            ("6F//A5", 3),
            ("6F A5", 2),
            ("6F/9F", 3),
            ("6F/00", 3),
            ("6F/A5 ", 5),
            ("6F/A5x", 5),
            ("6F/5A5A", 3),
            (&too_long, longest.len()),
        ] {
            let error = text.parse::<TagPath>().unwrap_err();
            assert_eq!(
                (error.kind(), error.offset() as usize),
                (ErrorKind::InvalidText, offset),
                "{text}"
            );
        }
    }
}
