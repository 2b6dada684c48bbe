//! Tables of the family's public functions, a file for each crate. An image in which all functions of a table stand, each for
//! arguments that nobody knows, links only if none of them keeps a way to a panic. See README.md.
#![no_std]

mod dukpt;
mod emv_tlv;
mod iso8583;
mod keyblock;
mod pinblock;
mod random;
mod stub;
mod table;
