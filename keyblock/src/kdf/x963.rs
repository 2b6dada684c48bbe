use super::{WipingHash, check_secret, fill_by_counter};
use crate::Error;

/// Derives a key by ANSI X9.63 from a secret `z` and the shared info: any output up to 2^32 - 1 hashes.
///
/// Each block of output is the hash of `z`, a 4-byte counter from 1, and the shared info, which may be empty.
///
/// # Errors
/// [`Error::OutputLength`]: no byte is asked for, or too many; [`Error::KeyLength`]: `z` is empty. The output is as it was.
///
/// # Security
/// Both parties' shared info has to be the same bytes; with the same secret and info comes the same key.
///
/// # Examples
/// ```
/// # fn main() -> Result<(), keyblock::Error> {
/// use keyblock::kdf;
///
/// let mut key = [0; 16];
/// kdf::x963::<sha2::Sha256>(&[0x42; 32], b"terminal 1, host 7", &mut key)?;
/// # Ok(()) }
/// ```
///
/// Source: SEC 1 version 2.0, 3.6.1; ANSI X9.63.
pub fn x963<D: WipingHash>(z: &[u8], shared_info: &[u8], out: &mut [u8]) -> Result<(), Error> {
    x963_of_parts::<D>(z, &[shared_info], out)
}

pub(crate) fn x963_of_parts<D: WipingHash>(
    z: &[u8],
    shared_info: &[&[u8]],
    out: &mut [u8],
) -> Result<(), Error> {
    check_secret(z)?;
    fill_by_counter::<D>(out, |counter, block| {
        let mut hash = D::new();
        hash.update(z);
        hash.update(counter);
        shared_info.iter().for_each(|part| hash.update(part));
        hash.finalize_into(block);
    })
}
