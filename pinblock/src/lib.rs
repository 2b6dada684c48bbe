#![no_std]
#![forbid(unsafe_code)]
#![doc = include_str!("../README.md")]

mod clear_block;
mod error;
mod exposed_digits;
mod fill;
mod format;
pub mod iso0;
pub mod iso1;
pub mod iso2;
pub mod iso3;
pub mod iso4;
mod pan;
mod pin;
mod pin_field;
pub mod pvv;
pub mod translate;
pub mod unionpay;

pub use crate::{
    clear_block::ClearBlock,
    error::Error,
    exposed_digits::ExposedDigits,
    format::{Format, PinBlockSize},
    pan::Pan,
    pin::Pin,
};
pub use {cipher, rand_core, subtle};
