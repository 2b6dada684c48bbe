//! The fixed header: 16 characters.

mod algorithm;
mod allowed;
mod character;
mod context;
mod exportability;
mod key_version;
mod mode;
mod usage;

use crate::{Error, Version};

pub use algorithm::Algorithm;
pub use context::KeyContext;
pub use exportability::Exportability;
pub use key_version::KeyVersion;
pub use mode::ModeOfUse;
pub use usage::KeyUsage;

/// Characters of the fixed header.
pub(crate) const HEADER_LEN: usize = 16;

/// What the header of a block says about its key, without lengths and optional blocks.
///
/// Fields are public: any combination can be written, since the standard lets parties agree on more than its tables have; what the
/// tables allow is checked by the types that an unwrapped key is turned into.
///
/// | offset | characters | field |
/// |---|---|---|
/// | 0 | 1 | version |
/// | 1 | 4 | length of the whole block, in decimal |
/// | 5 | 2 | usage |
/// | 7 | 1 | algorithm |
/// | 8 | 1 | mode of use |
/// | 9 | 2 | key version |
/// | 11 | 1 | exportability |
/// | 12 | 2 | number of optional blocks, in decimal |
/// | 14 | 1 | context |
/// | 15 | 1 | reserved, 0 |
///
/// Source: ANSI X9.143:2021, 6.2, table 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Header {
    /// How the block is protected.
    pub version: Version,
    /// What the key is for.
    pub usage: KeyUsage,
    /// The algorithm that it works with.
    pub algorithm: Algorithm,
    /// What may be done with it.
    pub mode: ModeOfUse,
    /// Which of several keys it is.
    pub key_version: KeyVersion,
    /// Where it may go.
    pub exportability: Exportability,
    /// In which context the block may be used.
    pub context: KeyContext,
}

impl Header {
    /// A header with an unused key version and without a context.
    #[must_use]
    pub const fn new(
        version: Version,
        usage: KeyUsage,
        algorithm: Algorithm,
        mode: ModeOfUse,
        exportability: Exportability,
    ) -> Self {
        Self {
            version,
            usage,
            algorithm,
            mode,
            key_version: KeyVersion::Unused,
            exportability,
            context: KeyContext::Any,
        }
    }

    /// Reads the 16 characters: the header, the block's length, and the number of optional blocks.
    pub(crate) const fn read(text: &[u8; HEADER_LEN]) -> Result<(Self, u16, u8), Error> {
        let [
            version,
            l0,
            l1,
            l2,
            l3,
            u0,
            u1,
            algorithm,
            mode,
            v0,
            v1,
            exportability,
            n0,
            n1,
            context,
            reserved,
        ] = *text;
        let Some(version) = Version::from_code(version) else {
            return Err(Error::Header(HeaderField::Version));
        };
        let Some(length) = decimal([l0, l1, l2, l3]) else {
            return Err(Error::Header(HeaderField::Length));
        };
        let Some(usage) = KeyUsage::from_code([u0, u1]) else {
            return Err(Error::Header(HeaderField::Usage));
        };
        let Some(algorithm) = Algorithm::from_code(algorithm) else {
            return Err(Error::Header(HeaderField::Algorithm));
        };
        let Some(mode) = ModeOfUse::from_code(mode) else {
            return Err(Error::Header(HeaderField::Mode));
        };
        let Some(key_version) = KeyVersion::from_code([v0, v1]) else {
            return Err(Error::Header(HeaderField::KeyVersion));
        };
        let Some(exportability) = Exportability::from_code(exportability) else {
            return Err(Error::Header(HeaderField::Exportability));
        };
        let Some(count) = decimal([b'0', b'0', n0, n1]) else {
            return Err(Error::Header(HeaderField::OptionalBlockCount));
        };
        let Some(context) = KeyContext::from_code(context) else {
            return Err(Error::Header(HeaderField::Context));
        };
        if reserved != b'0' {
            return Err(Error::Header(HeaderField::Reserved));
        }
        let header = Self { version, usage, algorithm, mode, key_version, exportability, context };
        // Two digits.
        let [_, count] = count.to_be_bytes();
        Ok((header, length, count))
    }

    /// Refuses values that no header reads back as: a proprietary one of other characters than 0-9 and A-Z, or of a standard one's,
    /// which would be held to none of its rules.
    pub(crate) fn check(self) -> Result<(), Error> {
        let wrong = |field| Err(Error::Header(field));
        if KeyUsage::from_code(self.usage.code()) != Some(self.usage) {
            return wrong(HeaderField::Usage);
        }
        if Algorithm::from_code(self.algorithm.code()) != Some(self.algorithm) {
            return wrong(HeaderField::Algorithm);
        }
        if ModeOfUse::from_code(self.mode.code()) != Some(self.mode) {
            return wrong(HeaderField::Mode);
        }
        if KeyVersion::from_code(self.key_version.code()) != Some(self.key_version) {
            return wrong(HeaderField::KeyVersion);
        }
        if Exportability::from_code(self.exportability.code()) != Some(self.exportability) {
            return wrong(HeaderField::Exportability);
        }
        Ok(())
    }

