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
    for (byte, pair) in out.iter_mut().zip(pairs) {
        // Both digits at once; bit 6 tells A to F, which are 9 more than their lower half.
        let pair = u16::from_be_bytes(*pair);
        let letters = pair >> 6 & 0x0101;
        let values = (pair & 0x0F0F).wrapping_add(letters.wrapping_mul(9));
        let [high, low] = values.to_be_bytes();
        *byte = high << 4 | low;
    }
}

/// The place of the first character that is no upper-case hex digit.
#[inline]
pub(crate) fn first_wrong(text: &[u8]) -> Option<usize> {
    // All of them first, in pieces that are looked at as a whole: mostly there is none.
    let (pieces, rest) = text.as_chunks::<16>();
    let wrong = |piece: &[u8]| piece.iter().fold(false, |any, digit| any | is_wrong(*digit));
    let any = pieces.iter().fold(false, |any, piece| any | wrong(piece)) | wrong(rest);
    if any { text.iter().position(|digit| is_wrong(*digit)) } else { None }
}

#[inline]
const fn is_wrong(character: u8) -> bool {
    character.wrapping_sub(b'0') > 9 && character.wrapping_sub(b'A') > 5
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
        let text = *b"0123456789ABCDEF0189ABEF0189ABEF0189AF";
        assert_eq!(first_wrong(&text), None);
        for at in 0..text.len() {
            for bad in 0..=255 {
                let mut text = text;
                text[at] = bad;
                let wrong = !matches!(bad, b'0'..=b'9' | b'A'..=b'F');
                assert_eq!(first_wrong(&text), wrong.then_some(at));
            }
        }
    }
}
