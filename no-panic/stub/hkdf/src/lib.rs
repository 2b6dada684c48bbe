//! A STUB under the name of `hkdf`. It derives nothing, so that the images of this workspace hold what the family's code does
//! around HKDF, and nothing of HKDF's own. Never published, never run.
#![no_std]

use core::{hint::black_box, marker::PhantomData};
use hmac::{EagerHash, digest::Output};

/// More was asked for than there is.
#[derive(Debug)]
pub struct InvalidLength;

/// A stub.
#[allow(missing_debug_implementations, reason = "as little code as there can be")]
pub struct Hkdf<D>(PhantomData<D>);

impl<D: EagerHash> Hkdf<D> {
    /// A stub.
    pub fn extract(salt: Option<&[u8]>, material: &[u8]) -> (Output<hmac::Hmac<D>>, Self) {
        black_box((salt, material));
        (black_box(Output::<hmac::Hmac<D>>::default()), Self(PhantomData))
    }

    /// A stub.
    pub fn expand_multi_info(&self, info: &[&[u8]], out: &mut [u8]) -> Result<(), InvalidLength> {
        black_box((info, out));
        black_box(Ok(()))
    }
}
