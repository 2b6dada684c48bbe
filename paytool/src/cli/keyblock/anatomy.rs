//! Where everything is in the text of a key block, as far as it goes, whether or not the block can be read.

use keyblock::{
    Algorithm, Exportability, HeaderField, KeyContext, KeyUsage, KeyVersion, ModeOfUse, Version,
};

/// Characters of the fixed header.
const HEADER_LEN: usize = 16;

/// The fields of the header and how many characters each has.
const FIELDS: [(HeaderField, usize); 10] = [
    (HeaderField::Version, 1),
    (HeaderField::Length, 4),
    (HeaderField::Usage, 2),
    (HeaderField::Algorithm, 1),
    (HeaderField::Mode, 1),
    (HeaderField::KeyVersion, 2),
    (HeaderField::Exportability, 1),
    (HeaderField::OptionalBlockCount, 2),
    (HeaderField::Context, 1),
    (HeaderField::Reserved, 1),
];

/// A field of the header as it stands there.
pub(super) struct Field<'a> {
    pub(super) field: HeaderField,
    pub(super) text: &'a [u8],
    /// What it says; nothing if there is no such value.
    pub(super) meaning: Option<String>,
}

impl Field<'_> {
    pub(super) fn offset(&self) -> usize {
        usize::from(self.field.offset())
    }
}

/// An optional block as it stands there.
pub(super) struct Optional<'a> {
    pub(super) id: [u8; 2],
    pub(super) offset: usize,
    /// Characters of all of it.
    pub(super) len: usize,
    pub(super) data: &'a [u8],
    /// Whether the length of its extended length is counted in bytes.
    pub(super) in_bytes: bool,
}

impl Optional<'_> {
    /// Where its data begin.
    pub(super) fn data_offset(&self) -> usize {
        self.offset.saturating_add(self.len).saturating_sub(self.data.len())
    }
}

/// A stretch of characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stretch {
    pub(super) offset: usize,
    pub(super) len: usize,
}

/// The parts of a text that is, or should be, a key block.
pub(super) struct Anatomy<'a> {
    /// The fields that are there whole.
    pub(super) fields: Vec<Field<'a>>,
    /// The optional blocks up to the first that cannot be read.
    pub(super) optional: Vec<Optional<'a>>,
    /// Enciphered key and MAC, where the version is known and the optional blocks before them can be read.
    pub(super) protected: Option<(Stretch, Stretch)>,
}

impl<'a> Anatomy<'a> {
    /// Looks at a text; lengths of extended lengths are counted in characters, or else in bytes where that makes a difference.
    pub(super) fn of(text: &'a [u8], in_characters: bool) -> Self {
        let mut fields: Vec<_> =
            FIELDS.iter().map_while(|&(field, len)| header_field(text, field, len)).collect();
        if let Some(strange) = strange_mode(&fields)
            && let Some(mode) = fields.iter_mut().find(|field| field.field == HeaderField::Mode)
        {
            mode.meaning = Some(strange);
        }
        let count =
            fields.iter().find(|field| matches!(field.field, HeaderField::OptionalBlockCount));
        let count = count.and_then(|field| decimal(field.text)).unwrap_or(0);
        let mut optional: Vec<Optional<'a>> = Vec::new();
        let mut offset = HEADER_LEN;
        let mut rest = text.get(HEADER_LEN..).unwrap_or_default();
        while optional.len() < count {
            let Some(next) = split(rest, offset, in_characters) else { break };
            rest = rest.get(next.len..).unwrap_or_default();
            offset = offset.saturating_add(next.len);
            optional.push(next);
        }
        let version = text.first().copied().and_then(Version::from_code);
        let protected = version.filter(|_| optional.len() == count && fields.len() == FIELDS.len());
        let protected = protected.and_then(|version| {
            let mac = version.mac_len().saturating_mul(2);
            let len = rest.len().checked_sub(mac)?;
            let end = offset.saturating_add(len);
            Some((Stretch { offset, len }, Stretch { offset: end, len: mac }))
        });
        Self { fields, optional, protected }
    }
}

