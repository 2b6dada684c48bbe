//! A key block of version D under every rule of X9.143, the contents of optional blocks included.

#![no_std]
#![no_main]

use budgets::entry;
use keyblock::Profile;

#[path = "../key_block.rs"]
mod key_block;

entry!(run);

fn run() {
    key_block::run(Profile::X9_143);
}
