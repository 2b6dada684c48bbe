use hkdf::Hkdf;
use zeroize::Zeroize;

use super::{WipingHash, check_secret};
use crate::Error;

/// Derives a key by HKDF from keying material, a salt and the info: any output up to 255 hashes.
///
/// An empty salt is the standard's default, zeros as long as a hash. The info may be empty.
///
/// # Errors
/// [`Error::OutputLength`]: no byte is asked for, or more than 255 hashes; [`Error::KeyLength`]: the keying material is empty.
/// The output is as it was.
///
/// # Security
/// The salt need not be secret. While the `hkdf` crate works, it leaves blocks of output on the stack.
///
/// # Examples
/// ```
/// # fn main() -> Result<(), keyblock::Error> {
/// use keyblock::kdf;
///
/// let mut key = [0; 32];
/// kdf::hkdf::<sha2::Sha256>(&[0x42; 32], b"salt", b"terminal 1, host 7", &mut key)?;
/// # Ok(()) }
/// ```
///
/// Source: RFC 5869.
pub fn hkdf<D: WipingHash>(
    material: &[u8],
    salt: &[u8],
    info: &[u8],
    out: &mut [u8],
) -> Result<(), Error> {
    hkdf_of_parts::<D>(material, salt, &[info], out)
}

pub(crate) fn hkdf_of_parts<D: WipingHash>(
    material: &[u8],
    salt: &[u8],
    info: &[&[u8]],
    out: &mut [u8],
) -> Result<(), Error> {
    check_secret(material)?;
    if out.is_empty() {
        return Err(Error::OutputLength);
    }
    let (mut extracted, hkdf) = Hkdf::<D>::extract(Some(salt), material);
    // Handed out by the crate, used by nobody; wiped where it stands, since a move would leave it behind.
    extracted.zeroize();
    hkdf.expand_multi_info(info, out).map_err(|_| Error::OutputLength)
}
