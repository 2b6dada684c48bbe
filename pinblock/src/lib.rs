#![no_std]
#![forbid(unsafe_code)]
#![doc = include_str!("../README.md")]

mod clear_block;
mod diagnosis;
mod digits;
mod error;
mod exposed_digits;
mod fill;
mod format;
pub mod ibm3624;
pub mod iso0;
pub mod iso1;
pub mod iso2;
pub mod iso3;
pub mod iso4;
pub mod legacy;
mod pan;
mod pin;
mod pin_field;
mod pin_policy;
pub mod pvv;
mod self_test;
pub mod translate;
pub mod unionpay;

pub use crate::{
    clear_block::ClearBlock,
    diagnosis::Diagnosis,
    error::Error,
    exposed_digits::ExposedDigits,
    format::{Format, PinBlockSize},
    pan::Pan,
    pin::Pin,
    pin_policy::PinPolicy,
    self_test::self_test,
};
pub use {cipher, rand_core, subtle};
