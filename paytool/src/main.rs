#![forbid(unsafe_code)]
#![doc = include_str!("../README.md")]

mod algorithm;
mod batch;
mod cli;
mod dialect;
mod failure;
mod hex;
mod inputs;
mod ops;
mod trace;

use std::process::ExitCode;

fn main() -> ExitCode {
    match cli::parse() {
        Ok(command) => cli::run(command),
        Err(usage) => usage,
    }
}
