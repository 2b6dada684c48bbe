#![no_std]
#![forbid(unsafe_code)]
#![doc = include_str!("../README.md")]

mod error;
mod header;
mod hex;
pub mod optional;
mod profile;
mod version;

pub use error::Error;
pub use header::{
    Algorithm, Exportability, Header, HeaderField, KeyContext, KeyUsage, KeyVersion, ModeOfUse,
};
pub use optional::{
    Contents, ContentsFault, ExtendedLengths, OptionalBlock, OptionalBlockFault, OptionalBlocks,
    OptionalBlocksIter,
};
pub use profile::{Profile, Rule};
pub use version::Version;
