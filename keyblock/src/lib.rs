#![no_std]
#![forbid(unsafe_code)]
#![doc = include_str!("../README.md")]

mod block;
#[cfg(feature = "ecdh")]
pub mod ecdh;
mod error;
mod export;
mod header;
mod hex;
pub mod kdf;
pub mod key;
mod layout;
pub mod optional;
mod parity;
mod profile;
mod protection;
mod self_test;
mod unwrapped;
mod version;
mod wrap;

pub use block::KeyBlock;

pub use error::Error;
pub use export::Export;
pub use header::{
    Algorithm, Exportability, Header, HeaderField, KeyContext, KeyUsage, KeyVersion, ModeOfUse,
};
pub use key::Key;
pub use optional::{
    Contents, ContentsFault, ExtendedLengths, OptionalBlock, OptionalBlockFault, OptionalBlocks,
    OptionalBlocksIter,
};
pub use profile::{Profile, Rule};
pub use protection::{
    Aes, AesKbpk, Kbpk, KeptAesKeys, KeptTdesKeys, ProtectionKey, Tdes, TdesKbpk,
};
pub use self_test::self_test;
pub use unwrapped::UnwrappedKey;
pub use version::Version;
pub use wrap::Wrap;
// What public bounds name.
pub use {cipher, hmac, rand_core, subtle};
