#![no_std]
#![forbid(unsafe_code)]
#![doc = include_str!("../README.md")]

pub mod aes;
mod counter;
mod error;
mod hex;
pub mod key;
pub mod mac;
mod replay;
pub mod tdes;

pub use error::Error;
pub use key::Key;
pub use replay::{Fresh, KeySerialNumber, ReplayGuard};
// What public bounds name.
pub use {cipher, hmac, subtle};
