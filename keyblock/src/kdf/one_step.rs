use hmac::{Hmac, KeyInit, Mac, digest::FixedOutput};

use super::{WipingHash, check_secret, fill_by_counter};
use crate::Error;

/// Derives a key by the one-step function of NIST SP 800-56C with a hash, from a secret `z` and the fixed info: any output up to
/// 2^32 - 1 hashes.
///
/// Each block of output is the hash of a 4-byte counter from 1, `z`, and the fixed info, which may be empty. It is also
/// known as the concatenation KDF of NIST SP 800-56A.
///
/// # Errors
/// [`Error::OutputLength`]: no byte is asked for, or too many; [`Error::KeyLength`]: `z` is empty. The output is as it was.
///
/// # Security
/// Both parties' fixed info has to be the same bytes; with the same secret and info comes the same key.
///
/// # Examples
/// ```
/// # fn main() -> Result<(), keyblock::Error> {
/// use keyblock::kdf;
///
/// let mut key = [0; 32];
/// kdf::one_step::<sha2::Sha512>(&[0x42; 66], b"terminal 1, host 7", &mut key)?;
/// # Ok(()) }
/// ```
///
/// Source: NIST SP 800-56C rev. 2, section 4, option 1.
pub fn one_step<D: WipingHash>(z: &[u8], fixed_info: &[u8], out: &mut [u8]) -> Result<(), Error> {
    one_step_of_parts::<D>(z, &[fixed_info], out)
}

/// Derives a key by the one-step function of NIST SP 800-56C with HMAC, from a secret `z`, the salt and the fixed info: any output
/// up to 2^32 - 1 hashes.
///
/// Each block of output is the HMAC, under the salt, of a 4-byte counter from 1, `z`, and the fixed info. An empty salt is the
/// standard's default, zeros as long as a block of the hash.
///
/// # Errors
/// [`Error::OutputLength`]: no byte is asked for, or too many; [`Error::KeyLength`]: `z` is empty. The output is as it was.
///
/// # Security
/// As of [`one_step`]. The salt need not be secret.
///
/// Source: NIST SP 800-56C rev. 2, section 4, option 2.
pub fn one_step_hmac<D: WipingHash>(
    z: &[u8],
    salt: &[u8],
    fixed_info: &[u8],
    out: &mut [u8],
) -> Result<(), Error> {
    one_step_hmac_of_parts::<D>(z, salt, &[fixed_info], out)
}

pub(crate) fn one_step_of_parts<D: WipingHash>(
    z: &[u8],
    fixed_info: &[&[u8]],
    out: &mut [u8],
) -> Result<(), Error> {
    check_secret(z)?;
    fill_by_counter::<D>(out, |counter, block| {
        let mut hash = D::new();
        hash.update(counter);
        hash.update(z);
        fixed_info.iter().for_each(|part| hash.update(part));
        hash.finalize_into(block);
    })
}

pub(crate) fn one_step_hmac_of_parts<D: WipingHash>(
    z: &[u8],
    salt: &[u8],
    fixed_info: &[&[u8]],
    out: &mut [u8],
) -> Result<(), Error> {
    check_secret(z)?;
    // An HMAC takes a key of any length.
    let keyed = Hmac::<D>::new_from_slice(salt).map_err(|_| Error::KeyLength)?;
    fill_by_counter::<Hmac<D>>(out, |counter, block| {
        let mut hmac = keyed.clone();
        Mac::update(&mut hmac, &counter);
        Mac::update(&mut hmac, z);
        fixed_info.iter().for_each(|part| Mac::update(&mut hmac, part));
        FixedOutput::finalize_into(hmac, block);
    })
}
