//! Key blocks.

mod typed_key;

pub use typed_key::keyblock_typed_key;
