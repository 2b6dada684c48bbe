use crate::Error;
use core::fmt;
use core::str::FromStr;

/// What a working key is for, named from the terminal's side.
///
/// `Display` and `FromStr` use the short names `PIN`, `MAC_GEN`, `MAC_VER`, `MAC_BOTH`, `DATA_ENC`, `DATA_DEC`,
/// `DATA_BOTH`, `KEK` and `KEYDER`.
///
/// Source: ANSI X9.24-3-2017.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum KeyUsage {
    /// Protects other keys: 0002.
    KeyEncryption,
    /// Enciphers PIN blocks: 1000.
    Pin,
    /// Authenticates what the terminal sends: 2000.
    MacGeneration,
    /// Authenticates what the terminal receives: 2001.
    MacVerification,
    /// Authenticates both directions: 2002.
    MacBoth,
    /// Encrypts what the terminal sends: 3000.
    DataEncryption,
    /// Encrypts what the terminal receives: 3001.
    DataDecryption,
    /// Encrypts both directions: 3002.
    DataBoth,
    /// Derives other keys: 8000.
    KeyDerivation,
}

impl KeyUsage {
    /// Every usage.
    pub const ALL: &'static [Self] = &[
        Self::KeyEncryption,
        Self::Pin,
        Self::MacGeneration,
        Self::MacVerification,
        Self::MacBoth,
        Self::DataEncryption,
        Self::DataDecryption,
        Self::DataBoth,
        Self::KeyDerivation,
    ];

    /// The usage's code in derivation data.
    #[must_use]
    pub const fn code(self) -> u16 {
        match self {
            Self::KeyEncryption => 0x0002,
            Self::Pin => 0x1000,
            Self::MacGeneration => 0x2000,
            Self::MacVerification => 0x2001,
            Self::MacBoth => 0x2002,
            Self::DataEncryption => 0x3000,
            Self::DataDecryption => 0x3001,
            Self::DataBoth => 0x3002,
            Self::KeyDerivation => 0x8000,
        }
    }

    /// The usage's short name, such as `MAC_GEN`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::KeyEncryption => "KEK",
            Self::Pin => "PIN",
            Self::MacGeneration => "MAC_GEN",
            Self::MacVerification => "MAC_VER",
            Self::MacBoth => "MAC_BOTH",
            Self::DataEncryption => "DATA_ENC",
            Self::DataDecryption => "DATA_DEC",
            Self::DataBoth => "DATA_BOTH",
            Self::KeyDerivation => "KEYDER",
        }
    }
}

impl fmt::Display for KeyUsage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// Reads a usage's short name; [`Error::UnknownKeyUsage`] if there is none like it.
impl FromStr for KeyUsage {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self, Error> {
        Self::ALL.iter().copied().find(|u| u.name() == name).ok_or(Error::UnknownKeyUsage)
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::KeyUsage;
    use crate::Error;
    use std::string::ToString;

    #[test]
    fn names_read_back() {
        for &usage in KeyUsage::ALL {
            assert_eq!(usage.to_string().parse(), Ok(usage));
        }
        for name in ["", "pin", "MAC", "KEK "] {
            assert_eq!(name.parse::<KeyUsage>(), Err(Error::UnknownKeyUsage));
        }
    }
}
