//! Optional blocks of a header: an id, a length, and text; and what the standard says about the text.

mod certificate;
mod check_value;
mod contents;
mod data;
mod derivations;
mod dukpt_id;
mod hmac_hash;
mod key_life;
mod pedigree;
#[cfg(test)]
mod tests;
mod utc_time;

use core::fmt;

use crate::{Algorithm, Error, Profile, Rule, header::HEADER_LEN};

pub(crate) use contents::{ContentsCheck, check_contents};
pub(crate) use data::hex_array;

pub use certificate::{Certificate, CertificateChain, CertificateFormat};
pub use check_value::{CheckMethod, HeaderCheckValue};
pub use contents::{Contents, ContentsFault};
pub use derivations::{Derivation, DerivationsAllowed};
pub use dukpt_id::{BaseKeyId, InitialKsn};
pub use hmac_hash::HmacHash;
pub use key_life::KeyLife;
pub use pedigree::WrappingPedigree;
pub use utc_time::UtcTime;

/// An optional block: an id of two characters, and text.
///
/// | characters | what |
/// |---|---|
/// | 2 | id |
/// | 2 | length of the whole optional block in hex, or 00 and then an extended length |
/// | rest | data: printable ASCII |
///
/// An extended length is two hex digits that say how many characters follow, and so many hex digits with the length of the whole
/// optional block.
///
/// Source: ANSI X9.143:2021, 6.3.6.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct OptionalBlock<'a> {
    id: [u8; 2],
    data: &'a [u8],
}

impl<'a> OptionalBlock<'a> {
    /// An optional block of an id and text.
    ///
    /// # Errors
    /// [`Error::OptionalBlock`] with offset 0: the id is not of 0-9 and A-Z, or the data not of printable ASCII.
    pub const fn new(id: [u8; 2], data: &'a [u8]) -> Result<Self, Error> {
        if !is_id(id) {
            return Err(Error::OptionalBlock { fault: OptionalBlockFault::Id, offset: 0 });
        }
        if !is_printable(data) {
            return Err(Error::OptionalBlock { fault: OptionalBlockFault::Character, offset: 0 });
        }
        Ok(Self { id, data })
    }

    /// The id, such as `KS`.
    #[must_use]
    pub const fn id(&self) -> [u8; 2] {
        self.id
    }

    /// The data.
    #[must_use]
    pub const fn data(&self) -> &'a [u8] {
        self.data
    }

    /// The data as text.
    #[must_use]
    pub fn as_str(&self) -> &'a str {
        core::str::from_utf8(self.data).unwrap_or_default()
    }

    /// Characters of the whole optional block; none if it is longer than any block.
    pub(crate) fn encoded_len(&self) -> Option<u16> {
        let data = u16::try_from(self.data.len()).ok()?;
        match data.checked_add(4)? {
            short @ ..=255 => Some(short),
            _ => data.checked_add(10),
        }
    }

    /// Writes the optional block and gives the characters that are left.
    pub(crate) fn write<'b>(
        &self,
        lengths: ExtendedLengths,
        out: &'b mut [u8],
    ) -> Option<&'b mut [u8]> {
        let len = self.encoded_len()?;
        let mut put = Put(out);
        put.all(&self.id)?;
        match u8::try_from(len) {
            Ok(short) => put.all(&hex_digits(short))?,
            Err(_) => {
                put.all(match lengths {
                    ExtendedLengths::InCharacters => b"0004",
                    ExtendedLengths::InBytes => b"0002",
                })?;
                len.to_be_bytes().iter().try_for_each(|&byte| put.all(&hex_digits(byte)))?;
            }
        }
        put.all(self.data)?;
        Some(put.0)
    }
}

/// Shows the id and how much data there is, not the data: labels and certificates name people and places.
impl fmt::Debug for OptionalBlock<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [first, second] = self.id;
        write!(f, "{}{} ({} characters)", char::from(first), char::from(second), self.data.len())
    }
}

/// In what the length of an extended length is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ExtendedLengths {
    /// Four characters are written as 04, as X9.143 has it.
    InCharacters,
    /// Four characters are written as 02, the bytes that they spell, as some libraries have it.
    InBytes,
}

/// The optional blocks of a block, in order. Iterating them cannot fail: they were checked when the block was parsed.
#[derive(Clone, Copy, Debug)]
pub struct OptionalBlocks<'a> {
    text: &'a [u8],
    profile: Profile,
    len: u8,
}

