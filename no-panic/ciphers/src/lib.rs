//! One table for each use, over the real ciphers, hashes and curves; `expected.txt` says which of them link. See README.md.
#![no_std]

mod alone;
#[cfg(feature = "curves")]
mod curves;
mod dukpt;
mod keyblock;
mod mac;
mod pinblock;
#[path = "../../src/random.rs"]
mod random;
#[path = "../../src/table.rs"]
mod table;
