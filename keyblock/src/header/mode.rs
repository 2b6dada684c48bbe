use core::fmt;

/// What may be done with a key: the character at offset 8.
///
/// `Display` writes the character.
///
/// Source: ANSI X9.143:2021, 6.3.3, table 4.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ModeOfUse {
    /// B: encrypts and decrypts, or wraps and unwraps.
    EncryptAndDecrypt,
    /// C: generates and verifies MACs and other values.
    GenerateAndVerify,
    /// D: decrypts or unwraps.
    DecryptOnly,
    /// E: encrypts or wraps.
    EncryptOnly,
    /// G: generates MACs and other values.
    GenerateOnly,
    /// N: all that the usage allows.
    Unrestricted,
    /// S: signs.
    SignOnly,
    /// T: signs and decrypts.
    SignAndDecrypt,
    /// V: verifies MACs and other values.
    VerifyOnly,
    /// X: derives other keys.
    Derive,
    /// Y: makes variants of itself.
    CreateVariants,
    /// A mode that the standard does not have: any other of 0-9 and A-Z.
    Proprietary(u8),
}

impl ModeOfUse {
    /// Every value of the standard.
    pub const STANDARD: &'static [Self] = &[
        Self::EncryptAndDecrypt,
        Self::GenerateAndVerify,
        Self::DecryptOnly,
        Self::EncryptOnly,
        Self::GenerateOnly,
        Self::Unrestricted,
        Self::SignOnly,
        Self::SignAndDecrypt,
        Self::VerifyOnly,
        Self::Derive,
        Self::CreateVariants,
    ];

    /// The character.
    #[must_use]
    pub const fn code(self) -> u8 {
        match self {
            Self::EncryptAndDecrypt => b'B',
            Self::GenerateAndVerify => b'C',
            Self::DecryptOnly => b'D',
            Self::EncryptOnly => b'E',
            Self::GenerateOnly => b'G',
            Self::Unrestricted => b'N',
            Self::SignOnly => b'S',
            Self::SignAndDecrypt => b'T',
            Self::VerifyOnly => b'V',
            Self::Derive => b'X',
            Self::CreateVariants => b'Y',
            Self::Proprietary(code) => code,
        }
    }

    /// The value that has this character; none if it is neither 0-9 nor A-Z.
    #[must_use]
    pub const fn from_code(code: u8) -> Option<Self> {
        Some(match code {
            b'B' => Self::EncryptAndDecrypt,
            b'C' => Self::GenerateAndVerify,
            b'D' => Self::DecryptOnly,
            b'E' => Self::EncryptOnly,
            b'G' => Self::GenerateOnly,
            b'N' => Self::Unrestricted,
            b'S' => Self::SignOnly,
            b'T' => Self::SignAndDecrypt,
            b'V' => Self::VerifyOnly,
            b'X' => Self::Derive,
            b'Y' => Self::CreateVariants,
            b'0'..=b'9' | b'A'..=b'Z' => Self::Proprietary(code),
            _ => return None,
        })
    }

    /// What the standard calls it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::EncryptAndDecrypt => "encrypt and decrypt",
            Self::GenerateAndVerify => "generate and verify",
            Self::DecryptOnly => "decrypt only",
            Self::EncryptOnly => "encrypt only",
            Self::GenerateOnly => "generate only",
            Self::Unrestricted => "no special restrictions",
            Self::SignOnly => "sign only",
            Self::SignAndDecrypt => "sign and decrypt",
            Self::VerifyOnly => "verify only",
            Self::Derive => "derive keys",
            Self::CreateVariants => "create key variants",
            Self::Proprietary(_) => "proprietary",
        }
    }
}

impl fmt::Display for ModeOfUse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Write::write_char(f, char::from(self.code()))
    }
}

#[cfg(test)]
mod tests {
    use super::ModeOfUse;

    #[test]
    fn codes_read_back() {
        for &value in ModeOfUse::STANDARD {
            assert_eq!(ModeOfUse::from_code(value.code()), Some(value));
            assert_ne!(value.name(), "proprietary");
        }
        assert_eq!(ModeOfUse::from_code(b'7'), Some(ModeOfUse::Proprietary(b'7')));
        assert_eq!(ModeOfUse::from_code(b'?'), None);
        assert_eq!(ModeOfUse::from_code(b'a'), None);
    }
}
