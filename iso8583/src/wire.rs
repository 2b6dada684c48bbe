//! One data element on the wire: measured, checked, written.

mod check;
mod measure;
mod value;

pub(crate) use check::{check, ebcdic_digit, sign_letter, zoned};
pub(crate) use measure::{Extent, Fault, Framing, fit, measure, skip, truncated};
pub(crate) use value::{Value, ebcdic_hex, frame, plan, write};

/// The longest message, so that an offset fits a u16.
pub(crate) const MAX_LEN: usize = 65_535;

/// A count as errors carry it; a message is far shorter than what does not fit.
pub(crate) fn bytes_u32(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
