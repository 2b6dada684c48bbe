//! Keys that protect other keys, changed by what those are for, as modules did before key blocks.
//!
//! A variant keeps a key to its type as long as everybody plays by the rules; unlike a key block it authenticates nothing, and halves of keys can be
//! exchanged. For keys that come from or go to such modules.

mod atalla;
mod control_vector;
pub mod thales_test_lmk;

pub use atalla::apply_atalla;
pub use control_vector::ControlVector;
