use super::{Padding, RetailMac};
use crate::key::sealed::Sealed;
use cipher::{BlockCipherDecrypt, BlockCipherEncrypt};
use core::fmt;
use core::marker::PhantomData;
use zeroize::ZeroizeOnDrop;

/// A [`CbcMac`](super::CbcMac) or [`RetailMac`] whose padding is part of its type, so that it is a RustCrypto [`Mac`](hmac::Mac).
///
/// That trait has neither a place for the length that [`Padding::Method3`] announces nor an error for data of another
/// length; so there are paddings 1 and 2 only, [`ZeroPadding`] and [`BitPadding`].
///
/// # Security
/// The trait gives and verifies the whole output; its `verify_truncated_left` and `verify_truncated_right` take a single byte for a MAC.
/// [`Authenticator`](super::Authenticator) over this type, or the type inside, lets nobody do so.
///
/// # Examples
/// ```
/// use dukpt::hmac::{KeyInit, Mac};
/// use dukpt::mac::{CbcMac, Padded, ZeroPadding};
/// use hex_literal::hex;
///
/// fn seal<M: Mac + KeyInit>(key: &[u8], data: &[u8]) -> Option<Vec<u8>> {
///     let mac = M::new_from_slice(key).ok()?;
///     Some(mac.chain_update(data).finalize().into_bytes().to_vec())
/// }
///
/// type X9_9 = Padded<CbcMac<des::Des>, ZeroPadding>;
/// let mac = seal::<X9_9>(&hex!("0123456789ABCDEF"), b"7654321 Now is the time for ");
/// assert_eq!(mac.unwrap(), hex!("F1D30F6849312CA4"));
/// ```
/// A padding that announces a length does not compile:
/// ```compile_fail,E0277
/// use dukpt::mac::{CbcMac, Padded, Padding};
///
/// fn seal<M: dukpt::hmac::Mac>() {}
///
/// seal::<Padded<CbcMac<des::Des>, Padding>>();
/// ```
///
/// Source: ISO/IEC 9797-1:2011.
pub struct Padded<M, P> {
    pub(super) mac: M,
    padding: PhantomData<P>,
}

/// A padding that needs to know nothing about the data in advance.
pub trait FixedPadding: Sealed {
    /// The padding as a value.
    const PADDING: Padding;
}

/// [`Padding::Method1`] as a type.
#[derive(Debug)]
pub enum ZeroPadding {}

/// [`Padding::Method2`] as a type.
#[derive(Debug)]
pub enum BitPadding {}

impl Sealed for ZeroPadding {}
impl Sealed for BitPadding {}

impl FixedPadding for ZeroPadding {
    const PADDING: Padding = Padding::Method1;
}

impl FixedPadding for BitPadding {
    const PADDING: Padding = Padding::Method2;
}

impl<C: BlockCipherEncrypt + BlockCipherDecrypt + ZeroizeOnDrop, P: FixedPadding>
    Padded<RetailMac<C>, P>
{
    /// Begins a MAC under two ciphers that have their keys already and wipe them when dropped.
    #[must_use]
    pub fn with_ciphers(first: C, second: C) -> Self {
        Self::wrap(RetailMac::with_ciphers(first, second, P::PADDING))
    }
}

impl<M, P> Padded<M, P> {
    pub(super) fn wrap(mac: M) -> Self {
        Self { mac, padding: PhantomData }
    }
}

impl<M: fmt::Debug, P> fmt::Debug for Padded<M, P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.mac.fmt(f)
    }
}
