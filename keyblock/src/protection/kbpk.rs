use core::fmt;
use core::marker::PhantomData;

use subtle::ConstantTimeEq;
use zeroize::{ZeroizeOnDrop, optimization_barrier};

use super::ProtectionKey;
use super::kept::{open_once, seal_once};
use super::suite::{Aes128, Aes192, Aes256, Tdes2, Tdes3};
use crate::{Error, Version};

/// The longest key.
const MAX_LEN: usize = 32;

/// A key block protection key of the algorithm `A`: see [`AesKbpk`] and [`TdesKbpk`].
///
/// 33 bytes, wiped when dropped. There is no `==`, and `Debug` shows no more than the type.
///
/// # Security
/// A key that is moved may leave a copy of its bytes on the stack; keep it where it was made and lend it.
pub struct Kbpk<A> {
    bytes: [u8; MAX_LEN],
    len: u8,
    algorithm: PhantomData<A>,
}

/// Protects blocks of versions D and E: an AES key of 16, 24 or 32 bytes.
///
/// # Examples
/// ```
/// # fn main() -> Result<(), keyblock::Error> {
/// use keyblock::AesKbpk;
///
/// let kbpk = AesKbpk::new(&[0x42; 32])?;
/// assert!(AesKbpk::new(&[0x42; 20]).is_err());
/// # Ok(()) }
/// ```
///
/// Source: ANSI X9.143:2021; ISO 20038:2017.
pub type AesKbpk = Kbpk<Aes>;

/// Protects blocks of versions D and E: an AES key of 16 bytes.
///
/// As an [`AesKbpk`], for a device that has keys of this length only and little flash: the other lengths are not linked.
///
/// Source: ANSI X9.143:2021; ISO 20038:2017.
pub type Aes128Kbpk = Kbpk<Aes128>;

/// Protects blocks of versions D and E: an AES key of 24 bytes; see [`Aes128Kbpk`].
///
/// Source: ANSI X9.143:2021; ISO 20038:2017.
pub type Aes192Kbpk = Kbpk<Aes192>;

/// Protects blocks of versions D and E: an AES key of 32 bytes; see [`Aes128Kbpk`].
///
/// Source: ANSI X9.143:2021; ISO 20038:2017.
pub type Aes256Kbpk = Kbpk<Aes256>;

/// Protects blocks of versions A, B and C: a TDES key of 16 or 24 bytes, whose parity is ignored.
///
/// Source: ANSI X9.143:2021.
pub type TdesKbpk = Kbpk<Tdes>;

/// Protects blocks of versions A, B and C: a TDES key of 16 bytes, whose parity is ignored; see [`Aes128Kbpk`].
///
/// Source: ANSI X9.143:2021.
pub type Tdes2Kbpk = Kbpk<Tdes2>;

/// Protects blocks of versions A, B and C: a TDES key of 24 bytes, whose parity is ignored; see [`Aes128Kbpk`].
///
/// Source: ANSI X9.143:2021.
pub type Tdes3Kbpk = Kbpk<Tdes3>;

/// AES with keys of any length, as the algorithm of a [`Kbpk`].
#[derive(Debug)]
pub enum Aes {}

/// TDES with keys of any length, as the algorithm of a [`Kbpk`].
#[derive(Debug)]
pub enum Tdes {}

impl<A> Kbpk<A> {
    fn from_slice(key: &[u8]) -> Result<Self, Error> {
        let mut kbpk = Self { bytes: [0; MAX_LEN], len: 0, algorithm: PhantomData };
        let place = kbpk.bytes.get_mut(..key.len()).ok_or(Error::KbpkLength)?;
        // `copy_from_slice` would leave a panic in at opt-level z.
        place.iter_mut().zip(key).for_each(|(to, from)| *to = *from);
        kbpk.len = u8::try_from(key.len()).map_err(|_| Error::KbpkLength)?;
        Ok(kbpk)
    }

    pub(super) fn bytes(&self) -> &[u8] {
        self.bytes.get(..usize::from(self.len)).unwrap_or_default()
    }
}

macro_rules! protection_key {
    ($algorithm:ty, $aes:literal, $lengths:literal; $($suite:ident, $len:literal;)+) => {
        impl Kbpk<$algorithm> {
            /// Takes the key's bytes, which the caller wipes.
            ///
            /// # Errors
            #[doc = concat!("[`Error::KbpkLength`]: there are not ", $lengths, ".")]
            pub fn new(key: &[u8]) -> Result<Self, Error> {
                match key.len() {
                    $($len)|+ => Self::from_slice(key),
                    _ => Err(Error::KbpkLength),
                }
            }

            fn is_for(version: Version) -> Result<(), Error> {
                if version.is_aes() == $aes { Ok(()) } else { Err(Error::KbpkAlgorithm { version }) }
            }
        }

        impl ProtectionKey for Kbpk<$algorithm> {
            fn is_aes(&self) -> bool {
                $aes
            }

            fn strength(&self) -> u16 {
                if $aes { u16::from(self.len) << 3 } else { tdes_strength(self.bytes()) }
            }

            fn open(
                &self,
                version: Version,
                header: &[u8],
                data: &mut [u8],
                mac: &[u8],
            ) -> Result<(), Error> {
                Self::is_for(version)?;
                match self.len {
                    $($len => open_once::<$suite>(self.bytes(), version, header, data, mac),)+
                    _ => Err(Error::KbpkLength),
                }
            }

            fn seal(
                &self,
                version: Version,
                header: &[u8],
                data: &mut [u8],
                mac: &mut [u8],
            ) -> Result<(), Error> {
                Self::is_for(version)?;
                match self.len {
                    $($len => seal_once::<$suite>(self.bytes(), version, header, data, mac),)+
                    _ => Err(Error::KbpkLength),
                }
            }
        }
    };
}

