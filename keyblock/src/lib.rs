#![no_std]
#![cfg_attr(docsrs, feature(doc_cfg))]
#![forbid(unsafe_code)]
#![doc = include_str!("../README.md")]

mod block;
mod components;
#[cfg(feature = "ecdh")]
pub mod ecdh;
mod error;
mod export;
mod header;
mod hex;
mod kcv;
pub mod kdf;
pub mod key;
mod layout;
pub mod optional;
mod parity;
mod profile;
mod protection;
mod self_test;
mod tdes_key;
mod unwrapped;
pub mod variant;
mod version;
mod wrap;

pub use block::KeyBlock;

pub use components::{Ceremony, combine, split};
pub use error::Error;
pub use export::Export;
pub use header::{
    Algorithm, Exportability, Header, HeaderField, KeyContext, KeyUsage, KeyVersion, ModeOfUse,
};
pub use kcv::{Kcv, KcvBlockSize, KcvMethod};
pub use key::Key;
pub use optional::{
    Contents, ContentsFault, ExtendedLengths, OptionalBlock, OptionalBlockFault, OptionalBlocks,
    OptionalBlocksIter,
};
pub use parity::{check_odd_parity, set_odd_parity};
pub use profile::{Profile, Rule};
pub use protection::{
    Aes, Aes128, Aes128Kbpk, Aes192, Aes192Kbpk, Aes256, Aes256Kbpk, AesKbpk, Kbpk, KeptAesKeys,
    KeptTdesKeys, ProtectionKey, Tdes, Tdes2, Tdes2Kbpk, Tdes3, Tdes3Kbpk, TdesKbpk,
};
#[cfg(feature = "ecdh")]
pub use self_test::self_test_ecdh;
pub use self_test::{self_test, self_test_kdf};
pub use tdes_key::TdesKeyPolicy;
pub use unwrapped::UnwrappedKey;
pub use version::Version;
pub use wrap::Wrap;
// What public bounds name.
pub use {cipher, hmac, rand_core, subtle};
