use core::fmt;

use zeroize::{Zeroize, ZeroizeOnDrop};

/// The most digits: those of the longest PAN.
const CAPACITY: usize = 19;

/// The clear digits of a [`Pin`](crate::Pin) or [`Pan`](crate::Pan), as ASCII, wiped when dropped.
///
/// # Security
/// This is the only way to the digits, and its name is there to be found in a review. `Debug` shows none of them.
pub struct ExposedDigits {
    ascii: [u8; CAPACITY],
    length: u8,
}

impl ExposedDigits {
    /// Spells the first `length` nibbles of `packed`, of which the topmost nibble is the first digit.
    pub(crate) fn new(mut packed: u128, length: u8) -> Self {
        let mut ascii = [0; CAPACITY];
        for digit in &mut ascii {
            let [top, ..] = packed.to_be_bytes();
            *digit = b'0' | (top >> 4);
            packed <<= 4;
        }
        Self { ascii, length }
    }

    /// The digits as ASCII bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        self.ascii.get(..usize::from(self.length)).unwrap_or_default()
    }

    /// The digits as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        core::str::from_utf8(self.as_bytes()).unwrap_or_default()
    }
}

impl fmt::Debug for ExposedDigits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ExposedDigits")
    }
}

impl Drop for ExposedDigits {
    fn drop(&mut self) {
        self.ascii.zeroize();
    }
}

impl ZeroizeOnDrop for ExposedDigits {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spells_from_the_top_and_keeps_leading_zeros() {
        let digits = ExposedDigits::new(0x0123_4567_8901_2345_678F << 48, 19);
        assert_eq!(digits.as_str(), "0123456789012345678");
        assert_eq!(ExposedDigits::new(0x0042 << 112, 4).as_bytes(), b"0042");
    }
}
