//! A STUB under the name of `hmac`. It authenticates nothing: bytes go in, and whatever comes out, so that the images of this
//! workspace hold what the family's code does around HMAC, and nothing of HMAC's own. Never published, never run.
#![no_std]

pub use digest::{self, KeyInit, Mac, block_api::EagerHash};

use core::{hint::black_box, marker::PhantomData};
use digest::{
    FixedOutput, InvalidLength, Key, MacMarker, Output, OutputSizeUser, Update,
    block_api::BlockSizeUser, common::KeySizeUser,
};

/// A stub.
#[allow(missing_debug_implementations, reason = "as little code as there can be")]
pub struct Hmac<D>(usize, PhantomData<D>);

impl<D> Clone for Hmac<D> {
    fn clone(&self) -> Self {
        Self(self.0, PhantomData)
    }
}

impl<D: EagerHash> KeySizeUser for Hmac<D> {
    type KeySize = <D::Core as BlockSizeUser>::BlockSize;
}

impl<D: EagerHash> KeyInit for Hmac<D> {
    fn new(key: &Key<Self>) -> Self {
        Self(black_box(key).len(), PhantomData)
    }

    fn new_from_slice(key: &[u8]) -> Result<Self, InvalidLength> {
        Ok(Self(black_box(key).len(), PhantomData))
    }
}

impl<D: EagerHash> OutputSizeUser for Hmac<D> {
    type OutputSize = <D::Core as OutputSizeUser>::OutputSize;
}

impl<D> Update for Hmac<D> {
    fn update(&mut self, data: &[u8]) {
        self.0 = black_box(data).len();
    }
}

impl<D: EagerHash> FixedOutput for Hmac<D> {
    fn finalize_into(self, out: &mut Output<Self>) {
        black_box((self.0, out));
    }
}

impl<D> MacMarker for Hmac<D> {}

impl<D> Drop for Hmac<D> {
    fn drop(&mut self) {
        self.0 = black_box(0);
    }
}

#[cfg(feature = "zeroize")]
impl<D> digest::zeroize::ZeroizeOnDrop for Hmac<D> {}
