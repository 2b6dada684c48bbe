//! A PIN pad's firmware: it reads a card, keeps its keys in flash, and sends a purchase.
//!
//! No `std`, no allocator. What is hardware stands behind [`Flash`], a generator of [`rand_core`] and [`core::fmt::Write`], so that all of
//! this runs on a desktop too: `tests/` holds the bytes that the images print, and cuts the power at every byte.

#![no_std]

#[cfg(target_os = "none")]
pub mod board;
pub mod card;
pub mod chip_data;
mod error;
pub mod flash;
pub mod key_store;
pub mod message;
pub mod moment;
pub mod pin_pad;
pub mod ram_flash;
pub mod scheme;
pub mod session;
pub mod test_data;
mod transcript;

pub use error::Error;
pub use flash::{Flash, FlashFault, Page};
pub use key_store::KeyStore;
pub use pin_pad::PinPad;
pub use ram_flash::RamFlash;
pub use scheme::{Aes128Dukpt, Aes256Dukpt, Scheme, TdesDukpt};
