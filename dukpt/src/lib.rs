#![no_std]
#![forbid(unsafe_code)]
#![doc = include_str!("../README.md")]

pub mod aes;
mod counter;
mod error;
mod hex;
pub mod key;
pub mod mac;
pub mod tdes;
pub mod terminal;

pub use error::Error;
pub use key::Key;
// What public bounds name.
pub use {cipher, hmac, subtle};
