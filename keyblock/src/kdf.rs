//! Key derivation functions: from a secret, and from what its key is for, to the bytes of a key.
//!
//! | function | block of output | salt | at most |
//! |---|---|---|---|
//! | [`x963`] | hash(secret, counter, shared info) | none | 2^32 - 1 hashes |
//! | [`one_step`] | hash(counter, secret, fixed info) | none | 2^32 - 1 hashes |
//! | [`one_step_hmac`] | HMAC(salt; counter, secret, fixed info) | key of the HMAC | 2^32 - 1 hashes |
//! | [`hkdf`] | HMAC(extracted key; last block, info, counter) | key of the extraction | 255 hashes |
//!
//! A counter begins at 1 and has 4 bytes, in HKDF one.
//!
//! # Security
//! None of them makes a weak secret strong: a password is not to be given to any.

mod hkdf;
mod one_step;
mod x963;

pub use self::{
    hkdf::hkdf,
    one_step::{one_step, one_step_hmac},
    x963::x963,
};

#[cfg(feature = "ecdh")]
pub(crate) use self::{
    hkdf::hkdf_of_parts,
    one_step::{one_step_hmac_of_parts, one_step_of_parts},
    x963::x963_of_parts,
};

use hmac::{
    EagerHash,
    digest::{Output, OutputSizeUser},
};
use zeroize::{ZeroizeOnDrop, Zeroizing};

use crate::Error;

/// A hash that wipes its state when dropped, such as `sha2::Sha256` with the feature `zeroize`.
///
/// It is what the bounds say, and nothing to implement.
pub trait WipingHash: EagerHash<Core: ZeroizeOnDrop> {}

impl<D: EagerHash<Core: ZeroizeOnDrop>> WipingHash for D {}

/// Fills the output with one hash for each value of a counter, from 1; refuses a length before anything is written.
fn fill_by_counter<D: OutputSizeUser>(
    out: &mut [u8],
    mut hash: impl FnMut([u8; 4], &mut Output<D>),
) -> Result<(), Error> {
    let size = D::output_size().max(1);
    check_blocks(out.len(), size)?;
    let mut block = Zeroizing::new(Output::<D>::default());
    for (counter, piece) in (1..=u32::MAX).zip(out.chunks_mut(size)) {
        hash(counter.to_be_bytes(), &mut block);
        piece.iter_mut().zip(block.iter()).for_each(|(to, from)| *to = *from);
    }
    Ok(())
}

/// There has to be a counter for every block of so many bytes.
fn check_blocks(len: usize, size: usize) -> Result<(), Error> {
    match u32::try_from(len.div_ceil(size)) {
        Ok(1..) => Ok(()),
        _ => Err(Error::OutputLength),
    }
}

/// A secret without a byte would make a key that everybody can have.
const fn check_secret(secret: &[u8]) -> Result<(), Error> {
    if secret.is_empty() { Err(Error::KeyLength) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_as_many_as_the_counter_has_values() {
        let most = u64::from(u32::MAX) * 32;
        let len = |len: u64| usize::try_from(len).unwrap();
        assert_eq!(check_blocks(0, 32), Err(Error::OutputLength));
        assert_eq!(check_blocks(1, 32), Ok(()));
        assert_eq!(check_blocks(len(most), 32), Ok(()));
        assert_eq!(check_blocks(len(most + 1), 32), Err(Error::OutputLength));
        assert_eq!(check_blocks(usize::MAX, 32), Err(Error::OutputLength));
    }
}
