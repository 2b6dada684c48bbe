//! The numbers that lead to a data element.

use core::fmt;
use core::str::FromStr;

use crate::{Error, ErrorKind};

/// The numbers that lead to a data element: `48`, or `48.42` for a part of it.
///
/// Where a path is asked for, a field's number or an array of numbers will do; a text is read with `parse`. Holds up
/// to four numbers; what is deeper is cut, and `Display` then ends in `..`.
///
/// # Examples
/// ```
/// use iso8583_wire::Path;
///
/// assert_eq!("127.25".parse::<Path>()?, Path::from([127, 25]));
/// assert_eq!(Path::from([48, 42]).to_string(), "48.42");
/// # Ok::<(), iso8583_wire::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Path {
    numbers: [u16; 4],
    depth: u8,
}

impl Path {
    /// The message type indicator.
    pub const MTI: Self = Self { numbers: [0; 4], depth: 0 };
    /// The primary bitmap.
    pub const BITMAP: Self = Self { numbers: [u16::MAX, 0, 0, 0], depth: 0 };
    /// What is looked at, and no part of it.
    pub(crate) const HERE: Self = Self::MTI;

    /// A top-level data element; 1 is the secondary bitmap.
    #[inline]
    #[must_use]
    pub const fn field(number: u16) -> Self {
        Self { numbers: [number, 0, 0, 0], depth: 1 }
    }

    /// The numbers from the top; empty for the message type indicator and the primary bitmap.
    #[inline]
    #[must_use]
    pub fn numbers(&self) -> &[u16] {
        self.numbers.get(..usize::from(self.depth)).unwrap_or(&self.numbers)
    }

    /// The same path seen from what holds its first number.
    pub(crate) const fn below(self, number: u16) -> Self {
        let [first, second, third, _] = self.numbers;
        Self { numbers: [number, first, second, third], depth: self.depth.saturating_add(1) }
    }

    /// The path of a part of what this one leads to.
    pub(crate) fn part(mut self, number: u16) -> Self {
        if let Some(slot) = self.numbers.get_mut(usize::from(self.depth)) {
            *slot = number;
        }
        self.depth = self.depth.saturating_add(1);
        self
    }

    /// The number of a top-level data element, if the path leads to one and no further.
    #[inline]
    pub(crate) const fn only(&self) -> Option<u16> {
        match (self.depth, self.numbers) {
            (1, [number, ..]) => Some(number),
            _ => None,
        }
    }

    /// The top-level data element and the numbers behind it; `None` where there is none.
    #[inline]
    pub(crate) fn split(&self) -> Option<(u16, &[u16])> {
        if usize::from(self.depth) > self.numbers.len() {
            return None;
        }
        let (first, rest) = self.numbers().split_first()?;
        Some((*first, rest))
    }
}

impl From<u16> for Path {
    #[inline]
    fn from(number: u16) -> Self {
        Self::field(number)
    }
}

impl<const N: usize> From<[u16; N]> for Path {
    fn from(numbers: [u16; N]) -> Self {
        numbers.into_iter().fold(Self::HERE, Self::part)
    }
}

/// Reads `48`, `48.42` and the like, `mti` and `bitmap`.
impl FromStr for Path {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        const INVALID: Error = Error::new(ErrorKind::InvalidPath, 0, Path::HERE);
        match text {
            "mti" => return Ok(Self::MTI),
            "bitmap" => return Ok(Self::BITMAP),
            _ => {}
        }
        let mut path = Self::HERE;
        for number in text.split('.') {
            // `parse` alone would take a sign.
            let digits = number.bytes().all(|c| c.is_ascii_digit());
            let number = number.parse().ok().filter(|number| digits && *number != u16::MAX);
            path = path.part(number.ok_or(INVALID)?);
        }
        if usize::from(path.depth) > path.numbers.len() { Err(INVALID) } else { Ok(path) }
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if *self == Self::MTI {
            return f.write_str("mti");
        }
        if *self == Self::BITMAP {
            return f.write_str("bitmap");
        }
        for (position, number) in self.numbers().iter().enumerate() {
            if position > 0 {
                f.write_str(".")?;
            }
            write!(f, "{number}")?;
        }
        if usize::from(self.depth) > self.numbers.len() {
            f.write_str("..")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Path({self})")
    }
}

#[cfg(feature = "defmt")]
impl defmt::Format for Path {
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(f, "{}", defmt::Display2Format(self));
    }
}

#[cfg(test)]
mod tests {
    extern crate alloc;
    use alloc::string::ToString;

    use super::*;

    #[test]
    fn text_and_back() {
        for text in ["2", "48.42", "127.25.1.2", "mti", "bitmap", "48.0"] {
            assert_eq!(text.parse::<Path>().unwrap().to_string(), text);
        }
        for bad in ["", ".", "48.", "a", "+1", "1.2.3.4.5", "65535", "99999"] {
            assert_eq!(bad.parse::<Path>().unwrap_err().kind(), ErrorKind::InvalidPath, "{bad}");
        }
    }

    #[test]
    fn a_path_deeper_than_four_is_marked_as_cut() {
        let path = Path::from([127, 25, 1, 2, 9]);
        assert_eq!(path.to_string(), "127.25.1.2..");
        assert_eq!(path.split(), None);
        assert_eq!(Path::from([1, 2]).below(127), Path::from([127, 1, 2]));
    }
}
