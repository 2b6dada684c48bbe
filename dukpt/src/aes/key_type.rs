use super::KeyUsage;
use crate::Error;
use core::fmt;
use core::str::FromStr;

/// The algorithm and the length of a derived key.
///
/// `Display` and `FromStr` use the names `TDES2`, `TDES3`, `AES128`, ... `HMAC256`.
///
/// Source: ANSI X9.24-3-2017.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum KeyType {
    /// Triple DES with a key of 16 bytes.
    Tdes2,
    /// Triple DES with a key of 24 bytes.
    Tdes3,
    /// AES with a key of 16 bytes.
    Aes128,
    /// AES with a key of 24 bytes.
    Aes192,
    /// AES with a key of 32 bytes.
    Aes256,
    /// HMAC with a key of 16 bytes.
    Hmac128,
    /// HMAC with a key of 24 bytes.
    Hmac192,
    /// HMAC with a key of 32 bytes.
    Hmac256,
}

impl KeyType {
    /// Every key type.
    pub const ALL: &'static [Self] = &[
        Self::Tdes2,
        Self::Tdes3,
        Self::Aes128,
        Self::Aes192,
        Self::Aes256,
        Self::Hmac128,
        Self::Hmac192,
        Self::Hmac256,
    ];

    /// The algorithm's code in derivation data; the HMAC types share one.
    #[must_use]
    pub const fn code(self) -> u16 {
        match self {
            Self::Tdes2 => 0,
            Self::Tdes3 => 1,
            Self::Aes128 => 2,
            Self::Aes192 => 3,
            Self::Aes256 => 4,
            Self::Hmac128 | Self::Hmac192 | Self::Hmac256 => 5,
        }
    }

    /// The key's length in bits, a multiple of 64.
    #[must_use]
    pub const fn bits(self) -> u16 {
        match self {
            Self::Tdes2 | Self::Aes128 | Self::Hmac128 => 128,
            Self::Tdes3 | Self::Aes192 | Self::Hmac192 => 192,
            Self::Aes256 | Self::Hmac256 => 256,
        }
    }

    /// The key's length in bytes: 16, 24 or 32.
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "no key type is of length 0")]
    pub const fn len(self) -> usize {
        match self.bits() {
            128 => 16,
            192 => 24,
            _ => 32,
        }
    }

    /// The strength in bits that decides what may be derived from what; both TDES types count as 112.
    #[must_use]
    pub const fn strength(self) -> u16 {
        match self {
            Self::Tdes2 | Self::Tdes3 => 112,
            _ => self.bits(),
        }
    }

    /// Whether keys of this type may have this usage: AES every one, TDES every one but key derivation, HMAC
    /// those of MACs and key encryption.
    #[must_use]
    pub const fn allows(self, usage: KeyUsage) -> bool {
        match self {
            Self::Aes128 | Self::Aes192 | Self::Aes256 => true,
            Self::Tdes2 | Self::Tdes3 => !matches!(usage, KeyUsage::KeyDerivation),
            Self::Hmac128 | Self::Hmac192 | Self::Hmac256 => matches!(
                usage,
                KeyUsage::MacGeneration
                    | KeyUsage::MacVerification
                    | KeyUsage::MacBoth
                    | KeyUsage::KeyEncryption
            ),
        }
    }

    /// The type's name, such as `AES128`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Tdes2 => "TDES2",
            Self::Tdes3 => "TDES3",
            Self::Aes128 => "AES128",
            Self::Aes192 => "AES192",
            Self::Aes256 => "AES256",
            Self::Hmac128 => "HMAC128",
            Self::Hmac192 => "HMAC192",
            Self::Hmac256 => "HMAC256",
        }
    }
}

impl fmt::Display for KeyType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// Reads a type's name; [`Error::UnknownKeyType`] if there is none like it.
impl FromStr for KeyType {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self, Error> {
        Self::ALL.iter().copied().find(|t| t.name() == name).ok_or(Error::UnknownKeyType)
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::KeyType;
    use crate::Error;
    use crate::aes::KeyUsage;
    use std::string::ToString;

    #[test]
    fn names_read_back() {
        for &key_type in KeyType::ALL {
            assert_eq!(key_type.to_string().parse(), Ok(key_type));
            assert_eq!(key_type.len() * 8, usize::from(key_type.bits()));
        }
        for name in ["", "AES", "aes128", "AES128 "] {
            assert_eq!(name.parse::<KeyType>(), Err(Error::UnknownKeyType));
        }
    }

    #[test]
    fn each_type_allows_its_usages() {
        let count = |t: &KeyType| KeyUsage::ALL.iter().filter(|u| t.allows(**u)).count();
        assert!(KeyType::ALL.iter().map(count).eq([8, 8, 9, 9, 9, 4, 4, 4]));
        assert!(!KeyType::Tdes2.allows(KeyUsage::KeyDerivation));
        assert!(!KeyType::Hmac128.allows(KeyUsage::Pin));
    }
}
