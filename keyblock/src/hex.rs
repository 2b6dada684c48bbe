//! Upper-case hex digits. What they spell is enciphered, or a MAC that is sent: no secret.

/// One in each byte of a word.
const ONES: u64 = 0x0101_0101_0101_0101;

/// A byte as two hex digits.
#[inline]
pub(crate) const fn digits(byte: u8) -> [u8; 2] {
    const fn digit(nibble: u8) -> u8 {
        // 0 up to 9, 7 from 10 on: the way from '9' to 'A'.
        let letter = 9_u8.wrapping_sub(nibble) >> 7;
        nibble.wrapping_add(b'0').wrapping_add(letter.wrapping_mul(7))
    }
    [digit(byte >> 4), digit(byte & 15)]
}

/// The digits of eight values, one in each byte.
#[inline]
const fn characters(values: u64) -> u64 {
    let letters = values.wrapping_add(ONES.wrapping_mul(6)) >> 4 & ONES;
    values.wrapping_add(ONES.wrapping_mul(b'0' as u64)).wrapping_add(letters.wrapping_mul(7))
}

/// The eight digits of four bytes.
#[inline]
const fn spelled(bytes: [u8; 4]) -> [u8; 8] {
    let [a, b, c, d] = bytes;
    let pairs = u64::from_be_bytes([0, 0, a, b, 0, 0, c, d]);
    let bytes = (pairs | pairs << 8) & 0x00FF_00FF_00FF_00FF;
    let values = (bytes | bytes << 4) & ONES.wrapping_mul(15);
    characters(values).to_be_bytes()
}

/// Reads digits, which were looked at before, into as many bytes as half of them.
#[inline]
pub(crate) fn decode(text: &[u8], out: &mut [u8]) {
    // Pair by pair and without a table, which the compiler turns into many pairs at once.
    for (byte, pair) in out.iter_mut().zip(text.as_chunks::<2>().0) {
        let pair = u16::from_be_bytes(*pair);
        // Bit 6 tells A to F, which are 9 more than their lower half.
        let letters = pair >> 6 & 0x0101;
        let [high, low] = (pair & 0x0F0F).wrapping_add(letters.wrapping_mul(9)).to_be_bytes();
        *byte = high << 4 | low;
    }
}

/// The place of the first character that is no upper-case hex digit.
#[inline]
pub(crate) fn first_wrong(text: &[u8]) -> Option<usize> {
    // All of them first, without a branch: mostly there is none.
    let any = text.iter().fold(0, |any, digit| any | wrong(*digit));
    if any == 0 { None } else { text.iter().position(|digit| wrong(*digit) != 0) }
}

/// Whether a character is no digit: 1, else 0.
#[inline]
const fn wrong(character: u8) -> u8 {
    let (digit, letter) = (character.wrapping_sub(b'0'), character.wrapping_sub(b'A'));
    (digit > 9) as u8 & (letter > 5) as u8
}

/// Spreads the bytes of the first half of a buffer into digits that fill all of it, from the end.
pub(crate) fn spread(buffer: &mut [u8]) {
    let half = buffer.len() >> 1;
    let words = half >> 2;
    for at in (words.saturating_mul(4)..half).rev() {
        let Some(&byte) = buffer.get(at) else { return };
        let pairs = buffer.as_chunks_mut::<2>().0;
        let Some(pair) = pairs.get_mut(at) else { return };
        *pair = digits(byte);
    }
    for at in (0..words).rev() {
        let Some(&bytes) = buffer.as_chunks::<4>().0.get(at) else { return };
        let Some(place) = buffer.as_chunks_mut::<8>().0.get_mut(at) else { return };
        *place = spelled(bytes);
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use std::string::String;
    use std::{format, vec, vec::Vec};

    /// Whatever the neighbours are.
    fn spelled_slowly(bytes: &[u8]) -> String {
        bytes.iter().map(|byte| format!("{byte:02X}")).collect()
    }

    #[test]
    fn digits_are_those_of_the_standard_library() {
        let bytes: Vec<u8> = (0..=255).collect();
        for len in (0..=20).chain([256]) {
            for from in (0..=(256 - len)).step_by(if cfg!(miri) { 64 } else { 1 }) {
                let bytes = &bytes[from..from + len];
                let text = spelled_slowly(bytes);
                assert_eq!(first_wrong(text.as_bytes()), None);
                let mut back = vec![0xEE; len];
                decode(text.as_bytes(), &mut back);
                assert_eq!(back, bytes);
                let mut buffer = bytes.to_vec();
                buffer.resize(2 * len, 0);
                spread(&mut buffer);
                assert_eq!(buffer, text.as_bytes());
            }
        }
        assert_eq!(digits(0xA9), *b"A9");
    }

    #[test]
    fn the_first_wrong_character_is_found() {
        for len in [2, 8, 10, 16, 22] {
            for at in 0..len {
                for other in 0..=255 {
                    let mut text = b"0189ABEF0189ABEF0189AB"[..len].to_vec();
                    text[at] = other;
                    let is_digit = matches!(other, b'0'..=b'9' | b'A'..=b'F');
                    assert_eq!(first_wrong(&text), (!is_digit).then_some(at), "{other} at {at}");
                }
            }
        }
    }
}
