use super::{Aes, AnyCipherKey, Tdes, UsageWith};
use crate::Error;
use crate::aes::role::Usage;
use crate::key::job;
use cipher::typenum::Unsigned;
use cipher::{BlockCipherEncrypt, KeyInit};
use zeroize::ZeroizeOnDrop;

impl<U: Usage<Job = job::Pin> + UsageWith<Aes> + UsageWith<Tdes>> AnyCipherKey<U> {
    /// The block cipher that enciphers and deciphers PIN blocks.
    ///
    /// `C` is any RustCrypto cipher; it has to fit the key's type, which [`key_type`](Self::key_type) names.
    ///
    /// # Errors
    /// [`Error::CipherMismatch`]: the cipher's key or block is not as long as this type's.
    ///
    /// # Security
    /// Sizes are all that is checked: another algorithm of the same sizes, such as SM4 for AES-128, is taken.
    ///
    /// # Examples
    /// ```
    /// # fn main() -> Result<(), dukpt::Error> {
    /// use dukpt::Error;
    /// use dukpt::aes::{AnyPinKey, PinKey, Tdes};
    ///
    /// let key = AnyPinKey::Tdes2(PinKey::<16, Tdes>::from_bytes(&[0x42; 16]));
    /// let cipher = key.cipher::<des::TdesEde2>()?;
    /// // The key would fit AES-128, whose blocks do not.
    /// assert_eq!(key.cipher::<aes::Aes128>().err(), Some(Error::CipherMismatch));
    /// # Ok(()) }
    /// ```
    /// A PIN key encrypts no data:
    /// ```compile_fail,E0599
    /// use dukpt::aes::{AnyPinKey, PinKey};
    ///
    /// let key = AnyPinKey::Aes128(PinKey::from_bytes(&[0x42; 16]));
    /// let encrypted = key.encrypt_cbc(&[0; 16], &mut [0; 16]);
    /// ```
    pub fn cipher<C: KeyInit + BlockCipherEncrypt + ZeroizeOnDrop>(&self) -> Result<C, Error> {
        let bytes = self.expose_bytes();
        if C::KeySize::USIZE != bytes.len() || C::BlockSize::USIZE != self.block_size() {
            return Err(Error::CipherMismatch);
        }
        C::new_from_slice(bytes).map_err(|_| Error::CipherMismatch)
    }
}

impl<U: UsageWith<Aes> + UsageWith<Tdes>> AnyCipherKey<U> {
    /// The size in bytes of the cipher's blocks: 8 for TDES, 16 for AES.
    #[must_use]
    pub fn block_size(&self) -> usize {
        match self {
            Self::Tdes2(_) | Self::Tdes3(_) => 8,
            Self::Aes128(_) | Self::Aes192(_) | Self::Aes256(_) => 16,
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::Error;
    use crate::aes::{AnyPinKey, Key};
    use ::aes::{Aes128, Aes192, Aes256};
    use cipher::{BlockCipherEncrypt, KeyInit};
    use des::{Des, TdesEde2, TdesEde3};
    use sm4::Sm4;

    fn with_bytes<const N: usize>() -> [u8; N] {
        core::array::from_fn(|place| u8::try_from(place).unwrap())
    }

    #[test]
    fn only_ciphers_of_the_type_s_sizes_are_taken() {
        macro_rules! taken {
            ($key:expr) => {
                [
                    $key.cipher::<TdesEde2>().err(),
                    $key.cipher::<TdesEde3>().err(),
                    $key.cipher::<Aes128>().err(),
                    $key.cipher::<Aes192>().err(),
                    $key.cipher::<Aes256>().err(),
                    $key.cipher::<Des>().err(),
                    $key.cipher::<Sm4>().err(),
                ]
            };
        }
        const NO: Option<Error> = Some(Error::CipherMismatch);
        let tdes2 = AnyPinKey::Tdes2(Key { bytes: with_bytes(), context: () });
        assert_eq!(taken!(tdes2), [None, NO, NO, NO, NO, NO, NO]);
        let tdes3 = AnyPinKey::Tdes3(Key { bytes: with_bytes(), context: () });
        assert_eq!(taken!(tdes3), [NO, None, NO, NO, NO, NO, NO]);
        let aes128 = AnyPinKey::Aes128(Key { bytes: with_bytes(), context: () });
        assert_eq!(taken!(aes128), [NO, NO, None, NO, NO, NO, None]);
        let aes192 = AnyPinKey::Aes192(Key { bytes: with_bytes(), context: () });
        assert_eq!(taken!(aes192), [NO, NO, NO, None, NO, NO, NO]);
        let aes256 = AnyPinKey::Aes256(Key { bytes: with_bytes(), context: () });
        assert_eq!(taken!(aes256), [NO, NO, NO, NO, None, NO, NO]);
    }

    #[test]
    fn the_cipher_has_the_key() {
        let key = AnyPinKey::Aes192(Key { bytes: with_bytes(), context: () });
        let [mut block, mut expected] = [[9; 16]; 2];
        key.cipher::<Aes192>().unwrap().encrypt_block((&mut block).into());
        Aes192::new(&with_bytes().into()).encrypt_block((&mut expected).into());
        assert_eq!(block, expected);
    }
}
