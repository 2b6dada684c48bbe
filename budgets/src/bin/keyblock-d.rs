//! A key block of version D under a profile that leaves the contents of optional blocks to whoever reads them.

#![no_std]
#![no_main]

use budgets::entry;
use keyblock::{Profile, Rule};

const PROFILE: Profile = Profile::X9_143.without(Rule::OptionalBlockContents);

#[path = "../key_block.rs"]
mod key_block;

entry!(run);

fn run() {
    key_block::run(PROFILE);
}
