use core::fmt;

use super::{Curve, MAX_FIELD_LEN};
use crate::Error;

/// A public key: a point of the curve, never the identity. It was validated when it was read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct PublicKey<C: Curve> {
    point: C::Point,
}

impl<C: Curve> PublicKey<C> {
    /// Reads a point as SEC 1 encodes it: 04 and two coordinates, or 02 or 03 and the first of them.
    ///
    /// # Errors
    /// [`Error::PublicKey`]: it is of another form or length, a coordinate is not below the field's prime, or no point of the curve has
    /// them. The identity (00), the hybrid forms (06, 07) and compact points (05) are refused.
    ///
    /// # Examples
    /// ```
    /// use keyblock::ecdh::{P256, PublicKey};
    /// use keyblock::Error;
    ///
    /// assert_eq!(PublicKey::<P256>::from_sec1(&[0]), Err(Error::PublicKey));
    /// ```
    ///
    /// Source: SEC 1 version 2.0, 2.3.4 and 3.2.2.1.
    pub fn from_sec1(bytes: &[u8]) -> Result<Self, Error> {
        let coordinates = match bytes.first() {
            Some(2 | 3) => 1,
            Some(4) => 2,
            _ => return Err(Error::PublicKey),
        };
        if bytes.len() != encoded_len::<C>(coordinates) {
            return Err(Error::PublicKey);
        }
        C::point(bytes).map(|point| Self { point }).ok_or(Error::PublicKey)
    }

    /// The point as SEC 1 encodes it without compression: 04 and two coordinates, 65, 97 or 133 bytes.
    ///
    /// Source: SEC 1 version 2.0, 2.3.3.
    #[must_use]
    pub fn to_sec1(&self) -> EncodedPublicKey {
        let mut encoded =
            EncodedPublicKey { bytes: [0; MAX_ENCODED_LEN], len: encoded_len::<C>(2) };
        C::write_point(&self.point, &mut encoded.bytes);
        encoded
    }

    pub(super) const fn of(point: C::Point) -> Self {
        Self { point }
    }

    pub(super) const fn point(&self) -> &C::Point {
        &self.point
    }
}

const fn encoded_len<C: Curve>(coordinates: usize) -> usize {
    C::FIELD_LEN.saturating_mul(coordinates).saturating_add(1)
}

const MAX_ENCODED_LEN: usize = 2 * MAX_FIELD_LEN + 1;

impl<C: Curve> fmt::Debug for PublicKey<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({})", C::NAME)
    }
}

/// A public key as bytes: 65, 97 or 133.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct EncodedPublicKey {
    bytes: [u8; MAX_ENCODED_LEN],
    len: usize,
}

impl EncodedPublicKey {
    /// The bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..self.len).unwrap_or_default()
    }
}

impl AsRef<[u8]> for EncodedPublicKey {
    fn as_ref(&self) -> &[u8] {
        self.as_bytes()
    }
}

impl fmt::Debug for EncodedPublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EncodedPublicKey(")?;
        self.as_bytes().iter().try_for_each(|byte| write!(f, "{byte:02X}"))?;
        f.write_str(")")
    }
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects, reason = "a test may overflow")]
mod tests {
    extern crate std;
    use super::*;
    use crate::ecdh::{P256, P384, P521, StaticKey};
    use std::{format, vec};

    /// No other first byte, length, or changed coordinate is read as a point.
    fn forms<C: Curve>() {
        let key = StaticKey::<C>::from_bytes_left_padded(&[0x12; 32]).unwrap().public_key();
        let encoded = key.to_sec1();
        let bytes = encoded.as_bytes();
        assert_eq!(bytes.len(), 1 + 2 * C::FIELD_LEN);
        assert_eq!(PublicKey::<C>::from_sec1(bytes), Ok(key));
        // Miri takes every form that means something, and a few others.
        let miri_skips = |number: usize, step: usize| cfg!(miri) && !number.is_multiple_of(step);
        for form in (0..=255_u8).filter(|form| *form < 6 || !miri_skips(usize::from(*form), 85)) {
            let mut other = bytes.to_vec();
            other[0] = form;
            assert_eq!(PublicKey::<C>::from_sec1(&other).is_ok(), form == 4, "{form}");
            other.truncate(1 + C::FIELD_LEN);
            let compressed = PublicKey::<C>::from_sec1(&other);
            assert_eq!(compressed.is_ok(), form == 2 || form == 3, "{form}");
            let odd = bytes[bytes.len() - 1] & 1;
            assert_eq!(compressed == Ok(key), form == 2 + odd, "{form}");
            assert_eq!(PublicKey::<C>::from_sec1(&[form]), Err(Error::PublicKey));
        }
        for len in (0..bytes.len()).step_by(if cfg!(miri) { 16 } else { 1 }) {
            assert_eq!(PublicKey::<C>::from_sec1(&bytes[..len]), Err(Error::PublicKey));
        }
        let longer = [bytes, &[0]].concat();
        assert_eq!(PublicKey::<C>::from_sec1(&longer), Err(Error::PublicKey));
        for at in (1..bytes.len()).step_by(if cfg!(miri) { 32 } else { 1 }) {
            let mut other = bytes.to_vec();
            other[at] ^= 1;
            assert_eq!(PublicKey::<C>::from_sec1(&other), Err(Error::PublicKey), "{at}");
        }
        assert_eq!(PublicKey::<C>::from_sec1(&vec![0; bytes.len()]), Err(Error::PublicKey));
    }

    #[test]
    fn two_forms_of_one_length_each_are_read() {
        forms::<P256>();
        // Miri takes minutes for the larger curves.
        if !cfg!(miri) {
            forms::<P384>();
            forms::<P521>();
        }
    }

    /// Of a point whose coordinate is small, the same coordinate plus the prime still fits into the bytes.
    #[test]
    fn a_coordinate_is_below_the_prime() {
        use hex_literal::hex;
        // P-256 has a point with first coordinate 0 and, since 5 is one too, one with 5.
        for (x, over) in [
            (0, hex!("ffffffff00000001000000000000000000000000ffffffffffffffffffffffff")),
            (5, hex!("ffffffff00000001000000000000000000000001000000000000000000000004")),
        ] {
            let mut compressed = [0; 33];
            compressed[0] = 2;
            compressed[32] = x;
            let key = PublicKey::<P256>::from_sec1(&compressed).unwrap();
            compressed[1..].copy_from_slice(&over);
            assert_eq!(PublicKey::<P256>::from_sec1(&compressed), Err(Error::PublicKey));
            let encoded = key.to_sec1();
            let mut bytes = encoded.as_bytes().to_vec();
            assert_eq!(PublicKey::<P256>::from_sec1(&bytes), Ok(key));
            bytes[1..33].copy_from_slice(&over);
            assert_eq!(PublicKey::<P256>::from_sec1(&bytes), Err(Error::PublicKey));
        }
    }

    #[test]
    fn debug_shows_what_is_public() {
        let key = StaticKey::<P521>::from_bytes_left_padded(&[1]).unwrap().public_key();
        assert_eq!(format!("{key:?}"), "PublicKey(P-521)");
        let shown = format!("{:?}", key.to_sec1());
        assert!(shown.starts_with("EncodedPublicKey(0400C6858E06B70404E9CD9E3ECB66"), "{shown}");
    }
}
