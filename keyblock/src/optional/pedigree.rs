use super::{
    ContentsFault,
    data::{Data, Wrong},
};

/// What a key was ever wrapped under, compared with itself: the optional block WP.
///
/// Three characters: version 00, then one digit.
///
/// Source: ANSI X9.143:2021, 6.3.6.15, table 23.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum WrappingPedigree {
    /// 0: keys of equal or greater strength.
    EqualOrStronger,
    /// 1: a weaker key.
    Weaker,
    /// 2: an asymmetric key, which a quantum computer could break.
    Asymmetric,
    /// 3: an asymmetric key, which a quantum computer could break, and a weaker symmetric key.
    AsymmetricAndWeaker,
}

impl WrappingPedigree {
    /// What the value means.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::EqualOrStronger => "keys of equal or greater strength",
            Self::Weaker => "a weaker key",
            Self::Asymmetric => "an asymmetric key at risk of quantum computing",
            Self::AsymmetricAndWeaker => {
                "an asymmetric key at risk of quantum computing, and a weaker symmetric key"
            }
        }
    }

    pub(super) fn read(data: &[u8]) -> Result<Self, Wrong> {
        match data {
            b"000" => Ok(Self::EqualOrStronger),
            b"001" => Ok(Self::Weaker),
            b"002" => Ok(Self::Asymmetric),
            b"003" => Ok(Self::AsymmetricAndWeaker),
            [b'0', b'0', _] => Err(Wrong::new(ContentsFault::Value, 2)),
            [_, _, _] => Err(Wrong::new(ContentsFault::Version, 0)),
            _ => Err(Wrong::length(data)),
        }
    }

    pub(super) fn write(self, data: &mut Data<'_>) {
        data.text(match self {
            Self::EqualOrStronger => b"000",
            Self::Weaker => b"001",
            Self::Asymmetric => b"002",
            Self::AsymmetricAndWeaker => b"003",
        });
    }
}
