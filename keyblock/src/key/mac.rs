use cipher::KeyInit;
use hmac::digest::{MacMarker, OutputSizeUser};

use super::Key;
use super::role::{Generate, Role, Verify};
use super::sealed::Context;
use super::usage::{Hmac, Usage, work};
use crate::optional::HmacHash;
use crate::{Algorithm, Error, UnwrappedKey};

/// The one block HM; [`Error::AlgorithmMismatch`] where it is absent, repeated, or names no hash with a length.
impl Context for HmacHash {
    fn read(key: &UnwrappedKey<'_>) -> Result<Self, Error> {
        let mut blocks = key.optional_blocks().into_iter().filter(|block| block.id() == *b"HM");
        let (Some(block), None) = (blocks.next(), blocks.next()) else {
            return Err(Error::AlgorithmMismatch);
        };
        let hash = Self::read(block.data()).map_err(|_| Error::AlgorithmMismatch)?;
        hash.output_len().map(|_| hash).ok_or(Error::AlgorithmMismatch)
    }

    fn hash_len(&self) -> Option<usize> {
        self.output_len()
    }
}

macro_rules! macs {
    ($($role:ident, $doc:literal;)+) => {$(
        impl<U: Usage<Work = work::Mac>> Key<$role<U>> {
            #[doc = $doc]
            ///
            /// `M` is any RustCrypto MAC of the usage's algorithm, as long as it comes out of the algorithm: 8 bytes for TDES, 16 for AES, the
            /// hash's for HMAC.
            ///
            /// # Errors
            /// [`Error::AlgorithmMismatch`]: the MAC is of another length. [`Error::KeyLength`]: it does not take a key of this length.
            ///
            /// # Security
            /// It wipes its key if its crate does so: RustCrypto's MACs do, with the feature `zeroize`. Lengths are all that is checked; that `M` is the algorithm of the key's type is the caller's care.
            pub fn mac<M>(&self) -> Result<M, Error>
            where
                M: KeyInit + MacMarker + OutputSizeUser,
            {
                self.mac_of()
            }
        }

        impl Key<$role<Hmac>> {
            /// The hash that the key is for.
            #[must_use]
            pub const fn hash(&self) -> HmacHash {
                self.context
            }
        }
    )+};
}

macs! {
    Generate, "The MAC that is generated.";
    Verify, "The MAC that is verified.";
}

impl<R: Role> Key<R> {
    fn mac_of<M: KeyInit + OutputSizeUser>(&self) -> Result<M, Error> {
        let len = match self.algorithm {
            Algorithm::Des | Algorithm::Tdes => Some(8),
            Algorithm::Aes => Some(16),
            _ => self.context.hash_len(),
        };
        if len != Some(M::output_size()) {
            return Err(Error::AlgorithmMismatch);
        }
        M::new_from_slice(self.expose_bytes()).map_err(|_| Error::KeyLength)
    }
}
