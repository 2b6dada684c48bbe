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

    /// The same for bytes that are no secret, by a table of half bytes.
    #[must_use]
    #[inline]
    pub(super) fn chain_public(self, bytes: &[u8]) -> Self {
        Self(bytes.iter().fold(self.0, |sum, byte| {
            let sum = sum ^ u32::from(*byte);
            let sum = sum >> 4 ^ half_byte(sum);
            sum >> 4 ^ half_byte(sum)
        }))
    }

    pub(super) const fn to_bytes(self) -> [u8; 4] {
        (!self.0).to_be_bytes()
    }
}

/// What the lowest four bits of a sum turn into when they are shifted out.
#[inline]
fn half_byte(sum: u32) -> u32 {
    const TABLE: [u32; 16] = [
        0x0000_0000,
        0x1DB7_1064,
        0x3B6E_20C8,
        0x26D9_30AC,
        0x76DC_4190,
        0x6B6B_51F4,
        0x4DB2_6158,
        0x5005_713C,
        0xEDB8_8320,
        0xF00F_9344,
        0xD6D6_A3E8,
        0xCB61_B38C,
        0x9B64_C2B0,
        0x86D3_D2D4,
        0xA00A_E278,
        0xBDBD_F21C,
    ];
    let [.., low] = (sum & 15).to_be_bytes();
    TABLE.get(usize::from(low)).copied().unwrap_or(0)
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
