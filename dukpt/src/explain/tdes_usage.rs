use crate::Error;
use core::fmt;
use core::str::FromStr;

/// Which of a TDES transaction's working keys is explained.
///
/// `Display` and `FromStr` use the short names `PIN`, `MAC_REQ`, `MAC_RSP`, `DATA_REQ` and `DATA_RSP`.
///
/// Source: ANSI X9.24-1:2009.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TdesUsage {
    /// [`PinKey`](crate::tdes::PinKey).
    Pin,
    /// [`MacRequestKey`](crate::tdes::MacRequestKey).
    MacRequest,
    /// [`MacResponseKey`](crate::tdes::MacResponseKey).
    MacResponse,
    /// [`DataRequestKey`](crate::tdes::DataRequestKey), with the self-encryption as a step of its own.
    DataRequest,
    /// [`DataResponseKey`](crate::tdes::DataResponseKey), with the self-encryption as a step of its own.
    DataResponse,
}

impl TdesUsage {
    /// Every usage.
    pub const ALL: &'static [Self] =
        &[Self::Pin, Self::MacRequest, Self::MacResponse, Self::DataRequest, Self::DataResponse];

    /// The usage's short name, such as `MAC_REQ`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pin => "PIN",
            Self::MacRequest => "MAC_REQ",
            Self::MacResponse => "MAC_RSP",
            Self::DataRequest => "DATA_REQ",
            Self::DataResponse => "DATA_RSP",
        }
    }
}

impl fmt::Display for TdesUsage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// Reads a usage's short name; [`Error::UnknownKeyUsage`] if there is none like it.
impl FromStr for TdesUsage {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self, Error> {
        Self::ALL.iter().copied().find(|u| u.name() == name).ok_or(Error::UnknownKeyUsage)
    }
}

#[cfg(test)]
mod tests {
    use super::TdesUsage;
    use crate::Error;
    use alloc::string::ToString;

    #[test]
    fn names_read_back() {
        for &usage in TdesUsage::ALL {
            assert_eq!(usage.to_string().parse(), Ok(usage));
        }
        for name in ["", "pin", "MAC_GEN", "PIN "] {
            assert_eq!(name.parse::<TdesUsage>(), Err(Error::UnknownKeyUsage));
        }
    }
}
