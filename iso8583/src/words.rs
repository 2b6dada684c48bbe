//! Characters and digits looked at eight bytes at a time.

/// Whether the processor takes eight bytes at a time.
///
/// One that does not is mostly firmware's, whose flash is dearer than its time: there the general ways, which look at byte after
/// byte, do what the fast ones beside them do elsewhere, and the fast ones are not linked.
pub(crate) const WIDE: bool = cfg!(target_pointer_width = "64");

/// What all bytes of a run are checked for.
///
/// Neighbouring fields with the same run are looked at together, and so are their length prefixes where these pass as well.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Run {
    /// Nothing.
    Nothing,
    /// `0` to `9`.
    Digits,
    /// Space to `~`.
    Printable,
    /// Letters, digits and space.
    Alphanumeric,
    /// `0` to `?` and the separator `D`.
    Track,
    /// Two packed decimal digits a byte.
    Packed,
    /// EBCDIC `0` to `9`.
    EbcdicDigits,
    /// Not a matter of runs: the field is checked by itself.
    Own,
}

impl Run {
    /// Whether all bytes pass.
    #[inline]
    pub(crate) fn passes(self, bytes: &[u8]) -> bool {
        match self {
            Self::Nothing | Self::Own => true,
            Self::Digits => every_word(bytes, all_digits),
            Self::Printable => every_word(bytes, all_printable),
            Self::Alphanumeric => all_words_of_letters_or_digits(bytes),
            Self::Track => {
                every_word(bytes, all_track)
                    || bytes.iter().all(|byte| matches!(byte, b'0'..=b'?' | b'D'))
            }
            Self::Packed => every_word(bytes, all_decimal_nibbles),
            Self::EbcdicDigits => every_word(bytes, all_ebcdic_digits),
        }
    }
}

const fn every(byte: u8) -> u64 {
    u64::from_ne_bytes([byte; 8])
}

/// Whether eight bytes are all `0` to `9`: the high nibble is 3, and stays 3 when 6 is added.
#[inline]
pub(crate) const fn all_digits(word: u64) -> bool {
    (word & every(0xF0)) | ((word.wrapping_add(every(0x06)) & every(0xF0)) >> 4) == every(0x33)
}

/// Whether eight bytes are all F0 to F9: `all_digits` with another zone.
#[inline]
const fn all_ebcdic_digits(word: u64) -> bool {
    all_digits(word ^ every(0xC0))
}

/// Whether eight bytes are all ASCII hexadecimal digits.
#[inline]
pub(crate) const fn all_hex_digits(word: u64) -> bool {
    let passing = within(word, b'0', b'9') | within(word | every(0x20), b'a', b'f');
    passing & !word & every(0x80) == every(0x80)
}

/// The values of eight hexadecimal digits, the first of them highest.
#[inline]
pub(crate) const fn hex_values(digits: u64) -> u64 {
    // A letter's low nibble is 1 to 6, its value nine more.
    let letters = (digits >> 6) & every(0x01);
    let nibbles = (digits & every(0x0F)).wrapping_add(letters.wrapping_mul(9));
    let bytes = (nibbles >> 4 | nibbles) & 0x00FF_00FF_00FF_00FF;
    let pairs = (bytes >> 8 | bytes) & 0x0000_FFFF_0000_FFFF;
    (pairs >> 16 | pairs) & 0xFFFF_FFFF
}

/// Whether eight bytes are all space to `~`: no high bit, none below space, none above `~`.
#[inline]
pub(crate) const fn all_printable(word: u64) -> bool {
    let above = word | word.wrapping_add(every(0x01));
    let below = !(word | every(0x80)).wrapping_sub(every(0x20));
    (above | below) & every(0x80) == 0
}

/// Whether eight bytes are all `0` to `?`, which is all of a track but the separator `D`.
#[inline]
pub(crate) const fn all_track(word: u64) -> bool {
    word & every(0xF0) == every(0x30)
}

#[inline]
const fn all_letters(word: u64) -> bool {
    let case_folded = word | every(0x20);
    let passing = within(case_folded, b'a', b'z') | within(word, b' ', b' ');
    passing & !word & every(0x80) == every(0x80)
}

#[inline]
const fn all_letters_or_digits(word: u64) -> bool {
    let case_folded = word | every(0x20);
    let passing =
        within(case_folded, b'a', b'z') | within(word, b'0', b'9') | within(word, b' ', b' ');
    passing & !word & every(0x80) == every(0x80)
}

/// The high bit of each byte from `low` to `high`; a byte's own high bit is for the caller to look at.
#[inline]
const fn within(word: u64, low: u8, high: u8) -> u64 {
    let seven = word & every(0x7F);
    let reaches = seven.wrapping_add(every(0x80_u8.wrapping_sub(low)));
    let passes = seven.wrapping_add(every(0x7F_u8.wrapping_sub(high)));
    reaches & !passes
}

