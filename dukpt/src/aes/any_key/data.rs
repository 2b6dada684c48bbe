use super::{Aes, AnyCipherKey, Tdes, UsageWith};
use crate::Error;
use crate::aes::role::Usage;
use crate::key::job;

impl<U: Usage<Job = job::Data> + UsageWith<Aes> + UsageWith<Tdes>> AnyCipherKey<U> {
    /// Encrypts whole blocks in place, in CBC mode.
    ///
    /// The initial vector is as long as a block: [`block_size`](Self::block_size) bytes. Padding is the caller's.
    ///
    /// # Errors
    /// [`Error::IvLength`]: the initial vector is not as long as a block.
    /// [`Error::DataLength`]: the data is not of whole blocks. In both cases it is unchanged.
    ///
    /// # Security
    /// CBC does not notice changed data; send a MAC with it.
    ///
    /// # Examples
    /// ```
    /// # fn main() -> Result<(), dukpt::Error> {
    /// use dukpt::aes::{AnyDataEncryptionKey, DataEncryptionKey};
    ///
    /// let key = AnyDataEncryptionKey::Aes128(DataEncryptionKey::from_bytes(&[0x42; 16]));
    /// let mut data = *b"sixteen bytes..!";
    /// key.encrypt_cbc(&[0; 16], &mut data)?;
    /// key.decrypt_cbc(&[0; 16], &mut data)?;
    /// assert_eq!(&data, b"sixteen bytes..!");
    /// # Ok(()) }
    /// ```
    /// A data key enciphers no PIN block:
    /// ```compile_fail,E0599
    /// use dukpt::aes::{AnyDataEncryptionKey, DataEncryptionKey};
    ///
    /// let key = AnyDataEncryptionKey::Aes128(DataEncryptionKey::from_bytes(&[0x42; 16]));
    /// let cipher = key.cipher::<aes::Aes128>();
    /// ```
    ///
    /// Source: NIST SP 800-38A.
    pub fn encrypt_cbc(&self, iv: &[u8], data: &mut [u8]) -> Result<(), Error> {
        match self {
            Self::Tdes2(key) => key.encrypt_cbc(block(iv)?, data),
            Self::Tdes3(key) => key.encrypt_cbc(block(iv)?, data),
            Self::Aes128(key) => key.encrypt_cbc(block(iv)?, data),
            Self::Aes192(key) => key.encrypt_cbc(block(iv)?, data),
            Self::Aes256(key) => key.encrypt_cbc(block(iv)?, data),
        }
    }

    /// Decrypts whole blocks in place, in CBC mode.
    ///
    /// # Errors
    /// [`Error::IvLength`]: the initial vector is not as long as a block.
    /// [`Error::DataLength`]: the data is not of whole blocks. In both cases it is unchanged.
    ///
    /// # Security
    /// Verify the data's MAC first: what is made of changed data must not be seen in an answer.
    ///
    /// Source: NIST SP 800-38A.
    pub fn decrypt_cbc(&self, iv: &[u8], data: &mut [u8]) -> Result<(), Error> {
        match self {
            Self::Tdes2(key) => key.decrypt_cbc(block(iv)?, data),
            Self::Tdes3(key) => key.decrypt_cbc(block(iv)?, data),
            Self::Aes128(key) => key.decrypt_cbc(block(iv)?, data),
            Self::Aes192(key) => key.decrypt_cbc(block(iv)?, data),
            Self::Aes256(key) => key.decrypt_cbc(block(iv)?, data),
        }
    }
}

fn block<const B: usize>(iv: &[u8]) -> Result<&[u8; B], Error> {
    iv.try_into().map_err(|_| Error::IvLength)
}

#[cfg(test)]
mod tests {
    use crate::Error;
    use crate::aes::{AnyDataBothKey, DataBothKey, Key, Tdes};

    #[test]
    fn every_type_does_what_the_typed_key_does() {
        macro_rules! same {
            ($($variant:ident, $len:literal, $algorithm:ty, $block:literal;)+) => {$(
                let bytes = [0x5A; $len];
                let typed = DataBothKey::<$len, $algorithm>::from_bytes(&bytes);
                let any = AnyDataBothKey::$variant(Key { bytes, context: () });
                assert_eq!(any.block_size(), $block);
                let [mut data, mut expected] = [[0x33; 48]; 2];
                typed.encrypt_cbc(&[7; $block], &mut expected).unwrap();
                any.encrypt_cbc(&[7; $block], &mut data).unwrap();
                assert_eq!(data, expected);
                for iv in [&[7; 32][..0], &[7; 32][..$block - 1], &[7; 32][..$block + 1], &[7; 32]] {
                    assert_eq!(any.encrypt_cbc(iv, &mut data), Err(Error::IvLength));
                    assert_eq!(any.decrypt_cbc(iv, &mut data), Err(Error::IvLength));
                }
                assert_eq!(any.decrypt_cbc(&[7; $block], &mut data[1..]), Err(Error::DataLength));
                assert_eq!(data, expected);
                any.decrypt_cbc(&[7; $block], &mut data).unwrap();
                assert_eq!(data, [0x33; 48]);
            )+};
        }
        same! {
            Tdes2, 16, Tdes, 8;
            Tdes3, 24, Tdes, 8;
            Aes128, 16, crate::aes::Aes, 16;
            Aes192, 24, crate::aes::Aes, 16;
            Aes256, 32, crate::aes::Aes, 16;
        }
    }
}
