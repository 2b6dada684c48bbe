//! Key blocks, and keys before and after them.

mod agreement;
mod ceremony;
mod choices;
mod contents;
mod errors;
mod header;
mod roundtrip;
mod slow;
mod typed_key;
mod unwrap;
mod used;

pub use agreement::key_agreement;
pub use ceremony::key_ceremony;
pub use header::keyblock_header;
pub use roundtrip::keyblock_roundtrip;
pub use typed_key::keyblock_typed_key;
pub use unwrap::keyblock_unwrap;
