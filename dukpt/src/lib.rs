#![no_std]
#![cfg_attr(docsrs, feature(doc_cfg))]
#![forbid(unsafe_code)]
#![doc = include_str!("../README.md")]

#[cfg(feature = "alloc")]
extern crate alloc;

pub mod aes;
mod counter;
mod error;
#[cfg(feature = "explain")]
pub mod explain;
mod hex;
pub mod key;
pub mod mac;
mod replay;
mod self_test;
pub mod tdes;
pub mod terminal;

pub use error::Error;
pub use key::Key;
pub use replay::{Fresh, KeySerialNumber, ReplayGuard};
pub use self_test::{self_test, self_test_hmac, self_test_sm4};
// What public bounds name.
pub use {cipher, hmac, subtle};
