//! Constant-time checks of the library crates: see the README.

mod apart;
mod check;
mod checks;
mod leaky;
mod report;
mod request;
mod secret;
mod shown;
mod step;
mod table;

pub use step::{Build, main};
