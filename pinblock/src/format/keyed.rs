//! Enciphered blocks of a format and a cipher that meet at run time.
//!
//! The cipher's block size is known to the compiler, so its two cases are two implementations of one sealed trait.

use cipher::{
    Block, BlockCipherDecrypt, BlockCipherEncrypt,
    array::Array,
    consts::{U8, U16},
    typenum::Unsigned,
};
use rand_core::TryCryptoRng;

use super::{Format, required};
use crate::{ClearBlock, Error, Pan, Pin, fill, iso4, unionpay::BySize};

/// A cipher's block size which a PIN block format needs: 8 or 16 bytes.
///
/// Sealed, since there are no others. It is there so that [`Format::encipher`] and [`Format::decipher`] take no cipher that no
/// format can use.
pub trait PinBlockSize: sealed::Sealed + BySize {}

impl PinBlockSize for U8 {}
impl PinBlockSize for U16 {}

impl Format {
    /// Makes a block, its fill drawn from `rng` where the format has a random one, and enciphers it.
    ///
    /// # Errors
    /// [`Error::CipherBlockSize`] unless the cipher's block is of 16 bytes for format 4 and of 8 for all others;
    /// [`Error::PanMissing`] if the format needs a PAN and there is none; [`Error::PinLength`] if the PIN does not fit into a
    /// legacy format; [`Error::Rng`] if the generator fails.
    ///
    /// # Examples
    /// ```
    /// use aes::{Aes128, cipher::KeyInit};
    /// use pinblock::{Format, Pan, Pin};
    ///
    /// # fn main() -> Result<(), pinblock::Error> {
    /// # let mut rng = getrandom::SysRng;
    /// let cipher = Aes128::new(&[0x24; 16].into());
    /// let (pin, pan) = (Pin::from_ascii(b"1234")?, Pan::from_ascii(b"4111111111111111")?);
    ///
    /// let block = Format::Iso4.encipher(&cipher, &pin, Some(&pan), &mut rng)?;
    /// let received = Format::Iso4.decipher(&cipher, &block, Some(&pan))?;
    /// assert_eq!(received.expose_digits().as_bytes(), b"1234");
    /// # Ok(())
    /// # }
    /// ```
    /// Source: as the format's.
    pub fn encipher<C, R>(
        self,
        cipher: &C,
        pin: &Pin,
        pan: Option<&Pan>,
        rng: &mut R,
    ) -> Result<Block<C>, Error>
    where
        C: BlockCipherEncrypt<BlockSize: PinBlockSize>,
        R: TryCryptoRng + ?Sized,
    {
        <C::BlockSize as sealed::Sealed>::encipher(self, cipher, pin, pan, rng)
    }

    /// Makes a block with a given fill and enciphers it: nibbles, one a byte, 16 of them for format 4.
    ///
    /// # Errors
    /// [`Error::CipherBlockSize`] as with [`encipher`](Format::encipher); [`Error::PanMissing`], [`Error::PinLength`],
    /// [`Error::FillLength`] and [`Error::FillValue`] as with [`encode_with_fill`](Format::encode_with_fill).
    ///
    /// # Security
    /// For tests and for talking to hardware that draws the fill: a fill that repeats shows which PINs are the same.
    ///
    /// Source: as the format's.
    pub fn encipher_with_fill<C>(
        self,
        cipher: &C,
        pin: &Pin,
        pan: Option<&Pan>,
        fill: &[u8],
    ) -> Result<Block<C>, Error>
    where
        C: BlockCipherEncrypt<BlockSize: PinBlockSize>,
    {
        <C::BlockSize as sealed::Sealed>::encipher_with_fill(self, cipher, pin, pan, fill)
    }

    /// Deciphers a block and reads it.
    ///
    /// # Errors
    /// [`Error::InvalidBlock`] if this gives no PIN, whatever the reason; [`Error::BlockLength`] if the block is not as long
    /// as the cipher's; [`Error::CipherBlockSize`] as with [`encipher`](Format::encipher); [`Error::PanMissing`] if the
    /// format needs a PAN and there is none.
    ///
    /// Source: as the format's.
    pub fn decipher<C>(self, cipher: &C, block: &[u8], pan: Option<&Pan>) -> Result<Pin, Error>
    where
        C: BlockCipherDecrypt<BlockSize: PinBlockSize>,
    {
        <C::BlockSize as sealed::Sealed>::decipher(self, cipher, block, pan)
    }
}

