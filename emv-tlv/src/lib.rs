#![no_std]
#![forbid(unsafe_code)]
#![doc = include_str!("../README.md")]

mod descent;
pub mod dictionary;
mod dol;
pub mod element;
mod error;
mod find;
mod level;
mod mask;
mod padding;
#[cfg(feature = "path")]
mod path;
mod tag;
pub mod tags;
mod tlv;
mod walk;
mod writer;

#[cfg(feature = "path")]
pub use path::TagPath;
pub use {
    dol::{Dol, DolEntries},
    error::{Error, ErrorKind},
    find::{Matches, find, find_all},
    level::{Tlvs, parse, parse_with},
    mask::{Exposed, MaskedValue},
    padding::Padding,
    tag::{Class, Tag},
    tlv::Tlv,
    walk::{DEFAULT_BUDGET, DEFAULT_DEPTH, Walk, walk},
    writer::{Writer, encoded_len},
};
