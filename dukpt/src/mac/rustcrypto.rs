//! The MACs as RustCrypto's [`Mac`](hmac::Mac): the traits that together make it.

use super::{CbcMac, Cmac, CmacBlockSize, FixedPadding, Padded, RetailMac, UnionPayMac};
use cipher::array::Array;
use cipher::consts::{U8, U16};
use cipher::{BlockCipherDecrypt, BlockCipherEncrypt, BlockSizeUser, Key, KeyInit, KeySizeUser};
use des::Des;
use hmac::digest::common::{InnerInit, InnerUser};
use hmac::digest::{
    FixedOutput, FixedOutputReset, MacMarker, Output, OutputSizeUser, Reset, Update,
};
use zeroize::ZeroizeOnDrop;

/// What a MAC does; `$inner` is the MAC with the methods that do it, `$output` what it then has.
macro_rules! mac {
    ($([$($bound:tt)*] $mac:ty, $size:ty, $this:ident => $inner:expr, $output:expr;)+) => {$(
        impl<$($bound)*> OutputSizeUser for $mac {
            type OutputSize = $size;
        }

        impl<$($bound)*> Update for $mac {
            #[inline]
            fn update(&mut self, data: &[u8]) {
                let $this = self;
                $inner.update(data);
            }
        }

        impl<$($bound)*> FixedOutput for $mac {
            #[inline]
            fn finalize_into(mut self, out: &mut Output<Self>) {
                let $this = &mut self;
                out.clone_from($output);
            }
        }

        impl<$($bound)*> Reset for $mac {
            #[inline]
            fn reset(&mut self) {
                let $this = self;
                $inner.reset();
            }
        }

        impl<$($bound)*> FixedOutputReset for $mac {
            #[inline]
            fn finalize_into_reset(&mut self, out: &mut Output<Self>) {
                let $this = self;
                out.clone_from($output);
                $inner.reset();
            }
        }

        impl<$($bound)*> MacMarker for $mac {}
    )+};
}

mac! {
    [C: BlockCipherEncrypt<BlockSize: CmacBlockSize>] Cmac<C>, C::BlockSize, mac => mac, mac.output();
    [C: BlockCipherEncrypt] UnionPayMac<C>, U8, mac => mac, &Array(mac.output());
    [C: BlockCipherEncrypt, P: FixedPadding] Padded<CbcMac<C>, P>, C::BlockSize,
        padded => padded.mac, padded.mac.output();
    [C: BlockCipherEncrypt + BlockCipherDecrypt, P: FixedPadding] Padded<RetailMac<C>, P>, C::BlockSize,
        padded => padded.mac, padded.mac.output();
}

/// What makes a MAC of a cipher that has its key already; a key comes to it by way of the cipher.
macro_rules! inner_init {
    ($([$($bound:tt)*] $mac:ty, $cipher:ident => $begin:expr;)+) => {$(
        impl<$($bound)*> InnerUser for $mac {
            type Inner = C;
        }

        impl<$($bound)*> InnerInit for $mac {
            #[inline]
            fn inner_init($cipher: C) -> Self {
                $begin
            }
        }
    )+};
}

inner_init! {
    [C: BlockCipherEncrypt<BlockSize: CmacBlockSize> + ZeroizeOnDrop] Cmac<C>,
        cipher => Self::with_cipher(cipher);
    // Not over blocks of 16 bytes, whose constructors say in their names that nothing verifies them.
    [C: BlockCipherEncrypt<BlockSize = U8> + ZeroizeOnDrop] UnionPayMac<C>,
        cipher => Self::with_cipher(cipher);
    [C: BlockCipherEncrypt + ZeroizeOnDrop, P: FixedPadding] Padded<CbcMac<C>, P>,
        cipher => Self::wrap(CbcMac::with_cipher(cipher, P::PADDING));
}

impl<P: FixedPadding> KeySizeUser for Padded<RetailMac<Des>, P> {
    type KeySize = U16;
}

impl<P: FixedPadding> KeyInit for Padded<RetailMac<Des>, P> {
    fn new(key: &Key<Self>) -> Self {
        Self::wrap(RetailMac::from_key(&key.0, P::PADDING))
    }
}

impl<C: BlockSizeUser + ZeroizeOnDrop> ZeroizeOnDrop for Cmac<C> {}
impl<C: BlockSizeUser + ZeroizeOnDrop> ZeroizeOnDrop for UnionPayMac<C> {}
impl<C: BlockSizeUser + ZeroizeOnDrop> ZeroizeOnDrop for CbcMac<C> {}
impl<C: BlockSizeUser + ZeroizeOnDrop> ZeroizeOnDrop for RetailMac<C> {}
impl<M: ZeroizeOnDrop, P> ZeroizeOnDrop for Padded<M, P> {}
