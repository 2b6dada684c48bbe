use core::fmt;

/// Where a key may go from here: the character at offset 11.
///
/// `Display` writes the character.
///
/// Source: ANSI X9.143:2021, 6.3.5, table 6.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Exportability {
    /// E: exportable under a key that protects it as X9.24 demands.
    Exportable,
    /// N: not exportable.
    NonExportable,
    /// S: sensitive: exportable under a key that need not protect it as X9.24 demands.
    Sensitive,
    /// A value that the standard does not have: any other of 0-9 and A-Z.
    Proprietary(u8),
}

impl Exportability {
    /// Every value of the standard.
    pub const STANDARD: &'static [Self] = &[Self::Exportable, Self::NonExportable, Self::Sensitive];

    /// The character.
    #[must_use]
    pub const fn code(self) -> u8 {
        match self {
            Self::Exportable => b'E',
            Self::NonExportable => b'N',
            Self::Sensitive => b'S',
            Self::Proprietary(code) => code,
        }
    }

    /// The value that has this character; none if it is neither 0-9 nor A-Z.
    #[must_use]
    pub const fn from_code(code: u8) -> Option<Self> {
        Some(match code {
            b'E' => Self::Exportable,
            b'N' => Self::NonExportable,
            b'S' => Self::Sensitive,
            b'0'..=b'9' | b'A'..=b'Z' => Self::Proprietary(code),
            _ => return None,
        })
    }

    /// What the standard calls it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Exportable => "exportable in a trusted key block",
            Self::NonExportable => "not exportable",
            Self::Sensitive => "sensitive",
            Self::Proprietary(_) => "proprietary",
        }
    }
}

impl fmt::Display for Exportability {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Write::write_char(f, char::from(self.code()))
    }
}

#[cfg(test)]
mod tests {
    use super::Exportability;

    #[test]
    fn codes_read_back() {
        for &value in Exportability::STANDARD {
            assert_eq!(Exportability::from_code(value.code()), Some(value));
            assert_ne!(value.name(), "proprietary");
        }
        assert_eq!(Exportability::from_code(b'7'), Some(Exportability::Proprietary(b'7')));
        assert_eq!(Exportability::from_code(b'?'), None);
        assert_eq!(Exportability::from_code(b'a'), None);
    }
}