/// Whether all words of a text pass; bytes that do not fill a word are looked at together with others once more.
#[inline]
pub(crate) fn every_word(text: &[u8], passes: impl Fn(u64) -> bool) -> bool {
    // Not `last_chunk`, which may link a panic at opt-level z; of less than a word nothing begins there.
    let tail = text.get(text.len().wrapping_sub(8)..).and_then(|tail| tail.first_chunk::<8>());
    let Some(tail) = tail else {
        return text.is_empty() || passes(short_word(text));
    };
    // Four words at once have no branch between them, and the processor may have registers for all of them.
    let (blocks, rest) = text.as_chunks::<32>();
    let whole = |block: &[u8; 32]| {
        let (words, _) = block.as_chunks::<8>();
        words.iter().fold(true, |all, word| all & passes(u64::from_ne_bytes(*word)))
    };
    let (words, _) = rest.as_chunks::<8>();
    blocks.iter().all(whole)
        && words.iter().all(|word| passes(u64::from_ne_bytes(*word)))
        && passes(u64::from_ne_bytes(*tail))
}

// Out of line: they take so many registers that the other classes would have to save them too.
#[inline(never)]
pub(crate) fn all_words_of_letters(text: &[u8]) -> bool {
    every_word(text, all_letters)
}

#[inline(never)]
pub(crate) fn all_words_of_letters_or_digits(text: &[u8]) -> bool {
    every_word(text, all_letters_or_digits)
}

/// One to seven bytes, each at least once.
#[inline]
fn short_word(text: &[u8]) -> u64 {
    match (text, text) {
        ([a, b, c, d, ..], [.., e, f, g, h]) => {
            u64::from_ne_bytes([*a, *b, *c, *d, *e, *f, *g, *h])
        }
        ([a, b, ..], [.., c, d]) => u64::from_ne_bytes([*a, *b, *c, *d, *a, *b, *c, *d]),
        ([a, ..], _) => every(*a),
        _ => 0,
    }
}

/// The first byte whose nibbles are not both decimal digits.
#[inline]
pub(crate) fn first_non_decimal_nibbles(packed: &[u8]) -> Option<usize> {
    if WIDE && every_word(packed, all_decimal_nibbles) {
        return None;
    }
    packed.iter().position(|byte| byte & 0x0F > 9 || byte >> 4 > 9)
}

/// Whether sixteen nibbles are all 0 to 9: none reaches 16 when 6 is added.
#[inline]
const fn all_decimal_nibbles(word: u64) -> bool {
    let low = (word & every(0x0F)).wrapping_add(every(0x06));
    let high = ((word >> 4) & every(0x0F)).wrapping_add(every(0x06));
    (low | high) & every(0xF0) == 0
}

#[cfg(test)]
mod tests {
    extern crate alloc;
    use super::*;

    #[test]
    fn every_byte_at_every_place_of_a_run() {
        type Admits = fn(u8) -> bool;
        let runs: [(Run, u8, Admits); 7] = [
            (Run::Digits, b'7', |byte| byte.is_ascii_digit()),
            (Run::Printable, b'7', |byte| (b' '..=b'~').contains(&byte)),
            (Run::Alphanumeric, b'7', |byte| byte.is_ascii_alphanumeric() || byte == b' '),
            (Run::Track, b'7', |byte| (b'0'..=b'?').contains(&byte) || byte == b'D'),
            (Run::Packed, 0x99, |byte| byte >> 4 < 10 && byte % 16 < 10),
            (Run::EbcdicDigits, 0xF0, |byte| byte >= 0xF0 && byte % 16 < 10),
            (Run::Nothing, 0, |_| true),
        ];
        for (run, good, admits) in runs {
            for length in (1..20_usize).step_by(if cfg!(miri) { 18 } else { 1 }) {
                for place in 0..length {
                    for byte in (0..=255).step_by(if cfg!(miri) { 85 } else { 1 }) {
                        let mut bytes = alloc::vec![good; length];
                        bytes[place] = byte;
                        assert_eq!(run.passes(&bytes), admits(byte), "{run:?} {bytes:02X?}");
                    }
                }
            }
            assert!(run.passes(&[]));
        }
    }

    #[test]
    fn hexadecimal_values() {
        for (digits, value) in
            [(b"01234567", 0x0123_4567), (b"89abcdef", 0x89AB_CDEF), (b"FEDCBA98", 0xFEDC_BA98)]
        {
            assert_eq!(hex_values(u64::from_be_bytes(*digits)), value);
        }
    }

    #[test]
    fn hexadecimal_digits() {
        for byte in 0..=255_u8 {
            let word = u64::from_ne_bytes([b'0', b'F', b'a', byte, b'9', b'A', b'f', b'1']);
            assert_eq!(all_hex_digits(word), byte.is_ascii_hexdigit(), "{byte:02X}");
        }
    }

    #[test]
    fn every_packed_byte_at_every_place() {
        for length in (1..20_usize).step_by(if cfg!(miri) { 18 } else { 1 }) {
            for place in 0..length {
                for byte in (0..=255_u8).step_by(if cfg!(miri) { 85 } else { 1 }) {
                    let mut packed = alloc::vec![0x99; length];
                    packed[place] = byte;
                    let decimal = byte >> 4 < 10 && byte % 16 < 10;
                    let expected = if decimal { None } else { Some(place) };
                    assert_eq!(first_non_decimal_nibbles(&packed), expected, "{packed:02X?}");
                }
            }
        }
    }
}
