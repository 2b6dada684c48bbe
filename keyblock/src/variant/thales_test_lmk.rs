//! TEST ONLY: keys under the variants of the public TEST local master keys of Thales payShield.
//!
//! Every byte of these master keys is public, so a key under them is a key in the clear. They stand in test systems, simulators and
//! published examples, and reading those is what this module is for.
//!
//! A key is enciphered with TDES, each of its parts as one block, under a pair of master keys whose first byte is changed by the variant of the key's
//! type and, in schemes U and T, whose ninth byte is changed by the part's place.
//!
//! Source: public simulators of payShield and values of their tests; the pairs are those of the vendor's test smart cards.

use cipher::{Array, BlockCipherDecrypt, BlockCipherEncrypt, KeyInit};
use core::str::FromStr;
use des::TdesEde2;
use zeroize::Zeroizing;

use crate::Error;

/// The TEST pairs 00-01, 02-03, up to 38-39, of 16 bytes each. They are public.
///
/// Source: public simulators of payShield.
#[rustfmt::skip]
pub static TEST_LMK_PAIRS: [[u8; 16]; 20] = [
    [0x01, 0x01, 0x01, 0x01, 0x01, 0x01, 0x01, 0x01, 0x79, 0x02, 0xCD, 0x1F, 0xD3, 0x6E, 0xF8, 0xBA],
    twice(0x20, 0x31),
    twice(0x40, 0x51),
    twice(0x61, 0x70),
    twice(0x80, 0x91),
    twice(0xA1, 0xB0),
    [0xC1, 0xC1, 1, 1, 1, 1, 1, 1, 0xD0, 0xD0, 1, 1, 1, 1, 1, 1],
    [0xE0, 0xE0, 1, 1, 1, 1, 1, 1, 0xF1, 0xF1, 1, 1, 1, 1, 1, 1],
    [0x1C, 0x58, 0x7F, 0x1C, 0x13, 0x92, 0x4F, 0xEF, 1, 1, 1, 1, 1, 1, 1, 1],
    twice(0x01, 0x01),
    twice(0x02, 0x04),
    twice(0x07, 0x10),
    twice(0x13, 0x15),
    twice(0x16, 0x19),
    twice(0x1A, 0x1C),
    twice(0x23, 0x25),
    twice(0x26, 0x29),
    twice(0x2A, 0x2C),
    twice(0x2F, 0x31),
    twice(0x01, 0x01),
];

/// A byte eight times, then another.
const fn twice(a: u8, b: u8) -> [u8; 16] {
    [a, a, a, a, a, a, a, a, b, b, b, b, b, b, b, b]
}

/// What the variants 0 to 9 change the first byte by.
static VARIANTS: [u8; 10] = [0x00, 0xA6, 0x5A, 0x6A, 0xDE, 0x2B, 0x50, 0x74, 0x9C, 0xFA];

/// How a key is written under a TEST master key: how many parts it has, and whether each has a variant of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum LmkScheme {
    /// 8 bytes, written without a letter or with `Z`.
    Single,
    /// `U`: 16 bytes, each part with a variant of its own.
    U,
    /// `T`: 24 bytes, each part with a variant of its own.
    T,
    /// `X`: 16 bytes, ANSI X9.17: all parts alike.
    X,
    /// `Y`: 24 bytes, ANSI X9.17: all parts alike.
    Y,
}

impl LmkScheme {
    /// Every scheme.
    pub const ALL: &'static [Self] = &[Self::Single, Self::U, Self::T, Self::X, Self::Y];

    /// The scheme's letter.
    #[must_use]
    pub const fn letter(self) -> char {
        match self {
            Self::Single => 'Z',
            Self::U => 'U',
            Self::T => 'T',
            Self::X => 'X',
            Self::Y => 'Y',
        }
    }

    /// The scheme that has this letter.
    #[must_use]
    pub fn from_letter(letter: char) -> Option<Self> {
        Self::ALL.iter().find(|scheme| scheme.letter() == letter).copied()
    }

    /// Bytes of a key: 8, 16 or 24.
    #[must_use]
    pub const fn key_len(self) -> usize {
        match self {
            Self::Single => 8,
            Self::U | Self::X => 16,
            Self::T | Self::Y => 24,
        }
    }

    /// What each part changes the ninth byte by.
    const fn changes(self) -> [u8; 3] {
        match self {
            Self::U => [0xA6, 0x5A, 0],
            Self::T => [0x6A, 0xDE, 0x2B],
            Self::Single | Self::X | Self::Y => [0; 3],
        }
    }
}

/// A variant of a TEST pair: what keys of one type are enciphered under in test systems.
///
/// # Security
/// TEST ONLY: the master keys are public.
///
/// # Examples
/// ```
/// # fn main() -> Result<(), keyblock::Error> {
/// use keyblock::variant::thales_test_lmk::{LmkScheme, ThalesTestLmk};
///
/// // Key type 402, a CVK: pair 14-15, variant 4.
/// let lmk: ThalesTestLmk = "402".parse()?;
/// let mut key = [0x13, 0x34, 0x57, 0x79, 0x13, 0x34, 0x57, 0x79, 0x13, 0x34, 0x57, 0x79, 0x13, 0x34, 0x57, 0x79];
/// lmk.encipher(LmkScheme::U, &mut key)?;
/// assert_eq!(key[..4], [0x47, 0x9D, 0x75, 0x19]);
/// # Ok(()) }
/// ```
///
/// Source: public simulators of payShield and values of their tests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ThalesTestLmk {
    first: u8,
    variant: u8,
}

