//! What both parties know besides the secret, as the bytes that go into the key derivation.
//!
//! Bytes of any kind are a [`SharedInfo`] as they are. Where a specification gives them a layout, this module puts them together
//! without a buffer:
//!
//! | layout | where it is used |
//! |---|---|
//! | [`SharedInfo::aws_payment_cryptography`] | AWS Payment Cryptography |
//! | [`OtherInfo`] | NIST SP 800-56A; JSON Web Algorithms (RFC 7518) |
//! | [`EccCmsSharedInfo`] | CMS (RFC 5753) |

mod ecc_cms;
mod other_info;

pub use self::{ecc_cms::EccCmsSharedInfo, other_info::OtherInfo};

use crate::Error;

/// The most parts that a layout has.
const MAX_PARTS: usize = 7;
/// The most bytes that are put before a part.
const MAX_MADE: usize = 8;

/// Shared info: no secret, the same bytes for both parties.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SharedInfo<'a> {
    parts: [Part<'a>; MAX_PARTS],
}

/// A part that the caller gave, or what the layout puts before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part<'a> {
    Given(&'a [u8]),
    Made([u8; MAX_MADE], usize),
}

impl<'a> SharedInfo<'a> {
    /// As AWS Payment Cryptography takes it in `SharedInformation`, where the bytes stand in hex: 1 to 1,024 bytes, none of them zero.
    ///
    /// The service gives them no layout. Its samples take 32 random bytes and derive with [`OneStep`](super::KeyDerivation::OneStep), which the
    /// service calls `NIST_SP800`; `ANSI_X963` is [`X963`](super::KeyDerivation::X963). Its hashes are SHA-256, SHA-384 and SHA-512.
    ///
    /// # Errors
    /// [`Error::SharedInfo`]: there is no byte, or more than 1,024, or one of them is zero.
    ///
    /// # Examples
    /// ```
    /// # fn main() -> Result<(), keyblock::Error> {
    /// use keyblock::ecdh::{KeyDerivation, P521, SharedInfo, StaticKey};
    /// use sha2::Sha512;
    ///
    /// # let (scalar, service_scalar) = ([1; 66], [1; 66]);
    /// # let service = StaticKey::<P521>::from_bytes(&service_scalar)?.public_key();
    /// let info = SharedInfo::aws_payment_cryptography(b"shop 1, exchange 1")?;
    /// let secret = StaticKey::<P521>::from_bytes(&scalar)?.agree(&service);
    /// let kbpk = secret.derive::<Sha512>(KeyDerivation::OneStep, info, 32)?.aes_kbpk()?;
    /// # Ok(()) }
    /// ```
    ///
    /// Source: AWS Payment Cryptography Control Plane API reference, DiffieHellmanDerivationData; aws-samples,
    /// samples-for-payment-cryptography-service, ecdh-tr31-import-export.
    pub fn aws_payment_cryptography(bytes: &'a [u8]) -> Result<Self, Error> {
        if !matches!(bytes.len(), 1..=1024) || bytes.contains(&0) {
            return Err(Error::SharedInfo);
        }
        Ok(Self::from(bytes))
    }

    /// How many bytes it has.
    #[must_use]
    pub fn encoded_len(&self) -> usize {
        self.parts().iter().fold(0, |len, part| len.saturating_add(part.len()))
    }

    /// Writes the bytes into the front of the output, for a party that derives elsewhere.
    ///
    /// # Errors
    /// [`Error::BufferTooSmall`]: the output has too few bytes.
    pub fn encode_into<'o>(&self, out: &'o mut [u8]) -> Result<&'o [u8], Error> {
        let needed = u16::try_from(self.encoded_len()).unwrap_or(u16::MAX);
        let out = out.get_mut(..self.encoded_len()).ok_or(Error::BufferTooSmall { needed })?;
        let parts = self.parts();
        let bytes = parts.iter().flat_map(|part| part.iter());
        out.iter_mut().zip(bytes).for_each(|(to, from)| *to = *from);
        Ok(out)
    }

    /// The bytes in pieces, some of them empty.
    pub(super) fn parts(&self) -> [&[u8]; MAX_PARTS] {
        self.parts.each_ref().map(|part| match part {
            Part::Given(bytes) => bytes,
            Part::Made(bytes, len) => bytes.get(..*len).unwrap_or_default(),
        })
    }
}

impl<'a> From<&'a [u8]> for SharedInfo<'a> {
    fn from(bytes: &'a [u8]) -> Self {
        let mut parts = [Part::Given(&[]); MAX_PARTS];
        parts[0] = Part::Given(bytes);
        Self { parts }
    }
}

impl<'a, const N: usize> From<&'a [u8; N]> for SharedInfo<'a> {
    fn from(bytes: &'a [u8; N]) -> Self {
        Self::from(bytes.as_slice())
    }
}

impl<'a> Part<'a> {
    /// Bytes that the layout puts there.
    fn made<const N: usize>(made: [u8; N]) -> Self {
        const { assert!(N <= MAX_MADE, "there is room for what a layout makes") };
        let mut bytes = [0; MAX_MADE];
        bytes.iter_mut().zip(made).for_each(|(to, from)| *to = from);
        Self::Made(bytes, N)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bytes_of_the_service_are_any_but_zero() {
        let bytes = [1; 1025];
        for (len, is_ok) in [(0, false), (1, true), (1024, true), (1025, false)] {
            assert_eq!(SharedInfo::aws_payment_cryptography(&bytes[..len]).is_ok(), is_ok, "{len}");
        }
        let info = SharedInfo::aws_payment_cryptography(b"1\x002");
        assert_eq!(info.err(), Some(Error::SharedInfo));
        let info = SharedInfo::aws_payment_cryptography(b"\xFF\x30").unwrap();
        assert_eq!(info, SharedInfo::from(b"\xFF\x30"));
    }

    #[test]
    fn bytes_are_written_as_they_are() {
        let info = SharedInfo::from(b"terminal 1");
        let mut out = [0xEE; 12];
        assert_eq!(info.encoded_len(), 10);
        assert_eq!(
            info.encode_into(&mut out[..9]).err(),
            Some(Error::BufferTooSmall { needed: 10 })
        );
        assert_eq!(out, [0xEE; 12]);
        assert_eq!(info.encode_into(&mut out), Ok(&b"terminal 1"[..]));
        assert_eq!(out[10..], [0xEE; 2]);
        assert_eq!(SharedInfo::from(&[]).encode_into(&mut []), Ok(&[][..]));
    }
}
