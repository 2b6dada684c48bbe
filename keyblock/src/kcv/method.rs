use core::str::FromStr;

use crate::Error;

/// How a check value is made, and so how long it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum KcvMethod {
    /// The first 3 bytes of an enciphered block of zeros.
    ///
    /// # Security
    /// For AES, X9.143 wants [`Cmac`](Self::Cmac) instead: the enciphered block of zeros is also what a CMAC's subkeys are made of,
    /// so a key that makes CMACs shows 24 bits of them.
    ///
    /// Source: ANSI X9.24-1:2017, Annex A.
    Legacy,
    /// The first 5 bytes of the CMAC of one block of zeros.
    ///
    /// Source: ANSI X9.24-1:2017, Annex A; NIST SP 800-38B.
    Cmac,
    /// The first 4 bytes of an enciphered block of zeros, as in field 62 of UnionPay's sign-in.
    ///
    /// # Security
    /// A byte more than the others take of the same block; use it where UnionPay's terminals want it.
    ///
    /// Source: public samples of UnionPay terminal sign-in messages.
    UnionPay4,
    /// The first 8 bytes of an enciphered block of zeros: what some UnionPay hosts send.
    ///
    /// # Security
    /// Of DES, TDES and every other cipher of 8-byte blocks this is a whole known pair of a clear and an enciphered block, with which keys are
    /// searched for, and more than the 5 bytes beyond which a check value gives away more than it checks. Compare it where a host
    /// sends it; send [`UnionPay4`](Self::UnionPay4).
    ///
    /// Source: public samples of UnionPay hosts; no specification is cited.
    UnionPay8,
}

impl KcvMethod {
    /// Every method.
    pub const ALL: &'static [Self] = &[Self::Legacy, Self::Cmac, Self::UnionPay4, Self::UnionPay8];

    pub(super) const LONGEST: usize = 8;

    /// Bytes of the check value: 3, 5, 4 or 8.
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "no method gives nothing")]
    pub const fn len(self) -> usize {
        self.len_u8() as usize
    }

    pub(super) const fn len_u8(self) -> u8 {
        match self {
            Self::Legacy => 3,
            Self::Cmac => 5,
            Self::UnionPay4 => 4,
            Self::UnionPay8 => 8,
        }
    }

    /// The method's name in `snake_case`: `legacy_ecb_zero`, `cmac_zero_block`, `unionpay_4`, `unionpay_8`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Legacy => "legacy_ecb_zero",
            Self::Cmac => "cmac_zero_block",
            Self::UnionPay4 => "unionpay_4",
            Self::UnionPay8 => "unionpay_8",
        }
    }
}

/// Reads a method's name; [`Error::UnknownName`] if there is none like it.
impl FromStr for KcvMethod {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self, Error> {
        let mut all = Self::ALL.iter();
        all.find(|method| method.as_str() == name).copied().ok_or(Error::UnknownName)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_read_back() {
        for &method in KcvMethod::ALL {
            assert_eq!(method.as_str().parse(), Ok(method));
            assert!(method.len() <= KcvMethod::LONGEST);
        }
        for name in ["", "legacy", "CMAC_ZERO_BLOCK", "unionpay_8 "] {
            assert_eq!(name.parse::<KcvMethod>(), Err(Error::UnknownName));
        }
    }
}
