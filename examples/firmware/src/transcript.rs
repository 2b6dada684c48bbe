//! What an image says: a name and bytes a line.

use core::fmt::{self, Write};
use core::str;

/// Digits that are handed on at once: a console of a debugger is slow by the call.
const CHUNK: usize = 64;

/// Bytes as hexadecimal digits.
pub(crate) struct Hex<'a>(pub(crate) &'a [u8]);

impl fmt::Display for Hex<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for bytes in self.0.chunks(CHUNK / 2) {
            let mut text = [0; CHUNK];
            let (pairs, _) = text.as_chunks_mut();
            for ([high, low], byte) in pairs.iter_mut().zip(bytes) {
                (*high, *low) = (digit(byte >> 4), digit(byte & 0xF));
            }
            let text = text.get(..bytes.len().saturating_mul(2)).unwrap_or_default();
            f.write_str(str::from_utf8(text).unwrap_or_default())?;
        }
        Ok(())
    }
}

fn digit(nibble: u8) -> u8 {
    let letter = nibble.wrapping_sub(10).wrapping_add(b'A');
    if nibble < 10 { b'0' | nibble } else { letter }
}

/// One line.
pub(crate) fn line(console: &mut impl Write, name: &str, bytes: &[u8]) -> fmt::Result {
    console.write_str(name)?;
    console.write_str(" ")?;
    write!(console, "{}", Hex(bytes))?;
    console.write_str("\n")
}

#[cfg(test)]
mod tests {
    extern crate std;
    use std::string::ToString as _;

    use super::*;

    #[test]
    fn all_digits_and_more_than_a_chunk() {
        let hex = Hex(&[0x01, 0x23, 0x45, 0x67, 0x89, 0xAB, 0xCD, 0xEF]).to_string();
        assert_eq!(hex, "0123456789ABCDEF");
        assert_eq!(Hex(&[0x5A; 65]).to_string(), "5A".repeat(65));
        assert_eq!(Hex(&[]).to_string(), "");
    }
}
