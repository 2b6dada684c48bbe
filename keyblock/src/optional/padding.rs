use core::fmt;

use super::{OptionalBlock, data::Data};

/// The optional block PB that fills the optional blocks up to whole blocks of the cipher.
///
/// It has 4 to 19 characters: the fewest that do.
///
/// # Examples
/// ```
/// use keyblock::optional::PaddingBlock;
///
/// // KS1200604B120F9292 has 18 characters; six more make 24.
/// let padding = PaddingBlock::new(18, 8, [0; 8]).unwrap();
/// assert_eq!(padding.block().data(), b"00");
/// assert!(PaddingBlock::new(24, 8, [0; 8]).is_none());
/// ```
///
/// Source: ANSI X9.143:2021, 6.3.6.
#[derive(Clone, Copy)]
pub struct PaddingBlock {
    digits: [u8; 16],
    len: usize,
}

impl PaddingBlock {
    /// The most characters that it has.
    pub const MAX_LEN: u16 = 19;

    /// What so many characters of other optional blocks need to become a multiple of 8 or 16; none if they are one.
    ///
    /// Its data are the hex digits of the random bytes, each as likely as the other: other printable characters are delimiters in
    /// the commands of some modules. Bytes of zeros give zeros. A multiple below
    /// 16 is taken for 8, and any other for 16.
    #[must_use]
    pub fn new(len: u16, multiple: u8, random: [u8; 8]) -> Option<Self> {
        // An id and a length come first.
        let data = Self::len_after(len, multiple).checked_sub(4)?;
        let mut digits = [b'0'; 16];
        let mut written = Data::new(&mut digits);
        written.hex(&random);
        Some(Self { digits, len: data.into() })
    }

    /// How many characters it has: none, or 4 to 19.
    #[must_use]
    pub const fn len_after(len: u16, multiple: u8) -> u16 {
        let multiple: u16 = if multiple < 16 { 8 } else { 16 };
        match len.wrapping_neg() & multiple.wrapping_sub(1) {
            0 => 0,
            missing @ 4.. => missing,
            // Too few for an id and a length.
            missing => missing.wrapping_add(multiple),
        }
    }

    /// The optional block.
    #[must_use]
    pub fn block(&self) -> OptionalBlock<'_> {
        OptionalBlock { id: *b"PB", data: self.digits.get(..self.len).unwrap_or_default() }
    }
}

impl fmt::Debug for PaddingBlock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.block().fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fewest_characters_that_fill_the_blocks() {
        for multiple in [8, 16] {
            for len in 0..=400_u16 {
                let slow =
                    [0].into_iter().chain(4..).find(|pb| (len + pb) % multiple == 0).unwrap();
                let multiple = u8::try_from(multiple).unwrap();
                assert_eq!(PaddingBlock::len_after(len, multiple), slow, "{len}");
                assert!(slow <= PaddingBlock::MAX_LEN);
                let padding = PaddingBlock::new(len, multiple, [0x0F; 8]);
                let written = padding.map(|pb| pb.block().encoded_len());
                assert_eq!(written.flatten().unwrap_or_default(), slow);
            }
        }
    }

    #[test]
    fn its_data_are_digits_of_the_random_bytes() {
        let random = [0x01, 0x23, 0x45, 0x67, 0x89, 0xAB, 0xCD, 0xEF];
        let padding = PaddingBlock::new(13, 16, random).unwrap();
        assert_eq!(padding.block().data(), b"0123456789ABCDE");
        assert_eq!(padding.block().id(), *b"PB");
    }
}