    /// Writes the 16 characters.
    pub(crate) const fn write(self, length: u16, optional_blocks: u8) -> [u8; HEADER_LEN] {
        let [u0, u1] = self.usage.code();
        let [v0, v1] = self.key_version.code();
        let [l0, l1, l2, l3] = digits(length);
        let [_, _, n0, n1] = digits(optional_blocks as u16);
        [
            self.version.code(),
            l0,
            l1,
            l2,
            l3,
            u0,
            u1,
            self.algorithm.code(),
            self.mode.code(),
            v0,
            v1,
            self.exportability.code(),
            n0,
            n1,
            self.context.code(),
            b'0',
        ]
    }
}

/// A field of the header, as an error names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum HeaderField {
    /// The version of the block.
    Version,
    /// The length of the block.
    Length,
    /// The key's usage.
    Usage,
    /// The key's algorithm.
    Algorithm,
    /// The key's mode of use.
    Mode,
    /// The key's version.
    KeyVersion,
    /// The key's exportability.
    Exportability,
    /// The number of optional blocks.
    OptionalBlockCount,
    /// The context.
    Context,
    /// The reserved character.
    Reserved,
}

impl HeaderField {
    /// Where the field begins: characters from the first of the block.
    #[must_use]
    pub const fn offset(self) -> u16 {
        match self {
            Self::Version => 0,
            Self::Length => 1,
            Self::Usage => 5,
            Self::Algorithm => 7,
            Self::Mode => 8,
            Self::KeyVersion => 9,
            Self::Exportability => 11,
            Self::OptionalBlockCount => 12,
            Self::Context => 14,
            Self::Reserved => 15,
        }
    }

    /// The field's name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Version => "version",
            Self::Length => "block length",
            Self::Usage => "key usage",
            Self::Algorithm => "algorithm",
            Self::Mode => "mode of use",
            Self::KeyVersion => "key version",
            Self::Exportability => "exportability",
            Self::OptionalBlockCount => "number of optional blocks",
            Self::Context => "key context",
            Self::Reserved => "reserved character",
        }
    }
}

/// Four decimal digits as a number.
const fn decimal([a, b, c, d]: [u8; 4]) -> Option<u16> {
    if !(a.is_ascii_digit() && b.is_ascii_digit() && c.is_ascii_digit() && d.is_ascii_digit()) {
        return None;
    }
    let [a, b, c, d] = [(a & 15) as u16, (b & 15) as u16, (c & 15) as u16, (d & 15) as u16];
    Some(
        a.wrapping_mul(1000)
            .wrapping_add(b.wrapping_mul(100))
            .wrapping_add(c.wrapping_mul(10))
            .wrapping_add(d),
    )
}

/// A number of at most four digits in decimal.
const fn digits(number: u16) -> [u8; 4] {
    const fn digit(number: u16) -> u8 {
        let [_, digit] = (number % 10).to_be_bytes();
        b'0' | digit
    }
    [digit(number / 1000), digit(number / 100), digit(number / 10), digit(number)]
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &[u8; 16] = b"D0112P0AE16E0320";

    #[test]
    fn a_header_is_written_as_it_was_read() {
        let (header, length, blocks) = Header::read(TEXT).unwrap();
        assert_eq!((length, blocks), (112, 3));
        assert_eq!(header.usage, KeyUsage::PinEncryption);
        assert_eq!(header.context, KeyContext::Exchange);
        assert_eq!(&header.write(112, 3), TEXT);
    }

    #[test]
    fn each_field_is_named_at_its_offset() {
        for (field, at) in [
            (HeaderField::Version, 0),
            (HeaderField::Length, 4),
            (HeaderField::Usage, 6),
            (HeaderField::Algorithm, 7),
            (HeaderField::Mode, 8),
            (HeaderField::KeyVersion, 10),
            (HeaderField::Exportability, 11),
            (HeaderField::OptionalBlockCount, 13),
            (HeaderField::Context, 14),
            (HeaderField::Reserved, 15),
        ] {
            for bad in [b'?', b' ', b'x', 0, 0xFF] {
                let mut text = *TEXT;
                text[at] = bad;
                assert_eq!(Header::read(&text), Err(Error::Header(field)), "{at}");
                assert!(usize::from(field.offset()) <= at);
            }
        }
    }

    #[test]
    fn numbers_are_decimal() {
        for number in [0, 7, 16, 99, 100, 1234, 9999] {
            assert_eq!(decimal(digits(number)), Some(number));
        }
        assert_eq!(decimal(*b"00A0"), None);
    }
}
