//! What DUKPT keys are known by.

use super::{
    ContentsFault,
    data::{Data, Wrong, hex_bytes},
};

/// Which base derivation key it is, or the key comes from: the optional block BI.
///
/// Hex digits: 00 and 5 bytes, or 01 and 4 bytes.
///
/// Source: ANSI X9.143:2021, 6.3.6.2, table 9.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BaseKeyId {
    /// 00: the key set id of a TDES key, 5 bytes.
    Tdes([u8; 5]),
    /// 01: the base derivation key id of an AES key, 4 bytes.
    Aes([u8; 4]),
}

impl BaseKeyId {
    /// The 4 or 5 bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8] {
        match self {
            Self::Tdes(id) => id,
            Self::Aes(id) => id,
        }
    }

    pub(crate) fn read(data: &[u8]) -> Result<Self, Wrong> {
        match hex_bytes(data)? {
            ([0, a, b, c, d, e, ..], 6) => Ok(Self::Tdes([a, b, c, d, e])),
            ([1, a, b, c, d, ..], 5) => Ok(Self::Aes([a, b, c, d])),
            ([method, ..], 1..=6) if method > 1 => Err(Wrong::new(ContentsFault::Value, 0)),
            _ => Err(Wrong::length(data)),
        }
    }

    pub(super) fn write(&self, data: &mut Data<'_>) {
        data.text(match self {
            Self::Tdes(_) => b"00",
            Self::Aes(_) => b"01",
        });
        data.hex(self.as_bytes());
    }
}

/// The initial key serial number of a TDES DUKPT key: the optional block KS.
///
/// 20 hex digits; also 16, as older devices send it without the two bytes in front.
///
/// Source: ANSI X9.143:2021, 6.3.6.8, table 16, for 10 bytes; 8 bytes as other implementations read them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum InitialKsn {
    /// 10 bytes, as the standard has it.
    Full([u8; 10]),
    /// 8 bytes.
    Short([u8; 8]),
}

impl InitialKsn {
    /// The 10 or 8 bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8] {
        match self {
            Self::Full(ksn) => ksn,
            Self::Short(ksn) => ksn,
        }
    }

    pub(crate) fn read(data: &[u8]) -> Result<Self, Wrong> {
        match hex_bytes(data)? {
            (ksn, 10) => Ok(Self::Full(ksn)),
            ([a, b, c, d, e, f, g, h, ..], 8) => Ok(Self::Short([a, b, c, d, e, f, g, h])),
            _ => Err(Wrong::length(data)),
        }
    }

    pub(super) fn write(&self, data: &mut Data<'_>) {
        data.hex(self.as_bytes());
    }
}
