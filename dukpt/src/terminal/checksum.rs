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

    pub(super) const fn to_bytes(self) -> [u8; 4] {
        (!self.0).to_be_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::Checksum;

    #[test]
    fn is_the_one_that_everybody_has() {
        // The check value of CRC-32/ISO-HDLC in the catalogue of CRC algorithms.
        assert_eq!(Checksum::new().chain(b"123456789").to_bytes(), 0xCBF4_3926_u32.to_be_bytes());
        assert_eq!(Checksum::new().to_bytes(), [0; 4]);
        let pieces = Checksum::new().chain(b"1234").chain(b"").chain(b"56789");
        assert_eq!(pieces.to_bytes(), 0xCBF4_3926_u32.to_be_bytes());
    }
}
