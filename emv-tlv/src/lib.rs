#![no_std]
#![cfg_attr(docsrs, feature(doc_cfg))]
#![forbid(unsafe_code)]
#![doc = include_str!("../README.md")]

#[cfg(feature = "alloc")]
extern crate alloc;

pub mod apdu;
mod descent;
pub mod dictionary;
mod dol;
mod edit;
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
#[cfg(feature = "alloc")]
mod tlv_buf;
mod walk;
mod writer;

#[cfg(feature = "path")]
pub use path::TagPath;
#[cfg(feature = "alloc")]
pub use tlv_buf::TlvBuf;
pub use {
    dol::{Dol, DolEntries, DolKind, DolValues, Fit, FittedEntry, Side},
    edit::{Editor, Place},
    error::{Error, ErrorKind},
    find::{Matches, find, find_all},
    level::{Tlvs, parse, parse_with},
    mask::{Exposed, MaskedValue},
    padding::Padding,
    tag::{Class, Tag},
    tlv::Tlv,
    walk::{DEFAULT_BUDGET, DEFAULT_DEPTH, Walk, walk},
    writer::{FIELD_55, Writer, encoded_len},
};
