use core::fmt;

use rand_core::TryCryptoRng;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use super::{Curve, MAX_FIELD_LEN, PublicKey, SharedSecret};
use crate::Error;

/// A private key that is kept and agrees any number of times. Wiped when dropped; `Debug` shows no more than the type.
///
/// # Security
/// A key that is moved may leave a copy on the stack; keep it where it was made and lend it.
pub struct StaticKey<C: Curve> {
    scalar: C::Scalar,
}

impl<C: Curve> StaticKey<C> {
    /// Takes a private key's bytes, the first being the most significant: 32, 48 or 66, as many as the curve's field has. The caller wipes them.
    ///
    /// # Errors
    /// [`Error::PrivateKey`]: there are more or fewer bytes, or their number is zero, or not below the curve's order.
    ///
    /// # Examples
    /// ```
    /// # fn main() -> Result<(), keyblock::Error> {
    /// use keyblock::ecdh::{P256, StaticKey};
    ///
    /// let key = StaticKey::<P256>::from_bytes(&[0x42; 32])?;
    /// assert!(StaticKey::<P256>::from_bytes(&[0x42; 31]).is_err());
    /// assert!(StaticKey::<P256>::from_bytes_left_padded(&[0x42; 31]).is_ok());
    /// # Ok(()) }
    /// ```
    ///
    /// Source: SEC 1 version 2.0, 2.3.7.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        C::scalar(bytes).map(|scalar| Self { scalar }).ok_or(Error::PrivateKey)
    }

    /// Takes a private key from which bytes of zero may be missing on the left, as programs write that keep it as a number.
    ///
    /// # Errors
    /// [`Error::PrivateKey`]: there are more bytes than the curve's field has, or their number is zero, or not below the curve's order.
    pub fn from_bytes_left_padded(bytes: &[u8]) -> Result<Self, Error> {
        let mut buffer = Zeroizing::new([0; MAX_FIELD_LEN]);
        let padded = buffer.get_mut(..C::FIELD_LEN).ok_or(Error::PrivateKey)?;
        let missing = C::FIELD_LEN.checked_sub(bytes.len()).ok_or(Error::PrivateKey)?;
        padded.iter_mut().skip(missing).zip(bytes).for_each(|(to, from)| *to = *from);
        Self::from_bytes(padded)
    }

    /// Draws a private key.
    ///
    /// # Errors
    /// [`Error::Rng`]: the generator failed, or gives numbers that no generator would.
    ///
    /// Source: FIPS 186-5, A.2.2.
    pub fn generate<R: TryCryptoRng + ?Sized>(rng: &mut R) -> Result<Self, Error> {
        let mut buffer = Zeroizing::new([0; MAX_FIELD_LEN]);
        let bytes = buffer.get_mut(..C::FIELD_LEN).ok_or(Error::PrivateKey)?;
        // Of a number from a generator that works, one of 2^32 is not below the order.
        for _ in 0..4 {
            rng.try_fill_bytes(bytes).map_err(|_| Error::Rng)?;
            if let Some(first) = bytes.first_mut() {
                *first &= C::FIRST_BYTE;
            }
            if let Ok(key) = Self::from_bytes(bytes) {
                return Ok(key);
            }
        }
        Err(Error::Rng)
    }

    /// The public key that belongs to it.
    #[must_use]
    pub fn public_key(&self) -> PublicKey<C> {
        PublicKey::of(C::public(&self.scalar))
    }

    /// What only the two parties can know: the first coordinate of the private key times the other party's public key.
    ///
    /// Source: SEC 1 version 2.0, 3.3.1.
    #[must_use]
    pub fn agree(&self, other: &PublicKey<C>) -> SharedSecret {
        SharedSecret::filled_by(C::FIELD_LEN, |bytes| {
            C::agree(&self.scalar, other.point(), bytes);
        })
    }

    /// Writes the private key into the front of the output, as [`from_bytes`](Self::from_bytes) reads it.
    ///
    /// # Errors
    /// [`Error::BufferTooSmall`]: the output has fewer bytes than the curve's field.
    ///
    /// # Security
    /// For keeping the key where it is safe. The caller wipes the output.
    pub fn expose_bytes<'o>(&self, out: &'o mut [u8]) -> Result<&'o [u8], Error> {
        let needed = u16::try_from(C::FIELD_LEN).unwrap_or(u16::MAX);
        let out = out.get_mut(..C::FIELD_LEN).ok_or(Error::BufferTooSmall { needed })?;
        C::write_scalar(&self.scalar, out);
        Ok(out)
    }
}

