//! Key agreement by elliptic-curve Diffie-Hellman, to a protection key (feature `ecdh`).
//!
//! A private key ([`EphemeralKey`] or [`StaticKey`]) and the other party's [`PublicKey`] give a [`SharedSecret`]; that, a key derivation
//! function and the [`SharedInfo`] that both parties know give an [`AgreedKey`]. The curve is a type: firmware links the one that it uses.
//!
//! # Security
//! Agreement says nothing about who the other party is. Take a public key from a certificate that was verified, or from a
//! message whose signature or MAC was; otherwise the key is agreed with whoever is in between.
//!
//! The curves are RustCrypto's, whose arithmetic is written to run in constant time. It leaves intermediate values on the stack; what is kept here
//! (private keys, shared secrets, agreed keys) is wiped when dropped.
//!
//! # Examples
//! ```
//! # use core::convert::Infallible;
//! # struct Generator(u8);
//! # impl rand_core::TryRng for Generator {
//! #     type Error = Infallible;
//! #     fn try_next_u32(&mut self) -> Result<u32, Infallible> { Ok(7) }
//! #     fn try_next_u64(&mut self) -> Result<u64, Infallible> { Ok(7) }
//! #     fn try_fill_bytes(&mut self, to: &mut [u8]) -> Result<(), Infallible> {
//! #         to.iter_mut().for_each(|byte| { self.0 = self.0.wrapping_mul(5).wrapping_add(1); *byte = self.0; });
//! #         Ok(())
//! #     }
//! # }
//! # impl rand_core::TryCryptoRng for Generator {}
//! # use keyblock::rand_core;
//! # fn main() -> Result<(), keyblock::Error> {
//! use keyblock::ecdh::{EphemeralKey, KeyDerivation, P256, PublicKey, StaticKey};
//! use sha2::Sha256;
//!
//! # let (mut rng, host_scalar) = (Generator(1), [0x42; 32]);
//! let host = StaticKey::<P256>::from_bytes(&host_scalar)?;
//! let terminal = EphemeralKey::<P256>::generate(&mut rng)?;
//! let terminal_public = terminal.public_key().to_sec1();
//!
//! let secret = terminal.agree(&host.public_key());
//! let kbpk = secret.derive::<Sha256>(KeyDerivation::X963, b"terminal 1", 32)?.aes_kbpk()?;
//!
//! let secret = host.agree(&PublicKey::from_sec1(terminal_public.as_bytes())?);
//! let same = secret.derive::<Sha256>(KeyDerivation::X963, b"terminal 1", 32)?.aes_kbpk()?;
//! # Ok(()) }
//! ```
//! An ephemeral key agrees once, and keys of two curves do not meet:
//! ```compile_fail,E0382
//! use keyblock::ecdh::{EphemeralKey, P256, PublicKey};
//!
//! fn twice(key: EphemeralKey<P256>, one: &PublicKey<P256>, other: &PublicKey<P256>) {
//!     let first = key.agree(one);
//!     let second = key.agree(other);
//! }
//! ```
//! ```compile_fail,E0308
//! use keyblock::ecdh::{P256, P384, PublicKey, StaticKey};
//!
//! fn mixed(key: &StaticKey<P256>, other: &PublicKey<P384>) {
//!     let secret = key.agree(other);
//! }
//! ```
//! A secret is not copied, and not compared in a time that tells:
//! ```compile_fail,E0599
//! fn copy(secret: &keyblock::ecdh::SharedSecret) {
//!     let other = keyblock::ecdh::SharedSecret::clone(secret);
//! }
//! ```
//! ```compile_fail,E0369
//! fn same(one: &keyblock::ecdh::AgreedKey, other: &keyblock::ecdh::AgreedKey) -> bool {
//!     one == other
//! }
//! ```
//!
//! Source: SEC 1 version 2.0, 3.3.1; NIST SP 800-56A rev. 3, 5.7.1.2.

mod agreed_key;
mod curve;
mod private_key;
mod public_key;
pub mod shared_info;
mod shared_secret;

pub use self::{
    agreed_key::AgreedKey,
    curve::{Curve, P256, P384, P521},
    private_key::{EphemeralKey, StaticKey},
    public_key::{EncodedPublicKey, PublicKey},
    shared_info::SharedInfo,
    shared_secret::{KeyDerivation, SharedSecret},
};

/// Bytes of the longest field element, that of P-521.
const MAX_FIELD_LEN: usize = 66;