mod sealed {
    use super::*;
    use cipher::array::ArraySize;

    pub trait Sealed: ArraySize {
        fn encipher<C, R>(
            format: Format,
            cipher: &C,
            pin: &Pin,
            pan: Option<&Pan>,
            rng: &mut R,
        ) -> Result<Array<u8, Self>, Error>
        where
            C: BlockCipherEncrypt<BlockSize = Self>,
            R: TryCryptoRng + ?Sized;

        fn encipher_with_fill<C>(
            format: Format,
            cipher: &C,
            pin: &Pin,
            pan: Option<&Pan>,
            fill: &[u8],
        ) -> Result<Array<u8, Self>, Error>
        where
            C: BlockCipherEncrypt<BlockSize = Self>;

        fn decipher<C>(
            format: Format,
            cipher: &C,
            block: &[u8],
            pan: Option<&Pan>,
        ) -> Result<Pin, Error>
        where
            C: BlockCipherDecrypt<BlockSize = Self>;
    }
}

impl sealed::Sealed for U8 {
    fn encipher<C, R>(
        format: Format,
        cipher: &C,
        pin: &Pin,
        pan: Option<&Pan>,
        rng: &mut R,
    ) -> Result<Array<u8, U8>, Error>
    where
        C: BlockCipherEncrypt<BlockSize = U8>,
        R: TryCryptoRng + ?Sized,
    {
        needs(format, U8::USIZE)?;
        Ok(format.encode(pin, pan, rng)?.encipher(cipher).into())
    }

    fn encipher_with_fill<C>(
        format: Format,
        cipher: &C,
        pin: &Pin,
        pan: Option<&Pan>,
        fill: &[u8],
    ) -> Result<Array<u8, U8>, Error>
    where
        C: BlockCipherEncrypt<BlockSize = U8>,
    {
        needs(format, U8::USIZE)?;
        Ok(format.encode_with_fill(pin, pan, fill)?.encipher(cipher).into())
    }

    fn decipher<C>(
        format: Format,
        cipher: &C,
        block: &[u8],
        pan: Option<&Pan>,
    ) -> Result<Pin, Error>
    where
        C: BlockCipherDecrypt<BlockSize = U8>,
    {
        needs(format, U8::USIZE)?;
        let block = block.try_into().map_err(|_| Error::BlockLength)?;
        format.decode(ClearBlock::decipher(cipher, block).expose_bytes(), pan)
    }
}

impl sealed::Sealed for U16 {
    fn encipher<C, R>(
        format: Format,
        cipher: &C,
        pin: &Pin,
        pan: Option<&Pan>,
        rng: &mut R,
    ) -> Result<Array<u8, U16>, Error>
    where
        C: BlockCipherEncrypt<BlockSize = U16>,
        R: TryCryptoRng + ?Sized,
    {
        needs(format, U16::USIZE)?;
        Ok(iso4::encipher(cipher, pin, required(pan)?, rng)?.into())
    }

    fn encipher_with_fill<C>(
        format: Format,
        cipher: &C,
        pin: &Pin,
        pan: Option<&Pan>,
        fill: &[u8],
    ) -> Result<Array<u8, U16>, Error>
    where
        C: BlockCipherEncrypt<BlockSize = U16>,
    {
        needs(format, U16::USIZE)?;
        let pan = required(pan)?;
        let fill = fill::given(fill, 16, 0)?.to_be_bytes();
        Ok(iso4::encipher_with_fill(cipher, pin, pan, &fill).into())
    }

    fn decipher<C>(
        format: Format,
        cipher: &C,
        block: &[u8],
        pan: Option<&Pan>,
    ) -> Result<Pin, Error>
    where
        C: BlockCipherDecrypt<BlockSize = U16>,
    {
        needs(format, U16::USIZE)?;
        let block = block.try_into().map_err(|_| Error::BlockLength)?;
        iso4::decipher(cipher, block, required(pan)?)
    }
}

fn needs(format: Format, block_size: usize) -> Result<(), Error> {
    if format.block_size() == block_size { Ok(()) } else { Err(Error::CipherBlockSize) }
}