impl<C: Curve> Drop for StaticKey<C> {
    fn drop(&mut self) {
        self.scalar.zeroize();
    }
}

impl<C: Curve> ZeroizeOnDrop for StaticKey<C> {}

impl<C: Curve> fmt::Debug for StaticKey<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StaticKey")
    }
}

/// A private key that is drawn, agrees once, and is gone. Wiped when dropped; `Debug` shows no more than the type.
///
/// # Security
/// What was agreed with it stays secret even where a static key becomes known later, unless that is the other party's:
/// for that, both parties' keys have to be ephemeral.
pub struct EphemeralKey<C: Curve> {
    key: StaticKey<C>,
}

impl<C: Curve> EphemeralKey<C> {
    /// Draws a private key.
    ///
    /// # Errors
    /// [`Error::Rng`]: the generator failed, or gives numbers that no generator would.
    ///
    /// Source: FIPS 186-5, A.2.2.
    pub fn generate<R: TryCryptoRng + ?Sized>(rng: &mut R) -> Result<Self, Error> {
        StaticKey::generate(rng).map(|key| Self { key })
    }

    /// The public key that belongs to it.
    #[must_use]
    pub fn public_key(&self) -> PublicKey<C> {
        self.key.public_key()
    }

    /// What only the two parties can know, once.
    ///
    /// Source: SEC 1 version 2.0, 3.3.1.
    #[must_use]
    pub fn agree(self, other: &PublicKey<C>) -> SharedSecret {
        self.key.agree(other)
    }
}

impl<C: Curve> ZeroizeOnDrop for EphemeralKey<C> {}

impl<C: Curve> fmt::Debug for EphemeralKey<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EphemeralKey")
    }
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects, reason = "a test may overflow")]
mod tests {
    extern crate std;
    use super::*;
    use crate::ecdh::{P256, P384, P521};
    use hex_literal::hex;
    use rand_core::TryRng;
    use std::{format, vec::Vec};

    /// Gives the same bytes for ever, or fails after so many calls.
    struct Constant {
        byte: u8,
        calls: usize,
    }

    impl TryRng for Constant {
        type Error = fmt::Error;

        fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
            unreachable!()
        }

        fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
            unreachable!()
        }

        fn try_fill_bytes(&mut self, to: &mut [u8]) -> Result<(), Self::Error> {
            self.calls = self.calls.checked_sub(1).ok_or(fmt::Error)?;
            to.fill(self.byte);
            Ok(())
        }
    }

    impl TryCryptoRng for Constant {}

    fn drawn<C: Curve>(byte: u8, calls: usize) -> Result<Vec<u8>, Error> {
        let key = StaticKey::<C>::generate(&mut Constant { byte, calls })?;
        let mut out = [0xEE; 70];
        Ok(key.expose_bytes(&mut out)?.to_vec())
    }

    #[test]
    fn a_drawn_key_is_what_the_generator_gave() {
        assert_eq!(drawn::<P256>(0x55, 1), Ok([0x55; 32].to_vec()));
        assert_eq!(drawn::<P384>(0x55, 1), Ok([0x55; 48].to_vec()));
        let mut long = [0x55; 66];
        long[0] = 1;
        assert_eq!(drawn::<P521>(0x55, 1), Ok(long.to_vec()));
    }

    #[test]
    fn a_generator_that_fails_or_stands_still_is_an_error() {
        for byte in [0x00, 0xFF] {
            for calls in 0..6 {
                assert_eq!(drawn::<P256>(byte, calls), Err(Error::Rng));
                assert_eq!(drawn::<P384>(byte, calls), Err(Error::Rng));
                assert_eq!(drawn::<P521>(byte, calls), Err(Error::Rng));
            }
        }
        let failed = EphemeralKey::<P256>::generate(&mut Constant { byte: 7, calls: 0 });
        assert_eq!(failed.err(), Some(Error::Rng));
    }

    /// Every length; zero, one, the order and its neighbours, all ones.
    fn edges<C: Curve>(order: &[u8]) {
        for len in (0..140).step_by(if cfg!(miri) { 11 } else { 1 }) {
            let bytes = [0x01; 140];
            let key = StaticKey::<C>::from_bytes(&bytes[..len]);
            assert_eq!(key.is_ok(), len == C::FIELD_LEN, "{len}");
            let key = StaticKey::<C>::from_bytes_left_padded(&bytes[..len]);
            assert_eq!(key.is_ok(), (1..=C::FIELD_LEN).contains(&len), "{len}");
            assert_eq!(
                StaticKey::<C>::from_bytes_left_padded(&[0; 140][..len]).err(),
                Some(Error::PrivateKey)
            );
        }
        let mut number = order.to_vec();
        let last = number.len() - 1;
        assert_eq!(StaticKey::<C>::from_bytes(&number).err(), Some(Error::PrivateKey));
        number[last] += 1;
        assert_eq!(StaticKey::<C>::from_bytes(&number).err(), Some(Error::PrivateKey));
        number[last] -= 2;
        let most = StaticKey::<C>::from_bytes(&number).unwrap();
        let least = StaticKey::<C>::from_bytes_left_padded(&[1]).unwrap();
        // The order less one is minus one: the same first coordinate as the base point's.
        let (most, least) = (most.public_key().to_sec1(), least.public_key().to_sec1());
        let (most, least) = (most.as_bytes(), least.as_bytes());
        assert_eq!(most[..=C::FIELD_LEN], least[..=C::FIELD_LEN]);
        assert_ne!(most, least);
        number.fill(0xFF);
        assert_eq!(StaticKey::<C>::from_bytes(&number).err(), Some(Error::PrivateKey));
    }

    #[test]
    fn a_private_key_is_from_one_to_the_order() {
        edges::<P256>(&hex!("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551"));
        // Miri takes minutes for the larger curves.
        if cfg!(miri) {
            return;
        }
        edges::<P384>(&hex!(
            "ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973"
        ));
        edges::<P521>(&hex!(
            "01fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa"
            "51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409"
        ));
    }

    #[test]
    fn bytes_go_into_the_front_of_a_buffer_that_has_room() {
        let key = StaticKey::<P384>::from_bytes_left_padded(&[0x12; 40]).unwrap();
        let mut out = [0xEE; 50];
        assert_eq!(
            key.expose_bytes(&mut out[..47]).err(),
            Some(Error::BufferTooSmall { needed: 48 })
        );
        assert_eq!(out, [0xEE; 50]);
        assert_eq!(key.expose_bytes(&mut out).unwrap().len(), 48);
        assert_eq!(out[..8], [0; 8]);
        assert_eq!(out[8..48], [0x12; 40]);
        assert_eq!(out[48..], [0xEE; 2]);
    }

    #[test]
    fn debug_shows_the_type_and_nothing_else() {
        let key = StaticKey::<P256>::from_bytes(&[0x42; 32]).unwrap();
        assert_eq!(format!("{key:?}"), "StaticKey");
        let key = EphemeralKey::<P256>::generate(&mut Constant { byte: 7, calls: 1 }).unwrap();
        assert_eq!(format!("{key:?}"), "EphemeralKey");
    }
}
