use super::{BlockKey, Key, Role, job};
use crate::Error;
use cipher::array::{Array, ArraySize};
use cipher::{Block, BlockCipherDecrypt, BlockCipherEncrypt, BlockSizeUser};

impl<R: Role<Job = job::Data, Algorithm: BlockKey<N>>, const N: usize> Key<R, N> {
    /// Encrypts whole blocks in place, in CBC mode.
    ///
    /// The initial vector is as long as a block: 8 bytes for TDES, 16 for AES. Padding is the caller's.
    ///
    /// # Errors
    /// [`Error::DataLength`]: the data is not of whole blocks; it is unchanged.
    ///
    /// # Security
    /// CBC does not notice changed data; send a MAC with it.
    ///
    /// # Examples
    /// ```
    /// # fn main() -> Result<(), dukpt::Error> {
    /// use dukpt::tdes::DataRequestKey;
    ///
    /// let key = DataRequestKey::from_bytes(&[0x42; 16]);
    /// let mut data = *b"sixteen bytes..!";
    /// key.encrypt_cbc(&[0; 8], &mut data)?;
    /// key.decrypt_cbc(&[0; 8], &mut data)?;
    /// assert_eq!(&data, b"sixteen bytes..!");
    /// # Ok(()) }
    /// ```
    ///
    /// Source: NIST SP 800-38A.
    pub fn encrypt_cbc<const B: usize>(&self, iv: &[u8; B], data: &mut [u8]) -> Result<(), Error>
    where
        BlockSize<R, N>: ArraySize<ArrayType<u8> = [u8; B]>,
    {
        let blocks = whole_blocks(data)?;
        let cipher = R::Algorithm::cipher(&self.bytes);
        let mut previous: &Block<Cipher<R, N>> = iv.into();
        for block in blocks {
            xor(block, previous);
            cipher.encrypt_block(block);
            previous = block;
        }
        Ok(())
    }

    /// Decrypts whole blocks in place, in CBC mode.
    ///
    /// # Errors
    /// [`Error::DataLength`]: the data is not of whole blocks; it is unchanged.
    ///
    /// # Security
    /// Verify the data's MAC first: what is made of changed data must not be seen in an answer.
    ///
    /// Source: NIST SP 800-38A.
    pub fn decrypt_cbc<const B: usize>(&self, iv: &[u8; B], data: &mut [u8]) -> Result<(), Error>
    where
        BlockSize<R, N>: ArraySize<ArrayType<u8> = [u8; B]>,
    {
        let blocks = whole_blocks(data)?;
        let cipher = R::Algorithm::cipher(&self.bytes);
        let mut previous: Block<Cipher<R, N>> = (*iv).into();
        for block in blocks {
            let enciphered = *block;
            cipher.decrypt_block(block);
            xor(block, &previous);
            previous = enciphered;
        }
        Ok(())
    }
}

type Cipher<R, const N: usize> = <<R as Role>::Algorithm as BlockKey<N>>::Cipher;
type BlockSize<R, const N: usize> = <Cipher<R, N> as BlockSizeUser>::BlockSize;

fn whole_blocks<S: ArraySize>(data: &mut [u8]) -> Result<&mut [Array<u8, S>], Error> {
    match Array::slice_as_chunks_mut(data) {
        (blocks, []) => Ok(blocks),
        _ => Err(Error::DataLength),
    }
}

#[inline]
fn xor<S: ArraySize>(block: &mut Array<u8, S>, with: &Array<u8, S>) {
    block.iter_mut().zip(with).for_each(|(byte, other)| *byte ^= other);
}
