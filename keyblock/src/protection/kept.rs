use core::fmt;

use cipher::KeyInit;
use subtle::ConstantTimeEq;
use zeroize::ZeroizeOnDrop;

use super::cmac::{Subkeys, cbc_mac, cmac};
use super::derivation::BlockKeys;
use super::modes::{cbc_decrypt, cbc_encrypt, ctr};
use super::suite::{Aes128, Aes192, Aes256, Suite, Tdes2, Tdes3};
use super::{AesKbpk, ProtectionKey, TdesKbpk};
use crate::{Error, Version};

/// The keys of one version, with all that a cipher works out once.
struct Kept<S: Suite> {
    encryptor: S::Encryptor,
    decryptor: S::Decryptor,
    authenticator: S::Encryptor,
    subkeys: Subkeys<S::Size>,
}

impl<S: Suite> Kept<S> {
    fn new(kbpk: &[u8], version: Version) -> Result<Self, Error> {
        let keys = BlockKeys::<S>::new(kbpk, version)?;
        let authenticator = S::Encryptor::new(&keys.authentication);
        Ok(Self {
            encryptor: S::Encryptor::new(&keys.encryption),
            decryptor: S::Decryptor::new(&keys.encryption),
            subkeys: Subkeys::new(&authenticator),
            authenticator,
        })
    }

    fn open(
        &self,
        version: Version,
        header: &[u8],
        data: &mut [u8],
        mac: &[u8],
    ) -> Result<(), Error> {
        match version {
            Version::A | Version::C => {
                verify(version, &cbc_mac(&self.authenticator, header, data), mac)?;
                cbc_decrypt(&self.decryptor, header, data);
                Ok(())
            }
            Version::B | Version::D => {
                cbc_decrypt(&self.decryptor, mac, data);
                self.authenticate(version, header, data, mac)
            }
            Version::E => {
                ctr(&self.encryptor, mac, data);
                self.authenticate(version, header, data, mac)
            }
        }
    }

    fn authenticate(
        &self,
        version: Version,
        header: &[u8],
        data: &[u8],
        mac: &[u8],
    ) -> Result<(), Error> {
        verify(version, &cmac(&self.authenticator, Some(&self.subkeys), header, data), mac)
    }

    fn seal(&self, version: Version, header: &[u8], data: &mut [u8], mac: &mut [u8]) {
        if matches!(version, Version::A | Version::C) {
            cbc_encrypt(&self.encryptor, header, data);
            put(&cbc_mac(&self.authenticator, header, data), mac);
            return;
        }
        put(&cmac(&self.authenticator, Some(&self.subkeys), header, data), mac);
        if matches!(version, Version::E) {
            ctr(&self.encryptor, mac, data);
        } else {
            cbc_encrypt(&self.encryptor, mac, data);
        }
    }
}

/// Opens a block under keys that are made for it alone, each cipher given up before the next one is set up.
pub(super) fn open_once<S: Suite>(
    kbpk: &[u8],
    version: Version,
    header: &[u8],
    data: &mut [u8],
    mac: &[u8],
) -> Result<(), Error> {
    let keys = BlockKeys::<S>::new(kbpk, version)?;
    if matches!(version, Version::A | Version::C) {
        verify_cbc_mac(&keys, version, header, data, mac)?;
        decipher(&keys, version, header, data);
        return Ok(());
    }
    decipher(&keys, version, mac, data);
    verify_cmac(&keys, version, header, data, mac)
}

/// Seals a block under keys that are made for it alone.
pub(super) fn seal_once<S: Suite>(
    kbpk: &[u8],
    version: Version,
    header: &[u8],
    data: &mut [u8],
    mac: &mut [u8],
) -> Result<(), Error> {
    let keys = BlockKeys::<S>::new(kbpk, version)?;
    if matches!(version, Version::A | Version::C) {
        cbc_encrypt(&S::Encryptor::new(&keys.encryption), header, data);
        put(&cbc_mac(&S::Encryptor::new(&keys.authentication), header, data), mac);
        return Ok(());
    }
    put(&cmac(&S::Encryptor::new(&keys.authentication), None, header, data), mac);
    let encryptor = S::Encryptor::new(&keys.encryption);
    if matches!(version, Version::E) {
        ctr(&encryptor, mac, data);
    } else {
        cbc_encrypt(&encryptor, mac, data);
    }
    Ok(())
}

// Not inlined, so that the round keys of one step are off the stack before the next.

#[inline(never)]
fn decipher<S: Suite>(keys: &BlockKeys<S>, version: Version, iv: &[u8], data: &mut [u8]) {
    if matches!(version, Version::E) {
        ctr(&S::Encryptor::new(&keys.encryption), iv, data);
    } else {
        cbc_decrypt(&S::Decryptor::new(&keys.encryption), iv, data);
    }
}

#[inline(never)]
fn verify_cmac<S: Suite>(
    keys: &BlockKeys<S>,
    version: Version,
    header: &[u8],
    data: &[u8],
    mac: &[u8],
) -> Result<(), Error> {
    verify(version, &cmac(&S::Encryptor::new(&keys.authentication), None, header, data), mac)
}

#[inline(never)]
fn verify_cbc_mac<S: Suite>(
    keys: &BlockKeys<S>,
    version: Version,
    header: &[u8],
    data: &[u8],
    mac: &[u8],
) -> Result<(), Error> {
    verify(version, &cbc_mac(&S::Encryptor::new(&keys.authentication), header, data), mac)
}

