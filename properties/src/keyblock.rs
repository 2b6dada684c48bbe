//! Key blocks.

mod agreement;
mod contents;
mod header;
mod typed_key;

pub use agreement::key_agreement;
pub use header::keyblock_header;
pub use typed_key::keyblock_typed_key;
