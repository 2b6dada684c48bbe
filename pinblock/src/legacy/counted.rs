//! `L PPPP/0/0`, then 9 nibbles of fill: what ECI-3, VISA-2 and Docutel have in common.

use crate::{
    ClearBlock, Error, Pin,
    pin_field::{BODY, Candidate, above_nine, after_digits, outside},
};

/// The 9 nibbles of fill.
const FILL: u64 = 0x000F_FFFF_FFFF;
/// The most digits.
const MAX_LENGTH: u8 = 6;

/// How many nibbles of fill there are.
pub(super) const FILL_LENGTH: u8 = 9;

/// Refuses a PIN that is too long.
pub(super) const fn fits(pin: &Pin) -> Result<(), Error> {
    if pin.length() > MAX_LENGTH { Err(Error::PinLength) } else { Ok(()) }
}

/// Lays out a PIN that fits, and its fill.
pub(super) fn assemble(pin: &Pin, fill: u64) -> ClearBlock<8> {
    let block = (u64::from(pin.length()) << 60) | (pin.packed() << 4) | fill;
    ClearBlock::new(block.to_be_bytes())
}

/// Reads a PIN; `decimal` says that the fill has to be.
#[inline]
pub(super) fn candidate(block: &[u8; 8], decimal: bool) -> Candidate {
    let block = u64::from_be_bytes(*block);
    // Where a PIN field has control and length.
    let [head, ..] = (block >> 4).to_be_bytes();
    let filled = after_digits(head);
    let digits = BODY ^ filled;
    let zeros = filled & (!FILL >> 4);
    let bad_length = outside(head, 4, MAX_LENGTH);
    let bad_digits = above_nine(block >> 4) & digits;
    let bad_zeros = (block >> 4) & zeros;
    let bad_fill = if decimal { above_nine(block) & FILL } else { 0 };
    let bad = u64::from(bad_length) | bad_digits | bad_zeros | bad_fill;
    Candidate::new((block >> 4) & digits, head, bad)
}
