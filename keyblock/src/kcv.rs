//! Key check values: what two parties compare to see that they hold the same key.

mod method;

use aes::{Aes128Enc, Aes192Enc, Aes256Enc};
use cipher::array::{Array, ArraySize};
use cipher::consts::{U8, U16};
use cipher::{BlockCipherEncrypt, KeyInit};
use core::fmt;
use des::{Des, TdesEde2, TdesEde3};
use subtle::ConstantTimeEq;
use zeroize::{ZeroizeOnDrop, Zeroizing};

use crate::Error;

pub use method::KcvMethod;

/// The check value of a key: 3 to 8 bytes, by a [`KcvMethod`].
///
/// Parity bits of a TDES key do not change it.
///
/// # Security
/// A check value is public: it is printed beside components and sent beside keys. It tells whether a guessed key is right, so make none of
/// a key that could be guessed, and show no more of it than its method has. [`Display`](fmt::Display) writes it in hex, on purpose;
/// `Debug` shows the method alone. There is no `==`: [`verify`](Kcv::verify) compares in constant time.
///
/// # Examples
/// ```
/// use keyblock::{Error, Kcv, KcvMethod};
///
/// # fn main() -> Result<(), Error> {
/// let key = [0x01, 0x23, 0x45, 0x67, 0x89, 0xAB, 0xCD, 0xEF, 0xFE, 0xDC, 0xBA, 0x98, 0x76, 0x54, 0x32, 0x10];
/// let kcv = Kcv::tdes(KcvMethod::Legacy, &key)?;
/// kcv.verify(&[0x08, 0xD7, 0xB4])?;
/// assert_eq!(kcv.to_string(), "08D7B4");
///
/// let sm4 = Kcv::new::<sm4::Sm4>(KcvMethod::Legacy, &key)?;
/// assert_eq!(sm4.verify(&[0x08, 0xD7, 0xB4]), Err(Error::KcvMismatch));
/// # Ok(()) }
/// ```
///
/// Source: ANSI X9.24-1:2017, Annex A.
#[doc(alias("KCV", "check digits"))]
pub struct Kcv {
    bytes: [u8; KcvMethod::LONGEST],
    len: u8,
    method: KcvMethod,
}

/// A block size that check values are defined for: 8 or 16 bytes.
pub trait KcvBlockSize: ArraySize + sealed::Sealed {
    /// What a bit that is shifted out of the block brings back in at its end.
    #[doc(hidden)]
    const REDUCTION: u8;
}

mod sealed {
    /// Keeps this crate's trait to this crate's types.
    pub trait Sealed {}
}

impl sealed::Sealed for U8 {}
impl sealed::Sealed for U16 {}

impl KcvBlockSize for U8 {
    const REDUCTION: u8 = 0x1B;
}

impl KcvBlockSize for U16 {
    const REDUCTION: u8 = 0x87;
}

impl Kcv {
    /// The fewest bytes that a check value is [shortened](Kcv::shortened) to.
    pub const SHORTEST: usize = 2;

    /// The check value of a DES key of 8 bytes or a TDES key of 16 or 24.
    ///
    /// # Errors
    /// [`Error::KeyLength`]: the key has another length.
    pub fn tdes(method: KcvMethod, key: &[u8]) -> Result<Self, Error> {
        match key.len() {
            8 => Self::new::<Des>(method, key),
            16 => Self::new::<TdesEde2>(method, key),
            _ => Self::new::<TdesEde3>(method, key),
        }
    }

    /// The check value of an AES key of 16, 24 or 32 bytes.
    ///
    /// # Errors
    /// [`Error::KeyLength`]: the key has another length.
    pub fn aes(method: KcvMethod, key: &[u8]) -> Result<Self, Error> {
        match key.len() {
            16 => Self::new::<Aes128Enc>(method, key),
            24 => Self::new::<Aes192Enc>(method, key),
            _ => Self::new::<Aes256Enc>(method, key),
        }
    }

    /// The check value of a key of any block cipher.
    ///
    /// # Errors
    /// [`Error::KeyLength`]: the cipher does not take a key of this length.
    pub fn new<C>(method: KcvMethod, key: &[u8]) -> Result<Self, Error>
    where
        C: KeyInit + BlockCipherEncrypt<BlockSize: KcvBlockSize> + ZeroizeOnDrop,
    {
        let cipher = C::new_from_slice(key).map_err(|_| Error::KeyLength)?;
        Ok(Self::with_cipher(method, &cipher))
    }

