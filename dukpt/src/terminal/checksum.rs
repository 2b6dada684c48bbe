/// The CRC-32 of IEEE 802.3: it finds what failed or was cut short, and nothing that was forged.
///
/// Bit by bit with masks: a table would be looked up by what a snapshot holds, which is keys.
#[derive(Clone, Copy)]
pub(super) struct Checksum(u32);

impl Checksum {
    pub(super) const fn new() -> Self {
        Self(u32::MAX)
    }

    #[must_use]
    pub(super) fn chain(self, bytes: &[u8]) -> Self {
        Self(bytes.iter().fold(self.0, |sum, byte| {
            (0..u8::BITS).fold(sum ^ u32::from(*byte), |sum, _| {
                sum >> 1 ^ (0xEDB8_8320 & (sum & 1).wrapping_neg())
            })
        }))
    }

    /// The same for bytes that are no secret, by a table of 1 KiB: every transaction pays for it.
    #[must_use]
    #[inline]
    pub(super) fn chain_public(self, bytes: &[u8]) -> Self {
        Self(bytes.iter().fold(self.0, |sum, byte| {
            let [.., low] = sum.to_be_bytes();
            sum >> 8 ^ TABLE.get(usize::from(low ^ byte)).copied().unwrap_or(0)
        }))
    }

    pub(super) const fn to_bytes(self) -> [u8; 4] {
        (!self.0).to_be_bytes()
    }
}

/// What a sum's lowest byte turns into when it is shifted out.
static TABLE: [u32; 256] = table();

#[allow(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    reason = "evaluated when it is compiled"
)]
const fn table() -> [u32; 256] {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < table.len() {
        let mut sum = byte as u32;
        let mut bit = 0;
        while bit < u8::BITS {
            sum = sum >> 1 ^ (0xEDB8_8320 & (sum & 1).wrapping_neg());
            bit += 1;
        }
        table[byte] = sum;
        byte += 1;
    }
    table
}

#[cfg(test)]
mod tests {
    use super::Checksum;

    #[test]
    fn is_the_one_that_everybody_has() {
        // The check value of CRC-32/ISO-HDLC in the catalogue of CRC algorithms.
        assert_eq!(Checksum::new().chain(b"123456789").to_bytes(), 0xCBF4_3926_u32.to_be_bytes());
        assert_eq!(Checksum::new().to_bytes(), [0; 4]);
        for byte in 0..=255 {
            let bytes = [byte, 0, byte];
            let by_table = Checksum::new().chain_public(&bytes).to_bytes();
            assert_eq!(by_table, Checksum::new().chain(&bytes).to_bytes());
        }
        let pieces = Checksum::new().chain(b"1234").chain(b"").chain(b"56789");
        assert_eq!(pieces.to_bytes(), 0xCBF4_3926_u32.to_be_bytes());
    }
}
