//! The two sides of a translation: types of their own, so that nobody swaps them.

use core::fmt;

use cipher::{
    Block, BlockCipherDecrypt, BlockCipherEncrypt, BlockSizeUser, array::ArraySize,
    typenum::Unsigned,
};
use rand_core::TryCryptoRng;

use crate::{Error, Format, Pan, Pin, PinBlockSize, unionpay::BySize};

/// What both sides have.
pub(super) struct Side<'a, C> {
    pub(super) format: Format,
    pub(super) pan: Option<&'a Pan>,
    cipher: &'a C,
    zeros_follow: bool,
}

impl<C: BlockSizeUser<BlockSize: ArraySize>> Side<'_, C> {
    /// Whether format, cipher and PAN go together.
    pub(super) fn check(&self) -> Result<(), Error> {
        let fits_zeros = self.format.block_size() == 8;
        if self.zeros_follow && !fits_zeros {
            return Err(Error::UnsupportedFormat);
        }
        let needed = if self.zeros_follow { 16 } else { self.format.block_size() };
        if C::BlockSize::USIZE != needed {
            return Err(Error::CipherBlockSize);
        }
        if self.format.needs_pan() && self.pan.is_none() {
            return Err(Error::PanMissing);
        }
        Ok(())
    }
}

/// The side that a block comes from: its format, the cipher that it is under, and the PAN that it is bound to.
///
/// A PAN that is given counts for the rule that it stays the same, whether the format looks at it or not.
pub struct Incoming<'a, C>(pub(super) Side<'a, C>);

/// The side that a block goes to: its format, the cipher to put it under, and the PAN to bind it to.
///
/// A PAN that is given counts for the rule that it stays the same, whether the format looks at it or not.
pub struct Outgoing<'a, C>(pub(super) Side<'a, C>);

macro_rules! constructors {
    ($side:ident) => {
        impl<'a, C> $side<'a, C> {
            /// A block as ISO 9564-1 has it: of 8 bytes under a cipher of 8, or format 4 under a cipher of 16.
            ///
            /// Source: ISO 9564-1.
            #[must_use]
            pub const fn new(format: Format, cipher: &'a C, pan: Option<&'a Pan>) -> Self {
                Self(Side { format, pan, cipher, zeros_follow: false })
            }

            /// A block of 8 bytes that 8 zero bytes follow, under a cipher of 16 bytes, as in
            /// [`unionpay`](crate::unionpay).
            ///
            /// Source: UnionPay POS terminals.
            #[must_use]
            pub const fn unionpay(format: Format, cipher: &'a C, pan: Option<&'a Pan>) -> Self {
                Self(Side { format, pan, cipher, zeros_follow: true })
            }
        }

        /// Shows the format alone.
        impl<C> fmt::Debug for $side<'_, C> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($side), "({})"), self.0.format)
            }
        }
    };
}

constructors!(Incoming);
constructors!(Outgoing);

impl<C: BlockCipherDecrypt<BlockSize: PinBlockSize>> Incoming<'_, C> {
    pub(super) fn decipher(&self, block: &[u8]) -> Result<Pin, Error> {
        let Side { format, pan, cipher, zeros_follow } = self.0;
        if zeros_follow {
            <C::BlockSize as BySize>::decipher_with_zeros(cipher, format, block, pan)
        } else {
            format.decipher(cipher, block, pan)
        }
    }
}

impl<C: BlockCipherEncrypt<BlockSize: PinBlockSize>> Outgoing<'_, C> {
    pub(super) fn encipher<R>(&self, pin: &Pin, rng: &mut R) -> Result<Block<C>, Error>
    where
        R: TryCryptoRng + ?Sized,
    {
        let Side { format, pan, cipher, zeros_follow } = self.0;
        if zeros_follow {
            <C::BlockSize as BySize>::encipher_with_zeros(cipher, format, pin, pan, rng)
        } else {
            format.encipher(cipher, pin, pan, rng)
        }
    }

    pub(super) fn encipher_with_fill(&self, pin: &Pin, fill: &[u8]) -> Result<Block<C>, Error> {
        let Side { format, pan, cipher, zeros_follow } = self.0;
        if zeros_follow {
            <C::BlockSize as BySize>::encipher_with_fill_and_zeros(cipher, format, pin, pan, fill)
        } else {
            format.encipher_with_fill(cipher, pin, pan, fill)
        }
    }
}
