#![no_std]
#![forbid(unsafe_code)]
#![doc = include_str!("../README.md")]

mod components;
mod error;
mod header;
mod hex;
mod kcv;
mod optional;
mod parity;
mod profile;
mod tdes_key;
pub mod variant;
mod version;

pub use components::{Ceremony, combine, split};
pub use error::Error;
pub use header::{
    Algorithm, Exportability, Header, HeaderField, KeyContext, KeyUsage, KeyVersion, ModeOfUse,
};
pub use kcv::{Kcv, KcvBlockSize, KcvMethod};
pub use optional::{
    ExtendedLengths, OptionalBlock, OptionalBlockFault, OptionalBlocks, OptionalBlocksIter,
};
pub use parity::{check_odd_parity, set_odd_parity};
pub use profile::{Profile, Rule};
pub use rand_core;
pub use tdes_key::TdesKeyPolicy;
pub use version::Version;