fn header_field(text: &[u8], field: HeaderField, len: usize) -> Option<Field<'_>> {
    let offset = usize::from(field.offset());
    let text = text.get(offset..offset.saturating_add(len))?;
    Some(Field { field, text, meaning: meaning(field, text) })
}

/// What a field says; nothing if there is no such value.
fn meaning(field: HeaderField, text: &[u8]) -> Option<String> {
    let one = match *text {
        [code] => Some(code),
        _ => None,
    };
    let two: Option<[u8; 2]> = text.try_into().ok();
    let words = match field {
        HeaderField::Version => protection(Version::from_code(one?)?),
        HeaderField::Length => return decimal(text).map(|len| format!("{len} characters")),
        HeaderField::Usage => KeyUsage::from_code(two?)?.name(),
        HeaderField::Algorithm => Algorithm::from_code(one?)?.name(),
        HeaderField::Mode => ModeOfUse::from_code(one?)?.name(),
        HeaderField::KeyVersion => match KeyVersion::from_code(two?)? {
            KeyVersion::Unused => "not used",
            KeyVersion::Component(_) => "a component, not yet a key",
            KeyVersion::Numbered(_) => "the key's version",
        },
        HeaderField::Exportability => Exportability::from_code(one?)?.name(),
        HeaderField::OptionalBlockCount => {
            return decimal(text).map(|count| match count {
                0 => "none".to_owned(),
                count => count.to_string(),
            });
        }
        HeaderField::Context => KeyContext::from_code(one?)?.name(),
        HeaderField::Reserved => return (text == b"0").then(String::new),
    };
    Some(words.to_owned())
}

/// What a mode of use says that does not go with the usage.
fn strange_mode(fields: &[Field<'_>]) -> Option<String> {
    let text = |wanted| Some(fields.iter().find(|field| field.field == wanted)?.text);
    let usage = KeyUsage::from_code(text(HeaderField::Usage)?.try_into().ok()?)?;
    let mode = ModeOfUse::from_code(*text(HeaderField::Mode)?.first()?)?;
    if usage.modes().is_empty() || usage.modes().contains(&mode) {
        return None;
    }
    let modes: Vec<_> = usage.modes().iter().map(ToString::to_string).collect();
    Some(format!("{}: not with usage {usage}, which has {}", mode.name(), modes.join(", ")))
}

/// How a version protects its blocks.
const fn protection(version: Version) -> &'static str {
    match version {
        Version::A => "TDES, variants of the KBPK, CBC, CBC-MAC of 4 bytes; deprecated",
        Version::B => "TDES, keys derived from the KBPK, CBC, CMAC of 8 bytes",
        Version::C => "TDES, variants of the KBPK, CBC, CBC-MAC of 4 bytes",
        Version::D => "AES, keys derived from the KBPK, CBC, CMAC of 16 bytes",
        Version::E => "AES, keys derived from the KBPK, CTR, CMAC of 16 bytes (ISO 20038)",
    }
}

/// Splits the first optional block from a text that begins at this place.
fn split(text: &[u8], offset: usize, in_characters: bool) -> Option<Optional<'_>> {
    let (&[first, second, high, low], rest) = text.split_first_chunk()?;
    let short = hex(&[high, low])?;
    let (len, read, in_bytes) = if short == 0 {
        let count = hex(rest.get(..2)?)?;
        let (characters, in_bytes) = match count {
            4 => (4, false),
            2 if in_characters => (2, false),
            1 | 2 if !in_characters => (count.saturating_mul(2), true),
            _ => return None,
        };
        let after = rest.get(2..)?.get(..characters)?;
        (hex(after)?, characters.saturating_add(6), in_bytes)
    } else {
        (short, 4, false)
    };
    let data = text.get(..len)?.get(read..)?;
    Some(Optional { id: [first, second], offset, len, data, in_bytes })
}

/// A number of decimal digits.
fn decimal(digits: &[u8]) -> Option<usize> {
    number(digits, 10)
}