protection_key! { Aes, true, "16, 24 or 32"; Aes128, 16; Aes192, 24; Aes256, 32; }
protection_key! { Aes128, true, "16"; Aes128, 16; }
protection_key! { Aes192, true, "24"; Aes192, 24; }
protection_key! { Aes256, true, "32"; Aes256, 32; }
protection_key! { Tdes, false, "16 or 24"; Tdes2, 16; Tdes3, 24; }
protection_key! { Tdes2, false, "16"; Tdes2, 16; }
protection_key! { Tdes3, false, "24"; Tdes3, 24; }

/// The strength of a TDES key in bits: 112 with three keys, 80 with two, 56 where it is a single DES key.
///
/// Only whether parts are the same shows in the time that it takes.
///
/// Source: NIST SP 800-57 part 1 rev. 5, table 2.
pub(crate) fn tdes_strength(key: &[u8]) -> u16 {
    let mut parts = key.chunks(8);
    let (first, second, third) = (parts.next(), parts.next(), parts.next());
    let same = |one: Option<&[u8]>, other: Option<&[u8]>| {
        let difference = one.unwrap_or_default().iter().zip(other.unwrap_or_default());
        // Parity bits are no part of a key.
        let difference = difference.fold(0, |sum, (one, other)| sum | (one ^ other) & 0xFE);
        bool::from(difference.ct_eq(&0))
    };
    match third {
        _ if second.is_none() || same(first, second) => 56,
        None => 80,
        _ if same(second, third) => 56,
        _ if same(first, third) => 80,
        _ => 112,
    }
}

impl<A> fmt::Debug for Kbpk<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Kbpk")
    }
}

impl<A> Drop for Kbpk<A> {
    #[inline]
    fn drop(&mut self) {
        // As `zeroize` does, but 16 bytes at a time instead of one.
        self.bytes = [0; MAX_LEN];
        optimization_barrier(&self.bytes);
    }
}

impl<A> ZeroizeOnDrop for Kbpk<A> {}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use std::format;

    #[test]
    fn lengths_are_those_of_the_algorithm() {
        for len in 0..=40 {
            let key = [0x42; 40];
            assert_eq!(AesKbpk::new(&key[..len]).is_ok(), [16, 24, 32].contains(&len), "{len}");
            assert_eq!(TdesKbpk::new(&key[..len]).is_ok(), [16, 24].contains(&len), "{len}");
        }
    }

    /// Seals under one key what the other opens, in every version of its algorithm.
    fn protect_the_same(one: &dyn ProtectionKey, other: &dyn ProtectionKey, versions: &[Version]) {
        assert_eq!(one.strength(), other.strength());
        assert_eq!(one.is_aes(), other.is_aes());
        for &version in versions {
            let sealed = |key: &dyn ProtectionKey| {
                let (mut data, mut mac) = ([0x11; 48], [0; 16]);
                let mac = &mut mac[..version.mac_len()];
                key.seal(version, &[b'0'; 16], &mut data, mac).unwrap();
                (data, mac.to_vec())
            };
            let (mut data, mac) = sealed(one);
            assert_eq!(sealed(other), (data, mac.clone()));
            other.open(version, &[b'0'; 16], &mut data, &mac).unwrap();
            assert_eq!(data, [0x11; 48]);
        }
        for version in [Version::A, Version::B, Version::C, Version::D, Version::E] {
            let opened = one.open(version, &[b'0'; 16], &mut [0; 48], &[0; 16]);
            let refused = opened == Err(Error::KbpkAlgorithm { version });
            assert_eq!(refused, !versions.contains(&version));
        }
    }

    #[test]
    fn a_key_of_a_single_length_protects_as_one_of_any() {
        let key: std::vec::Vec<u8> = (0..40).collect();
        macro_rules! same {
            ($sized:ident $any:ident $len:literal $versions:expr) => {
                let (sized, any) = ($sized::new(&key[..$len]), $any::new(&key[..$len]));
                protect_the_same(&sized.unwrap(), &any.unwrap(), $versions);
                for len in 0..=key.len() {
                    assert_eq!($sized::new(&key[..len]).is_ok(), len == $len);
                }
            };
        }
        same!(Aes128Kbpk AesKbpk 16 &[Version::D, Version::E]);
        same!(Aes192Kbpk AesKbpk 24 &[Version::D, Version::E]);
        same!(Aes256Kbpk AesKbpk 32 &[Version::D, Version::E]);
        same!(Tdes2Kbpk TdesKbpk 16 &[Version::A, Version::B, Version::C]);
        same!(Tdes3Kbpk TdesKbpk 24 &[Version::A, Version::B, Version::C]);
    }

    #[test]
    fn strength_follows_the_parts() {
        let strength = |parts: &[u8]| {
            let key: std::vec::Vec<u8> = parts.iter().flat_map(|&part| [part; 8]).collect();
            tdes_strength(&key)
        };
        assert_eq!(strength(&[2]), 56);
        assert_eq!(strength(&[2, 3]), 56);
        assert_eq!(strength(&[2, 4]), 80);
        assert_eq!(strength(&[2, 4, 2]), 80);
        assert_eq!(strength(&[2, 2, 4]), 56);
        assert_eq!(strength(&[4, 2, 2]), 56);
        assert_eq!(strength(&[2, 4, 6]), 112);
    }

    #[test]
    fn debug_shows_the_type_and_nothing_else() {
        let kbpk = AesKbpk::new(&[0x42; 16]).unwrap();
        assert_eq!(format!("{kbpk:?}"), "Kbpk");
        assert_eq!(format!("{:?}", kbpk.keep(Version::D).unwrap()), "KeptAesKeys");
    }
}