impl<'a> OptionalBlocks<'a> {
    /// Takes so many optional blocks from the front of a text, which begins with the first of them; the key has this algorithm.
    pub(crate) fn take(
        text: &'a [u8],
        count: u8,
        algorithm: Algorithm,
        profile: Profile,
    ) -> Result<(Self, &'a [u8]), Error> {
        let mut rest = text;
        let mut rules = Rules::new(algorithm, profile);
        for _ in 0..count {
            let begin = place(text, rest);
            let (block, after) = split(rest, profile).map_err(|fault| {
                let offset = u16::try_from(begin).unwrap_or(u16::MAX);
                if counts_bytes(rest, fault) && profile.has(Rule::LengthInCharacters) {
                    return Error::Rule { rule: Rule::LengthInCharacters, offset };
                }
                Error::OptionalBlock { fault, offset }
            })?;
            let data = place(text, after).saturating_sub(block.data.len());
            rules.check(&block, begin, data)?;
            rest = after;
        }
        let len = text.len().saturating_sub(rest.len());
        let text = text.get(..len).unwrap_or_default();
        Ok((Self { text, profile, len: count }, rest))
    }

    /// How many there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.len as usize
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The first one with this id.
    #[must_use]
    pub fn find(&self, id: [u8; 2]) -> Option<OptionalBlock<'a>> {
        self.iter().find(|block| block.id == id)
    }

    /// The optional blocks in order.
    #[must_use]
    pub const fn iter(&self) -> OptionalBlocksIter<'a> {
        OptionalBlocksIter { rest: self.text, profile: self.profile }
    }

    /// Characters of them all.
    pub(crate) const fn text(&self) -> &'a [u8] {
        self.text
    }
}

impl<'a> IntoIterator for OptionalBlocks<'a> {
    type Item = OptionalBlock<'a>;
    type IntoIter = OptionalBlocksIter<'a>;

    fn into_iter(self) -> OptionalBlocksIter<'a> {
        self.iter()
    }
}

/// Iterates [`OptionalBlocks`].
#[derive(Clone, Debug)]
pub struct OptionalBlocksIter<'a> {
    rest: &'a [u8],
    profile: Profile,
}

impl<'a> Iterator for OptionalBlocksIter<'a> {
    type Item = OptionalBlock<'a>;

    fn next(&mut self) -> Option<OptionalBlock<'a>> {
        let (block, rest) = split(self.rest, self.profile).ok()?;
        self.rest = rest;
        Some(block)
    }
}

/// What can be wrong with an optional block.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum OptionalBlockFault {
    /// The text ends before the optional block does.
    Cut,
    /// The id is not of 0-9 and A-Z.
    Id,
    /// The length is not of upper-case hex digits.
    LengthNotHex,
    /// The length is too small for what has been read of the optional block already.
    LengthTooSmall,
    /// The length of the extended length is 0, over 4, or odd.
    ExtendedLength,
    /// The data holds something else than printable ASCII.
    Character,
}

impl OptionalBlockFault {
    pub(crate) const fn as_text(self) -> &'static str {
        match self {
            Self::Cut => "is longer than the text",
            Self::Id => "has an id of something else than 0-9 and a-z in upper case",
            Self::LengthNotHex => "has a length of something else than upper-case hex digits",
            Self::LengthTooSmall => "has a length that is too small",
            Self::ExtendedLength => "has an extended length of neither 2 nor 4 characters",
            Self::Character => "holds something else than printable ascii",
        }
    }
}

/// Splits the first optional block from a text.
fn split(text: &[u8], profile: Profile) -> Result<(OptionalBlock<'_>, &[u8]), OptionalBlockFault> {
    let (&[i0, i1, l0, l1], rest) = text.split_first_chunk().ok_or(OptionalBlockFault::Cut)?;
    let id = [i0, i1];
    if !is_id(id) {
        return Err(OptionalBlockFault::Id);
    }
    let short = hex_number(&[l0, l1]).ok_or(OptionalBlockFault::LengthNotHex)?;
    let (len, read, rest) = match short {
        0 => {
            let (digits, rest) = rest.split_first_chunk::<2>().ok_or(OptionalBlockFault::Cut)?;
            let count = hex_number(digits).ok_or(OptionalBlockFault::LengthNotHex)?;
            let characters = match count {
                4 => 4,
                2 if profile.has(Rule::LengthInCharacters) => 2,
                1 if !profile.has(Rule::LengthInCharacters) => 2,
                2 => 4,
                _ => return Err(OptionalBlockFault::ExtendedLength),
            };
            let (digits, rest) =
                rest.split_at_checked(characters).ok_or(OptionalBlockFault::Cut)?;
            let len = hex_number(digits).ok_or(OptionalBlockFault::LengthNotHex)?;
            (len, characters.saturating_add(6), rest)
        }
        _ => (short, 4, rest),
    };
    let data_len = usize::from(len).checked_sub(read).ok_or(OptionalBlockFault::LengthTooSmall)?;
    let (data, rest) = rest.split_at_checked(data_len).ok_or(OptionalBlockFault::Cut)?;
    if !is_printable(data) {
        return Err(OptionalBlockFault::Character);
    }
    Ok((OptionalBlock { id, data }, rest))
}