impl ThalesTestLmk {
    /// The TEST pair that begins with the master key `first` (0, 2, up to 38) in its variant 0 to 9.
    ///
    /// # Errors
    /// [`Error::Variant`]: there is no such pair or variant.
    pub const fn new(first: u8, variant: u8) -> Result<Self, Error> {
        if first > 38 || !first.is_multiple_of(2) || variant > 9 {
            return Err(Error::Variant);
        }
        Ok(Self { first, variant })
    }

    /// Enciphers a key in place.
    ///
    /// # Errors
    /// [`Error::KeyLength`]: the key is not as long as the scheme has it, and is as it was.
    pub fn encipher(self, scheme: LmkScheme, key: &mut [u8]) -> Result<(), Error> {
        self.parts(scheme, key, |cipher, part| cipher.encrypt_block(part.into()))
    }

    /// Deciphers a key in place. Nothing tells whether it was under another variant but the key's parity and check value.
    ///
    /// # Errors
    /// [`Error::KeyLength`]: the key is not as long as the scheme has it, and is as it was.
    pub fn decipher(self, scheme: LmkScheme, key: &mut [u8]) -> Result<(), Error> {
        self.parts(scheme, key, |cipher, part| cipher.decrypt_block(part.into()))
    }

    fn parts(
        self,
        scheme: LmkScheme,
        key: &mut [u8],
        with: impl Fn(&TdesEde2, &mut [u8; 8]),
    ) -> Result<(), Error> {
        let (parts, rest) = key.as_chunks_mut::<8>();
        let whole = rest.is_empty() && parts.len() == scheme.key_len() / 8;
        if !whole {
            return Err(Error::KeyLength);
        }
        let pair = TEST_LMK_PAIRS.get(usize::from(self.first / 2)).ok_or(Error::Variant)?;
        let change = VARIANTS.get(usize::from(self.variant)).ok_or(Error::Variant)?;
        for (part, place) in parts.iter_mut().zip(scheme.changes()) {
            let mut lmk = Zeroizing::new(*pair);
            let [first, _, _, _, _, _, _, _, ninth, ..] = &mut *lmk;
            *first ^= change;
            *ninth ^= place;
            let lmk: &Array<u8, _> = (&*lmk).into();
            with(&TdesEde2::new(lmk), part);
        }
        Ok(())
    }
}

/// Reads a key type: a digit for the variant, then the code of the pair (`00` is 04-05, `01` 06-07, `02` 14-15 and on to `0E`, 38-39);
/// [`Error::UnknownName`] if there is none like it.
impl FromStr for ThalesTestLmk {
    type Err = Error;

    fn from_str(key_type: &str) -> Result<Self, Error> {
        let &[variant @ b'0'..=b'9', b'0', code] = key_type.as_bytes() else {
            return Err(Error::UnknownName);
        };
        let first = match code {
            b'0' => 4,
            b'1' => 6,
            // From here on without a gap: 02 is 14-15.
            b'2'..=b'9' => code.wrapping_sub(b'2').wrapping_mul(2).wrapping_add(14),
            b'A'..=b'E' => code.wrapping_sub(b'A').wrapping_mul(2).wrapping_add(30),
            _ => return Err(Error::UnknownName),
        };
        Self::new(first, variant.wrapping_sub(b'0'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn key_types_name_pairs_and_variants() {
        let pairs = [4, 6, 14, 16, 18, 20, 22, 24, 26, 28, 30, 32, 34, 36, 38];
        for (code, first) in "0123456789ABCDE".bytes().zip(pairs) {
            for variant in 0..10 {
                let key_type = [b'0' + variant, b'0', code];
                let lmk = core::str::from_utf8(&key_type).unwrap().parse();
                assert_eq!(lmk, ThalesTestLmk::new(first, variant));
                assert_eq!(lmk, Ok(ThalesTestLmk { first, variant }));
            }
        }
        for wrong in ["", "0", "00", "0000", "00F", "00a", "A00", "010", "00\u{e9}"] {
            assert_eq!(wrong.parse::<ThalesTestLmk>(), Err(Error::UnknownName));
        }
        for (first, variant) in [(1, 0), (40, 0), (39, 0), (0, 10), (255, 255)] {
            assert_eq!(ThalesTestLmk::new(first, variant), Err(Error::Variant));
        }
    }

    #[test]
    fn every_variant_scheme_and_part_gives_another_block() {
        extern crate std;
        let mut seen = std::collections::HashSet::new();
        for variant in 0..10 {
            let lmk = ThalesTestLmk::new(28, variant).unwrap();
            for &scheme in LmkScheme::ALL {
                let mut key = [0x13; 24];
                let key = &mut key[..scheme.key_len()];
                lmk.encipher(scheme, key).unwrap();
                seen.extend(key.chunks(8).map(<[u8]>::to_vec));
                lmk.decipher(scheme, key).unwrap();
                assert!(key.iter().all(|&byte| byte == 0x13));
            }
        }
        // Parts of Z, X and Y are all the same block, of U two, of T three.
        assert_eq!(seen.len(), 10 * (1 + 2 + 3));
    }

    #[test]
    fn a_key_of_another_length_is_as_it_was() {
        let lmk = ThalesTestLmk::new(0, 0).unwrap();
        for &scheme in LmkScheme::ALL {
            assert_eq!(LmkScheme::from_letter(scheme.letter()), Some(scheme));
            for len in 0..=32 {
                let mut key = [0x13; 32];
                let done = lmk.encipher(scheme, &mut key[..len]);
                assert_eq!(done.is_ok(), len == scheme.key_len());
                assert_eq!(key == [0x13; 32], done.is_err());
            }
        }
        assert_eq!(LmkScheme::from_letter('u'), None);
    }
}
