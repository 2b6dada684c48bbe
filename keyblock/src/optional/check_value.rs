use super::{
    ContentsFault,
    data::{Data, Wrong, hex_bytes},
};
use crate::Error;

/// A check value as the optional blocks KC, KP and PK hold it: how it was made, and 1 to 5 bytes.
///
/// Hex digits: 00 or 01, then the bytes.
///
/// # Security
/// It stands in the clear in the block's header. Compare it with a computed one in constant time all the same.
///
/// Source: ANSI X9.143:2021, 6.3.6.7, table 15, and 6.3.6.12, table 20.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct HeaderCheckValue {
    method: CheckMethod,
    bytes: [u8; 5],
    len: u8,
}

/// How a check value was made.
///
/// Source: ANSI X9.143:2021, 6.3.6.7, table 15; ANSI X9.24-1:2017, annex A.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CheckMethod {
    /// 00: a block of zeros enciphered, at most 3 bytes of it.
    Legacy,
    /// 01: the CMAC of a block of zeros, at most 5 bytes of it.
    Cmac,
}

impl CheckMethod {
    /// What it is called.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Legacy => "legacy",
            Self::Cmac => "CMAC",
        }
    }

    /// The most bytes that a check value of it has.
    #[must_use]
    pub const fn max_len(self) -> usize {
        match self {
            Self::Legacy => 3,
            Self::Cmac => 5,
        }
    }
}

impl HeaderCheckValue {
    /// A check value of at least one byte, and of at most 3 (legacy) or 5 (CMAC).
    ///
    /// # Errors
    /// [`Error::KcvLength`]: it has another length.
    pub fn new(method: CheckMethod, value: &[u8]) -> Result<Self, Error> {
        let mut bytes = [0; 5];
        if !(1..=method.max_len()).contains(&value.len()) {
            return Err(Error::KcvLength);
        }
        bytes.iter_mut().zip(value).for_each(|(to, from)| *to = *from);
        let len = u8::try_from(value.len()).map_err(|_| Error::KcvLength)?;
        Ok(Self { method, bytes, len })
    }

    /// How it was made.
    #[must_use]
    pub const fn method(&self) -> CheckMethod {
        self.method
    }

    /// Its bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..usize::from(self.len)).unwrap_or_default()
    }

    pub(super) fn read(data: &[u8]) -> Result<Self, Wrong> {
        let (bytes, len) = hex_bytes(data)?;
        let length = Wrong::length(data);
        // No method has more than 5 bytes.
        let value = bytes.get(..len).filter(|bytes| bytes.len() <= 6);
        let (&method, value) = value.and_then(<[u8]>::split_first).ok_or(length)?;
        let method = match method {
            0 => CheckMethod::Legacy,
            1 => CheckMethod::Cmac,
            _ => return Err(Wrong::new(ContentsFault::Value, 0)),
        };
        Self::new(method, value).map_err(|_| length)
    }

    pub(super) fn write(&self, data: &mut Data<'_>) {
        data.text(match self.method {
            CheckMethod::Legacy => b"00",
            CheckMethod::Cmac => b"01",
        });
        data.hex(self.as_bytes());
    }
}
