use core::fmt;

use zeroize::{Zeroize, ZeroizeOnDrop};

use super::{AgreedKey, MAX_FIELD_LEN, SharedInfo};
use crate::{
    Error,
    kdf::{self, WipingHash},
};

/// What two parties agreed on: 32, 48 or 66 bytes that only go into a key derivation. Wiped when dropped; `Debug` shows no more than the type.
pub struct SharedSecret {
    bytes: [u8; MAX_FIELD_LEN],
    len: usize,
}

/// How a key is derived from a shared secret, and with what but the shared info.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyDerivation<'a> {
    /// ANSI X9.63: [`kdf::x963`].
    X963,
    /// NIST SP 800-56C, one step with a hash: [`kdf::one_step`].
    OneStep,
    /// NIST SP 800-56C, one step with HMAC: [`kdf::one_step_hmac`].
    OneStepHmac {
        /// The salt; if empty, the standard's default.
        salt: &'a [u8],
    },
    /// HKDF, the shared info being its info: [`kdf::hkdf`].
    Hkdf {
        /// The salt; if empty, the standard's default.
        salt: &'a [u8],
    },
}

impl SharedSecret {
    /// Takes a secret that was agreed on elsewhere, as in a secure element: 32, 48 or 66 bytes, which the caller wipes.
    ///
    /// # Errors
    /// [`Error::KeyLength`]: there are more or fewer bytes.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        match bytes.len() {
            32 | 48 | 66 => Ok(Self::filled_by(bytes.len(), |secret| {
                secret.iter_mut().zip(bytes).for_each(|(to, from)| *to = *from);
            })),
            _ => Err(Error::KeyLength),
        }
    }

    /// Derives a key of 16, 24 or 32 bytes with the hash `D`, such as `sha2::Sha256`, and the shared info: bytes, or one of
    /// the layouts of [`shared_info`](super::shared_info).
    ///
    /// # Errors
    /// [`Error::OutputLength`]: another length.
    ///
    /// # Security
    /// The hash should be as strong as the key: SHA-256 for 16 bytes, SHA-384 for 24, SHA-512 for 32; and so should the curve. What both parties
    /// know of each other, and of this exchange, belongs into the shared info.
    ///
    /// # Examples
    /// ```
    /// # fn main() -> Result<(), keyblock::Error> {
    /// use keyblock::ecdh::{KeyDerivation, P521, StaticKey};
    /// use sha2::Sha512;
    ///
    /// # let (scalar, other_scalar) = ([1; 66], [1; 66]);
    /// # let other = StaticKey::<P521>::from_bytes(&other_scalar)?.public_key();
    /// let secret = StaticKey::<P521>::from_bytes(&scalar)?.agree(&other);
    /// let kbpk = secret.derive::<Sha512>(KeyDerivation::OneStep, b"exchange 1", 32)?.aes_kbpk()?;
    /// # Ok(()) }
    /// ```
    pub fn derive<'i, D: WipingHash>(
        &self,
        derivation: KeyDerivation<'_>,
        shared_info: impl Into<SharedInfo<'i>>,
        len: usize,
    ) -> Result<AgreedKey, Error> {
        let (secret, info) = (self.expose_bytes(), shared_info.into());
        let info = info.parts();
        AgreedKey::filled_by(len, |out| match derivation {
            KeyDerivation::X963 => kdf::x963_of_parts::<D>(secret, &info, out),
            KeyDerivation::OneStep => kdf::one_step_of_parts::<D>(secret, &info, out),
            KeyDerivation::OneStepHmac { salt } => {
                kdf::one_step_hmac_of_parts::<D>(secret, salt, &info, out)
            }
            KeyDerivation::Hkdf { salt } => kdf::hkdf_of_parts::<D>(secret, salt, &info, out),
        })
    }

    /// The secret's bytes.
    ///
    /// # Security
    /// They are no key: they are not uniformly random. For a key derivation that is not here.
    #[must_use]
    pub fn expose_bytes(&self) -> &[u8] {
        self.bytes.get(..self.len).unwrap_or_default()
    }

    /// A secret of so many bytes, filled in its place.
    pub(super) fn filled_by(len: usize, fill: impl FnOnce(&mut [u8])) -> Self {
        let mut secret = Self { bytes: [0; MAX_FIELD_LEN], len };
        fill(&mut secret.bytes);
        secret
    }
}

impl Drop for SharedSecret {
    fn drop(&mut self) {
        self.bytes.zeroize();
    }
}

impl ZeroizeOnDrop for SharedSecret {}

impl fmt::Debug for SharedSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SharedSecret")
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use std::format;

    #[test]
    fn lengths_are_those_of_the_curves() {
        for len in 0..=70 {
            let secret = SharedSecret::from_bytes(&[0x42; 70][..len]);
            match len {
                32 | 48 | 66 => assert_eq!(secret.unwrap().expose_bytes(), &[0x42; 70][..len]),
                _ => assert_eq!(secret.err(), Some(Error::KeyLength)),
            }
        }
    }

    #[test]
    fn debug_shows_the_type_and_nothing_else() {
        assert_eq!(format!("{:?}", SharedSecret::from_bytes(&[0x42; 32]).unwrap()), "SharedSecret");
    }
}