/// Whether what cannot be read as characters is an extended length that is counted in bytes: 01, or 02 and a first pair of digits that is
/// too small to be the length of anything.
const fn counts_bytes(text: &[u8], fault: OptionalBlockFault) -> bool {
    match text {
        [_, _, b'0', b'0', b'0', b'1', ..] => matches!(fault, OptionalBlockFault::ExtendedLength),
        [_, _, b'0', b'0', b'0', b'2', ..] => matches!(fault, OptionalBlockFault::LengthTooSmall),
        _ => false,
    }
}

/// What a profile says about optional blocks that are to be written, in this order.
pub(crate) fn check<'a>(
    blocks: impl Iterator<Item = OptionalBlock<'a>>,
    lengths: ExtendedLengths,
    algorithm: Algorithm,
    profile: Profile,
) -> Result<(), Error> {
    let mut rules = Rules::new(algorithm, profile);
    let mut begin = HEADER_LEN;
    for block in blocks {
        let len = usize::from(block.encoded_len().ok_or(Error::TooLong)?);
        let end = begin.saturating_add(len);
        rules.check(&block, begin, end.saturating_sub(block.data.len()))?;
        let in_bytes = len > 255 && lengths == ExtendedLengths::InBytes;
        if in_bytes && profile.has(Rule::LengthInCharacters) {
            let offset = u16::try_from(begin).unwrap_or(u16::MAX);
            return Err(Error::Rule { rule: Rule::LengthInCharacters, offset });
        }
        begin = end;
    }
    Ok(())
}

/// The rules about optional blocks, and what has to be known of those before.
struct Rules {
    algorithm: Algorithm,
    profile: Profile,
    padded: bool,
    ids: Ids,
}

impl Rules {
    fn new(algorithm: Algorithm, profile: Profile) -> Self {
        Self { algorithm, profile, padded: false, ids: Ids([0; 41]) }
    }

    /// Checks the next one, and its data, which begin at these places.
    fn check(&mut self, block: &OptionalBlock<'_>, begin: usize, data: usize) -> Result<(), Error> {
        let refused =
            |rule| Err(Error::Rule { rule, offset: u16::try_from(begin).unwrap_or(u16::MAX) });
        if self.padded && self.profile.has(Rule::PaddingLast) {
            return refused(Rule::PaddingLast);
        }
        self.padded |= block.id == *b"PB";
        if !self.ids.insert(block.id) && self.profile.has(Rule::UniqueOptionalBlocks) {
            return refused(Rule::UniqueOptionalBlocks);
        }
        block.check_contents(self.algorithm, self.profile, data)
    }
}

/// Where the rest of the text begins: characters from the first of the block.
const fn place(text: &[u8], rest: &[u8]) -> usize {
    HEADER_LEN.saturating_add(text.len().saturating_sub(rest.len()))
}

/// A set of ids: one bit for each pair of 36 characters, so that many optional blocks take no more than linear time.
struct Ids([u32; 41]);

impl Ids {
    /// Puts an id in; whether it was not in already.
    fn insert(&mut self, [first, second]: [u8; 2]) -> bool {
        const fn digit(character: u8) -> u16 {
            (match character {
                b'0'..=b'9' => character & 15,
                _ => character.wrapping_sub(b'A').wrapping_add(10),
            }) as u16
        }
        let number = digit(first).wrapping_mul(36).wrapping_add(digit(second));
        let Some(bits) = self.0.get_mut(usize::from(number >> 5)) else { return true };
        let bit = 1_u32.wrapping_shl(u32::from(number));
        let new = *bits & bit == 0;
        *bits |= bit;
        new
    }
}

const fn is_id(id: [u8; 2]) -> bool {
    matches!(id, [b'0'..=b'9' | b'A'..=b'Z', b'0'..=b'9' | b'A'..=b'Z'])
}

const fn is_printable(data: &[u8]) -> bool {
    let mut rest = data;
    while let [first, after @ ..] = rest {
        if !matches!(*first, b' '..=b'~') {
            return false;
        }
        rest = after;
    }
    true
}

/// At most four upper-case hex digits as a number.
fn hex_number(digits: &[u8]) -> Option<u16> {
    digits.iter().try_fold(0_u16, |number, &digit| {
        let value = match digit {
            b'0'..=b'9' => digit & 15,
            b'A'..=b'F' => (digit & 15).wrapping_add(9),
            _ => return None,
        };
        Some(number << 4 | u16::from(value))
    })
}

fn hex_digits(byte: u8) -> [u8; 2] {
    crate::hex::digits(byte)
}

/// Fills a buffer from its front.
struct Put<'b>(&'b mut [u8]);

impl Put<'_> {
    fn all(&mut self, bytes: &[u8]) -> Option<()> {
        let (front, rest) = core::mem::take(&mut self.0).split_at_mut_checked(bytes.len())?;
        front.iter_mut().zip(bytes).for_each(|(to, from)| *to = *from);
        self.0 = rest;
        Some(())
    }
}
