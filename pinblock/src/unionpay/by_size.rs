//! The block and its 8 zero bytes under a cipher whose block size is a type parameter: 16 bytes will do, 8 will not.

use cipher::{
    BlockCipherDecrypt, BlockCipherEncrypt,
    array::{Array, ArraySize},
    consts::{U8, U16},
};
use rand_core::TryCryptoRng;

use super::{decipher, encipher, encipher_with_fill};
use crate::{Error, Format, Pan, Pin};

/// A cipher's block size, asked for a block that 8 zero bytes follow.
pub trait BySize: ArraySize {
    fn encipher_with_zeros<C, R>(
        cipher: &C,
        format: Format,
        pin: &Pin,
        pan: Option<&Pan>,
        rng: &mut R,
    ) -> Result<Array<u8, Self>, Error>
    where
        C: BlockCipherEncrypt<BlockSize = Self>,
        R: TryCryptoRng + ?Sized;

    fn encipher_with_fill_and_zeros<C>(
        cipher: &C,
        format: Format,
        pin: &Pin,
        pan: Option<&Pan>,
        fill: &[u8],
    ) -> Result<Array<u8, Self>, Error>
    where
        C: BlockCipherEncrypt<BlockSize = Self>;

    fn decipher_with_zeros<C>(
        cipher: &C,
        format: Format,
        block: &[u8],
        pan: Option<&Pan>,
    ) -> Result<Pin, Error>
    where
        C: BlockCipherDecrypt<BlockSize = Self>;
}

impl BySize for U8 {
    fn encipher_with_zeros<C, R>(
        _: &C,
        _: Format,
        _: &Pin,
        _: Option<&Pan>,
        _: &mut R,
    ) -> Result<Array<u8, Self>, Error>
    where
        C: BlockCipherEncrypt<BlockSize = Self>,
        R: TryCryptoRng + ?Sized,
    {
        Err(Error::CipherBlockSize)
    }

    fn encipher_with_fill_and_zeros<C>(
        _: &C,
        _: Format,
        _: &Pin,
        _: Option<&Pan>,
        _: &[u8],
    ) -> Result<Array<u8, Self>, Error>
    where
        C: BlockCipherEncrypt<BlockSize = Self>,
    {
        Err(Error::CipherBlockSize)
    }

    fn decipher_with_zeros<C>(_: &C, _: Format, _: &[u8], _: Option<&Pan>) -> Result<Pin, Error>
    where
        C: BlockCipherDecrypt<BlockSize = Self>,
    {
        Err(Error::CipherBlockSize)
    }
}

impl BySize for U16 {
    fn encipher_with_zeros<C, R>(
        cipher: &C,
        format: Format,
        pin: &Pin,
        pan: Option<&Pan>,
        rng: &mut R,
    ) -> Result<Array<u8, Self>, Error>
    where
        C: BlockCipherEncrypt<BlockSize = Self>,
        R: TryCryptoRng + ?Sized,
    {
        Ok(encipher(cipher, format, pin, pan, rng)?.into())
    }

    fn encipher_with_fill_and_zeros<C>(
        cipher: &C,
        format: Format,
        pin: &Pin,
        pan: Option<&Pan>,
        fill: &[u8],
    ) -> Result<Array<u8, Self>, Error>
    where
        C: BlockCipherEncrypt<BlockSize = Self>,
    {
        Ok(encipher_with_fill(cipher, format, pin, pan, fill)?.into())
    }

    fn decipher_with_zeros<C>(
        cipher: &C,
        format: Format,
        block: &[u8],
        pan: Option<&Pan>,
    ) -> Result<Pin, Error>
    where
        C: BlockCipherDecrypt<BlockSize = Self>,
    {
        let block = block.try_into().map_err(|_| Error::BlockLength)?;
        decipher(cipher, format, block, pan)
    }
}
