//! Key check values.

use cipher::{Array, BlockCipherEncrypt, BlockSizeUser, KeyInit};
use dukpt::mac::Cmac;

use crate::algorithm::{Algorithm, with_cipher};
use crate::failure::Failure;

/// How a check value is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Method {
    /// A block of zeros, enciphered: 3 bytes.
    LegacyEcbZero,
    /// The CMAC of a block of zeros: 5 bytes.
    CmacZeroBlock,
}

impl Method {
    pub(super) fn named(name: &str) -> Result<Self, Failure> {
        match name {
            "legacy_ecb_zero" => Ok(Self::LegacyEcbZero),
            "cmac_zero_block" => Ok(Self::CmacZeroBlock),
            _ => {
                let message = "`method` is legacy_ecb_zero or cmac_zero_block";
                Err(Failure::new("unknown_method", message))
            }
        }
    }

    /// The method whose check values are so long.
    pub(crate) fn of_len(len: usize) -> Result<Self, keyblock::Error> {
        match len {
            3 => Ok(Self::LegacyEcbZero),
            5 => Ok(Self::CmacZeroBlock),
            _ => Err(keyblock::Error::KcvLength),
        }
    }
}

/// The check value of a key.
pub(crate) fn check_value(
    algorithm: Algorithm,
    method: Method,
    key: &[u8],
) -> Result<Vec<u8>, Failure> {
    with_cipher!(algorithm, C => match method {
        Method::LegacyEcbZero => {
            let cipher = C::new_from_slice(key).map_err(|_| keyblock::Error::KeyLength)?;
            let mut block = Array::<u8, <C as BlockSizeUser>::BlockSize>::default();
            cipher.encrypt_block(&mut block);
            Ok(block.iter().copied().take(3).collect())
        }
        Method::CmacZeroBlock => {
            let code = Cmac::<C>::new(key)?.chain(vec![0; algorithm.block_len()]);
            Ok(code.finalize(5)?.as_bytes().to_vec())
        }
    })
}