    /// The check value of the key that a cipher has, which may be in a module.
    #[must_use]
    pub fn with_cipher<C>(method: KcvMethod, cipher: &C) -> Self
    where
        C: BlockCipherEncrypt<BlockSize: KcvBlockSize>,
    {
        // More of this block than the check value tells as much as a known pair of the cipher's blocks, so it is wiped.
        let mut block = Zeroizing::new(Array::default());
        cipher.encrypt_block(&mut block);
        if matches!(method, KcvMethod::Cmac) {
            // The one block is whole and zero: what is enciphered is the first subkey.
            double(&mut block);
            cipher.encrypt_block(&mut block);
        }
        let mut bytes = [0; KcvMethod::LONGEST];
        for (to, from) in bytes.iter_mut().zip(block.iter()).take(method.len()) {
            *to = *from;
        }
        Self { bytes, len: method.len_u8(), method }
    }

    /// The same, cut to its first `len` bytes: for a peer that sends or prints fewer, such as the 4 hex digits of older modules.
    ///
    /// # Errors
    /// [`Error::KcvLength`]: `len` is under [`SHORTEST`](Kcv::SHORTEST) or more than there are.
    ///
    /// # Security
    /// 2 bytes match by chance once in 65,536 keys: enough against a mistyped key, not against a chosen one.
    ///
    /// # Examples
    /// ```
    /// # fn main() -> Result<(), keyblock::Error> {
    /// use keyblock::{Kcv, KcvMethod};
    ///
    /// let kcv = Kcv::tdes(KcvMethod::Legacy, &[0x01, 0x23, 0x45, 0x67, 0x89, 0xAB, 0xCD, 0xEF])?;
    /// kcv.shortened(2)?.verify(&[0xD5, 0xD4])?;
    /// # Ok(()) }
    /// ```
    pub fn shortened(&self, len: usize) -> Result<Self, Error> {
        let all = self.as_bytes();
        let kept = all.get(..len).filter(|kept| kept.len() >= Self::SHORTEST);
        let kept = kept.ok_or(Error::KcvLength)?;
        let mut bytes = [0; KcvMethod::LONGEST];
        for (to, from) in bytes.iter_mut().zip(kept) {
            *to = *from;
        }
        let len = u8::try_from(len).map_err(|_| Error::KcvLength)?;
        Ok(Self { bytes, len, method: self.method })
    }

    /// Verifies that `given` is this check value, in constant time.
    ///
    /// # Errors
    /// [`Error::KcvLength`]: it has another length; [`shortened`](Kcv::shortened) takes fewer bytes.
    /// [`Error::KcvMismatch`]: it has other bytes.
    pub fn verify(&self, given: &[u8]) -> Result<(), Error> {
        let bytes = self.as_bytes();
        if given.len() != bytes.len() {
            return Err(Error::KcvLength);
        }
        if bytes.ct_eq(given).into() { Ok(()) } else { Err(Error::KcvMismatch) }
    }

    /// Its bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..usize::from(self.len)).unwrap_or(&self.bytes)
    }

    /// How it was made.
    #[must_use]
    pub const fn method(&self) -> KcvMethod {
        self.method
    }
}

/// Multiplies a block by x, in constant time.
fn double<N: KcvBlockSize>(block: &mut Array<u8, N>) {
    let mut carry = 0;
    for byte in block.iter_mut().rev() {
        let out = *byte >> 7;
        *byte = *byte << 1 | carry;
        carry = out;
    }
    if let Some(last) = block.last_mut() {
        *last ^= carry.wrapping_neg() & N::REDUCTION;
    }
}

impl fmt::Display for Kcv {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_bytes().iter().try_for_each(|byte| write!(f, "{byte:02X}"))
    }
}

impl fmt::Debug for Kcv {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Kcv({})", self.method.as_str())
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use cmac::{Cmac, Mac};
    use proptest::prelude::*;
    use sm4::Sm4;
    use std::format;

    const KEY: [u8; 32] = *b"any key of 32 bytes is good here";

    fn slow_cmac<C>(key: &[u8]) -> std::vec::Vec<u8>
    where
        C: KeyInit + cmac::block_api::CmacCipher + BlockCipherEncrypt,
    {
        let zeros = std::vec![0; C::block_size()];
        let mac = Cmac::<C>::new_from_slice(key).unwrap().chain_update(zeros);
        mac.finalize().into_bytes()[..5].to_vec()
    }

