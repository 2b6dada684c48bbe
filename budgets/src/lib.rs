//! Images that measure themselves: each program in `src/bin` runs one use of the family, or the cipher calls that the use
//! cannot do without, and tells what that took.

#![no_std]

pub mod dukpt_terminal;
pub mod input;
mod machine;
mod measure;
mod rng;

pub use machine::say;
pub use measure::{Measured, begin};
pub use rng::Counting;
