use core::fmt;

/// How a key block is protected: the first character of its header.
///
/// | version | KBPK | KBEK and KBAK | key | MAC over | MAC |
/// |---|---|---|---|---|---|
/// | A, C | TDES | KBPK with a variant | CBC | header and enciphered key | CBC-MAC, 4 bytes |
/// | B | TDES | derived by CMAC | CBC | header and clear key | CMAC, 8 bytes |
/// | D | AES | derived by CMAC | CBC | header and clear key | CMAC, 16 bytes |
/// | E | AES | derived by CMAC | CTR | header and clear key | CMAC, 16 bytes |
///
/// Source: ANSI X9.143:2021, 6.2; ISO 20038:2017 (version E).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Version {
    /// TR-31:2005, variants of a TDES key. Deprecated.
    A,
    /// TR-31:2010, keys derived from a TDES key.
    B,
    /// TR-31:2010, variants of a TDES key: version A under another letter.
    C,
    /// TR-31:2018, keys derived from an AES key.
    D,
    /// ISO 20038:2017, keys derived from an AES key, enciphered in counter mode.
    E,
}

impl Version {
    /// Every version.
    pub const ALL: &'static [Self] = &[Self::A, Self::B, Self::C, Self::D, Self::E];

    /// The version's character.
    #[must_use]
    pub const fn code(self) -> u8 {
        match self {
            Self::A => b'A',
            Self::B => b'B',
            Self::C => b'C',
            Self::D => b'D',
            Self::E => b'E',
        }
    }

    /// The version that has this character.
    #[must_use]
    pub const fn from_code(code: u8) -> Option<Self> {
        Some(match code {
            b'A' => Self::A,
            b'B' => Self::B,
            b'C' => Self::C,
            b'D' => Self::D,
            b'E' => Self::E,
            _ => return None,
        })
    }

    /// Whether the protection key is an AES key; otherwise it is a TDES key.
    #[must_use]
    pub const fn is_aes(self) -> bool {
        matches!(self, Self::D | Self::E)
    }

    /// Bytes of the MAC: 4, 8 or 16; it has twice as many characters.
    #[must_use]
    pub const fn mac_len(self) -> usize {
        match self {
            Self::A | Self::C => 4,
            Self::B => 8,
            Self::D | Self::E => 16,
        }
    }

    /// Bytes of a block of the cipher: 8 or 16; the optional blocks fill a multiple of it.
    #[must_use]
    pub const fn block_len(self) -> usize {
        if self.is_aes() { 16 } else { 8 }
    }

    /// A multiple of how many bytes the enciphered key has: a block of the cipher, or 1 in counter mode.
    #[must_use]
    pub const fn enciphered_multiple(self) -> usize {
        if matches!(self, Self::E) { 1 } else { self.block_len() }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Write::write_char(f, char::from(self.code()))
    }
}
