#![no_std]
#![forbid(unsafe_code)]
#![doc = include_str!("../README.md")]

mod clear_block;
mod diagnosis;
mod error;
mod exposed_digits;
mod fill;
mod format;
pub mod iso0;
pub mod iso1;
pub mod iso2;
pub mod iso3;
pub mod iso4;
pub mod legacy;
mod pan;
mod pin;
mod pin_field;
pub mod pvv;
pub mod unionpay;

pub use crate::{
    clear_block::ClearBlock,
    diagnosis::Diagnosis,
    error::Error,
    exposed_digits::ExposedDigits,
    format::{Format, PinBlockSize},
    pan::Pan,
    pin::Pin,
};
pub use {cipher, rand_core, subtle};
