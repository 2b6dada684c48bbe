//! DUKPT: the host's keys, and a terminal's in sequence.

pub(super) mod aes;
pub(super) mod tdes;

use crate::failure::Failure;
use crate::inputs::Inputs;

/// The key that a transaction's keys are derived from.
enum Base {
    Bdk(Vec<u8>),
    InitialKey(Vec<u8>),
}

impl Base {
    fn read(inputs: &Inputs) -> Result<Self, Failure> {
        match (inputs.get("bdk")?, inputs.get("ik")?) {
            (Some(bdk), None) => Ok(Self::Bdk(bdk)),
            (None, Some(initial)) => Ok(Self::InitialKey(initial)),
            (Some(_), Some(_)) => Err(Failure::invalid("`bdk` or `ik`, not both")),
            (None, None) => Err(Failure::new("missing_input", "`bdk` or `ik` is needed")),
        }
    }
}

/// How many keys of a sequence are asked for; a terminal has so many.
fn count(inputs: &Inputs, keys_left: u32) -> Result<u64, Failure> {
    match inputs.require("count")? {
        count if count > u64::from(keys_left) => Err(dukpt::Error::CounterExhausted.into()),
        count => Ok(count),
    }
}

/// Whether counters are taken that no terminal may use.
fn lax(inputs: &Inputs) -> Result<bool, Failure> {
    Ok(inputs.get("lax")?.unwrap_or(false))
}