    /// Miri is slow, and has no files to note failures in.
    fn cases() -> ProptestConfig {
        if cfg!(miri) {
            ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2) }
        } else {
            ProptestConfig::default()
        }
    }

    proptest! {
        #![proptest_config(cases())]
        #[test]
        fn cmac_is_that_of_the_crate(key: [u8; 32]) {
            let bytes = |kcv: Result<Kcv, Error>| kcv.unwrap().as_bytes().to_vec();
            let tdes = |len: usize| bytes(Kcv::tdes(KcvMethod::Cmac, &key[..len]));
            let aes = |len: usize| bytes(Kcv::aes(KcvMethod::Cmac, &key[..len]));
            prop_assert_eq!(tdes(8), slow_cmac::<Des>(&key[..8]));
            prop_assert_eq!(tdes(16), slow_cmac::<TdesEde2>(&key[..16]));
            prop_assert_eq!(tdes(24), slow_cmac::<TdesEde3>(&key[..24]));
            prop_assert_eq!(aes(16), slow_cmac::<aes::Aes128>(&key[..16]));
            prop_assert_eq!(aes(24), slow_cmac::<aes::Aes192>(&key[..24]));
            prop_assert_eq!(aes(32), slow_cmac::<aes::Aes256>(&key));
            let sm4 = bytes(Kcv::new::<Sm4>(KcvMethod::Cmac, &key[..16]));
            prop_assert_eq!(sm4, slow_cmac::<Sm4>(&key[..16]));
        }
    }

    #[test]
    fn every_method_begins_alike_but_cmac() {
        let zeros = Kcv::tdes(KcvMethod::UnionPay8, &KEY[..16]).unwrap();
        for &method in KcvMethod::ALL {
            let kcv = Kcv::tdes(method, &KEY[..16]).unwrap();
            assert_eq!((kcv.as_bytes().len(), kcv.method()), (method.len(), method));
            let begins = zeros.as_bytes().starts_with(kcv.as_bytes());
            assert_eq!(begins, method != KcvMethod::Cmac);
        }
    }

    #[test]
    fn a_key_of_another_length_is_refused() {
        for len in 0..=32 {
            let refused = |kcv: Result<Kcv, Error>| kcv.err() == Some(Error::KeyLength);
            for &method in KcvMethod::ALL {
                let key = &KEY[..len];
                assert_eq!(refused(Kcv::tdes(method, key)), !matches!(len, 8 | 16 | 24));
                assert_eq!(refused(Kcv::aes(method, key)), !matches!(len, 16 | 24 | 32));
                assert_eq!(refused(Kcv::new::<Sm4>(method, key)), len != 16);
            }
        }
    }

    #[test]
    fn every_other_value_is_refused() {
        for &method in KcvMethod::ALL {
            let kcv = Kcv::aes(method, &KEY).unwrap();
            let mut given = kcv.as_bytes().to_vec();
            assert_eq!(kcv.verify(&given), Ok(()));
            for at in 0..given.len() {
                for bit in 0..8 {
                    given[at] ^= 1 << bit;
                    assert_eq!(kcv.verify(&given), Err(Error::KcvMismatch));
                    given[at] ^= 1 << bit;
                }
            }
            for len in 0..given.len() {
                assert_eq!(kcv.verify(&given[..len]), Err(Error::KcvLength));
                match kcv.shortened(len) {
                    Ok(shorter) => {
                        assert!(len >= 2);
                        assert_eq!(shorter.verify(&given[..len]), Ok(()));
                        assert_eq!(shorter.verify(&given), Err(Error::KcvLength));
                        assert!(shorter.shortened(len + 1).is_err());
                    }
                    Err(error) => assert_eq!((len < 2, error), (true, Error::KcvLength)),
                }
            }
            assert_eq!(kcv.shortened(given.len() + 1).err(), Some(Error::KcvLength));
            assert_eq!(kcv.shortened(usize::MAX).err(), Some(Error::KcvLength));
            given.push(0);
            assert_eq!(kcv.verify(&given), Err(Error::KcvLength));
        }
    }

    #[test]
    fn debug_shows_the_method_alone() {
        let kcv = Kcv::tdes(KcvMethod::UnionPay8, &KEY[..16]).unwrap();
        assert_eq!(format!("{kcv:?}"), "Kcv(unionpay_8)");
        assert_eq!(format!("{kcv}").len(), 16);
    }
}
