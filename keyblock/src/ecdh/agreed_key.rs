use core::fmt;

use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::{AesKbpk, Error, TdesKbpk};

/// The longest key.
const MAX_LEN: usize = 32;

/// A key that two parties agreed on: 16, 24 or 32 bytes. Wiped when dropped; `Debug` shows no more than the type.
pub struct AgreedKey {
    bytes: [u8; MAX_LEN],
    len: usize,
}

impl AgreedKey {
    /// As a protection key for blocks of versions D and E.
    ///
    /// # Errors
    /// None: every agreed key is as long as an AES key. It is [`Error::KbpkLength`] that the type could say.
    pub fn aes_kbpk(&self) -> Result<AesKbpk, Error> {
        AesKbpk::new(self.expose_bytes())
    }

    /// As a protection key for blocks of versions A, B and C.
    ///
    /// # Errors
    /// [`Error::KbpkLength`]: the key has 32 bytes.
    pub fn tdes_kbpk(&self) -> Result<TdesKbpk, Error> {
        TdesKbpk::new(self.expose_bytes())
    }

    /// The key's bytes, for any other use.
    #[must_use]
    pub fn expose_bytes(&self) -> &[u8] {
        self.bytes.get(..self.len).unwrap_or_default()
    }

    /// A key of so many bytes, filled in its place.
    pub(super) fn filled_by(
        len: usize,
        fill: impl FnOnce(&mut [u8]) -> Result<(), Error>,
    ) -> Result<Self, Error> {
        if !matches!(len, 16 | 24 | 32) {
            return Err(Error::OutputLength);
        }
        let mut key = Self { bytes: [0; MAX_LEN], len };
        fill(key.bytes.get_mut(..len).unwrap_or_default())?;
        Ok(key)
    }
}

impl Drop for AgreedKey {
    fn drop(&mut self) {
        self.bytes.zeroize();
    }
}

impl ZeroizeOnDrop for AgreedKey {}

impl fmt::Debug for AgreedKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AgreedKey")
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use std::format;

    #[test]
    fn a_key_has_16_24_or_32_bytes() {
        for len in 0..=40 {
            let key = AgreedKey::filled_by(len, |out| {
                out.fill(0x42);
                Ok(())
            });
            let Ok(key) = key else {
                assert!(![16, 24, 32].contains(&len));
                continue;
            };
            assert_eq!(key.expose_bytes(), &[0x42; 40][..len]);
            assert!(key.aes_kbpk().is_ok());
            assert_eq!(key.tdes_kbpk().is_ok(), len < 32);
            assert_eq!(format!("{key:?}"), "AgreedKey");
        }
        let failed = AgreedKey::filled_by(16, |_| Err(Error::OutputLength));
        assert_eq!(failed.err(), Some(Error::OutputLength));
    }
}
