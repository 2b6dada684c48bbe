use super::{
    ContentsFault,
    data::{Data, Wrong, hex_array},
};

/// How long an asymmetric key lives: the optional block AL.
///
/// Four hex digits: version 01, then 00 or 01.
///
/// Source: ANSI X9.143:2021, 6.3.6.1, table 8.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KeyLife {
    /// 00: for one exchange.
    Ephemeral,
    /// 01: until it is replaced.
    Static,
}

impl KeyLife {
    /// What the standard calls it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ephemeral => "ephemeral",
            Self::Static => "static",
        }
    }

    pub(super) fn read(data: &[u8]) -> Result<Self, Wrong> {
        match hex_array(data)? {
            [1, 0] => Ok(Self::Ephemeral),
            [1, 1] => Ok(Self::Static),
            [1, _] => Err(Wrong::new(ContentsFault::Value, 2)),
            _ => Err(Wrong::new(ContentsFault::Version, 0)),
        }
    }

    pub(super) fn write(self, data: &mut Data<'_>) {
        data.text(match self {
            Self::Ephemeral => b"0100",
            Self::Static => b"0101",
        });
    }
}
