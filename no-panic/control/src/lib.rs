//! The control: an index that nothing is known of. An image with it must not link.
#![no_std]

#[path = "../../src/table.rs"]
mod table;

use table::table;

// One function a line, as the script reads it.
#[rustfmt::skip]
table!(CONTROL {
    self::indexed,
});

fn indexed(bytes: &[u8], at: usize) -> u8 {
    bytes[at]
}
