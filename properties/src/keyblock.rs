//! Key blocks.

mod contents;
mod header;

pub use header::keyblock_header;
