use core::fmt;

/// The algorithm that a key works with: the character at offset 7.
///
/// `Display` writes the character.
///
/// Source: ANSI X9.143:2021, 6.3.2, table 3.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Algorithm {
    /// A: AES with a key of 16, 24 or 32 bytes.
    Aes,
    /// D: DES with a key of 8 bytes. Deprecated.
    Des,
    /// E: a private key of an elliptic curve.
    EllipticCurve,
    /// H: HMAC; the optional block HM names the hash.
    Hmac,
    /// R: a private key of RSA.
    Rsa,
    /// S: a private key of DSA.
    Dsa,
    /// T: triple DES with a key of 16 or 24 bytes.
    Tdes,
    /// An algorithm that the standard does not have: any other of 0-9 and A-Z.
    Proprietary(u8),
}

impl Algorithm {
    /// Every value of the standard.
    pub const STANDARD: &'static [Self] =
        &[Self::Aes, Self::Des, Self::EllipticCurve, Self::Hmac, Self::Rsa, Self::Dsa, Self::Tdes];

    /// The character.
    #[must_use]
    pub const fn code(self) -> u8 {
        match self {
            Self::Aes => b'A',
            Self::Des => b'D',
            Self::EllipticCurve => b'E',
            Self::Hmac => b'H',
            Self::Rsa => b'R',
            Self::Dsa => b'S',
            Self::Tdes => b'T',
            Self::Proprietary(code) => code,
        }
    }

    /// The value that has this character; none if it is neither 0-9 nor A-Z.
    #[must_use]
    pub const fn from_code(code: u8) -> Option<Self> {
        Some(match code {
            b'A' => Self::Aes,
            b'D' => Self::Des,
            b'E' => Self::EllipticCurve,
            b'H' => Self::Hmac,
            b'R' => Self::Rsa,
            b'S' => Self::Dsa,
            b'T' => Self::Tdes,
            b'0'..=b'9' | b'A'..=b'Z' => Self::Proprietary(code),
            _ => return None,
        })
    }

    /// What the standard calls it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Aes => "AES",
            Self::Des => "DES",
            Self::EllipticCurve => "elliptic curve",
            Self::Hmac => "HMAC",
            Self::Rsa => "RSA",
            Self::Dsa => "DSA",
            Self::Tdes => "TDES",
            Self::Proprietary(_) => "proprietary",
        }
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Write::write_char(f, char::from(self.code()))
    }
}

#[cfg(test)]
mod tests {
    use super::Algorithm;

    #[test]
    fn codes_read_back() {
        for &value in Algorithm::STANDARD {
            assert_eq!(Algorithm::from_code(value.code()), Some(value));
            assert_ne!(value.name(), "proprietary");
        }
        assert_eq!(Algorithm::from_code(b'7'), Some(Algorithm::Proprietary(b'7')));
        assert_eq!(Algorithm::from_code(b'?'), None);
        assert_eq!(Algorithm::from_code(b'a'), None);
    }
}