/// Compares a MAC, of which a block has the leftmost bytes, in constant time.
fn verify(version: Version, computed: &[u8], mac: &[u8]) -> Result<(), Error> {
    let computed = computed.get(..version.mac_len()).ok_or(Error::MacMismatch)?;
    // Less of a MAC than the version has proves less.
    if mac.len() != computed.len() {
        return Err(Error::MacMismatch);
    }
    let [one, other] = [computed, mac].map(words);
    let difference = one.iter().zip(other).fold(0, |sum, (one, other)| sum | one ^ other);
    if difference.ct_eq(&0).into() { Ok(()) } else { Err(Error::MacMismatch) }
}

/// A MAC as two words: comparing its bytes one by one costs as much as a block of the cipher.
fn words(mac: &[u8]) -> [u64; 2] {
    let mut padded = [[0; 8]; 2];
    put(mac, padded.as_flattened_mut());
    padded.map(u64::from_ne_bytes)
}

fn put(computed: &[u8], mac: &mut [u8]) {
    mac.iter_mut().zip(computed).for_each(|(to, from)| *to = *from);
}

macro_rules! kept_keys {
    (
        $(#[$doc:meta])*
        $name:ident, $inner:ident, $kbpk:ident, $aes:literal;
        $($suite:ident, $len:literal;)+
    ) => {
        $(#[$doc])*
        pub struct $name {
            version: Version,
            strength: u16,
            keys: $inner,
        }

        #[allow(
            clippy::large_enum_variant,
            reason = "there is no allocator to put the larger one behind"
        )]
        enum $inner {
            $($suite(Kept<$suite>),)+
        }

        impl $kbpk {
            /// Works out, once, all that blocks of this version need.
            ///
            /// # Errors
            /// [`Error::KbpkAlgorithm`]: the version wants a key of the other algorithm.
            pub fn keep(&self, version: Version) -> Result<$name, Error> {
                if version.is_aes() != $aes {
                    return Err(Error::KbpkAlgorithm { version });
                }
                let kbpk = self.bytes();
                let keys = match kbpk.len() {
                    $($len => $inner::$suite(Kept::new(kbpk, version)?),)+
                    _ => return Err(Error::KbpkLength),
                };
                Ok($name { version, strength: self.strength(), keys })
            }
        }

        impl ProtectionKey for $name {
            fn is_aes(&self) -> bool {
                $aes
            }

            fn strength(&self) -> u16 {
                self.strength
            }

            fn open(
                &self,
                version: Version,
                header: &[u8],
                data: &mut [u8],
                mac: &[u8],
            ) -> Result<(), Error> {
                self.is_for(version)?;
                match &self.keys {
                    $($inner::$suite(keys) => keys.open(version, header, data, mac),)+
                }
            }

            fn seal(
                &self,
                version: Version,
                header: &[u8],
                data: &mut [u8],
                mac: &mut [u8],
            ) -> Result<(), Error> {
                self.is_for(version)?;
                match &self.keys {
                    $($inner::$suite(keys) => keys.seal(version, header, data, mac),)+
                }
                Ok(())
            }
        }

        impl $name {
            fn is_for(&self, version: Version) -> Result<(), Error> {
                if version.is_aes() != $aes {
                    return Err(Error::KbpkAlgorithm { version });
                }
                if version != self.version {
                    return Err(Error::KeptVersion { version });
                }
                Ok(())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(stringify!($name))
            }
        }

        // Ciphers and subkeys wipe themselves.
        impl ZeroizeOnDrop for $name {}
    };
}

kept_keys! {
    /// What blocks of one version, D or E, need of an AES KBPK: for whoever reads or writes many.
    ///
    /// Some 1 KiB. Made by [`AesKbpk::keep`](crate::AesKbpk::keep), used in place of the KBPK.
    KeptAesKeys, AesKeys, AesKbpk, true;
    Aes128, 16;
    Aes192, 24;
    Aes256, 32;
}

kept_keys! {
    /// What blocks of one version, A, B or C, need of a TDES KBPK: for whoever reads or writes many.
    ///
    /// Some 1 KiB. Made by [`TdesKbpk::keep`](crate::TdesKbpk::keep), used in place of the KBPK.
    KeptTdesKeys, TdesKeys, TdesKbpk, false;
    Tdes2, 16;
    Tdes3, 24;
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;

    // Whoever calls it past a block of characters may give any length.
    #[test]
    fn a_mac_of_another_length_proves_nothing() {
        let kbpk = AesKbpk::new(&[0x42; 16]).unwrap();
        let kept = kbpk.keep(Version::D).unwrap();
        let (mut data, mut mac) = ([0; 32], [0; 16]);
        kbpk.seal(Version::D, &[b'0'; 16], &mut data, &mut mac).unwrap();
        let keys: [&dyn ProtectionKey; 2] = [&kbpk, &kept];
        for key in keys {
            let open = |mac: &[u8]| key.open(Version::D, &[b'0'; 16], &mut { data }, mac);
            assert_eq!(open(&mac), Ok(()));
            for len in 0..16 {
                assert_eq!(open(&mac[..len]), Err(Error::MacMismatch), "{len}");
            }
            assert_eq!(open(&[&mac[..], &[0]].concat()), Err(Error::MacMismatch));
        }
    }
}
