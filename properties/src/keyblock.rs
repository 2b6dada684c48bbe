//! Key blocks.

mod agreement;
mod choices;
mod contents;
mod header;
mod roundtrip;
mod slow;
mod typed_key;
mod unwrap;

pub use agreement::key_agreement;
pub use header::keyblock_header;
pub use roundtrip::keyblock_roundtrip;
pub use typed_key::keyblock_typed_key;
pub use unwrap::keyblock_unwrap;
