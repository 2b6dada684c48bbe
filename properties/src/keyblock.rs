//! Key blocks, key checks and key agreement.

mod ceremony;

pub use ceremony::key_ceremony;
