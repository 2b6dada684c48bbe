use core::fmt;

/// Which of several keys or components a key is: two characters of the header, from offset 9.
///
/// `Display` writes the characters.
///
/// Source: ANSI X9.143:2021, 6.3.4, table 5.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KeyVersion {
    /// 00: keys are not numbered.
    Unused,
    /// `c` and a character of 0-9 or A-Z: a component, not yet a key.
    Component(u8),
    /// Any other two of 0-9 and A-Z: the key's version.
    Numbered([u8; 2]),
}

impl KeyVersion {
    /// The two characters.
    #[must_use]
    pub const fn code(self) -> [u8; 2] {
        match self {
            Self::Unused => *b"00",
            Self::Component(number) => [b'c', number],
            Self::Numbered(code) => code,
        }
    }

    /// The version that has these characters.
    #[must_use]
    pub const fn from_code(code: [u8; 2]) -> Option<Self> {
        Some(match code {
            [b'0', b'0'] => Self::Unused,
            [b'c', number @ (b'0'..=b'9' | b'A'..=b'Z')] => Self::Component(number),
            [b'0'..=b'9' | b'A'..=b'Z', b'0'..=b'9' | b'A'..=b'Z'] => Self::Numbered(code),
            _ => return None,
        })
    }
}

impl fmt::Display for KeyVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.code().iter().try_for_each(|&byte| fmt::Write::write_char(f, char::from(byte)))
    }
}

#[cfg(test)]
mod tests {
    use super::KeyVersion;

    #[test]
    fn codes_read_back() {
        for code in [b"00", b"01", b"16", b"c1", b"cZ", b"ZZ"] {
            assert_eq!(KeyVersion::from_code(*code).unwrap().code(), *code);
        }
        assert_eq!(KeyVersion::from_code(*b"c1"), Some(KeyVersion::Component(b'1')));
        assert_eq!(KeyVersion::from_code(*b"00"), Some(KeyVersion::Unused));
        for bad in [b"cc", b"1c", b" 1", b"0?"] {
            assert_eq!(KeyVersion::from_code(*bad), None);
        }
    }
}
