//! Message authentication codes of ISO/IEC 9797-1, HMAC and UnionPay's, with a length that the caller names.
//!
//! | ISO/IEC 9797-1 | here | paddings |
//! |---|---|---|
//! | algorithm 1 (CBC-MAC) | [`CbcMac`], any block cipher | 1, 2, 3 |
//! | algorithm 1 with DES (ANSI X9.9, FIPS 113, UnionPay's CBC mode) | [`CbcMac::x9_9`] | 1 |
//! | algorithm 3 (retail MAC) | [`RetailMac`], DES or any block cipher | 1, 2, 3 |
//! | algorithm 3 with DES (ANSI X9.19) | [`RetailMac::x9_19`] | 1 |
//! | algorithm 5 (CMAC) | [`Cmac`], any block cipher of 8 or 16 bytes | its own |
//! | - (HMAC) | [`Authenticator`] over `hmac::Hmac` | its own |
//! | - (UnionPay's ECB MAC) | [`UnionPayMac`], DES and TDES; others under a name that says unverified | zeros |
//!
//! All of them take data in pieces. `finalize` gives the leftmost bytes that the caller asks for, at least
//! [`MIN_MAC_LEN`]; `verify` wants a MAC of exactly the length that the caller names and compares it in constant
//! time, so that nobody weakens a check by sending a shorter MAC.
//!
//! To other code they are RustCrypto's [`Mac`](hmac::Mac): [`Cmac`] and [`UnionPayMac`] as they are, the two of several
//! paddings as [`Padded`]. Its truncated verification takes a single byte for a MAC; the methods here do not, and
//! [`Authenticator`] takes any such `Mac` under the same rules.
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
mod chain;
mod cmac;
mod padded;
mod padding;
mod retail_mac;
mod rustcrypto;
mod tag;
mod unionpay;

pub use authenticator::Authenticator;
pub use cbc_mac::CbcMac;
pub use cmac::{Cmac, CmacBlockSize};
pub use padded::{BitPadding, FixedPadding, Padded, ZeroPadding};
pub use padding::Padding;
pub use retail_mac::RetailMac;
pub use tag::{MIN_MAC_LEN, Tag};
pub use unionpay::UnionPayMac;
