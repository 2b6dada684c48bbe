/// In which context the block may be used: the character at offset 14, 0 in blocks of before 2021.
///
/// Source: ANSI X9.143:2021, 6.2, table 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KeyContext {
    /// 0: the protection key decides.
    Any,
    /// 1: stored only.
    Storage,
    /// 2: exchanged only.
    Exchange,
}

impl KeyContext {
    /// The character.
    #[must_use]
    pub const fn code(self) -> u8 {
        match self {
            Self::Any => b'0',
            Self::Storage => b'1',
            Self::Exchange => b'2',
        }
    }

    /// The context that has this character.
    #[must_use]
    pub const fn from_code(code: u8) -> Option<Self> {
        Some(match code {
            b'0' => Self::Any,
            b'1' => Self::Storage,
            b'2' => Self::Exchange,
            _ => return None,
        })
    }

    /// What the standard calls it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Any => "determined by the wrapping key",
            Self::Storage => "storage",
            Self::Exchange => "key exchange",
        }
    }
}
