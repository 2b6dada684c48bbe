//! All checks, a file for each part of the family.

mod aes_dukpt;
#[cfg(feature = "ecdh")]
mod agreement;
mod check_values;
mod components;
mod kdf;
mod key_blocks;
mod macs;
mod pin_blocks;
mod pin_verification;
mod tdes_dukpt;
mod translation;

use crate::check::Check;

pub(crate) const PAN: &str = "4111111111111111";
pub(crate) const OTHER_PAN: &str = "5413330089010434";
/// Published test keys.
pub(crate) const KEY: [u8; 32] =
    *b"\x01\x23\x45\x67\x89\xAB\xCD\xEF\xFE\xDC\xBA\x98\x76\x54\x32\x10\
\xF1\xF1\xF1\xF1\xF1\xF1\xF1\xF1\xFE\xDC\xBA\x98\x76\x54\x32\x10";
pub(crate) const OTHER_KEY: [u8; 32] =
    *b"\xFE\xDC\xBA\x98\x76\x54\x32\x10\xF1\xF1\xF1\xF1\xF1\xF1\xF1\xF1\
\x01\x23\x45\x67\x89\xAB\xCD\xEF\xFE\xDC\xBA\x98\x76\x54\x32\x10";

pub(crate) fn all() -> Vec<Check> {
    [
        pin_blocks::checks(),
        translation::checks(),
        pin_verification::checks(),
        macs::checks(),
        aes_dukpt::checks(),
        tdes_dukpt::checks(),
        key_blocks::checks(),
        check_values::checks(),
        components::checks(),
        kdf::checks(),
        #[cfg(feature = "ecdh")]
        agreement::checks(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
