use cipher::{Array, BlockCipherDecrypt, BlockCipherEncrypt, KeyInit};
use des::TdesEde2;
use zeroize::Zeroizing;

use crate::Error;

/// An IBM control vector: what a key-encrypting key is XORed with, by what the enciphered key is for.
///
/// The first half of a key is enciphered under the key-encrypting key with `left` in both of its halves, the second with `right`. The constants are the
/// default vectors of keys of 16 bytes; they change one bit in `right`, the key form. A key of 8 bytes has a vector of its own and uses `left` alone.
///
/// # Security
/// ECB by halves, not authenticated. A control vector is no secret.
///
/// # Examples
/// ```
/// # fn main() -> Result<(), keyblock::Error> {
/// use keyblock::variant::ControlVector;
///
/// let exporter_key = [0x42; 16];
/// let mut key = [0x13; 16];
/// ControlVector::PINGEN.encipher(&exporter_key, &mut key)?;
/// ControlVector::PINGEN.decipher(&exporter_key, &mut key)?;
/// assert_eq!(key, [0x13; 16]);
/// # Ok(()) }
/// ```
///
/// Source: IBM z/OS ICSF Application Programmer's Guide, "Control vector table" and "CCA key encryption".
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ControlVector {
    /// For the first half of the key.
    pub left: [u8; 8],
    /// For the second half.
    pub right: [u8; 8],
}

macro_rules! defaults {
    ($($(#[doc = $doc:literal])+ $name:ident = $first:literal $second:literal;)+) => {
        impl ControlVector {
            $(
                $(#[doc = $doc])+
                ///
                /// Source: IBM z/OS ICSF Application Programmer's Guide, "Control vector table".
                pub const $name: Self = Self::double($first, $second);
            )+

            /// The default vectors by their names.
            pub const DEFAULTS: &'static [(&'static str, Self)] =
                &[$((stringify!($name), Self::$name),)+];
        }
    };
}

defaults! {
    /// Enciphers and deciphers data.
    CIPHER = 0x03 0x71;
    /// Enciphers, deciphers and authenticates data.
    DATA = 0x00 0x7D;
    /// Enciphers keys that are sent.
    EXPORTER = 0x41 0x7D;
    /// Deciphers keys that are received.
    IMPORTER = 0x42 0x7D;
    /// Deciphers PIN blocks that come in.
    IPINENC = 0x21 0x5F;
    /// Makes and verifies MACs.
    MAC = 0x05 0x4D;
    /// Verifies MACs.
    MACVER = 0x05 0x44;
    /// Enciphers PIN blocks that go out.
    OPINENC = 0x24 0x77;
    /// Makes and verifies PINs.
    PINGEN = 0x22 0x7E;
    /// Verifies PINs.
    PINVER = 0x22 0x42;
}

impl ControlVector {
    /// No vector: how older DATA keys are enciphered.
    pub const ZERO: Self = Self { left: [0; 8], right: [0; 8] };

    const fn double(kind: u8, usage: u8) -> Self {
        Self { left: [0, kind, usage, 0, 3, 0x41, 0, 0], right: [0, kind, usage, 0, 3, 0x21, 0, 0] }
    }

    /// Enciphers a key of 8 or 16 bytes in place.
    ///
    /// # Errors
    /// [`Error::KeyLength`]: the key has another length, and is as it was.
    pub fn encipher(&self, kek: &[u8; 16], key: &mut [u8]) -> Result<(), Error> {
        self.halves(kek, key, |cipher, half| cipher.encrypt_block(half.into()))
    }

    /// Deciphers a key of 8 or 16 bytes in place.
    ///
    /// # Errors
    /// [`Error::KeyLength`]: the key has another length, and is as it was.
    pub fn decipher(&self, kek: &[u8; 16], key: &mut [u8]) -> Result<(), Error> {
        self.halves(kek, key, |cipher, half| cipher.decrypt_block(half.into()))
    }

    fn halves(
        &self,
        kek: &[u8; 16],
        key: &mut [u8],
        with: impl Fn(&TdesEde2, &mut [u8; 8]),
    ) -> Result<(), Error> {
        let (halves, []) = key.as_chunks_mut::<8>() else { return Err(Error::KeyLength) };
        if !matches!(halves.len(), 1 | 2) {
            return Err(Error::KeyLength);
        }
        for (half, vector) in halves.iter_mut().zip([&self.left, &self.right]) {
            let mut variant = Zeroizing::new(*kek);
            for (byte, change) in variant.iter_mut().zip(vector.iter().cycle()) {
                *byte ^= change;
            }
            let variant: &Array<u8, _> = (&*variant).into();
            with(&TdesEde2::new(variant), half);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn default_vectors_keep_the_rules_of_control_vectors() {
        let all = ControlVector::DEFAULTS;
        for (at, (_, vector)) in all.iter().enumerate() {
            for half in [vector.left, vector.right] {
                assert!(half.iter().all(|byte| byte.count_ones() % 2 == 0), "even parity");
                // Bits 30 and 38 differ, so that no variant of another kind looks like it.
                assert_eq!((half[3] & 2, half[4] & 2), (0, 2));
                assert_eq!(half[2] & 0x40, 0x40, "bit 17: may be exported");
            }
            // Bits 40 to 42: 010 in the first half, 001 in the second; the rest is the same.
            assert_eq!((vector.left[5] >> 5, vector.right[5] >> 5), (0b010, 0b001));
            assert_eq!(vector.left[..5], vector.right[..5]);
            assert!(all[..at].iter().all(|(_, other)| other != vector));
        }
    }

    #[test]
    fn a_key_of_another_length_is_as_it_was() {
        let kek = [0x42; 16];
        for len in 0..=32 {
            let mut key = [0x13; 32];
            let done = ControlVector::MAC.encipher(&kek, &mut key[..len]);
            assert_eq!(done.is_ok(), matches!(len, 8 | 16));
            assert_eq!(key == [0x13; 32], done.is_err());
            let undone = ControlVector::MAC.decipher(&kek, &mut key[..len]);
            assert_eq!((undone, key), (done, [0x13; 32]));
        }
    }
}
