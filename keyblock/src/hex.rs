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

/// Reads digits, which were looked at before, into as many bytes as half of them.
#[inline]
pub(crate) fn decode(text: &[u8], out: &mut [u8]) {
    let (pairs, _) = text.as_chunks::<2>();
    for (byte, [high, low]) in out.iter_mut().zip(pairs) {
        *byte = VALUES.of(*high) << 4 | VALUES.of(*low) & 15;
    }
}

/// The place of the first character that is no upper-case hex digit.
#[inline]
pub(crate) fn first_wrong(text: &[u8]) -> Option<usize> {
    // All of them first: mostly there is none.
    let all = text.iter().fold(0, |all, &digit| all | VALUES.of(digit));
    if all <= 15 {
        return None;
    }
    text.iter().position(|&digit| VALUES.of(digit) > 15)
}

/// Spreads the bytes of the first half of a buffer into digits that fill all of it.
pub(crate) fn spread(buffer: &mut [u8]) {
    let half = buffer.len() >> 1;
    for at in (0..half).rev() {
        let Some(&byte) = buffer.get(at) else { return };
        let Some((_, [pair, ..])) = buffer.as_chunks_mut::<2>().0.split_at_mut_checked(at) else {
            return;
        };
        *pair = digits(byte);
    }
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
    use std::format;

    #[test]
    fn digits_are_those_of_the_standard_library() {
        for byte in 0..=255 {
            let text = digits(byte);
            assert_eq!(text, *format!("{byte:02X}").as_bytes());
            let mut back = [0];
            assert_eq!(first_wrong(&text), None);
            decode(&text, &mut back);
            assert_eq!(back, [byte]);
        }
    }

    #[test]
    fn bytes_are_spread_in_place() {
        let mut buffer = *b"\x01\x9A\xFF\0\0\0";
        spread(&mut buffer);
        assert_eq!(&buffer, b"019AFF");
    }

    #[test]
    fn the_first_wrong_digit_is_found() {
        for at in 0..8 {
            for bad in [b'/', b':', b'@', b'G', b'a', b'f', b' ', 0, 0x80, 0xFF] {
                let mut text = *b"0189ABEF";
                text[at] = bad;
                assert_eq!(first_wrong(&text), Some(at));
            }
        }
    }
}
