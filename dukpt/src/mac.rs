//! Message authentication codes of ISO/IEC 9797-1 and HMAC, with a length that the caller names.
//!
//! | ISO/IEC 9797-1 | here | paddings |
//! |---|---|---|
//! | algorithm 1 (CBC-MAC) | [`CbcMac`], any block cipher | 1, 2, 3 |
//! | algorithm 3 (retail MAC, ANSI X9.19) | [`RetailMac`], DES or any block cipher | 1, 2, 3 |
//! | algorithm 5 (CMAC) | [`Cmac`], any block cipher of 8 or 16 bytes | its own |
//! | - (HMAC) | [`Authenticator`] over `hmac::Hmac` | its own |
//!
//! All of them take data in pieces. `finalize` gives the leftmost bytes that the caller asks for, at least
//! [`MIN_MAC_LEN`]; `verify` wants a MAC of exactly the length that the caller names and compares it in constant
//! time, so that nobody weakens a check by sending a shorter MAC.
//!
//! # Examples
//! ```
//! # fn main() -> Result<(), dukpt::Error> {
//! use dukpt::mac::{Padding, RetailMac};
//!
//! let mac = RetailMac::new(&[0x42; 16], Padding::Method1)?.chain("0200").chain("...").finalize(4)?;
//! RetailMac::new(&[0x42; 16], Padding::Method1)?.chain("0200...").verify(mac.as_bytes(), 4)?;
//! # Ok(()) }
//! ```
//!
//! Source: ISO/IEC 9797-1:2011.

mod authenticator;
mod cbc_mac;
mod padding;
mod retail_mac;
mod tag;

pub use authenticator::{Authenticator, Cmac};
pub use cbc_mac::CbcMac;
pub use padding::Padding;
pub use retail_mac::RetailMac;
pub use tag::{MIN_MAC_LEN, Tag};