/// A number of upper-case hex digits.
fn hex(digits: &[u8]) -> Option<usize> {
    if digits.iter().any(u8::is_ascii_lowercase) { None } else { number(digits, 16) }
}

fn number(digits: &[u8], radix: u32) -> Option<usize> {
    digits.iter().try_fold(0_usize, |number, &digit| {
        let value = usize::try_from(char::from(digit).to_digit(radix)?).ok()?;
        number.checked_mul(usize::try_from(radix).ok()?)?.checked_add(value)
    })
}

#[cfg(test)]
mod tests {
    use keyblock::{KeyBlock, Profile};

    use super::*;

    const BLOCK: &[u8] = b"B0128B1TX00N0300KS18FFFF00A0200001E00000KC0C000169E3KP0C00ECAD626F9F1A826814AA066D86C8C18BD0E14033E1EBEC75BEDF586E6E325F3AA8C0E5";

    #[test]
    fn the_parts_fill_a_block() {
        let anatomy = Anatomy::of(BLOCK, true);
        let (key, mac) = anatomy.protected.unwrap();
        assert_eq!(anatomy.fields.iter().map(|field| field.text.len()).sum::<usize>(), 16);
        let optional: usize = anatomy.optional.iter().map(|block| block.len).sum();
        assert_eq!(key, Stretch { offset: 16 + optional, len: 48 });
        assert_eq!(mac, Stretch { offset: 112, len: 16 });
        assert_eq!(mac.offset + mac.len, BLOCK.len());
    }

    #[test]
    fn a_mode_that_does_not_go_with_the_usage_is_told() {
        let mode = |text: &[u8]| Anatomy::of(text, true).fields[4].meaning.clone().unwrap();
        assert_eq!(mode(b"D0112P0AE00E0000"), "encrypt only");
        let strange = "verify only: not with usage P0, which has B, D, E, N";
        assert_eq!(mode(b"D0112P0AV00E0000"), strange);
        assert_eq!(
            mode(b"D0112P0A100E0000"),
            "proprietary: not with usage P0, which has B, D, E, N"
        );
        assert_eq!(mode(b"D011210AV00E0000"), "verify only");
    }

    #[test]
    fn optional_blocks_are_those_of_the_crate() {
        let parsed = KeyBlock::parse(BLOCK, Profile::LENIENT).unwrap();
        let anatomy = Anatomy::of(BLOCK, true);
        let ours = anatomy.optional.iter().map(|block| (block.id, block.data));
        let theirs = parsed.optional_blocks().iter();
        assert!(ours.eq(theirs.map(|block| (block.id(), block.data()))));
    }

    #[test]
    fn whatever_the_text_is_no_part_lies_outside() {
        for end in 0..BLOCK.len() {
            for in_characters in [true, false] {
                let anatomy = Anatomy::of(&BLOCK[..end], in_characters);
                for block in &anatomy.optional {
                    assert!(block.offset + block.len <= end);
                    assert_eq!(&BLOCK[block.data_offset()..][..block.data.len()], block.data);
                }
                if let Some((_, mac)) = anatomy.protected {
                    assert_eq!(mac.offset + mac.len, end);
                }
            }
        }
    }

    #[test]
    fn extended_lengths_are_told_apart() {
        let of = |text: &[u8], in_characters| {
            split(text, 16, in_characters)
                .map(|block| (block.len, block.data.len(), block.in_bytes))
        };
        assert_eq!(of(b"LB0004000CXX", true), Some((12, 2, false)));
        assert_eq!(of(b"LB0002000CXX", false), Some((12, 2, true)));
        assert_eq!(of(b"LB00020AXX", true), Some((10, 2, false)));
        assert_eq!(of(b"LB00010AXX", false), Some((10, 2, true)));
        for text in [&b"LB00060000"[..], b"LB0a", b"LB0G", b"LB03", b"LB0004000D", b"LB000400"] {
            assert_eq!(of(text, true), None);
        }
    }
}
