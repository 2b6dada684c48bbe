//! DUKPT, from the host's side.

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
            (Some(_), Some(_)) => Err(Failure::invalid("`bdk` and `ik` together")),
            (None, None) => Err(Failure::new("missing_input", "`bdk` or `ik` is needed")),
        }
    }
}

/// Whether counters are taken that no terminal may use.
fn lax(inputs: &Inputs) -> Result<bool, Failure> {
    Ok(inputs.get("lax")?.unwrap_or(false))
}
