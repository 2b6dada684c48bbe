//! Upper-case hex digits. What they spell is enciphered, or a MAC that is sent: no secret.

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

/// Reads digits into as many bytes as half of them; the place of the first one that is no upper-case hex digit.
#[inline]
pub(crate) fn decode(text: &[u8], out: &mut [u8]) -> Result<(), usize> {
    let (pairs, _) = text.as_chunks::<2>();
    let mut wrong = false;
    for (byte, [high, low]) in out.iter_mut().zip(pairs) {
        let (high, low) = (VALUES.of(*high), VALUES.of(*low));
        wrong |= (high | low) > 15;
        *byte = high << 4 | low & 15;
    }
    if !wrong {
        return Ok(());
    }
    // What is enciphered is no secret: the place may be looked for.
    Err(text.iter().position(|&digit| VALUES.of(digit) > 15).unwrap_or_default())
}

/// A digit's value; over 15 if it is none.
struct Values([u8; 256]);

static VALUES: Values = {
    let mut values = [0xFF; 256];
    let mut digit = 0_u8;
    while digit < 16 {
        let [_, character] = digits(digit);
        #[expect(
            clippy::indexing_slicing,
            reason = "a byte is an index of 256 values, at compile time"
        )]
        {
            values[character as usize] = digit;
        }
        digit = digit.wrapping_add(1);
    }
    Values(values)
};

impl Values {
    #[inline]
    fn of(&self, character: u8) -> u8 {
        let Self(values) = self;
        values.get(usize::from(character)).copied().unwrap_or(0xFF)
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use std::{format, vec};

    #[test]
    fn digits_are_those_of_the_standard_library() {
        for byte in 0..=255 {
            let text = digits(byte);
            assert_eq!(text, *format!("{byte:02X}").as_bytes());
            let mut back = [0];
            assert_eq!(decode(&text, &mut back), Ok(()));
            assert_eq!(back, [byte]);
        }
    }

    #[test]
    fn the_first_wrong_digit_is_found() {
        for at in 0..8 {
            for bad in [b'/', b':', b'@', b'G', b'a', b'f', b' ', 0, 0x80, 0xFF] {
                let mut text = *b"0189ABEF";
                text[at] = bad;
                let mut out = vec![0; 4];
                assert_eq!(decode(&text, &mut out), Err(at));
            }
        }
    }
}
