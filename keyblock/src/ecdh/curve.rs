use core::fmt;

use p256::{NistP256, elliptic_curve as ec};
use p384::NistP384;
use p521::NistP521;
use zeroize::Zeroize;

use crate::self_test::ecdh as known;

/// A curve of NIST SP 800-186: [`P256`], [`P384`] or [`P521`].
pub trait Curve: sealed::Arithmetic + Copy + fmt::Debug + Eq + 'static {
    /// The curve's name as NIST writes it.
    const NAME: &'static str;

    /// Bytes of a coordinate, a private key and a shared secret.
    const FIELD_LEN: usize;
}

pub(super) mod sealed {
    use super::{Zeroize, fmt, known::KnownAgreement};

    /// What is asked of a curve.
    pub trait Arithmetic {
        /// A private key: from 1 to the order, exclusive.
        type Scalar: Zeroize;
        /// A point of the curve that is not the identity.
        type Point: Copy + Eq + fmt::Debug;

        /// How much of a random first byte belongs to a private key.
        const FIRST_BYTE: u8;

        /// What the self test holds the curve against.
        const KNOWN: &'static KnownAgreement;

        fn scalar(bytes: &[u8]) -> Option<Self::Scalar>;
        fn write_scalar(scalar: &Self::Scalar, out: &mut [u8]);
        fn public(scalar: &Self::Scalar) -> Self::Point;
        fn point(sec1: &[u8]) -> Option<Self::Point>;
        fn write_point(point: &Self::Point, out: &mut [u8]);
        fn agree(scalar: &Self::Scalar, point: &Self::Point, out: &mut [u8]);
    }
}

macro_rules! curves {
    ($($(#[doc = $doc:literal])+ $curve:ident: $nist:ty, $name:literal, $len:literal, $first:literal;)+) => {$(
        $(#[doc = $doc])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $curve {}

        impl Curve for $curve {
            const NAME: &'static str = $name;
            const FIELD_LEN: usize = $len;
        }

        impl sealed::Arithmetic for $curve {
            type Scalar = ec::NonZeroScalar<$nist>;
            type Point = ec::PublicKey<$nist>;

            const FIRST_BYTE: u8 = $first;
            const KNOWN: &'static known::KnownAgreement = &known::$curve;

            fn scalar(bytes: &[u8]) -> Option<Self::Scalar> {
                let key = ec::SecretKey::<$nist>::from_bytes(bytes.try_into().ok()?).ok()?;
                Some(key.to_nonzero_scalar())
            }

            fn write_scalar(scalar: &Self::Scalar, out: &mut [u8]) {
                let key = ec::SecretKey::<$nist>::from(scalar);
                let mut bytes = key.to_bytes();
                out.iter_mut().zip(&bytes).for_each(|(to, from)| *to = *from);
                bytes.zeroize();
            }

            fn public(scalar: &Self::Scalar) -> Self::Point {
                ec::PublicKey::from_secret_scalar(scalar)
            }

            fn point(sec1: &[u8]) -> Option<Self::Point> {
                ec::PublicKey::from_sec1_bytes(sec1).ok()
            }

            fn write_point(point: &Self::Point, out: &mut [u8]) {
                let encoded = ec::sec1::ToSec1Point::to_sec1_point(point, false);
                out.iter_mut().zip(encoded.as_bytes()).for_each(|(to, from)| *to = *from);
            }

            fn agree(scalar: &Self::Scalar, point: &Self::Point, out: &mut [u8]) {
                let secret = ec::ecdh::diffie_hellman::<$nist>(scalar, point.as_affine());
                out.iter_mut().zip(secret.raw_secret_bytes()).for_each(|(to, from)| *to = *from);
            }
        }
    )+};
}

curves! {
    /// P-256, also secp256r1: 32 bytes, 128 bits of strength.
    P256: NistP256, "P-256", 32, 0xFF;
    /// P-384, also secp384r1: 48 bytes, 192 bits of strength.
    P384: NistP384, "P-384", 48, 0xFF;
    /// P-521, also secp521r1: 66 bytes, 256 bits of strength.
    P521: NistP521, "P-521", 66, 0x01;
}
